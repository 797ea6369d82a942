/* Snapshots of the rolling matrix: the values of the last window, from which all else follows.
 *   0  "KLCORR" 0 1    magic and format
 *   8  u64 definition, u64 flags, u64 symbols, u64 rows, u64 min_count, u64 begun, i64 index of the last row
 *  64  rows * symbols f64: the window, oldest row first, NaN where missing
 *      u64 crc32c of all before */
#include "base/fp.h"
#include "base/endian.h"
#include "corr/corr.h"

enum { CORR_SNAPSHOT_DEFINITION = 1, CORR_SNAPSHOT_HEAD = 64, CORR_SNAPSHOT_BEGUN = 48 };
static const uint8_t corr_snapshot_magic[8] = {'K', 'L', 'C', 'O', 'R', 'R', 0, 1};

/* 0 where it does not fit size_t. */
size_t kl_corr_snapshot_size(const kl_corr *corr) {
    if (!corr) return 0; /* the values take less than the object does, which fits */
    return CORR_SNAPSHOT_HEAD + (size_t)corr->rows * (size_t)corr->symbols * sizeof(double) + 8;
}

/* Value of symbol i in row k of the window, 0 the oldest. */
static double *corr_snapshot_value(const kl_corr *corr, const kl__corr_parts *parts, size_t k, size_t i) {
    const size_t rows = (size_t)corr->rows, t = ((size_t)corr->at + 1 + k) % rows;
    return kl__corr_part(corr, parts->x) + kl__corr_lane(rows, i) + t * KL__CORR_L;
}

static void corr_snapshot_head(const kl_corr *corr, uint8_t *head) {
    const uint64_t fields[] = {CORR_SNAPSHOT_DEFINITION, corr->spec.flags, corr->symbols, corr->rows, (uint64_t)corr->spec.min_count, corr->begun,
                               (uint64_t)corr->last};
    memcpy(head, corr_snapshot_magic, 8);
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) kl__store_u64(head + 8 + 8 * f, fields[f]);
}

kl_status kl_corr_snapshot(const kl_corr *corr, void *bytes, size_t capacity, size_t *used) {
    if (!corr || !bytes || !used) return KL_E_ARG;
    const size_t size = kl_corr_snapshot_size(corr);
    if (capacity < size) return KL_E_SIZE;
    kl__corr_parts parts;
    uint8_t *to = (uint8_t *)bytes + CORR_SNAPSHOT_HEAD;
    (void)kl__corr_layout((size_t)corr->symbols, (size_t)corr->rows, &parts);
    corr_snapshot_head(corr, (uint8_t *)bytes);
    for (size_t k = 0; k < corr->rows; k++)
        for (size_t i = 0; i < corr->symbols; i++, to += 8) {
            double x = *corr_snapshot_value(corr, &parts, k, i);
            if (x != x) kl__store_u64(to, UINT64_C(0x7ff8000000000000)); /* the same everywhere */
            else kl__store_f64(to, x);
        }
    kl__store_u64(to, kl_crc32c(0, bytes, size - 8));
    *used = size;
    return KL_OK;
}

kl_status kl__corr_snapshot_check(const kl_corr *corr, const uint8_t *image, size_t n, int64_t *last, kl_error *error) {
    uint8_t mine[CORR_SNAPSHOT_HEAD];
    if (n < CORR_SNAPSHOT_HEAD + 8 || memcmp(image, corr_snapshot_magic, 7) != 0)
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "this is not a snapshot of a correlation matrix");
    if (image[7] > corr_snapshot_magic[7])
        return kl__fail(error, KL_E_VERSION, 2, 0, 0, "the snapshot has format %u, newer than this library", (unsigned)image[7]);
    if (kl__load_u64(image + n - 8) != kl_crc32c(0, image, n - 8))
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is damaged: its checksum does not fit");
    corr_snapshot_head(corr, mine);
    if (memcmp(mine, image, CORR_SNAPSHOT_BEGUN) != 0)
        return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot is not one of %llu symbols by %llu rows with these flags and this definition",
                        (unsigned long long)corr->symbols, (unsigned long long)corr->rows);
    if (n != kl_corr_snapshot_size(corr) || kl__load_u64(image + CORR_SNAPSHOT_BEGUN) > 1)
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot does not hold the state of a correlation matrix");
    *last = kl__load_u64(image + CORR_SNAPSHOT_BEGUN) ? kl__load_i64(image + CORR_SNAPSHOT_BEGUN + 8) : INT64_MIN;
    return KL_OK;
}

kl_status kl_corr_restore(kl_corr *corr, const void *bytes, size_t n, kl_error *error) {
    if (!corr || !bytes) return kl__fail(error, KL_E_ARG, corr ? 2 : 1, 0, 0, "an argument is missing");
    const uint8_t *image = (const uint8_t *)bytes, *from = image + CORR_SNAPSHOT_HEAD;
    kl__corr_parts parts;
    int64_t last;
    KL__TRY(kl__corr_snapshot_check(corr, image, n, &last, error));
    (void)kl__corr_layout((size_t)corr->symbols, (size_t)corr->rows, &parts);
    corr->begun = kl__load_u64(image + CORR_SNAPSHOT_BEGUN);
    corr->last = kl__load_i64(image + CORR_SNAPSHOT_BEGUN + 8);
    corr->at = corr->begun ? kl__corr_place(corr->last, corr->rows) : corr->rows - 1;
    for (size_t k = 0; k < corr->rows; k++)
        for (size_t i = 0; i < corr->symbols; i++, from += 8) *corr_snapshot_value(corr, &parts, k, i) = kl__corr_value(kl__load_f64(from));
    kl__corr_rebuild(corr, &parts);
    return KL_OK;
}
