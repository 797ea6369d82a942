/* Prints a hash of the market generator's trades and one per file format: the lines must be the same on every platform.
 * Built with all sources of base, data, clean and gen: cc -Iinclude -Isrc tests/cross/hash_gen.c
 * src/{base,data,io,clean,gen}/?*.c With the argument `check`, it compares with what is expected and exits with 1 where
 * anything differs. */
#include <stdio.h>
#include <string.h>
#include "kline/gen.h"

static uint64_t hash;
static void mix(uint64_t v) { hash = (hash ^ v ^ hash >> 29) * UINT64_C(0x9e3779b97f4a7c15); }

static kl_status take_trades(void *ctx, size_t symbol, const kl_trade *rows, size_t n) {
    (void)ctx;
    for (size_t i = 0; i < n; i++) {
        mix(symbol);
        mix((uint64_t)rows[i].id);
        mix((uint64_t)rows[i].time_us);
        mix((uint64_t)rows[i].price);
        mix(rows[i].quantity.lo);
        mix(rows[i].flags);
    }
    return KL_OK;
}
static kl_status take_bytes(void *ctx, const void *bytes, size_t n) {
    (void)ctx;
    for (size_t i = 0; i < n; i++) mix(((const uint8_t *)bytes)[i]); /* whatever the pieces */
    return KL_OK;
}

static union {
    double align;
    unsigned char bytes[100000];
} memory;

static int report(const char *name, uint64_t expected) {
    printf("%s %08lx%08lx\n", name, (unsigned long)(hash >> 32), (unsigned long)(hash & 0xffffffff));
    return hash != expected;
}

int main(int argc, char **argv) {
    static const char *const names[] = {"kline_csv", "trade_csv", "agg_trade_csv", "kline_json", "stream_json"};
    static const uint64_t expected[6] = {UINT64_C(0xae9dac5c9d52286e), UINT64_C(0xfb1119bd43c2dc1f),
                                         UINT64_C(0x4aeee1104401b873), UINT64_C(0x784217c30c3fcd12),
                                         UINT64_C(0xd03203fc43c4ebf4), UINT64_C(0x076b29070c751168)};
    kl_gen_options options;
    kl_gen *gen;
    int wrong = 0;
    kl_gen_options_init(&options);
    options.symbols = 20;
    options.trades_per_minute = 50;
    if (kl_gen_init(&memory, sizeof memory, &options, &gen, NULL) < 0) return 2;
    while (kl_gen_next(gen, take_trades, NULL) == KL_OK) {
    }
    wrong += report("trades", expected[0]);
    for (int32_t format = 1; format <= 5; format++) {
        kl_gen_file_options file;
        kl_writer writer = {NULL, take_bytes};
        kl_gen_file_options_init(&file);
        file.format = format, file.symbol = 7, file.defects = 255, file.defect_rate = 0.01, file.events = 7;
        hash = 0;
        if (kl_gen_write(&options, &file, NULL, &writer, NULL, NULL) < 0) return 2;
        wrong += report(names[format - 1], expected[format]);
    }
    return argc > 1 && strcmp(argv[1], "check") == 0 && wrong;
}
