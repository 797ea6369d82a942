/* Every number and label of every mart against its definition in 113 bits, on a market with holes, an outage, a late symbol, a flat one
 * and unknown volumes; with KL_MART_COMPAT against the formulas of the reference warehouse. */
#include "base/fp.h"
#include "kline/corr.h"
#include "panel.h"

#if defined(__SIZEOF_FLOAT128__)
__extension__ typedef __float128 quad;
#else
typedef long double quad; /* 113 bits on the machines without __float128 that we test on */
#endif

#define SLOTS 800
typedef struct value { /* unknown where known is 0 */
    quad x;
    int known;
} value;

static const value unknown = {0, 0};
static test_panel panel;
static kl_mart_spec spec;
static kl_table *table;
static size_t order[PANEL_SYMBOLS]; /* symbols by name */

/* What one symbol has: slots are hours, or with KL_MART_ROWS its candles. */
static size_t slots[PANEL_SYMBOLS];
static int64_t hour[PANEL_SYMBOLS][SLOTS];
static size_t at[PANEL_SYMBOLS][SLOTS]; /* row of the panel; SIZE_MAX: none */
static value close_[PANEL_SYMBOLS][SLOTS], volume[PANEL_SYMBOLS][SLOTS], turnover[PANEL_SYMBOLS][SLOTS];
static value ret[PANEL_SYMBOLS][SLOTS], exact_ret[PANEL_SYMBOLS][SLOTS], mean_before[PANEL_SYMBOLS][SLOTS], vol[PANEL_SYMBOLS][SLOTS];

static value known(quad x) { return (value){x, 1}; }
static value given(double x) { return isfinite(x) ? known(x) : unknown; }
static quad root(quad x) {
    if (!(x > 0)) return 0;
    quad y = (quad)sqrt((double)x);
    for (int i = 0; i < 3; i++) y = (y + x / y) / 2;
    return y;
}
static int compat(void) { return (spec.flags & KL_MART_COMPAT) != 0; }
static int by_rows(void) { return spec.flags != 0; }
static int64_t needed(int64_t for_compat) { return compat() ? for_compat : spec.min_count ? spec.min_count : spec.rows; }

static void take_symbol(size_t s) {
    size_t n = 0;
    int64_t first = panel.time[0] / HOUR;
    for (size_t i = 0; i < panel.n; i++) {
        size_t cell_at = i * PANEL_SYMBOLS + s;
        int there = isfinite(panel.close[cell_at]);
        if (by_rows() && !there) continue;
        if (!by_rows())
            for (; first + (int64_t)n < panel.time[i] / HOUR; n++) at[s][n] = SIZE_MAX, close_[s][n] = volume[s][n] = turnover[s][n] = unknown;
        at[s][n] = there ? i : SIZE_MAX;
        hour[s][n] = panel.time[i] / HOUR;
        close_[s][n] = given(panel.close[cell_at]);
        volume[s][n] = there ? given(panel.volume[cell_at]) : unknown; /* without a close there is no candle */
        turnover[s][n] = there ? given(panel.quote[cell_at]) : unknown;
        if (!turnover[s][n].known && there && isfinite(panel.high[cell_at]) && isfinite(panel.low[cell_at]))
            turnover[s][n] = known(((quad)panel.high[cell_at] + panel.low[cell_at] + panel.close[cell_at]) / 3 * volume[s][n].x);
        if (compat()) turnover[s][n] = known(close_[s][n].x * volume[s][n].x);
        if (!volume[s][n].known) turnover[s][n] = unknown;
        n++;
    }
    slots[s] = n;
}

/* Sum and number of the known values of the window that ends at slot i. */
static size_t window_sum(const value *x, size_t i, int64_t rows, quad *sum) {
    size_t n = 0;
    *sum = 0;
    for (size_t k = i + 1; k-- > 0 && (int64_t)(i - k) < rows;)
        if (x[k].known) *sum += x[k].x, n++;
    return n;
}
static value window_mean(const value *x, size_t i, int64_t least) {
    quad sum;
    size_t n = window_sum(x, i, spec.rows, &sum);
    return n > 0 && (int64_t)n >= least ? known(sum / n) : unknown;
}
static value window_std(const value *x, size_t i, int64_t least) {
    quad sum, squares = 0;
    size_t n = window_sum(x, i, spec.rows, &sum);
    if ((int64_t)n < least || n < 2) return unknown;
    for (size_t k = i + 1; k-- > 0 && (int64_t)(i - k) < spec.rows;)
        if (x[k].known) squares += (x[k].x - sum / n) * (x[k].x - sum / n);
    return known(root(squares / (n - 1)));
}

static void make_returns(size_t s) {
    for (size_t i = 0; i < slots[s]; i++) {
        ret[s][i] = exact_ret[s][i] = unknown;
        if (i > 0 && close_[s][i].known && close_[s][i - 1].known) {
            double p = (double)close_[s][i - 1].x, r = ((double)close_[s][i].x - p) / p;
            int percent = !compat() && spec.kind != KL_MART_CORRELATIONS;
            ret[s][i] = known((quad)(percent ? 100 * r : r)); /* windows are made of the returns as they are in the table */
            exact_ret[s][i] = known((close_[s][i].x - close_[s][i - 1].x) / close_[s][i - 1].x * (percent ? 100 : 1));
        }
    }
    for (size_t i = 0; i < slots[s]; i++) {
        vol[s][i] = window_std(ret[s], i, needed(2));
        mean_before[s][i] = unknown;
        if (compat()) mean_before[s][i] = window_mean(vol[s], i, 1);
        else if (i > 0) mean_before[s][i] = window_mean(vol[s], i - 1, needed(1));
    }
}

static void expect(size_t row, const char *column, value exact, double tolerance) {
    double got = cell(table, row, column);
    if (exact.known != !isnan(got)) fail_msg("%s of row %zu is %.17g, expected %s %.17g", column, row, got, exact.known ? "a value:" : "none", (double)exact.x);
    if (!exact.known) return;
    quad off = exact.x - (quad)got, size = exact.x < 0 ? -exact.x : exact.x;
    if (off < 0) off = -off;
    if (off > (quad)tolerance * size) fail_msg("%s of row %zu is %.17g, expected %.17g", column, row, got, (double)exact.x);
}

static void expect_label(size_t row, const char *column, int32_t set, int32_t label) {
    const char *text = label ? kl_label_name(set, label) : "";
    if (strcmp(cell_text(table, row, column), text) != 0) fail_msg("%s of row %zu is %s, expected %s", column, row, cell_text(table, row, column), text);
}

static double as_double(value v) { return v.known ? (double)v.x : NONE; }

static void check_returns(size_t row, size_t s, size_t i) {
    value peak = unknown, factor = known(compat() ? 1 : 100);
    for (size_t k = 0; k <= i; k++)
        if (close_[s][k].known && (!peak.known || close_[s][k].x > peak.x)) peak = close_[s][k];
    expect(row, "close", close_[s][i], 0);
    expect(row, "prev_close", i > 0 ? close_[s][i - 1] : unknown, 0);
    expect(row, "return_pct", exact_ret[s][i], 4e-16);
    double log = cell(table, row, "log_return");
    assert_int_equal(isnan(log), !ret[s][i].known);
    if (ret[s][i].known) assert_true(fabs(log - log1p((double)(exact_ret[s][i].x / factor.x))) <= 4e-16 * (compat() ? 1 : fabs(log)));
    expect(row, "rolling_vol_6h", vol[s][i], 1e-15);
    int32_t regime = kl_volatility_regime(as_double(vol[s][i]), as_double(mean_before[s][i]), NULL);
    expect_label(row, "volatility_regime", KL_LABEL_VOLATILITY, compat() && !regime ? KL_VOLATILITY_LOW : regime);
    expect(row, "running_peak_price", peak, 0);
    expect(row, "drawdown_pct", known(factor.x * (close_[s][i].x - peak.x) / peak.x), 4e-16);
}

static value volume_ratio(size_t s, size_t i, value *mean) {
    *mean = compat() ? window_mean(volume[s], i, 1) : i > 0 ? window_mean(volume[s], i - 1, needed(1)) : unknown;
    return volume[s][i].known && mean->known && mean->x > 0 ? known(volume[s][i].x / mean->x) : unknown;
}

static void check_volume(size_t row, size_t s, size_t i) {
    static value paired[SLOTS];
    quad sum, paid, both;
    value mean, vwap = unknown, ratio = volume_ratio(s, i, &mean);
    size_t n = window_sum(volume[s], i, spec.rows, &sum), m = window_sum(turnover[s], i, spec.rows, &paid);
    int64_t least = needed(1);
    for (size_t k = 0; k <= i; k++) paired[k] = turnover[s][k].known ? volume[s][k] : unknown;
    window_sum(paired, i, spec.rows, &both);
    if ((int64_t)m >= least && both > 0) vwap = known(paid / both);
    expect(row, "volume", volume[s][i], 0);
    expect(row, "rolling_volume_6h", (int64_t)n >= least ? known(sum) : unknown, 4e-16);
    expect(row, "avg_volume_6h", window_mean(volume[s], i, least), 2e-15); /* 4u of the greatest value in the window */
    expect(row, "volume_spike_ratio", ratio, 4e-15);
    int64_t spike = !volume[s][i].known || !mean.known ? -1 : volume[s][i].x > 2 * mean.x;
    assert_true(cell_i64(table, row, "spike") == spike);
    expect(row, "vwap_6h", vwap, 8e-16);
    expect_label(row, "activity", KL_LABEL_ACTIVITY, kl_activity_state(as_double(ratio), NULL));
    double away = cell(table, row, "vwap_deviation_pct");
    assert_int_equal(isnan(away), !vwap.known);
    if (vwap.known) assert_true(fabs(away - (double)(100 * (close_[s][i].x - vwap.x) / vwap.x)) < 1e-12);
}

static value mover_ratio(size_t s, size_t i) {
    value mean;
    if (!compat() && spec.ratio == KL_MART_RATIO_VOLUME) return volume_ratio(s, i, &mean);
    mean = mean_before[s][i];
    return vol[s][i].known && mean.known && mean.x > 0 ? known(vol[s][i].x / mean.x) : unknown;
}

static size_t slot_of(size_t s, size_t row) {
    for (size_t i = 0; i < slots[s]; i++)
        if (at[s][i] == row) return i;
    return SIZE_MAX;
}

static void check_movers(size_t row, size_t s, size_t i) {
    value signal[PANEL_SYMBOLS], ratio = mover_ratio(s, i);
    int64_t rank = 1;
    for (size_t k = 0; k < PANEL_SYMBOLS; k++) {
        size_t j = slot_of(k, at[s][i]);
        signal[k] = unknown;
        if (j == SIZE_MAX || !ret[k][j].known || !mover_ratio(k, j).known) continue;
        signal[k] = known((ret[k][j].x < 0 ? -ret[k][j].x : ret[k][j].x) * mover_ratio(k, j).x);
    }
    for (size_t k = 0; k < PANEL_SYMBOLS; k++) rank += signal[k].known && signal[k].x > signal[s].x;
    expect(row, "return_pct", exact_ret[s][i], 4e-16);
    expect(row, spec.ratio && !compat() ? "volatility_ratio" : "volume_spike_ratio", ratio, 4e-15);
    expect(row, "mover_signal", signal[s], 4e-15);
    expect_label(row, "label", KL_LABEL_MOVER, kl_mover_label((compat() ? 100 : 1) * as_double(ret[s][i]), NULL));
    assert_true(cell_i64(table, row, "rank") == (signal[s].known ? rank : -1));
}

/* ------------------------------------------------------------------------------------------------ correlations --- */

static value pair_x[SLOTS], pair_y[SLOTS];
static size_t pair_at[SLOTS], pair_slots; /* row of the panel; SIZE_MAX: a row that only windows see */

static void take_pair(size_t a, size_t b) {
    pair_slots = 0;
    if (!by_rows()) {
        for (size_t i = 0; i < slots[a]; i++) {
            pair_x[i] = ret[a][i];
            pair_y[i] = ret[b][i];
            pair_at[i] = at[a][i] == at[b][i] ? at[a][i] : SIZE_MAX;
        }
        pair_slots = slots[a];
        return;
    }
    for (size_t i = 0; i < slots[a]; i++) {
        size_t j = slot_of(b, at[a][i]);
        if (j == SIZE_MAX) continue;
        pair_x[pair_slots] = ret[a][i];
        pair_y[pair_slots] = ret[b][j];
        pair_at[pair_slots++] = at[a][i];
    }
}

static value pair_corr(size_t i, int64_t rows) {
    quad n = 0, mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    int64_t least = spec.min_count ? spec.min_count : rows;
    for (size_t k = i + 1; k-- > 0 && (int64_t)(i - k) < rows;)
        if (pair_x[k].known && pair_y[k].known) n += 1, mx += pair_x[k].x, my += pair_y[k].x;
    if (n < least) return unknown;
    mx /= n, my /= n;
    for (size_t k = i + 1; k-- > 0 && (int64_t)(i - k) < rows;) {
        if (!pair_x[k].known || !pair_y[k].known) continue;
        quad dx = pair_x[k].x - mx, dy = pair_y[k].x - my;
        xx += dx * dx, yy += dy * dy, xy += dx * dy;
    }
    /* a flat symbol has a variance of 0, up to what 113 bits make of the mean */
    return xx > (quad)1e-50 && yy > (quad)1e-50 ? known(xy / root(xx * yy)) : unknown;
}

/* AVG skips the unknown values of its own column. `condition`: by how much rounding of the moments is magnified. */
static value pair_compat(size_t i, double *condition) {
    quad n[5] = {0}, e[5] = {0};
    for (size_t k = i + 1; k-- > 0 && (int64_t)(i - k) < spec.rows;) {
        const value x = pair_x[k], y = pair_y[k];
        const value term[5] = {x, y, {x.x * y.x, x.known && y.known}, {x.x * x.x, x.known}, {y.x * y.x, y.known}};
        for (size_t m = 0; m < 5; m++)
            if (term[m].known) e[m] += term[m].x, n[m] += 1;
    }
    *condition = 1;
    for (size_t m = 0; m < 5; m++) {
        if (n[m] == 0) return unknown;
        e[m] /= n[m];
    }
    quad vx = e[3] - e[0] * e[0], vy = e[4] - e[1] * e[1], product = vx * vy;
    if (vx == 0 || vy == 0) return unknown;
    *condition = (double)(e[3] / vx + e[4] / vy);
    return product > 0 ? known((e[2] - e[0] * e[1]) / root(product)) : unknown;
}

static void expect_near(size_t row, const char *column, value exact, double tolerance) {
    double got = cell(table, row, column);
    if (exact.known != !isnan(got) || (exact.known && fabs((double)(exact.x - (quad)got)) > tolerance))
        fail_msg("%s of row %zu is %.17g, expected %.17g", column, row, got, as_double(exact));
}

static void check_pair(size_t row, size_t base, size_t related, size_t i) {
    double condition = 1, condition_before = 1;
    value r = compat() ? pair_compat(i, &condition) : pair_corr(i, spec.rows);
    value before = i == 0 ? unknown : compat() ? pair_compat(i - 1, &condition_before) : pair_corr(i - 1, spec.rows);
    value change = r.known && before.known ? known(r.x - before.x) : unknown;
    double near = 1e-14 * condition, far = near + 1e-14 * condition_before;
    assert_string_equal(cell_text(table, row, "base"), panel_names[base]);
    assert_string_equal(cell_text(table, row, "related"), panel_names[related]);
    if (condition > 1e8 || condition_before > 1e8) return; /* two values that are almost one */
    expect_near(row, "corr_6h", r, near);
    expect_near(row, "change", change, far);
    int32_t regime = kl_corr_regime(as_double(r), NULL);
    if (compat()) assert_string_equal(cell_text(table, row, "correlation_regime"), regime <= KL_CORR_NONE ? "Uncorrelated" : kl_label_name(KL_LABEL_CORRELATION, regime));
    else expect_label(row, "correlation_regime", KL_LABEL_CORRELATION, regime);
    int64_t alert = change.known ? fabs((double)change.x) > 0.5 : compat() ? 0 : -1;
    assert_true(cell_i64(table, row, "breakdown_alert") == alert);
    if (spec.baseline_rows == 0) return;
    value baseline = pair_corr(i, spec.baseline_rows), shift = unknown;
    if (r.known && baseline.known) shift = known((r.x - baseline.x) / (1 - r.x * baseline.x));
    expect_near(row, "baseline_corr_20h", baseline, 1e-14);
    expect_near(row, "fisher_shift", shift, 1e-11);
    alert = shift.known ? fabs((double)shift.x) > tanh(3 / sqrt(3)) : -1;
    assert_true(cell_i64(table, row, "shift_alert") == alert);
}

static size_t check_pairs(void) {
    size_t seen = 0, rows = kl_table_rows(table);
    static size_t row_of[PANEL_ROWS][PANEL_SYMBOLS][PANEL_SYMBOLS];
    size_t row = 0;
    for (size_t i = 0; i < panel.n; i++)
        for (size_t a = 0; a < PANEL_SYMBOLS; a++)
            for (size_t b = a + 1; b < PANEL_SYMBOLS; b++) {
                const double *c = panel.close + i * PANEL_SYMBOLS;
                row_of[i][a][b] = isfinite(c[order[a]]) && isfinite(c[order[b]]) ? row++ : SIZE_MAX;
            }
    assert_int_equal(row, rows);
    for (size_t a = 0; a < PANEL_SYMBOLS; a++)
        for (size_t b = a + 1; b < PANEL_SYMBOLS; b++) {
            take_pair(order[a], order[b]);
            for (size_t i = 0; i < pair_slots; i++) {
                if (pair_at[i] == SIZE_MAX) continue;
                check_pair(row_of[pair_at[i]][a][b], order[a], order[b], i);
                seen++;
            }
        }
    return seen;
}

/* --------------------------------------------------------------------------------------------------- the market --- */

#define PAIRS (PANEL_SYMBOLS * (PANEL_SYMBOLS - 1) / 2)
static size_t market_at[SLOTS], market_slots; /* row of the panel; SIZE_MAX: an hour without a candle */
static value market_vol[SLOTS], market_r[PAIRS][SLOTS];

static size_t market_slot(size_t s, size_t slot) {
    if (market_at[slot] == SIZE_MAX) return SIZE_MAX;
    return by_rows() ? slot_of(s, market_at[slot]) : at[s][slot] == market_at[slot] ? slot : SIZE_MAX;
}

/* Hours, or the rows of the panel in which there is a candle; the correlations of all pairs over them, in order of names. */
static void take_market(void) {
    int64_t first = panel.time[0] / HOUR;
    market_slots = 0;
    for (size_t i = 0; i < panel.n; i++) {
        size_t candles = 0;
        for (size_t s = 0; s < PANEL_SYMBOLS; s++) candles += isfinite(panel.close[i * PANEL_SYMBOLS + s]) != 0;
        if (by_rows() && candles == 0) continue;
        if (!by_rows())
            while (first + (int64_t)market_slots < panel.time[i] / HOUR) market_at[market_slots++] = SIZE_MAX;
        market_at[market_slots++] = candles ? i : SIZE_MAX;
    }
    size_t pair = 0;
    for (size_t a = 0; a < PANEL_SYMBOLS; a++)
        for (size_t b = a + 1; b < PANEL_SYMBOLS; b++, pair++) {
            for (size_t i = 0; i < market_slots; i++) {
                size_t x = market_slot(order[a], i), y = market_slot(order[b], i);
                pair_x[i] = x == SIZE_MAX ? unknown : ret[order[a]][x];
                pair_y[i] = y == SIZE_MAX ? unknown : ret[order[b]][y];
                market_r[pair][i] = pair_corr(i, spec.rows);
                if (x == SIZE_MAX || y == SIZE_MAX) market_r[pair][i] = unknown;
            }
        }
}

static value mean_of(quad sum, int n) { return n ? known(sum / n) : unknown; }

static void check_market_row(size_t row, size_t i) {
    quad returns = 0, vols = 0, sum = 0, sizes = 0;
    int n_returns = 0, n_vols = 0, pairs = 0;
    int64_t candles = 0;
    value worst = unknown, ratio = unknown, mean = i > 0 ? window_mean(market_vol, i - 1, needed(1)) : unknown;
    const char *who = "";
    for (size_t k = 0; k < PANEL_SYMBOLS; k++) {
        size_t s = order[k], slot = market_slot(s, i);
        quad peak = 0;
        if (slot == SIZE_MAX) continue;
        candles++;
        if (ret[s][slot].known) returns += ret[s][slot].x, n_returns++;
        if (vol[s][slot].known) vols += vol[s][slot].x, n_vols++;
        for (size_t j = 0; j <= slot; j++)
            if (close_[s][j].known && close_[s][j].x > peak) peak = close_[s][j].x;
        quad fall = (close_[s][slot].x - peak) / peak;
        if (!worst.known || fall < worst.x) worst = known(fall), who = panel_names[s];
    }
    for (size_t p = 0; p < PAIRS; p++)
        if (market_r[p][i].known) sum += market_r[p][i].x, sizes += market_r[p][i].x < 0 ? -market_r[p][i].x : market_r[p][i].x, pairs++;
    value ret_now = mean_of(returns, n_returns), vol_now = mean_of(vols, n_vols), r = mean_of(sum, pairs);
    if (vol_now.known && mean.known && mean.x > 0) ratio = known(vol_now.x / mean.x);
    assert_true(cell_i64(table, row, "symbols") == candles);
    assert_int_equal(isnan(cell(table, row, "avg_return_pct")), !ret_now.known);
    if (ret_now.known) assert_true(fabs(cell(table, row, "avg_return_pct") - (double)ret_now.x) < 1e-14);
    expect(row, "avg_vol_6h", vol_now, 1e-15);
    expect(row, "volatility_ratio", ratio, 4e-15);
    expect_near(row, "avg_corr_6h", r, 1e-14);
    expect_near(row, "diversification", pairs ? known(1 - sizes / pairs) : unknown, 1e-14);
    expect(row, "worst_drawdown_pct", known(100 * worst.x), 4e-16);
    assert_string_equal(cell_text(table, row, "worst_symbol"), who);
    expect_label(row, "market_state", KL_LABEL_MARKET, kl_market_state(as_double(ratio), as_double(r), as_double(ret_now), NULL));
    expect_label(row, "risk_state", KL_LABEL_RISK, kl_risk_state(as_double(worst), as_double(ratio), NULL));
}

static size_t check_market(void) {
    size_t row = 0;
    take_market();
    for (size_t i = 0; i < market_slots; i++) {
        quad vols = 0;
        int n = 0;
        for (size_t s = 0; s < PANEL_SYMBOLS; s++) {
            size_t slot = market_slot(s, i);
            if (slot != SIZE_MAX && vol[s][slot].known) vols += vol[s][slot].x, n++;
        }
        market_vol[i] = mean_of(vols, n);
        if (market_at[i] == SIZE_MAX) continue;
        int64_t time;
        kl_table_get_i64(table, table_column(table, "open_time"), row, &time);
        assert_true(time == panel.time[market_at[i]]);
        check_market_row(row++, i);
    }
    return row;
}

static size_t check_symbols(void) {
    size_t row = 0;
    for (size_t i = 0; i < panel.n; i++)
        for (size_t k = 0; k < PANEL_SYMBOLS; k++) {
            size_t s = order[k], slot = slot_of(s, i);
            int64_t time;
            if (slot == SIZE_MAX) continue;
            assert_true(row < kl_table_rows(table));
            assert_string_equal(cell_text(table, row, "symbol"), panel_names[s]);
            kl_table_get_i64(table, table_column(table, "open_time"), row, &time);
            assert_true(time == panel.time[i]);
            if (spec.kind == KL_MART_RETURNS) check_returns(row, s, slot);
            if (spec.kind == KL_MART_VOLUME) check_volume(row, s, slot);
            if (spec.kind == KL_MART_MOVERS) check_movers(row, s, slot);
            row++;
        }
    return row;
}

static void test_all(void **state) {
    (void)state;
    int quick = getenv("KLINE_QUICK") != NULL;
    for (size_t s = 0; s < PANEL_SYMBOLS; s++) {
        order[s] = s;
        for (size_t k = s; k > 0 && strcmp(panel_names[order[k - 1]], panel_names[order[k]]) > 0; k--) {
            size_t swap = order[k];
            order[k] = order[k - 1];
            order[k - 1] = swap;
        }
    }
    for (int holes = 0; holes < 2; holes++)
        for (size_t w = 0; w < MART_WAYS; w++) {
            panel_make(&panel, quick ? 120 : 360, holes, 31 + (uint64_t)holes);
            spec = mart_way(w, 6);
            if (spec.flags & KL_MART_COMPAT) spec.flags |= KL_MART_ROWS;
            table = mart_table(&spec, &panel);
            for (size_t s = 0; s < PANEL_SYMBOLS; s++) {
                take_symbol(s);
                make_returns(s);
            }
            size_t seen = spec.kind == KL_MART_CORRELATIONS ? check_pairs() : spec.kind == KL_MART_MARKET ? check_market() : check_symbols();
            assert_int_equal(seen, kl_table_rows(table));
            kl_table_free(table);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
