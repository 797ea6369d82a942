/* kline eval --summary: what is told of a column instead of its values. */
#include "eval.h"
#include <inttypes.h>
#include <string.h>

static uint64_t summary_mix(uint64_t h, double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    h = (h ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 32;
}

void eval_summarise(eval_summary *s, const double *x, size_t n) {
    const uint64_t row = s->rows;
    uint64_t known = 0, h[4];
    size_t i = 0;
    memcpy(h, s->lanes, sizeof h);
    for (; i < n && (row + i) % 4; i++) h[(row + i) % 4] = summary_mix(h[(row + i) % 4], x[i]), known += x[i] == x[i];
    for (; i + 4 <= n; i += 4)
        for (size_t lane = 0; lane < 4; lane++) h[lane] = summary_mix(h[lane], x[i + lane]), known += x[i + lane] == x[i + lane];
    for (; i < n; i++) h[(row + i) % 4] = summary_mix(h[(row + i) % 4], x[i]), known += x[i] == x[i];
    memcpy(s->lanes, h, sizeof h);
    s->known += known;
    s->rows += n;
    if (n) s->last = x[n - 1];
}

static kl_status summary_row(cli_table *table, const eval_summary *s, const char *symbol, const char *column) {
    uint64_t hash = s->rows;
    char text[17];
    size_t row, at = 0;
    for (int lane = 0; lane < 4; lane++) hash = (hash ^ s->lanes[lane]) * UINT64_C(0x9e3779b97f4a7c15), hash ^= hash >> 32;
    snprintf(text, sizeof text, "%016" PRIx64, hash);
    kl_status status = cli_table_row(table, &row);
    if (status >= 0 && symbol) status = cli_table_text(table, at++, row, symbol);
    if (status >= 0) status = cli_table_text(table, at++, row, column);
    if (status >= 0) status = kl_table_set_i64(table->table, at++, row, (int64_t)s->rows);
    if (status >= 0) status = kl_table_set_i64(table->table, at++, row, (int64_t)s->known);
    if (status >= 0 && s->rows && s->last == s->last) status = kl_table_set_f64(table->table, at, row, s->last);
    return status < 0 ? status : cli_table_text(table, at + 1, row, text);
}

kl_status eval_print_summary(cli_table *table, cli_out *out, const kl_plan *plan, const eval_summary *summaries, const char *const *symbols, size_t n) {
    static const struct {
        const char *name;
        int32_t kind;
    } columns[] = {{"symbol", KL_COLUMN_TEXT}, {"column", KL_COLUMN_TEXT}, {"rows", KL_COLUMN_I64}, {"known", KL_COLUMN_I64},
                   {"last", KL_COLUMN_F64},    {"hash", KL_COLUMN_TEXT}};
    const size_t outputs = kl_plan_outputs(plan);
    kl_status status = cli_table_open(table, out);
    for (size_t c = symbols ? 0 : 1; c < sizeof columns / sizeof columns[0] && status >= 0; c++)
        status = kl_table_add_column(table->table, columns[c].name, columns[c].kind, 0, NULL);
    for (size_t k = 0; k < n * outputs && status >= 0; k++) {
        kl_plan_output output;
        kl_plan_output_at(plan, k % outputs, &output);
        status = summary_row(table, &summaries[k], symbols ? symbols[k / outputs] : NULL, output.name);
    }
    return status;
}
