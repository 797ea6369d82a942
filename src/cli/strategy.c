/* Strategy files for the verbs that run one. */
#include "strategy.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define STRATEGY_BYTES (1 << 20)

int cli_strategy_open(cli_strategy *s, const cli_verb *verb) {
    if (!s->path) return cli_usage(verb, "give the strategy: --strategy FILE");
    FILE *file = fopen(s->path, "rb");
    if (!file) {
        fprintf(stderr, "kline %s: %s: %s\n", verb->name, s->path, strerror(errno));
        return CLI_IO;
    }
    s->text = malloc(STRATEGY_BYTES);
    s->length = s->text ? fread(s->text, 1, STRATEGY_BYTES, file) : 0;
    const int bad = ferror(file) != 0, whole = feof(file) != 0;
    fclose(file);
    if (!s->text || bad) return cli_fail(verb, s->path, s->text ? KL_E_IO : KL_E_MEMORY, NULL);
    return whole ? CLI_GO : cli_usage(verb, "%s is no strategy: it is longer than 1 MB", s->path);
}

/* --set over the defaults. */
static int strategy_set(const cli_strategy *s, const cli_verb *verb, double *values) {
    kl_strategy_spec spec;
    const char *word = s->set;
    kl_strategy_spec_of(s->strategy, &spec);
    for (size_t i = 0; i < spec.n_params; i++) values[i] = spec.params[i].value;
    while (word && *word) {
        const size_t length = strcspn(word, ","), name = strcspn(word, "=,");
        size_t p = 0, used = 0;
        while (p < spec.n_params && (strlen(spec.params[p].name) != name || memcmp(spec.params[p].name, word, name) != 0)) p++;
        if (p == spec.n_params) return cli_usage(verb, "%s has no parameter '%.*s'", s->path, (int)name, word);
        if (name == length || kl_double_parse(word + name + 1, length - name - 1, &values[p], &used) < 0 || used != length - name - 1)
            return cli_usage(verb, "'%.*s' is no number for a parameter: NAME=X", (int)length, word);
        word += length + (word[length] == ',');
    }
    return CLI_GO;
}

static int strategy_read(cli_strategy *s, const cli_verb *verb, const kl_interval *interval, const double *values) {
    kl_error error = {0};
    kl_strategy_free(s->strategy);
    s->strategy = NULL;
    const kl_status status = kl_strategy_read(s->text, s->length, interval, values, NULL, &s->strategy, &error);
    if (status == KL_E_INTERVAL && interval && !interval->unit) return CLI_GO; /* not known yet */
    return status < 0 ? cli_fail(verb, s->path, status, &error) : CLI_GO;
}

int cli_strategy_compile(cli_strategy *s, const cli_verb *verb, const kl_interval *interval) {
    double values[64];
    int code = strategy_read(s, verb, interval, NULL);
    if (code != CLI_GO || !s->strategy) return code;
    if (s->set) {
        code = strategy_set(s, verb, values);
        if (code == CLI_GO) code = strategy_read(s, verb, interval, values);
        if (code != CLI_GO || !s->strategy) return code;
    }
    kl_strategy_spec spec;
    kl_strategy_spec_of(s->strategy, &spec);
    if (interval && interval->unit && spec.interval.unit && !cli_interval_same(interval, &spec.interval)) {
        char own[KL_INTERVAL_TEXT_MAX], bars[KL_INTERVAL_TEXT_MAX];
        cli_interval_text(&spec.interval, own);
        cli_interval_text(interval, bars);
        return cli_usage(verb, "%s is for bars of %s, these are of %s", s->path, own, bars);
    }
    return CLI_GO;
}

void cli_strategy_free(cli_strategy *s) {
    kl_strategy_free(s->strategy);
    free(s->text);
}
