/* Ranges of short windows in one pass: the greatest of one series, the least of another, and what is made of them. */
#ifndef KL__TREE_SPAN_H
#define KL__TREE_SPAN_H
#include "base/endian.h"
#include "window/tree.h"

/* What is shown: the middle; least and greatest; greatest, middle and least; the place of a third series between them from 0 to 100, and
 * from the greatest down to -100. The series are the highs, the lows and the third. */
enum { KL__SPAN_MIDDLE, KL__SPAN_BOTH, KL__SPAN_CHANNEL, KL__SPAN_PLACE, KL__SPAN_BELOW };

/* One row of each; lanes do the same. Values of a magnitude below 2^1000 or NaN; each operation makes a value of its own, as the nodes
 * of an expression do, and what is beyond that on the way is lost. One choice at the end: compilers make vectors of it. */
KL__INLINE double kl__span_lost(double y) { return y * 0x1p24 - y * 0x1p24; } /* 0, or NaN from 2^1000 on */
KL__INLINE double kl__span_seal(double y) { /* integers alone, which every instruction set has as vectors */
    const uint64_t bits = kl__double_bits(y + 0.0), lost = 0 - (((bits & (UINT64_MAX >> 1)) + (UINT64_C(25) << 52)) >> 63);
    return kl__bits_double((bits & ~lost) | (UINT64_C(0x7ff8000000000000) & lost));
}
KL__INLINE double kl__span_middle(double greatest, double least) {
    const double sum = greatest + least;
    return kl__span_seal(sum / 2.0 + kl__span_lost(sum));
}
KL__INLINE double kl__span_place(double greatest, double least, double x) {
    const double way = x - least, range = greatest - least, y = 100.0 * (way / range);
    double cut = y < 0.0 ? 0.0 : y;
    cut = cut > 100.0 ? 100.0 : cut;
    return kl__span_seal(cut + (kl__span_lost(way) + kl__span_lost(range) + kl__span_lost(y)));
}
KL__INLINE double kl__span_below(double greatest, double least, double x) {
    const double way = greatest - x, range = greatest - least, y = -100.0 * (way / range);
    double cut = y > 0.0 ? 0.0 : y;
    cut = cut < -100.0 ? -100.0 : cut;
    return kl__span_seal(cut + (kl__span_lost(way) + kl__span_lost(range) + kl__span_lost(y)));
}
/* trees: of kl__tree_max over the highs and of kl__tree_min over the lows. 1: done, all values were ordinary, and what is not in the
 * results is the one NaN; 0: nothing is done, out may be written to. */
int kl__tree_span_try(kl__tree *greatest, kl__tree *least, int what, const double *const *in, size_t n, double *const *out);

#endif
