/* The state of bars as little-endian bytes: the same on every platform, and exactly what goes on. */
#include "base/wide.h"
#include "clean/bars.h"
#include "clean/words.h"
#include "data/scale.h"

enum { BARS_MAGIC = 0x5241424b /* "KBAR" */, BARS_DEFINITION = 1, BARS_WORDS = 41 };

static void bars_visit_options(kl__words *w, uint32_t *magic, uint32_t *definition, kl_bars_options *o) {
    kl__words_halves(w, magic, definition);
    kl__words_halves(w, &o->kind, &o->source);
    kl__words_wide(w, &o->size);
    kl__words_halves(w, &o->size_scale, &o->split);
    kl__words_halves(w, &o->wicks, &o->from_first_price);
}

static void bars_visit_state(kl__words *w, kl_bars *b) {
    kl__words_halves(w, &b->scale.price, &b->scale.volume);
    kl__words_halves(w, &b->scale.quote, &b->has_scale);
    int64_t *const head[] = {&b->newest, &b->last_open, &b->last_id, &b->top, &b->bottom, &b->price, &b->up_to, &b->down_to};
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++) kl__words_one(w, head[i]);
    kl__words_one(w, &b->sequence);
    kl__words_one(w, &b->skipped);
    kl__words_halves(w, &b->has_price, &b->reserved);
    kl__bars_piece *p = &b->bar;
    kl__words_wide(w, &p->volume);
    kl__words_wide(w, &p->quote_volume);
    kl__words_wide(w, &p->taker_buy_base);
    kl__words_wide(w, &p->taker_buy_quote);
    int64_t *const bar[] = {&p->open, &p->high, &p->low, &p->close, &p->trade_count, &p->first_id, &p->last_id, &p->first_us, &p->last_us, &p->as_of_us};
    for (size_t i = 0; i < sizeof bar / sizeof bar[0]; i++) kl__words_one(w, bar[i]);
    kl__words_one(w, &p->rows);
    kl__words_one(w, &p->missing);
    kl__words_halves(w, &p->known, &p->flags);
    kl__words_halves(w, &p->state, &p->authority);
}

size_t kl_bars_snapshot_size(const kl_bars *bars) { return bars ? 8 * BARS_WORDS : 0; }

kl_status kl_bars_snapshot(const kl_bars *bars, void *bytes, size_t capacity, size_t *used) {
    if (!bars || !bytes || !used) return KL_E_ARG;
    *used = 8 * BARS_WORDS;
    if (capacity < *used) return KL_E_SIZE;
    kl__words w = {(uint8_t *)bytes, NULL};
    kl_bars copy = *bars; /* visited values are written back */
    uint32_t magic = BARS_MAGIC, definition = BARS_DEFINITION;
    bars_visit_options(&w, &magic, &definition, &copy.options);
    bars_visit_state(&w, &copy);
    return KL_OK;
}

static int bars_time_ok(kl_time time) { return time >= KL_TIME_MIN && time <= KL_TIME_MAX; }

static int bars_head_ok(const kl_bars *b) {
    if (!kl__scale_valid(&b->scale)) return 0;
    int32_t value = b->scale.price + b->scale.volume; /* decimals of price * quantity */
    if (b->has_scale && b->options.source == KL_BARS_OF_TRADES && b->scale.quote != (value > KL_SCALE_MAX ? 0 : value)) return 0;
    return (b->has_scale == 0 || b->has_scale == 1) && b->reserved == 0 &&
           (b->has_price == 0 || (b->has_price == 1 && b->has_scale && b->options.kind == KL_BARS_RENKO)) && b->last_id >= -1 &&
           (b->newest == KL_TIME_NONE || bars_time_ok(b->newest)) && (b->last_open == KL_TIME_NONE || bars_time_ok(b->last_open));
}

/* a bar that has not ended, of rows that could have been taken. */
static int bars_bar_ok(const kl_bars *b) {
    const kl__bars_piece *p = &b->bar;
    static const kl__bars_piece none;
    if (!p->rows) return !memcmp(p, &none, sizeof none);
    return b->has_scale && p->trade_count >= 0 && p->first_id >= -1 && p->last_id >= p->first_id && bars_time_ok(p->first_us) &&
           bars_time_ok(p->last_us) && p->first_us <= p->last_us && p->first_us <= b->newest && p->state < BARS_STATES &&
           p->known <= (KL_HAS_ALL | KL_HAS_TRADE_IDS) && (p->flags & ~(uint32_t)KL_REPAIRED) == 0 && !kl__wide_is_negative(p->volume) &&
           (b->options.kind != KL_BARS_DOLLAR || !kl__wide_is_negative(p->quote_volume)) &&
           (b->options.kind != KL_BARS_RANGE || p->high >= p->low) &&
           (b->options.kind == KL_BARS_RENKO ? b->has_price : !kl__bars_reached(b, p));
}

/* edges one size apart, or one edge before the first brick; the price less than a size from them. */
static int bars_edges_ok(const kl_bars *b) {
    if (!b->has_price) return !(b->top | b->bottom | b->price | b->up_to | b->down_to);
    uint64_t apart = (uint64_t)b->top - (uint64_t)b->bottom, size = b->limit.lo;
    uint64_t above = b->price > b->top ? (uint64_t)b->price - (uint64_t)b->top : 0;
    uint64_t below = b->price < b->bottom ? (uint64_t)b->bottom - (uint64_t)b->price : 0;
    return b->top >= b->bottom && (apart == 0 || apart == size) && above < size && below < size && b->up_to >= b->price && b->down_to <= b->price;
}

kl_status kl_bars_restore(kl_bars *bars, const void *bytes, size_t n, kl_error *error) {
    if (!bars || !bytes) return kl__fail(error, KL_E_ARG, bars ? 2 : 1, 0, 0, "an argument is missing");
    if (n < 8) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is too short");
    const uint8_t *in = (const uint8_t *)bytes;
    if (kl__load_u32(in) != BARS_MAGIC) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "this is no snapshot of bars");
    if (kl__load_u32(in + 4) != BARS_DEFINITION)
        return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot has definition %u", (unsigned)kl__load_u32(in + 4));
    if (n != 8 * BARS_WORDS) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot has another length");
    kl_bars next = *bars;
    uint32_t magic, definition;
    kl__words w = {NULL, in};
    memset(&next.bar, 0, sizeof next.bar);
    bars_visit_options(&w, &magic, &definition, &next.options);
    const kl_bars_options *a = &next.options, *o = &bars->options;
    if (a->kind != o->kind || a->source != o->source || kl__wide_compare(a->size, o->size) || a->size_scale != o->size_scale ||
        a->split != o->split || a->wicks != o->wicks || a->from_first_price != o->from_first_price)
        return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot is of other bars");
    bars_visit_state(&w, &next);
    int ok = bars_head_ok(&next) && (!next.has_scale || kl__bars_set_limit(&next) >= 0);
    if (!ok || !bars_bar_ok(&next) || !bars_edges_ok(&next)) return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is damaged");
    *bars = next;
    return KL_OK;
}
