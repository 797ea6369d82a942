#include "base/fp.h"
#include "indicator/decay.h"
#include "indicator/formula.h"

enum { MACDFIX_FAST = 12, MACDFIX_SLOW = 26 };
#define MACDFIX_FAST_POLE 0.85  /* weight 0.15 instead of 2/13 */
#define MACDFIX_SLOW_POLE 0.925 /* weight 0.075 instead of 2/27 */

typedef struct {
    kl__late fast;
    kl__average slow;
    kl__late signal; /* begins with the line */
} macdfix_state;

static int64_t macdfix_lookback(const double *params) { return MACDFIX_SLOW - 1 + (int64_t)params[0] - 1; }
static size_t macdfix_size(const double *params) { return (void)params, sizeof(macdfix_state); }
static void macdfix_init(void *state, const double *params) {
    macdfix_state *s = state;
    kl__late_init(&s->fast, MACDFIX_FAST_POLE, MACDFIX_FAST, MACDFIX_SLOW - MACDFIX_FAST);
    kl__average_init(&s->slow, MACDFIX_SLOW_POLE, MACDFIX_SLOW);
    kl__late_init(&s->signal, kl__decay_ema(params[0]), (uint64_t)params[0], MACDFIX_SLOW - 1);
}
static void macdfix_run(void *state, const double *const *in, size_t n, double *const *out) {
    macdfix_state *s = state;
    double line[KL__CHUNK], slow[KL__CHUNK];
    kl__late_run(&s->fast, in[0], n, line);
    kl__average_run(&s->slow, in[0], n, slow);
    for (size_t j = 0; j < n; j++) line[j] -= slow[j];
    kl__late_run(&s->signal, line, n, out[1]);
    for (size_t j = 0; j < n; j++) {
        out[2][j] = line[j] - out[1][j];
        out[0][j] = line[j] + (out[1][j] - out[1][j]); /* known earlier; all three begin together */
    }
}
static int macdfix_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    macdfix_state *s = state;
    kl__decay *fast = &s->fast.average.decay, *slow = &s->slow.decay;
    const kl__carry before[2] = {fast->carry, slow->carry};
    if (s->signal.left < s->signal.start || s->slow.seed.have < s->slow.seed.n) return KL__ATTEMPT_FAILED;
    if (kl__decay_run_less((kl__decay *const[2]){fast, slow}, in[0], n, out[0]) &&
        kl__average_try_less(&s->signal.average, out[0], n, out[1], out[2]) != KL__ATTEMPT_FAILED)
        return KL__ATTEMPT_MADE;
    fast->carry = before[0], slow->carry = before[1];
    return KL__ATTEMPT_FAILED;
}
static void macdfix_pack(void *state, kl__snap *p) {
    macdfix_state *s = state;
    kl__late_pack(&s->fast, p);
    kl__average_pack(&s->slow, p);
    kl__late_pack(&s->signal, p);
}
static double macdfix_needed(const double *params, double digits) {
    return (double)macdfix_lookback(params) + kl__decay_needed(MACDFIX_SLOW_POLE, digits + 3.0) + kl__decay_needed(kl__decay_ema(params[0]), digits + 3.0);
}

static const kl_input_info macdfix_in[] = {{"x", "close"}};
static const kl_param_info macdfix_par[] = {{"signal", "length of the signal's average in bars", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info macdfix_out[] = {{"macd", "fast less slow average", KL__ANY, "own", 0, 1, 0},
                                             {"signal", "average of macd", KL__ANY, "own", 0, 1, 0},
                                             {"hist", "macd less signal", KL__ANY, "own", 0, 1, 0}};

const kl__indicator kl__ind_macdfix = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "macdfix", .title = "MACD with the rounded weights of 12 and 26 days",
            .group = "momentum", .since = "0.1", .source = "Gerald Appel: averages with the weights 0.15 and 0.075", .cost = "O(1) a bar",
            .stability = KL_EXACT, KL__PORTS(macdfix_in, macdfix_par, macdfix_out)},
    .flags = KL__HOLDS, .lookback = macdfix_lookback, .size = macdfix_size, .init = macdfix_init, .run = macdfix_run, .attempt = macdfix_attempt, .pack = macdfix_pack,
    .needed = macdfix_needed,
};
