/* The market behind the generator: one factor, own noise per symbol, minute by minute, from integers, + - * / and
 * kl_ln/kl_exp alone, so that a seed means the same trades everywhere. */
#ifndef KL__GEN_MARKET_H
#define KL__GEN_MARKET_H
#include "kline/gen.h"

#define GEN_MINUTE_US INT64_C(60000000)
#define GEN_CHUNK 512 /* trades handed out at once */

/* xoshiro256** (Blackman, Vigna 2018) */
typedef struct gen_random {
    uint64_t s[4];
} gen_random;

void kl__gen_seed(gen_random *random, uint64_t seed, uint64_t stream);

static inline uint64_t gen_rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
static inline uint64_t gen_next(gen_random *random) {
    uint64_t *s = random->s, result = gen_rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = gen_rotate(s[3], 45);
    return result;
}

typedef struct gen_symbol {
    gen_random random;
    int32_t price_scale, quantity_scale; /* together 8, so that quote volumes have 8 decimals, too */
    uint64_t unit_lots;                  /* size of an order that is about 500 of the quote currency */
    double trades_per_minute;
    double sigma;           /* of a minute's log return */
    double log_ticks, home; /* log of the price in ticks; where it is slowly drawn to */
    double ticks, wobble;   /* the price after the last minute, and the trades' distance from the path */
    int64_t last_ticks;     /* of the last trade */
    int64_t next_id;
    uint32_t side; /* 1: the last taker sold */
} gen_symbol;

struct kl_gen {
    kl_gen_options options;
    size_t first, count; /* symbols first .. first + count - 1 are made */
    gen_random market;
    kl_time minute;
    double log_volatility, spread; /* state of the volatility and standard deviation it settles at */
    double own_weight, market_weight;
    kl_trade chunk[GEN_CHUNK];
    gen_symbol symbols[];
};

size_t kl__gen_bytes(size_t count);
kl_status kl__gen_check(const kl_gen_options *options, kl_error *error);
/* Makes only some of the symbols; these get the same trades as if all were made. Options are checked before. */
void kl__gen_begin(kl_gen *gen, const kl_gen_options *options, size_t first, size_t count);

#endif
