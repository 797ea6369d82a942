/* Any sequence of steps, peeks, closed coarse bars, chunks, snapshots, restores and clones of a plan over three symbols gives each
 * symbol the bits of a plan over it alone that is only stepped. The first byte chooses the plan. Of each operation: one byte what, then what
 * it takes. */
#include "base/fp.h"
#include "base/endian.h"
#include "kline/plan.h"
#include <stdlib.h>
#include <string.h>

#define SYMBOLS 3
#define OUTS 16
#define INPUTS 8
#define OPERATIONS 400

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const texts[][4] = {
    {"ema(rsi(close, 5), 3)", "close > sma(close@'1h', 2)", "obv() + 1", "bbands(4)"},
    {"atr(3) / close", "coalesce(ema(close@'1h', 2), close)", "if(close > open, rsi(4), 50)", "vwap(3)"},
    {"macd(2, 4, 2)", "max2(high, close@'1h')", "wma(rma(close, 3), 2)", "low + close@'1h' + volume@'1h'"},
};
#define PLANS (sizeof texts / sizeof texts[0])

typedef struct {
    const uint8_t *at, *end;
} bytes_left;

static uint8_t take(bytes_left *b) { return b->at < b->end ? *b->at++ : 0; }

static double value(bytes_left *b) {
    uint8_t v = take(b);
    double x = 100.0 + ((double)v - 128.0) * 0.25;
    if (v == 255) return kl__bits_double(UINT64_C(0x7ff8000000000000));
    if (v == 254) return kl__bits_double(UINT64_C(0x7ff0000000000000));
    if (v == 253) return -0.0;
    return v == 252 ? x * 1e302 : x;
}

static kl_plan *plan_at(size_t which) {
    static kl_plan *plans[PLANS];
    kl_plan_options options;
    kl_plan_options_init(&options);
    if (kl_interval_parse("1m", 2, &options.interval) < 0) abort();
    if (!plans[which] && kl_plan_new(texts[which], 4, &options, NULL, &plans[which], NULL) < 0) abort();
    return plans[which];
}

static kl_plan_state *start(const kl_plan *plan, size_t symbols, size_t *bytes) {
    kl_plan_state *state;
    if (kl_plan_state_size(plan, symbols, bytes) < 0) abort();
    void *memory = malloc(*bytes);
    if (kl_plan_state_init(memory, *bytes, plan, symbols, &state) < 0) abort();
    return state;
}

/* The lone ones take the step that the others took, and must agree. */
static void check(const kl_plan *plan, kl_plan_state **alone, double (*x)[SYMBOLS], double (*y)[SYMBOLS]) {
    double *to[OUTS], z[OUTS];
    const double *in[INPUTS];
    for (size_t s = 0; s < SYMBOLS; s++) {
        for (size_t i = 0; i < kl_plan_inputs(plan); i++) in[i] = &x[i][s];
        for (size_t o = 0; o < kl_plan_outputs(plan); o++) to[o] = &z[o];
        if (kl_plan_step(alone[s], in, to) < 0) abort();
        for (size_t o = 0; o < kl_plan_outputs(plan); o++)
            if (memcmp(&z[o], &y[o][s], sizeof(double)) != 0) abort();
    }
}

/* A few rows at once of the first symbol, on a copy of its state; steps have to give the same. */
static void chunk(const kl_plan *plan, kl_plan_state *alone, size_t bytes, bytes_left *b, size_t n) {
    static double rows[5][64], out[OUTS][64];
    double *to[OUTS], z[OUTS];
    const double *in[INPUTS];
    kl_time times[64];
    size_t taken[2];
    for (size_t j = 0; j < n; j++) {
        times[j] = (kl_time)j * 60000000;
        for (int c = 0; c < 5; c++) rows[c][j] = value(b);
    }
    kl_columns bars = {.n = n, .open_time_us = times, .open = rows[0], .high = rows[1], .low = rows[2], .close = rows[3], .volume = rows[4]}, none = {.n = 0};
    const kl_columns *sources[2] = {&bars, &none};
    kl_plan_state *copy = malloc(bytes);
    kl_plan_source source;
    memcpy(copy, alone, bytes);
    for (size_t o = 0; o < OUTS; o++) to[o] = out[o];
    if (kl_plan_run(copy, sources, taken, to, NULL) < 0) abort();
    memcpy(copy, alone, bytes);
    if (kl_plan_source_at(plan, 0, &source) < 0) abort();
    for (size_t j = 0; j < n; j++) {
        size_t i = 0;
        for (int c = 0; c < 5; c++)
            if (source.columns >> c & 1) in[i++] = &rows[c][j];
        while (i < INPUTS) in[i++] = NULL;
        for (size_t o = 0; o < kl_plan_outputs(plan); o++) to[o] = &z[o];
        if (kl_plan_step(copy, in, to) < 0) abort();
        for (size_t o = 0; o < kl_plan_outputs(plan); o++)
            if (memcmp(&z[o], &out[o][j], sizeof(double)) != 0) abort();
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bytes_left b = {data, data + size};
    const kl_plan *plan = plan_at(take(&b) % PLANS);
    size_t bytes, one = 0, used = 0, room;
    kl_plan_state *state = start(plan, SYMBOLS, &bytes), *alone[SYMBOLS];
    double x[INPUTS][SYMBOLS], y[OUTS][SYMBOLS], peeked[OUTS][SYMBOLS], *to[OUTS], *seen[OUTS];
    const double *in[INPUTS], *own[INPUTS];
    if (kl_plan_inputs(plan) > INPUTS || kl_plan_outputs(plan) > OUTS) abort();
    for (size_t s = 0; s < SYMBOLS; s++) alone[s] = start(plan, 1, &one);
    for (size_t i = 0; i < INPUTS; i++) in[i] = x[i];
    for (size_t o = 0; o < OUTS; o++) to[o] = y[o], seen[o] = peeked[o];
    room = kl_plan_snapshot_size(state);
    uint8_t *image = malloc(room);
    for (int k = 0; k < OPERATIONS && b.at < b.end; k++) {
        uint8_t what = take(&b) % 8;
        for (size_t i = 0; what < 4 && i < kl_plan_inputs(plan); i++)
            for (size_t s = 0; s < SYMBOLS; s++) x[i][s] = value(&b);
        if (what < 2) {
            if (kl_plan_peek(state, in, seen) < 0 || kl_plan_step(state, in, to) < 0) abort();
            for (size_t o = 0; o < kl_plan_outputs(plan); o++)
                if (memcmp(y[o], peeked[o], sizeof y[o]) != 0) abort();
            check(plan, alone, x, y);
        } else if (what == 2) {
            if (kl_plan_peek(state, in, seen) < 0) abort();
        } else if (what == 3) {
            if (kl_plan_close(state, 1, in) < 0) abort();
            for (size_t s = 0; s < SYMBOLS; s++) {
                for (size_t i = 0; i < INPUTS; i++) own[i] = &x[i][s];
                if (kl_plan_close(alone[s], 1, own) < 0) abort();
            }
        } else if (what == 4) {
            if (kl_plan_snapshot(state, image, room, &used) < 0 || used != room) abort();
            memset(state, 0, sizeof(void *)); /* another one goes on */
            free(state);
            state = start(plan, SYMBOLS, &bytes);
            if (kl_plan_restore(state, image, used, NULL) < 0) abort();
        } else if (what == 5) {
            kl_plan_state *clone = malloc(bytes);
            memcpy(clone, state, bytes);
            free(state);
            state = clone;
        } else {
            chunk(plan, alone[0], one, &b, 1 + take(&b) % 64);
        }
    }
    free(image), free(state);
    for (size_t s = 0; s < SYMBOLS; s++) free(alone[s]);
    return 0;
}
