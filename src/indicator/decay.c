#include "base/fp.h"
#include "indicator/decay.h"
#include <math.h>

void kl__decay_init(kl__decay *d, double b) {
    d->pole.b = b;
    d->pole.a = 1.0 - b;
    d->pole.power[0] = b;
    for (int j = 1; j < KL__DECAY_BLOCK; j++) d->pole.power[j] = d->pole.power[j - 1] * b;
    d->anchor = d->local = d->distance = d->last = 0.0;
    d->at = 0;
}

void kl__decay_seed(kl__decay *d, double y) {
    d->last = y;
    d->at = 0;
}

KL__INLINE double decay_flush(double x) { return fabs(x) < KL__DECAY_TINY ? 0.0 : x; }

/* One sample, with K or without. */
KL__INLINE double decay_one(kl__decay *d, double x, int zero) {
    if (d->at == 0) {
        d->anchor = zero ? 0.0 : x;
        d->local = zero ? d->pole.a * x : 0.0;
        d->distance = decay_flush(zero ? d->last : d->last - x);
    } else {
        d->local = d->pole.b * d->local + d->pole.a * (zero ? x : x - d->anchor);
    }
    double y = d->local + d->pole.power[d->at] * d->distance;
    if (!zero) y = d->anchor + y;
    if (++d->at == KL__DECAY_BLOCK || d->pole.b == 0.0) /* nothing is left over from a whole block: images do not tell ways apart */
        d->anchor = d->local = d->distance = 0.0, d->at = 0;
    d->last = y;
    return y;
}

/* Up to the end of a block, with b > 0; returns how many. */
KL__INLINE size_t decay_part(kl__decay *d, const double *x, size_t n, double *y, int zero) {
    const double a = d->pole.a, b = d->pole.b;
    size_t at = (size_t)d->at, count = KL__DECAY_BLOCK - at < n ? KL__DECAY_BLOCK - at : n, i = 0;
    if (count == 0) return 0;
    if (at == 0) y[i++] = decay_one(d, x[0], zero);
    double local = d->local, last = d->last;
    const double anchor = d->anchor, distance = d->distance;
    for (; i < count; i++) {
        local = b * local + a * (zero ? x[i] : x[i] - anchor);
        last = local + d->pole.power[at + i] * distance;
        if (!zero) last = anchor + last;
        y[i] = last;
    }
    d->last = last, d->local = local, d->at = at + count;
    if (d->at == KL__DECAY_BLOCK) d->anchor = d->local = d->distance = 0.0, d->at = 0;
    return count;
}

KL__INLINE void decay_run(kl__decay *d, const double *x, size_t n, double *y, int zero) {
    if (n == 1) { /* a live bar */
        y[0] = decay_one(d, x[0], zero);
        return;
    }
    if (d->pole.b == 0.0) {
        for (size_t i = 0; i < n; i++) y[i] = decay_one(d, x[i], zero);
        return;
    }
    size_t i = d->at ? decay_part(d, x, n, y, zero) : 0, blocks = (n - i) / KL__DECAY_BLOCK;
    if (blocks) d->last = (zero ? kl__decay_blocks_zero : kl__decay_blocks)(&d->pole, d->last, x + i, blocks, y + i);
    i += blocks * KL__DECAY_BLOCK;
    decay_part(d, x + i, n - i, y + i, zero);
}

void kl__decay_run(kl__decay *d, const double *x, size_t n, double *y) { decay_run(d, x, n, y, 0); }
void kl__decay_run_zero(kl__decay *d, const double *x, size_t n, double *y) { decay_run(d, x, n, y, 1); }

void kl__decay_run_both(kl__decay *const d[2], const double *const x[2], size_t n, double *const y[2], int zero) {
    size_t i = 0, blocks;
    if (n < 2 * KL__DECAY_BLOCK || d[0]->at != d[1]->at || d[0]->pole.b == 0.0 || d[1]->pole.b == 0.0) {
        for (int k = 0; k < 2; k++) (zero ? kl__decay_run_zero : kl__decay_run)(d[k], x[k], n, y[k]);
        return;
    }
    if (d[0]->at)
        for (int k = 0; k < 2; k++) i = decay_part(d[k], x[k], n, y[k], zero);
    blocks = (n - i) / KL__DECAY_BLOCK;
    kl__decay_blocks_both((const kl__pole *const[2]){&d[0]->pole, &d[1]->pole}, (double *const[2]){&d[0]->last, &d[1]->last},
                          (const double *const[2]){x[0] + i, x[1] + i}, blocks, (double *const[2]){y[0] + i, y[1] + i}, zero);
    i += blocks * KL__DECAY_BLOCK;
    for (int k = 0; k < 2; k++) decay_part(d[k], x[k] + i, n - i, y[k] + i, zero);
}

void kl__decay_pack(kl__decay *d, kl__snap *p) {
    kl__snap_f64(p, &d->anchor, 1);
    kl__snap_f64(p, &d->local, 1);
    kl__snap_f64(p, &d->distance, 1);
    kl__snap_f64(p, &d->last, 1);
    kl__snap_u64(p, &d->at, KL__DECAY_BLOCK - 1);
}

void kl__seed_init(kl__seed *s, uint64_t n) {
    s->n = n;
    s->have = 0;
    s->first = s->sum = s->error = 0.0;
}

size_t kl__seed_take(kl__seed *s, const double *x, size_t count) {
    size_t i = 0;
    if (s->have == 0 && s->n > 0 && count > 0) s->first = x[0];
    for (; i < count && s->have < s->n; i++, s->have++) {
        double v = x[i] - s->first, sum = s->sum + v, back = sum - s->sum;
        s->error += (s->sum - (sum - back)) + (v - back);
        s->sum = sum;
    }
    return i;
}

double kl__seed_mean(const kl__seed *s) { return s->first + (s->sum + s->error) / (double)s->n; }

void kl__seed_pack(kl__seed *s, kl__snap *p) {
    kl__snap_u64(p, &s->have, s->n);
    kl__snap_f64(p, &s->first, 1);
    kl__snap_f64(p, &s->sum, 1);
    kl__snap_f64(p, &s->error, 1);
}

void kl__average_init(kl__average *m, double b, uint64_t seed_n) {
    kl__decay_init(&m->decay, b);
    kl__seed_init(&m->seed, seed_n);
}

void kl__average_run(kl__average *m, const double *x, size_t n, double *y) {
    size_t i = 0;
    if (m->seed.have < m->seed.n) {
        i = kl__seed_take(&m->seed, x, n);
        for (size_t j = 0; j < i; j++) y[j] = kl__nan();
        if (m->seed.have == m->seed.n && i > 0) {
            kl__decay_seed(&m->decay, kl__seed_mean(&m->seed));
            y[i - 1] = m->decay.last;
        }
    }
    kl__decay_run(&m->decay, x + i, n - i, y + i);
}

void kl__average_pack(kl__average *m, kl__snap *p) {
    kl__seed_pack(&m->seed, p);
    kl__decay_pack(&m->decay, p);
}

void kl__late_init(kl__late *l, double b, uint64_t seed_n, uint64_t start) {
    l->start = start, l->left = 0;
    kl__average_init(&l->average, b, seed_n);
}

void kl__late_run(kl__late *l, const double *x, size_t n, double *y) {
    size_t out = l->start - l->left < n ? (size_t)(l->start - l->left) : n;
    for (size_t j = 0; j < out; j++) y[j] = kl__nan();
    l->left += out;
    if (out < n) kl__average_run(&l->average, x + out, n - out, y + out);
}

void kl__late_pack(kl__late *l, kl__snap *p) {
    kl__snap_u64(p, &l->left, l->start);
    kl__average_pack(&l->average, p);
}

double kl__decay_needed(double b, double digits) {
    if (!(b > 0.0)) return 1.0;
    if (!(b < 1.0)) return HUGE_VAL;
    return ceil(digits * 2.302585092994046 / -kl_ln(b));
}
