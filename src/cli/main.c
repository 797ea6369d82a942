/* kline: the command line of libkline. One file per verb; this one finds the verb and says what went wrong. */
#include "cli.h"
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#ifdef _WIN32
int _setmode(int file, int mode); /* of its C library */
#endif

static const cli_verb main_verbs[] = {
    {"import", "FILE... --store DIR [--symbol S] [--interval I]", "files of klines or trades into a store", cli_import},
    {"ls", "--store DIR", "the series of a store", cli_ls},
    {"export", "--store DIR SYMBOL INTERVAL|trades", "a series as CSV or JSON lines", cli_export},
    {"check", "FILE... | --store DIR [SYMBOL INTERVAL]", "quality of files or of stored series", cli_check},
    {"resample", "FILE | - | --store DIR SYMBOL INTERVAL --to I", "trades or candles to larger candles, or to tick, volume, dollar, Renko and range bars", cli_resample},
    {"eval", "FILE | - | --store DIR SYMBOL INTERVAL EXPR...", "indicators over candles of a symbol, or of many side by side", cli_eval},
    {"marts", "returns|volume|movers|correlations|market|invest --store DIR [SYMBOL...]", "tables of many symbols, whole or what is new", cli_marts},
    {"score", "FILE | - | --store DIR SYMBOL INTERVAL --strategy FILE", "scores, decisions and their reasons, bar by bar", cli_score},
    {"gen", "--format F --from T --to T [-o FILE | --out DIR]", "made-up markets as files in the exchange's format", cli_gen},
    {"list", "indicators | functions | windows | intervals | statuses", "what the library knows", cli_list},
};
#define MAIN_VERBS (sizeof main_verbs / sizeof main_verbs[0])

int cli_exit_code(kl_status status) {
    if (status >= 0) return CLI_OK;
    if (status > -10) return CLI_USAGE;  /* the call is wrong */
    if (status > -20) return status == KL_E_OVERFLOW ? CLI_DATA : CLI_IO; /* resources */
    if (status > -60) return CLI_DATA;   /* text and rows */
    if (status >= KL_E_DEFINITION) return CLI_DATA; /* damaged or newer bytes */
    return CLI_IO;
}

int cli_worse(int a, int b) { return a > b ? a : b; }

int cli_fail(const cli_verb *verb, const char *where, kl_status status, const kl_error *error) {
    int here = error && error->code == status;
    const char *text = here && error->message[0] ? error->message : kl_status_text(status);
    fflush(stdout);
    fprintf(stderr, "kline%s%s: ", verb ? " " : "", verb ? verb->name : "");
    if (where) fputs(where, stderr);
    if (here && error->row > 0) fprintf(stderr, ":%lld", (long long)error->row);
    if (here && error->row > 0 && error->column > 0) fprintf(stderr, ":%lld", (long long)error->column);
    fprintf(stderr, "%s%s (%s)\n", where ? ": " : "", text, kl_status_name(status));
    return cli_exit_code(status);
}

void cli_note(const cli_verb *verb, const char *format, ...) {
    va_list list;
    fprintf(stderr, "kline %s: ", verb->name);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
}

kl_status cli_set_error(kl_error *error, kl_status code, int64_t row, const char *format, ...) {
    va_list list;
    if (!error) return code;
    memset(error, 0, sizeof *error);
    error->code = code;
    error->row = row;
    va_start(list, format);
    vsnprintf(error->message, sizeof error->message, format, list);
    va_end(list);
    return code;
}

kl_time cli_now(void) {
    const kl_clock *clock = kl_clock_system();
    kl_time now = 0;
    return clock->now_us(clock->ctx, &now) < 0 ? 0 : now;
}

static int main_help(FILE *to, int code) {
    fprintf(to, "usage: kline VERB ...\n\n");
    for (size_t i = 0; i < MAIN_VERBS; i++) fprintf(to, "  %-9s %s\n", main_verbs[i].name, main_verbs[i].summary);
    fprintf(to, "\nkline VERB --help tells the rest. Exit: 0 ok, 1 findings, 2 usage, 3 bad data, 4 input or output failed.\n");
    return code;
}

int main(int argc, char **argv) {
    kl_error error;
    kl_status status = kl_self_check(&error);
    if (status < 0) return cli_fail(NULL, NULL, status, &error);
#ifdef _WIN32
    _setmode(0, 0x8000);
    _setmode(1, 0x8000); /* bytes as they are, no CR */
#else
    signal(SIGPIPE, SIG_IGN);
#endif
    if (argc < 2) return main_help(stderr, CLI_USAGE);
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) return main_help(stdout, CLI_OK);
    if (!strcmp(argv[1], "--version")) {
        printf("kline %s\n", kl_version());
        return CLI_OK;
    }
    for (size_t i = 0; i < MAIN_VERBS; i++)
        if (!strcmp(argv[1], main_verbs[i].name)) return main_verbs[i].run(&main_verbs[i], argc - 2, argv + 2);
    fprintf(stderr, "kline: there is no verb '%s'\n", argv[1]);
    return main_help(stderr, CLI_USAGE);
}
