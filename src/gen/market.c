/* Trades: each minute the market and each symbol draw a return; the trades of the minute lie on the way, off it by a
 * little that fades, in orders of one to a few fills. */
#include "base/fp.h"
#include "gen/market.h"
#include "base/bits.h"
#include "base/size.h"
#include <string.h>

#define GEN_MINUTES_PER_YEAR 525600.0
#define GEN_PULL 1e-6            /* share of the way home that the log price goes each minute */
#define GEN_SPREAD 0.5           /* standard deviation of the log of the volatility, where it clusters */
#define GEN_COUNT_MAX 20000000.0 /* trades a minute */
#define GEN_ORDER_NOTIONAL 500.0

void kl__gen_seed(gen_random *random, uint64_t seed, uint64_t stream) {
    uint64_t state = seed ^ (stream + 1) * UINT64_C(0xd1342543de82ef95);
    for (int i = 0; i < 4; i++) { /* splitmix64, as its authors advise */
        uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        random->s[i] = z ^ (z >> 31);
    }
}

/* [0, 1) */
static double gen_unit(gen_random *random) { return (double)(int64_t)(gen_next(random) >> 11) * 0x1p-53; }
static double gen_sqrt(double x) { return x > 0 ? kl_exp(0.5 * kl_ln(x)) : 0; }

/* Standard normal: the polar method. */
static double gen_normal(gen_random *random) {
    double u, s;
    do {
        u = 2 * gen_unit(random) - 1;
        double v = 2 * gen_unit(random) - 1;
        s = u * u + v * v;
    } while (s >= 1 || s == 0);
    return u * gen_sqrt(-2 * kl_ln(s) / s);
}

/* Poisson with a mean of lambda; normal where that is large. */
static uint64_t gen_count(gen_random *random, double lambda) {
    if (lambda < 30) {
        double limit = kl_exp(-lambda), product = gen_unit(random);
        uint64_t n = 0;
        for (; product > limit && n < 1000; n++) product *= gen_unit(random);
        return n;
    }
    double x = lambda + gen_sqrt(lambda) * gen_normal(random) + 0.5;
    return x < 1 ? 0 : x > GEN_COUNT_MAX ? (uint64_t)GEN_COUNT_MAX : (uint64_t)x;
}

/* ------------------------------------------------------------------------------------------------------ setup --- */

void kl_gen_options_init(kl_gen_options *options) {
    if (!options) return;
    memset(options, 0, sizeof *options);
    options->struct_size = sizeof *options;
    options->seed = 1;
    options->symbols = 1;
    options->from = INT64_C(1704067200000000); /* 2024-01-01 */
    options->to = options->from + 1440 * GEN_MINUTE_US;
    options->trades_per_minute = 100;
    options->volatility = 0.6;
    options->correlation = 0.5;
    options->cluster = 0.98;
}

kl_status kl__gen_check(const kl_gen_options *o, kl_error *error) {
    if (!o || o->struct_size < sizeof *o)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "options are missing or not initialised");
    if (o->symbols < 1 || o->symbols > 10000) return kl__fail(error, KL_E_ARG, 1, 0, 0, "symbols must be 1..10000");
    if (o->from < KL_TIME_MIN || o->to > KL_TIME_MAX || o->from >= o->to)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "from must lie before to, both within 2000..2100");
    if (!(o->trades_per_minute > 0 && o->trades_per_minute <= 1e6))
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "trades_per_minute must be above 0 and at most 1000000");
    if (!(o->volatility >= 0 && o->volatility <= 10))
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "volatility must be 0..10");
    if (!(o->correlation >= 0 && o->correlation <= 0.99))
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "correlation must be 0..0.99");
    if (!(o->cluster >= 0 && o->cluster <= 0.99)) return kl__fail(error, KL_E_ARG, 1, 0, 0, "cluster must be 0..0.99");
    return KL_OK;
}

size_t kl__gen_bytes(size_t count) {
    size_t bytes;
    if (kl__size_mul(count, sizeof(gen_symbol), &bytes) || kl__size_add(bytes, sizeof(kl_gen), &bytes)) return 0;
    return bytes;
}

size_t kl_gen_size(const kl_gen_options *options) {
    return kl__gen_check(options, NULL) == KL_OK ? kl__gen_bytes(options->symbols) : 0;
}

/* Everything about a symbol comes from (seed, its number), so that it is the same whoever else is made. */
static void gen_symbol_begin(gen_symbol *s, const kl_gen_options *options, size_t number) {
    memset(s, 0, sizeof *s);
    kl__gen_seed(&s->random, options->seed, number + 1);
    double price = 20000, share = 1, volatility = options->volatility;
    double where = gen_unit(&s->random), activity = gen_unit(&s->random), wild = gen_unit(&s->random);
    if (number > 0) {
        price = kl_exp(-7.6 + 17.9 * where); /* 0.0005 .. 30000 */
        share = kl_exp(-2.3 * activity);
        volatility *= 0.8 + 1.2 * wild;
    }
    int32_t magnitude = 0; /* floor(log10(price)) */
    for (double p = price; p >= 10; p /= 10) magnitude++;
    for (double p = price; p < 1; p *= 10) magnitude--;
    s->price_scale = 4 - magnitude < 2 ? 2 : 4 - magnitude > 8 ? 8 : 4 - magnitude;
    s->quantity_scale = 8 - s->price_scale;
    double per_unit = 1, lots_per_unit = 1;
    for (int32_t i = 0; i < s->price_scale; i++) per_unit *= 10;
    for (int32_t i = 0; i < s->quantity_scale; i++) lots_per_unit *= 10;
    s->unit_lots = 1 + (uint64_t)(GEN_ORDER_NOTIONAL / price * lots_per_unit);
    s->trades_per_minute = options->trades_per_minute * share;
    s->sigma = volatility / gen_sqrt(GEN_MINUTES_PER_YEAR);
    s->ticks = price * per_unit;
    s->log_ticks = s->home = kl_ln(s->ticks);
    s->last_ticks = (int64_t)(s->ticks + 0.5);
    s->next_id = 1 + (int64_t)(gen_next(&s->random) >> 44);
}

void kl__gen_begin(kl_gen *gen, const kl_gen_options *options, size_t first, size_t count) {
    memset(gen, 0, sizeof *gen);
    gen->options = *options;
    gen->first = first, gen->count = count;
    kl__gen_seed(&gen->market, options->seed, 0);
    gen->minute = options->from - options->from % GEN_MINUTE_US;
    gen->spread = options->cluster > 0 ? GEN_SPREAD : 0;
    gen->market_weight = gen_sqrt(options->correlation);
    gen->own_weight = gen_sqrt(1 - options->correlation);
    gen->log_volatility = gen->spread * gen_normal(&gen->market);
    for (size_t i = 0; i < count; i++) gen_symbol_begin(&gen->symbols[i], options, first + i);
}

kl_status kl_gen_init(void *memory, size_t bytes, const kl_gen_options *options, kl_gen **gen, kl_error *error) {
    if (!memory || !gen) return kl__fail(error, KL_E_ARG, memory ? 4 : 1, 0, 0, "memory and gen must not be NULL");
    if ((uintptr_t)memory % sizeof(double))
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "memory must be aligned to 8 bytes");
    kl_status status = kl__gen_check(options, error);
    if (status < 0) {
        if (error) error->arg = 3;
        return status;
    }
    if (bytes < kl__gen_bytes(options->symbols))
        return kl__fail(error, KL_E_SIZE, 2, 0, 0, "the generator needs %lu bytes",
                        (unsigned long)kl__gen_bytes(options->symbols));
    *gen = (kl_gen *)memory;
    kl__gen_begin(*gen, options, 0, options->symbols);
    return KL_OK;
}

kl_status kl_gen_symbol(const kl_gen *gen, size_t symbol, char *name, kl_scale *scale) {
    if (!gen || !name || symbol < gen->first || symbol - gen->first >= gen->count) return KL_E_ARG;
    char text[8] = {
        (char)('A' + symbol / 676), (char)('A' + symbol / 26 % 26), (char)('A' + symbol % 26), 'U', 'S', 'D', 'T', 0};
    memcpy(name, text, sizeof text);
    if (scale) {
        const gen_symbol *s = &gen->symbols[symbol - gen->first];
        memset(scale, 0, sizeof *scale);
        scale->price = s->price_scale;
        scale->volume = s->quantity_scale;
        scale->quote = s->price_scale + s->quantity_scale;
    }
    return KL_OK;
}

/* ----------------------------------------------------------------------------------------------------- trades --- */

typedef kl_status (*gen_sink)(void *ctx, size_t symbol, const kl_trade *rows, size_t n);

typedef struct {
    kl_gen *gen;
    size_t number, n; /* of the symbol; rows in the chunk */
    gen_sink sink;
    void *ctx;
} gen_out;

static kl_status gen_flush(gen_out *out) {
    if (out->n == 0) return KL_OK;
    kl_status status = out->sink(out->ctx, out->number, out->gen->chunk, out->n);
    out->n = 0;
    return status < 0 ? status : KL_OK;
}

/* Heavy-tailed: doubles with a chance of one half, ten times at most. */
static int64_t gen_lots(const gen_symbol *s, uint64_t bits) {
    unsigned doublings = kl__trailing_zeros_u64((bits >> 20) | 1u << 10);
    uint64_t share = (bits & 0xffff) + 1;
    return (int64_t)(1 + ((((share * s->unit_lots) >> 16) << doublings) >> 3));
}

/* The trades of one minute, along the way from s->ticks to `end`, with noise of `width` ticks. */
static kl_status gen_trades(gen_out *out, gen_symbol *s, uint64_t count, double end, double width) {
    const kl_gen_options *options = &out->gen->options;
    gen_random random = s->random;
    uint64_t slot = (uint64_t)GEN_MINUTE_US / count;
    double step = (end - s->ticks) / (double)(int64_t)count, path = s->ticks, wobble = s->wobble;
    kl_time minute = out->gen->minute, time = minute;
    int64_t ticks = s->last_ticks;
    uint32_t side = s->side;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t bits = gen_next(&random);
        path += step;
        if (i > 0 && (bits & 7) < 3) { /* one more fill of the same order, maybe at the next price */
            if ((bits & 0x18) == 0 && ticks > 1) ticks += side ? -1 : 1;
        } else {
            time = minute + (kl_time)(i * slot + (((bits >> 32) * slot) >> 32));
            side = (uint32_t)(bits >> 5) & 1;
            wobble = 0.95 * wobble + ((double)(int32_t)(bits >> 8 & 0xffff) * 0x1p-16 - 0.5) * width;
            double at = path + wobble + (side ? 0.0 : 1.0);
            ticks = at < 1 ? 1 : (int64_t)at;
        }
        uint64_t size = gen_next(&random);
        if (time < options->from || time >= options->to) continue;
        kl_trade *t = &out->gen->chunk[out->n];
        t->id = t->first_id = t->last_id = s->next_id++;
        t->time_us = time;
        t->price = ticks;
        t->quantity.lo = (uint64_t)gen_lots(s, size);
        t->quantity.hi = 0;
        t->flags = KL_TRADE_MAKER_KNOWN | (side ? KL_TRADE_BUYER_MAKER : 0);
        t->reserved = 0;
        if (++out->n == GEN_CHUNK) KL__TRY(gen_flush(out));
    }
    s->random = random, s->wobble = wobble, s->last_ticks = ticks, s->side = side;
    return gen_flush(out);
}

kl_status kl_gen_next(kl_gen *gen, kl_status (*trades)(void *ctx, size_t symbol, const kl_trade *rows, size_t n),
                      void *ctx) {
    if (!gen || !trades) return KL_E_ARG;
    if (gen->minute >= gen->options.to) return KL_END;
    double cluster = gen->options.cluster;
    gen->log_volatility =
        cluster * gen->log_volatility + gen->spread * gen_sqrt(1 - cluster * cluster) * gen_normal(&gen->market);
    double variance = gen->spread * gen->spread;
    double volatility = kl_exp(gen->log_volatility - variance);     /* mean square 1 */
    double activity = kl_exp(gen->log_volatility - 0.5 * variance); /* mean 1 */
    double factor = gen->market_weight * gen_normal(&gen->market);
    kl_status status = KL_OK;
    for (size_t i = 0; i < gen->count && status == KL_OK; i++) {
        gen_symbol *s = &gen->symbols[i];
        double shock = s->sigma * volatility * (factor + gen->own_weight * gen_normal(&s->random));
        s->log_ticks += shock + GEN_PULL * (s->home - s->log_ticks);
        double end = kl_exp(s->log_ticks);
        uint64_t count = gen_count(&s->random, s->trades_per_minute * activity);
        gen_out out = {gen, gen->first + i, 0, trades, ctx};
        if (count) status = gen_trades(&out, s, count, end, s->ticks * s->sigma * volatility * 0.5);
        s->ticks = end;
    }
    gen->minute += GEN_MINUTE_US;
    return status;
}
