/* Scoring: a strategy of 20 metrics over one million bars, in batch and bar by bar; the plan alone beside it.
 * usage: bench_score [BARS] */
#define _POSIX_C_SOURCE 199309L
#include "kline.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const conditions[20] = {
    "macd.macd > 0 and rising(macd.macd)", "rsi(14) > 50", "bbw(20) > 0.03", "falling(ema(200))", "adx(14) < 20", "macd.macd < 0 and falling(macd.macd)",
    "falling(macd.hist)", "rsi(14) < 45", "close < bbands(20).upper and close[1] >= bbands(20).upper[1]", "rising(macd.hist)", "volume >= sma(volume, 20)",
    "close < bbands(20).lower", "close > bbands(20).upper", "adx(14) < 35", "macd.hist > 0", "close >= ema(200)", "zscore(close, 24) < -1",
    "cross_up(ema(20), ema(50))", "atr(14) / close > 0.01", "ret(close) > 0"};

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv) {
    const size_t n = argc > 1 ? (size_t)atol(argv[1]) : 1000000;
    double *data = malloc(5 * n * sizeof *data), *out = malloc(20 * n * sizeof *out), *outs[20], price = 30000.0, best[3] = {1e9, 1e9, 1e9};
    kl_time *open = malloc(n * sizeof *open);
    kl_decision *rows = calloc(n, sizeof *rows);
    uint64_t seed = 1;
    if (!data || !out || !open || !rows) return 1;
    for (size_t k = 0; k < n; k++) {
        double step[3];
        for (int i = 0; i < 3; i++) seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u, step[i] = ((double)(seed >> 11) * 0x1p-53 - 0.5) * 0.02;
        open[k] = (kl_time)k * 60000000;
        data[k] = price;
        price *= 1.0 + step[0];
        data[3 * n + k] = price;
        data[n + k] = (data[k] > price ? data[k] : price) * (1.0 + (step[1] < 0 ? -step[1] : step[1]));
        data[2 * n + k] = (data[k] < price ? data[k] : price) * (1.0 - (step[2] < 0 ? -step[2] : step[2]));
        data[4 * n + k] = 100.0 + (double)(seed >> 50);
    }
    for (int i = 0; i < 20; i++) outs[i] = out + (size_t)i * n;
    const kl_columns bars = {.n = n, .open_time_us = open, .open = data, .high = data + n, .low = data + 2 * n, .close = data + 3 * n, .volume = data + 4 * n};
    const kl_columns *sources[1] = {&bars};
    kl_metric metrics[20];
    kl_strategy_spec spec;
    kl_strategy *s;
    kl_error error = {0};
    char codes[20][8];
    kl_strategy_spec_init(&spec);
    for (int i = 0; i < 20; i++) {
        kl_metric_init(&metrics[i]);
        snprintf(codes[i], sizeof codes[i], "M%d", i);
        metrics[i].code = codes[i], metrics[i].side = i == 11 || i == 12 ? KL_SIDE_GUARD : 1 + i % 2, metrics[i].weight_u = i == 11 || i == 12 ? 0 : 500000 + 50000 * i;
        metrics[i].vetoes = i == 11 ? KL_VETO_BUY : i == 12 ? KL_VETO_SELL : 0, metrics[i].when = conditions[i];
    }
    spec.interval = (kl_interval){KL_MINUTE, 1, 0}, spec.metrics = metrics, spec.n_metrics = 20;
    spec.rules.threshold_u[0] = spec.rules.threshold_u[1] = 2000000, spec.rules.min_edge_u[0] = 1000000;
    if (kl_strategy_new(&spec, NULL, NULL, &s, &error) < 0) return fprintf(stderr, "%s\n", error.message), 1;
    size_t bytes, plan_bytes, trades = 0;
    kl_strategy_state_size(s, 1, &bytes);
    kl_plan_state_size(kl_strategy_plan(s), 1, &plan_bytes);
    void *memory = malloc(bytes), *plan_memory = malloc(plan_bytes);
    for (int round = 0; round < 5; round++) {
        kl_plan_state *plan;
        kl_strategy_state *state;
        double t[4];
        t[0] = seconds();
        kl_plan_state_init(plan_memory, plan_bytes, kl_strategy_plan(s), 1, &plan);
        kl_plan_run(plan, sources, NULL, outs, NULL);
        t[1] = seconds();
        kl_strategy_state_init(memory, bytes, s, 1, &state);
        if (kl_strategy_run(state, sources, NULL, rows, &error) < 0) return fprintf(stderr, "%s\n", error.message), 1;
        t[2] = seconds();
        kl_strategy_state_init(memory, bytes, s, 1, &state);
        for (size_t k = 0; k < n / 10; k++) {
            const double *in[5] = {data + k, data + n + k, data + 2 * n + k, data + 3 * n + k, data + 4 * n + k};
            kl_decision one;
            kl_plan_source own;
            if (k == 0) kl_plan_source_at(kl_strategy_plan(s), 0, &own);
            const double *used[5];
            size_t m = 0;
            static uint32_t columns;
            if (k == 0) columns = own.columns;
            for (int c = 0; c < 5; c++)
                if (columns >> c & 1) used[m++] = in[c];
            kl_strategy_step(state, used, open[k], &one);
        }
        t[3] = seconds();
        for (int i = 0; i < 3; i++) best[i] = t[i + 1] - t[i] < best[i] ? t[i + 1] - t[i] : best[i];
    }
    for (size_t k = 0; k < n; k++) trades += rows[k].flags & KL_DECISION_TRADABLE;
    printf("score: 20 metrics, %zu bars, %zu nodes, %zu tradable: plan alone %.1f ns a bar, strategy %.1f ns a bar (%.3f s), step %.0f ns\n", n,
           kl_plan_nodes(kl_strategy_plan(s)), trades, 1e9 * best[0] / (double)n, 1e9 * best[1] / (double)n, best[1], 1e10 * best[2] / (double)n);
    return 0;
}
