#include "base/fp.h"
#include "indicator/decay.h"
#include <math.h>

/* What is looked at has to be so far from the greatest number that no average of such numbers is rounded up to it. */
#define DECAY_ORDINARY 0x1p999

void kl__decay_init(kl__decay *d, double b) {
    d->pole.b = b;
    d->pole.a = 1.0 - b;
    d->pole.power[0] = b;
    for (int j = 1; j < KL__DECAY_BLOCK; j++) d->pole.power[j] = d->pole.power[j - 1] * b;
    d->carry = (kl__carry){0.0, 0.0, 0.0, 0};
}

/* As if a block had been before that ended with y. */
void kl__decay_seed(kl__decay *d, double y, int zero) { d->carry = (kl__carry){zero ? 0.0 : y, zero ? y : 0.0, 0.0, 0}; }

double kl__decay_last(const kl__decay *d, int zero) {
    const kl__carry *c = &d->carry;
    const double v = c->local + d->pole.power[(c->at + KL__DECAY_BLOCK - 1) % KL__DECAY_BLOCK] * c->distance;
    return zero ? v : c->anchor + v;
}

KL__INLINE double decay_flush(double x) { return fabs(x) < KL__DECAY_TINY ? 0.0 : x; }

/* One sample, with K or without. */
KL__INLINE double decay_one(kl__decay *d, double x, int zero) {
    kl__carry *c = &d->carry;
    if (c->at == 0) {
        c->distance = decay_flush((zero ? c->local : c->local + (c->anchor - x)) + d->pole.power[KL__DECAY_BLOCK - 1] * c->distance);
        c->anchor = zero ? 0.0 : x;
        c->local = zero ? d->pole.a * x : 0.0;
    } else {
        c->local = d->pole.b * c->local + d->pole.a * (zero ? x : x - c->anchor);
    }
    const double y = c->local + d->pole.power[c->at] * c->distance;
    if (++c->at == KL__DECAY_BLOCK || d->pole.b == 0.0) c->at = 0;
    return zero ? y : c->anchor + y;
}

/* Of the block under way, with b > 0; returns how many. */
KL__INLINE size_t decay_part(kl__decay *d, const double *x, size_t n, double *y, int zero, double *greatest) {
    kl__carry *c = &d->carry;
    const double a = d->pole.a, b = d->pole.b, anchor = c->anchor, distance = c->distance, *power = d->pole.power + c->at;
    const size_t left = c->at ? (size_t)(KL__DECAY_BLOCK - c->at) : 0, count = left < n ? left : n;
    double local = c->local;
    for (size_t i = 0; i < count; i++) {
        const double size = fabs(x[i]);
        *greatest = size > *greatest ? size : *greatest;
        local = b * local + a * (zero ? x[i] : x[i] - anchor);
        const double v = local + power[i] * distance;
        y[i] = zero ? v : anchor + v;
    }
    c->local = local, c->at = (c->at + count) % KL__DECAY_BLOCK;
    return count;
}

/* NaN among the values has left NaN here. */
KL__INLINE int decay_ordinary(const kl__decay *d, double greatest) {
    const kl__carry *c = &d->carry;
    return greatest < DECAY_ORDINARY && fabs(c->anchor) < DECAY_ORDINARY && fabs(c->local) < DECAY_ORDINARY && fabs(c->distance) < DECAY_ORDINARY;
}

KL__INLINE int decay_run(kl__decay *d, const double *x, size_t n, double *y, int zero) {
    double greatest = decay_ordinary(d, 0.0) ? 0.0 : HUGE_VAL, most;
    if (n == 1) { /* a live bar */
        y[0] = decay_one(d, x[0], zero);
        return 0;
    }
    if (d->pole.b == 0.0) {
        for (size_t i = 0; i < n; i++) y[i] = decay_one(d, x[i], zero);
        return 0;
    }
    const size_t i = decay_part(d, x, n, y, zero, &greatest);
    if (i < n) {
        most = kl__decay_rows(&d->pole, &d->carry, x + i, n - i, y + i, zero);
        greatest = most > greatest ? most : greatest;
    }
    return decay_ordinary(d, greatest);
}

int kl__decay_ordinary(const kl__decay *d) { return decay_ordinary(d, 0.0); }

int kl__decay_run(kl__decay *d, const double *x, size_t n, double *y, int zero) {
    return zero ? decay_run(d, x, n, y, 1) : decay_run(d, x, n, y, 0);
}

int kl__decay_run_both(kl__decay *const d[2], const double *const x[2], size_t n, double *const y[2], int zero) {
    double greatest = decay_ordinary(d[0], 0.0) && decay_ordinary(d[1], 0.0) ? 0.0 : HUGE_VAL, most;
    size_t i = 0;
    if (n < 2 * KL__DECAY_BLOCK || d[0]->carry.at != d[1]->carry.at || d[0]->pole.b == 0.0 || d[1]->pole.b == 0.0) {
        const int first = kl__decay_run(d[0], x[0], n, y[0], zero);
        return kl__decay_run(d[1], x[1], n, y[1], zero) && first;
    }
    for (int k = 0; k < 2; k++) i = decay_part(d[k], x[k], n, y[k], zero, &greatest);
    most = kl__decay_rows_both((const kl__pole *const[2]){&d[0]->pole, &d[1]->pole}, (kl__carry *const[2]){&d[0]->carry, &d[1]->carry},
                               (const double *const[2]){x[0] + i, x[1] + i}, n - i, (double *const[2]){y[0] + i, y[1] + i}, zero);
    greatest = most > greatest ? most : greatest;
    return decay_ordinary(d[0], greatest) && decay_ordinary(d[1], greatest);
}

int kl__decay_run_less(kl__decay *const d[2], const double *x, size_t n, double *y) {
    double greatest = decay_ordinary(d[0], 0.0) && decay_ordinary(d[1], 0.0) ? 0.0 : HUGE_VAL, most, part[2][KL__DECAY_BLOCK];
    size_t i = 0;
    if (n < KL__DECAY_BLOCK || d[0]->carry.at != d[1]->carry.at || d[0]->pole.b == 0.0 || d[1]->pole.b == 0.0) {
        for (; i < n; i++) y[i] = decay_one(d[0], x[i], 0) - decay_one(d[1], x[i], 0);
        return 0;
    }
    for (int k = 0; k < 2; k++) i = decay_part(d[k], x, n, part[k], 0, &greatest);
    for (size_t j = 0; j < i; j++) y[j] = part[0][j] - part[1][j];
    most = kl__decay_rows_both((const kl__pole *const[2]){&d[0]->pole, &d[1]->pole}, (kl__carry *const[2]){&d[0]->carry, &d[1]->carry},
                               (const double *const[2]){x + i, x + i}, n - i, (double *const[2]){y + i, y + i}, 0);
    greatest = most > greatest ? most : greatest;
    return decay_ordinary(d[0], greatest) && decay_ordinary(d[1], greatest);
}

void kl__decay_pack(kl__decay *d, kl__snap *p) {
    kl__snap_f64(p, &d->carry.anchor, 1);
    kl__snap_f64(p, &d->carry.local, 1);
    kl__snap_f64(p, &d->carry.distance, 1);
    kl__snap_u64(p, &d->carry.at, KL__DECAY_BLOCK - 1);
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
            y[i - 1] = kl__seed_mean(&m->seed);
            kl__decay_seed(&m->decay, y[i - 1], 0);
        }
    }
    if (i < n) kl__decay_run(&m->decay, x + i, n - i, y + i, 0);
}

KL__INLINE int average_try(kl__average *m, const double *x, size_t n, double *y, double *less) {
    const kl__carry before = m->decay.carry;
    double greatest = kl__decay_ordinary(&m->decay) ? 0.0 : HUGE_VAL, most = 0.0;
    if (m->seed.have < m->seed.n || m->decay.pole.b == 0.0) return KL__ATTEMPT_FAILED;
    const size_t i = decay_part(&m->decay, x, n, y, 0, &greatest);
    for (size_t j = 0; less && j < i; j++) less[j] = x[j] - y[j];
    if (i < n && less) most = kl__decay_rows_less(&m->decay.pole, &m->decay.carry, x + i, n - i, y + i, less + i);
    else if (i < n) most = kl__decay_rows(&m->decay.pole, &m->decay.carry, x + i, n - i, y + i, 0);
    if (decay_ordinary(&m->decay, most > greatest ? most : greatest)) return KL__ATTEMPT_MADE;
    m->decay.carry = before;
    return KL__ATTEMPT_FAILED;
}
int kl__average_try(kl__average *m, const double *x, size_t n, double *y) { return average_try(m, x, n, y, NULL); }
int kl__average_try_less(kl__average *m, const double *x, size_t n, double *y, double *less) { return average_try(m, x, n, y, less); }

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

int kl__late_try(kl__late *l, const double *x, size_t n, double *y) {
    return l->left == l->start ? kl__average_try(&l->average, x, n, y) : KL__ATTEMPT_FAILED;
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
