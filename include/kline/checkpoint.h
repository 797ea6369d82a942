/* kline/checkpoint.h: where a job stands: watermarks, a cursor, named state sections; saved and loaded atomically. */
#ifndef KLINE_CHECKPOINT_H
#define KLINE_CHECKPOINT_H
#include "kline/data.h"
#include "kline/io.h"
#ifdef __cplusplus
extern "C" {
#endif

/** A small in-memory dictionary name -> bytes, plus watermarks by key, with one byte image (little-endian, CRC32C). */
typedef struct kl_checkpoint kl_checkpoint;
#define KL_SECTION_NAME_MAX 64   /* with NUL */
#define KL_WATERMARK_KEY_MAX 256 /* with NUL */

/** Makes an empty checkpoint.
 *
 *  `alloc`: memory, copied; NULL: libc. `checkpoint`: receives it.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_new(const kl_alloc *alloc, kl_checkpoint **checkpoint);
/** Frees a checkpoint.
 *
 *  `checkpoint`: may be NULL.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(entries).
 *  Thread: exclusive on `checkpoint`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_checkpoint_free(kl_checkpoint *checkpoint);
/** Sets a section: the state of a streaming object, or the cursor of a source.
 *
 *  `checkpoint`: where. `name`: 1..63 bytes. `definition`: of the object; 0 where there is none. `bytes`: `n` bytes, copied;
 *  NULL where `n` is 0.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG.
 *  On failure: nothing changes.
 *  Cost: O(log entries + n); O(entries) for a new name.
 *  Thread: exclusive on `checkpoint`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_set(kl_checkpoint *checkpoint, const char *name, uint32_t definition, const void *bytes, size_t n);
/** Gets a section.
 *
 *  `checkpoint`: from where. `name`: of the section. `definition`: the one that the caller can read. `bytes`: receives the
 *  address of `*n` bytes, valid until the checkpoint changes. `n`: receives their number.
 *  Return: KL_OK; KL_E_NOT_FOUND; KL_E_DEFINITION where it was set with another one; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(log entries).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_get(const kl_checkpoint *checkpoint, const char *name, uint32_t definition, const void **bytes, size_t *n);
/** Removes a section.
 *
 *  `checkpoint`: from where. `name`: of the section.
 *  Return: KL_OK; KL_E_NOT_FOUND; KL_E_ARG.
 *  On failure: nothing changes.
 *  Cost: O(entries).
 *  Thread: exclusive on `checkpoint`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_remove(kl_checkpoint *checkpoint, const char *name);
/** Number of sections.
 *
 *  `checkpoint`: whose; NULL: 0.
 *  Return: their number.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_checkpoint_count(const kl_checkpoint *checkpoint);
/** Section number `index`, in order of names.
 *
 *  `checkpoint`: whose. `index`: 0.. . `name`, `definition`, `bytes`, `n`: receive what it is; each may be NULL.
 *  Return: KL_OK; KL_END behind the last; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_at(const kl_checkpoint *checkpoint, size_t index, const char **name, uint32_t *definition, const void **bytes, size_t *n);
/** Raises the watermark of a key (F27); it is never lowered.
 *
 *  `checkpoint`: where. `key`: 1..255 bytes. `watermark`: any time but KL_TIME_NONE.
 *  Return: KL_OK; KL_SAME where it is there already; KL_KEPT where a later one is; KL_E_MEMORY; KL_E_ARG.
 *  On failure: nothing changes.
 *  Cost: O(log entries); O(entries) for a new key.
 *  Thread: exclusive on `checkpoint`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_raise(kl_checkpoint *checkpoint, const char *key, kl_time watermark);
/** Sets the watermark of a key, be it lower.
 *
 *  `checkpoint`: where. `key`: 1..255 bytes. `watermark`: any time but KL_TIME_NONE.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG.
 *  On failure: nothing changes.
 *  Cost: as kl_checkpoint_raise.
 *  Thread: exclusive on `checkpoint`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_force(kl_checkpoint *checkpoint, const char *key, kl_time watermark);
/** Gets the watermark of a key.
 *
 *  `checkpoint`: from where. `key`: whose. `watermark`: receives it.
 *  Return: KL_OK; KL_E_NOT_FOUND; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(log entries).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_watermark(const kl_checkpoint *checkpoint, const char *key, kl_time *watermark);
/** Gets the least watermark of all keys: the global mode.
 *
 *  `checkpoint`: from where. `watermark`: receives it.
 *  Return: KL_OK; KL_E_NOT_FOUND where there is none; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(watermarks).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_watermark_min(const kl_checkpoint *checkpoint, kl_time *watermark);
/** Bytes of the image.
 *
 *  `checkpoint`: whose; NULL: 0.
 *  Return: their number.
 *  On failure: cannot fail.
 *  Cost: O(entries).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_checkpoint_image_size(const kl_checkpoint *checkpoint);
/** Writes the image: the same content gives the same bytes.
 *
 *  `checkpoint`: what. `bytes`: receives it, `capacity` bytes of room. `used`: receives its size.
 *  Return: KL_OK; KL_E_SIZE where `capacity` is too small; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(bytes), no allocation.
 *  Thread: shared-const.
 *  Source: docs/store-format.md.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_encode(const kl_checkpoint *checkpoint, void *bytes, size_t capacity, size_t *used);
/** Reads an image in place of what the checkpoint holds.
 *
 *  `checkpoint`: where to. `bytes`: the image, exactly `n` bytes. `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_E_CORRUPT; KL_E_VERSION for a newer major version or an entry that must not be skipped; KL_E_MEMORY; KL_E_ARG.
 *  On failure: nothing changes.
 *  Cost: O(bytes).
 *  Thread: exclusive on `checkpoint`.
 *  Source: docs/store-format.md.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_decode(kl_checkpoint *checkpoint, const void *bytes, size_t n, kl_error *error);
/** Saves to a file: killed anywhere, the old one or the new one is found.
 *
 *  `checkpoint`: what. `io`: files. `path`: where; `path`.new is written, synced and renamed, and the directory synced.
 *  `error`: what went wrong, or NULL.
 *  Return: KL_OK; what `io` says, KL_E_IO or KL_E_NO_SPACE; KL_E_MEMORY; KL_E_ARG.
 *  On failure: the file is the old or the new one.
 *  Cost: O(bytes), two syncs.
 *  Thread: exclusive on `path`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_save(const kl_checkpoint *checkpoint, const kl_io *io, const char *path, kl_error *error);
/** Loads a file in place of what the checkpoint holds.
 *
 *  `checkpoint`: where to. `io`: files. `path`: from where. `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_E_NOT_FOUND; KL_E_IO; as kl_checkpoint_decode.
 *  On failure: nothing changes.
 *  Cost: O(bytes).
 *  Thread: exclusive on `checkpoint`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_checkpoint_load(kl_checkpoint *checkpoint, const kl_io *io, const char *path, kl_error *error);

/** Says where to read on (F28): at the watermark's bar, some bars earlier, but not before a floor.
 *
 *  `watermark`: last time that was read; KL_TIME_NONE: none, then `floor` it is. `interval`: of the bars. `overlap`: bars to read
 *  again, 0.. . `floor`: earliest time; KL_TIME_NONE: none. `from`: receives the time.
 *  Return: KL_OK; KL_E_NOT_FOUND without watermark and floor; KL_E_ANCHOR, KL_E_INTERVAL, KL_E_TIME from the interval; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_resume_point(kl_time watermark, const kl_interval *interval, int64_t overlap, kl_time floor, kl_time *from);

/** F30: ranges that were asked and answered; the checkpoint advances only over contiguous ones. Half-open [from, to). */
typedef struct kl_range {
    kl_time from, to;
} kl_range;
typedef struct kl_coverage { /* sorted, disjoint, non-adjacent ranges */
    size_t n, capacity;
    kl_range *ranges;
    kl_alloc alloc;
} kl_coverage;
/** Makes an empty set of ranges.
 *
 *  `coverage`: receives it. `alloc`: memory, copied; NULL: libc.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_coverage_init(kl_coverage *coverage, const kl_alloc *alloc);
/** Frees the ranges; the set is empty then and may be used again.
 *
 *  `coverage`: may be NULL.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: exclusive on `coverage`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_coverage_free(kl_coverage *coverage);
/** Adds a range; what overlaps or touches becomes one.
 *
 *  `coverage`: the set. `from`, `to`: [from, to); an empty range changes nothing.
 *  Return: KL_OK; KL_E_ARG where `from` > `to`; KL_E_MEMORY.
 *  On failure: nothing changes.
 *  Cost: O(log n) to find, O(n) to move.
 *  Thread: exclusive on `coverage`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_coverage_add(kl_coverage *coverage, kl_time from, kl_time to);
/** Takes a range away.
 *
 *  `coverage`: the set. `from`, `to`: [from, to); an empty range changes nothing.
 *  Return: KL_OK; KL_E_ARG where `from` > `to`; KL_E_MEMORY.
 *  On failure: nothing changes.
 *  Cost: O(log n) to find, O(n) to move.
 *  Thread: exclusive on `coverage`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_coverage_remove(kl_coverage *coverage, kl_time from, kl_time to);
/** Says whether all of a range is covered.
 *
 *  `coverage`: the set. `from`, `to`: [from, to); an empty range is covered.
 *  Return: 1 or 0.
 *  On failure: 0 where `coverage` is NULL or `from` > `to`.
 *  Cost: O(log n).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_coverage_has(const kl_coverage *coverage, kl_time from, kl_time to);
/** Says how far the cover reaches without a hole (F30).
 *
 *  `coverage`: the set. `from`: where to begin.
 *  Return: the end of the range that holds `from`; `from` where none does.
 *  On failure: `from` where `coverage` is NULL.
 *  Cost: O(log n).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_time kl_coverage_contiguous(const kl_coverage *coverage, kl_time from);
/** Names the uncovered parts of a range, in order: the backfill plan (F32).
 *
 *  `coverage`: the set. `from`, `to`: [from, to). `hole`: called with `ctx` and a range; a negative status ends it.
 *  Return: KL_OK; the negative status of `hole`; KL_E_ARG.
 *  On failure: `hole` may have been called.
 *  Cost: O(log n + holes), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_coverage_holes(const kl_coverage *coverage, kl_time from, kl_time to, kl_status (*hole)(void *ctx, const kl_range *range), void *ctx);

#ifdef __cplusplus
}
#endif
#endif
