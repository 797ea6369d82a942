/* Where the least and the greatest value of a window stand. */
#ifndef KL__PLACES_H
#define KL__PLACES_H
#include "indicator/formula.h"
#include "indicator/kernel.h"
#include "indicator/window.h"
#include "window/tree_place.h"

/* Windows of the least value, of the greatest, or both follow it: it has to be the last one of its state. */
typedef struct kl__places {
    uint64_t row;             /* bars so far */
    uint64_t least, greatest; /* bytes from here; 0: not wanted */
} kl__places;

size_t kl__places_size(int what, size_t w);
void kl__places_init(kl__places *p, int what, size_t w);
void kl__places_run(kl__places *p, int what, const double *const *in, size_t n, double *const *out);
int kl__places_attempt(kl__places *p, int what, const double *const *in, size_t n, double *const *out);
void kl__places_settle(void *state);
void kl__places_pack(void *state, kl__snap *p);

/* An indicator; more_: bars of its windows beyond n. Inputs NAME_in, parameter NAME_par, outputs NAME_out. KL__PLACES_COUNTED: its
 * outputs are numbers of bars since the first one. */
#define KL__PLACES(name_, what_, more_, title_, group_, source_) KL__PLACES_AS(name_, what_, more_, title_, group_, source_, NULL)
#define KL__PLACES_COUNTED(name_, what_, more_, title_, group_, source_) \
    KL__PLACES_AS(name_, what_, more_, title_, group_, source_, kl__needed_never)
#define KL__PLACES_AS(name_, what_, more_, title_, group_, source_, needed_)                                                   \
    static int64_t name_##_lookback(const double *params) { return (int64_t)params[0] + (more_) - 1; }                        \
    static size_t name_##_size(const double *params) { return kl__places_size(what_, (size_t)params[0] + (more_)); }          \
    static void name_##_init(void *state, const double *params) { kl__places_init(state, what_, (size_t)params[0] + (more_)); } \
    static void name_##_run(void *state, const double *const *in, size_t n, double *const *out) {                             \
        const double *const from[2] = {in[KL__COUNT(name_##_in) - 1], in[0]};                                                 \
        kl__places_run(state, what_, from, n, out);                                                                           \
    }                                                                                                                         \
    static int name_##_attempt(void *state, const double *const *in, size_t n, double *const *out) {                          \
        const double *const from[2] = {in[KL__COUNT(name_##_in) - 1], in[0]};                                                 \
        return kl__places_attempt(state, what_, from, n, out);                                                                \
    }                                                                                                                         \
    const kl__indicator kl__ind_##name_ = {                                                                                   \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,       \
                .since = "0.1", .source = source_, .cost = "O(log n) a bar", .stability = KL_EXACT,                           \
                KL__PORTS(name_##_in, name_##_par, name_##_out)},                                                             \
        .flags = KL__RAW, .lookback = name_##_lookback, .size = name_##_size, .init = name_##_init, .run = name_##_run,       \
        .attempt = name_##_attempt, .settle = kl__places_settle, .pack = kl__places_pack, .needed = needed_,                  \
    };

#endif
