/* Snapshots of running strategies: little-endian, the same bytes on every machine. All that goes on from bar to bar is the plan's.
 *   0  "KLSCORE" 1   magic and format
 *   8  u64 fingerprint of weights and rules
 *  16  the plan's snapshot */
#include "base/endian.h"
#include "score/strategy.h"
#include <string.h>

#define SCORE_HEAD 16
static const uint8_t score_magic[8] = {'K', 'L', 'S', 'C', 'O', 'R', 'E', 1};

static kl_plan_state *score_inner(const kl_strategy_state *state) { return (kl_plan_state *)(void *)((char *)(uintptr_t)state + state->plan); }

size_t kl_strategy_snapshot_size(const kl_strategy_state *state) { return state ? SCORE_HEAD + kl_plan_snapshot_size(score_inner(state)) : 0; }

kl_status kl_strategy_snapshot(const kl_strategy_state *state, void *bytes, size_t capacity, size_t *used) {
    size_t inner;
    if (!state || !bytes || !used) return KL_E_ARG;
    if (capacity < kl_strategy_snapshot_size(state)) return KL_E_SIZE;
    memcpy(bytes, score_magic, sizeof score_magic);
    kl__store_u64((uint8_t *)bytes + 8, state->strategy->fingerprint);
    KL__TRY(kl_plan_snapshot(score_inner(state), (uint8_t *)bytes + SCORE_HEAD, capacity - SCORE_HEAD, &inner));
    *used = SCORE_HEAD + inner;
    return KL_OK;
}

kl_status kl_strategy_restore(kl_strategy_state *state, const void *bytes, size_t n, kl_error *error) {
    const uint8_t *image = bytes;
    if (!state || !bytes) return kl__fail(error, KL_E_ARG, state ? 2 : 1, 0, 0, "an argument is missing");
    if (n < SCORE_HEAD || memcmp(image, score_magic, 7) != 0) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "this is not a snapshot of a strategy");
    if (image[7] > score_magic[7])
        return kl__fail(error, KL_E_VERSION, 2, 0, 0, "the snapshot has format %u, newer than this library", (unsigned)image[7]);
    if (kl__load_u64(image + 8) != state->strategy->fingerprint)
        return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot is one of other weights or rules: replay the bars");
    return kl_plan_restore(score_inner(state), image + SCORE_HEAD, n - SCORE_HEAD, error);
}
