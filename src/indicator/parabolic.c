#include "indicator/parabolic.h"

void kl__sar_init(kl__sar *s) {
    for (int j = 0; j < 2; j++) {
        if (s->side[j].start > s->side[j].most) s->side[j].start = s->side[j].most;
        if (s->side[j].step > s->side[j].most) s->side[j].step = s->side[j].most;
    }
    s->bars = s->is_long = 0;
    s->high = s->low = s->stop = s->extreme = s->speed = 0.0;
}

/* The second bar: long unless the low fell, and by more than the high rose. The first bar does not bound the stop. */
static void parabolic_begin(kl__sar *s, double high, double low) {
    double up = high - s->high, down = s->low - low;
    s->is_long = s->begin > 0.0 || (s->begin == 0.0 && !(down > 0.0 && up < down));
    s->extreme = s->is_long ? high : low;
    s->stop = s->begin != 0.0 ? fabs(s->begin) : s->is_long ? s->low : s->high;
    s->speed = s->side[s->is_long].start;
    s->high = high, s->low = low;
}

/* A short trade is a long one in the mirror: prices times -1, high and low exchanged, which costs no bit. far: towards the
 * trade, near: against it. */
typedef struct parabolic_trade {
    double stop, extreme, speed, before; /* before: near of the bar before */
    double step, most;
} parabolic_trade;

/* Bars [j, n) as long as the trade lasts; returns the first after it. `is_long` and `minus` are known where this is inlined. The price
 * of a short stop is -stop. */
KL__INLINE size_t parabolic_ride(parabolic_trade *t, const double *high, const double *low, size_t j, size_t n, double *out, int is_long, int minus) {
    double stop = t->stop, extreme = t->extreme, speed = t->speed, before = t->before;
    for (; j < n; j++) {
        const double far = is_long ? high[j] : -low[j], near = is_long ? low[j] : -high[j];
        if (KL__UNLIKELY(near <= stop)) break;
        const double faster = kl__min2(speed + t->step, t->most), nearest = kl__min2(before, near);
        speed = far > extreme ? faster : speed;
        extreme = kl__max2(far, extreme);
        out[j] = kl__plain(minus || is_long ? stop : -stop);
        stop = kl__min2(stop + speed * (extreme - stop), nearest);
        before = near;
    }
    t->stop = stop, t->extreme = extreme, t->speed = speed, t->before = before;
    return j;
}

KL__INLINE void parabolic_bars(kl__sar *s, const double *high, const double *low, size_t n, double *out, int minus) {
    uint64_t is_long = s->is_long;
    double mirror = is_long ? 1.0 : -1.0;
    parabolic_trade t = {mirror * s->stop, mirror * s->extreme, s->speed, mirror * (is_long ? s->low : s->high), s->side[is_long].step,
                         s->side[is_long].most};
    for (size_t j = 0;; j++) {
        j = is_long ? parabolic_ride(&t, high, low, j, n, out, 1, minus) : parabolic_ride(&t, high, low, j, n, out, 0, minus);
        if (j == n) break;
        /* the stop is reached: the other way round, from the extreme */
        const double old = is_long ? (j ? high[j - 1] : s->high) : (j ? -low[j - 1] : -s->low);
        const double far = is_long ? -low[j] : high[j], near = is_long ? -high[j] : low[j];
        double shown = kl__min2(kl__min2(-t.extreme, -old), near);
        is_long = !is_long, mirror = -mirror;
        shown -= s->offset * (mirror * shown);
        t.speed = s->side[is_long].start, t.step = s->side[is_long].step, t.most = s->side[is_long].most;
        t.extreme = far;
        out[j] = kl__plain(minus ? shown : mirror * shown);
        t.stop = kl__min2(shown + t.speed * (far - shown), kl__min2(-old, near));
        t.before = near;
    }
    s->is_long = is_long, s->stop = mirror * t.stop, s->extreme = mirror * t.extreme, s->speed = t.speed;
    s->high = high[n - 1], s->low = low[n - 1];
}

void kl__sar_run(kl__sar *s, const double *high, const double *low, size_t n, double *out, int minus) {
    size_t j = 0;
    if (s->bars == 0) s->bars = 1, s->high = high[0], s->low = low[0], out[j++] = kl__nan();
    if (s->bars == 1 && j < n) parabolic_begin(s, high[j], low[j]), s->bars = 2;
    if (j == n) return;
    if (minus) parabolic_bars(s, high + j, low + j, n - j, out + j, 1);
    else parabolic_bars(s, high + j, low + j, n - j, out + j, 0);
}

void kl__sar_pack(kl__sar *s, kl__snap *p) {
    kl__snap_u64(p, &s->bars, 2);
    kl__snap_u64(p, &s->is_long, 1);
    double *const one[] = {&s->high, &s->low, &s->stop, &s->extreme, &s->speed};
    for (size_t j = 0; j < sizeof one / sizeof *one; j++) kl__snap_f64(p, one[j], 1);
}
