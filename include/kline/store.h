/* kline/store.h: series of candles and trades in files of their own under a directory: append-only, checksummed, one writer,
 * many readers. The bytes are specified in docs/store-format.md. */
#ifndef KLINE_STORE_H
#define KLINE_STORE_H
#include "kline/checkpoint.h"
#ifdef __cplusplus
extern "C" {
#endif

typedef struct kl_store kl_store;   /* a directory */
typedef struct kl_stored kl_stored; /* one open series file */

enum { KL_STORE_READ = 0, KL_STORE_WRITE = 1 };

KL_API kl_status kl_store_open(const kl_io *io, const char *directory, int32_t mode, const kl_alloc *alloc, kl_store **store, kl_error *error);
KL_API void kl_store_close(kl_store *store);
/* each series of the directory, in order of its file name. */
KL_API kl_status kl_store_list(kl_store *store, kl_status (*each)(void *ctx, const kl_series_key *key), void *ctx, kl_error *error);
/* finds the one series of this symbol and interval (venue and market "" match any); KL_E_NOT_FOUND. */
KL_API kl_status kl_store_find(kl_store *store, const kl_series_key *pattern, kl_series_key *key, kl_error *error);

/* opens a series; a writer creates it where it is missing, locks it and cuts a torn tail. */
KL_API kl_status kl_store_series(kl_store *store, const kl_series_key *key, kl_stored **stored, kl_error *error);
KL_API void kl_stored_close(kl_stored *stored); /* an open transaction is dropped */

typedef struct kl_stored_info {
    kl_series_key key;
    kl_scale scale;
    uint64_t rows;              /* unique keys */
    uint64_t versions;          /* rows in the file, superseded ones included */
    kl_time first_us, last_us;  /* open time of the first and last row; trades: time */
    int64_t first_id, last_id;  /* trades */
    uint64_t bytes, commits, torn_bytes /* cut or ignored at opening */, damaged_blocks;
    kl_time covered_from, covered_to; /* hull of the coverage */
    size_t covered_ranges;
} kl_stored_info;
KL_API kl_status kl_stored_info_get(kl_stored *stored, kl_stored_info *info, kl_error *error);

typedef struct kl_put_counts {
    uint64_t rows, inserted, same, revised, kept;
} kl_put_counts;

/* a transaction: rows, coverage and checkpoint become visible together, or not at all. Memory does not grow with its size. */
KL_API kl_status kl_stored_begin(kl_stored *stored, kl_error *error);
/* rows in any order. Equal ones are skipped, higher-ranked versions replace on read; the series' scale follows the finest row. changes may be NULL. */
KL_API kl_status kl_stored_put_klines(kl_stored *stored, const kl_kline *rows, size_t n, const kl_scale *scale, kl_put_counts *counts, kl_error *error);
KL_API kl_status kl_stored_put_trades(kl_stored *stored, const kl_trade *rows, size_t n, const kl_scale *scale, kl_put_counts *counts, kl_error *error);
KL_API kl_status kl_stored_cover(kl_stored *stored, kl_time from, kl_time to, kl_error *error);
KL_API kl_status kl_stored_set_checkpoint(kl_stored *stored, const kl_checkpoint *checkpoint, kl_error *error);
KL_API kl_status kl_stored_commit(kl_stored *stored, kl_error *error);
KL_API kl_status kl_stored_rollback(kl_stored *stored, kl_error *error);

/* range scans over committed rows, [from, to), best version of each key, in rising order. */
typedef struct kl_scan kl_scan;
KL_API kl_status kl_stored_scan(kl_stored *stored, kl_time from, kl_time to, kl_scan **scan, kl_error *error);
KL_API kl_status kl_scan_klines(kl_scan *scan, const kl_kline **rows, size_t *n, kl_scale *scale, kl_error *error); /* KL_END */
KL_API kl_status kl_scan_trades(kl_scan *scan, const kl_trade **rows, size_t *n, kl_scale *scale, kl_error *error);
KL_API void kl_scan_free(kl_scan *scan);
KL_API kl_status kl_stored_read(kl_stored *stored, kl_time from, kl_time to, kl_series *series, kl_error *error); /* a scan into memory */
KL_API kl_status kl_stored_read_trades(kl_stored *stored, kl_time from, kl_time to, kl_trades *trades, kl_error *error);
KL_API kl_status kl_stored_coverage(kl_stored *stored, kl_coverage *coverage, kl_error *error);
KL_API kl_status kl_stored_checkpoint(kl_stored *stored, kl_checkpoint *checkpoint, kl_error *error); /* the last committed one */
KL_API kl_status kl_stored_verify(kl_stored *stored, kl_error *error);
KL_API kl_status kl_stored_refresh(kl_stored *stored, kl_error *error); /* a reader sees what was committed since */

#ifdef __cplusplus
}
#endif
#endif
