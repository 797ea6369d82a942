#include "base/fp.h"
#include "indicator/fews.h"
#include "indicator/rows.h"

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
KL__INLINE double fews_value(int of, double a, double b) {
    if (of == KL__FEW_MIDDLE) return kl__rows_seal(kl__rows_limit(a + b) / 2.0);
    return kl__rows_limit(a - b);
}
KL__INLINE double fews_made(int what, double f, double s) {
    const double way = kl__rows_limit(f - s);
    return what == KL__FEW_AWAY ? way : kl__rows_seal(100.0 * kl__rows_seal(way / s));
}

void kl__fews_run(void *state, const kl__few *few, const double *const *in, size_t n, double *out) {
    double value[KL__CHUNK], f[KL__CHUNK], s[KL__CHUNK], *to;
    const double *x = in[0];
    const int one = few->what == KL__FEW_MEAN;
    if (few->of != KL__FEW_X) {
        for (size_t j = 0; j < n; j++) value[j] = fews_value(few->of, in[0][j], in[1][j]);
        x = value;
    }
    kl__tree_run(fews_first(state), &kl__tree_mean, &x, n, (to = one ? out : f, &to));
    if (one) return;
    kl__tree_run(fews_second(state), &kl__tree_mean, &x, n, (to = s, &to));
    for (size_t j = 0; j < n; j++) out[j] = fews_made(few->what, f[j], s[j]);
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
