#include "base/fp.h"
#include "indicator/spans.h"

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

void kl__spans_run(void *state, int what, const double *const *in, size_t n, double *const *out) {
    double greatest[KL__CHUNK], least[KL__CHUNK], *to;
    kl__tree_run(state, &kl__tree_max, &in[0], n, (to = greatest, &to));
    kl__tree_run(spans_least(state), &kl__tree_min, &in[1], n, (to = least, &to));
    for (size_t j = 0; j < n; j++) switch (what) {
        case KL__SPAN_MIDDLE: out[0][j] = kl__span_middle(greatest[j], least[j]); break;
        case KL__SPAN_BOTH: out[0][j] = least[j], out[1][j] = greatest[j]; break;
        case KL__SPAN_CHANNEL: out[0][j] = greatest[j], out[1][j] = kl__span_middle(greatest[j], least[j]), out[2][j] = least[j]; break;
        case KL__SPAN_PLACE: out[0][j] = kl__span_place(greatest[j], least[j], in[2][j]); break;
        default: out[0][j] = kl__span_below(greatest[j], least[j], in[2][j]); break;
        }
}

int kl__spans_attempt(void *state, int what, const double *const *in, size_t n, double *const *out) {
    return kl__tree_span_try(state, spans_least(state), what, in, n, out) ? KL__ATTEMPT_SEALED : KL__ATTEMPT_FAILED;
}
