#include "base/inflate.h"
#include "base/endian.h"

/* An entry of a decoding table, one word:
 *   bits  0..7   bits to drop: the code and the extra bits behind it (for a link: the root's bits)
 *   bits  8..11  length of the code itself (for a link: index bits of the second table)
 *   bits 12..15  what it is: 0 is a length or distance with base value and extra bits
 *   bits 16..31  literal, base value, or the second table's position */
#define INFLATE_LITERAL 0x8000u
#define INFLATE_SPECIAL 0x4000u /* one of the next three */
#define INFLATE_LINK 0x2000u
#define INFLATE_STOP 0x1000u
#define INFLATE_INVALID INFLATE_SPECIAL

enum { INFLATE_BLOCK = 0, INFLATE_STORED_HEAD, INFLATE_STORED, INFLATE_DYNAMIC, INFLATE_ORDER, INFLATE_LENGTHS,
       INFLATE_CODES, INFLATE_DONE };

enum { INFLATE_FINE = 0, INFLATE_BAD_BLOCK, INFLATE_BAD_STORED, INFLATE_BAD_COUNT, INFLATE_BAD_LENGTHS,
       INFLATE_BAD_REPEAT, INFLATE_BAD_CODE, INFLATE_BAD_DISTANCE };

const char *kl__inflate_why(const kl__inflate *z) {
    static const char *const sentences[] = {
        "no error",
        "a deflate block has an unknown type",
        "the length of a stored block does not match its complement",
        "a deflate block announces more codes than there are",
        "the code lengths of a deflate block do not form a code",
        "a deflate block repeats code lengths beyond its end, or none",
        "a bit sequence is no code of the deflate block",
        "a match reaches back before the start of the data",
    };
    return sentences[z->why];
}

static kl_status inflate_bad(kl__inflate *z, uint32_t why) {
    z->why = why;
    return KL_E_CORRUPT;
}

/* ---------------------------------------------------------------------------------------------------- tables --- */

/* base value << 16 | extra bits, RFC 1951 3.2.5; symbols 286, 287 and 30, 31 may have codes but may not occur. */
#define INFLATE_PACK(base, extra) ((uint32_t)(base) << 16 | (extra))
static const uint32_t inflate_length_symbols[31] = {
    INFLATE_PACK(3, 0),  INFLATE_PACK(4, 0),   INFLATE_PACK(5, 0),   INFLATE_PACK(6, 0),   INFLATE_PACK(7, 0),
    INFLATE_PACK(8, 0),  INFLATE_PACK(9, 0),   INFLATE_PACK(10, 0),  INFLATE_PACK(11, 1),  INFLATE_PACK(13, 1),
    INFLATE_PACK(15, 1), INFLATE_PACK(17, 1),  INFLATE_PACK(19, 2),  INFLATE_PACK(23, 2),  INFLATE_PACK(27, 2),
    INFLATE_PACK(31, 2), INFLATE_PACK(35, 3),  INFLATE_PACK(43, 3),  INFLATE_PACK(51, 3),  INFLATE_PACK(59, 3),
    INFLATE_PACK(67, 4), INFLATE_PACK(83, 4),  INFLATE_PACK(99, 4),  INFLATE_PACK(115, 4), INFLATE_PACK(131, 5),
    INFLATE_PACK(163, 5), INFLATE_PACK(195, 5), INFLATE_PACK(227, 5), INFLATE_PACK(258, 0), INFLATE_INVALID,
    INFLATE_INVALID,
};
static const uint32_t inflate_distance_symbols[32] = {
    INFLATE_PACK(1, 0),      INFLATE_PACK(2, 0),      INFLATE_PACK(3, 0),      INFLATE_PACK(4, 0),
    INFLATE_PACK(5, 1),      INFLATE_PACK(7, 1),      INFLATE_PACK(9, 2),      INFLATE_PACK(13, 2),
    INFLATE_PACK(17, 3),     INFLATE_PACK(25, 3),     INFLATE_PACK(33, 4),     INFLATE_PACK(49, 4),
    INFLATE_PACK(65, 5),     INFLATE_PACK(97, 5),     INFLATE_PACK(129, 6),    INFLATE_PACK(193, 6),
    INFLATE_PACK(257, 7),    INFLATE_PACK(385, 7),    INFLATE_PACK(513, 8),    INFLATE_PACK(769, 8),
    INFLATE_PACK(1025, 9),   INFLATE_PACK(1537, 9),   INFLATE_PACK(2049, 10),  INFLATE_PACK(3073, 10),
    INFLATE_PACK(4097, 11),  INFLATE_PACK(6145, 11),  INFLATE_PACK(8193, 12),  INFLATE_PACK(12289, 12),
    INFLATE_PACK(16385, 13), INFLATE_PACK(24577, 13), INFLATE_INVALID,         INFLATE_INVALID,
};

typedef enum { INFLATE_KIND_ORDER, INFLATE_KIND_LITERAL, INFLATE_KIND_DISTANCE } inflate_kind;

/* The entry of a symbol whose code has `length` bits (those left after the root, in a second table). */
static uint32_t inflate_entry(inflate_kind kind, uint32_t symbol, uint32_t length) {
    uint32_t packed;
    if (kind == INFLATE_KIND_ORDER) return symbol << 16 | length << 8 | length;
    if (kind == INFLATE_KIND_DISTANCE) packed = inflate_distance_symbols[symbol];
    else if (symbol < 256) packed = symbol << 16 | INFLATE_LITERAL;
    else if (symbol == 256) packed = INFLATE_SPECIAL | INFLATE_STOP;
    else packed = inflate_length_symbols[symbol - 257];
    return (packed & 0xFFFFF000u) | length << 8 | (length + (packed & 15));
}

/* The next code of `length` bits, as it stands in the stream: a counter that carries from the top bit down. */
static uint32_t inflate_next_code(uint32_t code, uint32_t length) {
    uint32_t bit = 1u << (length - 1);
    while (code & bit) bit >>= 1;
    return bit ? (code & (bit - 1)) | bit : 0;
}

/* Builds a table for n code lengths (0..15); 0 where they form no prefix code. A code with holes is allowed only with a
 * single symbol of one bit (and none at all, for blocks without matches); what is not assigned decodes as invalid. */
static int inflate_build(uint32_t *table, uint32_t root, inflate_kind kind, const uint8_t *lengths, uint32_t n) {
    uint32_t count[16] = {0}, start[16], sorted_n = 0, i, length, code = 0, filled, position, link = 0, link_bits = 0;
    uint16_t sorted[320] = {0};
    int32_t left = 1;
    for (i = 0; i < n; i++) count[lengths[i]]++;
    count[0] = 0;
    for (length = 1; length < 16; length++) {
        start[length] = sorted_n;
        sorted_n += count[length];
        left = left * 2 - (int32_t)count[length];
        if (left < 0) return 0;
    }
    if (left > 0) {
        if (sorted_n > 1 || count[1] != sorted_n || kind == INFLATE_KIND_ORDER) return 0;
        for (i = 0; i < 1u << root; i++) table[i] = INFLATE_INVALID | 1u << 8 | 1u;
        if (sorted_n == 0) return 1;
    }
    for (i = 0; i < n; i++)
        if (lengths[i]) sorted[start[lengths[i]]++] = (uint16_t)i;
    if (left > 0) {
        for (i = 0; i < 1u << root; i += 2) table[i] = inflate_entry(kind, sorted[0], 1);
        return 1;
    }
    /* short codes: a table of 2^length entries, doubled by copying whenever the length grows */
    filled = 1, i = 0;
    for (length = 1; length <= root; length++) {
        memcpy(table + filled, table, filled * sizeof *table);
        filled *= 2;
        for (; count[length] > 0; count[length]--, i++, code = inflate_next_code(code, length))
            table[code] = inflate_entry(kind, sorted[i], length);
    }
    /* long codes: second tables behind the root, each as wide as the codes of its prefix need */
    position = filled;
    uint32_t prefix = UINT32_MAX;
    for (; length < 16; length++)
        for (; count[length] > 0; count[length]--, i++, code = inflate_next_code(code, length)) {
            if ((code & (filled - 1)) != prefix) {
                uint32_t reach = length, space = 1u << (length - root);
                for (; reach < 15 && space > count[reach]; space *= 2) space -= count[reach++];
                prefix = code & (filled - 1);
                link = position;
                link_bits = reach - root;
                table[prefix] = link << 16 | INFLATE_SPECIAL | INFLATE_LINK | link_bits << 8 | root;
                position += 1u << link_bits;
            }
            uint32_t entry = inflate_entry(kind, sorted[i], length - root);
            for (uint32_t at = code >> root; at < 1u << link_bits; at += 1u << (length - root)) table[link + at] = entry;
        }
    return 1;
}

static void inflate_build_fixed(kl__inflate *z) {
    uint8_t lengths[288];
    if (z->fixed_ready) return;
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    (void)inflate_build(z->literal, KL__INFLATE_LITERAL_ROOT, INFLATE_KIND_LITERAL, lengths, 288);
    memset(lengths, 5, 32);
    (void)inflate_build(z->distance, KL__INFLATE_DISTANCE_ROOT, INFLATE_KIND_DISTANCE, lengths, 32);
    z->fixed_ready = 1;
}

/* ------------------------------------------------------------------------------------------------ careful steps --- */

/* Adds bytes to the hold until it has n bits (n <= 56); 0 where the input is too short. */
static int inflate_need(kl__inflate *z, const uint8_t **in, const uint8_t *in_end, uint32_t n) {
    while (z->hold_bits < n) {
        if (*in == in_end) return 0;
        z->hold |= (uint64_t)*(*in)++ << z->hold_bits;
        z->hold_bits += 8;
    }
    return 1;
}

static uint32_t inflate_take(kl__inflate *z, uint32_t n) {
    uint32_t value = (uint32_t)z->hold & (uint32_t)((UINT64_C(1) << n) - 1);
    z->hold >>= n;
    z->hold_bits -= n;
    return value;
}

KL__INLINE uint32_t inflate_low(uint64_t hold, uint32_t bits) { return (uint32_t)hold & ((1u << bits) - 1); }
KL__INLINE uint32_t inflate_drop(uint32_t entry) { return entry & 255; }
/* Base value plus the extra bits that stand behind the code. */
KL__INLINE uint32_t inflate_value(uint32_t entry, uint64_t hold) {
    return (entry >> 16) + (inflate_low(hold, inflate_drop(entry)) >> (entry >> 8 & 15));
}

/* Finds the entry of the next code, second table included; bits of the root of a link are taken from hold and added to
 * *used. The caller checks that the code is not longer than what it has. */
KL__INLINE uint32_t inflate_look(const uint32_t *table, uint32_t root, uint64_t *hold, uint32_t *used) {
    uint32_t entry = table[inflate_low(*hold, root)];
    if ((entry & INFLATE_LINK) == 0) return entry;
    *hold >>= root;
    *used += root;
    return table[(entry >> 16) + inflate_low(*hold, entry >> 8 & 15)];
}

KL__INLINE void inflate_copy(uint8_t *out, uint32_t distance, uint32_t length) {
    const uint8_t *from = out - distance;
    uint8_t *end = out + length;
    if (KL__LIKELY(distance >= 8)) {
        do {
            memcpy(out, from, 8);
            out += 8, from += 8;
        } while (out < end);
    } else if (distance == 1) {
        memset(out, *from, length);
    } else {
        /* the pattern by bytes until it spans a word, then a word at a time from a multiple of the distance */
        for (int i = 0; i < 8; i++) out[i] = from[i];
        uint32_t back = distance * ((7 + distance) / distance);
        for (out += 8; out < end; out += 8) memcpy(out, out - back, 8);
    }
}

/* One literal, match or end of block, as a whole or not at all. KL_OK: input used up; KL_SAME: done, go on. */
static kl_status inflate_one(kl__inflate *z, const uint8_t **in, const uint8_t *in_end) {
    for (;;) {
        uint64_t hold = z->hold;
        uint32_t used = 0, have = z->hold_bits, length, distance;
        uint32_t entry = inflate_look(z->literal, KL__INFLATE_LITERAL_ROOT, &hold, &used);
        if (used + inflate_drop(entry) > have) goto more;
        if (entry & INFLATE_LITERAL) {
            z->window[z->made++] = (uint8_t)(entry >> 16);
            (void)inflate_take(z, used + inflate_drop(entry));
            return KL_SAME;
        }
        if (entry & INFLATE_SPECIAL) {
            if ((entry & INFLATE_STOP) == 0) return inflate_bad(z, INFLATE_BAD_CODE);
            (void)inflate_take(z, used + inflate_drop(entry));
            z->state = z->last_block ? INFLATE_DONE : INFLATE_BLOCK;
            return KL_SAME;
        }
        length = inflate_value(entry, hold);
        hold >>= inflate_drop(entry);
        used += inflate_drop(entry);
        entry = inflate_look(z->distance, KL__INFLATE_DISTANCE_ROOT, &hold, &used);
        if (used + inflate_drop(entry) > have) goto more;
        if (entry & INFLATE_SPECIAL) return inflate_bad(z, INFLATE_BAD_CODE);
        distance = inflate_value(entry, hold);
        used += inflate_drop(entry);
        if (distance > z->made) return inflate_bad(z, INFLATE_BAD_DISTANCE);
        z->hold >>= used;
        z->hold_bits -= used;
        inflate_copy(z->window + z->made, distance, length);
        z->made += length;
        return KL_SAME;
    more:
        if (!inflate_need(z, in, in_end, have + 1)) return KL_OK;
    }
}

/* -------------------------------------------------------------------------------------------------- inner loop --- */

/* Bytes that the inner loop reads ahead in one turn: two refills. */
#define INFLATE_AHEAD 16

#define INFLATE_REFILL()                                                                                              \
    do {                                                                                                              \
        hold |= kl__load_u64(p) << bits; /* bits above `bits` may be there already: they are the same */              \
        p += (63 - bits) >> 3;                                                                                        \
        bits |= 56;                                                                                                   \
    } while (0)
#define INFLATE_DROP(n) (hold >>= (n), bits -= (n))

/* Decodes while there is ample input and room; ends in front of a code, or behind the end of the block. */
static kl_status inflate_fast(kl__inflate *z, const uint8_t **in, const uint8_t *in_end) {
    const uint8_t *p = *in;
    uint8_t *out = z->window + z->made;
    const uint8_t *const limit = z->window + KL__INFLATE_LIMIT;
    uint64_t hold = z->hold;
    uint32_t bits = z->hold_bits, why = INFLATE_FINE;
    while (in_end - p >= INFLATE_AHEAD && out < limit) {
        INFLATE_REFILL();
        uint32_t entry = z->literal[inflate_low(hold, KL__INFLATE_LITERAL_ROOT)];
        if (entry & INFLATE_LITERAL) {
            INFLATE_DROP(inflate_drop(entry));
            *out++ = (uint8_t)(entry >> 16);
            entry = z->literal[inflate_low(hold, KL__INFLATE_LITERAL_ROOT)];
            if (entry & INFLATE_LITERAL) {
                INFLATE_DROP(inflate_drop(entry));
                *out++ = (uint8_t)(entry >> 16);
                entry = z->literal[inflate_low(hold, KL__INFLATE_LITERAL_ROOT)];
                if (entry & INFLATE_LITERAL) {
                    INFLATE_DROP(inflate_drop(entry));
                    *out++ = (uint8_t)(entry >> 16);
                    continue;
                }
            }
            INFLATE_REFILL(); /* a match takes up to 48 bits */
        }
        if (KL__UNLIKELY(entry & INFLATE_SPECIAL)) {
            if (entry & INFLATE_LINK) {
                INFLATE_DROP(KL__INFLATE_LITERAL_ROOT);
                entry = z->literal[(entry >> 16) + inflate_low(hold, entry >> 8 & 15)];
            }
            if (entry & INFLATE_LITERAL) {
                INFLATE_DROP(inflate_drop(entry));
                *out++ = (uint8_t)(entry >> 16);
                continue;
            }
            if (entry & INFLATE_SPECIAL) {
                if ((entry & INFLATE_STOP) == 0) {
                    why = INFLATE_BAD_CODE;
                    break;
                }
                INFLATE_DROP(inflate_drop(entry));
                z->state = z->last_block ? INFLATE_DONE : INFLATE_BLOCK;
                break;
            }
        }
        uint32_t length = inflate_value(entry, hold);
        INFLATE_DROP(inflate_drop(entry));
        entry = z->distance[inflate_low(hold, KL__INFLATE_DISTANCE_ROOT)];
        if (KL__UNLIKELY(entry & INFLATE_SPECIAL)) {
            if (entry & INFLATE_LINK) {
                INFLATE_DROP(KL__INFLATE_DISTANCE_ROOT);
                entry = z->distance[(entry >> 16) + inflate_low(hold, entry >> 8 & 15)];
            }
            if (entry & INFLATE_SPECIAL) {
                why = INFLATE_BAD_CODE;
                break;
            }
        }
        uint32_t distance = inflate_value(entry, hold);
        INFLATE_DROP(inflate_drop(entry));
        if (KL__UNLIKELY(distance > (size_t)(out - z->window))) {
            why = INFLATE_BAD_DISTANCE;
            break;
        }
        inflate_copy(out, distance, length);
        out += length;
    }
    *in = p;
    z->hold = hold & ((UINT64_C(1) << bits) - 1);
    z->hold_bits = bits;
    z->made = (uint32_t)(out - z->window);
    return why ? inflate_bad(z, why) : KL_SAME;
}

/* ------------------------------------------------------------------------------------------------ block headers --- */

static kl_status inflate_block(kl__inflate *z, const uint8_t **in, const uint8_t *in_end) {
    if (!inflate_need(z, in, in_end, 3)) return KL_OK;
    z->last_block = inflate_take(z, 1);
    switch (inflate_take(z, 2)) {
    case 0: z->state = INFLATE_STORED_HEAD; return KL_SAME;
    case 1:
        inflate_build_fixed(z);
        z->state = INFLATE_CODES;
        return KL_SAME;
    case 2: z->state = INFLATE_DYNAMIC; return KL_SAME;
    default: return inflate_bad(z, INFLATE_BAD_BLOCK);
    }
}

static kl_status inflate_stored_head(kl__inflate *z, const uint8_t **in, const uint8_t *in_end) {
    (void)inflate_take(z, z->hold_bits & 7);
    if (!inflate_need(z, in, in_end, 32)) return KL_OK;
    uint32_t length = inflate_take(z, 16), complement = inflate_take(z, 16);
    if ((length ^ complement) != 0xFFFF) return inflate_bad(z, INFLATE_BAD_STORED);
    z->stored_left = length;
    z->state = INFLATE_STORED;
    return KL_SAME;
}

static kl_status inflate_stored(kl__inflate *z, const uint8_t **in, const uint8_t *in_end) {
    for (; z->stored_left > 0 && z->hold_bits > 0 && z->made < KL__INFLATE_LIMIT; z->stored_left--)
        z->window[z->made++] = (uint8_t)inflate_take(z, 8);
    size_t n = (size_t)(in_end - *in), room = z->made < KL__INFLATE_LIMIT ? KL__INFLATE_LIMIT - z->made : 0;
    if (z->hold_bits > 0) n = 0;
    if (n > z->stored_left) n = z->stored_left;
    if (n > room) n = room;
    if (n > 0) memcpy(z->window + z->made, *in, n);
    *in += n;
    z->made += (uint32_t)n;
    z->stored_left -= (uint32_t)n;
    if (z->stored_left > 0) return z->made >= KL__INFLATE_LIMIT ? KL_SAME : KL_OK;
    z->state = z->last_block ? INFLATE_DONE : INFLATE_BLOCK;
    return KL_SAME;
}

static kl_status inflate_dynamic(kl__inflate *z, const uint8_t **in, const uint8_t *in_end) {
    if (!inflate_need(z, in, in_end, 14)) return KL_OK;
    z->n_literal = inflate_take(z, 5) + 257;
    z->n_distance = inflate_take(z, 5) + 1;
    z->n_order = inflate_take(z, 4) + 4;
    z->n_read = 0;
    if (z->n_literal > 286 || z->n_distance > 30) return inflate_bad(z, INFLATE_BAD_COUNT);
    memset(z->lengths, 0, 19);
    z->state = INFLATE_ORDER;
    return KL_SAME;
}

#define INFLATE_ORDER_ROOT 7u

static kl_status inflate_order(kl__inflate *z, const uint8_t **in, const uint8_t *in_end) {
    static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    for (; z->n_read < z->n_order; z->n_read++) {
        if (!inflate_need(z, in, in_end, 3)) return KL_OK;
        z->lengths[order[z->n_read]] = (uint8_t)inflate_take(z, 3);
    }
    /* the distance table is not needed before the lengths are read: its place serves for the code of the lengths */
    z->fixed_ready = 0;
    if (!inflate_build(z->distance, INFLATE_ORDER_ROOT, INFLATE_KIND_ORDER, z->lengths, 19))
        return inflate_bad(z, INFLATE_BAD_LENGTHS);
    z->n_read = 0;
    z->state = INFLATE_LENGTHS;
    return KL_SAME;
}

static kl_status inflate_lengths(kl__inflate *z, const uint8_t **in, const uint8_t *in_end) {
    static const uint8_t repeat_base[3] = {3, 3, 11}, repeat_bits[3] = {2, 3, 7};
    uint32_t n = z->n_literal + z->n_distance;
    while (z->n_read < n) {
        uint32_t entry = z->distance[inflate_low(z->hold, INFLATE_ORDER_ROOT)], symbol = entry >> 16;
        uint32_t need = inflate_drop(entry) + (symbol >= 16 ? repeat_bits[symbol - 16] : 0);
        if (z->hold_bits < need) {
            if (!inflate_need(z, in, in_end, z->hold_bits + 1)) return KL_OK;
            continue;
        }
        (void)inflate_take(z, inflate_drop(entry));
        if (symbol < 16) {
            z->lengths[z->n_read++] = (uint8_t)symbol;
            continue;
        }
        uint32_t times = repeat_base[symbol - 16] + inflate_take(z, repeat_bits[symbol - 16]);
        if (times > n - z->n_read || (symbol == 16 && z->n_read == 0)) return inflate_bad(z, INFLATE_BAD_REPEAT);
        memset(z->lengths + z->n_read, symbol == 16 ? z->lengths[z->n_read - 1] : 0, times);
        z->n_read += times;
    }
    if (z->lengths[256] == 0 ||
        !inflate_build(z->literal, KL__INFLATE_LITERAL_ROOT, INFLATE_KIND_LITERAL, z->lengths, z->n_literal) ||
        !inflate_build(z->distance, KL__INFLATE_DISTANCE_ROOT, INFLATE_KIND_DISTANCE, z->lengths + z->n_literal,
                       z->n_distance))
        return inflate_bad(z, INFLATE_BAD_LENGTHS);
    z->state = INFLATE_CODES;
    return KL_SAME;
}

static kl_status inflate_codes(kl__inflate *z, const uint8_t **in, const uint8_t *in_end) {
    if (in_end - *in >= INFLATE_AHEAD) {
        KL__TRY(inflate_fast(z, in, in_end));
        if (z->state != INFLATE_CODES || z->made >= KL__INFLATE_LIMIT) return KL_SAME;
    }
    return inflate_one(z, in, in_end);
}

/* --------------------------------------------------------------------------------------------------------- runs --- */

void kl__inflate_start(kl__inflate *z) {
    z->state = INFLATE_BLOCK;
    z->last_block = 0;
    z->made = z->given = 0;
    z->why = INFLATE_FINE;
}

void kl__inflate_slide(kl__inflate *z) {
    if (z->made <= KL__INFLATE_HISTORY) return;
    memmove(z->window, z->window + (z->made - KL__INFLATE_HISTORY), KL__INFLATE_HISTORY);
    z->made = z->given = KL__INFLATE_HISTORY;
}

kl_status kl__inflate_run(kl__inflate *z, const uint8_t **in, const uint8_t *in_end) {
    static kl_status (*const steps[])(kl__inflate *, const uint8_t **, const uint8_t *) = {
        inflate_block, inflate_stored_head, inflate_stored, inflate_dynamic, inflate_order, inflate_lengths, inflate_codes,
    };
    for (;;) {
        if (z->state == INFLATE_DONE) {
            (void)inflate_take(z, z->hold_bits & 7);
            return KL_END;
        }
        if (z->made >= KL__INFLATE_LIMIT) return KL_MORE;
        kl_status status = steps[z->state](z, in, in_end);
        if (status != KL_SAME) return status;
    }
}
