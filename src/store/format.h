/* The bytes of a series file; docs/store-format.md is the specification. */
#ifndef KL__STORE_FORMAT_H
#define KL__STORE_FORMAT_H
#include "base/endian.h"
#include "base/wide.h"
#include "kline/store.h"

enum {
    KL__SLOT_BYTES = 4096,
    KL__BLOCKS_START = 2 * KL__SLOT_BYTES,
    KL__HEADER_BYTES = 64,
    KL__COMMIT_BYTES = 232,
    KL__META_BYTES = 128,
    KL__FRAME_ROWS = 256,  /* rows that are read, checked and decoded together */
    KL__BLOCK_ROWS = 4096, /* most rows that this writer puts into a block */
    KL__BLOCK_ROWS_MAX = 65536,
    KL__FORMAT_MAJOR = 1,
    KL__FORMAT_MINOR = 0,
    KL__BLOCK_VERSION = 1
};

enum { /* block types */
       KL__BLOCK_META = 1,
       KL__BLOCK_ROWS_TYPE = 2,
       KL__BLOCK_COVERAGE = 3,
       KL__BLOCK_STATE = 4,
       KL__BLOCK_INDEX = 5,
       KL__BLOCK_COMMIT = 6,
       KL__BLOCK_DEAD = 7
};
enum {                       /* block flags */
       KL__BLOCK_NEEDED = 1, /* who does not know this type must not go on */
       KL__BLOCK_WHOLE = 2,  /* COVERAGE: replaces what was covered before */
       KL__BLOCK_REMOVE = 4  /* COVERAGE: takes the ranges away */
};
enum {
    KL__KIND_KLINES = 0,
    KL__KIND_TRADES_OPEN = 1 /* no row yet */,
    KL__KIND_TRADES_ID = 2,
    KL__KIND_TRADES_CONTENT = 3
};

typedef struct kl__header {
    uint8_t type, version, codec, flags;
    uint32_t payload, lead, rows, chain, lead_crc, crc;
    uint64_t offset, sequence;
    int64_t first, last;
} kl__header;

/* Bytes that a block takes in the file. */
KL__INLINE uint64_t kl__block_bytes(const kl__header *h) {
    return KL__HEADER_BYTES + (((uint64_t)h->payload + 7) & ~(uint64_t)7);
}

/* What a COMMIT says: the series as it stands, and where to find the rest. */
typedef struct kl__totals {
    uint64_t commits, rows, versions;
    int64_t first_time, last_time, first_key, last_key; /* first > last: no rows */
    int32_t kind, aggregate;                            /* aggregate: the trades are aggregates */
    kl_scale scale;
    kl_i128 peak[3];                 /* largest magnitude of prices, volumes, quote volumes, at `scale` */
    uint64_t start;                  /* of this transaction's blocks */
    int64_t start_first, start_last; /* time hull of its rows and ranges; first > last: none */
    uint64_t previous;               /* COMMIT before this one; 0: none */
    uint64_t index;                  /* newest INDEX; 0: none */
    uint64_t walk, walk_sequence;    /* blocks from here on are not in the INDEX */
    uint32_t walk_chain;
    uint64_t coverage; /* newest whole COVERAGE before walk; 0: none */
    uint64_t state;    /* newest STATE; 0: none */
    uint64_t damaged;  /* blocks that were given up so far */
} kl__totals;

typedef struct kl__slot {
    uint16_t major, minor;
    uint32_t salt;
    uint64_t generation, commit;
    kl_series_key key;
} kl__slot;

/* The salt of a series: a checksum of its identity, so that no block of another series is ever taken for one of its
 * own. */
uint32_t kl__series_salt(const kl_series_key *key);
void kl__series_key_encode(const kl_series_key *key, uint8_t bytes[112]);
kl_status kl__series_key_decode(const uint8_t bytes[112], kl_series_key *key);

void kl__header_encode(kl__header *h, uint32_t salt, uint8_t bytes[KL__HEADER_BYTES]); /* fills h->crc */
/* KL_E_CORRUPT unless it is a whole header that belongs at `offset` of this series. */
kl_status kl__header_decode(const uint8_t bytes[KL__HEADER_BYTES], uint32_t salt, uint64_t offset, kl__header *h);
void kl__slot_encode(const kl__slot *slot, uint8_t bytes[KL__SLOT_BYTES]);
kl_status kl__slot_decode(const uint8_t bytes[KL__SLOT_BYTES], kl__slot *slot);
void kl__totals_encode(const kl__totals *t, uint8_t bytes[KL__COMMIT_BYTES]);
kl_status kl__totals_decode(const uint8_t bytes[KL__COMMIT_BYTES], kl__totals *t);

/* file names: <venue>.<market>.<symbol>.<interval>.kls, percent-encoded */
#define KL__FILE_NAME_MAX 512
kl_status kl__file_name(const kl_series_key *key, char name[KL__FILE_NAME_MAX]);
kl_status kl__file_name_parse(const char *name, kl_series_key *key); /* KL_E_PATH */

#endif
