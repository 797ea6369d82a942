/* Marts day by day: each day the state of yesterday is restored, the new rows are appended, the state is saved. At the end the
 * rows are those of one run over everything; and what became of an amount that was held. */
#include <kline.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS 20
#define HOURS (DAYS * 24)
#define SYMBOLS 3

static const char *const names[SYMBOLS] = {"BTCUSDT", "ETHUSDT", "SOLUSDT"};
static kl_time times[HOURS];
static double closes[HOURS * SYMBOLS], volumes[HOURS * SYMBOLS];

static void make_market(void) {
    for (int i = 0; i < HOURS; i++) {
        times[i] = INT64_C(1704067200000000) + (int64_t)i * 3600000000; /* 2024-01-01 and on */
        for (int s = 0; s < SYMBOLS; s++) {
            double noise = (double)((i * 7919 + s * 104729) % 1009) / 1009;
            closes[i * SYMBOLS + s] = 100 * (s + 1) + 0.3 * abs(i % 90 - 45) + 5 * noise; /* up and down */
            volumes[i * SYMBOLS + s] = 50 + 100 * noise * noise;
        }
    }
    closes[300 * SYMBOLS + 2] = (double)NAN; /* a candle that is missing */
}

static kl_mart *make_mart(int32_t kind) {
    kl_mart_spec spec;
    kl_mart *mart = NULL;
    kl_error error;
    size_t bytes;
    kl_mart_spec_init(&spec, kind, SYMBOLS);
    if (kl_mart_size(&spec, &bytes, &error) < 0) return NULL;
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    return memory && kl_mart_init(memory, bytes, &spec, names, &mart, &error) >= 0 ? mart : NULL;
}

static kl_mart_panel rows(size_t first, size_t n) {
    kl_mart_panel panel;
    memset(&panel, 0, sizeof panel);
    panel.n = n;
    panel.time = times + first;
    panel.close = closes + first * SYMBOLS;
    panel.volume = volumes + first * SYMBOLS;
    return panel;
}

/* One day in a process of its own: state in, rows out, state out. */
static int run_day(int32_t kind, size_t day, unsigned char **state, size_t *used, kl_table *table) {
    kl_mart *mart = make_mart(kind);
    kl_mart_panel panel = rows(day * 24, 24);
    kl_error error;
    int ok = mart && (!*state || kl_mart_restore(mart, *state, *used, &error) >= 0) &&
             kl_mart_run(mart, &panel, KL_TIME_NONE, table, &error) >= 0;
    if (ok) {
        size_t size = kl_mart_snapshot_size(mart);
        if (!*state) *state = malloc(size);
        ok = *state && kl_mart_snapshot(mart, *state, size, used) >= 0;
    }
    free(mart);
    return ok;
}

static kl_status keep(void *ctx, const void *bytes, size_t n) {
    uint32_t *crc = ctx;
    *crc = kl_crc32c(*crc, bytes, n);
    return KL_OK;
}

static uint32_t crc_of(const kl_table *table) {
    uint32_t crc = 0;
    kl_writer writer;
    writer.ctx = &crc;
    writer.write = keep;
    return kl_table_write_csv(table, KL_WRITE_HEADER, &writer) < 0 ? 0 : crc;
}

int main(void) {
    make_market();
    for (int32_t kind = KL_MART_RETURNS; kind <= KL_MART_CORRELATIONS; kind++) {
        kl_table *daily = NULL, *whole = NULL;
        unsigned char *state = NULL;
        size_t used = 0;
        kl_mart *mart = make_mart(kind);
        kl_mart_panel all = rows(0, HOURS);
        if (!mart || kl_table_new(NULL, &daily) < 0 || kl_table_new(NULL, &whole) < 0) return 1;
        for (size_t day = 0; day < DAYS; day++)
            if (!run_day(kind, day, &state, &used, daily)) return 2;
        if (kl_mart_run(mart, &all, KL_TIME_NONE, whole, NULL) < 0 || crc_of(daily) != crc_of(whole)) return 3;
        printf("%s: %zu rows in %d days, state of %zu bytes\n", kl_mart_name(kind), kl_table_rows(daily), DAYS, used);
        kl_table_free(daily);
        kl_table_free(whole);
        free(state);
        free(mart);
    }

    double bitcoin[HOURS];
    kl_columns columns;
    kl_investment held;
    char text[512];
    for (int i = 0; i < HOURS; i++) bitcoin[i] = closes[i * SYMBOLS];
    memset(&columns, 0, sizeof columns);
    columns.n = HOURS;
    columns.open_time_us = times;
    columns.close = bitcoin;
    if (kl_invest(&columns, times[0], times[HOURS - 1], 1000, NULL, NULL, &held, NULL) < 0) return 4;
    kl_invest_print(&held, "BTCUSDT", "USDT", text, sizeof text);
    puts(text);
    return 0;
}
