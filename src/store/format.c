/* Headers, slots and commit records: structs <-> bytes. */
#include "store/format.h"

static const uint8_t format_slot_magic[8] = {'K', 'L', 'S', 'E', 'R', 'I', 'E', 0x1a};
static const uint8_t format_block_magic[4] = {'K', 'L', 'B', 0x1a};

void kl__series_key_encode(const kl_series_key *key, uint8_t bytes[112]) {
    memset(bytes, 0, 112);
    memcpy(bytes, key->venue, strlen(key->venue));
    memcpy(bytes + 24, key->market, strlen(key->market));
    memcpy(bytes + 48, key->symbol, strlen(key->symbol));
    kl__store_u32(bytes + 96, (uint32_t)key->interval.unit);
    kl__store_u32(bytes + 100, (uint32_t)key->interval.n);
    kl__store_i64(bytes + 104, key->interval.anchor_us);
}

kl_status kl__series_key_decode(const uint8_t bytes[112], kl_series_key *key) {
    memset(key, 0, sizeof *key);
    if (bytes[23] || bytes[47] || bytes[95]) return KL_E_CORRUPT;
    memcpy(key->venue, bytes, 24);
    memcpy(key->market, bytes + 24, 24);
    memcpy(key->symbol, bytes + 48, 48);
    key->interval.unit = (int32_t)kl__load_u32(bytes + 96);
    key->interval.n = (int32_t)kl__load_u32(bytes + 100);
    key->interval.anchor_us = kl__load_i64(bytes + 104);
    return KL_OK;
}

uint32_t kl__series_salt(const kl_series_key *key) {
    uint8_t bytes[112];
    kl__series_key_encode(key, bytes);
    return kl_crc32c(0, bytes, sizeof bytes);
}

void kl__header_encode(kl__header *h, uint32_t salt, uint8_t bytes[KL__HEADER_BYTES]) {
    memcpy(bytes, format_block_magic, 4);
    bytes[4] = h->type, bytes[5] = h->version, bytes[6] = h->codec, bytes[7] = h->flags;
    kl__store_u64(bytes + 8, h->offset);
    kl__store_u64(bytes + 16, h->sequence);
    kl__store_u32(bytes + 24, h->payload);
    kl__store_u32(bytes + 28, h->lead);
    kl__store_i64(bytes + 32, h->first);
    kl__store_i64(bytes + 40, h->last);
    kl__store_u32(bytes + 48, h->rows);
    kl__store_u32(bytes + 52, h->chain);
    kl__store_u32(bytes + 56, h->lead_crc);
    h->crc = kl_crc32c(salt, bytes, 60);
    kl__store_u32(bytes + 60, h->crc);
}

kl_status kl__header_decode(const uint8_t bytes[KL__HEADER_BYTES], uint32_t salt, uint64_t offset, kl__header *h) {
    if (memcmp(bytes, format_block_magic, 4) != 0) return KL_E_CORRUPT;
    h->offset = kl__load_u64(bytes + 8);
    if (h->offset != offset) return KL_E_CORRUPT;
    h->crc = kl__load_u32(bytes + 60);
    if (h->crc != kl_crc32c(salt, bytes, 60)) return KL_E_CORRUPT;
    h->type = bytes[4], h->version = bytes[5], h->codec = bytes[6], h->flags = bytes[7];
    h->sequence = kl__load_u64(bytes + 16);
    h->payload = kl__load_u32(bytes + 24);
    h->lead = kl__load_u32(bytes + 28);
    h->first = kl__load_i64(bytes + 32);
    h->last = kl__load_i64(bytes + 40);
    h->rows = kl__load_u32(bytes + 48);
    h->chain = kl__load_u32(bytes + 52);
    h->lead_crc = kl__load_u32(bytes + 56);
    return h->lead <= h->payload ? KL_OK : KL_E_CORRUPT;
}

void kl__slot_encode(const kl__slot *slot, uint8_t bytes[KL__SLOT_BYTES]) {
    memset(bytes, 0, KL__SLOT_BYTES);
    memcpy(bytes, format_slot_magic, 8);
    kl__store_u16(bytes + 8, slot->major);
    kl__store_u16(bytes + 10, slot->minor);
    kl__store_u32(bytes + 12, slot->salt);
    kl__store_u64(bytes + 16, slot->generation);
    kl__store_u64(bytes + 24, slot->commit);
    kl__series_key_encode(&slot->key, bytes + 32);
    kl__store_u32(bytes + KL__SLOT_BYTES - 4, kl_crc32c(0, bytes, KL__SLOT_BYTES - 4));
}

kl_status kl__slot_decode(const uint8_t bytes[KL__SLOT_BYTES], kl__slot *slot) {
    if (memcmp(bytes, format_slot_magic, 8) != 0) return KL_E_CORRUPT;
    if (kl__load_u32(bytes + KL__SLOT_BYTES - 4) != kl_crc32c(0, bytes, KL__SLOT_BYTES - 4)) return KL_E_CORRUPT;
    slot->major = kl__load_u16(bytes + 8);
    slot->minor = kl__load_u16(bytes + 10);
    if (slot->major > KL__FORMAT_MAJOR) return KL_E_VERSION;
    slot->salt = kl__load_u32(bytes + 12);
    slot->generation = kl__load_u64(bytes + 16);
    slot->commit = kl__load_u64(bytes + 24);
    return kl__series_key_decode(bytes + 32, &slot->key);
}

void kl__totals_encode(const kl__totals *t, uint8_t bytes[KL__COMMIT_BYTES]) {
    const uint64_t words[] = {t->commits,
                              t->rows,
                              t->versions,
                              (uint64_t)t->first_time,
                              (uint64_t)t->last_time,
                              (uint64_t)t->first_key,
                              (uint64_t)t->last_key};
    const uint64_t tail[] = {t->start,
                             (uint64_t)t->start_first,
                             (uint64_t)t->start_last,
                             t->previous,
                             t->index,
                             t->walk,
                             t->walk_sequence,
                             t->coverage,
                             t->state,
                             t->damaged};
    memset(bytes, 0, KL__COMMIT_BYTES);
    for (size_t i = 0; i < 7; i++) kl__store_u64(bytes + 8 * i, words[i]);
    bytes[56] = (uint8_t)t->kind, bytes[57] = (uint8_t)t->scale.price;
    bytes[58] = (uint8_t)t->scale.volume, bytes[59] = (uint8_t)t->scale.quote;
    kl__store_u32(bytes + 60, t->walk_chain);
    for (size_t i = 0; i < 3; i++) {
        kl__store_u64(bytes + 64 + 16 * i, t->peak[i].lo);
        kl__store_i64(bytes + 72 + 16 * i, t->peak[i].hi);
    }
    for (size_t i = 0; i < 10; i++) kl__store_u64(bytes + 112 + 8 * i, tail[i]);
    bytes[192] = (uint8_t)t->aggregate;
}

kl_status kl__totals_decode(const uint8_t bytes[KL__COMMIT_BYTES], kl__totals *t) {
    memset(t, 0, sizeof *t);
    t->commits = kl__load_u64(bytes);
    t->rows = kl__load_u64(bytes + 8);
    t->versions = kl__load_u64(bytes + 16);
    t->first_time = kl__load_i64(bytes + 24);
    t->last_time = kl__load_i64(bytes + 32);
    t->first_key = kl__load_i64(bytes + 40);
    t->last_key = kl__load_i64(bytes + 48);
    t->kind = bytes[56];
    t->scale.price = bytes[57], t->scale.volume = bytes[58], t->scale.quote = bytes[59];
    t->walk_chain = kl__load_u32(bytes + 60);
    for (size_t i = 0; i < 3; i++)
        t->peak[i] = kl__wide(kl__load_i64(bytes + 72 + 16 * i), kl__load_u64(bytes + 64 + 16 * i));
    t->start = kl__load_u64(bytes + 112);
    t->start_first = kl__load_i64(bytes + 120);
    t->start_last = kl__load_i64(bytes + 128);
    t->previous = kl__load_u64(bytes + 136);
    t->index = kl__load_u64(bytes + 144);
    t->walk = kl__load_u64(bytes + 152);
    t->walk_sequence = kl__load_u64(bytes + 160);
    t->coverage = kl__load_u64(bytes + 168);
    t->state = kl__load_u64(bytes + 176);
    t->damaged = kl__load_u64(bytes + 184);
    t->aggregate = bytes[192] & 1;
    if (t->kind > KL__KIND_TRADES_CONTENT || t->scale.price > KL_SCALE_MAX || t->scale.volume > KL_SCALE_MAX ||
        t->scale.quote > KL_SCALE_MAX)
        return KL_E_CORRUPT;
    return KL_OK;
}
