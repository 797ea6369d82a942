#include "base/fp.h"
#include "window/tree.h"
#include "window/short.h"
#include "base/endian.h"
#include <stddef.h>
#include <string.h>

enum {
    TREE_LOW = 6,         /* levels below are computed from the values in front of the tile, those above with the rings */
    TREE_LEAD = 64,       /* most rows in front of the tile that these want */
    TREE_TILE_LESS = 256, /* rows where there are many fields, for the sake of the cache and of the stack; a power of two */
    TREE_FEW = 2,
    TREE_ROOM = TREE_LEAD + 3 * KL__TREE_ROWS, /* two blocks in front of these, and one for the sake of the cache */
    TREE_WORTH = 32       /* fewer rows go step by step */
};
/* doubles of a set of nodes, with room in front of them, two for each field; of windows; of values. Odd multiples of 8, as
 * neighbours of a distance of 4096 bytes would collide in the cache. */
#define TREE_SET(tile) (2 * (size_t)(tile) + 40)
#define TREE_WINDOWS(tile) ((size_t)(tile) + 24)
#define TREE_VALUES(tile) ((size_t)(tile) + TREE_ROOM)
#define TREE_SCRATCH 9216 /* a tile is as long as fits: half of TREE_TILE_LESS for seven fields of two series */

size_t kl__tree_size(const kl__tree_kind *kind, size_t w) {
    size_t top = 0;
    while (((size_t)2 << top) <= w) top++;
    return sizeof(kl__tree) + sizeof(double) * (2 * (top + 1) + (kind->series + kind->fields) * ((size_t)2 << top));
}

void kl__tree_init(kl__tree *t, const kl__tree_kind *kind, size_t w) {
    memset(t, 0, sizeof *t);
    t->w = (uint32_t)w;
    while (((size_t)2 << t->top) <= w) t->top++;
    t->series = kind->series;
    t->fields = kind->fields;
    for (uint32_t k = 0; k <= t->top; k++) {
        double older = (double)((size_t)1 << k), newer = (double)(w & (((size_t)1 << k) - 1));
        kl__tree_f(t)[k] = older / (older + newer);
        kl__tree_g(t)[k] = older * newer / (older + newer);
    }
    double *all = kl__tree_raw(t, 0);
    for (size_t j = 0; j < (t->series + t->fields) * kl__tree_capacity(t); j++)
        all[j] = kl__bits_double(UINT64_C(0x7ff8000000000000));
}

/* n values of a ring of `size` (a power of two) that begin with that of bar `first`, in order of time. */
static void tree_copy_out(const double *ring, size_t size, uint64_t first, size_t n, double *to) {
    size_t at = (size_t)(first & (size - 1)), head = n < size - at ? n : size - at;
    memcpy(to, ring + at, head * sizeof *to);
    memcpy(to + head, ring, (n - head) * sizeof *to);
}

/* Of n values that begin with that of bar `first`, the last that the ring can hold. */
static void tree_copy_in(double *ring, size_t size, uint64_t first, size_t n, const double *from) {
    size_t keep = n < size ? n : size;
    first += n - keep, from += n - keep;
    size_t at = (size_t)(first & (size - 1)), head = keep < size - at ? keep : size - at;
    memcpy(ring + at, from, head * sizeof *from);
    memcpy(ring, from + head, (keep - head) * sizeof *from);
}

/* A tile under way: n rows of a batch, behind the first `done`; the batch began at bar `base`, where the raw values end. */
typedef struct tree_tile {
    kl__tree *t;
    const kl__tree_kind *kind;
    const kl__tree_loops *loops;
    uint32_t fields, field[KL__TREE_FIELDS_MAX]; /* those that are wanted */
    uint64_t base;
    size_t done, n, tile, lead;
    const double *in[KL__TREE_SERIES_MAX];
    double *node[KL__TREE_FIELDS_MAX], *next[KL__TREE_FIELDS_MAX], *window[KL__TREE_FIELDS_MAX];
    double *room; /* of x and x_old */
    int begun;
    kl__tree_rows r;
} tree_tile;

#define TREE_FIELDS(c, f) for (uint32_t f##_ = 0, f; f##_ < (c)->fields && (f = (c)->field[f##_], 1); f##_++)
#define TREE_SERIES(c, s) for (uint32_t s = 0; s < (c)->kind->series; s++)

/* The values of series s `back` rows before those of the tile, from row -front on; in place where that is possible. */
static const double *tree_x(const tree_tile *c, uint32_t s, size_t back, size_t front, double *room) {
    size_t reach = back + front, capacity = kl__tree_capacity(c->t);
    if (c->done >= reach) return c->in[s] + (c->done - back);
    const double *raw = kl__tree_raw(c->t, s);
    size_t before = reach - c->done, all = front + c->n, lost = before > capacity ? before - capacity : 0;
    size_t at = (size_t)((c->base - before) & (capacity - 1));
    if (before >= all && lost == 0 && at + all <= capacity) return raw + at + front;
    size_t old = before < all ? before : all;
    lost = lost < old ? lost : old;
    for (size_t j = 0; j < lost; j++) room[j] = kl__bits_double(UINT64_C(0x7ff8000000000000)); /* rows without meaning */
    tree_copy_out(raw, capacity, c->base - before + lost, old - lost, room + lost);
    if (old < all) memcpy(room + old, c->in[s], (all - old) * sizeof *room);
    return room + front;
}

static void tree_x_old(tree_tile *c, size_t back) {
    if (!c->kind->anchored) return;
    TREE_SERIES(c, s) c->r.x_old[s] = tree_x(c, s, back, 0, c->room + (c->kind->series + s) * TREE_VALUES(c->tile));
}

static void tree_save(tree_tile *c, uint32_t k) {
    TREE_FIELDS(c, f) tree_copy_in(kl__tree_slot(c->t, f, k, 0), (size_t)1 << k, c->base + c->done, c->n, c->node[f]);
}

/* The window's next piece: the nodes of level k that b and x_old point to. */
static void tree_take(tree_tile *c, uint32_t k) {
    kl__tree_rows *r = &c->r;
    r->n = c->n, r->k = k, r->last = k == c->t->top;
    r->f = r->fs[k], r->g = r->gs[k];
    TREE_FIELDS(c, f) r->out[f] = c->window[f];
    (c->begun ? c->loops->join : c->loops->begin)(r);
    c->begun = 1;
}

/* From level k to the next one, for the rows from -from on; b and x_old point to the older nodes. */
static void tree_up(tree_tile *c, uint32_t k, size_t from) {
    kl__tree_rows *r = &c->r;
    r->n = c->n + from, r->k = k;
    TREE_FIELDS(c, f) r->a[f] = c->node[f] - from, r->out[f] = c->next[f] - from;
    c->loops->up(r);
    TREE_FIELDS(c, f) {
        double *other = c->node[f];
        c->node[f] = c->next[f], c->next[f] = other;
    }
}

/* The nodes of level 3 and the windows of lower digits by one loop. */
static void tree_lowest(tree_tile *c) {
    kl__tree_rows *r = &c->r;
    const double *x[KL__TREE_SERIES_MAX];
    r->n = c->n + c->lead, r->skip = c->lead;
    TREE_SERIES(c, s) x[s] = r->x[s], r->x[s] = x[s] - c->lead;
    TREE_FIELDS(c, f) r->out[f] = c->node[f] - c->lead, r->window[f] = c->window[f];
    r->last = c->t->top < 3;
    c->loops->low(r);
    TREE_SERIES(c, s) r->x[s] = x[s];
    c->begun = (c->t->w & 7) != 0;
}

static void tree_leaf(tree_tile *c) {
    kl__tree_rows *r = &c->r;
    const double *x[KL__TREE_SERIES_MAX];
    const size_t from = c->lead + KL__TREE_ROWS;
    r->n = c->n + from;
    TREE_SERIES(c, s) x[s] = r->x[s], r->x[s] = x[s] - from;
    TREE_FIELDS(c, f) r->out[f] = c->node[f] - from;
    c->loops->leaf(r);
    TREE_SERIES(c, s) r->x[s] = x[s];
}

/* The last piece from its halves, which are of level k; the window begins with one of them where nothing came before. */
static void tree_close(tree_tile *c, uint32_t k) {
    kl__tree_rows *r = &c->r;
    const size_t half = (size_t)1 << k, newer = c->t->w & (2 * half - 1);
    r->n = c->n, r->k = k + 1, r->last = 1;
    r->f = r->fs[k + 1], r->g = r->gs[k + 1];
    TREE_SERIES(c, s) r->x_old[s] = r->x[s] - newer, r->x_far[s] = r->x[s] - newer - half;
    TREE_FIELDS(c, f) {
        r->a[f] = c->node[f] - newer, r->b[f] = r->a[f] - half, r->out[f] = c->window[f];
        r->first[f] = c->begun ? NULL : c->node[f];
    }
    c->loops->close(r);
}

/* The first levels, down to the nodes of level TREE_LOW or of the highest one. Rows in front of the tile are computed
 * again; the first few of them are without meaning, and no piece reaches them. */
static void tree_low(tree_tile *c, int pieces) {
    kl__tree_rows *r = &c->r;
    const double *x[KL__TREE_SERIES_MAX];
    const uint32_t w = c->t->w, top = c->t->top;
    const int close = pieces && c->loops->close && top < TREE_LOW && (w & (w - 1));
    size_t from = c->lead; /* rows in front that there are nodes for */
    uint32_t k = pieces && c->loops->low ? 3 : 0;
    if (k) tree_lowest(c);
    else tree_leaf(c);
    TREE_SERIES(c, s) x[s] = r->x[s];
    for (; k < TREE_LOW && k <= top; k++) {
        const size_t size = (size_t)1 << k, newer = w & (size - 1);
        TREE_SERIES(c, s) r->x[s] = x[s], r->x_old[s] = x[s] - newer;
        TREE_FIELDS(c, f) r->b[f] = c->node[f] - newer;
        if (!pieces) tree_save(c, k);
        else if ((w & size) && !(close && k + 1 == top && !c->begun)) tree_take(c, k);
        if (close && k + 1 == top) {
            tree_close(c, k);
            break;
        }
        if (k == top) break;
        if (size >= KL__TREE_ROWS) from -= size;
        TREE_SERIES(c, s) r->x[s] = x[s] - from, r->x_old[s] = x[s] - from - size;
        TREE_FIELDS(c, f) r->b[f] = c->node[f] - from - size;
        tree_up(c, k, from);
    }
    TREE_SERIES(c, s) r->x[s] = x[s];
}

/* Where the nodes of level k that are `back` bars older than those of the tile lie, for field f. Some are in the ring, some
 * perhaps in the tile; what does not lie in one piece is put together in front of the tile. */
static const double *tree_older(const tree_tile *c, uint32_t f, uint32_t k, size_t back) {
    const size_t size = (size_t)1 << k, at = (size_t)((c->base + c->done - back) & (size - 1));
    const double *ring = kl__tree_slot(c->t, f, k, 0);
    if (back >= c->n && at + c->n <= size) return ring + at;
    size_t n = back < c->n ? back : c->n;
    tree_copy_out(ring, size, c->base + c->done - back, n, c->node[f] - n);
    return c->node[f] - n;
}

static void tree_high(tree_tile *c) {
    const uint32_t w = c->t->w;
    for (uint32_t k = TREE_LOW; k <= c->t->top; k++) {
        const size_t size = (size_t)1 << k, newer = w & (size - 1);
        if (w & size) {
            TREE_FIELDS(c, f) c->r.b[f] = tree_older(c, f, k, newer);
            tree_x_old(c, newer);
            tree_take(c, k);
        }
        if (k == c->t->top) {
            if (newer) tree_save(c, k);
            return;
        }
        TREE_FIELDS(c, f) c->r.b[f] = tree_older(c, f, k, size);
        tree_x_old(c, size);
        tree_up(c, k, 0);
        TREE_FIELDS(c, f) tree_copy_in(kl__tree_slot(c->t, f, k, 0), size, c->base + c->done, c->n, c->next[f]);
    }
}

static void tree_run_tile(tree_tile *c) {
    TREE_SERIES(c, s) c->r.x[s] = tree_x(c, s, 0, c->lead + 2 * KL__TREE_ROWS, c->room + s * TREE_VALUES(c->tile));
    c->begun = 0;
    tree_low(c, 1);
    if (c->t->top >= TREE_LOW) tree_high(c);
}

static size_t tree_scratch(const tree_tile *c, size_t windows, size_t tile) {
    return 2 * c->fields * TREE_SET(tile) + windows * TREE_WINDOWS(tile) + 2 * c->kind->series * TREE_VALUES(tile);
}

static void tree_begin(tree_tile *c, double *scratch, double *const *stat) {
    const kl__tree_kind *kind = c->kind;
    size_t windows = 0;
    c->fields = 0;
    for (uint32_t f = 0; f < kind->fields; f++) {
        if (stat && f < kind->optional && !stat[f]) continue;
        c->field[c->fields++] = f;
        windows += stat && (f >= kind->stats || !stat[f]);
    }
    c->tile = c->fields <= TREE_FEW ? KL__TREE_TILE : TREE_TILE_LESS;
    while (tree_scratch(c, windows, c->tile) > TREE_SCRATCH) c->tile /= 2;
    c->lead = c->t->top < TREE_LOW ? (size_t)2 << c->t->top : TREE_LEAD;
    c->lead = c->lead < KL__TREE_ROWS ? KL__TREE_ROWS : c->lead;
    c->r.w = c->t->w, c->r.fs = kl__tree_f(c->t), c->r.gs = kl__tree_g(c->t);
    for (uint32_t i = 0; i < c->fields; i++, scratch += 2 * TREE_SET(c->tile)) {
        const uint32_t f = c->field[i];
        c->node[f] = scratch + c->tile + 16;
        c->next[f] = c->node[f] + TREE_SET(c->tile);
        memset(c->next[f] - c->lead - KL__TREE_ROWS, 0, KL__TREE_ROWS * sizeof *scratch); /* looked at, without meaning */
    }
    TREE_FIELDS(c, f) {
        if (!stat || (f < kind->stats && stat[f])) continue; /* right where it is wanted */
        c->window[f] = scratch;
        scratch += TREE_WINDOWS(c->tile);
    }
    c->room = scratch;
}

/* n rows, a multiple of KL__TREE_ROWS, from a bar on that is one. */
static KL__APART void tree_run_tiles(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t n, double *const *stat) {
    _Alignas(64) double scratch[TREE_SCRATCH];
    tree_tile c = {.t = t, .kind = kind, .loops = &kind->loops[kl__simd_tier()], .base = t->count};
    tree_begin(&c, scratch, stat);
    TREE_SERIES(&c, s) c.in[s] = in[s];
    for (; c.done < n; c.done += c.n) {
        size_t part = c.tile - (size_t)((c.base + c.done) & (c.tile - 1)); /* large rings do not end inside a tile */
        c.n = n - c.done < part ? n - c.done : part;
        for (uint32_t s = 0; s < kind->stats; s++)
            if (stat[s]) c.window[s] = stat[s] + c.done;
        tree_run_tile(&c);
    }
    TREE_SERIES(&c, s) tree_copy_in(kl__tree_raw(t, s), kl__tree_capacity(t), t->count, n, in[s]);
    t->count += n;
    t->stale |= KL__TREE_STALE_LOW;
    for (uint32_t f = 0; f < kind->optional; f++)
        if (!stat[f] && !(t->spare >> f & 1)) t->stale |= (uint32_t)KL__TREE_STALE_OPTIONAL << f;
}

/* The low rings from the last raw values. */
static KL__APART void tree_settle_low(kl__tree *t, const kl__tree_kind *kind) {
    _Alignas(64) double scratch[TREE_SCRATCH];
    double room[KL__TREE_SERIES_MAX][TREE_LEAD + 2 * KL__TREE_ROWS + TREE_LEAD / 2];
    tree_tile c = {.t = t, .kind = kind, .loops = &kind->loops[kl__simd_tier()], .base = t->count};
    tree_begin(&c, scratch, NULL);
    c.n = c.lead / 2 < KL__TREE_ROWS ? KL__TREE_ROWS : c.lead / 2;
    c.base = t->count - c.n;
    const size_t front = c.lead + 2 * KL__TREE_ROWS, all = front + c.n, capacity = kl__tree_capacity(t);
    const size_t lost = all > capacity ? all - capacity : 0;
    TREE_SERIES(&c, s) {
        for (size_t j = 0; j < lost; j++) room[s][j] = kl__bits_double(UINT64_C(0x7ff8000000000000));
        tree_copy_out(kl__tree_raw(t, s), capacity, t->count - (all - lost), all - lost, room[s] + lost);
        c.r.x[s] = room[s] + front;
    }
    tree_low(&c, 0);
}

static void tree_run_steps(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t from, size_t to, double *const *stat) {
    double x[KL__TREE_SERIES_MAX], one[KL__TREE_STATS_MAX];
    const size_t mask = kl__tree_capacity(t) - 1;
    for (size_t j = from; j < to; j++, t->count++) {
        for (uint32_t s = 0; s < t->series; s++) x[s] = kl__tree_raw(t, s)[t->count & mask] = in[s][j];
        kind->step(t, x, one);
        for (uint32_t s = 0; stat && s < kind->stats; s++)
            if (stat[s]) stat[s][j] = one[s];
    }
}

void kl__tree_settle(kl__tree *t, const kl__tree_kind *kind) {
    if (t->stale & ~(uint32_t)KL__TREE_STALE_LOW) {
        double x[KL__TREE_SERIES_MAX], stat[KL__TREE_STATS_MAX];
        const size_t mask = kl__tree_capacity(t) - 1;
        const uint64_t end = t->count;
        for (t->count = end - t->w; t->count != end; t->count++) {
            for (uint32_t s = 0; s < t->series; s++) x[s] = kl__tree_raw(t, s)[t->count & mask];
            kind->step(t, x, stat);
        }
    } else if (t->stale) {
        tree_settle_low(t, kind);
    }
    t->stale = 0;
}

/* 1 where all is there that tiles build upon: of rings they read the high ones alone. */
static int tree_ready(const kl__tree *t, const kl__tree_kind *kind, double *const *stat) {
    if (t->top < TREE_LOW || t->stale == KL__TREE_STALE_LOW) return 1;
    for (uint32_t f = 0; f < kind->optional; f++)
        if (stat[f] && (t->stale >> f & KL__TREE_STALE_OPTIONAL)) return 0;
    return !(t->stale & KL__TREE_STALE_ALL);
}

void kl__tree_past(const kl__tree *t, size_t s, size_t n, double *to) {
    tree_copy_out(kl__tree_raw((kl__tree *)(uintptr_t)t, s), kl__tree_capacity(t), t->count - n, n, to);
}

/* Windows that begin before the batch are put together, the others lie in it as they are, outputs at multiples of 64 bytes. */
static int tree_go(const kl__tree *t, kl__tree_way *way, const void *how, const double *const *in, size_t n, double *const *out, size_t outs,
                   int only_clean) {
    double room[KL__TREE_SERIES_MAX][KL__TREE_WHOLE_W + KL__TREE_TILE + 4 * KL__TREE_ROWS];
    const double *x[KL__TREE_SERIES_MAX];
    double *to[KL__TREE_STATS_MAX];
    const size_t before = t->w - 1, off = (0 - ((uintptr_t)out[0] / sizeof(double) + before)) % KL__TREE_ROWS;
    const size_t head = n <= before + off + 2 * KL__TREE_ROWS ? n : before + off;
    for (uint32_t s = 0; s < t->series; s++) {
        kl__tree_past(t, s, before, room[s]);
        memcpy(room[s] + before, in[s], head * sizeof(double));
        x[s] = room[s];
    }
    if (!way(how, x, head, t->w, out) && only_clean) return 0;
    if (head == n) return 1;
    for (uint32_t s = 0; s < t->series; s++) x[s] = in[s] + (head - before);
    for (size_t o = 0; o < outs; o++) to[o] = out[o] + head;
    return way(how, x, n - head, t->w, to) || !only_clean;
}

void kl__tree_went(kl__tree *t, const double *const *in, size_t n) {
    for (uint32_t s = 0; s < t->series; s++) tree_copy_in(kl__tree_raw(t, s), kl__tree_capacity(t), t->count, n, in[s]);
    t->count += n;
    t->stale = KL__TREE_STALE_ALL;
}

static int tree_whole(const void *how, const double *const *x, size_t n, size_t w, double *const *out) {
    return ((const kl__tree_kind *)how)->whole(x, n, w, out);
}

/* only_clean: 0 where a value is not, and the tree is as it was. */
static KL__APART int tree_run_whole(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t n, double *const *stat,
                                    int only_clean) {
    const int done = tree_go(t, tree_whole, kind, in, n, stat, kind->stats, only_clean);
    if (done) kl__tree_went(t, in, n);
    return done;
}

/* 1 where that is faster than tiles and steps. */
static int tree_whole_pays(const kl__tree *t, size_t n) { return n >= t->w / (t->stale ? 4 : 1) + 32; }

int kl__tree_pays(const kl__tree *t, size_t n) { return tree_whole_pays(t, n); }

#if defined(KL__SIMD_X86)
KL__APART int kl__short_pass(const kl__tree *const *from, kl__short *p, size_t before, size_t lag, kl__short_way *way, const void *how, int look) {
    kl__short_part part[KL__SHORT_PARTS] = {{0}};
    kl__short_begin(p, before);
    for (size_t s = 0; s < p->series; s++) {
        double *to = kl__short_before(p, s, before);
        kl__tree *t = (kl__tree *)(uintptr_t)from[s];
        const size_t series = s > 0 && t && from[0] == t && t->series > 1; /* of one tree of two series */
        if (t) tree_copy_out(kl__tree_raw(t, series), kl__tree_capacity(t), t->count - before, before, to);
        else memset(to, 0, before * sizeof *to);
    }
    kl__short_cut(p, before, lag, part);
    if (!way(how, part)) return 0;
    kl__short_end(p);
    for (size_t o = 0; look && o < p->outs; o++)
        if (!kl__short_ordinary(p, o)) return 0;
    return 1;
}

int kl__short_go(kl__tree *const *trees, kl__short *p, size_t before, size_t lag, kl__short_way *way, const void *how, int look) {
    if (!kl__short_pass((const kl__tree *const *)trees, p, before, lag, way, how, look)) return 0;
    for (size_t s = 0; s < p->series; s++)
        if (trees[s]) kl__tree_went(trees[s], &p->in[s], p->n);
    return 1;
}
#endif

KL__APART int kl__tree_go(kl__tree *t, kl__tree_way *way, const void *how, const double *const *in, size_t n, double *const *out,
                          size_t outs) {
    if (!tree_whole_pays(t, n) || !tree_go(t, way, how, in, n, out, outs, 1)) return 0;
    kl__tree_went(t, in, n);
    return 1;
}

int kl__tree_try(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t n, double *const *stat) {
    return t->w <= kind->sees_w[kl__simd_tier()] && tree_whole_pays(t, n) && tree_run_whole(t, kind, in, n, stat, 1);
}

void kl__tree_run(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t n, double *const *stat) {
    if (t->w <= kind->whole_w[kl__simd_tier()] && stat[0] && tree_whole_pays(t, n)) {
        tree_run_whole(t, kind, in, n, stat, 0);
        return;
    }
    const double *from[KL__TREE_SERIES_MAX];
    double *to[KL__TREE_STATS_MAX];
    size_t head = (size_t)(0 - t->count) & (KL__TREE_ROWS - 1), rows = 0;
    if (n < TREE_WORTH) head = n;
    else rows = (n - head) & ~(size_t)(KL__TREE_ROWS - 1);
    if (KL__UNLIKELY(t->stale) && (head || !tree_ready(t, kind, stat))) kl__tree_settle(t, kind);
    tree_run_steps(t, kind, in, 0, head, stat);
    if (rows) {
        for (uint32_t s = 0; s < kind->series; s++) from[s] = in[s] + head;
        for (uint32_t s = 0; s < kind->stats; s++) to[s] = stat[s] ? stat[s] + head : NULL;
        tree_run_tiles(t, kind, from, rows, to);
    }
    if (head + rows < n) {
        kl__tree_settle(t, kind);
        tree_run_steps(t, kind, in, head + rows, n, stat);
    }
}

double *kl__tree_value(kl__tree *t, size_t s, size_t j) {
    return kl__tree_raw(t, s) + (size_t)((t->count - t->w + j) & (kl__tree_capacity(t) - 1));
}
