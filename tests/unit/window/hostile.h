/* Values that break rolling statistics, cleaned as windows get them: NaN or below 2^1000, no -0.0. */
#ifndef KL_TEST_HOSTILE_H
#define KL_TEST_HOSTILE_H
#include "random.h"
#include <math.h>
#include <stddef.h>

enum {
    HOSTILE_WALK, HOSTILE_FLAT, HOSTILE_OFFSET, HOSTILE_SPIKES, HOSTILE_TIES, HOSTILE_DENORMAL, HOSTILE_TREND, HOSTILE_REGIMES,
    HOSTILE_RUNS, HOSTILE_KINDS
};
static const char *const hostile_names[] = {"walk", "flat", "offset", "spikes", "ties", "denormal", "trend", "regimes", "runs"};

/* -1 .. 1 */
static inline double hostile_noise(uint64_t *seed) { return (double)(int64_t)(random_u64(seed) >> 11) * 0x1p-52 - 1.0; }

static inline double hostile_value(int kind, uint64_t *seed, double previous, size_t k) {
    double e = hostile_noise(seed);
    switch (kind) {
    case HOSTILE_FLAT: return 104.37;
    case HOSTILE_OFFSET: return 1e9 + 1e-3 * e;
    case HOSTILE_SPIKES: return random_below(seed, 61) ? 100.0 + e : 1e9 * (2.0 + e);
    case HOSTILE_TIES: return (double)random_below(seed, 4) - 1.0;
    case HOSTILE_DENORMAL: return ((double)random_below(seed, 1000) - 300.0) * 0x1p-1074 + 0.0;
    case HOSTILE_TREND: return 50.0 + 0.25 * (double)k;
    case HOSTILE_REGIMES: return (k / 97) % 2 ? 1e12 * (1.0 + 1e-3 * e) : 1e-3 * (2.0 + e);
    case HOSTILE_RUNS: return random_below(seed, 40) ? previous : 3.3 + e; /* flat runs */
    default: return previous * (1.0 + 0.01 * e);
    }
}

/* holes: one value of so many is missing, 0: none. */
static inline void hostile_fill(int kind, uint64_t seed, unsigned holes, double *x, size_t n) {
    double previous = 100.0;
    for (size_t k = 0; k < n; k++) {
        x[k] = previous = hostile_value(kind, &seed, previous, k);
        if (holes && random_below(&seed, holes) == 0) x[k] = (double)NAN;
    }
}

#if defined(__SIZEOF_FLOAT128__)
__extension__ typedef __float128 quad;
#else
typedef long double quad; /* 113 bits on the machines without __float128 that we test on */
#endif

/* Square root by Newton's rule, of values that are normal in double. */
static inline quad hostile_sqrt(quad x) {
    if (!(x > 0)) return 0;
    quad y = (quad)sqrt((double)x);
    for (int i = 0; i < 3; i++) y = (y + x / y) / 2;
    return y;
}

static inline double hostile_off(quad exact, double got) {
    quad way = exact - (quad)got;
    return (double)(way < 0 ? -way : way);
}

#endif
