/* Expressions: what is refused is refused at a place within the text; what is accepted has a complete form that means the same
 * values and is its own complete form, and runs alike in batch, in steps and from a restored snapshot. Lines are the expressions
 * of one plan. The bytes after the first NUL are the bars; they also damage the image that is restored. */
#include "base/fp.h"
#include "base/endian.h"
#include "indicator/expression.h"
#include <stdlib.h>

#define BARS 40
#define STATE_MOST ((size_t)1 << 22)

static double column[KL_COL_COUNT][BARS];
static kl_time times[BARS];

static void bars(const uint8_t *data, size_t size) {
    for (int c = 0; c < KL_COL_COUNT; c++)
        for (size_t k = 0; k < BARS; k++) {
            double v = 100.0 + (double)k;
            size_t at = ((size_t)c * BARS + k) * 2;
            if (at + 2 <= size) v = ((double)data[at] - 16.0) * (data[at + 1] & 1 ? 1e300 : 0.25) * (double)(data[at + 1] % 9);
            if (at + 8 <= size && data[at] == 0xff) memcpy(&v, data + at, sizeof v);
            column[c][k] = v;
        }
    for (size_t k = 0; k < BARS; k++) times[k] = (kl_time)(60000000 * k), column[KL_COL_TIME][k] = (double)(60 * k);
}

static void one(kl__build *build, kl__expression_scope *scope, const char *text, size_t length) {
    kl__expression first, again;
    kl_error error;
    memset(&error, 0, sizeof error);
    kl_status status = kl__expression_build(build, scope, text, length, &first, &error);
    if (status < 0) {
        if (error.code != status || error.column < 1 || (uint64_t)error.column > length + 1 || !error.message[0]) abort();
        return;
    }
    size_t n = scope->length;
    char *complete = malloc(n);
    memcpy(complete, scope->text, n);
    if (kl__expression_build(build, scope, complete, n, &again, &error) < 0) abort();
    if (scope->length != n || memcmp(scope->text, complete, n) != 0 || again.n != first.n) abort();
    for (uint32_t i = 0; i < first.n; i++)
        if (again.values[i] != first.values[i]) abort();
    free(complete);
}

static void run(const kl_plan *plan, void *memory, void *other, size_t bytes, const uint8_t *image, size_t image_size) {
    double batch[KL_OUTPUTS_MAX][BARS], x[KL_COL_COUNT], y[KL_OUTPUTS_MAX], *out[KL_OUTPUTS_MAX], *to[KL_OUTPUTS_MAX];
    const double *in[KL_COL_COUNT];
    const kl_columns columns = {.n = BARS, .open_time_us = times, .open = column[0], .high = column[1], .low = column[2],
                                .close = column[3], .volume = column[4], .quote_volume = column[5], .trade_count = column[6],
                                .taker_buy_base = column[7], .taker_buy_quote = column[8]};
    const kl_columns *sources[1] = {&columns};
    kl_plan_state *first, *second;
    kl_plan_source source;
    size_t used, inputs = kl_plan_inputs(plan), outputs = kl_plan_outputs(plan);
    for (size_t o = 0; o < outputs; o++) out[o] = batch[o], to[o] = &y[o];
    if (kl_plan_source_at(plan, 0, &source) < 0) abort();
    if (kl_plan_state_init(memory, bytes, plan, 1, &first) < 0 || kl_plan_state_init(other, bytes, plan, 1, &second) < 0) abort();
    if (kl_plan_run(first, sources, NULL, out, NULL) < 0) abort();
    size_t room = kl_plan_snapshot_size(second);
    uint8_t *snapshot = malloc(room);
    for (size_t k = 0; k < BARS; k++) {
        size_t i = 0;
        for (int c = 0; c < KL_COL_COUNT; c++)
            if (source.columns & (1u << c)) x[i] = column[c][k], in[i] = &x[i], i++;
        if (i != inputs || kl_plan_step(second, in, to) < 0) abort();
        for (size_t o = 0; o < outputs; o++)
            if (memcmp(&y[o], &batch[o][k], sizeof(double)) != 0) abort();
        if (k % 16 != 5) continue;
        if (kl_plan_snapshot(second, snapshot, room, &used) < 0 || kl_plan_restore(second, snapshot, used, NULL) < 0) abort();
    }
    if (kl_plan_snapshot(first, snapshot, room, &used) < 0) abort();
    if (image_size >= 8) { /* an image whose checksum fits, with a body of its own */
        for (size_t k = 0; k < image_size && k + 8 < used; k++) snapshot[used - 9 - k] ^= image[k];
        kl__store_u64(snapshot + used - 8, kl_crc32c(0, snapshot, used - 8));
        if (kl_plan_restore(second, snapshot, used, NULL) == KL_OK) kl_plan_run(second, sources, NULL, out, NULL);
    }
    free(snapshot);
}

static void plan_of(char *text, const kl_interval *own, const uint8_t *image, size_t image_size) {
    const char *texts[1] = {text};
    kl_plan_options options;
    kl_plan *plan;
    kl_error error;
    size_t bytes;
    kl_plan_options_init(&options);
    options.interval = *own;
    memset(&error, 0, sizeof error);
    kl_status status = kl_plan_new(texts, 1, &options, NULL, &plan, &error);
    if (status < 0) {
        if (error.code != status || error.arg != 1) abort();
        return;
    }
    if (kl_plan_outputs(plan) > KL_OUTPUTS_MAX || kl_plan_state_size(plan, 1, &bytes) < 0) abort();
    if (kl_plan_sources(plan) == 1 && bytes <= STATE_MOST) {
        void *memory = malloc(bytes), *other = malloc(bytes);
        run(plan, memory, other, bytes, image, image_size);
        free(memory), free(other);
    }
    kl_plan_free(plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
    size_t length = nul ? (size_t)(nul - data) : size, rest = nul ? size - length - 1 : 0;
    kl_interval own;
    kl__build *build;
    kl__expression_scope scope;
    kl_error error;
    char *exact = malloc(length ? length : 1), *ended = malloc(length + 1); /* nothing behind the last byte is read */
    if (length) memcpy(exact, data, length), memcpy(ended, data, length);
    ended[length] = '\0';
    if (kl_interval_parse("1m", 2, &own) < 0 || kl__build_new(NULL, &build, &error) < 0) abort();
    if (kl__expression_scope_init(&scope, &own, kl_alloc_libc(), &error) < 0) abort();
    one(build, &scope, exact, length);
    for (size_t from = 0, to; from < length; from = to + 1) {
        for (to = from; to < length && exact[to] != '\n'; to++) {}
        if (to - from < length) one(build, &scope, exact + from, to - from);
    }
    kl__expression_scope_free(&scope);
    kl__build_free(build);
    bars(nul ? nul + 1 : data, rest);
    plan_of(ended, &own, nul ? nul + 1 : data, rest);
    free(exact), free(ended);
    return 0;
}
