/* Kinds without state: a value is made of the values of its row alone. Loops are written once over an expression of a, b, c, and
 * make what a result has to be in the same pass: finite and never -0.0, or the one NaN. An expression has to be NaN where one
 * of its inputs is, unless it says what a hole means. */
#ifndef KL__INDICATOR_ROWS_H
#define KL__INDICATOR_ROWS_H
#include "base/endian.h"
#include "indicator/formula.h"
#include "simd/level.h"

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

/* What kernels may see, 0.0 for -0.0; the one NaN for the rest. An expression that cannot be -0.0 has enough with the limit. */
KL__INLINE double kl__rows_limit(double y) { return fabs(y) < 0x1p1000 ? y : kl__bits_double(UINT64_C(0x7ff8000000000000)); }
KL__INLINE double kl__rows_seal(double y) { return kl__rows_limit(y + 0.0); }
/* An input that nobody has looked at, as kernels may see it. A mask, for compilers make branches of a choice of what is chosen again. */
KL__INLINE double kl__rows_take(double x) {
    const double y = x + 0.0;
    const uint64_t bad = 0 - (uint64_t)!(fabs(y) < 0x1p1000);
    return kl__bits_double((kl__double_bits(y) & ~bad) | (UINT64_C(0x7ff8000000000000) & bad));
}
/* y, which is of a known value as long as a and b are. */
KL__INLINE double kl__rows_where(double a, double b, double y) { return isunordered(a, b) ? kl__bits_double(UINT64_C(0x7ff8000000000000)) : y; }

/* Loops over n rows for an expression of one, two or three values; where a bit of `numbers` is set, that value is one number
 * for all rows. Values are what kernels may see, or are made so first (raw), and the expression makes such a value of them. Live bars have their own way. */
#define KL__ROWS_LOOP(name, first)                                                                                            \
    KL__SIMD_EACH(rows_##name, (const double *const *in, uint32_t numbers, size_t n, double *out), (in, numbers, n, out))     \
    KL__SIMD_EACH(rows_raw_##name, (const double *const *in, uint32_t numbers, size_t n, double *out), (in, numbers, n, out)) \
    static kl__rows *const rows_all_##name[KL__SIMD_TIERS] = KL__SIMD_TABLE(rows_##name);                                     \
    static kl__rows *const rows_any_##name[KL__SIMD_TIERS] = KL__SIMD_TABLE(rows_raw_##name);                                 \
    static void rows_run_##name(void *state, const double *const *in, size_t n, double *const *out) {                         \
        (void)state;                                                                                                          \
        if (n == 1) out[0][0] = rows_of_##name first;                                                                         \
        else rows_all_##name[kl__simd_tier()](in, 0, n, out[0]);                                                              \
    }
#define KL__ROWS_EACH(name, each) for (size_t j = 0; j < n; j++) out[j] = rows_of_##name each
#define KL__ROWS_SEEN(x) (x)

/* make: KL__ROWS_SEEN, or kl__rows_take for raw values. */
#define KL__ROWS1_BODY(name, loop, make)                                                                                      \
    KL__INLINE void loop##_loop(const double *restrict a, size_t n, double *restrict out) { KL__ROWS_EACH(name, (make(a[j]))); } \
    KL__INLINE void loop##_body(const double *const *in, uint32_t numbers, size_t n, double *out) { (void)numbers, loop##_loop(in[0], n, out); }
#define KL__ROWS1(name, value)                                                                                                \
    KL__INLINE double rows_of_##name(double a) { return value; }                                                              \
    KL__ROWS1_BODY(name, rows_##name, KL__ROWS_SEEN)                                                                          \
    KL__ROWS1_BODY(name, rows_raw_##name, kl__rows_take)                                                                      \
    KL__ROWS_LOOP(name, (in[0][0]))
#define KL__ROWS2_BODY(name, loop, make)                                                                                      \
    KL__INLINE void loop##_loop(const double *restrict a, const double *restrict b, uint32_t numbers, size_t n, double *restrict out) { \
        const double x = a[0], y = b[0];                                                                                      \
        if (numbers == 0) KL__ROWS_EACH(name, (make(a[j]), make(b[j])));                                                      \
        else if (numbers == 1) KL__ROWS_EACH(name, (x, make(b[j])));                                                          \
        else KL__ROWS_EACH(name, (make(a[j]), y));                                                                            \
    }                                                                                                                         \
    KL__INLINE void loop##_body(const double *const *in, uint32_t numbers, size_t n, double *out) { loop##_loop(in[0], in[1], numbers, n, out); }
#define KL__ROWS2(name, value)                                                                                                \
    KL__INLINE double rows_of_##name(double a, double b) { return value; }                                                    \
    KL__ROWS2_BODY(name, rows_##name, KL__ROWS_SEEN)                                                                          \
    KL__ROWS2_BODY(name, rows_raw_##name, kl__rows_take)                                                                      \
    KL__ROWS_LOOP(name, (in[0][0], in[1][0]))
/* The first of three is a condition, and no number. */
#define KL__ROWS3_BODY(name, loop, make)                                                                                      \
    KL__INLINE void loop##_loop(const double *restrict a, const double *restrict b, const double *restrict c, uint32_t numbers, size_t n, \
                                double *restrict out) {                                                                       \
        const double y = b[0], z = c[0];                                                                                      \
        if (numbers == 0) KL__ROWS_EACH(name, (make(a[j]), make(b[j]), make(c[j])));                                          \
        else if (numbers == 2) KL__ROWS_EACH(name, (make(a[j]), y, make(c[j])));                                              \
        else if (numbers == 4) KL__ROWS_EACH(name, (make(a[j]), make(b[j]), z));                                              \
        else KL__ROWS_EACH(name, (make(a[j]), y, z));                                                                         \
    }                                                                                                                         \
    KL__INLINE void loop##_body(const double *const *in, uint32_t numbers, size_t n, double *out) {                           \
        loop##_loop(in[0], in[1], in[2], numbers, n, out);                                                                    \
    }
#define KL__ROWS3(name, value)                                                                                                \
    KL__INLINE double rows_of_##name(double a, double b, double c) { return value; }                                          \
    KL__ROWS3_BODY(name, rows_##name, KL__ROWS_SEEN)                                                                          \
    KL__ROWS3_BODY(name, rows_raw_##name, kl__rows_take)                                                                      \
    KL__ROWS_LOOP(name, (in[0][0], in[1][0], in[2][0]))
/* Of three or four values of a bar: an expression that does not care for the sign of a zero and is sealed. Numbers among them are
 * possible, but not worth a loop of their own. Raw values need one look then, at the largest. */
KL__INLINE double kl__rows_seen(double y, double a, double b, double c, double d) { return (void)a, (void)b, (void)c, (void)d, y; }
KL__INLINE double kl__rows_larger(double a, double b) { return fabs(b) > a ? fabs(b) : a; }
KL__INLINE double kl__rows_among(double y, double a, double b, double c, double d) {
    const double most = kl__rows_larger(kl__rows_larger(kl__rows_larger(fabs(a), b), c), d);
    const uint64_t bad = 0 - (uint64_t)(most >= 0x1p1000);
    return kl__bits_double((kl__double_bits(y) & ~bad) | (UINT64_C(0x7ff8000000000000) & bad));
}
#define KL__ROWS_BAR_BODY(name, loop, look, last)                                                                             \
    KL__INLINE void loop##_loop(const double *restrict a, const double *restrict b, const double *restrict c, const double *restrict d, \
                                uint32_t numbers, size_t n, double *restrict out) {                                           \
        const size_t rows[4] = {!(numbers & 1), !(numbers & 2), !(numbers & 4), !(numbers & 8)};                              \
        for (size_t j = 0; numbers == 0 && j < n; j++)                                                                        \
            out[j] = look(rows_of_##name(a[j], b[j], c[j], d[j]), a[j], b[j], c[j], d[j]);                                    \
        for (size_t j = 0; numbers && j < n; j++)                                                                             \
            out[j] = rows_of_##name(kl__rows_take(a[j * rows[0]]), kl__rows_take(b[j * rows[1]]), kl__rows_take(c[j * rows[2]]), \
                                    kl__rows_take(d[j * rows[3]]));                                                           \
    }                                                                                                                         \
    KL__INLINE void loop##_body(const double *const *in, uint32_t numbers, size_t n, double *out) {                           \
        loop##_loop(in[0], in[1], in[2], in[last], (last) == 2 ? numbers | (numbers & 4) << 1 : numbers, n, out);             \
    }
#define KL__ROWS_BAR(name, last, value)                                                                                       \
    KL__INLINE double rows_of_##name(double a, double b, double c, double d) { return (void)d, value; }                       \
    KL__ROWS_BAR_BODY(name, rows_##name, kl__rows_seen, last)                                                                 \
    KL__ROWS_BAR_BODY(name, rows_raw_##name, kl__rows_among, last)                                                            \
    KL__ROWS_LOOP(name, (in[0][0], in[1][0], in[2][0], in[last][0]))
#define KL__ROWS_BAR3(name, value) KL__ROWS_BAR(name, 2, value)
#define KL__ROWS_BAR4(name, value) KL__ROWS_BAR(name, 3, value)
/* Its descriptor, of an indicator that stands for itself: inputs NAME_in, outputs NAME_out. */
#define KL__ROWS_INDICATOR(name_, title_, group_, source_)                                                                    \
    const kl__indicator kl__ind_##name_ = {                                                                                   \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,       \
                .since = "0.1", .source = source_, .cost = "O(1) a bar", .stability = KL_EXACT,                               \
                .n_inputs = KL__COUNT(name_##_in), .n_outputs = 1, .inputs = name_##_in, .outputs = name_##_out},             \
        .flags = KL__RAW | KL__ELEMENTWISE, .lookback = kl__rows_lookback, .size = kl__rows_size, .init = kl__rows_init,      \
        .run = rows_run_##name_, .pack = kl__rows_pack, .rows = rows_all_##name_, .raw = rows_any_##name_,                    \
    };

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
    KL__ROWS_KIND_OF(name_, title_, group_, in_, stability_, flags_, begins_, least_, greatest_, power_, rows_all_##name_, rows_any_##name_)
#define KL__ROWS_CALL_KIND(name_, title_, group_, in_, stability_, flags_, begins_, least_, greatest_, power_)                \
    KL__ROWS_KIND_OF(name_, title_, group_, in_, stability_, flags_, begins_, least_, greatest_, power_, NULL, NULL)
#define KL__ROWS_KIND_OF(name_, title_, group_, in_, stability_, flags_, begins_, least_, greatest_, power_, rows_, raw_)     \
    static const kl_output_info rows_out_##name_[] = {{#name_, title_, least_, greatest_, "own", 0, power_, 0}};              \
    const kl__indicator kl__ind_##name_ = {                                                                                   \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,       \
                .since = "0.1", .source = "own definition, see docs/expressions.md", .cost = "O(1) a bar",                    \
                .stability = stability_, .n_inputs = KL__COUNT(in_), .n_outputs = 1, .inputs = in_,                           \
                .outputs = rows_out_##name_},                                                                                 \
        .flags = KL__RAW | KL__ELEMENTWISE | (flags_), .lookback = kl__rows_lookback, .size = kl__rows_size,                  \
        .init = kl__rows_init, .run = rows_run_##name_, .pack = kl__rows_pack, .begins = begins_, .rows = rows_, .raw = raw_, \
    };

#endif
