/* Descriptors of functions with memory: a kind `name` has name_lookback, _size, _init, _run and _pack under a prefix. */
#ifndef KL__INDICATOR_MEMORY_H
#define KL__INDICATOR_MEMORY_H
#include "indicator/formula.h"

#define KL__MEMORY(prefix, name_, title_, group_, flags_, needed_, ...) \
    KL__MEMORY_TRIED(prefix, NULL, name_, title_, group_, flags_, needed_, __VA_ARGS__)
#define KL__MEMORY_TRIED(prefix, attempt_, name_, title_, group_, flags_, needed_, ...)                                       \
    const kl__indicator kl__ind_##name_ = {                                                                                   \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,       \
                .since = "0.1", .source = "own definition, see docs/expressions.md", .cost = "O(1) a bar",                    \
                .stability = KL_EXACT, __VA_ARGS__},                                                                          \
        .flags = flags_, .lookback = prefix##_lookback, .size = prefix##_size, .init = prefix##_init, .run = prefix##_run,    \
        .attempt = attempt_, .pack = prefix##_pack, .needed = needed_,                                                        \
    };
#define KL__MEMORY_PLAIN(in_, out_) \
    .n_inputs = KL__COUNT(in_), .n_outputs = KL__COUNT(out_), .inputs = (in_), .outputs = (out_)

/* Of what depends on its beginning, or on a condition that may be long ago. */
KL__INLINE double kl__memory_forever(const double *params, double digits) { return (void)params, (void)digits, HUGE_VAL; }
KL__INLINE int64_t kl__memory_at_once(const double *params) { return (void)params, 0; }

/* Takes n rows of an input into the state of a `lag` of n rows at most; what it says of them is not wanted. Any values. */
void kl__lag_take(void *state, const double *x, size_t n);

/* True is known and not 0. */
KL__INLINE int kl__is_true(double c) { return fabs(c) > 0.0; }

#endif
