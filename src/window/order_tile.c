/* Order statistics of many windows at once; lanes are times.
 *
 * Row r of table N_k holds, for each time, value r of the 2^k sorted values that begin there; N_k is N_{k-1} merged with
 * itself 2^(k-1) later. A window is cut by the binary digits of w: the pieces of the lower digits are merged to one sorted
 * run, and value k of that run and of the greatest piece is, over all i, the least of max(value i-1 of the one, value k-i of
 * the other): k + 1 values, i of one and the rest of the other. A w that is a power of two is two pieces of half its length. */
#include "base/fp.h"
#include "window/order.h"
#include "window/order_nets.h"
#include <string.h>

/* What follows only compares and moves numbers, none of them NaN or -0.0: told so, gcc makes one instruction of each least and
 * greatest, as clang does untold: docs/adr/0016. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC push_options
#pragma GCC optimize("finite-math-only", "no-signed-zeros")
#endif

enum {
    TILE_STRIDE = KL__ORDER_TILE_ROWS, /* of the tables' rows: 15 cache lines, so that rows spread over the cache */
    TILE_ROWS = 32,          /* of the greatest table */
    TILE_TERMS = TILE_ROWS + 1
};

typedef struct {
    _Alignas(64) double even[16 * TILE_STRIDE]; /* N_2, N_4 */
    double odd[32 * TILE_STRIDE];  /* N_1, N_3, N_5 */
    double low[15 * TILE_STRIDE];  /* the run of the lower digits, in any order of rows */
} order_tables;

/* Rows of a sorted run, least first. */
typedef struct {
    const double *row[TILE_ROWS];
    size_t n;
} order_run;

KL__INLINE void order_up_1(const double *restrict x, double *restrict to, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double v[2] = {x[j], x[j + 1]};
        ORDER_MERGE_2
        ORDER_PUT2(to, TILE_STRIDE, 0, j, 0)
    }
}

KL__INLINE void order_up_2(const double *restrict x, double *restrict to, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double v[4] = {x[j], x[j + 2], x[j + 1], x[j + 3]};
        ORDER_CE2(0, 2)
        double w = v[1];
        v[1] = v[2], v[2] = w;
        ORDER_MERGE_4
        ORDER_PUT4(to, TILE_STRIDE, 0, j, 0)
    }
}

KL__INLINE void order_up_3(const double *restrict from, double *restrict to, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double v[8];
        ORDER_GET4(from, TILE_STRIDE, 0, j, 0)
        ORDER_GET4(from, TILE_STRIDE, 0, j + 4, 4)
        ORDER_MERGE_8
        ORDER_PUT8(to, TILE_STRIDE, 0, j, 0)
    }
}

KL__INLINE void order_up_4(const double *restrict from, double *restrict to, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double v[16];
        ORDER_GET8(from, TILE_STRIDE, 0, j, 0)
        ORDER_GET8(from, TILE_STRIDE, 0, j + 8, 8)
        ORDER_MERGE_16
        ORDER_PUT16(to, TILE_STRIDE, 0, j, 0)
    }
}

KL__INLINE void order_up_5(const double *restrict from, double *restrict to, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double v[32];
        ORDER_GET16(from, TILE_STRIDE, 0, j, 0)
        ORDER_GET16(from, TILE_STRIDE, 0, j + 16, 16)
        ORDER_MERGE_32
        ORDER_PUT32(to, TILE_STRIDE, 0, j, 0)
    }
}

/* Table k of the first n times; N_0 is the span itself. */
KL__INLINE const double *order_up(order_tables *t, const double *span, uint32_t k, size_t n) {
    switch (k) {
    case 0: return span;
    case 1: order_up_1(span, t->odd, n); return t->odd;
    case 2: order_up_2(span, t->even, n); return t->even;
    case 3: order_up_3(t->even, t->odd, n); return t->odd;
    case 4: order_up_4(t->odd, t->even, n); return t->even;
    default: order_up_5(t->even, t->odd, n); return t->odd;
    }
}

KL__INLINE void order_rows_exchange(double *restrict a, double *restrict b, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double v[2] = {a[j], b[j]};
        ORDER_MERGE_2
        a[j] = v[0], b[j] = v[1];
    }
}

/* The piece of 2^k rows joins the run, which is shorter: as if the run were filled up to 2^k rows with +inf. */
KL__INLINE void order_run_join(order_tables *t, order_run *run, const double *piece, uint32_t k, size_t n) {
    const size_t size = (size_t)1 << k, all = run->n + size;
    double *rows[TILE_ROWS];
    for (size_t r = 0; r < run->n; r++) rows[size + r] = (double *)(uintptr_t)run->row[r];
    for (size_t r = 0; r < size; r++) {
        rows[r] = t->low + (run->n + r) * TILE_STRIDE;
        memcpy(rows[r], piece + r * TILE_STRIDE, n * sizeof *piece);
    }
    for (size_t r = 0; r + size < all; r++) order_rows_exchange(rows[r], rows[r + size], n);
    for (size_t d = size / 2; d; d /= 2)
        for (size_t r = d; r + d < all; r += r % (2 * d) == 2 * d - 1 ? d + 1 : 1)
            order_rows_exchange(rows[r], rows[r + d], n);
    for (size_t r = 0; r < all; r++) run->row[r] = rows[r];
    run->n = all;
}

KL__INLINE void order_terms4(const double *const *a, const double *const *b, size_t n, int begun, double *restrict out) {
    const double *restrict a0 = a[0], *restrict a1 = a[1], *restrict a2 = a[2], *restrict a3 = a[3];
    const double *restrict b0 = b[0], *restrict b1 = b[1], *restrict b2 = b[2], *restrict b3 = b[3];
    for (size_t j = 0; j < n; j++) {
        double m0 = a0[j] > b0[j] ? a0[j] : b0[j], m1 = a1[j] > b1[j] ? a1[j] : b1[j];
        double m2 = a2[j] > b2[j] ? a2[j] : b2[j], m3 = a3[j] > b3[j] ? a3[j] : b3[j];
        double m = m0 < m1 ? m0 : m1, o = m2 < m3 ? m2 : m3;
        m = m < o ? m : o;
        if (begun) m = m < out[j] ? m : out[j];
        out[j] = m;
    }
}

KL__INLINE void order_terms1(const double *restrict a, const double *restrict b, size_t n, int begun, double *restrict out) {
    for (size_t j = 0; j < n; j++) {
        double m = a[j] > b[j] ? a[j] : b[j];
        if (begun) m = m < out[j] ? m : out[j];
        out[j] = m;
    }
}

/* Value k of two runs together. */
KL__INLINE void order_select(const order_run *a, const order_run *b, size_t k, size_t n, double *out) {
    const double *ta[TILE_TERMS + 3], *tb[TILE_TERMS + 3];
    size_t terms = 0;
    for (size_t i = k + 1 > b->n ? k + 1 - b->n : 0; i <= a->n && i <= k + 1; i++, terms++) {
        ta[terms] = i ? a->row[i - 1] : b->row[k];
        tb[terms] = i <= k ? b->row[k - i] : a->row[k];
    }
    size_t i = 0;
    if (terms % 4 == 1) order_terms1(ta[0], tb[0], n, 0, out), i = 1;
    else
        for (; terms % 4; terms++) ta[terms] = ta[0], tb[terms] = tb[0];
    for (; i < terms; i += 4) {
        if (i) order_terms4(ta + i, tb + i, n, 1, out);
        else order_terms4(ta, tb, n, 0, out);
    }
}

KL__INLINE void order_run_of(order_run *run, const double *piece, size_t size) {
    run->n = size;
    for (size_t r = 0; r < size; r++) run->row[r] = piece + r * TILE_STRIDE;
}

KL__INLINE void order_tile_body(const double *span, size_t w, size_t n, const uint32_t *k, size_t wanted, double *const *out) {
    order_tables t;
    order_run high, low = {{NULL}, 0};
    size_t size = 1;
    for (uint32_t level = 0;; level++, size *= 2) {
        if (level == 1 && w > 4 && !(w & 2)) continue; /* N_2 is made of the span */
        const double *table = order_up(&t, span, level, n + w - size);
        if (2 * size == w) {
            order_run_of(&high, table, size);
            order_run_of(&low, table + size, size);
            break;
        }
        if (2 * size > w) {
            order_run_of(&high, table, size);
            break;
        }
        if (w & size) order_run_join(&t, &low, table + (w & ~(2 * size - 1)), level, n);
    }
    for (size_t a = 0; a < wanted; a++) order_select(&high, &low, k[a], n, out[a]);
}

KL__SIMD_EACH(order_tile, (const double *span, size_t w, size_t n, const uint32_t *k, size_t wanted, double *const *out),
              (span, w, n, k, wanted, out))
static void (*const order_tile[KL__SIMD_TIERS])(const double *, size_t, size_t, const uint32_t *, size_t, double *const *) =
    KL__SIMD_TABLE(order_tile);

void kl__order_tile_values(const double *span, size_t w, size_t n, const uint32_t *k, size_t wanted, double *const *out) {
    order_tile[kl__simd_tier()](span, w, n, k, wanted, out);
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC pop_options
#endif
