/* kline/data.h: time, intervals, calendars, symbols; candles, trades and the containers that hold them. */
#ifndef KLINE_DATA_H
#define KLINE_DATA_H
#include "kline/base.h"
#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------------ time --- */

/** Microseconds since 1970-01-01T00:00:00Z. Valid data lies in [2000-01-01, 2100-01-01]. */
typedef int64_t kl_time;
#define KL_TIME_MIN INT64_C(946684800000000)
#define KL_TIME_MAX INT64_C(4102444800000000)
#define KL_TIME_NONE INT64_MIN
#define KL_TIME_TEXT_MAX 40

enum { KL_EPOCH_NONE = 0, KL_EPOCH_S = 1, KL_EPOCH_MS = 2, KL_EPOCH_US = 3, KL_EPOCH_NS = 4 };

/* unit by magnitude, both ends of 2000..2100 included in each unit; ns are cut to us; KL_E_TIME otherwise. unit may be NULL. */
KL_API kl_status kl_time_from_epoch(int64_t value, kl_time *time, int32_t *unit);
/* ISO 8601: date, or date and time with T or blank, up to 9 decimals, Z or +hh[:mm] or nothing (= UTC); whole text. */
KL_API kl_status kl_time_parse(const char *text, size_t length, kl_time *time);
/* 2023-01-01T00:00:00Z; with .mmm or .uuuuuu where needed. Returns the length. */
KL_API size_t kl_time_print(kl_time time, char *text /* KL_TIME_TEXT_MAX */);

/** Proleptic Gregorian date and time of day. */
typedef struct kl_civil {
    int32_t year, month /* 1..12 */, day /* 1..31 */, hour, minute, second, microsecond;
} kl_civil;
KL_API void kl_civil_from_time(kl_time time, kl_civil *civil);
KL_API kl_status kl_civil_to_time(const kl_civil *civil, kl_time *time);

/** Calendar attributes of an instant in a fixed-offset zone (F10, F12). */
typedef struct kl_calendar {
    kl_civil civil;
    int32_t quarter, day_of_year, iso_weekday /* 1 Monday .. 7 Sunday */, is_weekend;
    int32_t iso_week, iso_week_year, week_of_year /* 1 January is in week 1, weeks start on Monday */;
    int32_t hour12 /* 1..12 */, is_pm;
} kl_calendar;
KL_API kl_status kl_calendar_at(kl_time time, int32_t offset_minutes, kl_calendar *calendar);
KL_API const char *kl_day_name(int32_t iso_weekday);  /* "Monday"; NULL out of range */
KL_API const char *kl_month_name(int32_t month);      /* "January" */
KL_API const char *kl_hour_label(int32_t hour);       /* "12 AM" .. "11 PM" */
KL_API size_t kl_hhmm_print(kl_time time, int32_t offset_minutes, char *text /* 6 */); /* "07:45" */

/** Trading sessions as half-open hour ranges of the UTC day; a range may wrap midnight. Inclusive ends as system 000 has
 *  them are an option: first_hour..last_hour both inside. */
enum { KL_SESSION_ASIA = 1, KL_SESSION_EUROPE = 2, KL_SESSION_US = 4 };
typedef struct kl_session {
    uint32_t bit;
    int32_t first_hour, last_hour; /* 0..23, both hours inside the session */
} kl_session;
/* default (sessions NULL): Asia 0-7, Europe 7-15, US 13-20 UTC. */
KL_API kl_status kl_session_mask(kl_time time, const kl_session *sessions, size_t n, uint32_t *mask);
/* F9: keep a plausible ingestion time (>= 2000-01-01 and <= now), otherwise now. */
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

/* "1m" "15m" "1h" "1d" "3d" "1w" "1M" "1mo" "90s"; any n in 1..100000; "3d@2017-08-17" and "1d@16:00" set the anchor. */
KL_API kl_status kl_interval_parse(const char *text, size_t length, kl_interval *interval);
KL_API size_t kl_interval_print(const kl_interval *interval, char *text /* KL_INTERVAL_TEXT_MAX */);
KL_API kl_status kl_interval_floor(const kl_interval *interval, kl_time time, kl_time *open);
KL_API kl_status kl_interval_next(const kl_interval *interval, kl_time open, kl_time *next); /* start of the following bucket */
KL_API kl_status kl_interval_index(const kl_interval *interval, kl_time time, int64_t *index); /* absolute bar number */
KL_API kl_status kl_interval_open(const kl_interval *interval, int64_t index, kl_time *open);
KL_API kl_status kl_interval_count(const kl_interval *interval, kl_time from, kl_time to, int64_t *count); /* opens in [from, to) */
KL_API int64_t kl_interval_length_us(const kl_interval *interval); /* 0 for months */
KL_API int32_t kl_interval_divides(const kl_interval *small, const kl_interval *large); /* 1: folding is exact */
/* the interval that most neighbouring opens are apart: 60 s -> 1m ... 28..31 d -> 1M. KL_E_INTERVAL where there is none. */
KL_API kl_status kl_interval_guess(const kl_time *open_times, size_t n, kl_interval *interval);
KL_API kl_status kl_interval_at(size_t index, kl_interval *interval); /* the exchanges' intervals: 1s 1m 3m .. 1M; KL_END */

/* --------------------------------------------------------------------------------------------------- symbols --- */

#define KL_SYMBOL_MAX 48 /* with NUL */
/* "FTMBNB" -> "FTM" + "BNB" by the longest known quote suffix; separators - / _ : are honoured. KL_E_SYMBOL. */
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
    int64_t id;                 /* trade or aggregate id; -1: none */
    int64_t first_id, last_id;  /* range of single trades; first = last = id for single ones; -1: unknown */
    kl_time time_us;
    int64_t price;
    kl_i128 quantity;
    uint32_t flags;
    uint32_t reserved;
} kl_trade;
enum { KL_TRADE_BUYER_MAKER = 1, KL_TRADE_MAKER_KNOWN = 2, KL_TRADE_NEUTRALISED = 4 /* price, quantity 0, ids -1 */ };

/* order of versions of one candle (same open time, same scale): > 0 where a outranks b, 0 where content and rank are equal.
 * Real before synthetic; closed, suspect, forming; authority; as-of; known fields; trade count, quote volume, then field by field. */
KL_API int32_t kl_kline_rank(const kl_kline *a, const kl_kline *b);
/* 1: prices, volumes, count, close time and known mask are equal (flags, ids, as-of and authority aside). */
KL_API int32_t kl_kline_same(const kl_kline *a, const kl_kline *b);
KL_API kl_status kl_kline_rescale(kl_kline *row, const kl_scale *from, const kl_scale *to);
KL_API kl_status kl_trade_rescale(kl_trade *trade, const kl_scale *from, const kl_scale *to);
/* F26: text key time_us-id-price-quantity-maker, unique for trades with ids, stable over sources. */
KL_API size_t kl_trade_key_print(const kl_trade *trade, const kl_scale *scale, char *text, size_t capacity);
/* nominal close time: next open - 1 us. */
KL_API kl_status kl_kline_nominal_close(const kl_interval *interval, kl_time open, kl_time *close);
KL_API int32_t kl_kline_is_closed(const kl_kline *row, const kl_interval *interval, kl_time now); /* F21 */

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
KL_API double kl_book_spread(const kl_book_top *top);     /* ask - bid */
KL_API double kl_book_spread_bps(const kl_book_top *top); /* of the mid price */

/* --------------------------------------------------------------------------------------------------- columns --- */

/** Borrowed columns of doubles with their times: what all analytics take. Any pointer but the one in use may be NULL. Row i
 *  of each is one bar; unknown is NaN. Each double is the nearest one to the exact value. */
typedef struct kl_columns {
    size_t n;
    const kl_time *open_time_us, *close_time_us;
    const double *open, *high, *low, *close, *volume, *quote_volume, *trade_count, *taker_buy_base, *taker_buy_quote;
    const uint32_t *flags;
} kl_columns;

/* rows [first, first + n) of columns, without copying. */
KL_API kl_status kl_columns_slice(const kl_columns *columns, size_t first, size_t n, kl_columns *slice);

/** A growable series of exact candles. Rows may be read directly; only the functions below change it. */
typedef struct kl_series {
    kl_series_key key;
    kl_scale scale;
    size_t n, capacity;
    kl_kline *rows;
    kl_alloc alloc;
} kl_series;
KL_API kl_status kl_series_init(kl_series *series, const kl_alloc *alloc); /* alloc NULL: libc */
KL_API void kl_series_free(kl_series *series);
KL_API kl_status kl_series_reserve(kl_series *series, size_t n);
/* appends rows of the given scale, in any order; a finer scale rescales the series, nothing is lost or half done. */
KL_API kl_status kl_series_append(kl_series *series, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error);
/* 1 where open times rise strictly. */
KL_API int32_t kl_series_is_sorted(const kl_series *series);
/* index of the first row with open_time >= time (sorted series). */
KL_API size_t kl_series_find(const kl_series *series, kl_time time);
/* bytes needed and columns made in the caller's memory (aligned to 64). */
KL_API size_t kl_series_columns_size(size_t n);
KL_API kl_status kl_series_columns(const kl_series *series, void *memory, size_t bytes, kl_columns *columns);
/* doubles -> exact rows at the given scale (rounded to nearest), or at the shortest decimals when scale is NULL. */
KL_API kl_status kl_series_from_columns(kl_series *series, const kl_columns *columns, const kl_scale *scale, kl_error *error);
/* lowers each scale to the decimals that are really used. */
KL_API void kl_series_trim(kl_series *series);

typedef struct kl_trades {
    kl_series_key key;
    kl_scale scale; /* quote unused */
    size_t n, capacity;
    kl_trade *rows;
    kl_alloc alloc;
} kl_trades;
KL_API kl_status kl_trades_init(kl_trades *trades, const kl_alloc *alloc);
KL_API void kl_trades_free(kl_trades *trades);
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
KL_API size_t kl_panel_size(size_t symbols, size_t pending_steps);
KL_API kl_status kl_panel_init(void *memory, size_t bytes, size_t symbols, size_t pending_steps, const kl_interval *interval,
                               const kl_panel_sink *sink, kl_panel **panel);
KL_API kl_status kl_panel_push(kl_panel *panel, size_t symbol, const kl_kline *row, kl_error *error);
KL_API kl_status kl_panel_seal(kl_panel *panel, kl_time up_to); /* takes every pending step with open <= up_to */
KL_API uint64_t kl_panel_late(const kl_panel *panel);

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
KL_API kl_status kl_table_new(const kl_alloc *alloc, kl_table **table);
KL_API void kl_table_free(kl_table *table);
/* adds a column; every column is added before the first row. */
KL_API kl_status kl_table_add_column(kl_table *table, const char *name, int32_t kind, int32_t scale, size_t *index);
KL_API kl_status kl_table_set_meta(kl_table *table, const char *name, const char *text);
KL_API kl_status kl_table_meta(const kl_table *table, size_t index, const char **name, const char **text); /* KL_END */
KL_API kl_status kl_table_add_rows(kl_table *table, size_t n, size_t *first); /* rows of unknown values */
KL_API size_t kl_table_rows(const kl_table *table);
KL_API size_t kl_table_columns(const kl_table *table);
KL_API kl_status kl_table_column(const kl_table *table, size_t index, const char **name, int32_t *kind, int32_t *scale);
KL_API kl_status kl_table_find_column(const kl_table *table, const char *name, size_t *index);
KL_API kl_status kl_table_set_f64(kl_table *table, size_t column, size_t row, double value);
KL_API kl_status kl_table_set_i64(kl_table *table, size_t column, size_t row, int64_t value); /* I64 and TIME */
KL_API kl_status kl_table_set_decimal(kl_table *table, size_t column, size_t row, const kl_i128 *mantissa);
KL_API kl_status kl_table_set_text(kl_table *table, size_t column, size_t row, const char *text, size_t length);
KL_API kl_status kl_table_set_flags(kl_table *table, size_t column, size_t row, uint32_t flags);
KL_API kl_status kl_table_clear_rows(kl_table *table); /* keeps columns and memory: for writing in batches */
KL_API kl_status kl_table_get_f64(const kl_table *table, size_t column, size_t row, double *value);
KL_API kl_status kl_table_get_i64(const kl_table *table, size_t column, size_t row, int64_t *value);
KL_API kl_status kl_table_get_decimal(const kl_table *table, size_t column, size_t row, kl_i128 *mantissa);
KL_API kl_status kl_table_get_text(const kl_table *table, size_t column, size_t row, const char **text, size_t *length);
KL_API kl_status kl_table_get_flags(const kl_table *table, size_t column, size_t row, uint32_t *flags);
KL_API int32_t kl_table_is_known(const kl_table *table, size_t column, size_t row);

enum { KL_WRITE_HEADER = 1, KL_WRITE_EPOCH_US = 2, KL_WRITE_EPOCH_MS = 4, KL_WRITE_EPOCH_S = 8 };
/* unknown prints as an empty field; quotes where needed; LF. */
KL_API kl_status kl_table_write_csv(const kl_table *table, uint32_t flags, const kl_writer *writer);
/* one object per line; unknown members are null. */
KL_API kl_status kl_table_write_json(const kl_table *table, uint32_t flags, const kl_writer *writer);
/* candles as the columns of `kline export`: open_time,open,high,low,close,volume,close_time,quote_volume,trade_count,
 * taker_buy_base,taker_buy_quote,flags */
KL_API kl_status kl_table_add_kline_columns(kl_table *table, const kl_scale *scale);
KL_API kl_status kl_table_add_klines(kl_table *table, const kl_kline *rows, size_t n);
KL_API size_t kl_flags_print(uint32_t flags, char *text /* 128 */); /* "closed|filler"; "" for 0 */
KL_API kl_status kl_flags_parse(const char *text, size_t length, uint32_t *flags);

#ifdef __cplusplus
}
#endif
#endif
