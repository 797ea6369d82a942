#include "base/fp.h"
#include "indicator/past_pair.h"

/* Two of them, one behind the other. A missing bar is missing in both, so the same place is the same bar. */
static kl__past *past_pair_second(void *state) {
    return (kl__past *)(void *)((uint8_t *)state + kl__past_size((size_t)((kl__past *)state)->keep + 1));
}

int64_t kl__past_pair_lookback(const double *params) { return (int64_t)params[0] - 1; }
size_t kl__past_pair_size(const double *params) { return 2 * kl__past_size((size_t)params[0]); }
void kl__past_pair_init(void *state, const double *params) {
    kl__past_init(state, (size_t)params[0]);
    kl__past_init(past_pair_second(state), (size_t)params[0]);
}
void kl__past_pair_pack(void *state, kl__snap *p) {
    kl__past_pack(state, p);
    kl__past_pack(past_pair_second(state), p);
}

typedef struct {
    kl__pair_rows *rows;
    const double *a, *b; /* where their values begin */
} past_pair_context;

static void past_pair_first(const void *context, const double *window, size_t w, size_t rows, double *y) {
    (void)context, (void)window, (void)w, (void)rows, (void)y;
}
static void past_pair_rows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    const past_pair_context *c = context;
    c->rows(c->a + (window - c->b), window, w, rows, y);
}

void kl__past_pair_run(void *state, const double *const *in, size_t n, kl__pair_rows *rows, double *y) {
    kl__past *first = state, *second = past_pair_second(state);
    const past_pair_context context = {rows, (const double *)(const void *)(first + 1), (const double *)(const void *)(second + 1)};
    kl__past_run(first, in[0], n, past_pair_first, NULL, y);
    kl__past_run(second, in[1], n, past_pair_rows, &context, y);
}
