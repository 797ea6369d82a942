/* How sums of powers of deviations join, after Pebay: shared by tree_shape.c and count_shape.c.
 *
 * With D = mean_B - mean_A (A newer), a = nA/n, b = nB/n, g = nA*nB/n:
 *     M3 = (M3_A + M3_B) + D*( D*D*(g*(a - b)) + 3*(a*M2_B - b*M2_A) )
 *     M4 = (M4_A + M4_B) + ( D*D*( D*D*(g*((a*a - a*b) + b*b)) + 6*(a*a*M2_B + b*b*M2_A) ) + D*(4*(a*M3_B - b*M3_A)) )
 * and for equal halves with the constants that these become. Equal values give exactly 0 everywhere. */
#ifndef KL__SHAPE_H
#define KL__SHAPE_H
#include "base/check.h"

typedef struct kl__shape {
    double m, m2, m3, m4; /* mean - newest value, sums of the 2nd, 3rd and 4th powers of x - mean */
} kl__shape;

typedef struct kl__shape_factors {
    double a, b, g, cube, fourth; /* cube: g*(a - b), fourth: g*((a*a - a*b) + b*b) */
} kl__shape_factors;

/* b and g as the tree has them: nB/n and nA*nB/n. */
KL__INLINE kl__shape_factors kl__shape_factors_of(double newer, double older, double b, double g) {
    double a = newer / (newer + older);
    kl__shape_factors f = {a, b, g, g * (a - b), g * ((a * a - a * b) + b * b)};
    return f;
}

/* Of equal halves; half: values of one. */
KL__INLINE kl__shape kl__shape_up(kl__shape newer, kl__shape older, double way, double half) {
    double square = way * way;
    kl__shape node;
    node.m = newer.m + way * 0.5;
    node.m2 = (newer.m2 + older.m2) + square * (half * 0.5);
    node.m3 = (newer.m3 + older.m3) + way * (1.5 * (older.m2 - newer.m2));
    node.m4 = (newer.m4 + older.m4) +
              (square * (square * (half * 0.125) + 1.5 * (newer.m2 + older.m2)) + way * (2.0 * (older.m3 - newer.m3)));
    return node;
}

KL__INLINE kl__shape kl__shape_join(kl__shape newer, kl__shape older, double way, kl__shape_factors f) {
    double square = way * way;
    kl__shape node;
    node.m = newer.m + way * f.b;
    node.m2 = (newer.m2 + older.m2) + square * f.g;
    node.m3 = (newer.m3 + older.m3) + way * (square * f.cube + 3.0 * (f.a * older.m2 - f.b * newer.m2));
    node.m4 = (newer.m4 + older.m4) +
              (square * (square * f.fourth + 6.0 * ((f.a * f.a) * older.m2 + (f.b * f.b) * newer.m2)) +
               way * (4.0 * (f.a * older.m3 - f.b * newer.m3)));
    return node;
}

/* Whatever was rounded: M4 is held where n values can have it, M2^2/n <= M4 <= M2^2 * ((n - 2) + 1/(n - 1))/n. */
KL__INLINE double kl__shape_limit(double n) { return n > 1.0 ? ((n - 2.0) + 1.0 / (n - 1.0)) / n : 0.0; }
KL__INLINE double kl__shape_hold(double m2, double m4, double n, double limit) {
    double square = m2 * m2, low = square / n, high = square * limit;
    m4 = high < m4 ? high : m4;
    return m4 < low ? low : m4;
}

#endif
