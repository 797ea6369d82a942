/* Trades as columns of doubles -> candles as columns, at memory speed. The order of every sum is part of the definition: value j of
 * a bucket goes into lane j mod 4, and the lanes are added (0+2)+(1+3). So the bits depend on the bucket alone. */
#include "base/fp.h"
#include "base/endian.h"
#include "clean/bucket.h"
#include "kline/clean.h"

enum { FOLD_LANES = 4 };

typedef struct fold_lanes {
    double volume[FOLD_LANES], quote[FOLD_LANES], high[FOLD_LANES], low[FOLD_LANES];
} fold_lanes;

typedef struct fold_sums {
    double volume, quote, high, low, base, taker;
} fold_sums;

/* trades [first, first + n) of one bucket. */
typedef struct fold_run {
    const double *price, *quantity;
    const uint8_t *buyer_maker;
    size_t n;
} fold_run;

static const double fold_taken[2] = {1.0, 0.0};

static double fold_tree(const double *lane) { return (lane[0] + lane[2]) + (lane[1] + lane[3]); }

KL__INLINE void fold_lane(fold_lanes *restrict s, size_t k, double price, double quantity) {
    s->high[k] = price > s->high[k] ? price : s->high[k];
    s->low[k] = price < s->low[k] ? price : s->low[k];
    s->volume[k] += quantity;
    s->quote[k] += price * quantity;
}

static void fold_run_sums(const fold_run *run, fold_sums *sums) {
    fold_lanes s;
    const double *price = run->price, *quantity = run->quantity;
    size_t i = 0;
    for (size_t k = 0; k < FOLD_LANES; k++) s.volume[k] = s.quote[k] = 0, s.high[k] = s.low[k] = price[0];
    for (; i + FOLD_LANES <= run->n; i += FOLD_LANES)
        for (size_t k = 0; k < FOLD_LANES; k++) fold_lane(&s, k, price[i + k], quantity[i + k]);
    for (size_t k = 0; i < run->n; i++, k++) fold_lane(&s, k, price[i], quantity[i]);
    for (size_t k = 1; k < FOLD_LANES; k++) {
        s.high[0] = s.high[k] > s.high[0] ? s.high[k] : s.high[0];
        s.low[0] = s.low[k] < s.low[0] ? s.low[k] : s.low[0];
    }
    sums->high = s.high[0], sums->low = s.low[0];
    sums->volume = fold_tree(s.volume), sums->quote = fold_tree(s.quote);
    sums->base = sums->taker = 0;
}

/* a second pass over rows that are in the cache by now: with all sums in one loop the registers do not suffice. */
static void fold_run_taker(const fold_run *run, fold_sums *sums) {
    double base[FOLD_LANES] = {0, 0, 0, 0}, amount[FOLD_LANES] = {0, 0, 0, 0};
    const double *price = run->price, *quantity = run->quantity;
    const uint8_t *maker = run->buyer_maker;
    size_t i = 0;
    for (; i + FOLD_LANES <= run->n; i += FOLD_LANES) {
        const double taken[FOLD_LANES] = {fold_taken[maker[i] != 0], fold_taken[maker[i + 1] != 0], fold_taken[maker[i + 2] != 0],
                                          fold_taken[maker[i + 3] != 0]};
        for (size_t k = 0; k < FOLD_LANES; k++) {
            base[k] += quantity[i + k] * taken[k];
            amount[k] += price[i + k] * quantity[i + k] * taken[k];
        }
    }
    for (size_t k = 0; i < run->n; i++, k++) {
        base[k] += quantity[i] * fold_taken[maker[i] != 0];
        amount[k] += price[i] * quantity[i] * fold_taken[maker[i] != 0];
    }
    sums->base = fold_tree(base), sums->taker = fold_tree(amount);
}

/* first trade at or after `next`: blocks are passed by their last time. */
static size_t fold_run_end(const kl_time *time, size_t from, size_t n, kl_time next) {
    size_t i = from, step = 16;
    while (i + step <= n && time[i + step - 1] < next) i += step, step += step < 4096 ? step : 0;
    size_t limit = i + step < n ? i + step : n;
    while (i < limit) { /* time[limit - 1] >= next, or the end of the data */
        size_t mid = i + (limit - i) / 2;
        if (time[mid] < next)
            i = mid + 1;
        else
            limit = mid;
    }
    return i;
}

/* index of the first trade that lies before the one in front of it; n: none. Differences of valid times fit. */
static size_t fold_disorder(const kl_time *time, size_t from, size_t n) {
    uint64_t sign = 0;
    for (size_t i = from; i < n; i++) sign |= (uint64_t)time[i] - (uint64_t)time[i - 1];
    if (KL__LIKELY(!(sign >> 63))) return n;
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
    if (out->high) out->high[at] = s->high;
    if (out->low) out->low[at] = s->low;
    if (out->close) out->close[at] = run->price[run->n - 1];
    if (out->volume) out->volume[at] = s->volume;
    if (out->quote_volume) out->quote_volume[at] = s->quote;
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
    kl__bucket bucket;
    kl__bucket_init(&bucket, to);
    for (size_t i = 0, end; i < trades->n; i = end) {
        kl_status status = kl__bucket_at(&bucket, time[i]);
        if (status < 0) return kl__fail(error, status, 2, (int64_t)i + 1, 1, "%s", kl_status_text(status));
        end = fold_run_end(time, i, trades->n, bucket.next);
        size_t bad = fold_disorder(time, i ? i : 1, end);
        if (bad < end) return kl__fail(error, KL_E_ORDER, 1, (int64_t)bad + 1, 1, "the trades are not sorted by time");
        if (*n_out == out->capacity) return kl__fail(error, KL_E_SIZE, 3, (int64_t)i + 1, 0, "there is no room for more candles");
        fold_run run = {trades->price + i, trades->quantity + i, taker ? trades->buyer_maker + i : NULL, end - i};
        fold_sums sums;
        fold_run_sums(&run, &sums);
        if (taker) fold_run_taker(&run, &sums);
        fold_columns_put(out, (*n_out)++, bucket.open, &run, &sums);
    }
    return KL_OK;
}
