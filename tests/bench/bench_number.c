/* Speed of number text against the C library: min of runs, one line per case. Built alone:
 * cc -O2 -Iinclude -Isrc tests/bench/bench_number.c libkline.a -lm */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/number.h"

enum { BENCH_N = 20000, BENCH_RUNS = 80, BENCH_WIDTH = 32 };
static char texts[BENCH_N][BENCH_WIDTH];
static size_t lengths[BENCH_N];
static double values[BENCH_N];
static volatile double sink;
static uint64_t seed = 1;

static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}
static double measure(double (*pass)(void)) {
    double best = 1e300;
    for (int i = 0; i < BENCH_RUNS; i++) {
        double start = now();
        sink = pass();
        double took = (now() - start) / BENCH_N;
        if (took < best) best = took;
    }
    return best;
}

static double pass_ours_parse(void) {
    double sum = 0, value = 0;
    size_t used;
    for (int i = 0; i < BENCH_N; i++) kl_double_parse(texts[i], lengths[i], &value, &used), sum += value;
    return sum;
}
static double pass_strtod(void) {
    double sum = 0;
    for (int i = 0; i < BENCH_N; i++) sum += strtod(texts[i], NULL);
    return sum;
}
static double pass_digits(void) {
    uint64_t sum = 0, mantissa = 0;
    int decimals = 0;
    for (int i = 0; i < BENCH_N; i++) {
        kl__digits_parse(texts[i], texts[i] + BENCH_WIDTH, &mantissa, &decimals);
        sum += mantissa + (unsigned)decimals;
    }
    return (double)(sum >> 1);
}
static double pass_decimal(void) {
    kl_i128 mantissa = {0, 0};
    int32_t scale = 0;
    uint64_t sum = 0;
    for (int i = 0; i < BENCH_N; i++)
        kl_decimal_parse(texts[i], lengths[i], &mantissa, &scale, NULL), sum += mantissa.lo;
    return (double)(sum >> 1);
}
static double pass_ours_print(void) {
    char text[KL_DOUBLE_TEXT_MAX];
    size_t sum = 0;
    for (int i = 0; i < BENCH_N; i++) sum += kl_double_print(values[i], text);
    return (double)sum;
}
static double pass_printf(void) {
    char text[64];
    size_t sum = 0;
    for (int i = 0; i < BENCH_N; i++) sum += (size_t)snprintf(text, sizeof text, "%.17g", values[i]);
    return (double)sum;
}
static double pass_ln(void) {
    double sum = 0;
    for (int i = 0; i < BENCH_N; i++) sum += kl_ln(values[i]);
    return sum;
}
static double pass_exp(void) {
    double sum = 0;
    for (int i = 0; i < BENCH_N; i++) sum += kl_exp(values[i] * 1e-4);
    return sum;
}
static void report(const char *what, double ours, const char *other, double theirs) {
    printf("%-26s ours %6.2f ns  %s %6.2f ns  ratio %.1f\n", what, ours, other, theirs, theirs / ours);
}
static void fill(int kind) {
    for (int i = 0; i < BENCH_N; i++) {
        double unit = (double)(next() >> 11) * 0x1p-53;
        if (kind == 0) {
            lengths[i] = (size_t)snprintf(texts[i], BENCH_WIDTH, "%u.%02u000000", (unsigned)(next() % 90000 + 10000),
                                          (unsigned)(next() % 100));
        } else if (kind == 1) {
            lengths[i] = (size_t)snprintf(texts[i], BENCH_WIDTH, "%u.%08u", (unsigned)(next() % 1000),
                                          (unsigned)(next() % 100000000));
        } else {
            lengths[i] = (size_t)snprintf(texts[i], BENCH_WIDTH, "%.17g", unit * 100000);
        }
        values[i] = strtod(texts[i], NULL);
    }
}

int main(void) {
    static const char *const names[] = {"exchange", "exchange volume", "17 digits"};
    for (int kind = 0; kind < 3; kind++) {
        char what[64];
        fill(kind);
        double ours = measure(pass_ours_parse), theirs = measure(pass_strtod);
        snprintf(what, sizeof what, "double_parse %s", names[kind]);
        report(what, ours, "strtod", theirs);
        snprintf(what, sizeof what, "decimal_parse %s", names[kind]);
        report(what, measure(pass_decimal), "strtod", theirs);
        snprintf(what, sizeof what, "digits_parse %s", names[kind]);
        report(what, measure(pass_digits), "strtod", theirs);
        snprintf(what, sizeof what, "double_print %s", names[kind]);
        report(what, measure(pass_ours_print), "printf %.17g", measure(pass_printf));
    }
    printf("%-26s ours %6.2f ns\n%-26s ours %6.2f ns\n", "ln", measure(pass_ln), "exp", measure(pass_exp));
    return 0;
}
