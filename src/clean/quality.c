/* The report of what is wrong with a series, counted row by row; nothing is changed (F110). */
#include "base/fp.h"
#include "base/size.h"
#include "base/wide.h"
#include "clean/filler.h"
#include "clean/gaps.h"
#include "clean/options.h"
#include "clean/outliers.h"
#include "clean/sort.h"
#include "clean/validate.h"
#include <string.h>

void kl_quality_options_init(kl_quality_options *options) {
    if (!options) return;
    memset(options, 0, sizeof *options);
    options->struct_size = sizeof *options;
    options->outlier_return = 0.5;
    options->now_us = KL_TIME_NONE;
}

typedef struct quality_work {
    kl_quality_options options;
    kl_alloc alloc;
    kl__sort_key *keys; /* n sorted keys and n of scratch */
    size_t bytes;
} quality_work;

static kl_status quality_begin(quality_work *work, const kl_quality_options *options, const kl_alloc *alloc, size_t n,
                               kl_quality *quality, kl_error *error) {
    kl_quality_options_init(&work->options);
    if (!quality) return kl__fail(error, KL_E_ARG, 5, 0, 0, "quality is missing");
    if (options && kl__options_take(&work->options, sizeof work->options, options) < 0)
        return kl__fail(error, KL_E_ARG, 2, 0, 0, "the options' struct_size is wrong");
    memset(quality, 0, sizeof *quality);
    quality->rows = n;
    quality->first_us = quality->last_us = KL_TIME_NONE;
    work->alloc = *(alloc ? alloc : kl_alloc_libc());
    work->keys = NULL;
    if (kl__size_mul(n ? n : 1, 2 * sizeof(kl__sort_key), &work->bytes))
        return kl__fail(error, KL_E_OVERFLOW, 1, 0, 0, "the series is too long to sort");
    work->keys = (kl__sort_key *)work->alloc.take(work->alloc.ctx, work->bytes);
    return work->keys ? KL_OK : kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory to sort %zu rows", n);
}

static void quality_end(quality_work *work) { work->alloc.give(work->alloc.ctx, work->keys, work->bytes); }

/* freshness by the age of the newest row's end. */
static void quality_freshness(const quality_work *work, kl_time end, kl_quality *q) {
    const kl_quality_options *o = &work->options;
    if (o->now_us == KL_TIME_NONE || end == KL_TIME_NONE || (!o->warn_after_us && !o->error_after_us)) return;
    kl_time age = o->now_us - end;
    q->freshness = o->error_after_us && age > o->error_after_us  ? KL_FRESH_ERROR
                   : o->warn_after_us && age > o->warn_after_us ? KL_FRESH_WARN
                                                                : KL_FRESH_OK;
}

static void quality_findings(const quality_work *work, uint64_t recent_trades, kl_quality *q) {
    const uint64_t counts[] = {q->duplicates, q->conflicts,      q->out_of_order, q->gaps,     q->bad_price,     q->bad_ohlc,
                               q->bad_volume, q->bad_close_time, q->unaligned,    q->outliers, q->unknown_fields};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) q->findings += counts[i] != 0;
    q->findings += q->freshness > KL_FRESH_OK;
    q->findings += q->unique < work->options.min_rows;
    q->findings += work->options.now_us != KL_TIME_NONE && recent_trades < work->options.min_trades;
}

/* each row on its own, in the order of the source. */
static void quality_row(const kl_kline *row, kl__bucket *bucket, kl_quality *q) {
    kl_kline copy = *row;
    uint32_t broken = kl__validate_row(&copy, bucket, &q->truncated_close_times);
    q->bad_price += (broken & KL_RULE_PRICE) != 0;
    q->bad_ohlc += (broken & KL_RULE_OHLC) != 0;
    q->bad_volume += (broken & KL_RULE_VOLUME) != 0;
    q->bad_close_time += (broken & KL_RULE_CLOSE_TIME) != 0;
    q->unaligned += (broken & KL_RULE_ALIGNED) != 0;
    int zero, filler = kl__is_filler(row, &zero);
    q->zero_volume += (uint64_t)zero;
    q->fillers += filler && !(row->flags & KL_SYNTHETIC);
    q->synthetic += (row->flags & KL_SYNTHETIC) != 0;
    q->suspect += (row->flags & (KL_SUSPECT | KL_CLOSED)) == KL_SUSPECT;
    q->forming += !(row->flags & (KL_SUSPECT | KL_CLOSED));
    const uint32_t needed = KL_HAS_OHLC | KL_HAS_VOLUME;
    q->unknown_fields += (row->known & needed) != needed;
}

/* what settles versions before their content does: ours, forming, suspect, closed */
static int quality_class(const kl_kline *r) {
    int finality = r->flags & KL_CLOSED ? 2 : r->flags & KL_SUSPECT ? 1 : 0;
    return r->flags & KL_SYNTHETIC ? finality : finality + 3;
}

/* class and content of a row as a number: the classes of an open time rise, and equal rows stand side by side. */
static int64_t quality_mix(const kl_kline *r) {
    uint64_t h = (uint64_t)r->open * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ (h >> 29) ^ (uint64_t)r->high) * UINT64_C(0xBF58476D1CE4E5B9);
    h = (h ^ (h >> 32) ^ (uint64_t)r->low) * UINT64_C(0x94D049BB133111EB);
    h = (h ^ (h >> 29) ^ (uint64_t)r->close ^ r->quote_volume.lo) * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ (h >> 32) ^ r->volume.lo ^ (uint64_t)r->trade_count) * UINT64_C(0xBF58476D1CE4E5B9);
    return (int64_t)((h ^ (h >> 31)) >> 4 | (uint64_t)quality_class(r) << 60);
}

/* 1 where keys[i] repeats the content of a row before it in its class, which starts at keys[first]. */
static int quality_repeats(const kl_series *series, const kl__sort_key *keys, size_t first, size_t i) {
    for (size_t j = i; j > first && keys[j - 1].minor == keys[i].minor; j--)
        if (kl_kline_same(&series->rows[keys[j - 1].index], &series->rows[keys[i].index])) return 1;
    return 0;
}

/* the rows [first, end) of one open time: those of the highest class repeat or contradict each other, the others were updates. */
static void quality_versions(const kl_series *series, const kl__sort_key *keys, size_t first, size_t end, kl_quality *q) {
    const int top = quality_class(&series->rows[keys[end - 1].index]);
    size_t from = end - 1;
    while (from > first && quality_class(&series->rows[keys[from - 1].index]) == top) from--;
    if (top % 3 == 0) from = end - 1; /* all forming */
    q->updates += from - first;
    for (size_t i = from + 1; i < end; i++) {
        int repeats = quality_repeats(series, keys, from, i);
        q->duplicates += (uint64_t)repeats;
        q->conflicts += (uint64_t)!repeats;
    }
}

/* keys: sorted rows; what is left in front is one key per open time, pointing at its best version. */
static size_t quality_unique(const kl_series *series, kl__sort_key *keys, kl_quality *q) {
    for (size_t i = 1, first = 0; i <= series->n; i++) {
        if (i < series->n && keys[i].major == keys[first].major) continue;
        if (i - first > 1) quality_versions(series, keys, first, i, q);
        first = i;
    }
    size_t out = 0;
    for (size_t i = 0; i < series->n; i++) {
        if (out && keys[i].major == keys[out - 1].major) {
            if (kl_kline_rank(&series->rows[keys[i].index], &series->rows[keys[out - 1].index]) > 0) keys[out - 1] = keys[i];
        } else {
            keys[out++] = keys[i];
        }
    }
    q->unique = out;
    return out;
}

static kl_status quality_gaps(const kl_interval *interval, const kl__sort_key *keys, size_t n, const kl_gap_sink *gaps, kl_quality *q) {
    kl_gap_finder memory, *finder;
    KL__TRY(kl_gap_finder_init(&memory, sizeof memory, interval, NULL, gaps, &finder));
    for (size_t i = 0; i < n; i++)
        if (keys[i].major >= KL_TIME_MIN && keys[i].major < KL_TIME_MAX) KL__TRY(kl__gap_step(finder, keys[i].major));
    kl_gap_finder_counts(finder, &q->gaps, &q->missing);
    return KL_OK;
}

enum { QUALITY_PATIENCE = 3 /* bars that make a new level */ };

static void quality_outliers(const kl_series *series, const kl__sort_key *keys, size_t n, double limit, kl_quality *q) {
    kl__outliers rule = {limit, limit, 1, QUALITY_PATIENCE, 0, 0, 0, 0};
    for (size_t i = 0; i < n; i++) {
        const kl_kline *row = &series->rows[keys[i].index];
        if (!(row->known & KL_HAS_CLOSE) || row->close <= 0) continue;
        int verdict = kl__outliers_step(&rule, i, row->close);
        q->outliers += verdict == KL__OUTLIER_BAD;
        if (verdict == KL__OUTLIER_LEVEL) q->outliers -= QUALITY_PATIENCE - 2; /* a move counts once, however long it was doubted */
    }
}

static kl_status quality_klines(const kl_series *series, quality_work *work, const kl_gap_sink *gaps, kl_quality *q, kl_error *error) {
    kl__sort_key *keys = work->keys;
    for (size_t i = 0; i < series->n; i++) {
        keys[i].major = series->rows[i].open_time_us;
        keys[i].minor = quality_mix(&series->rows[i]);
        keys[i].index = i;
        q->out_of_order += i && series->rows[i].open_time_us < series->rows[i - 1].open_time_us;
    }
    kl__sort_keys(keys, keys + series->n, series->n);
    q->first_us = keys[0].major, q->last_us = keys[series->n - 1].major;
    size_t n = quality_unique(series, keys, q);
    q->interval = work->options.interval;
    if (!q->interval.unit) q->interval = series->key.interval;
    if (!q->interval.unit) {
        kl_time *opens = (kl_time *)(void *)(keys + series->n); /* the scratch is free now */
        for (size_t i = 0; i < n; i++) opens[i] = keys[i].major;
        if (kl_interval_guess(opens, n, &q->interval) < 0) memset(&q->interval, 0, sizeof q->interval); /* no grid then */
    }
    kl__bucket bucket;
    kl__bucket_init(&bucket, &q->interval);
    for (size_t i = 0; i < series->n; i++) quality_row(&series->rows[i], &bucket, q);
    kl_time end = q->last_us;
    if (q->interval.unit) {
        kl_status status = quality_gaps(&q->interval, keys, n, gaps, q);
        if (status < 0) return kl__fail(error, status, 2, 0, 0, "%s", kl_status_text(status));
        (void)kl_interval_next(&q->interval, q->last_us, &end);
    }
    quality_outliers(series, keys, n, work->options.outlier_return, q);
    quality_freshness(work, end, q);
    return KL_OK;
}

/* trades of the newest rows, where the source counts them. */
static uint64_t quality_recent(const kl_series *series, kl_time now) {
    uint64_t trades = 0;
    for (size_t i = 0; now != KL_TIME_NONE && i < series->n; i++) {
        const kl_kline *row = &series->rows[i];
        if (row->open_time_us >= now - INT64_C(900000000) && row->open_time_us <= now && row->trade_count > 0)
            trades += (uint64_t)row->trade_count;
    }
    return trades;
}

kl_status kl_series_quality(const kl_series *series, const kl_quality_options *options, const kl_alloc *alloc,
                            const kl_gap_sink *gaps, kl_quality *quality, kl_error *error) {
    quality_work work;
    if (!series) return kl__fail(error, KL_E_ARG, 1, 0, 0, "series is missing");
    KL__TRY(quality_begin(&work, options, alloc, series->n, quality, error));
    kl_status status = series->n ? quality_klines(series, &work, gaps, quality, error) : KL_OK;
    quality_end(&work);
    KL__TRY(status);
    quality_findings(&work, quality_recent(series, work.options.now_us), quality);
    return KL_OK;
}

/* ----------------------------------------------------------------------------------------------------- trades --- */

static int quality_same_trade(const kl_trade *a, const kl_trade *b) {
    return a->id == b->id && a->first_id == b->first_id && a->last_id == b->last_id && a->time_us == b->time_us &&
           a->price == b->price && a->flags == b->flags && kl__wide_compare(a->quantity, b->quantity) == 0;
}

static void quality_trade(const kl_trade *t, kl_quality *q) {
    int neutral = (t->flags & KL_TRADE_NEUTRALISED) != 0;
    q->fillers += (uint64_t)neutral;
    q->bad_price += !neutral && t->price <= 0;
    q->bad_volume += (uint64_t)kl__wide_is_negative(t->quantity);
    q->zero_volume += !neutral && kl__wide_is_zero(t->quantity);
}

static int64_t quality_mix_trade(const kl_trade *t) {
    uint64_t h = (uint64_t)t->price * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ (h >> 29) ^ t->quantity.lo) * UINT64_C(0xBF58476D1CE4E5B9);
    h = (h ^ (h >> 32) ^ (uint64_t)t->time_us) * UINT64_C(0x94D049BB133111EB);
    return (int64_t)(h ^ (h >> 31));
}

/* extra rows of equal id; rows without id are distinct trades. */
static void quality_unique_trades(const kl_trades *trades, const kl__sort_key *keys, kl_quality *q) {
    for (size_t i = 0, first = 0; i < trades->n; i++) {
        if (i == 0 || keys[i].major < 0 || keys[i].major != keys[first].major) {
            first = i;
            q->unique++;
            continue;
        }
        int repeats = 0;
        for (size_t j = i; j > first && keys[j - 1].minor == keys[i].minor && !repeats; j--)
            repeats = quality_same_trade(&trades->rows[keys[j - 1].index], &trades->rows[keys[i].index]);
        q->duplicates += (uint64_t)repeats;
        q->conflicts += (uint64_t)!repeats;
    }
}

/* holes between ids, over keys sorted by id; where ranges and ids disagree in order the hole search goes on behind. */
static kl_status quality_id_gaps(const kl_trades *trades, const kl__sort_key *keys, const kl_gap_sink *gaps, kl_quality *q) {
    kl__id_gaps ids = {-1, -1, 0, 0};
    for (size_t i = 0; i < trades->n; i++) {
        kl_status status = kl__id_gap_step(&ids, &trades->rows[keys[i].index], gaps);
        if (status < 0 && status != KL_E_ORDER) return status;
    }
    q->gaps = ids.gaps;
    q->missing = ids.missing;
    return KL_OK;
}

kl_status kl_trades_quality(const kl_trades *trades, const kl_quality_options *options, const kl_alloc *alloc,
                            const kl_gap_sink *gaps, kl_quality *quality, kl_error *error) {
    quality_work work;
    if (!trades) return kl__fail(error, KL_E_ARG, 1, 0, 0, "trades are missing");
    KL__TRY(quality_begin(&work, options, alloc, trades->n, quality, error));
    kl_quality *q = quality;
    uint64_t recent = 0;
    kl_time now = work.options.now_us;
    for (size_t i = 0; i < trades->n; i++) {
        const kl_trade *t = &trades->rows[i];
        quality_trade(t, q);
        work.keys[i].major = t->id;
        work.keys[i].minor = quality_mix_trade(t);
        work.keys[i].index = i;
        q->out_of_order += i && t->time_us < trades->rows[i - 1].time_us;
        if (i == 0 || t->time_us < q->first_us) q->first_us = t->time_us;
        if (i == 0 || t->time_us > q->last_us) q->last_us = t->time_us;
        recent += now != KL_TIME_NONE && t->time_us <= now && t->time_us >= now - INT64_C(900000000);
    }
    kl__sort_keys(work.keys, work.keys + trades->n, trades->n);
    quality_unique_trades(trades, work.keys, q);
    kl_status status = quality_id_gaps(trades, work.keys, gaps, q);
    quality_end(&work);
    KL__TRY(status);
    quality_freshness(&work, q->last_us, q);
    quality_findings(&work, recent, q);
    return KL_OK;
}
