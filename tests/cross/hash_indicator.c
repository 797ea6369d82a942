/* Prints one hash per indicator over fixed inputs: the lines must be the same on every platform, by every compiler and level
 * of optimisation. The inputs are made without libm; what the descriptor calls EPS is left out. */
#include "base/fp.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/endian.h"
#include "kline/indicator.h"

#define BARS 2000

static uint64_t seed = 1;
static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static double unit(void) { return (double)(next() >> 11) * 0x1p-53; }
static void mix(uint64_t *hash, uint64_t v) { *hash = (*hash ^ v ^ *hash >> 29) * UINT64_C(0x9e3779b97f4a7c15); }

enum { OPEN, HIGH, LOW, CLOSE, VOLUME, TIME, CONDITION, SECOND, COLUMNS };
static double column[COLUMNS][BARS];
static double result[KL_OUTPUTS_MAX][BARS];

static void market(void) {
    double close = 100.0;
    for (size_t k = 0; k < BARS; k++) {
        double open = close;
        close *= 1.0 + 0.01 * (unit() - 0.5);
        column[OPEN][k] = open;
        column[CLOSE][k] = close;
        column[HIGH][k] = (close > open ? close : open) * (1.0 + 0.003 * unit());
        column[LOW][k] = (close < open ? close : open) * (1.0 - 0.003 * unit());
        column[VOLUME][k] = next() % 11 ? 1000.0 * unit() : 0.0;
        column[TIME][k] = 1767225600.0 + 3600.0 * (double)k;
        column[CONDITION][k] = next() % 5 ? 0.0 : 1.0;
        column[SECOND][k] = close * (0.75 + 0.5 * unit());
        if (next() % 97 == 0) column[next() % COLUMNS][k] = kl__bits_double(next() | UINT64_C(0x7ff8000000000000));
        if (next() % 97 == 0) column[CLOSE][k] = 1e12 * unit();
        if (next() % 97 == 0) column[CLOSE][k] = kl__bits_double(next() >> 14);
        if (k > 900 && k < 960) for (int c = OPEN; c <= CLOSE; c++) column[c][k] = 101.5; /* nothing moves */
    }
}

static void inputs(const kl_indicator *d, const double **in) {
    static const char *const names[] = {"open", "high", "low", "close", "volume", "time"};
    for (uint32_t i = 0; i < d->n_inputs; i++) {
        in[i] = column[CLOSE];
        for (int c = 0; c <= TIME; c++)
            if (strcmp(d->inputs[i].usual, names[c]) == 0) in[i] = column[c];
        if (strcmp(d->inputs[i].name, "c") == 0) in[i] = column[CONDITION];
        for (uint32_t j = 0; j < i; j++)
            if (in[j] == in[i]) in[i] = in[i] == column[CLOSE] ? column[SECOND] : column[(j + i) % 4];
    }
}

/* The defaults, the least, then random ones. */
static void parameters(const kl_indicator *d, int set, double *params) {
    for (uint32_t i = 0; i < d->n_params; i++) {
        const kl_param_info *p = &d->params[i];
        double top = p->kind == KL_PARAM_CHOICE ? p->max : p->kind == KL_PARAM_INT ? p->min + (set == 2 ? 700.0 : 60.0) : p->min + 10.0;
        if (top > p->max) top = p->max;
        double share = unit(), at = p->min + share * (top - p->min);
        if (p->kind != KL_PARAM_REAL) at = p->min + (double)(int64_t)(share * (top - p->min + 1.0));
        params[i] = set == 0 ? p->def : set == 1 ? p->min : at;
    }
}

static uint64_t hash_run(const kl_indicator *d, const double *params, uint64_t hash) {
    const double *in[KL_INPUTS_MAX];
    double *out[KL_OUTPUTS_MAX];
    size_t bytes;
    kl_run *run;
    inputs(d, in);
    for (int o = 0; o < KL_OUTPUTS_MAX; o++) out[o] = result[o];
    if (kl_run_size(d, params, &bytes, NULL) < 0) return hash + 1;
    void *memory = malloc(bytes);
    if (!memory || kl_run_init(memory, bytes, d, params, &run, NULL) < 0 || kl_run_bars(run, in, BARS, out) < 0) abort();
    free(memory);
    for (uint32_t o = 0; o < d->n_outputs; o++)
        for (size_t k = 0; k < BARS; k++) mix(&hash, kl__double_bits(result[o][k]));
    return hash;
}

int main(void) {
    market();
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *d = kl_indicator_at(i);
        double params[KL_PARAMS_MAX];
        uint64_t hash = 1;
        if (d->stability == KL_EPS) continue;
        seed = 77; /* each line depends on its own indicator alone */
        for (int set = 0; set < 6; set++) {
            parameters(d, set, params);
            hash = hash_run(d, params, hash);
        }
        printf("%s %08lx%08lx\n", d->name, (unsigned long)(hash >> 32), (unsigned long)(hash & 0xffffffff));
    }
    return 0;
}
