/* Prints one hash per group of statistics over fixed inputs: the lines must be the same on every platform, by every compiler and
 * level of optimisation, on every instruction set. The inputs are made without libm. */
#include "base/fp.h"
#include <stdio.h>
#include <string.h>
#include "base/endian.h"
#include "kline/stat.h"

enum { N = 9001, TRIALS = 12 };

static uint64_t seed = 1;
static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static double unit(void) { return (double)(next() >> 11) * 0x1p-53; }
static void mix(uint64_t *hash, uint64_t v) { *hash = (*hash ^ v ^ *hash >> 29) * UINT64_C(0x9e3779b97f4a7c15); }
static void mix_all(uint64_t *hash, const double *v, size_t n) {
    for (size_t k = 0; k < n; k++) mix(hash, v[k] == v[k] ? kl__double_bits(v[k]) : 1);
}

static double r[N], b[N], e[N], out[N], mae[N], mfe[N];
static kl_time times[N], entry[N];

static void history(void) {
    double level = 1000;
    for (size_t i = 0; i < N; i++) {
        r[i] = 0.05 * (unit() + unit() + unit() - 1.49);
        b[i] = 0.4 * r[i] + 0.02 * (unit() - 0.5);
        if (next() % 301 == 0) r[i] = kl__bits_double(next() | UINT64_C(0x7ff0000000000000));
        level *= 1 + 0.03 * (unit() - 0.499);
        e[i] = level;
        times[i] = (kl_time)i * INT64_C(3600000000);
        entry[i] = times[i] - (kl_time)(next() % 1000) * INT64_C(60000000);
        mae[i] = -unit(), mfe[i] = unit();
    }
}

static int fail(const char *what) {
    fprintf(stderr, "hash_stat: %s failed\n", what);
    return 1;
}
static void show(const char *what, uint64_t hash) { printf("stat %s %016llx\n", what, (unsigned long long)hash); }
static void mix_perf(uint64_t *hash, const kl_perf *perf) {
    mix_all(hash, perf->value, KL_PERF_COUNT);
    for (size_t k = 0; k < KL_PERF_COUNT; k++) mix(hash, perf->state[k]);
}

static void normal(void) {
    uint64_t hash = 1;
    for (int k = -4000; k <= 4000; k++) {
        double x[4] = {kl_norm_cdf((double)k / 100), kl_norm_quantile(unit()), kl_norm_quantile(unit() * 0x1p-60), 0};
        x[3] = kl_psr(x[0], 0.1, 100, x[0], 4) + kl_min_track_record(1 + x[0], 0, 0.1, 4, 0.95) + kl_expected_max_sharpe(x[0], 10 + x[0]);
        mix_all(&hash, x, 4);
    }
    show("norm", hash);
    hash = 1;
    for (int k = 0; k < 2000; k++) {
        uint64_t size = UINT64_C(1) << next() % 24, c[4];
        for (size_t j = 0; j < 4; j++) c[j] = next() % size;
        out[k] = kl_fisher_exact(c[0], c[1], c[2], c[3]);
    }
    mix_all(&hash, out, 2000);
    kl_benjamini_hochberg(out, 2000, NULL, out);
    mix_all(&hash, out, 2000);
    show("fisher", hash);
}

static int figures(void) {
    static const size_t lengths[] = {0, 1, 2, 3, 8, 63, 64, 65, 1000, 4095, 4096, 4097, 8193, N};
    uint64_t of_returns = 1, of_equity = 1, moments = 1;
    for (int32_t preset = 0; kl_preset_name(preset); preset++)
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
            kl_perf_conventions c;
            kl_perf perf;
            kl_moments m;
            kl_perf_conventions_preset(&c, preset);
            if (kl_perf_returns(r, b, times, lengths[k], &c, NULL, &perf) < 0) return fail("kl_perf_returns");
            mix_perf(&of_returns, &perf);
            if (kl_perf_equity(e, times, lengths[k], &c, NULL, &perf) < 0) return fail("kl_perf_equity");
            mix_perf(&of_equity, &perf);
            kl_moments_of(r, lengths[k], &m);
            const double v[6] = {m.mean, m.variance, m.skew, m.kurtosis, m.skew_adjusted, m.excess_adjusted};
            mix_all(&moments, v, 6);
        }
    show("moments", moments);
    show("returns", of_returns);
    show("equity", of_equity);
    return 0;
}

static int trades(void) {
    uint64_t hash = 1;
    kl_closed_trades t;
    memset(&t, 0, sizeof t);
    t.pnl = r, t.ret = b, t.fee = mfe, t.mae = mae, t.mfe = mfe, t.entry_us = entry, t.exit_us = times;
    for (int32_t preset = 0; kl_preset_name(preset); preset++)
        for (t.n = 0; t.n < N; t.n = 2 * t.n + 1) {
            kl_perf_conventions c;
            kl_perf perf;
            memset(&perf, 0, sizeof perf);
            kl_perf_conventions_preset(&c, preset);
            c.start_balance = 100;
            if (kl_perf_trades(&t, &c, &perf) < 0) return fail("kl_perf_trades");
            mix_perf(&hash, &perf);
        }
    for (int32_t kind = KL_TRADES_WIN_RATE; kind <= KL_TRADES_MEAN; kind++) {
        if (kl_roll_trades(kind, r, N, 20, 1, 0, out) < 0) return fail("kl_roll_trades");
        mix_all(&hash, out, N);
    }
    if (kl_equity(r, N, KL_UNIT_FRACTION, 1, out, NULL, NULL) < 0) return fail("kl_equity");
    mix_all(&hash, out, N);
    show("trades", hash);
    return 0;
}

static int drawn(void) {
    uint64_t rolling = 1, hash = 1;
    kl_perf_conventions c;
    kl_bootstrap options;
    kl_pbo pbo;
    const double *of[TRIALS];
    kl_perf_conventions_preset(&c, KL_PRESET_EMPYRICAL);
    for (int32_t f = 0; f <= KL_PERF_EXCESS_SHARPE; f++) {
        if (kl_perf_rolling(f, r, b, 600, 70, 20, &c, NULL, out) < 0) return fail("kl_perf_rolling");
        mix_all(&rolling, out, 600);
    }
    show("rolling", rolling);
    kl_bootstrap_init(&options);
    options.draws = 200;
    static const int32_t figures_drawn[] = {KL_PERF_SHARPE, KL_PERF_MAX_DRAWDOWN, KL_PERF_CVAR, KL_PERF_CAGR};
    for (size_t k = 0; k < 4; k++) {
        double interval[2];
        options.figure = figures_drawn[k];
        if (kl_bootstrap_interval(&options, r, 500, &c, NULL, NULL, &interval[0], &interval[1]) < 0) return fail("kl_bootstrap_interval");
        mix_all(&hash, interval, 2);
    }
    show("bootstrap", hash);
    for (size_t t = 0; t < TRIALS; t++) of[t] = r + 700 * t;
    if (kl_pbo_cscv(of, TRIALS, 700, 12, NULL, NULL, NULL, &pbo) < 0) return fail("kl_pbo_cscv");
    const double v[5] = {pbo.pbo, pbo.mean_logit, pbo.slope, pbo.intercept, pbo.loss_probability};
    hash = pbo.splits;
    mix_all(&hash, v, 5);
    show("pbo", hash);
    return 0;
}

int main(void) {
    history();
    normal();
    return figures() || trades() || drawn();
}
