/* Strategy files, for the verbs that run one: score, confirm, backtest, sweep, audit, mine. */
#ifndef KLINE_CLI_STRATEGY_H
#define KLINE_CLI_STRATEGY_H
#include "cli.h"

typedef struct cli_strategy {
    const char *path; /* --strategy */
    const char *set;  /* --set a=1,b=2: parameters */
    char *text;
    size_t length;
    kl_strategy *strategy;
} cli_strategy;
#define CLI_STRATEGY_OPTIONS(s)                                                                      \
    {"strategy", CLI_TEXT, &(s).path, "FILE", "metrics, weights and rules: docs/strategies.md"},     \
    {"set", CLI_TEXT, &(s).set, "NAME=X,...", "parameters of the strategy"}

/* Reads the file; CLI_GO, or the exit code to leave with (told by then). */
int cli_strategy_open(cli_strategy *s, const cli_verb *verb);
/* Compiles it for bars of an interval, which may have unit 0 as long as it is not known: then a strategy that needs one is left for later, and
 * `strategy` stays NULL. CLI_GO, or the exit code. */
int cli_strategy_compile(cli_strategy *s, const cli_verb *verb, const kl_interval *interval);
void cli_strategy_free(cli_strategy *s);

#endif
