/* Wilder's parabolic stop and reverse; shared by sar and sarext. */
#ifndef KL__PARABOLIC_H
#define KL__PARABOLIC_H
#include "indicator/kernel.h"

/* How the stop of one side speeds up. */
typedef struct kl__sar_side {
    double start, step, most;
} kl__sar_side;
typedef struct kl__sar {
    kl__sar_side side[2]; /* short, long */
    double offset;        /* share of the stop by which it is moved away when the trade turns */
    double begin;         /* the first stop: > 0 long, < 0 short, 0 by the first two bars */
    uint64_t bars;        /* 0, 1, 2: more than one */
    uint64_t is_long;
    double high, low; /* of the bar before */
    double stop, extreme, speed;
} kl__sar;

void kl__sar_init(kl__sar *s); /* after its parameters are set */
/* The stops of the next bars, NaN for the very first; minus: those of short trades with a minus sign. */
void kl__sar_run(kl__sar *s, const double *high, const double *low, size_t n, double *out, int minus);
void kl__sar_pack(kl__sar *s, kl__snap *p);

#endif
