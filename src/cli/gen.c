/* kline gen: made-up markets as files in the exchange's own formats, with its defects on request. */
#include "cli.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct gen_job {
    const cli_verb *verb;
    kl_gen_options market;
    kl_gen_file_options file;
    const char *format, *epoch, *defects, *path, *folder, *every;
    uint64_t seed, symbols, symbol;
    int header, all;
} gen_job;

typedef struct gen_word {
    const char *name;
    int32_t value;
    const char *kind, *ending; /* in file names: BTCUSDT-<kind>-2024-01.<ending> */
} gen_word;

static const gen_word gen_formats[] = {{"kline-csv", KL_GEN_KLINE_CSV, NULL, "csv"}, {"trade-csv", KL_GEN_TRADE_CSV, "trades", "csv"},
    {"aggtrade-csv", KL_GEN_AGG_TRADE_CSV, "aggTrades", "csv"}, {"kline-json", KL_GEN_KLINE_JSON, NULL, "json"},
    {"stream-json", KL_GEN_STREAM_JSON, "stream", "jsonl"}, {NULL, 0, NULL, NULL}};
static const gen_word gen_defects[] = {{"duplicates", KL_DEFECT_DUPLICATES, NULL, NULL}, {"disorder", KL_DEFECT_DISORDER, NULL, NULL},
    {"gaps", KL_DEFECT_GAPS, NULL, NULL}, {"torn-line", KL_DEFECT_TORN_LINE, NULL, NULL}, {"forming", KL_DEFECT_FORMING, NULL, NULL},
    {"corrections", KL_DEFECT_CORRECTIONS, NULL, NULL}, {"spikes", KL_DEFECT_SPIKES, NULL, NULL},
    {"zero-volume", KL_DEFECT_ZERO_VOLUME, NULL, NULL}, {"all", 255, NULL, NULL}, {"none", 0, NULL, NULL}, {NULL, 0, NULL, NULL}};

static const gen_word *gen_find(const gen_word *words, const char *text, size_t n) {
    for (; words->name; words++)
        if (strlen(words->name) == n && !memcmp(words->name, text, n)) return words;
    return NULL;
}

static int gen_defect_mask(gen_job *job) {
    for (const char *text = job->defects; text && *text;) {
        size_t n = strcspn(text, ",");
        const gen_word *word = gen_find(gen_defects, text, n);
        if (!word) return cli_usage(job->verb, "there is no defect '%.*s'", (int)n, text);
        job->file.defects |= (uint32_t)word->value;
        text += n + (text[n] == ',');
    }
    return CLI_GO;
}

static kl_status gen_symbol_name(const gen_job *job, char *name, kl_error *error) {
    size_t bytes = kl_gen_size(&job->market);
    void *memory = malloc(bytes);
    kl_gen *gen;
    kl_scale scale;
    kl_status status = memory ? kl_gen_init(memory, bytes, &job->market, &gen, error) : KL_E_MEMORY;
    if (status >= 0) status = kl_gen_symbol(gen, job->file.symbol, name, &scale);
    free(memory);
    return status;
}

static void gen_tell(const gen_job *job, const char *path, const kl_gen_counts *counts) {
    fprintf(stderr, "%s: %llu rows, %llu bytes", path, (unsigned long long)counts->rows, (unsigned long long)counts->bytes);
    for (size_t i = 0; i < 8; i++)
        if (job->file.defects >> i & 1) fprintf(stderr, ", %s %llu", gen_defects[i].name, (unsigned long long)counts->defects[i]);
    fputc('\n', stderr);
}

static int gen_one(const gen_job *job, const char *path) {
    cli_out out;
    kl_gen_counts counts;
    kl_error error = {0};
    kl_status status;
    int code = cli_out_open(&out, job->verb, path, 0, "");
    if (code != CLI_GO) return code;
    memset(&counts, 0, sizeof counts);
    status = kl_gen_write(&job->market, &job->file, NULL, &out.writer, &counts, &error);
    if (status < 0 && !out.gone) cli_fail(job->verb, path, status, &error);
    else if (!out.gone && path) gen_tell(job, path, &counts);
    return cli_out_close(&out, job->verb, status);
}

/* ------------------------------------------------------------------------------------------ a folder of files --- */

/* A writer that hands the lines of one long CSV to a file per month or day, by the time in each line. */
typedef struct gen_split {
    const gen_job *job;
    const gen_word *format;
    char symbol[KL_SYMBOL_MAX];
    FILE *file;
    char path[1024], line[1024], header[1024];
    size_t length;
    kl_time until; /* end of the period of the open file */
} gen_split;

static const int gen_time_column[] = {0, 0, 4, 5, 0, 0}; /* by KL_GEN_* */

static void gen_path(gen_split *split, kl_time from) {
    const gen_job *job = split->job;
    char kind[KL_INTERVAL_TEXT_MAX], when[24] = "";
    kl_civil civil;
    kl_civil_from_time(from, &civil);
    if (split->format->kind) snprintf(kind, sizeof kind, "%s", split->format->kind);
    else kl_interval_print(&job->file.interval, kind);
    if (!strcmp(job->every, "day")) snprintf(when, sizeof when, "-%04d-%02d-%02d", (int)(civil.year % 10000), (int)(civil.month % 100), (int)(civil.day % 100));
    if (!strcmp(job->every, "month")) snprintf(when, sizeof when, "-%04d-%02d", (int)(civil.year % 10000), (int)(civil.month % 100));
    snprintf(split->path, sizeof split->path, "%s/%s-%s%s.%s", job->folder, split->symbol, kind, when, split->format->ending);
}

static kl_time gen_period_end(const gen_job *job, kl_time from) {
    kl_civil civil;
    kl_time end = KL_TIME_MAX;
    if (!strcmp(job->every, "day")) return from - from % 86400000000 + 86400000000;
    kl_civil_from_time(from, &civil);
    civil.month = civil.month % 12 + 1;
    civil.year += civil.month == 1;
    civil.day = 1;
    civil.hour = civil.minute = civil.second = civil.microsecond = 0;
    return kl_civil_to_time(&civil, &end) < 0 ? KL_TIME_MAX : end;
}

static kl_status gen_split_line(gen_split *split) {
    const char *at = split->line;
    kl_time time = KL_TIME_NONE;
    int column = gen_time_column[split->job->file.format];
    split->line[split->length] = 0;
    for (; column > 0 && *at; at++) column -= *at == ',';
    if (*at < '0' || *at > '9' || kl_time_from_epoch(strtoll(at, NULL, 10), &time, NULL) < 0) {
        if (!split->file) memcpy(split->header, split->line, split->length + 1); /* the line of names goes into every file */
        else if (fwrite(split->line, 1, split->length, split->file) != split->length) return KL_E_IO;
        return KL_OK;
    }
    if (!split->file || time >= split->until) {
        if (split->file && fclose(split->file)) return KL_E_IO;
        gen_path(split, time);
        split->until = gen_period_end(split->job, time);
        split->file = fopen(split->path, "wb");
        if (!split->file || fputs(split->header, split->file) < 0) return KL_E_IO;
    }
    return fwrite(split->line, 1, split->length, split->file) == split->length ? KL_OK : KL_E_IO;
}

static kl_status gen_split_write(void *ctx, const void *bytes, size_t n) {
    gen_split *split = ctx;
    const char *text = bytes;
    for (size_t i = 0; i < n; i++) {
        if (split->length + 1 >= sizeof split->line) return KL_E_LINE;
        split->line[split->length++] = text[i];
        if (text[i] != '\n') continue;
        if (gen_split_line(split) < 0) return KL_E_IO;
        split->length = 0;
    }
    return KL_OK;
}

static int gen_split_symbol(const gen_job *job, gen_split *split) {
    const kl_writer writer = {split, gen_split_write};
    kl_gen_counts counts = {0};
    kl_error error = {0};
    char where[1024];
    kl_status status = kl_gen_write(&job->market, &job->file, NULL, &writer, &counts, &error);
    if (status >= 0 && split->length) status = gen_split_line(split); /* a torn last line */
    if (split->file && fclose(split->file) && status >= 0) status = KL_E_IO;
    if (status < 0) return cli_fail(job->verb, split->path[0] ? split->path : job->folder, status, &error);
    snprintf(where, sizeof where, "%s/%s", job->folder, split->symbol);
    gen_tell(job, where, &counts);
    return CLI_OK;
}

static int gen_folder(const gen_job *job, const gen_word *format) {
    static gen_split split;
    int code = CLI_OK;
    if (mkdir(job->folder, 0777) < 0 && errno != EEXIST) {
        fprintf(stderr, "kline gen: %s: %s (io)\n", job->folder, strerror(errno));
        return CLI_IO;
    }
    for (size_t s = 0; s < job->market.symbols && code == CLI_OK; s++) {
        gen_job part = *job;
        kl_error error = {0};
        kl_status status;
        if (!job->all && s != job->symbol) continue;
        part.file.symbol = s;
        memset(&split, 0, sizeof split);
        split.job = &part;
        split.format = format;
        status = gen_symbol_name(&part, split.symbol, &error);
        if (status < 0) return cli_fail(job->verb, NULL, status, &error);
        gen_path(&split, job->market.from);
        code = strcmp(job->every, "all") ? gen_split_symbol(&part, &split) : gen_one(&part, split.path);
    }
    return code;
}

static int gen_check(gen_job *job, const gen_word **format) {
    *format = gen_find(gen_formats, job->format, strlen(job->format));
    if (!*format) return cli_usage(job->verb, "there is no format '%s'", job->format);
    job->file.format = (*format)->value;
    if (strcmp(job->epoch, "ms") && strcmp(job->epoch, "us")) return cli_usage(job->verb, "--epoch is ms or us");
    job->file.epoch = strcmp(job->epoch, "us") ? KL_EPOCH_MS : KL_EPOCH_US;
    job->file.header = job->header;
    if (job->market.from == KL_TIME_NONE || job->market.to == KL_TIME_NONE || job->market.from >= job->market.to)
        return cli_usage(job->verb, "--from T and a later --to T are needed");
    if (!job->symbols || job->symbols > 10000) return cli_usage(job->verb, "--symbols is 1..10000");
    job->all = job->symbol == UINT64_MAX;
    if (!job->all && job->symbol >= job->symbols) return cli_usage(job->verb, "--symbol is 0..%llu", (unsigned long long)job->symbols - 1);
    if (job->path && job->folder) return cli_usage(job->verb, "-o FILE or --out DIR, not both");
    if (!job->every) job->every = !strcmp((*format)->ending, "csv") ? "month" : "all";
    if (strcmp(job->every, "all") && strcmp((*format)->ending, "csv")) return cli_usage(job->verb, "JSON is written with --every all");
    if (strcmp(job->every, "month") && strcmp(job->every, "day") && strcmp(job->every, "all"))
        return cli_usage(job->verb, "--every is month, day or all");
    job->market.symbols = (size_t)job->symbols;
    job->market.seed = job->seed;
    job->file.symbol = job->all ? 0 : (size_t)job->symbol;
    return gen_defect_mask(job);
}

int cli_gen(const cli_verb *verb, int argc, char **argv) {
    gen_job job;
    const gen_word *format;
    int n, code;
    const cli_option options[] = {
        {"format", CLI_TEXT, &job.format, "F", "kline-csv, trade-csv, aggtrade-csv, kline-json or stream-json"},
        {"from", CLI_TIME, &job.market.from, "T", "start"},
        {"to", CLI_TIME, &job.market.to, "T", "end, not included"},
        {"symbols", CLI_COUNT, &job.symbols, "N", "size of the market: correlated symbols (1)"},
        {"symbol", CLI_COUNT, &job.symbol, "K", "the symbol to write, from 0; --out: all of them"},
        {"seed", CLI_COUNT, &job.seed, "S", "the same seed gives the same bytes everywhere (1)"},
        {"interval", CLI_INTERVAL, &job.file.interval, "I", "interval of klines (1m)"},
        {"trades-per-minute", CLI_REAL, &job.market.trades_per_minute, "X", "mean of the first symbol"},
        {"volatility", CLI_REAL, &job.market.volatility, "X", "annual, of the first symbol"},
        {"correlation", CLI_REAL, &job.market.correlation, "X", "between symbols, 0..0.99"},
        {"cluster", CLI_REAL, &job.market.cluster, "X", "persistence of volatility, 0..0.99"},
        {"epoch", CLI_TEXT, &job.epoch, "ms|us", "unit of times (ms)"},
        {"header", CLI_FLAG, &job.header, NULL, "CSV with a line of names"},
        {"defects", CLI_TEXT, &job.defects, "LIST", "duplicates,disorder,gaps,torn-line,forming,corrections,spikes,zero-volume or all"},
        {"rate", CLI_REAL, &job.file.defect_rate, "R", "share of rows that each defect touches (0.001)"},
        {"o", CLI_TEXT, &job.path, "FILE", "write one symbol to a file instead of standard output"},
        {"out", CLI_TEXT, &job.folder, "DIR", "write files named as the exchange names them"},
        {"every", CLI_TEXT, &job.every, "PERIOD", "with --out: a file per month (usual), day, or one for all"},
    };
    memset(&job, 0, sizeof job);
    job.verb = verb;
    job.format = "kline-csv";
    job.epoch = "ms";
    job.seed = job.symbols = 1;
    job.symbol = UINT64_MAX;
    kl_gen_options_init(&job.market);
    kl_gen_file_options_init(&job.file);
    job.market.from = job.market.to = KL_TIME_NONE;
    kl_interval_parse("1m", 2, &job.file.interval);
    code = cli_args(verb, argc, argv, options, sizeof options / sizeof options[0], &n);
    if (code != CLI_GO) return code;
    if (n) return cli_usage(verb, "'%s' is one word too many", argv[0]);
    code = gen_check(&job, &format);
    if (code != CLI_GO) return code;
    return job.folder ? gen_folder(&job, format) : gen_one(&job, job.path);
}
