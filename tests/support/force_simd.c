/* Linked into every unit test: KLINE_SIMD=avx2 (any name of kl_simd_name) runs it on that table. Where the machine does not have
 * the level the test is skipped. The library itself never reads the environment. */
#include "kline/simd.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORCE_SKIPPED 77

__attribute__((constructor)) static void force_simd(void) {
    const char *wanted = getenv("KLINE_SIMD");
    if (!wanted || !*wanted) return;
    for (int32_t level = 0; kl_simd_name(level); level++) {
        if (strcmp(kl_simd_name(level), wanted) != 0) continue;
        if (kl_simd_force(level) == KL_OK) return;
        fprintf(stderr, "skipped: this machine has no %s\n", wanted);
        exit(FORCE_SKIPPED);
    }
    fprintf(stderr, "KLINE_SIMD=%s: no such level\n", wanted);
    exit(2);
}
