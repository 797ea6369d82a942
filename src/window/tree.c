#include "base/fp.h"
#include "window/tree.h"
#include "base/endian.h"
#include <string.h>

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

/* n raw values of series s that begin with bar `first`, in order of time. */
static void tree_copy_out(const kl__tree *t, size_t s, uint64_t first, size_t n, double *to) {
    size_t capacity = kl__tree_capacity(t), at = (size_t)(first & (capacity - 1));
    const double *raw = kl__tree_raw((kl__tree *)(uintptr_t)t, s);
    size_t head = n < capacity - at ? n : capacity - at;
    memcpy(to, raw + at, head * sizeof *to);
    memcpy(to + head, raw, (n - head) * sizeof *to);
}

static void tree_copy_in(kl__tree *t, size_t s, uint64_t first, size_t n, const double *from) {
    size_t capacity = kl__tree_capacity(t), at = (size_t)(first & (capacity - 1));
    double *raw = kl__tree_raw(t, s);
    size_t head = n < capacity - at ? n : capacity - at;
    memcpy(raw + at, from, head * sizeof *from);
    memcpy(raw, from + head, (n - head) * sizeof *from);
}

void kl__tree_settle(kl__tree *t, const kl__tree_kind *kind) {
    if (!t->stale) return;
    double x[KL__TREE_SERIES_MAX], stat[KL__TREE_STATS_MAX];
    size_t capacity = kl__tree_capacity(t);
    uint64_t end = t->count;
    for (t->count = end - t->w; t->count != end; t->count++) {
        for (uint32_t s = 0; s < t->series; s++) x[s] = kl__tree_raw(t, s)[t->count & (capacity - 1)];
        kind->step(t, x, stat);
    }
    t->stale = 0;
}

static void tree_run_tile(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t n, double *const *stat) {
    double memory[KL__TREE_SERIES_MAX][KL__TREE_SPAN];
    double *span[KL__TREE_SERIES_MAX];
    size_t before = t->w - 1, keep = n < t->w ? n : t->w;
    for (uint32_t s = 0; s < t->series; s++) {
        span[s] = memory[s];
        tree_copy_out(t, s, t->count - before, before, span[s]);
        memcpy(span[s] + before, in[s], n * sizeof(double));
        tree_copy_in(t, s, t->count + (n - keep), keep, in[s] + (n - keep));
    }
    kind->tile[kl__simd_tier()](t, span, n, stat);
    t->count += n;
    t->stale = 1;
}

static void tree_run_steps(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t n, double *const *stat) {
    double x[KL__TREE_SERIES_MAX], one[KL__TREE_STATS_MAX];
    size_t capacity = kl__tree_capacity(t);
    kl__tree_settle(t, kind);
    for (size_t j = 0; j < n; j++, t->count++) {
        for (uint32_t s = 0; s < t->series; s++) x[s] = kl__tree_raw(t, s)[t->count & (capacity - 1)] = in[s][j];
        kind->step(t, x, one);
        for (uint32_t s = 0; s < kind->stats; s++)
            if (stat[s]) stat[s][j] = one[s];
    }
}

void kl__tree_run(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t n, double *const *stat) {
    const double *from[KL__TREE_SERIES_MAX];
    double *to[KL__TREE_STATS_MAX];
    for (size_t done = 0; done < n;) {
        size_t part = n - done < KL__TREE_TILE ? n - done : KL__TREE_TILE;
        for (uint32_t s = 0; s < kind->series; s++) from[s] = in[s] + done;
        for (uint32_t s = 0; s < kind->stats; s++) to[s] = stat[s] ? stat[s] + done : NULL;
        /* a tile costs about as much as n + w/2 rows, a step several rows, and settling again w steps */
        if (t->w <= KL__TREE_TILE_W && part >= (t->stale ? t->w / 4 + 4 : t->w + 32))
            tree_run_tile(t, kind, from, part, to);
        else
            tree_run_steps(t, kind, from, part, to);
        done += part;
    }
}

double *kl__tree_value(kl__tree *t, size_t s, size_t j) {
    return kl__tree_raw(t, s) + (size_t)((t->count - t->w + j) & (kl__tree_capacity(t) - 1));
}
