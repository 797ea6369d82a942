/* Between the panel, the arrays of a chunk and the rows of the table. */
#include "base/fp.h"
#include "mart/mart.h"

size_t kl__mart_take(mart_run *run, size_t k) {
    const kl_mart *m = run->mart;
    size_t n = 0, symbol = (size_t)mart_order(m)[k];
    int rows = mart_by_rows(&m->spec);
    double *close = run->array[0];
    for (size_t i = 0; i < run->items; i++) {
        double c = mart_value(run, run->panel->close, symbol, i);
        int there = kl__known(c);
        if (rows && !there) continue;
        close[n] = there ? c : (double)NAN;
        run->item[n] = i;
        run->place[n] = there && run->next[i] != MART_NONE ? run->next[i]++ : MART_NONE;
        n++;
    }
    return n;
}

void kl__mart_gather(const mart_run *run, const double *column, size_t k, size_t n, double *out) {
    size_t symbol = (size_t)mart_order(run->mart)[k];
    for (size_t j = 0; j < n; j++) {
        double x = mart_value(run, column, symbol, run->item[j]);
        out[j] = kl__known(x) && kl__known(run->array[0][j]) ? x : (double)NAN; /* without a close there is no candle */
    }
}

/* What is written does not overlap what is read: the compiler need not look again after each cell. */
void kl__mart_put_f64(const mart_run *run, size_t column, size_t n, const double *x) {
    double *restrict to = mart_f64(run, column);
    const size_t *restrict place = run->place;
    for (size_t j = 0; j < n; j++)
        if (place[j] != MART_NONE) to[place[j]] = x[j];
}

void kl__mart_put_flag(const mart_run *run, size_t column, size_t n, const int8_t *flag) {
    int64_t *restrict to = mart_i64(run, column);
    uint8_t *restrict known = run->table->column[column].known;
    const size_t *restrict place = run->place;
    for (size_t j = 0; j < n; j++) {
        if (place[j] == MART_NONE) continue;
        to[place[j]] = flag[j] > 0;
        known[place[j]] = flag[j] >= 0;
    }
}

void kl__mart_put_label(const mart_run *run, size_t column, size_t n, const uint8_t *label, size_t which) {
    kl__table_text *restrict to = mart_texts(run, column);
    uint8_t *restrict known = run->table->column[column].known;
    const size_t *restrict place = run->place;
    for (size_t j = 0; j < n; j++) {
        if (place[j] == MART_NONE) continue;
        to[place[j]] = run->label[which][label[j]];
        known[place[j]] = run->label[which][label[j]].text != NULL;
    }
}

void kl__mart_put_text(const mart_run *run, size_t column, size_t n, const kl__table_text *text) {
    kl__table_text *restrict to = mart_texts(run, column);
    uint8_t *restrict known = run->table->column[column].known;
    const size_t *restrict place = run->place;
    const kl__table_text one = *text;
    for (size_t j = 0; j < n; j++) {
        if (place[j] == MART_NONE) continue;
        to[place[j]] = one;
        known[place[j]] = 1;
    }
}

void kl__mart_put_time(const mart_run *run, size_t column, size_t n) {
    kl_time *restrict to = mart_i64(run, column);
    const size_t *restrict place = run->place, *restrict item = run->item, *restrict source = run->source;
    for (size_t j = 0; j < n; j++)
        if (place[j] != MART_NONE) to[place[j]] = run->panel->time[source[item[j]]];
}

void kl__mart_put_key(const mart_run *run, size_t k, size_t n) {
    kl__mart_put_text(run, 0, n, &run->symbol[k]);
    kl__mart_put_time(run, 1, n);
}

void kl__mart_shift(double *before, size_t n, const double *x, double *out) {
    if (n == 0) return;
    double last = x[n - 1];
    for (size_t j = n; j-- > 1;) out[j] = x[j - 1];
    out[0] = *before;
    *before = last;
}

void kl__mart_window_spec(const kl_mart_spec *spec, kl_roll_spec *window, int32_t what, int64_t min_count) {
    kl_roll_spec_init(window, what, spec->rows);
    window->min_count = mart_compat(spec) ? min_count : spec->min_count;
}
