#include "base/fp.h"
#include "window/order_sorted.h"
#include "window/order_bits.h"
#include "base/endian.h"
#include "base/number.h"

static double order_missing(void) { return kl__bits_double(KL__BITS_NAN); }

/* Blocks grow with the window, so that what turns between two blocks and what moves inside them cost about the same. */
static uint32_t order_shift(size_t w) {
    uint32_t shift = 7;
    while (((size_t)1 << (2 * shift)) < w) shift++;
    return shift;
}

/* Doubles of the sorted values and what leads to them. */
static size_t order_sorted_doubles(size_t w) {
    if (w <= ORDER_SHORT_W) return order_short_places(w) + KL__ORDER_LANES;
    uint32_t shift = order_shift(w);
    size_t blocks = (w + ((size_t)1 << shift) - 1) >> shift;
    return (blocks << shift) + blocks + (blocks + 1) / 2;
}

size_t kl__order_size(size_t w) {
    size_t scratch = kl__order_bits_serve(w) ? kl__order_bits_doubles(w) : 0;
    return sizeof(kl__order) + sizeof(double) * (w + order_sorted_doubles(w) + scratch);
}

static double *order_scratch(kl__order *t) { return order_raw(t) + t->w + order_sorted_doubles(t->w); }

/* All places empty. */
static void order_clear(kl__order *t) {
    size_t n = t->blocks ? ((size_t)t->blocks << t->shift) + t->blocks : order_sorted_doubles(t->w);
    double *s = order_raw(t) + t->w;
    for (size_t j = 0; j < n; j++) s[j] = ORDER_INF;
    if (t->blocks) memset(order_heads(t), 0, (t->blocks + 1) / 2 * sizeof(double));
    t->known = 0;
}

void kl__order_init(kl__order *t, size_t w) {
    memset(t, 0, sizeof *t);
    t->w = t->length = (uint32_t)w;
    if (w > ORDER_SHORT_W) {
        t->shift = order_shift(w);
        t->blocks = (uint32_t)((w + ((size_t)1 << t->shift) - 1) >> t->shift);
    }
    for (size_t j = 0; j < w; j++) order_raw(t)[j] = order_missing();
    order_clear(t);
    if (kl__order_bits_serve(w)) memset(order_scratch(t), 0, kl__order_bits_doubles(w) * sizeof(double));
}

double *kl__order_value(kl__order *t, size_t j) {
    size_t at = t->at + j;
    return order_raw(t) + (at < t->w ? at : at - t->w);
}

/* The raw value of age 1..w in front of the next one. */
KL__INLINE double order_old(kl__order *t, uint32_t age) {
    return order_raw(t)[t->at >= age ? t->at - age : t->at + t->w - age];
}

/* x comes, and the window is `rows` long after it. */
KL__INLINE void order_push(kl__order *t, const kl__order_kernels *with, double x, uint32_t rows) {
    const double missing = order_missing();
    if (t->length < rows) {
        order_replace(t, with, missing, x);
        t->length++;
    } else if (t->length) { /* an empty one stays empty */
        order_replace(t, with, order_old(t, t->length), x);
    }
    order_raw(t)[t->at] = x;
    t->sorted = 0;
    t->at = t->at + 1 == t->w ? 0 : t->at + 1;
    for (; t->length > rows; t->length--) order_replace(t, with, order_old(t, t->length), missing);
    for (; t->length < rows; t->length++) order_replace(t, with, missing, order_old(t, t->length + 1));
}

/* What is asked, with the places for the number of known values that came last. */
typedef struct {
    const kl__order_kernels *with;
    const kl__order_ask *asks;
    size_t n;
    int ranks; /* 1: some want a rank */
    uint32_t known;
    kl__order_place places[KL__ORDER_ASKS_MAX];
} order_plan;

static void order_plan_for(order_plan *plan, uint32_t known) {
    plan->known = known;
    if (!known) return;
    for (size_t a = 0; a < plan->n; a++)
        if (kl__order_is_quantile(&plan->asks[a])) plan->places[a] = kl__order_place_of(&plan->asks[a], known);
}

KL__INLINE double order_quantile(kl__order *t, const kl__order_place *place) {
    double low = order_at(t, place->low);
    return place->low == place->high ? low : kl__order_between(low, order_at(t, place->high), place->frac);
}

static void order_rank(kl__order *t, const kl__order_kernels *with, double ranked, uint32_t self, const kl__order_ask *asks,
                       size_t n_asks, double *const *out, size_t j) {
    double less = 0.0, equal = 0.0, n = (double)(t->known + self);
    if (ranked == ranked) {
        less = (double)order_find(t, with, ranked, 0);
        equal = (double)(order_find(t, with, ranked, 1) + self) - less;
    }
    for (size_t a = 0; a < n_asks; a++)
        if (!kl__order_is_quantile(&asks[a]))
            out[a][j] = equal > 0.0 ? kl__order_rank_of(asks[a].what, asks[a].rule, less, equal, n) : order_missing();
}

KL__INLINE void order_answer(kl__order *t, order_plan *plan, double ranked, uint32_t self, double *const *out, size_t j) {
    if (plan->known != t->known) order_plan_for(plan, t->known);
    for (size_t a = 0; a < plan->n; a++)
        if (kl__order_is_quantile(&plan->asks[a])) out[a][j] = t->known ? order_quantile(t, &plan->places[a]) : order_missing();
    if (plan->ranks) order_rank(t, plan->with, ranked, self, plan->asks, plan->n, out, j);
}

typedef struct {
    const double *x, *probe;
    const uint32_t *rows;
    double *const *out;
    double *known;
} order_columns;

static void order_steps(kl__order *t, order_plan *plan, const order_columns *c, size_t from, size_t to) {
    for (size_t j = from; j < to; j++) {
        uint32_t rows = !c->rows || c->rows[j] > t->w ? t->w : c->rows[j];
        order_push(t, plan->with, c->x[j], rows);
        order_answer(t, plan, c->probe ? c->probe[j] : c->x[j], c->probe != NULL, c->out, j);
        if (c->known) c->known[j] = (double)t->known;
    }
}

/* Long windows: the scratch learns the order of all rows but the oldest. */
static uint32_t order_sort(kl__order *t) {
    if (!t->sorted) t->sorted = 1 + (uint32_t)kl__order_bits_begin(order_scratch(t), t->w, order_raw(t), t->at);
    return t->sorted - 1;
}

static void order_settle_long(kl__order *t, const kl__order_kernels *with) {
    double *s = order_raw(t) + t->w;
    t->known = order_sort(t);
    memcpy(s, kl__order_bits_sorted(order_scratch(t)), t->known * sizeof *s);
    for (uint32_t b = 0; b < t->blocks; b++) order_firsts(t)[b] = *order_block(t, b);
    order_replace(t, with, order_missing(), order_raw(t)[t->at]);
}

void kl__order_settle(kl__order *t) {
    if (!t->stale) return;
    const kl__order_kernels *with = &kl__order_kernels_of[kl__simd_tier()];
    order_clear(t);
    if (kl__order_bits_serve(t->w)) order_settle_long(t, with);
    else
        for (uint32_t j = 0; j < t->w; j++) order_replace(t, with, order_missing(), order_raw(t)[j]);
    t->length = t->w;
    t->stale = 0;
}

static void order_take_raw(kl__order *t, const double *x, size_t n) {
    size_t keep = n < t->w ? n : t->w, head = keep < t->w - t->at ? keep : t->w - t->at;
    memcpy(order_raw(t) + t->at, x + (n - keep), head * sizeof *x);
    memcpy(order_raw(t), x + (n - keep) + head, (keep - head) * sizeof *x);
    t->at = (uint32_t)((t->at + keep) % t->w);
    t->stale = 1;
    t->sorted = 0;
}

/* 1 where quantiles by tiles are faster than steps: not where many pieces must be merged. */
static int order_tile_pays(size_t w) {
    return w <= (kl__simd_tier() == 1 ? 32 : KL__ORDER_TILE_W);
}

/* 1 where sorting is faster than steps: it takes the time of about (n + w) / 16 steps. */
static int order_bits_pay(size_t w, const uint32_t *rows, size_t n) {
    static const uint32_t step_w[KL__SIMD_TIERS] = {64, 180, 400}; /* up to here steps are faster */
    return kl__order_bits_serve(w) && w > step_w[kl__simd_tier()] && n >= 64 && n >= w / 16 && (!rows || rows[n / 2] > w / 2);
}

/* As bits without sign NaN alone is above infinity. */
KL__INLINE void order_any_missing_body(const double *x, size_t n, uint64_t *missing) {
    uint64_t seen = 0;
    for (size_t j = 0; j < n; j++) seen |= (kl__double_bits(x[j]) & INT64_MAX) + UINT64_C(0xfffffffffffff);
    *missing = seen >> 63;
}
KL__SIMD_EACH(order_any_missing, (const double *x, size_t n, uint64_t *missing), (x, n, missing))
static void (*const order_any_missing_in[KL__SIMD_TIERS])(const double *, size_t, uint64_t *) = KL__SIMD_TABLE(order_any_missing);

/* 1 where the n rows from `from` could go by a tile. */
static KL__APART int order_run_tile(kl__order *t, const order_plan *plan, int quantiles, const order_columns *c, size_t from, size_t n) {
    _Alignas(64) double span[KL__ORDER_TILE + KL__ORDER_RANK_W];
    double *out[KL__ORDER_ASKS_MAX], counted[KL__ORDER_TILE];
    size_t before = t->w - 1;
    memcpy(span, order_raw(t) + t->at + 1, (before - t->at) * sizeof *span);
    memcpy(span + (before - t->at), order_raw(t), t->at * sizeof *span);
    memcpy(span + before, c->x + from, n * sizeof *span);
    if (quantiles) {
        uint64_t missing;
        order_any_missing_in[kl__simd_tier()](span, before + n, &missing);
        if (missing) return 0;
    }
    for (size_t a = 0; a < plan->n; a++) out[a] = c->out[a] + from;
    double *known = c->known ? c->known + from : counted;
    if (quantiles) {
        kl__order_tile_quantiles(span, t->w, n, plan->asks, plan->n, out);
        for (size_t j = 0; c->known && j < n; j++) known[j] = (double)t->w;
    }
    if (plan->ranks)
        kl__order_tile_ranks(span, c->probe ? c->probe + from : span + before, c->probe ? 1.0 : 0.0, t->w, n, plan->asks, plan->n,
                             out, known);
    order_take_raw(t, c->x + from, n);
    return 1;
}

/* One row: nothing is prepared that only pays for many. */
static void order_run_one(kl__order *t, const double *x, const double *probe, const uint32_t *rows, const kl__order_ask *asks,
                          size_t n_asks, double *const *out, double *known) {
    const kl__order_kernels *with = &kl__order_kernels_of[kl__simd_tier()];
    int ranks = 0;
    kl__order_settle(t);
    order_push(t, with, *x, rows && *rows < t->w ? *rows : t->w);
    for (size_t a = 0; a < n_asks; a++) {
        if (!kl__order_is_quantile(&asks[a])) {
            ranks = 1;
        } else if (t->known) {
            kl__order_place place = kl__order_place_of(&asks[a], t->known);
            out[a][0] = order_quantile(t, &place);
        } else {
            out[a][0] = order_missing();
        }
    }
    if (known) *known = (double)t->known;
    if (ranks) order_rank(t, with, probe ? *probe : *x, probe != NULL, asks, n_asks, out, 0);
}

void kl__order_run(kl__order *t, const double *x, const double *probe, const uint32_t *rows, size_t n,
                   const kl__order_ask *asks, size_t n_asks, double *const *out, double *known) {
    if (n == 1) {
        order_run_one(t, x, probe, rows, asks, n_asks, out, known);
        return;
    }
    const order_columns columns = {x, probe, rows, out, known};
    order_plan plan;
    plan.with = &kl__order_kernels_of[kl__simd_tier()], plan.asks = asks, plan.n = n_asks, plan.ranks = 0, plan.known = 0;
    int quantiles = 0;
    for (size_t a = 0; a < n_asks; a++)
        if (kl__order_is_quantile(&asks[a])) quantiles = 1;
        else plan.ranks = 1;
    if (!plan.ranks && order_bits_pay(t->w, rows, n)) {
        size_t left = kl__order_bits_run(order_scratch(t), t->w, order_sort(t), x, rows, n, asks, n_asks, out, known);
        order_take_raw(t, x, n);
        t->sorted = 1 + (uint32_t)left;
        return;
    }
    const int tiles = !rows && (quantiles ? order_tile_pays(t->w) : t->w <= KL__ORDER_RANK_W);
    const size_t most = tiles && quantiles ? kl__order_tile_rows(t->w) : KL__ORDER_TILE;
    for (size_t done = 0; done < n;) {
        size_t parts = (n - done + most - 1) / most, part = (n - done + parts - 1) / parts; /* of one size */
        /* a tile costs about as much as n + w/2 rows, a step several rows, and sorting again w steps */
        int worth = tiles && part >= (t->stale ? t->w / 4 + 4 : t->w / 2 + 16);
        if (!worth || !order_run_tile(t, &plan, quantiles, &columns, done, part)) {
            kl__order_settle(t);
            order_steps(t, &plan, &columns, done, done + part);
        }
        done += part;
    }
}
