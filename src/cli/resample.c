/* kline resample: trades or candles to larger candles, or to bars that time does not make, exactly, in one pass. */
#include "cli.h"
#include <stdlib.h>
#include <string.h>

typedef struct resample_job {
    cli_source source;
    kl_interval to;
    cli_out out;
    cli_table table;
    kl_scale scale;
    int made;
    kl_fold *fold;          /* one of the two: */
    kl_bars *bars;
    kl_bars_options shape;  /* of the bars; kind 0: candles of the interval */
    void *memory;
} resample_job;

static kl_status resample_row(resample_job *job, const kl_kline *row, const kl_scale *scale) {
    kl_status status = KL_OK;
    if (!job->made || memcmp(scale, &job->scale, sizeof *scale)) { /* the decimals of the rows have grown: same columns, more digits */
        if (job->made) status = cli_table_flush(&job->table);
        if (job->made) cli_table_free(&job->table);
        if (status >= 0) status = cli_table_open(&job->table, &job->out);
        if (status >= 0) status = kl_table_add_kline_columns(job->table.table, scale);
        if (status < 0) return status;
        job->made = 1;
        job->scale = *scale;
    }
    if (kl_table_rows(job->table.table) >= CLI_BATCH) status = cli_table_flush(&job->table);
    return status < 0 ? status : kl_table_add_klines(job->table.table, row, 1);
}

static kl_status resample_candle(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info) {
    (void)info;
    return resample_row(ctx, row, scale);
}

static kl_status resample_bar(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_bars_info *info) {
    (void)info;
    return resample_row(ctx, row, scale);
}

static kl_status resample_shape(resample_job *job, const kl_interval *interval, kl_error *error) {
    const int candles = interval->unit || interval->n == CLI_BARS;
    job->shape.source = candles ? KL_BARS_OF_KLINES : KL_BARS_OF_TRADES;
    if (candles && job->shape.split) return cli_set_error(error, KL_E_UNSUPPORTED, 0, "--split splits trades; a candle is never split");
    job->shape.sink.ctx = job;
    job->shape.sink.bar = resample_bar;
    job->memory = malloc(kl_bars_size());
    if (!job->memory) return KL_E_MEMORY;
    return kl_bars_init(job->memory, kl_bars_size(), &job->shape, &job->bars);
}

static kl_status resample_key(void *ctx, const char *symbol, const kl_interval *interval, const kl_scale *scale, kl_error *error) {
    resample_job *job = ctx;
    kl_fold_options options;
    char from[KL_INTERVAL_TEXT_MAX], to[KL_INTERVAL_TEXT_MAX];
    size_t bytes;
    (void)symbol;
    (void)scale;
    if (job->shape.kind) return resample_shape(job, interval, error);
    if (interval->n == CLI_BARS)
        return cli_set_error(error, KL_E_INTERVAL, 0, "these bars have no interval, so that none is made of them; bars by ticks, volume, dollar, range or price are");
    if (job->to.unit == KL_DAY && job->to.anchor_us == KL_TIME_NONE && job->source.first != KL_TIME_NONE)
        job->to.anchor_us = job->source.first - job->source.first % 86400000000; /* a stored series: the day it begins */
    if (job->to.unit == KL_DAY && job->to.anchor_us == KL_TIME_NONE)
        return cli_set_error(error, KL_E_ANCHOR, 0, "bars of several days need a day on which one starts: --to 3d@2017-08-17");
    if (interval->unit && !kl_interval_divides(interval, &job->to)) {
        cli_interval_text(interval, from);
        cli_interval_text(&job->to, to);
        return cli_set_error(error, KL_E_INTERVAL, 0, "bars of %s do not fill bars of %s exactly", from, to);
    }
    kl_fold_options_init(&options);
    options.from = *interval;
    options.to = job->to;
    options.sink.ctx = job;
    options.sink.candle = resample_candle;
    bytes = kl_fold_size(&options);
    job->memory = malloc(bytes);
    if (!job->memory) return KL_E_MEMORY;
    return kl_fold_init(job->memory, bytes, &options, &job->fold);
}

static kl_status resample_klines(void *ctx, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    resample_job *job = ctx;
    return job->bars ? kl_bars_klines(job->bars, rows, n, scale, error) : kl_fold_klines(job->fold, rows, n, scale, error);
}

static kl_status resample_trades(void *ctx, const kl_trade *rows, size_t n, const kl_scale *scale, kl_error *error) {
    resample_job *job = ctx;
    return job->bars ? kl_bars_trades(job->bars, rows, n, scale, error) : kl_fold_trades(job->fold, rows, n, scale, error);
}

static kl_status resample_run(resample_job *job, kl_error *error) {
    const cli_source_sink sink = {job, resample_key, resample_klines, resample_trades};
    const kl_scale none = {0, 0, 0, 0};
    kl_status status = cli_source_run(&job->source, &sink, error);
    if (status >= 0 && job->fold) status = kl_fold_finish(job->fold, error);
    if (status >= 0 && job->bars) status = kl_bars_finish(job->bars, error);
    if (status >= 0 && !job->made) { /* no row at all: the header alone */
        status = cli_table_open(&job->table, &job->out);
        if (status >= 0) status = kl_table_add_kline_columns(job->table.table, &none);
    }
    if (status >= 0) status = cli_table_flush(&job->table);
    cli_table_free(&job->table);
    free(job->memory);
    return status;
}

/* --to and the options that go with some of its forms */
static int resample_to(resample_job *job, const cli_verb *verb, const char *to, int split, int wicks, int first) {
    kl_status status;
    if (!to) return cli_usage(verb, "--to INTERVAL is missing");
    kl_bars_options_init(&job->shape);
    status = kl_bars_parse(to, strlen(to), &job->shape);
    if (status == KL_E_UNKNOWN_NAME) status = cli_interval_word(to, &job->to);
    if (status < 0 || (!job->shape.kind && !job->to.unit))
        return cli_usage(verb, "'%s' is not a value that --to can take: an interval, or ticks:N volume:V dollar:D renko:P range:P", to);
    if (split && job->shape.kind != KL_BARS_VOLUME && job->shape.kind != KL_BARS_DOLLAR) return cli_usage(verb, "--split goes with volume: and dollar:");
    if ((wicks || first) && job->shape.kind != KL_BARS_RENKO) return cli_usage(verb, "--wicks and --from-first-price go with renko:");
    job->shape.split = split;
    job->shape.wicks = wicks;
    job->shape.from_first_price = first;
    return CLI_GO;
}

int cli_resample(const cli_verb *verb, int argc, char **argv) {
    resample_job job;
    const char *epoch = "", *path = NULL, *to = NULL;
    int n, used, json = 0, split = 0, wicks = 0, first = 0, code;
    kl_error error;
    kl_status status;
    const cli_option options[] = {
        {"to", CLI_TEXT, &to, "I", "the larger interval: 15m 1h 1d 1w 1M 3d@2017-08-17; or ticks:1000 volume:50.5 dollar:1e6 renko:50 range:10"},
        {"split", CLI_FLAG, &split, NULL, "volume: and dollar: of trades: the trade that crosses the border is split, and counts as one in each bar"},
        {"wicks", CLI_FLAG, &wicks, NULL, "renko: high and low show how far the price went against the brick"},
        {"from-first-price", CLI_FLAG, &first, NULL, "renko: bricks start at the first price, not at multiples of their size"},
        {"store", CLI_TEXT, &job.source.store, "DIR", "take SYMBOL INTERVAL (or SYMBOL trades) of a store"},
        CLI_STORED_OPTIONS(job.source),
        {"interval", CLI_INTERVAL, &job.source.interval, "I", "interval of the file where it cannot tell; trades; none: bars that have no interval"},
        {"symbol", CLI_TEXT, &job.source.symbol, "S", "symbol to pick from a recorded stream"},
        {"from", CLI_TIME, &job.source.from, "T", "first source row; a bar of which this cuts rows off is partial"},
        {"until", CLI_TIME, &job.source.to, "T", "end of the source rows, not included"},
        CLI_OUTPUT_OPTIONS(epoch, json, path),
    };
    memset(&job, 0, sizeof job);
    cli_source_init(&job.source, verb);
    job.source.bars = 1;
    code = cli_args(verb, argc, argv, options, sizeof options / sizeof options[0], &n);
    if (code != CLI_GO) return code;
    code = resample_to(&job, verb, to, split, wicks, first);
    if (code != CLI_GO) return code;
    code = cli_source_words(&job.source, n, argv, &used);
    if (code != CLI_GO) return code;
    if (n != used) return cli_usage(verb, "'%s' is one word too many", argv[used]);
    code = cli_source_output(&job.source, path);
    if (code != CLI_GO) return code;
    code = cli_out_open(&job.out, verb, path, json, epoch);
    if (code != CLI_GO) return code;
    status = resample_run(&job, &error);
    if (status < 0 && !job.out.gone) cli_fail(verb, job.source.where, status, &error);
    return cli_worse(cli_out_close(&job.out, verb, status), job.source.damaged ? CLI_DATA : CLI_OK);
}
