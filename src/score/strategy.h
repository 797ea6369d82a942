/* Inside of strategies: conditions as texts, rules made ready, the compiled strategy and its running state. */
#ifndef KL__STRATEGY_H
#define KL__STRATEGY_H
#include "base/check.h"
#include "kline/score.h"

#define KL__SCORE_MAX INT64_C(500000000000) /* micro-units: times KL_MICRO or a band of 10 it fits 64 bits */
#define KL__BAND_MAX (10 * KL_MICRO)

/* ---------------------------------------------------------------------------------- conditions as texts (metric.c) --- */

/* Of which of the user's texts a character is; the number of a definition is added to DEFINE. */
enum { KL__FROM_NONE = 0, KL__FROM_WHEN, KL__FROM_INDICATOR, KL__FROM_AGAINST, KL__FROM_DEFINE };
#define KL__CONDITION_MAX (1 << 20) /* bytes of a condition with all definitions in their places */
#define KL__FROM(field, at) ((uint32_t)(field) << 24 | ((uint32_t)(at) & 0xFFFFFF))

/* Where the text of a condition goes, and from where each of its characters came. */
typedef struct kl__condition {
    char *text;     /* NULL: only counted; not ended by 0 */
    uint32_t *from; /* NULL, or for each character: KL__FROM(field, byte in it) */
    size_t n, room;
    const kl_strategy_param *params; /* $name becomes its value; NULL: left as it is */
    const double *values;
    size_t n_params;
    const kl_strategy_define *defines;
    size_t n_defines;
    uint32_t *used; /* NULL, or for each parameter and then each definition: how often it was named */
} kl__condition;

/* Checks a metric alone. `row`: for the error. */
kl_status kl__metric_check(const kl_metric *metric, int64_t row, kl_error *error);
/* The expression of a checked metric. */
kl_status kl__metric_condition(const kl_metric *metric, const kl_interval *interval, kl__condition *to, int64_t row, kl_error *error);

/* --------------------------------------------------------------------------------------------- decisions (decide.c) --- */

/* Rules with everything resolved. */
typedef struct kl__decider {
    kl_decision_rules rules;
    int64_t max_u[2];
    int64_t weight_u; /* sum of |weights| of both sides */
} kl__decider;

kl_status kl__decision_rules_check(const kl_decision_rules *rules, kl_error *error);
/* `unknown_u`: sum of |weights| that are unknown. Fills all but time, close and masks; flag KNOWN is the caller's. */
void kl__decide(const kl__decider *d, int64_t buy_u, int64_t sell_u, int64_t unknown_u, int32_t vetoes, kl_decision *decision);

/* ------------------------------------------------------------------------------------------------------- strategy --- */

typedef struct kl__active {
    uint32_t metric; /* its number in the spec; its output of the plan is its own place */
    int32_t side, weight_u, vetoes;
    uint32_t require;
} kl__active;

/* One block; the plan is another. */
struct kl_strategy {
    kl_alloc alloc;
    size_t bytes;
    kl_plan *plan;
    kl_strategy_spec spec; /* its texts and arrays lie in the block */
    double values[64];     /* of the parameters */
    uint32_t uses[128];    /* of the parameters, then of the definitions */
    kl__decider decider;
    uint32_t n_active, n_groups, n_guards;
    uint8_t guards[KL_METRICS_MAX]; /* which of the active ones */
    const char *groups[KL_METRIC_GROUPS_MAX];
    uint8_t group_of[KL_METRICS_MAX]; /* KL_METRIC_GROUPS_MAX: none */
    kl__active active[KL_METRICS_MAX];
    int64_t fixed_us;      /* length of a bar where it has one */
    uint64_t fingerprint;  /* of all that a decision depends on but the plan */
};

/* The head of a running strategy. Behind it: slices of sources and pointers to them, pointers to conditions, all for the time of a
 * call, the conditions of `rows` rows of each symbol, and the plan's state. */
struct kl_strategy_state {
    _Alignas(8) const kl_strategy *strategy;
    uint64_t symbols, bytes, rows;
    uint64_t slices, sources, taken, pointers, conditions, plan; /* where they lie */
};

#endif
