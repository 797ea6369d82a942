#include "base/fp.h"
#include "indicator/places.h"

static kl__tree *places_tree(kl__places *p, uint64_t at) { return at ? (kl__tree *)(void *)((uintptr_t)p + (uintptr_t)at) : NULL; }

size_t kl__places_size(int what, size_t w) {
    size_t size = sizeof(kl__places);
    if (what != KL__PLACE_GREATEST) size += kl__tree_size(&kl__tree_argmin, w);
    if (what != KL__PLACE_LEAST) size += kl__tree_size(&kl__tree_argmax, w);
    return size;
}

void kl__places_init(kl__places *p, int what, size_t w) {
    *p = (kl__places){0, 0, 0};
    if (what != KL__PLACE_GREATEST) {
        p->least = sizeof *p;
        kl__tree_init(places_tree(p, p->least), &kl__tree_argmin, w);
    }
    if (what != KL__PLACE_LEAST) {
        p->greatest = sizeof *p + (p->least ? kl__tree_size(&kl__tree_argmin, w) : 0);
        kl__tree_init(places_tree(p, p->greatest), &kl__tree_argmax, w);
    }
}

/* The bar of an age; the share that is left of `reach`. */
static void places_bars(uint64_t row, const double *age, size_t n, double *out) {
    for (size_t j = 0; j < n; j++) out[j] = (double)(row + j) - age[j];
}
static void places_shares(double reach, const double *age, size_t n, double *out) {
    for (size_t j = 0; j < n; j++) out[j] = 100.0 * ((reach - age[j]) / reach) + 0.0;
}

void kl__places_run(kl__places *p, int what, const double *const *in, size_t n, double *const *out) {
    double value[KL__CHUNK], least[KL__CHUNK], greatest[KL__CHUNK], *to_least[2] = {value, least}, *to_greatest[2] = {value, greatest};
    kl__tree *bottom = places_tree(p, p->least), *top = places_tree(p, p->greatest);
    const double reach = (double)(bottom ? bottom->w : top->w) - 1.0;
    if (bottom) kl__tree_run(bottom, &kl__tree_argmin, &in[0], n, to_least);
    if (top) kl__tree_run(top, &kl__tree_argmax, &in[1], n, to_greatest);
    if (what == KL__PLACE_LEAST || what == KL__PLACE_BOTH) places_bars(p->row, least, n, out[0]);
    if (what == KL__PLACE_GREATEST || what == KL__PLACE_BOTH) places_bars(p->row, greatest, n, out[what == KL__PLACE_BOTH]);
    if (what == KL__PLACE_SHARES) places_shares(reach, least, n, out[0]), places_shares(reach, greatest, n, out[1]);
    for (size_t j = 0; what == KL__PLACE_LEAN && j < n; j++) out[0][j] = 100.0 * ((least[j] - greatest[j]) / reach) + 0.0;
    p->row += n;
}

int kl__places_attempt(kl__places *p, int what, const double *const *in, size_t n, double *const *out) {
    if (!kl__tree_place_try(places_tree(p, p->least), places_tree(p, p->greatest), what, (double)p->row, in, n, out)) return KL__ATTEMPT_FAILED;
    p->row += n;
    return KL__ATTEMPT_ORDINARY;
}

void kl__places_settle(void *state) {
    kl__places *p = state;
    if (p->least) kl__tree_settle(places_tree(p, p->least), &kl__tree_argmin);
    if (p->greatest) kl__tree_settle(places_tree(p, p->greatest), &kl__tree_argmax);
}

void kl__places_pack(void *state, kl__snap *snap) {
    kl__places *p = state;
    kl__snap_u64(snap, &p->row, UINT64_MAX);
    if (p->least) kl__snap_tree(snap, places_tree(p, p->least), &kl__tree_argmin);
    if (p->greatest) kl__snap_tree(snap, places_tree(p, p->greatest), &kl__tree_argmax);
}
