/* kline/stat.h: returns, drawdowns, volatility, labels and states, the buy-and-hold simulator, performance and inference.
 *
 * Functions over arrays keep their length: out[i] belongs to row i. A value is missing where it is NaN or infinite, a price
 * also where it is not above 0; a missing value costs the outputs that are made of it and nothing else. Outputs are finite
 * numbers or the one NaN, which means unknown. */
#ifndef KLINE_STAT_H
#define KLINE_STAT_H
#include "kline/data.h"
#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------- returns and prices --- */

enum { /* kinds of return; p is the price before, c the price now */
    KL_RETURN_SIMPLE = 1,    /* (c - p) / p */
    KL_RETURN_PERCENT = 2,   /* 100 * (c - p) / p */
    KL_RETURN_LOG = 3,       /* ln(c / p), to about one ulp also where c is close to p or c / p is out of range */
    KL_RETURN_CUMULATIVE = 4 /* simple, but p is the first price of all */
};

/** Gives the return between two prices.
 *
 *  `kind`: KL_RETURN_x; CUMULATIVE is SIMPLE here. `before`, `now`: prices. With a VWAP as `before` it is the deviation from
 *  the VWAP.
 *  Return: the return; NaN where a price is missing, not above 0, or the result is not finite.
 *  On failure: NaN, also for an unknown kind.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: Dekker 1971 for the rounding error of c / p in the logarithm.
 *  Since: 0.1 */
KL_API double kl_return(int32_t kind, double before, double now);

/** Gives the return of each row against the row before, or against the first price.
 *
 *  `kind`: KL_RETURN_x. `price`: `n` prices. `before`: price of the row before the first, of CUMULATIVE the first price of
 *  all; NaN: none. So a history may come in parts. `out`: `n` returns, unknown where this price or the one before is
 *  missing; of CUMULATIVE a missing price costs its own row only. May be `price`.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_returns(int32_t kind, const double *price, size_t n, double before, double *out);

enum { /* which price stands for a candle */
    KL_PRICE_CLOSE = 1,
    KL_PRICE_TYPICAL = 2,  /* (high + low + close) / 3 */
    KL_PRICE_MEDIAN = 3,   /* (high + low) / 2 */
    KL_PRICE_WEIGHTED = 4, /* (high + low + 2 close) / 4 */
    KL_PRICE_OHLC4 = 5,    /* (open + high + low + close) / 4 */
    KL_PRICE_QUOTE = 6     /* quote_volume / volume: the exact average price of the candle */
};

/** Makes one price of each candle.
 *
 *  `columns`: with the columns that the price needs. `price`: KL_PRICE_x. `out`: columns->n prices; unknown where a price that it is made of is missing, or
 *  quote volume or volume of KL_PRICE_QUOTE is not above 0.
 *  Return: KL_OK; KL_E_COLUMNS where a column is not there; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_prices(const kl_columns *columns, int32_t price, double *out);

/** Turns prices into an index that begins at a level: what several symbols are compared by.
 *
 *  `price`: `n` prices. `first`: the index is `level` at the first known price from this row on; rows before it are rebased too.
 *  `level`: e.g. 100. `out`: `n` values level * (price / base), all unknown where there is no such price. May be `price`.
 *  Return: KL_OK; KL_E_ARG where `first` is not below `n`.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_rebase(const double *price, size_t n, size_t first, double level, double *out);

/* ---------------------------------------------------------------------------------------------- volatility --- */

/** Says how many candles of an interval a year has.
 *
 *  `interval`: any; its anchor does not matter. `days`: of trading a year, 365 where trading never stops; 252 for daily candles of stocks. Months: 12.
 *  Return: the number; NaN where there is no such interval.
 *  On failure: NaN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API double kl_periods_per_year(const kl_interval *interval, double days);

/** Gives the historical volatility: the sample standard deviation of the last returns.
 *
 *  `kind`: KL_RETURN_SIMPLE, _PERCENT or _LOG. `price`: `n` prices, from the start of the history. `rows`: returns in a window, 2
 *  or more. `min_count`: known returns that it needs, 2 .. rows; 0: all. `per_year`: the result is multiplied with its square root, see
 *  kl_periods_per_year; 0: not annualised. `alloc`: for the window; NULL: libc. `out`: `n` values; may be `price`. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG; KL_E_MEMORY.
 *  On failure: nothing is written but `error`.
 *  Cost: O(n log rows), one allocation.
 *  Thread: pure.
 *  Source: docs/windows.md.
 *  Since: 0.1 */
KL_API kl_status kl_volatility(int32_t kind, const double *price, size_t n, int64_t rows, int64_t min_count, double per_year,
                               const kl_alloc *alloc, double *out, kl_error *error);

/* ----------------------------------------------------------------------------------------------- drawdowns --- */

/** Gives the running peak of prices, and how far below it they are.
 *
 *  `price`: `n` prices. `peak`: the highest price before the first row, NaN for none; receives the highest of all, so a history may come in
 *  parts. `peaks`: `n` running peaks, unknown only before the first price; or NULL. `drawdown`: `n` fractions (price - peak) / peak in
 *  -1..0, unknown where the price is; or NULL. Both may be `price`.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_drawdown(const double *price, size_t n, double *peak, double *peaks, double *drawdown);

/** One fall below a peak, till the price is at that peak again. */
typedef struct kl_drawdown_episode {
    double depth;          /* (trough_price - peak_price) / peak_price, below 0 */
    double peak_price, trough_price;
    size_t peak, trough;   /* rows: the last one at the peak, the first one at the lowest price */
    size_t recovery;       /* row of the first price at or above the peak; SIZE_MAX: not yet */
    size_t fall_rows;      /* trough - peak */
    size_t rise_rows;      /* recovery - trough, or from the trough to the last row */
    size_t rows;           /* their sum */
} kl_drawdown_episode;
enum { KL_DRAWDOWN_BY_TIME = 0, KL_DRAWDOWN_BY_DEPTH = 1 };

/** Lists the drawdowns of a history; the deepest alone is the worst drawdown.
 *
 *  `price`: `n` prices; missing ones are passed over but count as rows. `order`: KL_DRAWDOWN_BY_TIME: the first ones; _BY_DEPTH: the deepest ones, deepest first, of equal
 *  ones the earlier. `episodes`: room for `capacity`; may be NULL with 0. `total`: how many there are.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(n + total * capacity), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_drawdown_episodes(const double *price, size_t n, int32_t order, kl_drawdown_episode *episodes, size_t capacity, size_t *total);

/** Ranks several symbols by their drawdown, the deepest first.
 *
 *  `drawdown`: one value for each of `n` symbols, the lower the deeper. `index`: `n` places in `drawdown`; of equal ones the lower first, unknown ones last.
 *  Return: how many are known.
 *  On failure: 0 where a pointer is NULL.
 *  Cost: O(n log n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_drawdown_rank(const double *drawdown, size_t n, size_t *index);

/* ---------------------------------------------------------------------------------------- labels and states --- */

/** The limits of all labels. */
typedef struct kl_label_rules {
    uint32_t struct_size;
    uint32_t reserved;
    double volatility_medium;    /* above this multiple of the mean volatility: Medium; 1 */
    double volatility_high;      /* High; 1.5 */
    double zrank_high;           /* |z| above this: High Volatility; 1 */
    double zrank_extreme;        /* Extreme Outlier; 2 */
    double spike;                /* volume above this multiple of its mean is a spike; 2 */
    double activity_elevated;    /* from this ratio of volume to its mean on: Elevated; 1.5 */
    double activity_high;        /* above this one: High Activity; 2 */
    double mover_plain;          /* |return| in percent from here on: Bullish, Bearish, below it Weak; 3 */
    double mover_strong;         /* from here on Strong; 10 */
    double market_calm;          /* volatility up to this multiple of its mean is calm; 1 */
    double market_stress;        /* above this one is stress; 1.5 */
    double market_together;      /* average correlation from here on: all move together; 0.5 */
    double market_return;        /* |return| in percent from here on is a direction; 1 */
    double risk_drawdown_medium; /* drawdown as a fraction, this deep or deeper: Medium Risk; 0.1 */
    double risk_drawdown_high;   /* High Risk; 0.3 */
    double risk_volatility_medium; /* volatility above this multiple of its mean: Medium Risk; 1 */
    double risk_volatility_high; /* High Risk; 1.5 */
    double corr_low, corr_medium, corr_high; /* |r| from here on: Low, Medium, High; 0.3, 0.5, 0.8 */
    double corr_break;           /* |r - r before| above this is a breakdown; 0.5 */
} kl_label_rules;

/** Sets all limits to their defaults.
 *
 *  `rules`: overwritten.
 *  Return: KL_OK; KL_E_ARG where `rules` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_label_rules_init(kl_label_rules *rules);

/** Checks limits: each a number from 0, and those of one label in rising order.
 *
 *  `rules`: which. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: `error` tells which limit it is.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_label_rules_check(const kl_label_rules *rules, kl_error *error);

enum { /* sets of labels; 0 is "unknown" in each */
    KL_LABEL_VOLATILITY = 1,
    KL_LABEL_ZRANK = 2,
    KL_LABEL_ACTIVITY = 3,
    KL_LABEL_MOVER = 4,
    KL_LABEL_MARKET = 5,
    KL_LABEL_RISK = 6,
    KL_LABEL_CORRELATION = 7 /* KL_CORR_x of kline/corr.h */
};
enum { KL_VOLATILITY_UNKNOWN = 0, KL_VOLATILITY_LOW = 1, KL_VOLATILITY_MEDIUM = 2, KL_VOLATILITY_HIGH = 3 };
enum { KL_ZRANK_UNKNOWN = 0, KL_ZRANK_STABLE = 1, KL_ZRANK_HIGH = 2, KL_ZRANK_EXTREME = 3 };
enum { KL_ACTIVITY_UNKNOWN = 0, KL_ACTIVITY_NORMAL = 1, KL_ACTIVITY_ELEVATED = 2, KL_ACTIVITY_HIGH = 3 };
enum {
    KL_MOVER_UNKNOWN = 0, KL_MOVER_STRONG_BEARISH = 1, KL_MOVER_BEARISH = 2, KL_MOVER_WEAK_BEARISH = 3,
    KL_MOVER_WEAK_BULLISH = 4, KL_MOVER_BULLISH = 5, KL_MOVER_STRONG_BULLISH = 6
};
enum { KL_MARKET_UNKNOWN = 0, KL_MARKET_CALM = 1, KL_MARKET_TRANSITION = 2, KL_MARKET_RISK_ON = 3, KL_MARKET_RISK_OFF = 4 };
enum { KL_RISK_UNKNOWN = 0, KL_RISK_LOW = 1, KL_RISK_MEDIUM = 2, KL_RISK_HIGH = 3 };

/** Gives the text of a label: "High", "Strong Bullish", "Risk-Off".
 *
 *  `set`: KL_LABEL_x. `label`: of that set; 0 is "Unknown".
 *  Return: a constant text; NULL where there is no such label.
 *  On failure: NULL.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_label_name(int32_t set, int32_t label);

/** Tells how high a volatility is against its mean.
 *
 *  `volatility`, `mean`: of one unit. `rules`: limits; NULL: defaults. Above 1.5 means High, above 1 mean Medium, else Low.
 *  Return: KL_VOLATILITY_x; UNKNOWN where one is unknown.
 *  On failure: KL_VOLATILITY_UNKNOWN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_volatility_regime(double volatility, double mean, const kl_label_rules *rules);

/** Tells how far out a z-score is.
 *
 *  `z`: any. `rules`: limits; NULL: defaults. |z| above 2 Extreme Outlier, above 1 High Volatility, else Stable.
 *  Return: KL_ZRANK_x; UNKNOWN where z is.
 *  On failure: KL_ZRANK_UNKNOWN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_zrank(double z, const kl_label_rules *rules);

/** Tells whether a volume is a spike.
 *
 *  `volume`, `mean`: of one unit. `rules`: limits; NULL: defaults. A spike is above 2 means.
 *  Return: 1 or 0; -1 where one is unknown.
 *  On failure: -1.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_volume_spike(double volume, double mean, const kl_label_rules *rules);

/** Tells how active trading is.
 *
 *  `ratio`: volume over its mean. `rules`: limits; NULL: defaults. Above 2 High Activity, from 1.5 Elevated, else Normal.
 *  Return: KL_ACTIVITY_x; UNKNOWN where the ratio is.
 *  On failure: KL_ACTIVITY_UNKNOWN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_activity_state(double ratio, const kl_label_rules *rules);

/** Gives the volume pressure: the mean of the known spike ratios.
 *
 *  `ratio`: `n` ratios.
 *  Return: the mean; NaN where none is known.
 *  On failure: NaN.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API double kl_volume_pressure(const double *ratio, size_t n);

/** Gives the mover signal: the size of a return, weighed with a ratio of volume or of volatility.
 *
 *  `ret`: of any unit. `ratio`: of the caller's choice.
 *  Return: |ret| * ratio; NaN where one is unknown.
 *  On failure: NaN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API double kl_mover_signal(double ret, double ratio);

/** Puts a return into one of six classes.
 *
 *  `return_pct`: percent. `rules`: limits; NULL: defaults. From 10 Strong Bullish, from 3 Bullish, from 0 Weak Bullish, above
 *  -3 Weak Bearish, above -10 Bearish, else Strong Bearish.
 *  Return: KL_MOVER_x; UNKNOWN where the return is.
 *  On failure: KL_MOVER_UNKNOWN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_mover_label(double return_pct, const kl_label_rules *rules);

/** Tells the state of a market.
 *
 *  Calm: volatility up to market_calm and no direction. Risk-Off: a direction down, in stress or all together. Risk-On: a direction up
 *  without stress. All else is Transition.
 *  `volatility_ratio`: volatility of the market over its mean. `correlation`: average of all pairs. `return_pct`: of the market, percent. `rules`: limits;
 *  NULL: defaults.
 *  Return: KL_MARKET_x; UNKNOWN where one of the three is.
 *  On failure: KL_MARKET_UNKNOWN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_market_state(double volatility_ratio, double correlation, double return_pct, const kl_label_rules *rules);

/** Tells the state of risk: the worse of what drawdown and volatility say.
 *
 *  `drawdown`: a fraction, -1..0. `volatility_ratio`: volatility over its mean. `rules`: limits; NULL: defaults.
 *  Return: KL_RISK_x; HIGH where one of both says so, otherwise UNKNOWN where one is unknown.
 *  On failure: KL_RISK_UNKNOWN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_risk_state(double drawdown, double volatility_ratio, const kl_label_rules *rules);

/* ---------------------------------------------------------------------------------- buy and hold simulator --- */

/** What became of an amount that was invested once and held. A number that is beyond the largest double is NaN. */
typedef struct kl_investment {
    size_t start_row, end_row;
    kl_time start, end;         /* open times of the candles it was bought and valued at */
    double amount, start_price, end_price;
    double units;               /* amount / start_price */
    double value;               /* amount * (end_price / start_price) */
    double profit;              /* value - amount */
    double return_pct;
    double worst_drawdown;      /* as a fraction, 0 where the value never fell */
    kl_time worst_peak, worst_trough; /* KL_TIME_NONE where it never fell */
} kl_investment;

/** Simulates buying once and holding, at closes.
 *
 *  `columns`: open times, rising strictly, and closes; rows without a close are holes. `start`: bought on the first candle at or after it. `end`: valued on
 *  the last candle at or before it. `amount`: above 0. `value`, `drawdown`: columns->n values each, unknown outside the holding and in holes; or
 *  NULL. `result`: what became of it. `error`: or NULL.
 *  Return: KL_OK; KL_E_NOT_FOUND where no candle is in the range; KL_E_COLUMNS; KL_E_ORDER; KL_E_ARG.
 *  On failure: nothing is written but `error`.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_invest(const kl_columns *columns, kl_time start, kl_time end, double amount, double *value, double *drawdown,
                           kl_investment *result, kl_error *error);

/** Tells an investment in one English sentence.
 *
 *  `investment`: from kl_invest. `symbol`: what was bought, e.g. "BTCUSDT". `currency`: of the amount, e.g. "USDT"; "" for none. `text`: room for `capacity` bytes; ends
 *  in NUL. Amounts have two decimals, whatever the locale; a profit of 0.00 is called neither profit nor loss.
 *  Return: the length without NUL; 0 where it does not fit, an argument is missing or one of the numbers is unknown.
 *  On failure: `text` is empty.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_invest_print(const kl_investment *investment, const char *symbol, const char *currency, char *text, size_t capacity);

/* --------------------------------------------------------------------------------------- performance: conventions --- */

/* Ten returns give a Sharpe ratio of 1.4 or of 9.9, depending on whom one asks. So every figure is computed under conventions
 * that are in the input and in the output, and what is not defined is said to be so: no 0, no 10, no -100 in its place. */

/* Who asks: KL_X(NAME, value, name, whose statistics). kl_perf_conventions_preset sets all fields. */
#define KL_PRESET_LIST(KL_X)                                                                                          \
    KL_X(KL_PRESET_KLINE, 0, "kline", "libkline: 365 days, sample deviation, whole history")                          \
    KL_X(KL_PRESET_EMPYRICAL, 1, "empyrical", "empyrical-reloaded: 252 days")                                         \
    KL_X(KL_PRESET_QUANTSTATS, 2, "quantstats", "quantstats: 252 days, zero rows dropped from rates")                 \
    KL_X(KL_PRESET_VECTORBT, 3, "vectorbt", "vectorbt: 365 days, excess kurtosis in probabilities")                   \
    KL_X(KL_PRESET_BACKTESTINGPY, 4, "backtesting.py", "backtesting.py: geometric day returns, clock years")          \
    KL_X(KL_PRESET_BACKTRADER, 5, "backtrader", "backtrader: population deviation of trades in SQN")                  \
    KL_X(KL_PRESET_FREQTRADE, 6, "freqtrade", "freqtrade: closed trades, days between first and last")                \
    KL_X(KL_PRESET_LEAN, 7, "lean", "Lean: ratios capped at 10, sample deviation of losing trades")                   \
    KL_X(KL_PRESET_NAUTILUS, 8, "nautilus", "nautilus_trader: UTC days, 252 days, zero trades lose")
enum {
#define KL__PRESET_ENUM(NAME, value, name, text) NAME = (value),
    KL_PRESET_LIST(KL__PRESET_ENUM)
#undef KL__PRESET_ENUM
};
enum { KL_SAMPLING_ROWS = 0, KL_SAMPLING_DAYS = 1 /* the last equity of each UTC day, where times are given */ };
enum { KL_GROWTH_CLOCK = 0, /* years = seconds / (year_days * 86400) */ KL_GROWTH_ROWS = 1, /* years = rows / periods_per_year */
       KL_GROWTH_FIRST_LAST = 2 /* years = (last - first whole day) / year_days */ };
enum { KL_NUMERATOR_MEAN = 0, KL_NUMERATOR_GEOMETRIC = 1, /* (1 + geometric mean)^A - 1 over sqrt((s^2 + (1 + g)^2)^A - (1 + g)^(2 A)) */
       KL_NUMERATOR_COMPOUND = 2, /* (1 + mean)^A - 1 */ KL_NUMERATOR_SUM_PER_DAY = 3 /* sum / days, of trades over the start balance */ };
enum { KL_DOWNSIDE_ALL = 0, /* root mean square of min(r - mar, 0) over all rows */ KL_DOWNSIDE_LOSERS = 1 /* deviation of those below mar */ };
enum { KL_ZERO_COUNTS = 0, /* in the denominator, neither win nor loss */ KL_ZERO_DROPPED = 1, KL_ZERO_LOSES = 2 };
enum { KL_MISSING_SKIPPED = 0, KL_MISSING_IS_PERIOD = 1 /* an unknown return counts as a period of growth and as 0 in compounding */ };
enum { KL_VAR_HISTORICAL = 0, /* quantile, linear */ KL_VAR_GAUSSIAN = 1 };
enum { KL_CVAR_WORST = 0, /* mean of the floor((n - 1) c) + 1 worst */ KL_CVAR_EXACT = 1, /* Rockafellar and Uryasev */ KL_CVAR_BELOW_VAR = 2 };
enum { KL_PNL_CASH = 0, KL_PNL_RETURN = 1 }; /* what trade statistics are made of */

/** How figures are computed. */
typedef struct kl_perf_conventions {
    uint32_t struct_size;
    int32_t preset;          /* KL_PRESET_x that it was made from */
    double periods_per_year; /* A; 0: year_days by the median distance of times; of KL_SAMPLING_DAYS: year_days */
    double year_days;        /* days of trading a year: 365, 252; 0: 365 where rows lie on weekends, else 252 */
    double clock_days;       /* of a year in KL_GROWTH_CLOCK and _FIRST_LAST */
    double risk_free;        /* a period */
    double mar;              /* least acceptable return a period: Sortino, downside risk */
    double omega_threshold;  /* a period, or a year where omega_annual */
    double var_level;        /* 0.05 */
    double start_balance;    /* of trade statistics; 0: drawdown relative to the peak alone */
    double cap;              /* profit factor and win/loss without a loss; 0: undefined */
    double sqn_cap;          /* trades that count in SQN at most; 0: all */
    int32_t sampling, growth, numerator, downside, zero, missing, var, cvar, trade_pnl; /* KL_..._x above */
    int32_t ddof;            /* of deviations of returns: 1 sample, 0 population */
    int32_t trade_ddof;      /* of trades: SQN */
    int32_t downside_ddof;   /* of KL_DOWNSIDE_LOSERS */
    int32_t ulcer_ddof;
    int32_t omega_annual;    /* 1: the threshold is a year's, taken to the period by root */
    int32_t excess_kurtosis; /* 1: excess kurtosis in the probabilistic Sharpe ratio, a mistake that some make */
    int32_t group_times;     /* 1: trades that close at one instant move the balance together */
    int32_t base_first;      /* 1: row 0 is the base of the first day, the start balance of the first trade; 0: the first day or trade is */
    int32_t omega_finite;    /* 1: omega without a loss is undefined; 0: infinite */
    int32_t sortino_rows;    /* returns that the Sortino ratio takes: 2 */
    int32_t reserved;
} kl_perf_conventions;

/** Sets conventions to those of the library or of another.
 *
 *  `conventions`: overwritten; its struct_size is set. `preset`: KL_PRESET_x.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: exclusive on `conventions`.
 *  Source: docs/performance.md.
 *  Since: 0.1 */
KL_API kl_status kl_perf_conventions_preset(kl_perf_conventions *conventions, int32_t preset);

/** Finds a preset by its name, or names it.
 *
 *  `name`: e.g. "empyrical". `preset`: receives KL_PRESET_x.
 *  Return: KL_OK; KL_E_UNKNOWN_NAME; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_preset_find(const char *name, int32_t *preset);

/** Names a preset.
 *
 *  `preset`: KL_PRESET_x.
 *  Return: its name, constant; NULL where there is none.
 *  On failure: NULL.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_preset_name(int32_t preset);

/* ------------------------------------------------------------------------------------------- performance: figures --- */

/* Every figure once: KL_X(NAME, value, name, unit, made of, sentence). Units: ratio, fraction, count, time (seconds), cash. Made of: e equity or
 * returns, t trades, b a benchmark too. Values are never reused. */
#define KL_PERF_LIST(KL_X)                                                                                            \
    KL_X(KL_PERF_ROWS, 0, "rows", "count", "e", "known returns")                                                      \
    KL_X(KL_PERF_START, 1, "start", "cash", "e", "equity at the start")                                               \
    KL_X(KL_PERF_FINAL, 2, "final", "cash", "e", "equity at the end")                                                 \
    KL_X(KL_PERF_PEAK, 3, "peak", "cash", "e", "highest equity")                                                      \
    KL_X(KL_PERF_TOTAL_RETURN, 4, "total_return", "fraction", "e", "final over start, less 1")                        \
    KL_X(KL_PERF_CAGR, 5, "cagr", "fraction", "e", "compound annual growth")                                          \
    KL_X(KL_PERF_ANNUAL_RETURN, 6, "annual_return", "fraction", "e", "annual return as the numerator has it; of the mean: cagr by rows") \
    KL_X(KL_PERF_VOLATILITY, 7, "volatility", "fraction", "e", "annual deviation of returns")                         \
    KL_X(KL_PERF_SHARPE, 8, "sharpe", "ratio", "e", "excess mean over deviation, annual")                             \
    KL_X(KL_PERF_SHARPE_LO, 9, "sharpe_lo", "ratio", "e", "the same, corrected for autocorrelation of returns")       \
    KL_X(KL_PERF_SORTINO, 10, "sortino", "ratio", "e", "excess mean over downside deviation, annual")                 \
    KL_X(KL_PERF_CALMAR, 11, "calmar", "ratio", "e", "annual growth over the deepest drawdown")                       \
    KL_X(KL_PERF_OMEGA, 12, "omega", "ratio", "e", "gains over losses beyond the threshold")                          \
    KL_X(KL_PERF_MAX_DRAWDOWN, 13, "max_drawdown", "fraction", "e", "deepest fall below a peak, 0 or less")           \
    KL_X(KL_PERF_AVG_DRAWDOWN, 14, "avg_drawdown", "fraction", "e", "mean depth of episodes")                         \
    KL_X(KL_PERF_DRAWDOWN_TIME, 15, "max_drawdown_time", "time", "e", "longest from peak to recovery, or to the end") \
    KL_X(KL_PERF_AVG_DRAWDOWN_TIME, 16, "avg_drawdown_time", "time", "e", "mean of it")                               \
    KL_X(KL_PERF_RECOVERY_TIME, 17, "recovery_time", "time", "e", "longest of the recovered ones alone")              \
    KL_X(KL_PERF_ULCER, 18, "ulcer", "fraction", "e", "root mean square of drawdowns")                                \
    KL_X(KL_PERF_VAR, 19, "var", "fraction", "e", "value at risk")                                                    \
    KL_X(KL_PERF_CVAR, 20, "cvar", "fraction", "e", "mean beyond the value at risk")                                  \
    KL_X(KL_PERF_TAIL, 21, "tail_ratio", "ratio", "e", "95 % quantile over 5 % quantile, absolute")                   \
    KL_X(KL_PERF_STABILITY, 22, "stability", "ratio", "e", "R squared of cumulative log returns over time")           \
    KL_X(KL_PERF_DOWNSIDE, 23, "downside_risk", "fraction", "e", "annual downside deviation")                         \
    KL_X(KL_PERF_SKEW, 24, "skew", "ratio", "e", "skewness of returns, adjusted")                                     \
    KL_X(KL_PERF_KURTOSIS, 25, "kurtosis", "ratio", "e", "raw kurtosis of returns: 3 where normal")                   \
    KL_X(KL_PERF_PSR, 26, "psr", "fraction", "e", "probability that the true Sharpe ratio is above 0")                \
    KL_X(KL_PERF_ALPHA, 27, "alpha", "fraction", "b", "annual return beyond beta")                                    \
    KL_X(KL_PERF_BETA, 28, "beta", "ratio", "b", "slope against the benchmark")                                       \
    KL_X(KL_PERF_UP_CAPTURE, 29, "up_capture", "ratio", "b", "annual growth over the benchmark's while it gains")     \
    KL_X(KL_PERF_DOWN_CAPTURE, 30, "down_capture", "ratio", "b", "while it loses")                                    \
    KL_X(KL_PERF_CAPTURE, 31, "capture", "ratio", "b", "annual growth over the benchmark's")                          \
    KL_X(KL_PERF_EXCESS_SHARPE, 32, "excess_sharpe", "ratio", "b", "mean over deviation of the difference")                   \
    KL_X(KL_PERF_TRADES, 40, "trades", "count", "t", "closed trades")                                                 \
    KL_X(KL_PERF_WINS, 41, "wins", "count", "t", "with a gain")                                                       \
    KL_X(KL_PERF_LOSSES, 42, "losses", "count", "t", "with a loss")                                                   \
    KL_X(KL_PERF_ZEROS, 43, "zeros", "count", "t", "with neither")                                                    \
    KL_X(KL_PERF_WIN_RATE, 44, "win_rate", "fraction", "t", "wins over trades")                                       \
    KL_X(KL_PERF_EXPECTANCY, 45, "expectancy", "cash", "t", "mean of a trade")                                        \
    KL_X(KL_PERF_EXPECTANCY_RATIO, 46, "expectancy_ratio", "ratio", "t", "(1 + payoff) win rate - 1")                 \
    KL_X(KL_PERF_PROFIT_FACTOR, 47, "profit_factor", "ratio", "t", "sum of gains over sum of losses")                 \
    KL_X(KL_PERF_PAYOFF, 48, "payoff", "ratio", "t", "mean gain over mean loss")                                      \
    KL_X(KL_PERF_SQN, 49, "sqn", "ratio", "t", "sqrt(trades) mean over deviation")                                    \
    KL_X(KL_PERF_KELLY, 50, "kelly", "fraction", "t", "win rate - (1 - win rate) / payoff")                           \
    KL_X(KL_PERF_BEST, 51, "best_trade", "cash", "t", "greatest")                                                     \
    KL_X(KL_PERF_WORST, 52, "worst_trade", "cash", "t", "least")                                                      \
    KL_X(KL_PERF_AVG_WIN, 53, "avg_win", "cash", "t", "mean gain")                                                    \
    KL_X(KL_PERF_AVG_LOSS, 54, "avg_loss", "cash", "t", "mean loss, 0 or less")                                       \
    KL_X(KL_PERF_AVG_RETURN, 55, "avg_trade_return", "fraction", "t", "mean return of a trade, geometric where the convention's numerator is") \
    KL_X(KL_PERF_WIN_STREAK, 56, "win_streak", "count", "t", "most wins in a row")                                    \
    KL_X(KL_PERF_LOSS_STREAK, 57, "loss_streak", "count", "t", "most losses in a row")                                \
    KL_X(KL_PERF_AVG_TIME, 58, "avg_trade_time", "time", "t", "mean from entry to exit")                              \
    KL_X(KL_PERF_MAX_TIME, 59, "max_trade_time", "time", "t", "longest")                                              \
    KL_X(KL_PERF_FEES, 60, "fees", "cash", "t", "sum of fees")                                                        \
    KL_X(KL_PERF_NET, 61, "net_profit", "cash", "t", "sum of trades")                                                 \
    KL_X(KL_PERF_CLOSED_DRAWDOWN, 62, "closed_drawdown", "cash", "t", "deepest fall of the balance of closed trades") \
    KL_X(KL_PERF_CLOSED_DRAWDOWN_RATIO, 63, "closed_drawdown_ratio", "fraction", "t", "of the balance at its peak")   \
    KL_X(KL_PERF_TRADE_SHARPE, 64, "trade_sharpe", "ratio", "t", "of trades, as the convention has it")               \
    KL_X(KL_PERF_TRADE_SORTINO, 65, "trade_sortino", "ratio", "t", "likewise")                                        \
    KL_X(KL_PERF_TRADE_CALMAR, 66, "trade_calmar", "ratio", "t", "likewise")                                          \
    KL_X(KL_PERF_AVG_MAE, 67, "avg_mae", "cash", "t", "mean worst point of a trade")                                  \
    KL_X(KL_PERF_AVG_MFE, 68, "avg_mfe", "cash", "t", "mean best point of a trade")                                   \
    KL_X(KL_PERF_INTRA_DRAWDOWN, 69, "intra_drawdown", "cash", "t", "deepest fall with the worst points within trades") \
    KL_X(KL_PERF_END_DRAWDOWN, 70, "end_trade_drawdown", "cash", "t", "most given back of a trade's best point")      \
    KL_X(KL_PERF_EXPOSURE, 71, "exposure", "fraction", "t", "share of rows with a position, where the engine says it")
#define KL_PERF_COUNT 96 /* room for all figures, of later versions too */
enum {
#define KL__PERF_ENUM(NAME, value, name, unit, made, text) NAME = (value),
    KL_PERF_LIST(KL__PERF_ENUM)
#undef KL__PERF_ENUM
};
enum { KL_PERF_ABSENT = 0,    /* not asked for, or its input was not given */
       KL_PERF_DEFINED = 1,
       KL_PERF_UNDEFINED = 2, /* 0/0: no trade, no drawdown, no deviation; value NaN */
       KL_PERF_INFINITE = 3,  /* x/0: value +-infinity, or the convention's cap */
       KL_PERF_TOO_FEW = 4    /* below the number of rows that it takes; value NaN */
};
/** Figures by KL_PERF_x, and the conventions they were made under. */
typedef struct kl_perf {
    kl_perf_conventions conventions; /* with what was found: periods_per_year */
    double value[KL_PERF_COUNT];
    uint8_t state[KL_PERF_COUNT];    /* KL_PERF_ABSENT .. */
} kl_perf;

/** Describes one figure.
 *
 *  `index`: 0, 1 ... ; `figure`: receives KL_PERF_x. `name`, `unit`, `text`: receive constants; each may be NULL.
 *  Return: KL_OK; KL_END behind the last; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: docs/performance.md.
 *  Since: 0.1 */
KL_API kl_status kl_perf_at(size_t index, int32_t *figure, const char **name, const char **unit, const char **text);

/** Finds a figure by its name.
 *
 *  `name`: e.g. "sharpe". `figure`: receives KL_PERF_x.
 *  Return: KL_OK; KL_E_UNKNOWN_NAME; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(figures).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_perf_find(const char *name, int32_t *figure);

/** Computes all figures of a history of returns, in one pass and one of a sorted copy.
 *
 *  `returns`: `n` simple returns, unknown ones are NaN. `benchmark`: `n` of them, or NULL. `time_us`: `n` times, at the end of each return; NULL where
 *  periods_per_year is known; growth by clock then takes rows for time. `conventions`: or NULL for the library's own. `alloc`: for copies of
 *  returns; NULL: libc. `perf`: receives figures and conventions; START is 1.
 *  Return: KL_OK; KL_E_ARG; KL_E_ORDER where times fall; KL_E_MEMORY.
 *  On failure: nothing is written.
 *  Cost: O(n log n), one allocation.
 *  Thread: pure.
 *  Source: docs/performance.md.
 *  Since: 0.1 */
KL_API kl_status kl_perf_returns(const double *returns, const double *benchmark, const kl_time *time_us, size_t n,
                                 const kl_perf_conventions *conventions, const kl_alloc *alloc, kl_perf *perf);

/** Computes all figures of an equity curve.
 *
 *  `equity`: `n` values in time order, the first is the start; NaN is passed over, and from a value that is not above 0 there is no return.
 *  `time_us`, `conventions`, `alloc`, `perf`: as kl_perf_returns. Equity is sampled as the conventions say; drawdowns are marked at every row.
 *  Return: KL_OK; KL_E_ARG; KL_E_ORDER where times fall; KL_E_MEMORY.
 *  On failure: nothing is written.
 *  Cost: O(n log n), one allocation.
 *  Thread: pure.
 *  Source: docs/performance.md.
 *  Since: 0.1 */
KL_API kl_status kl_perf_equity(const double *equity, const kl_time *time_us, size_t n, const kl_perf_conventions *conventions,
                                const kl_alloc *alloc, kl_perf *perf);

/** Columns of closed trades in the order in which they closed; a trade without a known pnl is passed over. Any but pnl may be NULL. */
typedef struct kl_closed_trades {
    size_t n;
    const double *pnl;          /* cash, after all costs */
    const double *ret;          /* pnl over what was put in */
    const double *fee;
    const double *mae, *mfe;    /* worst and best point in cash: mae 0 or less, mfe 0 or more */
    const kl_time *entry_us, *exit_us;
} kl_closed_trades;

/** Computes all figures of closed trades, beside those of equity that are there already.
 *
 *  `trades`: columns. `conventions`: NULL: those in `perf`, or the library's own. `perf`: receives figures made of trades whose columns are there; others
 *  are left alone, so it has to be zeroed or filled by kl_perf_equity before. EXPOSURE is the engine's to fill in.
 *  Return: KL_OK; KL_E_ARG; KL_E_ORDER where exit times fall; KL_E_COLUMNS where a convention needs a column that is not there.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: docs/performance.md.
 *  Since: 0.1 */
KL_API kl_status kl_perf_trades(const kl_closed_trades *trades, const kl_perf_conventions *conventions, kl_perf *perf);

/** Computes one figure over a rolling window of returns.
 *
 *  `figure`: KL_PERF_x made of returns. `returns`, `benchmark` (NULL where it needs none): `n` rows. `rows`: window, 1 or more. `min_count`: known returns
 *  that it needs, up to `rows`; 0: all. `conventions`: with periods_per_year; NULL: the library's own, which has none. `alloc`: NULL: libc. `out`: `n` values, not
 *  `returns`, a function of the last `rows` rows alone; infinite where the figure is.
 *  Return: KL_OK; KL_E_ARG; KL_E_UNSUPPORTED for figures that are not rolled; KL_E_MEMORY.
 *  On failure: nothing is written.
 *  Cost: O(n * rows), one allocation.
 *  Thread: pure.
 *  Source: docs/performance.md.
 *  Since: 0.1 */
KL_API kl_status kl_perf_rolling(int32_t figure, const double *returns, const double *benchmark, size_t n, size_t rows, size_t min_count,
                                 const kl_perf_conventions *conventions, const kl_alloc *alloc, double *out);

enum { KL_TRADES_WIN_RATE = 1, KL_TRADES_EXPECTANCY = 2, /* p avg_win - (1 - p) |avg_loss| */ KL_TRADES_PROFIT_FACTOR = 3, KL_TRADES_MEAN = 4 };
/** Computes win rate or expectancy over the last trades.
 *
 *  `kind`: KL_TRADES_x. `pnl`: `n` trades in closing order. `trades`: window: 5, 10, 20. `partial`: 1: shorter windows at the start. `both`: 1: only
 *  where the window has a win and a loss. `out`: `n` values, not `pnl`; unknown where a trade of the window is, or a profit factor has no loss.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(n * trades), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_roll_trades(int32_t kind, const double *pnl, size_t n, size_t trades, int32_t partial, int32_t both, double *out);

/** Averages values of trades by UTC day, and gives the deviation of the daily series: how stable a rolling win rate is.
 *
 *  `value`: `n` values, NaN passed over. `time_us`: their times, not falling. `day_us`, `mean`: room for `capacity` days with a value; may be NULL with 0.
 *  `days`: how many there are. `ddof`: of the deviation, 0 or 1. `deviation`: receives it, or NULL.
 *  Return: KL_OK; KL_E_ARG; KL_E_ORDER.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_daily_mean(const double *value, const kl_time *time_us, size_t n, kl_time *day_us, double *mean, size_t capacity,
                               size_t *days, int32_t ddof, double *deviation);

enum { KL_UNIT_FRACTION = 0, KL_UNIT_PERCENT = 1 };
/** Compounds results of trades to an equity curve with its drawdown.
 *
 *  `pnl`: `n` results as parts of equity; an unknown one leaves it as it was. `unit`: KL_UNIT_x of them: a fraction is never divided by 100. `start`: equity before the first. `equity`,
 *  `peak`, `drawdown`: `n` values each, or NULL; drawdown a fraction, 0 or less.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_equity(const double *pnl, size_t n, int32_t unit, double start, double *equity, double *peak, double *drawdown);

/** One regime's trades. */
typedef struct kl_regime_row {
    int32_t set, label;   /* column of labels, and the label in it */
    uint64_t trades, wins, losses, zeros;
    double win_rate, expectancy, profit_factor; /* NaN where undefined */
} kl_regime_row;

/** Splits trades by the labels of their decisions: trend, momentum, volatility, edge, the symbol, or any others.
 *
 *  `labels`: `sets` arrays of `n` labels each, taken at decision time; below 0: none. `pnl`: `n` results. `min_trades`: rows with fewer are left out, 30. `rows`: room for `capacity`, most
 *  trades first, then by set and label; may be NULL with 0. `total`: how many there are. `alloc`: NULL: libc.
 *  Return: KL_OK; KL_E_ARG; KL_E_MEMORY.
 *  On failure: nothing is written.
 *  Cost: O(n * sets * log n), one allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_regime_table(const int32_t *const *labels, size_t sets, const double *pnl, size_t n, uint64_t min_trades,
                                 kl_regime_row *rows, size_t capacity, size_t *total, const kl_alloc *alloc);

/** Writes figures as a table: name, value, state, unit, and the conventions as metadata.
 *
 *  `perf`: which; ABSENT ones are left out. `table`: empty, receives columns and rows.
 *  Return: KL_OK; KL_E_MISMATCH where the table has columns; KL_E_MEMORY; KL_E_ARG.
 *  On failure: `table` keeps no row.
 *  Cost: O(figures), allocates in the table only.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_perf_table(const kl_perf *perf, kl_table *table);

/* ------------------------------------------------------------------------------------------------------ inference --- */

/** Gives the normal distribution function.
 *
 *  `x`: any.
 *  Return: P(X <= x) to within 6 ulp, far in the lower tail too; NaN for NaN.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: Cody 1969.
 *  Since: 0.1 */
KL_API double kl_norm_cdf(double x);

/** Gives the normal quantile.
 *
 *  `p`: 0..1.
 *  Return: x with kl_norm_cdf(x) = p, to 1e-15 of it; -infinity at 0, infinity at 1; NaN outside.
 *  On failure: NaN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: Wichura 1988, AS 241.
 *  Since: 0.1 */
KL_API double kl_norm_quantile(double p);

typedef struct kl_moments {
    uint64_t n;
    double mean, variance;          /* sample */
    double skew, kurtosis;          /* of the population; kurtosis raw */
    double skew_adjusted, excess_adjusted; /* for the bias of small samples */
} kl_moments;

/** Computes moments of values about their mean, by sums that do not cancel.
 *
 *  `value`: `n` values, unknown ones passed over. `moments`: receives them; NaN where there are too few; of equal values (found by max == min)
 *  the variance is 0 and the others are NaN.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(n), no allocation.
 *  Thread: pure.
 *  Source: Pebay 2008 for the meeting of blocks.
 *  Since: 0.1 */
KL_API kl_status kl_moments_of(const double *value, size_t n, kl_moments *moments);

/** Gives the probability that a true Sharpe ratio lies above a benchmark.
 *
 *  `sharpe`, `benchmark`: a period, not a year. `n`: returns. `skew`, `kurtosis`: of the returns, kurtosis raw.
 *  Return: the probability; NaN below 2 returns or where the variance of the estimate is not above 0.
 *  On failure: NaN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: Bailey and Lopez de Prado 2012.
 *  Since: 0.1 */
KL_API double kl_psr(double sharpe, double benchmark, double n, double skew, double kurtosis);

/** Gives the greatest Sharpe ratio that so many worthless trials are expected to show.
 *
 *  `variance`: of the trials' Sharpe ratios. `trials`: how many, or how many effective ones, 1 or more.
 *  Return: sqrt(V) ((1 - g) Z(1 - 1/N) + g Z(1 - 1/(N e))), 0 for one trial.
 *  On failure: NaN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: Bailey and Lopez de Prado 2014.
 *  Since: 0.1 */
KL_API double kl_expected_max_sharpe(double variance, double trials);

/** Gives the probability that the best of several trials is better than luck.
 *
 *  `sharpe`, `n`, `skew`, `kurtosis`: of the chosen trial, as kl_psr. `variance`, `trials`: as kl_expected_max_sharpe.
 *  Return: kl_psr against the expected maximum.
 *  On failure: NaN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: Bailey and Lopez de Prado 2014.
 *  Since: 0.1 */
KL_API double kl_dsr(double sharpe, double n, double skew, double kurtosis, double variance, double trials);

/** Gives the returns that it takes to trust a Sharpe ratio.
 *
 *  `sharpe`, `benchmark`, `skew`, `kurtosis`: as kl_psr. `confidence`: e.g. 0.95.
 *  Return: the number of returns; infinity where `sharpe` is not above `benchmark`.
 *  On failure: NaN.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: Bailey and Lopez de Prado 2012.
 *  Since: 0.1 */
KL_API double kl_min_track_record(double sharpe, double benchmark, double skew, double kurtosis, double confidence);

/** What kl_bootstrap_interval draws. */
typedef struct kl_bootstrap {
    uint32_t struct_size;
    int32_t figure;      /* KL_PERF_x made of returns */
    uint64_t seed, draws;/* 1; 2000 */
    double block;        /* mean length of a block; 0: n^(1/3) */
    double confidence;   /* 0.95 */
} kl_bootstrap;

/** Sets all to the defaults: the Sharpe ratio, 2,000 draws, 95 %.
 *
 *  `options`: overwritten.
 *  Return: KL_OK; KL_E_ARG where `options` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: exclusive on `options`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_bootstrap_init(kl_bootstrap *options);

/** Gives an interval for a figure by the stationary bootstrap.
 *
 *  `options`: what to draw. `returns`: `n` of them, 1 or more. `conventions`: with periods_per_year. `alloc`: for histories and results; NULL: libc.
 *  `executor`: or NULL. `low`, `high`: receive the interval; NaN where no draw has the figure. The same bits for any number of threads: each draw has its own numbers.
 *  Return: KL_OK; KL_E_ARG; KL_E_UNSUPPORTED for a figure that is not made of returns alone; KL_E_MEMORY.
 *  On failure: nothing is written.
 *  Cost: O(draws * n).
 *  Thread: pure.
 *  Source: Politis and Romano 1994.
 *  Since: 0.1 */
KL_API kl_status kl_bootstrap_interval(const kl_bootstrap *options, const double *returns, size_t n, const kl_perf_conventions *conventions,
                                       const kl_alloc *alloc, const kl_executor *executor, double *low, double *high);

/** How much of a choice among trials was luck. */
typedef struct kl_pbo {
    uint64_t splits;     /* ways of choosing half of the blocks */
    double pbo;          /* share of them where the best inside is not above the median outside */
    double mean_logit, slope, intercept; /* outside over inside figure of the chosen ones */
    double loss_probability; /* share where the chosen one loses outside */
} kl_pbo;

/** Gives the probability of backtest overfitting by combinatorially symmetric cross-validation.
 *
 *  `returns`: `trials` arrays of `n` returns, 2 or more, in the same rows. `blocks`: even, 2..20, of two rows or more each. `conventions`: for risk_free
 *  and ddof of the Sharpe ratio; or NULL. `alloc`: NULL: libc. `executor`: or NULL. `pbo`: receives the result. Ties go to the lowest
 *  number; a trial that does not vary has a ratio of 0.
 *  Return: KL_OK; KL_E_ARG; KL_E_MEMORY.
 *  On failure: nothing is written.
 *  Cost: O(trials * (n + blocks * splits)), one allocation.
 *  Thread: pure.
 *  Source: Bailey, Borwein, Lopez de Prado and Zhu 2017.
 *  Since: 0.1 */
KL_API kl_status kl_pbo_cscv(const double *const *returns, size_t trials, size_t n, size_t blocks, const kl_perf_conventions *conventions,
                             const kl_alloc *alloc, const kl_executor *executor, kl_pbo *pbo);

/** Gives the one-sided p value of Fisher's exact test for a two by two table.
 *
 *  `a`, `b`, `c`, `d`: counts, rows (a b) and (c d).
 *  Return: the probability of a table at least as far towards a as this one, given the margins.
 *  On failure: NaN where the sum passes 2^53.
 *  Cost: O(min(a + b, a + c)); it ends where terms no longer count, after some ten deviations.
 *  Thread: pure.
 *  Source: Fisher 1922; probabilities by the saddle point, Loader 2000.
 *  Since: 0.1 */
KL_API double kl_fisher_exact(uint64_t a, uint64_t b, uint64_t c, uint64_t d);

/** Turns p values into q values: the false discovery rate at which each would be taken.
 *
 *  `p`: `n` values 0..1. `q`: `n` values; may be `p`. `alloc`: for an order; NULL: libc.
 *  Return: KL_OK; KL_E_ARG; KL_E_MEMORY.
 *  On failure: nothing is written.
 *  Cost: O(n log n), one allocation.
 *  Thread: pure.
 *  Source: Benjamini and Hochberg 1995.
 *  Since: 0.1 */
KL_API kl_status kl_benjamini_hochberg(const double *p, size_t n, const kl_alloc *alloc, double *q);

#ifdef __cplusplus
}
#endif
#endif
