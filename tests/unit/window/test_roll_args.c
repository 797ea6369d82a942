/* Rolling statistics: wrong arguments, damaged snapshots, times out of order, what is counted, lags without a window. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "hostile.h"
#include "kline/window.h"

#define ROWS 200

static double x[ROWS], y[ROWS], out[ROWS];
static kl_time times[ROWS];

static kl_roll_spec spec_of(int32_t what, int64_t rows) {
    kl_roll_spec spec;
    assert_int_equal(kl_roll_spec_init(&spec, what, rows), KL_OK);
    return spec;
}

static kl_roll *make(const kl_roll_spec *spec) {
    size_t bytes;
    kl_roll *roll;
    assert_int_equal(kl_roll_size(spec, &bytes, NULL), KL_OK);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    assert_int_equal(kl_roll_init(memory, bytes, spec, &roll, NULL), KL_OK);
    assert_ptr_equal(roll, memory);
    return roll;
}

static void test_registry(void **state) {
    (void)state;
    size_t n = 0;
    for (const kl_roll_info *info; (info = kl_roll_info_at(n)) != NULL; n++) {
        assert_int_equal(info->what, (int32_t)n + 1);
        assert_ptr_equal(kl_roll_info_find(info->name), info);
        assert_true(strlen(info->title) > 2 && info->least < info->greatest);
        kl_roll_spec spec = spec_of(info->what, 5);
        assert_int_equal(kl_roll_inputs(&spec), info->inputs);
    }
    assert_int_equal(n, KL_ROLL_REG_R2);
    assert_null(kl_roll_info_find("nonesuch"));
    assert_null(kl_roll_info_find(NULL));
    assert_null(kl_roll_info_at(SIZE_MAX));
    assert_int_equal(kl_roll_spec_init(NULL, 1, 1), KL_E_ARG);
}

static void refused(const kl_roll_spec *spec, int32_t arg, int64_t column, kl_status status) {
    size_t bytes = 77;
    kl_roll *roll = NULL;
    kl_error error;
    double memory[64];
    assert_int_equal(kl_roll_size(spec, &bytes, &error), status);
    assert_true(error.code == status && error.arg == arg && error.column == column && error.message[0]);
    assert_int_equal(bytes, 77);
    assert_int_equal(kl_roll_init(memory, sizeof memory, spec, &roll, &error), status);
    assert_null(roll);
    assert_int_equal(kl_roll_inputs(spec), 0);
    assert_int_equal(kl_roll_batch(spec, times, (const double *const[]){x, y}, ROWS, NULL, NULL, (double *const[]){out}, &error), status);
}

static void test_specs(void **state) {
    (void)state;
    kl_roll_spec spec = spec_of(KL_ROLL_STD, 5);
    refused(NULL, 1, 0, KL_E_ARG);
#define REFUSED(change, arg, column, status) \
    spec = spec_of(KL_ROLL_STD, 5), change, refused(&spec, arg, column, status)
    REFUSED(spec.struct_size--, 1, 0, KL_E_ARG);
    REFUSED(spec.flags = 4, 2, 0, KL_E_ARG);
    REFUSED(spec.flags = KL_ROLL_WHOLE, 2, 0, KL_E_ARG);
    REFUSED(spec.rows = 0, 3, 0, KL_E_ARG);
    REFUSED(spec.rows = KL_ROLL_ROWS_MAX + 1, 3, 0, KL_E_ARG);
    REFUSED(spec.rows = INT64_MIN, 3, 0, KL_E_ARG);
    REFUSED(spec.span_us = -1, 4, 0, KL_E_ARG);
    REFUSED((spec.span_us = 1, spec.period = (kl_interval){KL_DAY, 1, 0}), 5, 0, KL_E_ARG);
    REFUSED((spec.period = (kl_interval){KL_DAY, 0, 0}), 5, 0, KL_E_INTERVAL);
    REFUSED((spec.period = (kl_interval){99, 1, 0}), 5, 0, KL_E_INTERVAL);
    REFUSED(spec.min_count = -1, 6, 0, KL_E_ARG);
    REFUSED(spec.min_count = 6, 6, 0, KL_E_ARG);
    REFUSED(spec.ddof = 2, 7, 0, KL_E_ARG);
    REFUSED(spec.ddof = -1, 7, 0, KL_E_ARG);
    REFUSED(spec.n_stats = 0, 8, 0, KL_E_ARG);
    REFUSED(spec.n_stats = KL_ROLL_STATS_MAX + 1, 8, 0, KL_E_ARG);
    REFUSED(spec.stats[0].what = 0, 9, 1, KL_E_ARG);
    REFUSED(spec.stats[0].what = INT32_MIN, 9, 1, KL_E_ARG);
    REFUSED((spec.n_stats = 3, spec.stats[1].what = 1, spec.stats[2].what = 31), 9, 3, KL_E_ARG);
    REFUSED((spec.stats[0].what = KL_ROLL_QUANTILE, spec.stats[0].rule = 5), 9, 1, KL_E_ARG);
    REFUSED((spec.stats[0].what = KL_ROLL_RANK, spec.stats[0].rule = -1), 9, 1, KL_E_ARG);
    REFUSED((spec.stats[0].what = KL_ROLL_QUANTILE, spec.stats[0].param = 1.01), 9, 1, KL_E_ARG);
    REFUSED((spec.stats[0].what = KL_ROLL_QUANTILE, spec.stats[0].param = (double)NAN), 9, 1, KL_E_ARG);
    REFUSED((spec.stats[0].what = KL_ROLL_LAG, spec.stats[0].param = -1), 9, 1, KL_E_ARG);
    REFUSED((spec.stats[0].what = KL_ROLL_LAG, spec.stats[0].param = 1.5), 9, 1, KL_E_ARG);
    REFUSED((spec.stats[0].what = KL_ROLL_LAG, spec.stats[0].param = KL_ROLL_ROWS_MAX + 1), 9, 1, KL_E_ARG);
}

static void test_calls(void **state) {
    (void)state;
    kl_roll_spec spec = spec_of(KL_ROLL_VWAP, 5);
    kl_roll *roll = make(&spec), *other = NULL;
    size_t bytes, used;
    kl_error error;
    double memory[512], value[2] = {1, 2};
    double *to[1] = {out};
    const double *in[2] = {x, y}, *lacking[2] = {x, NULL};
    assert_int_equal(kl_roll_size(&spec, &bytes, NULL), KL_OK);
    assert_true(bytes <= sizeof memory);
    assert_int_equal(kl_roll_size(&spec, NULL, NULL), KL_E_ARG);
    assert_int_equal(kl_roll_init(memory, bytes - 1, &spec, &other, &error), KL_E_SIZE);
    assert_int_equal(kl_roll_init((char *)memory + 1, bytes, &spec, &other, &error), KL_E_ARG);
    assert_int_equal(kl_roll_init(NULL, bytes, &spec, &other, NULL), KL_E_ARG);
    assert_int_equal(kl_roll_init(memory, bytes, &spec, NULL, NULL), KL_E_ARG);
    assert_null(other);
    assert_int_equal(kl_roll_run(NULL, NULL, in, 3, to, &error), KL_E_ARG);
    assert_int_equal(kl_roll_run(roll, NULL, lacking, 3, to, &error), KL_E_ARG);
    assert_int_equal(error.arg, 3);
    assert_int_equal(kl_roll_run(roll, NULL, NULL, 3, to, NULL), KL_E_ARG);
    assert_int_equal(kl_roll_run(roll, NULL, in, 3, NULL, NULL), KL_E_ARG);
    assert_int_equal(kl_roll_run(roll, NULL, NULL, 0, NULL, NULL), KL_OK);
    assert_int_equal(kl_roll_step(NULL, 0, value, out), KL_E_ARG);
    assert_int_equal(kl_roll_step(roll, 0, NULL, out), KL_E_ARG);
    assert_int_equal(kl_roll_step(roll, 0, value, NULL), KL_E_ARG);
    assert_int_equal(kl_roll_peek(roll, memory, bytes - 1, 0, value, out), KL_E_SIZE);
    assert_int_equal(kl_roll_peek(roll, NULL, bytes, 0, value, out), KL_E_ARG);
    assert_int_equal(kl_roll_peek(roll, (char *)memory + 4, bytes, 0, value, out), KL_E_ARG);
    assert_int_equal(kl_roll_snapshot_size(NULL), 0);
    assert_int_equal(kl_roll_snapshot(roll, memory, kl_roll_snapshot_size(roll) - 1, &used), KL_E_SIZE);
    assert_int_equal(kl_roll_snapshot(NULL, memory, sizeof memory, &used), KL_E_ARG);
    assert_int_equal(kl_roll_restore(roll, NULL, 3, NULL), KL_E_ARG);
    assert_int_equal(kl_roll_missing(NULL, NULL), 0);
    assert_int_equal(kl_roll_batch(&spec, NULL, in, ROWS, NULL, NULL, (double *const[]){x + 1}, &error), KL_E_ARG);
    assert_int_equal(error.arg, 7);
    assert_int_equal(kl_roll_batch(&spec, NULL, lacking, ROWS, NULL, NULL, to, &error), KL_E_ARG);
    assert_int_equal(kl_roll_batch(&spec, NULL, in, ROWS, NULL, NULL, NULL, NULL), KL_E_ARG);
    assert_int_equal(kl_roll_batch(&spec, NULL, NULL, 0, NULL, NULL, NULL, NULL), KL_OK);
    free(roll);
}

/* A row that is refused is not taken, nor is any before it in the same call. */
static void test_times(void **state) {
    (void)state;
    kl_roll_spec spec = spec_of(KL_ROLL_SUM, 3);
    const double *in[1] = {x};
    double *to[1] = {out}, one = 1, got;
    kl_error error;
    size_t used;
    unsigned char before[1024], after[1024];
    for (size_t j = 0; j < ROWS; j++) x[j] = 1, times[j] = (kl_time)j * 10;
    spec.span_us = 30; /* three rows */
    kl_roll *roll = make(&spec);
    assert_int_equal(kl_roll_run(roll, NULL, in, 3, to, &error), KL_E_ARG);
    assert_int_equal(kl_roll_run(roll, times, in, 100, to, &error), KL_OK);
    assert_true(out[0] == 1 && out[99] == 3);
    assert_int_equal(kl_roll_snapshot(roll, before, sizeof before, &used), KL_OK);
    times[150] = times[149];
    out[0] = -5;
    assert_int_equal(kl_roll_run(roll, times + 100, in, 100, to, &error), KL_E_ORDER);
    assert_true(error.row == 51 && out[0] == -5);
    times[150] = times[149] + 1; /* four rows in 30 */
    assert_int_equal(kl_roll_run(roll, times + 100, in, 100, to, &error), KL_E_SIZE);
    assert_true(error.row == 51 && out[0] == -5);
    assert_int_equal(kl_roll_step(roll, 990, &one, &got), KL_E_ORDER);
    assert_int_equal(kl_roll_step(roll, INT64_MIN, &one, &got), KL_E_ORDER);
    assert_int_equal(kl_roll_step(roll, 991, &one, &got), KL_E_SIZE);
    assert_int_equal(kl_roll_snapshot(roll, after, sizeof after, &used), KL_OK);
    assert_memory_equal(before, after, used);
    assert_int_equal(kl_roll_step(roll, INT64_MAX, &one, &got), KL_OK);
    assert_true(got == 1);
    free(roll);
    spec.span_us = 0, spec.period = (kl_interval){KL_SECOND, 1, 0};
    roll = make(&spec);
    assert_int_equal(kl_roll_step(roll, INT64_MIN, &one, &got), KL_E_OVERFLOW);
    for (kl_time t = 0; t < 3; t++) assert_int_equal(kl_roll_step(roll, t, &one, &got), KL_OK);
    assert_int_equal(kl_roll_step(roll, 3, &one, &got), KL_E_SIZE);
    assert_int_equal(kl_roll_step(roll, 1000000, &one, &got), KL_OK);
    assert_true(got == 1);
    free(roll);
}

static void test_missing(void **state) {
    (void)state;
    kl_roll_spec spec = spec_of(KL_ROLL_CORR, 3);
    uint64_t infinite;
    kl_roll *roll = make(&spec);
    const double *in[2] = {x, y};
    double *to[1] = {out};
    for (size_t j = 0; j < ROWS; j++) x[j] = y[j] = (double)(j * j % 17);
    x[3] = (double)NAN, y[3] = (double)INFINITY, x[9] = -(double)INFINITY, y[20] = 0x1p1000, x[40] = y[40] = (double)NAN;
    assert_int_equal(kl_roll_run(roll, NULL, in, 50, to, NULL), KL_OK);
    assert_int_equal(kl_roll_missing(roll, &infinite), 4);
    assert_int_equal(infinite, 3);
    for (size_t j = 0; j < 50; j++) {
        int hole = j < 2 || (j >= 3 && j < 6) || (j >= 9 && j < 12) || (j >= 20 && j < 23) || (j >= 40 && j < 43);
        assert_true(hole == (out[j] != out[j]));
        if (!hole) assert_true(out[j] > 1 - 1e-15);
    }
    free(roll);
}

/* Any byte changed is noticed; an image of another window is refused; nothing changes meanwhile. */
static void test_damage(void **state) {
    (void)state;
    kl_roll_spec spec = spec_of(KL_ROLL_MEDIAN, 4), changed;
    unsigned char image[2048], again[2048], damaged[2048];
    size_t size, used;
    kl_error error;
    const double *in[2] = {x, y};
    double *to[1] = {out};
    spec.span_us = 1000;
    for (size_t j = 0; j < ROWS; j++) x[j] = (double)j, times[j] = (kl_time)j * 500;
    kl_roll *roll = make(&spec), *other;
    assert_int_equal(kl_roll_run(roll, times, in, 9, to, NULL), KL_OK);
    assert_int_equal(kl_roll_snapshot(roll, image, sizeof image, &size), KL_OK);
    assert_int_equal(kl_roll_step(roll, 4500, x, out), KL_OK);
    assert_int_equal(kl_roll_snapshot(roll, again, sizeof again, &used), KL_OK);
    for (size_t at = 0; at < size; at++) {
        memcpy(damaged, image, size);
        damaged[at] ^= (unsigned char)(1u << at % 8);
        kl_status status = kl_roll_restore(roll, damaged, size, &error);
        assert_true(status == KL_E_CORRUPT || (at == 7 && status == KL_E_VERSION));
        if (at > 12) assert_int_equal(kl_roll_restore(roll, image, at, NULL), KL_E_CORRUPT);
    }
    for (size_t at = 88; at + 8 < size; at++) { /* with a checksum that fits: refused, or a state that can be */
        memcpy(damaged, image, size);
        damaged[at] ^= 0x81;
        uint32_t crc = kl_crc32c(0, damaged, size - 8);
        for (int b = 0; b < 4; b++) damaged[size - 8 + (size_t)b] = (unsigned char)(crc >> 8 * b);
        kl_status status = kl_roll_restore(roll, damaged, size, &error);
        assert_true(status == KL_OK || status == KL_E_CORRUPT || status == KL_E_DEFINITION);
        if (status == KL_OK) {
            unsigned char written[2048];
            assert_int_equal(kl_roll_snapshot(roll, written, sizeof written, &used), KL_OK);
            assert_memory_equal(written, damaged, size);
            assert_int_equal(kl_roll_restore(roll, again, used, NULL), KL_OK);
        }
    }
    assert_int_equal(kl_roll_snapshot(roll, damaged, sizeof damaged, &used), KL_OK);
    assert_memory_equal(damaged, again, used);
    const kl_roll_spec specs[] = {spec, spec, spec, spec, spec};
    for (int i = 0; i < 5; i++) {
        changed = specs[i];
        if (i == 0) changed.rows = 5;
        if (i == 1) changed.min_count = 1;
        if (i == 2) changed.stats[0].what = KL_ROLL_STD;
        if (i == 3) changed.flags = KL_ROLL_BEFORE;
        if (i == 4) changed.span_us = 999;
        other = make(&changed);
        assert_int_equal(kl_roll_restore(other, image, size, &error), KL_E_DEFINITION);
        free(other);
    }
    free(roll);
}

static void test_lag_coalesce(void **state) {
    (void)state;
    const double in[6] = {(double)NAN, 5, (double)INFINITY, -0.0, 7, 8};
    const int64_t lags[3] = {4, 1, 0}, bad[1] = {-1}, far[1] = {INT64_MAX};
    double got[6];
    assert_int_equal(kl_lag_coalesce(in, 6, lags, 3, got), KL_OK);
    assert_true(got[0] != got[0] && got[1] == 5 && got[2] == 5 && got[3] == 0 && !signbit(got[3]) && got[4] == 0 && got[5] == 5);
    assert_int_equal(kl_lag_coalesce(in, 6, far, 1, got), KL_OK);
    for (int i = 0; i < 6; i++) assert_true(got[i] != got[i]);
    assert_int_equal(kl_lag_coalesce(in, 6, bad, 1, got), KL_E_ARG);
    assert_int_equal(kl_lag_coalesce(NULL, 6, lags, 3, got), KL_E_ARG);
    assert_int_equal(kl_lag_coalesce(in, 6, NULL, 3, got), KL_E_ARG);
    assert_int_equal(kl_lag_coalesce(in, 6, lags, 3, NULL), KL_E_ARG);
    assert_int_equal(kl_lag_coalesce(NULL, 0, NULL, 0, NULL), KL_OK);
}

/* The bytes of a window are the window. */
static void test_clone(void **state) {
    (void)state;
    kl_roll_spec spec = spec_of(KL_ROLL_STD, 7);
    size_t bytes;
    kl_roll *roll = make(&spec);
    assert_int_equal(kl_roll_size(&spec, &bytes, NULL), KL_OK);
    for (size_t j = 0; j < 20; j++) assert_int_equal(kl_roll_step(roll, 0, &(double){(double)(j * j % 11)}, out), KL_OK);
    kl_roll *copy = malloc(bytes);
    memcpy(copy, roll, bytes);
    for (size_t j = 0; j < 20; j++) {
        double a, b, value = (double)(j * 7 % 5);
        assert_int_equal(kl_roll_step(roll, 0, &value, &a), KL_OK);
        assert_int_equal(kl_roll_step(copy, 0, &value, &b), KL_OK);
        assert_memory_equal(&a, &b, sizeof a);
    }
    free(copy);
    free(roll);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registry), cmocka_unit_test(test_specs),  cmocka_unit_test(test_calls),        cmocka_unit_test(test_times),
        cmocka_unit_test(test_missing),  cmocka_unit_test(test_damage), cmocka_unit_test(test_lag_coalesce), cmocka_unit_test(test_clone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
