/* Any bytes as the snapshot of an EWMA covariance, with the checksum made right where the first byte says so: refused, or a state
 * that is written out as it was read, goes on, and has correlations within -1..1. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/endian.h"
#include "kline/corr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SYMBOLS_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t image[4096], again[4096], memory[8192 + 64];
    double x[SYMBOLS_MAX], r[SYMBOLS_MAX * SYMBOLS_MAX];
    kl_ewma *ewma;
    size_t used;
    if (size < 9 || size > sizeof image) return 0;
    size_t symbols = 1 + data[0] % SYMBOLS_MAX, n = size - 1;
    void *place = memory + (64 - (uintptr_t)memory % 64) % 64;
    if (kl_ewma_init(place, 8192, symbols, 0.94, &ewma) < 0) abort();
    memcpy(image, data + 1, n);
    if (data[0] & 128) kl__store_u64(image + n - 8, kl_crc32c(0, image, n - 8));
    if (kl_ewma_restore(ewma, image, n, NULL) < 0) return 0;
    if (kl_ewma_snapshot(ewma, again, sizeof again, &used) < 0 || used != n || memcmp(image, again, n) != 0) abort();
    for (size_t i = 0; i < symbols; i++) x[i] = data[0] & 64 && i == 1 ? (double)NAN : (double)data[1 + i * 7 % n] - 100.0;
    if (kl_ewma_push(ewma, x) < 0 || kl_ewma_matrix(ewma, r) < 0) abort();
    for (size_t p = 0; p < symbols * (symbols - 1) / 2; p++)
        if (r[p] == r[p] && !(fabs(r[p]) <= 1.0)) abort();
    if (kl_ewma_snapshot(ewma, again, sizeof again, &used) < 0 || kl_ewma_restore(ewma, again, used, NULL) < 0) abort();
    return 0;
}
