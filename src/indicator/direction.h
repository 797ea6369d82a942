/* Kinds of averages of directional moves: the first ones of those of the true range. */
#ifndef KL__DIRECTION_H
#define KL__DIRECTION_H

extern const char *const kl__direction_kinds[]; /* dx.c */
#define KL__DIRECTION_KIND {"kind", "Wilder's averages or exponential ones", KL_PARAM_CHOICE, 0, 0, 1, kl__direction_kinds}

#endif
