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

/** Opens a directory of series.
 *
 *  `io`: files, copied. `directory`: its path; a writer makes it where it is missing. `mode`: KL_STORE_READ or
 *  KL_STORE_WRITE. `alloc`: memory, copied; NULL: libc. `store`: receives the store. `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_E_ARG; KL_E_NOT_FOUND or KL_E_IO from `io`; KL_E_MEMORY.
 *  On failure: nothing is opened and *store is left alone.
 *  Cost: one listing of the directory or one making of it; no series is opened.
 *  Thread: exclusive on `io`'s directory while it is made.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_store_open(const kl_io *io, const char *directory, int32_t mode, const kl_alloc *alloc, kl_store **store, kl_error *error);
/** Closes a directory whose series have all been closed.
 *
 *  `store`: may be NULL.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: exclusive on `store`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_store_close(kl_store *store);
/** Names each series of the directory, in order of its file name.
 *
 *  `store`: the directory. `each`: called with `ctx` and the key of a series; a negative status ends the listing.
 *  `error`: what went wrong, or NULL. Files of other names are passed over.
 *  Return: KL_OK; the negative status of `each`; KL_E_IO; KL_E_MEMORY; KL_E_ARG.
 *  On failure: `each` may have been called.
 *  Cost: O(n log n) in names; no series is opened.
 *  Thread: exclusive on `store`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_store_list(kl_store *store, kl_status (*each)(void *ctx, const kl_series_key *key), void *ctx, kl_error *error);
/** Finds the one series of a symbol and interval.
 *
 *  `store`: the directory. `pattern`: symbol and interval; venue and market "" match any; an anchor that matches is
 *  preferred. `key`: receives the series' key. `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_E_NOT_FOUND; KL_E_MISMATCH where several match; KL_E_IO, KL_E_MEMORY, KL_E_ARG.
 *  On failure: *key is left alone.
 *  Cost: as kl_store_list.
 *  Thread: exclusive on `store`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_store_find(kl_store *store, const kl_series_key *pattern, kl_series_key *key, kl_error *error);

/** Opens a series; a writer creates it where it is missing, locks it and cuts a torn tail.
 *
 *  `store`: the directory, which has to outlive the series. `key`: whose series; interval.unit 0: trades. `stored`: receives
 *  the series. `error`: what went wrong, or NULL. The newest committed state is found from the slots, or from the blocks where
 *  both slots are damaged; damaged blocks are given up, and their range is uncovered.
 *  Return: KL_OK; KL_E_NOT_FOUND (reader); KL_E_LOCKED; KL_E_PATH for a key that cannot be a name; KL_E_ANCHOR, KL_E_INTERVAL;
 *  KL_E_CORRUPT where no commit is found; KL_E_VERSION; KL_E_MISMATCH where the file holds another series; KL_E_IO;
 *  KL_E_NO_SPACE; KL_E_MEMORY; KL_E_ARG.
 *  On failure: *stored is left alone; a series that was being created is complete or not there.
 *  Cost: reads the index (48 bytes a block of up to 4096 rows) and the blocks behind it; 60 bytes of memory a block.
 *  Thread: exclusive on `store`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_store_series(kl_store *store, const kl_series_key *key, kl_stored **stored, kl_error *error);
/** Closes a series; an open transaction is dropped.
 *
 *  `stored`: may be NULL. A writer renews index and slot, which make the next opening fast and nothing else.
 *  Return: nothing.
 *  On failure: what could not be written is written by the next writer.
 *  Cost: O(blocks since the last index), two syncs where something was committed.
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_stored_close(kl_stored *stored);

typedef struct kl_stored_info {
    kl_series_key key;
    kl_scale scale;             /* the finest that was ever put */
    uint64_t rows;              /* unique keys, without those that only blocks known to be damaged hold */
    uint64_t versions;          /* rows in the file, superseded and unreadable ones included */
    kl_time first_us, last_us;  /* open time of the first and last row; trades: time; KL_TIME_NONE: no rows */
    int64_t first_id, last_id;  /* trades; -1: none */
    uint64_t bytes, commits, torn_bytes /* cut or ignored at opening */;
    uint64_t damaged_blocks; /* given up so far, be they healed since */
    kl_time covered_from, covered_to; /* hull of the coverage; KL_TIME_NONE: nothing is covered */
    size_t covered_ranges;
} kl_stored_info;
/** Says how the committed state of a series stands.
 *
 *  `stored`: the series. `info`: receives it. `error`: what went wrong, or NULL. Damage shows here, as uncovered ranges and in
 *  `damaged_blocks`, as soon as this handle has met it: at opening, in a scan, in kl_stored_verify, which looks for it everywhere.
 *  Return: KL_OK; KL_E_ARG; where damage was met since: KL_E_IO, KL_E_MEMORY, KL_E_VERSION, KL_E_CORRUPT.
 *  On failure: nothing is written.
 *  Cost: O(1); the first call after damage was met: O(blocks) and reading those that overlap.
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_info_get(kl_stored *stored, kl_stored_info *info, kl_error *error);

/** What became of rows: new keys, equal content, better version of a known key, worse version. */
typedef struct kl_put_counts {
    uint64_t rows, inserted, same, revised, kept;
} kl_put_counts;

/** Begins a transaction: rows, coverage and checkpoint become visible together, or not at all.
 *
 *  `stored`: a series opened for writing. `error`: what went wrong, or NULL. Memory does not grow with the transaction.
 *  Return: KL_OK; KL_E_STATE where one is open; KL_E_READ_ONLY; KL_E_IO where a torn tail cannot be cut; KL_E_ARG.
 *  On failure: no transaction is open.
 *  Cost: O(1).
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_begin(kl_stored *stored, kl_error *error);
/** Puts candles into the open transaction, in any order.
 *
 *  `stored`: with an open transaction. `rows`: `n` candles at `scale`, open times in 2000..2100. `counts`: what became of the
 *  rows is added to it; may be NULL. `error`: what went wrong, with the row (1..n), or NULL. Of the versions of a candle the one
 *  of highest kl_kline_rank is read, whatever the order of arrival; equal content is skipped; a closed version that replaced
 *  or outranked another closed one of other content is marked KL_REVISED. The series' scale follows the finest row.
 *  Blocks that rows are compared with are checked whole; the rows of a damaged one count as absent, so putting them again heals.
 *  Return: KL_OK; KL_E_TIME; KL_E_OVERFLOW where rows or stored rows do not fit the finer scale; KL_E_MISMATCH for a series of
 *  trades; KL_E_STATE, KL_E_READ_ONLY, KL_E_ARG; KL_E_IO, KL_E_NO_SPACE, KL_E_MEMORY, KL_E_VERSION; KL_E_CORRUPT where a block
 *  that had been good cannot be read any more.
 *  On failure: KL_E_TIME, KL_E_OVERFLOW, KL_E_MISMATCH, KL_E_ARG: none of these rows is taken and the transaction goes on; any
 *  other: the transaction can only be rolled back.
 *  Cost: O(n) for rows beyond the last key; else O(n log n) and reading the frames that hold their keys, and once in the life of
 *  `stored` the blocks between the least and the greatest of them.
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_put_klines(kl_stored *stored, const kl_kline *rows, size_t n, const kl_scale *scale, kl_put_counts *counts, kl_error *error);
/** Puts trades into the open transaction.
 *
 *  `stored`: with an open transaction. `rows`: `n` trades at `scale`, times in 2000..2100, all with id or all without, and all
 *  single or all aggregates (KL_TRADE_AGGREGATE), as in the rest of the series. `counts`: what became of the rows is added to it;
 *  may be NULL. `error`: what went wrong, with the row, or NULL.
 *  With ids, in any order: the id is the key, and the fuller version of a trade wins. Without: time, price, quantity, maker and
 *  the how-many-eth equal one of its transaction are the key, so a file that is put again, as a transaction of its own, adds
 *  nothing; up to 65536 trades of a transaction may be in any order, in a longer one times step back over at most 32768.
 *  Return: KL_OK; KL_E_TIME; KL_E_OVERFLOW; KL_E_MISMATCH for a series of candles, for ids mixed with none, for
 *  aggregates mixed with single trades; KL_E_ORDER; KL_E_STATE, KL_E_READ_ONLY, KL_E_ARG; KL_E_IO, KL_E_NO_SPACE, KL_E_MEMORY,
 *  KL_E_VERSION, KL_E_CORRUPT as kl_stored_put_klines.
 *  On failure: as kl_stored_put_klines; KL_E_ORDER: the transaction can only be rolled back.
 *  Cost: as kl_stored_put_klines.
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_put_trades(kl_stored *stored, const kl_trade *rows, size_t n, const kl_scale *scale, kl_put_counts *counts, kl_error *error);
/** Notes in the open transaction that a range was asked and answered.
 *
 *  `stored`: with an open transaction. `from`, `to`: [from, to). `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_E_ARG where `from` > `to`; KL_E_STATE, KL_E_READ_ONLY, KL_E_MEMORY.
 *  On failure: nothing is noted.
 *  Cost: O(1), amortised.
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_cover(kl_stored *stored, kl_time from, kl_time to, kl_error *error);
/** Puts a checkpoint into the open transaction, in place of the one that is stored.
 *
 *  `stored`: with an open transaction. `checkpoint`: copied as its image. `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_E_STATE, KL_E_READ_ONLY, KL_E_MEMORY, KL_E_ARG.
 *  On failure: the transaction stays as it was.
 *  Cost: O(bytes).
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_set_checkpoint(kl_stored *stored, const kl_checkpoint *checkpoint, kl_error *error);
/** Commits the open transaction: one sync, after which all of it is there for good.
 *
 *  `stored`: with an open transaction. `error`: what went wrong, or NULL. Where nothing changed, nothing is written.
 *  Damage that was met is recorded.
 *  Return: KL_OK; KL_E_IO, KL_E_NO_SPACE, KL_E_MEMORY, KL_E_CORRUPT, KL_E_VERSION; KL_E_STATE, KL_E_READ_ONLY, KL_E_ARG.
 *  On failure: the transaction is rolled back; put everything again in a new one.
 *  Cost: O(pending rows), one sync; now and then an index and two syncs more.
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_commit(kl_stored *stored, kl_error *error);
/** Drops the open transaction.
 *
 *  `stored`: with an open transaction. `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_E_STATE; KL_E_ARG; KL_E_IO where the file could not be cut, which the next transaction tries again.
 *  On failure: the transaction is dropped all the same.
 *  Cost: O(blocks).
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_rollback(kl_stored *stored, kl_error *error);

typedef struct kl_scan kl_scan;
/** Begins to read committed rows of a range: the best version of each key, in rising order.
 *
 *  `stored`: the series, which has to outlive the scan and may go on being written. `from`, `to`: open times, or times of
 *  trades, in [from, to). `scan`: receives the scan. `error`: what went wrong, or NULL. Trades with ids come in order of id.
 *  A candle stored as KL_SUSPECT is given as KL_CLOSED where the series has a later one. Damage in the range that this handle knows
 *  of and no commit has recorded yet is told by the first kl_scan_klines or kl_scan_trades; what can be read comes behind it.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG.
 *  On failure: *scan is left alone.
 *  Cost: O(log n + blocks of the range); nothing is read yet. Memory follows the overlap of blocks.
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_scan(kl_stored *stored, kl_time from, kl_time to, kl_scan **scan, kl_error *error);
/** Gives the next candles of a scan.
 *
 *  `scan`: of a series of candles. `rows`: receives `*n` (1..256) candles, valid until the next call. `n`: receives their number.
 *  `scale`: receives their scale; may be NULL. `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_END behind the last; KL_E_CORRUPT where damage is met or known: a block is given up, its range uncovered,
 *  and the next call goes on behind it; KL_E_IO, KL_E_MEMORY, KL_E_VERSION: the scan is over; KL_E_MISMATCH; KL_E_ARG.
 *  On failure: *n is 0.
 *  Cost: O(rows); rows of several overlapping blocks O(rows log blocks).
 *  Thread: exclusive on `scan` and its series.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_scan_klines(kl_scan *scan, const kl_kline **rows, size_t *n, kl_scale *scale, kl_error *error);
/** Gives the next trades of a scan.
 *
 *  `scan`: of a series of trades. `rows`: receives `*n` (1..256) trades, valid until the next call. `n`: receives their number.
 *  `scale`: receives their scale; may be NULL. `error`: what went wrong, or NULL.
 *  Return: as kl_scan_klines.
 *  On failure: *n is 0.
 *  Cost: as kl_scan_klines.
 *  Thread: exclusive on `scan` and its series.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_scan_trades(kl_scan *scan, const kl_trade **rows, size_t *n, kl_scale *scale, kl_error *error);
/** Frees a scan.
 *
 *  `scan`: may be NULL.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(open blocks).
 *  Thread: exclusive on `scan`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_scan_free(kl_scan *scan);
/** Reads candles of a range into memory.
 *
 *  `stored`: a series of candles. `from`, `to`: open times in [from, to). `series`: rows are appended to it and its key is set.
 *  `error`: what went wrong, or NULL.
 *  Return: KL_OK; as kl_stored_scan and kl_scan_klines.
 *  On failure: no row is added.
 *  Cost: O(rows).
 *  Thread: exclusive on `stored` and `series`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_read(kl_stored *stored, kl_time from, kl_time to, kl_series *series, kl_error *error);
/** Reads trades of a range into memory.
 *
 *  `stored`: a series of trades. `from`, `to`: times in [from, to). `trades`: rows are appended to it and its key is set.
 *  `error`: what went wrong, or NULL.
 *  Return: KL_OK; as kl_stored_scan and kl_scan_trades.
 *  On failure: no row is added.
 *  Cost: O(rows).
 *  Thread: exclusive on `stored` and `trades`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_read_trades(kl_stored *stored, kl_time from, kl_time to, kl_trades *trades, kl_error *error);
/** Gives the committed coverage: ranges that were asked and answered, without those of damaged blocks.
 *
 *  `stored`: the series. `coverage`: an initialised set, whose content is replaced. `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_E_MEMORY; KL_E_ARG.
 *  On failure: `coverage` is left alone.
 *  Cost: O(ranges).
 *  Thread: exclusive on `coverage`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_coverage(kl_stored *stored, kl_coverage *coverage, kl_error *error);
/** Gives the checkpoint that was committed last.
 *
 *  `stored`: the series. `checkpoint`: its content is replaced. `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_E_NOT_FOUND where there is none; KL_E_CORRUPT, KL_E_VERSION, KL_E_IO, KL_E_MEMORY, KL_E_ARG.
 *  On failure: `checkpoint` is left alone.
 *  Cost: O(bytes).
 *  Thread: exclusive on `stored` and `checkpoint`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_checkpoint(kl_stored *stored, kl_checkpoint *checkpoint, kl_error *error);
/** Reads every byte of every living block of a series and checks it.
 *
 *  `stored`: without an open transaction. `error`: what went wrong, or NULL. Damaged blocks are given up, their range uncovered.
 *  Return: KL_OK; KL_E_CORRUPT where there is damage that no commit has recorded (kl_stored_info tells of all); KL_E_STATE; KL_E_VERSION, KL_E_IO, KL_E_MEMORY, KL_E_ARG.
 *  On failure: KL_E_CORRUPT: all blocks have been checked; any other: the check stopped.
 *  Cost: O(bytes).
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_verify(kl_stored *stored, kl_error *error);
/** Lets a reader see what was committed since.
 *
 *  `stored`: the series; scans under way go on with what they began with. `error`: what went wrong, or NULL.
 *  Return: KL_OK; KL_E_CORRUPT, KL_E_VERSION, KL_E_IO, KL_E_MEMORY, KL_E_ARG.
 *  On failure: KL_E_ARG: nothing changes; any other: the series can only be closed.
 *  Cost: O(what was committed since).
 *  Thread: exclusive on `stored`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_stored_refresh(kl_stored *stored, kl_error *error);

#ifdef __cplusplus
}
#endif
#endif
