/* Periods of the clock: bars by their opening times, in seconds since 1970. */
#ifndef KL__SESSION_H
#define KL__SESSION_H
#include "indicator/kernel.h"

#define KL__SESSION_PERIOD {"period", "length of a period in seconds", KL_PARAM_REAL, 86400, 1, 1e9, NULL}
#define KL__SESSION_OFFSET {"offset", "where periods begin, in seconds after midnight of 1970-01-01 UTC", KL_PARAM_REAL, 0, -1e9, 1e9, NULL}

typedef struct kl__session {
    double period, offset;
    double id;     /* of the period under way */
    uint64_t seen; /* 0: no bar yet */
    uint64_t whole; /* 1: the period under way was seen from its beginning */
} kl__session;

KL__INLINE void kl__session_init(kl__session *s, double period, double offset) {
    *s = (kl__session){period, offset, 0.0, 0, 0};
}
/* 1 where a bar begins another period than that of the bar before it. */
KL__INLINE int kl__session_begins(kl__session *s, double time) {
    double id = floor((time - s->offset) / s->period);
    int begins = !s->seen || id != s->id;
    if (begins) s->whole = s->seen || time == s->offset + id * s->period;
    s->id = id, s->seen = 1;
    return begins;
}
KL__INLINE double kl__session_age(const kl__session *s, double time) { return time - (s->offset + s->id * s->period); }
KL__INLINE void kl__session_pack(kl__session *s, kl__snap *p) {
    kl__snap_u64(p, &s->seen, 1);
    kl__snap_u64(p, &s->whole, 1);
    kl__snap_f64(p, &s->id, 1);
}

/* The last whole period, and the one under way. */
typedef struct kl__periods {
    kl__session session;
    uint64_t known;           /* 1: there is a last one */
    double now[4], last[4];   /* open, high, low, close */
} kl__periods;

void kl__periods_step(kl__periods *s, double time, double open, double high, double low, double close);
void kl__periods_pack(kl__periods *s, kl__snap *p);

/* Mean price by volume from some bar on, and its spread. */
typedef struct kl__weighing {
    double volume, volume_rest, mean, mean_rest, squares;
} kl__weighing;

void kl__weighing_clear(kl__weighing *w);
/* The mean, NaN while there is no volume. A bar whose volume is below 0, or that overflows, is unknown and does not count. */
double kl__weighing_add(kl__weighing *w, double price, double volume);
double kl__weighing_std(const kl__weighing *w);
void kl__weighing_pack(kl__weighing *w, kl__snap *p);

#endif
