/* The normal distribution: Cody's rational approximations of it, Wichura's of its quantile. */
#include "base/fp.h"
#include "base/number.h"
#include "base/roots.h"
#include "kline/stat.h"

/* top[0] + top[1] x + ... over 1 x^n + bottom[n-1] x^(n-1) + ... + bottom[0]: both have n + 1 terms. */
static double norm_ratio(const double *top, const double *bottom, size_t n, double x) {
    double t = top[n], b = 1;
    for (size_t k = n; k-- > 0;) {
        t = t * x + top[k];
        b = b * x + bottom[k];
    }
    return t / b;
}

/* e^(-y^2 / 2): y^2 is rounded, which far out costs many digits of the result, so it is taken apart. */
static double norm_bell(double y) {
    double coarse = floor(y * 16) / 16, rest = (y - coarse) * (y + coarse);
    return kl_exp(-coarse * coarse * 0.5) * kl_exp(-rest * 0.5);
}

double kl_norm_cdf(double x) {
    static const double near_top[5] = {18154.981253343561249, 1067.6894854603709582, 161.02823106855587881, 2.2352520354606839287,
                                       0.065682337918207449113};
    static const double near_bottom[4] = {45507.789335026729956, 10260.932208618978205, 976.09855173777669322, 47.20258190468824187};
    static const double mid_top[9] = {9842.7148383839780218, 11602.651437647350124, 6848.1904505362823326, 2494.5375852903726711,
                                      597.27027639480026226, 93.506656132177855979, 8.8831497943883759412, 0.39894151208813466764,
                                      1.0765576773720192317e-8};
    static const double mid_bottom[8] = {19685.429676859990727, 38912.003286093271411, 34900.952721145977266, 18615.571640885098091,
                                         6485.558298266760755, 1519.377599407554805, 235.38790178262499861, 22.266688044328115691};
    static const double far_top[6] = {2.9112874951168792e-5, 0.001421619193227893466, 0.022235277870649807, 0.1274011611602473639,
                                      0.21589853405795699, 0.02307344176494017303};
    static const double far_bottom[5] = {7.29751555083966205e-5, 0.00378239633202758244, 0.0659881378689285515, 0.468238212480865118,
                                         1.28426009614491121};
    const double root = 0.398942280401432677939946; /* 1 / sqrt(2 pi) */
    double y = fabs(x), tail;
    if (x != x) return (double)NAN;
    if (y <= 0.67448975) return 0.5 + x * norm_ratio(near_top, near_bottom, 4, x * x);
    if (y <= 5.65685424949238) {
        tail = norm_bell(y) * norm_ratio(mid_top, mid_bottom, 8, y);
    } else if (y < 40) {
        double z = 1 / (x * x);
        tail = norm_bell(y) * ((root - z * norm_ratio(far_top, far_bottom, 5, z)) / y);
    } else {
        tail = 0;
    }
    return x > 0 ? 1 - tail : tail;
}

double kl_norm_quantile(double p) {
    static const double near_top[8] = {3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
                                       45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727};
    static const double near_bottom[8] = {1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
                                          21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610};
    static const double mid_top[8] = {1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
                                      1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833,
                                      7.74545014278341407640e-4};
    static const double mid_bottom[8] = {1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
                                         0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4,
                                         1.05075007164441684324e-9};
    static const double far_top[8] = {6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
                                      0.0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
                                      2.01033439929228813265e-7};
    static const double far_bottom[8] = {1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525,
                                         7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
                                         2.04426310338993978564e-15};
    const double *top = near_top, *bottom = near_bottom;
    double q = p - 0.5, r, t = 0, b = 0;
    if (!(p >= 0 && p <= 1)) return (double)NAN;
    if (p == 0 || p == 1) return p == 0 ? -(double)INFINITY : (double)INFINITY;
    if (fabs(q) <= 0.425) {
        r = 0.180625 - q * q;
    } else {
        r = kl__sqrt(-kl_ln(q < 0 ? p : 1 - p));
        top = r <= 5 ? mid_top : far_top;
        bottom = r <= 5 ? mid_bottom : far_bottom;
        r -= r <= 5 ? 1.6 : 5;
    }
    for (size_t k = 8; k-- > 0;) {
        t = t * r + top[k];
        b = b * r + bottom[k];
    }
    if (fabs(q) <= 0.425) return q * (t / b);
    return q < 0 ? -(t / b) : t / b;
}
