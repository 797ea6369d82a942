/* Stops and indices that depend on their own past. */
#include "series.h"

/* sar, sarext: the stop that is in force on each row, and its side. */
typedef struct {
    quad stop;
    int up;
} serial_stop;
static serial_stop *serial_parabolic(const quad *high, const quad *low, size_t m, double begin, double offset, const double *up, const double *down) {
    serial_stop *out = (serial_stop *)(void *)q_new(2 * m + 2);
    quad next = 0, extreme = 0, speed = 0;
    int is_up = 0;
    for (size_t k = 1; k < m; k++) {
        const double *side;
        if (k == 1) {
            quad rise = high[1] - high[0], fall = low[0] - low[1];
            is_up = begin != 0 ? begin > 0 : !(fall > 0 && fall > rise);
            next = begin != 0 ? fabs(begin) : is_up ? low[0] : high[0];
            extreme = is_up ? high[1] : low[1];
            side = is_up ? up : down;
            speed = fmin(side[0], side[2]);
        }
        size_t before = k == 1 ? 1 : k - 1; /* the first row bounds nothing */
        int hit = is_up ? low[k] <= next : high[k] >= next;
        quad stop = next;
        if (hit) {
            is_up = !is_up;
            stop = is_up ? q_min2(extreme, q_min2(low[before], low[k])) : q_max2(extreme, q_max2(high[before], high[k]));
            stop = is_up ? stop - offset * stop : stop + offset * stop;
            extreme = is_up ? high[k] : low[k];
            side = is_up ? up : down;
            speed = fmin(side[0], side[2]);
        } else if (is_up ? high[k] > extreme : low[k] < extreme) {
            extreme = is_up ? high[k] : low[k];
            side = is_up ? up : down;
            speed = q_min2(speed + fmin(side[1], side[2]), side[2]);
        }
        out[k].stop = stop, out[k].up = is_up;
        next = stop + speed * (extreme - stop);
        next = is_up ? q_min2(next, q_min2(low[before], low[k])) : q_max2(next, q_max2(high[before], high[k]));
    }
    return out;
}

void ref_sar(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 2, n, row);
    double side[3] = {params[0], params[0], params[1]};
    serial_stop *s = serial_parabolic(q_pack(in[0], row, m), q_pack(in[1], row, m), m, 0, 0, side, side);
    for (size_t k = 1; k < m; k++) out[0][row[k]] = s[k].stop;
}

void ref_sarext(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 2, n, row);
    serial_stop *s = serial_parabolic(q_pack(in[0], row, m), q_pack(in[1], row, m), m, params[0], params[1], params + 2, params + 5);
    for (size_t k = 1; k < m; k++) out[0][row[k]] = s[k].up ? s[k].stop : -s[k].stop;
}

/* The average true range of rows moved together, by choice. */
static quad *serial_range(const double *params, const quad *high, const quad *low, const quad *close, size_t m) {
    quad *tr = q_tr(high, low, close, m);
    size_t w = (size_t)params[0];
    return params[2] == 0 ? q_rma(tr, m, w) : params[2] == 1 ? q_ema(tr, m, w) : q_mean(tr, m, w);
}

void ref_supertrend(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 3, n, row), first = (size_t)params[0];
    quad *high = q_pack(in[0], row, m), *low = q_pack(in[1], row, m), *close = q_pack(in[2], row, m), *upper = q_new(m), *lower = q_new(m);
    quad *range = serial_range(params, high, low, close, m);
    int up = 1;
    for (size_t k = first; k < m; k++) {
        quad middle = (double)((high[k] + low[k]) / 2), top = middle + params[1] * range[k], bottom = middle - params[1] * range[k];
        upper[k] = k > first && close[k - 1] <= upper[k - 1] ? q_min2(top, upper[k - 1]) : top;
        lower[k] = k > first && close[k - 1] >= lower[k - 1] ? q_max2(bottom, lower[k - 1]) : bottom;
        if (k > first) up = up ? close[k] >= lower[k] : close[k] > upper[k];
        out[0][row[k]] = up ? lower[k] : upper[k];
        out[1][row[k]] = up ? 1 : -1;
    }
}

void ref_vstop(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 3, n, row), first = (size_t)params[0], since = first;
    quad *close = q_pack(in[2], row, m), *range = serial_range(params, q_pack(in[0], row, m), q_pack(in[1], row, m), close, m), stop = 0;
    int up = 1;
    for (size_t k = first; k < m; k++) {
        quad band = params[1] * range[k], best = close[k];
        for (size_t j = since; j < k; j++) best = up ? q_max2(best, close[j]) : q_min2(best, close[j]);
        quad trail = up ? best - band : best + band;
        stop = k == first ? trail : up ? q_max2(stop, trail) : q_min2(stop, trail);
        if (k > first && up != (close[k] >= stop)) {
            up = !up, since = k;
            stop = up ? close[k] - band : close[k] + band;
        }
        out[0][row[k]] = stop;
        out[1][row[k]] = up ? 1 : -1;
    }
}

void ref_atrts(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 3, n, row), first = (size_t)params[0];
    quad *close = q_pack(in[2], row, m), *range = serial_range(params, q_pack(in[0], row, m), q_pack(in[1], row, m), close, m), stop = 0;
    for (size_t k = first; k < m; k++) {
        quad under = close[k] - params[1] * range[k], over = close[k] + params[1] * range[k];
        quad now = q_sign(close[k] - stop), before = k > first ? q_sign(close[k - 1] - stop) : 0, side = now != 0 ? now : before;
        if (k == first) stop = under;
        else if (side > 0) stop = before > 0 ? q_max2(stop, under) : under;
        else if (side < 0) stop = before < 0 ? q_min2(stop, over) : over;
        out[0][row[k]] = stop;
    }
}

static void serial_volume_index(int rising, const double *const *in, size_t n, quad *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 2, n, row);
    quad *close = q_pack(in[0], row, m), *volume = q_pack(in[1], row, m), index = 1000;
    for (size_t k = 0; k < m; k++) {
        if (k && (rising ? volume[k] > volume[k - 1] : volume[k] < volume[k - 1]) && close[k - 1] != 0) {
            quad next = index * close[k] / close[k - 1];
            if (q_abs(next) < (quad)0x1p1023 * 2) index = next;
        }
        out[row[k]] = index;
    }
}
void ref_nvi(const double *params, const double *const *in, size_t n, quad *const *out) { (void)params, serial_volume_index(0, in, n, out[0]); }
void ref_pvi(const double *params, const double *const *in, size_t n, quad *const *out) { (void)params, serial_volume_index(1, in, n, out[0]); }
