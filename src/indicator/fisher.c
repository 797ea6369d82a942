#include "indicator/kernel.h"
#include "indicator/window.h"
#include "simd/level.h"
#include "simd/ln_exp.h"
#include "base/endian.h"

typedef struct {
    double place, fisher; /* smoothed place in the range, -1 .. 1; the transform of the bar before */
    uint64_t seen, n;     /* bars, up to n */
} fisher_state; /* two windows follow: greatest and least middle */

static const kl__tree_kind *const fisher_kinds[2] = {&kl__tree_max, &kl__tree_min};
static size_t fisher_tree_size(double n) { return kl__tree_size(&kl__tree_max, (size_t)n); }
static kl__tree *fisher_tree(fisher_state *s, int which) {
    return (kl__tree *)(void *)((uintptr_t)(s + 1) + (which ? fisher_tree_size((double)s->n) : 0));
}

static int64_t fisher_lookback(const double *params) { return (int64_t)params[0] - 1; }
static size_t fisher_size(const double *params) {
    return sizeof(fisher_state) + fisher_tree_size(params[0]) + kl__tree_size(&kl__tree_min, (size_t)params[0]);
}
static void fisher_init(void *state, const double *params) {
    fisher_state *s = state;
    *s = (fisher_state){0.0, 0.0, 0, (uint64_t)params[0]};
    for (int k = 0; k < 2; k++) kl__tree_init(fisher_tree(s, k), fisher_kinds[k], (size_t)params[0]);
}
KL__INLINE double fisher_choose(int condition, double yes, double no) { /* no branch: nobody could foresee it */
    const uint64_t mask = 0 - (uint64_t)(condition != 0);
    return kl__bits_double((kl__double_bits(yes) & mask) | (kl__double_bits(no) & ~mask));
}
KL__INLINE void fisher_ats_loop(const double *restrict middle, const double *restrict most, const double *restrict least, size_t n, double *restrict at) {
    for (size_t j = 0; j < n; j++) {
        const double range = most[j] - least[j], place = (middle[j] - least[j]) / range;
        at[j] = 0.66 * (fisher_choose(range > 0.0, place, 0.5) - 0.5);
    }
}
KL__INLINE void fisher_ratios_loop(size_t n, double *restrict place) {
    for (size_t j = 0; j < n; j++) place[j] = (1.0 + place[j]) / (1.0 - place[j]);
}
KL__INLINE void fisher_ats_body(const double *middle, const double *most, const double *least, size_t n, double *at) {
    fisher_ats_loop(middle, most, least, n, at);
}
KL__INLINE void fisher_ratios_body(size_t n, double *place) { fisher_ratios_loop(n, place); }
KL__SIMD_EACH(fisher_ats, (const double *middle, const double *most, const double *least, size_t n, double *at), (middle, most, least, n, at))
KL__SIMD_EACH(fisher_ratios, (size_t n, double *place), (n, place))

/* What the logarithm is taken of. */
static void fisher_places(fisher_state *s, const double *middle, const double *most, const double *least, size_t n, double *ratio) {
    static void (*const ats[KL__SIMD_TIERS])(const double *, const double *, const double *, size_t, double *) = KL__SIMD_TABLE(fisher_ats);
    static void (*const ratios[KL__SIMD_TIERS])(size_t, double *) = KL__SIMD_TABLE(fisher_ratios);
    double own = s->place;
    ats[kl__simd_tier()](middle, most, least, n, ratio);
    for (size_t j = 0; j < n; j++) {
        const double place = ratio[j] + 0.67 * own;
        const double below = place > 0.99 ? 0.999 : place;
        ratio[j] = own = below < -0.99 ? -0.999 : below;
        if (KL__UNLIKELY(fabs(own) < 0x1p-1000)) own = 0.0;
    }
    ratios[kl__simd_tier()](n, ratio);
    s->place = own;
}
static void fisher_run(void *state, const double *const *in, size_t n, double *const *out) {
    fisher_state *s = state;
    double middle[KL__CHUNK], extreme[2][KL__CHUNK], ratio[KL__CHUNK];
    for (size_t j = 0; j < n; j++) middle[j] = 0.5 * (in[0][j] + in[1][j]);
    for (int k = 0; k < 2; k++) {
        const double *from[1] = {middle};
        double *to[1] = {extreme[k]};
        kl__tree_run(fisher_tree(s, k), fisher_kinds[k], from, n, to);
    }
    size_t first = s->n - s->seen > n ? n : (size_t)(s->n - s->seen);
    s->seen = s->seen + n < s->n ? s->seen + n : s->n;
    if (first) first--;
    if (s->seen < s->n) first = n;
    for (size_t j = 0; j < first; j++) out[0][j] = out[1][j] = kl__nan();
    if (first == n) return;
    fisher_places(s, middle + first, extreme[0] + first, extreme[1] + first, n - first, ratio);
    kl__ln_rows(ratio, n - first, middle); /* which nobody needs any more */
    double line = s->fisher;
    for (size_t j = first; j < n; j++) {
        out[1][j] = kl__plain(line);
        line = 0.5 * (middle[j - first] + line);
        if (KL__UNLIKELY(fabs(line) < 0x1p-1000)) line = 0.0;
        out[0][j] = kl__plain(line);
    }
    s->fisher = line;
}
static void fisher_settle(void *state) {
    for (int k = 0; k < 2; k++) kl__tree_settle(fisher_tree(state, k), fisher_kinds[k]);
}
static void fisher_pack(void *state, kl__snap *p) {
    fisher_state *s = state;
    kl__snap_u64(p, &s->seen, s->n);
    kl__snap_f64(p, &s->place, 1);
    kl__snap_f64(p, &s->fisher, 1);
    for (int k = 0; k < 2; k++) kl__snap_tree(p, fisher_tree(s, k), fisher_kinds[k]);
}
static double fisher_needed(const double *params, double digits) { return params[0] + 16.0 + 6.0 * digits; }

static const kl_input_info fisher_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info fisher_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info fisher_out[] = {{"fisher", "transform of the place in the range", -8, 8, "own", 0, 0, 0},
                                            {"trigger", "that of the bar before", -8, 8, "own", 0, 0, 0}};

KL__KERNEL_AS(fisher, "Fisher transform", "momentum", "John Ehlers, Technical Analysis of Stocks & Commodities, 11/2002", "O(1) a bar in batch, O(log n) a step",
              fisher_size, fisher_settle, fisher_needed, KL__PORTS(fisher_in, fisher_par, fisher_out));
