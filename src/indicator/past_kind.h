/* Indicators that go through each window of one series value by value: NAME_in, NAME_par (the length first), NAME_out and
 * NAME_rows make one. */
#ifndef KL__INDICATOR_PAST_KIND_H
#define KL__INDICATOR_PAST_KIND_H
#include "base/fp.h"
#include "indicator/formula.h"
#include "indicator/past.h"

/* The values follow it. It is the context of NAME_rows. */
typedef struct kl__past_kind {
    double params[4];
} kl__past_kind;
KL__INLINE kl__past *kl__past_kind_past(void *state) { return (kl__past *)(void *)((kl__past_kind *)state + 1); }
KL__INLINE double kl__past_kind_param(const void *context, int at) { return ((const kl__past_kind *)context)->params[at]; }

int64_t kl__past_kind_lookback(const double *params);
size_t kl__past_kind_size(const double *params);
void kl__past_kind_init(void *state, const double *params, uint32_t n_params);
void kl__past_kind_pack(void *state, kl__snap *p);

#define KL__PAST_KIND(name_, title_, group_, source_, cost_)                                                                  \
    static void name_##_init(void *state, const double *params) { kl__past_kind_init(state, params, KL__COUNT(name_##_par)); } \
    static void name_##_run(void *state, const double *const *in, size_t n, double *const *out) {                            \
        kl__past_run(kl__past_kind_past(state), in[0], n, name_##_rows, state, out[0]);                                      \
    }                                                                                                                        \
    const kl__indicator kl__ind_##name_ = {                                                                                  \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,      \
                .since = "0.1", .source = source_, .cost = cost_, .stability = KL_EXACT,                                     \
                KL__PORTS(name_##_in, name_##_par, name_##_out)},                                                            \
        .lookback = kl__past_kind_lookback, .size = kl__past_kind_size, .init = name_##_init, .run = name_##_run,            \
        .pack = kl__past_kind_pack}

#endif
