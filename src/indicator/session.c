#include "indicator/session.h"

void kl__periods_step(kl__periods *s, double time, double open, double high, double low, double close) {
    uint64_t before = s->session.whole;
    if (kl__session_begins(&s->session, time)) {
        if (before)
            for (int j = 0; j < 4; j++) s->last[j] = s->now[j];
        s->known |= before;
        s->now[0] = open, s->now[1] = high, s->now[2] = low;
    }
    s->now[1] = kl__max2(s->now[1], high), s->now[2] = kl__min2(s->now[2], low), s->now[3] = close;
}

void kl__periods_pack(kl__periods *s, kl__snap *p) {
    kl__session_pack(&s->session, p);
    kl__snap_u64(p, &s->known, 1);
    kl__snap_f64(p, s->now, 4);
    kl__snap_f64(p, s->last, 4);
}

void kl__weighing_clear(kl__weighing *w) { *w = (kl__weighing){.mean = kl__nan()}; }

/* *sum + *rest += x, the rest below half an ulp of the sum */
static void session_add(double *sum, double *rest, double x) {
    double by = x + *rest, next = *sum + by, back = next - *sum;
    *rest = (*sum - (next - back)) + (by - back);
    *sum = next;
}

/* The mean goes towards each price by its share of the volume: what was wrong once fades as its bar does. */
double kl__weighing_add(kl__weighing *w, double price, double volume) {
    kl__weighing was = *w;
    if (volume < 0.0) return kl__nan();
    if (volume == 0.0) return w->mean;
    if (!(w->volume > 0.0)) w->mean = price;
    session_add(&w->volume, &w->volume_rest, volume);
    double away = (price - w->mean) - w->mean_rest;
    session_add(&w->mean, &w->mean_rest, away * (volume / (w->volume + w->volume_rest)));
    w->squares += volume * (away * ((price - w->mean) - w->mean_rest));
    if (fabs(w->mean) < HUGE_VAL && w->volume < HUGE_VAL && w->squares < HUGE_VAL) return w->mean;
    *w = was;
    return kl__nan();
}

double kl__weighing_std(const kl__weighing *w) { return sqrt(kl__max2(w->squares, 0.0) / (w->volume + w->volume_rest)); }

void kl__weighing_pack(kl__weighing *w, kl__snap *p) {
    double *const one[] = {&w->volume, &w->volume_rest, &w->mean, &w->mean_rest, &w->squares};
    for (size_t j = 0; j < sizeof one / sizeof *one; j++) kl__snap_f64(p, one[j], 1);
}
