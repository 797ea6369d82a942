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
 *  Cost: O(bytes); buffers of 384 KiB, the parser and the unpacker, whatever the size of the source.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_parse_reader(const kl_reader *reader, const kl_parse_options *options, const kl_alloc *alloc,
                                 kl_parse_counts *counts, kl_error *error);

/* ---------------------------------------------------------------- snapshots, order books, charts: one JSON text --- */

/** Receives market rows, which are valid during the call; a negative status stops with that status. */
typedef struct kl_market_sink {
    void *ctx;
    kl_status (*markets)(void *ctx, const kl_market *rows, size_t n);
} kl_market_sink;

/** Reads the exchange's 24-hour ticker: a REST object, or a 24hrTicker event, alone or in {"stream":..,"data":..}.
 *
 *  `text`, `length`: one complete JSON text; `market`: receives price, high, low, change and its percentage, the quote volume as
 *  total_volume, the time of the event or of the window's end; id is the symbol. What is absent or null is NaN, KL_TIME_NONE or 0.
 *  `error`: optional.
 *  Return: KL_OK; KL_E_JSON; KL_E_FORMAT for no object or another event; KL_E_COLUMNS without symbol or last price; KL_E_SYMBOL;
 *  KL_E_NUMBER; KL_E_NOT_FINITE; KL_E_TIME; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(length), no allocation.
 *  Thread: pure.
 *  Source: Binance spot API, 24hr ticker.
 *  Since: 0.1 */
KL_API kl_status kl_market_parse_ticker(const char *text, size_t length, kl_market *market, kl_error *error);

/** Reads a list of coins: an array of objects as CoinGecko's coins/markets gives them.
 *
 *  `text`, `length`: one complete JSON text; `sink`: receives the rows, up to 32 at a time, after all were found good; the id is
 *  the key and must be there, null or absent numbers are NaN, an unknown rank is 0, an unknown time KL_TIME_NONE; `rows`:
 *  optional, receives their number; `error`: optional, its row is the 1-based index in the array.
 *  Return: KL_OK, for an empty array too; KL_E_JSON; KL_E_FORMAT for no array of objects; KL_E_COLUMNS without id; KL_E_SYMBOL;
 *  KL_E_NUMBER; KL_E_NOT_FINITE; KL_E_TIME; KL_E_ARG; what the receiver returned.
 *  On failure: no row is handed on but where the receiver stopped.
 *  Cost: O(length), no allocation; 7 KiB of stack.
 *  Thread: pure.
 *  Source: CoinGecko API v3, coins/markets.
 *  Since: 0.1 */
KL_API kl_status kl_market_parse_coins(const char *text, size_t length, const kl_market_sink *sink, uint64_t *rows, kl_error *error);

/** Reads the top of an order book: a bookTicker event, alone or in {"stream":..,"data":..}, or the REST object.
 *
 *  `text`, `length`: one complete JSON text; `symbol`: optional, receives the name, room for KL_SYMBOL_MAX bytes; `top`: receives
 *  best bid and ask with their quantities; a side whose price is 0 is empty: NaN; the time is KL_TIME_NONE where none is said, as
 *  on the spot market; `error`: optional.
 *  Return: KL_OK; KL_E_JSON; KL_E_FORMAT for no object or another event; KL_E_COLUMNS without symbol, bid or ask; KL_E_SYMBOL;
 *  KL_E_NUMBER; KL_E_NOT_FINITE; KL_E_TIME; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(length), no allocation.
 *  Thread: pure.
 *  Source: Binance spot and futures API, book ticker.
 *  Since: 0.1 */
KL_API kl_status kl_book_top_parse(const char *text, size_t length, char *symbol /* KL_SYMBOL_MAX */, kl_book_top *top, kl_error *error);

/** Reads a chart reply of Yahoo Finance, chart.result[0], and appends its rows to a series.
 *
 *  Times are kept as sent (of days: the session's open). Rows with a null price are skipped. All rows are KL_CLOSED but the
 *  newest, which may be the live one, stamped with the time of the request: it is KL_SUSPECT. Prices are exact where one scale
 *  for all has room in 18 digits, else rounded half up to the finest that has.
 *  `text`, `length`: one complete JSON text; `series`: its symbol and interval are set where they are empty; `skipped`: optional,
 *  receives the number of null rows; `error`: optional, its row is the 1-based index in the arrays, its column 1 for timestamp, 2
 *  to 6 for open to volume.
 *  Return: KL_OK; KL_E_JSON; KL_E_FORMAT for another text; KL_E_EMPTY where the reply has no rows, with its own error text;
 *  KL_E_COLUMNS where the arrays differ in length or one is missing (volume may be); KL_E_NUMBER; KL_E_PRICE, KL_E_VOLUME below 0;
 *  KL_E_TIME; KL_E_OVERFLOW; KL_E_MEMORY; KL_E_ARG.
 *  On failure: the rows are as they were, at a finer scale perhaps.
 *  Cost: O(length), two passes.
 *  Thread: exclusive on `series`.
 *  Source: Yahoo Finance chart API v8.
 *  Since: 0.1 */
KL_API kl_status kl_yahoo_parse(const char *text, size_t length, kl_series *series, uint64_t *skipped, kl_error *error);

/* ------------------------------------------------------------------------------------------------- validation --- */

enum { /* rules, as bits. Each is judged over the fields that are known. */
    KL_RULE_PRICE = 1,      /* prices above 0 */
    KL_RULE_OHLC = 2,       /* high >= open, close, low; low <= open, close */
    KL_RULE_VOLUME = 4,     /* volumes and count >= 0; taker volumes <= the whole */
    KL_RULE_CLOSE_TIME = 8, /* open time <= close time <= end of the bar */
    KL_RULE_ALIGNED = 16,   /* the open time is a start of the interval */
    KL_RULE_ORDER = 32,     /* the open time is not before that of the row before */
    KL_RULE_TIME = 64       /* the open time lies in [KL_TIME_MIN, KL_TIME_MAX) */
};
typedef struct kl_validate_options {
    uint32_t struct_size;
    uint32_t reject;         /* rules whose breach rejects the row; default PRICE OHLC VOLUME CLOSE_TIME TIME */
    uint32_t repair;         /* PRICE OHLC VOLUME: rows that break them, or lack a price or the volume, are mended first; default 0 */
    uint32_t flag;           /* ALIGNED: an unaligned row is flagged KL_UNALIGNED; others are only counted; default ALIGNED ORDER */
    kl_interval interval;    /* unit 0: no close time normalisation and no alignment rule */
    kl_kline_sink next;      /* klines NULL: in-place use */
    kl_bad_row_sink bad;
} kl_validate_options;
typedef struct kl_validate_counts {
    uint64_t rows, passed, rejected, repaired;
    uint64_t breaches[7]; /* by rule bit position, as found after kl_repair_kline filled missing fields */
    uint64_t fillers, zero_volume, truncated_close_times;
} kl_validate_counts;
/** Judges rows in place, in batches. The object holds no pointers but those of its options. */
typedef struct kl_validator kl_validator;

/** Sets every option to its default.
 *
 *  `options`: reject PRICE OHLC VOLUME CLOSE_TIME TIME, repair nothing, flag ALIGNED ORDER, no interval, no receivers.
 *  Return: nothing.
 *  On failure: nothing is written where `options` is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_validate_options_init(kl_validate_options *options);

/** Says how much memory a validator needs.
 *
 *  There are no parameters.
 *  Return: bytes.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_validator_size(void);

/** Makes a validator in the caller's memory.
 *
 *  `memory`, `bytes`: kl_validator_size() bytes, aligned for int64_t; `options`: copied; `validator`: receives the object,
 *  which lives as long as the memory.
 *  Return: KL_OK; KL_E_ARG for a missing argument or an unknown rule; KL_E_SIZE; KL_E_INTERVAL, KL_E_ANCHOR for an interval
 *  that cannot be used.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_validator_init(void *memory, size_t bytes, const kl_validate_options *options, kl_validator **validator);

/** Judges a batch of rows in place and hands on those that pass.
 *
 *  A close time that stands for the nominal end in any time unit (end, end - 1 us, - 1 ms, - 1 s) becomes end - 1 us; another
 *  one inside the bar is kept and counted as truncated; a missing one is filled in as end - 1 us, with KL_HAS_CLOSE_TIME left
 *  unset. A bar without trades (count 0, or volume 0 where trades are not counted) is flagged KL_FILLER. A row that breaks a
 *  rejected rule goes to the bad-row receiver and is taken out of the batch; without such a receiver it ends the call.
 *  `validator`: the object; `batch`: rows are changed and compacted, n is lowered; `error`: optional, its row is the source
 *  row.
 *  Return: KL_OK; the status of the first rejected rule (KL_E_TIME, KL_E_PRICE, KL_E_OHLC, KL_E_VOLUME, KL_E_CLOSE_TIME,
 *  KL_E_INTERVAL, KL_E_ORDER) where there is no bad-row receiver; KL_E_ARG; what a receiver returned.
 *  On failure: nothing of this batch was handed on, and its rows are in no defined order.
 *  Cost: O(n), about 10 ns a row, no allocation.
 *  Thread: exclusive on `validator`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_validator_push(kl_validator *validator, kl_kline_batch *batch, kl_error *error);

/** Tells what a validator has seen so far.
 *
 *  `validator`: the object; `counts`: receives the numbers of all batches so far.
 *  Return: nothing.
 *  On failure: nothing is written where an argument is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const on `validator`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_validator_counts(const kl_validator *validator, kl_validate_counts *counts);

/** Judges one row against all rules but ORDER, without changing it.
 *
 *  `row`: the row; `interval`: NULL or unit 0: times are judged only against each other; `broken`: optional, receives the bits
 *  of all broken rules; `error`: optional, tells the first one with the column of an exchange's row (open time 1, open 2 ..
 *  taker quote 11).
 *  Return: KL_OK; the status of the first broken rule, in the order TIME PRICE OHLC VOLUME CLOSE_TIME ALIGNED; KL_E_ARG.
 *  On failure: `broken` and `error` are written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_validate_kline(const kl_kline *row, const kl_interval *interval, uint32_t *broken, kl_error *error);

/** Mends a row from its own fields.
 *
 *  Missing or non-positive open, high and low become the close; high and low are widened to enclose the others; a missing
 *  volume becomes 0. What was mended is known from then on and the row is flagged KL_REPAIRED. Without a positive close no
 *  price can be mended.
 *  `row`: changed in place.
 *  Return: 1 where something changed, else 0.
 *  On failure: 0 where `row` is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: reference system 002, row repair.
 *  Since: 0.1 */
KL_API int32_t kl_repair_kline(kl_kline *row);

/* ------------------------------------------------------------------------------------------------------ dedup --- */

enum { /* which version of a candle stays */
    KL_DEDUP_RANK = 0,  /* the one that kl_kline_rank puts first, whatever the order of arrival */
    KL_DEDUP_FIRST = 1, /* the one that came first */
    KL_DEDUP_LAST = 2   /* the one that came last */
};
/** rows = unique + same + replaced + kept. */
typedef struct kl_dedup_counts {
    uint64_t rows, unique, same /* equal content skipped */, replaced, kept, revisions /* closed rows with other content */,
        out_of_order; /* rows before the newest one (streaming), or before the row before (whole series) */
} kl_dedup_counts;
/** Told when two versions of one candle differ. A negative status ends the call. */
typedef struct kl_change_sink {
    void *ctx;
    kl_status (*changed)(void *ctx, const kl_kline *winner, const kl_kline *loser, const kl_scale *scale);
} kl_change_sink;
/** Streaming: holds back the newest row until its successor comes. Rows that step back in time cannot be compared any more; they
 *  are handed on as they are, and counted. The winner of two closed versions that differ is flagged KL_REVISED. */
typedef struct kl_dedup kl_dedup;

/** Says how much memory a streaming dedup needs.
 *
 *  There are no parameters.
 *  Return: bytes.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_dedup_size(void);

/** Makes a streaming dedup in the caller's memory.
 *
 *  `memory`, `bytes`: kl_dedup_size() bytes, aligned for int64_t; `policy`: KL_DEDUP_RANK, _FIRST or _LAST; `next`: receives
 *  the rows that stay; `changes`: optional; `dedup`: receives the object. Both sinks are copied.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_dedup_init(void *memory, size_t bytes, int32_t policy, const kl_kline_sink *next, const kl_change_sink *changes,
                               kl_dedup **dedup);

/** Takes a batch of rows and hands on those whose versions are settled.
 *
 *  `dedup`: the object; `batch`: changed in place, valid until the call returns; rows of another scale than the row held back
 *  are brought to the finer one; `error`: optional.
 *  Return: KL_OK; KL_E_ARG; KL_E_OVERFLOW where a row does not fit the finer scale; what a receiver returned.
 *  On failure: rows before the failure may have been handed on; the stream cannot go on.
 *  Cost: O(n), a few ns a row, no allocation.
 *  Thread: exclusive on `dedup`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_dedup_push(kl_dedup *dedup, kl_kline_batch *batch, kl_error *error);

/** Hands on the row that was held back.
 *
 *  `dedup`: the object, which may go on afterwards; `error`: optional.
 *  Return: KL_OK; KL_E_ARG; what the receiver returned.
 *  On failure: the row counts as handed on.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `dedup`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_dedup_finish(kl_dedup *dedup, kl_error *error);

/** Tells what a streaming dedup has seen so far.
 *
 *  `dedup`: the object; `counts`: receives the numbers; the row held back is not in unique yet.
 *  Return: nothing.
 *  On failure: nothing is written where an argument is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const on `dedup`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_dedup_counts_get(const kl_dedup *dedup, kl_dedup_counts *counts);

/** Sorts a series by open time and keeps one version of each candle.
 *
 *  With KL_DEDUP_RANK rows and flags of the result are the same for every order of the rows.
 *  `series`: changed; `policy`: KL_DEDUP_RANK, _FIRST or _LAST; `changes`: optional; `counts`: optional; `error`: optional.
 *  Return: KL_OK; KL_E_ARG; KL_E_MEMORY; KL_E_OVERFLOW; what the receiver returned.
 *  On failure: the series is as it was.
 *  Cost: O(n) where the open times rise already, else O(n log n) and twice the memory for the time of the call.
 *  Thread: exclusive on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_series_dedup(kl_series *series, int32_t policy, const kl_change_sink *changes, kl_dedup_counts *counts, kl_error *error);

/** Sorts trades by id, then time, and keeps one of each id.
 *
 *  Ids of single trades and of aggregates (KL_TRADE_AGGREGATE) are two countings: single trades come first, then aggregates.
 *  Of versions that differ a neutralised one stays (the venue took the trade back), else the one with more fields, then by
 *  content: the result does not depend on the order. Trades without ids are sorted by time; equal ones are distinct trades and
 *  all stay, unless `drop_equal_rows` is not 0: then rows of equal time, price, quantity and side keep the first.
 *  `trades`: changed; `counts`: optional; `error`: optional.
 *  Return: KL_OK; KL_E_ARG; KL_E_MEMORY; KL_E_OVERFLOW.
 *  On failure: the trades are as they were.
 *  Cost: O(n) where ids rise already, else O(n log n) and twice the memory for the time of the call.
 *  Thread: exclusive on `trades`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_trades_dedup(kl_trades *trades, int32_t drop_equal_rows, kl_dedup_counts *counts, kl_error *error);

/* ------------------------------------------------------------------------------------------------- gaps, fill --- */

/** A hole. Of candles: opens of the first missing bar and of the next present one. Of trades: the same with ids. */
typedef struct kl_gap {
    kl_time from, to;
    int64_t missing; /* bars or ids */
} kl_gap;
typedef struct kl_gap_sink {
    void *ctx;
    kl_status (*gap)(void *ctx, const kl_gap *gap);
} kl_gap_sink;
/** Streaming, over rows of rising open time. Unaligned rows count for the bar that they fall into. */
typedef struct kl_gap_finder kl_gap_finder;

/** Says how much memory a gap finder needs.
 *
 *  There are no parameters.
 *  Return: bytes.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_gap_finder_size(void);

/** Makes a gap finder in the caller's memory.
 *
 *  `memory`, `bytes`: kl_gap_finder_size() bytes, aligned for int64_t; `interval`: of the rows; `next`: optional, receives
 *  every batch as it is; `gaps`: optional, receives each hole when the row after it comes; `finder`: receives the object.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE; KL_E_INTERVAL, KL_E_ANCHOR for an interval that cannot be used.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_gap_finder_init(void *memory, size_t bytes, const kl_interval *interval, const kl_kline_sink *next,
                                    const kl_gap_sink *gaps, kl_gap_finder **finder);

/** Looks for holes before and between the rows of a batch, then hands it on.
 *
 *  `finder`: the object; `batch`: unchanged; `error`: optional.
 *  Return: KL_OK; KL_E_ORDER where open times do not rise; KL_E_TIME; KL_E_ARG; what a receiver returned.
 *  On failure: holes before the row were reported; the batch was not handed on.
 *  Cost: O(n), no allocation.
 *  Thread: exclusive on `finder`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_gap_finder_push(kl_gap_finder *finder, kl_kline_batch *batch, kl_error *error);

/** Tells how many holes were found so far.
 *
 *  `finder`: the object; `gaps`: optional, receives the number of holes; `missing`: optional, the bars in them.
 *  Return: nothing.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const on `finder`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_gap_finder_counts(const kl_gap_finder *finder, uint64_t *gaps, uint64_t *missing);

/** Finds the holes of a sorted series.
 *
 *  `series`: with its interval in the key; `gaps`: optional, receives each hole; `n_gaps`, `missing`: optional, receive the
 *  number of holes and of bars in them; `error`: optional.
 *  Return: KL_OK; KL_E_ORDER where open times do not rise; KL_E_INTERVAL; KL_E_ANCHOR; KL_E_ARG; what the receiver returned.
 *  On failure: holes before the failure were reported; the counts are not written.
 *  Cost: O(n), whatever the length of the holes; no allocation.
 *  Thread: shared-const on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_series_gaps(const kl_series *series, const kl_gap_sink *gaps, uint64_t *n_gaps, uint64_t *missing, kl_error *error);

/** Finds the holes between trade ids.
 *
 *  Aggregates answer for their range of single trades; neutralised trades and those without ids are passed over.
 *  `trades`: in rising order of ids (kl_trades_dedup); `gaps`: optional, receives each hole; `n_gaps`, `missing`: optional,
 *  receive the number of holes and of ids in them; `error`: optional.
 *  Return: KL_OK; KL_E_ORDER where ids step back; KL_E_ARG; what the receiver returned.
 *  On failure: holes before the failure were reported; the counts are not written.
 *  Cost: O(n), no allocation.
 *  Thread: shared-const on `trades`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_trades_gaps(const kl_trades *trades, const kl_gap_sink *gaps, uint64_t *n_gaps, uint64_t *missing, kl_error *error);

enum { /* what kl_series_fill puts into a hole */
    KL_FILL_NONE = 0,
    KL_FILL_PREVIOUS = 1, /* flat at the last close, volumes and count 0 */
    KL_FILL_UNKNOWN = 2   /* no field known */
};

/** Puts rows flagged KL_SYNTHETIC | KL_CLOSED into the holes of a sorted series.
 *
 *  Their close time is nominal and not known; volumes that the row before the hole does not know stay unknown.
 *  `series`: changed; `mode`: KL_FILL_NONE, _PREVIOUS or _UNKNOWN; `max_run`: holes of more bars stay, 0: none does; `filled`:
 *  optional, receives the number of rows made; `error`: optional.
 *  Return: KL_OK; KL_E_ORDER where open times do not rise; KL_E_INTERVAL; KL_E_ANCHOR; KL_E_MEMORY; KL_E_OVERFLOW; KL_E_ARG.
 *  On failure: the series is as it was.
 *  Cost: O(n + filled), a new block of rows where something is filled.
 *  Thread: exclusive on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_series_fill(kl_series *series, int32_t mode, uint64_t max_run, uint64_t *filled, kl_error *error);

/** Takes all rows flagged KL_SYNTHETIC out again: the exact reverse of kl_series_fill.
 *
 *  `series`: changed; `removed`: optional, receives their number.
 *  Return: nothing.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: exclusive on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_series_unfill(kl_series *series, uint64_t *removed);

/** Marks, or drops, bars whose simple return from the last good close is out of range.
 *
 *  Each bar is differenced against the last good one, so a spike costs only itself. Bars without a positive close are passed
 *  over. Marks of an earlier call are renewed.
 *  `series`: sorted; `max_down`, `max_up`: > 0; a return is good inside the open range (-max_down, max_up); `patience`: after
 *  so many bars in a row that are out of range but in range of each other, their level is accepted from its first bar on; 0:
 *  never; `drop`: not 0: bars are removed instead of flagged KL_OUTLIER; `found`: optional, receives their number; `error`:
 *  optional.
 *  Return: KL_OK; KL_E_ARG; KL_E_ORDER where open times do not rise.
 *  On failure: the series is as it was.
 *  Cost: O(n), no allocation.
 *  Thread: exclusive on `series`.
 *  Source: reference system 002, outlier rule, differenced again after removal.
 *  Since: 0.1 */
KL_API kl_status kl_series_outliers(kl_series *series, double max_down, double max_up, uint32_t patience, int32_t drop, uint64_t *found,
                                    kl_error *error);

/* --------------------------------------------------------------------------------------------------- folding --- */

typedef struct kl_fold_info {
    uint64_t rows;             /* bars or trades folded in */
    uint64_t expected;         /* source bars in a complete bucket; 0: trades */
    uint64_t missing_ids;      /* ids absent between first and last trade id */
    uint64_t neutralised;      /* trades that the venue took back, and that are not in the candle */
    uint64_t late;             /* rows that came after the bucket was handed out, or (in the next new bucket) after it was gone */
    kl_time first_us, last_us; /* first and last source row or trade */
} kl_fold_info;
typedef struct kl_fold_sink {
    void *ctx;
    /* a finished bucket, or one that a late row revised (KL_REVISED) */
    kl_status (*candle)(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info);
} kl_fold_sink;
typedef struct kl_fold_options {
    uint32_t struct_size;
    uint32_t reserved;
    kl_interval from;    /* source interval; unit 0: trades */
    kl_interval to;
    kl_time lateness_us; /* how long after its end a bucket of trades stays open for late ones; default 0 */
    kl_fold_sink sink;
} kl_fold_options;
/** Streaming: candles -> larger candles, or trades -> candles; exact in 128 bits. Holds no pointers but those of its sink: copying the
 *  bytes clones it.
 *
 *  Prices come from the bars with trades, in a bucket without any from the venue's fillers, else from synthetic ones. Volumes and counts
 *  are sums; a field that one voting bar does not know is unknown. The close time is the nominal one. Of trades open and close are the
 *  first and last by time, then id, then arrival; quote volume is the sum of price * quantity at scale price + volume (unknown where
 *  that passes KL_SCALE_MAX); the taker bought where the buyer was not the maker; aggregates count their single trades.
 *
 *  KL_CLOSED: the end has passed, as the last source bar or a later row shows, and no source bar was suspect or forming. KL_PARTIAL:
 *  source bars are missing (one off the source's grid takes part in the values, and stands in for none) or partial; of trades: ids are missing inside or at an edge, or the end of the data came first. */
typedef struct kl_fold kl_fold;

/** Sets every option to its default.
 *
 *  `options`: from trades, no target, lateness 0, no receiver.
 *  Return: nothing.
 *  On failure: nothing is written where `options` is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_fold_options_init(kl_fold_options *options);

/** Says how much memory a fold needs: about 300 bytes a bucket, 2 buckets and 2 more for each interval of lateness.
 *
 *  `options`: as they will be given to kl_fold_init.
 *  Return: bytes; 0 where lateness is below 0 or above 2,000 intervals.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_fold_size(const kl_fold_options *options);

/** Makes a fold in the caller's memory.
 *
 *  `memory`, `bytes`: kl_fold_size() bytes, aligned for int64_t; `options`: copied; `fold`: receives the object.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE; KL_E_INTERVAL where buckets of `from` do not nest in those of `to`; KL_E_ANCHOR where
 *  several days have no anchor.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_fold_init(void *memory, size_t bytes, const kl_fold_options *options, kl_fold **fold);

/** Folds candles in; a bucket is handed out as soon as its last bar is in, or a later one comes.
 *
 *  `fold`: made for candles; `rows`, `n`: open times rise strictly, over all calls; `scale`: of the rows; a finer one than
 *  before rescales the state; `error`: optional, its row is the 1-based index in rows.
 *  Return: KL_OK; KL_E_ORDER; KL_E_STATE for a fold of trades; KL_E_OVERFLOW; KL_E_SCALE; KL_E_TIME; KL_E_ARG; what the
 *  receiver returned.
 *  On failure: the rows before error->row are folded in; that row and all later ones are not, unless the receiver failed on the
 *  bucket that it completes.
 *  Cost: O(n), no allocation.
 *  Thread: exclusive on `fold`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_fold_klines(kl_fold *fold, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error);

/** Folds trades in; a bucket is handed out when a trade at or after its end (plus lateness) comes.
 *
 *  A later trade of a bucket that was handed out lately hands it out again, flagged KL_REVISED; one whose bucket is gone is
 *  counted as late.
 *  `fold`: made for trades; `rows`, `n`: in any order, rising is fast; `scale`: of the rows; `error`: optional, its row is the
 *  1-based index.
 *  Return: KL_OK; KL_E_STATE for a fold of candles; KL_E_OVERFLOW; KL_E_SCALE; KL_E_TIME; KL_E_ARG; what the receiver returned.
 *  On failure: the rows before error->row are folded in, it and all later ones are not, unless the receiver failed on the
 *  bucket that it revises.
 *  Cost: O(n), about 12 ns a trade in rising order, no allocation.
 *  Thread: exclusive on `fold`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_fold_trades(kl_fold *fold, const kl_trade *rows, size_t n, const kl_scale *scale, kl_error *error);

/** Shows the newest bucket as it stands, neither KL_CLOSED nor KL_PARTIAL.
 *
 *  `fold`: unchanged; `forming`: receives the candle; `scale`, `info`: optional, of the candle.
 *  Return: KL_OK; KL_END where no bucket is open; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const on `fold`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_fold_peek(const kl_fold *fold, kl_kline *forming, kl_scale *scale, kl_fold_info *info);

/** Hands out all open buckets, oldest first; a last one whose end has not come is KL_PARTIAL and not KL_CLOSED.
 *
 *  `fold`: may go on afterwards; rows of these buckets then revise them; `error`: optional.
 *  Return: KL_OK; KL_E_ARG; what the receiver returned.
 *  On failure: buckets before the failure were handed out.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `fold`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_fold_finish(kl_fold *fold, kl_error *error);

/** Says how many bytes a snapshot of the present state has.
 *
 *  `fold`: the object.
 *  Return: bytes, 104 and 248 for each bucket held; 0 where `fold` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const on `fold`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_fold_snapshot_size(const kl_fold *fold);

/** Writes the state as little-endian bytes, the same on every platform.
 *
 *  `fold`: unchanged; `bytes`, `capacity`: room for kl_fold_snapshot_size() bytes; `used`: receives the number written.
 *  Return: KL_OK; KL_E_SIZE; KL_E_ARG.
 *  On failure: `used` tells the size that is needed.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const on `fold`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_fold_snapshot(const kl_fold *fold, void *bytes, size_t capacity, size_t *used);

/** Puts a snapshot in place of the state; the fold then goes on bit for bit as the other would have.
 *
 *  `fold`: made with the same intervals and lateness; its sink stays; `bytes`, `n`: a whole snapshot; `error`: optional.
 *  Return: KL_OK; KL_E_DEFINITION for a snapshot of other intervals or another definition; KL_E_CORRUPT; KL_E_ARG.
 *  On failure: the fold is as it was.
 *  Cost: O(buckets), no allocation.
 *  Thread: exclusive on `fold`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_fold_restore(kl_fold *fold, const void *bytes, size_t n, kl_error *error);

/** Folds a whole sorted series.
 *
 *  `series`: with its interval in the key, not the same as `out`; `to`: the larger interval; `out`: initialised; its rows are
 *  replaced, its key becomes that of the series with the new interval; `error`: optional.
 *  Return: KL_OK; KL_E_ORDER; KL_E_INTERVAL; KL_E_ANCHOR; KL_E_OVERFLOW; KL_E_MEMORY; KL_E_ARG.
 *  On failure: `out` is as it was.
 *  Cost: O(n).
 *  Thread: exclusive on `out`, shared-const on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_series_fold(const kl_series *series, const kl_interval *to, kl_series *out, kl_error *error);

/** Folds trades in any order into candles; buckets without trades are absent.
 *
 *  `trades`: without duplicates; `to`: the interval; `out`: initialised; its rows are replaced, its key becomes that of the
 *  trades with the interval; `error`: optional, its row is the 1-based index in the trades.
 *  Return: KL_OK; KL_E_INTERVAL; KL_E_ANCHOR; KL_E_TIME; KL_E_OVERFLOW; KL_E_MEMORY; KL_E_ARG.
 *  On failure: `out` is as it was.
 *  Cost: O(n) where times rise, else O(n log n) and 48 bytes a trade for the time of the call.
 *  Thread: exclusive on `out`, shared-const on `trades`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_trades_fold(const kl_trades *trades, const kl_interval *to, kl_series *out, kl_error *error);

/** Borrowed columns of trades, sorted by time; values are finite. */
typedef struct kl_trade_columns {
    size_t n;
    const kl_time *time_us;
    const double *price, *quantity;
    const uint8_t *buyer_maker; /* 0: the taker bought; NULL: unknown */
    int32_t sorted;             /* not 0: the caller vouches for the order, which is then not checked again trade by trade */
    int32_t reserved;
} kl_trade_columns;
/** Columns of the caller that receive candles. */
typedef struct kl_candle_columns {
    size_t capacity;
    kl_time *open_time_us;
    double *open, *high, *low, *close, *volume, *quote_volume, *taker_buy_base, *taker_buy_quote, *trade_count; /* NULL: not wanted */
} kl_candle_columns;

/** Folds columns of trades into columns of candles at memory speed; buckets without trades are absent.
 *
 *  Open and close are the first and last of the bucket in the order of the columns. Sums (volume, price * quantity) have a
 *  fixed order: trade j of a bucket goes to lane j mod 8, and the lanes are added ((0+4)+(2+6)) + ((1+5)+(3+7)), so the bits
 *  depend on the trades of the bucket alone. A NaN spoils its own bucket only. trade_count counts rows; taker volumes are NaN without buyer_maker.
 *  `trades`: sorted by time; `to`: the interval; `out`: each column has room for capacity candles; `n_out`: receives the number
 *  made; `error`: optional, its row is the 1-based index in the trades.
 *  Return: KL_OK; KL_E_ORDER where a time lies before the one in front of it (unless trades->sorted); KL_E_SIZE where capacity
 *  is used up; KL_E_INTERVAL; KL_E_ANCHOR; KL_E_TIME; KL_E_ARG.
 *  On failure: `n_out` candles before the failure are written.
 *  Cost: O(n), below 1 ns a trade with AVX2, no allocation: the speed at which memory gives three columns, or two where
 *  trades->sorted, since then most times need not be read.
 *  Thread: exclusive on `out`, shared-const on `trades`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_trade_columns_fold(const kl_trade_columns *trades, const kl_interval *to, kl_candle_columns *out, size_t *n_out,
                                       kl_error *error);

/* ------------------------------------------------------------------------------ bars that time does not make --- */

enum { /* kl_bars_options.kind: what ends a bar */
    KL_BARS_TICKS = 1,  /* its trades reach `size`; an aggregate counts with its single trades */
    KL_BARS_VOLUME = 2, /* its base volume reaches `size` */
    KL_BARS_DOLLAR = 3, /* its quote volume reaches `size` */
    KL_BARS_RENKO = 4,  /* bricks: the price is `size` beyond the last brick; against its direction that is two sizes from its close */
    KL_BARS_RANGE = 5   /* its high - low reaches `size` */
};
enum { KL_BARS_OF_TRADES = 0, KL_BARS_OF_KLINES = 1 }; /* kl_bars_options.source */
#define KL_BARS_AT_ONCE 1000000 /* most bars that one trade or candle may end */

typedef struct kl_bars_info {
    uint64_t sequence;         /* number of the bar in its stream, from 0 */
    uint64_t rows;             /* trades or candles in it; 0: a later brick of one jump */
    uint64_t missing_ids;      /* ids absent in it and between the bar before and it */
    uint64_t skipped;          /* trades that the venue took back, and candles without trades, passed over while it formed */
    kl_time first_us, last_us; /* of its first and latest trade; of candles the open and close times. Keys may lie behind them */
    int32_t direction;         /* of a brick: 1 up, -1 down; of other bars 0 */
    int32_t continued;         /* 1: it begins with the rest of a trade that was split; trade_count holds 1 for that rest */
} kl_bars_info;
typedef struct kl_bars_sink {
    void *ctx;
    kl_status (*bar)(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_bars_info *info);
} kl_bars_sink;
typedef struct kl_bars_options {
    uint32_t struct_size;
    int32_t kind;
    kl_i128 size;             /* size / 10^size_scale: trades, base volume, quote volume or price; > 0 */
    int32_t size_scale;       /* 0..KL_SCALE_MAX; 0 for trades */
    int32_t source;           /* KL_BARS_OF_TRADES (default), KL_BARS_OF_KLINES */
    int32_t split;            /* volume and dollar bars of trades. 0: the trade that crosses the border ends the bar whole; 1: it is split */
    int32_t wicks;            /* of bricks: high and low show how far the price went against the brick; 0: they are its edges */
    int32_t from_first_price; /* of bricks: 0: edges are multiples of the size; 1: the first price is an edge */
    int32_t reserved;
    kl_bars_sink sink;
} kl_bars_options;
/** Streaming: trades or candles -> bars that end by trades, volume, value or price; exact in 128 bits. Holds no pointers but those of
 *  its sink: copying the bytes clones it. How the input is cut into calls does not matter.
 *
 *  Keys: the open time of a bar is that of its first trade, or 1 us behind the open time of the bar before where that is not later:
 *  open times rise strictly, whatever ends within one microsecond. The close time is that of its latest trade, never before
 *  the open time. The true times are in kl_bars_info. Of candles it is the open time of the first and the close time of the last.
 *
 *  Sums of volumes over all bars, the last unfinished one included, are those of the trades. A split trade gives each bar the
 *  least quantity (at the scale of the state) that fills it; it counts in the bar where it begins, and once more in each that it continues in. Values and
 *  scales of folded trades are as for kl_fold: quote volume at scale price + volume; a size with more decimals makes the scale finer.
 *
 *  Bars of candles are approximations: a candle is never split, so a bar ends with the candle that reaches the size, and bricks
 *  follow the closes. Candles without trades (fillers, synthetic ones) are passed over.
 *
 *  Bricks: open and close are edges. What was traded since the last brick is in the brick that the next edge completes; where a jump completes
 *  several, the later ones have no trades, volume 0, and its time.
 *
 *  KL_CLOSED: the bar has ended, and no candle in it was forming or suspect. KL_PARTIAL: trade ids are missing (see
 *  missing_ids), a candle in it was partial, or the end of the data came first. */
typedef struct kl_bars kl_bars;

/** Sets every option to its default.
 *
 *  `options`: from trades, no kind, no size, nothing split, no wicks, edges at multiples of the size, no receiver.
 *  Return: nothing.
 *  On failure: nothing is written where `options` is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_bars_options_init(kl_bars_options *options);

/** Reads kind and size from a text.
 *
 *  `text`, `length`: ticks:1000, volume:0.5, dollar:1e6, renko:50 or range:10; `options`: receives kind, size and size_scale.
 *  Return: KL_OK; KL_E_UNKNOWN_NAME for another kind; KL_E_NUMBER, KL_E_SCALE, KL_E_OVERFLOW for what is no size; KL_E_ARG where
 *  the size is not above 0, or trades are not whole, or an argument is missing.
 *  On failure: nothing is written.
 *  Cost: O(length), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_bars_parse(const char *text, size_t length, kl_bars_options *options);

/** Says how much memory the object needs.
 *
 *  There are no parameters.
 *  Return: bytes, below 1,024.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_bars_size(void);

/** Makes the object in the caller's memory.
 *
 *  `memory`, `bytes`: kl_bars_size() bytes, aligned for int64_t; `options`: copied; `bars`: receives the object.
 *  Return: KL_OK; KL_E_SIZE; KL_E_ARG for a kind, size or receiver that is missing, or an option that does not belong to the kind.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_bars_init(void *memory, size_t bytes, const kl_bars_options *options, kl_bars **bars);

/** Takes trades, and hands out each bar as soon as its last trade is in.
 *
 *  `bars`: made for trades; `rows`, `n`: in order: over all calls id ranges rise without overlap and, where ids are unknown, times do
 *  not step back (kl_trades_dedup); `scale`: of the rows; a finer one than before rescales the state; `error`: optional, its row is the 1-based
 *  index in rows.
 *  Return: KL_OK; KL_E_ORDER; KL_E_VOLUME for a quantity below 0; KL_E_PRICE for a price below 0 in dollar bars; KL_E_TIME; KL_E_OVERFLOW,
 *  also where a trade ends more than KL_BARS_AT_ONCE bars; KL_E_SCALE; KL_E_STATE for an object of candles; KL_E_ARG; what the receiver
 *  returned.
 *  On failure: the rows before error->row are in; that row and all later ones are not, though the receiver may have got bars
 *  of that row: given once more, they come again with the same sequence.
 *  Cost: O(n + bars), about 26 ns a trade and 65 ns a bar, no allocation.
 *  Thread: exclusive on `bars`.
 *  Source: own definition; Lopez de Prado, Advances in Financial Machine Learning, 2018, 2.3 names tick, volume and dollar bars.
 *  Since: 0.1 */
KL_API kl_status kl_bars_trades(kl_bars *bars, const kl_trade *rows, size_t n, const kl_scale *scale, kl_error *error);

/** Takes candles, and hands out each bar as soon as its last candle is in.
 *
 *  `bars`: made for candles; `rows`, `n`: open times rise strictly, over all calls; `scale`: of the rows; a finer one than before
 *  rescales the state; `error`: optional, its row is the 1-based index in rows.
 *  Return: KL_OK; KL_E_ORDER; KL_E_COLUMNS where a candle does not know what ends bars; KL_E_VOLUME; KL_E_OHLC where the high is
 *  below the low; KL_E_TIME; KL_E_OVERFLOW, also where a candle ends more than KL_BARS_AT_ONCE bars; KL_E_SCALE; KL_E_STATE for
 *  an object of trades; KL_E_ARG; what the receiver returned.
 *  On failure: as for kl_bars_trades.
 *  Cost: O(n + bars), no allocation.
 *  Thread: exclusive on `bars`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_bars_klines(kl_bars *bars, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error);

/** Shows the forming bar as it stands, neither KL_CLOSED nor KL_PARTIAL.
 *
 *  `bars`: unchanged; `forming`: receives the bar; of a brick the open is the edge that the price has passed, or the price where
 *  it is between both; `scale`, `info`: optional, of the bar.
 *  Return: KL_OK; KL_END where nothing was traded since the last bar; KL_E_ARG; KL_E_TIME where its key would leave the range of times.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const on `bars`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_bars_peek(const kl_bars *bars, kl_kline *forming, kl_scale *scale, kl_bars_info *info);

/** Hands out the forming bar, KL_PARTIAL and not KL_CLOSED; the next trade begins a new one.
 *
 *  `bars`: may go on afterwards, bricks from the same edges; `error`: optional.
 *  Return: KL_OK, also where nothing forms; KL_E_ARG; KL_E_TIME; what the receiver returned.
 *  On failure: the object is as it was.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `bars`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_bars_finish(kl_bars *bars, kl_error *error);

/** Says how many bytes a snapshot has.
 *
 *  `bars`: the object.
 *  Return: bytes, the same for every state; 0 where `bars` is NULL.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const on `bars`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_bars_snapshot_size(const kl_bars *bars);

/** Writes the state as little-endian bytes, the same on every platform.
 *
 *  `bars`: unchanged; `bytes`, `capacity`: room for kl_bars_snapshot_size() bytes; `used`: receives the number written.
 *  Return: KL_OK; KL_E_SIZE; KL_E_ARG.
 *  On failure: `used` tells the size that is needed.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const on `bars`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_bars_snapshot(const kl_bars *bars, void *bytes, size_t capacity, size_t *used);

/** Puts a snapshot in place of the state; the object then goes on bit for bit as the other would have.
 *
 *  `bars`: made with the same options; its sink stays; `bytes`, `n`: a whole snapshot; `error`: optional.
 *  Return: KL_OK; KL_E_DEFINITION for a snapshot of other options or another definition; KL_E_CORRUPT; KL_E_ARG.
 *  On failure: the object is as it was.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `bars`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_bars_restore(kl_bars *bars, const void *bytes, size_t n, kl_error *error);

/* -------------------------------------------------------------------------------- daily metrics, price spread --- */

/** Makes a table of each bar's changes, spreads and returns.
 *
 *  Columns: open_time; change = close - open; change_pct, of the open; spread = high - low; spread_pct, of the low; return_pct
 *  and log_return against the close of the row before. What needs an unknown or non-positive value is unknown.
 *  `series`: sorted; `digits`: 0..15 rounds each value half away from zero to so many decimals, -1 leaves it; `table`: new,
 *  without columns; `error`: optional.
 *  Return: KL_OK; KL_E_STATE where the table has columns; KL_E_MEMORY; KL_E_ARG.
 *  On failure: the table holds what was made so far.
 *  Cost: O(n).
 *  Thread: exclusive on `table`, shared-const on `series`.
 *  Source: reference system 002, gold daily; ln is kl_ln.
 *  Since: 0.1 */
KL_API kl_status kl_daily_metrics(const kl_series *series, int32_t digits, kl_table *table, kl_error *error);

/** Makes a table of two series' closes at equal open times.
 *
 *  Columns: open_time, close_a, close_b and difference = a - b, exact; difference_bps, of the mean of both.
 *  `a`, `b`: sorted; `table`: new, without columns; `error`: optional.
 *  Return: KL_OK; KL_E_ORDER where a series is not sorted; KL_E_STATE where the table has columns; KL_E_MEMORY; KL_E_ARG.
 *  On failure: the table holds what was made so far.
 *  Cost: O(n).
 *  Thread: exclusive on `table`, shared-const on `a` and `b`.
 *  Source: reference system 002, difference between exchanges.
 *  Since: 0.1 */
KL_API kl_status kl_price_spread(const kl_series *a, const kl_series *b, kl_table *table, kl_error *error);

/* ---------------------------------------------------------------------------------------------- quality report --- */

enum { KL_FRESH_UNKNOWN = 0, KL_FRESH_OK = 1, KL_FRESH_WARN = 2, KL_FRESH_ERROR = 3 };
typedef struct kl_quality_options {
    uint32_t struct_size;
    uint32_t reserved;
    kl_interval interval;     /* unit 0: of the series' key, else guessed from the rows */
    double outlier_return;    /* |simple return| above this counts as an outlier; default 0.5 */
    kl_time now_us;           /* KL_TIME_NONE: freshness is not judged */
    kl_time warn_after_us, error_after_us; /* age of the newest row's end; 0: not judged */
    uint64_t min_rows;        /* fewest candles or trades; 0: any number */
    uint64_t min_trades;      /* fewest trades in the last 15 minutes before now; 0: any number */
} kl_quality_options;
/** What is wrong, rule by rule: the typed form of the usual data tests (not null, unique key, accepted values, range, relationship
 *  of columns, freshness, row count, recent volume). Every count is of rows unless said otherwise. */
typedef struct kl_quality {
    kl_interval interval;           /* that was judged by; unit 0: none was given and none could be guessed */
    uint64_t rows, unique;          /* unique: different open times; of trades: different ids, each row without id */
    uint64_t duplicates, conflicts; /* further rows of a key: of equal content to another, and those that differ from all others */
    uint64_t updates;               /* further rows of a key that are superseded as forming (or suspect, or synthetic) ones are by the
                                       closed one; duplicates + conflicts + updates = rows - unique */
    uint64_t out_of_order;          /* time before that of the row before */
    uint64_t gaps, missing;         /* holes between unique rows, and bars (ids) in them */
    uint64_t bad_price, bad_ohlc, bad_volume, bad_close_time; /* breaches of KL_RULE_PRICE .. */
    uint64_t unaligned, truncated_close_times;
    uint64_t zero_volume;           /* known to be 0 */
    uint64_t fillers;               /* without trades; of trades: neutralised ones */
    uint64_t synthetic, suspect, forming;
    uint64_t outliers;              /* unique rows whose close is further than outlier_return from the last good one; where 3 such rows
                                       in a row are that near each other, they are the new level, and count as one */
    uint64_t unknown_fields;        /* rows that lack open, high, low, close or volume */
    uint64_t unit_changes;          /* filled by the caller from kl_parse_counts */
    kl_time first_us, last_us;      /* lowest and highest time; KL_TIME_NONE without rows */
    int32_t freshness;
    int32_t findings; /* rules that failed: duplicates, conflicts, order, gaps, the four bad ones, unaligned, outliers, unknown fields,
                         freshness, min_rows, min_trades; the other counts only inform. 0 is a clean series */
} kl_quality;

/** Sets every option to its default.
 *
 *  `options`: interval of the series, outliers above 0.5, nothing judged that needs the time or a floor.
 *  Return: nothing.
 *  On failure: nothing is written where `options` is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_quality_options_init(kl_quality_options *options);

/** Counts what is wrong with a series, whose rows stand in the order of the source.
 *
 *  `series`: unchanged; `options`: NULL: defaults; `alloc`: NULL: libc; `gaps`: optional, receives each hole; `quality`:
 *  receives the report; `error`: optional.
 *  Return: KL_OK, whatever is found; KL_E_MEMORY; KL_E_OVERFLOW; KL_E_ANCHOR, KL_E_INTERVAL for a given interval that cannot be
 *  used; KL_E_ARG; what the receiver returned.
 *  On failure: `quality` is in no defined state.
 *  Cost: O(n log n), 48 bytes a row for the time of the call.
 *  Thread: shared-const on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_series_quality(const kl_series *series, const kl_quality_options *options, const kl_alloc *alloc,
                                   const kl_gap_sink *gaps, kl_quality *quality, kl_error *error);

/** Counts what is wrong with trades, which stand in the order of the source.
 *
 *  `trades`: unchanged; `options`: NULL: defaults, the interval is not used; `alloc`: NULL: libc; `gaps`: optional, receives
 *  each hole between ids; `quality`: receives the report; `error`: optional.
 *  Return: KL_OK, whatever is found; KL_E_MEMORY; KL_E_OVERFLOW; KL_E_ARG; what the receiver returned.
 *  On failure: `quality` is in no defined state.
 *  Cost: O(n log n), 48 bytes a trade for the time of the call.
 *  Thread: shared-const on `trades`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_trades_quality(const kl_trades *trades, const kl_quality_options *options, const kl_alloc *alloc,
                                   const kl_gap_sink *gaps, kl_quality *quality, kl_error *error);

#ifdef __cplusplus
}
#endif
#endif
