/* Values of a short window in order, for statistics of order that windows do not have. */
#ifndef KL__INDICATOR_ORDER_H
#define KL__INDICATOR_ORDER_H
#include "base/fp.h"
#include "indicator/past.h"

enum { KL__ORDER_MAX = 1000 }; /* longest window: it stands on the stack */

/* sorted: the w values of the window, least first. */
void kl__order_sort(const double *window, size_t w, double *sorted);
/* The window moves on by one value. `gone` has to be there. */
void kl__order_move(double *sorted, size_t w, double gone, double come);
double kl__order_median(const double *sorted, size_t w);

#endif
