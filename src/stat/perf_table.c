/* Figures as a table. */
#include "kline/stat.h"
#include <math.h>
#include <string.h>

static const char *const perf_table_states[] = {"absent", "defined", "undefined", "infinite", "too_few"};

static kl_status perf_table_meta(const kl_perf_conventions *c, kl_table *table) {
    const struct {
        const char *name;
        double value;
    } rows[] = {{"periods_per_year", c->periods_per_year}, {"year_days", c->year_days}, {"clock_days", c->clock_days},
                {"risk_free", c->risk_free}, {"mar", c->mar}, {"omega_threshold", c->omega_threshold}, {"var_level", c->var_level},
                {"start_balance", c->start_balance}, {"cap", c->cap}, {"sqn_cap", c->sqn_cap}, {"sampling", c->sampling},
                {"growth", c->growth}, {"numerator", c->numerator}, {"downside", c->downside}, {"zero", c->zero}, {"missing", c->missing},
                {"var", c->var}, {"cvar", c->cvar}, {"trade_pnl", c->trade_pnl}, {"ddof", c->ddof}, {"trade_ddof", c->trade_ddof},
                {"downside_ddof", c->downside_ddof}, {"ulcer_ddof", c->ulcer_ddof}, {"omega_annual", c->omega_annual},
                {"excess_kurtosis", c->excess_kurtosis}, {"group_times", c->group_times}, {"base_first", c->base_first},
                {"omega_finite", c->omega_finite}, {"sortino_rows", c->sortino_rows}};
    const char *preset = kl_preset_name(c->preset);
    kl_status status = kl_table_set_meta(table, "preset", preset ? preset : "");
    for (size_t k = 0; status >= 0 && k < sizeof rows / sizeof *rows; k++) {
        char text[KL_DOUBLE_TEXT_MAX];
        kl_double_print(rows[k].value, text);
        status = kl_table_set_meta(table, rows[k].name, text);
    }
    return status;
}

static kl_status perf_table_row(const kl_perf *perf, int32_t figure, const char *name, const char *unit, kl_table *table) {
    const char *state = perf_table_states[perf->state[figure]];
    size_t row;
    kl_status status = kl_table_add_rows(table, 1, &row);
    if (status >= 0) status = kl_table_set_text(table, 0, row, name, strlen(name));
    if (status >= 0) status = kl_table_set_f64(table, 1, row, perf->value[figure]);
    if (status >= 0) status = kl_table_set_text(table, 2, row, state, strlen(state));
    if (status >= 0) status = kl_table_set_text(table, 3, row, unit, strlen(unit));
    return status;
}

kl_status kl_perf_table(const kl_perf *perf, kl_table *table) {
    static const char *const names[4] = {"figure", "value", "state", "unit"};
    kl_status status = KL_OK;
    int32_t figure;
    const char *name, *unit;
    if (!perf || !table) return KL_E_ARG;
    if (kl_table_columns(table) > 0) return KL_E_MISMATCH;
    for (size_t k = 0; k < KL_PERF_COUNT; k++)
        if (perf->state[k] > KL_PERF_TOO_FEW) return KL_E_ARG;
    for (size_t k = 0; status >= 0 && k < 4; k++)
        status = kl_table_add_column(table, names[k], k == 1 ? KL_COLUMN_F64 : KL_COLUMN_TEXT, 0, NULL);
    if (status >= 0) status = perf_table_meta(&perf->conventions, table);
    for (size_t k = 0; status >= 0 && kl_perf_at(k, &figure, &name, &unit, NULL) == KL_OK; k++)
        if (perf->state[figure] != KL_PERF_ABSENT) status = perf_table_row(perf, figure, name, unit, table);
    if (status < 0) kl_table_clear_rows(table);
    return status < 0 ? status : KL_OK;
}
