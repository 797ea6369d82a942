/* Indicators that go through each window of two series pair by pair: NAME_in, NAME_par (the length first), NAME_out and
 * NAME_rows make one. */
#ifndef KL__INDICATOR_PAST_PAIR_H
#define KL__INDICATOR_PAST_PAIR_H
#include "base/fp.h"
#include "indicator/formula.h"
#include "indicator/past.h"

enum { KL__PAIR_MAX = 200 }; /* longest window: each of its bars is compared with each */

/* rows windows of w pairs: a[j .. j + w - 1], b[j .. j + w - 1] for y[j], all of them known. */
typedef void kl__pair_rows(const double *a, const double *b, size_t w, size_t rows, double *y);

int64_t kl__past_pair_lookback(const double *params);
size_t kl__past_pair_size(const double *params);
void kl__past_pair_init(void *state, const double *params);
void kl__past_pair_run(void *state, const double *const *in, size_t n, kl__pair_rows *rows, double *y);
void kl__past_pair_pack(void *state, kl__snap *p);

#define KL__PAST_PAIR(name_, title_, group_, source_, cost_)                                                                  \
    static void name_##_run(void *state, const double *const *in, size_t n, double *const *out) {                            \
        kl__past_pair_run(state, in, n, name_##_rows, out[0]);                                                               \
    }                                                                                                                        \
    const kl__indicator kl__ind_##name_ = {                                                                                  \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,      \
                .since = "0.1", .source = source_, .cost = cost_, .stability = KL_EXACT,                                     \
                KL__PORTS(name_##_in, name_##_par, name_##_out)},                                                            \
        .lookback = kl__past_pair_lookback, .size = kl__past_pair_size, .init = kl__past_pair_init, .run = name_##_run,      \
        .pack = kl__past_pair_pack}

#endif
