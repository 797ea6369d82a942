/* Intervals of figures by histories that are drawn from the one there is. */
#include "base/fp.h"
#include "base/size.h"
#include "stat/perf.h"
#include <string.h>

enum { BOOTSTRAP_TASKS = 16 };

/* Every draw and row has its own numbers, so threads do not matter. */
static uint64_t bootstrap_mix(uint64_t z) {
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}
static double bootstrap_unit(uint64_t key, uint64_t index) {
    return (double)(bootstrap_mix(key + (index + 1) * UINT64_C(0x9e3779b97f4a7c15)) >> 11) * 0x1p-53;
}

typedef struct bootstrap_run {
    const kl_bootstrap *options;
    const kl_perf_conventions *c;
    const double *returns;
    double *memory, *result; /* of each task: a history and a scratch; of each draw: its figure */
    size_t n, tasks;
    double leave;            /* probability that a block ends */
} bootstrap_run;

static kl_status bootstrap_task(void *arg, size_t task) {
    const bootstrap_run *run = (const bootstrap_run *)arg;
    size_t n = run->n, draws = (size_t)run->options->draws;
    double *history = run->memory + task * (n + KL__PERF_SCRATCH(n)), *scratch = history + n;
    for (size_t draw = task; draw < draws; draw += run->tasks) {
        uint64_t key = bootstrap_mix(run->options->seed ^ bootstrap_mix((uint64_t)draw + 1));
        size_t at = 0;
        for (size_t i = 0; i < n; i++) {
            at = at + 1 < n ? at + 1 : 0;
            if (i == 0 || bootstrap_unit(key, 2 * i) < run->leave) {
                at = (size_t)(bootstrap_unit(key, 2 * i + 1) * (double)n);
                if (at >= n) at = n - 1;
            }
            history[i] = run->returns[at];
        }
        run->result[draw] = kl__perf_one(run->options->figure, run->c, history, NULL, n, scratch);
    }
    return KL_OK;
}

kl_status kl_bootstrap_init(kl_bootstrap *options) {
    if (!options) return KL_E_ARG;
    memset(options, 0, sizeof *options);
    options->struct_size = sizeof *options;
    options->figure = KL_PERF_SHARPE;
    options->seed = 1;
    options->draws = 2000;
    options->confidence = 0.95;
    return KL_OK;
}

kl_status kl_bootstrap_interval(const kl_bootstrap *options, const double *returns, size_t n, const kl_perf_conventions *conventions,
                                const kl_alloc *alloc, const kl_executor *executor, double *low, double *high) {
    kl_perf_conventions c;
    bootstrap_run run;
    size_t each, bytes, count, draws, used = 0;
    if (!options || options->struct_size != sizeof *options || !low || !high || !returns || n == 0) return KL_E_ARG;
    if (options->draws == 0 || options->draws > SIZE_MAX / 64 || !(options->block >= 0) || !kl__known(options->block)) return KL_E_ARG;
    if (!(options->confidence > 0 && options->confidence < 1) || !kl__perf_conventions_copy(&c, conventions)) return KL_E_ARG;
    if (kl__perf_made_of(options->figure) != 1) return KL_E_UNSUPPORTED;
    if (!kl__perf_untimed(&c)) return KL_E_ARG;
    if (!alloc) alloc = kl_alloc_libc();
    if (!executor) executor = kl_executor_serial();
    draws = (size_t)options->draws;
    run.tasks = draws < BOOTSTRAP_TASKS ? draws : BOOTSTRAP_TASKS;
    if (n > SIZE_MAX / 8 || kl__size_mul(n + KL__PERF_SCRATCH(n), run.tasks, &each) || kl__size_add(each, 2 * draws, &count) ||
        kl__size_mul(count, sizeof(double), &bytes))
        return KL_E_MEMORY;
    double *memory = (double *)alloc->take(alloc->ctx, bytes), block = options->block;
    if (!memory) return KL_E_MEMORY;
    if (block == 0) block = kl__perf_power((double)n, 1.0 / 3);
    run.options = options, run.c = &c, run.returns = returns, run.memory = memory, run.result = memory + each, run.n = n;
    run.leave = block > 1 ? 1 / block : 1;
    kl_status status = executor->run(executor->ctx, bootstrap_task, &run, run.tasks);
    if (status >= 0) {
        for (size_t k = 0; k < draws; k++)
            if (run.result[k] == run.result[k]) run.result[used++] = run.result[k];
        if (used > 0) kl__perf_sort(run.result, run.result + draws, used);
        *low = used > 0 ? kl__perf_quantile(run.result, used, (1 - options->confidence) / 2) : (double)NAN;
        *high = used > 0 ? kl__perf_quantile(run.result, used, (1 + options->confidence) / 2) : (double)NAN;
    }
    alloc->give(alloc->ctx, memory, bytes);
    return status;
}
