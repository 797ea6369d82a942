/* The same indicator over an array, bar by bar, and for the bar that is still forming: the same bits. */
#include <kline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BARS 200

int main(void) {
    const kl_indicator *rsi = kl_indicator_find("rsi");
    double close[BARS], batch[BARS], params[KL_PARAMS_MAX], step, forming, price = 101.5;
    const double given[] = {14};
    kl_columns columns;
    kl_error error;
    kl_run *run;
    size_t bytes;
    void *memory, *scratch;
    double *outputs[1];
    if (!rsi) return 1;
    for (int i = 0; i < BARS; i++) close[i] = 100.0 + (double)((i * 7919) % 113) / 16.0;

    memset(&columns, 0, sizeof columns);
    columns.n = BARS;
    columns.close = close;
    outputs[0] = batch;
    if (kl_indicator_run(rsi, given, 1, &columns, NULL, outputs, &error) < 0) return 2;

    if (kl_indicator_params(rsi, given, 1, params, &error) < 0 || kl_run_size(rsi, params, &bytes, &error) < 0) return 3;
    memory = malloc(bytes);
    scratch = malloc(bytes);
    if (!memory || !scratch || kl_run_init(memory, bytes, rsi, params, &run, &error) < 0) return 4;
    for (int i = 0; i < BARS; i++) {
        kl_run_step(run, &close[i], &step);
        if (memcmp(&step, &batch[i], sizeof step) && (step == step || batch[i] == batch[i])) return 5;
    }
    kl_run_peek(run, scratch, bytes, &price, &forming); /* changes nothing */
    printf("rsi(14) of the last bar %.4f, of a bar that closed at 101.5 now %.4f\n", step, forming);
    free(scratch);
    free(memory);
    return 0;
}
