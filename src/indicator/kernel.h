/* What kernels that are serial in time have in common: a state of fixed size, missing bars taken out, never forgetting or
 * forgetting after a number of bars. */
#ifndef KL__KERNEL_H
#define KL__KERNEL_H
#include "base/fp.h"
#include "indicator/indicator.h"
#include <math.h>

#define KL__FREE -HUGE_VAL, HUGE_VAL /* range of an output that has none */
#define KL__LENGTH(name, title, def) {name, title, KL_PARAM_INT, def, 1, KL_PERIOD_MAX, NULL}

double kl__needed_never(const double *params, double digits); /* what it is now may go back to the first bar */

/* Descriptor of NAME: NAME_state, NAME_in/out, NAME_lookback/init/run/pack; `size`, `settle`, `needed` as given. */
#define KL__KERNEL_AS(name_, title_, group_, source_, cost_, size_, settle_, needed_, ...)                                    \
    const kl__indicator kl__ind_##name_ = {                                                                                  \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,      \
                .since = "0.1", .source = source_, .cost = cost_, .stability = KL_EXACT, __VA_ARGS__},                       \
        .flags = KL__HOLDS, .lookback = name_##_lookback, .size = size_, .init = name_##_init, .run = name_##_run,           \
        .settle = settle_, .pack = name_##_pack, .needed = needed_}
#define KL__KERNEL(name_, title_, group_, source_, needed_)                                                                   \
    static size_t name_##_size(const double *params) { return (void)params, sizeof(name_##_state); }                          \
    KL__KERNEL_AS(name_, title_, group_, source_, "O(1) a bar", name_##_size, NULL, needed_,                                  \
                  KL__PORTS(name_##_in, name_##_par, name_##_out));
#define KL__KERNEL_PLAIN(name_, title_, group_, source_, needed_)                                                             \
    static size_t name_##_size(const double *params) { return (void)params, sizeof(name_##_state); }                          \
    KL__KERNEL_AS(name_, title_, group_, source_, "O(1) a bar", name_##_size, NULL, needed_,                                  \
                  .n_inputs = KL__COUNT(name_##_in), .n_outputs = KL__COUNT(name_##_out), .inputs = name_##_in,               \
                  .outputs = name_##_out);

/* -0.0 becomes 0.0 */
KL__INLINE double kl__plain(double y) { return y + 0.0; }
KL__INLINE double kl__max2(double a, double b) { return a > b ? a : b; }
KL__INLINE double kl__min2(double a, double b) { return a < b ? a : b; }
KL__INLINE double kl__clip(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

#endif
