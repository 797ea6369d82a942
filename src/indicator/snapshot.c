/* Snapshots of running indicators: little-endian, the same bytes on every machine and from every way of running.
 *   0  "KLRUN" 0 0 1   magic and format
 *   8  u64 definition, u64 length of the name, the name padded with zeros to a multiple of 8
 *      u64 number of parameters, f64 each; of a formula u64 fingerprint of its program; u64 seen, u64 missing; the
 *      state as the indicator packs it
 *      u64 crc32c of all before */
#include "indicator/program_run.h"
#include "base/endian.h"
#include <string.h>

static const uint8_t snapshot_magic[8] = {'K', 'L', 'R', 'U', 'N', 0, 0, 1};

/* Gives the place of the next n bytes of the image, or NULL where only counting, or where it is too short. */
static uint8_t *snapshot_take(kl__snap *p, size_t n) {
    uint8_t *place = NULL;
    if (p->mode != KL__SNAP_COUNT) {
        if (p->failed || n > p->size - p->at) {
            p->failed = 1;
            return NULL;
        }
        place = p->bytes + p->at;
    }
    p->at += n;
    return place;
}

void kl__snap_u64(kl__snap *p, uint64_t *value, uint64_t max) {
    uint8_t *place = snapshot_take(p, 8);
    if (!place) return;
    if (p->mode == KL__SNAP_WRITE) kl__store_u64(place, *value);
    else if (kl__load_u64(place) > max) p->failed = 1;
    else if (p->mode == KL__SNAP_READ) *value = kl__load_u64(place);
}

void kl__snap_f64(kl__snap *p, double *values, size_t n) {
    uint8_t *place = snapshot_take(p, 8 * n);
    if (!place) return;
    if (p->mode == KL__SNAP_WRITE)
        for (size_t i = 0; i < n; i++) kl__store_f64(place + 8 * i, values[i] == values[i] ? values[i] : kl__nan()); /* whatever its bits */
    if (p->mode == KL__SNAP_READ)
        for (size_t i = 0; i < n; i++) values[i] = kl__load_f64(place + 8 * i);
}

void kl__snap_within(kl__snap *p, double *values, size_t n, double min, double max) {
    const size_t at = p->at;
    kl__snap_f64(p, values, n);
    for (size_t i = 0; p->mode == KL__SNAP_CHECK && !p->failed && i < n; i++) {
        const double x = kl__load_f64(p->bytes + at + 8 * i);
        if (!(x >= min && x <= max)) p->failed = 1;
    }
}

static void snapshot_write_head(kl__snap *p, const kl_run *run) {
    const kl_indicator *pub = &run->kind->pub;
    uint64_t definition = pub->definition, length = strlen(pub->name), params = pub->n_params;
    uint8_t *place = snapshot_take(p, 8);
    if (place) memcpy(place, snapshot_magic, 8);
    kl__snap_u64(p, &definition, UINT64_MAX);
    kl__snap_u64(p, &length, UINT64_MAX);
    place = snapshot_take(p, (size_t)(length + 7) / 8 * 8);
    if (place) {
        memset(place, 0, (size_t)(length + 7) / 8 * 8);
        memcpy(place, pub->name, (size_t)length);
    }
    kl__snap_u64(p, &params, UINT64_MAX);
    double all[KL_PARAMS_MAX];
    memcpy(all, run->params, sizeof all);
    kl__snap_f64(p, all, pub->n_params);
    if (pub->formula) {
        uint64_t fingerprint = kl__run_program(run)->fingerprint; /* definitions of all that the formula is made of */
        kl__snap_u64(p, &fingerprint, UINT64_MAX);
    }
}

static void snapshot_body(kl__snap *p, kl_run *run) {
    kl__snap_u64(p, &run->seen, UINT64_MAX);
    kl__snap_u64(p, &run->missing, UINT64_MAX);
    kl__run_pack(run, p);
}

size_t kl_run_snapshot_size(const kl_run *run) {
    kl__snap p = {KL__SNAP_COUNT, 0, NULL, 0, 0};
    if (!run) return 0;
    snapshot_write_head(&p, run);
    snapshot_body(&p, (kl_run *)(uintptr_t)run); /* counting writes nothing */
    return p.at + 8;
}

kl_status kl_run_snapshot(const kl_run *run, void *bytes, size_t capacity, size_t *used) {
    if (!run || !bytes || !used) return KL_E_ARG;
    size_t size = kl_run_snapshot_size(run);
    if (capacity < size) return KL_E_SIZE;
    kl__snap p = {KL__SNAP_WRITE, 0, (uint8_t *)bytes, 0, size - 8};
    snapshot_write_head(&p, run);
    snapshot_body(&p, (kl_run *)(uintptr_t)run); /* writing an image does not change the run */
    kl__store_u64((uint8_t *)bytes + size - 8, kl_crc32c(0, bytes, size - 8));
    *used = size;
    return KL_OK;
}

/* Compares the head of an image with the one that this run would write. */
static kl_status snapshot_check_head(kl__snap *p, const kl_run *run, kl_error *error) {
    uint8_t mine[8 * (8 + KL_PARAMS_MAX) + 64];
    kl__snap head = {KL__SNAP_WRITE, 0, mine, 0, sizeof mine};
    snapshot_write_head(&head, run);
    if (head.failed) return kl__fail(error, KL_E_STATE, 1, 0, 0, "the name of the indicator is too long");
    uint8_t *place = snapshot_take(p, head.at);
    if (!place || memcmp(mine, place, head.at) != 0)
        return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot is not one of %s with these parameters and this definition",
                        run->kind->pub.name);
    return KL_OK;
}

kl_status kl_run_restore(kl_run *run, const void *bytes, size_t n, kl_error *error) {
    if (!run || !bytes) return kl__fail(error, KL_E_ARG, run ? 2 : 1, 0, 0, "an argument is missing");
    const uint8_t *image = (const uint8_t *)bytes;
    if (n < 16 || memcmp(image, snapshot_magic, 7) != 0)
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "this is not a snapshot of an indicator");
    if (image[7] > snapshot_magic[7])
        return kl__fail(error, KL_E_VERSION, 2, 0, 0, "the snapshot has format %u, newer than this library", (unsigned)image[7]);
    if (kl__load_u64(image + n - 8) != kl_crc32c(0, image, n - 8))
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is damaged: its checksum does not fit");
    kl__snap p = {KL__SNAP_CHECK, 0, (uint8_t *)(uintptr_t)image, 0, n - 8};
    KL__TRY(snapshot_check_head(&p, run, error));
    size_t body = p.at;
    snapshot_body(&p, run);
    if (p.failed || p.at != p.size)
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot does not hold the state of %s", run->kind->pub.name);
    p.mode = KL__SNAP_READ;
    p.at = body;
    snapshot_body(&p, run);
    return KL_OK;
}
