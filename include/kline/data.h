/* kline/data.h: time, intervals, calendars, symbols; candles, trades and the containers that hold them. */
#ifndef KLINE_DATA_H
#define KLINE_DATA_H
#include "kline/base.h"
#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------------ time --- */

/** Microseconds since 1970-01-01T00:00:00Z. Open and trade times lie in [2000-01-01, 2100-01-01): KL_TIME_MAX
 *  is their end, which an exclusive close time may have. */
typedef int64_t kl_time;
#define KL_TIME_MIN INT64_C(946684800000000)
#define KL_TIME_MAX INT64_C(4102444800000000)
#define KL_TIME_NONE INT64_MIN
#define KL_TIME_TEXT_MAX 40

enum { KL_EPOCH_NONE = 0, KL_EPOCH_S = 1, KL_EPOCH_MS = 2, KL_EPOCH_US = 3, KL_EPOCH_NS = 4 };

/** Turns an epoch number of unknown unit into microseconds.
 *
 *  `value`: seconds, milliseconds, microseconds or nanoseconds since 1970; the one that lies in 2000-01-01..2100-01-01,
 *  both ends included, is its unit. `time`: the instant; nanoseconds are cut. `unit`: KL_EPOCH_S .. KL_EPOCH_NS, or
 *  NULL.
 *  Return: KL_OK; KL_E_TIME where no unit fits; KL_E_ARG where `time` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_time_from_epoch(int64_t value, kl_time *time, int32_t *unit);
/** Reads an instant from ISO 8601 text.
 *
 *  `text`: all of its `length` bytes: YYYY-MM-DD, or that and hh:mm[:ss[.f]] after T or a blank, with up to 9 decimals
 *  (cut to 6), then Z, UTC, +hh, +hhmm, +hh:mm or nothing, which means UTC. Years 0000..9999. `time`: the instant.
 *  Return: KL_OK; KL_E_TIME where the text is no such time; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(length), no allocation.
 *  Thread: pure.
 *  Source: ISO 8601:2019, the profile above.
 *  Since: 0.1 */
KL_API kl_status kl_time_parse(const char *text, size_t length, kl_time *time);
/** Prints an instant as ISO 8601 text in UTC: 2023-01-01T00:00:00Z.
 *
 *  `time`: any; with .mmm or .uuuuuu where it has them; years outside 0..9999 have a sign and six digits; KL_TIME_NONE
 *  is empty. `text`: room for KL_TIME_TEXT_MAX bytes; ends in NUL.
 *  Return: the length without NUL; 0 for KL_TIME_NONE.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: ISO 8601:2019.
 *  Since: 0.1 */
KL_API size_t kl_time_print(kl_time time, char *text /* KL_TIME_TEXT_MAX */);

/** Proleptic Gregorian date and time of day. */
typedef struct kl_civil {
    int32_t year, month /* 1..12 */, day /* 1..31 */, hour, minute, second, microsecond;
} kl_civil;
/** Splits an instant into date and time of day, UTC.
 *
 *  `time`: any. `civil`: the parts; NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: proleptic Gregorian calendar.
 *  Since: 0.1 */
KL_API void kl_civil_from_time(kl_time time, kl_civil *civil);
/** Joins a date and time of day, UTC, into an instant.
 *
 *  `civil`: year within +-290,000, month 1..12, a day of that month, hour 0..23, minute and second 0..59, microsecond
 *  0..999,999. `time`: the instant.
 *  Return: KL_OK; KL_E_TIME where a part is out of range; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: proleptic Gregorian calendar.
 *  Since: 0.1 */
KL_API kl_status kl_civil_to_time(const kl_civil *civil, kl_time *time);

/** Calendar attributes of an instant in a fixed-offset zone (F10, F12). */
typedef struct kl_calendar {
    kl_civil civil;
    int32_t quarter, day_of_year, iso_weekday /* 1 Monday .. 7 Sunday */, is_weekend;
    int32_t iso_week, iso_week_year, week_of_year /* 1 January is in week 1, weeks start on Monday */;
    int32_t hour12 /* 1..12 */, is_pm;
} kl_calendar;
/** Gives the calendar attributes of an instant in a zone of fixed offset.
 *
 *  `time`: any but the outermost two days of int64. `offset_minutes`: added to UTC, -1440..1440. `calendar`: the
 *  attributes.
 *  Return: KL_OK; KL_E_TIME where `time` is out of range; KL_E_ARG where `offset_minutes` is or `calendar` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: ISO 8601 weeks: a week belongs to the year of its Thursday.
 *  Since: 0.1 */
KL_API kl_status kl_calendar_at(kl_time time, int32_t offset_minutes, kl_calendar *calendar);
/** Gives the English name of a day of the week.
 *
 *  `iso_weekday`: 1 Monday .. 7 Sunday.
 *  Return: a constant text; NULL out of range.
 *  On failure: NULL.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_day_name(int32_t iso_weekday);
/** Gives the English name of a month.
 *
 *  `month`: 1..12.
 *  Return: a constant text; NULL out of range.
 *  On failure: NULL.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_month_name(int32_t month);
/** Gives the 12-hour label of an hour: 12 AM, 1 AM .. 11 PM.
 *
 *  `hour`: 0..23.
 *  Return: a constant text; NULL out of range.
 *  On failure: NULL.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_hour_label(int32_t hour);
/** Prints the time of day as hh:mm.
 *
 *  `time`: any. `offset_minutes`: added to UTC, -1440..1440. `text`: room for 6 bytes; ends in NUL.
 *  Return: 5; 0 where `time` is KL_TIME_NONE or `offset_minutes` is out of range.
 *  On failure: `text` is empty.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_hhmm_print(kl_time time, int32_t offset_minutes, char *text /* 6 */);

/** A trading session: hours of the UTC day from the first to the last, both inside; it wraps midnight where the first is the
 *  later one. Sessions may overlap. */
enum { KL_SESSION_ASIA = 1, KL_SESSION_EUROPE = 2, KL_SESSION_US = 4 };
typedef struct kl_session {
    uint32_t bit;
    int32_t first_hour, last_hour; /* 0..23, both hours inside the session */
} kl_session;
/** Tells in which trading sessions an instant lies.
 *
 *  `time`: any; its UTC hour decides. `sessions`: `n` sessions, which may overlap; one whose first hour is after its
 *  last wraps midnight. NULL: Asia 0-7, Europe 7-15, US 13-20, all hours inclusive (then `n` is ignored). `mask`: the
 *  bits of the sessions that hold the hour.
 *  Return: KL_OK; KL_E_ARG where an hour is outside 0..23 or `mask` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_session_mask(kl_time time, const kl_session *sessions, size_t n, uint32_t *mask);
/** Keeps a plausible ingestion time and replaces any other by now.
 *
 *  `stamped`: kept within 2000-01-01..`now`. `now`: the caller's clock.
 *  Return: `stamped` or `now`.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_time kl_ingestion_time(kl_time stamped, kl_time now);

/* ------------------------------------------------------------------------------------------------- intervals --- */

enum { KL_SECOND = 1, KL_MINUTE = 2, KL_HOUR = 3, KL_DAY = 4, KL_WEEK = 5, KL_MONTH = 6 };

/** n units from an anchor. s m h d w: buckets start at anchor_us + k * length; M: at the first of month at anchor_us past
 *  midnight UTC (months count from 1970-01). Default anchor: 0; weeks: Monday 1970-01-05; days with n > 1: KL_TIME_NONE, which every
 *  function below but print refuses with KL_E_ANCHOR until it is set. */
typedef struct kl_interval {
    int32_t unit, n;
    int64_t anchor_us;
} kl_interval;
#define KL_INTERVAL_TEXT_MAX 48

/** Reads an interval: 1m, 15m, 1h, 1d, 3d, 1w, 1M, 90s.
 *
 *  `text`: all of its `length` bytes: n in 1..100000, a unit s m h d w M (also min, mo, and S H D W), and @anchor where
 *  wanted: a date or instant (3d@2017-08-17), or [-]hh:mm[:ss] off the default anchor (1d@16:00, 1M@-08:00).
 *  `interval`: what it says; several days without an anchor have KL_TIME_NONE.
 *  Return: KL_OK; KL_E_INTERVAL where it is none; KL_E_ANCHOR where the anchor is; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(length), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_interval_parse(const char *text, size_t length, kl_interval *interval);
/** Prints an interval as kl_interval_parse reads it.
 *
 *  `interval`: any valid one; the anchor follows where it is not the default. `text`: room for KL_INTERVAL_TEXT_MAX
 *  bytes; ends in NUL.
 *  Return: the length without NUL; 0 where the interval is invalid.
 *  On failure: `text` is empty.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_interval_print(const kl_interval *interval, char *text /* KL_INTERVAL_TEXT_MAX */);
/** Gives the start of the bucket that holds an instant.
 *
 *  `interval`: with anchor. `time`: any. `open`: the start, <= `time`.
 *  Return: KL_OK; KL_E_INTERVAL where it is none; KL_E_ANCHOR where it lacks its anchor; KL_E_OVERFLOW where the start
 *  does not fit; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_interval_floor(const kl_interval *interval, kl_time time, kl_time *open);
/** Gives the start of the bucket that follows the one with an instant.
 *
 *  `interval`: with anchor. `open`: a start, or any instant. `next`: the first start after it.
 *  Return: KL_OK; KL_E_INTERVAL where it is none; KL_E_ANCHOR where it lacks its anchor; KL_E_OVERFLOW where the start
 *  does not fit; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_interval_next(const kl_interval *interval, kl_time open, kl_time *next);
/** Gives the absolute number of the bucket that holds an instant.
 *
 *  `interval`: with anchor. `time`: any. `index`: 0 is the bucket that starts at the anchor, of months the one of
 *  1970-01; negative before.
 *  Return: KL_OK; KL_E_INTERVAL where it is none; KL_E_ANCHOR where it lacks its anchor; KL_E_OVERFLOW; KL_E_ARG where
 *  a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_interval_index(const kl_interval *interval, kl_time time, int64_t *index);
/** Gives the start of the bucket with a number.
 *
 *  `interval`: with anchor. `index`: as kl_interval_index gives it. `open`: the start.
 *  Return: KL_OK; KL_E_INTERVAL where it is none; KL_E_ANCHOR where it lacks its anchor; KL_E_OVERFLOW where the start
 *  does not fit; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_interval_open(const kl_interval *interval, int64_t index, kl_time *open);
/** Counts the buckets that start in a span of time.
 *
 *  `interval`: with anchor. `from`: included. `to`: excluded. `count`: number of starts; 0 where `to` <= `from`.
 *  Return: KL_OK; KL_E_INTERVAL where it is none; KL_E_ANCHOR where it lacks its anchor; KL_E_OVERFLOW; KL_E_ARG where
 *  a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_interval_count(const kl_interval *interval, kl_time from, kl_time to, int64_t *count);
/** Gives the length of an interval in microseconds.
 *
 *  `interval`: any; the anchor does not matter.
 *  Return: the length; 0 for months and for what is no interval.
 *  On failure: 0.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int64_t kl_interval_length_us(const kl_interval *interval);
/** Tells whether candles of one interval fold exactly into another.
 *
 *  `small`, `large`: intervals with anchor. Exact means that each start of `large` is a start of `small`.
 *  Return: 1 or 0; 0 too where one of them is invalid or lacks its anchor.
 *  On failure: 0.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_interval_divides(const kl_interval *small, const kl_interval *large);
/** Finds the interval that most neighbouring open times are apart.
 *
 *  `open_times`: `n` times, mostly rising; gaps, duplicates and some disorder do not matter. `interval`: the most
 *  frequent distance with its phase as anchor; 28..31 days from the first of a month to the first of a month is 1M;
 *  several days are anchored at one of the times.
 *  Return: KL_OK; KL_E_INTERVAL where there is none: fewer than two times, no whole seconds, or no distance that the
 *  others are multiples of; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(n), three passes, no allocation.
 *  Thread: pure.
 *  Source: Misra and Gries, Finding repeated elements, 1982, with an exact second count.
 *  Since: 0.1 */
KL_API kl_status kl_interval_guess(const kl_time *open_times, size_t n, kl_interval *interval);
/** Lists the intervals that exchanges offer: 1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M.
 *
 *  `index`: from 0. `interval`: the one of that number.
 *  Return: KL_OK; KL_END behind the last; KL_E_ARG where `interval` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_interval_at(size_t index, kl_interval *interval);

/* --------------------------------------------------------------------------------------------------- symbols --- */

#define KL_SYMBOL_MAX 48 /* with NUL */
/** Splits a symbol into base and quote: FTMBNB is FTM + BNB.
 *
 *  `symbol`: below KL_SYMBOL_MAX bytes, upper or lower case. At the first - / _ or : where there is one (what follows
 *  the second is dropped: BTC-USDT-SWAP); PERP or a date behind it is a contract and not a quote (BTCUSD_PERP,
 *  ETHUSDT_240628). Otherwise by the longest known quote at the end, or a shorter one that leaves a known asset where
 *  the longest does not (XBTUSD is XBT + USD, not XB + TUSD). `base`, `quote`: room for KL_SYMBOL_MAX bytes each; end
 *  in NUL.
 *  Return: KL_OK; KL_E_SYMBOL where no known quote ends it, a part is empty, or it is too long or has blanks; KL_E_ARG
 *  where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_symbol_split(const char *symbol, char *base /* KL_SYMBOL_MAX */, char *quote /* KL_SYMBOL_MAX */);

/** Identity of a series. Text is NUL-terminated; characters above ' ', without '/'. interval.unit 0: trades. */
typedef struct kl_series_key {
    char venue[24];  /* "binance"; "" = unknown */
    char market[24]; /* "spot", "usdm" ...; "" = unknown */
    char symbol[KL_SYMBOL_MAX];
    kl_interval interval;
} kl_series_key;

/* --------------------------------------------------------------------------------------------------- candles --- */

/** Decimals behind the point of the mantissas of a series, each 0..KL_SCALE_MAX. */
typedef struct kl_scale {
    int32_t price;  /* open high low close */
    int32_t volume; /* volume, taker_buy_base; of trades: quantity */
    int32_t quote;  /* quote_volume, taker_buy_quote */
    int32_t reserved;
} kl_scale;

enum { /* kl_kline.known: fields that the source gave; the others are 0 and mean "unknown" */
    KL_HAS_OPEN = 1 << 0, KL_HAS_HIGH = 1 << 1, KL_HAS_LOW = 1 << 2, KL_HAS_CLOSE = 1 << 3,
    KL_HAS_VOLUME = 1 << 4, KL_HAS_QUOTE_VOLUME = 1 << 5, KL_HAS_TRADE_COUNT = 1 << 6, KL_HAS_TAKER_BASE = 1 << 7,
    KL_HAS_TAKER_QUOTE = 1 << 8, KL_HAS_CLOSE_TIME = 1 << 9, KL_HAS_TRADE_IDS = 1 << 10,
    KL_HAS_OHLC = 15, KL_HAS_ALL = 0x3ff
};
enum { /* kl_kline.flags */
    KL_CLOSED = 1 << 0,    /* final: said by the exchange, or its end lies before the as-of time, or a later row followed */
    KL_SUSPECT = 1 << 1,   /* last row of its source without any proof that it is closed */
    KL_FILLER = 1 << 2,    /* sent by the venue for a bucket without trades (trade_count 0 or volume 0) */
    KL_SYNTHETIC = 1 << 3, /* made by us to fill a gap */
    KL_REVISED = 1 << 4,   /* replaces another closed version with other content */
    KL_REPAIRED = 1 << 5,  /* a field was mended by kl_repair */
    KL_UNALIGNED = 1 << 6, /* open_time is not a start of the series' interval */
    KL_PARTIAL = 1 << 7,   /* folded from fewer rows than the bucket has (gap, or edge of the data) */
    KL_OUTLIER = 1 << 8    /* marked by the outlier filter */
};

/** One candle, exact as the exchange said it. Neither KL_CLOSED nor KL_SUSPECT: still forming. */
typedef struct kl_kline {
    kl_time open_time_us;  /* the key */
    kl_time close_time_us; /* as said; nominal end - 1 us (1 ms where the source counts ms) is normalised to nominal end - 1 us */
    int64_t open, high, low, close;
    kl_i128 volume, quote_volume, taker_buy_base, taker_buy_quote;
    int64_t trade_count;
    int64_t first_trade_id, last_trade_id; /* -1: none or unknown */
    kl_time as_of_us;                      /* as-of time of the source; 0: none */
    uint32_t known, flags;
    int32_t authority; /* rank of the source, higher wins; 0 default */
    int32_t reserved;
} kl_kline;

/** One trade, or one aggregate of trades. */
typedef struct kl_trade {
    int64_t id;                 /* trade or aggregate id, which are counted apart: see KL_TRADE_AGGREGATE; -1: none */
    int64_t first_id, last_id;  /* range of single trades; first = last = id for single ones; -1: unknown */
    kl_time time_us;
    int64_t price;
    kl_i128 quantity;
    uint32_t flags;
    uint32_t reserved;
} kl_trade;
enum {
    KL_TRADE_BUYER_MAKER = 1, KL_TRADE_MAKER_KNOWN = 2,
    KL_TRADE_NEUTRALISED = 4, /* price, quantity 0, ids -1 */
    KL_TRADE_AGGREGATE = 8    /* an aggregate: its id counts aggregates; the single trades in it are first_id..last_id */
};

/** Orders versions of one candle: the one that ranks higher stays.
 *
 *  `a`, `b`: rows of the same open time and scale. In this order: real before synthetic; closed, suspect, forming;
 *  authority; as-of time; number of known fields; trade count; quote volume; every other field, the known mask, and
 *  marks of doubt. KL_REVISED and the open time do not count. A total order, so merging does not depend on the order of
 *  arrival.
 *  Return: > 0 where `a` outranks `b`, < 0 where `b` does, 0 where all of this is equal.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_kline_rank(const kl_kline *a, const kl_kline *b);
/** Tells whether two candles say the same.
 *
 *  `a`, `b`: rows of the same scale. Prices, volumes, trade count, close time and known mask count; flags, ids, as-of
 *  time and authority do not.
 *  Return: 1 or 0.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_kline_same(const kl_kline *a, const kl_kline *b);
/** Moves a candle to another scale, exactly.
 *
 *  `row`: the candle, changed in place. `from`: its scale. `to`: the new one, finer or coarser.
 *  Return: KL_OK; KL_E_OVERFLOW where a number does not fit; KL_E_SCALE where digits would be lost; KL_E_ARG where a
 *  pointer is NULL or a scale is outside 0..KL_SCALE_MAX.
 *  On failure: `row` is untouched.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `row`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_kline_rescale(kl_kline *row, const kl_scale *from, const kl_scale *to);
/** Moves a trade to another scale, exactly.
 *
 *  `trade`: changed in place. `from`: its scale. `to`: the new one, finer or coarser; their `quote` does not count.
 *  Return: KL_OK; KL_E_OVERFLOW where a number does not fit; KL_E_SCALE where digits would be lost; KL_E_ARG where a
 *  pointer is NULL or a scale is outside 0..KL_SCALE_MAX.
 *  On failure: `trade` is untouched.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `trade`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_trade_rescale(kl_trade *trade, const kl_scale *from, const kl_scale *to);
/** Prints a text key of a trade: time_us-id-price-quantity-maker.
 *
 *  `trade`: id is empty below 0; maker is m where the buyer was the maker, t where not, empty where unknown. `scale`:
 *  of the trade; trailing zeros are cut, so sources of other scale give the same key. `text`: room for `capacity`
 *  bytes; ends in NUL. Unique for trades with ids.
 *  Return: the length without NUL; 0 where it does not fit or an argument is missing.
 *  On failure: `text` is empty.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_trade_key_print(const kl_trade *trade, const kl_scale *scale, char *text, size_t capacity);
/** Gives the nominal close time of a candle: 1 us before the next open.
 *
 *  `interval`: with anchor. `open`: the open time. `close`: the close time.
 *  Return: KL_OK; KL_E_INTERVAL where it is none; KL_E_ANCHOR where it lacks its anchor; KL_E_OVERFLOW; KL_E_ARG where
 *  a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_kline_nominal_close(const kl_interval *interval, kl_time open, kl_time *close);
/** Tells whether a candle is final.
 *
 *  `row`: closed where it is flagged so. `interval`: otherwise its bucket's end decides. `now`: server's time;
 *  KL_TIME_NONE where there is none: then only the flag counts.
 *  Return: 1 or 0; 0 too where `interval` is invalid.
 *  On failure: 0.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_kline_is_closed(const kl_kline *row, const kl_interval *interval, kl_time now);

/** Snapshot of a market (F3) and top of an order book (F4); NaN is unknown. */
typedef struct kl_market {
    char id[KL_SYMBOL_MAX], symbol[KL_SYMBOL_MAX];
    kl_time time_us;
    double price, market_cap, total_volume, high_24h, low_24h, change_24h, change_pct_24h, circulating_supply, total_supply, ath, atl;
    int64_t rank; /* 0: unknown */
} kl_market;
typedef struct kl_book_top {
    kl_time time_us;
    double bid, bid_quantity, ask, ask_quantity;
} kl_book_top;
/** Gives the spread of an order book.
 *
 *  `top`: best bid and ask.
 *  Return: ask - bid; NaN where one is unknown or `top` is NULL.
 *  On failure: NaN.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API double kl_book_spread(const kl_book_top *top);
/** Gives the spread in basis points of the mid price.
 *
 *  `top`: best bid and ask.
 *  Return: 10,000 * (ask - bid) / mid; NaN where one is unknown, the mid is not positive or `top` is NULL.
 *  On failure: NaN.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API double kl_book_spread_bps(const kl_book_top *top);

/* --------------------------------------------------------------------------------------------------- columns --- */

/** Borrowed columns of doubles with their times: what all analytics take. Any pointer but the one in use may be NULL. Row i
 *  of each is one bar; unknown is NaN. Each double is the nearest one to the exact value. */
typedef struct kl_columns {
    size_t n;
    const kl_time *open_time_us, *close_time_us;
    const double *open, *high, *low, *close, *volume, *quote_volume, *trade_count, *taker_buy_base, *taker_buy_quote;
    const uint32_t *flags;
} kl_columns;

/** Gives a part of columns without copying.
 *
 *  `columns`: whole. `first`, `n`: rows [first, first + n), within it. `slice`: the part, which borrows the same
 *  memory; may be `columns` itself.
 *  Return: KL_OK; KL_E_ARG where the rows are not there or a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_columns_slice(const kl_columns *columns, size_t first, size_t n, kl_columns *slice);

/** A growable series of exact candles. Rows may be read directly; only the functions below change it. */
typedef struct kl_series {
    kl_series_key key;
    kl_scale scale;
    size_t n, capacity;
    kl_kline *rows;
    kl_alloc alloc;
} kl_series;
/** Makes an empty series of scale 0.
 *
 *  `series`: overwritten. `alloc`: copied; NULL: libc.
 *  Return: KL_OK; KL_E_ARG where `series` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_series_init(kl_series *series, const kl_alloc *alloc);
/** Gives the rows of a series back.
 *
 *  `series`: empty afterwards and ready for use; NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), one free.
 *  Thread: exclusive on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_series_free(kl_series *series);
/** Makes room for rows, so that appending up to there does not allocate.
 *
 *  `series`: its `capacity` is at least `n` afterwards.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG where `series` is NULL.
 *  On failure: nothing changes.
 *  Cost: O(rows), at most one allocation.
 *  Thread: exclusive on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_series_reserve(kl_series *series, size_t n);
/** Appends candles of any scale, in any order.
 *
 *  `series`: takes the finer of both scales per field; its rows and the new ones are rescaled to it. `rows`: `n` rows,
 *  outside the series. `scale`: of the rows. `error`: where it failed, its row the 1-based index in `rows` (of the one that brings
 *  the finer scale, where a row of the series does not fit that); or NULL.
 *  Return: KL_OK; KL_E_OVERFLOW where a number does not fit the finer scale; KL_E_MEMORY; KL_E_ARG.
 *  On failure: nothing changes but capacity.
 *  Cost: O(n), amortised; O(rows) where the scale gets finer.
 *  Thread: exclusive on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_series_append(kl_series *series, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error);
/** Tells whether the open times rise strictly.
 *
 *  `series`: any.
 *  Return: 1 or 0; 1 for an empty one.
 *  On failure: 0 where `series` is NULL.
 *  Cost: O(rows), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_series_is_sorted(const kl_series *series);
/** Finds the first row that opens at a time or later.
 *
 *  `series`: sorted. `time`: any.
 *  Return: its index; the number of rows where there is none.
 *  On failure: 0 where `series` is NULL.
 *  Cost: O(log rows), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_series_find(const kl_series *series, kl_time time);
/** Says how much memory kl_series_columns needs.
 *
 *  `n`: rows.
 *  Return: bytes, room to align included; SIZE_MAX where it does not fit size_t.
 *  On failure: SIZE_MAX.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_series_columns_size(size_t n);
/** Makes columns of doubles from a series, in the caller's memory.
 *
 *  `series`: any. `memory`: `bytes` bytes, at least kl_series_columns_size(rows), of any alignment; the columns in it
 *  are aligned to 64. `columns`: all of them, borrowed from `memory`; unknown is NaN, an unknown close time
 *  KL_TIME_NONE.
 *  Return: KL_OK; KL_E_SIZE where `bytes` is too small; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(rows), no allocation.
 *  Thread: shared-const on `series`.
 *  Source: each double is the nearest one to mantissa / 10^scale.
 *  Since: 0.1 */
KL_API kl_status kl_series_columns(const kl_series *series, void *memory, size_t bytes, kl_columns *columns);
/** Appends rows made from columns of doubles.
 *
 *  `series`: receives the rows. `columns`: with open times; NaN, a close time of KL_TIME_NONE and absent columns are
 *  unknown; without flags the rows are closed. `scale`: decimals to round to, to nearest, ties to even, from the
 *  shortest text of each double; NULL: as many as the shortest texts need. `error`: where it failed, row and column
 *  counted from 1, or NULL.
 *  Return: KL_OK; KL_E_NOT_FINITE; KL_E_SCALE where more than KL_SCALE_MAX decimals are needed; KL_E_OVERFLOW;
 *  KL_E_MEMORY; KL_E_ARG.
 *  On failure: nothing changes but capacity.
 *  Cost: O(n), two allocations.
 *  Thread: exclusive on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_series_from_columns(kl_series *series, const kl_columns *columns, const kl_scale *scale, kl_error *error);
/** Lowers each scale to the decimals that are really used.
 *
 *  `series`: its rows are rescaled; NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(rows), no allocation.
 *  Thread: exclusive on `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_series_trim(kl_series *series);

typedef struct kl_trades {
    kl_series_key key;
    kl_scale scale; /* quote unused */
    size_t n, capacity;
    kl_trade *rows;
    kl_alloc alloc;
} kl_trades;
/** Makes an empty series of trades of scale 0.
 *
 *  `trades`: overwritten. `alloc`: copied; NULL: libc.
 *  Return: KL_OK; KL_E_ARG where `trades` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `trades`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_trades_init(kl_trades *trades, const kl_alloc *alloc);
/** Gives the rows of a series of trades back.
 *
 *  `trades`: empty afterwards and ready for use; NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), one free.
 *  Thread: exclusive on `trades`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_trades_free(kl_trades *trades);
/** Appends trades of any scale, in any order.
 *
 *  `trades`: takes the finer of both scales per field. `rows`: `n` rows, outside the series. `scale`: of the rows;
 *  `quote` does not count. `error`: where it failed, its row the 1-based index in `rows`, as for kl_series_append; or NULL.
 *  Return: KL_OK; KL_E_OVERFLOW where a number does not fit the finer scale; KL_E_MEMORY; KL_E_ARG.
 *  On failure: nothing changes but capacity.
 *  Cost: O(n), amortised; O(rows) where the scale gets finer.
 *  Thread: exclusive on `trades`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_trades_append(kl_trades *trades, const kl_trade *rows, size_t n, const kl_scale *scale, kl_error *error);

/* ----------------------------------------------------------------------------------------------------- panel --- */

/** A time grid x symbols. A step is taken when all bars of t have arrived or the caller seals t; a symbol that had not
 *  come by then stays missing in that step for ever, and its late bar is counted. */
typedef struct kl_panel kl_panel;
typedef struct kl_panel_sink {
    void *ctx;
    /* rows[s] for symbol s, present[s] 0 or 1; sealed: 1 where the caller forced the step. Steps come in rising time. */
    kl_status (*step)(void *ctx, kl_time open, const kl_kline *rows, const uint8_t *present, size_t symbols, int32_t sealed);
} kl_panel_sink;
/** Says how much memory a panel needs.
 *
 *  `symbols`: at least 1. `pending_steps`: at least 1, the number of grid steps that the waiting ones may span.
 *  Return: bytes; SIZE_MAX where a number is 0 or it does not fit size_t.
 *  On failure: SIZE_MAX.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_panel_size(size_t symbols, size_t pending_steps);
/** Makes a panel in the caller's memory.
 *
 *  `memory`: `bytes` bytes, at least kl_panel_size(`symbols`, `pending_steps`), aligned to 8. `interval`: the grid,
 *  with anchor; copied. `sink`: takes the steps; copied. `panel`: lies in `memory`; a copy of the bytes is a panel of
 *  its own.
 *  Return: KL_OK; KL_E_SIZE; KL_E_INTERVAL, KL_E_ANCHOR where the grid is invalid; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(bytes), no allocation.
 *  Thread: exclusive on `memory`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_panel_init(void *memory, size_t bytes, size_t symbols, size_t pending_steps, const kl_interval *interval,
                               const kl_panel_sink *sink, kl_panel **panel);
/** Brings one closed bar of one symbol, and takes the steps that are complete with it.
 *
 *  `panel`: exclusive. `symbol`: 0..symbols - 1. `row`: closed, at a start of the grid, all rows of one symbol in one
 *  scale. A step waits while an earlier one waits; grid times for which no symbol has a bar are no steps. `error`: what
 *  is wrong, or NULL.
 *  Return: KL_OK; KL_KEPT for a bar whose step was taken (counted as late); KL_SAME, KL_REPLACED, KL_KEPT for another
 *  version of a bar that waits, by kl_kline_rank; KL_E_STATE where the bar is not closed, or the waiting steps would
 *  span more than the panel holds: seal the oldest first; KL_E_INTERVAL off the grid; KL_E_ARG; the sink's own negative
 *  status: the bar is in, and the step stays and is offered again by the next call.
 *  On failure: nothing changes, but for the sink's status.
 *  Cost: O(1) and the steps taken, no allocation.
 *  Thread: exclusive on `panel`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_panel_push(kl_panel *panel, size_t symbol, const kl_kline *row, kl_error *error);
/** Takes every waiting step up to a time, complete or not.
 *
 *  `panel`: exclusive. `up_to`: steps with open <= this are taken in rising time; what comes for them later is late.
 *  Complete steps behind them follow.
 *  Return: KL_OK; KL_E_OVERFLOW; KL_E_ARG; the sink's own negative status: the step stays and is offered again by the
 *  next call.
 *  On failure: steps before the failed one are taken.
 *  Cost: O(pending steps), no allocation.
 *  Thread: exclusive on `panel`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_panel_seal(kl_panel *panel, kl_time up_to);
/** Counts the bars that came after their step was taken.
 *
 *  `panel`: any.
 *  Return: the count since kl_panel_init.
 *  On failure: 0 where `panel` is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API uint64_t kl_panel_late(const kl_panel *panel);

/* -------------------------------------------------------------------------------------------------- alignment --- */

/* Many series on one axis of times: rows meet where their open times are equal, to the microsecond, and nowhere else; a row
 * that a series does not have stays visible as -1 or NaN, never as the row before. First the times (kl_align_grid, or
 * kl_align_times), then each series onto them. Series may begin late, end early and have holes. */

enum {
    KL_ALIGN_ANY = 0, /* times at which at least one series has a row */
    KL_ALIGN_ALL = 1  /* times at which each series has one */
};
/** Joins the open times of many series.
 *
 *  `series`: `n_series` of them, each with open times that rise strictly; one may be empty. `how`: KL_ALIGN_x. `scratch`: room for
 *  `n_series` size_t. `times`: room for `capacity`, rising strictly; NULL with capacity 0 to count only. `n`: how many there are,
 *  also where `capacity` is less. `error`: its column is the number of the series, its row that of the row, both from 1; or NULL.
 *  Return: KL_OK; KL_E_SIZE where `capacity` is too small; KL_E_ORDER where times of a series do not rise; KL_E_TIME where one is
 *  KL_TIME_NONE; KL_E_ARG.
 *  On failure: nothing is written but `error`; with KL_E_SIZE the first `capacity` times, and `n`.
 *  Cost: O(rows + n_series * n), the size of the matrix that follows; no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_align_times(const kl_columns *series, size_t n_series, int32_t how, size_t *scratch, kl_time *times, size_t capacity,
                                size_t *n, kl_error *error);
/** Gives all open times of a grid in a span: with these a gap of all series is a row too, as kl_corr_scan wants it.
 *
 *  `interval`: with anchor. `from`: included. `to`: excluded. `times`: room for `capacity`; NULL with capacity 0 to count only.
 *  `n`: how many there are, also where `capacity` is less. `error`: or NULL.
 *  Return: KL_OK; KL_E_SIZE where `capacity` is too small; KL_E_INTERVAL, KL_E_ANCHOR where the grid is invalid; KL_E_OVERFLOW;
 *  KL_E_ARG.
 *  On failure: nothing is written but `error`; with KL_E_SIZE the first `capacity` times, and `n`.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_align_grid(const kl_interval *interval, kl_time from, kl_time to, kl_time *times, size_t capacity, size_t *n,
                               kl_error *error);
/** Finds the row of a series at each time.
 *
 *  `series`: with open times that rise strictly; what lies outside of `times` is neither read nor checked. `times`: `n`, rising
 *  strictly. `rows`: `n` indices; -1 where the series has no row. `error`: its row is that of the series (its argument 1) or of `times`
 *  (2) that does not rise, from 1; or NULL.
 *  Return: how many rows were found; KL_E_ORDER; KL_E_ARG.
 *  On failure: nothing is written but `error`.
 *  Cost: O(n + rows between the times + log rows), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int64_t kl_align_rows(const kl_columns *series, const kl_time *times, size_t n, int64_t *rows, kl_error *error);
/** Puts one column of a series at each time.
 *
 *  `series`, `times`, `n`, `error`: as for kl_align_rows. `column`: one value for each row of the series: one of its columns or made
 *  from them, as returns. `out`: the value for times[i], or NaN where the series has no row, goes to out[i * `stride`]: with the number of
 *  symbols as stride, and `out` moved to the place of this symbol, a matrix of rows of symbols; 1 makes a plain column.
 *  Return: how many rows were found; KL_E_ORDER; KL_E_ARG.
 *  On failure: nothing is written but `error`.
 *  Cost: O(n + rows between the times + log rows), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int64_t kl_align_column(const kl_columns *series, const double *column, const kl_time *times, size_t n, double *out, size_t stride,
                               kl_error *error);

/* ----------------------------------------------------------------------------------------------------- table --- */

/** What every analysis returns: named typed columns of equal length, with metadata. */
enum {
    KL_COLUMN_F64 = 1,   /* double; NaN is unknown */
    KL_COLUMN_I64 = 2,   /* int64_t */
    KL_COLUMN_TIME = 3,  /* kl_time; KL_TIME_NONE is unknown */
    KL_COLUMN_DECIMAL = 4, /* kl_i128 at the column's scale */
    KL_COLUMN_TEXT = 5,  /* const char *, kept alive by the table */
    KL_COLUMN_FLAGS = 6  /* uint32_t, printed as names joined with | */
};
typedef struct kl_table kl_table;
/** Makes an empty table.
 *
 *  `alloc`: copied; NULL: libc. `table`: to be given back with kl_table_free.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG where `table` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), one allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_new(const kl_alloc *alloc, kl_table **table);
/** Gives a table back, with all texts that it keeps.
 *
 *  `table`: NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(columns + blocks of text).
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_table_free(kl_table *table);
/** Adds a column; every column is added before the first row.
 *
 *  `table`: without rows. `name`: copied, unique. `kind`: KL_COLUMN_x. `scale`: decimals of KL_COLUMN_DECIMAL,
 *  0..KL_SCALE_MAX. `index`: the column's number, or NULL.
 *  Return: KL_OK; KL_E_STATE where there are rows; KL_E_EXISTS where the name is taken; KL_E_MEMORY; KL_E_ARG.
 *  On failure: the table is as before.
 *  Cost: O(columns), at most two allocations.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_add_column(kl_table *table, const char *name, int32_t kind, int32_t scale, size_t *index);
/** Sets a named text of metadata.
 *
 *  `table`: any. `name`: its text is replaced where it exists. `text`: copied, as `name` is.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG.
 *  On failure: the table is as before.
 *  Cost: O(metadata), at most three allocations.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_set_meta(kl_table *table, const char *name, const char *text);
/** Lists the metadata.
 *
 *  `table`: any. `index`: from 0, in the order in which they were set first. `name`, `text`: kept by the table, or NULL.
 *  Return: KL_OK; KL_END behind the last; KL_E_ARG where `table` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_meta(const kl_table *table, size_t index, const char **name, const char **text);
/** Adds rows of unknown values.
 *
 *  `table`: any. `n`: how many. `first`: the number of the first new row, or NULL.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG where `table` is NULL.
 *  On failure: the table is as before.
 *  Cost: O(n * columns), amortised; allocates where room is short.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_add_rows(kl_table *table, size_t n, size_t *first);
/** Counts the rows.
 *
 *  `table`: any.
 *  Return: their number.
 *  On failure: 0 where `table` is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_table_rows(const kl_table *table);
/** Counts the columns.
 *
 *  `table`: any.
 *  Return: their number.
 *  On failure: 0 where `table` is NULL.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_table_columns(const kl_table *table);
/** Describes a column.
 *
 *  `table`: any. `index`: from 0. `name`: kept by the table. `kind`: KL_COLUMN_x. `scale`: of decimals, otherwise 0. Each
 *  of the three may be NULL.
 *  Return: KL_OK; KL_END behind the last; KL_E_ARG where `table` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_column(const kl_table *table, size_t index, const char **name, int32_t *kind, int32_t *scale);
/** Finds a column by its name.
 *
 *  `table`: any. `name`: exact. `index`: the column's number.
 *  Return: KL_OK; KL_E_NOT_FOUND; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(columns), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_find_column(const kl_table *table, const char *name, size_t *index);
/** Sets a double.
 *
 *  `table`: any. `column`: its number, of KL_COLUMN_F64. `row`: below the number of rows. `value`: NaN is unknown.
 *  Return: KL_OK; KL_E_ARG where the cell is not there or of another kind, or a pointer is NULL.
 *  On failure: the cell is as before.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_set_f64(kl_table *table, size_t column, size_t row, double value);
/** Sets an integer or a time.
 *
 *  `table`: any. `column`: its number, of KL_COLUMN_I64 or KL_COLUMN_TIME. `row`: below the number of rows. `value`:
 *  any; a time of KL_TIME_NONE is unknown.
 *  Return: KL_OK; KL_E_ARG where the cell is not there or of another kind, or a pointer is NULL.
 *  On failure: the cell is as before.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_set_i64(kl_table *table, size_t column, size_t row, int64_t value);
/** Sets a decimal.
 *
 *  `table`: any. `column`: its number, of KL_COLUMN_DECIMAL. `row`: below the number of rows. `mantissa`: at the
 *  column's scale.
 *  Return: KL_OK; KL_E_ARG where the cell is not there or of another kind, or a pointer is NULL.
 *  On failure: the cell is as before.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_set_decimal(kl_table *table, size_t column, size_t row, const kl_i128 *mantissa);
/** Sets a text.
 *
 *  `table`: any. `column`: its number, of KL_COLUMN_TEXT. `row`: below the number of rows. `text`: `length` bytes of
 *  UTF-8, copied; the copy lives until the rows are cleared.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG where the cell is not there or of another kind, or a pointer is NULL.
 *  On failure: the cell is as before.
 *  Cost: O(length), seldom an allocation.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_set_text(kl_table *table, size_t column, size_t row, const char *text, size_t length);
/** Sets flags of a candle.
 *
 *  `table`: any. `column`: its number, of KL_COLUMN_FLAGS. `row`: below the number of rows. `flags`: any.
 *  Return: KL_OK; KL_E_ARG where the cell is not there or of another kind, or a pointer is NULL.
 *  On failure: the cell is as before.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_set_flags(kl_table *table, size_t column, size_t row, uint32_t flags);
/** Removes all rows and keeps columns and memory, for writing in batches.
 *
 *  `table`: any; texts that it gave out are gone.
 *  Return: KL_OK; KL_E_ARG where `table` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(blocks of text), no allocation.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_clear_rows(kl_table *table);
/** Reads a double.
 *
 *  `table`: any. `column`: its number, of KL_COLUMN_F64. `row`: below the number of rows. `value`: NaN where unknown.
 *  Return: KL_OK; KL_E_ARG where the cell is not there or of another kind, or a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_get_f64(const kl_table *table, size_t column, size_t row, double *value);
/** Reads an integer or a time.
 *
 *  `table`: any. `column`: its number, of KL_COLUMN_I64 or KL_COLUMN_TIME. `row`: below the number of rows. `value`: 0
 *  or KL_TIME_NONE where unknown.
 *  Return: KL_OK; KL_E_ARG where the cell is not there or of another kind, or a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_get_i64(const kl_table *table, size_t column, size_t row, int64_t *value);
/** Reads a decimal.
 *
 *  `table`: any. `column`: its number, of KL_COLUMN_DECIMAL. `row`: below the number of rows. `mantissa`: at the
 *  column's scale; 0 where unknown.
 *  Return: KL_OK; KL_E_ARG where the cell is not there or of another kind, or a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_get_decimal(const kl_table *table, size_t column, size_t row, kl_i128 *mantissa);
/** Reads a text.
 *
 *  `table`: any. `column`: its number, of KL_COLUMN_TEXT. `row`: below the number of rows. `text`: kept by the table,
 *  ends in NUL; empty where unknown. `length`: without NUL. Both may be NULL.
 *  Return: KL_OK; KL_E_ARG where the cell is not there or of another kind, or a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_get_text(const kl_table *table, size_t column, size_t row, const char **text, size_t *length);
/** Reads flags of a candle.
 *
 *  `table`: any. `column`: its number, of KL_COLUMN_FLAGS. `row`: below the number of rows. `flags`: 0 where unknown.
 *  Return: KL_OK; KL_E_ARG where the cell is not there or of another kind, or a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_get_flags(const kl_table *table, size_t column, size_t row, uint32_t *flags);
/** Tells whether a cell has a value.
 *
 *  `table`: any. `column`, `row`: of the cell.
 *  Return: 1 or 0; 0 too where there is no such cell.
 *  On failure: 0.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_table_is_known(const kl_table *table, size_t column, size_t row);

enum { KL_WRITE_HEADER = 1, KL_WRITE_EPOCH_US = 2, KL_WRITE_EPOCH_MS = 4, KL_WRITE_EPOCH_S = 8 };
/** Writes a table as CSV: unknown is an empty field, an empty text "", quotes where needed, LF.
 *
 *  `table`: any. `flags`: KL_WRITE_HEADER for a first line of names and at most one of KL_WRITE_EPOCH_US, _MS, _S,
 *  which prints times as numbers (cut to the unit) instead of ISO 8601 text. `writer`: takes the bytes in blocks of
 *  about 16 KB. Doubles are the shortest text that reads back to the same bits, decimals exact. In a table of one
 *  column unknown is "", since an empty line is no row.
 *  Return: KL_OK; KL_E_ARG where an argument is missing or `flags` has other bits; the writer's own negative status.
 *  On failure: the writer has what was written before.
 *  Cost: O(cells), no allocation, 20 KB of stack.
 *  Thread: shared-const on `table`.
 *  Source: RFC 4180 but for the line end.
 *  Since: 0.1 */
KL_API kl_status kl_table_write_csv(const kl_table *table, uint32_t flags, const kl_writer *writer);
/** Writes a table as JSON lines, one object for each row: unknown is null.
 *
 *  `table`: any. `flags`: KL_WRITE_HEADER, which does nothing, and at most one of KL_WRITE_EPOCH_US, _MS, _S, which
 *  prints times as numbers (cut to the unit) instead of ISO 8601 text. `writer`: takes the bytes in blocks of about 16
 *  KB. Integers, decimals and finite doubles are numbers with all their digits; infinities are the texts "inf" and
 *  "-inf".
 *  Return: KL_OK; KL_E_ARG where an argument is missing or `flags` has other bits; the writer's own negative status.
 *  On failure: the writer has what was written before.
 *  Cost: O(cells), no allocation, 20 KB of stack.
 *  Thread: shared-const on `table`.
 *  Source: RFC 8259.
 *  Since: 0.1 */
KL_API kl_status kl_table_write_json(const kl_table *table, uint32_t flags, const kl_writer *writer);
/** Adds the twelve columns of `kline export`: open_time, open, high, low, close, volume, close_time, quote_volume,
 *  trade_count, taker_buy_base, taker_buy_quote, flags.
 *
 *  `table`: without rows. `scale`: of the candles to come.
 *  Return: KL_OK; KL_E_EXISTS where it has them or one of these names; KL_E_STATE where there are rows; KL_E_MEMORY;
 *  KL_E_ARG.
 *  On failure: the table is as before.
 *  Cost: O(columns), allocates.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_add_kline_columns(kl_table *table, const kl_scale *scale);
/** Adds candles as rows.
 *
 *  `table`: with the columns of kl_table_add_kline_columns; others stay unknown. `rows`: `n` candles at the scale given
 *  there; fields not known become unknown.
 *  Return: KL_OK; KL_E_STATE where the columns are missing; KL_E_MEMORY; KL_E_ARG.
 *  On failure: the table is as before.
 *  Cost: O(n), amortised.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_table_add_klines(kl_table *table, const kl_kline *rows, size_t n);
/** Prints flags of a candle as names joined by |: closed|filler.
 *
 *  `flags`: any; bits without a name follow as 0x and eight digits. `text`: room for 128 bytes; ends in NUL, empty for
 *  0.
 *  Return: the length without NUL.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_flags_print(uint32_t flags, char *text /* 128 */);
/** Reads flags as kl_flags_print prints them.
 *
 *  `text`: all of its `length` bytes; empty is 0. `flags`: the bits.
 *  Return: KL_OK; KL_E_UNKNOWN_NAME; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(length), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_flags_parse(const char *text, size_t length, uint32_t *flags);

#ifdef __cplusplus
}
#endif
#endif
