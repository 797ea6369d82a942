#include "base/fp.h"
#include "indicator/spans.h"
#include "simd/level.h"

static kl__tree *spans_least(void *state) { return (kl__tree *)(void *)((uintptr_t)state + kl__tree_size(&kl__tree_max, ((kl__tree *)state)->w)); }

int64_t kl__spans_lookback(const double *params) { return (int64_t)params[0] - 1; }
size_t kl__spans_size(const double *params) {
    return kl__tree_size(&kl__tree_max, (size_t)params[0]) + kl__tree_size(&kl__tree_min, (size_t)params[0]);
}
void kl__spans_init(void *state, const double *params) {
    kl__tree_init(state, &kl__tree_max, (size_t)params[0]);
    kl__tree_init(spans_least(state), &kl__tree_min, (size_t)params[0]);
}
void kl__spans_settle(void *state) {
    kl__tree_settle(state, &kl__tree_max);
    kl__tree_settle(spans_least(state), &kl__tree_min);
}
void kl__spans_pack(void *state, kl__snap *p) {
    kl__snap_tree(p, state, &kl__tree_max);
    kl__snap_tree(p, spans_least(state), &kl__tree_min);
}

int64_t kl__spans_begins(const double *params, const int64_t *inputs) {
    const int64_t windows = (inputs[0] > inputs[1] ? inputs[0] : inputs[1]) + kl__spans_lookback(params);
    return inputs[2] > windows ? inputs[2] : windows;
}

KL__INLINE void spans_middle_rows(const double *restrict greatest, const double *restrict least, size_t n, double *restrict y) {
    for (size_t j = 0; j < n; j++) y[j] = kl__span_middle(greatest[j], least[j]);
}
KL__INLINE void spans_place_rows(const double *restrict greatest, const double *restrict least, const double *restrict x, size_t n, double *restrict y) {
    for (size_t j = 0; j < n; j++) y[j] = kl__span_place(greatest[j], least[j], x[j]);
}
KL__INLINE void spans_below_rows(const double *restrict greatest, const double *restrict least, const double *restrict x, size_t n, double *restrict y) {
    for (size_t j = 0; j < n; j++) y[j] = kl__span_below(greatest[j], least[j], x[j]);
}
KL__INLINE void spans_made_body(int what, const double *greatest, const double *least, const double *x, size_t n, double *y) {
    if (what == KL__SPAN_PLACE) spans_place_rows(greatest, least, x, n, y);
    else if (what == KL__SPAN_BELOW) spans_below_rows(greatest, least, x, n, y);
    else spans_middle_rows(greatest, least, n, y);
}
KL__SIMD_EACH(spans_made, (int what, const double *greatest, const double *least, const double *x, size_t n, double *y),
              (what, greatest, least, x, n, y))

void kl__spans_run(void *state, int what, const double *const *in, size_t n, double *const *out) {
    static void (*const made[])(int, const double *, const double *, const double *, size_t, double *) = KL__SIMD_TABLE(spans_made);
    double room[2][KL__CHUNK], *greatest = room[0], *least = room[1];
    if (what == KL__SPAN_BOTH) least = out[0], greatest = out[1];
    if (what == KL__SPAN_CHANNEL) greatest = out[0], least = out[2];
    kl__tree_run(state, &kl__tree_max, &in[0], n, &greatest);
    kl__tree_run(spans_least(state), &kl__tree_min, &in[1], n, &least);
    if (what != KL__SPAN_BOTH) made[kl__simd_tier()](what, greatest, least, in[2], n, out[what == KL__SPAN_CHANNEL]);
}

int kl__spans_attempt(void *state, int what, const double *const *in, size_t n, double *const *out) {
    return kl__tree_span_try(state, spans_least(state), what, in, n, out) ? KL__ATTEMPT_SEALED : KL__ATTEMPT_FAILED;
}
