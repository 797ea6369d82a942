/* kline/gen.h: a market generator: seeded, correlated symbols, trades and candles that agree, in the exchange's formats, with
 * defects on request. The same seed gives the same bytes on every platform. */
#ifndef KLINE_GEN_H
#define KLINE_GEN_H
#include "kline/clean.h"
#ifdef __cplusplus
extern "C" {
#endif

typedef struct kl_gen_options {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t seed;
    size_t symbols;           /* 1..10000 */
    kl_time from, to;         /* half open */
    double trades_per_minute; /* mean of the first symbol; others vary */
    double volatility;        /* annual, of the first symbol, e.g. 0.6 */
    double correlation;       /* pairwise of log returns, 0..0.99 */
    double cluster;           /* persistence of volatility, 0 (none) .. 0.99 */
} kl_gen_options;
typedef struct kl_gen kl_gen;
KL_API void kl_gen_options_init(kl_gen_options *options);
KL_API size_t kl_gen_size(const kl_gen_options *options);
KL_API kl_status kl_gen_init(void *memory, size_t bytes, const kl_gen_options *options, kl_gen **gen, kl_error *error);
/* name, scale and step sizes of symbol s: "AAAUSDT" ... */
KL_API kl_status kl_gen_symbol(const kl_gen *gen, size_t symbol, char *name /* KL_SYMBOL_MAX */, kl_scale *scale);
/* the next trades of all symbols in time order, one market minute at a time; KL_END. Memory stays bounded. */
KL_API kl_status kl_gen_next(kl_gen *gen, kl_status (*trades)(void *ctx, size_t symbol, const kl_trade *rows, size_t n), void *ctx);

enum { KL_GEN_KLINE_CSV = 1, KL_GEN_TRADE_CSV = 2, KL_GEN_AGG_TRADE_CSV = 3, KL_GEN_KLINE_JSON = 4, KL_GEN_STREAM_JSON = 5 };
enum { /* defects */
    KL_DEFECT_DUPLICATES = 1, KL_DEFECT_DISORDER = 2, KL_DEFECT_GAPS = 4, KL_DEFECT_TORN_LINE = 8, KL_DEFECT_FORMING = 16,
    KL_DEFECT_CORRECTIONS = 32, KL_DEFECT_SPIKES = 64, KL_DEFECT_ZERO_VOLUME = 128
};
typedef struct kl_gen_file_options {
    uint32_t struct_size;
    int32_t format;       /* KL_GEN_* */
    int32_t epoch;        /* KL_EPOCH_MS, KL_EPOCH_US */
    int32_t header;
    uint32_t defects;
    uint32_t reserved;
    double defect_rate;   /* share of rows touched by each defect, default 0.001 */
    kl_interval interval; /* of klines */
    size_t symbol;
} kl_gen_file_options;
typedef struct kl_gen_counts { /* what was written, defects by bit position: the truth for tests */
    uint64_t rows, bytes, defects[8];
} kl_gen_counts;
KL_API void kl_gen_file_options_init(kl_gen_file_options *options);
/* writes one file of one symbol over the whole range of gen's options. */
KL_API kl_status kl_gen_write(const kl_gen_options *options, const kl_gen_file_options *file, const kl_alloc *alloc,
                              const kl_writer *writer, kl_gen_counts *counts, kl_error *error);

#ifdef __cplusplus
}
#endif
#endif
