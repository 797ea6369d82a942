#include "base/fp.h"
#include "indicator/window.h"
#include <math.h>

enum { VWAP_TYPICAL = 0, VWAP_CLOSE = 1 };

typedef struct {
    uint64_t price; /* VWAP_* */
} vwap_state;

KL__INLINE kl__tree *vwap_tree(void *state) { return (kl__tree *)(void *)((vwap_state *)state + 1); }

static int64_t vwap_lookback(const double *params) { return (int64_t)params[0] - 1; }
static size_t vwap_size(const double *params) { return sizeof(vwap_state) + kl__tree_size(&kl__tree_vwap, (size_t)params[0]); }
static void vwap_init(void *state, const double *params) {
    ((vwap_state *)state)->price = (uint64_t)params[1];
    kl__tree_init(vwap_tree(state), &kl__tree_vwap, (size_t)params[0]);
}
KL__INLINE void vwap_typical_body(const double *restrict high, const double *restrict low, const double *restrict close,
                                  double *restrict typical, size_t n) {
    for (size_t j = 0; j < n; j++) typical[j] = ((high[j] + low[j]) + close[j]) / 3.0;
}
KL__SIMD_EACH(vwap_typical, (const double *restrict high, const double *restrict low, const double *restrict close,
                             double *restrict typical, size_t n), (high, low, close, typical, n))
static void (*const vwap_typicals[])(const double *restrict, const double *restrict, const double *restrict, double *restrict, size_t) =
    KL__SIMD_TABLE(vwap_typical);

static void vwap_run(void *state, const double *const *in, size_t n, double *const *out) {
    double typical[KL__CHUNK];
    const double *series[2] = {in[2], in[3]};
    if (((vwap_state *)state)->price == VWAP_TYPICAL) {
        vwap_typicals[kl__simd_tier()](in[0], in[1], in[2], typical, n);
        series[0] = typical;
    }
    kl__tree_run(vwap_tree(state), &kl__tree_vwap, series, n, out);
}
static void vwap_settle(void *state) { kl__tree_settle(vwap_tree(state), &kl__tree_vwap); }
static void vwap_pack(void *state, kl__snap *p) { kl__snap_tree(p, vwap_tree(state), &kl__tree_vwap); }

static const char *const vwap_prices[] = {"typical", "close", NULL};
static const kl_input_info vwap_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info vwap_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"price", "price of a bar: (high + low + close)/3, or close", KL_PARAM_CHOICE, VWAP_TYPICAL, 0, 1, vwap_prices}};
static const kl_output_info vwap_out[] = {{"vwap", "mean price of the last n bars, weighted by volume", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};

const kl__indicator kl__ind_vwap = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 3, .name = "vwap", .title = "Rolling volume-weighted average price",
            .group = "volume", .since = "0.1", .source = "sum of volume * price / sum of volume over the last n bars",
            .cost = "O(1) a bar in batch, O(log n) a step", .stability = KL_EXACT, KL__PORTS(vwap_in, vwap_par, vwap_out)},
    .flags = 0, .lookback = vwap_lookback, .size = vwap_size, .init = vwap_init, .run = vwap_run, .settle = vwap_settle,
    .pack = vwap_pack,
};
