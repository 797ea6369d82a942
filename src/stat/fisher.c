/* Fisher's exact test of a two by two table, and the false discovery rate of many tests. */
#include "base/fp.h"
#include "base/number.h"
#include "base/roots.h"
#include "base/size.h"
#include "kline/stat.h"
#include "stat/known.h"

/* ln(n!) less Stirling's ln(sqrt(2 pi n) (n/e)^n): what is left never cancels. */
static double fisher_stirling(double n) {
    static const double first[16] = {0,
                                     0.0810614667953272582, 0.0413406959554092941, 0.0276779256849983391, 0.0207906721037650931,
                                     0.0166446911898211921, 0.0138761288230707480, 0.0118967099458917700, 0.0104112652619720965,
                                     0.00925546218271273292, 0.00833056343336287126, 0.00757367548795184079, 0.00694284010720952987,
                                     0.00640899418800420707, 0.00595137011275884774, 0.00555473355196280137};
    if (n <= 15) return first[(size_t)n];
    double q = 1 / (n * n);
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188) * q) * q) * q) * q) / n;
}

/* x ln(x / m) + m - x, also where x is close to m. */
static double fisher_deviance(double x, double m) {
    if (fabs(x - m) >= 0.1 * (x + m)) return x * kl_ln(x / m) + m - x;
    double v = (x - m) / (x + m), s = (x - m) * v, term = 2 * x * v, last;
    for (double k = 3;; k += 2) {
        term *= v * v;
        last = s;
        s += term / k;
        if (s == last) return s;
    }
}

/* The probability of x hits in n, each with p = 1 - q (Loader 2000). */
static double fisher_binomial(double x, double n, double p, double q) {
    if (x == 0 || x == n) {
        double with = x == 0 ? q : p, without = x == 0 ? p : q; /* with^n by the deviance, so that with near 1 loses nothing */
        if (n == 0) return 1;
        return kl_exp(without < 0.1 ? -fisher_deviance(n, n * with) - n * without : n * kl_ln(with));
    }
    double exponent = fisher_stirling(n) - fisher_stirling(x) - fisher_stirling(n - x) - fisher_deviance(x, n * p) -
                      fisher_deviance(n - x, n * q);
    const double two_pi = 6.283185307179586476925287;
    return kl_exp(exponent) / kl__sqrt(two_pi * x * ((n - x) / n));
}

/* Of a table with these margins: the probability of this a. */
static double fisher_at(double a, double row, double column, double n) {
    double p = row / n, q = (n - row) / n;
    if (row == 0 || row == n) return 1;
    return fisher_binomial(a, column, p, q) * (fisher_binomial(row - a, n - column, p, q) / fisher_binomial(row, n, p, q));
}

double kl_fisher_exact(uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
    const uint64_t most = UINT64_C(1) << 53;
    if (a > most || b > most || c > most || d > most || a + b + c + d > most) return (double)NAN;
    double row = (double)(a + b), column = (double)(a + c), n = (double)(a + b + c + d), k = (double)a;
    if (n == 0) return 1;
    int above = k * n > row * column; /* beyond the mean the tail is summed, before it what the tail leaves out */
    if (!above) k -= 1;
    double least = row + column > n ? row + column - n : 0, greatest = row < column ? row : column;
    if (!above && k < least) return 1;
    double term = fisher_at(k, row, column, n), sum = term;
    while (above ? k < greatest : k > least) {
        double up = (row - k) * (column - k), down = (k + 1) * (n - row - column + k + 1);
        if (!above) up = k * (n - row - column + k), down = (row - k + 1) * (column - k + 1);
        term *= up / down;
        k += above ? 1 : -1;
        if (!(term > sum * 0x1p-60)) break;
        sum += term;
    }
    sum = sum < 1 ? sum : 1;
    return above ? sum : 1 - sum;
}

kl_status kl_benjamini_hochberg(const double *p, size_t n, const kl_alloc *alloc, double *q) {
    size_t bytes;
    if ((!p || !q) && n > 0) return KL_E_ARG;
    for (size_t i = 0; i < n; i++)
        if (!(p[i] >= 0 && p[i] <= 1)) return KL_E_ARG;
    if (n == 0) return KL_OK;
    if (!alloc) alloc = kl_alloc_libc();
    if (kl__size_mul(n, sizeof(size_t), &bytes)) return KL_E_MEMORY;
    size_t *order = (size_t *)alloc->take(alloc->ctx, bytes);
    if (!order) return KL_E_MEMORY;
    kl_drawdown_rank(p, n, order);
    double least = 1;
    for (size_t i = n; i-- > 0;) {
        double rate = p[order[i]] * ((double)n / (double)(i + 1));
        if (rate < least) least = rate;
        q[order[i]] = least;
    }
    alloc->give(alloc->ctx, order, bytes);
    return KL_OK;
}
