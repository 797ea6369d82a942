/* Historical volatility, and its year. */
#include "base/fp.h"
#include "base/roots.h"
#include "kline/stat.h"
#include "kline/window.h"
#include "stat/known.h"

double kl_periods_per_year(const kl_interval *interval, double days) {
    if (!interval || !(days > 0) || !kl__known(days)) return (double)NAN;
    if (interval->unit == KL_MONTH && interval->n > 0) return 12.0 / interval->n;
    int64_t length = kl_interval_length_us(interval);
    return length > 0 ? kl__output(days * (86400e6 / (double)length)) : (double)NAN;
}

kl_status kl_volatility(int32_t kind, const double *price, size_t n, int64_t rows, int64_t min_count, double per_year,
                        const kl_alloc *alloc, double *out, kl_error *error) {
    if (kind < KL_RETURN_SIMPLE || kind > KL_RETURN_LOG) return kl__fail(error, KL_E_ARG, 1, 0, 0, "no such kind of return");
    if ((!price || !out) && n > 0) return kl__fail(error, KL_E_ARG, price ? 8 : 2, 0, 0, "an array is missing");
    if (rows < 2) return kl__fail(error, KL_E_ARG, 4, 0, 0, "a standard deviation needs 2 rows");
    if (min_count < 0 || min_count == 1 || min_count > rows) return kl__fail(error, KL_E_ARG, 5, 0, 0, "min_count is 0 or 2 .. rows");
    if (!(per_year >= 0) || !kl__known(per_year)) return kl__fail(error, KL_E_ARG, 6, 0, 0, "the periods of a year are a number from 0");
    if (!alloc) alloc = kl_alloc_libc();
    kl_roll_spec spec;
    kl_roll *roll;
    size_t bytes;
    kl_roll_spec_init(&spec, KL_ROLL_STD, rows);
    spec.min_count = min_count;
    KL__TRY(kl_roll_size(&spec, &bytes, error));
    void *memory = alloc->take(alloc->ctx, bytes);
    if (!memory) return kl__fail(error, KL_E_MEMORY, 7, 0, 0, "no memory for a window of %lld rows", (long long)rows);
    kl_status status = kl_roll_init(memory, bytes, &spec, &roll, error);
    if (status >= 0) status = kl_returns(kind, price, n, (double)NAN, out);
    if (status >= 0) {
        const double *in[1] = {out};
        double *result[1] = {out};
        double factor = per_year > 0 ? kl__sqrt(per_year) : 1;
        status = kl_roll_run(roll, NULL, in, n, result, error);
        for (size_t i = 0; i < n && per_year > 0; i++) out[i] = kl__output(out[i] * factor);
    }
    alloc->give(alloc->ctx, memory, bytes);
    return status;
}
