/* Cross-sections: the values of many symbols at one time.
 *
 * Mean and deviation, anchored at the first known value K and in two passes, sums with their rounding errors beside:
 *     mean = K + sum(x - K) / n;  d = x - mean;  r = sum(d) / n, which the rounding of the mean left;
 *     M2 = sum(d * d) - n * r * r;  z = (d - r) / std.
 * So equal values give exactly their value and 0, and a common offset, however great, costs no accuracy. */
#include "base/fp.h"
#include "base/endian.h"
#include "base/number.h"
#include "base/roots.h"
#include "kline/window.h"
#include <math.h>

/* A sum and what rounding took from it. */
typedef struct {
    double sum, lost;
} cross_sum;

KL__INLINE double cross_error(double a, double b, double sum) {
    double part = sum - a;
    return (a - (sum - part)) + (b - part);
}

KL__INLINE void cross_add(cross_sum *s, double x) {
    double sum = s->sum + x;
    s->lost += cross_error(s->sum, x, sum);
    s->sum = sum;
}

typedef struct {
    size_t known;
    double mean, residue, m2; /* residue: the true mean minus `mean` */
} cross_moments;

static int cross_known(double x) { return fabs(x) < 0x1p1000; }
static double cross_nan(void) { return kl__bits_double(KL__BITS_NAN); }
static double cross_finite(double x) { return fabs(x) <= DBL_MAX ? x + 0.0 : cross_nan(); }

static cross_moments cross_describe(const double *x, size_t n) {
    cross_moments m = {0, 0.0, 0.0, 0.0};
    cross_sum sum = {0.0, 0.0}, squares = {0.0, 0.0};
    size_t first = 0;
    while (first < n && !cross_known(x[first])) first++;
    if (first == n) return m;
    const double anchor = x[first];
    for (size_t i = first; i < n; i++) {
        if (!cross_known(x[i])) continue;
        double way = x[i] - anchor;
        cross_add(&sum, way);
        sum.lost += cross_error(x[i], -anchor, way);
        m.known++;
    }
    const double count = (double)m.known;
    m.mean = anchor + (sum.sum + sum.lost) / count;
    sum.sum = sum.lost = 0.0;
    for (size_t i = first; i < n; i++) {
        if (!cross_known(x[i])) continue;
        double way = x[i] - m.mean;
        cross_add(&sum, way);
        sum.lost += cross_error(x[i], -m.mean, way);
        cross_add(&squares, way * way);
    }
    m.residue = (sum.sum + sum.lost) / count;
    m.m2 = (squares.sum - m.residue * m.residue * count) + squares.lost;
    if (m.m2 < 0.0) m.m2 = 0.0;
    return m;
}

static double cross_std(const cross_moments *m, int32_t ddof) {
    return m->known > (size_t)ddof ? cross_finite(kl__sqrt(m->m2 / (double)(m->known - (size_t)ddof))) : cross_nan();
}

size_t kl_cross_moments(const double *x, size_t n, int32_t ddof, double *mean, double *std) {
    if (!x || ddof < 0 || ddof > 1) return 0;
    cross_moments m = cross_describe(x, n);
    if (mean) *mean = m.known ? cross_finite(m.mean) : cross_nan();
    if (std) *std = cross_std(&m, ddof);
    return m.known;
}

kl_status kl_cross_zscore(const double *x, size_t n, int32_t ddof, double *z) {
    if (!x || !z || ddof < 0 || ddof > 1) return KL_E_ARG;
    cross_moments m = cross_describe(x, n);
    double std = cross_std(&m, ddof);
    for (size_t i = 0; i < n; i++)
        z[i] = cross_known(x[i]) && std > 0.0 ? cross_finite(((x[i] - m.mean) - m.residue) / std) : cross_nan();
    return KL_OK;
}

/* 1 where place a stands in front of b: the greater (sign 1) or smaller (-1) value, of equal ones the lower place. */
KL__INLINE int cross_before(const double *x, double sign, size_t a, size_t b) {
    double va = x[a] * sign, vb = x[b] * sign;
    return va > vb || (va == vb && a < b);
}

/* Places in a heap: each stands behind those below it; the root is the last of all. */
static void cross_sift(const double *x, double sign, size_t *heap, size_t n, size_t at) {
    const size_t moved = heap[at];
    for (size_t below; (below = 2 * at + 1) < n; at = below) {
        if (below + 1 < n && cross_before(x, sign, heap[below], heap[below + 1])) below++;
        if (!cross_before(x, sign, moved, heap[below])) break;
        heap[at] = heap[below];
    }
    heap[at] = moved;
}

/* The first `most` known places in order; returns how many there are. */
static size_t cross_first(const double *x, size_t n, double sign, size_t most, size_t *heap) {
    size_t found = 0, i = 0;
    for (; i < n && found < most; i++)
        if (cross_known(x[i])) heap[found++] = i;
    for (size_t at = found / 2; at-- > 0;) cross_sift(x, sign, heap, found, at);
    for (; i < n && found; i++)
        if (cross_known(x[i]) && cross_before(x, sign, i, heap[0])) {
            heap[0] = i;
            cross_sift(x, sign, heap, found, 0);
        }
    for (size_t left = found; left > 1; left--) {
        size_t last = heap[0];
        heap[0] = heap[left - 1];
        cross_sift(x, sign, heap, left - 1, 0);
        heap[left - 1] = last;
    }
    return found;
}

kl_status kl_cross_rank(const double *x, size_t n, int32_t rule, size_t *scratch, double *rank) {
    if (!x || !scratch || !rank || x == rank || rule < KL_RANK_AVERAGE || rule > KL_RANK_BELOW) return KL_E_ARG;
    size_t known = cross_first(x, n, -1.0, n, scratch);
    for (size_t i = 0; i < n; i++) rank[i] = cross_nan();
    for (size_t less = 0, end; less < known; less = end) {
        for (end = less + 1; end < known && x[scratch[end]] == x[scratch[less]];) end++;
        double ranks[] = {(double)(less + 1 + end) * 0.5, (double)(less + 1), (double)end, (double)less};
        for (size_t i = less; i < end; i++) rank[scratch[i]] = ranks[rule];
    }
    return KL_OK;
}

size_t kl_cross_top(const double *x, size_t n, int64_t k, size_t *index) {
    if (!x || !index) return 0;
    uint64_t most = k < 0 ? 0 - (uint64_t)k : (uint64_t)k;
    return cross_first(x, n, k < 0 ? -1.0 : 1.0, most < n ? (size_t)most : n, index);
}
