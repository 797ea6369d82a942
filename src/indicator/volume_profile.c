#include "indicator/kernel.h"

#define VOLUME_PROFILE_BINS 200

typedef struct {
    uint64_t n, bins, at, have;
    double share;
} volume_profile_state; /* n prices and n volumes follow */

static double *volume_profile_ring(volume_profile_state *s) { return (double *)(void *)((uintptr_t)(s + 1)); }
static int64_t volume_profile_lookback(const double *params) { return (int64_t)params[0] - 1; }
static size_t volume_profile_size(const double *params) { return sizeof(volume_profile_state) + 2 * sizeof(double) * (size_t)params[0]; }
static void volume_profile_init(void *state, const double *params) {
    volume_profile_state *s = state;
    *s = (volume_profile_state){(uint64_t)params[0], (uint64_t)params[1], 0, 0, params[2] / 100.0};
    for (uint64_t j = 0; j < 2 * s->n; j++) volume_profile_ring(s)[j] = 0.0;
}

typedef struct {
    double low, high, all;
    double bin[VOLUME_PROFILE_BINS];
} volume_profile_bins;

static uint64_t volume_profile_bin(const volume_profile_bins *b, uint64_t bins, double price) {
    double at = (price - b->low) / (b->high - b->low) * (double)bins;
    return at < (double)bins ? at > 0.0 ? (uint64_t)at : 0 : bins - 1; /* prices of a false snapshot may lie below the least */
}

/* 0 where a volume is below 0, or none is above. */
static int volume_profile_fill(volume_profile_state *s, volume_profile_bins *b) {
    const double *price = volume_profile_ring(s), *volume = price + s->n;
    b->low = HUGE_VAL, b->high = -HUGE_VAL, b->all = 0.0;
    for (uint64_t j = 0; j < s->n; j++) {
        if (volume[j] < 0.0) return 0;
        b->low = kl__min2(b->low, price[j]), b->high = kl__max2(b->high, price[j]);
    }
    for (uint64_t k = 0; k < s->bins; k++) b->bin[k] = 0.0;
    for (uint64_t j = 0; j < s->n; j++) { /* oldest first: the sums do not depend on where the ring begins */
        uint64_t i = s->at + j < s->n ? s->at + j : s->at + j - s->n;
        b->bin[b->high > b->low ? volume_profile_bin(b, s->bins, price[i]) : 0] += volume[i];
    }
    for (uint64_t k = 0; k < s->bins; k++) b->all += b->bin[k];
    return b->all > 0.0 && b->all < HUGE_VAL;
}

/* From the bin of most volume on, always the fuller neighbour next (above, where they are equal), until the share is reached. */
static void volume_profile_area(const volume_profile_bins *b, uint64_t bins, double share, uint64_t *poc, uint64_t *first, uint64_t *last) {
    *poc = 0;
    for (uint64_t k = 1; k < bins; k++)
        if (b->bin[k] > b->bin[*poc]) *poc = k;
    double have = b->bin[*poc];
    *first = *last = *poc;
    share *= b->all * (1.0 - 0x1p-40); /* sums in another order differ in their last bits */
    while (have < share && (*first > 0 || *last + 1 < bins)) {
        double under = *first > 0 ? b->bin[*first - 1] : -1.0, over = *last + 1 < bins ? b->bin[*last + 1] : -1.0;
        if (over >= under) have += over, ++*last;
        else have += under, --*first;
    }
}

static void volume_profile_bar(volume_profile_state *s, double price, size_t j, double *const *out) {
    volume_profile_bins b;
    for (int k = 0; k < 4; k++) out[k][j] = kl__nan();
    if (s->have < s->n || !volume_profile_fill(s, &b)) return;
    uint64_t poc, first, last;
    volume_profile_area(&b, s->bins, s->share, &poc, &first, &last);
    double step = (b.high - b.low) / (double)s->bins;
    out[0][j] = kl__plain(kl__min2(b.low + step * ((double)poc + 0.5), b.high));
    out[1][j] = last + 1 == s->bins ? b.high : kl__plain(b.low + step * (double)(last + 1));
    out[2][j] = kl__plain(b.low + step * (double)first);
    out[3][j] = kl__min2((b.high > b.low ? b.bin[volume_profile_bin(&b, s->bins, price)] : b.all) / b.all, 1.0);
}

static void volume_profile_run(void *state, const double *const *in, size_t n, double *const *out) {
    volume_profile_state *s = state;
    double *ring = volume_profile_ring(s);
    for (size_t j = 0; j < n; j++) {
        ring[s->at] = in[0][j], ring[s->n + s->at] = in[1][j];
        s->at = s->at + 1 < s->n ? s->at + 1 : 0;
        s->have += s->have < s->n;
        volume_profile_bar(s, in[0][j], j, out);
    }
}
static void volume_profile_pack(void *state, kl__snap *p) {
    volume_profile_state *s = state;
    kl__snap_u64(p, &s->at, s->n - 1);
    kl__snap_u64(p, &s->have, s->n);
    kl__snap_f64(p, volume_profile_ring(s), (size_t)(2 * s->n));
}
static double volume_profile_needed(const double *params, double digits) { return (void)digits, params[0]; }

static const kl_input_info volume_profile_in[] = {{"x", "close"}, {"volume", "volume"}};
static const kl_param_info volume_profile_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 100, 1, KL_PERIOD_MAX, NULL},
                                                   {"bins", "parts of the range of prices", KL_PARAM_INT, 24, 1, VOLUME_PROFILE_BINS, NULL},
                                                   {"share", "volume within the value area, in percent", KL_PARAM_REAL, 70, 0, 100, NULL}};
static const kl_output_info volume_profile_out[] = {{"poc", "middle of the bin of most volume", KL__FREE, "price", 0, 1, 0},
                                                    {"vah", "upper end of the value area", KL__FREE, "price", 0, 1, 0},
                                                    {"val", "lower end of the value area", KL__FREE, "price", 0, 1, 0},
                                                    {"here", "share of the volume in the bin of the newest price", 0, 1, "own", 0, 0, 0}};

KL__KERNEL_AS(volume_profile, "Volume profile", "levels", "Peter Steidlmayer's market profile, by volume, over the last bars alone", "O(n + bins) a bar",
              volume_profile_size, NULL, volume_profile_needed, KL__PORTS(volume_profile_in, volume_profile_par, volume_profile_out));
