#include "base/fp.h"
#include "indicator/product.h"
#include "indicator/rows.h"

/* n is known where this is inlined; the last array stands in for those that there are not. The last value may be one number. */
KL__INLINE void product_loop(const double *const *in, size_t rows, double *restrict out, int n, int number) {
    const double *restrict a = in[0], *restrict b = in[1], *restrict c = in[2];
    const double *restrict d = in[n > 3 ? 3 : 2], *restrict e = in[n > 4 ? 4 : 2], *restrict f = in[n > 5 ? 5 : 2];
    const double *restrict g = in[n > 6 ? 6 : 2], *restrict h = in[n > 7 ? 7 : 2];
    const double x = in[n - 1][0];
    for (size_t j = 0; j < rows; j++) {
        double y = kl__rows_seal(a[j] * b[j]);
        y = kl__rows_seal(y * (n == 3 && number ? x : c[j]));
        if (n > 3) y = kl__rows_seal(y * (n == 4 && number ? x : d[j]));
        if (n > 4) y = kl__rows_seal(y * (n == 5 && number ? x : e[j]));
        if (n > 5) y = kl__rows_seal(y * (n == 6 && number ? x : f[j]));
        if (n > 6) y = kl__rows_seal(y * (n == 7 && number ? x : g[j]));
        if (n > 7) y = kl__rows_seal(y * (number ? x : h[j]));
        out[j] = y;
    }
}
KL__INLINE void product_rows(const double *const *in, uint32_t numbers, size_t rows, double *out, int n) {
    if (numbers) product_loop(in, rows, out, n, 1);
    else product_loop(in, rows, out, n, 0);
}

static const kl_input_info product_in[KL__PRODUCT_MAX] = {{"a", "close"}, {"b", "close"}, {"c", "close"}, {"d", "close"},
                                                          {"e", "close"}, {"f", "close"}, {"g", "close"}, {"h", "close"}};
static const kl_output_info product_out[] = {{"product", "product of its values", KL__ANY, "own", 0, KL_POWER_NONE, KL_POWER_NONE}};

#define PRODUCT(n)                                                                                                             \
    KL__INLINE void product##n##_body(const double *const *in, uint32_t numbers, size_t rows, double *out) {                   \
        product_rows(in, numbers, rows, out, n);                                                                               \
    }                                                                                                                          \
    KL__SIMD_EACH(product##n, (const double *const *in, uint32_t numbers, size_t rows, double *out), (in, numbers, rows, out)) \
    static kl__rows *const product##n##_all[KL__SIMD_TIERS] = KL__SIMD_TABLE(product##n);                                      \
    static void product##n##_run(void *state, const double *const *in, size_t rows, double *const *out) {                      \
        (void)state;                                                                                                           \
        if (rows == 1) product##n##_body(in, 0, 1, out[0]);                                                                    \
        else product##n##_all[kl__simd_tier()](in, 0, rows, out[0]);                                                           \
    }                                                                                                                          \
    static const kl__indicator product_of_##n = {                                                                              \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "*" #n, .title = "product", .group = "math",     \
                .since = "0.1", .source = "own definition", .cost = "O(1) a bar", .stability = KL_EXACT, .n_inputs = n,        \
                .n_outputs = 1, .inputs = product_in, .outputs = product_out},                                                 \
        .flags = KL__RAW | KL__ELEMENTWISE | KL__HIDDEN, .lookback = kl__rows_lookback, .size = kl__rows_size,                 \
        .init = kl__rows_init, .run = product##n##_run, .pack = kl__rows_pack, .rows = product##n##_all};

PRODUCT(3)
PRODUCT(4)
PRODUCT(5)
PRODUCT(6)
PRODUCT(7)
PRODUCT(8)

static const kl__indicator *const products[] = {&product_of_3, &product_of_4, &product_of_5, &product_of_6, &product_of_7, &product_of_8};

const kl__indicator *kl__product(uint32_t n) { return products[n - 3]; }

uint32_t kl__product_values(const kl__indicator *kind) {
    if (kind == &kl__ind_mult) return 2;
    return kind->run && kind->pub.name[0] == '*' ? kind->pub.n_inputs : 0;
}
