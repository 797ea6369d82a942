/* Group candle. A pattern looks at prices, bodies, shadows and usual sizes of the last bars, 0 being the bar itself, and says
 * 100, 0, ...; whatever it looks at that is unknown makes it unknown. Conditions are joined by &, which looks at all of them. */
#include "series.h"
#include <stdlib.h>
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wbitwise-instead-of-logical"

typedef struct {
    const quad *open, *high, *low, *close;
    const double *params;
    size_t now;
    int unknown;
} candles;

static quad candle_at(candles *b, const quad *x, size_t ago) {
    if (ago > b->now || !q_known(x[b->now - ago])) {
        b->unknown = 1;
        return 0;
    }
    return x[b->now - ago];
}
static quad O(candles *b, size_t ago) { return candle_at(b, b->open, ago); }
static quad H(candles *b, size_t ago) { return candle_at(b, b->high, ago); }
static quad L(candles *b, size_t ago) { return candle_at(b, b->low, ago); }
static quad C(candles *b, size_t ago) { return candle_at(b, b->close, ago); }
static quad top(candles *b, size_t ago) { return q_max2(O(b, ago), C(b, ago)); }
static quad bottom(candles *b, size_t ago) { return O(b, ago) < C(b, ago) ? O(b, ago) : C(b, ago); }
static quad body(candles *b, size_t ago) { return top(b, ago) - bottom(b, ago); }
static quad upper(candles *b, size_t ago) { return H(b, ago) - top(b, ago); }
static quad lower(candles *b, size_t ago) { return bottom(b, ago) - L(b, ago); }
static int white(candles *b, size_t ago) { return O(b, ago) <= C(b, ago); }
static int black(candles *b, size_t ago) { return O(b, ago) > C(b, ago); }
static int gap_up(candles *b, size_t ago, size_t from) { return bottom(b, ago) > top(b, from); }
static int gap_down(candles *b, size_t ago, size_t from) { return top(b, ago) < bottom(b, from); }
static int between(quad x, quad least, quad most) { return (x >= least) & (x <= most); }
static int inside(quad x, quad least, quad most) { return (x > least) & (x < most); }
static int about(quad x, quad y, quad width) { return between(x, y - width, y + width); }

/* The size that three parameters from `at` on describe, as it was `ago` bars ago: the mean over the n bars before that bar. */
static quad size(candles *b, size_t at, size_t ago) {
    size_t n = (size_t)b->params[at + 1], first = n ? ago + 1 : ago, last = n ? ago + n : ago;
    quad sum = 0;
    for (size_t i = first; i <= last && !b->unknown; i++)
        sum += b->params[at] == 0 ? body(b, i) : b->params[at] == 1 ? H(b, i) - L(b, i) : (upper(b, i) + lower(b, i)) / 2;
    return (quad)b->params[at + 2] * sum / (quad)(last - first + 1);
}

static void candle_each(const double *params, const double *const *in, size_t n, quad *out, int (*pattern)(candles *b)) {
    candles b = {q_from(in[0], n), q_from(in[1], n), q_from(in[2], n), q_from(in[3], n), params, 0, 0};
    for (; b.now < n; b.now++) {
        b.unknown = 0;
        int value = pattern(&b);
        if (!b.unknown) out[b.now] = value;
    }
}
#define CANDLE(name)                                                                                           \
    static int name##_value(candles *b);                                                                       \
    void ref_##name(const double *params, const double *const *in, size_t n, quad *const *out) {               \
        candle_each(params, in, n, out[0], name##_value);                                                      \
    }                                                                                                          \
    static int name##_value(candles *b)
/* 1: as drawn; -1: the candles turned upside down. */
static int sign_of(int up, int down) { return up ? 1 : down ? -1 : 0; }

/* Helpers of the patterns, themselves. */
void ref_candle_body(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *open = q_from(in[0], n), *close = q_from(in[1], n);
    (void)params;
    for (size_t k = 0; k < n; k++) out[0][k] = q_abs(close[k] - open[k]);
}
void ref_candle_upper(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *open = q_from(in[0], n), *high = q_from(in[1], n), *close = q_from(in[2], n);
    (void)params;
    for (size_t k = 0; k < n; k++) out[0][k] = high[k] - q_max2(open[k], close[k]);
}
void ref_candle_lower(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *open = q_from(in[0], n), *low = q_from(in[1], n), *close = q_from(in[2], n);
    (void)params;
    for (size_t k = 0; k < n; k++) out[0][k] = q_min2(open[k], close[k]) - low[k];
}
void ref_candle_size(const double *params, const double *const *in, size_t n, quad *const *out) {
    candles b = {q_from(in[0], n), q_from(in[1], n), q_from(in[2], n), q_from(in[3], n), params, 0, 0};
    for (; b.now < n; b.now++) {
        b.unknown = 0;
        quad value = size(&b, 0, 0);
        if (!b.unknown) out[0][b.now] = value;
    }
}

/* ------------------------------------------------------------------------------------------------- one candle --- */

static int is_long(candles *b, size_t at, size_t ago) { return body(b, ago) > size(b, at, ago); }
static int is_short(candles *b, size_t at, size_t ago) { return body(b, ago) < size(b, at, ago); }
static int is_small(candles *b, size_t at, size_t ago) { return body(b, ago) <= size(b, at, ago); }
static int colour(candles *b, size_t ago) { return white(b, ago) ? 1 : -1; }
/* no shadow to speak of */
static int flat_top(candles *b, size_t at, size_t ago) { return upper(b, ago) < size(b, at, ago); }
static int flat_bottom(candles *b, size_t at, size_t ago) { return lower(b, ago) < size(b, at, ago); }

CANDLE(cdlbigcandle) { return 100 * is_long(b, 0, 0) * colour(b, 0); }
CANDLE(cdldoji) { return 100 * is_small(b, 0, 0); }
CANDLE(cdlfourpricedoji) { return 100 * (is_small(b, 0, 0) & (upper(b, 0) <= size(b, 3, 0)) & (lower(b, 0) <= size(b, 3, 0))); }
CANDLE(cdldragonflydoji) { return 100 * (is_small(b, 0, 0) & flat_top(b, 3, 0) & (lower(b, 0) > size(b, 3, 0))); }
CANDLE(cdlgravestonedoji) { return 100 * (is_small(b, 0, 0) & flat_bottom(b, 3, 0) & (upper(b, 0) > size(b, 3, 0))); }
CANDLE(cdltakuri) { return 100 * (is_small(b, 0, 0) & flat_top(b, 3, 0) & (lower(b, 0) > size(b, 6, 0))); }
CANDLE(cdllongleggeddoji) { return 100 * (is_small(b, 0, 0) & ((lower(b, 0) > size(b, 3, 0)) | (upper(b, 0) > size(b, 3, 0)))); }
CANDLE(cdlrickshawman) {
    double low = (double)L(b, 0), high = (double)H(b, 0);
    quad half = low + (high - low) / 2, near = size(b, 6, 0); /* a double like other prices, or a body on it would be beside it */
    return 100 * (is_small(b, 0, 0) & (lower(b, 0) > size(b, 3, 0)) & (upper(b, 0) > size(b, 3, 0)) & (bottom(b, 0) <= half + near) &
                  (top(b, 0) >= half - near));
}
CANDLE(cdlbelthold) {
    int bare = white(b, 0) ? flat_bottom(b, 3, 0) : flat_top(b, 3, 0);
    H(b, 0), L(b, 0);
    return 100 * (is_long(b, 0, 0) & bare) * colour(b, 0);
}
CANDLE(cdlclosingmarubozu) {
    int bare = white(b, 0) ? flat_top(b, 3, 0) : flat_bottom(b, 3, 0);
    H(b, 0), L(b, 0);
    return 100 * (is_long(b, 0, 0) & bare) * colour(b, 0);
}
CANDLE(cdlmarubozu) { return 100 * (is_long(b, 0, 0) & flat_top(b, 3, 0) & flat_bottom(b, 3, 0)) * colour(b, 0); }
CANDLE(cdllongline) { return 100 * (is_long(b, 0, 0) & flat_top(b, 3, 0) & flat_bottom(b, 3, 0)) * colour(b, 0); }
CANDLE(cdlshortline) { return 100 * (is_short(b, 0, 0) & flat_top(b, 3, 0) & flat_bottom(b, 3, 0)) * colour(b, 0); }
CANDLE(cdlspinningtop) { return 100 * (is_short(b, 0, 0) & (upper(b, 0) > body(b, 0)) & (lower(b, 0) > body(b, 0))) * colour(b, 0); }
CANDLE(cdlhighwave) {
    return 100 * (is_short(b, 0, 0) & (upper(b, 0) > size(b, 3, 0)) & (lower(b, 0) > size(b, 3, 0))) * colour(b, 0);
}

/* ------------------------------------------------------------------------------------------------ two candles --- */

/* A short body at one end of the bar: parameters are those of the short body, of the long shadow, of none. */
static int hangs(candles *b) { return is_short(b, 0, 0) & (lower(b, 0) > size(b, 3, 0)) & flat_top(b, 6, 0); }
static int stands(candles *b) { return is_short(b, 0, 0) & (upper(b, 0) > size(b, 3, 0)) & flat_bottom(b, 6, 0); }
CANDLE(cdlhammer) { return 100 * (hangs(b) & (bottom(b, 0) <= L(b, 1) + size(b, 9, 1))); }
CANDLE(cdlhangingman) { return -100 * (hangs(b) & (bottom(b, 0) >= H(b, 1) - size(b, 9, 1))); }
CANDLE(cdlinvertedhammer) { return 100 * (stands(b) & gap_down(b, 0, 1)); }
CANDLE(cdlshootingstar) { return -100 * (stands(b) & gap_up(b, 0, 1)); }
CANDLE(cdlstar) { return 100 * sign_of(L(b, 0) > H(b, 1), H(b, 0) < L(b, 1)); }
CANDLE(cdlcounterattack) {
    int meet = is_long(b, 0, 0) & is_long(b, 0, 1) & about(C(b, 0), C(b, 1), size(b, 3, 1));
    return 100 * (meet & (colour(b, 0) != colour(b, 1))) * colour(b, 0);
}
CANDLE(cdlseparatinglines) {
    int bare = white(b, 0) ? flat_bottom(b, 3, 0) : flat_top(b, 3, 0);
    H(b, 0), L(b, 0);
    return 100 * (is_long(b, 0, 0) & bare & about(O(b, 0), O(b, 1), size(b, 6, 1)) & (colour(b, 0) != colour(b, 1))) * colour(b, 0);
}
CANDLE(cdldarkcloudcover) {
    return -100 * (white(b, 1) & is_long(b, 0, 1) & black(b, 0) & (O(b, 0) > H(b, 1)) &
                   inside(C(b, 0), O(b, 1), C(b, 1) - body(b, 1) * (quad)b->params[3]));
}
/* A long black candle, and a white one that opens below its low. */
static int opens_below(candles *b) { return black(b, 1) & is_long(b, 0, 1) & white(b, 0) & (O(b, 0) < L(b, 1)); }
CANDLE(cdlpiercing) {
    return 100 * (opens_below(b) & is_long(b, 0, 0) & inside(C(b, 0), C(b, 1) + body(b, 1) * (quad)b->params[3], O(b, 1)));
}
CANDLE(cdlinneck) { return -100 * (opens_below(b) & between(C(b, 0), C(b, 1), C(b, 1) + size(b, 3, 1))); }
CANDLE(cdlonneck) { return -100 * (opens_below(b) & about(C(b, 0), L(b, 1), size(b, 3, 1))); }
CANDLE(cdlthrusting) {
    quad most = C(b, 1) + body(b, 1) * (quad)b->params[6];
    return -100 * (opens_below(b) & (C(b, 0) > C(b, 1) + size(b, 3, 1)) & (C(b, 0) <= most));
}
CANDLE(cdldojistar) {
    int star = is_long(b, 0, 1) & is_small(b, 3, 0);
    return 100 * star * sign_of(black(b, 1) & gap_down(b, 0, 1), white(b, 1) & gap_up(b, 0, 1));
}
CANDLE(cdlengulfing) {
    int level = (top(b, 0) == top(b, 1)) + (bottom(b, 0) == bottom(b, 1));
    int covers = (top(b, 0) >= top(b, 1)) & (bottom(b, 0) <= bottom(b, 1)) & (level < 2) & (colour(b, 0) != colour(b, 1));
    return (level ? 80 : 100) * covers * colour(b, 0);
}
static int harami(candles *b) {
    int level = (top(b, 0) == top(b, 1)) | (bottom(b, 0) == bottom(b, 1));
    int covered = (top(b, 0) <= top(b, 1)) & (bottom(b, 0) >= bottom(b, 1));
    return (level ? 80 : 100) * (is_long(b, 0, 1) & is_small(b, 3, 0) & covered) * -colour(b, 1);
}
CANDLE(cdlharami) { return harami(b); }
CANDLE(cdlharamicross) { return harami(b); }
CANDLE(cdlhomingpigeon) {
    return 100 * (black(b, 1) & black(b, 0) & is_long(b, 0, 1) & is_small(b, 3, 0) & (O(b, 0) < O(b, 1)) & (C(b, 0) > C(b, 1)));
}
CANDLE(cdlmatchinglow) { return 100 * (black(b, 1) & black(b, 0) & about(C(b, 0), C(b, 1), size(b, 0, 1))); }
static int kick(candles *b) {
    int bare = 1;
    for (size_t i = 0; i < 2; i++) bare &= is_long(b, 0, i) & flat_top(b, 3, i) & flat_bottom(b, 3, i);
    return bare * sign_of(black(b, 1) & white(b, 0) & (L(b, 0) > H(b, 1)), white(b, 1) & black(b, 0) & (H(b, 0) < L(b, 1)));
}
CANDLE(cdlkicking) { return 100 * kick(b); }
CANDLE(cdlkickingbylength) { return 100 * abs(kick(b)) * colour(b, body(b, 0) > body(b, 1) ? 0 : 1); }

/* ---------------------------------------------------------------------------------------------- three candles --- */

static int whites(candles *b, size_t from, size_t n) { return n ? white(b, from) & whites(b, from + 1, n - 1) : 1; }
static int blacks(candles *b, size_t from, size_t n) { return n ? black(b, from) & blacks(b, from + 1, n - 1) : 1; }
/* n closes from `from` on into the past, each above (below) the one before */
static int closes_rise(candles *b, size_t from, size_t n) {
    int all = 1;
    for (size_t i = from; i + 1 < from + n; i++) all &= C(b, i) > C(b, i + 1);
    return all;
}
static int closes_fall(candles *b, size_t from, size_t n) {
    int all = 1;
    for (size_t i = from; i + 1 < from + n; i++) all &= C(b, i) < C(b, i + 1);
    return all;
}

CANDLE(cdl2crows) {
    return -100 * (white(b, 2) & is_long(b, 0, 2) & black(b, 1) & gap_up(b, 1, 2) & black(b, 0) & inside(O(b, 0), C(b, 1), O(b, 1)) &
                   inside(C(b, 0), O(b, 2), C(b, 2)));
}
CANDLE(cdlupsidegap2crows) {
    return -100 * (white(b, 2) & is_long(b, 0, 2) & black(b, 1) & is_small(b, 3, 1) & gap_up(b, 1, 2) & black(b, 0) &
                   (O(b, 0) > O(b, 1)) & inside(C(b, 0), C(b, 2), C(b, 1)));
}
CANDLE(cdl3blackcrows) {
    int crows = white(b, 3) & blacks(b, 0, 3) & closes_fall(b, 0, 3) & (C(b, 2) < H(b, 3));
    for (size_t i = 0; i < 3; i++) crows &= flat_bottom(b, 0, i);
    return -100 * (crows & inside(O(b, 1), C(b, 2), O(b, 2)) & inside(O(b, 0), C(b, 1), O(b, 1)));
}
CANDLE(cdlidentical3crows) {
    int crows = blacks(b, 0, 3) & closes_fall(b, 0, 3);
    for (size_t i = 0; i < 3; i++) crows &= flat_bottom(b, 0, i);
    return -100 * (crows & about(O(b, 1), C(b, 2), size(b, 3, 2)) & about(O(b, 0), C(b, 1), size(b, 3, 1)));
}
CANDLE(cdl3inside) {
    int mother = is_long(b, 0, 2) & is_small(b, 3, 1) & (top(b, 1) < top(b, 2)) & (bottom(b, 1) > bottom(b, 2));
    return 100 * mother * sign_of(black(b, 2) & white(b, 0) & (C(b, 0) > O(b, 2)), white(b, 2) & black(b, 0) & (C(b, 0) < O(b, 2)));
}
CANDLE(cdl3outside) {
    int up = black(b, 2) & white(b, 1) & (O(b, 1) < C(b, 2)) & (C(b, 1) > O(b, 2)) & (C(b, 0) > C(b, 1));
    int down = white(b, 2) & black(b, 1) & (O(b, 1) > C(b, 2)) & (C(b, 1) < O(b, 2)) & (C(b, 0) < C(b, 1));
    return 100 * sign_of(up, down);
}
CANDLE(cdl3starsinsouth) {
    int first = is_long(b, 0, 2) & (lower(b, 2) > size(b, 6, 2));
    int second = (body(b, 1) < body(b, 2)) & (O(b, 1) > C(b, 2)) & (O(b, 1) <= H(b, 2)) & (L(b, 1) < C(b, 2)) & (L(b, 1) >= L(b, 2)) &
                 (lower(b, 1) > size(b, 9, 1));
    int third = is_short(b, 3, 0) & flat_top(b, 9, 0) & flat_bottom(b, 9, 0) & (L(b, 0) > L(b, 1)) & (H(b, 0) < H(b, 1));
    return 100 * (blacks(b, 0, 3) & first & second & third);
}
/* The open of a bar lies above that of the bar before it, and not further above its close than the size at `near`. */
static int steps_up(candles *b, size_t near, size_t ago) {
    return (O(b, ago) > O(b, ago + 1)) & (O(b, ago) <= C(b, ago + 1) + size(b, near, ago + 1));
}
CANDLE(cdl3whitesoldiers) {
    int soldiers = whites(b, 0, 3) & closes_rise(b, 0, 3) & (body(b, 0) > size(b, 0, 0));
    for (size_t i = 0; i < 3; i++) soldiers &= flat_top(b, 3, i);
    for (size_t i = 0; i < 2; i++) soldiers &= steps_up(b, 6, i) & (body(b, i) > body(b, i + 1) - size(b, 9, i + 1));
    return 100 * soldiers;
}
CANDLE(cdladvanceblock) {
    int soldiers = whites(b, 0, 3) & closes_rise(b, 0, 3) & steps_up(b, 9, 0) & steps_up(b, 9, 1) & is_long(b, 0, 2) & flat_top(b, 3, 2);
    int far_smaller_2nd = body(b, 1) < body(b, 2) - size(b, 12, 2), far_smaller_3rd = body(b, 0) < body(b, 1) - size(b, 12, 1);
    int smaller_2nd = body(b, 1) < body(b, 2), smaller_3rd = body(b, 0) < body(b, 1);
    int shadows = (upper(b, 0) > size(b, 3, 0)) | (upper(b, 1) > size(b, 3, 1));
    int weak = (far_smaller_2nd & (body(b, 0) < body(b, 1) + size(b, 9, 1))) | far_smaller_3rd | (smaller_3rd & smaller_2nd & shadows) |
               (smaller_3rd & (upper(b, 0) > size(b, 6, 0)));
    return -100 * (soldiers & weak);
}
CANDLE(cdlstalledpattern) {
    return -100 * (whites(b, 0, 3) & closes_rise(b, 0, 3) & is_long(b, 0, 2) & is_long(b, 0, 1) & flat_top(b, 6, 1) & steps_up(b, 9, 1) &
                   is_short(b, 3, 0) & (O(b, 0) >= C(b, 1) - body(b, 0) - size(b, 9, 1)));
}
CANDLE(cdlabandonedbaby) {
    int baby = is_long(b, 0, 2) & is_small(b, 3, 1) & (body(b, 0) > size(b, 6, 0));
    quad depth = body(b, 2) * (quad)b->params[9];
    int up = black(b, 2) & white(b, 0) & (C(b, 0) > C(b, 2) + depth) & (H(b, 1) < L(b, 2)) & (L(b, 0) > H(b, 1));
    int down = white(b, 2) & black(b, 0) & (C(b, 0) < C(b, 2) - depth) & (L(b, 1) > H(b, 2)) & (H(b, 0) < L(b, 1));
    return 100 * baby * sign_of(up, down);
}
/* A star after a long candle: parameters of the long body, of the star's, of the last one's; how deep that one has to close. */
static int star(candles *b, size_t middle, size_t last, size_t depth, int sign) {
    int shape = is_long(b, 0, 2) & is_small(b, middle, 1) & (body(b, 0) > size(b, last, 0));
    quad into = body(b, 2) * (quad)b->params[depth];
    int up = black(b, 2) & gap_down(b, 1, 2) & white(b, 0) & (C(b, 0) > C(b, 2) + into);
    int down = white(b, 2) & gap_up(b, 1, 2) & black(b, 0) & (C(b, 0) < C(b, 2) - into);
    return 100 * sign * (shape & (sign > 0 ? up : down));
}
CANDLE(cdlmorningstar) { return star(b, 3, 3, 6, 1); }
CANDLE(cdleveningstar) { return star(b, 3, 3, 6, -1); }
CANDLE(cdlmorningdojistar) { return star(b, 3, 6, 9, 1); }
CANDLE(cdleveningdojistar) { return star(b, 3, 6, 9, -1); }
CANDLE(cdltristar) {
    quad usual = size(b, 0, 2);
    int dojis = (body(b, 0) <= usual) & (body(b, 1) <= usual) & (body(b, 2) <= usual);
    return 100 * dojis * sign_of(gap_down(b, 1, 2) & (bottom(b, 0) > bottom(b, 1)), gap_up(b, 1, 2) & (top(b, 0) < top(b, 1)));
}
CANDLE(cdlgapsidesidewhite) {
    int twins = white(b, 0) & white(b, 1) & about(body(b, 0), body(b, 1), size(b, 0, 1)) & about(O(b, 0), O(b, 1), size(b, 3, 1));
    return 100 * twins * sign_of(gap_up(b, 1, 2) & gap_up(b, 0, 2), gap_down(b, 1, 2) & gap_down(b, 0, 2));
}
CANDLE(cdltasukigap) {
    int pair = inside(O(b, 0), bottom(b, 1), top(b, 1)) & (q_abs(body(b, 0) - body(b, 1)) < size(b, 0, 1));
    int up = white(b, 1) & black(b, 0) & gap_up(b, 1, 2) & inside(C(b, 0), top(b, 2), O(b, 1));
    int down = black(b, 1) & white(b, 0) & gap_down(b, 1, 2) & inside(C(b, 0), O(b, 1), bottom(b, 2));
    return 100 * pair * sign_of(up, down);
}
CANDLE(cdlxsidegap3methods) {
    int fills = inside(O(b, 0), bottom(b, 1), top(b, 1)) & inside(C(b, 0), bottom(b, 2), top(b, 2));
    int up = whites(b, 1, 2) & black(b, 0) & gap_up(b, 1, 2), down = blacks(b, 1, 2) & white(b, 0) & gap_down(b, 1, 2);
    return 100 * fills * sign_of(up, down);
}
CANDLE(cdlsticksandwich) {
    return 100 * (black(b, 2) & white(b, 1) & black(b, 0) & (L(b, 1) > C(b, 2)) & about(C(b, 0), C(b, 2), size(b, 0, 2)));
}
CANDLE(cdlunique3river) {
    int second = black(b, 1) & (C(b, 1) > C(b, 2)) & (O(b, 1) <= O(b, 2)) & (L(b, 1) < L(b, 2));
    return 100 * (black(b, 2) & is_long(b, 0, 2) & second & white(b, 0) & is_short(b, 3, 0) & (O(b, 0) > L(b, 1)));
}

/* ----------------------------------------------------------------------------------------- four candles and more --- */

CANDLE(cdl3linestrike) {
    int chain = 1;
    for (size_t i = 1; i < 3; i++) {
        quad near = size(b, 0, i + 1);
        chain &= between(O(b, i), bottom(b, i + 1) - near, top(b, i + 1) + near);
    }
    int up = whites(b, 1, 3) & closes_rise(b, 1, 3) & black(b, 0) & (O(b, 0) > C(b, 1)) & (C(b, 0) < O(b, 3));
    int down = blacks(b, 1, 3) & closes_fall(b, 1, 3) & white(b, 0) & (O(b, 0) < C(b, 1)) & (C(b, 0) > O(b, 3));
    return 100 * chain * sign_of(up, down);
}
CANDLE(cdlconcealbabyswall) {
    int crows = blacks(b, 0, 4);
    for (size_t i = 2; i < 4; i++) crows &= flat_top(b, 0, i) & flat_bottom(b, 0, i);
    int third = gap_down(b, 1, 2) & (upper(b, 1) > size(b, 0, 1)) & (H(b, 1) > C(b, 2));
    return 100 * (crows & third & (H(b, 0) > H(b, 1)) & (L(b, 0) < L(b, 1)));
}
CANDLE(cdlbreakaway) {
    int up = black(b, 4) & black(b, 3) & gap_down(b, 3, 4) & black(b, 1) & white(b, 0) & inside(C(b, 0), O(b, 3), C(b, 4));
    int down = white(b, 4) & white(b, 3) & gap_up(b, 3, 4) & white(b, 1) & black(b, 0) & inside(C(b, 0), C(b, 4), O(b, 3));
    for (size_t i = 1; i < 3; i++) {
        up &= (H(b, i) < H(b, i + 1)) & (L(b, i) < L(b, i + 1));
        down &= (H(b, i) > H(b, i + 1)) & (L(b, i) > L(b, i + 1));
    }
    return 100 * is_long(b, 0, 4) * sign_of(up, down);
}
CANDLE(cdlladderbottom) {
    int ladder = blacks(b, 1, 4) & closes_fall(b, 2, 3) & (O(b, 2) < O(b, 3)) & (O(b, 3) < O(b, 4));
    return 100 * (ladder & (upper(b, 1) > size(b, 0, 1)) & white(b, 0) & (O(b, 0) > O(b, 1)) & (C(b, 0) > H(b, 1)));
}
CANDLE(cdlmathold) {
    int hold = white(b, 4) & is_long(b, 0, 4) & black(b, 3) & gap_up(b, 3, 4) & white(b, 0);
    quad deepest = C(b, 4) - body(b, 4) * (quad)b->params[6], highest = H(b, 1);
    for (size_t i = 1; i < 4; i++) {
        hold &= is_short(b, 3, i);
        highest = q_max2(highest, H(b, i));
    }
    for (size_t i = 1; i < 3; i++) hold &= inside(bottom(b, i), deepest, C(b, 4));
    hold &= (top(b, 2) < O(b, 3)) & (top(b, 1) < top(b, 2));
    return 100 * (hold & (O(b, 0) > C(b, 1)) & (C(b, 0) > highest));
}
CANDLE(cdlrisefall3methods) {
    int rest = is_long(b, 0, 4) & is_long(b, 0, 0);
    for (size_t i = 1; i < 4; i++) rest &= is_short(b, 3, i) & (bottom(b, i) < H(b, 4)) & (top(b, i) > L(b, 4));
    int up = white(b, 4) & blacks(b, 1, 3) & closes_fall(b, 1, 3) & white(b, 0) & (O(b, 0) > C(b, 1)) & (C(b, 0) > C(b, 4));
    int down = black(b, 4) & whites(b, 1, 3) & closes_rise(b, 1, 3) & black(b, 0) & (O(b, 0) < C(b, 1)) & (C(b, 0) < C(b, 4));
    return 100 * rest * sign_of(up, down);
}

/* A pattern in bar `ago`: 1, -1 or 0. */
static int hikkake_plain(candles *b, size_t ago) {
    int within = (H(b, ago + 1) < H(b, ago + 2)) & (L(b, ago + 1) > L(b, ago + 2));
    return within * sign_of((H(b, ago) < H(b, ago + 1)) & (L(b, ago) < L(b, ago + 1)), (H(b, ago) > H(b, ago + 1)) & (L(b, ago) > L(b, ago + 1)));
}
static int hikkake_modified(candles *b, size_t ago) {
    int within = (H(b, ago + 2) < H(b, ago + 3)) & (L(b, ago + 2) > L(b, ago + 3));
    int up = C(b, ago + 2) <= L(b, ago + 2) + size(b, 0, ago + 2), down = C(b, ago + 2) >= H(b, ago + 2) - size(b, 0, ago + 2);
    int found = hikkake_plain(b, ago) * within;
    return found > 0 ? up : found < 0 ? -down : 0;
}
/* The last three bars and this one, one after the other: a pattern waits until it is confirmed, too old or replaced. */
static int hikkake_walk(candles *b, int (*pattern)(candles *b, size_t ago)) {
    int waits = 0, value = 0;
    size_t age = 0;
    for (size_t ago = 0; ago < 3; ago++) C(b, ago);
    for (size_t ago = 4; ago-- > 0;) {
        int found = pattern(b, ago);
        value = 100 * found;
        age++;
        if (found) {
            waits = found, age = 0;
        } else if (waits && age <= 3 && (waits > 0 ? C(b, ago) > H(b, ago + age + 1) : C(b, ago) < L(b, ago + age + 1))) {
            value = 200 * waits, waits = 0;
        }
    }
    return value;
}
CANDLE(cdlhikkake) { return hikkake_walk(b, hikkake_plain); }
CANDLE(cdlhikkakemod) { return hikkake_walk(b, hikkake_modified); }
