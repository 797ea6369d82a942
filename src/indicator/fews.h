/* What is made of simple averages of one or two windows over the same values. */
#ifndef KL__FEWS_H
#define KL__FEWS_H
#include "indicator/formula.h"
#include "indicator/window.h"
#include "window/tree_few.h"

/* Windows of w bars and, where w2 is not 0, of w2. */
size_t kl__fews_size(double w, double w2);
void kl__fews_init(void *state, double w, double w2);
void kl__fews_run(void *state, const kl__few *few, const double *const *in, size_t n, double *out);
int kl__fews_attempt(void *state, const kl__few *few, const double *const *in, size_t n, double *const *out);
void kl__fews_settle(void *state);
void kl__fews_pack(void *state, kl__snap *p);

/* An indicator: w_ and w2_ are made of `params`. Inputs NAME_in, parameters NAME_par, outputs NAME_out. */
#define KL__FEWS(name_, of_, what_, w_, w2_, title_, group_, source_)                                                          \
    static const kl__few name_##_few = {of_, what_, 0};                                                                       \
    static int64_t name_##_lookback(const double *params) { return (int64_t)((w_) > (w2_) ? (w_) : (w2_)) - 1; }              \
    static size_t name_##_size(const double *params) { return kl__fews_size(w_, w2_); }                                       \
    static void name_##_init(void *state, const double *params) { kl__fews_init(state, w_, w2_); }                            \
    static void name_##_run(void *state, const double *const *in, size_t n, double *const *out) {                             \
        kl__fews_run(state, &name_##_few, in, n, out[0]);                                                                     \
    }                                                                                                                         \
    static int name_##_attempt(void *state, const double *const *in, size_t n, double *const *out) {                          \
        return kl__fews_attempt(state, &name_##_few, in, n, out);                                                             \
    }                                                                                                                         \
    const kl__indicator kl__ind_##name_ = {                                                                                   \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,       \
                .since = "0.1", .source = source_, .cost = "O(log n) a bar", .stability = KL_EXACT,                           \
                KL__PORTS(name_##_in, name_##_par, name_##_out)},                                                             \
        .flags = KL__RAW, .lookback = name_##_lookback, .size = name_##_size, .init = name_##_init, .run = name_##_run,       \
        .attempt = name_##_attempt, .settle = kl__fews_settle, .pack = kl__fews_pack,                                         \
    };

#endif
