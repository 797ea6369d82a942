/* Copies past the caches, for results that nobody reads soon and that are more than the caches hold: their lines need not be
 * fetched before they are written. kl__stream_done before anyone else may see them. */
#ifndef KL__STREAM_H
#define KL__STREAM_H
#include <stddef.h>

void kl__stream(double *to, const double *from, size_t n);
void kl__stream_done(void);

#endif
