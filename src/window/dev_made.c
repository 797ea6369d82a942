/* What is made of second moments: the loops for whatever dev_moments.c does not take. */
#include "base/fp.h"
#include "base/endian.h"
#include "base/roots.h"
#include "window/dev.h"
#include "simd/level.h"

typedef struct {
    size_t n;
    double a, b;
    const double *mean, *m2, *m;
    double *out[3];
} dev_loop;

/* Unknown where a sum of squares is too small to divide by: below it what underflowed may count. */
KL__INLINE double dev_held(double m2) { return m2 >= 0x1p-1000 ? 0.0 : kl__bits_double(UINT64_C(0x7ff8000000000000)); }
/* Of two operations the first gives no more than a kind may give. */
KL__INLINE double dev_limit(double y) { return fabs(y) < 0x1p1000 ? y : kl__bits_double(UINT64_C(0x7ff8000000000000)); }

#define DEV_LOOP(name, value)                                                                                               \
    KL__INLINE void dev_rows_##name(const double *restrict mean, const double *restrict m2, const double *restrict m, size_t n, double a, \
                                      double b, double *restrict y) {                                                         \
        (void)mean, (void)m, (void)b;                                                                                         \
        for (size_t j = 0; j < n; j++) y[j] = value;                                                                          \
    }                                                                                                                         \
    KL__INLINE void dev_##name##_body(const dev_loop *l) {                                                                \
        dev_rows_##name(l->mean, l->m2, l->m, l->n, l->a, l->b, l->out[0]);                                                 \
    }                                                                                                                         \
    KL__SIMD_EACH(dev_##name, (const dev_loop *l), (l))

DEV_LOOP(var, m2[j] / a)
DEV_LOOP(std, kl__sqrt(m2[j] / a) * b)
DEV_LOOP(error, kl__sqrt(m2[j] / a) / b)
DEV_LOOP(z, ((0.0 - m[j]) / kl__sqrt(m2[j] / a) + dev_held(m2[j])) + 0.0)
DEV_LOOP(place, (0.5 + ((0.0 - m[j]) / kl__sqrt(m2[j] / a) + dev_held(m2[j])) / b) + 0.0)
DEV_LOOP(width, dev_limit(kl__sqrt(m2[j] / a) * b) / mean[j] + 0.0)

KL__INLINE void dev_rows_bands(const double *restrict mean, const double *restrict m2, size_t n, double a, double b, double *restrict upper,
                                 double *restrict lower) {
    for (size_t j = 0; j < n; j++) {
        const double width = b * kl__sqrt(m2[j] / a);
        upper[j] = mean[j] + width;
        lower[j] = mean[j] - width;
    }
}
KL__INLINE void dev_bands_body(const dev_loop *l) { dev_rows_bands(l->mean, l->m2, l->n, l->a, l->b, l->out[0], l->out[2]); }
KL__SIMD_EACH(dev_bands, (const dev_loop *l), (l))

void kl__dev_moments_run(kl__tree *t, const kl__dev_made *made, const double *const *in, size_t n, double *const *out) {
    static void (*const loops[][KL__SIMD_TIERS])(const dev_loop *) = {
        [KL__DEV_VAR] = KL__SIMD_TABLE(dev_var),     [KL__DEV_STD] = KL__SIMD_TABLE(dev_std),
        [KL__DEV_ERROR] = KL__SIMD_TABLE(dev_error), [KL__DEV_Z] = KL__SIMD_TABLE(dev_z),
        [KL__DEV_PLACE] = KL__SIMD_TABLE(dev_place), [KL__DEV_BANDS] = KL__SIMD_TABLE(dev_bands),
        [KL__DEV_WIDTH] = KL__SIMD_TABLE(dev_width)};
    enum { ROW = KL__TREE_TILE + 8 }; /* an odd number of lines: they do not collide in the cache */
    double room[2][ROW];
    const int bands = made->what == KL__DEV_BANDS, mean = bands || made->what == KL__DEV_WIDTH;
    const int m = made->what == KL__DEV_Z || made->what == KL__DEV_PLACE;
    for (size_t done = 0, rows; done < n; done += rows) {
        const size_t most = KL__TREE_TILE - (size_t)(t->count % KL__TREE_ROWS); /* trees like to go on from a multiple */
        const double *from[1] = {in[0] + done};
        dev_loop l = {.a = made->a, .b = made->b, .m2 = room[0], .out = {out[0] + done, NULL, bands ? out[2] + done : NULL}};
        double *stat[3] = {bands ? out[1] + done : mean ? room[1] : NULL, room[0], m ? room[1] : NULL};
        rows = n - done < most ? n - done : most;
        l.n = rows, l.mean = stat[0], l.m = stat[2];
        kl__tree_run(t, &kl__tree_moments, from, rows, stat);
        loops[made->what][kl__simd_tier()](&l);
    }
}
