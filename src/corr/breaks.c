/* How far correlations moved, and the pairs that moved most. */
#include "base/fp.h"
#include "base/roots.h"
#include "corr/pick.h"
#include "kline/corr.h"
#include "simd/level.h"
#include <math.h>

/* tanh(atanh(r) - atanh(base)) = (r - base) / (1 - r * base). With a the greater of both magnitudes and c the other one, negative
 * where their signs differ, 1 - r * base is (1 - a) + a * (1 - c): a sum of parts of one sign, in which nothing cancels. So the
 * result is within 5 * 2^-53 of itself, and the ends of the range are exact. No branches: pairs go in lanes. */
KL__INLINE double breaks_shift(double r, double base) {
    double x = fabs(r), y = fabs(base), a = x > y ? x : y, c = copysign(x > y ? y : x, r * base);
    double shift = (r - base) / ((1.0 - a) + a * (1.0 - c));
    shift = shift > 1.0 ? 1.0 : shift;
    shift = shift < -1.0 ? -1.0 : shift;
    return kl__pick(a <= 1.0, shift, (double)NAN);
}

double kl_corr_shift(double r, double base) { return breaks_shift(r, base); }

/* x > 0. Below 1/2 the continued fraction x / (1 + x^2 / (3 + x^2 / (5 + ...))), whose terms are all positive; above, nothing
 * cancels in 1 - 2 / (e^2x + 1). */
static double breaks_tanh(double x) {
    if (x >= 0.5) return 1.0 - 2.0 / (kl_exp(2.0 * x) + 1.0);
    double below = 17.0, square = x * x;
    for (double odd = 15.0; odd > 0.0; odd -= 2.0) below = odd + square / below;
    return x / below;
}

double kl_corr_shift_limit(double sigmas, int64_t rows) {
    if (!(sigmas > 0.0) || rows < 4) return (double)NAN;
    return breaks_tanh(sigmas / kl__sqrt((double)(rows - 3)));
}

/* ---------------------------------------------------------------------------------------------------- the scan --- */

#define BREAKS_BLOCK 512 /* pairs at once: their changes stay in the nearest cache */

KL__INLINE void breaks_difference_body(const double *restrict now, const double *restrict before, size_t n, double limit,
                                       double *restrict change, int64_t *restrict hits) {
    int64_t found = 0;
    for (size_t k = 0; k < n; k++) {
        change[k] = now[k] - before[k];
        found += fabs(change[k]) > limit;
    }
    *hits = found;
}
KL__INLINE void breaks_fisher_body(const double *restrict now, const double *restrict before, size_t n, double limit,
                                   double *restrict change, int64_t *restrict hits) {
    int64_t found = 0;
    for (size_t k = 0; k < n; k++) {
        change[k] = breaks_shift(now[k], before[k]);
        found += fabs(change[k]) > limit;
    }
    *hits = found;
}
KL__SIMD_EACH(breaks_difference, (const double *now, const double *before, size_t n, double limit, double *change, int64_t *hits),
              (now, before, n, limit, change, hits))
KL__SIMD_EACH(breaks_fisher, (const double *now, const double *before, size_t n, double limit, double *change, int64_t *hits),
              (now, before, n, limit, change, hits))

typedef void (*breaks_scan_fn)(const double *now, const double *before, size_t n, double limit, double *change, int64_t *hits);
static const breaks_scan_fn breaks_scan[2][KL__SIMD_TIERS] = {KL__SIMD_TABLE(breaks_difference), KL__SIMD_TABLE(breaks_fisher)};

/* A comes before b in the answer. */
static int breaks_ahead(const kl_corr_break *a, const kl_corr_break *b) {
    double x = fabs(a->change), y = fabs(b->change);
    if (x != y) return x > y;
    return a->i != b->i ? a->i < b->i : a->j < b->j;
}

/* Lets the break at the root sink: a heap of n with the last of the answer on top. */
static void breaks_sink(kl_corr_break *heap, size_t n, size_t at) {
    const kl_corr_break moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        child += child + 1 < n && breaks_ahead(&heap[child], &heap[child + 1]);
        if (!breaks_ahead(&moved, &heap[child])) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

/* Offers a break to the `kept` best so far. */
static void breaks_offer(kl_corr_break *top, size_t capacity, size_t *kept, const kl_corr_break *found) {
    if (*kept < capacity) {
        top[(*kept)++] = *found;
        if (*kept == capacity)
            for (size_t at = capacity / 2; at-- > 0;) breaks_sink(top, capacity, at);
    } else if (capacity > 0 && breaks_ahead(found, top)) {
        top[0] = *found;
        breaks_sink(top, capacity, 0);
    }
}

static void breaks_sort(kl_corr_break *top, size_t n) {
    for (size_t at = n / 2; at-- > 0;) breaks_sink(top, n, at);
    while (n > 1) {
        kl_corr_break last = top[0];
        top[0] = top[--n];
        top[n] = last;
        breaks_sink(top, n, 0);
    }
}

kl_status kl_corr_breaks(const double *now, const double *before, size_t symbols, int32_t how, double limit, kl_corr_break *top,
                         size_t capacity, size_t *total) {
    double change[BREAKS_BLOCK];
    if (!now || !before || !total || (!top && capacity > 0) || symbols > KL_CORR_SYMBOLS_MAX || limit != limit) return KL_E_ARG;
    if (how != KL_BREAK_DIFFERENCE && how != KL_BREAK_FISHER) return KL_E_ARG;
    const breaks_scan_fn scan = breaks_scan[how][kl__simd_tier()];
    size_t kept = 0, all = 0, row = 0;
    for (size_t i = 0; i + 1 < symbols; row += symbols - ++i) {
        for (size_t done = 0, n; done < symbols - i - 1; done += n) {
            const double *r = now + row + done, *base = before + row + done;
            int64_t hits;
            n = symbols - i - 1 - done < BREAKS_BLOCK ? symbols - i - 1 - done : BREAKS_BLOCK;
            scan(r, base, n, limit, change, &hits);
            all += (size_t)hits;
            for (size_t k = 0; hits > 0 && k < n; k++) {
                if (!(fabs(change[k]) > limit)) continue;
                const kl_corr_break found = {i, i + 1 + done + k, r[k], base[k], change[k]};
                breaks_offer(top, capacity, &kept, &found);
                hits--;
            }
        }
    }
    breaks_sort(top, kept);
    *total = all;
    return KL_OK;
}
