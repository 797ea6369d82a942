/* Long-form references of rolling statistics: each taken from the values of one window as its definition says, in arithmetic of
 * 113 bits, with no state at all. Slow on purpose. */
#ifndef KL_TEST_WINDOW_REFERENCE_H
#define KL_TEST_WINDOW_REFERENCE_H
#include "reference.h"
#include "kline/window.h"

/* 64 bits of long double are too few to be a reference */
#if defined(__SIZEOF_FLOAT128__) || (defined(__LDBL_MANT_DIG__) && __LDBL_MANT_DIG__ >= 106)
#define REF_QUAD 1
#else
#define REF_QUAD 0
#endif

/* What a statistic is, and the magnitude that its error is counted in. */
typedef struct ref_value {
    int known;
    quad value;
    quad unit;   /* an error is |got - value| / unit; 0: every bit has to be right */
    double limit; /* a promise that holds here, in units; 0: ref_promise */
} ref_value;

/* The rows that belong to row k: first .. end-1, missing ones among them. */
typedef struct ref_rows {
    size_t first, end, slots;
    int full; /* 0: rows before the first are missing from a window by rows */
    int none; /* 1: with KL_ROLL_WHOLE, no period is over yet */
} ref_rows;

ref_rows ref_roll_rows(const kl_roll_spec *spec, const kl_time *time, size_t k);

/* Room for windows of up to `rows` rows. */
typedef struct ref_scratch ref_scratch;
ref_scratch *ref_scratch_new(size_t rows);
void ref_scratch_free(ref_scratch *scratch);

/* All statistics of the spec at row k of the columns; 0: one of them has no reference. */
int ref_roll(const kl_roll_spec *spec, const kl_time *time, const double *const *in, size_t k, ref_scratch *scratch,
             ref_value *values);

/* The greatest error that is promised, in units: 0 for exact ones. `w`: rows of the window. */
double ref_promise(int32_t what, double w);

/* What the unit is called in tables. */
const char *ref_unit_name(int32_t what);

static inline quad ref_ulp(quad x) { /* spacing of doubles at |x| */
    double d = fabs((double)x);
    if (!(d >= 0x1p-1022)) return (quad)0x1p-1074;
    if (!(d <= 0x1.fffffffffffffp1023)) d = 0x1.fffffffffffffp1023;
    int e;
    (void)frexp(d, &e);
    return (quad)ldexp(1.0, e - 53 < -1074 ? -1074 : e - 53);
}

#endif
