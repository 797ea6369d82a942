/* Rows of both kinds as columns of integers, packed into frames. */
#ifndef KL__STORE_PACK_H
#define KL__STORE_PACK_H
#include "store/format.h"

enum { KL__COLUMNS_MAX = 17, KL__LEAD_FIXED = 24, KL__ROW_BYTES_MAX = 17 * 16 };

/* A block's lead: what is needed to read its frames. */
typedef struct kl__pack {
    kl_scale scale;
    int64_t first_time, last_time;
    uint32_t rows, frames, row_bytes, columns, lead_bytes;
    uint8_t width[24];             /* bytes a value takes: 0 1 2 4 8 16; 0: all equal the base */
    int64_t base[KL__COLUMNS_MAX]; /* stored = value - base */
} kl__pack;

size_t kl__row_bytes(int32_t kind); /* of a row in memory */
int64_t kl__row_key(int32_t kind, const void *row);
KL__INLINE int64_t kl__row_time(int32_t kind, const void *row) {
    return kind == KL__KIND_KLINES ? ((const kl_kline *)row)->open_time_us : ((const kl_trade *)row)->time_us;
}
/* whole key: < 0, 0, > 0 */
int kl__row_compare(int32_t kind, const void *a, const void *b);
/* versions of one key, of one scale: > 0 where a wins; 0: nothing differs. */
int kl__row_rank(int32_t kind, const void *a, const void *b);
kl_status kl__row_rescale(int32_t kind, void *row, const kl_scale *from, const kl_scale *to);
/* raises the largest magnitudes of prices, volumes, quote volumes */
void kl__rows_peak(int32_t kind, const void *rows, size_t n, kl_i128 peak[3]);

/* plans a block of n sorted rows (1..KL__BLOCK_ROWS_MAX) */
void kl__pack_plan(int32_t kind, const void *rows, size_t n, const kl_scale *scale, kl__pack *pack);
uint64_t kl__pack_payload(const kl__pack *pack);
/* writes the payload, lead and frames; out: kl__pack_payload bytes */
void kl__pack_write(int32_t kind, const void *rows, const kl__pack *pack, uint8_t *out);
/* the lead of a payload, checked for bounds; KL_E_CORRUPT */
kl_status kl__pack_read(int32_t kind, const kl__header *h, const uint8_t *lead, kl__pack *pack);
/* frame table entry: first key, bytes, crc */
int64_t kl__pack_frame_key(const uint8_t *lead, const kl__pack *pack, uint32_t frame);
uint32_t kl__pack_frame_crc(const uint8_t *lead, const kl__pack *pack, uint32_t frame);
KL__INLINE uint32_t kl__pack_frame_rows(const kl__pack *pack, uint32_t frame) {
    uint32_t done = frame * KL__FRAME_ROWS;
    return pack->rows - done < KL__FRAME_ROWS ? pack->rows - done : KL__FRAME_ROWS;
}
void kl__pack_decode(int32_t kind, const kl__pack *pack, const uint8_t *frame, uint32_t n, void *rows);

#endif
