/* Reading and checking single blocks. */
#include "data/grow.h"
#include "store/stored.h"

enum { FILE_CHECK_BYTES = 16384 };

kl_status kl__stored_read_at(kl_stored *s, uint64_t offset, void *bytes, size_t n) {
    uint8_t *out = (uint8_t *)bytes;
    /* of a transaction in the making, the newest bytes may still be here */
    if (s->w.out_n && offset + n > s->w.out_at) {
        if (offset >= s->w.out_at) {
            uint64_t skip = offset - s->w.out_at;
            if (skip > s->w.out_n || n > s->w.out_n - skip) return KL_E_CORRUPT;
            memcpy(out, s->w.out + skip, n);
            return KL_OK;
        }
        KL__TRY(kl__stored_flush(s));
    }
    for (size_t done = 0, got = 0; done < n; done += got) {
        KL__TRY(s->io.read_at(s->io.ctx, s->file, offset + done, out + done, n - done, &got));
        if (got == 0) return KL_E_CORRUPT;
    }
    return KL_OK;
}

kl_status kl__stored_header(kl_stored *s, uint64_t offset, uint32_t type, kl__header *h) {
    uint8_t bytes[KL__HEADER_BYTES];
    if (offset < KL__BLOCKS_START || offset % 8) return KL_E_CORRUPT;
    KL__TRY(kl__stored_read_at(s, offset, bytes, sizeof bytes));
    KL__TRY(kl__header_decode(bytes, s->salt, offset, h));
    return type == 0 || h->type == type ? KL_OK : KL_E_CORRUPT;
}

kl_status kl__stored_lead(kl_stored *s, const kl__header *h, uint8_t **lead) {
    uint64_t size = 0;
    *lead = NULL;
    if (s->w.out_n == 0) { /* no more memory than the file could fill */
        KL__TRY(s->io.size(s->io.ctx, s->file, &size));
        if (h->offset + KL__HEADER_BYTES > size || h->lead > size - h->offset - KL__HEADER_BYTES) return KL_E_CORRUPT;
    }
    uint8_t *bytes = (uint8_t *)kl__stored_take(s, h->lead);
    if (!bytes) return KL_E_MEMORY;
    kl_status status = kl__stored_read_at(s, h->offset + KL__HEADER_BYTES, bytes, h->lead);
    if (status >= 0 && kl_crc32c(0, bytes, h->lead) != h->lead_crc) status = KL_E_CORRUPT;
    if (status < 0) {
        kl__stored_give(s, bytes, h->lead);
        return status;
    }
    *lead = bytes;
    return KL_OK;
}

/* Frames of a block, one by one. */
static kl_status file_check_frames(kl_stored *s, const kl__header *h, const uint8_t *lead, uint8_t *buffer) {
    kl__pack pack;
    if (h->codec != 0) return h->version > KL__BLOCK_VERSION || h->codec ? KL_E_VERSION : KL_OK;
    KL__TRY(kl__pack_read(s->totals.kind, h, lead, &pack));
    uint64_t at = h->offset + KL__HEADER_BYTES + pack.lead_bytes;
    for (uint32_t f = 0; f < pack.frames; f++) {
        uint32_t left = kl__pack_frame_rows(&pack, f) * pack.row_bytes, crc = 0;
        while (left > 0) {
            uint32_t n = left < FILE_CHECK_BYTES ? left : FILE_CHECK_BYTES;
            KL__TRY(kl__stored_read_at(s, at, buffer, n));
            crc = kl_crc32c(crc, buffer, n);
            at += n, left -= n;
        }
        if (crc != kl__pack_frame_crc(lead, &pack, f)) return KL_E_CORRUPT;
    }
    return KL_OK;
}

kl_status kl__stored_check_block(kl_stored *s, const kl__header *h) {
    uint8_t *lead;
    KL__TRY(kl__stored_lead(s, h, &lead));
    kl_status status = KL_OK;
    if (h->type == KL__BLOCK_ROWS_TYPE) {
        uint8_t *buffer = (uint8_t *)kl__stored_take(s, FILE_CHECK_BYTES);
        status = buffer ? file_check_frames(s, h, lead, buffer) : KL_E_MEMORY;
        kl__stored_give(s, buffer, FILE_CHECK_BYTES);
    }
    kl__stored_give(s, lead, h->lead);
    return status;
}

kl_status kl__stored_damage(kl_stored *s, uint64_t offset, int64_t first_time, int64_t last_time) {
    void *memory = s->dead;
    kl_time to = last_time == INT64_MAX ? last_time : last_time + 1, next;
    if (s->key.interval.unit != 0 && last_time >= KL_TIME_MIN && last_time <= KL_TIME_MAX &&
        kl_interval_next(&s->key.interval, last_time, &next) >= 0)
        to = next;
    KL__TRY(kl__grow(&s->alloc, &memory, &s->dead_capacity, s->dead_n + 1, sizeof *s->dead));
    s->dead = (kl__dead *)memory;
    if (first_time < to) KL__TRY(kl_coverage_remove(&s->coverage, first_time, to));
    kl__blocks_kill(&s->blocks, offset);
    s->recount = 1;
    s->dead[s->dead_n].offset = offset;
    s->dead[s->dead_n].first_time = first_time;
    s->dead[s->dead_n++].last_time = to;
    return KL_OK;
}
