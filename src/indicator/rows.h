/* Kinds without state: a value is made of the values of its row alone. Loops are written once over an expression of a, b, c, and
 * make what a result has to be in the same pass: finite and never -0.0, or the one NaN. An expression has to be NaN where one
 * of its inputs is, unless it says what a hole means. */
#ifndef KL__INDICATOR_ROWS_H
#define KL__INDICATOR_ROWS_H
#include "indicator/formula.h"
#include "simd/level.h"
#include "window/roll.h"

/* Added to a result that would hide an unknown: 0, or NaN where x is unknown. */
KL__INLINE double kl__rows_unknown(double x) { return x - x; }

KL__INLINE int64_t kl__rows_lookback(const double *params) { return (void)params, 0; }
KL__INLINE size_t kl__rows_size(const double *params) { return (void)params, 0; }
KL__INLINE void kl__rows_init(void *state, const double *params) { (void)state, (void)params; }
/* Known as soon as one of two is. */
KL__INLINE int64_t kl__rows_begins_either(const double *params, const int64_t *inputs) {
    return (void)params, inputs[0] < inputs[1] ? inputs[0] : inputs[1];
}
KL__INLINE int64_t kl__rows_begins_choice(const double *params, const int64_t *inputs) {
    const int64_t either = inputs[1] < inputs[2] ? inputs[1] : inputs[2];
    return (void)params, inputs[0] > either ? inputs[0] : either;
}
KL__INLINE int64_t kl__rows_begins_at_once(const double *params, const int64_t *inputs) { return (void)params, (void)inputs, 0; }
KL__INLINE void kl__rows_pack(void *state, kl__snap *p) { (void)state, (void)p; }

/* What kernels may see, 0.0 for -0.0; the one NaN for the rest. Integers alone, which every instruction set makes vectors of. */
KL__INLINE double kl__rows_seal(double y) {
    const uint64_t exponent = UINT64_C(0x7ff0000000000000), nan = UINT64_C(0x7ff8000000000000);
    const uint64_t lost = 0 - (((kl__double_bits(y) & exponent) + (UINT64_C(25) << 52)) >> 63); /* from 2^1000 on */
    return kl__bits_double((kl__double_bits(y + 0.0) & ~lost) | (nan & lost));
}

/* The loop over n rows and, for live bars, the way of one row. */
#define KL__ROWS_LOOP(name, parameters, pointers, arguments, first, each)                                                     \
    KL__INLINE void rows_##name##_body pointers {                                                                             \
        for (size_t j = 0; j < n; j++) out[j] = kl__rows_seal(rows_of_##name each);                                      \
    }                                                                                                                         \
    KL__SIMD_EACH(rows_##name, pointers, arguments)                                                                           \
    static void rows_run_##name(void *state, const double *const *in, size_t n, double *const *out_) {                        \
        static void(*const all[KL__SIMD_TIERS]) pointers = KL__SIMD_TABLE(rows_##name);                                       \
        double *const out = out_[0];                                                                                          \
        (void)state;                                                                                                          \
        if (n == 1) out[0] = kl__rows_seal(rows_of_##name first);                                                             \
        else all[kl__simd_tier()] parameters;                                                                                 \
    }
#define KL__ROWS_IN(at) const double *restrict at
#define KL__ROWS_OUT size_t n, double *restrict out

#define KL__ROWS1(name, value)                                                                                                \
    KL__INLINE double rows_of_##name(double a) { return value; }                                                              \
    KL__ROWS_LOOP(name, (in[0], n, out), (KL__ROWS_IN(a), KL__ROWS_OUT), (a, n, out), (in[0][0]), (a[j]))
#define KL__ROWS2(name, value)                                                                                                \
    KL__INLINE double rows_of_##name(double a, double b) { return value; }                                                    \
    KL__ROWS_LOOP(name, (in[0], in[1], n, out), (KL__ROWS_IN(a), KL__ROWS_IN(b), KL__ROWS_OUT), (a, b, n, out),               \
                  (in[0][0], in[1][0]), (a[j], b[j]))
#define KL__ROWS3(name, value)                                                                                                \
    KL__INLINE double rows_of_##name(double a, double b, double c) { return value; }                                          \
    KL__ROWS_LOOP(name, (in[0], in[1], in[2], n, out), (KL__ROWS_IN(a), KL__ROWS_IN(b), KL__ROWS_IN(c), KL__ROWS_OUT),        \
                  (a, b, c, n, out), (in[0][0], in[1][0], in[2][0]), (a[j], b[j], c[j]))
/* Calls of functions, which no compiler makes vectors of. */
#define KL__ROWS_CALL1(name, value)                                                                                           \
    static void rows_run_##name(void *state, const double *const *in, size_t n, double *const *out) {                         \
        (void)state;                                                                                                          \
        for (size_t j = 0; j < n; j++) {                                                                                      \
            const double a = in[0][j];                                                                                        \
            out[0][j] = kl__rows_seal(value);                                                                                 \
        }                                                                                                                     \
    }
#define KL__ROWS_CALL2(name, value)                                                                                           \
    static void rows_run_##name(void *state, const double *const *in, size_t n, double *const *out) {                         \
        (void)state;                                                                                                          \
        for (size_t j = 0; j < n; j++) {                                                                                      \
            const double a = in[0][j], b = in[1][j];                                                                          \
            out[0][j] = kl__rows_seal(value);                                                                                 \
        }                                                                                                                     \
    }

/* The descriptor; least, greatest: its range; power: of prices. */
#define KL__ROWS_KIND(name_, title_, group_, in_, stability_, flags_, begins_, least_, greatest_, power_)                     \
    static const kl_output_info rows_out_##name_[] = {{#name_, title_, least_, greatest_, "own", 0, power_, 0}};              \
    const kl__indicator kl__ind_##name_ = {                                                                                   \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,       \
                .since = "0.1", .source = "own definition, see docs/expressions.md", .cost = "O(1) a bar",                    \
                .stability = stability_, .n_inputs = KL__COUNT(in_), .n_outputs = 1, .inputs = in_,                           \
                .outputs = rows_out_##name_},                                                                                 \
        .flags = KL__RAW | KL__ELEMENTWISE | (flags_), .lookback = kl__rows_lookback, .size = kl__rows_size,                  \
        .init = kl__rows_init, .run = rows_run_##name_, .pack = kl__rows_pack, .begins = begins_,                              \
    };

#endif
