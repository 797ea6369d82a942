/* Products of three to eight values in one walk. They stand for a product of products that nothing else reads, and have its bits:
 * the end of a program puts them there. */
#ifndef KL__INDICATOR_PRODUCT_H
#define KL__INDICATOR_PRODUCT_H
#include "indicator/indicator.h"

#define KL__PRODUCT_MAX 8
/* Of n values, 3..KL__PRODUCT_MAX: the first two, then the others one after the other. */
const kl__indicator *kl__product(uint32_t n);
/* How many values a kind multiplies: 2 for the sign *, 0 where it is no product. */
uint32_t kl__product_values(const kl__indicator *kind);

#endif
