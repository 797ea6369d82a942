/* Rows through a roll: cleaning once, the engines, the statistics. */
#include "base/fp.h"
#include "window/roll.h"
#include "base/bits.h"
#include <string.h>

#define ROLL_ABS UINT64_C(0x7fffffffffffffff)
#define ROLL_MISSING (UINT64_C(25) << 52) /* added to the bits without sign, reaches the top bit from 2^1000 on, and for NaN */

/* A chunk on its way: what came in, clean, and where the engines' slots are. */
typedef struct roll_chunk {
    kl_roll *roll;
    size_t n;
    const double *x[2];    /* clean inputs */
    const double *feed[2]; /* what engines take: x, or one row behind */
    const int64_t *time;
    int holes; /* 1: a value is missing, or may be */
    kl__roll_frame frame;
    kl__roll_windows *windows; /* where windows are counted */
    double *out[KL_ROLL_STATS_MAX]; /* NULL: not wanted */
    const kl__roll_kind *kinds[KL_ROLL_STATS_MAX];
    uint32_t reads; /* slots that are wanted, as bits */
} roll_chunk;

/* ------------------------------------------------------------------------------------------------- cleaning --- */

/* The top bit is set for a missing value or -0.0, which alone loses its top bit when 1 is taken. */
KL__INLINE uint64_t roll_flags(double x) {
    uint64_t bits = kl__double_bits(x);
    return ((bits & ROLL_ABS) + ROLL_MISSING) | (bits & ~(bits - 1));
}

/* The top bit is set for a missing value, and for all that have a sign. */
KL__INLINE uint64_t roll_flags_positive(double x) {
    uint64_t bits = kl__double_bits(x);
    return (bits + ROLL_MISSING) | bits;
}

/* Prices and volumes need but the shorter test; four parts of them at once, as one sum would have to wait for itself. */
KL__INLINE void roll_scan_body(const double *x, size_t n, uint64_t *unclean) {
    const size_t part = n / 4;
    const double *x1 = x + part, *x2 = x1 + part, *x3 = x2 + part;
    uint64_t seen = 0, seen1 = 0, seen2 = 0, seen3 = 0;
    for (size_t j = 0; j < part; j++) {
        seen |= roll_flags_positive(x[j]);
        seen1 |= roll_flags_positive(x1[j]);
        seen2 |= roll_flags_positive(x2[j]);
        seen3 |= roll_flags_positive(x3[j]);
    }
    for (size_t j = 4 * part; j < n; j++) seen |= roll_flags_positive(x[j]);
    if (!((seen | seen1 | seen2 | seen3) >> 63)) return;
    seen = 0;
    for (size_t j = 0; j < n; j++) seen |= roll_flags(x[j]);
    *unclean |= seen >> 63;
}
KL__SIMD_EACH(roll_scan, (const double *x, size_t n, uint64_t *unclean), (x, n, unclean))
static void (*const roll_scan_all[KL__SIMD_TIERS])(const double *x, size_t n, uint64_t *unclean) = KL__SIMD_TABLE(roll_scan);

KL__INLINE int roll_is_missing(double x) { return (int)(((kl__double_bits(x) & ROLL_ABS) + ROLL_MISSING) >> 63); }

/* Makes x[0..inputs-1][j] clean; counts what is missing. */
KL__INLINE void roll_clean_row(kl_roll *roll, double *const *x, size_t j) {
    int missing = 0, infinite = 0;
    for (uint32_t i = 0; i < roll->inputs; i++) {
        x[i][j] = x[i][j] + 0.0;
        missing |= roll_is_missing(x[i][j]);
    }
    if (KL__LIKELY(!missing)) return;
    for (uint32_t i = 0; i < roll->inputs; i++) {
        infinite |= roll_is_missing(x[i][j]) && x[i][j] == x[i][j];
        x[i][j] = kl__roll_nan();
    }
    roll->missing++;
    roll->infinite += (uint32_t)infinite;
}

/* Outputs that lie where inputs lie would be written before those are read for the last time. */
static int roll_overlaps(const kl_roll *roll, const double *const *in, size_t n, double *const *out) {
    for (uint32_t s = 0; s < roll->spec.n_stats; s++)
        for (uint32_t i = 0; out[s] && i < roll->inputs; i++)
            if ((uintptr_t)in[i] < (uintptr_t)(out[s] + n) && (uintptr_t)out[s] < (uintptr_t)(in[i] + n)) return 1;
    return 0;
}

/* Sets x and feed: the inputs themselves where they are clean, else copies in `room`. */
static void roll_clean(roll_chunk *c, const double *const *in, double (*room)[KL__ROLL_STRIDE]) {
    kl_roll *roll = c->roll;
    const uint64_t missing = roll->missing;
    uint64_t unclean = roll->delayed | (uint32_t)roll_overlaps(roll, in, c->n, c->out);
    for (uint32_t i = 0; i < roll->inputs; i++) {
        c->x[i] = c->feed[i] = in[i];
        roll_scan_all[kl__simd_tier()](in[i], c->n, &unclean);
    }
    c->holes = 0;
    if (!unclean) return;
    if (c->n > KL__ROLL_CHUNK) c->n = KL__ROLL_CHUNK;
    double *copy[2] = {room[0] + 1, room[1] + 1};
    for (uint32_t i = 0; i < roll->inputs; i++) {
        room[i][0] = kl__roll_raw(roll, i)[kl__roll_at(roll, 1)];
        memcpy(copy[i], in[i], c->n * sizeof(double));
        c->x[i] = copy[i];
        c->feed[i] = copy[i] - roll->delayed;
    }
    for (size_t j = 0; j < c->n; j++) roll_clean_row(roll, copy, j);
    c->holes = roll->missing != missing || (roll->seen > roll->origin && c->feed[0][0] != c->feed[0][0]);
}

/* --------------------------------------------------------------------------------------------------- chunks --- */

/* Keeps the last rows. */
static void roll_keep(roll_chunk *c) {
    kl_roll *roll = c->roll;
    size_t skip = c->n > roll->keep ? c->n - roll->keep : 0, at = (roll->at + skip) % roll->keep;
    size_t n = c->n - skip, head = n < roll->keep - at ? n : roll->keep - at;
    for (uint32_t i = 0; i < roll->inputs; i++) {
        memcpy(kl__roll_raw(roll, i) + at, c->x[i] + skip, head * sizeof(double));
        memcpy(kl__roll_raw(roll, i), c->x[i] + skip + head, (n - head) * sizeof(double));
    }
    if (roll->timed) {
        memcpy(kl__roll_times(roll) + at, c->time + skip, head * sizeof(int64_t));
        memcpy(kl__roll_times(roll), c->time + skip + head, (n - head) * sizeof(int64_t));
    }
    roll->at = (uint32_t)((at + n) % roll->keep);
    roll->seen += c->n;
}

/* Where a slot goes: one that is itself a statistic right where that is wanted. */
static double *roll_slot(const roll_chunk *c, uint32_t slot, double *room) {
    for (uint32_t s = 0; s < c->roll->spec.n_stats; s++)
        if (c->out[s] && c->kinds[s]->slot == (int32_t)slot) return c->out[s];
    return room;
}

static void roll_fill(double *to, size_t n, double value) {
    for (size_t j = 0; j < n; j++) to[j] = value;
}

/* With KL_ROLL_WHOLE: what a period ends with goes on through the next. */
static void roll_hold(const roll_chunk *c, size_t which, double *a) {
    double last = c->roll->last[which], held = c->roll->held[which];
    for (size_t j = 0; j < c->n; j++) {
        if (c->windows->changed[j]) held = last;
        last = a[j];
        a[j] = held;
    }
    c->roll->last[which] = last;
    c->roll->held[which] = held;
}

/* Ages in a window in which all rows are known: closed forms, the same from both engines. */
static void roll_ages(const roll_chunk *c, double *age, double *q) {
    for (size_t j = 0; j < c->n; j++) {
        if (!c->roll->trees && c->windows->known[j] != c->windows->rows[j]) continue;
        double n = c->roll->trees ? (double)c->roll->spec.rows : c->windows->rows[j];
        age[j] = kl__roll_age(n);
        q[j] = kl__roll_ages2(n);
    }
}

static void roll_engine(roll_chunk *c, uint32_t f, double (*room)[KL__ROLL_STRIDE]) {
    kl_roll *roll = c->roll;
    const kl__roll_family *family = &kl__roll_families[f];
    void *engine = kl__roll_part(roll, roll->engine[f]);
    double *stat[KL__TREE_STATS_MAX];
    for (uint32_t s = 0; s < family->stats; s++) {
        stat[s] = c->frame.slot[family->slots[s]] = roll_slot(c, family->slots[s], room[s]);
        if (family->picks && !(c->reads >> family->slots[s] & 1)) stat[s] = NULL;
    }
    if (roll->trees) kl__tree_run((kl__tree *)engine, family->tree, c->feed, c->n, stat);
    else kl__count_run((kl__count *)engine, family->count, c->feed, roll->timed ? c->windows->length : NULL, c->n, stat, NULL);
    if (f == KL__ROLL_F_LINEAR) roll_ages(c, stat[2], stat[3]);
    if (f == KL__ROLL_F_SLOPE && stat[3]) roll_ages(c, stat[3], stat[4]);
}

/* 1 where a window has as many known values as it must. */
static int roll_enough(const kl_roll *roll, double known, double rows) {
    if (roll->spec.min_count) return known >= (double)roll->spec.min_count;
    return known == rows && (roll->timed ? rows > 0.0 : rows == (double)roll->spec.rows);
}

static void roll_mask(const roll_chunk *c, double *out) {
    if (c->windows->full >= c->n) return;
    for (size_t j = 0; j < c->n; j++)
        if (!roll_enough(c->roll, c->frame.known[j], c->frame.rows[j])) out[j] = kl__roll_nan();
}

static void roll_lag(const roll_chunk *c, size_t lag, double *out) {
    const kl_roll *roll = c->roll;
    size_t old = lag < c->n ? lag : c->n;
    for (size_t j = 0; j < old; j++) out[j] = kl__roll_raw(roll, 0)[kl__roll_at(roll, lag - j)];
    memcpy(out + old, c->x[0], (c->n - old) * sizeof(double));
}

/* Ranks among the rows of the period that is over. */
static void roll_rank_whole(const roll_chunk *c, const kl__roll_place *before, const kl_roll_stat *stat, double *out) {
    const kl_roll *roll = c->roll;
    uint64_t start = before->last_start, end = before->period_start;
    const int32_t what = stat->what == KL_ROLL_RANK ? KL__ORDER_RANK : KL__ORDER_PRANK;
    for (size_t j = 0; j < c->n; j++) {
        if (c->windows->changed[j]) start = end, end = roll->seen + j;
        double less = 0.0, equal = 1.0, n = 1.0, x = c->x[0][j];
        for (uint64_t row = start; row < end; row++) {
            double value = row >= roll->seen ? c->x[0][row - roll->seen] : kl__roll_raw(roll, 0)[kl__roll_at(roll, roll->seen - row)];
            less += value < x;
            equal += value == x;
            n += value == value;
        }
        out[j] = x == x ? kl__order_rank_of(what, stat->rule, less, equal, n) : kl__roll_nan();
    }
}

static void roll_finish(const roll_chunk *c, uint32_t s) {
    const kl__roll_kind *kind = c->kinds[s];
    double *out = c->out[s];
    if (kind->finish[0]) {
        kind->finish[kl__simd_tier()](&c->frame, out);
    } else {
        if (c->frame.slot[kind->slot] != out) memcpy(out, c->frame.slot[kind->slot], c->n * sizeof(double));
        if (!kind->sealed) kl__roll_seal_all[kl__simd_tier()](out, c->n);
    }
    if (c->windows) roll_mask(c, out);
}

/* The engines of a group, then the statistics made of what they say. */
static void roll_group_in(roll_chunk *c, uint32_t group, double (*room)[KL__ROLL_STRIDE]) {
    uint32_t used = 0;
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++) {
        const kl__roll_family *family = &kl__roll_families[f];
        if (!(c->roll->families >> f & 1) || family->group != group) continue;
        roll_engine(c, f, room + used);
        for (uint32_t s = 0; c->roll->whole && s < family->stats; s++)
            if (c->reads >> family->slots[s] & 1) roll_hold(c, family->slots[s], c->frame.slot[family->slots[s]]);
        used += family->stats;
    }
    for (uint32_t s = 0; s < c->roll->spec.n_stats; s++)
        if (c->out[s] && c->kinds[s]->group == group) roll_finish(c, s);
}

/* What takes much of the stack is never inlined, so that only what is under way takes it. */
static KL__APART void roll_group_many(roll_chunk *c, uint32_t group) {
    double room[KL__ROLL_GROUP_SLOTS][KL__ROLL_STRIDE];
    roll_group_in(c, group, room);
}
static KL__APART void roll_group_few(roll_chunk *c, uint32_t group) {
    double room[KL__ROLL_GROUP_FEW][KL__ROLL_STRIDE];
    roll_group_in(c, group, room);
}
static void roll_group(roll_chunk *c, uint32_t group) {
    uint32_t slots = 0;
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++)
        if ((c->roll->families >> f & 1) && kl__roll_families[f].group == group) slots += kl__roll_families[f].stats;
    if (slots > KL__ROLL_GROUP_FEW) roll_group_many(c, group);
    else if (slots) roll_group_few(c, group);
}

static kl__order_ask roll_ask_of(const kl_roll_stat *stat) {
    kl__order_ask ask;
    ask.what = stat->what == KL_ROLL_RANK ? KL__ORDER_RANK : stat->what == KL_ROLL_PRANK ? KL__ORDER_PRANK : KL__ORDER_QUANTILE;
    ask.rule = stat->what == KL_ROLL_MEDIAN ? KL_QUANTILE_LINEAR : stat->rule;
    ask.q = stat->what == KL_ROLL_MEDIAN ? 0.5 : stat->param;
    return ask;
}

/* One engine of order statistics: as many of the asks as it takes. `room`: what is not wanted, n_room rows. */
static void roll_order_in(roll_chunk *c, uint32_t engine, double (*room)[KL__ROLL_STRIDE], uint32_t n_room) {
    const kl_roll *roll = c->roll;
    kl__order_ask asks[KL__ORDER_ASKS_MAX];
    double *to[KL__ORDER_ASKS_MAX];
    uint32_t number = 0, n = 0, which[KL__ORDER_ASKS_MAX];
    for (uint32_t s = 0; s < roll->spec.n_stats && n < KL__ORDER_ASKS_MAX; s++) {
        const kl_roll_stat *stat = &roll->spec.stats[s];
        if (!kl__roll_ordered(roll, stat->what) || number++ < engine * KL__ORDER_ASKS_MAX) continue;
        asks[n] = roll_ask_of(stat);
        which[n] = s;
        to[n] = c->out[s] ? c->out[s] : room[n % n_room];
        n++;
    }
    kl__order_run((kl__order *)kl__roll_part(roll, roll->order[engine]), c->feed[0], roll->delayed ? c->x[0] : NULL,
                  roll->timed ? c->windows->length : NULL, c->n, asks, n, to, NULL);
    for (uint32_t a = 0; a < n; a++) {
        if (roll->whole) roll_hold(c, KL__ROLL_H_STATS + which[a], to[a]);
        if (!c->out[which[a]]) continue;
        roll_mask(c, to[a]);
        kl__roll_seal_all[kl__simd_tier()](to[a], c->n);
    }
}

/* What is held through a period is needed of all statistics; else one row takes what nobody wants. */
static KL__APART void roll_order_whole(roll_chunk *c, uint32_t engine) {
    double room[KL__ORDER_ASKS_MAX][KL__ROLL_STRIDE];
    roll_order_in(c, engine, room, KL__ORDER_ASKS_MAX);
}
static KL__APART void roll_order(roll_chunk *c, uint32_t engine) {
    double room[1][KL__ROLL_STRIDE];
    roll_order_in(c, engine, room, 1);
}

/* Statistics without engines. */
static void roll_others(roll_chunk *c, const kl__roll_place *before) {
    const kl_roll *roll = c->roll;
    for (uint32_t s = 0; s < roll->spec.n_stats; s++) {
        const kl_roll_stat *stat = &roll->spec.stats[s];
        if (!c->out[s]) continue;
        if (stat->what == KL_ROLL_LAG) roll_lag(c, (size_t)stat->param, c->out[s]);
        if (stat->what == KL_ROLL_COUNT) memcpy(c->out[s], c->frame.known, c->n * sizeof(double));
        if (c->kinds[s]->group == KL__ROLL_G_ORDER && !kl__roll_ordered(roll, stat->what)) {
            roll_rank_whole(c, before, stat, c->out[s]);
            roll_mask(c, c->out[s]);
        }
    }
}

/* Counts windows; statistics see what is held of them. */
static void roll_count(roll_chunk *c, double (*held)[KL__ROLL_STRIDE]) {
    kl__roll_windows *to = c->windows;
    kl__roll_count(c->roll, c->time, c->x[0], c->feed[0], c->holes, c->n, to);
    double *seen[3] = {to->known, to->rows, to->anchor};
    for (size_t i = 0; c->roll->whole && i < 3; i++) {
        memcpy(held[i], seen[i], c->n * sizeof(double));
        roll_hold(c, KL__ROLL_H_KNOWN + i, held[i]);
        seen[i] = held[i];
    }
    c->frame.known = seen[0];
    c->frame.rows = seen[1];
    c->frame.anchor = to->full >= c->n ? c->feed[0] : seen[2];
}

static void roll_run_chunk_in(roll_chunk *c, const double *const *in, double (*held)[KL__ROLL_STRIDE]) {
    double room[2][KL__ROLL_STRIDE];
    const kl__roll_place before = c->roll->place;
    c->reads = 0;
    for (uint32_t s = 0; s < c->roll->spec.n_stats; s++)
        if (c->out[s] || c->roll->whole) c->reads |= c->kinds[s]->reads;
        else if (c->n > KL__ROLL_CHUNK) c->n = KL__ROLL_CHUNK; /* what is not wanted goes into room */
    roll_clean(c, in, room); /* may shorten the chunk */
    c->frame.n = c->n;
    c->frame.x = c->x[0];
    c->frame.anchor = c->feed[0];
    if (c->windows) roll_count(c, held);
    for (uint32_t group = 0; group < KL__ROLL_GROUPS; group++) roll_group(c, group);
    for (uint32_t i = 0; i * KL__ORDER_ASKS_MAX < c->roll->asks; i++)
        if (c->roll->whole) roll_order_whole(c, i);
        else roll_order(c, i);
    roll_others(c, &before);
    roll_keep(c);
}
static KL__APART void roll_run_whole(roll_chunk *c, const double *const *in) {
    double held[3][KL__ROLL_STRIDE];
    roll_run_chunk_in(c, in, held);
}
static KL__APART void roll_run_chunk(roll_chunk *c, const double *const *in) { roll_run_chunk_in(c, in, NULL); }

/* The one engine may look at values while it works, so that nothing else has to; 0: it cannot, or they are not clean. */
static int roll_run_alone(roll_chunk *c, const double *const *in) {
    kl_roll *roll = c->roll;
    const uint32_t f = roll->single - 1;
    if (!c->out[0] || roll_overlaps(roll, in, c->n, c->out)) return 0;
    if (!kl__tree_try((kl__tree *)kl__roll_part(roll, roll->engine[f]), kl__roll_families[f].tree, in, c->n, c->out)) return 0;
    for (uint32_t i = 0; i < roll->inputs; i++) c->x[i] = in[i];
    roll_keep(c);
    return 1;
}

KL__APART void kl__roll_rows(kl_roll *roll, const int64_t *time, const double *const *in, size_t n, double *const *out) {
    kl__roll_windows windows;
    const double *from[2];
    roll_chunk c = {.roll = roll};
    if (roll->counted) c.windows = &windows, windows.full = 0;
    else roll_fill(windows.rows, n < KL__ROLL_CHUNK ? n : KL__ROLL_CHUNK, (double)roll->spec.rows);
    c.frame.known = c.frame.rows = windows.rows;
    c.frame.ddof = roll->spec.ddof;
    for (uint32_t s = 0; s < roll->spec.n_stats; s++) c.kinds[s] = kl__roll_kind_of(roll->spec.stats[s].what);
    const int alone = roll->direct && roll->spec.n_stats == 1 && c.kinds[0]->sealed && roll->single - 1 < KL__ROLL_FAMILIES;
    size_t hope = KL__ROLL_ALONE; /* so many rows may well be clean */
    for (size_t done = 0; done < n; done += c.n) {
        c.time = roll->timed ? time + done : NULL;
        for (uint32_t i = 0; i < roll->inputs; i++) from[i] = in[i] + done;
        for (uint32_t s = 0; s < roll->spec.n_stats; s++) c.out[s] = out && out[s] ? out[s] + done : NULL;
        c.n = n - done < hope ? n - done : hope;
        hope = hope < KL__ROLL_ALONE ? 2 * hope : hope;
        if (alone && roll_run_alone(&c, from)) continue;
        /* trees like to go on from a multiple of KL__TREE_ROWS */
        const size_t most = (roll->direct ? KL__ROLL_DIRECT : KL__ROLL_CHUNK) - (size_t)((roll->seen - roll->origin) % KL__TREE_ROWS);
        c.n = n - done < most ? n - done : most;
        if (roll->whole) roll_run_whole(&c, from);
        else roll_run_chunk(&c, from);
        if (c.n <= KL__ROLL_CHUNK) hope = KL__ROLL_CHUNK;
    }
}

/* What tiles left behind is made good, so that the next step or peek has not to. */
void kl__roll_settle(kl_roll *roll) {
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++)
        if (roll->trees && (roll->families >> f & 1))
            kl__tree_settle((kl__tree *)kl__roll_part(roll, roll->engine[f]), kl__roll_families[f].tree);
    for (uint32_t i = 0; i * KL__ORDER_ASKS_MAX < roll->asks; i++)
        kl__order_settle((kl__order *)kl__roll_part(roll, roll->order[i]));
}

/* ----------------------------------------------------------------------------------------------- public ways --- */

static int roll_lacks(const double *const *in, uint32_t inputs) {
    for (uint32_t i = 0; i < inputs; i++)
        if (!in || !in[i]) return 1;
    return 0;
}

kl_status kl_roll_run(kl_roll *roll, const kl_time *time, const double *const *in, size_t n, double *const *out, kl_error *error) {
    if (!roll) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the window is missing");
    if (n == 0) return KL_OK;
    if (roll->timed && !time) return kl__fail(error, KL_E_ARG, 2, 0, 0, "a window by time needs times");
    if (roll_lacks(in, roll->inputs)) return kl__fail(error, KL_E_ARG, 3, 0, 0, "an input is missing");
    if (!out) return kl__fail(error, KL_E_ARG, 5, 0, 0, "out is missing");
    KL__TRY(kl__roll_check_times(roll, time, n, error));
    kl__roll_rows(roll, time, in, n, out);
    kl__roll_settle(roll);
    return KL_OK;
}

/* The engines of one row; they leave what they say in the row. */
static void roll_step_engines(kl_roll *roll, const double *feed) {
    for (uint32_t left = roll->families; left; left &= left - 1) {
        const kl__roll_family *family = &kl__roll_families[kl__trailing_zeros_u64(left)];
        kl__tree *t = (kl__tree *)kl__roll_part(roll, roll->engine[family - kl__roll_families]);
        if (KL__UNLIKELY(t->stale)) kl__tree_settle(t, family->tree);
        double *raw = kl__tree_raw(t, 0) + (t->count & (kl__tree_capacity(t) - 1));
        raw[0] = feed[0];
        if (t->series > 1) raw[kl__tree_capacity(t)] = feed[1];
        family->tree->step(t, feed, roll->row.slot + family->slots[0]); /* the other slots follow it */
        t->count++;
    }
}

KL__INLINE double roll_step_stat(kl_roll *roll, const kl__roll_kind *kind) {
    if (kind->one) return kind->one(&roll->row);
    const double value = roll->row.slot[kind->slot];
    return kind->sealed ? value : kl__roll_seal(value);
}

/* One row through one tree: `pair` is a constant, 1 with two inputs. 0 where something is missing, and nothing is done. */
KL__INLINE int roll_step_single(kl_roll *roll, const double *in, double *out, uint32_t pair) {
    const double x[2] = {in[0] + 0.0, in[pair] + 0.0};
    if (KL__UNLIKELY(roll_is_missing(x[0]) | (pair && roll_is_missing(x[1])))) return 0;
    const uint32_t at = roll->at, n_stats = roll->spec.n_stats;
    const kl__roll_family *family = &kl__roll_families[roll->single - 1];
    kl__tree *t = (kl__tree *)kl__roll_part(roll, roll->engine[roll->single - 1]);
    const kl__tree_kind *tree = family->tree;
    if (KL__UNLIKELY(t->stale)) kl__tree_settle(t, tree);
    const size_t capacity = kl__tree_capacity(t);
    double *raw = kl__tree_raw(t, 0) + (t->count & (capacity - 1));
    raw[0] = roll->row.x = roll->row.anchor = kl__roll_raw(roll, 0)[at] = x[0];
    if (pair) raw[capacity] = kl__roll_raw(roll, 1)[at] = x[1];
    roll->at = at + 1 == roll->keep ? 0 : at + 1;
    roll->seen++;
    tree->step(t, x, roll->row.slot + family->slots[0]); /* the other slots follow it */
    t->count++;
    for (uint32_t s = 0; s < n_stats; s++) out[s] = roll_step_stat(roll, &kl__roll_kinds[roll->spec.stats[s].what - 1]);
    return 1;
}

/* One row through trees alone: what kl__roll_rows does, without chunks. */
static void roll_step_trees(kl_roll *roll, const double *in, double *out) {
    const uint32_t pair = roll->inputs - 1, at = roll->at;
    double x[2] = {in[0] + 0.0, in[pair] + 0.0}, feed[2];
    if (KL__UNLIKELY(roll_is_missing(x[0]) | roll_is_missing(x[1]))) roll_clean_row(roll, (double *[]){&x[0], &x[pair]}, 0);
    feed[0] = x[0], feed[1] = x[1];
    for (uint32_t i = 0; i < 2 && roll->delayed; i++) feed[i] = kl__roll_raw(roll, i * pair)[kl__roll_at(roll, 1)];
    roll->row.x = x[0];
    roll->row.anchor = feed[0];
    roll_step_engines(roll, feed);
    for (uint32_t s = 0; s < roll->spec.n_stats; s++) {
        const kl__roll_kind *kind = &kl__roll_kinds[roll->spec.stats[s].what - 1];
        if (kind->one || kind->slot >= 0) {
            out[s] = roll_step_stat(roll, kind);
        } else {
            const uint32_t lag = (uint32_t)roll->spec.stats[s].param;
            out[s] = lag ? kl__roll_raw(roll, 0)[kl__roll_at(roll, lag)] : x[0];
        }
    }
    kl__roll_raw(roll, pair)[at] = x[pair];
    kl__roll_raw(roll, 0)[at] = x[0];
    roll->at = at + 1 == roll->keep ? 0 : at + 1;
    roll->seen++;
}

/* One row through one engine of order statistics; 0 where this row or its window misses something, and nothing is done. */
static int roll_step_order(kl_roll *roll, const double *in, double *out) {
    const double x = in[0] + 0.0;
    kl__roll_place *place = &roll->place;
    if (KL__UNLIKELY(roll_is_missing(x) || roll->known != place->end - place->start)) return 0;
    kl__order_ask asks[KL__ORDER_ASKS_MAX];
    double made[KL__ORDER_ASKS_MAX], *to[KL__ORDER_ASKS_MAX];
    const uint32_t n = roll->spec.n_stats;
    for (uint32_t s = 0; s < n; s++) asks[s] = roll_ask_of(&roll->spec.stats[s]), to[s] = made + s;
    kl__order_run((kl__order *)kl__roll_part(roll, roll->order[0]), &x, NULL, NULL, 1, asks, n, to, NULL);
    const uint64_t all = roll->seen + 1 - roll->origin, rows = (uint64_t)roll->spec.rows;
    place->end = roll->seen + 1;
    roll->known = all < rows ? all : rows;
    place->start = place->end - roll->known;
    place->changed = 0;
    roll->anchor = x;
    const int enough = roll_enough(roll, (double)roll->known, (double)roll->known);
    for (uint32_t s = 0; s < n; s++) out[s] = enough ? kl__roll_seal(made[s]) : kl__roll_nan();
    kl__roll_raw(roll, 0)[roll->at] = x;
    roll->at = roll->at + 1 == roll->keep ? 0 : roll->at + 1;
    roll->seen++;
    return 1;
}

/* Rows through all but a single tree. Not inlined: what it needs of the stack and of registers would burden every step. */
static KL__APART kl_status roll_step_any(kl_roll *roll, kl_time time, const double *in, double *out) {
    if (!roll->counted) {
        roll_step_trees(roll, in, out);
        return KL_OK;
    }
    if (roll->single == KL__ROLL_SINGLE_ORDER && roll_step_order(roll, in, out)) return KL_OK;
    const double *from[2];
    double *to[KL_ROLL_STATS_MAX], made[KL_ROLL_STATS_MAX];
    KL__TRY(kl__roll_check_times(roll, &time, 1, NULL));
    for (uint32_t i = 0; i < roll->inputs; i++) from[i] = in + i;
    for (uint32_t s = 0; s < roll->spec.n_stats; s++) to[s] = made + s;
    kl__roll_rows(roll, &time, from, 1, to);
    memcpy(out, made, roll->spec.n_stats * sizeof *out);
    return KL_OK;
}

kl_status kl_roll_step(kl_roll *roll, kl_time time, const double *in, double *out) {
    if (!roll || !in || !out) return KL_E_ARG;
    if (KL__LIKELY(roll->single - 1 < KL__ROLL_FAMILIES) &&
        KL__LIKELY(roll->inputs == 1 ? roll_step_single(roll, in, out, 0) : roll_step_single(roll, in, out, 1)))
        return KL_OK;
    return roll_step_any(roll, time, in, out);
}

kl_status kl_roll_peek(const kl_roll *roll, void *scratch, size_t bytes, kl_time time, const double *in, double *out) {
    if (!roll || !scratch || !in || !out || (uintptr_t)scratch % 8) return KL_E_ARG;
    if (bytes < roll->bytes) return KL_E_SIZE;
    memcpy(scratch, roll, (size_t)roll->bytes);
    return kl_roll_step((kl_roll *)scratch, time, in, out);
}
