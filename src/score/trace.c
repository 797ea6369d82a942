/* Why a decision is what it is: metrics behind it, groups, rows of a table. */
#include "data/table.h"
#include "score/strategy.h"
#include <math.h>
#include <string.h>

static int trace_bit(const uint64_t *mask, uint32_t metric) { return (int)(mask[metric >> 6] >> (metric & 63) & 1); }

static int32_t trace_state(const kl_strategy *s, const kl__active *a, const kl_decision *d) {
    const int unknown = trace_bit(d->unknown, a->metric), fired = trace_bit(d->fired, a->metric);
    const int vetoes = unknown ? s->decider.rules.unknown == KL_UNKNOWN_REFUSES || a->require : fired != (int)a->require;
    if (a->side == KL_SIDE_GUARD && vetoes) return KL_TRACE_VETOED;
    return unknown ? KL_TRACE_UNKNOWN : fired ? KL_TRACE_FIRED : 0;
}

kl_status kl_strategy_trace(const kl_strategy *strategy, const kl_decision *decision, kl_trace *entries, size_t capacity, size_t *total) {
    size_t n = 0;
    if (!strategy || !decision || !total || (!entries && capacity)) return KL_E_ARG;
    for (uint32_t i = 0; i < strategy->n_active; i++) {
        const kl__active *a = &strategy->active[i];
        const int32_t state = trace_state(strategy, a, decision);
        if (!state) continue;
        const kl_metric *m = &strategy->spec.metrics[a->metric];
        if (n < capacity) entries[n] = (kl_trace){(int32_t)a->metric, state, a->side, a->weight_u, m->code, m->group};
        n++;
    }
    *total = n;
    return KL_OK;
}

kl_status kl_strategy_group(const kl_strategy *strategy, const kl_decision *decision, size_t group, const char **name, int64_t *buy_u,
                            int64_t *sell_u) {
    int64_t side[2] = {0, 0};
    if (!strategy || !decision || !name || !buy_u || !sell_u) return KL_E_ARG;
    if (group >= strategy->n_groups) return KL_END;
    for (uint32_t i = 0; i < strategy->n_active; i++) {
        const kl__active *a = &strategy->active[i];
        if (strategy->group_of[a->metric] == group && a->side <= KL_SIDE_SELL && trace_bit(decision->fired, a->metric)) side[a->side - 1] += a->weight_u;
    }
    *name = strategy->groups[group];
    *buy_u = side[0];
    *sell_u = side[1];
    return KL_OK;
}

/* --------------------------------------------------------------------------------------------------------- table --- */

enum { TRACE_TIME, TRACE_CLOSE, TRACE_ACTION, TRACE_TRADABLE, TRACE_REASON, TRACE_BUY, TRACE_SELL, TRACE_EDGE, TRACE_CONFIDENCE, TRACE_STRENGTH, TRACE_GROUPS };
static const struct {
    const char *name;
    int32_t kind, scale;
} trace_columns[TRACE_GROUPS] = {
    {"known_at", KL_COLUMN_TIME, 0},    {"close", KL_COLUMN_F64, 0},        {"action", KL_COLUMN_TEXT, 0},   {"tradable", KL_COLUMN_I64, 0},
    {"reason", KL_COLUMN_TEXT, 0},      {"buy", KL_COLUMN_DECIMAL, 6},      {"sell", KL_COLUMN_DECIMAL, 6},  {"edge", KL_COLUMN_DECIMAL, 6},
    {"confidence", KL_COLUMN_F64, 0},   {"strength", KL_COLUMN_TEXT, 0}};

static kl_status trace_names(const kl_strategy *s, kl_table *table) {
    size_t index;
    char name[KL_METRIC_CODE_MAX + 8];
    for (int c = 0; c < TRACE_GROUPS; c++) KL__TRY(kl_table_add_column(table, trace_columns[c].name, trace_columns[c].kind, trace_columns[c].scale, &index));
    for (uint32_t g = 0; g < s->n_groups; g++)
        for (int side = 0; side < 2; side++) {
            size_t n = strlen(s->groups[g]);
            n = n < KL_METRIC_CODE_MAX ? n : KL_METRIC_CODE_MAX - 1;
            memcpy(name, s->groups[g], n);
            memcpy(name + n, side ? "_sell" : "_buy", side ? 6 : 5);
            KL__TRY(kl_table_add_column(table, name, KL_COLUMN_DECIMAL, 6, &index));
        }
    KL__TRY(kl_table_add_column(table, "fired", KL_COLUMN_TEXT, 0, &index));
    return kl_table_add_column(table, "unknown", KL_COLUMN_TEXT, 0, &index);
}

static kl_status trace_micro(kl_table *table, size_t column, size_t row, int64_t value) {
    const kl_i128 wide = {(uint64_t)value, value < 0 ? -1 : 0};
    return kl_table_set_decimal(table, column, row, &wide);
}

/* An empty word stays unknown: an empty field, where text would be quotes. */
static kl_status trace_word(kl_table *table, size_t column, size_t row, const char *text) {
    return text[0] ? kl_table_set_text(table, column, row, text, strlen(text)) : KL_OK;
}

/* CODE:1.3 CODE:-0.5 ..., or CODE CODE of what has no weight or is unknown */
static kl_status trace_codes(const kl_strategy *s, const uint64_t *mask, int weights, kl_table *table, size_t column, size_t row) {
    char text[KL_METRICS_MAX * (KL_METRIC_CODE_MAX + 16)];
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_active; i++) {
        const kl__active *a = &s->active[i];
        const char *code = s->spec.metrics[a->metric].code;
        const size_t length = strlen(code);
        if (!trace_bit(mask, a->metric)) continue;
        if (n) text[n++] = ' ';
        memcpy(text + n, code, length);
        n += length;
        if (weights && a->side <= KL_SIDE_SELL) {
            char number[KL_DECIMAL_TEXT_MAX];
            const kl_i128 weight = {(uint64_t)(int64_t)a->weight_u, a->weight_u < 0 ? -1 : 0};
            size_t digits = kl_decimal_print(&weight, 6, number);
            while (digits > 1 && number[digits - 1] == '0') digits--;
            digits -= number[digits - 1] == '.';
            text[n++] = ':';
            memcpy(text + n, number, digits);
            n += digits;
        }
    }
    return n ? kl_table_set_text(table, column, row, text, n) : KL_OK;
}

static kl_status trace_row(const kl_strategy *s, kl_table *table, size_t row, const kl_decision *d) {
    static const char *const strengths[] = {"", "WEAK", "STRONG"};
    size_t c = TRACE_GROUPS;
    if (d->known_at_us != KL_TIME_NONE) KL__TRY(kl_table_set_i64(table, TRACE_TIME, row, d->known_at_us));
    KL__TRY(kl_table_set_f64(table, TRACE_CLOSE, row, d->close));
    KL__TRY(trace_word(table, TRACE_ACTION, row, d->action > 0 ? "BUY" : d->action < 0 ? "SELL" : "SIDEWAY"));
    KL__TRY(kl_table_set_i64(table, TRACE_TRADABLE, row, (d->flags & KL_DECISION_TRADABLE) != 0));
    KL__TRY(trace_word(table, TRACE_REASON, row, kl_reason_name(d->reason)));
    KL__TRY(trace_micro(table, TRACE_BUY, row, d->buy_u));
    KL__TRY(trace_micro(table, TRACE_SELL, row, d->sell_u));
    KL__TRY(trace_micro(table, TRACE_EDGE, row, d->edge_u));
    KL__TRY(kl_table_set_f64(table, TRACE_CONFIDENCE, row, d->confidence));
    KL__TRY(trace_word(table, TRACE_STRENGTH, row, strengths[d->strength]));
    for (uint32_t g = 0; g < s->n_groups; g++, c += 2) {
        const char *name;
        int64_t buy, sell;
        KL__TRY(kl_strategy_group(s, d, g, &name, &buy, &sell));
        KL__TRY(trace_micro(table, c, row, buy));
        KL__TRY(trace_micro(table, c + 1, row, sell));
    }
    KL__TRY(trace_codes(s, d->fired, 1, table, c, row));
    return trace_codes(s, d->unknown, 0, table, c + 1, row);
}

kl_status kl_strategy_table(const kl_strategy *strategy, kl_table *table, const kl_decision *rows, size_t n, int32_t all) {
    size_t wanted = 0, first;
    kl_status status = KL_OK;
    if (!strategy || !table || (!rows && n)) return KL_E_ARG;
    for (size_t i = 0; i < n; i++) wanted += all || (rows[i].flags & KL_DECISION_TRADABLE);
    if (kl_table_columns(table) == 0 && (status = trace_names(strategy, table)) < 0) return kl__table_drop_columns(table, 0), status;
    if (kl_table_columns(table) != TRACE_GROUPS + 2 * (size_t)strategy->n_groups + 2) return KL_E_MISMATCH;
    KL__TRY(kl_table_add_rows(table, wanted, &first));
    for (size_t i = 0, row = first; i < n && status >= 0; i++)
        if (all || (rows[i].flags & KL_DECISION_TRADABLE)) status = trace_row(strategy, table, row++, &rows[i]);
    if (status < 0) table->rows = first;
    return status;
}
