/* Rows through a roll: cleaning once, the engines, the statistics. */
#include "base/fp.h"
#include "window/roll.h"
#include <string.h>

#define ROLL_ABS UINT64_C(0x7fffffffffffffff)
#define ROLL_MISSING (UINT64_C(25) << 52) /* added to the bits without sign, reaches the top bit from 2^1000 on, and for NaN */

/* A chunk on its way: what came in, clean, and where the engines' slots are. */
typedef struct roll_chunk {
    kl_roll *roll;
    size_t n;
    const double *x[2];    /* clean inputs */
    const double *feed[2]; /* what engines take: x, or one row behind */
    kl__roll_frame frame;
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

KL__INLINE void roll_scan_body(const double *x, size_t n, uint64_t *unclean) {
    uint64_t seen[8] = {0};
    size_t j = 0;
    for (; j + 8 <= n; j += 8)
        for (size_t lane = 0; lane < 8; lane++) seen[lane] |= roll_flags(x[j + lane]);
    for (; j < n; j++) seen[0] |= roll_flags(x[j]);
    for (size_t lane = 1; lane < 8; lane++) seen[0] |= seen[lane];
    *unclean |= seen[0] >> 63;
}
KL__SIMD_EACH(roll_scan, (const double *x, size_t n, uint64_t *unclean), (x, n, unclean))
static void (*const roll_scan_all[KL__SIMD_TIERS])(const double *x, size_t n, uint64_t *unclean) = KL__SIMD_TABLE(roll_scan);

KL__INLINE int roll_is_missing(double x) { return (int)(((kl__double_bits(x) & ROLL_ABS) + ROLL_MISSING) >> 63); }

/* Makes x[0..inputs-1][j] clean; counts what is missing. */
KL__INLINE void roll_clean_row(kl_roll *roll, double *const *x, size_t j) {
    uint64_t missing = 0, infinite = 0;
    for (uint32_t i = 0; i < roll->inputs; i++) {
        double value = x[i][j] + 0.0;
        missing |= (uint64_t)roll_is_missing(value);
        infinite |= (uint64_t)(roll_is_missing(value) && value == value);
        x[i][j] = value;
    }
    for (uint32_t i = 0; missing && i < roll->inputs; i++) x[i][j] = kl__roll_nan();
    roll->missing += missing;
    roll->infinite += infinite;
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
    uint64_t unclean = roll->delayed | (uint32_t)roll_overlaps(roll, in, c->n, c->out);
    for (uint32_t i = 0; i < roll->inputs; i++) {
        c->x[i] = c->feed[i] = in[i];
        roll_scan_all[kl__simd_tier()](in[i], c->n, &unclean);
    }
    if (!unclean) return;
    double *copy[2] = {room[0] + 1, room[1] + 1};
    for (uint32_t i = 0; i < roll->inputs; i++) {
        room[i][0] = kl__roll_raw(roll, i)[kl__roll_at(roll, 1)];
        memcpy(copy[i], in[i], c->n * sizeof(double));
        c->x[i] = copy[i];
        c->feed[i] = copy[i] - roll->delayed;
    }
    for (size_t j = 0; j < c->n; j++) roll_clean_row(roll, copy, j);
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

static void roll_engine(roll_chunk *c, uint32_t f, double (*room)[KL__ROLL_STRIDE]) {
    const kl__roll_family *family = &kl__roll_families[f];
    const double w = (double)c->roll->spec.rows;
    double *stat[KL__TREE_STATS_MAX];
    for (uint32_t s = 0; s < family->stats; s++) {
        stat[s] = c->frame.slot[family->slots[s]] = roll_slot(c, family->slots[s], room[s]);
        if (family->picks && !(c->reads >> family->slots[s] & 1)) stat[s] = NULL;
    }
    kl__tree_run((kl__tree *)kl__roll_part(c->roll, c->roll->engine[f]), family->tree, c->feed, c->n, stat);
    if (f == KL__ROLL_F_LINEAR) {
        roll_fill(stat[2], c->n, (w - 1.0) * 0.5);
        roll_fill(stat[3], c->n, w * (w * w - 1.0) / 12.0);
    }
}

static void roll_lag(const roll_chunk *c, size_t lag, double *out) {
    const kl_roll *roll = c->roll;
    size_t old = lag < c->n ? lag : c->n;
    for (size_t j = 0; j < old; j++) out[j] = kl__roll_raw(roll, 0)[kl__roll_at(roll, lag - j)];
    memcpy(out + old, c->x[0], (c->n - old) * sizeof(double));
}

static void roll_finish(const roll_chunk *c, uint32_t s) {
    const kl__roll_kind *kind = c->kinds[s];
    double *out = c->out[s];
    if (kind->finish[0]) {
        kind->finish[kl__simd_tier()](&c->frame, out);
    } else if (kind->slot >= 0) {
        if (c->frame.slot[kind->slot] != out) memcpy(out, c->frame.slot[kind->slot], c->n * sizeof(double));
        if (!kind->sealed) kl__roll_seal_all[kl__simd_tier()](out, c->n);
    } else {
        roll_lag(c, (size_t)c->roll->spec.stats[s].param, out);
    }
}

/* The engines of a group, then the statistics made of what they say. */
static void roll_group(roll_chunk *c, uint32_t group) {
    double room[KL__ROLL_GROUP_SLOTS][KL__ROLL_STRIDE];
    uint32_t used = 0;
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++) {
        if (!(c->roll->families >> f & 1) || kl__roll_families[f].group != group) continue;
        roll_engine(c, f, room + used);
        used += kl__roll_families[f].stats;
    }
    for (uint32_t s = 0; s < c->roll->spec.n_stats; s++)
        if (c->out[s] && c->kinds[s]->group == group) roll_finish(c, s);
}

static void roll_run_chunk(roll_chunk *c, const double *const *in) {
    double room[2][KL__ROLL_STRIDE];
    roll_clean(c, in, room);
    c->frame.n = c->n;
    c->frame.x = c->x[0];
    c->frame.anchor = c->feed[0];
    c->reads = 0;
    for (uint32_t s = 0; s < c->roll->spec.n_stats; s++)
        if (c->out[s]) c->reads |= c->kinds[s]->reads;
    for (uint32_t group = 0; group < KL__ROLL_GROUPS; group++) roll_group(c, group);
    roll_keep(c);
}

void kl__roll_rows(kl_roll *roll, const int64_t *time, const double *const *in, size_t n, double *const *out) {
    double length[KL__ROLL_CHUNK];
    const double *from[2];
    roll_chunk c = {.roll = roll};
    (void)time;
    roll_fill(length, n < KL__ROLL_CHUNK ? n : KL__ROLL_CHUNK, (double)roll->spec.rows);
    c.frame.known = c.frame.rows = length;
    c.frame.ddof = roll->spec.ddof;
    for (uint32_t s = 0; s < roll->spec.n_stats; s++) c.kinds[s] = kl__roll_kind_of(roll->spec.stats[s].what);
    for (size_t done = 0; done < n; done += c.n) {
        c.n = n - done < KL__ROLL_CHUNK ? n - done : KL__ROLL_CHUNK;
        for (uint32_t i = 0; i < roll->inputs; i++) from[i] = in[i] + done;
        for (uint32_t s = 0; s < roll->spec.n_stats; s++) c.out[s] = out && out[s] ? out[s] + done : NULL;
        roll_run_chunk(&c, from);
    }
}

/* What tiles left behind is made good, so that the next step or peek has not to. */
void kl__roll_settle(kl_roll *roll) {
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++)
        if (roll->trees && (roll->families >> f & 1))
            kl__tree_settle((kl__tree *)kl__roll_part(roll, roll->engine[f]), kl__roll_families[f].tree);
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
    kl__roll_rows(roll, time, in, n, out);
    kl__roll_settle(roll);
    return KL_OK;
}

kl_status kl_roll_step(kl_roll *roll, kl_time time, const double *in, double *out) {
    if (!roll || !in || !out) return KL_E_ARG;
    const double *from[2];
    double *to[KL_ROLL_STATS_MAX], made[KL_ROLL_STATS_MAX];
    for (uint32_t i = 0; i < roll->inputs; i++) from[i] = in + i;
    for (uint32_t s = 0; s < roll->spec.n_stats; s++) to[s] = made + s;
    kl__roll_rows(roll, &time, from, 1, to);
    memcpy(out, made, roll->spec.n_stats * sizeof *out);
    return KL_OK;
}

kl_status kl_roll_peek(const kl_roll *roll, void *scratch, size_t bytes, kl_time time, const double *in, double *out) {
    if (!roll || !scratch || !in || !out || (uintptr_t)scratch % 8) return KL_E_ARG;
    if (bytes < roll->bytes) return KL_E_SIZE;
    memcpy(scratch, roll, (size_t)roll->bytes);
    return kl_roll_step((kl_roll *)scratch, time, in, out);
}
