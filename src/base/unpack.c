/* gzip (RFC 1952) and zip (APPNOTE 6.3) as streams of bytes: a state machine around kl__inflate. All reading goes through
 * the bit reader's hold first, because the inner loop of inflate may have read past the end of the compressed data. */
#include "base/checksum.h"
#include "base/endian.h"
#include "base/inflate.h"

#define UNPACK_NAME_MAX 512u
#define UNPACK_SCRATCH 32u

typedef enum {
    UNPACK_SNIFF = 0,
    UNPACK_PLAIN,
    UNPACK_GZIP_HEAD,
    UNPACK_GZIP_EXTRA_SIZE,
    UNPACK_GZIP_EXTRA,
    UNPACK_GZIP_NAME,
    UNPACK_GZIP_COMMENT,
    UNPACK_GZIP_HEAD_CRC,
    UNPACK_GZIP_TAIL,
    UNPACK_GZIP_NEXT,
    UNPACK_GZIP_PADDING,
    UNPACK_ZIP_SIGNATURE,
    UNPACK_ZIP_HEAD,
    UNPACK_ZIP_NAME,
    UNPACK_ZIP_EXTRA,
    UNPACK_ZIP_SIZES,
    UNPACK_ZIP_ANNOUNCE,
    UNPACK_ZIP_STORED,
    UNPACK_ZIP_CHECK,
    UNPACK_ZIP_DESCRIPTOR,
    UNPACK_DEFLATED,
    UNPACK_DRAIN, /* hand on what the window still has, then go to `after` */
    UNPACK_COMPLETE,
    UNPACK_FAILED,
    UNPACK_STATES
} unpack_state;

enum { UNPACK_GZIP_F_CRC = 2, UNPACK_GZIP_F_EXTRA = 4, UNPACK_GZIP_F_NAME = 8, UNPACK_GZIP_F_COMMENT = 16,
       UNPACK_GZIP_F_RESERVED = 0xE0 };
enum { UNPACK_ZIP_F_ENCRYPTED = 1 | 1 << 6 | 1 << 13, UNPACK_ZIP_F_DESCRIPTOR = 8, UNPACK_ZIP_F_PATCH = 32 };

struct kl_unpack {
    uint64_t taken;       /* bytes of input taken from the caller so far */
    uint64_t members;
    uint64_t made;        /* bytes that the member has given so far */
    uint64_t packed_from; /* position at which the member's data begins */
    uint64_t packed_size, size, left;
    uint32_t state, after, kind;
    uint32_t have;        /* bytes in scratch */
    uint32_t skip;        /* bytes of a field that are still to come */
    uint32_t name_used;
    uint32_t flags, method, crc, expected_crc, head_crc;
    uint32_t has_zip64;
    uint32_t announced;
    uint8_t scratch[UNPACK_SCRATCH];
    char name[UNPACK_NAME_MAX];
    kl__inflate z;
};

/* One call's view of input and output. */
typedef struct {
    const uint8_t *in_start, *in, *in_end;
    uint8_t *out_start, *out, *out_end;
    kl_error *error;
} unpack_io;

/* Steps return KL_SAME to go on in the new state, KL_OK for more input, KL_MORE, KL_END or an error. */
typedef kl_status (*unpack_step)(kl_unpack *u, unpack_io *io);

static uint64_t unpack_position(const kl_unpack *u, const unpack_io *io) {
    return u->taken + (uint64_t)(io->in - io->in_start) - u->z.hold_bits / 8;
}

static kl_status unpack_fail(kl_unpack *u, const unpack_io *io, kl_status code, const char *what) {
    uint64_t position = unpack_position(u, io);
    u->state = UNPACK_FAILED;
    return kl__fail(io->error, code, 0, 0, (int64_t)position, "%s (near byte %llu%s%s)", what,
                    (unsigned long long)position, u->name[0] ? ", in " : "", u->name[0] ? u->name : "");
}

static int unpack_byte(kl_unpack *u, unpack_io *io, uint8_t *byte) {
    if (u->z.hold_bits >= 8) {
        *byte = (uint8_t)u->z.hold;
        u->z.hold >>= 8;
        u->z.hold_bits -= 8;
        return 1;
    }
    if (io->in == io->in_end) return 0;
    *byte = *io->in++;
    return 1;
}

/* Collects n bytes in scratch; 1 once all are there (and the next collection begins anew). */
static int unpack_gather(kl_unpack *u, unpack_io *io, uint32_t n) {
    while (u->have < n)
        if (!unpack_byte(u, io, &u->scratch[u->have])) return 0;
        else u->have++;
    u->have = 0;
    return 1;
}

/* Counts off a field of u->skip bytes; 1 once it is over. */
static int unpack_skip(kl_unpack *u, unpack_io *io, int with_crc) {
    for (; u->skip > 0; u->skip--) {
        uint8_t byte;
        if (!unpack_byte(u, io, &byte)) return 0;
        if (with_crc) u->head_crc = kl__crc32(u->head_crc, &byte, 1);
    }
    return 1;
}

/* Adds a byte to the name; of a very long one the end is kept, which holds the file's own name. */
static void unpack_name_add(kl_unpack *u, uint8_t byte) {
    if (u->name_used == UNPACK_NAME_MAX - 1) {
        memmove(u->name, u->name + UNPACK_NAME_MAX / 2, UNPACK_NAME_MAX / 2 - 1);
        u->name_used -= UNPACK_NAME_MAX / 2;
    }
    u->name[u->name_used++] = byte ? (char)byte : '_';
    u->name[u->name_used] = 0;
}

/* Hands on decoded bytes; 1 once all of them are gone. */
static int unpack_give(kl_unpack *u, unpack_io *io) {
    size_t n = u->z.made - u->z.given, room = (size_t)(io->out_end - io->out);
    if (n > room) n = room;
    if (n > 0) {
        const uint8_t *from = u->z.window + u->z.given;
        memcpy(io->out, from, n);
        u->crc = kl__crc32(u->crc, from, n);
        io->out += n;
        u->z.given += (uint32_t)n;
        u->made += n;
    }
    return u->z.given == u->z.made;
}

static void unpack_begin_data(kl_unpack *u, const unpack_io *io) {
    kl__inflate_start(&u->z);
    u->crc = 0;
    u->made = 0;
    u->packed_from = unpack_position(u, io);
}

/* ------------------------------------------------------------------------------------------------ what is it --- */

/* As few bytes as settle it: "1f 8b" is gzip, "PK" followed by 3 4 (a file) or 5 6 (an empty archive) is zip. */
static kl_status unpack_sniff(kl_unpack *u, unpack_io *io) {
    static const uint8_t magic[3][4] = {{0x1F, 0x8B}, {'P', 'K', 3, 4}, {'P', 'K', 5, 6}};
    static const uint32_t lengths[3] = {2, 4, 4};
    for (;;) {
        int possible = 0;
        for (int i = 0; i < 3; i++) {
            uint32_t n = u->have < lengths[i] ? u->have : lengths[i];
            if (memcmp(u->scratch, magic[i], n) != 0) continue;
            if (n == lengths[i]) {
                u->kind = i == 0 ? KL_PACK_GZIP : KL_PACK_ZIP;
                u->state = i == 0 ? UNPACK_GZIP_HEAD : UNPACK_ZIP_SIGNATURE;
                return KL_SAME; /* what is in scratch begins the header */
            }
            possible = 1;
        }
        if (!possible) break;
        if (io->in == io->in_end) return KL_OK;
        u->scratch[u->have++] = *io->in++;
    }
    memcpy(u->z.window, u->scratch, u->have);
    u->z.made = u->have;
    u->have = 0;
    u->members = 1;
    u->state = UNPACK_PLAIN;
    return KL_SAME;
}

static kl_status unpack_plain(kl_unpack *u, unpack_io *io) {
    size_t n = (size_t)(io->in_end - io->in), room;
    if (!unpack_give(u, io)) return KL_MORE;
    room = (size_t)(io->out_end - io->out);
    size_t part = n < room ? n : room;
    if (part > 0) memcpy(io->out, io->in, part);
    io->in += part, io->out += part;
    return part < n ? KL_MORE : KL_OK;
}

/* ------------------------------------------------------------------------------------------------------- data --- */

static kl_status unpack_deflated(kl_unpack *u, unpack_io *io) {
    for (;;) {
        if (!unpack_give(u, io)) return KL_MORE;
        if (u->z.made >= KL__INFLATE_LIMIT) kl__inflate_slide(&u->z);
        kl_status status = kl__inflate_run(&u->z, &io->in, io->in_end);
        if (status < 0) {
            (void)unpack_give(u, io);
            return unpack_fail(u, io, status, kl__inflate_why(&u->z));
        }
        if (status == KL_MORE) continue;
        if (status == KL_OK) return unpack_give(u, io) ? KL_OK : KL_MORE;
        u->state = UNPACK_DRAIN;
        u->after = u->kind == KL_PACK_GZIP ? UNPACK_GZIP_TAIL : UNPACK_ZIP_CHECK;
        return KL_SAME;
    }
}

static kl_status unpack_drain(kl_unpack *u, unpack_io *io) {
    if (!unpack_give(u, io)) return KL_MORE;
    u->state = u->after;
    return KL_SAME;
}

/* ------------------------------------------------------------------------------------------------------- gzip --- */

static kl_status unpack_gzip_head(kl_unpack *u, unpack_io *io) {
    if (!unpack_gather(u, io, 10)) return KL_OK;
    const uint8_t *h = u->scratch;
    if (h[2] != 8) return unpack_fail(u, io, KL_E_UNSUPPORTED, "the gzip member is not deflated");
    if (h[3] & UNPACK_GZIP_F_RESERVED) return unpack_fail(u, io, KL_E_CORRUPT, "the gzip header has unknown flags");
    u->flags = h[3];
    u->head_crc = kl__crc32(0, h, 10);
    /* several gzip members are one content: only the first one counts and names it */
    u->state = u->flags & UNPACK_GZIP_F_EXTRA ? UNPACK_GZIP_EXTRA_SIZE : UNPACK_GZIP_NAME;
    return KL_SAME;
}

static kl_status unpack_gzip_extra_size(kl_unpack *u, unpack_io *io) {
    if (!unpack_gather(u, io, 2)) return KL_OK;
    u->head_crc = kl__crc32(u->head_crc, u->scratch, 2);
    u->skip = kl__load_u16(u->scratch);
    u->state = UNPACK_GZIP_EXTRA;
    return KL_SAME;
}

static kl_status unpack_gzip_extra(kl_unpack *u, unpack_io *io) {
    if (!unpack_skip(u, io, 1)) return KL_OK;
    u->state = UNPACK_GZIP_NAME;
    return KL_SAME;
}

/* Reads a NUL-terminated text of the header; 1 once it is over. */
static int unpack_gzip_text(kl_unpack *u, unpack_io *io, int is_name) {
    uint8_t byte;
    do {
        if (!unpack_byte(u, io, &byte)) return 0;
        u->head_crc = kl__crc32(u->head_crc, &byte, 1);
        if (is_name && byte && u->members == 0) unpack_name_add(u, byte);
    } while (byte);
    return 1;
}

static kl_status unpack_gzip_name(kl_unpack *u, unpack_io *io) {
    if ((u->flags & UNPACK_GZIP_F_NAME) && !unpack_gzip_text(u, io, 1)) return KL_OK;
    u->state = UNPACK_GZIP_COMMENT;
    return KL_SAME;
}

static kl_status unpack_gzip_comment(kl_unpack *u, unpack_io *io) {
    if ((u->flags & UNPACK_GZIP_F_COMMENT) && !unpack_gzip_text(u, io, 0)) return KL_OK;
    u->state = UNPACK_GZIP_HEAD_CRC;
    return KL_SAME;
}

static kl_status unpack_gzip_head_crc(kl_unpack *u, unpack_io *io) {
    if (u->flags & UNPACK_GZIP_F_CRC) {
        if (!unpack_gather(u, io, 2)) return KL_OK;
        if (kl__load_u16(u->scratch) != (u->head_crc & 0xFFFF))
            return unpack_fail(u, io, KL_E_CORRUPT, "the crc of the gzip header is wrong");
    }
    u->members = 1;
    unpack_begin_data(u, io);
    u->state = UNPACK_DEFLATED;
    return KL_SAME;
}

static kl_status unpack_gzip_tail(kl_unpack *u, unpack_io *io) {
    if (!unpack_gather(u, io, 8)) return KL_OK;
    if (kl__load_u32(u->scratch) != u->crc) return unpack_fail(u, io, KL_E_CORRUPT, "the crc of the gzip member is wrong");
    if (kl__load_u32(u->scratch + 4) != (uint32_t)u->made)
        return unpack_fail(u, io, KL_E_CORRUPT, "the length of the gzip member is wrong");
    u->state = UNPACK_GZIP_NEXT;
    return KL_SAME;
}

/* Behind a member: another one, padding of zeros, or nothing. */
static kl_status unpack_gzip_next(kl_unpack *u, unpack_io *io) {
    uint8_t byte;
    while (u->have < 2) {
        if (!unpack_byte(u, io, &byte)) return KL_OK;
        if (u->have == 0 && byte == 0) {
            u->state = UNPACK_GZIP_PADDING;
            return KL_SAME;
        }
        if (byte != (u->have == 0 ? 0x1F : 0x8B))
            return unpack_fail(u, io, KL_E_CORRUPT, "bytes that are no gzip member follow a gzip member");
        u->scratch[u->have++] = byte;
    }
    u->state = UNPACK_GZIP_HEAD;
    return KL_SAME;
}

static kl_status unpack_gzip_padding(kl_unpack *u, unpack_io *io) {
    uint8_t byte;
    while (unpack_byte(u, io, &byte))
        if (byte) return unpack_fail(u, io, KL_E_CORRUPT, "bytes that are no gzip member follow a gzip member");
    return KL_OK;
}

/* -------------------------------------------------------------------------------------------------------- zip --- */

static int unpack_zip_is_dir(const kl_unpack *u) { return u->name_used > 0 && u->name[u->name_used - 1] == '/'; }

static kl_status unpack_zip_signature(kl_unpack *u, unpack_io *io) {
    if (!unpack_gather(u, io, 4)) return KL_OK;
    switch (kl__load_u32(u->scratch)) {
    case 0x04034B50: u->state = UNPACK_ZIP_HEAD; return KL_SAME;
    case 0x02014B50: /* central directory */
    case 0x06054B50: /* its end, in an archive without files */
    case 0x06064B50: /* the same for zip64 */
    case 0x08064B50: /* archive extra data, in front of the directory */
        u->state = UNPACK_COMPLETE;
        return KL_SAME;
    default: return unpack_fail(u, io, KL_E_CORRUPT, "neither a zip member nor the zip directory follows");
    }
}

static kl_status unpack_zip_head(kl_unpack *u, unpack_io *io) {
    if (!unpack_gather(u, io, 26)) return KL_OK;
    const uint8_t *h = u->scratch;
    u->flags = kl__load_u16(h + 2);
    u->method = kl__load_u16(h + 4);
    u->expected_crc = kl__load_u32(h + 10);
    u->packed_size = kl__load_u32(h + 14);
    u->size = kl__load_u32(h + 18);
    u->skip = kl__load_u16(h + 22);
    u->left = kl__load_u16(h + 24);
    u->name_used = 0;
    u->name[0] = 0;
    u->has_zip64 = 0;
    u->announced = 0;
    if (u->flags & UNPACK_ZIP_F_ENCRYPTED) return unpack_fail(u, io, KL_E_UNSUPPORTED, "the zip member is encrypted");
    if (u->flags & UNPACK_ZIP_F_PATCH) return unpack_fail(u, io, KL_E_UNSUPPORTED, "the zip member is a patch");
    u->state = UNPACK_ZIP_NAME;
    return KL_SAME;
}

static kl_status unpack_zip_name(kl_unpack *u, unpack_io *io) {
    for (uint8_t byte; u->skip > 0; u->skip--) {
        if (!unpack_byte(u, io, &byte)) return KL_OK;
        unpack_name_add(u, byte);
    }
    if (u->method != 0 && u->method != 8)
        return unpack_fail(u, io, KL_E_UNSUPPORTED, "the zip member is packed with another method than deflate");
    u->state = UNPACK_ZIP_EXTRA;
    return KL_SAME;
}

/* Extra fields, u->left bytes of them: only the zip64 sizes are of interest. */
static kl_status unpack_zip_extra(kl_unpack *u, unpack_io *io) {
    while (u->left > 0) {
        if (u->skip > 0 || u->left < 4) { /* the rest of a field, or the padding of some packers */
            uint8_t byte;
            if (!unpack_byte(u, io, &byte)) return KL_OK;
            u->left--;
            if (u->skip > 0) u->skip--;
            continue;
        }
        if (!unpack_gather(u, io, 4)) return KL_OK;
        u->left -= 4;
        u->skip = kl__load_u16(u->scratch + 2);
        if (kl__load_u16(u->scratch) == 1) {
            u->has_zip64 = 1;
            u->state = UNPACK_ZIP_SIZES;
            return KL_SAME;
        }
    }
    u->skip = 0;
    u->state = UNPACK_ZIP_ANNOUNCE;
    return KL_SAME;
}

/* The zip64 field has those sizes, in this order, that the header gives as ff ff ff ff. */
static kl_status unpack_zip_sizes(kl_unpack *u, unpack_io *io) {
    uint64_t *wanted[2] = {u->size == UINT32_MAX ? &u->size : NULL, u->packed_size == UINT32_MAX ? &u->packed_size : NULL};
    uint32_t need = (wanted[0] ? 8u : 0u) + (wanted[1] ? 8u : 0u), at = 0;
    if (need > u->skip || need > u->left)
        return unpack_fail(u, io, KL_E_CORRUPT, "the zip64 field of a member is too short");
    if (!unpack_gather(u, io, need)) return KL_OK;
    for (int i = 0; i < 2; i++)
        if (wanted[i]) *wanted[i] = kl__load_u64(u->scratch + at), at += 8;
    u->left -= need;
    u->skip -= need;
    u->state = UNPACK_ZIP_EXTRA;
    return KL_SAME;
}

/* A member begins: the caller hears of it before its first byte. Directories are not worth it. */
static kl_status unpack_zip_announce(kl_unpack *u, unpack_io *io) {
    int stored_blind = u->method == 0 && (u->flags & UNPACK_ZIP_F_DESCRIPTOR) && u->size == 0 && u->packed_size == 0;
    if (!unpack_zip_is_dir(u) && !u->announced) {
        if (stored_blind)
            return unpack_fail(u, io, KL_E_UNSUPPORTED, "the zip member is stored without its size, so it has no end");
        u->announced = 1;
        u->members++;
        return KL_MORE;
    }
    unpack_begin_data(u, io);
    u->left = u->packed_size;
    u->state = u->method == 0 ? UNPACK_ZIP_STORED : UNPACK_DEFLATED;
    return KL_SAME;
}

static kl_status unpack_zip_stored(kl_unpack *u, unpack_io *io) {
    for (;;) {
        if (!unpack_give(u, io)) return KL_MORE;
        u->z.made = u->z.given = 0;
        if (u->left == 0) break;
        for (uint8_t byte; u->left > 0 && u->z.hold_bits >= 8 && unpack_byte(u, io, &byte); u->left--)
            u->z.window[u->z.made++] = byte;
        size_t n = (size_t)(io->in_end - io->in);
        if (n > KL__INFLATE_HISTORY) n = KL__INFLATE_HISTORY;
        if (n > u->left) n = (size_t)u->left;
        if (n > 0) memcpy(u->z.window + u->z.made, io->in, n);
        io->in += n;
        u->z.made += (uint32_t)n;
        u->left -= n;
        if (u->z.made == 0) return KL_OK;
    }
    u->state = UNPACK_ZIP_CHECK;
    return KL_SAME;
}

/* The data is over: sizes and crc stand in the header, or in a descriptor that follows. */
static kl_status unpack_zip_check(kl_unpack *u, unpack_io *io) {
    uint64_t packed = unpack_position(u, io) - u->packed_from;
    if (unpack_zip_is_dir(u) && u->made > 0) return unpack_fail(u, io, KL_E_CORRUPT, "a directory of the zip has content");
    if (u->flags & UNPACK_ZIP_F_DESCRIPTOR) {
        u->packed_size = packed;
        u->state = UNPACK_ZIP_DESCRIPTOR;
        return KL_SAME;
    }
    if (u->crc != u->expected_crc) return unpack_fail(u, io, KL_E_CORRUPT, "the crc of the zip member is wrong");
    if (packed != u->packed_size || u->made != u->size)
        return unpack_fail(u, io, KL_E_CORRUPT, "the length of the zip member is wrong");
    u->state = UNPACK_ZIP_SIGNATURE;
    return KL_SAME;
}

/* [signature] crc, packed size, size; the sizes have 4 or 8 bytes. By the book 8 go with a zip64 field, but not all packers
 * follow it: where the field is missing and the size does not stand where 4 bytes would put it, 8 are tried. */
static kl_status unpack_zip_descriptor(kl_unpack *u, unpack_io *io) {
    for (;;) {
        const uint8_t *d = u->scratch;
        uint32_t n = u->have;
        int signature = n >= 4 && kl__load_u32(d) == 0x08074B50;
        uint32_t at = signature ? 4 : 0, wide = u->has_zip64;
        if (n >= at + 12) {
            if (!wide && kl__load_u32(d + at + 8) != (uint32_t)u->made) wide = 1;
            if (n == at + (wide ? 20u : 12u)) {
                uint64_t packed = wide ? kl__load_u64(d + at + 4) : kl__load_u32(d + at + 4);
                uint64_t size = wide ? kl__load_u64(d + at + 12) : kl__load_u32(d + at + 8);
                uint64_t mask = wide ? UINT64_MAX : UINT32_MAX;
                if (kl__load_u32(d + at) != u->crc)
                    return unpack_fail(u, io, KL_E_CORRUPT, "the crc of the zip member is wrong");
                if (packed != (u->packed_size & mask) || size != (u->made & mask))
                    return unpack_fail(u, io, KL_E_CORRUPT, "the length of the zip member is wrong");
                u->have = 0;
                u->state = UNPACK_ZIP_SIGNATURE;
                return KL_SAME;
            }
        }
        if (!unpack_byte(u, io, &u->scratch[n])) return KL_OK;
        u->have = n + 1;
    }
}

/* ----------------------------------------------------------------------------------------------------- public --- */

static kl_status unpack_complete(kl_unpack *u, unpack_io *io) {
    (void)u, (void)io;
    return KL_END;
}

static kl_status unpack_failed(kl_unpack *u, unpack_io *io) {
    (void)u;
    return kl__fail(io->error, KL_E_STATE, 0, 0, 0, "this unpacker has failed before; start it anew");
}

static const unpack_step unpack_steps[UNPACK_STATES] = {
    [UNPACK_SNIFF] = unpack_sniff,
    [UNPACK_PLAIN] = unpack_plain,
    [UNPACK_GZIP_HEAD] = unpack_gzip_head,
    [UNPACK_GZIP_EXTRA_SIZE] = unpack_gzip_extra_size,
    [UNPACK_GZIP_EXTRA] = unpack_gzip_extra,
    [UNPACK_GZIP_NAME] = unpack_gzip_name,
    [UNPACK_GZIP_COMMENT] = unpack_gzip_comment,
    [UNPACK_GZIP_HEAD_CRC] = unpack_gzip_head_crc,
    [UNPACK_GZIP_TAIL] = unpack_gzip_tail,
    [UNPACK_GZIP_NEXT] = unpack_gzip_next,
    [UNPACK_GZIP_PADDING] = unpack_gzip_padding,
    [UNPACK_ZIP_SIGNATURE] = unpack_zip_signature,
    [UNPACK_ZIP_HEAD] = unpack_zip_head,
    [UNPACK_ZIP_NAME] = unpack_zip_name,
    [UNPACK_ZIP_EXTRA] = unpack_zip_extra,
    [UNPACK_ZIP_SIZES] = unpack_zip_sizes,
    [UNPACK_ZIP_ANNOUNCE] = unpack_zip_announce,
    [UNPACK_ZIP_STORED] = unpack_zip_stored,
    [UNPACK_ZIP_CHECK] = unpack_zip_check,
    [UNPACK_ZIP_DESCRIPTOR] = unpack_zip_descriptor,
    [UNPACK_DEFLATED] = unpack_deflated,
    [UNPACK_DRAIN] = unpack_drain,
    [UNPACK_COMPLETE] = unpack_complete,
    [UNPACK_FAILED] = unpack_failed,
};

size_t kl_unpack_size(void) { return sizeof(kl_unpack); }

kl_status kl_unpack_init(void *memory, size_t bytes, kl_unpack **unpack) {
    if (!memory || !unpack || (uintptr_t)memory % 8 != 0) return KL_E_ARG;
    if (bytes < sizeof(kl_unpack)) return KL_E_SIZE;
    memset(memory, 0, sizeof(kl_unpack));
    *unpack = (kl_unpack *)memory;
    return KL_OK;
}

kl_status kl_unpack_run(kl_unpack *unpack, const void *in, size_t in_bytes, size_t *in_used, void *out, size_t out_bytes,
                        size_t *out_made, kl_error *error) {
    static const uint8_t nothing[1] = {0};
    uint8_t nowhere[1];
    if (!unpack || !in_used || !out_made || (!in && in_bytes) || (!out && out_bytes)) return KL_E_ARG;
    unpack_io io;
    io.in_start = io.in = in ? (const uint8_t *)in : nothing;
    io.in_end = io.in + in_bytes;
    io.out_start = io.out = out ? (uint8_t *)out : nowhere;
    io.out_end = io.out + out_bytes;
    io.error = error;
    kl_status status;
    do {
        status = unpack_steps[unpack->state](unpack, &io);
    } while (status == KL_SAME);
    *in_used = (size_t)(io.in - io.in_start);
    *out_made = (size_t)(io.out - io.out_start);
    unpack->taken += *in_used;
    return status;
}

kl_status kl_unpack_finish(const kl_unpack *unpack, kl_error *error) {
    if (!unpack) return KL_E_ARG;
    if (unpack->state == UNPACK_FAILED)
        return kl__fail(error, KL_E_STATE, 0, 0, 0, "this unpacker has failed before; start it anew");
    int pending = unpack->z.given != unpack->z.made;
    int at_end = unpack->state == UNPACK_PLAIN || unpack->state == UNPACK_COMPLETE ||
                 unpack->state == UNPACK_GZIP_PADDING || (unpack->state == UNPACK_GZIP_NEXT && unpack->have == 0) ||
                 (unpack->state == UNPACK_SNIFF && unpack->have == 0);
    if (pending) return kl__fail(error, KL_E_STATE, 0, 0, 0, "decoded bytes are waiting: run again with room for output");
    if (at_end) return KL_OK;
    return kl__fail(error, KL_E_TRUNCATED, 0, 0, (int64_t)unpack->taken, "the %s ends early, after byte %llu",
                    unpack->kind == KL_PACK_GZIP  ? "gzip file"
                    : unpack->kind == KL_PACK_ZIP ? "zip file"
                                                  : "input",
                    (unsigned long long)unpack->taken);
}

int32_t kl_unpack_kind(const kl_unpack *unpack) { return unpack ? (int32_t)unpack->kind : KL_PACK_PLAIN; }

uint64_t kl_unpack_member(const kl_unpack *unpack, const char **name) {
    if (name) *name = unpack ? unpack->name : "";
    return unpack ? unpack->members : 0;
}
