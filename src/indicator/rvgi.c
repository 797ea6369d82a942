#include "indicator/formula.h"

static const kl_input_info rvgi_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info rvgi_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rvgi_out[] = {
    {"rvgi", "smoothed move from open to close over the smoothed range", KL__ANY, "own", 0, 0, 0},
    {"signal", "weighted mean of rvgi", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(rvgi, "Relative vigor index", "momentum", KL_EXACT,
    "John F. Ehlers, Technical Analysis of Stocks & Commodities, January 2002",
    "c = close - open;"
    "r = high - low;"
    "a = sum((c + 2*c[1] + 2*c[2] + c[3]), n);"
    "b = sum((r + 2*r[1] + 2*r[2] + r[3]), n);"
    "rvgi = a/b;"
    "signal = (rvgi + 2*rvgi[1] + 2*rvgi[2] + rvgi[3])/6;");
