/* Pairs with holes, from their common rows: one symbol with each of 8 others at a time. */
#include "base/fp.h"
#include "corr/corr_symbols.h"
#include "corr/pick.h"
#include "simd/level.h"
#include <string.h>

/* A symbol and 8 others in a run of rows: value t at one[8 * t] and others[8 * t + l]. */
typedef struct corr_direct_rows {
    const double *one, *others;
    size_t n;
} corr_direct_rows;

/* A window: its rows in the block before, then those in this one. */
typedef struct corr_direct_window {
    corr_direct_rows part[2];
} corr_direct_window;

typedef struct corr_direct_sums {
    double n[KL__CORR_L];
    double anchor_x[KL__CORR_L], x[KL__CORR_L], x_rest[KL__CORR_L], anchor_y[KL__CORR_L], y[KL__CORR_L], y_rest[KL__CORR_L];
} corr_direct_sums;

typedef struct corr_direct_squares {
    double xx[KL__CORR_L], xx_rest[KL__CORR_L], yy[KL__CORR_L], yy_rest[KL__CORR_L], xy[KL__CORR_L], xy_rest[KL__CORR_L];
} corr_direct_squares;

/* A row that is not common adds +0.0, which changes no bit of sums that began with it. */
KL__INLINE void corr_direct_means(const size_t width, const corr_direct_rows *rows, corr_direct_sums *sums) {
    corr_direct_sums s = *sums;
    for (size_t t = 0; t < rows->n; t++) {
        const double x = rows->one[t * KL__CORR_L], *others = rows->others + t * KL__CORR_L;
        if (x != x || (width == 1 && *others != *others)) continue;
        for (size_t l = 0; l < width; l++) {
            const double y = others[l];
            s.anchor_x[l] = kl__pick(s.n[l] > 0.0, s.anchor_x[l], x);
            s.anchor_y[l] = kl__pick(s.n[l] > 0.0, s.anchor_y[l], y);
            s.n[l] += kl__pick(y == y, 1.0, 0.0);
            kl__corr_two_sum(&s.x[l], &s.x_rest[l], kl__pick(y == y, x - s.anchor_x[l], 0.0));
            kl__corr_two_sum(&s.y[l], &s.y_rest[l], kl__pick(y == y, y - s.anchor_y[l], 0.0));
        }
    }
    *sums = s;
}

KL__INLINE void corr_direct_square(const size_t width, const corr_direct_rows *rows, const corr_direct_sums *about,
                                   corr_direct_squares *squares) {
    const corr_direct_sums m = *about;
    corr_direct_squares s = *squares;
    for (size_t t = 0; t < rows->n; t++) {
        const double x = rows->one[t * KL__CORR_L], *others = rows->others + t * KL__CORR_L;
        if (x != x || (width == 1 && *others != *others)) continue;
        for (size_t l = 0; l < width; l++) {
            const double y = others[l];
            const double way_x = kl__pick(y == y, (x - m.anchor_x[l]) - m.x[l], 0.0);
            const double way_y = kl__pick(y == y, (y - m.anchor_y[l]) - m.y[l], 0.0);
            kl__corr_two_sum(&s.xx[l], &s.xx_rest[l], way_x * way_x);
            kl__corr_two_sum(&s.yy[l], &s.yy_rest[l], way_y * way_y);
            kl__corr_two_sum(&s.xy[l], &s.xy_rest[l], way_x * way_y);
        }
    }
    *squares = s;
}

/* Of `width` others from number `from` on. */
KL__INLINE void corr_direct_two_pass_part(const size_t width, size_t from, const corr_direct_window *window, kl__corr_direct *found) {
    const corr_direct_rows past = {window->part[0].one, window->part[0].others + from, window->part[0].n};
    const corr_direct_rows now = {window->part[1].one, window->part[1].others + from, window->part[1].n};
    corr_direct_sums sums = {{0}, {0}, {0}, {0}, {0}, {0}, {0}};
    corr_direct_squares squares = {{0}, {0}, {0}, {0}, {0}, {0}};
    corr_direct_means(width, &past, &sums);
    corr_direct_means(width, &now, &sums);
    for (size_t l = 0; l < width; l++) { /* from now on the means, less the anchors */
        const double n = kl__pick(sums.n[l] > 0.0, sums.n[l], 1.0);
        sums.x[l] = (sums.x[l] + sums.x_rest[l]) / n;
        sums.y[l] = (sums.y[l] + sums.y_rest[l]) / n;
    }
    corr_direct_square(width, &past, &sums, &squares);
    corr_direct_square(width, &now, &sums, &squares);
    for (size_t l = 0; l < width; l++) {
        found->n[from + l] = sums.n[l];
        found->m2_one[from + l] = squares.xx[l] + squares.xx_rest[l];
        found->m2[from + l] = squares.yy[l] + squares.yy_rest[l];
        found->comoment[from + l] = squares.xy[l] + squares.xy_rest[l];
    }
}

/* One by one those in `wanted`, bits by lane. */
static void corr_direct_few(const corr_direct_window *window, kl__corr_direct *found, unsigned wanted) {
    for (size_t l = 0; l < KL__CORR_L; l++)
        if (wanted >> l & 1) corr_direct_two_pass_part(1, l, window, found);
}

KL__INLINE void corr_direct_all_body(const corr_direct_window *window, kl__corr_direct *found) {
    corr_direct_two_pass_part(KL__CORR_L, 0, window, found);
}
KL__SIMD_EACH(corr_direct_all, (const corr_direct_window *window, kl__corr_direct *found), (window, found))
typedef void (*corr_direct_all_fn)(const corr_direct_window *window, kl__corr_direct *found);
static const corr_direct_all_fn corr_direct_all[KL__SIMD_TIERS] = KL__SIMD_TABLE(corr_direct_all);
/* From so many on all 8 are cheaper; never where vectors are short. */
static const unsigned corr_direct_worth[KL__SIMD_TIERS] = {KL__CORR_L + 1, 3, 2};

static void corr_direct_two_pass(const corr_direct_window *window, kl__corr_direct *found, unsigned wanted) {
    const uint32_t tier = kl__simd_tier();
    unsigned count = 0;
    for (unsigned left = wanted; left; left &= left - 1) count++;
    if (count >= corr_direct_worth[tier]) corr_direct_all[tier](window, found);
    else corr_direct_few(window, found, wanted);
}

KL__INLINE double corr_direct_clamp(double r) {
    r = 1.0 < r ? 1.0 : r;
    return -1.0 > r ? -1.0 : r;
}

void kl__corr_direct_find(const kl__corr_side *one, size_t lane, const kl__corr_side *others, unsigned wanted, const kl__corr_holes *how,
                          int lower, double *result) {
    const size_t past = how->rows - 1 - how->p, begin = (how->p + 1) * KL__CORR_L;
    const corr_direct_window window = {{{one->past + begin + lane, others->past + begin, past}, {one->now + lane, others->now, how->p + 1}}};
    kl__corr_direct found = {{0}, {0}, {0}, {0}};
    double scale_one[KL__CORR_L], scale[KL__CORR_L];
    corr_direct_two_pass(&window, &found, wanted);
    if (how->ddof >= 0) {
        for (size_t l = 0; l < KL__CORR_L; l++) result[l] = found.comoment[l] / (found.n[l] - (double)how->ddof);
    } else {
        how->kernels->scale(found.m2_one, scale_one, 1, 0);
        how->kernels->scale(found.m2, scale, 1, 0);
        for (size_t l = 0; l < KL__CORR_L; l++) {
            const double low = lower ? scale_one[l] : scale[l], high = lower ? scale[l] : scale_one[l];
            result[l] = corr_direct_clamp((found.comoment[l] * low) * high);
        }
    }
    for (size_t l = 0; l < KL__CORR_L; l++)
        if (!(found.n[l] >= how->least)) result[l] = (double)NAN;
}

/* Bits by lane: where there is a hole. */
static unsigned corr_direct_holes(const double *m2) {
    unsigned holes = 0;
    for (size_t l = 0; l < KL__CORR_L; l++) holes |= (unsigned)(m2[l] != m2[l]) << l;
    return holes;
}

void kl__corr_direct_tile(const kl__corr_side *i, const kl__corr_side *j, int same, const kl__corr_holes *how, double *out, size_t stride) {
    const unsigned every = (1u << KL__CORR_L) - 1, holes_i = corr_direct_holes(i->m2), holes_j = corr_direct_holes(j->m2);
    double result[KL__CORR_L];
    for (size_t a = 0; a < KL__CORR_L; a++) {
        const unsigned wanted = same ? every & ~((2u << a) - 1) : every; /* a < b */
        if (!(holes_i >> a & 1) || !wanted) continue;
        kl__corr_direct_find(i, a, j, wanted, how, 1, result);
        for (size_t b = 0; b < KL__CORR_L; b++)
            if (wanted >> b & 1) out[a * stride + b] = result[b];
    }
    for (size_t b = 0; b < KL__CORR_L; b++) {
        const unsigned wanted = (same ? (1u << b) - 1 : every) & ~holes_i;
        if (!(holes_j >> b & 1) || !wanted) continue;
        kl__corr_direct_find(j, b, i, wanted, how, 0, result);
        for (size_t a = 0; a < KL__CORR_L; a++)
            if (wanted >> a & 1) out[a * stride + b] = result[a];
    }
}
