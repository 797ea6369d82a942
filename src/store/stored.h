/* An open series file: what its parts share. */
#ifndef KL__STORED_H
#define KL__STORED_H
#include "base/size.h"
#include "store/pack.h"

/* A ROWS block, as known without reading it. */
typedef struct kl__entry {
    uint64_t offset;
    int64_t first_key, last_key, first_time, last_time;
    uint32_t rows;
    uint16_t dead, checked; /* checked: read to its last byte by this handle */
} kl__entry;

/* Blocks in file order, and their order by first key. reach[i]: greatest last key of order[0..i]. */
typedef struct kl__blocks {
    size_t n, capacity, order_capacity, reach_capacity;
    kl__entry *entries;
    uint32_t *order;
    int64_t *reach;
} kl__blocks;

typedef struct kl__dead {
    uint64_t offset;
    int64_t first_time, last_time;
} kl__dead;

/* A transaction in the making. */
typedef struct kl__writing {
    int32_t open, failed;
    kl__totals totals;
    uint64_t end, sequence; /* where the next block goes */
    uint32_t chain;
    size_t blocks_before;
    uint8_t *out; /* bytes not yet written; they begin at out_at */
    size_t out_n, out_capacity;
    uint64_t out_at;
    uint8_t *rows, *chunk; /* pending rows, sorted, unique, at totals.scale; rows being sorted in */
    uint32_t *sort;        /* twice the chunk's rows */
    size_t rows_n, rows_capacity, chunk_capacity, sort_capacity;
    kl_range *ranges;
    size_t ranges_n, ranges_capacity;
    uint8_t *state;
    size_t state_n;
    int32_t has_state;
    kl_trade *tail;     /* trades without id: the latest distinct ones of this transaction, sorted; id: how many */
    int64_t tail_floor; /* none may come at or before this time */
    size_t tail_n, tail_capacity;
} kl__writing;

struct kl_store {
    kl_io io;
    kl_alloc alloc;
    int32_t mode;
    char *directory;
    size_t directory_bytes;
};

struct kl_stored {
    kl_store *store;
    kl_io io;
    kl_alloc alloc;
    kl_series_key key;
    uint32_t salt;
    int32_t writer, dirty_tail; /* bytes behind `end` have to be cut before anything is written */
    void *file, *lock;
    char *path;
    size_t path_bytes;
    kl__totals totals; /* committed */
    uint64_t commit;   /* offset of the newest COMMIT */
    uint32_t commit_crc;
    uint64_t end, sequence; /* behind it; of the next block */
    uint32_t chain;
    uint64_t slot_generation, slot_commit;
    int32_t slot_newest; /* 0, 1; -1: none was good */
    size_t indexed;      /* entries that the INDEX lists */
    kl__blocks blocks;
    kl_coverage coverage;
    int32_t has_dead_index; /* the next INDEX has to be a whole one */
    uint64_t torn_bytes;
    kl__dead *dead; /* found since, not yet recorded */
    size_t dead_n, dead_capacity;
    int32_t recount; /* totals.rows and hulls are from before some damage */
    int32_t lost;    /* a slot names a COMMIT that is not there; not yet recorded */
    kl__writing w;
};

#define KL__STORED_OUT ((size_t)1 << 18) /* bytes that are written at once */

KL__INLINE void *kl__stored_take(const kl_stored *s, size_t n) { return s->alloc.take(s->alloc.ctx, n ? n : 1); }
KL__INLINE void kl__stored_give(const kl_stored *s, void *memory, size_t n) {
    if (memory) s->alloc.give(s->alloc.ctx, memory, n ? n : 1);
}

/* file.c: all n bytes at offset, pending ones included; KL_E_CORRUPT where the file ends before */
kl_status kl__stored_read_at(kl_stored *s, uint64_t offset, void *bytes, size_t n);
/* header, then lead into *lead (taken: h->lead bytes; NULL where it is 0), checked. type 0: any */
kl_status kl__stored_header(kl_stored *s, uint64_t offset, uint32_t type, kl__header *h);
kl_status kl__stored_lead(kl_stored *s, const kl__header *h, uint8_t **lead);
/* reads all of a block and checks it; KL_E_CORRUPT */
kl_status kl__stored_check_block(kl_stored *s, const kl__header *h);
/* gives a block up: its entry is dead, its range uncovered */
kl_status kl__stored_damage(kl_stored *s, uint64_t offset, int64_t first_time, int64_t last_time);

/* count.c: checks the blocks, of the first `limit`, that may hold keys of [from, to]; gives up damaged ones */
kl_status kl__stored_check_range(kl_stored *s, int64_t from, int64_t to, size_t limit);
/* unique rows and hulls of the first `limit` blocks, without those given up */
kl_status kl__stored_recount(kl_stored *s, size_t limit, kl__totals *t);

/* blocks.c */
kl_status kl__blocks_add(const kl_alloc *alloc, kl__blocks *b, const kl__entry *entry);
void kl__blocks_cut(kl__blocks *b, size_t n); /* keeps the first n entries */
void kl__blocks_free(const kl_alloc *alloc, kl__blocks *b);
/* the block at this offset, or NULL */
kl__entry *kl__blocks_at(kl__blocks *b, uint64_t offset);
void kl__blocks_kill(kl__blocks *b, uint64_t offset);
/* positions [*first, *last) of `order` that hold every block that may overlap keys [from, to] */
void kl__blocks_overlap(const kl__blocks *b, int64_t from, int64_t to, size_t *first, size_t *last);
KL__INLINE int64_t kl__blocks_reach(const kl__blocks *b) { return b->n ? b->reach[b->n - 1] : INT64_MIN; }

/* open.c: reads the state of the file from its slots and blocks */
kl_status kl__stored_load(kl_stored *s, kl_error *error);
void kl__stored_unload(kl_stored *s);
/* follows the blocks from `end` on */
kl_status kl__stored_walk(kl_stored *s, uint64_t vouched, kl_error *error);

/* write.c */
kl_status kl__stored_create(kl_stored *s, kl_error *error);
kl_status kl__stored_settle(kl_stored *s); /* at close: INDEX where worthwhile, slot */
kl_status kl__stored_flush(kl_stored *s);
void kl__stored_writing_free(kl_stored *s);
/* stages a block of these bytes; into w.out, written when that is full */
kl_status kl__stored_stage(kl_stored *s, uint32_t type, uint32_t flags, const void *bytes, size_t n);
/* the first n pending rows become a block */
kl_status kl__stored_stage_rows(kl_stored *s, size_t n);
/* cuts what lies behind the committed end */
kl_status kl__stored_cut(kl_stored *s);

/* put.c */
kl_status kl__stored_put_rows(kl_stored *s, const void *rows, size_t n, const kl_scale *scale, kl_put_counts *counts,
                              kl_error *error);

/* merge.c: best versions in rising order out of overlapping blocks */
typedef struct kl__merge kl__merge;
/* keys in [from, to], by blocks [0, blocks); scale of the rows given out */
kl_status kl__merge_new(kl_stored *s, int64_t from, int64_t to, size_t blocks, const kl_scale *scale,
                        kl__merge **merge);
void kl__merge_free(kl__merge *m);
/* skips to the first row with key >= `key` */
kl_status kl__merge_seek(kl__merge *m, int64_t key);
/* the next best row, valid until the next call; KL_END. KL_E_CORRUPT: a block was given up, the rest may be read on. */
kl_status kl__merge_next(kl__merge *m, const void **row);
/* up to some hundred rows at once; the caller may change them */
kl_status kl__merge_batch(kl__merge *m, void **rows, size_t *n);

#endif
