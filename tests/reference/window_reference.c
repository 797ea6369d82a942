#include "base/fp.h"
#include "window_reference.h"
#include <stdlib.h>
#include <string.h>

#define REF_DBL_MAX 0x1.fffffffffffffp1023

/* The known rows of one window, oldest first. */
struct ref_scratch {
    size_t room, n;
    double *x, *y, *sorted;
    quad *slot;       /* 1 for the oldest row of the window */
    int have_sorted, have_moments, have_pair;
    int current_known, current_inside;
    double current;
    size_t slots;     /* rows that the window has, missing ones included */
    double top, top_y, least, greatest;
    quad absolute, anchor, offset, m2, m3, m4, abs3; /* mean = anchor + offset */
    quad anchor_y, offset_y, m2_y, cxy;
};

ref_scratch *ref_scratch_new(size_t rows) {
    ref_scratch *s = (ref_scratch *)calloc(1, sizeof *s);
    if (!s) abort();
    s->room = rows;
    s->x = (double *)calloc(rows, sizeof(double)), s->y = (double *)calloc(rows, sizeof(double));
    s->sorted = (double *)calloc(rows, sizeof(double)), s->slot = (quad *)calloc(rows, sizeof(quad));
    if (!s->x || !s->y || !s->sorted || !s->slot) abort();
    return s;
}

void ref_scratch_free(ref_scratch *s) {
    if (s) free(s->x), free(s->y), free(s->sorted), free(s->slot);
    free(s);
}

ref_rows ref_roll_rows(const kl_roll_spec *spec, const kl_time *time, size_t k) {
    int before = (spec->flags & KL_ROLL_BEFORE) != 0;
    ref_rows r = {k, before ? k : k + 1, 0, 1, 0};
    if (spec->span_us) {
        kl_time from = time[k] - spec->span_us; /* above it; with BEFORE from it on */
        while (r.first > 0 && (before ? time[r.first - 1] >= from : time[r.first - 1] > from)) r.first--;
    } else if (spec->period.unit) {
        kl_time open;
        if (kl_interval_floor(&spec->period, time[k], &open) != KL_OK) abort();
        while (r.first > 0 && time[r.first - 1] >= open) r.first--;
        if (spec->flags & KL_ROLL_WHOLE) {
            r.end = r.first;
            r.none = r.end == 0;
            if (!r.none && kl_interval_floor(&spec->period, time[r.end - 1], &open) != KL_OK) abort();
            while (r.first > 0 && time[r.first - 1] >= open) r.first--;
        }
    } else {
        size_t w = (size_t)spec->rows;
        r.full = r.end >= w;
        r.first = r.full ? r.end - w : 0;
    }
    r.slots = r.end - r.first;
    return r;
}

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void sort_known(ref_scratch *s) {
    if (s->have_sorted) return;
    s->have_sorted = 1;
    memcpy(s->sorted, s->x, s->n * sizeof(double));
    qsort(s->sorted, s->n, sizeof(double), compare_doubles);
}

static void moments(ref_scratch *s) {
    if (s->have_moments) return;
    s->have_moments = 1;
    s->anchor = s->x[0];
    quad sum = 0;
    for (size_t i = 0; i < s->n; i++) sum += (quad)s->x[i] - s->anchor;
    s->offset = sum / (quad)s->n;
    s->m2 = s->m3 = s->m4 = s->abs3 = 0;
    for (size_t i = 0; i < s->n; i++) {
        quad d = ((quad)s->x[i] - s->anchor) - s->offset, dd = d * d;
        s->m2 += dd, s->m3 += dd * d, s->m4 += dd * dd, s->abs3 += dd * ref_abs(d);
    }
}

static void pair_moments(ref_scratch *s) {
    if (s->have_pair) return;
    s->have_pair = 1;
    moments(s);
    s->anchor_y = s->y[0];
    quad sum = 0;
    for (size_t i = 0; i < s->n; i++) sum += (quad)s->y[i] - s->anchor_y;
    s->offset_y = sum / (quad)s->n;
    s->m2_y = s->cxy = 0;
    for (size_t i = 0; i < s->n; i++) {
        quad dx = ((quad)s->x[i] - s->anchor) - s->offset, dy = ((quad)s->y[i] - s->anchor_y) - s->offset_y;
        s->m2_y += dy * dy, s->cxy += dx * dy;
    }
}

/* ------------------------------------------------------------------------------------- one function a statistic --- */

typedef struct ref_call {
    ref_scratch *s;
    const kl_roll_stat *stat;
    quad ddof;
} ref_call;
typedef ref_value roll_kind(const ref_call *c);

static const ref_value unknown = {0, 0, 0, 0};
static ref_value known(quad value, quad unit) {
    ref_value v = {1, value, unit, 0};
    return v;
}
static quad mean_of(const ref_scratch *s) { return s->anchor + s->offset; }
static quad count(const ref_call *c) { return (quad)c->s->n; }
static quad quad_max(quad a, quad b) { return a > b ? a : b; }

static ref_value roll_sum(const ref_call *c) { return moments(c->s), known(mean_of(c->s) * count(c), REF_U * c->s->absolute); }
static ref_value roll_mean(const ref_call *c) { return moments(c->s), known(mean_of(c->s), REF_U * c->s->top); }
static ref_value roll_var(const ref_call *c) {
    if (!(count(c) > c->ddof)) return unknown;
    moments(c->s);
    quad var = c->s->m2 / (count(c) - c->ddof);
    return known(var, ref_ulp(var));
}
static ref_value roll_std(const ref_call *c) {
    ref_value v = roll_var(c);
    if (!v.known) return v;
    quad std = ref_sqrt(v.value);
    return known(std, ref_ulp(std));
}
static ref_value roll_zscore(const ref_call *c) {
    ref_value std = roll_std(c);
    if (!std.known || !(std.value > 0) || !c->s->current_known) return unknown;
    quad z = (((quad)c->s->current - c->s->anchor) - c->s->offset) / std.value;
    return known(z, REF_U * quad_max(1, ref_abs(z)));
}
static ref_value roll_skew(const ref_call *c) {
    quad n = count(c);
    if (c->s->n < 1 || (c->ddof > 0 && c->s->n < 3)) return unknown;
    moments(c->s);
    if (!(c->s->m2 > 0)) return unknown;
    quad m2 = c->s->m2 / n, g = c->s->m3 / n / (m2 * ref_sqrt(m2)), factor = c->ddof > 0 ? ref_sqrt(n * (n - 1)) / (n - 2) : 1;
    return known(factor * g, REF_U * factor * c->s->abs3 / n / (m2 * ref_sqrt(m2)));
}
static ref_value roll_kurt(const ref_call *c) {
    quad n = count(c);
    if (c->s->n < 1 || (c->ddof > 0 && c->s->n < 4)) return unknown;
    moments(c->s);
    if (!(c->s->m2 > 0)) return unknown;
    quad m2 = c->s->m2 / n, b = c->s->m4 / n / (m2 * m2);
    if (!(c->ddof > 0)) return known(b - 3, REF_U * b);
    quad factor = (n - 1) / ((n - 2) * (n - 3));
    return known(factor * ((n + 1) * b - 3 * (n - 1)), REF_U * factor * (n + 1) * b);
}
static ref_value roll_min(const ref_call *c) { return known(c->s->least, 0); }
static ref_value roll_greatest(const ref_call *c) { return known(c->s->greatest, 0); }
static ref_value age_of(const ref_call *c, double x) {
    size_t at = c->s->n;
    while (at > 0 && c->s->x[at - 1] != x) at--;
    return known((quad)c->s->slots - c->s->slot[at - 1], 0);
}
static ref_value roll_argmin(const ref_call *c) { return age_of(c, c->s->least); }
static ref_value roll_argmax(const ref_call *c) { return age_of(c, c->s->greatest); }
static ref_value roll_rangepos(const ref_call *c) {
    if (!c->s->current_known || !(c->s->least < c->s->greatest)) return unknown;
    quad v = ((quad)c->s->current - (quad)c->s->least) / ((quad)c->s->greatest - (quad)c->s->least);
    return known(v, REF_U * quad_max(1, ref_abs(v)));
}

/* Sums with the slot as weight, and the line through the rows. */
static quad weighted(const ref_call *c, quad *weights) {
    quad sum = 0;
    *weights = 0;
    for (size_t i = 0; i < c->s->n; i++) sum += c->s->slot[i] * (quad)c->s->x[i], *weights += c->s->slot[i];
    return sum;
}
static ref_value roll_wsum(const ref_call *c) {
    quad weights, sum = weighted(c, &weights);
    return known(sum, ref_ulp(c->s->top) * weights);
}
static ref_value roll_wmean(const ref_call *c) {
    quad weights, sum = weighted(c, &weights);
    return known(sum / weights, ref_ulp(c->s->top));
}
typedef struct ref_line {
    int known;
    quad slope, slot, sxx; /* slot: the mean one */
} ref_line;
static ref_line line(const ref_call *c) {
    ref_line l = {0, 0, 0, 0};
    if (c->s->n < 2) return l;
    moments(c->s);
    for (size_t i = 0; i < c->s->n; i++) l.slot += c->s->slot[i];
    l.slot /= count(c);
    quad sxy = 0;
    for (size_t i = 0; i < c->s->n; i++) {
        quad d = c->s->slot[i] - l.slot;
        l.sxx += d * d, sxy += d * (((quad)c->s->x[i] - c->s->anchor) - c->s->offset);
    }
    l.known = 1, l.slope = sxy / l.sxx;
    return l;
}
static ref_value roll_slope(const ref_call *c) {
    ref_line l = line(c);
    return l.known ? known(l.slope, REF_U * ref_sqrt(c->s->m2 / l.sxx)) : unknown;
}
static ref_value line_at(const ref_call *c, quad slot) {
    ref_line l = line(c);
    return l.known ? known(mean_of(c->s) + l.slope * (slot - l.slot), ref_ulp(c->s->top)) : unknown;
}
static ref_value roll_intercept(const ref_call *c) { return line_at(c, 1); }
static ref_value roll_line_end(const ref_call *c) { return line_at(c, (quad)c->s->slots); }
static ref_value roll_line_r2(const ref_call *c) {
    ref_line l = line(c);
    if (!l.known || !(c->s->m2 > 0)) return unknown;
    return known(l.slope * l.slope * l.sxx / c->s->m2, REF_U);
}

/* Order. */
static ref_value quantile(const ref_call *c, double q, int32_t rule) {
    sort_known(c->s);
    const double *v = c->s->sorted;
    double h = q * (double)(c->s->n - 1); /* the place among the sorted, as a double: 0.1 of 11 values is the second */
    size_t low = (size_t)floor(h), high = (size_t)ceil(h);
    double part = h - floor(h);
    if (high > c->s->n - 1) high = c->s->n - 1;
    if (low == high || rule == KL_QUANTILE_LOWER) return known(v[low], 0);
    if (rule == KL_QUANTILE_HIGHER) return known(v[high], 0);
    if (rule == KL_QUANTILE_NEAREST) return known(part < 0.5 || (part == 0.5 && low % 2 == 0) ? v[low] : v[high], 0);
    quad a = v[low], b = v[high];
    if (rule == KL_QUANTILE_MIDPOINT) return known((double)((a + b) / 2), 0);
    return known(a + (b - a) * (quad)part, ref_ulp(quad_max(ref_abs(a), ref_abs(b))));
}
static ref_value roll_median(const ref_call *c) { return quantile(c, 0.5, KL_QUANTILE_MIDPOINT); }
static ref_value roll_quantile(const ref_call *c) { return quantile(c, c->stat->param, c->stat->rule); }
static ref_value rank_of(const ref_call *c, quad *below) {
    if (!c->s->current_known) return unknown;
    quad equal = 0;
    *below = 0;
    for (size_t i = 0; i < c->s->n; i++) {
        if (c->s->x[i] < c->s->current) *below += 1;
        if (c->s->x[i] == c->s->current) equal += 1;
    }
    if (!c->s->current_inside) equal += 1; /* ranked as if it were there */
    switch (c->stat->rule) {
    case KL_RANK_AVERAGE: return known(*below + (equal + 1) / 2, 0);
    case KL_RANK_MIN: return known(*below + 1, 0);
    case KL_RANK_MAX: return known(*below + equal, 0);
    default: return known(*below, 0);
    }
}
static ref_value roll_rank(const ref_call *c) {
    quad below;
    return rank_of(c, &below);
}
static ref_value roll_prank(const ref_call *c) {
    quad below, n = count(c);
    ref_value v = rank_of(c, &below);
    if (!v.known) return v;
    if (!c->s->current_inside) n += 1;
    if (c->stat->rule == KL_RANK_BELOW) n -= 1;
    return known(n > 0 ? (double)v.value / (double)n : 0, 0); /* alone: 0 */
}

/* Pairs: y is the first input, x the second; in the scratch x is the first. */
static ref_value roll_vwap(const ref_call *c) {
    quad sum = 0, volume = 0;
    int positive = 1, negative = 0;
    for (size_t i = 0; i < c->s->n; i++) {
        negative |= c->s->y[i] < 0;
        sum += (quad)c->s->y[i] * (quad)c->s->x[i], volume += (quad)c->s->y[i];
        if (!(c->s->x[i] > 0)) positive = 0;
    }
    if (negative || !(volume > 0)) return unknown;
    quad vwap = sum / volume;
    ref_value v = known(vwap, ref_ulp(positive ? vwap : c->s->top));
    if (positive && c->s->greatest <= 1.5 * c->s->least && c->s->n <= 1024) v.limit = 1;
    return v;
}
static ref_value roll_cov(const ref_call *c) {
    if (!(count(c) > c->ddof)) return unknown;
    pair_moments(c->s);
    quad n = count(c) - c->ddof;
    return known(c->s->cxy / n, REF_U * ref_sqrt(c->s->m2) * ref_sqrt(c->s->m2_y) / n);
}
static ref_value roll_corr(const ref_call *c) {
    pair_moments(c->s);
    if (!(c->s->m2 > 0) || !(c->s->m2_y > 0)) return unknown;
    return known(c->s->cxy / ref_sqrt(c->s->m2) / ref_sqrt(c->s->m2_y), REF_U);
}
static ref_value roll_regbeta(const ref_call *c) {
    pair_moments(c->s);
    if (!(c->s->m2_y > 0)) return unknown;
    return known(c->s->cxy / c->s->m2_y, REF_U * ref_sqrt(c->s->m2) / ref_sqrt(c->s->m2_y));
}
static ref_value roll_regalpha(const ref_call *c) {
    ref_value beta = roll_regbeta(c);
    if (!beta.known) return beta;
    quad wide = ref_sqrt(c->s->m2) / ref_sqrt(c->s->m2_y) * c->s->top_y; /* what an error of beta is multiplied with */
    return known(mean_of(c->s) - beta.value * (c->s->anchor_y + c->s->offset_y), REF_U * (c->s->top + wide));
}
static ref_value roll_reg_r2(const ref_call *c) {
    ref_value r = roll_corr(c);
    return r.known ? known(r.value * r.value, REF_U) : r;
}

static const struct {
    int32_t what;
    roll_kind *kind;
    double promise, a_root, a_log, a_row; /* promise + a_root * sqrt(w) + a_log * log2(w) + a_row * w */
    const char *unit;
} kinds[] = {
    {KL_ROLL_SUM, roll_sum, 1, 0, 1, 0, "u sum|x|"},
    {KL_ROLL_MEAN, roll_mean, 4, 0, 0, 0, "u max|x|"},
    {KL_ROLL_VAR, roll_var, 8, 0, 0, 0, "ulp"},
    {KL_ROLL_STD, roll_std, 4, 0, 0, 0, "ulp"},
    {KL_ROLL_ZSCORE, roll_zscore, 16, 2, 0, 0, "u max(1,|z|)"},
    {KL_ROLL_SKEW, roll_skew, 24, 0, 0, 0, "u m|d|^3/s^3"},
    {KL_ROLL_KURT, roll_kurt, 24, 0, 0, 0, "u (g2 + 3)"},
    {KL_ROLL_MIN, roll_min, 0, 0, 0, 0, "exact"},
    {KL_ROLL_MAX, roll_greatest, 0, 0, 0, 0, "exact"},
    {KL_ROLL_ARGMIN, roll_argmin, 0, 0, 0, 0, "exact"},
    {KL_ROLL_ARGMAX, roll_argmax, 0, 0, 0, 0, "exact"},
    {KL_ROLL_RANGEPOS, roll_rangepos, 3, 0, 0, 0, "u max(1,|p|)"},
    {KL_ROLL_WSUM, roll_wsum, 4, 0, 0, 0, "ulp max|x| sum w"},
    {KL_ROLL_WMEAN, roll_wmean, 4, 0, 0, 0, "ulp max|x|"},
    {KL_ROLL_SLOPE, roll_slope, 16, 0, 0, 0.125, "u s/s(row)"},
    {KL_ROLL_INTERCEPT, roll_intercept, 8, 0, 0, 0, "ulp max|x|"},
    {KL_ROLL_LINE, roll_line_end, 8, 0, 0, 0, "ulp max|x|"},
    {KL_ROLL_LINE_R2, roll_line_r2, 32, 0, 0, 0.25, "u"},
    {KL_ROLL_MEDIAN, roll_median, 0, 0, 0, 0, "exact"},
    {KL_ROLL_QUANTILE, roll_quantile, 2, 0, 0, 0, "ulp; else exact"},
    {KL_ROLL_RANK, roll_rank, 0, 0, 0, 0, "exact"},
    {KL_ROLL_PRANK, roll_prank, 0, 0, 0, 0, "exact"},
    {KL_ROLL_LAG, NULL, 0, 0, 0, 0, "exact"},
    {KL_ROLL_COUNT, NULL, 0, 0, 0, 0, "exact"},
    {KL_ROLL_VWAP, roll_vwap, 4, 0, 1, 0, "ulp"},
    {KL_ROLL_COV, roll_cov, 16, 0, 0, 0.125, "u s(x) s(y)"},
    {KL_ROLL_CORR, roll_corr, 8, 0, 0, 0.0625, "u"},
    {KL_ROLL_REGBETA, roll_regbeta, 16, 0, 0, 0.125, "u s(y)/s(x)"},
    {KL_ROLL_REGALPHA, roll_regalpha, 16, 0, 0, 0.125, "u(|y|+|x|s(y)/s(x))"},
    {KL_ROLL_REG_R2, roll_reg_r2, 32, 0, 0, 0.25, "u"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static size_t kind_of(int32_t what) {
    size_t k = 0;
    while (k < KINDS && kinds[k].what != what) k++;
    return k;
}

const char *ref_unit_name(int32_t what) {
    size_t k = kind_of(what);
    return k < KINDS ? kinds[k].unit : "?";
}

double ref_promise(int32_t what, double w) {
    size_t k = kind_of(what);
    if (k == KINDS) return 0;
    if (what == KL_ROLL_CORR && w <= 24) return 8;
    int levels = 0;
    for (double rows = 1; rows < w; rows *= 2) levels++;
    return kinds[k].promise + kinds[k].a_root * sqrt(w) + kinds[k].a_log * levels + kinds[k].a_row * w;
}

/* --------------------------------------------------------------------------------------------------- the window --- */

static int row_missing(const double *const *in, uint32_t inputs, size_t k) {
    return ref_missing(in[0][k]) || (inputs > 1 && ref_missing(in[1][k]));
}

static void gather(ref_scratch *s, const ref_rows *r, const double *const *in, uint32_t inputs) {
    if (r->end - r->first > s->room) abort();
    s->n = 0, s->have_sorted = s->have_moments = s->have_pair = 0;
    s->slots = r->slots;
    s->top = s->top_y = 0, s->absolute = 0, s->least = HUGE_VAL, s->greatest = -HUGE_VAL;
    for (size_t j = r->first; j < r->end; j++) {
        if (row_missing(in, inputs, j)) continue;
        double x = in[0][j] + 0.0;
        s->x[s->n] = x, s->y[s->n] = inputs > 1 ? in[1][j] + 0.0 : 0.0;
        s->slot[s->n] = (quad)(r->slots - (r->end - 1 - j));
        if (fabs(x) > s->top) s->top = fabs(x);
        if (fabs(s->y[s->n]) > s->top_y) s->top_y = fabs(s->y[s->n]);
        if (x < s->least) s->least = x;
        if (x > s->greatest) s->greatest = x;
        s->absolute += ref_abs((quad)x);
        s->n++;
    }
}

int ref_roll(const kl_roll_spec *spec, const kl_time *time, const double *const *in, size_t k, ref_scratch *s, ref_value *values) {
    uint32_t inputs = kl_roll_inputs(spec);
    ref_rows r = ref_roll_rows(spec, time, k);
    gather(s, &r, in, inputs);
    size_t need = spec->min_count > 0 ? (size_t)spec->min_count : r.end - r.first;
    int enough = !r.none && s->n > 0 && s->n >= need && (spec->min_count > 0 || r.full);
    s->current_known = !row_missing(in, inputs, k);
    s->current = in[0][k] + 0.0;
    s->current_inside = r.first <= k && k < r.end;
    for (uint32_t i = 0; i < spec->n_stats; i++) {
        const kl_roll_stat *stat = &spec->stats[i];
        size_t kind = kind_of(stat->what);
        if (kind == KINDS) return 0;
        ref_call call = {s, stat, (quad)spec->ddof};
        values[i] = unknown;
        if (stat->what == KL_ROLL_COUNT) {
            if (!r.none) values[i] = known((quad)s->n, 0);
        } else if (stat->what == KL_ROLL_LAG) {
            size_t lag = (size_t)stat->param;
            if (lag <= k && !row_missing(in, inputs, k - lag)) values[i] = known(in[0][k - lag] + 0.0, 0);
        } else if (enough) {
            values[i] = kinds[kind].kind(&call);
        }
        if (values[i].known && ref_abs(values[i].value) > REF_DBL_MAX) values[i] = unknown;
    }
    return 1;
}
