#include "indicator/parabolic.h"

void kl__sar_init(kl__sar *s) {
    for (int j = 0; j < 2; j++) {
        if (s->side[j].start > s->side[j].most) s->side[j].start = s->side[j].most;
        if (s->side[j].step > s->side[j].most) s->side[j].step = s->side[j].most;
    }
    s->bars = s->is_long = 0;
    s->high = s->low = s->stop = s->extreme = s->speed = 0.0;
}

/* A stop of a long trade lies no higher than the lows of this bar and the one before; of a short one the other way. */
static double parabolic_inside(const kl__sar *s, double stop, double high, double low) {
    return s->is_long ? kl__min2(kl__min2(stop, s->low), low) : kl__max2(kl__max2(stop, s->high), high);
}

/* The second bar: long unless the low fell, and by more than the high rose. */
static void parabolic_begin(kl__sar *s, double high, double low) {
    double up = high - s->high, down = s->low - low;
    s->is_long = s->begin > 0.0 || (s->begin == 0.0 && !(down > 0.0 && up < down));
    s->extreme = s->is_long ? high : low;
    s->stop = s->begin != 0.0 ? fabs(s->begin) : s->is_long ? s->low : s->high;
    s->speed = s->side[s->is_long].start;
    s->high = high, s->low = low; /* the first bar does not bound the stop */
}

double kl__sar_step(kl__sar *s, double high, double low) {
    double shown;
    if (s->bars == 0) {
        s->bars = 1, s->high = high, s->low = low;
        return kl__nan();
    }
    if (s->bars == 1) parabolic_begin(s, high, low), s->bars = 2;
    if (s->is_long ? low <= s->stop : high >= s->stop) {
        s->is_long = !s->is_long;
        shown = parabolic_inside(s, s->extreme, high, low);
        shown += (s->is_long ? -s->offset : s->offset) * shown;
        s->speed = s->side[s->is_long].start;
        s->extreme = s->is_long ? high : low;
    } else {
        shown = s->stop;
        if (s->is_long ? high > s->extreme : low < s->extreme) {
            const kl__sar_side *side = &s->side[s->is_long];
            s->extreme = s->is_long ? high : low;
            s->speed = kl__min2(s->speed + side->step, side->most);
        }
    }
    s->stop = parabolic_inside(s, shown + s->speed * (s->extreme - shown), high, low);
    s->high = high, s->low = low;
    return shown;
}

void kl__sar_pack(kl__sar *s, kl__snap *p) {
    kl__snap_u64(p, &s->bars, 2);
    kl__snap_u64(p, &s->is_long, 1);
    double *const one[] = {&s->high, &s->low, &s->stop, &s->extreme, &s->speed};
    for (size_t j = 0; j < sizeof one / sizeof *one; j++) kl__snap_f64(p, one[j], 1);
}
