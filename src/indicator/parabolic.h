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
    uint64_t is_long;     /* the side of the stop that kl__sar_step gave last */
    double high, low; /* of the bar before */
    double stop, extreme, speed;
} kl__sar;

void kl__sar_init(kl__sar *s);                        /* after its parameters are set */
double kl__sar_step(kl__sar *s, double high, double low); /* the stop of this bar, NaN in the first one */
void kl__sar_pack(kl__sar *s, kl__snap *p);

#endif
