/* 1e8 bars (or as many as the first argument says) of drifting prices with spikes through rolling windows of 24 and 500 (or of what the
 * second says), as a stream and in whole columns: both give the same bits, the last bars, which repeat the first, give the bits of the first, and so the
 * error against 113 bits is at the end what it was at the start. Prints both. */
#include "base/fp.h"
#include "market_data.h"
#include "window_reference.h"
#include <time.h>

enum { CHUNK = 50000, PART = 100000, MARGIN = 500, JOBS = 3, STATS = 5 };

static double x[CHUNK], y[CHUNK], volume[CHUNK];
static double head[3][PART], tail[3][PART + MARGIN]; /* the first bars; those before the repeated ones, with what their windows need */

typedef struct job {
    kl_roll_spec spec;
    size_t bytes;
    kl_roll *stream, *column;
    double *start[STATS], *drifted[STATS], *again[STATS]; /* outputs: of the first bars, of the last new ones, of the repeated ones */
    double seconds[2];
} job;
static job jobs[JOBS];

static void die(const char *what) {
    fprintf(stderr, "soak: %s\n", what);
    exit(1);
}
static void *room_for(size_t bytes) {
    void *memory = malloc(bytes);
    if (!memory) die("out of memory");
    return memory;
}

/* Bars from..from+n of the drifting market: each is made from its number alone. */
static void bars(int64_t from, size_t n, double *price, double *other, double *traded) {
    for (size_t k = 0; k < n; k++) {
        uint64_t number = (uint64_t)from + k, seed = number * UINT64_C(0x2545f4914f6cdd1d) + 17;
        double trend = 100.0 + 1e-4 * (double)number, e = data_unit(&seed) - 0.5, f = data_unit(&seed) - 0.5;
        price[k] = random_below(&seed, 1000000) ? trend * (1.0 + 0.005 * e) : 1e9 * (1.5 + e);
        other[k] = 0.03 * trend * (1.0 + 0.003 * (e + f));
        traded[k] = 1000.0 * data_unit(&seed);
    }
}

static double now(void) {
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static kl_roll *new_roll(const job *j) {
    kl_roll *roll;
    if (kl_roll_init(room_for(j->bytes), j->bytes, &j->spec, &roll, NULL) != KL_OK) die("init");
    return roll;
}

static void start_job(job *j, int64_t w, const int32_t *whats, uint32_t n) {
    if (kl_roll_spec_init(&j->spec, whats[0], w) != KL_OK) die("spec");
    j->spec.n_stats = n;
    for (uint32_t s = 0; s < n; s++) {
        j->spec.stats[s].what = whats[s];
        j->start[s] = (double *)room_for(PART * sizeof(double)), j->drifted[s] = (double *)room_for(PART * sizeof(double));
        j->again[s] = (double *)room_for(PART * sizeof(double));
    }
    if (kl_roll_size(&j->spec, &j->bytes, NULL) != KL_OK) die("size");
    j->stream = new_roll(j), j->column = new_roll(j);
}

static int second_input(const job *j) { return j->spec.stats[0].what == KL_ROLL_VWAP ? 2 : 1; }

/* One chunk through a job, both ways; `keep`: where the outputs go, or NULL. */
static void feed(job *j, double *const *keep, size_t at) {
    static double columns[STATS][CHUNK];
    double *out[STATS], result[STATS];
    const double *in[2] = {x, second_input(j) == 2 ? volume : y};
    for (uint32_t s = 0; s < j->spec.n_stats; s++) out[s] = columns[s];
    double t0 = now();
    if (kl_roll_run(j->column, NULL, in, CHUNK, out, NULL) != KL_OK) die("run");
    double t1 = now();
    uint64_t wrong = 0;
    for (size_t k = 0; k < CHUNK; k++) {
        double row[2] = {in[0][k], in[1][k]};
        if (kl_roll_step(j->stream, 0, row, result) != KL_OK) die("step");
        for (uint32_t s = 0; s < j->spec.n_stats; s++) wrong += memcmp(&result[s], &columns[s][k], sizeof(double)) != 0;
    }
    j->seconds[0] += t1 - t0, j->seconds[1] += now() - t1;
    if (wrong) die("a stream and whole columns differ");
    for (uint32_t s = 0; s < j->spec.n_stats && keep; s++) memcpy(keep[s] + at, columns[s], CHUNK * sizeof(double));
}

/* The worst error of each statistic, in its units, over some of the rows that were kept. */
static void errors(const job *j, double (*inputs)[PART], size_t stride, size_t before, double *const *kept, double *worst) {
    ref_scratch *scratch = ref_scratch_new((size_t)j->spec.rows);
    const double *base = &inputs[0][0], *in[2] = {base, base + stride * (size_t)second_input(j)};
    size_t step = j->spec.rows > 100 ? 37 : 3;
    for (uint32_t s = 0; s < STATS; s++) worst[s] = 0;
    for (size_t k = (size_t)j->spec.rows - 1; k < PART; k += step) {
        ref_value want[STATS];
        if (!ref_roll(&j->spec, NULL, in, before + k, scratch, want)) die("no reference");
        for (uint32_t s = 0; s < j->spec.n_stats; s++) {
            double got = kept[s][k];
            if (want[s].known != (isfinite(got) != 0)) die("known and unknown are not as in the reference");
            if (!want[s].known) continue;
            double off = (double)ref_abs((quad)got - want[s].value);
            if (want[s].unit > 0) off /= (double)want[s].unit;
            if (off > worst[s]) worst[s] = off;
        }
    }
    ref_scratch_free(scratch);
}

/* The state is the last rows, their number and nothing else: a window that saw only those writes the same snapshot but for the 8
 * bytes of the number and the 4 of the checksum. */
static void fresh_state(const job *j) {
    size_t used[3], room = kl_roll_snapshot_size(j->stream);
    kl_roll *fresh = new_roll(j);
    const kl_roll *all[3] = {j->stream, j->column, fresh};
    double *out[STATS] = {NULL};
    const double *in[2] = {x, second_input(j) == 2 ? volume : y};
    if (kl_roll_run(fresh, NULL, in, CHUNK, out, NULL) != KL_OK) die("run");
    void *image[3];
    for (int i = 0; i < 3; i++) {
        image[i] = room_for(room);
        if (kl_roll_snapshot(all[i], image[i], room, &used[i]) != KL_OK) die("snapshot");
        size_t other = 0;
        for (size_t at = 0; at < used[0] && used[i] == used[0]; at++) other += ((unsigned char *)image[i])[at] != ((unsigned char *)image[0])[at];
        if (used[i] != used[0] || other > (i == 2 ? 12 : 0)) die("the state depends on what is long gone");
    }
    for (int i = 0; i < 3; i++) free(image[i]);
    free(fresh);
}

static const char *name_of(int32_t what) {
    for (size_t i = 0; kl_roll_info_at(i); i++)
        if (kl_roll_info_at(i)->what == what) return kl_roll_info_at(i)->name;
    return "?";
}

static void report(const job *j) {
    double start[STATS], drifted[STATS], again[STATS];
    size_t warm = (size_t)j->spec.rows - 1;
    errors(j, head, PART, 0, j->start, start);
    errors(j, (double (*)[PART])(void *)tail, PART + MARGIN, MARGIN, j->drifted, drifted);
    errors(j, head, PART, 0, j->again, again);
    for (uint32_t s = 0; s < j->spec.n_stats; s++) {
        int32_t what = j->spec.stats[s].what;
        double promise = ref_promise(what, (double)j->spec.rows);
        printf("w=%-3lld %-7s error at the start %.4f, at the end %.4f; of new prices before the end %.4f; promised %.4g %s\n",
               (long long)j->spec.rows, name_of(what), start[s], again[s], drifted[s], promise, ref_unit_name(what));
        if (memcmp(j->start[s] + warm, j->again[s] + warm, (PART - warm) * sizeof(double)) != 0) die("the same bars gave other bits at the end");
        if (start[s] > promise || drifted[s] > promise) die("an error is beyond its promise");
    }
    printf("w=%-3lld %s...: %.1f s in columns, %.1f s as a stream\n", (long long)j->spec.rows, name_of(j->spec.stats[0].what), j->seconds[0],
           j->seconds[1]);
}

static void soak(int64_t total, int64_t w) {
    static const int32_t single[] = {KL_ROLL_STD, KL_ROLL_MEAN, KL_ROLL_ZSCORE, KL_ROLL_MIN, KL_ROLL_MEDIAN};
    static const int32_t corr[] = {KL_ROLL_CORR}, vwap[] = {KL_ROLL_VWAP};
    memset(jobs, 0, sizeof jobs);
    start_job(&jobs[0], w, single, 5), start_job(&jobs[1], w, corr, 1), start_job(&jobs[2], w, vwap, 1);
    int64_t repeat = total - PART, last = repeat - PART;
    bars(last - MARGIN, PART + MARGIN, tail[0], tail[1], tail[2]);
    bars(0, PART, head[0], head[1], head[2]);
    for (int64_t done = 0; done < total; done += CHUNK) {
        bars(done < repeat ? done : done - repeat, CHUNK, x, y, volume);
        for (int i = 0; i < JOBS; i++) {
            job *j = &jobs[i];
            if (done < PART) feed(j, j->start, (size_t)done);
            else if (done >= repeat) feed(j, j->again, (size_t)(done - repeat));
            else if (done >= last) feed(j, j->drifted, (size_t)(done - last));
            else feed(j, NULL, 0);
        }
    }
    for (int i = 0; i < JOBS; i++) fresh_state(&jobs[i]), report(&jobs[i]);
    printf("count: %lld bars through each of %d windows of %lld, twice\n", (long long)total, JOBS, (long long)w);
}

int main(int argc, char **argv) {
    int64_t total = argc > 1 ? (int64_t)strtod(argv[1], NULL) : INT64_C(100000000), w = argc > 2 ? (int64_t)strtod(argv[2], NULL) : 0;
    total -= total % PART;
    if (total < 4 * PART || w > MARGIN || !REF_QUAD) {
        printf("SKIPPED: soak: %s\n", REF_QUAD ? "too few bars" : "no arithmetic of 113 bits");
        return 0;
    }
    if (w != 500) soak(total, w > 0 ? w : 24);
    if (w == 0 || w == 500) soak(total, 500);
    return 0;
}
