/* Sums and extremes from the beginning, or since a condition was last true. Sums do not drift: their rounding errors are
 * summed beside them. */
#include "base/fp.h"
#include "indicator/flow.h"
#include "indicator/memory.h"
#include <math.h>

typedef struct {
    double sum, error;
    uint64_t begun; /* 1: the condition has been true */
} sums_state;

KL__INLINE void sums_add(double *sum, double *error, double x) {
    const double next = *sum + x, back = next - *sum;
    *error += (*sum - (next - back)) + (x - back);
    *sum = next;
}

static size_t sums_since_size(const double *params) { return (void)params, sizeof(sums_state); }
static void sums_since_init(void *state, const double *params) {
    (void)params;
    *(sums_state *)state = (sums_state){0.0, 0.0, 0};
}
static void sums_since_pack(void *state, kl__snap *p) {
    sums_state *s = state;
    kl__snap_f64(p, &s->sum, 1);
    kl__snap_f64(p, &s->error, 1);
    kl__snap_u64(p, &s->begun, 1);
}
/* Ordinary values may add up to what is none: n of them come that far beyond the sum. */
int kl__sums_try(kl__sums *state, const double *x, size_t n, double *y, const kl__ahead *ahead) {
    kl__sums s = *state;
    const double before = fabs(s.sum) + fabs(s.local), most = kl__sums_rows(&s, x, n, y, ahead);
    if (!(before + most * (double)n < 0x1p998) || !(fabs(s.sum) + fabs(s.local) < 0x1p999)) return KL__ATTEMPT_FAILED;
    *state = s;
    return KL__ATTEMPT_MADE;
}
void kl__sums_pack(kl__sums *s, kl__snap *p) {
    kl__snap_f64(p, &s->sum, 1);
    kl__snap_f64(p, &s->error, 1);
    kl__snap_f64(p, &s->local, 1);
    kl__snap_f64(p, &s->lost, 1);
    kl__snap_u64(p, &s->at, KL__SUMS_BLOCK - 1);
}

static void sums_run(void *state, const double *const *in, size_t n, double *const *out) {
    if (n == 1) out[0][0] = kl__sums_one(state, in[0][0]);
    else kl__sums_rows(state, in[0], n, out[0], &(const kl__ahead){{NULL}, 0});
}
static int sums_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    return kl__sums_try(state, in[0], n, out[0], &(const kl__ahead){{in[0] + n}, 1});
}
static size_t sums_size(const double *params) { return (void)params, sizeof(kl__sums); }
static void sums_init(void *state, const double *params) {
    (void)params;
    *(kl__sums *)state = (kl__sums){0.0, 0.0, 0.0, 0.0, 0};
}
static void sums_pack(void *state, kl__snap *p) { kl__sums_pack(state, p); }

static void sums_since_run(void *state, const double *const *in, size_t n, double *const *out) {
    sums_state *s = state;
    double sum = s->sum, error = s->error;
    for (size_t j = 0; j < n; j++) {
        const double x = in[0][j];
        if (kl__is_true(in[1][j])) sum = error = 0.0, s->begun = 1;
        const int counts = s->begun && x == x;
        if (counts) sums_add(&sum, &error, x);
        out[0][j] = counts ? (sum + error) + 0.0 : kl__nan();
    }
    s->sum = sum, s->error = error;
}

/* The extreme itself stands in `sum`, unknown before the first value. */
static void extreme_init(void *state, const double *params) {
    (void)params;
    *(sums_state *)state = (sums_state){kl__nan(), 0.0, 0};
}
KL__INLINE void extreme_run(sums_state *s, const double *const *in, size_t n, double *out, int greatest) {
    double best = s->sum;
    for (size_t j = 0; j < n; j++) {
        const double x = in[0][j];
        if (kl__is_true(in[1][j])) best = kl__nan(), s->begun = 1;
        const int counts = s->begun && x == x;
        if (counts && !(greatest ? best >= x : best <= x)) best = x;
        out[j] = counts ? best : kl__nan();
    }
    s->sum = best;
}
static void extreme_max_run(void *state, const double *const *in, size_t n, double *const *out) { extreme_run(state, in, n, out[0], 1); }
static void extreme_min_run(void *state, const double *const *in, size_t n, double *const *out) { extreme_run(state, in, n, out[0], 0); }

#define sums_lookback kl__memory_at_once
#define sums_since_lookback kl__memory_at_once
#define extreme_max_lookback kl__memory_at_once
#define extreme_max_size sums_since_size
#define extreme_max_init extreme_init
#define extreme_max_pack sums_since_pack
#define extreme_min_lookback kl__memory_at_once
#define extreme_min_size sums_since_size
#define extreme_min_init extreme_init
#define extreme_min_pack sums_since_pack

static const kl_input_info sums_x[] = {{"x", "close"}};
static const kl_input_info sums_xc[] = {{"x", "close"}, {"c", "close"}};
static const kl_output_info sums_out[] = {{"cumsum", "sum of all values", KL__ANY, "own", 0, 1, 0}};
static const kl_output_info sums_since_out[] = {{"cumsum_since", "sum since c was last true, that bar included", KL__ANY, "own", 0, 1, 0}};
static const kl_output_info extreme_max_out[] = {{"max_since", "greatest value since c was last true, that bar included", KL__ANY, "price", 0, 1, 0}};
static const kl_output_info extreme_min_out[] = {{"min_since", "least value since c was last true, that bar included", KL__ANY, "price", 0, 1, 0}};

KL__MEMORY_TRIED(sums, sums_attempt, cumsum, "Sum from the beginning", "math", KL__HOLDS, kl__memory_forever, KL__MEMORY_PLAIN(sums_x, sums_out))
KL__MEMORY(sums_since, cumsum_since, "Sum since a condition", "math", KL__RAW, kl__memory_forever, KL__MEMORY_PLAIN(sums_xc, sums_since_out))
KL__MEMORY(extreme_max, max_since, "Greatest value since a condition", "math", KL__RAW, kl__memory_forever,
           KL__MEMORY_PLAIN(sums_xc, extreme_max_out))
KL__MEMORY(extreme_min, min_since, "Least value since a condition", "math", KL__RAW, kl__memory_forever,
           KL__MEMORY_PLAIN(sums_xc, extreme_min_out))
