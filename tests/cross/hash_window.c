/* Prints one hash per rolling statistic over fixed inputs, snapshots included: the lines must be the same on every platform, by
 * every compiler, level of optimisation and table of kernels. The inputs are made without libm. */
#include "base/fp.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/endian.h"
#include "kline/window.h"

#define BARS 2300 /* over two tiles of any kind, and windows of 2000 */

static uint64_t seed = 1;
static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static double unit(void) { return (double)(next() >> 11) * 0x1p-53; }
static void mix(uint64_t *hash, uint64_t v) { *hash = (*hash ^ v ^ *hash >> 29) * UINT64_C(0x9e3779b97f4a7c15); }

static double columns[4][2][BARS]; /* clean, spikes, ties with holes, all exponents */
static kl_time time_us[BARS];
static double result[BARS];

static void market(void) {
    double price = 30000.0;
    kl_time t = INT64_C(1700000000000000);
    for (size_t k = 0; k < BARS; k++) {
        price *= 1.0 + 0.01 * (unit() - 0.5);
        t += INT64_C(60000000) * (int64_t)(next() % 29 ? 1 : 1 + next() % 300);
        time_us[k] = t;
        for (int y = 0; y < 2; y++) {
            columns[0][y][k] = y ? 0.5 * price + 100.0 * unit() : price;
            columns[1][y][k] = next() % 50 ? 100.0 + unit() : 1e9 * (1.0 + unit());
            columns[2][y][k] = (double)(next() % 7);
            if (next() % 13 == 0) columns[2][y][k] = kl__bits_double(next() | UINT64_C(0x7ff0000000000000));
            columns[3][y][k] = kl__bits_double((next() >> 12) | (UINT64_C(0x300) + next() % 0x200) << 52);
        }
    }
}

/* One statistic over one column by one window, by half in one call, then step by step. */
static void run(const kl_roll_spec *spec, int column, uint64_t *hash) {
    size_t bytes, used = 0;
    kl_roll *roll;
    const double *in[2] = {columns[column][0], columns[column][1]}, *rest[2] = {in[0] + BARS / 2, in[1] + BARS / 2};
    double *out[1] = {result};
    kl_status status = kl_roll_size(spec, &bytes, NULL);
    mix(hash, (uint64_t)(int64_t)status);
    if (status != KL_OK) return;
    void *memory = malloc(bytes);
    if (!memory || kl_roll_init(memory, bytes, spec, &roll, NULL) != KL_OK) exit(1);
    mix(hash, (uint64_t)(int64_t)kl_roll_run(roll, time_us, in, BARS / 2, out, NULL));
    size_t room = kl_roll_snapshot_size(roll);
    unsigned char *image = (unsigned char *)malloc(room);
    if (!image || kl_roll_snapshot(roll, image, room, &used) != KL_OK) exit(1);
    for (size_t i = 0; i < used; i++) mix(hash, image[i]);
    for (size_t k = BARS / 2; k < BARS; k++) {
        double row[2] = {rest[0][k - BARS / 2], rest[1][k - BARS / 2]};
        if (kl_roll_step(roll, time_us[k], row, &result[k]) != KL_OK) exit(1);
    }
    for (size_t k = 0; k < BARS; k++) mix(hash, kl__double_bits(result[k]));
    if (kl_roll_restore(roll, image, used, NULL) != KL_OK) exit(1);
    out[0] = result + BARS / 2;
    mix(hash, (uint64_t)(int64_t)kl_roll_run(roll, time_us + BARS / 2, rest, BARS - BARS / 2, out, NULL));
    for (size_t k = 0; k < BARS; k++) mix(hash, kl__double_bits(result[k]));
    free(image), free(memory);
}

static uint64_t hash_of(const kl_roll_info *info) {
    static const int64_t lengths[] = {1, 3, 14, 24, 64, 200, 300, 700, 2000};
    static const double parts[] = {0.0, 0.1, 0.5, 1.0};
    uint64_t hash = 1;
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (int shape = 0; shape < 5; shape++) {
            kl_roll_spec spec;
            if (kl_roll_spec_init(&spec, info->what, lengths[l]) != KL_OK) exit(1);
            spec.min_count = shape == 1 || shape == 4 ? 1 + lengths[l] / 3 : 0;
            if (shape == 2) spec.flags = KL_ROLL_BEFORE;
            if (shape >= 3) spec.rows = BARS;
            if (shape == 3) spec.span_us = lengths[l] * INT64_C(60000000);
            if (shape == 4) spec.period.unit = KL_HOUR, spec.period.n = 2, spec.flags = lengths[l] % 2 ? KL_ROLL_WHOLE : 0;
            for (int32_t rule = 0; rule < (info->what == KL_ROLL_QUANTILE ? 5 : info->uses_rule ? 4 : 1); rule++) {
                spec.ddof = info->uses_ddof ? rule % 2 ^ (int32_t)(l % 2) : 1;
                spec.stats[0].rule = rule;
                spec.stats[0].param = info->what == KL_ROLL_LAG ? (double)(l % 4) : info->uses_param ? parts[(l + (size_t)rule) % 4] : 0.0;
                run(&spec, (int)(l + (size_t)shape + (size_t)rule) % 4, &hash);
            }
        }
    return hash;
}

/* Statistics that share engines, by kl_roll_run in parts and by kl_roll_batch. */
static uint64_t hash_of_several(int64_t rows, int pairs) {
    static double results[KL_ROLL_STATS_MAX][BARS];
    uint64_t hash = 1;
    double *out[KL_ROLL_STATS_MAX], *part[KL_ROLL_STATS_MAX];
    for (int shape = 0; shape < 3; shape++)
        for (int column = 0; column < 4; column++) {
            const double *in[2] = {columns[column][0], columns[column][1]}, *rest[2] = {in[0] + BARS / 3, in[1] + BARS / 3};
            kl_roll_spec spec;
            size_t bytes;
            kl_roll *roll;
            if (kl_roll_spec_init(&spec, KL_ROLL_MEAN, rows) != KL_OK) exit(1);
            spec.min_count = shape == 1 ? 1 : 0;
            if (shape == 2) spec.rows = BARS, spec.span_us = rows * INT64_C(60000000);
            spec.n_stats = 0;
            for (size_t i = 0; kl_roll_info_at(i) && spec.n_stats < KL_ROLL_STATS_MAX; i++) {
                const kl_roll_info *info = kl_roll_info_at(i);
                if ((info->inputs == 2) != pairs) continue;
                kl_roll_stat *stat = &spec.stats[spec.n_stats++];
                stat->what = info->what, stat->rule = 0, stat->param = info->what == KL_ROLL_LAG ? 3.0 : info->uses_param ? 0.25 : 0.0;
            }
            if (kl_roll_size(&spec, &bytes, NULL) != KL_OK) exit(1);
            void *memory = malloc(bytes);
            if (!memory || kl_roll_init(memory, bytes, &spec, &roll, NULL) != KL_OK) exit(1);
            for (size_t s = 0; s < spec.n_stats; s++) out[s] = results[s], part[s] = results[s] + BARS / 3;
            if (kl_roll_run(roll, time_us, in, BARS / 3, out, NULL) != KL_OK) exit(1);
            if (kl_roll_run(roll, time_us + BARS / 3, rest, BARS - BARS / 3, part, NULL) != KL_OK) exit(1);
            for (size_t s = 0; s < spec.n_stats; s++)
                for (size_t k = 0; k < BARS; k++) mix(&hash, kl__double_bits(results[s][k]));
            if (kl_roll_batch(&spec, time_us, in, BARS, NULL, NULL, out, NULL) != KL_OK) exit(1);
            for (size_t s = 0; s < spec.n_stats; s++)
                for (size_t k = 0; k < BARS; k++) mix(&hash, kl__double_bits(results[s][k]));
            free(memory);
        }
    return hash;
}

static void print(const char *name, uint64_t hash) {
    printf("%s %08lx%08lx\n", name, (unsigned long)(hash >> 32), (unsigned long)(hash & 0xffffffff));
}

int main(void) {
    market();
    for (size_t i = 0; kl_roll_info_at(i); i++) print(kl_roll_info_at(i)->name, hash_of(kl_roll_info_at(i)));
    print("several", hash_of_several(24, 0) ^ hash_of_several(300, 0) << 1);
    print("several_of_pairs", hash_of_several(24, 1) ^ hash_of_several(300, 1) << 1);
    return 0;
}
