#include "indicator/kernel.h"

typedef struct {
    double index, close, volume; /* of the bar before */
    uint64_t seen;
} nvi_state;

static int64_t nvi_lookback(const double *params) { return (void)params, 0; }
static void nvi_init(void *state, const double *params) { (void)params, *(nvi_state *)state = (nvi_state){1000.0, 0.0, 0.0, 0}; }
static void nvi_run(void *state, const double *const *in, size_t n, double *const *out) {
    nvi_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double close = in[0][j], volume = in[1][j];
        double next = s->index * (close / s->close);
        if (s->seen && volume < s->volume && fabs(next) < HUGE_VAL) s->index = next; /* a price of 0 has no return: the index stays */
        s->close = close, s->volume = volume, s->seen = 1;
        out[0][j] = kl__plain(s->index);
    }
}
static void nvi_pack(void *state, kl__snap *p) {
    nvi_state *s = state;
    kl__snap_u64(p, &s->seen, 1);
    kl__snap_f64(p, &s->index, 1);
    kl__snap_f64(p, &s->close, 1);
    kl__snap_f64(p, &s->volume, 1);
}

static const kl_input_info nvi_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_output_info nvi_out[] = {{"nvi", "1000 and the returns of bars of falling volume", KL__FREE, "own", 0, 0, 0}};

KL__KERNEL_PLAIN(nvi, "Negative volume index", "volume", "Paul Dysart, 1936; Norman Fosback, Stock Market Logic, 1976", kl__needed_never)
