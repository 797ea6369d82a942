/* Oscillators of price: group momentum. */
#include "series.h"

void ref_macd(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t fast = (size_t)fmin(params[0], params[1]), slow = (size_t)fmax(params[0], params[1]), smooth = (size_t)params[2];
    quad *x = q_from(in[0], n);
    quad *line = q_sub(q_ewm(x, n, 2 / ((quad)fast + 1), fast, slow - fast), q_ema(x, n, slow), n), *signal = q_ema(line, n, smooth);
    for (size_t k = 0; k < n; k++) {
        if (!q_known(signal[k])) continue;
        out[0][k] = line[k], out[1][k] = signal[k], out[2][k] = line[k] - signal[k];
    }
}

void ref_rsi(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad length = params[0], alpha = params[1] == 1 ? 2 / (length + 1) : 1 / length;
    size_t *row = q_rows(n), rows = q_known_rows(in, 1, n, row);
    quad *change = q_change(q_pack(in[0], row, rows), rows, 1), *up = q_new(rows), *down = q_new(rows), *rsi = q_new(rows);
    for (size_t k = 1; k < rows; k++) up[k] = change[k] > 0 ? change[k] : 0, down[k] = change[k] < 0 ? -change[k] : 0;
    up = q_ewm(up, rows, alpha, (size_t)length, 0), down = q_ewm(down, rows, alpha, (size_t)length, 0);
    for (size_t k = 0; k < rows; k++) {
        if (!q_known(up[k])) continue;
        quad sum = (up[k] < 0x1p-1000 ? 0 : up[k]) + (down[k] < 0x1p-1000 ? 0 : down[k]); /* gone */
        rsi[k] = sum > 0 ? 100 * (up[k] < 0x1p-1000 ? 0 : up[k]) / sum : params[2];
    }
    q_spread(out[0], rsi, row, rows);
}
