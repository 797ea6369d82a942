#include "base/fp.h"
#include "indicator/fews.h"
#include "window/tree_span.h"

typedef struct {
    uint64_t second; /* bytes from here; 0: there is none */
} fews_state;

static kl__tree *fews_first(void *state) { return (kl__tree *)(void *)((uintptr_t)state + sizeof(fews_state)); }
static kl__tree *fews_second(void *state) {
    const uint64_t at = ((fews_state *)state)->second;
    return at ? (kl__tree *)(void *)((uintptr_t)state + (uintptr_t)at) : NULL;
}

size_t kl__fews_size(double w, double w2) {
    return sizeof(fews_state) + kl__tree_size(&kl__tree_mean, (size_t)w) + (w2 > 0.0 ? kl__tree_size(&kl__tree_mean, (size_t)w2) : 0);
}
void kl__fews_init(void *state, double w, double w2) {
    ((fews_state *)state)->second = w2 > 0.0 ? sizeof(fews_state) + kl__tree_size(&kl__tree_mean, (size_t)w) : 0;
    kl__tree_init(fews_first(state), &kl__tree_mean, (size_t)w);
    if (w2 > 0.0) kl__tree_init(fews_second(state), &kl__tree_mean, (size_t)w2);
}

/* Each operation makes a value of its own, as the nodes of an expression do. */
KL__INLINE double fews_value(int of, double a, double b) { return of == KL__FEW_MIDDLE ? kl__span_middle(a, b) : kl__span_seal(a - b); }
KL__INLINE double fews_made(int what, double f, double s) {
    const double way = f - s;
    return what == KL__FEW_AWAY ? kl__span_seal(way) : kl__span_seal(100.0 * (way / s) + kl__span_lost(way));
}

KL__INLINE void fews_values_rows(int of, const double *restrict a, const double *restrict b, size_t n, double *restrict x) {
    if (of == KL__FEW_MIDDLE)
        for (size_t j = 0; j < n; j++) x[j] = fews_value(KL__FEW_MIDDLE, a[j], b[j]);
    else
        for (size_t j = 0; j < n; j++) x[j] = fews_value(KL__FEW_LESS, a[j], b[j]);
}
KL__INLINE void fews_mades_rows(int what, const double *restrict f, const double *restrict s, size_t n, double *restrict y) {
    if (what == KL__FEW_AWAY)
        for (size_t j = 0; j < n; j++) y[j] = fews_made(KL__FEW_AWAY, f[j], s[j]);
    else
        for (size_t j = 0; j < n; j++) y[j] = fews_made(KL__FEW_PERCENT, f[j], s[j]);
}
KL__INLINE void fews_values_body(int of, const double *a, const double *b, size_t n, double *x) { fews_values_rows(of, a, b, n, x); }
KL__INLINE void fews_mades_body(int what, const double *f, const double *s, size_t n, double *y) { fews_mades_rows(what, f, s, n, y); }
KL__SIMD_EACH(fews_values, (int of, const double *a, const double *b, size_t n, double *x), (of, a, b, n, x))
KL__SIMD_EACH(fews_mades, (int what, const double *f, const double *s, size_t n, double *y), (what, f, s, n, y))

void kl__fews_run(void *state, const kl__few *few, const double *const *in, size_t n, double *out) {
    static void (*const values[])(int, const double *, const double *, size_t, double *) = KL__SIMD_TABLE(fews_values);
    static void (*const mades[])(int, const double *, const double *, size_t, double *) = KL__SIMD_TABLE(fews_mades);
    double value[KL__CHUNK], f[KL__CHUNK], s[KL__CHUNK], *to;
    const double *x = in[0];
    const int one = few->what == KL__FEW_MEAN;
    if (few->of != KL__FEW_X) {
        values[kl__simd_tier()](few->of, in[0], in[1], n, value);
        x = value;
    }
    kl__tree_run(fews_first(state), &kl__tree_mean, &x, n, (to = one ? out : f, &to));
    if (one) return;
    kl__tree_run(fews_second(state), &kl__tree_mean, &x, n, (to = s, &to));
    mades[kl__simd_tier()](few->what, f, s, n, out);
}

int kl__fews_attempt(void *state, const kl__few *few, const double *const *in, size_t n, double *const *out) {
    kl__tree *const trees[2] = {fews_first(state), fews_second(state)};
    return kl__tree_few_try(trees, few, in, n, out) ? KL__ATTEMPT_SEALED : KL__ATTEMPT_FAILED;
}

void kl__fews_settle(void *state) {
    kl__tree_settle(fews_first(state), &kl__tree_mean);
    if (fews_second(state)) kl__tree_settle(fews_second(state), &kl__tree_mean);
}
void kl__fews_pack(void *state, kl__snap *p) {
    kl__snap_tree(p, fews_first(state), &kl__tree_mean);
    if (fews_second(state)) kl__snap_tree(p, fews_second(state), &kl__tree_mean);
}
