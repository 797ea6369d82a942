/* The market generator: the same everywhere, its files say what its trades say, its defects are the ones it counts. */
#include "base/fp.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/wide.h"
#include "kline/gen.h"

#define MINUTE INT64_C(60000000)

/* ---------------------------------------------------------------------------------------------------- helpers --- */

typedef struct {
    char *text;
    size_t n, room;
    size_t fail_after; /* bytes; 0: never */
} buffer;

static kl_status buffer_write(void *ctx, const void *bytes, size_t n) {
    buffer *b = ctx;
    if (b->fail_after && b->n + n > b->fail_after) return KL_E_CANCEL;
    if (b->n + n + 1 > b->room) {
        b->room = (b->n + n + 1) * 2;
        b->text = realloc(b->text, b->room);
        assert_non_null(b->text);
    }
    memcpy(b->text + b->n, bytes, n);
    b->n += n;
    b->text[b->n] = 0;
    return KL_OK;
}

static buffer file_of(const kl_gen_options *options, const kl_gen_file_options *file, kl_gen_counts *counts) {
    buffer b = {0};
    kl_writer writer = {&b, buffer_write};
    kl_error error = {0};
    kl_status status = kl_gen_write(options, file, NULL, &writer, counts, &error);
    if (status != KL_OK) fail_msg("kl_gen_write: %s", error.message);
    assert_true(counts->bytes == b.n);
    return b;
}

static void hash_bytes(uint64_t *hash, const void *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) *hash = (*hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
}
static void hash_int(uint64_t *hash, int64_t v) {
    *hash = (*hash ^ (uint64_t)v ^ *hash >> 29) * UINT64_C(0x9e3779b97f4a7c15);
}

/* What one symbol's trades were. */
typedef struct {
    size_t symbol;
    kl_trades trades;
    kl_scale scale;
    uint64_t hash, n, calls;
} record;

static kl_status record_trades(void *ctx, size_t symbol, const kl_trade *rows, size_t n) {
    record *r = ctx;
    r->calls++;
    assert_true(n >= 1 && n <= 512);
    for (size_t i = 0; i < n; i++) {
        hash_int(&r->hash, (int64_t)symbol);
        hash_int(&r->hash, rows[i].id);
        hash_int(&r->hash, rows[i].time_us);
        hash_int(&r->hash, rows[i].price);
        hash_int(&r->hash, (int64_t)rows[i].quantity.lo);
        hash_int(&r->hash, rows[i].flags);
    }
    r->n += n;
    if (symbol == r->symbol && r->scale.quote)
        assert_int_equal(kl_trades_append(&r->trades, rows, n, &r->scale, NULL), KL_OK);
    return KL_OK;
}

static kl_gen *make(const kl_gen_options *options) {
    size_t bytes = kl_gen_size(options);
    void *memory = malloc(bytes);
    kl_gen *gen = NULL;
    assert_non_null(memory);
    assert_int_equal(kl_gen_init(memory, bytes, options, &gen, NULL), KL_OK);
    return gen;
}

static void record_all(record *r, const kl_gen_options *options, size_t symbol) {
    kl_gen *gen = make(options);
    char name[KL_SYMBOL_MAX];
    memset(r, 0, sizeof *r);
    r->symbol = symbol;
    kl_trades_init(&r->trades, NULL);
    assert_int_equal(kl_gen_symbol(gen, symbol, name, &r->scale), KL_OK);
    while (kl_gen_next(gen, record_trades, r) == KL_OK) {
    }
    assert_int_equal(kl_gen_next(gen, record_trades, r), KL_END);
    free(gen);
}

typedef struct {
    kl_series series;
    kl_trades trades;
    uint64_t open; /* forming rows */
    kl_parse_counts counts;
} parsed;

static kl_status take_klines(void *ctx, kl_kline_batch *batch) {
    parsed *p = ctx;
    size_t kept = 0;
    for (size_t i = 0; i < batch->n; i++) {
        if (batch->rows[i].flags & (KL_CLOSED | KL_SUSPECT))
            batch->rows[kept++] = batch->rows[i];
        else
            p->open++;
    }
    return kl_series_append(&p->series, batch->rows, kept, &batch->scale, NULL);
}
static kl_status take_trades(void *ctx, kl_trade_batch *batch) {
    return kl_trades_append(&((parsed *)ctx)->trades, batch->rows, batch->n, &batch->scale, NULL);
}

/* Parses in pieces of a few hundred bytes; the status of the parser. */
static kl_status parse(parsed *p, const buffer *b, kl_error *error) {
    kl_parse_options options;
    kl_parser *parser = NULL;
    memset(p, 0, sizeof *p);
    kl_series_init(&p->series, NULL);
    kl_trades_init(&p->trades, NULL);
    kl_parse_options_init(&options);
    kl_interval_parse("1m", 2, &options.interval);
    options.klines.ctx = options.trades.ctx = p;
    options.klines.klines = take_klines;
    options.trades.trades = take_trades;
    size_t bytes = kl_parser_size(&options);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    assert_int_equal(kl_parser_init(memory, bytes, &options, &parser), KL_OK);
    kl_status status = KL_OK;
    for (size_t at = 0; at < b->n && status == KL_OK; at += 777)
        status = kl_parser_push(parser, b->text + at, b->n - at < 777 ? b->n - at : 777, error);
    if (status == KL_OK) status = kl_parser_finish(parser, error);
    kl_parser_counts(parser, &p->counts);
    free(memory);
    return status;
}
static void parse_clean(parsed *p, const buffer *b) {
    kl_error error = {0};
    if (parse(p, b, &error) != KL_OK)
        fail_msg("row %d, column %d: %s", (int)error.row, (int)error.column, error.message);
}
static void parsed_free(parsed *p) {
    kl_series_free(&p->series);
    kl_trades_free(&p->trades);
}

/* No rule is broken; close times become nominal. */
static void validate(parsed *p) {
    kl_validate_options options;
    kl_validate_counts counts;
    kl_validator *validator;
    kl_error error = {0};
    kl_validate_options_init(&options);
    kl_interval_parse("1m", 2, &options.interval);
    void *memory = malloc(kl_validator_size());
    assert_non_null(memory);
    assert_int_equal(kl_validator_init(memory, kl_validator_size(), &options, &validator), KL_OK);
    kl_kline_batch batch = {p->series.rows, NULL, p->series.n, p->series.scale};
    if (kl_validator_push(validator, &batch, &error) != KL_OK) fail_msg("%s", error.message);
    kl_validator_counts(validator, &counts);
    assert_true(counts.passed == p->series.n && batch.n == p->series.n && counts.truncated_close_times == 0);
    for (int i = 0; i < 7; i++) assert_true(counts.breaches[i] == 0);
    free(memory);
}

/* The quality report has nothing to say. */
static void judge(parsed *p) {
    kl_quality_options options;
    kl_quality quality;
    kl_quality_options_init(&options);
    kl_interval_parse("1m", 2, &options.interval);
    assert_int_equal(kl_series_quality(&p->series, &options, NULL, NULL, &quality, NULL), KL_OK);
    assert_int_equal(quality.findings, 0);
    assert_true(quality.rows == p->series.n && quality.unique == quality.rows && quality.gaps == 0 &&
                quality.outliers == 0);
    if (p->trades.n == 0) return;
    assert_int_equal(kl_trades_quality(&p->trades, &options, NULL, NULL, &quality, NULL), KL_OK);
    assert_int_equal(quality.findings, 0);
}

/* Equal in every value, whatever the scale. */
static void same_kline(const kl_kline *a, const kl_scale *a_scale, const kl_kline *b, const kl_scale *b_scale) {
    kl_scale eight = {8, 8, 8, 0};
    kl_kline x = *a, y = *b;
    assert_int_equal(kl_kline_rescale(&x, a_scale, &eight), KL_OK);
    assert_int_equal(kl_kline_rescale(&y, b_scale, &eight), KL_OK);
    x.known = y.known = KL_HAS_ALL;
    assert_true(x.open_time_us == y.open_time_us);
    if (!kl_kline_same(&x, &y))
        fail_msg("candle at %lld differs: close time %lld %lld, close %lld %lld, volume %llu %llu, taker %llu %llu",
                 (long long)x.open_time_us, (long long)x.close_time_us, (long long)y.close_time_us, (long long)x.close,
                 (long long)y.close, (unsigned long long)x.volume.lo, (unsigned long long)y.volume.lo,
                 (unsigned long long)x.taker_buy_quote.lo, (unsigned long long)y.taker_buy_quote.lo);
}
static void same_trade(const kl_trade *a, const kl_scale *a_scale, const kl_trade *b, const kl_scale *b_scale,
                       int64_t divisor) {
    kl_scale eight = {8, 8, 8, 0};
    kl_trade x = *a, y = *b;
    assert_int_equal(kl_trade_rescale(&x, a_scale, &eight), KL_OK);
    assert_int_equal(kl_trade_rescale(&y, b_scale, &eight), KL_OK);
    assert_true(x.id == y.id && x.time_us / divisor == y.time_us / divisor && x.price == y.price &&
                x.quantity.lo == y.quantity.lo);
    assert_true((x.flags & KL_TRADE_BUYER_MAKER) == (y.flags & KL_TRADE_BUYER_MAKER));
}

/* ------------------------------------------------------------------------------------------------------ tests --- */

static void test_same_everywhere(void **state) {
    (void)state; /* the hashes were made on x86-64 and hold on every platform */
    kl_gen_options options;
    kl_gen_options_init(&options);
    options.symbols = 4, options.trades_per_minute = 40, options.to = options.from + 200 * MINUTE;
    record a, b;
    record_all(&a, &options, 0);
    record_all(&b, &options, 0);
    assert_true(a.hash == b.hash && a.n == b.n);
    uint64_t files = 1;
    for (int32_t format = 1; format <= 5; format++) {
        kl_gen_file_options file;
        kl_gen_counts counts;
        kl_gen_file_options_init(&file);
        file.format = format, file.symbol = 2, file.defects = 255, file.defect_rate = 0.02, file.events = 7;
        buffer text = file_of(&options, &file, &counts);
        hash_bytes(&files, text.text, text.n);
        free(text.text);
    }
    if (a.hash != UINT64_C(0x70b931eaf8b47953) || files != UINT64_C(0x594f84678768d332))
        fail_msg("trades %016llx, files %016llx", (unsigned long long)a.hash, (unsigned long long)files);
    options.seed = 2;
    record c;
    record_all(&c, &options, 0);
    assert_true(c.hash != a.hash);
    kl_trades_free(&a.trades), kl_trades_free(&b.trades), kl_trades_free(&c.trades);
}

static void test_trades(void **state) {
    (void)state;
    kl_gen_options options;
    kl_gen_options_init(&options);
    options.symbols = 3, options.trades_per_minute = 700;
    options.from += 12345678, options.to = options.from + 61 * MINUTE + 7; /* not on minutes */
    for (size_t symbol = 0; symbol < 3; symbol++) {
        record r;
        record_all(&r, &options, symbol);
        assert_true(r.trades.n > 1000);
        assert_int_equal(r.scale.price + r.scale.volume, 8);
        for (size_t i = 0; i < r.trades.n; i++) {
            const kl_trade *t = &r.trades.rows[i];
            assert_true(t->id == r.trades.rows[0].id + (int64_t)i && t->first_id == t->id && t->last_id == t->id);
            assert_true(t->time_us >= options.from && t->time_us < options.to);
            assert_true(i == 0 || t->time_us >= t[-1].time_us);
            assert_true(t->price > 0 && t->quantity.lo > 0 && t->quantity.hi == 0);
        }
        kl_trades_free(&r.trades);
    }
}

/* Each symbol's trade file holds the trades that kl_gen_next gave among all symbols. */
static void test_trade_files(void **state) {
    (void)state;
    kl_gen_options options;
    kl_gen_options_init(&options);
    options.symbols = 3, options.to = options.from + 90 * MINUTE;
    for (size_t symbol = 0; symbol < 3; symbol++)
        for (int variant = 0; variant < 4; variant++) {
            record r;
            kl_gen_file_options file;
            kl_gen_counts counts;
            parsed p;
            record_all(&r, &options, symbol);
            kl_gen_file_options_init(&file);
            file.format = KL_GEN_TRADE_CSV, file.symbol = symbol;
            file.epoch = variant & 1 ? KL_EPOCH_US : KL_EPOCH_MS, file.header = variant >> 1;
            buffer b = file_of(&options, &file, &counts);
            parse_clean(&p, &b);
            assert_true(p.trades.n == r.trades.n && counts.rows == r.trades.n);
            for (size_t i = 0; i < r.trades.n; i++)
                same_trade(&r.trades.rows[i], &r.scale, &p.trades.rows[i], &p.trades.scale, variant & 1 ? 1 : 1000);
            parsed_free(&p), free(b.text), kl_trades_free(&r.trades);
        }
}

/* Aggregates: ids without holes, sums as in the trades. */
static void test_aggregates(void **state) {
    (void)state;
    kl_gen_options options;
    kl_gen_options_init(&options);
    options.to = options.from + 90 * MINUTE;
    for (int header = 0; header < 2; header++) {
        record r;
        kl_gen_file_options file;
        kl_gen_counts counts;
        parsed p;
        record_all(&r, &options, 0);
        kl_gen_file_options_init(&file);
        file.format = KL_GEN_AGG_TRADE_CSV, file.epoch = KL_EPOCH_US, file.header = header;
        buffer b = file_of(&options, &file, &counts);
        parse_clean(&p, &b);
        size_t at = 0;
        assert_true(p.trades.n < r.trades.n && p.trades.n > r.trades.n / 3);
        for (size_t i = 0; i < p.trades.n; i++) {
            const kl_trade *a = &p.trades.rows[i];
            kl_scale eight = {8, 8, 8, 0};
            kl_trade sum;
            uint64_t quantity = 0;
            assert_true(a->id == p.trades.rows[0].id + (int64_t)i && a->first_id == r.trades.rows[at].id);
            for (; at < r.trades.n && r.trades.rows[at].id <= a->last_id; at++) {
                sum = r.trades.rows[at];
                assert_int_equal(kl_trade_rescale(&sum, &r.scale, &eight), KL_OK);
                quantity += sum.quantity.lo;
                assert_true(sum.time_us == a->time_us);
            }
            sum = *a;
            assert_int_equal(kl_trade_rescale(&sum, &p.trades.scale, &eight), KL_OK);
            assert_true(sum.quantity.lo == quantity);
        }
        assert_true(at == r.trades.n);
        parsed_free(&p), free(b.text), kl_trades_free(&r.trades);
    }
}

/* Candles of every format are the folded trades. */
static void test_candle_files(void **state) {
    (void)state;
    kl_gen_options options;
    kl_gen_options_init(&options);
    options.symbols = 2, options.trades_per_minute = 60, options.to = options.from + 130 * MINUTE;
    static const int32_t formats[] = {KL_GEN_KLINE_CSV, KL_GEN_KLINE_CSV, KL_GEN_KLINE_JSON, KL_GEN_STREAM_JSON};
    for (int variant = 0; variant < 8; variant++) {
        record r;
        kl_gen_file_options file;
        kl_gen_counts counts;
        parsed p;
        kl_series folded;
        size_t symbol = (size_t)(variant & 1);
        record_all(&r, &options, symbol);
        kl_gen_file_options_init(&file);
        file.format = formats[variant >> 1], file.symbol = symbol, file.header = variant >> 1 == 1;
        file.epoch = variant & 1 ? KL_EPOCH_US : KL_EPOCH_MS;
        buffer b = file_of(&options, &file, &counts);
        parse_clean(&p, &b);
        kl_series_init(&folded, NULL);
        assert_int_equal(kl_trades_fold(&r.trades, &file.interval, &folded, NULL), KL_OK);
        assert_int_equal(p.series.n, 130);
        validate(&p);
        judge(&p);
        assert_int_equal(folded.n, 130); /* at this rate every minute has trades */
        for (size_t i = 0; i < folded.n; i++)
            same_kline(&folded.rows[i], &folded.scale, &p.series.rows[i], &p.series.scale);
        if (file.format == KL_GEN_STREAM_JSON) {
            assert_true(p.open > 500 && p.trades.n == r.trades.n);
            assert_true(counts.rows == p.open + p.series.n + p.trades.n);
        } else {
            assert_true(counts.rows == 130);
        }
        kl_series_free(&folded), parsed_free(&p), free(b.text), kl_trades_free(&r.trades);
    }
}

/* A quiet market: minutes without trades are flat candles, so there is never a gap; only whole bars are written. */
static void test_quiet(void **state) {
    (void)state;
    kl_gen_options options;
    kl_gen_file_options file;
    kl_gen_counts counts;
    parsed p;
    kl_gen_options_init(&options);
    options.trades_per_minute = 0.3, options.from += 30 * 1000000, options.to = options.from + 600 * MINUTE;
    kl_gen_file_options_init(&file);
    buffer b = file_of(&options, &file, &counts);
    parse_clean(&p, &b);
    size_t quiet = 0;
    assert_int_equal(p.series.n, 599);
    assert_true(p.series.rows[0].open_time_us == options.from + 30 * 1000000);
    for (size_t i = 0; i < p.series.n; i++) {
        const kl_kline *k = &p.series.rows[i];
        assert_true(i == 0 || k->open_time_us == k[-1].open_time_us + MINUTE);
        if (k->trade_count == 0) {
            quiet++;
            assert_true(k->open == k->close && k->high == k->low && k->open == k->high && kl__wide_is_zero(k->volume));
            if (i) assert_true(k->close == k[-1].close);
        }
    }
    assert_true(quiet > 300 && quiet < 590);
    validate(&p);
    judge(&p);
    parsed_free(&p), free(b.text);
}

/* -------------------------------------------------------------------------------------------- defects, counted --- */

typedef struct {
    uint64_t rows, duplicates, versions, steps_back, missing, spikes, zero, forming;
} findings;

static void look(const parsed *p, findings *f) {
    memset(f, 0, sizeof *f);
    kl_time newest = 0;
    f->rows = p->series.n;
    for (size_t i = 0; i < p->series.n; i++) {
        const kl_kline *k = &p->series.rows[i];
        f->zero += (uint64_t)kl__wide_is_zero(k->volume);
        f->spikes += k->close > 3 * k->open;
        if (i && k->open_time_us == k[-1].open_time_us) {
            if (kl_kline_same(k, k - 1))
                f->duplicates++;
            else
                f->versions++;
        }
        if (k->open_time_us < newest)
            f->steps_back++;
        else
            newest = k->open_time_us;
    }
    uint64_t span = (uint64_t)((newest - p->series.rows[0].open_time_us) / MINUTE) + 1;
    f->missing = span - (f->rows - f->duplicates - f->versions);
}

static void test_defects(void **state) {
    (void)state;
    static const int32_t formats[] = {KL_GEN_KLINE_CSV, KL_GEN_KLINE_JSON, KL_GEN_STREAM_JSON};
    kl_gen_options options;
    kl_gen_options_init(&options);
    options.trades_per_minute = 20, options.to = options.from + 3000 * MINUTE;
    for (int kind = 0; kind < (getenv("KLINE_QUICK") ? 1 : 3); kind++)
        for (int bit = -1; bit <= 8; bit++) {
            if (bit == 3 || bit == 4) continue;
            kl_gen_file_options file;
            kl_gen_counts counts;
            parsed p;
            findings f;
            kl_gen_file_options_init(&file);
            file.format = formats[kind], file.defect_rate = 0.02, file.events = KL_GEN_EVENT_KLINE;
            file.defects = bit < 0 ? 0 : bit == 8 ? 255 & ~24u : 1u << bit;
            buffer b = file_of(&options, &file, &counts);
            parse_clean(&p, &b);
            look(&p, &f);
            uint64_t hit = 0;
            for (int i = 0; i < 8; i++) {
                hit += counts.defects[i];
                if (bit < 8 && i != bit) assert_true(counts.defects[i] == 0);
            }
            if (bit == 0 || bit == 8) assert_true(counts.defects[0] > 20);
            if (bit >= 0 && bit < 8) assert_true(hit > 20 && hit < 200);
            if (counts.defects[1] && f.steps_back == 0) fail_msg("no row out of order");
            if (f.duplicates != counts.defects[0] || f.steps_back != counts.defects[1] ||
                f.missing != counts.defects[2] || f.versions != counts.defects[5] || f.spikes != counts.defects[6] ||
                f.zero != counts.defects[7])
                fail_msg("format %d, defect %d: found %d duplicates %d back %d missing %d versions %d spikes %d zero",
                         (int)file.format, bit, (int)f.duplicates, (int)f.steps_back, (int)f.missing, (int)f.versions,
                         (int)f.spikes, (int)f.zero);
            assert_true(counts.rows == f.rows + p.open);
            /* and the library's own report says the same */
            kl_quality_options judge_by;
            kl_quality q;
            kl_quality_options_init(&judge_by);
            judge_by.interval = file.interval;
            assert_int_equal(kl_series_quality(&p.series, &judge_by, NULL, NULL, &q, NULL), KL_OK);
            assert_true(q.duplicates == counts.defects[0] && q.conflicts == counts.defects[5] &&
                        q.missing == counts.defects[2]);
            assert_true(q.out_of_order == counts.defects[1] && q.zero_volume == counts.defects[7]);
            parsed_free(&p), free(b.text);
        }
}

static void test_trade_defects(void **state) {
    (void)state;
    kl_gen_options options;
    kl_gen_options_init(&options);
    options.to = options.from + 60 * MINUTE;
    for (int32_t format = KL_GEN_TRADE_CSV; format <= KL_GEN_AGG_TRADE_CSV; format++) {
        kl_gen_file_options file;
        kl_gen_counts counts, clean;
        parsed p;
        kl_gen_file_options_init(&file);
        file.format = format;
        free(file_of(&options, &file, &clean).text);
        file.defects = 255 & ~8u, file.defect_rate = 0.01;
        buffer b = file_of(&options, &file, &counts);
        parse_clean(&p, &b);
        uint64_t same = 0, versions = 0, back = 0, neutral = p.counts.neutralised;
        int64_t newest = 0;
        for (size_t i = 0; i < p.trades.n; i++) {
            const kl_trade *t = &p.trades.rows[i];
            if (i && t->id == t[-1].id) {
                if (kl__wide_compare(t->quantity, t[-1].quantity) == 0)
                    same++;
                else
                    versions++;
            }
            if (t->id < newest)
                back++;
            else
                newest = t->id;
        }
        assert_true(counts.defects[0] == same && counts.defects[5] == versions && counts.defects[7] == neutral);
        assert_true(counts.defects[1] == back && counts.defects[4] == 0);
        assert_true(counts.rows == clean.rows + same + versions - counts.defects[2]);
        assert_true(same > 0 && versions > 0 && back > 0 && neutral > 0 && counts.defects[2] > 0 &&
                    counts.defects[6] > 0);
        parsed_free(&p), free(b.text);
    }
}

static void test_ends(void **state) {
    (void)state;
    kl_gen_options options;
    kl_gen_options_init(&options);
    options.to = options.from + 100 * MINUTE;
    for (int32_t format = 1; format <= 5; format++) {
        kl_gen_file_options file;
        kl_gen_counts whole, torn, forming;
        kl_gen_file_options_init(&file);
        file.format = format, file.events = KL_GEN_EVENT_KLINE;
        buffer a = file_of(&options, &file, &whole);
        file.defects = KL_DEFECT_TORN_LINE;
        buffer b = file_of(&options, &file, &torn);
        assert_true(torn.rows == whole.rows - 1 && torn.defects[3] == 1 && b.n < a.n &&
                    memcmp(a.text, b.text, b.n) == 0);
        assert_true(b.text[b.n - 1] != '\n');
        parsed p;
        kl_error error = {0};
        kl_status status = parse(&p, &b, &error);
        if (status >= 0) fail_msg("the torn file of format %d went through", (int)format);
        parsed_free(&p);
        file.defects = KL_DEFECT_FORMING;
        buffer c = file_of(&options, &file, &forming);
        int candles = format == KL_GEN_KLINE_CSV || format == KL_GEN_KLINE_JSON || format == KL_GEN_STREAM_JSON;
        assert_true(forming.defects[4] == (uint64_t)candles);
        parsed full, part;
        parse_clean(&full, &a);
        parse_clean(&part, &c);
        if (format == KL_GEN_STREAM_JSON) {
            assert_true(part.series.n == 99 && full.series.n == 100);
        } else if (candles) { /* the same key, but less in it */
            const kl_kline *x = &full.series.rows[99], *y = &part.series.rows[99];
            assert_true(part.series.n == 100 && x->open_time_us == y->open_time_us && x->open == y->open);
            assert_true(y->trade_count < x->trade_count && y->trade_count > 0);
        } else {
            assert_true(full.trades.n == part.trades.n);
        }
        parsed_free(&full), parsed_free(&part), free(a.text), free(b.text), free(c.text);
    }
}

/* -------------------------------------------------------------------------------------------------- statistics --- */

static void closes_of(const kl_gen_options *options, size_t symbol, double *closes, size_t n) {
    kl_gen_file_options file;
    kl_gen_counts counts;
    parsed p;
    kl_gen_file_options_init(&file);
    file.symbol = symbol;
    buffer b = file_of(options, &file, &counts);
    parse_clean(&p, &b);
    assert_true(p.series.n == n);
    for (size_t i = 0; i < n; i++) closes[i] = log((double)p.series.rows[i].close);
    parsed_free(&p), free(b.text);
}

static double correlation(const double *x, const double *y, size_t n) {
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) mx += x[i] / (double)n, my += y[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        xx += (x[i] - mx) * (x[i] - mx), yy += (y[i] - my) * (y[i] - my), xy += (x[i] - mx) * (y[i] - my);
    return xy / sqrt(xx * yy);
}

static void test_statistics(void **state) {
    (void)state;
    enum { BARS = 20000, STEP = 10 };
    if (getenv("KLINE_QUICK")) return;
    static double closes[2][BARS], returns[2][BARS];
    kl_gen_options options;
    kl_gen_options_init(&options);
    options.symbols = 2, options.trades_per_minute = 8, options.correlation = 0.7,
    options.to = options.from + BARS * MINUTE;
    for (size_t s = 0; s < 2; s++) closes_of(&options, s, closes[s], BARS);
    size_t n = 0;
    double square = 0;
    for (size_t i = STEP; i < BARS; i += STEP, n++) {
        for (int s = 0; s < 2; s++) returns[s][n] = closes[s][i] - closes[s][i - STEP];
        square += returns[0][n] * returns[0][n];
    }
    double annual = sqrt(square / (double)n * 525600 / STEP), together = correlation(returns[0], returns[1], n);
    for (size_t i = 0; i < n; i++) returns[0][i] = fabs(returns[0][i]);
    double clusters = correlation(returns[0], returns[0] + 1, n - 1);
    print_message("volatility %.3f (0.6), correlation %.3f (0.7), |return| with the one before %.3f\n", annual,
                  together, clusters);
    assert_true(annual > 0.45 && annual < 0.8 && together > 0.6 && together < 0.8 && clusters > 0.08);
}

/* --------------------------------------------------------------------------------------------------- failures --- */

static void test_arguments(void **state) {
    (void)state;
    kl_gen_options good, bad;
    kl_gen_file_options file, wrong;
    kl_error error = {0};
    kl_gen *gen;
    char name[KL_SYMBOL_MAX];
    kl_gen_options_init(&good);
    kl_gen_file_options_init(&file);
    buffer b = {0};
    kl_writer writer = {&b, buffer_write};
    for (int i = 0; i < 12; i++) {
        bad = good;
        if (i == 0) bad.struct_size = 3;
        if (i == 1) bad.symbols = 0;
        if (i == 2) bad.symbols = 10001;
        if (i == 3) bad.to = bad.from;
        if (i == 4) bad.from = KL_TIME_MIN - 1;
        if (i == 5) bad.trades_per_minute = 0;
        if (i == 6) bad.trades_per_minute = (double)NAN;
        if (i == 7) bad.volatility = -1;
        if (i == 8) bad.correlation = 1;
        if (i == 9) bad.cluster = 1;
        if (i == 10) bad.to = KL_TIME_MAX + 1;
        if (i == 11) bad.trades_per_minute = 2e6;
        assert_int_equal(kl_gen_size(&bad), 0);
        assert_int_equal(kl_gen_init(&gen, 1000000, &bad, &gen, &error), KL_E_ARG);
        assert_int_equal(kl_gen_write(&bad, &file, NULL, &writer, NULL, &error), KL_E_ARG);
        assert_true(error.message[0] != 0);
    }
    for (int i = 0; i < 9; i++) {
        wrong = file;
        if (i == 0) wrong.struct_size = 0;
        if (i == 1) wrong.format = 0;
        if (i == 2) wrong.format = 6;
        if (i == 3) wrong.epoch = KL_EPOCH_NS;
        if (i == 4) wrong.symbol = 1;
        if (i == 5) wrong.defects = 256;
        if (i == 6) wrong.defects = 1, wrong.defect_rate = 1.5;
        if (i == 7) wrong.format = KL_GEN_STREAM_JSON, wrong.events = 0;
        if (i == 8) kl_interval_parse("1w", 2, &wrong.interval); /* no whole week in a day */
        assert_int_equal(kl_gen_write(&good, &wrong, NULL, &writer, NULL, &error), KL_E_ARG);
    }
    wrong = file;
    kl_interval_parse("3d", 2, &wrong.interval);
    assert_int_equal(kl_gen_write(&good, &wrong, NULL, &writer, NULL, &error), KL_E_ANCHOR);
    assert_int_equal(kl_gen_write(&good, &file, NULL, NULL, NULL, &error), KL_E_ARG);
    assert_true(b.n == 0);
    gen = make(&good);
    assert_int_equal(kl_gen_init(gen, 100, &good, &gen, &error), KL_E_SIZE);
    assert_int_equal(kl_gen_symbol(gen, 1, name, NULL), KL_E_ARG);
    assert_int_equal(kl_gen_symbol(gen, 0, name, NULL), KL_OK);
    assert_string_equal(name, "AAAUSDT");
    free(gen);
}

static kl_status refuse(void *ctx, size_t symbol, const kl_trade *rows, size_t n) {
    (void)symbol, (void)rows, (void)n;
    return --*(int *)ctx > 0 ? KL_OK : -1234;
}

static void test_failures(void **state) {
    (void)state;
    kl_gen_options options;
    kl_gen_file_options file;
    kl_gen_counts counts;
    kl_error error = {0};
    kl_gen_options_init(&options);
    options.to = options.from + 300 * MINUTE;
    kl_gen_file_options_init(&file);
    for (uint64_t at = 1;; at++) { /* every allocation */
        kl_alloc_counter counter;
        kl_alloc alloc;
        buffer b = {0};
        kl_writer writer = {&b, buffer_write};
        assert_int_equal(kl_alloc_counter_init(&counter, kl_alloc_libc(), &alloc), KL_OK);
        counter.fail_at = at;
        kl_status status = kl_gen_write(&options, &file, &alloc, &writer, &counts, &error);
        assert_true(counter.live_blocks == 0 && counter.live_bytes == 0);
        assert_true(counter.peak_bytes < 200000);
        int done = counter.requests < at;
        if (!done) assert_true(status == KL_E_MEMORY && b.n == 0);
        free(b.text);
        if (done) break;
    }
    for (int32_t format = 1; format <= 5; format++) { /* the writer gives up */
        buffer b = {0};
        kl_writer writer = {&b, buffer_write};
        b.fail_after = 100000, file.format = format, options.to = options.from + 3000 * MINUTE;
        assert_int_equal(kl_gen_write(&options, &file, NULL, &writer, &counts, &error), KL_E_CANCEL);
        assert_true(b.n <= 100000);
        free(b.text);
    }
    kl_gen *gen = make(&options);
    int left = 5;
    kl_status status = KL_OK;
    while (status == KL_OK) status = kl_gen_next(gen, refuse, &left);
    assert_int_equal(status, -1234);
    assert_int_equal(left, 0);
    free(gen);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_everywhere),
        cmocka_unit_test(test_trades),
        cmocka_unit_test(test_trade_files),
        cmocka_unit_test(test_aggregates),
        cmocka_unit_test(test_candle_files),
        cmocka_unit_test(test_quiet),
        cmocka_unit_test(test_defects),
        cmocka_unit_test(test_trade_defects),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_statistics),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
