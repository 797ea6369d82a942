/* The greatest value of one window, the least of another, and what is made of both in the same bar. */
#ifndef KL__SPANS_H
#define KL__SPANS_H
#include "indicator/formula.h"
#include "indicator/window.h"
#include "window/tree_span.h"

int64_t kl__spans_lookback(const double *params);
size_t kl__spans_size(const double *params);
void kl__spans_init(void *state, const double *params);
void kl__spans_settle(void *state);
void kl__spans_pack(void *state, kl__snap *p);
int64_t kl__spans_begins(const double *params, const int64_t *inputs); /* highs, lows, a third that has no window */
/* what: KL__SPAN_*; in: highs, lows and the third. */
void kl__spans_run(void *state, int what, const double *const *in, size_t n, double *const *out);
int kl__spans_attempt(void *state, int what, const double *const *in, size_t n, double *const *out);

/* An indicator of windows of n bars. Inputs NAME_in, parameter NAME_par, outputs NAME_out; `highs` and `lows` are numbers of inputs. */
#define KL__SPANS(name_, what_, lows_, title_, group_, source_, begins_)                                                       \
    static void name_##_run(void *state, const double *const *in, size_t n, double *const *out) {                             \
        const double *const from[3] = {in[0], in[lows_], in[KL__COUNT(name_##_in) - 1]};                                      \
        kl__spans_run(state, what_, from, n, out);                                                                            \
    }                                                                                                                         \
    static int name_##_attempt(void *state, const double *const *in, size_t n, double *const *out) {                          \
        const double *const from[3] = {in[0], in[lows_], in[KL__COUNT(name_##_in) - 1]};                                      \
        return kl__spans_attempt(state, what_, from, n, out);                                                                 \
    }                                                                                                                         \
    const kl__indicator kl__ind_##name_ = {                                                                                   \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,       \
                .since = "0.1", .source = source_, .cost = "O(log n) a bar", .stability = KL_EXACT,                           \
                KL__PORTS(name_##_in, name_##_par, name_##_out)},                                                             \
        .flags = KL__RAW, .lookback = kl__spans_lookback, .size = kl__spans_size, .init = kl__spans_init, .run = name_##_run, \
        .attempt = name_##_attempt, .settle = kl__spans_settle, .pack = kl__spans_pack, .begins = begins_,                    \
    };

#endif
