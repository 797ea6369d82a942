/* Prints one hash for decisions of strategies over fixed candles, one for snapshots, one for what lint finds and one for files written: the lines
 * must be the same on every platform, by every compiler and level of optimisation. The inputs are made without libm. */
#include "base/fp.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/endian.h"
#include "kline/score.h"

enum { ROWS = 3000, STRATEGIES = 40 };
static uint64_t seed = 11;
static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static double unit(void) { return (double)(next() >> 11) * 0x1p-53; }
static void mix(uint64_t *hash, uint64_t v) { *hash = (*hash ^ v ^ *hash >> 29) * UINT64_C(0x9e3779b97f4a7c15); }
static void mix_double(uint64_t *hash, double v) { mix(hash, v == v ? kl__double_bits(v) : 1); }
static void mix_bytes(uint64_t *hash, const void *bytes, size_t n) {
    for (size_t k = 0; k < n; k++) mix(hash, ((const unsigned char *)bytes)[k]);
}
static void print(const char *name, uint64_t hash) { printf("%s %08x%08x\n", name, (unsigned)(hash >> 32), (unsigned)hash); }

static const char *const pool[] = {"macd.macd > 0 and rising(macd.macd)", "rsi(14) > 50", "falling(ema(50))", "adx(14) < 20", "close < bbands(20).lower",
                                   "volume >= sma(volume, 20)", "cross_up(ema($n), ema(26))", "zscore(close, 24) < -1", "$far", "ret(close)"};
static double column[5][ROWS];
static kl_time open_time[ROWS];
static kl_decision rows[ROWS];
static kl_lint found[64];
static char text[1 << 16];

static void candles(void) {
    double price = 100.0;
    for (size_t k = 0; k < ROWS; k++) {
        open_time[k] = (kl_time)k * 3600000000;
        column[0][k] = price;
        price *= 1.0 + 0.02 * (unit() - 0.5);
        column[3][k] = next() % 211 ? price : kl__bits_double(UINT64_C(0x7ff8000000000000));
        column[1][k] = (column[0][k] > price ? column[0][k] : price) * (1.0 + 0.01 * unit());
        column[2][k] = (column[0][k] < price ? column[0][k] : price) * (1.0 - 0.01 * unit());
        column[4][k] = 1000.0 * unit();
    }
}

static kl_status make(kl_strategy **strategy) {
    static char codes[20][8];
    static kl_metric metrics[20];
    const kl_strategy_param params[1] = {{"n", 3.0 + (double)(next() % 20), 1.0, 100.0}};
    const kl_strategy_define defines[1] = {{"far", "abs(zscore(close, $n + 10)) > 1.5"}};
    kl_strategy_spec spec;
    kl_strategy_spec_init(&spec);
    spec.interval = (kl_interval){KL_HOUR, 1, 0}, spec.params = params, spec.n_params = 1, spec.defines = defines, spec.n_defines = 1;
    spec.metrics = metrics, spec.n_metrics = 1 + next() % 20;
    for (size_t i = 0; i < spec.n_metrics; i++) {
        kl_metric_init(&metrics[i]);
        snprintf(codes[i], sizeof codes[i], "M%d", (int)i);
        metrics[i].code = codes[i], metrics[i].side = 1 + (int32_t)(next() % 4), metrics[i].when = pool[next() % 10];
        if (metrics[i].side <= KL_SIDE_SELL) metrics[i].weight_u = (int32_t)(next() % 2000000);
    }
    for (int s = 0; s < 2; s++) {
        spec.rules.threshold_u[s] = 1 + (int64_t)(next() % 2000000), spec.rules.min_edge_u[s] = (int64_t)(next() % 500000);
        spec.rules.strong_edge_u[s] = (int64_t)(next() % 2000000), spec.rules.band[s][0] = (kl_band){(int32_t)(next() % 400000), 900000};
    }
    spec.rules.order = (int32_t)(next() % 2), spec.rules.unknown = (int32_t)(next() % 2), spec.rules.round_digits = (int32_t)(next() % 8) - 1;
    return kl_strategy_new(&spec, NULL, NULL, strategy, NULL);
}

int main(void) {
    uint64_t decisions = 1, snapshots = 1, lints = 1, files = 1;
    const kl_columns bars = {.n = ROWS, .open_time_us = open_time, .open = column[0], .high = column[1], .low = column[2], .close = column[3], .volume = column[4]};
    const kl_columns *sources[1] = {&bars};
    candles();
    for (int i = 0; i < STRATEGIES; i++) {
        kl_strategy *strategy;
        kl_strategy_state *state;
        size_t bytes, used, total;
        if (make(&strategy) < 0 || kl_strategy_state_size(strategy, 1, &bytes) < 0) return 1;
        void *memory = malloc(bytes);
        if (!memory || kl_strategy_state_init(memory, bytes, strategy, 1, &state) < 0 || kl_strategy_run(state, sources, NULL, rows, NULL) < 0) return 1;
        for (size_t k = 0; k < ROWS; k++) {
            const kl_decision *d = &rows[k];
            mix(&decisions, (uint64_t)d->buy_u), mix(&decisions, (uint64_t)d->sell_u), mix(&decisions, (uint64_t)d->edge_u), mix(&decisions, (uint64_t)d->known_at_us);
            mix_double(&decisions, d->confidence), mix_double(&decisions, d->close);
            mix(&decisions, d->fired[0]), mix(&decisions, d->unknown[0]);
            mix(&decisions, (uint64_t)(d->action + 1) << 16 | (uint64_t)d->strength << 12 | (uint64_t)d->reason << 8 | d->flags);
        }
        if (kl_strategy_snapshot(state, text, sizeof text, &used) < 0) return 1;
        mix_bytes(&snapshots, text, 16); /* head and fingerprint of weights and rules; the rest is the plan's */
        if (kl_strategy_lint(strategy, NULL, found, 64, &total) < 0 || total > 64) return 1;
        for (size_t k = 0; k < total; k++) mix_bytes(&lints, found[k].message, strlen(found[k].message)), mix(&lints, (uint64_t)found[k].kind);
        if (kl_strategy_write(strategy, text, sizeof text, &used) < 0) return 1;
        mix_bytes(&files, text, used);
        free(memory);
        kl_strategy_free(strategy);
    }
    print("decisions", decisions);
    print("snapshots", snapshots);
    print("lint", lints);
    print("files", files);
    return 0;
}
