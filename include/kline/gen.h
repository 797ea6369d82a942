/* kline/gen.h: a market generator: seeded, correlated symbols, trades and candles that agree, in the exchange's formats, with
 * defects on request. The same seed gives the same bytes on every platform. */
#ifndef KLINE_GEN_H
#define KLINE_GEN_H
#include "kline/clean.h"
#ifdef __cplusplus
extern "C" {
#endif

/** What market is made. All symbols share one factor; the first one has the mean rates below, the others vary around them. */
typedef struct kl_gen_options {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t seed;
    size_t symbols;           /* 1..10000 */
    kl_time from, to;         /* half open, within 2000..2100 */
    double trades_per_minute; /* mean, above 0 and at most 1e6; the others have 0.1..1 of it */
    double volatility;        /* annual, 0..10, e.g. 0.6; the others have 0.8..2 of it */
    double correlation;       /* pairwise of log returns, 0..0.99 */
    double cluster;           /* persistence of volatility from minute to minute, 0 (none) .. 0.99 */
} kl_gen_options;
typedef struct kl_gen kl_gen; /* opaque, pointer-free */

/** Fills options with defaults: seed 1, one symbol, 2024-01-01, one day, 100 trades a minute, volatility 0.6, correlation 0.5,
 *  cluster 0.98.
 *
 *  `options`: written; NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_gen_options_init(kl_gen_options *options);
/** Says how much memory a generator needs: some 40 KB and 150 bytes a symbol, whatever the range.
 *
 *  `options`: as for kl_gen_init.
 *  Return: bytes; 0 where the options are not valid.
 *  On failure: 0.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_gen_size(const kl_gen_options *options);
/** Sets up a generator of all symbols in the caller's memory.
 *
 *  `memory`: `bytes` >= kl_gen_size, aligned to 8. `options`: copied. `gen`: the generator, in `memory`. `error`: may be NULL.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: nothing is written but `error`.
 *  Cost: O(symbols), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_gen_init(void *memory, size_t bytes, const kl_gen_options *options, kl_gen **gen, kl_error *error);
/** Gives name and scale of a symbol: prices are multiples of 10^-scale.price, quantities of 10^-scale.volume; together 8 decimals,
 *  so that quote volumes are exact with 8.
 *
 *  `gen`: the generator. `symbol`: 0..symbols-1. `name`: room for KL_SYMBOL_MAX bytes: "AAAUSDT", "AABUSDT" ... `scale`: may be NULL.
 *  Return: KL_OK; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_gen_symbol(const kl_gen *gen, size_t symbol, char *name /* KL_SYMBOL_MAX */, kl_scale *scale);
/** Makes the trades of the next market minute, symbol by symbol, each symbol's in time order with consecutive ids.
 *
 *  `gen`: the generator. `trades`: called with `ctx`, the symbol and up to 512 rows at its scale, as often as needed (not at all for
 *  a minute without trades); the rows are its only during the call. Each symbol's trades depend on the options and its number alone.
 *  Return: KL_OK; KL_END after the last minute; KL_E_ARG; a negative status of `trades`, after which `gen` has to be initialised anew.
 *  On failure: rows handed out stay handed out.
 *  Cost: about 35 ns a trade and 0.3 us a symbol, no allocation.
 *  Thread: exclusive on `gen`.
 *  Source: one-factor model; log-AR(1) volatility, normalised to the given mean square; Poisson counts that rise with it.
 *  Since: 0.1 */
KL_API kl_status kl_gen_next(kl_gen *gen, kl_status (*trades)(void *ctx, size_t symbol, const kl_trade *rows, size_t n), void *ctx);

enum { KL_GEN_KLINE_CSV = 1, KL_GEN_TRADE_CSV = 2, KL_GEN_AGG_TRADE_CSV = 3, KL_GEN_KLINE_JSON = 4, KL_GEN_STREAM_JSON = 5 };
enum { /* defects; the place of the bit is the index into kl_gen_counts.defects. At most one of the row defects hits a row. */
    KL_DEFECT_DUPLICATES = 1,   /* a row comes twice; counted: the extra rows */
    KL_DEFECT_DISORDER = 2,     /* a row comes after the next one; counted: such rows */
    KL_DEFECT_GAPS = 4,         /* one to three rows are left out, never the first or last; counted: rows left out */
    KL_DEFECT_TORN_LINE = 8,    /* the file ends in the middle of its last row */
    KL_DEFECT_FORMING = 16,     /* candles: the last row is a bar that has not ended */
    KL_DEFECT_CORRECTIONS = 32, /* another version of a row (candle: without its last trade; trade: of another quantity) comes right
                                   before the true one; counted: the extra rows */
    KL_DEFECT_SPIKES = 64,      /* ten times the price: a candle's close and high, a trade's price */
    KL_DEFECT_ZERO_VOLUME = 128 /* a candle is flat at the last close with volume and count 0; a trade has price and quantity 0 */
};
enum { KL_GEN_EVENT_KLINE = 1, KL_GEN_EVENT_TRADE = 2, KL_GEN_EVENT_AGG_TRADE = 4 };
/** What file is written. Candles are folded from the very trades; a minute without trades gives the flat candle that exchanges send. */
typedef struct kl_gen_file_options {
    uint32_t struct_size;
    int32_t format;       /* KL_GEN_* */
    int32_t epoch;        /* KL_EPOCH_MS, KL_EPOCH_US */
    int32_t header;       /* non-zero: CSV with the names in the first line */
    uint32_t defects;     /* KL_DEFECT_*; in a stream with candles only closed candles get row defects */
    uint32_t events;      /* KL_GEN_EVENT_* in stream JSON; default candles and trades */
    double defect_rate;   /* share of rows touched by each row defect, default 0.001 */
    kl_interval interval; /* of klines; default 1m. Only whole bars are written (but see KL_DEFECT_FORMING) */
    size_t symbol;
} kl_gen_file_options;
typedef struct kl_gen_counts { /* what was written, defects by bit position: the truth for tests */
    uint64_t rows /* whole data rows or events, a torn one aside */, bytes, defects[8];
} kl_gen_counts;

/** Fills file options with defaults: kline CSV without header, ms, 1m, no defects, rate 0.001, first symbol.
 *
 *  `options`: written; NULL does nothing.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_gen_file_options_init(kl_gen_file_options *options);
/** Writes one file of one symbol over the whole range: the trades that kl_gen_next gives for it, or their candles.
 *
 *  `options`: the market. `file`: the file. `alloc`: about 110 KB for the time of the call, whatever the range; NULL: libc.
 *  `writer`: gets pieces of up to 64 KB. `counts`: rows, bytes and defects written so far, also on failure; may be NULL.
 *  `error`: may be NULL.
 *  Return: KL_OK; KL_E_ARG (also where the range holds no whole bar); KL_E_ANCHOR and KL_E_INTERVAL of `file`; KL_E_MEMORY; a negative
 *  status of `writer`.
 *  On failure: the writer keeps what it got.
 *  Cost: O(trades).
 *  Thread: pure.
 *  Source: formats of the Binance archive, REST and stream interfaces.
 *  Since: 0.1 */
KL_API kl_status kl_gen_write(const kl_gen_options *options, const kl_gen_file_options *file, const kl_alloc *alloc,
                              const kl_writer *writer, kl_gen_counts *counts, kl_error *error);

#ifdef __cplusplus
}
#endif
#endif
