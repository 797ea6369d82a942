/* Sine, cosine and arc tangent of the library's own: the same bits everywhere, right to about 1e-16 of a full turn's scale. */
#ifndef KL__ANGLE_H
#define KL__ANGLE_H

#define KL__PI 0x1.921fb54442d18p+1
#define KL__DEGREES 0x1.ca5dc1a63c1f8p+5 /* of a radian */

/* |x| up to 1e6; beyond, and for what is not finite, NaN. */
double kl__sin(double x);
double kl__cos(double x);
/* -pi/2 .. pi/2; NaN for NaN. */
double kl__atan(double x);

#endif
