/* Prints one hash per way of making each mart, over its table and its snapshot, and one per function of stat, over fixed inputs: the
 * lines must be the same on every platform, by every compiler and level of optimisation. The inputs are made without libm. */
#include "base/fp.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/endian.h"
#include "kline/mart.h"

enum { SYMBOLS = 6, HISTORY = 500, CELLS = SYMBOLS * HISTORY };

static uint64_t seed = 1;
static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static double unit(void) { return (double)(next() >> 11) * 0x1p-53; }
static void mix(uint64_t *hash, uint64_t v) { *hash = (*hash ^ v ^ *hash >> 29) * UINT64_C(0x9e3779b97f4a7c15); }
static void mix_double(uint64_t *hash, double v) { mix(hash, v == v ? kl__double_bits(v) : 1); }
static void mix_all(uint64_t *hash, const double *v, size_t n) {
    for (size_t k = 0; k < n; k++) mix_double(hash, v[k]);
}
static void mix_text(uint64_t *hash, const char *text) {
    for (; *text; text++) mix(hash, (uint8_t)*text);
}

static const char *const names[SYMBOLS] = {"SOL", "BTC", "ETH", "ADA", "XRP", "DOGE"};
static kl_time times[HISTORY];
static double close_price[CELLS], volume[CELLS], quote[CELLS], high[CELLS], low[CELLS], open_price[CELLS];

static void history(void) {
    const double none = kl__bits_double(UINT64_C(0x7ff8000000000000));
    double price[SYMBOLS];
    kl_time time = INT64_C(450000) * INT64_C(3600000000);
    for (size_t s = 0; s < SYMBOLS; s++) price[s] = 0.01 * (double)(7 << 3 * s);
    for (size_t t = 0; t < HISTORY; t++) {
        double market = unit() - 0.5;
        time += INT64_C(3600000000) * (next() % 40 ? 1 : 1 + (int64_t)(next() % 80));
        times[t] = time;
        for (size_t s = 0; s < SYMBOLS; s++) {
            size_t at = t * SYMBOLS + s;
            open_price[at] = price[s];
            price[s] *= 1 + (t / 100 % 2 ? 0.06 : 0.01) * (unit() - 0.5 + market);
            close_price[at] = s == 4 ? 3 + (double)(next() % 3) : price[s];
            high[at] = close_price[at] * (1 + 0.01 * unit());
            low[at] = close_price[at] * (1 - 0.01 * unit());
            volume[at] = 100 * unit();
            volume[at] /= 0.01 + unit();
            quote[at] = next() % 9 ? volume[at] * (high[at] + low[at]) / 2 : none;
            if (next() % 71 == 0) close_price[at] = none;
            if (next() % 71 == 0) volume[at] = none;
            if (next() % 499 == 0) high[at] = kl__bits_double(next());
        }
    }
}

static int fail(const char *what) {
    fprintf(stderr, "hash_mart: %s failed\n", what);
    return 1;
}

static void mix_table(uint64_t *hash, const kl_table *table) {
    for (size_t c = 0; c < kl_table_columns(table); c++) {
        const char *name = "", *text = "";
        int32_t kind = 0;
        kl_table_column(table, c, &name, &kind, NULL);
        mix_text(hash, name);
        for (size_t i = 0; i < kl_table_rows(table); i++) {
            double x = 0;
            int64_t n = 0;
            mix(hash, (uint64_t)kl_table_is_known(table, c, i));
            if (kind == KL_COLUMN_F64 && kl_table_get_f64(table, c, i, &x) >= 0) mix_double(hash, x);
            else if (kind == KL_COLUMN_TEXT && kl_table_get_text(table, c, i, &text, NULL) >= 0) mix_text(hash, text);
            else if (kl_table_get_i64(table, c, i, &n) >= 0) mix(hash, (uint64_t)n);
        }
    }
}

static int hash_mart(int32_t kind, const char *way, uint32_t flags, int64_t rows, int64_t min_count, int64_t baseline, int32_t ratio) {
    kl_mart_spec spec;
    kl_mart *mart;
    kl_table *table;
    kl_error error;
    size_t bytes = 0, used = 0;
    uint64_t cells = 1, state = 1;
    const kl_mart_panel panel = {HISTORY, times, close_price, volume, quote, high, low};
    kl_mart_spec_init(&spec, kind, SYMBOLS);
    spec.flags = flags, spec.rows = rows, spec.min_count = min_count, spec.baseline_rows = baseline, spec.ratio = ratio;
    kl_status status = kl_mart_size(&spec, &bytes, &error);
    if (status == KL_E_UNSUPPORTED) return 0;
    if (status < 0) return fail(error.message);
    char *memory = (char *)malloc(bytes + 64);
    if (!memory || kl_table_new(NULL, &table) < 0) return fail("malloc");
    if (kl_mart_init(memory + (64 - (uintptr_t)memory % 64) % 64, bytes, &spec, names, &mart, &error) < 0) return fail(error.message);
    if (kl_mart_run(mart, &panel, KL_TIME_NONE, table, &error) < 0) return fail(error.message);
    mix_table(&cells, table);
    size_t size = kl_mart_snapshot_size(mart);
    uint8_t *image = (uint8_t *)malloc(size);
    if (!image || kl_mart_snapshot(mart, image, size, &used) < 0) return fail("snapshot");
    for (size_t i = 0; i < used; i++) mix(&state, image[i]);
    printf("mart %s %s %016llx %016llx\n", kl_mart_name(kind), way, (unsigned long long)cells, (unsigned long long)state);
    kl_table_free(table);
    free(memory);
    free(image);
    return 0;
}

static int hash_marts(void) {
    for (int32_t kind = KL_MART_RETURNS; kl_mart_name(kind); kind++) {
        int64_t baseline = kind == KL_MART_CORRELATIONS ? 60 : 0;
        if (hash_mart(kind, "grid", 0, 24, 0, baseline, 0) || hash_mart(kind, "partial", 0, 10, 3, 0, 1) ||
            hash_mart(kind, "rows", KL_MART_ROWS, 24, 0, baseline, 0) || hash_mart(kind, "compat", KL_MART_COMPAT, 24, 0, 0, 0))
            return 1;
    }
    return 0;
}

static void say(const char *what, uint64_t hash) { printf("stat %s %016llx\n", what, (unsigned long long)hash); }

static int hash_columns(void) {
    static double out[CELLS], more[CELLS];
    kl_columns c;
    kl_investment r;
    char text[512];
    uint64_t hash = 1;
    memset(&c, 0, sizeof c);
    c.n = HISTORY, c.open_time_us = times;
    c.open = open_price, c.high = high, c.low = low, c.close = close_price, c.volume = volume, c.quote_volume = quote;
    for (int32_t kind = KL_RETURN_SIMPLE; kind <= KL_RETURN_CUMULATIVE; kind++) {
        if (kl_returns(kind, close_price, CELLS, 1, out) < 0) return fail("returns");
        mix_all(&hash, out, CELLS);
    }
    say("returns", hash), hash = 1;
    for (int i = 0; i < 20000; i++) { /* any two doubles */
        double before = kl__bits_double(next() >> (1 + i % 30)), now = kl__bits_double(next() >> 1);
        for (int32_t kind = KL_RETURN_SIMPLE; kind <= KL_RETURN_LOG; kind++) mix_double(&hash, kl_return(kind, before, now));
    }
    say("return", hash), hash = 1;
    for (int32_t price = KL_PRICE_CLOSE; price <= KL_PRICE_QUOTE; price++) {
        if (kl_prices(&c, price, out) < 0) return fail("prices");
        mix_all(&hash, out, HISTORY);
    }
    if (kl_rebase(close_price, CELLS, 3, 100, out) < 0) return fail("rebase");
    mix_all(&hash, out, CELLS);
    say("prices", hash), hash = 1;
    if (kl_volatility(KL_RETURN_LOG, close_price, CELLS, 24, 6, 8760, NULL, out, NULL) < 0) return fail("volatility");
    mix_all(&hash, out, CELLS);
    say("volatility", hash), hash = 1;
    double peak = kl__bits_double(UINT64_C(0x7ff8000000000000));
    if (kl_drawdown(close_price, CELLS, &peak, out, more) < 0) return fail("drawdown");
    mix_all(&hash, out, CELLS);
    mix_all(&hash, more, CELLS);
    say("drawdown", hash), hash = 1;
    kl_drawdown_episode episode[20];
    size_t total = 0;
    if (kl_drawdown_episodes(open_price, CELLS, KL_DRAWDOWN_BY_DEPTH, episode, 20, &total) < 0) return fail("episodes");
    for (size_t i = 0; i < (total < 20 ? total : 20); i++) {
        mix_double(&hash, episode[i].depth);
        mix(&hash, episode[i].rows);
    }
    say("episodes", hash), hash = 1;
    if (kl_invest(&c, times[5], times[HISTORY - 5], 1234.5, out, more, &r, NULL) < 0) return fail("invest");
    mix_all(&hash, out, HISTORY);
    mix_all(&hash, more, HISTORY);
    if (kl_invest_print(&r, "BTC", "USDT", text, sizeof text) == 0) return fail("the sentence");
    mix_text(&hash, text);
    say("invest", hash);
    return 0;
}

static void hash_labels(void) {
    uint64_t hash = 1;
    for (int i = 0; i < 20000; i++) {
        double x = 8 * unit() - 4, y = 2 * unit(), z = 24 * unit() - 12;
        mix(&hash, (uint64_t)kl_volatility_regime(y, 1, NULL));
        mix(&hash, (uint64_t)kl_zrank(x, NULL));
        mix(&hash, (uint64_t)kl_volume_spike(4 * y, 1, NULL));
        mix(&hash, (uint64_t)kl_activity_state(2 * y, NULL));
        mix(&hash, (uint64_t)kl_mover_label(z, NULL));
        mix(&hash, (uint64_t)kl_market_state(y, x / 4, x, NULL));
        mix(&hash, (uint64_t)kl_risk_state(x / 8, y, NULL));
        mix_double(&hash, kl_mover_signal(z, y));
    }
    mix_double(&hash, kl_volume_pressure(volume, CELLS));
    say("labels", hash);
}

int main(void) {
    history();
    if (hash_marts() || hash_columns()) return 1;
    hash_labels();
    return 0;
}
