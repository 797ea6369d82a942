#include "indicator/kernel.h"

/* The line below while up, the one above while down. */
typedef struct {
    double below, above, before; /* before: the last value */
    uint64_t up, begun;
} trail_state;

static int64_t trail_lookback(const double *params) { return (void)params, 0; }
static void trail_init(void *state, const double *params) { (void)params, *(trail_state *)state = (trail_state){0.0, 0.0, 0.0, 1, 0}; }

static void trail_bar(trail_state *s, double x, double width) {
    const double below = s->below, above = s->above;
    s->below = s->begun && s->before > below && x > below ? kl__max2(below, x - width) : x - width;
    s->above = s->begun && s->before < above && x < above ? kl__min2(above, x + width) : x + width;
    if (s->begun && s->up && x < below) s->up = 0;
    else if (s->begun && !s->up && x > above) s->up = 1;
    s->before = x, s->begun = 1;
}

static void trail_run(void *state, const double *const *in, size_t n, double *const *out) {
    trail_state *s = state;
    for (size_t j = 0; j < n; j++) {
        trail_bar(s, in[0][j], in[1][j]);
        out[0][j] = kl__plain(s->up ? s->below : s->above);
        out[1][j] = s->up ? 1.0 : -1.0;
    }
}

static void trail_pack(void *state, kl__snap *p) {
    trail_state *s = state;
    kl__snap_u64(p, &s->up, 1);
    kl__snap_u64(p, &s->begun, 1);
    kl__snap_f64(p, &s->below, 1);
    kl__snap_f64(p, &s->above, 1);
    kl__snap_f64(p, &s->before, 1);
}

static const kl_input_info trail_in[] = {{"x", "close"}, {"width", "open"}};
static const kl_output_info trail_out[] = {{"line", "the line that trails the series", KL__FREE, "own", 0, 1, 0},
                                           {"trend", "1 up, -1 down", -1, 1, "own", 0, 0, 0}};

KL__KERNEL_PLAIN(trail, "Line that trails a series at a distance", "momentum", "own definition; the trailing line of QQE", kl__needed_never)
