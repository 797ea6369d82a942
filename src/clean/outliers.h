/* The rule for outliers: each close against the last good one, so that a spike costs itself and not the bar after it. */
#ifndef KL__OUTLIERS_H
#define KL__OUTLIERS_H
#include "base/fp.h"
#include "base/check.h"

typedef struct kl__outliers {
    double max_down, max_up;
    int32_t closed;      /* 1: a return at the limit is good */
    uint32_t patience;   /* so many rejected bars in a row at one level are a new level; 0: never */
    int64_t good;        /* last good close; 0: none yet */
    size_t first;        /* row of the first bar of the run of rejected bars at one level */
    uint32_t length;     /* its bars; */
    int64_t level;       /* close of its newest one */
} kl__outliers;

enum { KL__OUTLIER_GOOD = 0, KL__OUTLIER_BAD = 1, KL__OUTLIER_LEVEL = 2 /* this bar makes the run a new level */ };

KL__INLINE int kl__outliers_inside(const kl__outliers *o, int64_t from, int64_t to) {
    double change = (double)to / (double)from - 1.0;
    return o->closed ? change >= -o->max_down && change <= o->max_up : change > -o->max_down && change < o->max_up;
}

/* the verdict on the close, above 0, of a row. */
KL__INLINE int kl__outliers_step(kl__outliers *o, size_t row, int64_t close) {
    if (o->good == 0 || kl__outliers_inside(o, o->good, close)) {
        o->good = close;
        o->length = 0;
        return KL__OUTLIER_GOOD;
    }
    if (o->length == 0 || !kl__outliers_inside(o, o->level, close)) o->first = row, o->length = 0;
    o->length++;
    o->level = close;
    if (!o->patience || o->length < o->patience) return KL__OUTLIER_BAD;
    o->good = close; /* the market has moved: the new level was right from its first bar on */
    o->length = 0;
    return KL__OUTLIER_LEVEL;
}

#endif
