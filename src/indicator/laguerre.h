/* Ehlers' Laguerre line of four filters, held as distances from the newest price: they fade to nothing in a flat market instead of
 * ending in rounding. */
#ifndef KL__LAGUERRE_H
#define KL__LAGUERRE_H
#include "indicator/poles.h"

typedef struct kl__laguerre {
    double gamma, x, d[4];
    uint64_t seen;
} kl__laguerre;

KL__INLINE void kl__laguerre_step(kl__laguerre *l, double x) {
    double move = l->seen ? l->x - x : 0.0, before = l->d[0] + move, g = l->gamma;
    l->d[0] = kl__pole_flush(g * before);
    for (int j = 1; j < 4; j++) {
        double own = l->d[j] + move;
        l->d[j] = kl__pole_flush(before + g * (own - l->d[j - 1]));
        before = own;
    }
    l->x = x, l->seen = 1;
}
KL__INLINE void kl__laguerre_pack(kl__laguerre *l, kl__snap *p) {
    kl__snap_u64(p, &l->seen, 1);
    kl__snap_f64(p, &l->x, 1);
    kl__snap_f64(p, l->d, 4);
}
KL__INLINE double kl__laguerre_needed(double gamma, double digits) {
    return gamma > 0.0 ? 8.0 + ceil(6.0 * (digits + 2.0) / (1.0 - gamma)) : 8.0;
}

#endif
