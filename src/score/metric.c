/* Metrics: what they mean as expressions. */
#include "base/fp.h"
#include "score/strategy.h"
#include <math.h>
#include <string.h>

void kl_metric_init(kl_metric *metric) {
    if (!metric) return;
    memset(metric, 0, sizeof *metric);
    metric->struct_size = sizeof *metric;
    metric->threshold_start = metric->threshold_end = (double)NAN;
}

/* ------------------------------------------------------------------------------------------------------- checking --- */

static int metric_code_good(const char *code) {
    size_t n = code ? strlen(code) : 0;
    if (n == 0 || n >= KL_METRIC_CODE_MAX) return 0;
    return strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == n;
}

/* What a direction needs: 1 a level (against, or start), 2 both thresholds, 4 a level by side (against, end or start), 0 nothing. */
static const uint8_t metric_needs[] = {0, 1, 8, 2, 2, 0, 0, 1, 1, 0, 0, 4};

static kl_status metric_table_check(const kl_metric *m, int64_t row, kl_error *error) {
    const int start = !isnan(m->threshold_start), end = !isnan(m->threshold_end);
    const char *code = m->code;
    if (m->direction < KL_DIRECTION_ABOVE || m->direction > KL_DIRECTION_REJECT)
        return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: there is no direction %d", code, (int)m->direction);
    if (isinf(m->threshold_start) || isinf(m->threshold_end)) return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: a threshold is infinite", code);
    switch (metric_needs[m->direction]) {
    case 1: if (!m->against && !start) return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: it needs threshold_start, or against", code); break;
    case 8: if (!m->against && !start && !end) return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: it needs a threshold, or against", code); break;
    case 2:
        if (!start || !end) return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: it needs threshold_start and threshold_end", code);
        if (m->threshold_start > m->threshold_end) return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: threshold_start is above threshold_end", code);
        break;
    case 4:
        if (!m->against && !(m->side == KL_SIDE_BUY ? start : m->side == KL_SIDE_SELL ? end : start || end))
            return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: it needs %s, or against", code,
                            m->side == KL_SIDE_BUY ? "threshold_start" : m->side == KL_SIDE_SELL ? "threshold_end" : "a threshold");
        break;
    default: break;
    }
    if (m->against && (metric_needs[m->direction] == 0 || metric_needs[m->direction] == 2))
        return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: this direction compares with nothing: against is not read", code);
    return KL_OK;
}

kl_status kl__metric_check(const kl_metric *m, int64_t row, kl_error *error) {
    if (m->struct_size < sizeof *m) return kl__fail(error, KL_E_ARG, 0, row, 0, "a metric's struct_size is not set: kl_metric_init");
    if (!metric_code_good(m->code)) return kl__fail(error, KL_E_ARG, 0, row, 0, "a metric needs a code of letters, digits, _ - . below %d bytes", KL_METRIC_CODE_MAX);
    if (m->side < KL_SIDE_BUY || m->side > KL_SIDE_CONTEXT) return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: its side is none", m->code);
    if (m->side > KL_SIDE_SELL && m->weight_u) return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: guards and context have no weight", m->code);
    if (m->side != KL_SIDE_GUARD && (m->vetoes || (m->flags & KL_METRIC_REQUIRE)))
        return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: only guards veto", m->code);
    if (m->vetoes < 0 || m->vetoes > KL_VETO_BOTH) return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: its vetoes are none", m->code);
    if (m->flags & ~(uint32_t)(KL_METRIC_INACTIVE | KL_METRIC_INCLUSIVE | KL_METRIC_REQUIRE))
        return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: it has unknown flags", m->code);
    if (m->window < 0 || m->window_unit < KL_WINDOW_BARS || m->window_unit > KL_WINDOW_DAYS)
        return kl__fail(error, KL_E_ARG, 0, row, 0, "%s: its window is none", m->code);
    if (m->when ? m->indicator || m->against || m->direction || m->window : !m->indicator)
        return kl__fail(error, KL_E_ARG, 0, row, 0, m->when ? "%s: a condition is either `when`, or an indicator with a direction" : "%s: it has no condition", m->code);
    return m->when ? KL_OK : metric_table_check(m, row, error);
}

/* -------------------------------------------------------------------------------------------------------- writing --- */

static void metric_char(kl__condition *to, char c, uint32_t from) {
    if (to->text && to->n < to->room) {
        to->text[to->n] = c;
        if (to->from) to->from[to->n] = from;
    }
    to->n++;
}

static void metric_put(kl__condition *to, const char *text) {
    while (*text) metric_char(to, *text++, 0);
}

static void metric_number(kl__condition *to, double value) {
    char text[KL_DOUBLE_TEXT_MAX];
    kl_double_print(value, text);
    metric_put(to, text);
}

static int metric_is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

typedef struct metric_place {
    uint32_t field;  /* KL__FROM_x */
    size_t defines;  /* definitions that may be named there: the earlier ones */
    const char *code;
    int64_t row;
} metric_place;

static kl_status metric_text(kl__condition *to, const char *text, const metric_place *place, kl_error *error);

/* $name at text[at]: the value of a parameter, or a definition. `next`: the byte behind it. */
static kl_status metric_name(kl__condition *to, const char *text, size_t at, const metric_place *place, size_t *next, kl_error *error) {
    const char *name = text + at + 1;
    size_t n = 0;
    while (metric_is_name(name[n])) n++;
    *next = at + 1 + n;
    for (size_t p = 0; p < to->n_params; p++) {
        if (strlen(to->params[p].name) != n || memcmp(to->params[p].name, name, n) != 0) continue;
        metric_put(to, to->values[p] < 0.0 ? "(" : "");
        metric_number(to, to->values[p]);
        metric_put(to, to->values[p] < 0.0 ? ")" : "");
        if (to->used) to->used[p]++;
        return KL_OK;
    }
    for (size_t d = 0; d < place->defines; d++) {
        if (strlen(to->defines[d].name) != n || memcmp(to->defines[d].name, name, n) != 0) continue;
        const metric_place inside = {KL__FROM_DEFINE + (uint32_t)d, d, to->defines[d].name, (int64_t)d + 1};
        metric_put(to, "(");
        KL__TRY(metric_text(to, to->defines[d].text, &inside, error));
        metric_put(to, ")");
        if (to->used) to->used[to->n_params + d]++;
        return KL_OK;
    }
    return kl__fail(error, KL_E_UNKNOWN_NAME, (int32_t)(place->field < KL__FROM_DEFINE ? place->field : KL__FROM_DEFINE), place->row, (int64_t)at + 1,
                    "%s: there is no such parameter or definition", place->code);
}

/* The user's own text; $ in quotes and comments is left alone. */
static kl_status metric_text(kl__condition *to, const char *text, const metric_place *place, kl_error *error) {
    int quoted = 0, comment = 0;
    for (size_t at = 0; text[at];) {
        if (to->n > KL__CONDITION_MAX) return kl__fail(error, KL_E_SIZE, 0, place->row, 0, "%s: the condition is too long", place->code);
        if (text[at] == '\'' && !comment) quoted = !quoted;
        if (text[at] == '#' && !quoted) comment = 1;
        if (text[at] == '\n') comment = 0;
        if (text[at] == '$' && !quoted && !comment && to->params) {
            KL__TRY(metric_name(to, text, at, place, &at, error));
            continue;
        }
        metric_char(to, text[at], KL__FROM(place->field, at));
        at++;
    }
    if (strchr(text, '#')) metric_char(to, '\n', 0);
    return KL_OK;
}

static kl_status metric_own(kl__condition *to, const kl_metric *m, const char *text, uint32_t field, int64_t row, kl_error *error) {
    const metric_place place = {field, to->n_defines, m->code, row};
    return metric_text(to, text, &place, error);
}

typedef struct metric_writer {
    const kl_metric *m;
    kl__condition *to;
    int64_t row, bars; /* bars: of the window */
    kl_error *error;
} metric_writer;

/* (x), or (x)[lag] */
static kl_status metric_x(const metric_writer *w, int64_t lag) {
    metric_put(w->to, "(");
    KL__TRY(metric_own(w->to, w->m, w->m->indicator, KL__FROM_INDICATOR, w->row, w->error));
    metric_put(w->to, ")");
    if (lag) metric_put(w->to, "["), metric_number(w->to, (double)lag), metric_put(w->to, "]");
    return KL_OK;
}

/* The level: (a), (a)[1], or a number. */
static kl_status metric_level(const metric_writer *w, double number, int64_t lag) {
    if (!w->m->against) return metric_number(w->to, number), KL_OK;
    metric_put(w->to, "(");
    KL__TRY(metric_own(w->to, w->m, w->m->against, KL__FROM_AGAINST, w->row, w->error));
    metric_put(w->to, lag ? ")[1]" : ")");
    return KL_OK;
}

/* x SIGN level */
static kl_status metric_compare(const metric_writer *w, const char *sign, double level, int64_t lag) {
    KL__TRY(metric_x(w, lag));
    metric_put(w->to, sign);
    return metric_level(w, level, lag);
}

static kl_status metric_trend(const metric_writer *w, const char *name) {
    metric_put(w->to, name);
    KL__TRY(metric_x(w, 0));
    metric_put(w->to, ", "), metric_number(w->to, (double)w->bars), metric_put(w->to, ")");
    return KL_OK;
}

static kl_status metric_cross(const metric_writer *w, const char *name) {
    metric_put(w->to, w->bars > 1 ? "max(" : "");
    metric_put(w->to, name);
    KL__TRY(metric_x(w, 0));
    metric_put(w->to, ", ");
    KL__TRY(metric_level(w, w->m->threshold_start, 0));
    metric_put(w->to, ")");
    if (w->bars > 1) metric_put(w->to, ", "), metric_number(w->to, (double)w->bars), metric_put(w->to, ") == 1");
    return KL_OK;
}

static kl_status metric_expand(const metric_writer *w, const char *sign, const char *plus) {
    KL__TRY(metric_x(w, 0));
    metric_put(w->to, sign);
    KL__TRY(metric_x(w, w->bars));
    if (isnan(w->m->threshold_start)) return KL_OK;
    metric_put(w->to, plus), metric_number(w->to, w->m->threshold_start), metric_put(w->to, ")");
    return KL_OK;
}

/* It was at or beyond the level in one of the bars before, and is inside now. */
static kl_status metric_reject_one(const metric_writer *w, int down) {
    const double level = down ? w->m->threshold_end : w->m->threshold_start;
    metric_put(w->to, w->bars > 1 ? "max(" : "");
    KL__TRY(metric_compare(w, down ? " >= " : " <= ", level, 1));
    if (w->bars > 1) metric_put(w->to, ", "), metric_number(w->to, (double)w->bars), metric_put(w->to, ") == 1");
    metric_put(w->to, " and ");
    return metric_compare(w, down ? " < " : " > ", level, 0);
}

static kl_status metric_reject(const metric_writer *w) {
    const int down = w->m->side == KL_SIDE_SELL || (w->m->side != KL_SIDE_BUY && (w->m->against || !isnan(w->m->threshold_end)));
    const int up = w->m->side == KL_SIDE_BUY || (w->m->side != KL_SIDE_SELL && (w->m->against || !isnan(w->m->threshold_start)));
    if (down) KL__TRY(metric_reject_one(w, 1));
    metric_put(w->to, down && up ? " or " : "");
    return up ? metric_reject_one(w, 0) : KL_OK;
}

/* A comparison that has to hold in each of the last bars. */
static kl_status metric_range(const metric_writer *w) {
    const kl_metric *m = w->m;
    const char *above = m->flags & KL_METRIC_INCLUSIVE ? " >= " : " > ", *below = m->flags & KL_METRIC_INCLUSIVE ? " <= " : " < ";
    metric_put(w->to, w->bars > 1 ? "min(" : "");
    switch (m->direction) {
    case KL_DIRECTION_ABOVE: KL__TRY(metric_compare(w, above, m->threshold_start, 0)); break;
    case KL_DIRECTION_BELOW: KL__TRY(metric_compare(w, below, isnan(m->threshold_start) ? m->threshold_end : m->threshold_start, 0)); break;
    default: {
        const int between = m->direction == KL_DIRECTION_BETWEEN;
        KL__TRY(metric_compare(w, between ? " >= " : " < ", m->threshold_start, 0));
        metric_put(w->to, between ? " and " : " or ");
        KL__TRY(metric_compare(w, between ? " <= " : " > ", m->threshold_end, 0));
    }
    }
    if (w->bars > 1) metric_put(w->to, ", "), metric_number(w->to, (double)w->bars), metric_put(w->to, ") == 1");
    return KL_OK;
}

static kl_status metric_bars(const kl_metric *m, const kl_interval *interval, int64_t row, int64_t *bars, kl_error *error) {
    static const int64_t unit_us[] = {0, 60000000, 3600000000, 86400000000};
    int64_t length = interval && interval->unit ? kl_interval_length_us(interval) : 0;
    *bars = m->window > 0 ? m->window : 1;
    if (m->window_unit == KL_WINDOW_BARS || m->window == 0) return KL_OK;
    if (length <= 0) return kl__fail(error, KL_E_INTERVAL, 0, row, 0, "%s: a window in time needs bars of a fixed interval", m->code);
    int64_t span = m->window * unit_us[m->window_unit];
    if (span % length) return kl__fail(error, KL_E_INTERVAL, 0, row, 0, "%s: its window is no whole number of bars", m->code);
    *bars = span / length;
    return KL_OK;
}

kl_status kl__metric_condition(const kl_metric *m, const kl_interval *interval, kl__condition *to, int64_t row, kl_error *error) {
    metric_writer w = {m, to, row, 1, error};
    if (m->when) return metric_own(to, m, m->when, KL__FROM_WHEN, row, error);
    KL__TRY(metric_bars(m, interval, row, &w.bars, error));
    switch (m->direction) {
    case KL_DIRECTION_TREND_UP: return metric_trend(&w, "rising(");
    case KL_DIRECTION_TREND_DOWN: return metric_trend(&w, "falling(");
    case KL_DIRECTION_CROSS_UP: return metric_cross(&w, "cross_up(");
    case KL_DIRECTION_CROSS_DOWN: return metric_cross(&w, "cross_down(");
    case KL_DIRECTION_EXPAND: return metric_expand(&w, " > ", " * (1 + ");
    case KL_DIRECTION_CONTRACT: return metric_expand(&w, " < ", " * (1 - ");
    case KL_DIRECTION_REJECT: return metric_reject(&w);
    default: return metric_range(&w);
    }
}

kl_status kl_metric_expression(const kl_metric *metric, const kl_interval *interval, char *text, size_t capacity, size_t *used, kl_error *error) {
    kl__condition to = {.text = text, .room = capacity};
    if (!metric || !used || (!text && capacity)) return kl__fail(error, KL_E_ARG, !metric ? 1 : !used ? 5 : 3, 0, 0, "an argument is missing");
    KL__TRY(kl__metric_check(metric, 0, error));
    to.text = NULL; /* counted first: nothing is written where it does not fit */
    KL__TRY(kl__metric_condition(metric, interval, &to, 0, error));
    *used = to.n;
    if (to.n >= capacity) return kl__fail(error, KL_E_SIZE, 4, 0, 0, "the expression does not fit");
    to.text = text;
    to.n = 0;
    KL__TRY(kl__metric_condition(metric, interval, &to, 0, error));
    text[to.n] = 0;
    return KL_OK;
}
