/* kline/score.h: metrics, scores and decisions: conditions over candles with weights become buy and sell scores, scores become
 * one decision a bar, and every decision says why. A strategy is written as a file (TOML, docs/strategies.md) or as structs.
 *
 * Weights, scores, thresholds and edges are whole numbers of micro-units (1,000,000 is a weight of 1), so sums are exact and
 * their order does not matter. The same bits come out bar by bar, in batch, after a restart and over a peek. */
#ifndef KLINE_SCORE_H
#define KLINE_SCORE_H
#include "kline/plan.h"
#ifdef __cplusplus
extern "C" {
#endif

/* -------------------------------------------------------------------------------------------------- metrics --- */

#define KL_METRICS_MAX 128
#define KL_METRIC_CODE_MAX 64  /* bytes with NUL */
#define KL_METRIC_GROUPS_MAX 16
#define KL_MICRO 1000000       /* micro-units of 1 */

enum { /* what a metric counts for */
    KL_SIDE_BUY = 1,    /* its weight goes to the buy score */
    KL_SIDE_SELL = 2,   /* to the sell score */
    KL_SIDE_GUARD = 3,  /* it has no weight and can veto */
    KL_SIDE_CONTEXT = 4 /* it is recorded with each decision and changes none: for regimes and mining */
};
enum { /* actions that a guard vetoes */
    KL_VETO_BUY = 1, KL_VETO_SELL = 2, KL_VETO_BOTH = 3
};
enum { /* the table form of a condition; x is the indicator, a what it is compared with: `against`, else a threshold */
    KL_DIRECTION_ABOVE = 1,      /* x > a; with KL_METRIC_INCLUSIVE x >= a; a: against, or threshold_start */
    KL_DIRECTION_BELOW = 2,      /* x < a, or x <= a; a: against, or threshold_start, or where that is NaN threshold_end */
    KL_DIRECTION_BETWEEN = 3,    /* x >= threshold_start and x <= threshold_end, always inclusive */
    KL_DIRECTION_OUTSIDE = 4,    /* x < threshold_start or x > threshold_end */
    KL_DIRECTION_TREND_UP = 5,   /* rising(x, window) */
    KL_DIRECTION_TREND_DOWN = 6, /* falling(x, window) */
    KL_DIRECTION_CROSS_UP = 7,   /* cross_up(x, a), in one of the last window bars */
    KL_DIRECTION_CROSS_DOWN = 8, /* cross_down(x, a), likewise */
    KL_DIRECTION_EXPAND = 9,     /* x > x[window] * (1 + threshold_start); NaN: 0 */
    KL_DIRECTION_CONTRACT = 10,  /* x < x[window] * (1 - threshold_start) */
    KL_DIRECTION_REJECT = 11     /* x was at or beyond the level within the window bars before and is back inside now. A metric
                                  * that sells: x[1] >= a[1] and x < a, a: against or threshold_end; one that buys: x[1] <= a[1] and x > a, a: against or
                                  * threshold_start; guards and context: either of both */
};
enum { KL_WINDOW_BARS = 0, KL_WINDOW_MINUTES = 1, KL_WINDOW_HOURS = 2, KL_WINDOW_DAYS = 3 };
enum { /* kl_metric.flags */
    KL_METRIC_INACTIVE = 1,  /* kept in the file, not computed, counts nowhere */
    KL_METRIC_INCLUSIVE = 2, /* ABOVE and BELOW take equality too */
    KL_METRIC_REQUIRE = 4    /* a guard that vetoes unless it holds, instead of when it holds */
};

/** One metric: a condition, either as an expression (`when`) or in table form (`indicator` and `direction`), never both. */
typedef struct kl_metric {
    uint32_t struct_size;
    uint32_t flags;         /* KL_METRIC_x */
    const char *code;       /* unique in its strategy: letters, digits, _ - . */
    const char *group;      /* of the breakdown: trend, momentum, volume, volatility or any name; NULL: none */
    const char *title;      /* for people; NULL: none */
    int32_t side;           /* KL_SIDE_x */
    int32_t weight_u;       /* micro-units; may be negative; 0 for guards and context */
    int32_t vetoes;         /* KL_VETO_x, of guards; 0 counts as both */
    int32_t direction;      /* KL_DIRECTION_x of the table form, 0: `when` */
    const char *when;       /* expression: true is known and not 0 */
    const char *indicator;  /* expression x of the table form */
    const char *against;    /* expression a: another indicator, or an own lag as in "ema(20)[5]"; NULL: the thresholds */
    double threshold_start, threshold_end; /* NaN: not given */
    int32_t window;         /* 0: 1. For ABOVE, BELOW, BETWEEN, OUTSIDE: the condition holds in each of the last `window` bars */
    int32_t window_unit;    /* KL_WINDOW_x; other than bars it has to be a whole number of bars of the strategy's interval */
} kl_metric;

/** Sets a metric to its defaults: active, no window, thresholds not given.
 *
 *  `metric`: overwritten; NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `metric`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_metric_init(kl_metric *metric);

/** Writes the expression that a metric means: the table form translated, `when` as it is.
 *
 *  `metric`: which. `interval`: of the bars; may be NULL where the window is in bars. `text`: room of `capacity` bytes, or NULL with 0
 *  to ask for the length; ended by NUL. `used`: receives the length without NUL. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG for a metric that contradicts itself; KL_E_INTERVAL for a window that is no whole number of bars;
 *  KL_E_SIZE where it does not fit.
 *  On failure: nothing is written but `used` (at KL_E_SIZE) and `error`.
 *  Cost: O(length), no allocation.
 *  Thread: pure.
 *  Source: docs/strategies.md.
 *  Since: 0.1 */
KL_API kl_status kl_metric_expression(const kl_metric *metric, const kl_interval *interval, char *text, size_t capacity, size_t *used,
                                      kl_error *error);

/* --------------------------------------------------------------------------------------- score and decision --- */

enum { KL_ACTION_SELL = -1, KL_ACTION_SIDEWAY = 0, KL_ACTION_BUY = 1 };
enum { KL_STRENGTH_NONE = 0, KL_STRENGTH_WEAK = 1, KL_STRENGTH_STRONG = 2 };
enum { KL_SCORE_TWO_SIDED = 0, /* buy and sell scores; edge is the distance between them */
       KL_SCORE_SINGLE_SUM = 1, /* one score, the sum of both sides: at or above buy_threshold buy, at or below sell_threshold sell */
       KL_SCORE_SINGLE_DIFFERENCE = 2 /* one score, buy minus sell: at or above buy_threshold buy, at or below -sell_threshold sell */
};
enum { /* what an unknown metric (a missing bar, not enough history) does */
    KL_UNKNOWN_REFUSES = 0,   /* above max_unknown_u no decision is made, reason UNKNOWN; below it, it counts as not fired; an unknown guard vetoes */
    KL_UNKNOWN_IS_FALSE = 1   /* it counts as not fired, a guard too: as systems do that store 0 for NULL */
};
enum { /* which conditions are looked at first */
    KL_DECIDE_CHECKED = 0, /* guard, unknown, conflict, threshold, minimum edge, band; a refused decision is SIDEWAY */
    KL_DECIDE_LABELLED = 1 /* threshold, minimum edge, conflict, guard, band; a refused decision keeps its action and is not tradable */
};
enum { KL_CONFLICT_CLOSE = 0, /* both scores reach their thresholds and the edge is below the minimum */
       KL_CONFLICT_BOTH = 1,  /* both scores reach their thresholds */
       KL_CONFLICT_NEVER = 2 };

/* Every reason once: KL_X(NAME, value, name, sentence). */
#define KL_REASON_LIST(KL_X)                                                                                          \
    KL_X(KL_REASON_NONE, 0, "", "nothing stands against it")                                                          \
    KL_X(KL_REASON_NO_EDGE, 1, "NO_EDGE", "neither score reaches its threshold, or both are equal")                   \
    KL_X(KL_REASON_WEAK_EDGE, 2, "WEAK_EDGE", "the edge is below the minimum of the side")                            \
    KL_X(KL_REASON_CONFLICT, 3, "CONFLICT", "both scores reach their thresholds")                                     \
    KL_X(KL_REASON_LOW_CONF, 4, "LOW_CONF", "the confidence is below the band")                                       \
    KL_X(KL_REASON_OVER_CONF, 5, "OVER_CONF", "the confidence is above the band")                                     \
    KL_X(KL_REASON_GUARD, 6, "GUARD", "a guard vetoes")                                                               \
    KL_X(KL_REASON_UNKNOWN, 7, "UNKNOWN", "too much is unknown")
enum {
#define KL__REASON_ENUM(NAME, value, name, text) NAME = (value),
    KL_REASON_LIST(KL__REASON_ENUM)
#undef KL__REASON_ENUM
};

/** Gives the name of a reason.
 *
 *  `reason`: KL_REASON_x.
 *  Return: e.g. "WEAK_EDGE", constant; "" for NONE; NULL where there is no such reason.
 *  On failure: NULL.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_reason_name(int32_t reason);

/** A confidence from low_u to high_u, both included, in micro-units; high_u 0: no upper end. */
typedef struct kl_band {
    int32_t low_u, high_u;
} kl_band;

/** How scores become a decision. Index 0 of pairs is buy, 1 is sell. */
typedef struct kl_decision_rules {
    uint32_t struct_size;
    int32_t mode;              /* KL_SCORE_x */
    int32_t order;             /* KL_DECIDE_x */
    int32_t conflict;          /* KL_CONFLICT_x */
    int32_t unknown;           /* KL_UNKNOWN_x */
    int32_t max_unknown_u;     /* share of the weights, of both sides, that may be unknown; 0 */
    int32_t clamp;             /* 1: confidence is at most 1 */
    int32_t round_digits;      /* scores, edge and confidence rounded to so many decimals, half to even; -1: not rounded */
    int64_t threshold_u[2];
    int64_t max_score_u[2];    /* what confidence is measured by; 0: the sum of the side's positive active weights */
    int64_t min_edge_u[2];     /* 0: none */
    int64_t strong_edge_u[2];  /* an edge from here on is STRONG; 0: never, all are WEAK */
    kl_band band[2][2];        /* [side][0 weak, 1 strong]; zeros: no band */
} kl_decision_rules;

/** Sets rules to their defaults: two sides, checked order, nothing unknown allowed, no bands, confidence at most 1; thresholds
 *  have to be given.
 *
 *  `rules`: overwritten; NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `rules`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_decision_rules_init(kl_decision_rules *rules);

enum { /* kl_decision.flags */
    KL_DECISION_TRADABLE = 1, /* action is BUY or SELL and nothing stands against it */
    KL_DECISION_KNOWN = 2,    /* no metric was unknown */
    KL_DECISION_CONFLICT = 4, /* both scores reached their thresholds, whatever was decided */
    KL_DECISION_CLAMPED = 8   /* confidence was above 1 */
};

/** One bar's decision. */
typedef struct kl_decision {
    kl_time known_at_us;      /* close of the bar: open_time + interval; KL_TIME_NONE where times are not known */
    int64_t buy_u, sell_u;    /* scores */
    int64_t edge_u;           /* |buy - sell|; of single scores the score itself */
    double confidence;        /* score of the side, or the greater one, over max_score; NaN where too much is unknown */
    double close;             /* of the bar, where the columns have it, else NaN */
    uint64_t fired[2];        /* bit m % 64 of fired[m / 64]: metric m holds */
    uint64_t unknown[2];
    int32_t action;           /* KL_ACTION_x */
    int32_t strength;         /* KL_STRENGTH_x of the action, or of the greater score */
    int32_t reason;           /* KL_REASON_x: the first that stands against it */
    uint32_t flags;           /* KL_DECISION_x */
} kl_decision;

/** Decides on given scores, without metrics: for scores of another origin, and to try rules.
 *
 *  `rules`: checked as kl_strategy_new does. `buy_u`, `sell_u`: scores. `unknown_u`: share of weights unknown, 0..KL_MICRO. `vetoes`: KL_VETO_x
 *  of guards that veto. `decision`: receives all but time, close and masks, which become none.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: docs/strategies.md.
 *  Since: 0.1 */
KL_API kl_status kl_decide(const kl_decision_rules *rules, int64_t buy_u, int64_t sell_u, int32_t unknown_u, int32_t vetoes,
                           kl_decision *decision);

/* ------------------------------------------------------------------------------------------------ strategies --- */

/** A named number that expressions of a strategy call $name, and sweeps change. */
typedef struct kl_strategy_param {
    const char *name; /* lower case letters, digits, _ */
    double value;     /* default */
    double min, max;  /* NaN: no end */
} kl_strategy_param;

/** A named expression: $name in later definitions and in metrics stands for it, in parentheses. */
typedef struct kl_strategy_define {
    const char *name; /* as of parameters, and none of theirs */
    const char *text; /* may name parameters and earlier definitions */
} kl_strategy_define;

/** A strategy as structs; everything is copied by kl_strategy_new. */
typedef struct kl_strategy_spec {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;         /* NULL: "" */
    kl_interval interval;     /* of its bars; unit 0: any, then no @ and no windows in hours */
    const kl_metric *metrics; /* each of struct_size bytes of the first */
    size_t n_metrics;         /* 1..KL_METRICS_MAX */
    const kl_strategy_param *params;
    size_t n_params;          /* 0..64 */
    const kl_strategy_define *defines;
    size_t n_defines;         /* 0..64 */
    kl_decision_rules rules;
} kl_strategy_spec;

/** Sets a spec to its defaults: no metrics, no parameters, default rules.
 *
 *  `spec`: overwritten; NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `spec`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_strategy_spec_init(kl_strategy_spec *spec);

/** An immutable strategy: its metrics compiled to one plan, its rules checked. Any number of states may use it. */
typedef struct kl_strategy kl_strategy;

/** Compiles a strategy.
 *
 *  `spec`: copied. `values`: n_params numbers instead of the parameters' defaults, or NULL. `alloc`: copied; NULL: libc. `strategy`: receives it.
 *  `error`: its row is the number of the metric, from 1, its column the position in the expression; with arg 4 the number of the definition.
 *  Return: KL_OK; KL_E_ARG for what contradicts itself; KL_E_DUPLICATE for a code twice; KL_E_FORMAT, KL_E_UNKNOWN_NAME, KL_E_INTERVAL as
 *  kl_plan_new; KL_E_MEMORY; KL_E_SIZE.
 *  On failure: nothing is written but `error`, nothing is kept.
 *  Cost: that of kl_plan_new.
 *  Thread: pure.
 *  Source: docs/strategies.md.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_new(const kl_strategy_spec *spec, const double *values, const kl_alloc *alloc, kl_strategy **strategy, kl_error *error);

/** Reads a strategy file and compiles it.
 *
 *  `text`: TOML, `length` bytes (docs/strategies.md). Tables of confirmation and backtest in it are checked as TOML and otherwise left to their
 *  readers; any other unknown key is an error. `interval`: of the bars where the file does not tell; NULL: none. `values`,
 *  `alloc`, `strategy`: as kl_strategy_new; values are in the order of the parameters in the file. `error`: its row and column are line and
 *  column of the file, from 1, of an expression too.
 *  Return: KL_OK; KL_E_TOML where it is no TOML or not of the subset; the errors of kl_strategy_new.
 *  On failure: nothing is written but `error`, nothing is kept.
 *  Cost: O(length), and that of kl_plan_new.
 *  Thread: pure.
 *  Source: TOML 1.0; docs/strategies.md.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_read(const char *text, size_t length, const kl_interval *interval, const double *values, const kl_alloc *alloc,
                                  kl_strategy **strategy, kl_error *error);

/** Gives a strategy back.
 *
 *  `strategy`: which; NULL does nothing. No state may use it afterwards.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: exclusive on `strategy`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_strategy_free(kl_strategy *strategy);

/** Gives the spec that a strategy was compiled from, with everything spelled out: texts and arrays live as long as the strategy.
 *
 *  `strategy`: which. `spec`: receives it; kl_strategy_new makes the same strategy of it.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_spec_of(const kl_strategy *strategy, kl_strategy_spec *spec);

/** Gives the plan of a strategy: output m is the condition of active metric m, in their order; its sources are what kl_strategy_run takes.
 *
 *  `strategy`: which.
 *  Return: the plan, which lives as long as the strategy; NULL for NULL.
 *  On failure: NULL.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const kl_plan *kl_strategy_plan(const kl_strategy *strategy);

/** Writes a strategy as a file that reads back to the same strategy.
 *
 *  `strategy`: which. `text`: room of `capacity` bytes, or NULL with 0 to ask for the length. `used`: receives the length without NUL.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE where it does not fit.
 *  On failure: nothing is written but `used`.
 *  Cost: O(length), no allocation.
 *  Thread: shared-const.
 *  Source: TOML 1.0.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_write(const kl_strategy *strategy, char *text, size_t capacity, size_t *used);

/* ------------------------------------------------------------------------------------------------------ lint --- */

/* Every finding once: KL_X(NAME, value, name, level 1 note 2 warning, sentence). Values 5 and 14 are kept for exits. */
#define KL_LINT_LIST(KL_X)                                                                                            \
    KL_X(KL_LINT_UNREACHABLE, 1, "unreachable", 2, "the threshold of a side is above its greatest possible score")    \
    KL_X(KL_LINT_BAND_EMPTY, 2, "band_empty", 2, "no score that reaches the threshold and the minimum edge has a confidence in the band") \
    KL_X(KL_LINT_BAND_POINT, 3, "band_point", 2, "the band leaves one single score, or all metrics of the side at once") \
    KL_X(KL_LINT_DEAD_STRENGTH, 4, "dead_strength", 2, "weak, or strong, edges cannot occur")                         \
    KL_X(KL_LINT_OVER_ONE, 6, "over_one", 2, "confidence can exceed 1: max_score is below the sum of the weights")    \
    KL_X(KL_LINT_UNUSED_METRIC, 7, "unused_metric", 2, "a metric has weight 0, or a side that nothing reads")         \
    KL_X(KL_LINT_SINGLE_MIX, 8, "single_mix", 2, "a single score adds up buy and sell metrics")                       \
    KL_X(KL_LINT_ALWAYS, 9, "always", 1, "a condition holds for every bar, or for none, by the ranges of its values") \
    KL_X(KL_LINT_SAME, 10, "same", 1, "two metrics have the same condition")                                          \
    KL_X(KL_LINT_OPPOSITE, 11, "opposite", 1, "an edge that is asked for needs the other side to have no metric at all") \
    KL_X(KL_LINT_UNUSED_PARAM, 12, "unused_param", 2, "a parameter is used nowhere")                                  \
    KL_X(KL_LINT_UNKNOWN_FALSE, 13, "unknown_false", 1, "missing data counts as a metric that did not fire")
enum {
#define KL__LINT_ENUM(NAME, value, name, level, text) NAME = (value),
    KL_LINT_LIST(KL__LINT_ENUM)
#undef KL__LINT_ENUM
};

typedef struct kl_lint {
    int32_t kind, level; /* KL_LINT_x; 1 note, 2 warning */
    int32_t side;        /* KL_SIDE_BUY, KL_SIDE_SELL, 0 */
    int32_t metric;      /* number from 0, -1: none */
    char message[232];   /* one sentence with the numbers */
} kl_lint;

/** Looks for what a strategy can never do: unreachable scores, dead branches, bands that exclude every signal, unused metrics.
 *
 *  Scores are found exactly: all sums of subsets of the weights of a side, and all edges between them; metrics are taken as independent.
 *  `strategy`: which. `findings`: room for `capacity`, first those of metrics; may be NULL with 0. `total`: how many there are.
 *  `alloc`: for the time of the call; NULL: libc.
 *  Return: KL_OK; KL_E_ARG; KL_E_MEMORY.
 *  On failure: nothing is written.
 *  Cost: O(metrics^2 + sums log sums), 16 MB a side at most; of sides with more than 2^20 different sums only the greatest is judged.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_lint(const kl_strategy *strategy, const kl_alloc *alloc, kl_lint *findings, size_t capacity, size_t *total);

/* --------------------------------------------------------------------------------------------------- running --- */

/** A running strategy, over one symbol or many: opaque; copying its bytes clones it. */
typedef struct kl_strategy_state kl_strategy_state;

/** Says how much memory a running strategy needs.
 *
 *  `strategy`: which. `symbols`: 1..65536. `bytes`: receives the size.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE where it is more than memory can be.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_state_size(const kl_strategy *strategy, size_t symbols, size_t *bytes);

/** Starts a strategy in the caller's memory.
 *
 *  `memory`: aligned to 8, `bytes` long, at least what kl_strategy_state_size said; it needs no end. `strategy`: has to live as long as
 *  the state. `symbols`: 1..65536. `state`: receives the object, which is `memory`.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: `state` is left alone.
 *  Cost: O(size), no allocation.
 *  Thread: exclusive on `memory`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_state_init(void *memory, size_t bytes, const kl_strategy *strategy, size_t symbols, kl_strategy_state **state);

/** Takes the next bars of one symbol.
 *
 *  `state`: of one symbol; goes on behind the bars. `sources`, `taken`: as kl_plan_run, of kl_strategy_plan. `rows`: sources[0]->n decisions.
 *  `error`: or NULL.
 *  Return: KL_OK; the errors of kl_plan_run.
 *  On failure: nothing is written but `error` and no bar is taken.
 *  Cost: that of the plan, and O(metrics) a bar; no allocation, at most 256 KB of stack.
 *  Thread: exclusive on `state`.
 *  Source: docs/strategies.md.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_run(kl_strategy_state *state, const kl_columns *const *sources, size_t *taken, kl_decision *rows, kl_error *error);

/** Takes the next bars of every symbol.
 *
 *  `state`: goes on behind the bars. `sources`, `taken`: as kl_plan_run_panel. `rows`: sources[0]->n decisions of the first symbol, then of the
 *  second ... `error`: or NULL.
 *  Return: KL_OK; the errors of kl_plan_run_panel.
 *  On failure: nothing is written but `error` and no bar is taken.
 *  Cost: as kl_strategy_run for each symbol.
 *  Thread: exclusive on `state`.
 *  Source: docs/strategies.md.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_run_panel(kl_strategy_state *state, const kl_columns *const *sources, size_t *taken, kl_decision *rows, kl_error *error);

/** Takes one bar of every symbol.
 *
 *  `state`: goes on behind it. `in`: as kl_plan_step. `open_time_us`: of the bar, for known_at; KL_TIME_NONE: not known. `rows`: one decision a symbol.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written and the bar is not taken.
 *  Cost: O(nodes + metrics) a symbol; no allocation.
 *  Thread: exclusive on `state`.
 *  Source: docs/strategies.md.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_step(kl_strategy_state *state, const double *const *in, kl_time open_time_us, kl_decision *rows);

/** Takes one closed bar of a coarser source.
 *
 *  `state`: goes on behind it. `source`, `in`: as kl_plan_close.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: the bar is not taken.
 *  Cost: as kl_plan_close.
 *  Thread: exclusive on `state`.
 *  Source: docs/strategies.md.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_close(kl_strategy_state *state, size_t source, const double *const *in);

/** Says what kl_strategy_step would decide for bars that still form, and takes nothing.
 *
 *  `state`: only the room for peeks in it is written. `in`, `open_time_us`, `rows`: as kl_strategy_step.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: as kl_plan_peek; no allocation.
 *  Thread: exclusive on `state`.
 *  Source: docs/strategies.md.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_peek(kl_strategy_state *state, const double *const *in, kl_time open_time_us, kl_decision *rows);

/** Says how long the snapshot of a running strategy is.
 *
 *  `state`: which; the size depends on strategy and number of symbols only.
 *  Return: bytes; 0 for NULL.
 *  On failure: 0.
 *  Cost: O(nodes), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_strategy_snapshot_size(const kl_strategy_state *state);

/** Writes all that the future depends on, little-endian with a CRC-32C and fingerprints of plan, weights and rules.
 *
 *  `state`: which. `bytes`: room of `capacity` bytes, at least kl_strategy_snapshot_size. `used`: receives the length.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: nothing is written.
 *  Cost: O(size), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_snapshot(const kl_strategy_state *state, void *bytes, size_t capacity, size_t *used);

/** Continues where a snapshot was taken.
 *
 *  `state`: of the same strategy, with as many symbols, in any state. `bytes`: the snapshot, `n` bytes long. `error`: or NULL.
 *  Return: KL_OK; KL_E_ARG; KL_E_CORRUPT; KL_E_VERSION; KL_E_DEFINITION where it is of another strategy: replay the bars instead.
 *  On failure: `state` is as before; `error` tells.
 *  Cost: O(size), no allocation.
 *  Thread: exclusive on `state`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_restore(kl_strategy_state *state, const void *bytes, size_t n, kl_error *error);

/* ------------------------------------------------------------------------------------------------ explaining --- */

enum { KL_TRACE_FIRED = 1, KL_TRACE_UNKNOWN = 2, KL_TRACE_VETOED = 3 };
typedef struct kl_trace {
    int32_t metric;   /* number from 0 in the strategy */
    int32_t state;    /* KL_TRACE_x */
    int32_t side;     /* KL_SIDE_x */
    int32_t weight_u;
    const char *code, *group; /* live as long as the strategy */
} kl_trace;

/** Lists the metrics behind a decision: those that fired, with their weights, those that are unknown, and guards that vetoed.
 *
 *  `strategy`: that decided. `decision`: which. `entries`: room for `capacity`, in the order of the metrics; may be NULL with 0. `total`: how many there are.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(metrics), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_trace(const kl_strategy *strategy, const kl_decision *decision, kl_trace *entries, size_t capacity, size_t *total);

/** Gives the part of one group of metrics in a decision.
 *
 *  `strategy`: that decided. `decision`: which. `group`: 0, 1 ... in the order in which the strategy names them. `name`: receives its name.
 *  `buy_u`, `sell_u`: receive the weights of its fired metrics.
 *  Return: KL_OK; KL_END behind the last group; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(metrics), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_group(const kl_strategy *strategy, const kl_decision *decision, size_t group, const char **name, int64_t *buy_u,
                                   int64_t *sell_u);

/** Adds the columns of decisions to a table: time, action, buy, sell, edge, confidence, strength, tradable, reason, each group, fired codes.
 *
 *  `strategy`: that decided. `table`: grows by columns the first time, by `n` rows each time. `rows`: `n` decisions. `all`: 0: tradable ones
 *  only; 1: all.
 *  Return: KL_OK; KL_E_MISMATCH where the table has other columns; KL_E_MEMORY; KL_E_ARG.
 *  On failure: the rows of `table` do not change.
 *  Cost: O(n * metrics), allocates in the table only.
 *  Thread: exclusive on `table`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_strategy_table(const kl_strategy *strategy, kl_table *table, const kl_decision *rows, size_t n, int32_t all);

#ifdef __cplusplus
}
#endif
#endif
