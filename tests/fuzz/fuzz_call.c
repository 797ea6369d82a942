/* Calls as text; what parses has to hold its promises: parameters in range, and a run in which batch, steps and a restored
 * snapshot agree. The bytes after the first NUL are the bars; they are also handed to restore as an image. */
#include "kline/indicator.h"
#include <stdlib.h>
#include <string.h>

#define BARS 40

static double column[KL_COL_COUNT][BARS];

static void bars(const uint8_t *data, size_t size) {
    for (int c = 0; c < KL_COL_COUNT; c++)
        for (size_t k = 0; k < BARS; k++) {
            double v = 100.0 + (double)k;
            size_t at = ((size_t)c * BARS + k) * 2;
            if (at + 2 <= size) v = ((double)data[at] - 16.0) * (data[at + 1] & 1 ? 1e300 : 0.25) * (double)(data[at + 1] % 9);
            if (at + 8 <= size && data[at] == 0xff) memcpy(&v, data + at, sizeof v);
            column[c][k] = v;
        }
}

static void run(const kl_call *call, const uint8_t *image, size_t image_size) {
    const kl_indicator *d = call->indicator;
    double batch[KL_OUTPUTS_MAX][BARS], x[KL_INPUTS_MAX], y[KL_OUTPUTS_MAX], *out[KL_OUTPUTS_MAX];
    const double *in[KL_INPUTS_MAX];
    size_t bytes, used;
    kl_run *first, *second;
    if (kl_run_size(d, call->params, &bytes, NULL) < 0) abort();
    if (bytes > 1 << 20) return;
    void *a = malloc(bytes), *b = malloc(bytes);
    if (kl_run_init(a, bytes, d, call->params, &first, NULL) < 0 || kl_run_init(b, bytes, d, call->params, &second, NULL) < 0) abort();
    for (uint32_t i = 0; i < d->n_inputs; i++) in[i] = column[call->inputs[i]];
    for (int o = 0; o < KL_OUTPUTS_MAX; o++) out[o] = batch[o];
    if (kl_run_bars(first, in, BARS, out) < 0) abort();
    size_t room = kl_run_snapshot_size(second);
    uint8_t *snapshot = malloc(room);
    for (size_t k = 0; k < BARS; k++) {
        for (uint32_t i = 0; i < d->n_inputs; i++) x[i] = in[i][k];
        if (kl_run_step(second, x, y) < 0) abort();
        for (uint32_t o = 0; o < d->n_outputs; o++)
            if (memcmp(&y[o], &batch[o][k], sizeof(double)) != 0) abort();
        if (k % 16 == 5 && (kl_run_snapshot(second, snapshot, room, &used) < 0 || kl_run_restore(second, snapshot, used, NULL) < 0)) abort();
    }
    if (kl_run_snapshot(first, snapshot, room, &used) < 0) abort();
    if (image_size >= 8) { /* an image whose checksum fits, with a body of its own */
        for (size_t k = 0; k < image_size && k + 8 < used; k++) snapshot[used - 9 - k] ^= image[k];
        uint32_t crc = kl_crc32c(0, snapshot, used - 8);
        for (size_t k = 0; k < 4; k++) snapshot[used - 8 + k] = (uint8_t)(crc >> (8 * k));
        memset(snapshot + used - 4, 0, 4);
        if (kl_run_restore(second, snapshot, used, NULL) == KL_OK) kl_run_bars(second, in, BARS, out);
    }
    free(a), free(b), free(snapshot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kl_call call;
    kl_error error;
    const uint8_t *nul = memchr(data, 0, size);
    size_t text = nul ? (size_t)(nul - data) : size, rest = nul ? size - text - 1 : 0;
    memset(&error, 0, sizeof error);
    kl_status status = kl_call_parse((const char *)data, text, &call, &error);
    if (status < 0) {
        if (error.code != status || error.column < 1 || (uint64_t)error.column > text + 1) abort();
        return 0;
    }
    double checked[KL_PARAMS_MAX];
    if (kl_indicator_params(call.indicator, call.params, call.indicator->n_params, checked, NULL) < 0) abort();
    bars(nul ? nul + 1 : data, rest);
    run(&call, nul ? nul + 1 : data, rest);
    return 0;
}
