/* The engine of count.h, compiled into every kind so that the operations on nodes need no calls. */
#ifndef KL__COUNT_ENGINE_H
#define KL__COUNT_ENGINE_H
#include "window/count.h"
#include "base/endian.h"

/* Field 0 of every node is its number of known values; it is kept by the engine. */
typedef struct kl__count_ops {
    uint32_t series, fields, stats;
    /* fields 1.. of the node of one known row */
    void (*leaf)(const double *x, double *node);
    /* newer = newer with older, neither empty; newer spans `rows` rows. Field 0 is still that of newer alone. */
    void (*merge)(double *newer, const double *older, double rows);
    /* the rows of the node become `rows` older; NULL where a node knows nothing of ages */
    void (*age)(double *node, double rows);
    void (*describe)(const double *node, double *stat);
} kl__count_ops;

KL__INLINE double *kl__count_raw(kl__count *t, size_t s) { return (double *)(void *)(t + 1) + (s * 2 << t->top); }
/* The node of level k that row i left. */
KL__INLINE double *kl__count_slot(kl__count *t, uint32_t fields, uint32_t k, uint64_t i) {
    size_t size = (size_t)1 << k;
    return kl__count_raw(t, t->series) + fields * (size + (size_t)(i & (size - 1)));
}

/* nB / n and nA * nB / n: the divisions are rare where nothing is missing. */
KL__INLINE double kl__count_share(double a, double b) { return a == b ? 0.5 : b / (a + b); }
KL__INLINE double kl__count_weight(double a, double b) { return a == b ? a * 0.5 : a * b / (a + b); }

/* A mean is held as sum * scale, scale a power of two: halves of as many values are added, as in full nodes, and all else is
 * joined as means. So equal values give exactly themselves wherever holes are. */
KL__INLINE void kl__count_mean_merge(double *sum, double *scale, double count, double older_sum, double older_scale,
                                     double older_count) {
    if (count == older_count && *scale == older_scale) {
        *sum = *sum + older_sum;
        *scale = *scale * 0.5;
    } else {
        double mean = *sum * *scale;
        *sum = mean + (older_sum * older_scale - mean) * kl__count_share(count, older_count);
        *scale = 1.0;
    }
}

KL__INLINE void kl__count_join(const kl__count_ops *ops, double *newer, const double *older, double rows) {
    if (older[0] == 0.0) return;
    if (newer[0] == 0.0) {
        for (uint32_t f = 0; f < ops->fields; f++) newer[f] = older[f];
        if (ops->age) ops->age(newer, rows);
        return;
    }
    ops->merge(newer, older, rows);
    newer[0] = newer[0] + older[0];
}

/* Takes the node of row t->count through the rings; window: the last `rows` rows. */
KL__INLINE void kl__count_push(kl__count *t, const kl__count_ops *ops, double *node, uint32_t rows, double *window) {
    double older[KL__COUNT_FIELDS_MAX];
    for (uint32_t k = 0;; k++) {
        uint32_t size = (uint32_t)1 << k, newer = rows & (size - 1);
        double *slot = kl__count_slot(t, ops->fields, k, t->count);
        for (uint32_t f = 0; f < ops->fields; f++) older[f] = slot[f], slot[f] = node[f];
        if (rows & size) kl__count_join(ops, window, kl__count_slot(t, ops->fields, k, t->count - newer), (double)newer);
        if (k == t->top) return;
        kl__count_join(ops, node, older, (double)size);
    }
}

KL__INLINE void kl__count_run_body(kl__count *t, const kl__count_ops *ops, const double *const *in, const uint32_t *rows,
                                   size_t n, double *const *stat, double *known) {
    const uint64_t mask = ((uint64_t)2 << t->top) - 1;
    for (size_t j = 0; j < n; j++, t->count++) {
        double x[KL__TREE_SERIES_MAX], one[KL__TREE_STATS_MAX], node[KL__COUNT_FIELDS_MAX], window[KL__COUNT_FIELDS_MAX];
        int missing = 0;
        for (uint32_t s = 0; s < ops->series; s++) {
            x[s] = in[s][j];
            kl__count_raw(t, s)[t->count & mask] = x[s];
            missing |= x[s] != x[s];
        }
        for (uint32_t f = 0; f < ops->fields; f++) node[f] = window[f] = 0.0;
        if (!missing) {
            node[0] = 1.0;
            ops->leaf(x, node);
        }
        kl__count_push(t, ops, node, rows && rows[j] < t->w ? rows[j] : t->w, window);
        if (window[0] > 0.0) ops->describe(window, one);
        else
            for (uint32_t s = 0; s < ops->stats; s++) one[s] = kl__bits_double(UINT64_C(0x7ff8000000000000));
        for (uint32_t s = 0; s < ops->stats; s++)
            if (stat[s]) stat[s][j] = one[s];
        if (known) known[j] = window[0];
    }
}

/* kl__count_NAME of the operations count_NAME_leaf, _merge, age and _describe; rest as in kl__count_kind. */
#define KL__COUNT_KIND(name, series, fields, stats, age, rest)                                                                \
    static const kl__count_ops count_##name##_ops = {series, fields, stats, count_##name##_leaf, count_##name##_merge, age,   \
                                                     count_##name##_describe};                                                \
    static void count_##name##_run(kl__count *t, const double *const *in, const uint32_t *rows, size_t n, double *const *stat,\
                                   double *known) {                                                                           \
        kl__count_run_body(t, &count_##name##_ops, in, rows, n, stat, known);                                                 \
    }                                                                                                                         \
    const kl__count_kind kl__count_##name = {series, fields, stats, count_##name##_run, &kl__tree_##name, rest};

#endif
