/* From scores to a decision. All in whole numbers: a confidence is never rounded before it is compared with a band, unless the rules
 * ask for it. */
#include "base/fp.h"
#include "score/strategy.h"
#include <math.h>
#include <string.h>

void kl_decision_rules_init(kl_decision_rules *rules) {
    if (!rules) return;
    memset(rules, 0, sizeof *rules);
    rules->struct_size = sizeof *rules;
    rules->clamp = 1;
    rules->round_digits = -1;
}

const char *kl_reason_name(int32_t reason) {
    static const char *const names[] = {
#define KL__REASON_NAME(NAME, value, name, text) name,
        KL_REASON_LIST(KL__REASON_NAME)
#undef KL__REASON_NAME
    };
    return reason >= 0 && (size_t)reason < sizeof names / sizeof *names ? names[reason] : NULL;
}

static kl_status decide_side_check(const kl_decision_rules *r, int side, kl_error *error) {
    static const char *const sides[2] = {"buy", "sell"};
    const int64_t amounts[4] = {r->threshold_u[side], r->max_score_u[side], r->min_edge_u[side], r->strong_edge_u[side]};
    static const char *const names[4] = {"threshold", "max_score", "min_edge", "strong_edge"};
    for (int i = 0; i < 4; i++)
        if (amounts[i] > KL__SCORE_MAX || amounts[i] < (i ? 0 : -KL__SCORE_MAX))
            return kl__fail(error, KL_E_ARG, 0, 0, 0, "%s of %s is out of range", names[i], sides[side]);
    for (int s = 0; s < 2; s++) {
        const kl_band *band = &r->band[side][s];
        if (band->low_u < -KL__BAND_MAX || band->low_u > KL__BAND_MAX || band->high_u < 0 || band->high_u > KL__BAND_MAX ||
            (band->high_u && band->low_u > band->high_u))
            return kl__fail(error, KL_E_ARG, 0, 0, 0, "the %s band of %s is none", s ? "strong" : "weak", sides[side]);
    }
    return KL_OK;
}

kl_status kl__decision_rules_check(const kl_decision_rules *r, kl_error *error) {
    if (r->struct_size < sizeof *r) return kl__fail(error, KL_E_ARG, 0, 0, 0, "the rules' struct_size is not set: kl_decision_rules_init");
    if (r->mode < KL_SCORE_TWO_SIDED || r->mode > KL_SCORE_SINGLE_DIFFERENCE) return kl__fail(error, KL_E_ARG, 0, 0, 0, "there is no such mode of scores");
    if (r->order < KL_DECIDE_CHECKED || r->order > KL_DECIDE_LABELLED) return kl__fail(error, KL_E_ARG, 0, 0, 0, "there is no such order of decisions");
    if (r->conflict < KL_CONFLICT_CLOSE || r->conflict > KL_CONFLICT_NEVER) return kl__fail(error, KL_E_ARG, 0, 0, 0, "there is no such rule for conflicts");
    if (r->unknown < KL_UNKNOWN_REFUSES || r->unknown > KL_UNKNOWN_IS_FALSE) return kl__fail(error, KL_E_ARG, 0, 0, 0, "there is no such rule for the unknown");
    if (r->max_unknown_u < 0 || r->max_unknown_u > KL_MICRO) return kl__fail(error, KL_E_ARG, 0, 0, 0, "max_unknown is a share of 0 to 1");
    if (r->round_digits < -1 || r->round_digits > 6) return kl__fail(error, KL_E_ARG, 0, 0, 0, "round_digits is -1, or 0 to 6");
    KL__TRY(decide_side_check(r, 0, error));
    KL__TRY(decide_side_check(r, 1, error));
    if (r->mode == KL_SCORE_SINGLE_SUM && r->threshold_u[1] >= r->threshold_u[0])
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "of a single score the threshold of sell lies below that of buy");
    if (r->mode != KL_SCORE_SINGLE_SUM && (r->threshold_u[0] <= 0 || r->threshold_u[1] <= 0))
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "the thresholds of buy and sell have to be above 0");
    if (r->mode == KL_SCORE_SINGLE_SUM && (r->min_edge_u[0] || r->min_edge_u[1]))
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "a single score has no edge: min_edge is not read");
    return KL_OK;
}

/* a / b to the nearest whole number, half to even; b above 0. */
static int64_t decide_round(int64_t a, int64_t b) {
    int64_t q = a / b, r = a % b;
    if (r < 0) q--, r += b;
    if (r > b - r || (r == b - r && (q & 1))) q++;
    return q;
}

static const int64_t decide_power[7] = {1, 10, 100, 1000, 10000, 100000, 1000000};

static int64_t decide_round_u(int64_t value_u, int32_t digits) {
    if (digits < 0) return value_u;
    int64_t step = decide_power[6 - digits];
    return decide_round(value_u, step) * step;
}

/* A confidence as an exact fraction. */
typedef struct decide_ratio {
    int64_t above, below;
} decide_ratio;

static decide_ratio decide_confidence(const kl_decision_rules *r, int64_t score_u, int64_t max_u, uint32_t *flags) {
    decide_ratio c = {score_u, max_u};
    if (max_u <= 0) c = (decide_ratio){0, 1};
    if (r->clamp && c.above > c.below) {
        *flags |= KL_DECISION_CLAMPED;
        c.above = c.below;
    }
    if (r->round_digits >= 0) c = (decide_ratio){decide_round(c.above * decide_power[r->round_digits], c.below), decide_power[r->round_digits]};
    return c;
}

static int32_t decide_band(const kl_band *band, decide_ratio c) {
    if (band->low_u == 0 && band->high_u == 0) return KL_REASON_NONE;
    if (c.above * KL_MICRO < band->low_u * c.below) return KL_REASON_LOW_CONF;
    return band->high_u && c.above * KL_MICRO > band->high_u * c.below ? KL_REASON_OVER_CONF : KL_REASON_NONE;
}

/* What the scores say before anything is held against them. */
typedef struct decide_case {
    int64_t buy, sell, edge; /* edge: what minimum and strength are measured by */
    int32_t action, conflict, side; /* side: of the action, else of the greater score */
} decide_case;

static decide_case decide_scores(const kl_decision_rules *r, int64_t buy_u, int64_t sell_u) {
    decide_case c = {buy_u, sell_u, 0, KL_ACTION_SIDEWAY, 0, 0};
    const int64_t *t = r->threshold_u;
    if (r->mode == KL_SCORE_TWO_SIDED) {
        c.edge = buy_u > sell_u ? buy_u - sell_u : sell_u - buy_u;
        c.action = buy_u >= t[0] && buy_u > sell_u ? KL_ACTION_BUY : sell_u >= t[1] && sell_u > buy_u ? KL_ACTION_SELL : KL_ACTION_SIDEWAY;
        c.side = sell_u > buy_u;
        c.conflict = buy_u >= t[0] && sell_u >= t[1];
        return c;
    }
    c.edge = r->mode == KL_SCORE_SINGLE_SUM ? buy_u + sell_u : buy_u - sell_u;
    c.action = c.edge >= t[0] ? KL_ACTION_BUY : c.edge <= (r->mode == KL_SCORE_SINGLE_SUM ? t[1] : -t[1]) ? KL_ACTION_SELL : KL_ACTION_SIDEWAY;
    c.side = r->mode == KL_SCORE_SINGLE_SUM ? c.action == KL_ACTION_SELL : c.edge < 0;
    return c;
}

static int64_t decide_distance(const kl_decision_rules *r, const decide_case *c) {
    return r->mode == KL_SCORE_SINGLE_DIFFERENCE && c->edge < 0 ? -c->edge : c->edge;
}

static int decide_conflict(const kl_decision_rules *r, const decide_case *c) {
    if (!c->conflict || r->conflict == KL_CONFLICT_NEVER) return 0;
    return r->conflict == KL_CONFLICT_BOTH || c->edge == 0 || c->edge < r->min_edge_u[c->side];
}

/* The first reason against the action. */
static int32_t decide_reason(const kl_decision_rules *r, const decide_case *c, int vetoed, int unknown, const kl_band *band, decide_ratio conf) {
    const int weak = decide_distance(r, c) < r->min_edge_u[c->side] && r->mode != KL_SCORE_SINGLE_SUM;
    if (r->order == KL_DECIDE_LABELLED) {
        if (c->action == KL_ACTION_SIDEWAY) return KL_REASON_NO_EDGE;
        if (weak) return KL_REASON_WEAK_EDGE;
        if (decide_conflict(r, c)) return KL_REASON_CONFLICT;
        if (vetoed) return KL_REASON_GUARD;
        if (unknown) return KL_REASON_UNKNOWN;
    } else {
        if (vetoed) return KL_REASON_GUARD;
        if (unknown) return KL_REASON_UNKNOWN;
        if (decide_conflict(r, c)) return KL_REASON_CONFLICT;
        if (c->action == KL_ACTION_SIDEWAY) return KL_REASON_NO_EDGE;
        if (weak) return KL_REASON_WEAK_EDGE;
    }
    return decide_band(band, conf);
}

void kl__decide(const kl__decider *d, int64_t buy_u, int64_t sell_u, int64_t unknown_u, int32_t vetoes, kl_decision *out) {
    const kl_decision_rules *r = &d->rules;
    const decide_case c = decide_scores(r, buy_u, sell_u);
    const int unknown = r->unknown == KL_UNKNOWN_REFUSES && unknown_u > 0 && unknown_u * KL_MICRO > r->max_unknown_u * d->weight_u;
    const int64_t distance = decide_distance(r, &c), strong_edge = r->strong_edge_u[c.side];
    const int vetoed = c.action != KL_ACTION_SIDEWAY && (vetoes >> c.side & 1);
    const int strong = strong_edge > 0 && distance >= strong_edge;
    uint32_t flags = c.conflict ? KL_DECISION_CONFLICT : 0;
    const int64_t score = r->mode == KL_SCORE_TWO_SIDED ? (c.side ? sell_u : buy_u) : distance;
    const decide_ratio conf = decide_confidence(r, score, d->max_u[r->mode == KL_SCORE_SINGLE_SUM ? 0 : c.side], &flags);
    out->reason = decide_reason(r, &c, vetoed, unknown, &r->band[c.side][strong], conf);
    out->action = r->order == KL_DECIDE_CHECKED && out->reason ? KL_ACTION_SIDEWAY : c.action;
    out->strength = c.action == KL_ACTION_SIDEWAY && distance == 0 ? KL_STRENGTH_NONE : strong ? KL_STRENGTH_STRONG : KL_STRENGTH_WEAK;
    if (c.action != KL_ACTION_SIDEWAY && out->reason == KL_REASON_NONE) flags |= KL_DECISION_TRADABLE;
    out->buy_u = decide_round_u(buy_u, r->round_digits);
    out->sell_u = decide_round_u(sell_u, r->round_digits);
    out->edge_u = decide_round_u(c.edge, r->round_digits);
    out->confidence = unknown ? (double)NAN : (double)conf.above / (double)conf.below;
    out->flags = flags;
}

kl_status kl_decide(const kl_decision_rules *rules, int64_t buy_u, int64_t sell_u, int32_t unknown_u, int32_t vetoes, kl_decision *decision) {
    if (!rules || !decision || unknown_u < 0 || unknown_u > KL_MICRO || vetoes < 0 || vetoes > KL_VETO_BOTH) return KL_E_ARG;
    if (buy_u > KL__SCORE_MAX || buy_u < -KL__SCORE_MAX || sell_u > KL__SCORE_MAX || sell_u < -KL__SCORE_MAX) return KL_E_ARG;
    KL__TRY(kl__decision_rules_check(rules, NULL));
    kl__decider d = {.rules = *rules, .max_u = {rules->max_score_u[0], rules->max_score_u[1]}, .weight_u = KL_MICRO};
    memset(decision, 0, sizeof *decision);
    kl__decide(&d, buy_u, sell_u, unknown_u, vetoes, decision);
    if (!unknown_u) decision->flags |= KL_DECISION_KNOWN;
    decision->known_at_us = KL_TIME_NONE;
    decision->close = (double)NAN;
    return KL_OK;
}
