#include "base/fp.h"
#include "indicator/past.h"
#include <string.h>

KL__INLINE double *past_values(kl__past *p) { return (double *)(void *)(p + 1); }

size_t kl__past_size(size_t w) { return sizeof(kl__past) + (2 * (w - 1) + KL__CHUNK) * sizeof(double); }

void kl__past_init(kl__past *p, size_t w) {
    p->keep = p->at = w - 1;
    p->known = 0;
    for (size_t i = 0; i < p->keep; i++) past_values(p)[i] = kl__nan();
}

/* Room for n more: what is kept moves to the front once in `keep` values at most. */
static double *past_push(kl__past *p, const double *x, size_t n) {
    double *values = past_values(p);
    if (p->at + n > 2 * p->keep + KL__CHUNK) {
        memmove(values, values + (p->at - p->keep), p->keep * sizeof(double));
        p->at = p->keep;
    }
    memcpy(values + p->at, x, n * sizeof(double));
    double *window = values + (p->at - p->keep);
    p->at += n;
    return window;
}

void kl__past_run(kl__past *p, const double *x, size_t n, kl__past_rows *rows, const void *context, double *y) {
    const double *window = past_push(p, x, n);
    uint64_t known = p->known, keep = p->keep;
    size_t whole = 0; /* rows with whole windows right before row j */
    for (size_t j = 0; j < n; j++) {
        int is = x[j] == x[j];
        if (is && known == keep) {
            whole++;
            continue;
        }
        if (whole) rows(context, window + (j - whole), (size_t)keep + 1, whole, y + (j - whole));
        whole = 0;
        known = is ? known + 1 : 0;
        y[j] = kl__nan();
    }
    if (whole) rows(context, window + (n - whole), (size_t)keep + 1, whole, y + (n - whole));
    p->known = known;
}

void kl__past_pack(kl__past *p, kl__snap *s) {
    if (s->mode == KL__SNAP_READ) p->at = p->keep;
    double *values = past_values(p) + (p->at - p->keep);
    for (size_t i = 0; i < p->keep; i++) kl__snap_f64(s, values + i, 1);
    if (s->mode != KL__SNAP_READ) return;
    for (p->known = 0; p->known < p->keep && values[p->keep - 1 - p->known] == values[p->keep - 1 - p->known];) p->known++;
}
