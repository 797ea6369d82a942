/* Strategies as files: what kl_strategy_read reads back to the same. */
#include "score/strategy.h"
#include "score/words.h"
#include <math.h>
#include <string.h>

typedef struct strategy_sink {
    char *text;
    size_t n, room;
} strategy_sink;

static void strategy_write_text(strategy_sink *out, const char *text) {
    const size_t n = strlen(text);
    if (out->text && n < out->room - out->n) memcpy(out->text + out->n, text, n);
    out->n += n;
}

/* "..." with what TOML wants escaped */
static void strategy_write_quoted(strategy_sink *out, const char *text) {
    static const char hex[] = "0123456789abcdef";
    strategy_write_text(out, "\"");
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        const char plain[2] = {*text, 0}, escaped[7] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15], 0};
        if (c == '"' || c == '\\') strategy_write_text(out, "\\");
        strategy_write_text(out, (c < 0x20 && c != '\t') || c == 0x7F ? escaped : plain);
    }
    strategy_write_text(out, "\"");
}

static void strategy_write_string(strategy_sink *out, const char *key, const char *text) {
    if (!text) return;
    strategy_write_text(out, key), strategy_write_text(out, " = "), strategy_write_quoted(out, text), strategy_write_text(out, "\n");
}

static void strategy_write_micro(strategy_sink *out, int64_t value) {
    char text[KL_DECIMAL_TEXT_MAX];
    const kl_i128 wide = {(uint64_t)value, value < 0 ? -1 : 0};
    size_t n = kl_decimal_print(&wide, 6, text);
    while (n > 2 && text[n - 1] == '0' && text[n - 2] != '.') n--;
    text[n] = 0;
    strategy_write_text(out, text);
}

static void strategy_write_real(strategy_sink *out, double value) {
    char text[KL_DOUBLE_TEXT_MAX];
    kl_double_print(value, text);
    strategy_write_text(out, text);
}

static void strategy_write_key_real(strategy_sink *out, const char *key, double value) {
    if (isnan(value)) return;
    strategy_write_text(out, key), strategy_write_text(out, " = "), strategy_write_real(out, value), strategy_write_text(out, "\n");
}

static void strategy_write_whole(strategy_sink *out, const char *key, int64_t value) {
    char text[KL_DECIMAL_TEXT_MAX];
    const kl_i128 wide = {(uint64_t)value, value < 0 ? -1 : 0};
    kl_decimal_print(&wide, 0, text);
    strategy_write_text(out, key), strategy_write_text(out, " = "), strategy_write_text(out, text), strategy_write_text(out, "\n");
}

static void strategy_write_word(strategy_sink *out, const char *key, const kl__choice *words, int32_t value) {
    while (words->name && words->value != value) words++;
    if (words->name) strategy_write_string(out, key, words->name);
}

static void strategy_write_metric(strategy_sink *out, const kl_metric *m) {
    strategy_write_text(out, "\n[[metric]]\n");
    strategy_write_string(out, "code", m->code);
    strategy_write_string(out, "title", m->title);
    strategy_write_string(out, "group", m->group);
    strategy_write_word(out, "side", kl__words_side, m->side);
    if (m->side <= KL_SIDE_SELL) strategy_write_text(out, "weight = "), strategy_write_micro(out, m->weight_u), strategy_write_text(out, "\n");
    if (m->vetoes) strategy_write_word(out, "vetoes", kl__words_vetoes, m->vetoes);
    strategy_write_string(out, "when", m->when);
    strategy_write_string(out, "indicator", m->indicator);
    if (m->direction) strategy_write_word(out, "direction", kl__words_direction, m->direction);
    strategy_write_string(out, "against", m->against);
    strategy_write_key_real(out, "threshold_start", m->threshold_start);
    strategy_write_key_real(out, "threshold_end", m->threshold_end);
    if (m->window) strategy_write_whole(out, "window", m->window);
    if (m->window_unit) strategy_write_word(out, "unit", kl__words_unit, m->window_unit);
    if (m->flags & KL_METRIC_INACTIVE) strategy_write_text(out, "active = false\n");
    if (m->flags & KL_METRIC_INCLUSIVE) strategy_write_text(out, "inclusive = true\n");
    if (m->flags & KL_METRIC_REQUIRE) strategy_write_text(out, "require = true\n");
}

static void strategy_write_band(strategy_sink *out, const char *key, const kl_band *band) {
    if (!band->low_u && !band->high_u) return;
    strategy_write_text(out, key), strategy_write_text(out, " = ["), strategy_write_micro(out, band->low_u);
    if (band->high_u) strategy_write_text(out, ", "), strategy_write_micro(out, band->high_u);
    strategy_write_text(out, "]\n");
}

static void strategy_write_rules(strategy_sink *out, const kl_decision_rules *r) {
    static const char *const sides[2] = {"\n[decision.buy]\n", "\n[decision.sell]\n"};
    strategy_write_text(out, "\n[decision]\n");
    strategy_write_word(out, "mode", kl__words_mode, r->mode);
    strategy_write_word(out, "order", kl__words_order, r->order);
    strategy_write_word(out, "conflict", kl__words_conflict, r->conflict);
    strategy_write_word(out, "unknown", kl__words_unknown, r->unknown);
    strategy_write_text(out, "max_unknown = "), strategy_write_micro(out, r->max_unknown_u);
    strategy_write_text(out, r->clamp ? "\nclamp = true\n" : "\nclamp = false\n");
    strategy_write_whole(out, "round_digits", r->round_digits);
    for (int s = 0; s < 2; s++) {
        const int64_t amounts[4] = {r->threshold_u[s], r->max_score_u[s], r->min_edge_u[s], r->strong_edge_u[s]};
        static const char *const names[4] = {"threshold = ", "max_score = ", "min_edge = ", "strong_edge = "};
        strategy_write_text(out, sides[s]);
        for (int i = 0; i < 4; i++)
            if (amounts[i]) strategy_write_text(out, names[i]), strategy_write_micro(out, amounts[i]), strategy_write_text(out, "\n");
        strategy_write_band(out, "weak", &r->band[s][0]);
        strategy_write_band(out, "strong", &r->band[s][1]);
    }
}

static void strategy_write_defines(strategy_sink *out, const kl_strategy *s) {
    if (s->spec.n_defines) strategy_write_text(out, "\n[define]\n");
    for (size_t i = 0; i < s->spec.n_defines; i++) strategy_write_string(out, s->spec.defines[i].name, s->spec.defines[i].text);
}

static void strategy_write_params(strategy_sink *out, const kl_strategy *s) {
    if (s->spec.n_params) strategy_write_text(out, "\n[params]\n");
    for (size_t i = 0; i < s->spec.n_params; i++) {
        const kl_strategy_param *p = &s->spec.params[i];
        strategy_write_text(out, p->name), strategy_write_text(out, " = { default = "), strategy_write_real(out, s->values[i]);
        if (!isnan(p->min)) strategy_write_text(out, ", min = "), strategy_write_real(out, p->min);
        if (!isnan(p->max)) strategy_write_text(out, ", max = "), strategy_write_real(out, p->max);
        strategy_write_text(out, " }\n");
    }
}

kl_status kl_strategy_write(const kl_strategy *strategy, char *text, size_t capacity, size_t *used) {
    char interval[KL_INTERVAL_TEXT_MAX];
    if (!strategy || !used || (!text && capacity)) return KL_E_ARG;
    for (int pass = 0; pass < 2; pass++) { /* counted first: nothing is written where it does not fit */
        strategy_sink out = {pass ? text : NULL, 0, capacity};
        strategy_write_text(&out, "[strategy]\n");
        strategy_write_string(&out, "name", strategy->spec.name);
        if (strategy->spec.interval.unit) {
            kl_interval_print(&strategy->spec.interval, interval);
            strategy_write_string(&out, "interval", interval);
        }
        strategy_write_params(&out, strategy);
        strategy_write_defines(&out, strategy);
        for (size_t i = 0; i < strategy->spec.n_metrics; i++) strategy_write_metric(&out, &strategy->spec.metrics[i]);
        strategy_write_rules(&out, &strategy->spec.rules);
        *used = out.n;
        if (out.n >= capacity) return KL_E_SIZE;
    }
    text[*used] = 0;
    return KL_OK;
}
