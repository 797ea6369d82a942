/* Any text as a strategy file: what is read is written, reads back to the same text, and decides; what is refused has a place. */
#include "kline.h"
#include <stdlib.h>
#include <string.h>

static void decide(const kl_strategy *strategy) {
    static const double price[40] = {1, 2, 3, 2, 1, 2, 5, 4, 4, 4, 3, 2, 7, 8, 6, 5, 4, 3, 9, 1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1, 2, 2, 2, 2, 2, 2, 3, 4};
    static kl_time open[40];
    kl_decision rows[40], step;
    for (int k = 0; k < 40; k++) open[k] = (kl_time)k * 3600000000;
    const kl_columns bars = {.n = 40, .open_time_us = open, .open = price, .high = price, .low = price, .close = price, .volume = price};
    const kl_columns *sources[1] = {&bars};
    kl_strategy_state *state;
    size_t bytes, total;
    if (kl_plan_sources(kl_strategy_plan(strategy)) != 1 || kl_strategy_state_size(strategy, 1, &bytes) < 0 || bytes > (64u << 20)) return;
    void *memory = malloc(bytes);
    if (!memory || kl_strategy_state_init(memory, bytes, strategy, 1, &state) != KL_OK) abort();
    if (kl_strategy_run(state, sources, NULL, rows, NULL) == KL_OK)
        for (int k = 0; k < 40; k++) {
            step = rows[k];
            if (kl_strategy_trace(strategy, &step, NULL, 0, &total) != KL_OK || total > KL_METRICS_MAX || !kl_reason_name(step.reason)) abort();
            if ((step.flags & KL_DECISION_TRADABLE) && (step.action == KL_ACTION_SIDEWAY || step.reason != KL_REASON_NONE)) abort();
        }
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kl_strategy *strategy, *again;
    kl_error error = {0};
    size_t used, used_again;
    if (size > 4096) return 0;
    kl_status status = kl_strategy_read((const char *)data, size, NULL, NULL, NULL, &strategy, &error);
    if (status < 0) {
        if (error.code != status || error.row < 1 || error.column < 1 || error.message[0] == 0) abort();
        return 0;
    }
    kl_strategy_write(strategy, NULL, 0, &used);
    char *text = malloc(used + 1), *text_again = malloc(used + 1);
    if (!text || !text_again || kl_strategy_write(strategy, text, used + 1, &used) != KL_OK) abort();
    if (kl_strategy_read(text, used, NULL, NULL, NULL, &again, &error) != KL_OK) abort();
    if (kl_strategy_write(again, text_again, used + 1, &used_again) != KL_OK || used != used_again || memcmp(text, text_again, used) != 0) abort();
    decide(strategy);
    kl_strategy_free(strategy);
    kl_strategy_free(again);
    free(text);
    free(text_again);
    return 0;
}
