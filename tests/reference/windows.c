/* Statistics of windows as kinds: kl_roll has references of its own (window_reference.h), from one window at a time. */
#include "series.h"
/* names of helpers of windows that are names of references, too */
#define ref_abs windows_abs
#define ref_max windows_max
#define ref_sqrt windows_sqrt
#include "window_reference.h"
#undef ref_abs
#undef ref_max
#undef ref_sqrt

static void windows(int32_t what, size_t n_window, double q, double rule, double min_count, double ddof, const double *const *in, size_t n,
                    quad *const *out) {
    kl_roll_spec spec;
    ref_scratch *scratch = ref_scratch_new(n_window);
    ref_value value;
    const quad off = (q_rounded(1) - 1) * 0x1p52; /* errors are counted in units of the statistic, which may be its inputs' */
    kl_roll_spec_init(&spec, what, (int64_t)n_window);
    spec.min_count = min_count < (double)n_window ? (int64_t)min_count : (int64_t)n_window;
    spec.ddof = (int32_t)ddof;
    spec.stats[0].param = q, spec.stats[0].rule = (int32_t)rule;
    for (size_t k = 0; k < n; k++)
        if (ref_roll(&spec, NULL, in, k, scratch, &value) && value.known) out[0][k] = value.value + value.unit * off;
    ref_scratch_free(scratch);
}

#define REFERENCE(name, ...)                                                                          \
    void ref_##name(const double *p, const double *const *in, size_t n, quad *const *out) {           \
        windows(__VA_ARGS__, in, n, out);                                                             \
    }
#define WINDOW(name, what) REFERENCE(name, what, (size_t)p[0], 0, 0, p[1], 1)
#define WINDOW_DDOF(name, what) REFERENCE(name, what, (size_t)p[0], 0, 0, p[1], p[2])

WINDOW(sum, KL_ROLL_SUM)
WINDOW(mean, KL_ROLL_MEAN)
WINDOW_DDOF(var, KL_ROLL_VAR)
WINDOW_DDOF(std, KL_ROLL_STD)
WINDOW_DDOF(zscore, KL_ROLL_ZSCORE)
WINDOW_DDOF(skew, KL_ROLL_SKEW)
WINDOW_DDOF(kurt, KL_ROLL_KURT)
WINDOW(min, KL_ROLL_MIN)
WINDOW(max, KL_ROLL_MAX)
WINDOW(argmin, KL_ROLL_ARGMIN)
WINDOW(argmax, KL_ROLL_ARGMAX)
WINDOW(rangepos, KL_ROLL_RANGEPOS)
WINDOW(wsum, KL_ROLL_WSUM)
WINDOW(wmean, KL_ROLL_WMEAN)
WINDOW(slope, KL_ROLL_SLOPE)
WINDOW(intercept, KL_ROLL_INTERCEPT)
WINDOW(line, KL_ROLL_LINE)
WINDOW(line_r2, KL_ROLL_LINE_R2)
WINDOW(median, KL_ROLL_MEDIAN)
REFERENCE(quantile, KL_ROLL_QUANTILE, (size_t)p[0], p[1], p[2], p[3], 1)
REFERENCE(rank, KL_ROLL_RANK, (size_t)p[0], 0, p[1], p[2], 1)
REFERENCE(prank, KL_ROLL_PRANK, (size_t)p[0], 0, p[1], p[2], 1)
REFERENCE(count, KL_ROLL_COUNT, (size_t)p[0], 0, 0, 0, 1)
WINDOW_DDOF(cov, KL_ROLL_COV)
WINDOW(corr, KL_ROLL_CORR)
WINDOW(regbeta, KL_ROLL_REGBETA)
WINDOW(regalpha, KL_ROLL_REGALPHA)
WINDOW(reg_r2, KL_ROLL_REG_R2)
WINDOW(vwma, KL_ROLL_VWAP)
