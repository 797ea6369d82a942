/* Reads a file of an exchange (CSV or JSON, plain, .gz or .zip) and says what is in it.
 *
 *     cc parse.c $(pkg-config --cflags --libs kline) -o parse && ./parse BTCUSDT-1h-2024-11.csv */
#include <kline.h>
#include <stdio.h>
#include <string.h>

typedef struct summary {
    uint64_t rows;
    kl_kline first, last;
    kl_scale scale;
} summary;

/* rows come in batches; the memory is the parser's */
static kl_status take(void *ctx, kl_kline_batch *batch) {
    summary *s = ctx;
    if (s->rows == 0) s->first = batch->rows[0];
    s->last = batch->rows[batch->n - 1];
    s->scale = batch->scale;
    s->rows += batch->n;
    return KL_OK;
}

static kl_status read_file(void *ctx, void *buffer, size_t capacity, size_t *got) {
    *got = fread(buffer, 1, capacity, ctx);
    return *got ? KL_OK : ferror((FILE *)ctx) ? KL_E_IO : KL_END;
}

static void print(const kl_kline *row, const kl_scale *scale) {
    char time[KL_TIME_TEXT_MAX], close[KL_DECIMAL_TEXT_MAX];
    kl_i128 mantissa;
    mantissa.lo = (uint64_t)row->close;
    mantissa.hi = row->close < 0 ? -1 : 0;
    kl_time_print(row->open_time_us, time);
    kl_decimal_print(&mantissa, scale->price, close); /* the digits as the exchange wrote them */
    printf("%s close %s\n", time, close);
}

int main(int argc, char **argv) {
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : stdin;
    kl_reader reader = {file, read_file};
    kl_parse_options options;
    kl_parse_counts counts;
    kl_error error;
    summary found;
    if (!file) return 4;
    memset(&found, 0, sizeof found);
    kl_parse_options_init(&options);
    options.klines.ctx = &found;
    options.klines.klines = take;
    if (kl_parse_reader(&reader, &options, NULL, &counts, &error) < 0) {
        fprintf(stderr, "row %lld, column %lld: %s\n", (long long)error.row, (long long)error.column, error.message);
        return 3;
    }
    printf("%llu candles\n", (unsigned long long)found.rows);
    if (found.rows) {
        print(&found.first, &found.scale);
        print(&found.last, &found.scale);
    }
    return 0;
}
