/* The rules that every candle has to keep, and what becomes of a row that breaks one. */
#include "clean/validate.h"
#include "base/wide.h"
#include "clean/filler.h"
#include "clean/options.h"
#include <string.h>

struct kl_validator {
    kl_validate_options options;
    kl_validate_counts counts;
    kl__bucket bucket;
    kl_time previous; /* open of the row before */
};

enum { VALIDATE_VALUES = 0x1ff, VALIDATE_ALL_RULES = 127 };

/* What each rule reports, in the order in which a row is judged. Columns are those of an exchange's row: open time 1, open 2 ... */
static const struct {
    uint32_t rule;
    kl_status status;
    int64_t column;
    const char *text;
} validate_rules[] = {
    {KL_RULE_TIME, KL_E_TIME, 1, "the open time lies outside 2000..2100"},
    {KL_RULE_PRICE, KL_E_PRICE, 2, "a price is zero or negative"},
    {KL_RULE_OHLC, KL_E_OHLC, 3, "high and low do not enclose open and close"},
    {KL_RULE_VOLUME, KL_E_VOLUME, 6, "a volume or count is negative, or a taker volume exceeds the whole"},
    {KL_RULE_CLOSE_TIME, KL_E_CLOSE_TIME, 7, "the close time lies before the open time or after the interval's end"},
    {KL_RULE_ALIGNED, KL_E_INTERVAL, 1, "the open time is not a start of the interval"},
    {KL_RULE_ORDER, KL_E_ORDER, 1, "the open time lies before that of the row before"},
};
enum { VALIDATE_RULES = sizeof validate_rules / sizeof validate_rules[0] };

static int64_t validate_column(const kl_kline *row, uint32_t rule, int64_t column) {
    if (rule == KL_RULE_PRICE) {
        const int64_t price[4] = {row->open, row->high, row->low, row->close};
        for (int i = 0; i < 4; i++)
            if ((row->known >> i & 1) && price[i] <= 0) return 2 + i;
    } else if (rule == KL_RULE_VOLUME) {
        if (kl__wide_is_negative(row->volume)) return 6;
        if (kl__wide_is_negative(row->quote_volume)) return 8;
        if (row->trade_count < 0) return 9;
        if (kl__wide_is_negative(row->taker_buy_base) || kl__wide_compare(row->taker_buy_base, row->volume) > 0) return 10;
        return 11;
    }
    return column;
}

static kl_status validate_report(const kl_kline *row, uint32_t broken, int64_t line, kl_error *error) {
    for (int i = 0; i < VALIDATE_RULES; i++)
        if (broken & validate_rules[i].rule)
            return kl__fail(error, validate_rules[i].status, 0, line,
                            validate_column(row, validate_rules[i].rule, validate_rules[i].column), "%s",
                            validate_rules[i].text);
    return KL_OK;
}

/* 1 where every value is known and keeps PRICE, OHLC and VOLUME: the row that nearly all rows are, judged by sign bits. */
KL__INLINE int validate_plain(const kl_kline *row) {
    if ((row->known & VALIDATE_VALUES) != VALIDATE_VALUES) return 0;
    uint64_t o = (uint64_t)row->open, h = (uint64_t)row->high, l = (uint64_t)row->low, c = (uint64_t)row->close;
    uint64_t sign = (o | h | l | c) | (o - 1) | (h - 1) | (l - 1) | (c - 1) | (h - o) | (h - c) | (o - l) | (c - l);
    kl_i128 base, quote;
    (void)kl__wide_sub(row->volume, row->taker_buy_base, &base);
    (void)kl__wide_sub(row->quote_volume, row->taker_buy_quote, &quote);
    sign |= (uint64_t)row->volume.hi | (uint64_t)row->quote_volume.hi | (uint64_t)row->taker_buy_base.hi |
            (uint64_t)row->taker_buy_quote.hi | (uint64_t)base.hi | (uint64_t)quote.hi | (uint64_t)row->trade_count;
    return !(sign >> 63);
}

static int validate_has(const kl_kline *row, uint32_t bits) { return (row->known & bits) == bits; }

static uint32_t validate_prices(const kl_kline *row) {
    uint32_t broken = 0;
    const int64_t price[4] = {row->open, row->high, row->low, row->close};
    for (int i = 0; i < 4; i++)
        if ((row->known >> i & 1) && price[i] <= 0) broken |= KL_RULE_PRICE;
    for (int i = 0; i < 4; i++) {
        if (!(row->known >> i & 1)) continue;
        if ((row->known & KL_HAS_HIGH) && price[i] > row->high) broken |= KL_RULE_OHLC;
        if ((row->known & KL_HAS_LOW) && price[i] < row->low) broken |= KL_RULE_OHLC;
    }
    return broken;
}

static uint32_t validate_volumes(const kl_kline *row) {
    int bad = ((row->known & KL_HAS_VOLUME) && kl__wide_is_negative(row->volume)) ||
              ((row->known & KL_HAS_QUOTE_VOLUME) && kl__wide_is_negative(row->quote_volume)) ||
              ((row->known & KL_HAS_TRADE_COUNT) && row->trade_count < 0) ||
              ((row->known & KL_HAS_TAKER_BASE) && kl__wide_is_negative(row->taker_buy_base)) ||
              ((row->known & KL_HAS_TAKER_QUOTE) && kl__wide_is_negative(row->taker_buy_quote)) ||
              (validate_has(row, KL_HAS_VOLUME | KL_HAS_TAKER_BASE) && kl__wide_compare(row->taker_buy_base, row->volume) > 0) ||
              (validate_has(row, KL_HAS_QUOTE_VOLUME | KL_HAS_TAKER_QUOTE) &&
               kl__wide_compare(row->taker_buy_quote, row->quote_volume) > 0);
    return bad ? KL_RULE_VOLUME : 0;
}

KL__INLINE uint32_t validate_values(const kl_kline *row) {
    return KL__LIKELY(validate_plain(row)) ? 0 : validate_prices(row) | validate_volumes(row);
}

KL__INLINE int validate_time_ok(kl_time time) { return time >= KL_TIME_MIN && time < KL_TIME_MAX; }

/* Judges open and close time against the bucket. The nominal end, as sources of every time unit write it, becomes next - 1 us. */
KL__INLINE uint32_t validate_times(kl_kline *row, const kl__bucket *bucket, uint64_t *truncated) {
    uint32_t broken = row->open_time_us == bucket->open ? 0 : KL_RULE_ALIGNED;
    if (!(row->known & KL_HAS_CLOSE_TIME)) {
        row->close_time_us = bucket->next - 1;
        return broken;
    }
    int64_t before_end = bucket->next - row->close_time_us; /* nominal: 1 us, 1 ms, 1 s, or 0 where the end is exclusive */
    if (KL__LIKELY(before_end == 1 || before_end == 1000 || before_end == 0 ||
                   (before_end == 1000000 && bucket->length != 1000000))) {
        row->close_time_us = bucket->next - 1;
        return broken;
    }
    kl_time end = bucket->next;
    if (broken) end += row->open_time_us - bucket->open; /* an unaligned bar may be as long as the others */
    int zero_volume; /* a bar without trades is closed at the last trade before the outage, which may lie before its own open */
    if (row->close_time_us > end || (row->close_time_us < row->open_time_us && !kl__is_filler(row, &zero_volume)))
        return broken | KL_RULE_CLOSE_TIME;
    if (row->close_time_us < bucket->next) ++*truncated;
    return broken;
}

KL__INLINE uint32_t validate_judge(kl_kline *row, kl__bucket *bucket, uint64_t *truncated) {
    uint32_t broken = validate_values(row);
    if (KL__UNLIKELY(!validate_time_ok(row->open_time_us))) return broken | KL_RULE_TIME;
    if (!bucket->interval.unit) {
        if ((row->known & KL_HAS_CLOSE_TIME) && row->close_time_us < row->open_time_us) broken |= KL_RULE_CLOSE_TIME;
        return broken;
    }
    if (KL__UNLIKELY(kl__bucket_at(bucket, row->open_time_us) < 0)) return broken | KL_RULE_TIME;
    return broken | validate_times(row, bucket, truncated);
}

uint32_t kl__validate_row(kl_kline *row, kl__bucket *bucket, uint64_t *truncated) {
    return validate_judge(row, bucket, truncated);
}

kl_status kl_validate_kline(const kl_kline *row, const kl_interval *interval, uint32_t *broken, kl_error *error) {
    if (!row) return kl__fail(error, KL_E_ARG, 1, 0, 0, "row is missing");
    kl_kline copy = *row;
    const kl_interval none = {0, 0, 0};
    kl__bucket bucket;
    kl__bucket_init(&bucket, interval ? interval : &none);
    uint64_t truncated = 0;
    uint32_t found = validate_judge(&copy, &bucket, &truncated);
    if (broken) *broken = found;
    return validate_report(row, found, 0, error);
}

void kl_validate_options_init(kl_validate_options *options) {
    if (!options) return;
    memset(options, 0, sizeof *options);
    options->struct_size = sizeof *options;
    options->reject = KL_RULE_PRICE | KL_RULE_OHLC | KL_RULE_VOLUME | KL_RULE_CLOSE_TIME | KL_RULE_TIME;
    options->flag = KL_RULE_ALIGNED | KL_RULE_ORDER;
}

size_t kl_validator_size(void) { return sizeof(kl_validator); }

kl_status kl_validator_init(void *memory, size_t bytes, const kl_validate_options *options, kl_validator **validator) {
    if (!memory || !options || !validator) return KL_E_ARG;
    if (bytes < sizeof(kl_validator)) return KL_E_SIZE;
    kl_validator *v = (kl_validator *)memory;
    memset(v, 0, sizeof *v);
    kl_validate_options_init(&v->options);
    KL__TRY(kl__options_take(&v->options, sizeof v->options, options));
    if ((v->options.reject | v->options.repair | v->options.flag) & ~(uint32_t)VALIDATE_ALL_RULES) return KL_E_ARG;
    kl_time open;
    if (v->options.interval.unit) KL__TRY(kl_interval_floor(&v->options.interval, KL_TIME_MIN, &open));
    kl__bucket_init(&v->bucket, &v->options.interval);
    v->previous = KL_TIME_NONE;
    *validator = v;
    return KL_OK;
}

/* a row that breaks rules: mends, flags, counts; 1: keep it, 0: leave it out, negative: stop. */
static kl_status validate_broken(kl_validator *v, kl_kline *row, uint32_t broken, int64_t line, kl_error *error) {
    for (int bit = 0; bit < VALIDATE_RULES; bit++) v->counts.breaches[bit] += broken >> bit & 1;
    if ((broken & v->options.repair) && kl_repair_kline(row)) {
        v->counts.repaired++;
        broken = (broken & ~(uint32_t)(KL_RULE_PRICE | KL_RULE_OHLC | KL_RULE_VOLUME)) | validate_values(row);
    }
    if (broken & v->options.flag & KL_RULE_ALIGNED) row->flags |= KL_UNALIGNED;
    if (!(broken & v->options.reject)) return 1;
    v->counts.rejected++;
    kl_error why;
    kl_status status = validate_report(row, broken & v->options.reject, line, &why);
    if (v->options.bad.bad) {
        KL__TRY(v->options.bad.bad(v->options.bad.ctx, &why));
        return 0;
    }
    if (error) *error = why;
    return status;
}

kl_status kl_validator_push(kl_validator *validator, kl_kline_batch *batch, kl_error *error) {
    if (!validator || !batch || (batch->n && !batch->rows)) return kl__fail(error, KL_E_ARG, 2, 0, 0, "batch is missing");
    kl_validator *v = validator;
    kl_time previous = v->previous;
    uint64_t truncated = 0, fillers = 0, zeros = 0;
    size_t kept = 0;
    for (size_t i = 0; i < batch->n; i++) {
        kl_kline *row = &batch->rows[i];
        if (KL__UNLIKELY(v->options.repair && !validate_has(row, KL_HAS_OHLC | KL_HAS_VOLUME)))
            v->counts.repaired += (uint64_t)kl_repair_kline(row);
        uint32_t broken = validate_judge(row, &v->bucket, &truncated);
        if (KL__UNLIKELY(row->open_time_us < previous)) broken |= KL_RULE_ORDER;
        previous = row->open_time_us;
        if (KL__UNLIKELY(broken)) {
            int64_t line = batch->source_row ? batch->source_row[i] : (int64_t)(v->counts.rows + i + 1);
            kl_status keep = validate_broken(v, row, broken, line, error);
            if (keep < 0) return keep;
            if (keep == 0) continue;
        }
        int zero_volume;
        if (KL__UNLIKELY(kl__is_filler(row, &zero_volume))) row->flags |= KL_FILLER, fillers++;
        zeros += (uint64_t)zero_volume;
        if (KL__UNLIKELY(kept != i)) {
            batch->rows[kept] = *row;
            if (batch->source_row) batch->source_row[kept] = batch->source_row[i];
        }
        kept++;
    }
    v->counts.rows += batch->n;
    v->counts.passed += kept;
    v->counts.fillers += fillers;
    v->counts.zero_volume += zeros;
    v->counts.truncated_close_times += truncated;
    v->previous = previous;
    batch->n = kept;
    return kept && v->options.next.klines ? v->options.next.klines(v->options.next.ctx, batch) : KL_OK;
}

void kl_validator_counts(const kl_validator *validator, kl_validate_counts *counts) {
    if (validator && counts) *counts = validator->counts;
}
