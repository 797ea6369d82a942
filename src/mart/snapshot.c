/* Snapshots of a mart: little-endian, the same bytes on every machine and from every way of running.
 *   0  "KLMART" 0 1    magic and format
 *   8  u64 definition, the spec, the names in their order
 *      i64 last time, i64 last index, f64 x 3 of each state, the snapshots of all windows and matrices
 *      u64 crc32c of all before */
#include "base/fp.h"
#include "base/endian.h"
#include "corr/corr.h"
#include "mart/mart.h"
#include <string.h>

static const uint8_t snapshot_mart_magic[8] = {'K', 'L', 'M', 'A', 'R', 'T', 0, 1};
#define SNAPSHOT_INTS 10
#define SNAPSHOT_LIMITS (1 + (sizeof(kl_label_rules) - offsetof(kl_label_rules, volatility_medium)) / sizeof(double))

static size_t snapshot_head_bytes(const kl_mart *m) {
    return 8 + 8 * (1 + SNAPSHOT_INTS + SNAPSHOT_LIMITS) + m->symbols * KL_SYMBOL_MAX;
}

/* What has to be the same where a snapshot is restored. */
static void snapshot_head(const kl_mart *m, uint8_t *bytes) {
    const kl_mart_spec *s = &m->spec;
    const int64_t ints[SNAPSHOT_INTS] = {s->flags, s->kind, s->ratio, s->symbols, s->rows, s->min_count, s->interval.unit, s->interval.n,
                                         s->interval.anchor_us, s->baseline_rows};
    double limits[SNAPSHOT_LIMITS];
    limits[0] = s->baseline_sigmas;
    memcpy(limits + 1, (const char *)&s->labels + offsetof(kl_label_rules, volatility_medium), sizeof limits - sizeof *limits);
    memcpy(bytes, snapshot_mart_magic, 8);
    kl__store_u64(bytes + 8, MART_DEFINITION);
    bytes += 16;
    for (size_t i = 0; i < SNAPSHOT_INTS; i++, bytes += 8) kl__store_i64(bytes, ints[i]);
    for (size_t i = 0; i < SNAPSHOT_LIMITS; i++, bytes += 8) kl__store_f64(bytes, limits[i]);
    memcpy(bytes, mart_symbol(m, 0), m->symbols * KL_SYMBOL_MAX);
}

static kl_corr *snapshot_matrix(const kl_mart *m, size_t i) {
    if (!kl__mart_kind_of(&m->spec)->matrices || (i == 1 && m->spec.baseline_rows == 0)) return NULL;
    return (kl_corr *)mart_at(m, i == 0 ? m->at.corr : m->at.baseline);
}

size_t kl_mart_snapshot_size(const kl_mart *mart) {
    if (!mart) return 0;
    size_t total = snapshot_head_bytes(mart) + 16 + 24 * mart->states + 8;
    for (size_t w = 0; w < mart->windows && mart->units > 0; w++) total += mart->units * kl_roll_snapshot_size(mart_window(mart, 0, w));
    for (size_t i = 0; i < 2; i++) total += kl_corr_snapshot_size(snapshot_matrix(mart, i));
    return total;
}

kl_status kl_mart_snapshot(const kl_mart *mart, void *bytes, size_t capacity, size_t *used) {
    if (!mart || !bytes || !used) return KL_E_ARG;
    size_t size = kl_mart_snapshot_size(mart), part;
    if (capacity < size) return KL_E_SIZE;
    uint8_t *at = (uint8_t *)bytes, *end = at + size - 8;
    snapshot_head(mart, at);
    at += snapshot_head_bytes(mart);
    kl__store_i64(at, mart->last_time);
    kl__store_i64(at + 8, mart->last_index);
    at += 16;
    for (size_t i = 0; i < mart->states; i++, at += 24) {
        const mart_state *state = &mart_states(mart)[i];
        kl__store_f64(at, state->close);
        kl__store_f64(at + 8, state->peak);
        kl__store_f64(at + 16, state->before);
    }
    for (size_t u = 0; u < mart->units; u++)
        for (size_t w = 0; w < mart->windows; w++, at += part)
            KL__TRY(kl_roll_snapshot(mart_window(mart, u, w), at, (size_t)(end - at), &part));
    for (size_t i = 0; i < 2; i++) {
        kl_corr *corr = snapshot_matrix(mart, i);
        if (!corr) continue;
        KL__TRY(kl_corr_snapshot(corr, at, (size_t)(end - at), &part));
        at += part;
    }
    kl__store_u64(end, kl_crc32c(0, bytes, size - 8));
    *used = size;
    return KL_OK;
}

/* Head, length and checksum of an image. */
static kl_status snapshot_check(const kl_mart *m, const uint8_t *image, size_t n, kl_error *error) {
    size_t head = snapshot_head_bytes(m);
    if (n < 24 || memcmp(image, snapshot_mart_magic, 7) != 0) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "this is not a snapshot of a mart");
    if (image[7] > snapshot_mart_magic[7])
        return kl__fail(error, KL_E_VERSION, 2, 0, 0, "the snapshot has format %u, newer than this library", (unsigned)image[7]);
    if (kl__load_u64(image + n - 8) != kl_crc32c(0, image, n - 8))
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is damaged: its checksum does not fit");
    uint8_t *mine = (uint8_t *)mart_at(m, m->at.arrays);
    snapshot_head(m, mine);
    if (n < head + 8 || memcmp(mine, image, head) != 0)
        return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot is not one of a mart with this spec, these symbols and this definition");
    return n == kl_mart_snapshot_size(m) ? KL_OK : kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the windows of the snapshot are of another definition");
}

/* Where a mart stands, from its image. */
typedef struct snapshot_place {
    kl_time time;
    int64_t index;
} snapshot_place;

/* The last row has its time and, on the grid, the number of that time; of the market by rows index says how many there were. */
static kl_status snapshot_check_place(const kl_mart *m, const snapshot_place *place, kl_error *error) {
    int64_t expected = m->spec.kind == KL_MART_MARKET && place->time != KL_TIME_NONE && place->index >= 0 ? place->index : 0;
    kl_status status = KL_OK;
    if (place->time != KL_TIME_NONE && !mart_by_rows(&m->spec)) status = kl_interval_index(&m->spec.interval, place->time, &expected);
    if (status >= 0 && place->index == expected) return KL_OK;
    return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot does not know where it stands");
}

/* Restores all windows; a trial does it in the scratch of the mart and changes none. */
static kl_status snapshot_windows(kl_mart *m, const uint8_t *at, int trial, kl_error *error) {
    for (size_t u = 0; u < m->units; u++)
        for (size_t w = 0; w < m->windows; w++) {
            kl_roll *roll = mart_window(m, u, w);
            size_t part = kl_roll_snapshot_size(roll);
            if (trial) {
                memcpy(mart_at(m, m->at.arrays), roll, m->at.window_bytes[w]);
                roll = (kl_roll *)mart_at(m, m->at.arrays);
            }
            KL__TRY(kl_roll_restore(roll, at, part, error));
            at += part;
        }
    return KL_OK;
}

/* Restores both matrices; a trial only looks whether that can be done, and whether they stand where the mart does. */
static kl_status snapshot_matrices(const kl_mart *m, const uint8_t *at, const snapshot_place *place, int trial, kl_error *error) {
    const int begun = mart_by_rows(&m->spec) ? place->index > 0 : place->time != KL_TIME_NONE;
    const int64_t expected = begun ? place->index : INT64_MIN;
    for (size_t i = 0; i < 2; i++) {
        kl_corr *corr = snapshot_matrix(m, i);
        size_t part = kl_corr_snapshot_size(corr);
        int64_t last = expected;
        if (corr && trial) KL__TRY(kl__corr_snapshot_check(corr, at, part, &last, error));
        if (last != expected) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot has a matrix that stands elsewhere");
        if (corr && !trial) KL__TRY(kl_corr_restore(corr, at, part, error));
        at += part;
    }
    return KL_OK;
}

kl_status kl_mart_restore(kl_mart *mart, const void *bytes, size_t n, kl_error *error) {
    if (!mart || !bytes) return kl__fail(error, KL_E_ARG, mart ? 2 : 1, 0, 0, "an argument is missing");
    const uint8_t *image = (const uint8_t *)bytes;
    KL__TRY(snapshot_check(mart, image, n, error));
    const uint8_t *head = image + snapshot_head_bytes(mart), *states = head + 16, *windows = states + 24 * mart->states;
    const snapshot_place place = {kl__load_i64(head), kl__load_i64(head + 8)};
    KL__TRY(snapshot_check_place(mart, &place, error));
    const uint8_t *matrices = windows;
    for (size_t w = 0; w < mart->windows && mart->units > 0; w++) matrices += mart->units * kl_roll_snapshot_size(mart_window(mart, 0, w));
    for (int trial = 1; trial >= 0; trial--) { /* all is looked at before anything changes */
        KL__TRY(snapshot_windows(mart, windows, trial, error));
        KL__TRY(snapshot_matrices(mart, matrices, &place, trial, error));
    }
    mart->last_time = place.time;
    mart->last_index = place.index;
    for (size_t i = 0; i < mart->states; i++, states += 24) {
        mart_state *state = &mart_states(mart)[i];
        state->close = kl__load_f64(states);
        state->peak = kl__load_f64(states + 8);
        state->before = kl__load_f64(states + 16);
    }
    return KL_OK;
}
