/* Buying once and holding: what became of it. */
#include "base/fp.h"
#include "kline/stat.h"
#include "stat/known.h"
#include <string.h>

/* First known close at or after start, last one at or before end. */
static kl_status invest_range(const kl_columns *columns, kl_time start, kl_time end, size_t *first, size_t *last, kl_error *error) {
    const kl_time *time = columns->open_time_us;
    size_t a = SIZE_MAX, b = SIZE_MAX;
    for (size_t i = 0; i < columns->n; i++) {
        if (i > 0 && time[i] <= time[i - 1])
            return kl__fail(error, KL_E_ORDER, 1, (int64_t)i + 1, 0, "the open time does not rise");
        if (time[i] < start || time[i] > end || !kl__known_price(columns->close[i])) continue;
        if (a == SIZE_MAX) a = i;
        b = i;
    }
    if (a == SIZE_MAX) return kl__fail(error, KL_E_NOT_FOUND, 2, 0, 0, "there is no candle between start and end");
    *first = a;
    *last = b;
    return KL_OK;
}

/* The fall of the value is that of the price. */
static void invest_fall(const kl_columns *columns, kl_investment *r, double *value, double *drawdown) {
    double peak = 0;
    kl_time peak_time = KL_TIME_NONE;
    for (size_t i = r->start_row; i <= r->end_row; i++) {
        double price = columns->close[i];
        if (!kl__known_price(price)) continue;
        if (price >= peak) peak = price, peak_time = columns->open_time_us[i];
        double fall = (price - peak) / peak;
        if (fall < r->worst_drawdown) {
            r->worst_drawdown = fall;
            r->worst_peak = peak_time;
            r->worst_trough = columns->open_time_us[i];
        }
        if (value) value[i] = kl__output(r->amount * (price / r->start_price));
        if (drawdown) drawdown[i] = fall + 0.0;
    }
}

kl_status kl_invest(const kl_columns *columns, kl_time start, kl_time end, double amount, double *value, double *drawdown,
                    kl_investment *result, kl_error *error) {
    if (!columns || !result) return kl__fail(error, KL_E_ARG, columns ? 7 : 1, 0, 0, "an argument is missing");
    if (!kl__known_price(amount)) return kl__fail(error, KL_E_ARG, 4, 0, 0, "the amount must be above 0");
    if (start > end) return kl__fail(error, KL_E_ARG, 3, 0, 0, "the end lies before the start");
    if (columns->n > 0 && (!columns->open_time_us || !columns->close))
        return kl__fail(error, KL_E_COLUMNS, 1, 0, 0, "open times and closes are needed");
    kl_investment r;
    memset(&r, 0, sizeof r);
    KL__TRY(invest_range(columns, start, end, &r.start_row, &r.end_row, error));
    r.start = columns->open_time_us[r.start_row];
    r.end = columns->open_time_us[r.end_row];
    r.amount = amount;
    r.start_price = columns->close[r.start_row];
    r.end_price = columns->close[r.end_row];
    r.units = kl__output(amount / r.start_price);
    r.value = kl__output(amount * (r.end_price / r.start_price));
    r.profit = kl__output(r.value - amount);
    r.return_pct = kl_return(KL_RETURN_PERCENT, r.start_price, r.end_price);
    r.worst_peak = r.worst_trough = KL_TIME_NONE;
    for (size_t i = 0; i < columns->n; i++) {
        if (value) value[i] = (double)NAN;
        if (drawdown) drawdown[i] = (double)NAN;
    }
    invest_fall(columns, &r, value, drawdown);
    *result = r;
    return KL_OK;
}

/* ---------------------------------------------------------------------------------------------- the sentence --- */

typedef struct invest_text {
    char *text;
    size_t capacity, used; /* used reaches capacity: it did not fit */
} invest_text;

static void invest_add(invest_text *t, const char *text) {
    size_t length = strlen(text);
    if (t->used >= t->capacity || length >= t->capacity - t->used) {
        t->used = t->capacity;
        return;
    }
    memcpy(t->text + t->used, text, length + 1);
    t->used += length;
}

/* Without their sign, halves away from 0. */
static double invest_cents(double x) { return floor(fabs(x) * 100 + 0.5); }

/* Two decimals; what is beyond 2^53 cents has its shortest digits. */
static void invest_add_amount(invest_text *t, double x) {
    char text[KL_DECIMAL_TEXT_MAX > KL_DOUBLE_TEXT_MAX ? KL_DECIMAL_TEXT_MAX : KL_DOUBLE_TEXT_MAX];
    double cents = invest_cents(x);
    if (cents < 9007199254740992.0) {
        kl_i128 mantissa;
        memset(&mantissa, 0, sizeof mantissa);
        mantissa.lo = (uint64_t)cents;
        kl_decimal_print(&mantissa, 2, text);
    } else {
        kl_double_print(fabs(x), text);
    }
    invest_add(t, text);
}

static void invest_add_price(invest_text *t, double x) {
    char text[KL_DOUBLE_TEXT_MAX];
    kl_double_print(x, text);
    invest_add(t, text);
}

static void invest_add_money(invest_text *t, double x, const char *currency) {
    invest_add_amount(t, x);
    if (*currency) invest_add(t, " ");
    invest_add(t, currency);
}

static void invest_add_time(invest_text *t, kl_time time) {
    char text[KL_TIME_TEXT_MAX];
    if (kl_time_print(time, text) > 0) invest_add(t, text);
}

/* What reads 0.00 is neither a profit nor a loss, and has no sign. */
static void invest_add_outcome(invest_text *t, const kl_investment *investment, const char *currency) {
    if (invest_cents(investment->profit) == 0) {
        invest_add(t, ": neither profit nor loss");
    } else {
        invest_add(t, investment->profit < 0 ? ": a loss of " : ": a profit of ");
        invest_add_money(t, investment->profit, currency);
    }
    invest_add(t, invest_cents(investment->return_pct) == 0 ? " (" : investment->return_pct < 0 ? " (-" : " (+");
    invest_add_amount(t, investment->return_pct);
    invest_add(t, " %).");
}

size_t kl_invest_print(const kl_investment *investment, const char *symbol, const char *currency, char *text, size_t capacity) {
    if (!text || capacity == 0) return 0;
    text[0] = '\0';
    if (!investment || !symbol || !currency) return 0;
    const double told[] = {investment->amount, investment->start_price, investment->end_price, investment->value, investment->profit,
                           investment->return_pct, investment->worst_drawdown};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (!kl__known(told[i])) return 0;
    invest_text t = {text, capacity, 0};
    invest_add_money(&t, investment->amount, currency);
    invest_add(&t, " in ");
    invest_add(&t, symbol);
    invest_add(&t, " on ");
    invest_add_time(&t, investment->start);
    invest_add(&t, " at ");
    invest_add_price(&t, investment->start_price);
    invest_add(&t, " would be ");
    invest_add_money(&t, investment->value, currency);
    invest_add(&t, " on ");
    invest_add_time(&t, investment->end);
    invest_add(&t, " at ");
    invest_add_price(&t, investment->end_price);
    invest_add_outcome(&t, investment, currency);
    if (invest_cents(100 * investment->worst_drawdown) > 0) {
        invest_add(&t, " On the way it fell by up to ");
        invest_add_amount(&t, 100 * investment->worst_drawdown);
        invest_add(&t, " %, from ");
        invest_add_time(&t, investment->worst_peak);
        invest_add(&t, " to ");
        invest_add_time(&t, investment->worst_trough);
        invest_add(&t, ".");
    }
    if (t.used < t.capacity) return t.used;
    text[0] = '\0';
    return 0;
}
