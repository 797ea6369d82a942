/* Plans of the features of an ordinary strategy: one plan against the sum of one plan for each; one step of many symbols. */
#define _POSIX_C_SOURCE 199309L
#include "kline/plan.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BARS 1000000
#define SYMBOLS 500
#define ROUNDS 5
#define OUTS 256

static const char *const features[] = {
    "rsi(14)", "rsi(14) > 70", "rsi(14) < 30", "ema(rsi(14), 9)", "rsi(14) - ema(rsi(14), 9)",
    "ema(20)", "ema(50)", "close / ema(50) - 1", "ema(20) / ema(50) - 1", "ema(20) > ema(50)",
    "macd(12, 26, 9).macd", "macd(12, 26, 9).signal", "macd(12, 26, 9).hist", "macd(12, 26, 9).hist > 0",
    "bbands(20, 2).upper", "bbands(20, 2).lower", "(close - bbands(20, 2).middle) / (bbands(20, 2).upper - bbands(20, 2).lower)",
    "close < bbands(20, 2).lower and rsi(14) < 30",
    "atr(14)", "atr(14) / close", "(high - low) / atr(14)", "close > ema(50) + 2 * atr(14)",
    "volume / sma(volume, 20)", "volume > 2 * sma(volume, 20)", "vwap(20)", "close / vwap(20) - 1",
    "zscore(close, 20)", "zscore(volume, 24) > 3", "obv()", "obv() > ema(obv(), 20)",
};
#define FEATURES (sizeof features / sizeof features[0])

static double *column[5], *result[OUTS];

static double now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void market(void) {
    uint64_t seed = 1;
    double close = 100.0;
    for (int c = 0; c < 5; c++) column[c] = malloc(BARS * sizeof(double));
    for (int o = 0; o < OUTS; o++) result[o] = NULL;
    for (size_t k = 0; k < BARS; k++) {
        double e[3];
        for (int i = 0; i < 3; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            e[i] = (double)(seed >> 11) * 0x1p-53;
        }
        column[0][k] = close;
        close *= 1.0 + 0.002 * (e[0] - 0.5);
        column[1][k] = (close > column[0][k] ? close : column[0][k]) * (1.0 + 0.001 * e[1]);
        column[2][k] = (close < column[0][k] ? close : column[0][k]) * (1.0 - 0.001 * e[1]);
        column[3][k] = close;
        column[4][k] = 1000.0 * e[2];
    }
}

static kl_plan *plan_of(const char *const *texts, size_t n) {
    kl_plan *plan;
    kl_error error;
    if (kl_plan_new(texts, n, NULL, NULL, &plan, &error) >= 0) return plan;
    fprintf(stderr, "%s: %s\n", texts[error.arg - 1], error.message);
    exit(1);
}

/* ns for each bar */
static double run(const kl_plan *plan, size_t first) {
    kl_columns bars = {.n = BARS, .open = column[0], .high = column[1], .low = column[2], .close = column[3], .volume = column[4]};
    const kl_columns *sources[1] = {&bars};
    double best = HUGE_VAL;
    size_t bytes;
    kl_plan_state_size(plan, 1, &bytes);
    void *memory = malloc(bytes);
    for (size_t o = first; o < first + kl_plan_outputs(plan); o++) /* each column has its own place, as in a table of features */
        if (!result[o]) result[o] = calloc(BARS, sizeof(double));
    for (int round = 0; round < ROUNDS; round++) {
        kl_plan_state *state;
        kl_plan_state_init(memory, bytes, plan, 1, &state);
        double begin = now_ns();
        kl_plan_run(state, sources, NULL, result + first, NULL);
        double ns = (now_ns() - begin) / BARS;
        if (ns < best) best = ns;
    }
    free(memory);
    return best;
}

static void many(const kl_plan *plan) {
    static double x[5][SYMBOLS], y[OUTS][SYMBOLS];
    const double *in[5];
    double *out[OUTS], best = HUGE_VAL, all = 0.0;
    kl_plan_state *state;
    size_t bytes, inputs = kl_plan_inputs(plan);
    kl_plan_state_size(plan, SYMBOLS, &bytes);
    void *memory = malloc(bytes);
    kl_plan_state_init(memory, bytes, plan, SYMBOLS, &state);
    for (size_t o = 0; o < OUTS; o++) out[o] = y[o];
    for (size_t i = 0; i < inputs; i++) in[i] = x[i + 5 - inputs];
    enum { STEPS = 3000 };
    for (size_t j = 0; j < STEPS; j++) {
        for (size_t s = 0; s < SYMBOLS; s++)
            for (int c = 0; c < 5; c++) x[c][s] = column[c][j + 97 * s];
        double begin = now_ns();
        kl_plan_step(state, in, out);
        double ns = now_ns() - begin;
        if (j >= 200) all += ns;
        if (j >= 200 && ns < best) best = ns;
    }
    printf("%zu features, %d symbols: one step %.1f us (mean %.1f), %.1f ns a node and symbol, state %zu KB\n", FEATURES, SYMBOLS, best / 1e3,
           all / 1e3 / (STEPS - 200), best / (double)kl_plan_nodes(plan) / SYMBOLS, bytes / 1024);
    free(memory);
}

int main(void) {
    double apart = 0.0, together;
    size_t nodes = 0;
    market();
    kl_plan *plan = plan_of(features, FEATURES);
    together = run(plan, 0);
    for (size_t i = 0; i < FEATURES; i++) {
        kl_plan *one = plan_of(&features[i], 1);
        double ns = run(one, i);
        if (getenv("KLINE_BENCH_EACH")) printf("%-60s %6.2f ns, %zu nodes\n", features[i], ns, kl_plan_nodes(one));
        apart += ns;
        nodes += kl_plan_nodes(one);
        kl_plan_free(one);
    }
    printf("%zu features over %d bars: one plan of %zu nodes %.1f ns a bar, apart %zu nodes %.1f ns: %.2f x\n", FEATURES, BARS,
           kl_plan_nodes(plan), together, nodes, apart, apart / together);
    many(plan);
    kl_plan_free(plan);
    return 0;
}
