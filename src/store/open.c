/* Finding out how a series file stands: newest slot, its COMMIT, the INDEX, and then the blocks behind it one by one.
 * Where slots or index are damaged, all blocks from the first one. */
#include "data/grow.h"
#include "store/stored.h"

enum { OPEN_SCAN_BYTES = 65536 };

/* What the walk has seen but no COMMIT has vouched for yet. */
typedef struct open_walk {
    uint64_t at, sequence, size, vouched;
    uint32_t chain;
    size_t entries; /* blocks.n when the last transaction ended */
    kl_coverage coverage;
    kl__dead *dead;                            /* damage of transactions that are not accepted yet */
    size_t dead_n, dead_capacity, damage_from; /* damage_from: dead of the transaction at hand */
    uint64_t *gone;                            /* blocks that a DEAD block names */
    size_t gone_n, gone_capacity;
} open_walk;

void kl__stored_unload(kl_stored *s) {
    kl__blocks_free(&s->alloc, &s->blocks);
    kl_coverage_free(&s->coverage);
    kl__stored_give(s, s->dead, s->dead_capacity * sizeof *s->dead);
    s->dead = NULL;
    s->dead_n = s->dead_capacity = 0;
    s->recount = s->lost = 0;
}

static kl_status open_copy_coverage(kl_coverage *to, const kl_coverage *from) {
    to->n = 0;
    for (size_t i = 0; i < from->n; i++) KL__TRY(kl_coverage_add(to, from->ranges[i].from, from->ranges[i].to));
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------- parts of a commit --- */

static kl_status open_coverage_block(kl_stored *s, const kl__header *h, kl_coverage *coverage) {
    uint8_t *lead;
    KL__TRY(kl__stored_lead(s, h, &lead));
    kl_status status = h->payload != h->lead || h->lead % 16 ? KL_E_CORRUPT : KL_OK;
    for (uint32_t i = 0; status >= 0 && i + 16 <= h->lead; i += 16)
        if (kl__load_i64(lead + i) >= kl__load_i64(lead + i + 8)) status = KL_E_CORRUPT;
    if (status >= 0 && (h->flags & KL__BLOCK_WHOLE)) coverage->n = 0;
    for (uint32_t i = 0; status >= 0 && i + 16 <= h->lead; i += 16) {
        kl_time from = kl__load_i64(lead + i), to = kl__load_i64(lead + i + 8);
        status =
            h->flags & KL__BLOCK_REMOVE ? kl_coverage_remove(coverage, from, to) : kl_coverage_add(coverage, from, to);
    }
    kl__stored_give(s, lead, h->lead);
    return status;
}

static kl_status open_index_block(kl_stored *s, const kl__header *h, uint64_t *previous) {
    uint8_t *lead;
    KL__TRY(kl__stored_lead(s, h, &lead));
    kl_status status = h->payload != h->lead || h->lead < 16 || (h->lead - 16) % 48 ? KL_E_CORRUPT : KL_OK;
    if (status >= 0) *previous = kl__load_u64(lead);
    for (uint32_t i = 16; status >= 0 && i + 48 <= h->lead; i += 48) {
        kl__entry e = {kl__load_u64(lead + i),
                       kl__load_i64(lead + i + 8),
                       kl__load_i64(lead + i + 16),
                       kl__load_i64(lead + i + 24),
                       kl__load_i64(lead + i + 32),
                       kl__load_u32(lead + i + 40),
                       0,
                       0};
        if (e.first_key > e.last_key || e.first_time > e.last_time ||
            (s->blocks.n && s->blocks.entries[s->blocks.n - 1].offset >= e.offset) || e.offset >= h->offset)
            status = KL_E_CORRUPT;
        else
            status = kl__blocks_add(&s->alloc, &s->blocks, &e);
    }
    kl__stored_give(s, lead, h->lead);
    return status;
}

/* INDEX blocks name the one before them; the oldest is read first. */
static kl_status open_index(kl_stored *s, uint64_t newest) {
    uint64_t *chain = NULL;
    size_t n = 0, capacity = 0;
    kl_status status = KL_OK;
    for (uint64_t at = newest; at != 0 && status >= 0;) {
        kl__header h;
        uint8_t head[8];
        void *memory = chain;
        status = kl__stored_header(s, at, KL__BLOCK_INDEX, &h);
        if (status >= 0) status = kl__grow(&s->alloc, &memory, &capacity, n + 1, sizeof *chain);
        chain = (uint64_t *)memory;
        if (status >= 0) status = kl__stored_read_at(s, at + KL__HEADER_BYTES, head, sizeof head);
        if (status < 0) break;
        chain[n++] = at;
        uint64_t previous = kl__load_u64(head);
        if (previous >= at) status = KL_E_CORRUPT;
        at = previous;
    }
    while (status >= 0 && n > 0) {
        kl__header h;
        uint64_t previous;
        status = kl__stored_header(s, chain[--n], KL__BLOCK_INDEX, &h);
        if (status >= 0) status = open_index_block(s, &h, &previous);
    }
    kl__stored_give(s, chain, capacity * sizeof *chain);
    return status;
}

static kl_status open_read_commit(kl_stored *s, const kl__header *h, kl__totals *totals) {
    uint8_t bytes[KL__COMMIT_BYTES];
    if (h->lead != KL__COMMIT_BYTES || h->payload != h->lead) return KL_E_CORRUPT;
    KL__TRY(kl__stored_read_at(s, h->offset + KL__HEADER_BYTES, bytes, sizeof bytes));
    if (kl_crc32c(0, bytes, sizeof bytes) != h->lead_crc) return KL_E_CORRUPT;
    return kl__totals_decode(bytes, totals);
}

/* -------------------------------------------------------------------------------------------------------- walk --- */

static kl_status open_note_damage(kl_stored *s, open_walk *w, uint64_t offset, int64_t first, int64_t last) {
    void *memory = w->dead;
    KL__TRY(kl__grow(&s->alloc, &memory, &w->dead_capacity, w->dead_n + 1, sizeof *w->dead));
    w->dead = (kl__dead *)memory;
    w->dead[w->dead_n].offset = offset;
    w->dead[w->dead_n].first_time = first;
    w->dead[w->dead_n++].last_time = last;
    return KL_OK;
}

/* The next whole header behind damage; KL_END where none follows. */
static kl_status open_resync(kl_stored *s, open_walk *w) {
    uint8_t *buffer = (uint8_t *)kl__stored_take(s, OPEN_SCAN_BYTES);
    if (!buffer) return KL_E_MEMORY;
    kl_status status = KL_END;
    kl__header h;
    for (uint64_t at = w->at + 8; status == KL_END && at + KL__HEADER_BYTES <= w->size;) {
        uint64_t left = w->size - at;
        size_t n = left < OPEN_SCAN_BYTES ? (size_t)left : OPEN_SCAN_BYTES, i = 0;
        kl_status got = kl__stored_read_at(s, at, buffer, n);
        if (got < 0) {
            status = got;
            break;
        }
        for (; i + KL__HEADER_BYTES <= n; i += 8) {
            if (kl__header_decode(buffer + i, s->salt, at + i, &h) < 0 || h.sequence <= w->sequence) continue;
            w->at = at + i;
            w->sequence = h.sequence;
            w->chain = h.chain;
            status = KL_OK;
            break;
        }
        at += i;
    }
    kl__stored_give(s, buffer, OPEN_SCAN_BYTES);
    return status;
}

static kl_status open_rows_block(kl_stored *s, open_walk *w, const kl__header *h) {
    kl__entry e = {h->offset, h->first, h->last, h->first, h->last, h->rows, 0, 0};
    uint8_t *lead;
    if (h->first > h->last) return KL_E_CORRUPT;
    KL__TRY(kl__stored_lead(s, h, &lead));
    kl_status status = h->lead < KL__LEAD_FIXED ? KL_E_CORRUPT : KL_OK;
    if (status >= 0) {
        e.first_time = kl__load_i64(lead + 8);
        e.last_time = kl__load_i64(lead + 16);
        if (e.first_time > e.last_time) status = KL_E_CORRUPT;
    }
    kl__stored_give(s, lead, h->lead);
    /* what no commit has vouched for is read to its last byte */
    if (status >= 0 && h->offset >= w->vouched) status = kl__stored_check_block(s, h);
    return status < 0 ? status : kl__blocks_add(&s->alloc, &s->blocks, &e);
}

/* Blocks that an earlier writer gave up: {offset, from, to}. */
static kl_status open_dead_block(kl_stored *s, open_walk *w, const kl__header *h) {
    uint8_t *lead;
    KL__TRY(kl__stored_lead(s, h, &lead));
    kl_status status = h->payload != h->lead || h->lead % 24 ? KL_E_CORRUPT : KL_OK;
    for (uint32_t i = 0; status >= 0 && i + 24 <= h->lead; i += 24) {
        kl_time from = kl__load_i64(lead + i + 8), to = kl__load_i64(lead + i + 16);
        void *memory = w->gone;
        status = kl__grow(&s->alloc, &memory, &w->gone_capacity, w->gone_n + 1, sizeof *w->gone);
        w->gone = (uint64_t *)memory;
        if (status >= 0) w->gone[w->gone_n++] = kl__load_u64(lead + i);
        if (status >= 0 && from < to) status = kl_coverage_remove(&w->coverage, from, to);
    }
    kl__stored_give(s, lead, h->lead);
    return status;
}

static kl_status open_drop_unaccepted(kl_stored *s, open_walk *w) {
    kl__blocks_cut(&s->blocks, w->entries);
    return open_copy_coverage(&w->coverage, &s->coverage);
}

/* All that was seen up to this COMMIT is committed. */
static kl_status open_accept(kl_stored *s, open_walk *w, const kl__header *h, const kl__totals *totals) {
    s->totals = *totals;
    s->recount = s->recount || s->dead_n; /* what this reader found, the writer did not know */
    s->lost = 0;
    s->commit = h->offset;
    s->commit_crc = h->crc;
    s->end = h->offset + kl__block_bytes(h);
    s->sequence = h->sequence + 1;
    s->chain = h->crc;
    w->entries = s->blocks.n;
    KL__TRY(open_copy_coverage(&s->coverage, &w->coverage));
    for (size_t i = 0; i < w->dead_n; i++)
        KL__TRY(kl__stored_damage(s, w->dead[i].offset, w->dead[i].first_time, w->dead[i].last_time));
    for (size_t i = 0; i < w->gone_n; i++) {
        kl__blocks_kill(&s->blocks, w->gone[i]);
        for (size_t k = s->dead_n; k-- > 0;) /* recorded: no need to do it again */
            if (s->dead[k].offset == w->gone[i]) s->dead[k] = s->dead[--s->dead_n];
    }
    w->dead_n = w->damage_from = w->gone_n = 0;
    return open_copy_coverage(&w->coverage, &s->coverage);
}

static kl_status open_commit_block(kl_stored *s, open_walk *w, const kl__header *h) {
    kl__totals totals;
    KL__TRY(open_read_commit(s, h, &totals));
    int clean = 1;
    for (size_t i = w->damage_from; i < w->dead_n; i++) {
        kl__dead *d = &w->dead[i];
        if (d->offset < totals.start) continue; /* of a transaction before, whose COMMIT is lost as well */
        clean = 0;
        /* nothing is known of the block: all that this transaction touched counts as lost */
        if (d->first_time > d->last_time) d->first_time = totals.start_first, d->last_time = totals.start_last;
    }
    for (size_t i = w->damage_from; i < w->dead_n; i++)
        if (w->dead[i].first_time > w->dead[i].last_time && w->dead[i].offset < totals.start)
            w->dead[i].first_time = INT64_MIN, w->dead[i].last_time = INT64_MAX;
    uint64_t end = h->offset + kl__block_bytes(h);
    if (!clean && end > w->vouched) {
        w->damage_from = w->dead_n; /* torn, unless a later COMMIT shows that this one had been synced */
        return KL_OK;
    }
    return open_accept(s, w, h, &totals);
}

static kl_status open_block(kl_stored *s, open_walk *w, const kl__header *h) {
    if (h->version > KL__BLOCK_VERSION) return h->flags & KL__BLOCK_NEEDED ? KL_E_VERSION : KL_OK;
    switch (h->type) {
    case KL__BLOCK_ROWS_TYPE:
        return open_rows_block(s, w, h);
    case KL__BLOCK_COVERAGE:
        return open_coverage_block(s, h, &w->coverage);
    case KL__BLOCK_DEAD:
        return open_dead_block(s, w, h);
    case KL__BLOCK_COMMIT:
        return open_commit_block(s, w, h);
    case KL__BLOCK_META:
    case KL__BLOCK_STATE:
    case KL__BLOCK_INDEX:
        return h->offset >= w->vouched ? kl__stored_check_block(s, h) : KL_OK;
    default:
        return h->flags & KL__BLOCK_NEEDED ? KL_E_VERSION : KL_OK;
    }
}

/* One step; KL_END where nothing sensible follows. */
static kl_status open_step(kl_stored *s, open_walk *w) {
    kl__header h;
    kl_status status = kl__stored_header(s, w->at, 0, &h);
    if (status >= 0 && (h.sequence != w->sequence || h.chain != w->chain || kl__block_bytes(&h) > w->size - w->at))
        status = KL_E_CORRUPT;
    if (status == KL_E_CORRUPT) {
        uint64_t at = w->at;
        status = open_resync(s, w);
        return status == KL_OK ? open_note_damage(s, w, at, 1, 0) : status;
    }
    KL__TRY(status);
    status = open_block(s, w, &h);
    if (status == KL_E_CORRUPT) { /* the header says what is lost; for anything but candles, not when */
        int known = h.type == KL__BLOCK_ROWS_TYPE && s->key.interval.unit != 0;
        status = open_note_damage(s, w, h.offset, known ? h.first : 1, known ? h.last : 0);
        if (known && status >= 0) {
            kl__entry e = {h.offset, h.first, h.last, h.first, h.last, h.rows, 1, 0};
            status = kl__blocks_add(&s->alloc, &s->blocks, &e);
        }
    }
    KL__TRY(status);
    w->at += kl__block_bytes(&h);
    w->sequence = h.sequence + 1;
    w->chain = h.crc;
    return KL_OK;
}

/* From w->at to the end of the file; leaves s at the last COMMIT that counts. */
static kl_status open_walk_run(kl_stored *s, open_walk *w) {
    kl_status status = s->io.size(s->io.ctx, s->file, &w->size);
    w->entries = s->blocks.n;
    if (status >= 0) status = kl_coverage_init(&w->coverage, &s->alloc);
    if (status >= 0) status = open_copy_coverage(&w->coverage, &s->coverage);
    while (status == KL_OK && w->at + KL__HEADER_BYTES <= w->size) status = open_step(s, w);
    if (status >= 0) status = open_drop_unaccepted(s, w);
    s->torn_bytes = w->size > s->end ? w->size - s->end : 0;
    kl_coverage_free(&w->coverage);
    kl__stored_give(s, w->dead, w->dead_capacity * sizeof *w->dead);
    kl__stored_give(s, w->gone, w->gone_capacity * sizeof *w->gone);
    return status < 0 ? status : KL_OK;
}

kl_status kl__stored_walk(kl_stored *s, uint64_t vouched, kl_error *error) {
    open_walk w;
    memset(&w, 0, sizeof w);
    w.at = s->end, w.sequence = s->sequence, w.chain = s->chain, w.vouched = vouched;
    kl_status status = open_walk_run(s, &w);
    return status < 0 ? kl__fail(error, status, 0, 0, 0, "reading the series failed: %s", kl_status_text(status))
                      : KL_OK;
}

/* -------------------------------------------------------------------------------------------------------- load --- */

static kl_status open_slots(kl_stored *s, kl__slot slots[2], int good[2]) {
    uint8_t *bytes = (uint8_t *)kl__stored_take(s, KL__SLOT_BYTES);
    kl_status status = bytes ? KL_OK : KL_E_MEMORY, newer = KL_OK;
    for (int i = 0; i < 2 && status >= 0; i++) {
        status = kl__stored_read_at(s, (uint64_t)i * KL__SLOT_BYTES, bytes, KL__SLOT_BYTES);
        kl_status decoded = status < 0 ? KL_E_CORRUPT : kl__slot_decode(bytes, &slots[i]);
        if (status == KL_E_CORRUPT) status = KL_OK; /* shorter than a slot */
        good[i] = decoded == KL_OK;
        if (decoded == KL_E_VERSION) newer = decoded;
    }
    kl__stored_give(s, bytes, KL__SLOT_BYTES);
    return status < 0 ? status : newer;
}

static int open_same_key(const kl_series_key *a, const kl_series_key *b) {
    return !strcmp(a->venue, b->venue) && !strcmp(a->market, b->market) && !strcmp(a->symbol, b->symbol) &&
           a->interval.unit == b->interval.unit && a->interval.n == b->interval.n &&
           a->interval.anchor_us == b->interval.anchor_us;
}

/* By a slot: its COMMIT, the INDEX, then the blocks behind. */
static kl_status open_by_slot(kl_stored *s, const kl__slot *slot) {
    kl__header h;
    kl__totals t;
    open_walk w;
    KL__TRY(kl__stored_header(s, slot->commit, KL__BLOCK_COMMIT, &h));
    KL__TRY(open_read_commit(s, &h, &t));
    s->totals = t;
    if (t.index) KL__TRY(open_index(s, t.index));
    s->indexed = s->blocks.n;
    if (t.coverage) {
        kl__header c;
        KL__TRY(kl__stored_header(s, t.coverage, KL__BLOCK_COVERAGE, &c));
        KL__TRY(open_coverage_block(s, &c, &s->coverage));
    }
    if (t.walk < KL__BLOCKS_START || t.walk > h.offset || t.walk % 8) return KL_E_CORRUPT;
    memset(&w, 0, sizeof w);
    w.at = t.walk, w.sequence = t.walk_sequence, w.chain = t.walk_chain;
    w.vouched = h.offset + kl__block_bytes(&h);
    s->slot_commit = slot->commit;
    KL__TRY(open_walk_run(s, &w));
    return s->commit >= slot->commit ? KL_OK : KL_E_CORRUPT;
}

/* By nothing but the blocks. */
static kl_status open_by_blocks(kl_stored *s, uint64_t vouched_commit) {
    open_walk w;
    kl__header h;
    memset(&w, 0, sizeof w);
    memset(&s->totals, 0, sizeof s->totals);
    s->totals.kind = s->key.interval.unit ? KL__KIND_KLINES : KL__KIND_TRADES_OPEN;
    s->indexed = 0;
    s->slot_commit = 0;
    w.at = KL__BLOCKS_START, w.sequence = 1, w.chain = s->salt;
    w.vouched = vouched_commit; /* whatever became of it, what lies before it had been synced */
    if (vouched_commit && kl__stored_header(s, vouched_commit, KL__BLOCK_COMMIT, &h) >= 0)
        w.vouched = vouched_commit + kl__block_bytes(&h);
    KL__TRY(open_walk_run(s, &w));
    if (s->commit == 0) return KL_E_CORRUPT;
    s->has_dead_index = 1; /* write the next INDEX as a whole */
    return KL_OK;
}

static kl_status open_load(kl_stored *s, kl_error *error) {
    kl__slot slots[2];
    int good[2] = {0, 0};
    kl_status status = open_slots(s, slots, good);
    if (status == KL_E_VERSION) return kl__fail(error, status, 0, 0, 0, "the series file is of a newer format");
    KL__TRY(status);
    int newest = good[0] && good[1] ? slots[1].generation > slots[0].generation : good[1] ? 1 : good[0] ? 0 : -1;
    if (newest >= 0 && !open_same_key(&slots[newest].key, &s->key))
        return kl__fail(error, KL_E_MISMATCH, 0, 0, 0, "the file holds another series: %s", slots[newest].key.symbol);
    s->slot_newest = newest;
    s->slot_generation = newest >= 0 ? slots[newest].generation : 0;
    status = KL_E_CORRUPT;
    for (int i = 0; i < 2 && status == KL_E_CORRUPT; i++) {
        int at = i ? 1 - newest : newest;
        if (at < 0 || at > 1 || !good[at]) continue;
        status = open_by_slot(s, &slots[at]);
        if (status == KL_E_CORRUPT) kl__stored_unload(s), kl_coverage_init(&s->coverage, &s->alloc), s->commit = 0;
    }
    if (status == KL_E_CORRUPT) status = open_by_blocks(s, newest >= 0 ? slots[newest].commit : 0);
    s->lost = newest >= 0 && slots[newest].commit > s->commit; /* it had been synced when the slot was written */
    return status;
}

kl_status kl__stored_load(kl_stored *s, kl_error *error) {
    KL__TRY(kl_coverage_init(&s->coverage, &s->alloc));
    s->commit = 0, s->end = 0, s->has_dead_index = 0, s->indexed = 0;
    if (error) error->code = KL_OK; /* the caller need not have set it */
    kl_status status = open_load(s, error);
    if (status < 0) {
        kl__stored_unload(s);
        if (!error || error->code != status)
            kl__fail(error, status, 0, 0, 0, "the series file cannot be read: %s", kl_status_text(status));
        return status;
    }
    return KL_OK;
}
