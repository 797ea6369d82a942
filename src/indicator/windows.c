/* The statistics of docs/windows.md as kinds: the bits of kl_roll. Whole windows go right over the trees of their family; order
 * statistics, counts and windows that pass over missing values go by a roll. */
#include "base/fp.h"
#include "indicator/formula.h"
#include "window/roll.h"
#include "window/tree_line.h"
#include "window/tree_ramp.h"
#include "indicator/window.h"
#include "window/dev.h"
#include <string.h>

#define WINDOWS_TREES 2 /* most families of one statistic */
#define WINDOWS_SLOTS 5 /* most slots of them */

/* What stands before the trees or the roll. */
typedef struct {
    uint64_t bytes; /* all of the state */
    uint64_t rolls; /* 1: a roll follows, else trees */
    uint64_t what;  /* KL_ROLL_x */
    uint64_t trees, family[WINDOWS_TREES], at[WINDOWS_TREES]; /* at: bytes from here */
    double n, ddof;
} windows_state;

typedef struct {
    double n, q, rule, min_count, ddof;
} windows_params;

/* Parameters are n, q and rule of those that have them, min_count, ddof of those that have it; count has n alone. */
static windows_params windows_read(int32_t what, const double *params) {
    const kl_roll_info *info = &kl__roll_kind_of(what)->info;
    windows_params p = {0};
    p.n = *params++;
    if (info->uses_param) p.q = *params++;
    if (info->uses_rule) p.rule = *params++;
    if (what != KL_ROLL_COUNT) p.min_count = *params++;
    if (info->uses_ddof) p.ddof = *params;
    return p;
}

static void windows_spec(int32_t what, const windows_params *p, kl_roll_spec *spec) {
    kl_roll_spec_init(spec, what, (int64_t)p->n);
    spec->min_count = (int64_t)p->min_count;
    spec->ddof = (int32_t)p->ddof;
    spec->stats[0].param = p->q;
    spec->stats[0].rule = (int32_t)p->rule;
}

KL__INLINE const kl__roll_family *windows_family(const windows_state *s, size_t t) { return &kl__roll_families[s->family[t]]; }
KL__INLINE kl__tree *windows_tree(windows_state *s, size_t t) { return (kl__tree *)(void *)((uint8_t *)s + s->at[t]); }
KL__INLINE kl_roll *windows_roll(windows_state *s) { return (kl_roll *)(void *)(s + 1); }

static windows_state windows_plan(int32_t what, const double *params) {
    const kl__roll_kind *kind = kl__roll_kind_of(what);
    const windows_params p = windows_read(what, params);
    windows_state head = {.bytes = sizeof head, .what = (uint64_t)what, .n = p.n, .ddof = p.ddof};
    uint32_t families = 0;
    head.rolls = p.min_count > 0.0 || !kind->reads;
    if (head.rolls) {
        kl_roll_spec spec;
        size_t bytes = 0;
        windows_spec(what, &p, &spec);
        kl_roll_size(&spec, &bytes, NULL);
        head.bytes += bytes;
        return head;
    }
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++)
        if (kind->reads & kl__roll_families[f].key) families |= UINT32_C(1) << f;
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++)
        if ((families >> f & 1) && kl__roll_families[f].covers >= 0) families &= ~(UINT32_C(1) << kl__roll_families[f].covers);
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++) {
        if (!(families >> f & 1)) continue;
        head.family[head.trees] = f;
        head.at[head.trees++] = head.bytes;
        head.bytes += kl__tree_size(kl__roll_families[f].tree, (size_t)p.n);
    }
    return head;
}

/* Fewer values than these say nothing, however they lie. */
static double windows_least(int32_t what, double ddof) {
    switch (what) {
    case KL_ROLL_VAR: case KL_ROLL_STD: case KL_ROLL_COV: return 1.0 + ddof;
    case KL_ROLL_SKEW: return 2.0 + ddof;
    case KL_ROLL_KURT: return 2.0 + 2.0 * ddof;
    case KL_ROLL_ZSCORE: case KL_ROLL_RANGEPOS: case KL_ROLL_SLOPE: case KL_ROLL_INTERCEPT: case KL_ROLL_LINE: case KL_ROLL_LINE_R2:
    case KL_ROLL_CORR: case KL_ROLL_REGBETA: case KL_ROLL_REGALPHA: case KL_ROLL_REG_R2: return 2.0;
    default: return 1.0;
    }
}

static int64_t windows_lookback(int32_t what, const double *params) {
    const windows_params p = windows_read(what, params);
    const double rows = what == KL_ROLL_COUNT ? 1.0 : p.min_count > 0.0 ? p.min_count : p.n, least = windows_least(what, p.ddof);
    return (int64_t)(rows > least ? rows : least) - 1;
}

/* None of a window of unknown values is known. */
static int64_t windows_at_once(const double *params, const int64_t *inputs) { return (void)params, (void)inputs, 0; }
static double windows_needed(const double *params, double digits) { return (void)digits, params[0]; }

static void windows_init(int32_t what, windows_state *s, const double *params) {
    *s = windows_plan(what, params);
    if (s->rolls) {
        const windows_params p = windows_read(what, params);
        kl_roll_spec spec;
        kl_roll *roll;
        windows_spec(what, &p, &spec);
        kl_roll_init(s + 1, (size_t)(s->bytes - sizeof *s), &spec, &roll, NULL);
        return;
    }
    for (size_t t = 0; t < s->trees; t++) {
        const kl__roll_family *family = windows_family(s, t);
        kl__tree_init(windows_tree(s, t), family->tree, (size_t)s->n);
        for (uint32_t f = 0; family->picks && f < family->tree->optional; f++)
            if (!(kl__roll_kind_of(what)->reads >> family->slots[f] & 1)) windows_tree(s, t)->spare |= UINT32_C(1) << f;
    }
}

/* One row, without chunks. */
static void windows_one(windows_state *s, const double *const *in, double *out) {
    const kl__roll_kind *kind = kl__roll_kind_of((int32_t)s->what);
    kl__roll_row row;
    row.x = row.anchor = in[0][0], row.known = row.rows = s->n, row.ddof = s->ddof;
    row.slot[KL__ROLL_S_AGE] = row.slot[KL__ROLL_S_ROW_AGE] = kl__roll_age(s->n);
    row.slot[KL__ROLL_S_Q] = row.slot[KL__ROLL_S_ROW_Q] = kl__roll_ages2(s->n);
    for (size_t k = 0; k < s->trees; k++) {
        const kl__roll_family *family = windows_family(s, k);
        kl__tree *t = windows_tree(s, k);
        const double x[2] = {in[0][0], in[kind->info.inputs - 1][0]};
        if (KL__UNLIKELY(t->stale)) kl__tree_settle(t, family->tree);
        const size_t capacity = kl__tree_capacity(t);
        double *raw = kl__tree_raw(t, 0) + (t->count & (capacity - 1));
        raw[0] = x[0];
        if (t->series > 1) raw[capacity] = x[1];
        family->tree->step(t, x, row.slot + family->slots[0]); /* the other slots follow it */
        t->count++;
    }
    *out = kind->one ? kind->one(&row) : kl__roll_seal(row.slot[kind->slot]);
}

static void windows_fill(double *to, size_t n, double value) {
    for (size_t j = 0; j < n; j++) to[j] = value;
}

/* Slots of the families, then the statistic that is made of them: at most KL__ROLL_CHUNK rows. */
static KL__APART void windows_piece(windows_state *s, const double *const *in, size_t n, double *out) {
    double room[WINDOWS_SLOTS][KL__ROLL_STRIDE], rows[KL__ROLL_STRIDE];
    const kl__roll_kind *kind = kl__roll_kind_of((int32_t)s->what);
    kl__roll_frame frame = {.n = n, .x = in[0], .anchor = in[0], .known = rows, .rows = rows, .ddof = s->ddof};
    size_t used = 0;
    windows_fill(rows, n, s->n);
    for (size_t t = 0; t < s->trees; t++) {
        const kl__roll_family *family = windows_family(s, t);
        double *stat[KL__TREE_STATS_MAX];
        for (uint32_t f = 0; f < family->stats; f++, used++) {
            stat[f] = frame.slot[family->slots[f]] = kind->slot == (int32_t)family->slots[f] ? out : room[used];
            if (family->picks && !(kind->reads >> family->slots[f] & 1)) stat[f] = NULL;
        }
        kl__tree_run(windows_tree(s, t), family->tree, in, n, stat);
    }
    const uint32_t ages[2] = {KL__ROLL_S_AGE, KL__ROLL_S_ROW_AGE}, squares[2] = {KL__ROLL_S_Q, KL__ROLL_S_ROW_Q};
    for (size_t i = 0; i < 2; i++) {
        if (kind->reads >> ages[i] & 1) windows_fill(frame.slot[ages[i]], n, kl__roll_age(s->n));
        if (kind->reads >> squares[i] & 1) windows_fill(frame.slot[squares[i]], n, kl__roll_ages2(s->n));
    }
    if (kind->finish[0]) kind->finish[kl__simd_tier()](&frame, out);
}

static void windows_run(void *state, const double *const *in, size_t n, double *const *out) {
    windows_state *s = state;
    if (s->rolls) {
        const double x[2] = {in[0][0], kl__roll_kind_of((int32_t)s->what)->info.inputs > 1 ? in[1][0] : 0.0};
        if (n == 1) kl_roll_step(windows_roll(s), 0, x, out[0]);
        else kl__roll_rows(windows_roll(s), NULL, in, n, out);
        return;
    }
    if (n == 1) {
        windows_one(s, in, out[0]);
        return;
    }
    const kl__roll_kind *kind = kl__roll_kind_of((int32_t)s->what);
    if (s->trees == 1 && windows_family(s, 0)->stats == 1) {
        kl__tree_run(windows_tree(s, 0), windows_family(s, 0)->tree, in, n, out);
        if (!kind->sealed) kl__roll_seal_all[kl__simd_tier()](out[0], n);
        return;
    }
    const uint32_t pair = kind->info.inputs - 1;
    for (size_t done = 0, rows; done < n; done += rows) {
        const size_t most = KL__ROLL_CHUNK - (size_t)(windows_tree(s, 0)->count % KL__TREE_ROWS); /* trees like to go on from a multiple */
        const double *from[2] = {in[0] + done, in[pair] + done};
        rows = n - done < most ? n - done : most;
        windows_piece(s, from, rows, out[0] + done);
    }
}

/* Of a line: where it is wanted, in bars from the middle. */
static int windows_attempt_line(windows_state *s, const double *const *in, size_t n, double *const *out) {
    const double age = kl__roll_age(s->n);
    kl__line line = {s->what == KL_ROLL_SLOPE ? KL__LINE_SLOPE : KL__LINE_AT, age};
    if (s->what == KL_ROLL_INTERCEPT) line.at = -((s->n - 1.0) - age);
    return kl__tree_line_try(windows_tree(s, 0), &line, in, n, out) ? KL__ATTEMPT_ORDINARY : KL__ATTEMPT_FAILED;
}

/* Deviations of short windows. */
static int windows_attempt_moments(windows_state *s, const double *const *in, size_t n, double *const *out) {
    const kl__dev_made made = {s->what == KL_ROLL_VAR ? KL__DEV_VAR : s->what == KL_ROLL_STD ? KL__DEV_STD : KL__DEV_Z, s->n - s->ddof, 1.0};
    return kl__dev_moments(windows_tree(s, 0), &made, in, n, out) ? KL__ATTEMPT_ORDINARY : KL__ATTEMPT_FAILED;
}

/* Pairs of short windows. */
static int windows_attempt_pair(windows_state *s, const double *const *in, size_t n, double *const *out) {
    static const struct {
        uint64_t what;
        uint32_t made;
    } all[] = {{KL_ROLL_COV, KL__DEV_COV}, {KL_ROLL_CORR, KL__DEV_CORR}, {KL_ROLL_REG_R2, KL__DEV_R2}, {KL_ROLL_REGBETA, KL__DEV_BETA}, {KL_ROLL_REGALPHA, KL__DEV_ALPHA}};
    kl__dev_made made = {KL__DEV_COV, s->n - s->ddof, 1.0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].what == s->what) made.what = all[i].made;
    return kl__dev_pair(windows_tree(s, 0), &made, in, n, out[0]) ? KL__ATTEMPT_ORDINARY : KL__ATTEMPT_FAILED;
}

/* A sum of what is below 2^1000 need not be. */
static int windows_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    windows_state *s = state;
    if (s->rolls) return KL__ATTEMPT_FAILED;
    if (s->what == KL_ROLL_SLOPE || s->what == KL_ROLL_LINE || s->what == KL_ROLL_INTERCEPT) return windows_attempt_line(s, in, n, out);
    if (s->what == KL_ROLL_VAR || s->what == KL_ROLL_STD || s->what == KL_ROLL_ZSCORE) return windows_attempt_moments(s, in, n, out);
    if (s->trees == 1 && s->family[0] == KL__ROLL_F_PAIR) return windows_attempt_pair(s, in, n, out);
    if (s->what == KL_ROLL_VWAP) return kl__tree_vwap_try(windows_tree(s, 0), in, n, out) ? KL__ATTEMPT_SEALED : KL__ATTEMPT_FAILED;
    if (s->what == KL_ROLL_WMEAN) {
        const double weights = s->n * (s->n - kl__roll_age(s->n));
        return kl__tree_ramp_try(windows_tree(s, 0), 1.0 / weights, in, n, out) ? KL__ATTEMPT_ORDINARY : KL__ATTEMPT_FAILED;
    }
    const int alone = s->trees == 1 && windows_family(s, 0)->stats == 1 && kl__roll_kind_of((int32_t)s->what)->sealed;
    if (!alone || s->what == KL_ROLL_SUM || !kl__tree_try(windows_tree(s, 0), windows_family(s, 0)->tree, in, n, out)) return KL__ATTEMPT_FAILED;
    return KL__ATTEMPT_SEALED;
}

static void windows_settle(void *state) {
    windows_state *s = state;
    if (s->rolls) kl__roll_settle(windows_roll(s));
    for (size_t t = 0; t < s->trees; t++) kl__tree_settle(windows_tree(s, t), windows_family(s, t)->tree);
}

/* The rows that a roll keeps, the oldest first; it is made again from those that were taken. */
static void windows_pack_roll(kl_roll *roll, kl__snap *p) {
    enum { ROWS = 64 };
    double values[2][ROWS], row[2];
    const double *const in[2] = {values[0], values[1]};
    const uint64_t keep = roll->keep;
    uint64_t taken = roll->seen < keep ? roll->seen : keep;
    size_t n = 0;
    kl__snap_u64(p, &taken, keep);
    if (p->mode == KL__SNAP_READ) kl__roll_reset(roll, 0);
    for (uint64_t age = keep; age > 0; age--) {
        for (uint32_t i = 0; i < roll->inputs; i++) {
            row[i] = kl__roll_raw(roll, i)[p->mode == KL__SNAP_READ ? 0 : kl__roll_at(roll, age)];
            kl__snap_f64(p, &row[i], 1);
            values[i][n] = row[i];
        }
        if (p->mode != KL__SNAP_READ || age > taken) continue;
        if (++n < ROWS && age > 1) continue;
        kl__roll_rows(roll, NULL, in, n, NULL);
        n = 0;
    }
    if (p->mode == KL__SNAP_READ) kl__roll_settle(roll);
}

static void windows_pack(void *state, kl__snap *p) {
    windows_state *s = state;
    if (s->rolls) windows_pack_roll(windows_roll(s), p);
    for (size_t t = 0; t < s->trees; t++) kl__snap_tree(p, windows_tree(s, t), windows_family(s, t)->tree);
}

static const char *const windows_quantiles[] = {"linear", "lower", "higher", "nearest", "midpoint", NULL};
static const char *const windows_ranks[] = {"average", "min", "max", "below", NULL};

static const kl_input_info windows_x[] = {{"x", "close"}};
static const kl_input_info windows_yx[] = {{"y", "high"}, {"x", "low"}};
static const kl_input_info windows_weighted[] = {{"x", "close"}, {"volume", "volume"}};

#define WINDOWS_N(usual, least) {"n", "length of the window in bars", KL_PARAM_INT, usual, least, KL_PERIOD_MAX, NULL}
#define WINDOWS_MIN {"min_count", "known values that are enough; 0: all of the window", KL_PARAM_INT, 0, 0, KL_PERIOD_MAX, NULL}
#define WINDOWS_DDOF {"ddof", "1: of a sample; 0: of the population", KL_PARAM_INT, 1, 0, 1, NULL}
#define WINDOWS_RANK {"rule", "rank of equal values; below: how many are smaller", KL_PARAM_CHOICE, KL_RANK_AVERAGE, 0, 3, windows_ranks}

static const kl_param_info windows_n[] = {WINDOWS_N(20, 1)};
static const kl_param_info windows_n20[] = {WINDOWS_N(20, 1), WINDOWS_MIN};
static const kl_param_info windows_n30[] = {WINDOWS_N(30, 1), WINDOWS_MIN};
static const kl_param_info windows_two14[] = {WINDOWS_N(14, 2), WINDOWS_MIN};
static const kl_param_info windows_two20[] = {WINDOWS_N(20, 2), WINDOWS_MIN};
static const kl_param_info windows_two30[] = {WINDOWS_N(30, 2), WINDOWS_MIN};
static const kl_param_info windows_ddof[] = {WINDOWS_N(20, 2), WINDOWS_MIN, WINDOWS_DDOF};
static const kl_param_info windows_skew[] = {WINDOWS_N(20, 3), WINDOWS_MIN, WINDOWS_DDOF};
static const kl_param_info windows_kurt[] = {WINDOWS_N(20, 4), WINDOWS_MIN, WINDOWS_DDOF};
static const kl_param_info windows_q[] = {
    WINDOWS_N(20, 1),
    {"q", "share of the values below the quantile", KL_PARAM_REAL, 0.5, 0, 1, NULL},
    {"rule", "between two values", KL_PARAM_CHOICE, KL_QUANTILE_LINEAR, 0, 4, windows_quantiles},
    WINDOWS_MIN};
static const kl_param_info windows_rule[] = {WINDOWS_N(20, 1), WINDOWS_RANK, WINDOWS_MIN};

/* least, greatest: of the output; price, volume: its powers. */
#define WINDOWS(name_, what_, title_, group_, pane_, in_, par_, least_, greatest_, price_, volume_, begins_)                 \
    static int64_t windows_lookback_##name_(const double *params) { return windows_lookback(what_, params); }                 \
    static size_t windows_size_##name_(const double *params) { return (size_t)windows_plan(what_, params).bytes; }            \
    static void windows_init_##name_(void *state, const double *params) { windows_init(what_, state, params); }               \
    static const kl_output_info windows_out_##name_[] = {{#name_, title_, least_, greatest_, pane_, 0, price_, volume_}};     \
    const kl__indicator kl__ind_##name_ = {                                                                                   \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,       \
                .since = "0.1", .source = "docs/windows.md", .cost = "O(log n) a bar", .stability = KL_EXACT,                 \
                KL__PORTS(in_, par_, windows_out_##name_)},                                                                   \
        .lookback = windows_lookback_##name_, .size = windows_size_##name_, .init = windows_init_##name_,                     \
        .flags = (what_) == KL_ROLL_COUNT ? KL__RAW : 0, .run = windows_run, .attempt = windows_attempt, .settle = windows_settle, .pack = windows_pack,  \
        .needed = windows_needed, .begins = begins_,                                                                          \
    };
#define WINDOWS_OF_X(name, what, title, pane, par, least, greatest, price) \
    WINDOWS(name, what, title, "statistics", pane, windows_x, par, least, greatest, price, 0, NULL)
#define WINDOWS_OF_YX(name, what, title, par, least, greatest, price) \
    WINDOWS(name, what, title, "statistics", "own", windows_yx, par, least, greatest, price, 0, NULL)

WINDOWS_OF_X(sum, KL_ROLL_SUM, "Sum", "own", windows_n30, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(mean, KL_ROLL_MEAN, "Arithmetic mean", "price", windows_n20, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(var, KL_ROLL_VAR, "Variance", "own", windows_ddof, 0, HUGE_VAL, 2)
WINDOWS_OF_X(std, KL_ROLL_STD, "Standard deviation", "own", windows_ddof, 0, HUGE_VAL, 1)
WINDOWS_OF_X(zscore, KL_ROLL_ZSCORE, "Distance from the mean in standard deviations", "own", windows_ddof, -HUGE_VAL, HUGE_VAL, 0)
WINDOWS_OF_X(skew, KL_ROLL_SKEW, "Skewness", "own", windows_skew, -1025, 1025, 0)
WINDOWS_OF_X(kurt, KL_ROLL_KURT, "Excess kurtosis", "own", windows_kurt, -6, KL_ROLL_ROWS_MAX + 1, 0)
WINDOWS_OF_X(min, KL_ROLL_MIN, "Least value", "price", windows_n30, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(max, KL_ROLL_MAX, "Greatest value", "price", windows_n30, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(argmin, KL_ROLL_ARGMIN, "Bars since the least value", "own", windows_n30, 0, KL_PERIOD_MAX, 0)
WINDOWS_OF_X(argmax, KL_ROLL_ARGMAX, "Bars since the greatest value", "own", windows_n30, 0, KL_PERIOD_MAX, 0)
WINDOWS_OF_X(rangepos, KL_ROLL_RANGEPOS, "Place between least and greatest value", "own", windows_two20, 0, 1, 0)
WINDOWS_OF_X(wsum, KL_ROLL_WSUM, "Sum with weights 1, 2, 3 ... from the oldest bar", "own", windows_n20, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(wmean, KL_ROLL_WMEAN, "Mean with weights 1, 2, 3 ... from the oldest bar", "price", windows_n20, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(slope, KL_ROLL_SLOPE, "Rise per bar of the line of least squares", "own", windows_two14, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(intercept, KL_ROLL_INTERCEPT, "Line of least squares at the oldest bar", "price", windows_two14, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(line, KL_ROLL_LINE, "Line of least squares at the newest bar", "price", windows_two14, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(line_r2, KL_ROLL_LINE_R2, "Determination of the line of least squares", "own", windows_two14, 0, 1, 0)
WINDOWS_OF_X(median, KL_ROLL_MEDIAN, "Median", "price", windows_n20, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(quantile, KL_ROLL_QUANTILE, "Quantile", "price", windows_q, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_X(rank, KL_ROLL_RANK, "Rank of the newest value", "own", windows_rule, 0, KL_PERIOD_MAX, 0)
WINDOWS_OF_X(prank, KL_ROLL_PRANK, "Rank of the newest value as a share", "own", windows_rule, 0, 1, 0)
WINDOWS(count, KL_ROLL_COUNT, "Known values", "statistics", "own", windows_x, windows_n, 0, KL_PERIOD_MAX, 0, 0, windows_at_once)
WINDOWS_OF_YX(cov, KL_ROLL_COV, "Covariance", windows_ddof, -HUGE_VAL, HUGE_VAL, 2)
WINDOWS_OF_YX(corr, KL_ROLL_CORR, "Correlation", windows_two30, -1, 1, 0)
WINDOWS_OF_YX(regbeta, KL_ROLL_REGBETA, "Slope of y over x", windows_two20, -HUGE_VAL, HUGE_VAL, 0)
WINDOWS_OF_YX(regalpha, KL_ROLL_REGALPHA, "y where x is 0, by the line of least squares", windows_two20, -HUGE_VAL, HUGE_VAL, 1)
WINDOWS_OF_YX(reg_r2, KL_ROLL_REG_R2, "Determination of the line of y over x", windows_two20, 0, 1, 0)
WINDOWS(vwma, KL_ROLL_VWAP, "Volume-weighted moving average", "overlap", "price", windows_weighted, windows_n20, -HUGE_VAL, HUGE_VAL, 1, 0, NULL)
