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

KL_API kl_status kl_checkpoint_new(const kl_alloc *alloc, kl_checkpoint **checkpoint);
KL_API void kl_checkpoint_free(kl_checkpoint *checkpoint);
/* sections: state of streaming objects, source cursors. definition: as of the object; 0 where there is none. */
KL_API kl_status kl_checkpoint_set(kl_checkpoint *checkpoint, const char *name, uint32_t definition, const void *bytes, size_t n);
KL_API kl_status kl_checkpoint_get(const kl_checkpoint *checkpoint, const char *name, uint32_t definition, const void **bytes, size_t *n); /* KL_E_NOT_FOUND, KL_E_DEFINITION */
KL_API kl_status kl_checkpoint_remove(kl_checkpoint *checkpoint, const char *name);
KL_API size_t kl_checkpoint_count(const kl_checkpoint *checkpoint);
KL_API kl_status kl_checkpoint_at(const kl_checkpoint *checkpoint, size_t index, const char **name, uint32_t *definition, const void **bytes, size_t *n);
/* watermarks (F27): one time per key; raised, never lowered, unless forced. */
KL_API kl_status kl_checkpoint_raise(kl_checkpoint *checkpoint, const char *key, kl_time watermark);
KL_API kl_status kl_checkpoint_force(kl_checkpoint *checkpoint, const char *key, kl_time watermark);
KL_API kl_status kl_checkpoint_watermark(const kl_checkpoint *checkpoint, const char *key, kl_time *watermark); /* KL_E_NOT_FOUND */
KL_API kl_status kl_checkpoint_watermark_min(const kl_checkpoint *checkpoint, kl_time *watermark); /* over all keys: the global mode */
/* image: the same content gives the same bytes. */
KL_API size_t kl_checkpoint_image_size(const kl_checkpoint *checkpoint);
KL_API kl_status kl_checkpoint_encode(const kl_checkpoint *checkpoint, void *bytes, size_t capacity, size_t *used);
KL_API kl_status kl_checkpoint_decode(kl_checkpoint *checkpoint, const void *bytes, size_t n, kl_error *error);
/* temp file, sync, rename, sync of the directory: killed anywhere, the old or the new one is found. */
KL_API kl_status kl_checkpoint_save(const kl_checkpoint *checkpoint, const kl_io *io, const char *path, kl_error *error);
KL_API kl_status kl_checkpoint_load(kl_checkpoint *checkpoint, const kl_io *io, const char *path, kl_error *error);

/* F28: where to read on: watermark - overlap bars (or floor where there is no watermark, or it is later). */
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
KL_API kl_status kl_coverage_init(kl_coverage *coverage, const kl_alloc *alloc);
KL_API void kl_coverage_free(kl_coverage *coverage);
KL_API kl_status kl_coverage_add(kl_coverage *coverage, kl_time from, kl_time to);
KL_API kl_status kl_coverage_remove(kl_coverage *coverage, kl_time from, kl_time to);
KL_API int32_t kl_coverage_has(const kl_coverage *coverage, kl_time from, kl_time to);
KL_API kl_time kl_coverage_contiguous(const kl_coverage *coverage, kl_time from); /* end of the run that holds `from`; `from` where none does */
/* uncovered parts of [from, to), in order: the backfill plan (F32). */
KL_API kl_status kl_coverage_holes(const kl_coverage *coverage, kl_time from, kl_time to, kl_status (*hole)(void *ctx, const kl_range *range), void *ctx);

#ifdef __cplusplus
}
#endif
#endif
