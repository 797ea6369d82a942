/* Snapshots of rolls: little-endian, the same bytes on every machine and from every way of running.
 *   0  "KLROLL" 0 1    magic and format
 *   8  u64 definition; the spec: u64 flags, rows, span, period (unit, n, anchor), min_count, ddof, number of statistics, and
 *      what, rule, f64 param of each
 *      u64 rows seen, missing, infinite
 *      the rows that are kept, the oldest first: i64 times where the window needs them, then f64 of each input; NaN (and time
 *      0) before the first
 *      u64 crc32c of all before */
#include "base/fp.h"
#include "window/roll.h"
#include <string.h>

static const uint8_t roll_magic[8] = {'K', 'L', 'R', 'O', 'L', 'L', 0, 1};
#define ROLL_HEAD_MAX (8 * (11 + 3 * KL_ROLL_STATS_MAX))

/* What tells one window from another; returns its length. */
static size_t roll_write_head(const kl_roll_spec *spec, uint8_t *to) {
    const uint64_t fields[] = {KL__ROLL_DEFINITION, spec->flags, (uint64_t)spec->rows, (uint64_t)spec->span_us,
                               (uint64_t)(int64_t)spec->period.unit, (uint64_t)(int64_t)spec->period.n,
                               (uint64_t)spec->period.anchor_us, (uint64_t)spec->min_count, (uint64_t)spec->ddof, spec->n_stats};
    size_t at = sizeof roll_magic;
    memcpy(to, roll_magic, sizeof roll_magic);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++, at += 8) kl__store_u64(to + at, fields[i]);
    for (uint32_t s = 0; s < spec->n_stats; s++, at += 24) {
        kl__store_u64(to + at, (uint64_t)(int64_t)spec->stats[s].what);
        kl__store_u64(to + at + 8, (uint64_t)(int64_t)spec->stats[s].rule);
        kl__store_f64(to + at + 16, spec->stats[s].param);
    }
    return at;
}

static size_t roll_columns(const kl_roll *roll) { return roll->inputs + (roll->timed ? 1 : 0); }

size_t kl_roll_snapshot_size(const kl_roll *roll) {
    if (!roll) return 0;
    return 8 * (11 + 3 * (size_t)roll->spec.n_stats) + 8 * 3 + 8 * roll_columns(roll) * (size_t)roll->keep + 8;
}

kl_status kl_roll_snapshot(const kl_roll *roll, void *bytes, size_t capacity, size_t *used) {
    if (!roll || !bytes || !used) return KL_E_ARG;
    const size_t size = kl_roll_snapshot_size(roll);
    if (capacity < size) return KL_E_SIZE;
    uint8_t *to = (uint8_t *)bytes;
    to += roll_write_head(&roll->spec, to);
    kl__store_u64(to, roll->seen);
    kl__store_u64(to + 8, roll->missing);
    kl__store_u64(to + 16, roll->infinite);
    to += 24;
    for (uint64_t age = roll->timed ? roll->keep : 0; age > 0; age--, to += 8)
        kl__store_i64(to, kl__roll_times(roll)[kl__roll_at(roll, age)]);
    for (uint32_t i = 0; i < roll->inputs; i++)
        for (uint64_t age = roll->keep; age > 0; age--, to += 8) kl__store_f64(to, kl__roll_raw(roll, i)[kl__roll_at(roll, age)]);
    kl__store_u64(to, kl_crc32c(0, bytes, size - 8));
    *used = size;
    return KL_OK;
}

/* Where the parts of an image lie: `rows` kept rows, of which `known` were taken. */
typedef struct roll_image {
    const uint8_t *counts, *times, *values[2];
    uint64_t seen, rows, taken;
} roll_image;

static kl_status roll_check_head(const kl_roll *roll, const uint8_t *image, size_t n, kl_error *error) {
    uint8_t mine[ROLL_HEAD_MAX];
    if (n < 16 || memcmp(image, roll_magic, 7) != 0)
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "this is not a snapshot of a window");
    if (image[7] > roll_magic[7])
        return kl__fail(error, KL_E_VERSION, 2, 0, 0, "the snapshot has format %u, newer than this library", (unsigned)image[7]);
    if (kl__load_u64(image + n - 8) != kl_crc32c(0, image, n - 8))
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is damaged: its checksum does not fit");
    size_t length = roll_write_head(&roll->spec, mine);
    if (n < length || memcmp(mine, image, length) != 0)
        return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot is not one of a window of this spec and definition");
    if (n != kl_roll_snapshot_size(roll)) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot has another length than it must");
    return KL_OK;
}

/* 1 where a value is none that a roll keeps, or the inputs of a row disagree on whether it is missing. */
static int roll_bad_row(const kl_roll *roll, const roll_image *image, uint64_t row) {
    uint64_t bits[2] = {0, 0};
    for (uint32_t i = 0; i < roll->inputs; i++) {
        bits[i] = kl__load_u64(image->values[i] + 8 * row);
        const double x = kl__bits_double(bits[i]);
        const int missing = bits[i] == kl__double_bits(kl__roll_nan());
        if (!missing && (!(fabs(x) < 0x1p1000) || bits[i] == UINT64_C(1) << 63)) return 1;
        if (!missing && row < image->rows - image->taken) return 1;
        if (i && missing != (bits[0] == kl__double_bits(kl__roll_nan()))) return 1;
    }
    return roll->timed && row < image->rows - image->taken && kl__load_u64(image->times + 8 * row) != 0;
}

/* Hands the rows of an image to a roll, a chunk at once: all that were taken. */
static void roll_replay(kl_roll *roll, const roll_image *image) {
    enum { ROWS = KL__ROLL_CHUNK / 4 }; /* little of the stack: engines take much */
    double values[2][ROWS];
    int64_t times[ROWS];
    const double *const in[2] = {values[0], values[1]};
    kl__roll_reset(roll, image->seen - image->taken);
    for (uint64_t row = image->rows - image->taken; row < image->rows;) {
        size_t n = image->rows - row < ROWS ? (size_t)(image->rows - row) : ROWS;
        for (size_t j = 0; j < n; j++) {
            for (uint32_t i = 0; i < roll->inputs; i++) values[i][j] = kl__load_f64(image->values[i] + 8 * (row + j));
            if (roll->timed) times[j] = kl__load_i64(image->times + 8 * (row + j));
        }
        kl__roll_rows(roll, times, in, n, NULL);
        row += n;
    }
    kl__roll_settle(roll);
    roll->missing = kl__load_u64(image->counts + 8);
    roll->infinite = kl__load_u64(image->counts + 16);
}

/* 1 where the rows of an image cannot have come from a roll: times that do not rise, a window of too many rows. */
static int roll_bad_times(const kl_roll *roll, const roll_image *image) {
    if (!roll->timed) return 0;
    kl_roll empty = *roll;
    empty.seen = empty.origin = image->seen - image->taken;
    memset(&empty.place, 0, sizeof empty.place);
    empty.place.start = empty.place.end = empty.seen;
    return kl__roll_check_image(&empty, image->times + 8 * (image->rows - image->taken), (size_t)image->taken) < 0;
}

kl_status kl_roll_restore(kl_roll *roll, const void *bytes, size_t n, kl_error *error) {
    if (!roll || !bytes) return kl__fail(error, KL_E_ARG, roll ? 2 : 1, 0, 0, "an argument is missing");
    const uint8_t *at = (const uint8_t *)bytes;
    KL__TRY(roll_check_head(roll, at, n, error));
    roll_image image = {.rows = roll->keep};
    at += 8 * (11 + 3 * (size_t)roll->spec.n_stats);
    image.counts = at;
    image.times = at += 24;
    if (roll->timed) at += 8 * (size_t)roll->keep;
    for (uint32_t i = 0; i < roll->inputs; i++, at += 8 * (size_t)roll->keep) image.values[i] = at;
    image.seen = kl__load_u64(image.counts);
    image.taken = image.seen < image.rows ? image.seen : image.rows;
    int bad = kl__load_u64(image.counts + 8) > image.seen || kl__load_u64(image.counts + 16) > kl__load_u64(image.counts + 8) ||
              image.seen > UINT64_MAX / 4;
    for (uint64_t row = 0; row < image.rows && !bad; row++) bad = roll_bad_row(roll, &image, row);
    if (bad || roll_bad_times(roll, &image))
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot does not hold rows that a window can have taken");
    roll_replay(roll, &image);
    return KL_OK;
}
