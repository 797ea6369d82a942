/* Every indicator against its long-form reference in 113 bits (tests/reference/series.h).
 *
 * What a bar may be off is not written down by hand: the reference runs again on inputs moved by up to 2 ulp, several times, and
 * what its output moves by is what rounding of inputs alone does there. Equal values move together, so flat stays flat and
 * ties stay ties. Allowed:
 *     ALLOWED_INPUT  * the greatest move of the last RECENT rows
 *   + ALLOWED_OUTPUT * half an ulp of the greatest |value| of the last RECENT rows, or of its range where it has one
 * A bar where moved inputs change what is known, or move the output by more than LOOSE of its size (a jump), says nothing;
 * a market with too many of them does not count, and one indicator without enough bars that say something fails. */
#include "harness.h"
#include "../../reference/series.h"

#define ROWS HARNESS_ROWS
#define ROUNDS 4
#define ALLOWED_INPUT 16.0
#define ALLOWED_OUTPUT 16.0
#define RECENT 100
#define LOOSE 1e-6

/* Weak: one that is missing is a test that fails, not a build that does. */
#define KL__INDICATOR(name) extern ref_function ref_##name __attribute__((weak));
#include "indicator/indicators.def"
#undef KL__INDICATOR
static const struct {
    const char *name;
    ref_function *run;
} references[] = {
#define KL__INDICATOR(name) {#name, ref_##name},
#include "indicator/indicators.def"
#undef KL__INDICATOR
};

static double moved[KL_INPUTS_MAX][ROWS], allowed[KL_OUTPUTS_MAX][ROWS];
static harness_matrix got;
static quad exact[KL_OUTPUTS_MAX][ROWS], shaken[KL_OUTPUTS_MAX][ROWS];
static double move[KL_OUTPUTS_MAX][ROWS];
static int unclear[KL_OUTPUTS_MAX][ROWS];
static size_t judged[KL_OUTPUTS_MAX]; /* bars of the indicator under way that could tell right from wrong */
static double worst_share;

static void reference(size_t at, const double *params, const double *const *in, size_t n, quad (*to)[ROWS]) {
    quad *out[KL_OUTPUTS_MAX];
    for (int o = 0; o < KL_OUTPUTS_MAX; o++) {
        out[o] = to[o];
        for (size_t k = 0; k < n; k++) to[o][k] = q_nan();
    }
    references[at].run(params, in, n, out);
    q_free_all();
}

/* x moved by -2 .. 2 ulp: by the same for the same x. */
static double moved_value(double x, uint64_t round) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits ^ round) * UINT64_C(0x9e3779b97f4a7c15);
    bits = (bits ^ bits >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return x + x * 0x1p-52 * ((double)(bits >> 32 & 0xffff) / 16384.0 - 2.0);
}

static double as_double(quad x) { return q_abs(x) <= 0x1.fffffffffffffp1023 ? (double)x : (double)NAN; }

static double within(const double *v, size_t k) {
    double top = 0;
    for (size_t j = k < RECENT ? 0 : k - RECENT; j <= k; j++) top = v[j] > top ? v[j] : top;
    return top;
}

static void allow(size_t at, const double *params, const double *const *in, size_t n, uint64_t *seed) {
    const kl_indicator *d = kl_indicator_at(at);
    const double *from[KL_INPUTS_MAX];
    static double size[ROWS];
    reference(at, params, in, n, exact);
    memset(move, 0, sizeof move), memset(unclear, 0, sizeof unclear);
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t turn = random_u64(seed);
        for (uint32_t i = 0; i < d->n_inputs; i++) {
            from[i] = moved[i];
            for (size_t k = 0; k < n; k++) moved[i][k] = q_missing(in[i][k]) || strcmp(d->inputs[i].usual, "time") == 0 ? in[i][k] : moved_value(in[i][k], turn);
        }
        q_shake(turn);
        reference(at, params, from, n, shaken);
        q_shake(0);
        for (uint32_t o = 0; o < d->n_outputs; o++)
            for (size_t k = 0; k < n; k++) {
                double a = as_double(exact[o][k]), b = as_double(shaken[o][k]);
                if (isnan(a) != isnan(b)) unclear[o][k] = 1;
                else if (!isnan(a)) move[o][k] = fmax(move[o][k], fabs((double)(shaken[o][k] - exact[o][k])));
            }
    }
    for (uint32_t o = 0; o < d->n_outputs; o++) {
        double low = d->outputs[o].min, high = d->outputs[o].max, range = isfinite(low) && isfinite(high) ? fmax(fabs(low), fabs(high)) : 0;
        for (size_t k = 0; k < n; k++) {
            size[k] = fabs(as_double(exact[o][k]));
            if (move[o][k] > LOOSE * fmax(size[k], range)) unclear[o][k] = 1, move[o][k] = 0;
        }
        for (size_t k = 0; k < n; k++)
            allowed[o][k] = ALLOWED_INPUT * within(move[o], k) + ALLOWED_OUTPUT * 0x1p-53 * fmax(within(size, k), range) + 0x1p-990;
    }
}

/* On huge prices: 1 where one is near, and squares and products may overflow. */
static int overflows(const kl_indicator *d, const double *const *in, size_t k) {
    for (uint32_t i = 0; i < d->n_inputs; i++)
        for (size_t j = k < RECENT ? 0 : k - RECENT; j <= k; j++)
            if (fabs(in[i][j]) > 1e200) return 1;
    return 0;
}

/* Bars that are not what the reference says. */
static size_t differences(const kl_indicator *d, size_t n) {
    size_t count = 0;
    for (uint32_t o = 0; o < d->n_outputs; o++)
        for (size_t k = 0; k < n; k++) {
            double y = got[o][k], r = as_double(exact[o][k]);
            if (!unclear[o][k] && (isnan(y) != isnan(r) || (!isnan(r) && !(fabs((double)(y - exact[o][k])) <= allowed[o][k])))) count++;
        }
    return count;
}

static void compare(const kl_indicator *d, const double *params, const char *market, const double *const *in, size_t n) {
    for (uint32_t o = 0; o < d->n_outputs; o++)
        for (size_t k = 0; k < n; k++) {
            double y = got[o][k], r = as_double(exact[o][k]), off = fabs((double)(y - exact[o][k]));
            if (unclear[o][k] || (market == market_names[MARKET_HUGE] && (isnan(y) || overflows(d, in, k)))) continue;
            judged[o] += isnan(r) ? 0 : 1;
            if (isnan(y) != isnan(r) || (!isnan(r) && !(off <= allowed[o][k])))
                fail_msg("%s.%s on %s: bar %zu is %.17g, the reference %.17g, allowed %g", harness_name(d, params), d->outputs[o].name, market,
                         k, y, r, allowed[o][k]);
            if (!isnan(r)) worst_share = fmax(worst_share, off / allowed[o][k]);
        }
}

static void check(size_t at, int set, int kind, uint64_t *seed, double longest, size_t n) {
    const kl_indicator *d = kl_indicator_at(at);
    double params[KL_PARAMS_MAX] = {0};
    const double *in[KL_INPUTS_MAX];
    market_params(d, set, seed, longest, params);
    market_fill(kind, random_u64(seed), n, ohlcv);
    market_inputs(d, ohlcv, in);
    harness_run(d, params, in, n, got);
    allow(at, params, in, n, seed);
    compare(d, params, market_names[kind], in, n);
}

static void test_exact(void **state) {
    const kl_indicator *d = (const kl_indicator *)*state;
    uint64_t seed = harness_seed;
    int sets = getenv("KLINE_LONG") ? 40 : getenv("KLINE_QUICK") ? 2 : 4;
    size_t bars = getenv("KLINE_QUICK") ? 160 : 320, at = 0;
    assert_int_equal(sizeof references / sizeof *references, kl_indicator_count());
    while (kl_indicator_at(at) != d) at++;
    assert_string_equal(references[at].name, d->name);
    if (strcmp(d->group, "panel") == 0) skip(); /* test_panel.c: one symbol says nothing */
    if (!references[at].run) fail_msg("%s has no reference", d->name);
    memset(judged, 0, sizeof judged), worst_share = 0;
    for (int kind = 0; kind < MARKET_KINDS; kind++)
        for (int set = 0; set < sets && kind != MARKET_DENORMAL; set++) check(at, set, kind, &seed, set < 4 ? 20 : 70, bars);
    check(at, 3, MARKET_WALK, &seed, 300, 2 * bars);
    print_message("%s: at most %.3f of what is allowed\n", d->name, worst_share);
    for (uint32_t o = 0; o < d->n_outputs; o++)
        if (judged[o] < bars) fail_msg("%s.%s: only %zu bars could tell", d->name, d->outputs[o].name, judged[o]);
}

/* What a wrong definition would be seen by, in one market: another parameter, a tool of the reference that is off by one or by
 * little, another bar. */
typedef struct tells {
    size_t used[Q_MUTATIONS], tool[Q_MUTATIONS], param[KL_PARAMS_MAX], input[KL_INPUTS_MAX];
} tells;

static void tell(size_t at, int kind, size_t n, tells *t) {
    const kl_indicator *d = kl_indicator_at(at);
    double params[KL_PARAMS_MAX] = {0}, wrong[KL_PARAMS_MAX];
    const double *in[KL_INPUTS_MAX], *late[KL_INPUTS_MAX];
    uint64_t seed = harness_seed;
    market_params(d, 0, &seed, 40, params);
    market_fill(kind, seed, n, ohlcv);
    market_inputs(d, ohlcv, in);
    harness_run(d, params, in, n, got);
    allow(at, params, in, n, &seed);
    if (differences(d, n)) fail_msg("%s on %s: is not its reference", d->name, market_names[kind]);
    for (int m = 1; m < Q_MUTATIONS; m++) {
        q_mutate(m);
        reference(at, params, in, n, exact);
        if (q_mutated()) t->used[m]++, t->tool[m] += differences(d, n);
        q_mutate(Q_RIGHT);
    }
    for (uint32_t p = 0; p < d->n_params; p++) {
        const kl_param_info *info = &d->params[p];
        for (double part = 1e-6; !t->param[p] && part < 200; part *= 500) { /* by little, or where it is rounded by more */
            double step = info->kind == KL_PARAM_REAL ? part * fabs(params[p]) + part * 1e-3 : 1;
            memcpy(wrong, params, sizeof wrong);
            wrong[p] += params[p] + step <= info->max ? step : -step;
            if (wrong[p] < info->min) continue;
            reference(at, wrong, in, n, exact);
            t->param[p] += differences(d, n);
        }
    }
    for (uint32_t i = 0; i < d->n_inputs; i++) {
        memcpy(late, in, sizeof late);
        late[i] = in[i] + 1;
        reference(at, params, late, n - 1, exact);
        t->input[i] += differences(d, n - 1);
    }
}

/* An input that the default choice does not look at is one of another choice. */
static void tell_choices(size_t at, size_t n, tells *t) {
    const kl_indicator *d = kl_indicator_at(at);
    double params[KL_PARAMS_MAX] = {0};
    const double *in[KL_INPUTS_MAX], *late[KL_INPUTS_MAX];
    for (uint32_t p = 0; p < d->n_params; p++)
        for (double choice = 0; d->params[p].kind == KL_PARAM_CHOICE && choice <= d->params[p].max; choice++) {
            uint64_t seed = harness_seed;
            market_params(d, 0, &seed, 40, params);
            market_fill(MARKET_WALK, seed, n, ohlcv);
            market_inputs(d, ohlcv, in);
            params[p] = choice;
            harness_run(d, params, in, n, got);
            allow(at, params, in, n, &seed);
            for (uint32_t i = 0; i < d->n_inputs; i++) {
                memcpy(late, in, sizeof late);
                late[i] = in[i] + 1;
                reference(at, params, late, n - 1, exact);
                t->input[i] += differences(d, n - 1);
            }
        }
}

static void test_would_tell(void **state) {
    static const char *const names[Q_MUTATIONS] = {"right", "ddof", "window", "seed", "alpha", "lag"};
    static const int kinds[] = {MARKET_WALK, MARKET_GAPS, MARKET_TIES, MARKET_FLAT, MARKET_HOLES};
    const kl_indicator *d = (const kl_indicator *)*state;
    tells t = {{0}, {0}, {0}, {0}};
    size_t at = 0;
    while (kl_indicator_at(at) != d) at++;
    /* candles: test_candle.c, in markets that have patterns; all symbols: test_panel.c, where there are some */
    if (!references[at].run || strcmp(d->group, "candle") == 0 || strcmp(d->group, "panel") == 0) skip();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) tell(at, kinds[i], 420, &t);
    tell_choices(at, 420, &t);
    for (int m = 1; m < Q_MUTATIONS; m++)
        if (t.used[m] && !t.tool[m]) fail_msg("%s: nobody would see a wrong %s", d->name, names[m]);
    for (uint32_t p = 0; p < d->n_params; p++)
        if (!t.param[p]) fail_msg("%s: nobody would see another %s", d->name, d->params[p].name);
    for (uint32_t i = 0; i < d->n_inputs; i++)
        if (!t.input[i]) fail_msg("%s: nobody would see another bar of %s", d->name, d->inputs[i].name);
}

int main(int argc, char **argv) {
    static const harness_check checks[] = {{"exact", test_exact}, {"would tell", test_would_tell}};
    return harness_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
