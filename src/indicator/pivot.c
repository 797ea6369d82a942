#include "indicator/pivot.h"

static double *pivot_ring(kl__pivot *p) { return (double *)(void *)((uintptr_t)(p + 1)); }

void kl__pivot_init(kl__pivot *p, double left, double right) {
    *p = (kl__pivot){(uint64_t)left, (uint64_t)right, 0, 0};
    for (uint64_t j = 0; j < 2 * (p->left + p->right + 1); j++) pivot_ring(p)[j] = 0.0;
}

/* sign 1: above the bars before it, not below those after it; -1: the other way. x: every second value of the ring. */
static int pivot_is(const double *x, uint64_t size, uint64_t oldest, uint64_t left, double sign) {
    double top = sign * x[2 * ((oldest + left) % size)];
    for (uint64_t j = 0; j < size; j++) {
        double v = sign * x[2 * (oldest + j < size ? oldest + j : oldest + j - size)];
        if (j < left ? v >= top : v > top) return 0;
    }
    return 1;
}

unsigned kl__pivot_step(kl__pivot *p, double high, double low, double *top, double *bottom) {
    uint64_t size = p->left + p->right + 1;
    double *ring = pivot_ring(p);
    ring[2 * p->at] = high, ring[2 * p->at + 1] = low;
    p->at = p->at + 1 < size ? p->at + 1 : 0;
    p->have += p->have < size;
    if (p->have < size) return 0;
    uint64_t middle = (p->at + p->left) % size;
    *top = ring[2 * middle], *bottom = ring[2 * middle + 1];
    return (unsigned)pivot_is(ring, size, p->at, p->left, 1.0) | (unsigned)pivot_is(ring + 1, size, p->at, p->left, -1.0) << 1;
}

void kl__pivot_pack(kl__pivot *p, kl__snap *snap) {
    uint64_t size = p->left + p->right + 1;
    kl__snap_u64(snap, &p->at, size - 1);
    kl__snap_u64(snap, &p->have, size);
    kl__snap_f64(snap, pivot_ring(p), (size_t)(2 * size));
}
