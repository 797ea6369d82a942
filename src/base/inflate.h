/* Raw deflate (RFC 1951), resumable at any byte of input. It decodes into a buffer of its own, so that neither the size of
 * the caller's output nor the place of a chunk's end is seen by the inner loop; the buffer's front is the 32 KiB history. */
#ifndef KL__INFLATE_H
#define KL__INFLATE_H
#include "kline/base.h"

#define KL__INFLATE_HISTORY 32768u
#define KL__INFLATE_ROOM 65536u
#define KL__INFLATE_LIMIT (KL__INFLATE_HISTORY + KL__INFLATE_ROOM) /* decoding pauses at or behind this position */
#define KL__INFLATE_SLACK 320u                                     /* the longest match and one wide store behind it */

/* Table sizes: the most that any set of codes of at most 15 bits needs, with 288 (32) symbols and roots of 11 (8) bits. */
#define KL__INFLATE_LITERAL_ROOT 11u
#define KL__INFLATE_LITERAL_SIZE 2342u
#define KL__INFLATE_DISTANCE_ROOT 8u
#define KL__INFLATE_DISTANCE_SIZE 402u

typedef struct {
    uint64_t hold;        /* bits that were read and not used, the next one lowest */
    uint32_t hold_bits;   /* their number */
    uint32_t state;
    uint32_t last_block;  /* non-zero in the stream's last block */
    uint32_t fixed_ready; /* non-zero while the tables are those of fixed blocks */
    uint32_t stored_left; /* bytes that the stored block still has */
    uint32_t n_literal, n_distance, n_order, n_read; /* dynamic header: lengths announced and read */
    uint32_t made, given; /* positions in `window`: decoded to here, handed on to here */
    uint32_t why;         /* which sentence describes the error */
    uint8_t lengths[320];
    uint32_t literal[KL__INFLATE_LITERAL_SIZE];
    uint32_t distance[KL__INFLATE_DISTANCE_SIZE];
    uint8_t window[KL__INFLATE_LIMIT + KL__INFLATE_SLACK];
} kl__inflate;

/* Starts a stream; bits held from before are its first ones (whole bytes by then). */
void kl__inflate_start(kl__inflate *z);
/* Decodes from *in on. KL_OK: the input is used up; KL_MORE: the buffer is full (hand on, then kl__inflate_slide);
 * KL_END: the stream is complete and the hold has whole bytes; KL_E_CORRUPT: see kl__inflate_why. */
kl_status kl__inflate_run(kl__inflate *z, const uint8_t **in, const uint8_t *in_end);
/* Keeps the last 32 KiB and makes room again, once everything has been handed on. */
void kl__inflate_slide(kl__inflate *z);
const char *kl__inflate_why(const kl__inflate *z);

#endif
