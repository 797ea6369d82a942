#include "indicator/pivot.h"

#define SR_LEVELS_MOST 64

typedef struct {
    double price, touches, age; /* mean of its pivots, how many, bars since the last one */
} sr_levels_level;
typedef struct {
    double tolerance, forget;
    uint64_t most, count;
    sr_levels_level level[SR_LEVELS_MOST];
    kl__pivot pivot;
} sr_levels_state;

static int64_t sr_levels_lookback(const double *params) { return 2 * (int64_t)params[0]; }
static size_t sr_levels_size(const double *params) { return sizeof(sr_levels_state) - sizeof(kl__pivot) + kl__pivot_size(params[0], params[0]); }
static void sr_levels_init(void *state, const double *params) {
    sr_levels_state *s = state;
    s->tolerance = params[1] / 100.0, s->most = (uint64_t)params[2], s->forget = params[3], s->count = 0;
    for (int k = 0; k < SR_LEVELS_MOST; k++) s->level[k] = (sr_levels_level){0.0, 0.0, 0.0};
    kl__pivot_init(&s->pivot, params[0], params[0]);
}

static void sr_levels_drop(sr_levels_state *s, uint64_t k) {
    for (s->count--; k < s->count; k++) s->level[k] = s->level[k + 1];
    s->level[s->count] = (sr_levels_level){0.0, 0.0, 0.0};
}

/* A pivot joins the nearest level within the tolerance, or founds one; for want of room the least touched is given up, of equals the
 * one that was not touched for longest. */
static void sr_levels_add(sr_levels_state *s, double price) {
    uint64_t near = s->count, least = 0;
    for (uint64_t k = 0; k < s->count; k++) {
        double away = fabs(s->level[k].price - price);
        if (away <= s->tolerance * fabs(s->level[k].price) && (near == s->count || away < fabs(s->level[near].price - price))) near = k;
        const sr_levels_level *l = &s->level[least], *m = &s->level[k];
        if (m->touches < l->touches || (m->touches == l->touches && m->age > l->age)) least = k;
    }
    if (near < s->count) {
        sr_levels_level *l = &s->level[near];
        l->touches += 1.0;
        l->price += (price - l->price) / l->touches;
        l->age = (double)s->pivot.right;
        return;
    }
    if (s->count == s->most) sr_levels_drop(s, least);
    s->level[s->count++] = (sr_levels_level){price, 1.0, (double)s->pivot.right};
}

static void sr_levels_show(const sr_levels_state *s, double close, size_t j, double *const *out) {
    const sr_levels_level *under = NULL, *over = NULL;
    double all = 0.0;
    for (uint64_t k = 0; k < s->count; k++) {
        const sr_levels_level *l = &s->level[k];
        all += l->touches;
        if (l->price <= close && (!under || l->price > under->price)) under = l;
        if (l->price > close && (!over || l->price < over->price)) over = l;
    }
    const sr_levels_level *side[2] = {under, over};
    for (int k = 0; k < 2; k++) {
        const sr_levels_level *l = side[k];
        out[k][j] = l ? kl__plain(l->price) : kl__nan();
        out[2 + k][j] = l ? l->touches : kl__nan();
        out[4 + k][j] = l ? l->touches / all : kl__nan();
        out[6 + k][j] = l ? l->age : kl__nan();
    }
}

static void sr_levels_run(void *state, const double *const *in, size_t n, double *const *out) {
    sr_levels_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double top = 0.0, bottom = 0.0;
        unsigned found = kl__pivot_step(&s->pivot, in[0][j], in[1][j], &top, &bottom);
        for (uint64_t k = 0; k < s->count; k++) s->level[k].age += 1.0;
        for (uint64_t k = s->count; k-- > 0;)
            if (s->level[k].age > s->forget) sr_levels_drop(s, k);
        if (found & 1) sr_levels_add(s, top);
        if (found & 2) sr_levels_add(s, bottom);
        sr_levels_show(s, in[2][j], j, out);
    }
}
static void sr_levels_pack(void *state, kl__snap *p) {
    sr_levels_state *s = state;
    kl__snap_u64(p, &s->count, s->most);
    for (int k = 0; k < SR_LEVELS_MOST; k++) {
        kl__snap_f64(p, &s->level[k].price, 1);
        kl__snap_f64(p, &s->level[k].touches, 1);
        kl__snap_f64(p, &s->level[k].age, 1);
    }
    kl__pivot_pack(&s->pivot, p);
}

static const kl_input_info sr_levels_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info sr_levels_par[] = {
    {"side", "bars on each side of a pivot", KL_PARAM_INT, 5, 1, KL__PIVOT_MAX, NULL},
    {"tolerance", "how far from a level a pivot belongs to it, in percent", KL_PARAM_REAL, 1, 0, 100, NULL},
    {"most", "levels that are kept", KL_PARAM_INT, 8, 1, SR_LEVELS_MOST, NULL},
    {"forget", "bars after which a level that no pivot touches is given up", KL_PARAM_INT, 200, 1, KL_PERIOD_MAX, NULL}};
#define SR_LEVELS_OUT(name, title, high, power) {name, title, 0, high, "own", 0, power, 0}
static const kl_output_info sr_levels_out[] = {{"support", "nearest level at or below the close", KL__FREE, "price", 0, 1, 0},
                                               {"resistance", "nearest level above the close", KL__FREE, "price", 0, 1, 0},
                                               SR_LEVELS_OUT("support_touches", "pivots in it", HUGE_VAL, 0),
                                               SR_LEVELS_OUT("resistance_touches", "pivots in it", HUGE_VAL, 0),
                                               SR_LEVELS_OUT("support_strength", "its share of the pivots in all levels", 1, 0),
                                               SR_LEVELS_OUT("resistance_strength", "its share of the pivots in all levels", 1, 0),
                                               SR_LEVELS_OUT("support_age", "bars since its last pivot", HUGE_VAL, 0),
                                               SR_LEVELS_OUT("resistance_age", "bars since its last pivot", HUGE_VAL, 0)};

KL__KERNEL_AS(sr_levels, "Support and resistance levels", "levels", "confirmed swing pivots, gathered by distance", "O(side + most) a bar", sr_levels_size, NULL,
              kl__needed_never, KL__PORTS(sr_levels_in, sr_levels_par, sr_levels_out));
