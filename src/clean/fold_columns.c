/* Trades as columns of doubles -> candles as columns, at memory speed. The order of every sum is part of the definition (simd/runs.h),
 * so the bits depend on the trades of the bucket alone. */
#include "base/fp.h"
#include "base/endian.h"
#include "clean/bucket.h"
#include "kline/clean.h"
#include "simd/runs.h"

enum { FOLD_LANES = 8, FOLD_NEAR = 48 /* trades */ };

typedef struct fold_sums {
    kl__run_sums run;
    double base, taker;
} fold_sums;

/* trades [first, first + n) of one bucket. */
typedef struct fold_run {
    const double *price, *quantity;
    const uint8_t *buyer_maker;
    size_t n;
} fold_run;

static const double fold_taken[2] = {1.0, 0.0};

/* a second pass over rows that are in the cache by now. The table of two saves a branch that nobody could predict. */
static void fold_run_taker(const fold_run *run, fold_sums *sums) {
    double base[FOLD_LANES] = {0, 0, 0, 0, 0, 0, 0, 0}, amount[FOLD_LANES] = {0, 0, 0, 0, 0, 0, 0, 0};
    const double *price = run->price, *quantity = run->quantity;
    const uint8_t *maker = run->buyer_maker;
    size_t i = 0;
    for (; i + FOLD_LANES <= run->n; i += FOLD_LANES) {
        double taken[FOLD_LANES];
        for (size_t k = 0; k < FOLD_LANES; k++) taken[k] = fold_taken[maker[i + k] != 0];
        for (size_t k = 0; k < FOLD_LANES; k++) {
            base[k] += quantity[i + k] * taken[k];
            amount[k] += price[i + k] * quantity[i + k] * taken[k];
        }
    }
    for (size_t k = 0; i < run->n; i++, k++) {
        base[k] += quantity[i] * fold_taken[maker[i] != 0];
        amount[k] += price[i] * quantity[i] * fold_taken[maker[i] != 0];
    }
    sums->base = kl__run_tree(base), sums->taker = kl__run_tree(amount);
}

/* first trade at or after `next`; time[from] lies before it. The search starts where a bucket of the usual size ends, so that few
 * times are read; those that the next bucket's search will want are asked for early. */
static size_t fold_run_end(const kl_time *time, size_t from, size_t n, kl_time next, size_t usual) {
    size_t low = from, high = n, step = 8, at = usual < n - from ? from + usual : n - 1;
    if (usual > 4 * FOLD_NEAR && n - at > FOLD_NEAR && usual < n - at - FOLD_NEAR)
        for (size_t near = 0; near < 2 * FOLD_NEAR; near += 8) KL__PREFETCH(time + at + usual - FOLD_NEAR + near);
    if (time[at] < next) {
        for (low = at; low + step < n && time[low + step] < next; step *= 2) low += step;
        high = low + step < n ? low + step : n;
    } else {
        for (high = at; high - from > step && time[high - step] >= next; step *= 2) high -= step;
        low = high - from > step ? high - step : from;
    }
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (time[mid] < next)
            low = mid;
        else
            high = mid;
    }
    return high;
}

/* index of the first trade at or after `from` that lies before the one in front of it; n: none. */
static size_t fold_disorder(const kl__run_kernels *kernels, const kl_time *time, size_t from, size_t n) {
    if (KL__LIKELY(kernels->rises(time + from - 1, n - from + 1))) return n;
    while (from < n && time[from] >= time[from - 1]) from++;
    return from;
}

static kl_status fold_columns_check(const kl_trade_columns *trades, const kl_interval *to, const kl_candle_columns *out,
                                    const size_t *n_out, kl_error *error) {
    if (!trades || (trades->n && (!trades->time_us || !trades->price || !trades->quantity)))
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "trades need times, prices and quantities");
    if (!to) return kl__fail(error, KL_E_ARG, 2, 0, 0, "the interval is missing");
    if (!out || !n_out) return kl__fail(error, KL_E_ARG, out ? 4 : 3, 0, 0, "the place for the result is missing");
    return KL_OK;
}

static void fold_columns_put(const kl_candle_columns *out, size_t at, kl_time open, const fold_run *run, const fold_sums *s) {
    const double unknown = kl__bits_double(UINT64_C(0x7ff8000000000000));
    if (out->open_time_us) out->open_time_us[at] = open;
    if (out->open) out->open[at] = run->price[0];
    if (out->high) out->high[at] = s->run.high;
    if (out->low) out->low[at] = s->run.low;
    if (out->close) out->close[at] = run->price[run->n - 1];
    if (out->volume) out->volume[at] = s->run.volume;
    if (out->quote_volume) out->quote_volume[at] = s->run.amount;
    if (out->taker_buy_base) out->taker_buy_base[at] = run->buyer_maker ? s->base : unknown;
    if (out->taker_buy_quote) out->taker_buy_quote[at] = run->buyer_maker ? s->taker : unknown;
    if (out->trade_count) out->trade_count[at] = (double)run->n;
}

kl_status kl_trade_columns_fold(const kl_trade_columns *trades, const kl_interval *to, kl_candle_columns *out, size_t *n_out,
                                kl_error *error) {
    KL__TRY(fold_columns_check(trades, to, out, n_out, error));
    *n_out = 0;
    const kl_time *time = trades->time_us;
    int taker = trades->buyer_maker && (out->taker_buy_base || out->taker_buy_quote);
    const kl__run_kernels *kernels = kl__run_kernels_best();
    void (*const sum)(const double *, const double *, size_t, kl__run_sums *) =
        out->quote_volume ? kernels->sums : kernels->sums_without_amount;
    kl__bucket bucket;
    kl__bucket_init(&bucket, to);
    for (size_t i = 0, end, usual = 8; i < trades->n; usual = end - i, i = end) {
        kl_status status = kl__bucket_at(&bucket, time[i]);
        if (status < 0) return kl__fail(error, status, 2, (int64_t)i + 1, 1, "%s", kl_status_text(status));
        end = fold_run_end(time, i, trades->n, bucket.next, usual);
        size_t bad = trades->sorted ? end : fold_disorder(kernels, time, i ? i : 1, end);
        if (bad < end) return kl__fail(error, KL_E_ORDER, 1, (int64_t)bad + 1, 1, "the trades are not sorted by time");
        if (*n_out == out->capacity) return kl__fail(error, KL_E_SIZE, 3, (int64_t)i + 1, 0, "there is no room for more candles");
        fold_run run = {trades->price + i, trades->quantity + i, taker ? trades->buyer_maker + i : NULL, end - i};
        fold_sums sums;
        sum(run.price, run.quantity, run.n, &sums.run);
        sums.base = sums.taker = 0;
        if (taker) fold_run_taker(&run, &sums);
        fold_columns_put(out, (*n_out)++, bucket.open, &run, &sums);
    }
    return KL_OK;
}
