/* What belongs to periods of the clock. */
#include "series.h"

/* The period of each row of packed times, and whether it was seen from its beginning. */
static double sessions_id(const double *time, const size_t *row, size_t k, double period, double offset) {
    return floor((time[row[k]] - offset) / period);
}
static int sessions_whole(const double *time, const size_t *row, size_t first, double period, double offset) {
    return first > 0 || time[row[0]] == offset + sessions_id(time, row, 0, period, offset) * period;
}
/* The first row of the period of row k. */
static size_t sessions_first(const double *time, const size_t *row, size_t k, double period, double offset) {
    double id = sessions_id(time, row, k, period, offset);
    while (k > 0 && sessions_id(time, row, k - 1, period, offset) == id) k--;
    return k;
}
/* Open, high, low, close of the last whole period before that of row k; 0 where there is none. */
static int sessions_before(const double *const *ohlc, const double *time, const size_t *row, size_t k, double period, double offset, quad *last) {
    size_t end = sessions_first(time, row, k, period, offset);
    if (end == 0) return 0;
    size_t first = sessions_first(time, row, end - 1, period, offset);
    if (!sessions_whole(time, row, first, period, offset)) return 0;
    last[0] = ohlc[0][row[first]], last[1] = ohlc[1][row[first]], last[2] = ohlc[2][row[first]], last[3] = ohlc[3][row[end - 1]];
    for (size_t j = first; j < end; j++) last[1] = q_max2(last[1], ohlc[1][row[j]]), last[2] = q_min2(last[2], ohlc[2][row[j]]);
    return 1;
}

void ref_prev_period(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 5, n, row);
    quad last[4];
    for (size_t k = 0; k < m; k++)
        if (sessions_before(in + 1, in[0], row, k, params[0], params[1], last))
            for (int j = 0; j < 4; j++) out[j][row[k]] = last[j];
}

void ref_cpr(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 4, n, row);
    const double *ohlc[4] = {in[3], in[1], in[2], in[3]};
    quad last[4];
    for (size_t k = 0; k < m; k++) {
        if (!sessions_before(ohlc, in[0], row, k, params[0], params[1], last)) continue;
        quad p = (last[1] + last[2] + last[3]) / 3, one = (last[1] + last[2]) / 2, two = 2 * p - one;
        out[0][row[k]] = p, out[1][row[k]] = q_max2(one, two), out[2][row[k]] = q_min2(one, two);
    }
}

void ref_pivots(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 5, n, row);
    quad last[4], none = q_nan();
    for (size_t k = 0; k < m; k++) {
        if (!sessions_before(in + 1, in[0], row, k, params[1], params[2], last)) continue;
        quad o = last[0], h = last[1], l = last[2], c = last[3], r = h - l, p = (h + l + c) / 3, x = h + l + 2 * c;
        if (c < o) x = h + 2 * l + c;
        if (c > o) x = 2 * h + l + c;
        quad w = (h + l + 2 * c) / 4;
        quad all[5][9] = {
            {p, 2 * p - l, p + r, 2 * p + h - 2 * l, 3 * p + h - 3 * l, 2 * p - h, p - r, 2 * p + l - 2 * h, 3 * p + l - 3 * h},
            {p, p + (quad)0.382 * r, p + (quad)0.618 * r, p + r, none, p - (quad)0.382 * r, p - (quad)0.618 * r, p - r, none},
            {p, c + (quad)1.1 * r / 12, c + (quad)1.1 * r / 6, c + (quad)1.1 * r / 4, c + (quad)1.1 * r / 2, c - (quad)1.1 * r / 12,
             c - (quad)1.1 * r / 6, c - (quad)1.1 * r / 4, c - (quad)1.1 * r / 2},
            {w, 2 * w - l, w + r, 2 * w + h - 2 * l, 2 * w + h - 2 * l + r, 2 * w - h, w - r, 2 * w + l - 2 * h, 2 * w + l - 2 * h - r},
            {x / 4, x / 2 - l, none, none, none, x / 2 - h, none, none, none}};
        for (int j = 0; j < 9; j++) out[j][row[k]] = all[(int)params[0]][j];
    }
}

void ref_opening_range(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 3, n, row);
    for (size_t k = 0; k < m; k++) {
        size_t first = sessions_first(in[0], row, k, params[1], params[2]), count = 0;
        double end = params[2] + sessions_id(in[0], row, k, params[1], params[2]) * params[1];
        quad high = 0, low = 0;
        if (in[0][row[k]] - end < params[0] || !sessions_whole(in[0], row, first, params[1], params[2])) continue;
        for (size_t j = first; j <= k; j++) {
            if (!(in[0][row[j]] - end < params[0])) continue;
            high = count ? q_max2(high, in[1][row[j]]) : in[1][row[j]], low = count ? q_min2(low, in[2][row[j]]) : in[2][row[j]];
            count++;
        }
        if (count) out[0][row[k]] = high, out[1][row[k]] = low, out[2][row[k]] = (high + low) / 2;
    }
}

/* Mean, bands and deviation over rows first..k; price, volume by row. */
static void sessions_weigh(const quad *price, const double *volume, const double *close, const size_t *row, size_t first, size_t k, quad dev, quad *const *out) {
    quad all = 0, sum = 0, squares = 0;
    if (volume[row[k]] < 0) return;
    for (size_t j = first; j <= k; j++)
        if (volume[row[j]] > 0) all += volume[row[j]], sum += volume[row[j]] * price[j];
    quad mean = q_div(sum, all);
    for (size_t j = first; j <= k; j++)
        if (volume[row[j]] > 0) squares += volume[row[j]] * (price[j] - mean) * (price[j] - mean);
    quad band = dev * q_sqrt(q_div(squares, all));
    out[0][row[k]] = mean, out[1][row[k]] = mean + band, out[2][row[k]] = mean - band;
    out[3][row[k]] = q_div(close[row[k]] - mean, mean);
}
static quad *sessions_price(const double *const *in, const size_t *row, size_t m, int kind) {
    quad *price = q_new(m);
    for (size_t k = 0; k < m; k++)
        price[k] = kind ? (quad)in[3][row[k]] : ((quad)in[1][row[k]] + in[2][row[k]] + in[3][row[k]]) / 3;
    return price;
}

void ref_vwap_session(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 5, n, row);
    quad *price = sessions_price(in, row, m, params[1] != 0);
    for (size_t k = 0; k < m; k++)
        sessions_weigh(price, in[4], in[3], row, sessions_first(in[0], row, k, params[2], params[3]), k, params[0], out);
}

void ref_vwap_anchored(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 5, n, row), first = 0;
    quad *price = sessions_price(in, row, m, params[2] != 0);
    while (first < m && in[0][row[first]] < params[0]) first++;
    for (size_t k = first; k < m; k++) sessions_weigh(price, in[4], in[3], row, first, k, params[1], out);
}

void ref_twap(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 5, n, row);
    for (size_t k = 0; k < m; k++) {
        size_t first = sessions_first(in[0], row, k, params[0], params[1]);
        quad sum = 0;
        for (size_t j = first; j <= k; j++)
            for (int c = 1; c < 5; c++) sum += in[c][row[j]];
        out[0][row[k]] = sum / 4 / (quad)(k - first + 1);
    }
}

void ref_vwap_dev(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *high = q_from(in[0], n), *low = q_from(in[1], n), *close = q_from(in[2], n), *volume = q_from(in[3], n);
    size_t w = (size_t)params[0];
    for (size_t k = w - 1; k < n; k++) {
        quad sum = 0, all = 0;
        int bad = 0;
        for (size_t j = k + 1 - w; j <= k; j++) {
            sum += (high[j] + low[j] + close[j]) / 3 * volume[j], all += volume[j];
            bad |= volume[j] < 0;
        }
        quad mean = q_div(sum, all);
        if (!bad) out[0][k] = q_div(close[k] - mean, mean);
    }
}
