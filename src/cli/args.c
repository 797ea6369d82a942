/* The small option parser: a table of options per verb, words and options in any order. */
#include "cli.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int cli_usage(const cli_verb *verb, const char *format, ...) {
    va_list list;
    fprintf(stderr, "kline %s: ", verb->name);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fprintf(stderr, "\nusage: kline %s %s\nkline %s --help tells the rest\n", verb->name, verb->synopsis, verb->name);
    return CLI_USAGE;
}

static int args_help(const cli_verb *verb, const cli_option *options, size_t n) {
    printf("usage: kline %s %s\n%s\n\n", verb->name, verb->synopsis, verb->summary);
    for (size_t i = 0; i < n; i++) {
        char left[64];
        const char *dashes = options[i].name[1] ? "--" : "-";
        snprintf(left, sizeof left, "%s%s%s%s", dashes, options[i].name, options[i].value ? " " : "",
                 options[i].value ? options[i].value : "");
        printf("  %-26s %s\n", left, options[i].help);
    }
    printf("  %-26s %s\n", "--help", "this text");
    return CLI_OK;
}

kl_status cli_time_parse(const char *text, kl_time *time) {
    char *end;
    long long value;
    if (!strcmp(text, "now")) {
        *time = cli_now();
        return KL_OK;
    }
    if (kl_time_parse(text, strlen(text), time) >= 0) return KL_OK;
    if ((text[0] < '0' || text[0] > '9')) return KL_E_TIME;
    value = strtoll(text, &end, 10);
    if (*end) return KL_E_TIME;
    return kl_time_from_epoch(value, time, NULL);
}

static kl_status args_integer(const char *text, int64_t *value) {
    char *end;
    long long v;
    if ((text[0] < '0' || text[0] > '9') && !(text[0] == '-' && text[1] >= '0' && text[1] <= '9')) return KL_E_NUMBER;
    v = strtoll(text, &end, 10);
    if (*end == 'e' && end[1] >= '0' && end[1] <= '9' && !end[2]) { /* 1e6 */
        for (int i = end[1] - '0'; i > 0; i--) {
            if (v > INT64_MAX / 10 || v < INT64_MIN / 10) return KL_E_OVERFLOW;
            v *= 10;
        }
    } else if (*end) {
        return KL_E_NUMBER;
    }
    *value = v;
    return KL_OK;
}

static kl_status args_span(const char *text, int64_t *us) {
    kl_interval interval;
    kl_status status = kl_interval_parse(text, strlen(text), &interval);
    if (status < 0) return status;
    if (interval.unit == KL_MONTH) return KL_E_INTERVAL;
    *us = kl_interval_length_us(&interval);
    return *us > 0 ? KL_OK : KL_E_INTERVAL;
}

static kl_status args_set(const cli_option *option, const char *text) {
    int64_t integer = 0;
    size_t used;
    kl_status status = KL_OK;
    switch (option->kind) {
    case CLI_TEXT: *(const char **)option->to = text; break;
    case CLI_COUNT:
        status = args_integer(text, &integer);
        if (status >= 0 && integer < 0) status = KL_E_NUMBER;
        if (status >= 0) *(uint64_t *)option->to = (uint64_t)integer;
        break;
    case CLI_INT:
        status = args_integer(text, &integer);
        if (status >= 0) *(int64_t *)option->to = integer;
        break;
    case CLI_REAL:
        status = kl_double_parse(text, strlen(text), (double *)option->to, &used);
        if (status >= 0 && text[used]) status = KL_E_NUMBER;
        break;
    case CLI_TIME: status = cli_time_parse(text, (kl_time *)option->to); break;
    case CLI_INTERVAL: status = cli_interval_word(text, (kl_interval *)option->to); break;
    case CLI_SPAN: status = args_span(text, (int64_t *)option->to); break;
    default: status = KL_E_ARG; break;
    }
    return status;
}

static const cli_option *args_find(const cli_option *options, size_t n, const char *name, size_t length, int dashes) {
    for (size_t i = 0; i < n; i++)
        if (strlen(options[i].name) == length && !memcmp(options[i].name, name, length) && (dashes == 2) == (length > 1))
            return &options[i];
    return NULL;
}

int cli_args(const cli_verb *verb, int argc, char **argv, const cli_option *options, size_t n_options, int *n_words) {
    int words = 0;
    uint64_t seen = 0; /* of options with a value */
    for (int i = 0; i < argc; i++) {
        char *word = argv[i];
        const char *value = NULL;
        int dashes = word[0] == '-' ? (word[1] == '-' ? 2 : 1) : 0;
        const cli_option *option;
        size_t length;
        if (!dashes || !word[1]) { /* a plain word, or "-" alone: standard input */
            argv[words++] = word;
            continue;
        }
        if (!strcmp(word, "--")) {
            for (i++; i < argc; i++) argv[words++] = argv[i];
            break;
        }
        if (!strcmp(word, "--help") || !strcmp(word, "-h")) return args_help(verb, options, n_options);
        length = strcspn(word + dashes, "=");
        if (word[(size_t)dashes + length] == '=') value = word + dashes + length + 1;
        option = args_find(options, n_options, word + dashes, length, dashes);
        if (!option) return cli_usage(verb, "there is no option '%.*s'", (int)length + dashes, word);
        if (option->kind == CLI_FLAG) {
            if (value) return cli_usage(verb, "%.*s takes no value", (int)length + dashes, word);
            *(int *)option->to = 1;
            continue;
        }
        if (seen >> (option - options) & 1) return cli_usage(verb, "%.*s is there twice", (int)length + dashes, word);
        seen |= UINT64_C(1) << (option - options);
        if (!value && ++i >= argc) return cli_usage(verb, "%s needs a value: %s", word, option->value);
        if (!value) value = argv[i];
        if (args_set(option, value) < 0)
            return cli_usage(verb, "'%s' is not a value that %.*s can take: %s", value, (int)length + dashes, word, option->help);
    }
    *n_words = words;
    return CLI_GO;
}

int cli_epoch_flags(const cli_verb *verb, const char *epoch, uint32_t *flags) {
    static const struct {
        const char *name;
        uint32_t flag;
    } units[] = {{"", 0}, {"iso", 0}, {"us", KL_WRITE_EPOCH_US}, {"ms", KL_WRITE_EPOCH_MS}, {"s", KL_WRITE_EPOCH_S}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (!epoch || !strcmp(epoch, units[i].name)) {
            *flags = units[i].flag;
            return CLI_GO;
        }
    return cli_usage(verb, "--epoch is one of us, ms, s, iso");
}

int cli_symbol_word(const cli_verb *verb, const char **symbol, char *room) {
    const char *text = *symbol;
    int odd = 0;
    if (!text) return CLI_GO;
    for (const char *c = text; *c; c++) odd |= (unsigned char)*c < ' ' || *c == 127 || strchr("\"',;\\", *c) != NULL;
    cli_symbol_canonical(text, room);
    if (odd || !room[0]) return cli_usage(verb, "'%s' cannot be a symbol", text);
    if (strlen(text) >= KL_SYMBOL_MAX) return cli_usage(verb, "'%s' is too long for a symbol: up to %d bytes", text, KL_SYMBOL_MAX - 1);
    *symbol = room;
    return CLI_GO;
}
