/* Candles from exchange CSV: parse, validate, drop duplicates, through the public API, in bounded memory.
 *
 *   bench_csv make FILE MEGABYTES     rows of twelve columns as the exchange writes them, seeded
 *   bench_csv read FILE [RUNS]        prints rows, MB/s and seconds of the fastest run, by processor time */
#include "kline/clean.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t state = 42;
static uint64_t next_random(void) {
    uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int make(const char *path, long megabytes) {
    FILE *file = fopen(path, "wb");
    if (!file) return 1;
    long long limit = (long long)megabytes * 1000000, written = 0, time = 1577836800000LL, price = 3000000;
    while (written < limit) {
        long long open = price, close = price + (long long)(next_random() % 1801) - 900;
        long long high = (open > close ? open : close) + (long long)(next_random() % 400);
        long long low = (open < close ? open : close) - (long long)(next_random() % 400);
        long long volume = (long long)(next_random() >> (30 + next_random() % 14)); /* 1e-5 units, over four orders of magnitude */
        long long quote = volume / 100 * close, taker = volume / 100 * (long long)(10 + next_random() % 80);
        long long taker_quote = taker / 100 * close;
        int n = fprintf(file, "%lld,%lld.%02lld000000,%lld.%02lld000000,%lld.%02lld000000,%lld.%02lld000000,%lld.%05lld000,%lld,%lld.%08lld,%lld,%lld.%05lld000,%lld.%08lld,0\n",
                        time, open / 100, open % 100, high / 100, high % 100, low / 100, low % 100, close / 100, close % 100,
                        volume / 100000, volume % 100000, time + 59999, quote / 100000, quote % 100000 * 1000, (long long)(next_random() % 5000),
                        taker / 100000, taker % 100000, taker_quote / 100000, taker_quote % 100000 * 1000);
        if (n < 0) return 1;
        written += n, time += 60000;
        price = close < 500000 ? 500000 : close > 9000000 ? 9000000 : close;
    }
    return fclose(file) != 0;
}

typedef struct {
    kl_validator *validator;
    kl_dedup *dedup;
    uint64_t rows, sum;
} stages;

static kl_status to_validator(void *ctx, kl_kline_batch *batch) { return kl_validator_push(((stages *)ctx)->validator, batch, NULL); }
static kl_status to_dedup(void *ctx, kl_kline_batch *batch) { return kl_dedup_push(((stages *)ctx)->dedup, batch, NULL); }
static kl_status to_end(void *ctx, kl_kline_batch *batch) {
    stages *s = ctx;
    for (size_t i = 0; i < batch->n; i++) s->sum += (uint64_t)batch->rows[i].close;
    s->rows += batch->n;
    return KL_OK;
}
static kl_status read_file(void *ctx, void *buffer, size_t capacity, size_t *got) {
    *got = fread(buffer, 1, capacity, ctx);
    return *got ? KL_OK : KL_END;
}

static int read_once(const char *path, int all_stages, stages *s, double *seconds) {
    static char validator[4096], dedup[8192];
    kl_parse_options options;
    kl_validate_options validate;
    kl_parse_counts counts;
    kl_error error;
    memset(s, 0, sizeof *s);
    kl_kline_sink end = {s, to_end}, second = {s, to_dedup}, first = {s, to_validator};
    kl_validate_options_init(&validate);
    kl_interval_parse("1m", 2, &validate.interval);
    validate.next = second;
    if (kl_validator_size() > sizeof validator || kl_dedup_size() > sizeof dedup) return 1;
    if (kl_validator_init(validator, sizeof validator, &validate, &s->validator) < 0) return 1;
    if (kl_dedup_init(dedup, sizeof dedup, KL_DEDUP_RANK, &end, NULL, &s->dedup) < 0) return 1;
    kl_parse_options_init(&options);
    options.klines = all_stages ? first : end;
    FILE *file = fopen(path, "rb");
    if (!file) return 1;
    setvbuf(file, NULL, _IONBF, 0);
    kl_reader reader = {file, read_file};
    clock_t from = clock();
    kl_status status = kl_parse_reader(&reader, &options, NULL, &counts, &error);
    if (status >= 0 && all_stages) status = kl_dedup_finish(s->dedup, &error);
    *seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
    fclose(file);
    if (status < 0) fprintf(stderr, "row %lld: %s\n", (long long)error.row, error.message);
    return status < 0;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "make") == 0) return make(argv[2], atol(argv[3]));
    if (argc < 3 || strcmp(argv[1], "read") != 0) return fprintf(stderr, "usage: bench_csv make FILE MB | read FILE [RUNS]\n"), 2;
    FILE *file = fopen(argv[2], "rb");
    if (!file) return 1;
    fseek(file, 0, SEEK_END);
    double bytes = (double)ftell(file);
    fclose(file);
    for (int all = 0; all < 2; all++) {
        double best = 1e9;
        stages s;
        for (int run = 0; run < (argc > 3 ? atoi(argv[3]) : 3); run++) {
            double seconds;
            if (read_once(argv[2], all, &s, &seconds)) return 1;
            if (seconds < best) best = seconds;
        }
        printf("%s rows %llu seconds %.3f MB/s %.0f\n", all ? "parse+validate+dedup" : "parse", (unsigned long long)s.rows, best, bytes / best / 1e6);
    }
    return 0;
}
