/* Which version this is, and whether it was built so that its numeric promises hold. */
#include "base/fp.h"
#include "base/check.h"
#include "base/endian.h"
#include <limits.h>

#define VERSION_TEXT(x) VERSION_TEXT_(x)
#define VERSION_TEXT_(x) #x

const char *kl_version(void) {
    return VERSION_TEXT(KL_VERSION_MAJOR) "." VERSION_TEXT(KL_VERSION_MINOR) "." VERSION_TEXT(KL_VERSION_PATCH);
}

/* Values come through volatile objects, so that the compiler cannot work the answers out at build time. */
static double self_check_product_sum(void) {
    volatile double vx = 1.0 + 0x1p-27, vy = 1.0 - 0x1p-27, vz = -1.0;
    double x = vx, y = vy, z = vz;
    return x * y + z; /* rounded twice: 1 - 2^-54 -> 1, so 0; fused: -2^-54 */
}

/* The same through a local, which some compilers fuse across statements where they spare single expressions. */
static double self_check_product_then_sum(void) {
    volatile double vx = 1.0 + 0x1p-27, vy = 1.0 - 0x1p-27, vz = -1.0;
    double x = vx, y = vy, z = vz, p = x * y;
    return p + z;
}

static double self_check_wide(void) {
    volatile double vone = 1.0, vtiny = 0x1p-53, vmore = 0x1p-54;
    double one = vone, tiny = vtiny, more = vmore;
    return ((one + tiny) + more) - one; /* in double: both sums round back to 1; wider: 2^-53 + 2^-54 */
}

static double self_check_order(void) {
    volatile double vbig = 0x1p60, vsmall = 1.0;
    double big = vbig, small = vsmall;
    return (big + small) - big; /* 0; a compiler that reorders gives 1 */
}

static double self_check_subnormal(void) {
    volatile double vleast = 0x1p-1022, vhalf = 0.5;
    double least = vleast, half = vhalf;
    return least * half; /* 0 where subnormals are flushed */
}

static double self_check_rounding(void) {
    volatile double vone = 1.0, vthree = 0x1.8p-53;
    double one = vone, three = vthree;
    return one + three; /* to nearest: 1 + 2^-52; toward zero: 1 */
}

kl_status kl_self_check(kl_error *error) {
    static const uint8_t bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    volatile uint64_t quiet_nan = UINT64_C(0x7FF8000000000000);
    double nan = kl__bits_double(quiet_nan);
    if (CHAR_BIT != 8 || sizeof(double) != 8 || sizeof(float) != 4 || DBL_MANT_DIG != 53 || FLT_RADIX != 2)
        return kl__fail(error, KL_E_BUILD, 0, 0, 0, "double is not the IEEE 754 binary64 type");
    if (sizeof(kl_i128) != 16 || sizeof(size_t) != sizeof(void *) || sizeof(kl_status) != 4)
        return kl__fail(error, KL_E_BUILD, 0, 0, 0, "types have other sizes than the library relies on");
    if (kl__load_u64(bytes) != UINT64_C(0x0807060504030201) || kl__double_bits(1.0) != UINT64_C(0x3FF0000000000000))
        return kl__fail(error, KL_E_BUILD, 0, 0, 0, "byte order of integers or doubles is not handled");
    if (self_check_product_sum() != 0.0 || self_check_product_then_sum() != 0.0)
        return kl__fail(error, KL_E_BUILD, 0, 0, 0, "products and sums are fused: compile with -ffp-contract=off");
    if (self_check_wide() != 0.0)
        return kl__fail(error, KL_E_BUILD, 0, 0, 0, "doubles are computed in wider registers (use -msse2 -mfpmath=sse) or reordered (no -ffast-math)");
    if (self_check_order() != 0.0 || nan == nan)
        return kl__fail(error, KL_E_BUILD, 0, 0, 0, "arithmetic is reordered: compile without -ffast-math");
    if (self_check_subnormal() != 0x1p-1023)
        return kl__fail(error, KL_E_BUILD, 0, 0, 0, "subnormal numbers are flushed to zero in this thread or build");
    if (self_check_rounding() != 1.0 + DBL_EPSILON)
        return kl__fail(error, KL_E_BUILD, 0, 0, 0, "the rounding mode is not to nearest in this thread");
    return KL_OK;
}
