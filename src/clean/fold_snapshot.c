/* The state of a fold as little-endian bytes: the same on every platform, and exactly what goes on. */
#include "clean/fold.h"
#include "clean/words.h"

enum { FOLD_MAGIC = 0x444c464b /* "KFLD" */, FOLD_DEFINITION = 2, FOLD_HEAD_WORDS = 13, FOLD_BUCKET_WORDS = 31 };

static void fold_interval(kl__words *w, kl_interval *interval) {
    kl__words_halves(w, &interval->unit, &interval->n);
    kl__words_one(w, &interval->anchor_us);
}

/* the words of the state before its buckets; magic and definition are constants of the caller. */
static void fold_visit_head(kl__words *w, uint32_t *magic, uint32_t *definition, kl_fold *f, uint64_t *n) {
    kl__words_halves(w, magic, definition);
    fold_interval(w, &f->options.from);
    fold_interval(w, &f->options.to);
    kl__words_one(w, &f->options.lateness_us);
    kl__words_halves(w, &f->scale.price, &f->scale.volume);
    kl__words_halves(w, &f->scale.quote, &f->has_scale);
    kl__words_one(w, &f->newest);
    kl__words_one(w, &f->late);
    kl__words_one(w, &f->neutralised);
    kl__words_one(w, &f->gone_id);
    kl__words_one(w, n);
}

static void fold_visit_bucket(kl__words *w, kl__fold_bucket *b) {
    int64_t *const first[] = {&b->open_time, &b->next, &b->open, &b->high, &b->low, &b->close};
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) kl__words_one(w, first[i]);
    kl__words_wide(w, &b->volume);
    kl__words_wide(w, &b->quote_volume);
    kl__words_wide(w, &b->taker_buy_base);
    kl__words_wide(w, &b->taker_buy_quote);
    int64_t *const then[] = {&b->trade_count, &b->first_id, &b->last_id,  &b->open_id, &b->close_id,
                             &b->open_us,     &b->close_us, &b->first_us, &b->last_us, &b->as_of_us};
    for (size_t i = 0; i < sizeof then / sizeof then[0]; i++) kl__words_one(w, then[i]);
    uint64_t *const counts[] = {&b->rows, &b->expected, &b->neutralised, &b->late};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) kl__words_one(w, counts[i]);
    kl__words_halves(w, &b->known, &b->flags);
    kl__words_halves(w, &b->state, &b->kind);
    kl__words_halves(w, &b->authority, &b->unaligned);
}

size_t kl_fold_snapshot_size(const kl_fold *fold) {
    return fold ? 8 * (FOLD_HEAD_WORDS + FOLD_BUCKET_WORDS * fold->n) : 0;
}

kl_status kl_fold_snapshot(const kl_fold *fold, void *bytes, size_t capacity, size_t *used) {
    if (!fold || !bytes || !used) return KL_E_ARG;
    *used = kl_fold_snapshot_size(fold);
    if (capacity < *used) return KL_E_SIZE;
    kl__words w = {(uint8_t *)bytes, NULL};
    kl_fold head = *fold; /* visited values are written back: on copies */
    uint32_t magic = FOLD_MAGIC, definition = FOLD_DEFINITION;
    uint64_t n = fold->n;
    fold_visit_head(&w, &magic, &definition, &head, &n);
    for (size_t i = 0; i < fold->n; i++) {
        kl__fold_bucket b = fold->bucket[i];
        fold_visit_bucket(&w, &b);
    }
    return KL_OK;
}

static int fold_same_interval(const kl_interval *a, const kl_interval *b) {
    return a->unit == b->unit && a->n == b->n && a->anchor_us == b->anchor_us;
}

static int fold_scale_ok(const kl_fold *f) {
    return f->scale.price >= 0 && f->scale.price <= KL_SCALE_MAX && f->scale.volume >= 0 && f->scale.volume <= KL_SCALE_MAX &&
           f->scale.quote >= 0 && f->scale.quote <= KL_SCALE_MAX && (f->has_scale == 0 || f->has_scale == 1);
}

/* a bucket that this fold could have made, after one that ends at `previous`. */
static int fold_bucket_ok(kl_fold *f, const kl__fold_bucket *b, kl_time previous) {
    return b->open_time >= previous && kl__bucket_at(&f->to, b->open_time) >= 0 && b->open_time == f->to.open &&
           b->next == f->to.next && b->kind <= FOLD_TRADED && b->state < FOLD_STATES && b->trade_count >= 0 && b->unaligned <= b->rows &&
           b->first_id >= -1 && b->last_id >= b->first_id;
}

kl_status kl_fold_restore(kl_fold *fold, const void *bytes, size_t n, kl_error *error) {
    if (!fold || !bytes) return kl__fail(error, KL_E_ARG, fold ? 2 : 1, 0, 0, "an argument is missing");
    if (n < 8 * FOLD_HEAD_WORDS) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is too short");
    kl_fold head = *fold;
    uint32_t magic = 0, definition = 0;
    uint64_t buckets = 0;
    kl__words w = {NULL, (const uint8_t *)bytes};
    fold_visit_head(&w, &magic, &definition, &head, &buckets);
    if (magic != FOLD_MAGIC) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "this is no snapshot of a fold");
    if (definition != FOLD_DEFINITION) return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot has definition %u", definition);
    if (!fold_same_interval(&head.options.from, &fold->options.from) || !fold_same_interval(&head.options.to, &fold->options.to) ||
        head.options.lateness_us != fold->options.lateness_us)
        return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot is of other intervals");
    if (buckets > fold->capacity || n != 8 * (FOLD_HEAD_WORDS + FOLD_BUCKET_WORDS * (size_t)buckets) || !fold_scale_ok(&head) ||
        head.gone_id < -1)
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is damaged");
    const uint8_t *start = w.in;
    kl_time previous = INT64_MIN;
    for (int pass = 0; pass < 2; pass++, w.in = start) /* first only a look: nothing is half restored */
        for (size_t i = 0; i < buckets; i++) {
            kl__fold_bucket b;
            fold_visit_bucket(&w, &b);
            if (!pass && !fold_bucket_ok(&head, &b, previous)) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is damaged");
            previous = b.next;
            if (pass) fold->bucket[i] = b;
        }
    head.n = (size_t)buckets;
    head.quote_known = head.options.from.unit || head.scale.price + head.scale.volume <= KL_SCALE_MAX;
    head.options = fold->options;
    memcpy(fold, &head, offsetof(kl_fold, bucket));
    kl__fold_set_stay(fold);
    return KL_OK;
}
