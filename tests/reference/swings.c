/* Turning points and what is made of them. */
#include "series.h"
#include <string.h>

/* 1 where row t is above (sign 1) the `left` rows before it and not below the `right` ones after it. */
static int swings_pivot(const quad *x, size_t m, size_t t, size_t left, size_t right, int sign) {
    if (t < left || t + right >= m) return 0;
    for (size_t j = 1; j <= left; j++)
        if (sign * (x[t] - x[t - j]) <= 0) return 0;
    for (size_t j = 1; j <= right; j++)
        if (sign * (x[t] - x[t + j]) < 0) return 0;
    return 1;
}

void ref_swing(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 2, n, row), left = (size_t)params[0], right = (size_t)params[1];
    for (int side = 0; side < 2; side++) {
        quad *x = q_pack(in[side], row, m);
        for (size_t k = left + right; k < m; k++)
            for (size_t t = k - right + 1; t-- > left;)
                if (swings_pivot(x, k + 1, t, left, right, side ? -1 : 1)) {
                    out[side][row[k]] = x[t], out[2 + side][row[k]] = (quad)(k - t);
                    break;
                }
    }
}

void ref_zigzag(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 2, n, row), top = 0, bottom = 0, pivot = 0;
    quad *high = q_pack(in[0], row, m), *low = q_pack(in[1], row, m), share = (quad)params[0] / 100;
    int leg = 0;
    for (size_t k = 0; k < m; k++) {
        size_t t = top, b = bottom;
        int new_top = k && leg >= 0 && high[k] > high[t], new_bottom = k && leg <= 0 && low[k] < low[b];
        if (new_top) top = k;
        if (new_bottom) bottom = k;
        if (k && leg >= 0 && !new_top && low[k] < high[t] && low[k] <= high[t] - share * q_abs(high[t])) leg = -1, pivot = top, bottom = k;
        else if (k && leg <= 0 && !new_bottom && high[k] > low[b] && high[k] >= low[b] + share * q_abs(low[b])) leg = 1, pivot = bottom, top = k;
        if (!leg) continue;
        out[0][row[k]] = leg < 0 ? high[pivot] : low[pivot];
        out[1][row[k]] = leg < 0 ? low[bottom] : high[top];
        out[2][row[k]] = (quad)(k - pivot), out[3][row[k]] = leg;
    }
}

void ref_td_sequential(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 3, n, row), setup[2] = {0, 0};
    quad *bar[2] = {q_pack(in[1], row, m), q_pack(in[0], row, m)}, *close = q_pack(in[2], row, m), eighth[2] = {0, 0};
    int count[2] = {-1, -1}; /* -1: no countdown */
    (void)params;
    for (size_t k = 4; k < m; k++) {
        for (int s = 0; s < 2; s++) {
            quad sign = s ? 1 : -1;
            setup[s] = sign * (close[k] - close[k - 4]) > 0 ? setup[s] + 1 : 0;
            if (setup[s] == 9 && count[s] < 0) count[s] = 0;
            if (setup[s] == 9) count[1 - s] = -1;
        }
        for (int s = 0; s < 2; s++) {
            quad sign = s ? 1 : -1;
            int hit = count[s] >= 0 && sign * (close[k] - bar[s][k - 2]) >= 0;
            if (hit && count[s] == 12 && sign * (bar[s][k] - eighth[s]) < 0) hit = 0;
            if (hit && ++count[s] == 8) eighth[s] = close[k];
            out[s][row[k]] = (quad)setup[s], out[2 + s][row[k]] = count[s] < 0 ? 0 : count[s];
            if (count[s] == 13) count[s] = -1;
        }
    }
}

typedef struct {
    quad sum, touches;
    size_t last;
} swings_level;

static quad swings_price(const swings_level *l) { return l->sum / l->touches; }

static size_t swings_join(swings_level *level, size_t count, size_t most, quad share, quad price, size_t at) {
    size_t near = count, least = 0;
    for (size_t i = 0; i < count; i++) {
        quad away = q_abs(swings_price(&level[i]) - price);
        if (away <= share * q_abs(swings_price(&level[i])) && (near == count || away < q_abs(swings_price(&level[near]) - price))) near = i;
        if (level[i].touches < level[least].touches || (level[i].touches == level[least].touches && level[i].last < level[least].last)) least = i;
    }
    if (near < count) {
        level[near].sum += price, level[near].touches += 1, level[near].last = at;
        return count;
    }
    if (count == most) {
        memmove(&level[least], &level[least + 1], (count - least - 1) * sizeof *level);
        count--;
    }
    level[count] = (swings_level){price, 1, at};
    return count + 1;
}

void ref_sr_levels(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 3, n, row), side = (size_t)params[0], count = 0;
    quad *high = q_pack(in[0], row, m), *low = q_pack(in[1], row, m);
    swings_level level[65];
    for (size_t k = 0; k < m; k++) {
        size_t kept = 0;
        for (size_t i = 0; i < count; i++)
            if ((double)(k - level[i].last) <= params[3]) level[kept++] = level[i];
        count = kept;
        for (int s = 0; s < 2 && k >= 2 * side; s++)
            if (swings_pivot(s ? low : high, k + 1, k - side, side, side, s ? -1 : 1))
                count = swings_join(level, count, (size_t)params[2], (quad)params[1] / 100, (s ? low : high)[k - side], k - side);
        const swings_level *best[2] = {NULL, NULL};
        quad close = in[2][row[k]], all = 0;
        for (size_t i = 0; i < count; i++) {
            int s = swings_price(&level[i]) > close;
            all += level[i].touches;
            if (!best[s] || q_abs(swings_price(&level[i]) - close) < q_abs(swings_price(best[s]) - close)) best[s] = &level[i];
        }
        for (int s = 0; s < 2; s++) {
            if (!best[s]) continue;
            out[s][row[k]] = swings_price(best[s]), out[2 + s][row[k]] = best[s]->touches;
            out[4 + s][row[k]] = best[s]->touches / all, out[6 + s][row[k]] = (quad)(k - best[s]->last);
        }
    }
}

static size_t swings_bin(quad x, quad low, quad high, size_t bins) {
    if (!(high > low)) return 0;
    quad at = (x - low) / (high - low) * (quad)bins;
    return at < (quad)bins ? (size_t)(double)q_floor(at) : bins - 1;
}

void ref_volume_profile(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), m = q_known_rows(in, 2, n, row), w = (size_t)params[0], bins = (size_t)params[1];
    quad *x = q_pack(in[0], row, m), *volume = q_pack(in[1], row, m);
    for (size_t k = w - 1; k < m; k++) {
        quad low = x[k], high = x[k], all = 0, bin[200] = {0};
        int bad = 0;
        for (size_t j = k + 1 - w; j <= k; j++) low = q_min2(low, x[j]), high = q_max2(high, x[j]), all += volume[j], bad |= volume[j] < 0;
        if (bad || !(all > 0)) continue;
        for (size_t j = k + 1 - w; j <= k; j++) bin[swings_bin(x[j], low, high, bins)] += volume[j];
        size_t poc = 0;
        for (size_t i = 0; i < bins; i++)
            if (bin[i] > bin[poc]) poc = i;
        size_t first = poc, last = poc;
        for (quad have = bin[poc]; have < (quad)params[2] / 100 * all * (1 - (quad)0x1p-40) && (first > 0 || last + 1 < bins);) {
            int up = last + 1 < bins && (first == 0 || bin[last + 1] >= bin[first - 1]);
            have += up ? bin[++last] : bin[--first];
        }
        quad step = (high - low) / (quad)bins;
        out[0][row[k]] = low + step * ((quad)poc + (quad)0.5);
        out[1][row[k]] = low + step * (quad)(last + 1), out[2][row[k]] = low + step * (quad)first;
        out[3][row[k]] = bin[swings_bin(x[k], low, high, bins)] / all;
    }
}
