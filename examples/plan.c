/* Features of a bot in one plan: history in one call, then bar by bar, with the bar that still forms and a restart between. */
#include <kline.h>
#include <stdio.h>
#include <stdlib.h>

#define BARS 600
#define HISTORY 500

static const char *const features[] = {
    "close > ema(20)",
    "rsi(14)",
    "zscore(volume, 24)",
    "macd(12, 26, 9).hist",
    "cross_up(ema(10), ema(30)) and rising(obv())",
    "ema(rsi(14), 9)[1]",
};
#define FEATURES (sizeof features / sizeof features[0])

/* One bar of one symbol: each input of the plan is an array of one double. */
static void bar(const kl_plan *plan, const kl_columns *bars, size_t at, const double **in) {
    const double *const columns[KL_COL_COUNT] = {bars->open, bars->high, bars->low, bars->close, bars->volume};
    kl_plan_source source;
    kl_plan_source_at(plan, 0, &source);
    for (int column = 0, input = 0; column < KL_COL_COUNT; column++)
        if (source.columns >> column & 1) in[input++] = columns[column] + at;
}

int main(void) {
    static double open[BARS], high[BARS], low[BARS], close[BARS], volume[BARS], rows[FEATURES][HISTORY];
    double now[FEATURES], forming[FEATURES], *out[FEATURES], *to[FEATURES];
    const double *in[KL_COL_COUNT];
    for (int i = 0; i < BARS; i++) {
        open[i] = i ? close[i - 1] : 100.0;
        close[i] = 100.0 + (double)((i * 7919) % 113) / 16.0 + (double)i / 50.0;
        high[i] = (open[i] > close[i] ? open[i] : close[i]) + 0.25;
        low[i] = (open[i] < close[i] ? open[i] : close[i]) - 0.25;
        volume[i] = 10.0 + (double)((i * 104729) % 97);
    }
    for (size_t k = 0; k < FEATURES; k++) out[k] = rows[k], to[k] = &now[k];

    kl_plan *plan;
    kl_plan_state *state;
    kl_error error = {0};
    if (kl_plan_new(features, FEATURES, NULL, NULL, &plan, &error) < 0)
        return fprintf(stderr, "%s, at character %d of expression %d\n", error.message, (int)error.column, (int)error.arg), 1;
    size_t bytes, used;
    if (kl_plan_state_size(plan, 1, &bytes) < 0) return 2;
    void *memory = malloc(bytes);
    if (!memory || kl_plan_state_init(memory, bytes, plan, 1, &state) < 0) return 2;

    const kl_columns bars = {.n = BARS, .open = open, .high = high, .low = low, .close = close, .volume = volume};
    kl_columns history;
    kl_columns_slice(&bars, 0, HISTORY, &history);
    const kl_columns *sources[1] = {&history};
    if (kl_plan_run(state, sources, NULL, out, &error) < 0) return fputs(error.message, stderr), 3;
    for (size_t k = 0; k < FEATURES; k++) {
        double needed;
        kl_plan_bars_needed(plan, k, 6, &needed);
        printf("%-46s %10.4f   right to 6 digits after %g bars\n", features[k], rows[k][HISTORY - 1], needed);
    }

    /* a restart: the snapshot goes to a file or a database, and comes back into a fresh state of the same expressions */
    void *image = malloc(kl_plan_snapshot_size(state));
    if (!image || kl_plan_snapshot(state, image, kl_plan_snapshot_size(state), &used) < 0) return 4;
    if (kl_plan_state_init(memory, bytes, plan, 1, &state) < 0 || kl_plan_restore(state, image, used, &error) < 0) return 5;

    for (size_t at = HISTORY; at < BARS; at++) {
        double *would[FEATURES];
        for (size_t k = 0; k < FEATURES; k++) would[k] = &forming[k];
        bar(plan, &bars, at, in);
        if (kl_plan_peek(state, in, would) < 0 || kl_plan_step(state, in, to) < 0) return 6;
        for (size_t k = 0; k < FEATURES; k++)
            if (forming[k] != now[k]) return 7; /* what a peek says of a bar is what its step gives */
    }
    printf("%zu features of %zu nodes, %zu bytes of state, a snapshot of %zu bytes; the last rsi is %.4f\n", FEATURES, kl_plan_nodes(plan), bytes, used, now[1]);
    free(image);
    free(memory);
    kl_plan_free(plan);
    return 0;
}
