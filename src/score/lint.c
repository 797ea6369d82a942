/* What a strategy can never do. Scores are sums of subsets of weights: each that can be reached is listed, so thresholds, edges and bands
 * are judged exactly; metrics are taken as independent of each other. */
#include "score/strategy.h"
#include "base/size.h"
#include "indicator/plan.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINT_SUMS (1u << 20)

/* Sums that can be reached, rising, each once. `n` 0: too many. */
typedef struct lint_sums {
    int64_t *value, *spare;
    size_t n, room;
    int64_t min, max;
} lint_sums;

typedef struct lint_job {
    const kl_strategy *s;
    const kl_alloc *alloc;
    kl_lint *findings;
    size_t capacity, n;
    lint_sums sums[2]; /* buy and sell; of single scores the score, and {0} */
} lint_job;

static const int32_t lint_levels[] = {0,
#define KL__LINT_LEVEL(NAME, value, name, level, text) [value] = (level),
    KL_LINT_LIST(KL__LINT_LEVEL)
#undef KL__LINT_LEVEL
};

static const char *const lint_sides[2] = {"buy", "sell"};

/* A place for one more finding; the last one is written over where there is no room. */
static kl_lint *lint_add(lint_job *job, int32_t kind, int32_t side, int32_t metric) {
    static const kl_lint none;
    job->n++;
    if (job->n > job->capacity) return NULL;
    kl_lint *finding = &job->findings[job->n - 1];
    *finding = none;
    finding->kind = kind;
    finding->level = lint_levels[kind];
    finding->side = side;
    finding->metric = metric;
    return finding;
}

/* Micro-units as people write them. */
typedef struct lint_text {
    char text[KL_DECIMAL_TEXT_MAX];
} lint_text;

static lint_text lint_micro(int64_t value) {
    lint_text t;
    const kl_i128 wide = {(uint64_t)value, value < 0 ? -1 : 0};
    size_t n = kl_decimal_print(&wide, 6, t.text);
    while (n > 1 && t.text[n - 1] == '0') n--;
    n -= n > 0 && t.text[n - 1] == '.';
    t.text[n] = 0;
    return t;
}

/* A finding in words; what does not fit is cut. */
KL__PRINTF(5, 6) static void lint_say(lint_job *job, int32_t kind, int32_t side, int32_t metric, const char *format, ...) {
    kl_lint *finding = lint_add(job, kind, side, metric);
    va_list arguments;
    va_start(arguments, format);
    if (finding) vsnprintf(finding->message, sizeof finding->message, format, arguments);
    va_end(arguments);
}

/* ---------------------------------------------------------------------------------------------------------- sums --- */

static void lint_sums_add(lint_sums *sums, int64_t weight) {
    size_t a = 0, b = 0, n = 0;
    if (weight < 0) sums->min += weight;
    else sums->max += weight;
    if (sums->n == 0 || weight == 0) return;
    while (a < sums->n || b < sums->n) {
        const int64_t plain = a < sums->n ? sums->value[a] : INT64_MAX, with = b < sums->n ? sums->value[b] + weight : INT64_MAX;
        const int64_t least = plain < with ? plain : with;
        a += plain == least, b += with == least;
        if (n == sums->room) {
            sums->n = 0;
            return;
        }
        sums->spare[n++] = least;
    }
    int64_t *old = sums->value;
    sums->value = sums->spare, sums->spare = old, sums->n = n;
}

static kl_status lint_sums_make(lint_job *job, lint_sums *sums, int use_buy, int use_sell, int64_t sell_sign) {
    size_t count = 0;
    for (uint32_t i = 0; i < job->s->n_active; i++)
        count += (job->s->active[i].side == KL_SIDE_BUY && use_buy) || (job->s->active[i].side == KL_SIDE_SELL && use_sell);
    sums->room = count < 20 ? (size_t)1 << count : LINT_SUMS;
    sums->value = job->alloc->take(job->alloc->ctx, 2 * sums->room * sizeof *sums->value);
    if (!sums->value) return KL_E_MEMORY;
    sums->spare = sums->value + sums->room;
    sums->value[0] = 0, sums->n = 1;
    for (uint32_t i = 0; i < job->s->n_active; i++) {
        const kl__active *a = &job->s->active[i];
        if (a->side == KL_SIDE_BUY && use_buy) lint_sums_add(sums, a->weight_u);
        if (a->side == KL_SIDE_SELL && use_sell) lint_sums_add(sums, a->weight_u * sell_sign);
    }
    return KL_OK;
}

static void lint_sums_free(lint_job *job, lint_sums *sums) {
    if (sums->value) job->alloc->give(job->alloc->ctx, sums->value < sums->spare ? sums->value : sums->spare, 2 * sums->room * sizeof *sums->value);
}

/* 1 where a sum lies in [low, high]. */
static int lint_sums_has(const lint_sums *sums, int64_t low, int64_t high) {
    size_t a = 0, b = sums->n;
    while (a < b) {
        const size_t mid = a + (b - a) / 2;
        if (sums->value[mid] < low) a = mid + 1;
        else b = mid;
    }
    return a < sums->n && sums->value[a] <= high;
}

/* ------------------------------------------------------------------------------------------------- what can be traded --- */

/* How many scores of a side pass all rules, and which, for weak and strong edges. */
typedef struct lint_pass {
    size_t acts, edges[2], passes; /* scores with the action; of those with a weak, strong edge above the minimum; of those within the band */
    int64_t last;                  /* one that passes */
} lint_pass;

static int lint_in_band(const kl_strategy *s, int side, int strong, int64_t score) {
    kl__decider d = s->decider;
    kl_decision row;
    memset(&row, 0, sizeof row);
    /* the side's score alone, with an edge of the strength that is asked for */
    d.rules.min_edge_u[side] = 0, d.rules.strong_edge_u[side] = strong ? 1 : 0, d.rules.conflict = KL_CONFLICT_NEVER, d.rules.order = KL_DECIDE_LABELLED;
    if (d.rules.mode == KL_SCORE_TWO_SIDED) kl__decide(&d, side ? 0 : score, side ? score : 0, 0, 0, &row);
    else kl__decide(&d, score, 0, 0, 0, &row);
    return row.reason == KL_REASON_NONE;
}

/* Whether an edge of [low, high] exists for a score of a side. */
static int lint_edge(const lint_job *job, int side, int64_t score, int64_t low, int64_t high) {
    if (low < 1) low = 1; /* equal scores are no action */
    if (high < low) return 0;
    return lint_sums_has(&job->sums[!side], score - high, score - low);
}

static lint_pass lint_passes(const lint_job *job, int side) {
    const kl_decision_rules *r = &job->s->spec.rules;
    const lint_sums *sums = &job->sums[r->mode == KL_SCORE_TWO_SIDED ? side : 0];
    const int64_t strong_edge = r->strong_edge_u[side] > 0 ? r->strong_edge_u[side] : INT64_MAX / 4, min_edge = r->min_edge_u[side];
    lint_pass p = {0, {0, 0}, 0, 0};
    for (size_t i = 0; i < sums->n; i++) {
        const int64_t v = sums->value[i];
        int edge[2], pass = 0;
        if (r->mode == KL_SCORE_TWO_SIDED) {
            if (v < r->threshold_u[side]) continue;
            edge[0] = lint_edge(job, side, v, min_edge, strong_edge - 1);
            edge[1] = lint_edge(job, side, v, min_edge > strong_edge ? min_edge : strong_edge, INT64_MAX / 4);
            p.acts += lint_edge(job, side, v, 1, INT64_MAX / 4) != 0;
        } else {
            const int sum = r->mode == KL_SCORE_SINGLE_SUM;
            const int64_t distance = !sum && v < 0 ? -v : v;
            if (side ? v > (sum ? r->threshold_u[1] : -r->threshold_u[1]) : v < r->threshold_u[0]) continue;
            p.acts++;
            edge[1] = distance >= strong_edge && (sum || distance >= min_edge);
            edge[0] = distance < strong_edge && (sum || distance >= min_edge);
        }
        for (int strong = 0; strong < 2; strong++) {
            p.edges[strong] += edge[strong] != 0;
            pass |= edge[strong] && lint_in_band(job->s, side, strong, v);
        }
        p.passes += pass != 0;
        if (pass) p.last = v;
    }
    return p;
}

static void lint_side(lint_job *job, int side) {
    const kl_decision_rules *r = &job->s->spec.rules;
    const lint_sums *own = &job->sums[r->mode == KL_SCORE_TWO_SIDED ? side : 0];
    const int64_t threshold = r->threshold_u[side];
    const int32_t at = side + KL_SIDE_BUY;
    const char *name = lint_sides[side];
    const int reachable = r->mode == KL_SCORE_TWO_SIDED || !side ? own->max >= threshold : own->min <= (r->mode == KL_SCORE_SINGLE_SUM ? threshold : -threshold);
    if (!reachable) {
        lint_say(job, KL_LINT_UNREACHABLE, at, -1, "%s needs a score of %s, and %s is the %s that its metrics reach", name, lint_micro(threshold).text,
                 lint_micro(side && r->mode ? own->min : own->max).text, side && r->mode ? "least" : "most");
        return;
    }
    if (job->sums[0].n == 0 || job->sums[1].n == 0) return; /* too many sums to list */
    const lint_pass p = lint_passes(job, side);
    const int has_band = r->band[side][0].low_u || r->band[side][0].high_u || r->band[side][1].low_u || r->band[side][1].high_u;
    if (p.edges[0] + p.edges[1] == 0) lint_say(job, KL_LINT_UNREACHABLE, at, -1, "%s: no edge reaches the minimum of %s", name, lint_micro(r->min_edge_u[side]).text);
    else if (r->strong_edge_u[side] > 0 && (p.edges[0] == 0 || p.edges[1] == 0))
        lint_say(job, KL_LINT_DEAD_STRENGTH, at, -1, "%s: an edge that is enough is never %s", name, p.edges[0] ? "strong" : "weak");
    if (p.edges[0] + p.edges[1] && p.passes == 0) lint_say(job, KL_LINT_BAND_EMPTY, at, -1, "%s: the band of confidence leaves none of its %u scores", name, (unsigned)p.acts);
    else if (has_band && p.passes == 1 && p.acts > 1)
        lint_say(job, KL_LINT_BAND_POINT, at, -1, "%s: of its %u scores the band of confidence leaves %s alone", name, (unsigned)p.acts, lint_micro(p.last).text);
}

/* An edge that only comes about while no metric of the other side holds. */
static void lint_opposite(lint_job *job, int side) {
    const kl_decision_rules *r = &job->s->spec.rules;
    const lint_sums *own = &job->sums[side], *other = &job->sums[!side];
    const int64_t asked[2] = {r->min_edge_u[side], r->strong_edge_u[side]};
    int64_t least = 0;
    if (r->mode != KL_SCORE_TWO_SIDED) return;
    for (uint32_t i = 0; i < job->s->n_active; i++) {
        const kl__active *a = &job->s->active[i];
        if (a->side == KL_SIDE_BUY + !side && a->weight_u > 0 && (!least || a->weight_u < least)) least = a->weight_u;
    }
    if (!least || other->min < 0) return;
    for (int i = 0; i < 2; i++)
        if (asked[i] > 0 && own->max >= asked[i] && own->max - least < asked[i])
            lint_say(job, KL_LINT_OPPOSITE, side + KL_SIDE_BUY, -1, "%s: %s edge of %s is only reached while no metric of the other side holds", lint_sides[side],
                     i ? "a strong" : "the least", lint_micro(asked[i]).text);
}

/* ------------------------------------------------------------------------------------------------------- metrics --- */

static void lint_metrics(lint_job *job) {
    const kl_strategy *s = job->s;
    const uint32_t *values = kl__program_outputs(s->plan->program);
    for (uint32_t i = 0; i < s->n_active; i++) {
        const kl__active *a = &s->active[i];
        const char *code = s->spec.metrics[a->metric].code;
        kl_plan_output output;
        if (a->side <= KL_SIDE_SELL && a->weight_u == 0) lint_say(job, KL_LINT_UNUSED_METRIC, a->side, (int32_t)a->metric, "%s has weight 0", code);
        if (a->side == KL_SIDE_CONTEXT) lint_say(job, KL_LINT_UNUSED_METRIC, 0, (int32_t)a->metric, "%s is context: no score and no guard reads it", code);
        if (kl_plan_output_at(s->plan, i, &output) == KL_OK && (output.min == output.max || output.min > 0.0))
            lint_say(job, KL_LINT_ALWAYS, 0, (int32_t)a->metric, "%s %s holds", code, output.min == 0.0 ? "never" : "always");
        for (uint32_t j = 0; j < i; j++)
            if (values[i] == values[j]) {
                lint_say(job, KL_LINT_SAME, 0, (int32_t)a->metric, "%s is the same condition as %s", code, s->spec.metrics[s->active[j].metric].code);
                break;
            }
    }
}

static void lint_rules(lint_job *job) {
    const kl_strategy *s = job->s;
    const kl_decision_rules *r = &s->spec.rules;
    for (int side = 0; side < 2; side++) {
        const int64_t most = job->sums[side].max, max = s->decider.max_u[side];
        if (r->mode != KL_SCORE_SINGLE_SUM && max > 0 && most > max && (r->mode == KL_SCORE_TWO_SIDED || side == 0))
            lint_say(job, KL_LINT_OVER_ONE, side + KL_SIDE_BUY, -1, "%s: its metrics sum up to %s, confidence is measured by %s: up to %s", lint_sides[side],
                     lint_micro(most).text, lint_micro(max).text, lint_micro(most * KL_MICRO / max).text);
    }
    if (r->mode == KL_SCORE_SINGLE_SUM) {
        uint32_t sides = 0;
        for (uint32_t i = 0; i < s->n_active; i++) sides |= s->active[i].side <= KL_SIDE_SELL ? (uint32_t)s->active[i].side : 0;
        if (sides == 3) lint_say(job, KL_LINT_SINGLE_MIX, 0, -1, "buy and sell metrics add up in one score: a sell metric makes it likelier to buy");
    }
    if (r->unknown == KL_UNKNOWN_IS_FALSE)
        lint_say(job, KL_LINT_UNKNOWN_FALSE, 0, -1, "missing data counts as metrics that did not fire%s", r->mode == KL_SCORE_SINGLE_SUM ? ", and a score of 0 sells" : "");
    for (size_t p = 0; p < s->spec.n_params; p++)
        if (!s->uses[p]) lint_say(job, KL_LINT_UNUSED_PARAM, 0, -1, "nothing reads the parameter %.64s", s->spec.params[p].name);
    for (size_t d = 0; d < s->spec.n_defines; d++)
        if (!s->uses[s->spec.n_params + d]) lint_say(job, KL_LINT_UNUSED_PARAM, 0, -1, "nothing reads the definition %.64s", s->spec.defines[d].name);
}

kl_status kl_strategy_lint(const kl_strategy *strategy, const kl_alloc *alloc, kl_lint *findings, size_t capacity, size_t *total) {
    lint_job job = {strategy, alloc ? alloc : kl_alloc_libc(), findings, capacity, 0, {{NULL, NULL, 0, 0, 0, 0}, {NULL, NULL, 0, 0, 0, 0}}};
    if (!strategy || !total || (!findings && capacity)) return KL_E_ARG;
    const int32_t mode = strategy->spec.rules.mode;
    kl_status status = lint_sums_make(&job, &job.sums[0], 1, mode != KL_SCORE_TWO_SIDED, mode == KL_SCORE_SINGLE_DIFFERENCE ? -1 : 1);
    if (status >= 0) status = lint_sums_make(&job, &job.sums[1], 0, mode == KL_SCORE_TWO_SIDED, 1);
    if (status >= 0) {
        lint_metrics(&job);
        lint_rules(&job);
        for (int side = 0; side < 2; side++) {
            lint_side(&job, side);
            lint_opposite(&job, side);
        }
        *total = job.n;
    }
    lint_sums_free(&job, &job.sums[0]);
    lint_sums_free(&job, &job.sums[1]);
    return status < 0 ? status : KL_OK;
}
