/* A strategy in a bot: read from a file's text, its history in one call, then bar by bar, with the reasons of each signal. */
#include <kline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BARS 600
#define HISTORY 500

static const char file[] = "[strategy]\n"
                           "name = \"example\"\n"
                           "interval = \"1h\"\n"
                           "[define]\n"
                           "short = \"ema(12)\"\n"
                           "[[metric]]\n"
                           "code = \"TREND\"\n"
                           "side = \"buy\"\n"
                           "weight = 1.5\n"
                           "when = \"$short > ema(26)\"\n"
                           "[[metric]]\n"
                           "code = \"CHEAP\"\n"
                           "side = \"buy\"\n"
                           "weight = 0.75\n"
                           "indicator = \"rsi(14)\"\n"
                           "direction = \"BELOW\"\n"
                           "threshold_start = 50\n"
                           "[[metric]]\n"
                           "code = \"DOWN\"\n"
                           "side = \"sell\"\n"
                           "weight = 1.5\n"
                           "when = [\"$short < ema(26)\", \"falling($short)\"]\n"
                           "[decision]\n"
                           "buy = { threshold = 1.5, min_edge = 1 }\n"
                           "sell = { threshold = 1.5 }\n";

static void tell(const kl_strategy *strategy, const kl_decision *d) {
    kl_trace trace[8];
    size_t n;
    if (!(d->flags & KL_DECISION_TRADABLE) || kl_strategy_trace(strategy, d, trace, 8, &n) < 0) return;
    printf("%.2f %-4s edge %.2f confidence %.2f:", d->close, d->action > 0 ? "BUY" : "SELL", (double)d->edge_u / KL_MICRO, d->confidence);
    for (size_t i = 0; i < n; i++) printf(" %s %+.2f", trace[i].code, (double)trace[i].weight_u / KL_MICRO);
    printf("\n");
}

int main(void) {
    static double close[BARS];
    static kl_time open[BARS];
    static kl_decision rows[HISTORY];
    for (int i = 0; i < BARS; i++) {
        open[i] = INT64_C(1704067200000000) + i * INT64_C(3600000000);
        close[i] = 100.0 + (double)((i * 7919) % 113) / 16.0 + (double)(i % 150 < 75 ? i % 75 : 75 - i % 75) / 4.0;
    }
    kl_strategy *strategy;
    kl_strategy_state *state;
    kl_error error = {0};
    if (kl_strategy_read(file, strlen(file), NULL, NULL, NULL, &strategy, &error) < 0)
        return fprintf(stderr, "line %d, column %d: %s\n", (int)error.row, (int)error.column, error.message), 1;
    kl_lint found[16];
    size_t bytes, n;
    if (kl_strategy_lint(strategy, NULL, found, 16, &n) < 0) return 2;
    for (size_t i = 0; i < n && i < 16; i++) printf("lint: %s\n", found[i].message);
    if (kl_strategy_state_size(strategy, 1, &bytes) < 0) return 2;
    void *memory = malloc(bytes);
    if (!memory || kl_strategy_state_init(memory, bytes, strategy, 1, &state) < 0) return 2;

    const kl_columns bars = {.n = BARS, .open_time_us = open, .close = close};
    kl_columns history;
    kl_columns_slice(&bars, 0, HISTORY, &history);
    const kl_columns *sources[1] = {&history};
    if (kl_strategy_run(state, sources, NULL, rows, &error) < 0) return fputs(error.message, stderr), 3;
    size_t signals = 0;
    for (size_t k = 0; k < HISTORY; k++) signals += rows[k].flags & KL_DECISION_TRADABLE;
    printf("%u signals in %d bars of history\n", (unsigned)signals, HISTORY);

    for (size_t k = HISTORY; k < BARS; k += 10) { /* the closes of live bars, as they come: this strategy reads nothing else */
        for (size_t i = k; i < k + 10; i++) {
            const double *in[1] = {&close[i]};
            kl_decision now;
            if (kl_strategy_step(state, in, open[i], &now) < 0) return 4;
            if (i % 10 == 9) tell(strategy, &now);
        }
    }
    free(memory);
    kl_strategy_free(strategy);
    return 0;
}
