/* Kinds of one input that are made of mean and deviations of a window. A file has NAME_in, NAME_par, of which the first is the length,
 * and NAME_out; NAME_made says what is made. */
#ifndef KL__INDICATOR_SPREAD_H
#define KL__INDICATOR_SPREAD_H
#include "base/fp.h"
#include "indicator/window.h"
#include "window/dev.h"
#include <math.h>

/* The window follows. */
typedef struct kl__spread {
    kl__dev_made made;
} kl__spread;

KL__INLINE kl__tree *kl__spread_tree(void *state) { return (kl__tree *)(void *)((kl__spread *)state + 1); }
KL__INLINE size_t kl__spread_size(const double *params) { return sizeof(kl__spread) + kl__tree_size(&kl__tree_moments, (size_t)params[0]); }
KL__INLINE int64_t kl__spread_lookback(const double *params) { return (int64_t)params[0] - 1; }
KL__INLINE void kl__spread_init(void *state, const double *params, kl__dev_made made, uint32_t spare) {
    ((kl__spread *)state)->made = made;
    kl__tree_init(kl__spread_tree(state), &kl__tree_moments, (size_t)params[0]);
    kl__spread_tree(state)->spare = spare;
}
KL__INLINE void kl__spread_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__dev_moments_run(kl__spread_tree(state), &((kl__spread *)state)->made, in, n, out);
}
KL__INLINE int kl__spread_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    return kl__dev_moments(kl__spread_tree(state), &((kl__spread *)state)->made, in, n, out) ? KL__ATTEMPT_ORDINARY : KL__ATTEMPT_FAILED;
}
KL__INLINE void kl__spread_settle(void *state) { kl__tree_settle(kl__spread_tree(state), &kl__tree_moments); }
KL__INLINE void kl__spread_pack(void *state, kl__snap *p) { kl__snap_tree(p, kl__spread_tree(state), &kl__tree_moments); }

/* mean: 1 where it is asked for */
#define KL__SPREAD(name_, title_, group_, source_, mean_, ...)                                                                \
    static int64_t name_##_lookback(const double *params) { return kl__spread_lookback(params); }                             \
    static size_t name_##_size(const double *params) { return kl__spread_size(params); }                                      \
    static void name_##_init(void *state, const double *params) {                                                             \
        const kl__dev_made made = __VA_ARGS__;                                                                              \
        kl__spread_init(state, params, made, !(mean_));                                                                       \
    }                                                                                                                         \
    static void name_##_run(void *state, const double *const *in, size_t n, double *const *out) { kl__spread_run(state, in, n, out); } \
    static int name_##_attempt(void *state, const double *const *in, size_t n, double *const *out) {                          \
        return kl__spread_attempt(state, in, n, out);                                                                         \
    }                                                                                                                         \
    static void name_##_settle(void *state) { kl__spread_settle(state); }                                                     \
    static void name_##_pack(void *state, kl__snap *p) { kl__spread_pack(state, p); }                                         \
    const kl__indicator kl__ind_##name_ = {                                                                                   \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,       \
                .since = "0.1", .source = source_, .cost = "O(1) a bar in batch, O(log n) a step", .stability = KL_EXACT,     \
                KL__PORTS(name_##_in, name_##_par, name_##_out)},                                                             \
        .lookback = name_##_lookback, .size = name_##_size, .init = name_##_init, .run = name_##_run,                         \
        .attempt = name_##_attempt, .settle = name_##_settle, .pack = name_##_pack,                                           \
    };

#endif
