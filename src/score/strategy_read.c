/* Strategy files: their tables [strategy], [params], [define], [[metric]] and [decision]. */
#include "base/fp.h"
#include "base/size.h"
#include "score/fields.h"
#include "score/strategy.h"
#include "score/words.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

#define STRATEGY_READ_PARAMS 64

/* -------------------------------------------------------------------------------------------------------- fields --- */

const kl__choice kl__words_side[] = {{"buy", KL_SIDE_BUY}, {"sell", KL_SIDE_SELL}, {"guard", KL_SIDE_GUARD}, {"context", KL_SIDE_CONTEXT}, {NULL, 0}};
const kl__choice kl__words_vetoes[] = {{"buy", KL_VETO_BUY}, {"sell", KL_VETO_SELL}, {"both", KL_VETO_BOTH}, {NULL, 0}};
const kl__choice kl__words_unit[] = {{"bars", KL_WINDOW_BARS}, {"minutes", KL_WINDOW_MINUTES}, {"hours", KL_WINDOW_HOURS}, {"days", KL_WINDOW_DAYS}, {NULL, 0}};
const kl__choice kl__words_direction[] = {
    {"ABOVE", KL_DIRECTION_ABOVE},           {"BELOW", KL_DIRECTION_BELOW},       {"BETWEEN", KL_DIRECTION_BETWEEN},
    {"OUTSIDE", KL_DIRECTION_OUTSIDE},       {"TREND_UP", KL_DIRECTION_TREND_UP}, {"TREND_DOWN", KL_DIRECTION_TREND_DOWN},
    {"CROSS_UP", KL_DIRECTION_CROSS_UP},     {"CROSS_DOWN", KL_DIRECTION_CROSS_DOWN},
    {"EXPAND", KL_DIRECTION_EXPAND},         {"CONTRACT", KL_DIRECTION_CONTRACT}, {"REJECT", KL_DIRECTION_REJECT},
    {NULL, 0}};
static const kl__field strategy_read_metric[] = {{"code", KL__FIELD_TEXT, offsetof(kl_metric, code), NULL, 0},
                                        {"group", KL__FIELD_TEXT, offsetof(kl_metric, group), NULL, 0},
                                        {"title", KL__FIELD_TEXT, offsetof(kl_metric, title), NULL, 0},
                                        {"side", KL__FIELD_WORD, offsetof(kl_metric, side), kl__words_side, 0},
                                        {"weight", KL__FIELD_MICRO, offsetof(kl_metric, weight_u), NULL, 0},
                                        {"vetoes", KL__FIELD_WORD, offsetof(kl_metric, vetoes), kl__words_vetoes, 0},
                                        {"when", KL__FIELD_OTHER, 0, NULL, 0},
                                        {"indicator", KL__FIELD_TEXT, offsetof(kl_metric, indicator), NULL, 0},
                                        {"direction", KL__FIELD_WORD, offsetof(kl_metric, direction), kl__words_direction, 0},
                                        {"against", KL__FIELD_TEXT, offsetof(kl_metric, against), NULL, 0},
                                        {"threshold_start", KL__FIELD_REAL, offsetof(kl_metric, threshold_start), NULL, 0},
                                        {"threshold_end", KL__FIELD_REAL, offsetof(kl_metric, threshold_end), NULL, 0},
                                        {"window", KL__FIELD_INT, offsetof(kl_metric, window), NULL, 0},
                                        {"unit", KL__FIELD_WORD, offsetof(kl_metric, window_unit), kl__words_unit, 0},
                                        {"active", KL__FIELD_NOT_BIT, offsetof(kl_metric, flags), NULL, KL_METRIC_INACTIVE},
                                        {"inclusive", KL__FIELD_BIT, offsetof(kl_metric, flags), NULL, KL_METRIC_INCLUSIVE},
                                        {"require", KL__FIELD_BIT, offsetof(kl_metric, flags), NULL, KL_METRIC_REQUIRE},
                                        {NULL, 0, 0, NULL, 0}};

const kl__choice kl__words_mode[] = {{"two_sided", KL_SCORE_TWO_SIDED}, {"single_sum", KL_SCORE_SINGLE_SUM}, {"single_difference", KL_SCORE_SINGLE_DIFFERENCE}, {NULL, 0}};
const kl__choice kl__words_order[] = {{"checked", KL_DECIDE_CHECKED}, {"labelled", KL_DECIDE_LABELLED}, {NULL, 0}};
const kl__choice kl__words_conflict[] = {{"close", KL_CONFLICT_CLOSE}, {"both", KL_CONFLICT_BOTH}, {"never", KL_CONFLICT_NEVER}, {NULL, 0}};
const kl__choice kl__words_unknown[] = {{"refuses", KL_UNKNOWN_REFUSES}, {"is_false", KL_UNKNOWN_IS_FALSE}, {NULL, 0}};
static const kl__field strategy_read_decision[] = {{"mode", KL__FIELD_WORD, offsetof(kl_decision_rules, mode), kl__words_mode, 0},
                                          {"order", KL__FIELD_WORD, offsetof(kl_decision_rules, order), kl__words_order, 0},
                                          {"conflict", KL__FIELD_WORD, offsetof(kl_decision_rules, conflict), kl__words_conflict, 0},
                                          {"unknown", KL__FIELD_WORD, offsetof(kl_decision_rules, unknown), kl__words_unknown, 0},
                                          {"max_unknown", KL__FIELD_MICRO, offsetof(kl_decision_rules, max_unknown_u), NULL, 0},
                                          {"clamp", KL__FIELD_YES, offsetof(kl_decision_rules, clamp), NULL, 0},
                                          {"round_digits", KL__FIELD_INT, offsetof(kl_decision_rules, round_digits), NULL, 0},
                                          {"buy", KL__FIELD_OTHER, 0, NULL, 0},
                                          {"sell", KL__FIELD_OTHER, 0, NULL, 0},
                                          {NULL, 0, 0, NULL, 0}};

/* One side of the rules. */
typedef struct strategy_read_side {
    int64_t threshold_u, max_score_u, min_edge_u, strong_edge_u;
    kl_band weak, strong;
} strategy_read_side;
static const kl__field strategy_read_side_fields[] = {{"threshold", KL__FIELD_MICRO64, offsetof(strategy_read_side, threshold_u), NULL, 0},
                                             {"max_score", KL__FIELD_MICRO64, offsetof(strategy_read_side, max_score_u), NULL, 0},
                                             {"min_edge", KL__FIELD_MICRO64, offsetof(strategy_read_side, min_edge_u), NULL, 0},
                                             {"strong_edge", KL__FIELD_MICRO64, offsetof(strategy_read_side, strong_edge_u), NULL, 0},
                                             {"weak", KL__FIELD_BAND, offsetof(strategy_read_side, weak), NULL, 0},
                                             {"strong", KL__FIELD_BAND, offsetof(strategy_read_side, strong), NULL, 0},
                                             {NULL, 0, 0, NULL, 0}};

/* ---------------------------------------------------------------------------------------------------- one reading --- */

typedef struct strategy_reader {
    kl__toml toml;
    kl__fields fields;
    kl_strategy_spec spec;
    kl_strategy_param params[STRATEGY_READ_PARAMS];
    double values[STRATEGY_READ_PARAMS];
    uint32_t used[STRATEGY_READ_PARAMS];
    kl_strategy_define defines[STRATEGY_READ_PARAMS];
    kl_metric metrics[KL_METRICS_MAX];
    uint32_t nodes[KL_METRICS_MAX]; /* of the metrics */
    char *joined;                   /* conditions given as lists */
    size_t joined_room, joined_used;
} strategy_reader;

static kl_status strategy_read_head(strategy_reader *r, const kl_interval *interval) {
    typedef struct {
        const char *name, *interval, *about;
    } head;
    static const kl__field list[] = {{"name", KL__FIELD_TEXT, offsetof(head, name), NULL, 0},
                                     {"interval", KL__FIELD_TEXT, offsetof(head, interval), NULL, 0},
                                     {"about", KL__FIELD_TEXT, offsetof(head, about), NULL, 0},
                                     {NULL, 0, 0, NULL, 0}};
    head h = {NULL, NULL, NULL};
    uint32_t table = kl__toml_find(&r->toml, KL__TOML_ROOT, "strategy");
    if (interval) r->spec.interval = *interval;
    if (table == KL__TOML_NONE) return KL_OK;
    KL__TRY(kl__fields_read(&r->fields, table, list, &h));
    r->spec.name = h.name;
    if (h.interval && kl_interval_parse(h.interval, strlen(h.interval), &r->spec.interval) < 0)
        return kl__fields_fail(&r->fields, kl__toml_find(&r->toml, table, "interval"), KL_E_INTERVAL, "there is no interval %", h.interval);
    return KL_OK;
}

static kl_status strategy_read_params(strategy_reader *r, const double *values) {
    static const kl__field list[] = {{"default", KL__FIELD_REAL, offsetof(kl_strategy_param, value), NULL, 0},
                                     {"min", KL__FIELD_REAL, offsetof(kl_strategy_param, min), NULL, 0},
                                     {"max", KL__FIELD_REAL, offsetof(kl_strategy_param, max), NULL, 0},
                                     {NULL, 0, 0, NULL, 0}};
    uint32_t table = kl__toml_find(&r->toml, KL__TOML_ROOT, "params");
    size_t n = 0;
    if (table == KL__TOML_NONE) return KL_OK;
    if (kl__toml_at(&r->toml, table)->kind != KL__TOML_TABLE) return kl__fields_fail(&r->fields, table, KL_E_TOML, "a table belongs here", "");
    for (uint32_t node = kl__toml_at(&r->toml, table)->first; node != KL__TOML_NONE; node = kl__toml_at(&r->toml, node)->next, n++) {
        if (n == STRATEGY_READ_PARAMS) return kl__fields_fail(&r->fields, node, KL_E_SIZE, "there are too many parameters", "");
        kl_strategy_param *p = &r->params[n];
        *p = (kl_strategy_param){kl__toml_key(&r->toml, node), (double)NAN, (double)NAN, (double)NAN};
        if (kl__toml_at(&r->toml, node)->kind != KL__TOML_TABLE) KL__TRY(kl__fields_real(&r->fields, node, &p->value));
        else KL__TRY(kl__fields_read(&r->fields, node, list, p));
        r->values[n] = values ? values[n] : p->value;
        if (!isfinite(r->values[n]) || r->values[n] < p->min || r->values[n] > p->max)
            return kl__fields_fail(&r->fields, node, KL_E_ARG, "parameter % has no value, or one out of its range", p->name);
    }
    r->fields.n_params = r->spec.n_params = n; /* only now: a parameter is no parameter's value */
    return KL_OK;
}

static kl_status strategy_read_defines(strategy_reader *r) {
    uint32_t table = kl__toml_find(&r->toml, KL__TOML_ROOT, "define");
    if (table == KL__TOML_NONE) return KL_OK;
    if (kl__toml_at(&r->toml, table)->kind != KL__TOML_TABLE) return kl__fields_fail(&r->fields, table, KL_E_TOML, "a table belongs here", "");
    for (uint32_t node = kl__toml_at(&r->toml, table)->first; node != KL__TOML_NONE; node = kl__toml_at(&r->toml, node)->next) {
        const kl__field one[] = {{kl__toml_key(&r->toml, node), KL__FIELD_TEXT, 0, NULL, 0}, {NULL, 0, 0, NULL, 0}};
        if (r->spec.n_defines == STRATEGY_READ_PARAMS) return kl__fields_fail(&r->fields, node, KL_E_SIZE, "there are too many definitions", "");
        kl_strategy_define *d = &r->defines[r->spec.n_defines++];
        d->name = one[0].name;
        KL__TRY(kl__fields_one(&r->fields, node, &one[0], &d->text));
    }
    return KL_OK;
}

/* ["a", "b"]: (a) and (b) */
static kl_status strategy_read_when(strategy_reader *r, uint32_t node, const char **when) {
    const kl__toml_node *list = kl__toml_at(&r->toml, node);
    char *to = r->joined + r->joined_used;
    size_t n = 0;
    if (list->kind == KL__TOML_STRING) {
        *when = kl__toml_string(&r->toml, node);
        return strlen(*when) == list->length ? KL_OK : kl__fields_fail(&r->fields, node, KL_E_TEXT, "the text holds a NUL character", "");
    }
    if (list->kind != KL__TOML_ARRAY || list->count == 0) return kl__fields_fail(&r->fields, node, KL_E_TEXT, "an expression in quotes, or a list of them, belongs here", "");
    for (uint32_t i = list->first; i != KL__TOML_NONE; i = kl__toml_at(&r->toml, i)->next) {
        const kl__toml_node *one = kl__toml_at(&r->toml, i);
        const char *text = one->kind == KL__TOML_STRING ? kl__toml_string(&r->toml, i) : NULL;
        if (!text || strlen(text) != one->length) return kl__fields_fail(&r->fields, i, KL_E_TEXT, "an expression in quotes belongs here", "");
        memcpy(to + n, i == list->first ? "(" : " and (", i == list->first ? 1 : 6);
        n += i == list->first ? 1 : 6;
        memcpy(to + n, text, one->length);
        n += one->length;
        if (strchr(text, '#')) to[n++] = '\n';
        to[n++] = ')';
    }
    to[n] = 0;
    r->joined_used += n + 1;
    *when = to;
    return KL_OK;
}

static kl_status strategy_read_metrics(strategy_reader *r) {
    uint32_t list = kl__toml_find(&r->toml, KL__TOML_ROOT, "metric"), node;
    if (list == KL__TOML_NONE) return kl__fail(r->fields.error, KL_E_ARG, 0, 1, 1, "the file has no [[metric]]");
    if (kl__toml_at(&r->toml, list)->kind != KL__TOML_ARRAY) return kl__fields_fail(&r->fields, list, KL_E_TOML, "metrics are tables [[metric]]", "");
    for (node = kl__toml_at(&r->toml, list)->first; node != KL__TOML_NONE; node = kl__toml_at(&r->toml, node)->next) {
        if (r->spec.n_metrics == KL_METRICS_MAX) return kl__fields_fail(&r->fields, node, KL_E_SIZE, "there are too many metrics", "");
        kl_metric *m = &r->metrics[r->spec.n_metrics];
        kl_metric_init(m);
        r->nodes[r->spec.n_metrics++] = node;
        KL__TRY(kl__fields_read(&r->fields, node, strategy_read_metric, m));
        uint32_t when = kl__toml_find(&r->toml, node, "when");
        if (when != KL__TOML_NONE) KL__TRY(strategy_read_when(r, when, &m->when));
    }
    return KL_OK;
}

static kl_status strategy_read_rules(strategy_reader *r) {
    static const char *const sides[2] = {"buy", "sell"};
    kl_decision_rules *rules = &r->spec.rules;
    uint32_t table = kl__toml_find(&r->toml, KL__TOML_ROOT, "decision");
    if (table == KL__TOML_NONE) return kl__fail(r->fields.error, KL_E_ARG, 0, 1, 1, "the file has no [decision]");
    KL__TRY(kl__fields_read(&r->fields, table, strategy_read_decision, rules));
    for (int s = 0; s < 2; s++) {
        strategy_read_side side = {0, 0, 0, 0, {0, 0}, {0, 0}};
        uint32_t node = kl__toml_find(&r->toml, table, sides[s]);
        if (node == KL__TOML_NONE) continue;
        KL__TRY(kl__fields_read(&r->fields, node, strategy_read_side_fields, &side));
        rules->threshold_u[s] = side.threshold_u, rules->max_score_u[s] = side.max_score_u;
        rules->min_edge_u[s] = side.min_edge_u, rules->strong_edge_u[s] = side.strong_edge_u;
        rules->band[s][0] = side.weak, rules->band[s][1] = side.strong;
    }
    return KL_OK;
}

/* -------------------------------------------------------------------------------------------------- where errors are --- */

/* The byte of the file behind byte `at` of a condition given as a list. */
static size_t strategy_read_list_place(const strategy_reader *r, uint32_t node, size_t at) {
    size_t begin = 1;
    for (uint32_t i = kl__toml_at(&r->toml, node)->first; i != KL__TOML_NONE; i = kl__toml_at(&r->toml, i)->next) {
        const kl__toml_node *one = kl__toml_at(&r->toml, i);
        if (at <= begin + one->length || one->next == KL__TOML_NONE) return kl__toml_source(&r->toml, i, at < begin ? 0 : at - begin);
        begin += one->length + (strchr(kl__toml_string(&r->toml, i), '#') ? 1 : 0) + 7;
    }
    return kl__toml_at(&r->toml, node)->value_at;
}

/* An error of kl_strategy_new, which counts metrics and bytes of their texts, at its place in the file. */
static void strategy_read_blame(const strategy_reader *r, kl_error *error) {
    static const char *const fields[] = {"code", "when", "indicator", "against"};
    size_t at = 0;
    if (!error) return;
    if (error->arg == KL__FROM_DEFINE && error->row >= 1 && (size_t)error->row <= r->spec.n_defines) {
        uint32_t node = kl__toml_at(&r->toml, kl__toml_find(&r->toml, KL__TOML_ROOT, "define"))->first;
        for (int64_t i = 1; i < error->row; i++) node = kl__toml_at(&r->toml, node)->next;
        at = error->column > 0 ? kl__toml_source(&r->toml, node, (size_t)error->column - 1) : kl__toml_at(&r->toml, node)->key_at;
    } else if (error->row >= 1 && (size_t)error->row <= r->spec.n_metrics) {
        const uint32_t metric = r->nodes[error->row - 1];
        const uint32_t node = kl__toml_find(&r->toml, metric, fields[error->arg > 0 && error->arg < 4 && error->column > 0 ? error->arg : 0]);
        if (node == KL__TOML_NONE) at = kl__toml_at(&r->toml, metric)->key_at;
        else if (error->column <= 0) at = kl__toml_at(&r->toml, node)->value_at;
        else if (kl__toml_at(&r->toml, node)->kind == KL__TOML_ARRAY) at = strategy_read_list_place(r, node, (size_t)error->column - 1);
        else at = kl__toml_source(&r->toml, node, (size_t)error->column - 1);
    } else {
        const uint32_t decision = kl__toml_find(&r->toml, KL__TOML_ROOT, "decision");
        at = decision == KL__TOML_NONE ? 0 : kl__toml_at(&r->toml, decision)->key_at;
    }
    error->arg = 0;
    kl__toml_place(&r->toml, at, &error->row, &error->column);
}

/* --------------------------------------------------------------------------------------------------------- public --- */

static kl_status strategy_read_file(strategy_reader *r, const kl_interval *interval, const double *values, const kl_alloc *alloc, kl_strategy **strategy) {
    kl_strategy_spec_init(&r->spec);
    KL__TRY(kl__fields_tables(&r->fields));
    KL__TRY(strategy_read_head(r, interval));
    KL__TRY(strategy_read_params(r, values));
    KL__TRY(strategy_read_defines(r));
    KL__TRY(strategy_read_metrics(r));
    KL__TRY(strategy_read_rules(r));
    r->spec.defines = r->defines;
    r->spec.metrics = r->metrics;
    r->spec.params = r->params;
    kl_status status = kl_strategy_new(&r->spec, r->values, alloc, strategy, r->fields.error);
    if (status < 0) {
        if (status != KL_E_MEMORY) strategy_read_blame(r, r->fields.error);
        return status;
    }
    for (size_t i = 0; i < r->spec.n_params; i++) (*strategy)->uses[i] += r->used[i];
    return KL_OK;
}

kl_status kl_strategy_read(const char *text, size_t length, const kl_interval *interval, const double *values, const kl_alloc *alloc,
                           kl_strategy **strategy, kl_error *error) {
    const kl_alloc *a = alloc ? alloc : kl_alloc_libc();
    kl__toml toml;
    size_t bytes;
    if ((!text && length) || !strategy) return kl__fail(error, KL_E_ARG, strategy ? 1 : 6, 0, 0, "an argument is missing");
    KL__TRY(kl__toml_read(text ? text : "", length, a, &toml, error));
    /* joined conditions take no more than their quotes and commas, and a few bytes each */
    bytes = sizeof(strategy_reader) + 2 * length + 8 * (size_t)toml.n;
    strategy_reader *r = a->take(a->ctx, bytes);
    if (!r) {
        kl__toml_free(&toml);
        return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the strategy");
    }
    memset(r, 0, sizeof *r);
    r->toml = toml;
    r->joined = (char *)(r + 1);
    r->fields = (kl__fields){&r->toml, r->params, r->values, 0, r->used, error};
    kl_status status = strategy_read_file(r, interval, values, a, strategy);
    a->give(a->ctx, r, bytes);
    kl__toml_free(&toml);
    return status;
}
