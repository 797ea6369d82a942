/* Functions over all symbols of a running plan at one bar: group panel. Definitions are those of kl_cross_*: unknown values are
 * passed over. Where a plan runs over one symbol, that is all there is. */
#include "base/fp.h"
#include "indicator/formula.h"
#include "kline/window.h"

static int across_known(double x) { return fabs(x) < 0x1p1000; }

/* Of n symbols: out[s] of x[s]. `scratch`: n of them. x holds whatever came. */
static void across_fill(double y, size_t n, double *out) {
    for (size_t s = 0; s < n; s++) out[s] = y;
}

static void across_of_count(const double *params, const double *x, size_t n, double *out, size_t *scratch) {
    (void)params, (void)scratch;
    across_fill((double)kl_cross_moments(x, n, 0, NULL, NULL), n, out);
}

/* What each addition rounds away is summed beside the sum. */
static void across_of_sum(const double *params, const double *x, size_t n, double *out, size_t *scratch) {
    double sum = 0.0, lost = 0.0;
    size_t known = 0;
    (void)params, (void)scratch;
    for (size_t s = 0; s < n; s++) {
        if (!across_known(x[s])) continue;
        const double next = sum + x[s], part = next - sum;
        lost += (sum - (next - part)) + (x[s] - part);
        sum = next;
        known++;
    }
    across_fill(known ? sum + lost : kl__nan(), n, out);
}

static void across_of_mean(const double *params, const double *x, size_t n, double *out, size_t *scratch) {
    double mean = kl__nan();
    (void)params, (void)scratch;
    kl_cross_moments(x, n, 0, &mean, NULL);
    across_fill(mean, n, out);
}

static void across_of_std(const double *params, const double *x, size_t n, double *out, size_t *scratch) {
    double std = kl__nan();
    (void)scratch;
    kl_cross_moments(x, n, (int32_t)params[0], NULL, &std);
    across_fill(std, n, out);
}

static void across_of_zscore(const double *params, const double *x, size_t n, double *out, size_t *scratch) {
    (void)scratch;
    kl_cross_zscore(x, n, (int32_t)params[0], out);
}

/* sign: 1 for the greatest, -1 for the least */
KL__INLINE void across_extreme(const double *x, size_t n, double *out, double sign) {
    double most = kl__nan();
    for (size_t s = 0; s < n; s++)
        if (across_known(x[s]) && !(x[s] * sign <= most * sign)) most = x[s];
    across_fill(most + 0.0, n, out);
}
static void across_of_min(const double *params, const double *x, size_t n, double *out, size_t *scratch) {
    (void)params, (void)scratch;
    across_extreme(x, n, out, -1.0);
}
static void across_of_max(const double *params, const double *x, size_t n, double *out, size_t *scratch) {
    (void)params, (void)scratch;
    across_extreme(x, n, out, 1.0);
}

static void across_of_rank(const double *params, const double *x, size_t n, double *out, size_t *scratch) {
    kl_cross_rank(x, n, (int32_t)params[0], scratch, out);
}

static void across_of_prank(const double *params, const double *x, size_t n, double *out, size_t *scratch) {
    const double known = (double)kl_cross_moments(x, n, 0, NULL, NULL), all = params[0] == KL_RANK_BELOW ? known - 1.0 : known;
    kl_cross_rank(x, n, (int32_t)params[0], scratch, out);
    for (size_t s = 0; s < n; s++)
        if (out[s] == out[s]) out[s] = out[s] / (all > 0.0 ? all : 1.0);
}

/* ---------------------------------------------------------------------------------------------- descriptors --- */

static int64_t across_lookback(const double *params) { return (void)params, 0; }
static int64_t across_at_once(const double *params, const int64_t *inputs) { return (void)params, (void)inputs, 0; }
static void across_pack(void *state, kl__snap *p) { (void)state, (void)p; }
/* The state is the parameter, for rows of one symbol. */
static size_t across_size(const double *params) { return (void)params, sizeof(double); }
static size_t across_size_plain(const double *params) { return (void)params, 0; }
static void across_init(void *state, const double *params) { *(double *)state = params[0]; }
static void across_init_plain(void *state, const double *params) { (void)state, (void)params; }

static const kl_input_info across_x[] = {{"x", "close"}};
static const char *const across_ranks[] = {"average", "min", "max", "below", NULL};
static const kl_param_info across_ddof[] = {{"ddof", "1: of a sample; 0: of the population", KL_PARAM_INT, 1, 0, 1, NULL}};
static const kl_param_info across_rule[] = {
    {"rule", "rank of equal values; below: how many are smaller", KL_PARAM_CHOICE, KL_RANK_AVERAGE, 0, 3, across_ranks}};

/* What is made of symbols is known below 2^1000, as what it is made of. */
static void across_seal(double *out, size_t n) {
    for (size_t s = 0; s < n; s++)
        if (!across_known(out[s])) out[s] = kl__nan();
}

#define ACROSS(name_, title_, pane_, least_, greatest_, power_, size_, init_, begins_, ...)                                    \
    static void across_row_##name_(const double *params, const double *x, size_t n, double *out, size_t *scratch) {             \
        across_of_##name_(params, x, n, out, scratch);                                                                        \
        across_seal(out, n);                                                                                                  \
    }                                                                                                                         \
    static void across_run_##name_(void *state, const double *const *in, size_t n, double *const *out) {                       \
        size_t scratch;                                                                                                       \
        for (size_t j = 0; j < n; j++) across_row_##name_(state, &in[0][j], 1, &out[0][j], &scratch);                           \
    }                                                                                                                         \
    static const kl_output_info across_out_##name_[] = {{"panel_" #name_, title_, least_, greatest_, pane_, 0, power_, 0}};    \
    const kl__indicator kl__ind_panel_##name_ = {                                                                             \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "panel_" #name_, .title = title_,               \
                .group = "panel", .since = "0.1", .source = "own definition, see docs/expressions.md",                        \
                .stability = KL_EXACT, .n_inputs = 1, .n_outputs = 1, .inputs = across_x, .outputs = across_out_##name_,        \
                __VA_ARGS__},                                                                                                 \
        .flags = KL__RAW, .lookback = across_lookback, .size = size_, .init = init_, .run = across_run_##name_,                 \
        .pack = across_pack, .begins = begins_, .panel = across_row_##name_,                                                    \
    };
#define ACROSS_PLAIN(name, title, pane, least, greatest, power, begins)                                                        \
    ACROSS(name, title, pane, least, greatest, power, across_size_plain, across_init_plain, begins, .cost = "O(1) a bar")
#define ACROSS_OF(name, title, par, least, greatest, power, cost_)                                                             \
    ACROSS(name, title, "own", least, greatest, power, across_size, across_init, NULL, .cost = cost_, .n_params = 1, .params = par)
#define ACROSS_SYMBOLS 65536

ACROSS_PLAIN(count, "Symbols that are known", "own", 0, ACROSS_SYMBOLS, 0, across_at_once)
ACROSS_PLAIN(sum, "Sum over symbols", "own", -HUGE_VAL, HUGE_VAL, 1, NULL)
ACROSS_PLAIN(mean, "Mean over symbols", "price", -HUGE_VAL, HUGE_VAL, 1, NULL)
ACROSS_PLAIN(min, "Least over symbols", "price", -HUGE_VAL, HUGE_VAL, 1, NULL)
ACROSS_PLAIN(max, "Greatest over symbols", "price", -HUGE_VAL, HUGE_VAL, 1, NULL)
ACROSS_OF(std, "Standard deviation over symbols", across_ddof, 0, HUGE_VAL, 1, "O(1) a bar")
ACROSS_OF(zscore, "Distance from the mean over symbols in standard deviations", across_ddof, -HUGE_VAL, HUGE_VAL, 0, "O(1) a bar")
ACROSS_OF(rank, "Rank among symbols", across_rule, 0, ACROSS_SYMBOLS, 0, "O(log symbols) a bar")
ACROSS_OF(prank, "Rank among symbols as a share", across_rule, 0, 1, 0, "O(log symbols) a bar")
