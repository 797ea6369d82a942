/* Descriptors, parameters, runs over columns, and refusals. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <cmocka.h>
#include "kline/indicator.h"

static void test_columns(void **state) {
    (void)state;
    double close[5] = {1, 2, 3, 4, 5}, got[5] = {0}, *out[1] = {got};
    kl_columns columns = {.n = 5, .close = close};
    const kl_indicator *sma = kl_indicator_find("sma"), *obv = kl_indicator_find("obv");
    kl_error error;
    double n = 3;
    assert_int_equal(kl_indicator_run(sma, &n, 1, &columns, NULL, out, &error), KL_OK);
    assert_true(isnan(got[1]) && got[2] == 2.0 && got[4] == 4.0);
    assert_int_equal(kl_indicator_run(obv, NULL, 0, &columns, NULL, out, &error), KL_E_COLUMNS);
    assert_string_equal(error.message, "obv needs the column volume");
    assert_true(got[2] == 2.0);
    kl_alloc_counter counter;
    kl_alloc alloc;
    assert_int_equal(kl_alloc_counter_init(&counter, kl_alloc_libc(), &alloc), KL_OK);
    counter.fail_at = 1;
    assert_int_equal(kl_indicator_run(sma, &n, 1, &columns, &alloc, out, &error), KL_E_MEMORY);
    assert_true(got[2] == 2.0);
    assert_int_equal(kl_indicator_run(sma, &n, 1, &columns, &alloc, out, &error), KL_OK);
    assert_int_equal(counter.live_bytes, 0);
}

static void test_params(void **state) {
    (void)state;
    double given[9] = {14, 0, 50}, params[KL_PARAMS_MAX] = {-7};
    kl_error error = {0};
    const kl_indicator *rsi = kl_indicator_find("rsi");
    assert_null(kl_indicator_find("nothing"));
    assert_null(kl_indicator_find(NULL));
    assert_null(kl_indicator_at(kl_indicator_count()));
    assert_int_equal(kl_indicator_params(rsi, given, 1, params, &error), KL_OK);
    assert_true(params[0] == 14 && params[1] == 0 && params[2] == 50);
    params[0] = -7;
    given[2] = (double)NAN;
    assert_int_equal(kl_indicator_params(rsi, given, 3, params, &error), KL_E_ARG);
    assert_int_equal(error.arg, 3);
    assert_true(params[0] == -7);
    assert_int_equal(kl_indicator_params(rsi, given, 9, params, &error), KL_E_ARG);
    assert_int_equal(kl_indicator_params(NULL, given, 1, params, &error), KL_E_ARG);
    given[0] = 100001;
    assert_int_equal(kl_indicator_params(rsi, given, 1, params, NULL), KL_E_ARG);
}

/* Every descriptor is complete and usable by whoever reads the registry. */
static void test_descriptors(void **state) {
    (void)state;
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *d = kl_indicator_at(i);
        double params[KL_PARAMS_MAX];
        assert_ptr_equal(kl_indicator_find(d->name), d);
        assert_true(i == 0 || strcmp(kl_indicator_at(i - 1)->name, d->name) < 0);
        assert_int_equal(d->struct_size, sizeof *d);
        assert_true(d->definition > 0 && d->title && d->group && d->since && d->source && d->cost);
        assert_true(d->stability == KL_EXACT || d->stability == KL_EPS);
        assert_in_range(d->n_inputs, 1, KL_INPUTS_MAX);
        assert_in_range(d->n_outputs, 1, KL_OUTPUTS_MAX);
        assert_in_range(d->n_params, 0, KL_PARAMS_MAX);
        assert_int_equal(kl_indicator_params(d, NULL, 0, params, NULL), KL_OK);
        for (uint32_t k = 0; k < d->n_inputs; k++) assert_true(d->inputs[k].name && d->inputs[k].usual);
        for (uint32_t k = 0; k < d->n_outputs; k++) {
            assert_true(d->outputs[k].name && d->outputs[k].title && d->outputs[k].pane);
            assert_true(d->outputs[k].min < d->outputs[k].max);
        }
        for (uint32_t k = 0; k < d->n_params; k++) {
            const kl_param_info *p = &d->params[k];
            assert_true(p->name && p->title && p->min <= p->def && p->def <= p->max);
            assert_true((p->kind == KL_PARAM_CHOICE) == (p->choices != NULL));
            for (int c = 0; p->choices && c <= (int)p->max; c++) assert_non_null(p->choices[c]);
            if (p->choices) assert_null(p->choices[(int)p->max + 1]);
        }
    }
}

/* An image is refused when any of its bytes is changed or it is cut anywhere, and the run is as before. */
static void test_restore_refuses(void **state) {
    (void)state;
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *d = kl_indicator_at(i);
        size_t bytes, used;
        kl_run *run;
        double in[KL_INPUTS_MAX], out[KL_OUTPUTS_MAX], params[KL_PARAMS_MAX] = {0};
        assert_int_equal(kl_run_size(d, NULL, &bytes, NULL), KL_OK);
        unsigned char *memory = malloc(bytes), *before = malloc(bytes);
        assert_int_equal(kl_run_init(memory, bytes - 1, d, NULL, &run, NULL), KL_E_SIZE);
        assert_int_equal(kl_run_init(memory, bytes, d, NULL, &run, NULL), KL_OK);
        for (int k = 0; k < 90; k++) {
            for (int c = 0; c < KL_INPUTS_MAX; c++) in[c] = 100 + k % 7 - c * 0.01;
            assert_int_equal(kl_run_step(run, in, out), KL_OK);
        }
        size_t room = kl_run_snapshot_size(run);
        unsigned char *image = malloc(room);
        assert_int_equal(kl_run_snapshot(run, image, room - 1, &used), KL_E_SIZE);
        assert_int_equal(kl_run_snapshot(run, image, room, &used), KL_OK);
        memcpy(before, memory, bytes);
        for (size_t at = 0; at < used; at++) {
            image[at] ^= 0x10;
            assert_true(kl_run_restore(run, image, used, NULL) < 0);
            image[at] ^= 0x10;
            assert_true(kl_run_restore(run, image, at, NULL) < 0);
        }
        assert_memory_equal(before, memory, bytes);
        for (uint32_t k = 0; k < d->n_params; k++) {
            for (uint32_t j = 0; j < d->n_params; j++) params[j] = d->params[j].def;
            params[k] = params[k] + 1 > d->params[k].max ? d->params[k].min : params[k] + 1;
            size_t more;
            kl_run *another;
            assert_int_equal(kl_run_size(d, params, &more, NULL), KL_OK);
            void *elsewhere = malloc(more);
            assert_int_equal(kl_run_init(elsewhere, more, d, params, &another, NULL), KL_OK);
            assert_int_equal(kl_run_restore(another, image, used, NULL), KL_E_DEFINITION);
            free(elsewhere);
        }
        assert_int_equal(kl_run_restore(run, image, used, NULL), KL_OK);
        free(memory), free(before), free(image);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns), cmocka_unit_test(test_params), cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_restore_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
