/* Moving mantissas between decimal scales, exactly. */
#ifndef KL__SCALE_H
#define KL__SCALE_H
#include "base/wide.h"
#include "kline/data.h"

/* value * 10^shift (shift < 0: / 10^-shift), |shift| <= KL_SCALE_MAX. KL_E_OVERFLOW; KL_E_SCALE where digits would be lost. */
kl_status kl__scale_i64(int64_t *value, int32_t shift);
kl_status kl__scale_wide(kl_i128 *value, int32_t shift);
/* Each scale within 0..KL_SCALE_MAX. */
int32_t kl__scale_valid(const kl_scale *scale);
/* Number of decimals of a mantissa at `scale` that are not trailing zeros. */
int32_t kl__scale_used_i64(int64_t value, int32_t scale);
int32_t kl__scale_used_wide(const kl_i128 *value, int32_t scale);

#endif
