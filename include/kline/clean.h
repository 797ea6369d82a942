/* kline/clean.h: from raw exchange text to clean candles: parse -> validate -> dedup -> gap -> sink, each stage usable
 * alone; repair, fill, outliers, folding, daily metrics and the quality report. */
#ifndef KLINE_CLEAN_H
#define KLINE_CLEAN_H
#include "kline/data.h"
#include "kline/io.h"
#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------- batches and their sinks --- */

/** What stages hand on. The producer owns the memory; a stage may change and compact the rows in place. */
typedef struct kl_kline_batch {
    kl_kline *rows;
    int64_t *source_row; /* line or element each row came from; NULL where unknown */
    size_t n;
    kl_scale scale;
} kl_kline_batch;
typedef struct kl_trade_batch {
    kl_trade *rows;
    int64_t *source_row;
    size_t n;
    kl_scale scale;
} kl_trade_batch;
typedef struct kl_kline_sink {
    void *ctx;
    kl_status (*klines)(void *ctx, kl_kline_batch *batch);
} kl_kline_sink;
typedef struct kl_trade_sink {
    void *ctx;
    kl_status (*trades)(void *ctx, kl_trade_batch *batch);
} kl_trade_sink;
/** Told of each rejected row; KL_OK goes on without it, a negative status stops with that status. NULL slot: stop with the error. */
typedef struct kl_bad_row_sink {
    void *ctx;
    kl_status (*bad)(void *ctx, const kl_error *why);
} kl_bad_row_sink;

/* ---------------------------------------------------------------------------------------------------- parsing --- */

enum { /* kl_parse_options.format */
    KL_FORMAT_AUTO = 0,
    KL_FORMAT_KLINE_CSV = 1,    /* 12 exchange columns (or the first 6..11 of them) without header */
    KL_FORMAT_HEADER_CSV = 2,   /* columns by the names in the first line: candles or trades */
    KL_FORMAT_TRADE_CSV = 3,    /* id,price,qty,quoteQty,time,maker[,best]; also time,price,qty */
    KL_FORMAT_AGG_TRADE_CSV = 4,/* id,price,qty,first,last,time,maker[,best] */
    KL_FORMAT_ROW_JSON = 5,     /* array of arrays: [t,o,h,l,c,v], 12 REST columns, [t,id,type,side,price,amount,..] trades */
    KL_FORMAT_OBJECT_JSON = 6,  /* array of objects by name, candles or trades; also {"info":{..}} of the common wrapper */
    KL_FORMAT_STREAM_JSON = 7   /* one event per line: kline, trade, aggTrade, also wrapped in {"stream","data"}, also after a
                                   receive time and blank; other events are counted and passed over */
};
enum { KL_CONTENT_UNKNOWN = 0, KL_CONTENT_KLINES = 1, KL_CONTENT_TRADES = 2 };

typedef struct kl_parse_options {
    uint32_t struct_size;
    int32_t format;
    const char *symbol;      /* rows that name another symbol (letter case and / - _ : aside) are KL_E_SYMBOL in files and passed
                                over in streams; NULL: the first one that a row names */
    kl_interval interval;    /* unit 0: the first one that a row names. Rows that name another one: in files KL_E_INTERVAL, in
                                streams passed over where it was given here, KL_E_INTERVAL where it was not */
    int32_t authority;
    int32_t utc_offset_minutes; /* of ISO times without zone */
    kl_time as_of_us;        /* bars that end before it are closed, others still forming; KL_TIME_NONE: not known */
    size_t line_max;         /* longest line or row in bytes; default 1 MiB */
    int32_t allow_negative_prices;
    int32_t reserved;
    kl_kline_sink klines;
    kl_trade_sink trades;
    kl_bad_row_sink bad;
} kl_parse_options;

typedef struct kl_parse_counts {
    uint64_t bytes, lines /* or JSON elements */, rows, bad_rows, passed_over; /* blank lines, headers, other events */
    uint64_t neutralised;                               /* trades with price and quantity 0 */
    uint64_t unit_rows[5];                              /* by KL_EPOCH_*; [0]: ISO text */
    uint64_t unit_changes;                              /* rows whose time is in another unit than the row before */
    int32_t format, content;
    uint32_t known_all, known_any;                      /* AND / OR of kl_kline.known */
    char unknown_columns[160];                          /* header names that were ignored, joined with ',' */
    char symbol[KL_SYMBOL_MAX];                         /* as said inside the data; "" */
} kl_parse_counts;

/** Push parser over one source of rows. The object holds no pointers into itself: copying its bytes clones it. */
typedef struct kl_parser kl_parser;

/** Sets every option to its default.
 *
 *  `options`: format AUTO, any symbol and interval, authority 0, naive ISO times in UTC, no as-of time, line_max 1 MiB, negative
 *  prices refused, no receivers (rows are then only counted; the first bad row stops the parser).
 *  Return: nothing.
 *  On failure: nothing is written where `options` is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_parse_options_init(kl_parse_options *options);

/** Says how much memory a parser needs: about 50 KiB and line_max.
 *
 *  `options`: as they will be given to kl_parser_init; line_max 16 B..1 GiB, utc_offset_minutes -1439..1439.
 *  Return: bytes; 0 where an option is out of range.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_parser_size(const kl_parse_options *options);

/** Makes a parser in the caller's memory.
 *
 *  `memory`: aligned for any type, `bytes` of it, at least kl_parser_size(options); kept until the parser is no longer used.
 *  `options`: copied; the symbol's text too. `parser`: the parser, at the start of the memory.
 *  Return: KL_OK; KL_E_ARG where a pointer is NULL or an option out of range; KL_E_SIZE where `bytes` is too small.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation; memory for torn lines is touched only when one comes.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_parser_init(void *memory, size_t bytes, const kl_parse_options *options, kl_parser **parser);

/** Feeds any piece of the text; rows, errors and counts are the same however the text is cut.
 *
 *  Rows reach the receivers in batches of up to 256, at the latest when the call returns, but for the row with the highest open time
 *  so far, which waits until a later one proves it closed or the text ends (rows whose source says whether they are closed do not
 *  wait). Where a source runs backwards the waiting row comes later than in the text. A bad row is told to `bad` and left out
 *  as a whole, or stops the parser where there is no `bad`. `parser`: not finished, not failed. `text`: `length` bytes of
 *  ASCII or UTF-8, read during the call only; NULL only with length 0. `error`: optional; row is the line (header included) or the
 *  element of a JSON array, column the field, both from 1.
 *  Return: KL_OK; KL_E_ARG; KL_E_STATE after an error or finish; the status of the row that stopped the parser: KL_E_COLUMNS,
 *  KL_E_NUMBER, KL_E_NOT_FINITE, KL_E_TIME, KL_E_SCALE, KL_E_OVERFLOW, KL_E_TEXT, KL_E_JSON, KL_E_LINE, KL_E_PRICE, KL_E_VOLUME,
 *  KL_E_SYMBOL, KL_E_INTERVAL; KL_E_FORMAT where the first line is neither candles nor trades; what a receiver returned.
 *  On failure: rows before the bad one are delivered by now or by kl_parser_finish; the parser takes no more text.
 *  Cost: O(length), no allocation; whole lines are read where they are, only torn ones are copied.
 *  Thread: exclusive on `parser`.
 *  Source: formats of the exchanges' archives, REST and stream interfaces.
 *  Since: 0.1 */
KL_API kl_status kl_parser_push(kl_parser *parser, const char *text, size_t length, kl_error *error);

/** Ends the text: a last line without newline counts, and the rows that waited are delivered.
 *
 *  The row with the highest open time is marked KL_SUSPECT unless it is proved closed; the others are KL_CLOSED unless their source
 *  says otherwise. `parser`: not finished yet; after a failure the rows before it are still delivered. `error`: optional.
 *  Return: KL_OK; KL_E_TRUNCATED in the middle of JSON or of a CSV row; KL_E_EMPTY where there was no row at all; what
 *  kl_parser_push returns for the last line; the earlier error of a failed parser.
 *  On failure: the rows before the error are delivered, unless a receiver had stopped the parser.
 *  Cost: O(line), no allocation.
 *  Thread: exclusive on `parser`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_parser_finish(kl_parser *parser, kl_error *error);

/** Gives what was counted so far.
 *
 *  `parser`: in any state. `counts`: lines = rows + bad_rows + passed_over for sources of lines once finished.
 *  Return: nothing.
 *  On failure: nothing is written where a pointer is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_parser_counts(const kl_parser *parser, kl_parse_counts *counts);

/** Reads, unpacks (plain, gzip, zip) and parses a whole source; each zip member is a text of its own.
 *
 *  `reader`: gives the packed or plain bytes. `options`: as for kl_parser_init. `alloc`: for the parser and its buffers, given back
 *  before the return; NULL: libc. `counts`: optional; sums over the members, format and content of the last. `error`: optional.
 *  Return: KL_OK; KL_E_ARG; KL_E_MEMORY; KL_E_CORRUPT, KL_E_UNSUPPORTED, KL_E_TRUNCATED of the container; what the parser
 *  returns; what the reader returned. A zip member without a row is passed over if another one has rows.
 *  On failure: rows before the error were delivered; `counts` is what was counted so far.
 *  Cost: O(bytes); a buffer of 320 KiB, the parser and the unpacker, whatever the size of the source.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_parse_reader(const kl_reader *reader, const kl_parse_options *options, const kl_alloc *alloc,
                                 kl_parse_counts *counts, kl_error *error);

/* ------------------------------------------------------------------------------------------------- validation --- */

enum { /* rules, as bits */
    KL_RULE_PRICE = 1, KL_RULE_OHLC = 2, KL_RULE_VOLUME = 4, KL_RULE_CLOSE_TIME = 8, KL_RULE_ALIGNED = 16, KL_RULE_ORDER = 32,
    KL_RULE_TIME = 64
};
typedef struct kl_validate_options {
    uint32_t struct_size;
    uint32_t reject;         /* rules whose breach rejects the row; default PRICE OHLC VOLUME CLOSE_TIME TIME */
    uint32_t repair;         /* rules mended by kl_repair before they are judged; default 0 */
    uint32_t flag;           /* rules whose breach sets a flag (UNALIGNED) or is counted only; default ALIGNED ORDER */
    kl_interval interval;    /* unit 0: no close time normalisation and no alignment rule */
    kl_kline_sink next;      /* klines NULL: in-place use */
    kl_bad_row_sink bad;
} kl_validate_options;
typedef struct kl_validate_counts {
    uint64_t rows, passed, rejected, repaired;
    uint64_t breaches[7]; /* by rule bit position */
    uint64_t fillers, zero_volume, truncated_close_times;
} kl_validate_counts;
typedef struct kl_validator kl_validator;
KL_API void kl_validate_options_init(kl_validate_options *options);
KL_API size_t kl_validator_size(void);
KL_API kl_status kl_validator_init(void *memory, size_t bytes, const kl_validate_options *options, kl_validator **validator);
KL_API kl_status kl_validator_push(kl_validator *validator, kl_kline_batch *batch, kl_error *error);
KL_API void kl_validator_counts(const kl_validator *validator, kl_validate_counts *counts);
/* one row against the rules: KL_OK or the status of the first broken one; bits of all broken ones in *broken. */
KL_API kl_status kl_validate_kline(const kl_kline *row, const kl_interval *interval, uint32_t *broken, kl_error *error);
/* F34: missing or non-positive open, high, low <- close, missing volume <- 0; high and low widened to enclose. 1: changed. */
KL_API int32_t kl_repair_kline(kl_kline *row);

/* ------------------------------------------------------------------------------------------------------ dedup --- */

enum { KL_DEDUP_RANK = 0, KL_DEDUP_FIRST = 1, KL_DEDUP_LAST = 2 };
typedef struct kl_dedup_counts {
    uint64_t rows, unique, same /* equal content skipped */, replaced, kept, revisions /* closed rows with other content */,
        out_of_order;
} kl_dedup_counts;
/** Told when two versions of one candle differ. */
typedef struct kl_change_sink {
    void *ctx;
    kl_status (*changed)(void *ctx, const kl_kline *winner, const kl_kline *loser, const kl_scale *scale);
} kl_change_sink;
typedef struct kl_dedup kl_dedup; /* streaming: needs rows in rising order; keys that step back are handed on as they are, counted */
KL_API size_t kl_dedup_size(void);
KL_API kl_status kl_dedup_init(void *memory, size_t bytes, int32_t policy, const kl_kline_sink *next, const kl_change_sink *changes,
                               kl_dedup **dedup);
KL_API kl_status kl_dedup_push(kl_dedup *dedup, kl_kline_batch *batch, kl_error *error);
KL_API kl_status kl_dedup_finish(kl_dedup *dedup, kl_error *error); /* hands on the last row */
KL_API void kl_dedup_counts_get(const kl_dedup *dedup, kl_dedup_counts *counts);
/* whole series: sorts by open time and keeps one version per key, whatever the order of arrival. */
KL_API kl_status kl_series_dedup(kl_series *series, int32_t policy, const kl_change_sink *changes, kl_dedup_counts *counts, kl_error *error);
/* trades: sorts by (id, time); equal ids keep one. Without ids nothing is dropped unless drop_equal_rows (F26). */
KL_API kl_status kl_trades_dedup(kl_trades *trades, int32_t drop_equal_rows, kl_dedup_counts *counts, kl_error *error);

/* ------------------------------------------------------------------------------------------------- gaps, fill --- */

typedef struct kl_gap {
    kl_time from, to; /* opens of the first missing bar and of the next present one */
    int64_t missing;
} kl_gap;
typedef struct kl_gap_sink {
    void *ctx;
    kl_status (*gap)(void *ctx, const kl_gap *gap);
} kl_gap_sink;
typedef struct kl_gap_finder kl_gap_finder; /* streaming, over sorted unique rows */
KL_API size_t kl_gap_finder_size(void);
KL_API kl_status kl_gap_finder_init(void *memory, size_t bytes, const kl_interval *interval, const kl_kline_sink *next,
                                    const kl_gap_sink *gaps, kl_gap_finder **finder);
KL_API kl_status kl_gap_finder_push(kl_gap_finder *finder, kl_kline_batch *batch, kl_error *error);
KL_API void kl_gap_finder_counts(const kl_gap_finder *finder, uint64_t *gaps, uint64_t *missing);
KL_API kl_status kl_series_gaps(const kl_series *series, const kl_gap_sink *gaps, uint64_t *n_gaps, uint64_t *missing, kl_error *error);
/* holes in trade ids: from = first missing id, to = next present id. */
KL_API kl_status kl_trades_gaps(const kl_trades *trades, const kl_gap_sink *gaps, uint64_t *n_gaps, uint64_t *missing, kl_error *error);

enum { KL_FILL_NONE = 0, KL_FILL_PREVIOUS = 1 /* flat at the last close, volume 0, count 0 */, KL_FILL_UNKNOWN = 2 /* no field known */ };
/* inserts KL_SYNTHETIC rows into gaps of at most max_run bars (0: any). Works on a sorted, unique series. */
KL_API kl_status kl_series_fill(kl_series *series, int32_t mode, uint64_t max_run, uint64_t *filled, kl_error *error);
KL_API void kl_series_unfill(kl_series *series, uint64_t *removed); /* drops KL_SYNTHETIC rows */

/* F35: marks or drops bars whose simple return from the last kept close is outside (-max_down, +max_up); each good bar is
 * differenced against the last good one. After `patience` consecutive rejects at a steady level the level is accepted. */
KL_API kl_status kl_series_outliers(kl_series *series, double max_down, double max_up, uint32_t patience, int32_t drop, uint64_t *found, kl_error *error);

/* --------------------------------------------------------------------------------------------------- folding --- */

typedef struct kl_fold_info {
    uint64_t rows;            /* bars or trades folded in */
    uint64_t expected;        /* source bars in a complete bucket; 0 where unknown */
    uint64_t missing_ids;     /* ids absent between first and last trade id */
    uint64_t neutralised, late;
    kl_time first_us, last_us; /* first and last source row or trade */
} kl_fold_info;
typedef struct kl_fold_sink {
    void *ctx;
    /* a finished (or revised) bucket; info belongs to it */
    kl_status (*candle)(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info);
} kl_fold_sink;
typedef struct kl_fold_options {
    uint32_t struct_size;
    uint32_t reserved;
    kl_interval from; /* source interval; unit 0: trades */
    kl_interval to;
    kl_time lateness_us; /* how long a bucket stays open for late trades; default 0 */
    kl_fold_sink sink;
} kl_fold_options;
typedef struct kl_fold kl_fold; /* streaming: candles -> larger candles, or trades -> candles; one state, exact */
KL_API void kl_fold_options_init(kl_fold_options *options);
KL_API size_t kl_fold_size(const kl_fold_options *options);
KL_API kl_status kl_fold_init(void *memory, size_t bytes, const kl_fold_options *options, kl_fold **fold);
KL_API kl_status kl_fold_klines(kl_fold *fold, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error);
KL_API kl_status kl_fold_trades(kl_fold *fold, const kl_trade *rows, size_t n, const kl_scale *scale, kl_error *error);
KL_API kl_status kl_fold_peek(const kl_fold *fold, kl_kline *forming, kl_scale *scale, kl_fold_info *info); /* KL_END: none */
KL_API kl_status kl_fold_finish(kl_fold *fold, kl_error *error); /* hands out the open bucket, KL_PARTIAL unless complete */
/* the state as bytes, little-endian, the same on every platform; restore continues bit for bit. */
KL_API size_t kl_fold_snapshot_size(const kl_fold *fold);
KL_API kl_status kl_fold_snapshot(const kl_fold *fold, void *bytes, size_t capacity, size_t *used);
KL_API kl_status kl_fold_restore(kl_fold *fold, const void *bytes, size_t n, kl_error *error);
/* whole series at once. */
KL_API kl_status kl_series_fold(const kl_series *series, const kl_interval *to, kl_series *out, kl_error *error);
KL_API kl_status kl_trades_fold(const kl_trades *trades, const kl_interval *to, kl_series *out, kl_error *error);
/* trades as columns of doubles -> candles as columns (caller's memory): for analytics at memory speed. Columns must be sorted by
 * time; buckets without trades are absent. quote volume is the sum of price * quantity; *n_out candles. */
typedef struct kl_trade_columns {
    size_t n;
    const kl_time *time_us;
    const double *price, *quantity;
    const uint8_t *buyer_maker; /* NULL: unknown */
} kl_trade_columns;
typedef struct kl_candle_columns { /* writable */
    size_t capacity;
    kl_time *open_time_us;
    double *open, *high, *low, *close, *volume, *quote_volume, *taker_buy_base, *taker_buy_quote, *trade_count; /* NULL: not wanted */
} kl_candle_columns;
KL_API kl_status kl_trade_columns_fold(const kl_trade_columns *trades, const kl_interval *to, kl_candle_columns *out, size_t *n_out, kl_error *error);

/* -------------------------------------------------------------------------------- daily metrics, price spread --- */

/* F40: per row of a daily (or any) series: change, change_pct, spread, spread_pct, return_pct and log_return against the previous
 * close; digits >= 0 rounds (half away from zero), -1 leaves exact. Columns: open_time .. as a table. */
KL_API kl_status kl_daily_metrics(const kl_series *series, int32_t digits, kl_table *table, kl_error *error);
/* F109: bars of equal open time in two series: both closes, difference, difference in bps of the mean. */
KL_API kl_status kl_price_spread(const kl_series *a, const kl_series *b, kl_table *table, kl_error *error);

/* ---------------------------------------------------------------------------------------------- quality report --- */

enum { KL_FRESH_UNKNOWN = 0, KL_FRESH_OK = 1, KL_FRESH_WARN = 2, KL_FRESH_ERROR = 3 };
typedef struct kl_quality_options {
    uint32_t struct_size;
    uint32_t reserved;
    kl_interval interval;     /* unit 0: guessed from the rows */
    double outlier_return;    /* |simple return| that counts as an outlier; default 0.5 */
    kl_time now_us;           /* KL_TIME_NONE: freshness is not judged */
    kl_time warn_after_us, error_after_us; /* age of the newest row's end; 0: not judged */
    uint64_t min_rows;        /* floor; 0: none */
    uint64_t min_trades;      /* trades in the last 15 minutes before now; 0: none */
} kl_quality_options;
typedef struct kl_quality {
    kl_interval interval;
    uint64_t rows, unique, duplicates /* extra rows, equal content */, conflicts /* extra rows, other content */, out_of_order;
    uint64_t gaps, missing;
    uint64_t bad_price, bad_ohlc, bad_volume, bad_close_time, unaligned, truncated_close_times;
    uint64_t zero_volume, fillers, synthetic, suspect, forming, outliers, unknown_fields;
    uint64_t unit_changes; /* filled by the caller from kl_parse_counts */
    kl_time first_us, last_us;
    int32_t freshness;
    int32_t findings; /* number of rules that failed: 0 is a clean series */
} kl_quality;
KL_API void kl_quality_options_init(kl_quality_options *options);
/* rows in the order of the source: nothing is changed. gaps may be NULL. */
KL_API kl_status kl_series_quality(const kl_series *series, const kl_quality_options *options, const kl_alloc *alloc,
                                   const kl_gap_sink *gaps, kl_quality *quality, kl_error *error);
KL_API kl_status kl_trades_quality(const kl_trades *trades, const kl_quality_options *options, const kl_alloc *alloc,
                                   const kl_gap_sink *gaps, kl_quality *quality, kl_error *error);

#ifdef __cplusplus
}
#endif
#endif
