/* Columns that break rolling statistics: the seven hostile ones of the contracts, random exponents, neighbouring doubles and more, and
 * recorded hourly closes where $KLINE_SHARED has them. Without libm: the same numbers on every machine. */
#ifndef KL_TEST_MARKET_DATA_H
#define KL_TEST_MARKET_DATA_H
#include "random.h"
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DATA_RETURNS, DATA_WALK, DATA_OFFSET, DATA_SPIKES, DATA_FLAT_RUNS, DATA_TICKS, DATA_REGIMES, DATA_EXPONENTS, DATA_ULPS,
    DATA_TWO_SIDED, DATA_INTEGERS, DATA_REAL, DATA_KINDS
};
static const char *const data_names[DATA_KINDS] = {
    "returns N(0, 0.01)", "price walk 30000", "1e9 + 1e-3 noise", "1e9 spikes, 0.1 %", "price with flat runs", "2.3e-7 ticks",
    "1e12 <-> 1e-3 regimes", "random exponents", "+-1 ulp at 1e8", "spikes of both signs", "integers with ties", "hourly closes"};

static inline double data_unit(uint64_t *seed) { return (double)(random_u64(seed) >> 11) * 0x1p-53; }
/* nearly normal, variance 1 */
static inline double data_normal(uint64_t *seed) {
    double sum = -6.0;
    for (int i = 0; i < 12; i++) sum += data_unit(seed);
    return sum;
}

static inline double data_next(int kind, uint64_t *seed, double previous, size_t k) {
    double e = data_normal(seed);
    switch (kind) {
    case DATA_RETURNS: return 0.01 * e;
    case DATA_OFFSET: return 1e9 + 1e-3 * e;
    case DATA_SPIKES: return random_below(seed, 1000) ? 100.0 + e : 1e9 * (1.0 + 0.1 * e);
    case DATA_FLAT_RUNS: return k > 0 && (k / 40 % 2 || random_below(seed, 3) == 0) ? previous : 30000.0 + 50.0 * e;
    case DATA_TICKS: return 1e-10 * (double)(2300 + (int64_t)(40.0 * e));
    case DATA_REGIMES: return k / 97 % 2 ? 1e12 * (1.0 + 1e-3 * e) : 1e-3 * (2.0 + 0.1 * e);
    case DATA_EXPONENTS: return ldexp(e, (int)random_below(seed, 401) - 200);
    case DATA_ULPS: return 1e8 + ldexp((double)((int64_t)random_below(seed, 3) - 1), -26);
    case DATA_TWO_SIDED: return random_below(seed, 200) ? 100.0 + e : (random_below(seed, 2) ? 1e9 : -1e9) * (1.0 + 0.001 * e);
    case DATA_INTEGERS: return 100.0 + (double)(int64_t)(3.0 * e);
    default: return k == 0 ? 30000.0 : previous * (1.0 + 0.005 * e);
    }
}

/* x, a y that goes with it in part, and volumes of which some are 0. */
static inline void data_fill(int kind, uint64_t seed, size_t n, double *x, double *y, double *volume) {
    double z = 0.0;
    for (size_t k = 0; k < n; k++) {
        x[k] = data_next(kind, &seed, k ? x[k - 1] : 0.0, k);
        z = data_next(kind, &seed, z, k);
        y[k] = kind == DATA_EXPONENTS || kind == DATA_ULPS || kind == DATA_INTEGERS ? z : 0.5 * (x[k] + z);
        double v = data_unit(&seed);
        volume[k] = random_below(&seed, 20) ? 1000.0 * v * v * v : 0.0;
    }
}

/* One recorded file of candles: rows of [time, "open", "high", "low", "close", "volume", ...]. Returns rows read. */
static inline size_t data_candles(const char *path, size_t room, double *close, double *volume) {
    static char text[1 << 20];
    FILE *file = fopen(path, "rb");
    if (!file) return 0;
    size_t length = fread(text, 1, sizeof text - 1, file), n = 0;
    fclose(file);
    text[length] = 0;
    for (const char *at = text; n < room && (at = strchr(at, '[')) != NULL; at++) {
        double values[5];
        int column = 0;
        const char *cell = strchr(at + 1, ',');
        if (at[1] < '0' || at[1] > '9') continue;
        for (; cell && column < 5; column++, cell = strchr(cell, ',')) {
            cell += 1 + strspn(cell + 1, " \"\r\n");
            values[column] = strtod(cell, NULL);
        }
        if (column == 5) close[n] = values[3], volume[n] = values[4], n++;
    }
    return n;
}

/* Hourly closes of two coins and the volumes of the first, from 2023 on; 0 where there are none. */
static inline size_t data_recorded(size_t room, double *x, double *y, double *volume) {
    const char *shared = getenv("KLINE_SHARED");
    static const char *const coins[] = {"BTCUSDT", "ETHUSDT"};
    size_t have[2] = {0, 0};
    double *spare = (double *)malloc(room * sizeof(double));
    if (!spare) abort();
    for (int coin = 0; coin < 2; coin++)
        for (int month = 0; month < 36; month++) {
            char path[1024];
            int used = snprintf(path, sizeof path, "%s/data/finom_static-klines/%s/1h/%d-%02d-01.json", shared ? shared : "../shared",
                                coins[coin], 2023 + month / 12, month % 12 + 1);
            if (used < 0 || (size_t)used >= sizeof path) break;
            have[coin] += data_candles(path, room - have[coin], (coin ? y : x) + have[coin], (coin ? spare : volume) + have[coin]);
        }
    free(spare);
    return have[0] < have[1] ? have[0] : have[1];
}

#endif
