/* Folding against the exchanges' own candles, on recorded data: every interval pair that the data holds, and trades -> candles.
 * The data lies in $KLINE_SHARED/data and stays there. */
#define _POSIX_C_SOURCE 200809L
#include "kline/clean.h"
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { VALUES = 9, PATH = 1024, RANGES = 512 };

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
static void print_to(char *text, size_t capacity, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, capacity, format, arguments);
    va_end(arguments);
    assert_true(n >= 0 && (size_t)n < capacity);
}

static const char *data_dir(void) {
    static char path[PATH];
    const char *shared = getenv("KLINE_SHARED");
    print_to(path, sizeof path, "%s/data", shared ? shared : "../shared");
    return path;
}

static int is_there(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file) fclose(file);
    return file != NULL;
}

#define SKIP_WITHOUT(path)                                                                                                     \
    if (!is_there(path)) {                                                                                                     \
        printf("SKIPPED: no %s\n", path);                                                                                      \
        return;                                                                                                                \
    }

/* ------------------------------------------------------------------------------------------------------- reading --- */

/* a file, unpacked and NUL-terminated. */
static char *text_of(const char *path, size_t *length) {
    enum { ROOM = 1 << 26, CHUNK = 1 << 16 };
    static unsigned char chunk[CHUNK];
    FILE *file = fopen(path, "rb");
    char *text = (char *)malloc(ROOM);
    void *memory = malloc(kl_unpack_size());
    assert_true(file && text && memory);
    kl_unpack *unpack;
    assert_int_equal(kl_unpack_init(memory, kl_unpack_size(), &unpack), KL_OK);
    size_t out = 0, n, used, made;
    for (int ended = 0; !ended && (n = fread(chunk, 1, CHUNK, file)) > 0;)
        for (size_t in = 0; in < n && !ended; in += used, out += made) {
            kl_status status = kl_unpack_run(unpack, chunk + in, n - in, &used, text + out, ROOM - 1 - out, &made, NULL);
            assert_true(status >= 0 && out + made < ROOM - 1);
            ended = status == KL_END;
        }
    assert_int_equal(kl_unpack_finish(unpack, NULL), KL_OK);
    fclose(file);
    free(memory);
    text[out] = 0;
    *length = out;
    return text;
}

typedef struct rows {
    kl_series klines;
    kl_trades trades;
} rows;

static kl_status take_klines(void *ctx, kl_kline_batch *batch) {
    return kl_series_append(&((rows *)ctx)->klines, batch->rows, batch->n, &batch->scale, NULL);
}
static kl_status take_trades(void *ctx, kl_trade_batch *batch) {
    return kl_trades_append(&((rows *)ctx)->trades, batch->rows, batch->n, &batch->scale, NULL);
}

static void rows_init(rows *r) {
    assert_int_equal(kl_series_init(&r->klines, NULL), KL_OK);
    assert_int_equal(kl_trades_init(&r->trades, NULL), KL_OK);
}
static void rows_free(rows *r) { kl_series_free(&r->klines), kl_trades_free(&r->trades); }

static kl_interval interval_of(const char *text) {
    kl_interval interval;
    assert_int_equal(kl_interval_parse(text, strlen(text), &interval), KL_OK);
    return interval;
}

static void parse_into(rows *r, const char *name, const kl_reader *reader, const char *interval, int32_t format) {
    kl_parse_options options;
    kl_parse_options_init(&options);
    options.format = format;
    options.klines.ctx = r, options.klines.klines = take_klines;
    options.trades.ctx = r, options.trades.trades = take_trades;
    kl_parse_counts counts;
    kl_error error;
    memset(&error, 0, sizeof error);
    kl_status status = kl_parse_reader(reader, &options, NULL, &counts, &error);
    if (status < 0) print_error("%s: row %lld: %s\n", name, (long long)error.row, error.message);
    assert_true(status >= 0);
    if (interval) r->klines.key.interval = interval_of(interval);
}

static kl_status read_file(void *ctx, void *buffer, size_t capacity, size_t *got) {
    *got = fread(buffer, 1, capacity, (FILE *)ctx);
    return *got ? KL_OK : KL_END;
}

static void load(rows *r, const char *path, const char *interval) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    kl_reader reader = {file, read_file};
    parse_into(r, path, &reader, interval, KL_FORMAT_AUTO);
    fclose(file);
}

typedef struct text_reader {
    const char *text;
    size_t n;
} text_reader;

static kl_status read_text(void *ctx, void *buffer, size_t capacity, size_t *got) {
    text_reader *t = (text_reader *)ctx;
    *got = t->n < capacity ? t->n : capacity;
    memcpy(buffer, t->text, *got);
    t->text += *got, t->n -= *got;
    return *got ? KL_OK : KL_END;
}

static void load_text(rows *r, const char *name, const char *text, size_t n, const char *interval, int32_t format) {
    text_reader from = {text, n};
    kl_reader reader = {&from, read_text};
    parse_into(r, name, &reader, interval, format);
}

/* ---------------------------------------------------------------------------------------------------- comparing --- */

/* of the nine values, those that both rows know; 0 different is what is wanted. */
static void compare(const kl_kline *a, const kl_scale *a_scale, const kl_kline *b, const kl_scale *b_scale, uint64_t *compared,
                    uint64_t *different) {
    kl_scale common = *a_scale;
    if (b_scale->price > common.price) common.price = b_scale->price;
    if (b_scale->volume > common.volume) common.volume = b_scale->volume;
    if (b_scale->quote > common.quote) common.quote = b_scale->quote;
    kl_kline x = *a, y = *b;
    assert_int_equal(kl_kline_rescale(&x, a_scale, &common), KL_OK);
    assert_int_equal(kl_kline_rescale(&y, b_scale, &common), KL_OK);
    const int64_t narrow[2][5] = {{x.open, x.high, x.low, x.close, x.trade_count}, {y.open, y.high, y.low, y.close, y.trade_count}};
    const uint32_t narrow_bits[5] = {KL_HAS_OPEN, KL_HAS_HIGH, KL_HAS_LOW, KL_HAS_CLOSE, KL_HAS_TRADE_COUNT};
    const kl_i128 *wide[2][4] = {{&x.volume, &x.quote_volume, &x.taker_buy_base, &x.taker_buy_quote},
                                 {&y.volume, &y.quote_volume, &y.taker_buy_base, &y.taker_buy_quote}};
    const uint32_t wide_bits[4] = {KL_HAS_VOLUME, KL_HAS_QUOTE_VOLUME, KL_HAS_TAKER_BASE, KL_HAS_TAKER_QUOTE};
    uint64_t wrong = 0;
    for (int i = 0; i < 5; i++)
        if (x.known & y.known & narrow_bits[i]) ++*compared, wrong += narrow[0][i] != narrow[1][i];
    for (int i = 0; i < 4; i++)
        if (x.known & y.known & wide_bits[i]) ++*compared, wrong += kl_i128_compare(wide[0][i], wide[1][i]) != 0;
    if (wrong) {
        char when[KL_TIME_TEXT_MAX];
        kl_time_print(x.open_time_us, when);
        print_error("%s: o %lld %lld h %lld %lld l %lld %lld c %lld %lld n %lld %lld v %llu %llu\n", when, (long long)x.open,
                    (long long)y.open, (long long)x.high, (long long)y.high, (long long)x.low, (long long)y.low,
                    (long long)x.close, (long long)y.close, (long long)x.trade_count, (long long)y.trade_count,
                    (unsigned long long)x.volume.lo, (unsigned long long)y.volume.lo);
    }
    *different += wrong;
}

/* rows of b that lie in [from, to) against what was folded; every one must have a partner. */
static uint64_t compare_series(const kl_series *folded, const kl_series *venue, kl_time from, kl_time to, uint64_t *compared,
                               uint64_t *different) {
    uint64_t matched = 0;
    for (size_t i = 0; i < venue->n; i++) {
        kl_time open = venue->rows[i].open_time_us, next;
        assert_int_equal(kl_interval_next(&venue->key.interval, open, &next), KL_OK);
        if (open < from || next > to) continue;
        size_t at = kl_series_find(folded, open);
        if (at == folded->n || folded->rows[at].open_time_us != open) continue; /* an empty bucket of the source */
        compare(&folded->rows[at], &folded->scale, &venue->rows[i], &venue->scale, compared, different);
        matched++;
    }
    return matched;
}

/* ------------------------------------------------------------------------------ candles -> candles of the exchange --- */

typedef struct range {
    kl_time from, to;
} range;

typedef struct covered {
    kl_series series;
    range ranges[RANGES]; /* that the files answer for; a hole inside is an outage */
    size_t n_ranges;
    char interval[8];
} covered;

static int compare_ranges(const void *a, const void *b) {
    const range *x = (const range *)a, *y = (const range *)b;
    return x->from < y->from ? -1 : x->from > y->from;
}

static void merge_ranges(covered *c) {
    qsort(c->ranges, c->n_ranges, sizeof *c->ranges, compare_ranges);
    size_t n = 0;
    for (size_t i = 0; i < c->n_ranges; i++) {
        if (n && c->ranges[i].from <= c->ranges[n - 1].to) {
            if (c->ranges[i].to > c->ranges[n - 1].to) c->ranges[n - 1].to = c->ranges[i].to;
        } else {
            c->ranges[n++] = c->ranges[i];
        }
    }
    c->n_ranges = n;
}

/* all files of one symbol and interval. 0: there are none. */
static int load_folder(covered *c, const char *folder, const char *interval) {
    DIR *dir = opendir(folder);
    if (!dir) return 0;
    rows all;
    rows_init(&all);
    c->n_ranges = 0;
    print_to(c->interval, sizeof c->interval, "%s", interval);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.') continue;
        char path[PATH];
        rows one;
        rows_init(&one);
        print_to(path, sizeof path, "%s/%s", folder, entry->d_name);
        load(&one, path, interval);
        assert_int_equal(kl_series_dedup(&one.klines, KL_DEDUP_RANK, NULL, NULL, NULL), KL_OK);
        assert_true(one.klines.n > 0 && c->n_ranges < RANGES);
        range *r = &c->ranges[c->n_ranges++];
        kl_interval step = one.klines.key.interval;
        if (step.unit == KL_DAY && step.n > 1) step.anchor_us = one.klines.rows[0].open_time_us;
        r->from = one.klines.rows[0].open_time_us;
        assert_int_equal(kl_interval_next(&step, one.klines.rows[one.klines.n - 1].open_time_us, &r->to), KL_OK);
        assert_int_equal(kl_series_append(&all.klines, one.klines.rows, one.klines.n, &one.klines.scale, NULL), KL_OK);
        rows_free(&one);
    }
    closedir(dir);
    assert_int_equal(kl_series_dedup(&all.klines, KL_DEDUP_RANK, NULL, NULL, NULL), KL_OK);
    for (size_t i = 0; i < all.klines.n; i++) all.klines.rows[i].flags |= KL_CLOSED, all.klines.rows[i].flags &= ~(uint32_t)KL_SUSPECT;
    merge_ranges(c);
    c->series = all.klines;
    c->series.key.interval = interval_of(interval);
    return c->n_ranges > 0;
}

static const char *const intervals[] = {"15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"};
enum { INTERVALS = sizeof intervals / sizeof intervals[0] };

static void candles_equal_the_exchanges_own(void **state) {
    (void)state;
    static const char *const symbols[] = {"BTCUSDT", "ETHUSDT", "BNBUSDT", "XRPUSDT", "ADAUSDT", "DOGEUSDT", "SOLUSDT"};
    static uint64_t rows_of[INTERVALS][INTERVALS];
    static covered held[INTERVALS];
    uint64_t compared = 0, different = 0, total = 0;
    char path[PATH];
    print_to(path, sizeof path, "%s/finom_static-klines/BTCUSDT/1M/2010-01-01.json", data_dir());
    SKIP_WITHOUT(path);
    for (size_t s = 0; s < sizeof symbols / sizeof symbols[0]; s++) {
        int have[INTERVALS];
        for (size_t i = 0; i < INTERVALS; i++) {
            print_to(path, sizeof path, "%s/finom_static-klines/%s/%s", data_dir(), symbols[s], intervals[i]);
            have[i] = load_folder(&held[i], path, intervals[i]);
        }
        kl_time listing = held[8].series.rows[0].open_time_us; /* the first day: the phase of 3d */
        for (size_t i = 0; i < INTERVALS; i++)
            if (have[i] && held[i].series.key.interval.anchor_us == KL_TIME_NONE) held[i].series.key.interval.anchor_us = listing;
        for (size_t a = 0; a < INTERVALS; a++)
            for (size_t b = a + 1; b < INTERVALS; b++) {
                if (!have[a] || !have[b] || !kl_interval_divides(&held[a].series.key.interval, &held[b].series.key.interval)) continue;
                kl_series folded;
                kl_series_init(&folded, NULL);
                assert_int_equal(kl_series_fold(&held[a].series, &held[b].series.key.interval, &folded, NULL), KL_OK);
                for (size_t r = 0; r < held[a].n_ranges; r++)
                    rows_of[a][b] += compare_series(&folded, &held[b].series, held[a].ranges[r].from, held[a].ranges[r].to,
                                                    &compared, &different);
                kl_series_free(&folded);
            }
        for (size_t i = 0; i < INTERVALS; i++)
            if (have[i]) kl_series_free(&held[i].series);
    }
    for (size_t a = 0; a < INTERVALS; a++)
        for (size_t b = 0; b < INTERVALS; b++)
            if (rows_of[a][b]) printf("fold %s -> %s: %llu candles\n", intervals[a], intervals[b], (unsigned long long)rows_of[a][b]), total += rows_of[a][b];
    printf("count: folded candles equal the exchange's in %llu fields of %llu candles, %llu different\n",
           (unsigned long long)compared, (unsigned long long)total, (unsigned long long)different);
    assert_int_equal(different, 0);
    assert_true(compared >= 230000);
}

static void minutes_equal_coarser_candles_of_another_source(void **state) {
    (void)state;
    const char *pairs[][3] = {{"BTC_USDT-1m.json", "BTC_USDT-5m.json", "5m"},    {"BTC_USDT-1m.json", "BTC_USDT-15m.json", "15m"},
                              {"BTC_USDT-1m.json", "BTC_USDT-30m.json", "30m"},  {"BTC_USDT-1m.json", "BTC_USDT-1h.json", "1h"},
                              {"ETH_USDT-1m.json.gz", "ETH_USDT-5m.json.gz", "5m"}, {"ETH_USDT-1m.json.gz", "ETH_USDT-15m.json", "15m"},
                              {"ETH_USDT-1m.json.gz", "ETH_USDT-1h.json", "1h"}};
    uint64_t compared = 0, different = 0;
    for (size_t p = 0; p < sizeof pairs / sizeof pairs[0]; p++) {
        char path[PATH];
        rows minutes, coarse;
        rows_init(&minutes), rows_init(&coarse);
        print_to(path, sizeof path, "%s/andresciancio_freqtrade-docker-strategy/%s", data_dir(), pairs[p][0]);
        SKIP_WITHOUT(path);
        load(&minutes, path, "1m");
        print_to(path, sizeof path, "%s/andresciancio_freqtrade-docker-strategy/%s", data_dir(), pairs[p][1]);
        load(&coarse, path, pairs[p][2]);
        kl_series folded;
        kl_series_init(&folded, NULL);
        assert_int_equal(kl_series_fold(&minutes.klines, &coarse.klines.key.interval, &folded, NULL), KL_OK);
        uint64_t matched = compare_series(&folded, &coarse.klines, minutes.klines.rows[0].open_time_us,
                                          minutes.klines.rows[minutes.klines.n - 1].open_time_us + 60000000, &compared, &different);
        printf("fold %s -> %s: %llu candles\n", pairs[p][0], pairs[p][2], (unsigned long long)matched);
        assert_true(matched > 600);
        kl_series_free(&folded), rows_free(&minutes), rows_free(&coarse);
    }
    printf("count: minutes fold to another source's candles in %llu fields, %llu different\n", (unsigned long long)compared,
           (unsigned long long)different);
    assert_int_equal(different, 0);
}

static void steps_on_real_minutes(void **state) {
    (void)state;
    char path[PATH];
    rows minutes;
    rows_init(&minutes);
    print_to(path, sizeof path, "%s/andresciancio_freqtrade-docker-strategy/BTC_USDT-1m.json", data_dir());
    SKIP_WITHOUT(path);
    load(&minutes, path, "1m");
    const char *steps[][2] = {{"15m", "1h"}, {"1h", "1d"}};
    for (int s = 0; s < 2; s++) {
        kl_series middle, twice, once;
        kl_series_init(&middle, NULL), kl_series_init(&twice, NULL), kl_series_init(&once, NULL);
        kl_interval a = interval_of(steps[s][0]), b = interval_of(steps[s][1]);
        assert_int_equal(kl_series_fold(&minutes.klines, &a, &middle, NULL), KL_OK);
        assert_int_equal(kl_series_fold(&middle, &b, &twice, NULL), KL_OK);
        assert_int_equal(kl_series_fold(&minutes.klines, &b, &once, NULL), KL_OK);
        assert_int_equal(once.n, twice.n);
        for (size_t i = 0; i < once.n; i++) assert_true(kl_kline_same(&once.rows[i], &twice.rows[i]));
        kl_series_free(&middle), kl_series_free(&twice), kl_series_free(&once);
    }
    rows_free(&minutes);
}

/* ------------------------------------------------------------------------------------------- trades -> candles --- */

static void a_candle(const kl_kline *row, const kl_scale *scale, const char *want) {
    char text[512], number[5][KL_DECIMAL_TEXT_MAX];
    const int64_t price[4] = {row->open, row->high, row->low, row->close};
    for (int i = 0; i < 4; i++) {
        kl_i128 wide = {(uint64_t)price[i], 0};
        kl_decimal_print(&wide, scale->price, number[i]);
    }
    kl_decimal_print(&row->volume, scale->volume, number[4]);
    print_to(text, sizeof text, "%s %s %s %s %s %lld", number[0], number[1], number[2], number[3], number[4],
             (long long)row->trade_count);
    assert_string_equal(text, want);
}

static void recorded_trades_equal_downloaded_candles(void **state) {
    (void)state;
    char path[PATH];
    rows r, candles;
    rows_init(&r), rows_init(&candles);
    for (int day = 8; day <= 9; day++) {
        print_to(path, sizeof path, "%s/nkaz001_hftbacktest/spot_btcusdt_2024080%d.gz", data_dir(), day);
        SKIP_WITHOUT(path);
        load(&r, path, NULL);
    }
    assert_int_equal(r.trades.n, 19904);
    uint64_t gaps, missing, compared = 0, different = 0;
    assert_int_equal(kl_trades_gaps(&r.trades, NULL, &gaps, &missing, NULL), KL_OK);
    assert_int_equal(gaps, 0);
    kl_interval five = interval_of("5m");
    kl_series folded;
    kl_series_init(&folded, NULL);
    assert_int_equal(kl_trades_fold(&r.trades, &five, &folded, NULL), KL_OK);
    assert_int_equal(folded.n, 4);
    kl_scale two = folded.scale;
    for (size_t i = 0; i < folded.n; i++) assert_true(folded.rows[i].known == (KL_HAS_ALL | KL_HAS_TRADE_IDS));
    kl_series_trim(&folded);
    two = folded.scale;
    two.price = 2, two.volume = 8;
    for (size_t i = 1; i < 3; i++) assert_int_equal(kl_kline_rescale(&folded.rows[i], &folded.scale, &two), KL_OK);
    a_candle(&folded.rows[1], &two, "61828.00 61860.80 61583.22 61685.99 199.42863000 8863");
    a_candle(&folded.rows[2], &two, "61686.00 61744.37 61556.04 61607.99 221.61722000 9913");
    print_to(path, sizeof path, "%s/XyloTech_TF.bk/BTC_USDT-5m_20240808-09.csv", data_dir());
    load(&candles, path, "5m");
    for (size_t i = 1; i < 3; i++) {
        size_t at = kl_series_find(&candles.klines, folded.rows[i].open_time_us);
        assert_true(at < candles.klines.n && candles.klines.rows[at].open_time_us == folded.rows[i].open_time_us);
        compare(&folded.rows[i], &two, &candles.klines.rows[at], &candles.klines.scale, &compared, &different);
    }
    assert_int_equal(compared, 10);
    assert_int_equal(different, 0);
    kl_series_free(&folded), rows_free(&r), rows_free(&candles);
}

/* trades of a file -> candles of another, for all whole buckets. */
static void trades_against(const char *trade_file, const char *candle_file, const char *interval, uint64_t want) {
    char path[PATH];
    rows r, candles;
    rows_init(&r), rows_init(&candles);
    print_to(path, sizeof path, "%s/%s", data_dir(), trade_file);
    SKIP_WITHOUT(path);
    load(&r, path, NULL);
    print_to(path, sizeof path, "%s/%s", data_dir(), candle_file);
    load(&candles, path, interval);
    kl_interval step = interval_of(interval);
    kl_series folded;
    kl_series_init(&folded, NULL);
    assert_int_equal(kl_trades_fold(&r.trades, &step, &folded, NULL), KL_OK);
    uint64_t compared = 0, different = 0;
    kl_time first = folded.rows[0].open_time_us, last = folded.rows[folded.n - 1].open_time_us;
    uint64_t matched = compare_series(&folded, &candles.klines, first, last, &compared, &different);
    printf("trades %s -> %s: %llu candles, %llu fields, %llu different\n", trade_file, interval, (unsigned long long)matched,
           (unsigned long long)compared, (unsigned long long)different);
    assert_int_equal(different, 0);
    assert_true(matched >= want);
    kl_series_free(&folded), rows_free(&r), rows_free(&candles);
}

static void aggregate_trades_equal_candles(void **state) {
    (void)state;
    trades_against("freqtrade_freqtrade/XRP_OLD-trades.json.gz", "freqtrade_freqtrade/XRP_ETH-1m.feather.csv", "1m", 2467);
    trades_against("freqtrade_freqtrade/XRP_OLD-trades.json.gz", "freqtrade_freqtrade/XRP_ETH-5m.feather.csv", "5m", 704);
    trades_against("freqtrade_freqtrade/XRP_ETH-trades.json.gz", "freqtrade_freqtrade/XRP_ETH-1m.feather.csv", "1m", 2467);
}

/* the next cell of a JSON array of arrays: digits without their quotes; NULL at the end. */
static const char *next_cell(const char *at, char *cell, size_t capacity, int *depth) {
    for (;;) {
        at += strspn(at, " \t\r\n,");
        if (*at == '[') ++*depth, at++;
        else if (*at == ']') { if (--*depth == 0) return NULL; at++; }
        else break;
    }
    size_t n = 0;
    int quoted = *at == '"';
    at += quoted;
    while (*at && (quoted ? *at != '"' : !strchr(", \t\r\n]", *at))) {
        if (n + 1 < capacity) cell[n++] = *at;
        at++;
    }
    cell[n] = 0;
    return at + quoted;
}

static int64_t mantissa_of(const char *text, int32_t scale) {
    kl_i128 value;
    int32_t own;
    size_t used;
    assert_int_equal(kl_decimal_parse(text, strlen(text), &value, &own, &used), KL_OK);
    for (; own < scale; own++) value.lo *= 10;
    for (; own > scale; own--) value.lo /= 10;
    return (int64_t)value.lo;
}

static void kraken_trades_equal_its_minutes(void **state) {
    (void)state;
    char path[PATH], cell[8][64];
    size_t n;
    print_to(path, sizeof path, "%s/nautechsystems_nautilus_trader/kraken_http_trades.json", data_dir());
    SKIP_WITHOUT(path);
    char *text = text_of(path, &n);
    const kl_scale scale = {5, 8, 0, 0};
    kl_trades trades;
    kl_trades_init(&trades, NULL);
    const char *at = strchr(strstr(text, "XBTUSDT"), '[');
    for (int depth = 0, c = 0; (at = next_cell(at, cell[c], 64, &depth));) {
        if (++c < 7) continue;
        c = 0;
        kl_trade t;
        memset(&t, 0, sizeof t);
        t.price = mantissa_of(cell[0], 5), t.quantity.lo = (uint64_t)mantissa_of(cell[1], 8), t.time_us = mantissa_of(cell[2], 6);
        t.id = t.first_id = t.last_id = strtoll(cell[6], NULL, 10);
        t.flags = KL_TRADE_MAKER_KNOWN | (cell[3][0] == 's' ? KL_TRADE_BUYER_MAKER : 0);
        assert_int_equal(kl_trades_append(&trades, &t, 1, &scale, NULL), KL_OK);
    }
    free(text);
    assert_int_equal(trades.n, 1000);
    kl_interval minute = interval_of("1m");
    kl_series folded;
    kl_series_init(&folded, NULL);
    assert_int_equal(kl_trades_fold(&trades, &minute, &folded, NULL), KL_OK);
    print_to(path, sizeof path, "%s/nautechsystems_nautilus_trader/kraken_http_ohlc.json", data_dir());
    text = text_of(path, &n);
    at = strchr(strstr(text, "XBTUSDT"), '[');
    uint64_t compared = 0, different = 0, matched = 0;
    const kl_scale ohlc = {5, 8, 0, 0};
    for (int depth = 0, c = 0; (at = next_cell(at, cell[c], 64, &depth));) {
        if (++c < 8) continue;
        c = 0;
        kl_kline row;
        memset(&row, 0, sizeof row);
        row.open_time_us = mantissa_of(cell[0], 6);
        row.open = mantissa_of(cell[1], 5), row.high = mantissa_of(cell[2], 5), row.low = mantissa_of(cell[3], 5), row.close = mantissa_of(cell[4], 5);
        row.volume.lo = (uint64_t)mantissa_of(cell[6], 8);
        row.trade_count = strtoll(cell[7], NULL, 10);
        row.known = KL_HAS_OHLC | KL_HAS_VOLUME | KL_HAS_TRADE_COUNT;
        if (row.open_time_us <= folded.rows[0].open_time_us || row.open_time_us >= folded.rows[folded.n - 1].open_time_us) continue;
        size_t found = kl_series_find(&folded, row.open_time_us);
        int traded = folded.rows[found].open_time_us == row.open_time_us;
        assert_int_equal(traded, row.trade_count != 0);
        if (traded) compare(&folded.rows[found], &folded.scale, &row, &ohlc, &compared, &different), matched++;
    }
    free(text);
    printf("trades of Kraken -> 1m: %llu candles, %llu fields, %llu different\n", (unsigned long long)matched,
           (unsigned long long)compared, (unsigned long long)different);
    assert_int_equal(different, 0);
    assert_true(matched >= 271);
    kl_series_free(&folded), kl_trades_free(&trades);
}

/* a zip whose first column counts milliseconds of the day -> the rows with full times. */
static void load_lean(rows *r, const char *what, int day, const char *interval) {
    char path[PATH];
    size_t n;
    print_to(path, sizeof path, "%s/QuantConnect_Lean/crypto_coinbase_%s_btcusd_2016100%d_trade.zip", data_dir(), what, day);
    char *text = text_of(path, &n), *full = (char *)malloc(1 << 22);
    assert_non_null(full);
    size_t length = 0;
    const long long midnight = 1475798400000LL + (day - 7) * 86400000LL;
    for (char *line = text; *line;) {
        char *rest = strchr(line, ','), *end = strchr(line, '\n');
        assert_non_null(rest);
        int took = snprintf(full + length, ((size_t)1 << 22) - length, "%lld%.*s\n", midnight + strtoll(line, NULL, 10),
                            (int)((end ? end : line + strlen(line)) - rest), rest);
        assert_true(took > 0);
        length += (size_t)took;
        if (!end) break;
        line = end + 1;
    }
    load_text(r, path, full, length, interval, KL_FORMAT_KLINE_CSV);
    free(text), free(full);
}

static void seconds_equal_minutes_of_one_vendor(void **state) {
    (void)state;
    char path[PATH];
    print_to(path, sizeof path, "%s/QuantConnect_Lean/crypto_coinbase_second_btcusd_20161007_trade.zip", data_dir());
    SKIP_WITHOUT(path);
    uint64_t compared = 0, different = 0, matched = 0;
    for (int day = 7; day <= 9; day++) {
        rows seconds, minutes;
        rows_init(&seconds), rows_init(&minutes);
        load_lean(&seconds, "second", day, "1s"), load_lean(&minutes, "minute", day, "1m");
        kl_interval minute = interval_of("1m");
        kl_series folded;
        kl_series_init(&folded, NULL);
        assert_int_equal(kl_series_fold(&seconds.klines, &minute, &folded, NULL), KL_OK);
        matched += compare_series(&folded, &minutes.klines, 0, KL_TIME_MAX, &compared, &different);
        kl_series_free(&folded), rows_free(&seconds), rows_free(&minutes);
    }
    printf("fold 1s -> 1m of Coinbase: %llu candles, %llu fields, %llu different\n", (unsigned long long)matched,
           (unsigned long long)compared, (unsigned long long)different);
    assert_int_equal(matched, 4216);
    assert_int_equal(different, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(candles_equal_the_exchanges_own),
        cmocka_unit_test(minutes_equal_coarser_candles_of_another_source),
        cmocka_unit_test(steps_on_real_minutes),
        cmocka_unit_test(recorded_trades_equal_downloaded_candles),
        cmocka_unit_test(aggregate_trades_equal_candles),
        cmocka_unit_test(kraken_trades_equal_its_minutes),
        cmocka_unit_test(seconds_equal_minutes_of_one_vendor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
