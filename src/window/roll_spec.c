/* What a roll is told to be: checks, sizes, and an empty one. */
#include "base/fp.h"
#include "window/roll.h"
#include "base/bits.h"
#include "base/size.h"
#include <string.h>

enum { /* fields of kl_roll_spec, as error->arg counts them */
    ROLL_ARG_SIZE = 1, ROLL_ARG_FLAGS, ROLL_ARG_ROWS, ROLL_ARG_SPAN, ROLL_ARG_PERIOD, ROLL_ARG_MIN_COUNT, ROLL_ARG_DDOF,
    ROLL_ARG_N_STATS, ROLL_ARG_STATS
};

kl_status kl_roll_spec_init(kl_roll_spec *spec, int32_t what, int64_t rows) {
    if (!spec) return KL_E_ARG;
    memset(spec, 0, sizeof *spec);
    spec->struct_size = (uint32_t)sizeof *spec;
    spec->rows = rows;
    spec->ddof = 1;
    spec->n_stats = 1;
    spec->stats[0].what = what;
    return KL_OK;
}

static kl_status roll_check_stat(const kl_roll_spec *spec, uint32_t s, kl_error *error) {
    const kl_roll_stat *stat = &spec->stats[s];
    const kl__roll_kind *kind = kl__roll_kind_of(stat->what);
    if (!kind) return kl__fail(error, KL_E_ARG, ROLL_ARG_STATS, 0, s + 1, "statistic %u is of no known kind", (unsigned)s + 1);
    int32_t rules = stat->what == KL_ROLL_QUANTILE ? KL_QUANTILE_MIDPOINT : KL_RANK_BELOW;
    if (kind->info.uses_rule && (stat->rule < 0 || stat->rule > rules))
        return kl__fail(error, KL_E_ARG, ROLL_ARG_STATS, 0, s + 1, "the rule of statistic %u, %s, is none", (unsigned)s + 1,
                        kind->info.name);
    if (!kind->info.uses_param) return KL_OK;
    double most = stat->what == KL_ROLL_LAG ? KL_ROLL_ROWS_MAX : 1.0;
    if (!(stat->param >= 0.0 && stat->param <= most))
        return kl__fail(error, KL_E_ARG, ROLL_ARG_STATS, 0, s + 1, "the parameter of statistic %u, %s, is out of range", (unsigned)s + 1,
                        kind->info.name);
    if (stat->what == KL_ROLL_LAG && stat->param != floor(stat->param))
        return kl__fail(error, KL_E_ARG, ROLL_ARG_STATS, 0, s + 1, "the lag of statistic %u is no whole number", (unsigned)s + 1);
    return KL_OK;
}

static kl_status roll_check_window(const kl_roll_spec *spec, kl_error *error) {
    kl_time open;
    if (spec->struct_size != sizeof *spec)
        return kl__fail(error, KL_E_ARG, ROLL_ARG_SIZE, 0, 0, "the spec's struct_size is wrong, see kl_roll_spec_init");
    if (spec->flags & ~(uint32_t)(KL_ROLL_BEFORE | KL_ROLL_WHOLE))
        return kl__fail(error, KL_E_ARG, ROLL_ARG_FLAGS, 0, 0, "flags has bits that mean nothing");
    if ((spec->flags & KL_ROLL_WHOLE) && !spec->period.unit)
        return kl__fail(error, KL_E_ARG, ROLL_ARG_FLAGS, 0, 0, "KL_ROLL_WHOLE needs a period");
    if (spec->rows < 1 || spec->rows > KL_ROLL_ROWS_MAX)
        return kl__fail(error, KL_E_ARG, ROLL_ARG_ROWS, 0, 0, "rows must be 1 to %d", KL_ROLL_ROWS_MAX);
    if (spec->span_us < 0) return kl__fail(error, KL_E_ARG, ROLL_ARG_SPAN, 0, 0, "span_us must not be negative");
    if (spec->period.unit && spec->span_us)
        return kl__fail(error, KL_E_ARG, ROLL_ARG_PERIOD, 0, 0, "a window has a span or a period, not both");
    if (spec->period.unit) {
        kl_status status = kl_interval_floor(&spec->period, 0, &open);
        if (status < 0) return kl__fail(error, status, ROLL_ARG_PERIOD, 0, 0, "the period is no interval, or lacks its anchor");
    }
    if (spec->min_count < 0 || spec->min_count > spec->rows)
        return kl__fail(error, KL_E_ARG, ROLL_ARG_MIN_COUNT, 0, 0, "min_count must be 0 to rows");
    if (spec->ddof != 0 && spec->ddof != 1) return kl__fail(error, KL_E_ARG, ROLL_ARG_DDOF, 0, 0, "ddof must be 0 or 1");
    if (spec->n_stats < 1 || spec->n_stats > KL_ROLL_STATS_MAX)
        return kl__fail(error, KL_E_ARG, ROLL_ARG_N_STATS, 0, 0, "n_stats must be 1 to %d", KL_ROLL_STATS_MAX);
    return KL_OK;
}

/* Reads the statistics into the head: inputs, families, how long rows are kept. */
static void roll_plan_stats(kl_roll *head) {
    const kl_roll_spec *spec = &head->spec;
    uint64_t keep = (uint64_t)spec->rows * (head->whole ? 2 : 1) + head->delayed; /* the row that left last, too */
    uint32_t reads = 0;
    head->inputs = 1;
    for (uint32_t s = 0; s < spec->n_stats; s++) {
        const kl__roll_kind *kind = kl__roll_kind_of(spec->stats[s].what);
        if (!kind->info.uses_rule) head->spec.stats[s].rule = 0;
        head->spec.stats[s].param = kind->info.uses_param ? spec->stats[s].param + 0.0 : 0.0;
        reads |= kind->reads;
        if (kl__roll_ordered(head, spec->stats[s].what)) head->asks++;
        if (kind->group == KL__ROLL_G_ORDER || spec->stats[s].what == KL_ROLL_COUNT) head->counted = 1;
        if (kind->info.inputs > head->inputs) head->inputs = kind->info.inputs;
        if (spec->stats[s].what == KL_ROLL_LAG && spec->stats[s].param > (double)keep) keep = (uint64_t)spec->stats[s].param;
    }
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++)
        if (reads & kl__roll_families[f].key) head->families |= UINT32_C(1) << f;
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++)
        if ((head->families >> f & 1) && kl__roll_families[f].covers >= 0)
            head->families &= ~(UINT32_C(1) << kl__roll_families[f].covers);
    head->keep = (uint32_t)keep;
}

/* Slots go right into outputs where each is one statistic, and no slot is left over. */
static void roll_plan_direct(kl_roll *head) {
    uint32_t slots = 0;
    head->direct = !head->counted;
    for (uint32_t s = 0; s < head->spec.n_stats; s++) {
        const kl__roll_kind *kind = kl__roll_kind_of(head->spec.stats[s].what);
        if (kind->slot < 0 && kind->info.what != KL_ROLL_LAG) head->direct = 0;
        if (kind->slot >= 0) slots |= UINT32_C(1) << kind->slot;
    }
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++)
        for (uint32_t s = 0; (head->families >> f & 1) && s < kl__roll_families[f].stats; s++)
            if (!(slots >> kl__roll_families[f].slots[s] & 1)) head->direct = 0;
}

/* Gives the next `bytes` of the object, or fails. */
static int roll_place(kl_roll *head, size_t bytes, uint64_t *offset) {
    size_t end;
    *offset = head->bytes;
    if (head->bytes > SIZE_MAX || kl__size_add((size_t)head->bytes, kl__round_up(bytes, 8), &end)) return 1;
    head->bytes = end;
    return 0;
}

static int roll_plan_memory(kl_roll *head) {
    int wraps = 0;
    head->bytes = kl__round_up(sizeof *head, 8);
    for (uint32_t i = 0; i < head->inputs; i++) wraps |= roll_place(head, sizeof(double) * (size_t)head->keep, &head->raw[i]);
    if (head->timed) wraps |= roll_place(head, sizeof(int64_t) * (size_t)head->keep, &head->times);
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++) {
        const kl__roll_family *family = &kl__roll_families[f];
        if (!(head->families >> f & 1)) continue;
        wraps |= roll_place(head, head->trees ? kl__tree_size(family->tree, (size_t)head->spec.rows)
                                              : kl__count_size(family->count, (size_t)head->spec.rows), &head->engine[f]);
    }
    for (uint32_t i = 0; i * KL__ORDER_ASKS_MAX < head->asks; i++)
        wraps |= roll_place(head, kl__order_size((size_t)head->spec.rows), &head->order[i]);
    return wraps;
}

/* Whether steps have one engine to go through, and nothing beside it. */
static void roll_plan_single(kl_roll *head) {
    uint32_t ordered = 0;
    for (uint32_t s = 0; s < head->spec.n_stats; s++) {
        if (head->spec.stats[s].what == KL_ROLL_LAG) return;
        ordered += (uint32_t)kl__roll_ordered(head, head->spec.stats[s].what);
    }
    if (head->timed || head->delayed) return;
    if (!head->counted && !(head->families & (head->families - 1))) head->single = 1 + kl__trailing_zeros_u64(head->families);
    if (ordered == head->spec.n_stats && ordered <= KL__ORDER_ASKS_MAX) head->single = KL__ROLL_SINGLE_ORDER;
}

kl_status kl__roll_plan(const kl_roll_spec *spec, kl_roll *head, kl_error *error) {
    if (!spec) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the spec is missing");
    KL__TRY(roll_check_window(spec, error));
    for (uint32_t s = 0; s < spec->n_stats; s++) KL__TRY(roll_check_stat(spec, s, error));
    memset(head, 0, sizeof *head);
    head->spec = *spec;
    memset(head->spec.stats + spec->n_stats, 0, (KL_ROLL_STATS_MAX - spec->n_stats) * sizeof *spec->stats);
    head->timed = spec->span_us || spec->period.unit;
    head->trees = !head->timed && spec->min_count == 0;
    head->counted = !head->trees;
    head->whole = (spec->flags & KL_ROLL_WHOLE) != 0;
    head->delayed = (spec->flags & KL_ROLL_BEFORE) && !head->whole;
    roll_plan_stats(head);
    roll_plan_direct(head);
    roll_plan_single(head);
    if (roll_plan_memory(head)) return kl__fail(error, KL_E_ARG, ROLL_ARG_ROWS, 0, 0, "the window does not fit the address space");
    return KL_OK;
}

uint32_t kl_roll_inputs(const kl_roll_spec *spec) {
    kl_roll head;
    return kl__roll_plan(spec, &head, NULL) < 0 ? 0 : head.inputs;
}

kl_status kl_roll_size(const kl_roll_spec *spec, size_t *bytes, kl_error *error) {
    kl_roll head;
    if (!bytes) return kl__fail(error, KL_E_ARG, 2, 0, 0, "bytes is missing");
    KL__TRY(kl__roll_plan(spec, &head, error));
    *bytes = (size_t)head.bytes;
    return KL_OK;
}

/* Slots that no statistic reads are not kept up to date. */
static void roll_init_tree(const kl_roll *roll, uint32_t f, kl__tree *t) {
    const kl__roll_family *family = &kl__roll_families[f];
    uint32_t reads = 0;
    for (uint32_t s = 0; s < roll->spec.n_stats; s++) reads |= kl__roll_kind_of(roll->spec.stats[s].what)->reads;
    kl__tree_init(t, family->tree, (size_t)roll->spec.rows);
    for (uint32_t s = 0; family->picks && s < family->tree->optional; s++)
        if (!(reads >> family->slots[s] & 1)) t->spare |= UINT32_C(1) << s;
}

void kl__roll_reset(kl_roll *roll, uint64_t origin) {
    roll->seen = roll->origin = origin;
    roll->missing = roll->infinite = 0;
    roll->at = 0;
    memset(&roll->place, 0, sizeof roll->place);
    roll->place.start = roll->place.end = origin;
    roll->known = 0;
    const double w = (double)roll->spec.rows;
    memset(&roll->row, 0, sizeof roll->row);
    roll->row.known = roll->row.rows = w, roll->row.ddof = roll->spec.ddof;
    roll->row.slot[KL__ROLL_S_AGE] = roll->row.slot[KL__ROLL_S_ROW_AGE] = kl__roll_age(w);
    roll->row.slot[KL__ROLL_S_Q] = roll->row.slot[KL__ROLL_S_ROW_Q] = kl__roll_ages2(w);
    roll->anchor = kl__roll_nan();
    for (uint32_t i = 0; i < KL__ROLL_HELD; i++) roll->last[i] = roll->held[i] = kl__roll_nan();
    for (uint32_t i = 0; i < roll->inputs; i++)
        for (uint32_t j = 0; j < roll->keep; j++) kl__roll_raw(roll, i)[j] = kl__roll_nan();
    if (roll->timed) memset(kl__roll_times(roll), 0, sizeof(int64_t) * (size_t)roll->keep);
    for (uint32_t f = 0; f < KL__ROLL_FAMILIES; f++) {
        if (!(roll->families >> f & 1)) continue;
        void *engine = kl__roll_part(roll, roll->engine[f]);
        if (roll->trees) roll_init_tree(roll, f, (kl__tree *)engine);
        else kl__count_init((kl__count *)engine, kl__roll_families[f].count, (size_t)roll->spec.rows);
    }
    for (uint32_t i = 0; i * KL__ORDER_ASKS_MAX < roll->asks; i++)
        kl__order_init((kl__order *)kl__roll_part(roll, roll->order[i]), (size_t)roll->spec.rows);
}

kl_status kl_roll_init(void *memory, size_t bytes, const kl_roll_spec *spec, kl_roll **roll, kl_error *error) {
    kl_roll head;
    if (!memory || !roll) return kl__fail(error, KL_E_ARG, memory ? 4 : 1, 0, 0, "an argument is missing");
    if ((uintptr_t)memory % 8) return kl__fail(error, KL_E_ARG, 1, 0, 0, "memory must be aligned to 8 bytes");
    KL__TRY(kl__roll_plan(spec, &head, error));
    if (bytes < head.bytes) return kl__fail(error, KL_E_SIZE, 2, 0, 0, "the memory handed in is too small, see kl_roll_size");
    kl_roll *made = (kl_roll *)memory;
    *made = head;
    kl__roll_reset(made, 0);
    *roll = made;
    return KL_OK;
}

uint64_t kl_roll_missing(const kl_roll *roll, uint64_t *infinite) {
    if (infinite) *infinite = roll ? roll->infinite : 0;
    return roll ? roll->missing : 0;
}
