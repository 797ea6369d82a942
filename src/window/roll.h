/* What is inside a roll: engines by family, the last rows as they were after cleaning, and where the window stands.
 *
 * A statistic is made in two steps: families of engines describe the windows of a chunk (slots: mean, squared deviations, ...),
 * a finish loop makes the statistic of slots. Windows by rows in which nothing may be missing go by the trees of tree.h
 * (`trees`), all others by those of count.h, with a length and a number of known values for every row. */
#ifndef KL__ROLL_H
#define KL__ROLL_H
#include "kline/window.h"
#include "window/count.h"
#include "window/order.h"
#include "window/tree.h"
#include "base/endian.h"
#include <math.h>

#define KL__ROLL_CHUNK KL__TREE_TILE
#define KL__ROLL_STRIDE (KL__ROLL_CHUNK + 8) /* not a power of two: neighbours would collide in the cache */
#define KL__ROLL_ALONE 32768 /* rows of a chunk that an engine looks through itself */
#define KL__ROLL_DIRECT 4096 /* rows of a chunk where engines write right into outputs */
#define KL__ROLL_DEFINITION 3 /* of snapshots; one more whenever the bits of a statistic change, or which rows are known */
#define KL__ROLL_SINGLE_ORDER (1 + KL__ROLL_FAMILIES) /* one engine of order statistics over rows */
#define KL__ROLL_ORDERS ((KL_ROLL_STATS_MAX + KL__ORDER_ASKS_MAX - 1) / KL__ORDER_ASKS_MAX)

enum { /* families, in the order in which they run; one group after the other, so that their slots are used again */
    KL__ROLL_F_SUM, KL__ROLL_F_MOMENTS, KL__ROLL_F_MEAN, KL__ROLL_F_LINEAR, KL__ROLL_F_SLOPE, KL__ROLL_F_VWAP,
    KL__ROLL_F_ARGMIN, KL__ROLL_F_MIN, KL__ROLL_F_ARGMAX, KL__ROLL_F_MAX, KL__ROLL_F_SHAPE, KL__ROLL_F_PAIR, KL__ROLL_FAMILIES
};
enum { /* what families say of a window: see tree.h; Y is the first input of a pair, X the second */
    KL__ROLL_S_SUM, KL__ROLL_S_MEAN, KL__ROLL_S_M2, KL__ROLL_S_M, KL__ROLL_S_LINE, KL__ROLL_S_G, KL__ROLL_S_AGE, KL__ROLL_S_Q,
    KL__ROLL_S_ROW_MEAN, KL__ROLL_S_ROW_M2, KL__ROLL_S_ROW_G, KL__ROLL_S_ROW_AGE, KL__ROLL_S_ROW_Q,
    KL__ROLL_S_VWAP, KL__ROLL_S_MIN, KL__ROLL_S_ARGMIN, KL__ROLL_S_MAX, KL__ROLL_S_ARGMAX, KL__ROLL_S_SHAPE, KL__ROLL_S_SHAPE2,
    KL__ROLL_S_M3, KL__ROLL_S_M4, KL__ROLL_S_MEAN_Y, KL__ROLL_S_MEAN_X, KL__ROLL_S_M2_Y, KL__ROLL_S_M2_X, KL__ROLL_S_C, KL__ROLL_SLOTS
};
enum { /* groups */
    KL__ROLL_G_LINEAR, KL__ROLL_G_SLOPE, KL__ROLL_G_VWAP, KL__ROLL_G_EXTREMES, KL__ROLL_G_SHAPE, KL__ROLL_G_PAIR, KL__ROLL_GROUPS,
    KL__ROLL_G_ORDER = KL__ROLL_GROUPS, KL__ROLL_G_NONE /* lag and count need no engine */
};
#define KL__ROLL_GROUP_SLOTS 8 /* most slots of a group */
#define KL__ROLL_GROUP_FEW 5   /* most of one family */

typedef struct kl__roll_family {
    const kl__tree_kind *tree;
    const kl__count_kind *count;
    uint32_t key;    /* slots, as bits, that only this family fills */
    int32_t covers;  /* a family that is not wanted beside this one; -1: none */
    uint32_t group;
    uint32_t picks;  /* 1: what is not wanted is not computed */
    uint32_t stats;
    uint32_t slots[5]; /* one after the other */
} kl__roll_family;
extern const kl__roll_family kl__roll_families[KL__ROLL_FAMILIES];

/* A chunk while statistics are made of it; arrays of n doubles. */
typedef struct kl__roll_frame {
    size_t n;
    const double *x;      /* first input: the current values */
    const double *anchor; /* what M is measured from: the newest known value of the window */
    const double *known, *rows; /* of the window: values, length */
    double *slot[KL__ROLL_SLOTS];
    double ddof;
} kl__roll_frame;

/* A frame of one row, in which a step works. */
typedef struct kl__roll_row {
    double x, anchor, known, rows, ddof;
    double slot[KL__ROLL_SLOTS];
} kl__roll_row;

typedef struct kl__roll_kind {
    kl_roll_info info;
    uint32_t reads;  /* slots, as bits */
    uint32_t group;  /* of the families that fill them */
    int32_t slot;    /* the statistic is this slot; -1: it is made by finish */
    int32_t sealed;  /* 1: the slot is finite or the one NaN, and never -0.0 */
    void (*finish[KL__SIMD_TIERS])(const kl__roll_frame *f, double *out);
    double (*one)(kl__roll_row *row);
} kl__roll_kind;

extern const kl__roll_kind kl__roll_kinds[]; /* by KL_ROLL_x from 1 */
/* The kind of a statistic; NULL where there is none. */
const kl__roll_kind *kl__roll_kind_of(int32_t what);

/* Makes out[0..n-1] what statistics are: finite and never -0.0, or the one NaN. */
extern void (*const kl__roll_seal_all[KL__SIMD_TIERS])(double *out, size_t n);

KL__INLINE double kl__roll_nan(void) { return kl__bits_double(UINT64_C(0x7ff8000000000000)); }
KL__INLINE double kl__roll_seal(double y) {
    double z = y + 0.0;
    return fabs(y) <= DBL_MAX ? z : kl__roll_nan();
}
/* The same for loops: integers alone, which every instruction set makes vectors of. */
KL__INLINE double kl__roll_seal_lane(double y) {
    const uint64_t exponent = UINT64_C(0x7ff0000000000000), nan = UINT64_C(0x7ff8000000000000);
    const uint64_t lost = 0 - (((kl__double_bits(y) & exponent) + (UINT64_C(1) << 52)) >> 63);
    return kl__bits_double((kl__double_bits(y + 0.0) & ~lost) | (nan & lost));
}

/* Mean age and squared deviations of ages in a window of n known rows. */
KL__INLINE double kl__roll_age(double n) { return (n - 1.0) * 0.5; }
KL__INLINE double kl__roll_ages2(double n) { return n * (n * n - 1.0) / 12.0; }

/* Where the window of a row stands: rows start .. end - 1, counted from the first row that was ever taken. */
typedef struct kl__roll_place {
    uint64_t start, end;
    uint64_t period_start;    /* first row of the period of the row */
    uint64_t last_start;      /* first row of the period before it; its end is period_start */
    int64_t last_time;
    int64_t period_next;      /* when the period is over */
    uint32_t begun, changed;  /* a period has begun; with this row */
} kl__roll_place;

/* The windows of a chunk. */
typedef struct kl__roll_windows {
    uint32_t length[KL__ROLL_CHUNK];
    uint8_t changed[KL__ROLL_CHUNK]; /* 1: the first row of a period */
    double rows[KL__ROLL_STRIDE], known[KL__ROLL_STRIDE];
    double anchor[KL__ROLL_STRIDE]; /* the newest known value */
    size_t full; /* so many of the first windows are as long as windows get, and know all: their anchors are what engines take */
} kl__roll_windows;

/* What is held from one period through the next, by number: slots, these, statistics. */
enum {
    KL__ROLL_H_KNOWN = KL__ROLL_SLOTS, KL__ROLL_H_ROWS, KL__ROLL_H_ANCHOR, KL__ROLL_H_STATS,
    KL__ROLL_HELD = KL__ROLL_H_STATS + KL_ROLL_STATS_MAX
};

struct kl_roll {
    uint64_t bytes;
    kl_roll_spec spec;
    uint64_t seen, missing, infinite;
    uint64_t origin;   /* the first row that engines took: 0 but where a roll begins with the rows that matter */
    uint32_t inputs;
    uint32_t families; /* that run, as bits */
    uint32_t trees;    /* 1: by tree.h */
    uint32_t counted;  /* 1: lengths and numbers of known values are kept by row */
    uint32_t timed;    /* 1: rows have times */
    uint32_t delayed;  /* 1: engines are one row behind: KL_ROLL_BEFORE */
    uint32_t keep;     /* rows that are kept */
    uint32_t at;       /* where the next row goes */
    uint32_t asks;     /* order statistics that order.h computes */
    uint32_t whole;    /* 1: KL_ROLL_WHOLE */
    uint32_t direct;   /* 1: engines write right into outputs: every statistic is a slot */
    uint32_t single;   /* 1 + the family, where one tree makes all there is to make, or KL__ROLL_SINGLE_ORDER: short steps; 0: else */
    uint64_t engine[KL__ROLL_FAMILIES], order[KL__ROLL_ORDERS]; /* offsets in bytes from the head on */
    uint64_t raw[2], times;
    kl__roll_row row; /* of the last step; nothing depends on it */
    /* counted: */
    kl__roll_place place;
    uint64_t known;
    double anchor;
    double last[KL__ROLL_HELD], held[KL__ROLL_HELD]; /* whole: of the row before; of the period before */
};

/* 1 for order statistics that order.h computes; ranks in a period that is over are counted among the kept rows. */
KL__INLINE int kl__roll_ordered(const kl_roll *roll, int32_t what) {
    return what == KL_ROLL_MEDIAN || what == KL_ROLL_QUANTILE || (!roll->whole && (what == KL_ROLL_RANK || what == KL_ROLL_PRANK));
}

KL__INLINE void *kl__roll_part(const kl_roll *roll, uint64_t offset) {
    return (void *)((uintptr_t)roll + (uintptr_t)offset);
}
KL__INLINE double *kl__roll_raw(const kl_roll *roll, uint32_t input) { return (double *)kl__roll_part(roll, roll->raw[input]); }
KL__INLINE int64_t *kl__roll_times(const kl_roll *roll) { return (int64_t *)kl__roll_part(roll, roll->times); }
/* Where a kept row lies: `age` 1 is the newest, at most `keep`. */
KL__INLINE size_t kl__roll_at(const kl_roll *roll, uint64_t age) {
    return roll->at >= age ? (size_t)(roll->at - age) : (size_t)(roll->at + roll->keep - age);
}

/* Checks a spec, and fills a head (all but what init does). */
kl_status kl__roll_plan(const kl_roll_spec *spec, kl_roll *head, kl_error *error);
/* Forgets all rows; the next one is number `origin`. */
void kl__roll_reset(kl_roll *roll, uint64_t origin);
/* Checks that `n` rows can be taken; always so without times. */
kl_status kl__roll_check_times(const kl_roll *roll, const int64_t *time, size_t n, kl_error *error);
/* The same of times as a snapshot holds them. */
kl_status kl__roll_check_image(const kl_roll *roll, const uint8_t *times, size_t n);
/* Moves on by a chunk. x and feed: the first input, clean, and as engines take it; holes: 1 where something may be missing. */
void kl__roll_count(kl_roll *roll, const int64_t *time, const double *x, const double *feed, int holes, size_t n, kl__roll_windows *to);
/* kl_roll_run without checks. */
void kl__roll_settle(kl_roll *roll);
void kl__roll_rows(kl_roll *roll, const int64_t *time, const double *const *in, size_t n, double *const *out);

#endif
