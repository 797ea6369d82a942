/* kline list: what the library knows, from its own registries. */
#include "cli.h"
#include <math.h>
#include <string.h>

#define LIST_T KL_COLUMN_TEXT

typedef struct list_job {
    cli_out out;
    cli_table table;
} list_job;

static kl_status list_columns(list_job *job, const char *const *names, const int32_t *kinds, size_t n) {
    kl_status status = KL_OK;
    for (size_t i = 0; i < n && status >= 0; i++) status = kl_table_add_column(job->table.table, names[i], kinds[i], 0, NULL);
    return status;
}

static size_t list_append(char *text, size_t size, size_t used, const char *more) {
    int n = snprintf(text + used, size - used, "%s", more);
    return n < 0 || (size_t)n >= size - used ? size - 1 : used + (size_t)n;
}

static size_t list_append_number(char *text, size_t size, size_t used, double value) {
    char number[KL_DOUBLE_TEXT_MAX];
    kl_double_print(value, number);
    return list_append(text, size, used, number);
}

/* name(input, param=default, ...) */
static void list_signature(const kl_indicator *indicator, char *text, size_t size) {
    size_t used = list_append(text, size, 0, indicator->name);
    const char *between = "(";
    for (uint32_t i = 0; i < indicator->n_inputs; i++, between = ", ") {
        used = list_append(text, size, used, between);
        used = list_append(text, size, used, kl_indicator_is_function(indicator) ? indicator->inputs[i].name : indicator->inputs[i].usual);
    }
    for (uint32_t i = 0; i < indicator->n_params; i++, between = ", ") {
        const kl_param_info *p = &indicator->params[i];
        used = list_append(text, size, used, between);
        used = list_append(text, size, used, p->name);
        used = list_append(text, size, used, "=");
        if (p->kind == KL_PARAM_CHOICE) used = list_append(text, size, used, p->choices[(size_t)p->def]);
        else used = list_append_number(text, size, used, p->def);
    }
    list_append(text, size, used, ")");
}

/* n: 2..100000; choice: a|b */
static void list_params(const kl_indicator *indicator, char *text, size_t size) {
    size_t used = 0;
    text[0] = 0;
    for (uint32_t i = 0; i < indicator->n_params; i++) {
        const kl_param_info *p = &indicator->params[i];
        if (i) used = list_append(text, size, used, "; ");
        used = list_append(text, size, used, p->name);
        used = list_append(text, size, used, ": ");
        if (p->kind == KL_PARAM_CHOICE) {
            for (size_t k = 0; p->choices[k]; k++) {
                if (k) used = list_append(text, size, used, "|");
                used = list_append(text, size, used, p->choices[k]);
            }
            continue;
        }
        used = list_append_number(text, size, used, p->min);
        used = list_append(text, size, used, "..");
        used = list_append_number(text, size, used, p->max);
    }
}

static void list_outputs(const kl_indicator *indicator, char *text, size_t size) {
    size_t used = 0;
    text[0] = 0;
    for (uint32_t i = 0; i < indicator->n_outputs; i++) {
        if (i) used = list_append(text, size, used, " ");
        used = list_append(text, size, used, indicator->outputs[i].name);
    }
}

/* 0..100 for each output, with nothing where there is no bound: 0.. */
static void list_bounds(const kl_indicator *indicator, char *text, size_t size) {
    size_t used = 0;
    text[0] = 0;
    for (uint32_t i = 0; i < indicator->n_outputs; i++) {
        const kl_output_info *o = &indicator->outputs[i];
        if (i) used = list_append(text, size, used, " ");
        if (isfinite(o->min)) used = list_append_number(text, size, used, o->min);
        used = list_append(text, size, used, "..");
        if (isfinite(o->max)) used = list_append_number(text, size, used, o->max);
    }
}

static kl_status list_texts(list_job *job, const char *const *texts, size_t n, size_t *row) {
    kl_status status = cli_table_row(&job->table, row);
    for (size_t i = 0; i < n && status >= 0; i++)
        if (texts[i]) status = cli_table_text(&job->table, i, *row, texts[i]);
    return status;
}

static kl_status list_indicators(list_job *job) {
    static const char *const names[] = {"name", "title", "group", "signature", "params", "outputs", "stability", "cost", "since", "source",
                                        "formula", "bounds", "definition", "lookback"};
    static const int32_t kinds[] = {LIST_T, LIST_T, LIST_T, LIST_T, LIST_T, LIST_T, LIST_T,
                                    LIST_T, LIST_T, LIST_T, LIST_T, LIST_T, KL_COLUMN_I64, KL_COLUMN_I64};
    enum { TEXTS = 12 };
    kl_status status = list_columns(job, names, kinds, TEXTS + 2);
    for (size_t i = 0; i < kl_indicator_count() && status >= 0; i++) {
        const kl_indicator *d = kl_indicator_at(i);
        if (kl_indicator_is_function(d)) continue;
        char signature[512], params[1024], outputs[512], bounds[512];
        const char *texts[] = {d->name, d->title, d->group, signature, params, outputs, d->stability == KL_EPS ? "eps" : "exact", d->cost,
                               d->since, d->source, d->formula, bounds};
        double values[KL_PARAMS_MAX];
        int64_t lookback = 0;
        size_t row;
        list_signature(d, signature, sizeof signature);
        list_params(d, params, sizeof params);
        list_outputs(d, outputs, sizeof outputs);
        list_bounds(d, bounds, sizeof bounds);
        status = list_texts(job, texts, TEXTS, &row);
        if (status >= 0) status = kl_table_set_i64(job->table.table, TEXTS, row, d->definition);
        if (status >= 0 && kl_indicator_params(d, NULL, 0, values, NULL) >= 0 && kl_indicator_lookback(d, values, &lookback) >= 0)
            status = kl_table_set_i64(job->table.table, TEXTS + 1, row, lookback);
    }
    return status;
}

static const char *list_kind(const kl_indicator *indicator) {
    if (kl_indicator_is_function(indicator)) return "function";
    return kl_roll_info_find(indicator->name) && strcmp(indicator->group, "statistics") == 0 ? "window" : "indicator";
}

/* everything that an expression may name */
static kl_status list_functions(list_job *job) {
    static const char *const names[] = {"name", "kind", "signature", "outputs"};
    static const int32_t kinds[] = {LIST_T, LIST_T, LIST_T, LIST_T};
    static const char *const words[][2] = {
        {"open", "column"}, {"high", "column"}, {"low", "column"}, {"close", "column"}, {"volume", "column"}, {"quote_volume", "column"},
        {"trade_count", "column"}, {"taker_buy_base", "column"}, {"taker_buy_quote", "column"}, {"time", "column"},
        {"and", "keyword"}, {"or", "keyword"}, {"not", "keyword"}};
    kl_status status = list_columns(job, names, kinds, 4);
    const char *alias, *name;
    size_t row;
    for (size_t i = 0; i < sizeof words / sizeof words[0] && status >= 0; i++) {
        const char *texts[] = {words[i][0], words[i][1], words[i][0], NULL};
        status = list_texts(job, texts, 4, &row);
    }
    for (size_t i = 0; i < kl_indicator_count() && status >= 0; i++) {
        const kl_indicator *d = kl_indicator_at(i);
        char signature[512], outputs[512];
        const char *texts[] = {d->name, list_kind(d), signature, outputs};
        if (kl_indicator_is_function(d) == KL_FUNCTION_SIGN) continue;
        list_signature(d, signature, sizeof signature);
        list_outputs(d, outputs, sizeof outputs);
        status = list_texts(job, texts, 4, &row);
    }
    for (size_t i = 0; status >= 0 && (alias = kl_indicator_alias_at(i, &name)) != NULL; i++) {
        const char *texts[] = {alias, "alias", name, NULL};
        if (kl_indicator_find(alias)) status = list_texts(job, texts, 4, &row);
    }
    return status;
}

/* rolling statistics */
static kl_status list_windows(list_job *job) {
    static const char *const names[] = {"name", "title", "inputs", "uses"};
    static const int32_t kinds[] = {LIST_T, LIST_T, KL_COLUMN_I64, LIST_T};
    const kl_roll_info *info;
    kl_status status = list_columns(job, names, kinds, 4);
    for (size_t i = 0; status >= 0 && (info = kl_roll_info_at(i)) != NULL; i++) {
        const struct {
            int32_t used;
            const char *name;
        } uses[] = {{info->uses_ddof, "ddof"}, {info->uses_rule, "rule"}, {info->uses_param, "param"}, {info->uses_current, "current"}};
        char text[64] = "";
        const char *texts[] = {info->name, info->title};
        size_t row, used = 0;
        for (size_t k = 0; k < sizeof uses / sizeof uses[0]; k++) {
            if (!uses[k].used) continue;
            if (used) used = list_append(text, sizeof text, used, " ");
            used = list_append(text, sizeof text, used, uses[k].name);
        }
        status = list_texts(job, texts, 2, &row);
        if (status >= 0) status = kl_table_set_i64(job->table.table, 2, row, info->inputs);
        if (status >= 0) status = cli_table_text(&job->table, 3, row, text);
    }
    return status;
}

static kl_status list_intervals(list_job *job) {
    static const char *const names[] = {"name", "seconds", "anchor"};
    static const int32_t kinds[] = {LIST_T, KL_COLUMN_I64, LIST_T};
    kl_interval interval;
    kl_status status = list_columns(job, names, kinds, 3);
    for (size_t i = 0; status >= 0 && kl_interval_at(i, &interval) == KL_OK; i++) {
        char name[KL_INTERVAL_TEXT_MAX];
        const char *texts[] = {name, NULL, interval.unit == KL_MONTH ? "first of the month" : interval.unit == KL_WEEK ? "Monday"
                               : interval.unit == KL_DAY && interval.n > 1 ? "listing day" : "1970-01-01"};
        int64_t length;
        size_t row;
        kl_interval_print(&interval, name);
        status = list_texts(job, texts, 3, &row);
        if (interval.anchor_us == KL_TIME_NONE) interval.anchor_us = 0;
        length = kl_interval_length_us(&interval);
        if (status >= 0 && length) status = kl_table_set_i64(job->table.table, 1, row, length / 1000000);
    }
    return status;
}

static kl_status list_statuses(list_job *job) {
    static const char *const names[] = {"name", "text", "value", "exit"};
    static const int32_t kinds[] = {LIST_T, LIST_T, KL_COLUMN_I64, KL_COLUMN_I64};
    kl_status status = list_columns(job, names, kinds, 4), each;
    for (size_t i = 0; status >= 0 && kl_status_at(i, &each) == KL_OK; i++) {
        const char *texts[] = {kl_status_name(each), kl_status_text(each)};
        size_t row;
        status = list_texts(job, texts, 2, &row);
        if (status >= 0) status = kl_table_set_i64(job->table.table, 2, row, each);
        if (status >= 0) status = kl_table_set_i64(job->table.table, 3, row, cli_exit_code(each));
    }
    return status;
}

int cli_list(const cli_verb *verb, int argc, char **argv) {
    static const struct {
        const char *name;
        kl_status (*list)(list_job *job);
    } lists[] = {{"indicators", list_indicators}, {"functions", list_functions}, {"windows", list_windows},
                 {"intervals", list_intervals}, {"statuses", list_statuses}};
    list_job job;
    int n, json = 0, code;
    const cli_option options[] = {{"json", CLI_FLAG, &json, NULL, "one object per line"}};
    memset(&job, 0, sizeof job);
    code = cli_args(verb, argc, argv, options, 1, &n);
    if (code != CLI_GO) return code;
    if (n != 1) return cli_usage(verb, "name one list");
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        kl_status status;
        if (strcmp(argv[0], lists[i].name)) continue;
        code = cli_out_open(&job.out, verb, NULL, json, "");
        if (code != CLI_GO) return code;
        status = cli_table_open(&job.table, &job.out);
        if (status >= 0) status = lists[i].list(&job);
        if (status >= 0) status = cli_table_flush(&job.table);
        cli_table_free(&job.table);
        if (status < 0 && !job.out.gone) cli_fail(verb, argv[0], status, NULL);
        return cli_out_close(&job.out, verb, status);
    }
    return cli_usage(verb, "there is no list '%s'", argv[0]);
}
