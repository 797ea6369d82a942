#include "indicator/kernel.h"
#include "indicator/window.h"

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
static void fisher_run(void *state, const double *const *in, size_t n, double *const *out) {
    fisher_state *s = state;
    double middle[KL__CHUNK], extreme[2][KL__CHUNK];
    for (size_t j = 0; j < n; j++) middle[j] = 0.5 * (in[0][j] + in[1][j]);
    for (int k = 0; k < 2; k++) {
        const double *from[1] = {middle};
        double *to[1] = {extreme[k]};
        kl__tree_run(fisher_tree(s, k), fisher_kinds[k], from, n, to);
    }
    for (size_t j = 0; j < n; j++) {
        s->seen += s->seen < s->n;
        if (s->seen < s->n) {
            out[0][j] = out[1][j] = kl__nan();
            continue;
        }
        double range = extreme[0][j] - extreme[1][j], at = range > 0.0 ? (middle[j] - extreme[1][j]) / range : 0.5, before = s->fisher;
        double place = 0.66 * (at - 0.5) + 0.67 * s->place;
        s->place = place > 0.99 ? 0.999 : place < -0.99 ? -0.999 : place;
        s->fisher = 0.5 * (kl_ln((1.0 + s->place) / (1.0 - s->place)) + before);
        if (fabs(s->fisher) < 0x1p-1000) s->fisher = 0.0;
        if (fabs(s->place) < 0x1p-1000) s->place = 0.0;
        out[0][j] = kl__plain(s->fisher);
        out[1][j] = kl__plain(before);
    }
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
