#include "base/fp.h"
#include "indicator/decay.h"
#include "indicator/flow.h"
#include "indicator/formula.h"

typedef struct {
    kl__sums line;
    kl__average fast, slow;
} adosc_state;

static int64_t adosc_lookback(const double *params) { return (void)params, 0; }
static size_t adosc_size(const double *params) { return (void)params, sizeof(adosc_state); }
static void adosc_init(void *state, const double *params) {
    adosc_state *s = state;
    s->line = (kl__sums){0.0, 0.0, 0.0, 0.0, 0};
    kl__average_init(&s->fast, kl__decay_ema(params[0]), 1);
    kl__average_init(&s->slow, kl__decay_ema(params[1]), 1);
}
static void adosc_run(void *state, const double *const *in, size_t n, double *const *out) {
    adosc_state *s = state;
    kl__flow_run(&s->line, in, n, out[0]);
    for (size_t j = 0; j < n; j++) {
        double line = out[0][j], fast, slow;
        if (!(fabs(line) < 0x1p1000)) {
            out[0][j] = kl__nan();
            continue;
        }
        kl__average_run(&s->fast, &line, 1, &fast);
        kl__average_run(&s->slow, &line, 1, &slow);
        out[0][j] = fast - slow;
    }
}
static int adosc_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    adosc_state *s = state;
    const kl__sums before = s->line;
    const kl__carry fast = s->fast.decay.carry, slow = s->slow.decay.carry;
    double line[KL__CHUNK];
    if (!s->fast.seed.have || kl__flow_try(&s->line, in, n, line) == KL__ATTEMPT_FAILED) return KL__ATTEMPT_FAILED;
    if (kl__decay_run_less((kl__decay *const[2]){&s->fast.decay, &s->slow.decay}, line, n, out[0])) return KL__ATTEMPT_MADE;
    s->line = before, s->fast.decay.carry = fast, s->slow.decay.carry = slow;
    return KL__ATTEMPT_FAILED;
}
static void adosc_pack(void *state, kl__snap *p) {
    adosc_state *s = state;
    kl__sums_pack(&s->line, p);
    kl__average_pack(&s->fast, p);
    kl__average_pack(&s->slow, p);
}
static double adosc_needed(const double *params, double digits) { return (void)params, (void)digits, HUGE_VAL; } /* of the line */

static const kl_input_info adosc_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info adosc_par[] = {
    {"fast", "length of the fast average in bars", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow average in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info adosc_out[] = {
    {"adosc", "fast minus slow average of the accumulation line", KL__ANY, "own", 0, 0, 1}};

const kl__indicator kl__ind_adosc = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "adosc", .title = "Chaikin oscillator", .group = "volume", .since = "0.1",
            .source = "Marc Chaikin: ema(ad, fast) - ema(ad, slow), both seeded by the first value", .cost = "O(1) a bar", .stability = KL_EXACT,
            KL__PORTS(adosc_in, adosc_par, adosc_out)},
    .flags = KL__RAW, .lookback = adosc_lookback, .size = adosc_size, .init = adosc_init, .run = adosc_run, .attempt = adosc_attempt,
    .pack = adosc_pack, .needed = adosc_needed,
};
