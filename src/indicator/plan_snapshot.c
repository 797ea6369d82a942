/* Snapshots of running plans: little-endian, the same bytes on every machine and from every way of running.
 *   0  "KLPLAN" 0 1   magic and format
 *   8  u64 fingerprint of the plan, u64 symbols
 *  24  the state of each node, and within it of each symbol, as its kind packs it
 *      u64 crc32c of all before */
#include "indicator/plan.h"
#include "base/endian.h"

static const uint8_t plan_magic[8] = {'K', 'L', 'P', 'L', 'A', 'N', 0, 1};
#define PLAN_HEAD 24

static void plan_pack(const kl_plan_state *state, kl__snap *p) {
    kl__program_pack(state->plan->program, kl__plan_at(state, state->run), (size_t)state->symbols, p);
}

size_t kl_plan_snapshot_size(const kl_plan_state *state) {
    kl__snap p = {KL__SNAP_COUNT, 0, NULL, PLAN_HEAD, 0};
    if (!state) return 0;
    plan_pack(state, &p);
    return p.at + 8;
}

kl_status kl_plan_snapshot(const kl_plan_state *state, void *bytes, size_t capacity, size_t *used) {
    if (!state || !bytes || !used) return KL_E_ARG;
    size_t size = kl_plan_snapshot_size(state);
    uint8_t *image = bytes;
    if (capacity < size) return KL_E_SIZE;
    kl__snap p = {KL__SNAP_WRITE, 0, image, PLAN_HEAD, size - 8};
    memcpy(image, plan_magic, 8);
    kl__store_u64(image + 8, state->plan->fingerprint);
    kl__store_u64(image + 16, state->symbols);
    plan_pack(state, &p);
    kl__store_u64(image + size - 8, kl_crc32c(0, image, size - 8));
    *used = size;
    return KL_OK;
}

kl_status kl_plan_restore(kl_plan_state *state, const void *bytes, size_t n, kl_error *error) {
    if (!state || !bytes) return kl__fail(error, KL_E_ARG, state ? 2 : 1, 0, 0, "an argument is missing");
    const uint8_t *image = bytes;
    if (n < PLAN_HEAD + 8 || memcmp(image, plan_magic, 7) != 0) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "this is not a snapshot of a plan");
    if (image[7] > plan_magic[7])
        return kl__fail(error, KL_E_VERSION, 2, 0, 0, "the snapshot has format %u, newer than this library", (unsigned)image[7]);
    if (kl__load_u64(image + n - 8) != kl_crc32c(0, image, n - 8))
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is damaged: its checksum does not fit");
    if (kl__load_u64(image + 8) != state->plan->fingerprint)
        return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot is one of other expressions or definitions: replay the bars");
    if (kl__load_u64(image + 16) != state->symbols) return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot is one of another number of symbols");
    kl__snap p = {KL__SNAP_CHECK, 0, (uint8_t *)(uintptr_t)image, PLAN_HEAD, n - 8};
    plan_pack(state, &p);
    if (p.failed || p.at != p.size) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot does not hold the state of this plan");
    p.mode = KL__SNAP_READ;
    p.at = PLAN_HEAD;
    plan_pack(state, &p);
    kl__plan_forget(state); /* the image does not know: states that were stepped have none, and both write the same bytes */
    return KL_OK;
}
