/* Any bytes as the snapshot of a running plan: refused, or a state that is written out with the same length (values that no bar can
 * have left there may become the NaN that they mean) and read again as written, and that goes on with outputs that are finite or the one NaN. The first byte chooses the plan and how much of the image is made to fit: its head and its checksum. */
#include "base/fp.h"
#include "base/endian.h"
#include "kline/plan.h"
#include <stdlib.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t image[MOST], again[MOST];
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
                    if (kl__double_bits(y[o][s]) << 1 >= UINT64_C(0x7ff) << 53 && kl__double_bits(y[o][s]) != UINT64_C(0x7ff8000000000000)) abort();
        }
    }
    free(memory);
    return 0;
}
