/* Published bugs of other libraries' rolling statistics, by name: the input that broke them, and what has to come out. Each
 * column is also compared row by row with the long-form reference, and with a window that never saw the rows before it. */
#include "base/fp.h"
#include "market_data.h"
#include "window_reference.h"
#include "window_run.h"

#define N_A ((double)NAN)
#define X(...) (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double)
#define Y(...) (const double[]){__VA_ARGS__}
#define FLAT10(v) v, v, v, v, v, v, v, v, v, v

typedef struct bug {
    const char *name;
    int32_t what;
    int64_t rows, min_count;
    int32_t ddof;
    const double *x;
    size_t n;
    const double *y;
    size_t row;       /* where it went wrong */
    double want, off; /* NaN: unknown; off: relative, 0 for the very bits */
} bug;

static const bug bugs[] = {
    /* a large value has left, its rounding stays */
    {"pandas 28244", KL_ROLL_STD, 5, 3, 1, X(9.54e8, 6.225e-1, N_A, 0, 1.14, 0), NULL, 5, 0.55090975894423944, 1e-14},
    {"pandas 42064", KL_ROLL_STD, 10, 0, 1, X(1000, FLAT10(0), FLAT10(0), FLAT10(0)), NULL, 30, 0, 0},
    {"pandas 44640", KL_ROLL_STD, 3, 0, 1, X(0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0), NULL, 10, 0, 0},
    {"pandas 46049", KL_ROLL_STD, 5, 0, 1, X(-3, -3, -4, -5, -4, -3, -4, -4, -3, -4, -3, -4, -3, -2, -2, -3, -2, -2, -3, -3, -4, -4, -4, -4, -4, -5, -5, -5, -5, -5), NULL, 29, 0, 0},
    {"pandas 47721", KL_ROLL_STD, 6, 0, 1, X(1, -1, 0, 1, 3, 2, -2, 10000000000, 1, 2, 0, -2, 1, 3, 0, 1), NULL, 15, 1.6431676725154984, 1e-15},
    {"pandas 48950", KL_ROLL_STD, 3, 0, 1, X(100000.0, 0.1, 0.2, 0.3, 0.4), NULL, 4, 0.1, 1e-14},
    {"pandas 54518", KL_ROLL_STD, 2, 0, 1, X(1.2e3, 1.3e17, 1.5e17, 1.995e3, 1.990e3), NULL, 4, 3.5355339059327376, 1e-15},
    {"pandas 61071", KL_ROLL_SUM, 3, 0, 1, X(0.1, 0.2, 0.3, 1e15, 0.25, 0.5, 0.125), NULL, 6, 0.875, 0},
    {"pandas 24208", KL_ROLL_SUM, 7, 0, 1, X(123.0, 0, 1.123456789, 0, 0, 0, 0, 0, 0, 0), NULL, 9, 0, 0},
    {"pandas 19308", KL_ROLL_SUM, 2, 0, 1, X(1.0001, 1.0001, 1.0001, 1.0001, 1.0001, 0, 0, 0, 0, 0), NULL, 9, 0, 0},
    {"pandas 6817 (Welford)", KL_ROLL_VAR, 4, 0, 1, X(1e9, 1, 2, 3, 4), NULL, 4, 5.0 / 3.0, 1e-15},
    {"polars 24738", KL_ROLL_SUM, 2, 0, 1, X(2.06, 0.888889, 0, 0, 0, 0), NULL, 5, 0, 0},
    {"polars 21677 mean", KL_ROLL_MEAN, 5, 0, 1, X(1.0, 1e-7, 0, 0, 0, 0, 0, 0, 0, 0), NULL, 9, 0, 0},
    {"polars 21677 var", KL_ROLL_VAR, 5, 0, 1, X(1.0, 1e-7, 0, 0, 0, 0, 0, 0, 0, 0), NULL, 5, 2e-15, 1e-15},
    {"polars 21677 std", KL_ROLL_STD, 5, 0, 1, X(1.0, 1e-7, 0, 0, 0, 0, 0, 0, 0, 0), NULL, 9, 0, 0},
    {"polars 11146", KL_ROLL_MEAN, 3, 0, 1, X(0, 290.57, 107, 172, 0.07, 0, 0, 0), NULL, 7, 0, 0},
    {"polars 22936", KL_ROLL_MEAN, 5, 1, 1, X(5.63966605e-05, 5.97858889e-05, 5.84967784e-05, 9.24392344e+04, 5.20393951e-05, 5.19272326e-05, 4.18911623e-05, 4.23079109e-05, 4.28866042e-05), NULL, 8, 4.621046102e-05, 1e-9},
    {"polars 28290", KL_ROLL_KURT, 10, 0, 0, X(5000.0, 0.01, -0.02, 0.015, 0.005, -0.01, 0.02, 0.01, -0.03, 0.0, 0.01, 0.01, -0.02, 0.015, 0.005, -0.01, 0.02, 0.01, -0.03, 0.0, 0.01), NULL, 20, -0.5868945868945872, 1e-14},
    {"polars 22476 kurt", KL_ROLL_KURT, 5, 0, 1, X(0.0, -0.000875, 0, 0, 0.000438, 0.001751, -0.000437, 0.002186, -0.003927, -0.003942, 0.00044, -0.00044, 0.00088, 0.000879, 0.000878, 0.000877, 0.000876), NULL, 16, -1.2, 1e-9},
    {"bottleneck 164", KL_ROLL_STD, 3, 0, 1, X(1e9, 1e9, 1e9, 1e9, 1e9, 1, 0, 1, 0, 1), NULL, 9, 0.57735026918962573, 1e-15},
    {"bottleneck 377", KL_ROLL_MEAN, 3, 0, 1, X(1.9272201201869577, 0, 0, 0), NULL, 3, 0, 0},
    {"bottleneck 437", KL_ROLL_MEAN, 1, 1, 1, X(0.008196721311475436, -0.01626016260162607, 0.012396694214876205, -0.016326530612245076), NULL, 3, -0.016326530612245076, 0},
    {"polars 24743", KL_ROLL_SUM, 3, 0, 1, X(1e16, 1, -1e16, 0x1p-30, 0, 0, 0), NULL, 6, 0, 0},
    {"pandas 41740", KL_ROLL_VAR, 3, 0, 1, X(1e8, 1e8 + 1, 1e-8, 1e-8, 1e-8, 1e-8), NULL, 5, 0, 0},
    {"pandas 37398", KL_ROLL_STD, 3, 0, 1, X(1e15, 7, 7, 7, 7.5, 8), NULL, 5, 0.5, 1e-15},
    {"pandas 55343", KL_ROLL_VAR, 4, 0, 1, X(3e12, -3e12, 1e-6, 2e-6, 3e-6, 4e-6), NULL, 5, 5.0 / 3.0 * 1e-12, 1e-14},
    {"numbagg 769 var", KL_ROLL_VAR, 5, 0, 1, X(1e15 + 1, 1e15 + 2, 1e15 + 3, 1e15 + 4, 1e15 + 5, 1e15 + 6), NULL, 5, 2.5, 0},
    {"numbagg 769 corr", KL_ROLL_CORR, 4, 0, 1, X(1e15, 1e15 + 1, 1e15 + 2, 1e15 + 3), Y(5, 4, 3, 2), 3, -1, 1e-15},
    {"numbagg 769 holes", KL_ROLL_COV, 4, 2, 1, X(1e12 + 1, N_A, 1e12 + 2, 1e12 + 3), Y(2, 9, 4, 6), 3, 2, 0},
    {"data.table 7361", KL_ROLL_STD, 3, 0, 1, X(1e6 + 0.1, 1e6 + 0.3, 0.1, 0.1, 0.1, 0.1), NULL, 5, 0, 0},
    {"polars 28368", KL_ROLL_MEDIAN, 3, 2, 1, X(N_A, 3, N_A, 1, 2, N_A), NULL, 5, 1.5, 0},
    {"polars 28368 least", KL_ROLL_MIN, 3, 1, 1, X(N_A, 3, N_A, 1, 2, N_A), NULL, 2, 3, 0},
    /* variance below zero, or not zero where all are equal */
    {"pandas 52407", KL_ROLL_VAR, 3, 0, 1, X(0, 0, 3.16188252e-18, 2.95781651e-16, 2.23153542e-51, 0, 0, 5.39943432e-48, 1.38206260e-73, 0), NULL, 6, 1.65991678e-102, 1e-8},
    {"polars 5197", KL_ROLL_STD, 5, 0, 1, X(1.2, 1.2, 1.2, 1.2, 3.3, 3.3, 3.3, 3.3, 3.3, 3.3, 3.3), NULL, 10, 0, 0},
    {"polars 12905", KL_ROLL_STD, 12, 2, 1, X(FLAT10(36743.6)), NULL, 9, 0, 0},
    {"polars 9383", KL_ROLL_STD, 3, 0, 1, X(1574669000, 1574669000, 1976946000, 2313781000, 2313781000, 2295767000, 2295767000, 2306270000, 2306270000, 2257469000, 2219556000, 2219556000, 2169984000, 2169984000, 2820376000, 2820376000, 2820376000), NULL, 16, 0, 0},
    {"rolling 20", KL_ROLL_STD, 3, 0, 1, X(138, 136, 137, 137, 135, 136, 135, 135, 135), NULL, 8, 0, 0},
    {"polars 8167", KL_ROLL_STD, 4, 0, 1, X(0.792, 0, 2.014, 0.496, 0.325, 0, 0, 0, 0, 0, 1.027), NULL, 9, 0, 0},
    {"polars 20076", KL_ROLL_STD, 3, 1, 1, X(1, 2, N_A, 4), NULL, 0, N_A, 0},
    {"TA-Lib 118", KL_ROLL_STD, 5, 0, 0, X(1e8 - 2, 1e8 + 2, 1e8 - 1, 1e8, 1e8 + 1, 1e8 - 2), NULL, 5, 1.4142135623730951, 1e-15},
    {"TA-Lib 202", KL_ROLL_VAR, 4, 0, 0, X(3.1e-5, 3.25e-5, 3.18e-5, 3.2e-5, 3.2e-5, 3.2e-5, 3.2e-5, 3.2e-5), NULL, 7, 0, 0},
    {"ClickHouse 10532", KL_ROLL_VAR, 4, 1, 1, X(0.1, N_A, 0.1, 0.1, N_A, 0.1, 0.1), NULL, 6, 0, 0},
    /* thresholds that take small prices for none */
    {"pandas 37051, 38874", KL_ROLL_STD, 10, 0, 0, X(1e-8, -1.1e-8, 1.2e-8, -1.1e-8, 1e-8, -1.1e-8, 1.2e-8, -1.1e-8, 1e-8, -1.1e-8, 1.2e-8), NULL, 9, 1.0922e-8, 1e-4},
    {"pandas 39872", KL_ROLL_STD, 2, 0, 1, X(5.4e-7, 5.3e-7, 5.4e-7), NULL, 2, 7.0710678e-9, 1e-7},
    {"pandas 40448", KL_ROLL_STD, 3, 0, 1, X(5e-8, 5e-8, 6e-8, 7e-8, 5e-8, 2e-8, 5e-8), NULL, 5, 2.5166114784235833e-8, 1e-14},
    {"TA-Lib 243", KL_ROLL_STD, 5, 0, 0, X(1.97e-6, 1.95e-6, 1.98e-6, 1.99e-6, 1.96e-6), NULL, 4, 1.4142135623730951e-8, 1e-12},
    {"ta-lib-python 151, 157", KL_ROLL_STD, 5, 0, 0, X(1.467e-5, 1.465e-5, 1.466e-5, 1.467e-5, 1.466e-5), NULL, 4, 7.483314773547883e-9, 1e-10},
    {"pandas 62946", KL_ROLL_SKEW, 4, 0, 1, X(1e-9, -2e-9, 1e-9, 4e-9), NULL, 3, 0, 1e-13},
    /* skewness and kurtosis */
    {"pandas 18044 skew", KL_ROLL_SKEW, 10, 0, 1, X(FLAT10(1.1), 1.1, 1.1), NULL, 11, N_A, 0},
    {"pandas 18044 kurt", KL_ROLL_KURT, 10, 0, 1, X(FLAT10(1.1), 1.1, 1.1), NULL, 11, N_A, 0},
    {"pandas 11974", KL_ROLL_KURT, 10, 0, 1, X(FLAT10(3075.3)), NULL, 9, N_A, 0},
    {"pandas 62864 skew", KL_ROLL_SKEW, 5, 0, 1, X(FLAT10(42)), NULL, 9, N_A, 0},
    {"pandas 62864 kurt", KL_ROLL_KURT, 5, 0, 1, X(FLAT10(42)), NULL, 9, N_A, 0},
    {"pandas 47461 skew", KL_ROLL_SKEW, 10, 0, 1, X(-2, 2, -2, -2, 7729964027, 7729965641, 7729965103, 7729966179, 7729968330, 7729969406, 7729971020, 7729969406, 7729969944, 7729969406, 7729969406, 7729969944, 7729971558, 7729972633, 7729973171, 7729973171, 7729973171, 7729969406), NULL, 21, 0.16889762763904356, 1e-13},
    {"pandas 47461 kurt", KL_ROLL_KURT, 10, 0, 1, X(-2, 2, -2, -2, 7729964027, 7729965641, 7729965103, 7729966179, 7729968330, 7729969406, 7729971020, 7729969406, 7729969944, 7729969406, 7729969406, 7729969944, 7729971558, 7729972633, 7729973171, 7729973171, 7729973171, 7729969406), NULL, 21, -2.198110595961745, 1e-13},
    {"pandas 61416", KL_ROLL_KURT, 4, 0, 1, X(1e6, -1e6, 3, 1, 4, 1.5, 2), NULL, 6, 2.2348671795616202, 1e-13},
    {"pandas 69037 skew", KL_ROLL_SKEW, 3, 0, 1, X(5, N_A, N_A, 2, 4, 6), NULL, 5, 0, 0},
    {"pandas 69037 kurt", KL_ROLL_KURT, 4, 0, 1, X(5, N_A, N_A, N_A, 2, 4, 6, 9), NULL, 7, -0.416106, 1e-5},
    {"pandas 68934", KL_ROLL_KURT, 4, 0, 1, X(7, 1e8, 1e8 + 0x1p-26, 1e8, 1e8 + 0x1p-25), NULL, 4, -1.2892561983471074, 1e-12},
    {"pandas 6929 skew", KL_ROLL_SKEW, 4, 0, 1, X(5000.0 + 0x1p-7, 5000.0 + 0x1p-9, 5000.0 + 0x1p-5, 5000.0 + 0x3p-8, 5000.0 + 0x5p-7), NULL, 4, -0.096727471116025934, 1e-12},
    /* an empty window poisons those that follow; infinities stay */
    {"pandas 66243 cov", KL_ROLL_COV, 2, 0, 1, X(1, 10, 20, 30), Y(1, N_A, 20, 30), 3, 50, 0},
    {"pandas 66243 corr", KL_ROLL_CORR, 2, 0, 1, X(1, 10, 20, 30), Y(1, N_A, 20, 30), 3, 1, 1e-15},
    {"polars 21758", KL_ROLL_STD, 7, 4, 1, X(1, N_A, N_A, N_A, N_A, N_A, 2, 3, 4, N_A, N_A, 5, 6, 7), NULL, 12, 1.5811388300841898, 1e-15},
    {"polars 12682", KL_ROLL_MEAN, 2, 0, 1, X(1, HUGE_VAL, 2, -HUGE_VAL, 3, 4), NULL, 5, 3.5, 0},
    {"polars 18919", KL_ROLL_MEAN, 2, 0, 1, X(-14825246.403508764, HUGE_VAL, 16647539.151514877, -26376644.444444254), NULL, 3, -4864552.6464646887, 1e-15},
    {"polars 23115", KL_ROLL_MEAN, 3, 1, 1, X(N_A, 1, 3, N_A, 5, 6, 7, 8), NULL, 6, 6, 0},
    {"pandas 41053", KL_ROLL_MEAN, 3, 1, 1, X(0.005, 0.2, N_A, N_A, N_A, 0.2), NULL, 4, N_A, 0},
    {"bottleneck 111", KL_ROLL_MEDIAN, 3, 0, 1, X(1, 2, HUGE_VAL, 3, 4, 5), NULL, 5, 4, 0},
    {"bottleneck 111, greatest doubles", KL_ROLL_MEDIAN, 3, 1, 1, X(FLAT10(0x1.fffffffffffffp1023)), NULL, 9, N_A, 0},
    {"polars 10030", KL_ROLL_MEDIAN, 4, 0, 1, X(3, 1, 2, 10), NULL, 3, 2.5, 0},
    {"TA-Lib 147", KL_ROLL_MIN, 3, 0, 1, X(0.0, -0.0, 0.0, -0.0, -0.0), NULL, 4, 0, 0},
    /* correlations */
    {"pandas 18430", KL_ROLL_CORR, 6, 0, 1, X(1, 1, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0), Y(1, 1, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0), 9, N_A, 0},
    {"pandas 24019 corr", KL_ROLL_CORR, 5, 0, 1, X(1e5, 0, 0, 0, 0), Y(9.45, 9.45, 9.45, 9.45, 9.45), 4, N_A, 0},
    {"pandas 24019 cov", KL_ROLL_COV, 5, 0, 1, X(1e5, 0, 0, 0, 0), Y(9.45, 9.45, 9.45, 9.45, 9.45), 4, 0, 0},
    {"pandas 26542", KL_ROLL_CORR, 3, 0, 1, X(1, 3, 4, 2, 452, 2, 4, 1, 4, 3, 1, 4, 31, 57, 8, 9), Y(1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5), 9, N_A, 0},
    {"pandas 29264", KL_ROLL_CORR, 5, 0, 1, X(0.125, 0.625, 0.5, 0.8125, 0.1875), Y(0.2, 0.2, 0.2, 0.2, 0.2), 4, N_A, 0},
    {"pandas 37448", KL_ROLL_CORR, 3, 0, 1, X(0.42, 0.42, 0.42), Y(0.1, 0.1, 0.1), 2, N_A, 0},
    {"pandas 59652", KL_ROLL_CORR, 2, 0, 1, X(30.0, 30.100000381469727), Y(116.80000305175781, 116.8000030517578), 1, -1, 1e-15},
    {"pandas 61120", KL_ROLL_CORR, 2, 0, 1, X(0, 1), Y(1.35951, 1.3595100000000007), 1, 1, 1e-15},
    {"pandas 66678 corr", KL_ROLL_CORR, 3, 0, 1, X(1, 2, 1e12, 1e7, 6, 5, 8, 7), Y(2, 1, 3, -1e12, 4, 7, 6, 9), 7, -1.0 / 7.0, 1e-14},
    {"pandas 66678 cov", KL_ROLL_COV, 3, 0, 1, X(1, 2, 1e12, 1e7, 6, 5, 8, 7), Y(2, 1, 3, -1e12, 4, 7, 6, 9), 7, -1.0 / 3.0, 1e-14},
    {"polars 22099", KL_ROLL_CORR, 5, 0, 1, X(5, 2.5, 3.5, 5, 3.5, 5, 4, 5, 5, 5, 5, 5, 5, 4), Y(3, 1, 2, 1, 3, 5, 4, 3, 2, 5, 5, 4, 4, 2), 11, N_A, 0},
    {"polars 21491", KL_ROLL_CORR, 3, 2, 1, X(1e7, 3e7, 1, 1, 1, 1), Y(5, 7, 2, 3, 4, 1), 5, N_A, 0},
    {"polars 27013", KL_ROLL_CORR, 5, 0, 0, X(1, 2, 3, 4, 5), Y(10, 20, 30, 40, 50), 4, 1, 1e-15},
    {"QuestDB 7188", KL_ROLL_CORR, 2, 0, 1, X(1e153, -1e153), Y(1e153, -1e153), 1, 1, 1e-15},
    {"QuestDB 7313", KL_ROLL_CORR, 2, 0, 1, X(1e-150, -1e-150), Y(1e-150, -1e-150), 1, 1, 1e-15},
    {"presto 8632", KL_ROLL_CORR, 4, 0, 1, X(1, 2, 3, 4), Y(8, 6, 4, 2), 3, -1, 1e-15},
    {"TA-Lib 242 small", KL_ROLL_CORR, 5, 0, 1, X(1.97e-6, 1.971e-6, 1.969e-6, 1.972e-6, 1.97e-6), Y(3.94e-6, 3.942e-6, 3.938e-6, 3.944e-6, 3.94e-6), 4, 1, 1e-15},
    {"TA-Lib 242 at 100", KL_ROLL_CORR, 5, 0, 1, X(100, 100 + 0x1p-40, 100 - 0x1p-41, 100 + 0x3p-41, 100), Y(7, 7 + 0x1p-39, 7 - 0x1p-40, 7 + 0x3p-40, 7), 4, 1, 1e-15},
    {"numpy 7392", KL_ROLL_CORR, 3, 0, 1, X(0.1, 0.7, 0.3), Y(0.1, 0.7, 0.3), 2, 1, 1e-15},
};

static int matches(double got, double want, double off) {
    if (isnan(want)) return isnan(got);
    return isfinite(got) && (off > 0 ? fabs(got - want) <= off * (want != 0 ? fabs(want) : 1.0) : bits_of(got) == bits_of(want));
}

static void test_table(void **state) {
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < sizeof bugs / sizeof *bugs; i++) {
        const bug *b = &bugs[i];
        kl_roll_stat stat = {b->what, 0, 0};
        kl_roll_spec spec = spec_of(b->rows, b->ddof, b->min_count, &stat, 1);
        double **out = outputs_new(b->n), **alone = outputs_new(b->n);
        const double *in[2] = {b->x, b->y ? b->y : b->x};
        ref_scratch *scratch = ref_scratch_new(b->n);
        roll_all(&spec, NULL, in, b->n, 0, out);
        if (!matches(out[0][b->row], b->want, b->off))
            print_error("%s: %s is %.17g and must be %.17g\n", b->name, stat_text(&stat), out[0][b->row], b->want), failed++;
        for (size_t k = 0; k < b->n; k++) {
            ref_value want;
            if (!is_canonical(out[0][k])) print_error("%s: row %zu is not canonical\n", b->name, k), failed++;
            if (REF_QUAD) {
                assert_true(ref_roll(&spec, NULL, in, k, scratch, &want));
                double promise = ref_promise(b->what, (double)b->rows) * (double)want.unit;
                if (want.known != (isfinite(out[0][k]) != 0) || (want.known && ref_abs((quad)out[0][k] - want.value) > promise))
                    print_error("%s: row %zu is %.17g, the reference %s%.17g\n", b->name, k, out[0][k], want.known ? "" : "unknown ", (double)want.value), failed++;
            }
            size_t from = k + 1 > (size_t)b->rows ? k + 1 - (size_t)b->rows : 0; /* nothing before the window */
            const double *only[2] = {in[0] + from, in[1] + from};
            roll_all(&spec, NULL, only, k + 1 - from, 0, alone);
            if (bits_of(alone[0][k - from]) != bits_of(out[0][k]))
                print_error("%s: row %zu is %.17g, without what came before %.17g\n", b->name, k, out[0][k], alone[0][k - from]), failed++;
        }
        ref_scratch_free(scratch);
        outputs_free(out), outputs_free(alone);
    }
    assert_int_equal(failed, 0);
    printf("count: %zu published bugs as fixtures\n", sizeof bugs / sizeof *bugs);
}

/* ---------------------------------------------------------------------------------------------- the longer ones --- */

static double last_of(int32_t what, int64_t rows, int32_t ddof, const double *x, const double *y, size_t n) {
    kl_roll_stat stat = {what, 0, 0};
    kl_roll_spec spec = spec_of(rows, ddof, 0, &stat, 1);
    double *out = (double *)malloc(n * sizeof *out), *place[1] = {out}, last;
    const double *in[2] = {x, y};
    assert_non_null(out);
    roll_all(&spec, NULL, in, n, 0, place);
    last = out[n - 1];
    free(out);
    return last;
}

/* pandas 60053, 53289, polars 21358: the same last window gave three answers for three beginnings. */
static void test_beginnings(void **state) {
    (void)state;
    enum { N = 40000 };
    static double x[N];
    uint64_t seed = 60053;
    double scale = 1e11;
    for (size_t k = 0; k < N; k++, scale = scale > 0.7 ? scale * 0.999 : scale) x[k] = scale * data_normal(&seed);
    static const size_t begin[] = {0, 1, N - 35785, N - 35784, N - 5000, N - 1001, N - 1000};
    static const int32_t whats[] = {KL_ROLL_STD, KL_ROLL_MEAN, KL_ROLL_SKEW, KL_ROLL_KURT, KL_ROLL_ZSCORE, KL_ROLL_SUM};
    for (size_t s = 0; s < sizeof whats / sizeof *whats; s++) {
        double want = last_of(whats[s], 1000, 1, x + N - 1000, x, 1000);
        assert_true(isfinite(want));
        for (size_t b = 0; b < sizeof begin / sizeof *begin; b++)
            assert_true(bits_of(last_of(whats[s], 1000, 1, x + begin[b], x, N - begin[b])) == bits_of(want));
    }
}

/* numpy 32446, 5080, pandas 67023: long constant columns; the mean of equal values is the value. bottleneck 462: long sums. */
static void test_long_constants(void **state) {
    (void)state;
    enum { N = 1 << 16 };
    static double x[N], y[N];
    static const double pairs[][2] = {{1.810, 0.576}, {282490517428.0, 0.1}, {3.2e-5, 1e300}};
    static const int64_t lengths[] = {3, 400, 1372, 1448, N};
    for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
        for (size_t k = 0; k < N; k++) x[k] = pairs[p][0], y[k] = pairs[p][1];
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            int64_t w = lengths[l];
            size_t n = (size_t)w;
            assert_true(isnan(last_of(KL_ROLL_CORR, w, 1, x, y, n)));
            assert_true(last_of(KL_ROLL_COV, w, 1, x, y, n) == 0);
            assert_true(last_of(KL_ROLL_MEAN, w, 1, x, y, n) == x[0]);
            assert_true(last_of(KL_ROLL_MEAN, w, 1, y, x, n) == y[0]);
            const double sum = last_of(KL_ROLL_SUM, w, 1, x, y, n), exact = (double)w * x[0]; /* rounded once; the sum at every level */
            assert_true(fabs(sum - exact) <= 17 * 0x1p-52 * exact);
            assert_true(last_of(KL_ROLL_STD, w, 1, x, y, n) == 0);
            assert_true(last_of(KL_ROLL_SLOPE, w, 1, x, y, n) == 0);
            assert_true(last_of(KL_ROLL_WMEAN, w, 1, x, y, n) == x[0] || fabs(last_of(KL_ROLL_WMEAN, w, 1, x, y, n) - x[0]) <= 2e-16 * x[0]);
            assert_true(isnan(last_of(KL_ROLL_ZSCORE, w, 1, x, y, n)) && isnan(last_of(KL_ROLL_KURT, w, 1, x, y, n)));
            assert_true(last_of(KL_ROLL_VWAP, w, 1, x, x, n) == x[0]);
        }
    }
}

/* pandas 46726, 47814: least and greatest values of windows whose length changes. Here by time. */
static void test_changing_windows(void **state) {
    (void)state;
    enum { N = 400 };
    static double x[N];
    static kl_time time[N];
    static const kl_roll_stat stats[] = {{KL_ROLL_MIN, 0, 0}, {KL_ROLL_MAX, 0, 0}, {KL_ROLL_ARGMIN, 0, 0}, {KL_ROLL_ARGMAX, 0, 0}, {KL_ROLL_MEDIAN, 0, 0},
                                         {KL_ROLL_STD, 0, 0}, {KL_ROLL_COUNT, 0, 0}};
    uint64_t seed = 46726;
    kl_time t = 0;
    for (size_t k = 0; k < N; k++) {
        t += 1 + (kl_time)random_below(&seed, random_below(&seed, 3) ? 3 : 12);
        time[k] = t, x[k] = (double)random_below(&seed, 9) - (double)(k / 8 % 5);
    }
    kl_roll_spec spec = spec_of(64, 1, 0, stats, sizeof stats / sizeof *stats);
    spec.span_us = 10;
    double **out = outputs_new(N);
    const double *in[2] = {x, x};
    roll_all(&spec, time, in, N, 0, out);
    for (size_t k = 0; k < N; k++) {
        double least = HUGE_VAL, greatest = -HUGE_VAL;
        size_t n = 0, at_least = 0, at_greatest = 0;
        for (size_t j = k + 1; j-- > 0 && time[j] > time[k] - 10; n++) {
            if (x[j] < least) least = x[j], at_least = k - j;
            if (x[j] > greatest) greatest = x[j], at_greatest = k - j;
        }
        assert_true(out[0][k] == least && out[1][k] == greatest);
        assert_true(out[2][k] == (double)at_least && out[3][k] == (double)at_greatest);
        assert_true(out[6][k] == (double)n);
        const double *window = x + (k + 1 - n);
        double sum = 0, square = 0; /* small whole numbers: exact */
        size_t below = 0, above = 0;
        for (size_t j = 0; j < n; j++) {
            sum += window[j], square += window[j] * window[j];
            below += window[j] < out[4][k], above += window[j] > out[4][k];
        }
        assert_true(2 * below <= n && 2 * above <= n && floor(2 * out[4][k]) == 2 * out[4][k]);
        if (n % 2) {
            size_t equal = n - below - above;
            assert_true(equal > 0);
        }
        if (n < 2) {
            assert_true(isnan(out[5][k]));
        } else {
            const double m = (double)n, want = sqrt((m * square - sum * sum) / (m * (m - 1)));
            assert_true(want == 0 ? out[5][k] == 0 : fabs(out[5][k] - want) <= 1e-14 * want);
        }
    }
    outputs_free(out);
}

/* bottleneck 462: long sums. Of whole numbers they are exact, and of others as near as the levels allow. */
static void test_long_sums(void **state) {
    (void)state;
    enum { N = 200000, W = 100000 };
    static double x[N], y[N];
    const double *in[2] = {x, y}, *parts[2] = {y, x};
    const kl_roll_stat stat = {KL_ROLL_SUM, 0, 0};
    kl_roll_spec spec = spec_of(W, 1, 0, &stat, 1);
    double **out = outputs_new(N), **tenths = outputs_new(N);
    uint64_t seed = 462;
    for (size_t k = 0; k < N; k++) x[k] = (double)random_below(&seed, 1u << 30), y[k] = 0.1;
    roll_all(&spec, NULL, in, N, 0, out);
    roll_all(&spec, NULL, parts, N, 0, tenths);
    int64_t sum = 0;
    for (size_t k = 0; k < N; k++) {
        sum += (int64_t)x[k] - (k >= W ? (int64_t)x[k - W] : 0);
        if (k + 1 < W) continue;
        assert_true(out[0][k] == (double)sum);
        assert_true(fabs(tenths[0][k] - 10000.0) <= 17 * 0x1p-53 * 10000.0);
    }
    outputs_free(out), outputs_free(tenths);
}

/* pandas 54380: rows that came out must not depend on rows that come later. */
static void test_future(void **state) {
    (void)state;
    enum { N = 1500, CUT = 1100 };
    static double x[N], y[N], volume[N];
    static const kl_roll_stat stats[] = {{KL_ROLL_KURT, 0, 0}, {KL_ROLL_SKEW, 0, 0}, {KL_ROLL_STD, 0, 0}, {KL_ROLL_MEAN, 0, 0}, {KL_ROLL_SUM, 0, 0},
                                         {KL_ROLL_MEDIAN, 0, 0}, {KL_ROLL_SLOPE, 0, 0}, {KL_ROLL_RANK, 0, 0}};
    static const double later[] = {0, 1e200, -1e-200, (double)NAN};
    const double *in[2] = {x, y};
    double **want = outputs_new(N), **got = outputs_new(N);
    for (int64_t w = 20; w <= 700; w += 170)
        for (int64_t min_count = 0; min_count < 2; min_count++) {
            kl_roll_spec spec = spec_of(w, 1, min_count, stats, sizeof stats / sizeof *stats);
            data_fill(DATA_WALK, 54380, N, x, y, volume);
            roll_all(&spec, NULL, in, CUT, 0, want);
            for (size_t l = 0; l < sizeof later / sizeof *later; l++) {
                for (size_t k = CUT; k < N; k++) x[k] = later[l] * (double)(k % 3 + 1);
                roll_all(&spec, NULL, in, N, 0, got);
                for (uint32_t s = 0; s < spec.n_stats; s++) assert_memory_equal(got[s], want[s], CUT * sizeof(double));
            }
        }
    outputs_free(want), outputs_free(got);
}

/* pandas 21704 (a crash of least and greatest), 11697 (a skip list that ran out of memory), bottleneck 466 (ranks in O(rows)): windows
 * longer than the column and as long as windows get, of missing rows alone, of rows that all turn over. */
static void test_odd_windows(void **state) {
    (void)state;
    enum { N = 6000, LONG = 1 << 18 };
    static double x[N];
    static const kl_roll_stat stats[] = {{KL_ROLL_MIN, 0, 0}, {KL_ROLL_MAX, 0, 0}, {KL_ROLL_ARGMIN, 0, 0}, {KL_ROLL_ARGMAX, 0, 0},
                                         {KL_ROLL_MEDIAN, 0, 0}, {KL_ROLL_RANK, KL_RANK_BELOW, 0}};
    static const int64_t lengths[] = {1, 2, N, N + 1, LONG};
    const double *in[2] = {x, x};
    double **out = outputs_new(N);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (int turn = 0; turn < 3; turn++) {
            const int64_t w = lengths[l];
            kl_roll_spec spec = spec_of(w, 1, 1, stats, sizeof stats / sizeof *stats);
            for (size_t k = 0; k < N; k++) x[k] = turn == 2 ? (double)NAN : turn ? (double)k : -(double)k;
            roll_all(&spec, NULL, in, N, 0, out);
            for (size_t k = 0; k < N; k++) {
                const double n = k + 1 < (size_t)w ? (double)(k + 1) : (double)w, oldest = turn ? (double)k - (n - 1) : (n - 1) - (double)k;
                if (turn == 2) {
                    for (uint32_t s = 0; s < spec.n_stats; s++) assert_true(isnan(out[s][k]));
                    continue;
                }
                assert_true(out[0][k] == (turn ? oldest : x[k]) && out[1][k] == (turn ? x[k] : oldest));
                assert_true(out[2][k] == (turn ? n - 1 : 0) && out[3][k] == (turn ? 0 : n - 1));
                assert_true(out[4][k] == (oldest + x[k]) / 2);
                assert_true(out[5][k] == (turn ? n - 1 : 0));
            }
        }
    outputs_free(out);
}

/* The end of a long column is what a window gives that has seen its rows alone. */
static void long_ends(const kl_roll_spec *spec, const double *const *in, size_t n) {
    double **all = outputs_new(n), **alone = outputs_new(n);
    const size_t w = (size_t)spec->rows;
    roll_all(spec, NULL, in, n, 0, all);
    for (size_t end = n; end > n - 64; end -= 7) {
        const double *only[2] = {in[0] + (end - w), in[1] + (end - w)};
        roll_all(spec, NULL, only, w, 0, alone);
        for (uint32_t s = 0; s < spec->n_stats; s++) assert_true(bits_of(all[s][end - 1]) == bits_of(alone[s][w - 1]));
    }
    outputs_free(all), outputs_free(alone);
}

/* polars 4301, 23488, TA-Lib 434, jasonjfoster/roll 51: long columns whose variance went below zero or drifted. */
static void test_long_columns(void **state) {
    (void)state;
    enum { N = 20000 };
    static double x[N], y[N], volume[N], out_of[2][N];
    static const kl_roll_stat stats[] = {{KL_ROLL_VAR, 0, 0}, {KL_ROLL_STD, 0, 0}};
    static const kl_roll_stat corr = {KL_ROLL_CORR, 0, 0};
    double *out[] = {out_of[0], out_of[1]};
    for (int kind = 0; kind < DATA_REAL; kind++) {
        data_fill(kind, 4301, N, x, y, volume);
        const double *in[] = {x, y};
        kl_roll_spec spec = spec_of(20, 1, 0, stats, 2), pair = spec_of(30, 1, 0, &corr, 1);
        roll_all(&spec, NULL, in, N, 0, out);
        for (size_t k = 19; k < N; k++) assert_true(out[0][k] >= 0 && out[1][k] >= 0 && out[1][k] < 1e250);
        roll_all(&pair, NULL, in, N, 0, out);
        for (size_t k = 0; k < N; k++) assert_false(out[0][k] > 1 || out[0][k] < -1);
        long_ends(&spec, in, N), long_ends(&pair, in, N);
    }
    /* what is exact: the same twenty values again and again, behind a long and rough way */
    static const double twenty[] = {1, 5, 2, 8, 3, 9, 4, 7, 6, 0, 1, 5, 2, 8, 3, 9, 4, 7, 6, 0};
    for (size_t k = 0; k < N; k++) x[k] = k < N / 2 ? x[k] * 1e9 : 1e9 + twenty[k % 20];
    const double *in[] = {x, y};
    kl_roll_spec spec = spec_of(20, 0, 0, stats, 2);
    roll_all(&spec, NULL, in, N, 0, out);
    for (size_t k = N / 2 + 20; k < N; k++) assert_true(out[0][k] == 8.25 && out[1][k] == sqrt(8.25));
}

int main(void) {
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_beginnings), cmocka_unit_test(test_long_constants),
                                              cmocka_unit_test(test_changing_windows), cmocka_unit_test(test_long_columns), cmocka_unit_test(test_long_sums),
                                              cmocka_unit_test(test_future), cmocka_unit_test(test_odd_windows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
