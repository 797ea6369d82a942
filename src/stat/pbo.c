/* Overfitting by combinatorially symmetric cross-validation: every half of the blocks chooses the best trial, the other half
 * says what that was worth. */
#include "base/fp.h"
#include "base/size.h"
#include "stat/perf.h"

enum { PBO_TASKS = 16, PBO_BLOCKS = 20, PBO_PARTS = 3 };

typedef struct pbo_run {
    const kl_perf_conventions *c;
    size_t trials, blocks;
    uint64_t splits;
    double *sums;    /* [block][part][trial]: count, sum and squares of returns less the trial's centre */
    double *centre;  /* [trial] */
    double *scratch; /* [task][2][trial] */
    double *inside, *outside, *logit; /* [split] */
} pbo_run;

static uint64_t pbo_choose(size_t n, size_t k) {
    uint64_t c = 1;
    for (size_t i = 1; i <= k; i++) c = c * (n - k + i) / i;
    return k > n ? 0 : c;
}

/* The split of this number: `half` bits of `blocks`, in rising order. */
static uint32_t pbo_split(uint64_t number, size_t half) {
    uint32_t mask = 0;
    for (size_t k = half; k > 0; k--) {
        size_t at = k - 1;
        while (pbo_choose(at + 1, k) <= number) at++;
        number -= pbo_choose(at, k);
        mask |= UINT32_C(1) << at;
    }
    return mask;
}
/* The next number with as many bits. */
static uint32_t pbo_next(uint32_t mask) {
    uint32_t low = mask & (~mask + 1), up = mask + low;
    return up | (((mask ^ up) >> 2) / low);
}

/* Sharpe ratios of all trials over the blocks of a mask; 0 where a trial does not vary. */
static void pbo_sharpes(const pbo_run *run, uint32_t mask, double *out) {
    for (size_t from = 0; from < run->trials; from += 128) {
        size_t many = run->trials - from < 128 ? run->trials - from : 128;
        double n[128] = {0}, sum[128] = {0}, squares[128] = {0};
        for (size_t b = 0; b < run->blocks; b++) {
            if (!(mask >> b & 1)) continue;
            const double *part = run->sums + b * PBO_PARTS * run->trials + from;
            for (size_t j = 0; j < many; j++) {
                n[j] += part[j];
                sum[j] += part[run->trials + j];
                squares[j] += part[2 * run->trials + j];
            }
        }
        for (size_t j = 0; j < many; j++) {
            double mean = sum[j] / n[j], variance = (squares[j] - sum[j] * mean) / (n[j] - run->c->ddof);
            out[from + j] = variance > 0 ? (run->centre[from + j] + mean - run->c->risk_free) / kl__sqrt(variance) : 0;
        }
    }
}

static void pbo_judge(const pbo_run *run, uint64_t split, const double *inside, const double *outside) {
    size_t best = 0;
    double below = 0, equal = 0, n = (double)run->trials;
    for (size_t t = 1; t < run->trials; t++)
        if (inside[t] > inside[best]) best = t;
    for (size_t t = 0; t < run->trials; t++) below += outside[t] < outside[best], equal += outside[t] == outside[best];
    double rank = below + (equal + 1) / 2; /* 1 is the worst; of equal ones the middle */
    run->inside[split] = inside[best];
    run->outside[split] = outside[best];
    run->logit[split] = kl_ln(rank / (n + 1 - rank));
}

static kl_status pbo_task(void *arg, size_t task) {
    const pbo_run *run = (const pbo_run *)arg;
    uint64_t first = run->splits * task / PBO_TASKS, end = run->splits * (task + 1) / PBO_TASKS;
    double *inside = run->scratch + task * 2 * run->trials, *outside = inside + run->trials;
    uint32_t all = (UINT32_C(1) << run->blocks) - 1, mask = first < end ? pbo_split(first, run->blocks / 2) : 0;
    for (uint64_t split = first; split < end; split++) {
        pbo_sharpes(run, mask, inside);
        pbo_sharpes(run, all & ~mask, outside);
        pbo_judge(run, split, inside, outside);
        mask = pbo_next(mask);
    }
    return KL_OK;
}

static void pbo_blocks(const pbo_run *run, const double *const *returns, size_t n) {
    for (size_t t = 0; t < run->trials; t++) {
        kl__moments m;
        kl__moments_sum(returns[t], n, 2, &m);
        double centre = m.least == m.most ? m.least : m.n > 0 ? m.mean : 0;
        run->centre[t] = centre;
        for (size_t b = 0; b < run->blocks; b++) {
            size_t from = n / run->blocks * b + (b < n % run->blocks ? b : n % run->blocks);
            size_t to = from + n / run->blocks + (b < n % run->blocks);
            double count = 0, sum = 0, squares = 0;
            for (size_t i = from; i < to; i++) {
                if (!kl__known(returns[t][i])) continue;
                count += 1, sum += returns[t][i] - centre, squares += (returns[t][i] - centre) * (returns[t][i] - centre);
            }
            double *part = run->sums + b * PBO_PARTS * run->trials + t;
            part[0] = count, part[run->trials] = sum, part[2 * run->trials] = squares;
        }
    }
}

static void pbo_result(const pbo_run *run, kl_pbo *pbo) {
    double n = (double)run->splits, lost = 0, failed = 0, logits = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (uint64_t s = 0; s < run->splits; s++) {
        failed += run->logit[s] <= 0;
        lost += run->outside[s] < 0;
        logits += run->logit[s], x += run->inside[s], y += run->outside[s];
    }
    for (uint64_t s = 0; s < run->splits; s++) {
        xx += (run->inside[s] - x / n) * (run->inside[s] - x / n);
        xy += (run->inside[s] - x / n) * (run->outside[s] - y / n);
    }
    pbo->splits = run->splits;
    pbo->pbo = failed / n;
    pbo->mean_logit = kl__output(logits / n);
    pbo->slope = kl__output(xy / xx);
    pbo->intercept = kl__output(y / n - xy / xx * (x / n));
    pbo->loss_probability = lost / n;
}

kl_status kl_pbo_cscv(const double *const *returns, size_t trials, size_t n, size_t blocks, const kl_perf_conventions *conventions,
                      const kl_alloc *alloc, const kl_executor *executor, kl_pbo *pbo) {
    kl_perf_conventions c;
    pbo_run run;
    size_t per_trial, bytes;
    if (!returns || !pbo || trials < 2 || blocks < 2 || blocks > PBO_BLOCKS || blocks % 2 || n / 2 < blocks) return KL_E_ARG;
    for (size_t t = 0; t < trials; t++)
        if (!returns[t]) return KL_E_ARG;
    if (!kl__perf_conventions_copy(&c, conventions)) return KL_E_ARG;
    if (!alloc) alloc = kl_alloc_libc();
    if (!executor) executor = kl_executor_serial();
    run.c = &c, run.trials = trials, run.blocks = blocks, run.splits = pbo_choose(blocks, blocks / 2);
    if (kl__size_mul(trials, blocks * PBO_PARTS + 1 + 2 * PBO_TASKS, &per_trial) || kl__size_add(per_trial, 3 * (size_t)run.splits, &bytes) ||
        kl__size_mul(bytes, sizeof(double), &bytes))
        return KL_E_MEMORY;
    double *memory = (double *)alloc->take(alloc->ctx, bytes);
    if (!memory) return KL_E_MEMORY;
    run.sums = memory, run.centre = memory + trials * blocks * PBO_PARTS, run.scratch = run.centre + trials;
    run.inside = memory + per_trial, run.outside = run.inside + run.splits, run.logit = run.outside + run.splits;
    pbo_blocks(&run, returns, n);
    kl_status status = executor->run(executor->ctx, pbo_task, &run, PBO_TASKS);
    if (status >= 0) pbo_result(&run, pbo);
    alloc->give(alloc->ctx, memory, bytes);
    return status;
}
