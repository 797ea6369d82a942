#include "base/fp.h"
#include "window/order_bits.h"
#include "base/endian.h"
#include "base/number.h"
#include <math.h>
#include <string.h>

enum { BITS_BASE = 8, BITS_NONE = 0xffff };

/* The scratch. Times count the rows of the stretch: w - 1 of history, then those of the block. Two sorted lists lie in one
 * array, that of the history and that of the block, each with -inf in front of it and +inf behind. */
typedef struct {
    double *list, *merged;                  /* merged: both as one */
    uint16_t *time, *merged_time, *place; /* time: of each value of `list`; place: of each time in `merged` */
    uint64_t *set;
    size_t w, most; /* rows of history + 1; most rows of a block */
    size_t old;     /* values of the history; they begin at list[1] */
    size_t block;   /* where the values of the block begin */
} order_bits;

/* The power of two nearest to w. */
static size_t bits_block(size_t w) {
    size_t n = BITS_BASE;
    while (n * 3 < w * 2) n *= 2;
    return n;
}

static size_t bits_all(size_t w) { return (w + bits_block(w) + 4 + 3) & ~(size_t)3; }

size_t kl__order_bits_doubles(size_t w) { return 2 * bits_all(w) + 3 * bits_all(w) / 4 + bits_all(w) / 64 + 1; }

static order_bits bits_open(double *scratch, size_t w, size_t old) {
    const size_t all = bits_all(w);
    order_bits b;
    b.w = w, b.most = bits_block(w), b.old = old, b.block = w + 3;
    b.list = scratch;
    b.merged = b.list + all;
    b.time = (uint16_t *)(void *)(b.merged + all);
    b.merged_time = b.time + all;
    b.place = b.merged_time + all;
    b.set = (uint64_t *)(void *)(b.place + all);
    b.list[0] = b.list[b.block - 1] = -(double)INFINITY;
    b.list[1 + old] = (double)INFINITY;
    return b;
}

/* Eight values in order: each is told its place by comparing it with all. */
KL__INLINE void bits_sort_base(const double *restrict x, size_t time, double *restrict to, uint16_t *restrict to_time) {
    uint64_t place[BITS_BASE] = {0};
    for (uint64_t j = 0; j < BITS_BASE; j++)
        for (uint64_t i = 0; i < BITS_BASE; i++) place[i] += (x[j] < x[i]) | ((x[j] == x[i]) & (j < i));
    for (size_t i = 0; i < BITS_BASE; i++) {
        to[place[i]] = x[i];
        to_time[place[i]] = (uint16_t)(time + i);
    }
}

/* Two sorted runs of n side by side become one, from both ends at once and without a branch. */
KL__INLINE void bits_merge_runs(const double *restrict x, const uint16_t *restrict time, size_t n, double *restrict to,
                                uint16_t *restrict to_time) {
    size_t a = 0, b = n, c = n - 1, d = 2 * n - 1;
    for (size_t i = 0, k = 2 * n - 1; i < n; i++, k--) {
        size_t first = x[a] <= x[b], from = b ^ ((a ^ b) & (0 - first));
        to[i] = x[from], to_time[i] = time[from];
        a += first, b += 1 - first;
        size_t last = x[c] > x[d], back = d ^ ((c ^ d) & (0 - last));
        to[k] = x[back], to_time[k] = time[back];
        c -= last, d -= 1 - last;
    }
}

/* The n values of a block into its list; returns how many are known. Missing ones and those that fill it up to a power of
 * two are +inf. */
KL__INLINE size_t bits_sort_block(order_bits *b, const double *x, size_t n) {
    size_t size = BITS_BASE, known = 0;
    int swaps = 0;
    while (size < n) size *= 2, swaps ^= 1;
    double *from = b->merged, *to = b->list + b->block;
    uint16_t *from_time = b->merged_time, *to_time = b->time + b->block;
    if (!swaps) from = b->list + b->block, from_time = b->time + b->block, to = b->merged, to_time = b->merged_time;
    for (size_t j = 0; j < size; j += BITS_BASE) {
        double eight[BITS_BASE];
        for (size_t i = 0; i < BITS_BASE; i++) {
            int is = j + i < n && x[j + i] == x[j + i];
            eight[i] = is ? x[j + i] : (double)INFINITY;
            known += (size_t)is;
        }
        bits_sort_base(eight, b->w - 1 + j, from + j, from_time + j);
    }
    for (size_t run = BITS_BASE; run < size; run *= 2) {
        for (size_t j = 0; j < size; j += 2 * run) bits_merge_runs(from + j, from_time + j, run, to + j, to_time + j);
        double *list = from;
        uint16_t *times = from_time;
        from = to, from_time = to_time, to = list, to_time = times;
    }
    b->list[b->block + known] = (double)INFINITY;
    return known;
}

/* The block and the history become one list, from both ends at once, and every time learns its place. Returns the length. */
KL__INLINE size_t bits_merge(const order_bits *b, size_t n_block) {
    const double *restrict x = b->list;
    const uint16_t *restrict times = b->time;
    double *restrict merged = b->merged;
    uint16_t *restrict merged_time = b->merged_time, *restrict place = b->place;
    const size_t all = b->old + n_block;
    size_t i = 1, j = b->block, k = b->old, l = b->block + n_block - 1;
    memset(place, 0xff, (b->w - 1 + b->most) * sizeof *place);
    for (size_t to = 0, end = all; to < end;) {
        size_t first = x[i] <= x[j], from = j ^ ((i ^ j) & (0 - first));
        merged[to] = x[from];
        merged_time[to] = times[from];
        place[times[from]] = (uint16_t)to++;
        i += first, j += 1 - first;
        if (to == end) break;
        size_t last = x[k] > x[l];
        from = l ^ ((k ^ l) & (0 - last));
        merged[--end] = x[from];
        merged_time[end] = times[from];
        place[times[from]] = (uint16_t)end;
        k -= last, l -= 1 - last;
    }
    return all;
}

/* The stretch moves on by n rows: what is older falls out. */
KL__INLINE void bits_pass(order_bits *b, size_t all, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < all; i++) {
        size_t time = b->merged_time[i];
        b->list[1 + kept] = b->merged[i];
        b->time[1 + kept] = (uint16_t)(time - n);
        kept += time >= n;
    }
    b->old = kept;
    b->list[1 + kept] = (double)INFINITY;
}

KL__INLINE uint32_t bits_count(uint64_t v) {
    v -= (v >> 1) & UINT64_C(0x5555555555555555);
    v = (v & UINT64_C(0x3333333333333333)) + ((v >> 2) & UINT64_C(0x3333333333333333));
    v = (v + (v >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (uint32_t)((v * UINT64_C(0x0101010101010101)) >> 56);
}

KL__INLINE uint32_t bits_lowest(uint64_t v) { return bits_count((v & (0 - v)) - 1); }

/* Where the k-th (from 0) of the set bits of v stands: the byte by sums of bytes, then the bit. */
KL__INLINE uint32_t bits_select(uint64_t v, uint32_t k) {
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint64_t s = v - ((v >> 1) & UINT64_C(0x5555555555555555));
    s = (s & UINT64_C(0x3333333333333333)) + ((s >> 2) & UINT64_C(0x3333333333333333));
    s = ((s + (s >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f)) * ones; /* byte i: how many are set in bytes 0..i */
    uint32_t shift = (uint32_t)((((((k * ones) | tops) - s) & tops) >> 7) * ones >> 56) * 8; /* bytes with sums <= k */
    k -= (uint32_t)((s << 8) >> shift) & 0xff;
    uint32_t rest = (uint32_t)(v >> shift) & 0xff, step;
    const uint32_t four = (uint32_t)(UINT64_C(0x4332322132212110) >> (4 * (rest & 15))) & 15; /* set among the lower half */
    step = (uint32_t)(k >= four) * 4, k -= step ? four : 0, rest >>= step, shift += step;
    const uint32_t two = (rest & 1) + ((rest >> 1) & 1);
    step = (uint32_t)(k >= two) * 2, k -= step ? two : 0, rest >>= step, shift += step;
    return shift + (uint32_t)(k >= (rest & 1));
}

/* Where a sorted value was found last: the word, and how many are set in the words in front of it. */
typedef struct {
    uint32_t word, before;
} bits_finger;

KL__INLINE uint32_t bits_find(const uint64_t *set, bits_finger *f, uint32_t k) {
    while (f->before > k) f->before -= bits_count(set[--f->word]);
    for (uint32_t here; f->before + (here = bits_count(set[f->word])) <= k; f->word++) f->before += here;
    return f->word * 64 + bits_select(set[f->word], k - f->before);
}

/* The next that is set. */
KL__INLINE uint32_t bits_next(const uint64_t *set, uint32_t at) {
    uint32_t word = at / 64;
    uint64_t rest = set[word] & (UINT64_C(0xfffffffffffffffe) << (at % 64));
    while (!rest) rest = set[++word];
    return word * 64 + bits_lowest(rest);
}

typedef struct {
    const order_bits *b;
    uint32_t known;
    size_t n_asks;
    bits_finger finger[KL__ORDER_ASKS_MAX];
} bits_window;

KL__INLINE void bits_turn(bits_window *v, size_t time, uint32_t on) {
    const uint32_t place = v->b->place[time], is = place != BITS_NONE, word = is ? place / 64 : 0;
    v->b->set[word] ^= (uint64_t)is << (place % 64);
    v->known += on ? is : 0 - is;
    for (size_t a = 0; a < v->n_asks; a++) {
        uint32_t moves = is & (uint32_t)(word < v->finger[a].word);
        v->finger[a].before += on ? moves : 0 - moves;
    }
}

/* The places of the history. */
KL__INLINE void bits_set_history(const order_bits *b, size_t all) {
    const uint16_t *times = b->merged_time;
    for (size_t i = 0; i < all; i += 64) {
        uint64_t word = 0;
        size_t n = all - i < 64 ? all - i : 64;
        for (size_t k = 0; k < n; k++) word |= (uint64_t)(times[i + k] < b->w - 1) << k;
        b->set[i / 64] = word;
    }
}

typedef struct {
    const uint32_t *rows;
    const kl__order_ask *asks;
    size_t n_asks;
    double *const *out;
    double *counts;
} bits_wanted;

/* The windows of the n rows of a block. */
KL__INLINE void bits_windows(const order_bits *b, const bits_wanted *c, size_t all, size_t from, size_t n) {
    const double missing = kl__bits_double(KL__BITS_NAN);
    bits_window v;
    kl__order_place places[KL__ORDER_ASKS_MAX];
    uint32_t placed = 0;
    memset(&v, 0, sizeof v);
    v.b = b, v.n_asks = c->n_asks, v.known = (uint32_t)b->old;
    bits_set_history(b, all);
    for (size_t j = 0, oldest = 0; j < n; j++) {
        size_t rows = c->rows && c->rows[from + j] < b->w ? c->rows[from + j] : b->w, start = b->w + j - rows;
        bits_turn(&v, b->w - 1 + j, 1);
        while (oldest > start) bits_turn(&v, --oldest, 1);
        while (oldest < start) bits_turn(&v, oldest++, 0);
        if (c->counts) c->counts[from + j] = (double)v.known;
        if (placed != v.known && v.known)
            for (size_t a = 0; a < c->n_asks; a++) places[a] = kl__order_place_of(&c->asks[a], v.known);
        placed = v.known;
        for (size_t a = 0; a < c->n_asks; a++) {
            double value = missing;
            if (v.known) {
                uint32_t low = bits_find(b->set, &v.finger[a], places[a].low);
                value = b->merged[low];
                if (places[a].low != places[a].high)
                    value = kl__order_between(value, b->merged[bits_next(b->set, low)], places[a].frac);
            }
            c->out[a][from + j] = value;
        }
    }
}

/* Takes n rows, and describes their windows where something is wanted. */
KL__INLINE void bits_feed_body(order_bits *b, const double *x, const bits_wanted *wanted, size_t from, size_t n) {
    size_t all = bits_merge(b, bits_sort_block(b, x + from, n));
    if (wanted) bits_windows(b, wanted, all, from, n);
    bits_pass(b, all, n);
}

KL__SIMD_EACH(bits_feed, (order_bits *b, const double *x, const bits_wanted *wanted, size_t from, size_t n),
              (b, x, wanted, from, n))
static void (*const bits_feed[KL__SIMD_TIERS])(order_bits *, const double *, const bits_wanted *, size_t, size_t) =
    KL__SIMD_TABLE(bits_feed);

static void bits_feed_all(order_bits *b, const double *x, const bits_wanted *wanted, size_t n) {
    for (size_t done = 0, part; done < n; done += part) {
        part = n - done < b->most ? n - done : b->most;
        bits_feed[kl__simd_tier()](b, x, wanted, done, part);
    }
}

size_t kl__order_bits_begin(double *scratch, size_t w, const double *raw, size_t at) {
    order_bits b = bits_open(scratch, w, 0);
    bits_feed_all(&b, raw + at + 1, NULL, w - 1 - at);
    bits_feed_all(&b, raw, NULL, at);
    return b.old;
}

const double *kl__order_bits_sorted(const double *scratch) { return scratch + 1; }

size_t kl__order_bits_run(double *scratch, size_t w, size_t known, const double *x, const uint32_t *rows, size_t n,
                          const kl__order_ask *asks, size_t n_asks, double *const *out, double *counts) {
    const bits_wanted wanted = {rows, asks, n_asks, out, counts};
    order_bits b = bits_open(scratch, w, known);
    bits_feed_all(&b, x, &wanted, n);
    return b.old;
}
