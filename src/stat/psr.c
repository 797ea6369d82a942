/* How far a Sharpe ratio can be trusted: probabilistic, deflated, and the track record that it takes. */
#include "base/fp.h"
#include "base/number.h"
#include "base/roots.h"
#include "kline/stat.h"
#include "stat/known.h"

/* The variance of the estimate, times the number of returns less 1; NaN where it is not above 0. */
static double psr_variance(double sharpe, double skew, double kurtosis) {
    double v = 1 - skew * sharpe + (kurtosis - 1) / 4 * (sharpe * sharpe);
    return v > 0 && kl__known(v) ? v : (double)NAN;
}

double kl_psr(double sharpe, double benchmark, double n, double skew, double kurtosis) {
    if (!(n >= 2)) return (double)NAN;
    return kl_norm_cdf((sharpe - benchmark) * kl__sqrt(n - 1) / kl__sqrt(psr_variance(sharpe, skew, kurtosis)));
}

double kl_expected_max_sharpe(double variance, double trials) {
    const double euler = 0.577215664901532860606512, e = 2.718281828459045235360287;
    if (!(variance >= 0) || !(trials >= 1) || !kl__known(trials)) return (double)NAN;
    if (trials == 1) return 0;
    double most = (1 - euler) * -kl_norm_quantile(1 / trials) + euler * -kl_norm_quantile(1 / (trials * e));
    return kl__sqrt(variance) * most;
}

double kl_dsr(double sharpe, double n, double skew, double kurtosis, double variance, double trials) {
    return kl_psr(sharpe, kl_expected_max_sharpe(variance, trials), n, skew, kurtosis);
}

double kl_min_track_record(double sharpe, double benchmark, double skew, double kurtosis, double confidence) {
    double z = kl_norm_quantile(confidence), v = psr_variance(sharpe, skew, kurtosis), over = sharpe - benchmark;
    if (v != v || z != z || over != over) return (double)NAN;
    if (!(over > 0)) return (double)INFINITY;
    return 1 + v * (z / over) * (z / over);
}
