#include "base/fp.h"
#include "window/count_engine.h"
#include <string.h>

static size_t count_doubles(const kl__count_kind *kind, size_t w) {
    size_t top = 0;
    while (((size_t)2 << top) <= w) top++;
    return (kind->series + kind->fields) * ((size_t)2 << top);
}

size_t kl__count_size(const kl__count_kind *kind, size_t w) {
    return sizeof(kl__count) + sizeof(double) * count_doubles(kind, w) +
           (w <= KL__COUNT_STRICT_W ? kl__tree_size(kind->strict, w) : 0);
}

static kl__tree *count_tree(kl__count *t, const kl__count_kind *kind) {
    return (kl__tree *)(void *)(kl__count_raw(t, 0) + count_doubles(kind, t->w));
}

void kl__count_init(kl__count *t, const kl__count_kind *kind, size_t w) {
    memset(t, 0, kl__count_size(kind, w)); /* nodes of no value */
    t->w = (uint32_t)w;
    while (((size_t)2 << t->top) <= w) t->top++;
    t->series = kind->series;
    t->fields = kind->fields;
    double *raw = kl__count_raw(t, 0);
    for (size_t j = 0; j < (size_t)t->series * 2 << t->top; j++) raw[j] = kl__bits_double(UINT64_C(0x7ff8000000000000));
    if (w <= KL__COUNT_STRICT_W) kl__tree_init(count_tree(t, kind), kind->strict, w);
}

/* Known rows in a row that make a change of ways worth its cost. */
static size_t count_enough(const kl__count *t) { return 3 * (size_t)t->w + 64; }

/* The nodes again from the last w rows. */
static void count_settle(kl__count *t, const kl__count_kind *kind) {
    double *const nowhere[KL__TREE_STATS_MAX] = {NULL};
    if (!t->strict) return;
    t->strict = 0;
    t->count -= t->w;
    for (uint32_t j = 0; j < t->w; j++) {
        double x[KL__TREE_SERIES_MAX];
        const double *in[KL__TREE_SERIES_MAX];
        for (uint32_t s = 0; s < t->series; s++) {
            x[s] = kl__count_raw(t, s)[t->count & (((uint64_t)2 << t->top) - 1)];
            in[s] = &x[s];
        }
        kind->run(t, in, NULL, 1, nowhere, NULL);
    }
}

/* The tree of the last w rows. */
static kl__tree *count_strict(kl__count *t, const kl__count_kind *kind) {
    kl__tree *tree = count_tree(t, kind);
    if (t->strict) return tree;
    tree->count = t->count;
    for (uint32_t s = 0; s < t->series; s++)
        for (size_t j = 0; j < t->w; j++) *kl__tree_value(tree, s, j) = *kl__count_value(t, s, j);
    tree->stale = KL__TREE_STALE_ALL;
    t->strict = 1;
    return tree;
}

/* n rows, all known as those of the windows before. */
static KL__APART void count_run_strict(kl__count *t, const kl__count_kind *kind, const double *const *in, size_t n,
                                       double *const *stat, double *known) {
    const uint64_t mask = ((uint64_t)2 << t->top) - 1;
    double rest[KL__TREE_STATS_MAX];
    kl__tree *tree = count_strict(t, kind);
    t->run = (uint32_t)count_enough(t);
    for (size_t done = 0, part; done < n; done += part) {
        const double *from[KL__TREE_SERIES_MAX];
        double *to[KL__TREE_STATS_MAX];
        part = n - done < KL__TREE_TILE ? n - done : KL__TREE_TILE;
        for (uint32_t s = 0; s < kind->series; s++) from[s] = in[s] + done;
        for (uint32_t s = 0; s < kind->strict->stats; s++) to[s] = s < kind->stats && stat[s] ? stat[s] + done : NULL;
        kl__tree_run(tree, kind->strict, from, part, to);
    }
    if (kind->rest) kind->rest((double)t->w, rest);
    for (uint32_t s = kind->strict->stats; s < kind->stats; s++)
        for (size_t j = 0; stat[s] && j < n; j++) stat[s][j] = rest[s];
    for (size_t j = 0; known && j < n; j++) known[j] = (double)t->w;
    for (uint32_t s = 0; s < t->series; s++)
        for (size_t j = n > mask ? n - mask : 0; j < n; j++) kl__count_raw(t, s)[(t->count + j) & mask] = in[s][j];
    t->count += n;
}

/* Rows up to the first missing one. */
static size_t count_known(const kl__count_kind *kind, const double *const *in, size_t n) {
    for (uint32_t s = 0; s < kind->series; s++) {
        const double *x = in[s];
        size_t j = 0;
        for (; j + 64 <= n; j += 64) {
            uint64_t missing = 0; /* the sign of what is above infinity, without its own sign */
            for (size_t i = 0; i < 64; i++)
                missing |= UINT64_C(0x7ff0000000000000) - (kl__double_bits(x[j + i]) & UINT64_C(0x7fffffffffffffff));
            if (missing >> 63) break;
        }
        while (j < n && x[j] == x[j]) j++;
        n = j;
    }
    return n;
}

static void count_note(kl__count *t, const kl__count_kind *kind, const double *const *in, size_t n) {
    size_t back = 0, most = n < count_enough(t) ? n : count_enough(t);
    for (int missing = 0; back < most && !missing; back += !missing)
        for (uint32_t s = 0; s < kind->series; s++) missing |= in[s][n - 1 - back] != in[s][n - 1 - back];
    size_t run = back == n ? t->run + back : back;
    t->run = (uint32_t)(run < count_enough(t) ? run : count_enough(t));
}

/* How many of n rows by full windows go next, and which way. Both ways have to be settled where they change, which costs as
 * much as some w rows: not for streams, and not where values are missing often. */
static size_t count_next(const kl__count *t, const kl__count_kind *kind, const double *const *in, size_t n, int *strict) {
    const size_t w = t->w, known = count_known(kind, in, n), first = t->run < w - 1 ? w - 1 - t->run : 0;
    *strict = t->strict ? known >= 32 : first == 0 && known >= w / 4 + 32 && known + t->run >= count_enough(t);
    if (*strict) return known;
    if (first && known >= first + w / 4 + 32 && known + t->run >= count_enough(t)) return first;
    return known < n ? known + 1 : n;
}

void kl__count_run(kl__count *t, const kl__count_kind *kind, const double *const *in, const uint32_t *rows, size_t n,
                   double *const *stat, double *known) {
    for (size_t done = 0, part; done < n; done += part) {
        const double *from[KL__TREE_SERIES_MAX];
        double *to[KL__TREE_STATS_MAX];
        int strict = 0;
        for (uint32_t s = 0; s < kind->series; s++) from[s] = in[s] + done;
        for (uint32_t s = 0; s < kind->stats; s++) to[s] = stat[s] ? stat[s] + done : NULL;
        part = n - done;
        if (!rows && t->w <= KL__COUNT_STRICT_W) part = count_next(t, kind, from, part, &strict);
        if (strict) {
            count_run_strict(t, kind, from, part, to, known ? known + done : NULL);
        } else {
            count_settle(t, kind);
            kind->run(t, from, rows ? rows + done : NULL, part, to, known ? known + done : NULL);
            count_note(t, kind, from, part);
        }
    }
}

double *kl__count_value(kl__count *t, size_t s, size_t j) {
    return kl__count_raw(t, s) + (size_t)((t->count - t->w + j) & (((uint64_t)2 << t->top) - 1));
}
