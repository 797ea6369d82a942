/* Prints one hash per number kernel of base over fixed inputs: the lines must be the same on every platform. Built
 * alone: cc -Iinclude -Isrc tests/cross/hash_base.c src/base/decimal.c src/base/double_*.c src/base/ln_exp*.c
 * src/base/number_tables.c With the argument `check`, it compares with what is expected and exits with 1 where anything
 * differs. */
#include "base/fp.h"
#include "base/fp.h"
#include <stdio.h>
#include <string.h>
#include "base/endian.h"
#include "base/number.h"

static uint64_t seed;
static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static void mix(uint64_t *hash, uint64_t v) { *hash = (*hash ^ v ^ *hash >> 29) * UINT64_C(0x9e3779b97f4a7c15); }
static void mix_text(uint64_t *hash, const char *text) {
    for (; *text; text++) mix(hash, (uint8_t)*text);
}
static double unit(void) { return (double)(next() >> 11) * 0x1p-53; }

static uint64_t hash_ln(void) {
    uint64_t hash = 1;
    for (int i = 0; i < 30000; i++) {
        mix(&hash, kl__double_bits(kl_ln(kl__bits_double(next()))));
        mix(&hash, kl__double_bits(kl_ln(0.6 + unit())));
        mix(&hash, kl__double_bits(kl_ln(1 + (unit() - 0.5) / (double)(UINT64_C(1) << (i % 50)))));
    }
    return hash;
}
static uint64_t hash_exp(void) {
    uint64_t hash = 1;
    for (int i = 0; i < 30000; i++) {
        mix(&hash, kl__double_bits(kl_exp((unit() - 0.5) * 1500)));
        mix(&hash, kl__double_bits(kl_exp(-708 - unit() * 38)));
        mix(&hash, kl__double_bits(kl_exp((unit() - 0.5) / (double)(UINT64_C(1) << (i % 56)))));
    }
    return hash;
}
static uint64_t hash_double_print(void) {
    uint64_t hash = 1;
    char text[KL_DOUBLE_TEXT_MAX];
    for (int i = 0; i < 20000; i++) {
        kl_double_print(kl__bits_double(next()), text);
        mix_text(&hash, text);
        kl_double_print((double)(next() % 100000000000) / 1e8, text);
        mix_text(&hash, text);
        kl_double_print(kl__bits_double(next() >> (12 + i % 50)), text);
        mix_text(&hash, text);
    }
    return hash;
}
static uint64_t hash_double_parse(void) {
    uint64_t hash = 1;
    for (int i = 0; i < 20000; i++) {
        char text[80];
        double value = 0;
        size_t used = 0;
        int n = (int)kl__digits_print(text, next() >> (i % 60));
        text[n++] = '.';
        for (int k = i % 30; k >= 0; k--) text[n++] = (char)('0' + next() % 10);
        text[n++] = 'e', text[n++] = i & 1 ? '-' : '+';
        n += (int)kl__digits_print(text + n, next() % 330);
        kl_double_parse(text, (size_t)n, &value, &used);
        mix(&hash, kl__double_bits(value));
        mix(&hash, used);
    }
    return hash;
}
static uint64_t hash_decimal(void) {
    uint64_t hash = 1;
    for (int i = 0; i < 20000; i++) {
        uint64_t high = next(), low = next();
        kl_i128 m = kl__wide((int64_t)high, low), back = {0, 0};
        char text[KL_DECIMAL_TEXT_MAX];
        int32_t scale = i % 19, to = (int32_t)(next() % 19);
        if (i % 3) m = kl__wide_from((int64_t)m.lo);
        size_t n = kl_decimal_print(&m, scale, text);
        mix_text(&hash, text);
        mix(&hash, kl__double_bits(kl_decimal_to_double(&m, scale)));
        mix(&hash, (uint64_t)kl_decimal_parse(text, n, &back, &scale, NULL));
        mix(&hash, (uint64_t)kl_decimal_rescale(&back, scale, to));
        mix(&hash, back.lo);
        mix(&hash, (uint64_t)back.hi);
    }
    return hash;
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        uint64_t (*hash)(void);
        uint64_t expected;
    } kernels[] = {{"ln", hash_ln, UINT64_C(0xf88868afb8a4d489)},
                   {"exp", hash_exp, UINT64_C(0x87197fcc0c2a465b)},
                   {"double_print", hash_double_print, UINT64_C(0xcf0a6dc227bf49c3)},
                   {"double_parse", hash_double_parse, UINT64_C(0x2cd15312d4d04678)},
                   {"decimal", hash_decimal, UINT64_C(0x65294744d2322dfc)}};
    int wrong = 0;
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        seed = 1;
        uint64_t hash = kernels[i].hash();
        wrong += hash != kernels[i].expected;
        printf("%s %08lx%08lx\n", kernels[i].name, (unsigned long)(hash >> 32), (unsigned long)(hash & 0xffffffff));
    }
    return argc > 1 && strcmp(argv[1], "check") == 0 && wrong;
}
