/* Kinds of averages that oscillators let choose from: the first nine of `ma`, in its order. */
#ifndef KL__AVERAGE_TYPES_H
#define KL__AVERAGE_TYPES_H

extern const char *const kl__average_types[]; /* apo.c */

#endif
