/* Prints one hash per indicator over fixed inputs: the lines must be the same on every platform, by every compiler and level
 * of optimisation. The inputs are made without libm. */
#include "base/fp.h"
#include <stdio.h>
#include "base/endian.h"
#include "kline/indicator.h"

#define BARS 4000

static uint64_t seed = 1;
static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static double unit(void) { return (double)(next() >> 11) * 0x1p-53; }
static void mix(uint64_t *hash, uint64_t v) { *hash = (*hash ^ v ^ *hash >> 29) * UINT64_C(0x9e3779b97f4a7c15); }

static double column[KL_COL_COUNT][BARS];
static double result[KL_OUTPUTS_MAX][BARS];

static void market(void) {
    double close = 100.0;
    for (size_t k = 0; k < BARS; k++) {
        double open = close;
        close *= 1.0 + 0.01 * (unit() - 0.5);
        column[KL_COL_OPEN][k] = open;
        column[KL_COL_CLOSE][k] = close;
        column[KL_COL_HIGH][k] = (close > open ? close : open) * (1.0 + 0.003 * unit());
        column[KL_COL_LOW][k] = (close < open ? close : open) * (1.0 - 0.003 * unit());
        for (int c = KL_COL_VOLUME; c < KL_COL_TIME; c++) column[c][k] = next() % 11 ? 1000.0 * unit() : 0.0;
        if (next() % 97 == 0) column[next() % KL_COL_TIME][k] = kl__bits_double(next() | UINT64_C(0x7ff8000000000000));
        if (next() % 97 == 0) column[KL_COL_CLOSE][k] = 1e12 * unit();
        if (next() % 97 == 0) column[KL_COL_CLOSE][k] = kl__bits_double(next() >> 14);
    }
}

static uint64_t hash_run(const kl_indicator *d, const double *params, uint64_t hash) {
    kl_columns columns = {.n = BARS, .open = column[0], .high = column[1], .low = column[2], .close = column[3],
                          .volume = column[4], .quote_volume = column[5], .trade_count = column[6],
                          .taker_buy_base = column[7], .taker_buy_quote = column[8]};
    double *out[KL_OUTPUTS_MAX];
    for (int o = 0; o < KL_OUTPUTS_MAX; o++) out[o] = result[o];
    mix(&hash, (uint64_t)(int64_t)kl_indicator_run(d, params, d->n_params, &columns, NULL, out, NULL));
    for (uint32_t o = 0; o < d->n_outputs; o++)
        for (size_t k = 0; k < BARS; k++) mix(&hash, kl__double_bits(result[o][k]));
    return hash;
}

int main(void) {
    static const double lengths[] = {1, 2, 3, 14, 20, 31, 200, 700};
    market();
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *d = kl_indicator_at(i);
        double params[KL_PARAMS_MAX];
        uint64_t hash = 1;
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
            for (int top = 0; top < 2; top++) { /* choices at their first, then at their last */
                kl_indicator_params(d, NULL, 0, params, NULL);
                for (uint32_t p = 0; p < d->n_params; p++)
                    if (d->params[p].kind == KL_PARAM_CHOICE && top) params[p] = d->params[p].max;
                if (d->n_params) params[0] = lengths[l];
                hash = hash_run(d, params, hash);
            }
        printf("%s %08lx%08lx\n", d->name, (unsigned long)(hash >> 32), (unsigned long)(hash & 0xffffffff));
    }
    return 0;
}
