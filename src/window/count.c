#include "base/fp.h"
#include "window/count_engine.h"
#include <string.h>

size_t kl__count_size(const kl__count_kind *kind, size_t w) {
    size_t top = 0;
    while (((size_t)2 << top) <= w) top++;
    return sizeof(kl__count) + sizeof(double) * (kind->series + kind->fields) * ((size_t)2 << top);
}

void kl__count_init(kl__count *t, const kl__count_kind *kind, size_t w) {
    memset(t, 0, kl__count_size(kind, w)); /* nodes of no value */
    t->w = (uint32_t)w;
    while (((size_t)2 << t->top) <= w) t->top++;
    t->series = kind->series;
    t->fields = kind->fields;
    double *raw = kl__count_raw(t, 0);
    for (size_t j = 0; j < (size_t)t->series * 2 << t->top; j++) raw[j] = kl__bits_double(UINT64_C(0x7ff8000000000000));
}

void kl__count_run(kl__count *t, const kl__count_kind *kind, const double *const *in, const uint32_t *rows, size_t n,
                   double *const *stat, double *known) {
    kind->run(t, in, rows, n, stat, known);
}

double *kl__count_value(kl__count *t, size_t s, size_t j) {
    return kl__count_raw(t, s) + (size_t)((t->count - t->w + j) & (((uint64_t)2 << t->top) - 1));
}
