/* Any bytes as the snapshot of a running plan: refused, or a state that is written out with the same length (values that no bar can
 * have left there may become the NaN that they mean) and read again as written, and that goes on with outputs that are finite or the one NaN. The first byte chooses the plan and how much of the image is made to fit: its head and its checksum.
 * With its highest bit it is the snapshot of one indicator of the registry instead, spoilt: two bytes say which, one the parameters, one
 * how many bars were run; then for each word that is spoilt two bytes for its place and eight for its value. The checksum is made to fit. */
#include "base/fp.h"
#include "base/endian.h"
#include "kline/plan.h"
#include <stdlib.h>
#include <string.h>

#define OUTS 16
#define MOST 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const texts[][3] = {
    {"ema(rsi(close, 5), 3)", "sma(close@'1h', 2)", "bbands(4)"},
    {"atr(3) / close", "macd(2, 4, 2)", "coalesce(median(close, 5), max(high, 7))"},
    {"vwap(3)", "corr(close, volume, 5)", "obv()"},
    {"sar()", "zscore(close, 5)", "rank(close, 6)"},
};

static kl_plan *plan_at(size_t which) {
    static kl_plan *plans[4];
    kl_plan_options options;
    kl_plan_options_init(&options);
    if (kl_interval_parse("1m", 2, &options.interval) < 0) abort();
    if (!plans[which] && kl_plan_new(texts[which], 3, &options, NULL, &plans[which], NULL) < 0) abort();
    return plans[which];
}

static void fit(uint8_t choice, const kl_plan_state *state, uint8_t *image, size_t n) {
    static uint8_t mine[MOST];
    size_t used;
    if (choice & 16 && kl_plan_snapshot_size(state) <= sizeof mine && kl_plan_snapshot(state, mine, sizeof mine, &used) >= 0) memcpy(image, mine, 24);
    if (choice & 32) kl__store_u64(image + n - 8, kl_crc32c(0, image, n - 8));
}

/* ------------------------------------------------------------------------------------ one of the registry --- */

static int ordinary(double y) { return kl__double_bits(y) << 1 < UINT64_C(0x7ff) << 53 || kl__double_bits(y) == UINT64_C(0x7ff8000000000000); }

static void bar(const kl_indicator *d, size_t k, double *x) {
    for (uint32_t i = 0; i < d->n_inputs; i++) x[i] = 100.0 + (double)((k * 37 + i * 11) % 17) - (double)(k % 5);
    for (uint32_t i = 0; i < d->n_inputs; i++)
        if (d->inputs[i].usual[0] == 't') x[i] = 3600.0 * (double)k;
}

static void parameters(const kl_indicator *d, uint8_t choice, double *params) {
    for (uint32_t i = 0; i < d->n_params; i++) {
        const kl_param_info *p = &d->params[i];
        const double up = (choice + i) % 23, most = p->max - p->min;
        params[i] = choice == 0 || p->def > 40 ? p->def : p->min + (up < most ? up : 0.0);
    }
}

static int registry(const uint8_t *data, size_t size) {
    static uint8_t image[MOST];
    if (size < 5) return 0;
    const kl_indicator *d = kl_indicator_at((data[1] + 256u * data[2]) % kl_indicator_count());
    double params[KL_PARAMS_MAX], x[KL_INPUTS_MAX], y[KL_OUTPUTS_MAX];
    size_t bytes, used, head = 24 + (strlen(d->name) + 7) / 8 * 8 + 8 + 8 * (size_t)d->n_params + (d->formula ? 8 : 0);
    kl_run *run;
    parameters(d, data[3], params);
    if (kl_run_size(d, params, &bytes, NULL) < 0) return 0;
    void *memory = malloc(bytes);
    if (kl_run_init(memory, bytes, d, params, &run, NULL) < 0) abort();
    for (size_t k = 0; k < data[4]; k++) bar(d, k, x), kl_run_step(run, x, y);
    if (kl_run_snapshot(run, image, sizeof image, &used) >= 0) {
        for (size_t at = 5; at + 10 <= size; at += 10)
            memcpy(image + head + 8 * ((data[at] + 256u * data[at + 1]) % ((used - 8 - head) / 8)), data + at + 2, 8);
        kl__store_u64(image + used - 8, kl_crc32c(0, image, used - 8));
        kl_run_restore(run, image, used, NULL);
        for (size_t k = 0; k < 40; k++) {
            bar(d, k + data[4], x);
            if (kl_run_step(run, x, y) < 0) abort();
            for (uint32_t o = 0; o < d->n_outputs; o++)
                if (!ordinary(y[o])) abort();
        }
    }
    free(memory);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t image[MOST], again[MOST];
    if (size && data[0] & 128) return registry(data, size);
    if (size < 33 || size > sizeof image) return 0;
    const kl_plan *plan = plan_at(data[0] % 4);
    size_t bytes, used, n = size - 1, symbols = 1 + data[0] / 4 % 3;
    kl_plan_state *state;
    if (kl_plan_state_size(plan, symbols, &bytes) < 0) abort();
    void *memory = malloc(bytes);
    if (kl_plan_state_init(memory, bytes, plan, symbols, &state) < 0) abort();
    memcpy(image, data + 1, n);
    fit(data[0], state, image, n);
    if (kl_plan_restore(state, image, n, NULL) >= 0) {
        const double rows[8][3] = {{1.5, 2.5, -3.0}, {2.0, 3.0, 0.0}, {1.0, 2.0, 0.5}, {1.5, 2.5, 0.25}, {7.0, 8.0, 9.0}, {1.5, 2.5, 0.25}, {7.0, 8.0, 9.0}, {1, 2, 3}};
        const double *in[8];
        double y[OUTS][3], *out[OUTS];
        if (kl_plan_snapshot(state, again, sizeof again, &used) < 0 || used != n || kl_plan_restore(state, again, used, NULL) < 0) abort();
        if (kl_plan_snapshot(state, image, sizeof image, &used) < 0 || used != n || memcmp(again, image, n) != 0) abort();
        for (size_t i = 0; i < 8; i++) in[i] = rows[i];
        for (size_t o = 0; o < OUTS; o++) out[o] = y[o];
        for (int k = 0; k < 12; k++) {
            if (kl_plan_peek(state, in, out) < 0 || kl_plan_step(state, in, out) < 0) abort();
            for (size_t o = 0; o < kl_plan_outputs(plan); o++)
                for (size_t s = 0; s < symbols; s++)
                    if (!ordinary(y[o][s])) abort();
        }
    }
    free(memory);
    return 0;
}
