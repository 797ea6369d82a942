/* Running strategies: conditions from the plan in pieces, their weights added up in lanes of bars, a decision for each bar. */
#include "base/fp.h"
#include "base/size.h"
#include "indicator/plan.h"
#include "score/strategy.h"
#include "simd/level.h"
#include <math.h>
#include <string.h>

#define SCORE_LANES 64   /* bars that are added up side by side */
#define SCORE_ROWS 512   /* of a piece, where conditions of that many stay in the nearer caches */
#define SCORE_VALUES 16384

/* ---------------------------------------------------------------------------------------------------- adding up --- */

/* What a tile of bars amounts to. */
typedef struct score_tile {
    int64_t side[2][SCORE_LANES], unknown_u[SCORE_LANES];
    uint64_t fired[2][SCORE_LANES], unknown[2][SCORE_LANES];
} score_tile;

/* One condition of n bars: true is known and not 0. */
KL__INLINE void score_add_body(const double *c, size_t n, int64_t weight, int64_t size, uint64_t bit, int64_t *side, int64_t *unknown_u,
                               uint64_t *fired, uint64_t *unknown) {
    for (size_t k = 0; k < n; k++) {
        const uint64_t none = c[k] != c[k] ? UINT64_MAX : 0, zero = c[k] == 0.0 ? UINT64_MAX : 0, yes = ~(none | zero);
        side[k] += (int64_t)((uint64_t)weight & yes);
        unknown_u[k] += (int64_t)((uint64_t)size & none);
        fired[k] |= bit & yes;
        unknown[k] |= bit & none;
    }
}
KL__SIMD_EACH(score_add,
              (const double *c, size_t n, int64_t weight, int64_t size, uint64_t bit, int64_t *restrict side, int64_t *restrict unknown_u,
               uint64_t *restrict fired, uint64_t *restrict unknown),
              (c, n, weight, size, bit, side, unknown_u, fired, unknown))
typedef void score_add_function(const double *c, size_t n, int64_t weight, int64_t size, uint64_t bit, int64_t *restrict side,
                                int64_t *restrict unknown_u, uint64_t *restrict fired, uint64_t *restrict unknown);
static score_add_function *const score_add_table[KL__SIMD_TIERS] = KL__SIMD_TABLE(score_add);

/* Guards' vetoes of one bar. */
static int32_t score_vetoes(const kl_strategy *s, const uint64_t *fired, const uint64_t *unknown) {
    int32_t vetoes = 0;
    const int is_false = s->decider.rules.unknown == KL_UNKNOWN_IS_FALSE;
    for (uint32_t i = 0; i < s->n_guards; i++) {
        const kl__active *a = &s->active[s->guards[i]];
        const uint64_t bit = UINT64_C(1) << (a->metric & 63);
        const int none = (unknown[a->metric >> 6] & bit) != 0, holds = (fired[a->metric >> 6] & bit) != 0;
        if (none && !is_false ? 1 : holds != (int)a->require) vetoes |= a->vetoes;
    }
    return vetoes;
}

/* Decisions of n bars: conditions[i][k] of active metric i. */
static void score_rows(const kl_strategy *s, const double *const *conditions, size_t n, kl_decision *rows) {
    score_add_function *const add = score_add_table[kl__simd_tier()];
    score_tile t;
    for (size_t from = 0; from < n; from += SCORE_LANES) {
        const size_t lanes = n - from < SCORE_LANES ? n - from : SCORE_LANES;
        memset(&t, 0, sizeof t);
        for (uint32_t i = 0; i < s->n_active; i++) {
            const kl__active *a = &s->active[i];
            const uint32_t word = a->metric >> 6;
            add(conditions[i] + from, lanes, a->weight_u, a->weight_u < 0 ? -(int64_t)a->weight_u : a->weight_u, UINT64_C(1) << (a->metric & 63),
                t.side[a->side == KL_SIDE_SELL], t.unknown_u, t.fired[word], t.unknown[word]);
        }
        for (size_t k = 0; k < lanes; k++) {
            kl_decision *row = &rows[from + k];
            for (int w = 0; w < 2; w++) row->fired[w] = t.fired[w][k], row->unknown[w] = t.unknown[w][k];
            kl__decide(&s->decider, t.side[0][k], t.side[1][k], t.unknown_u[k], s->n_guards ? score_vetoes(s, row->fired, row->unknown) : 0, row);
            if (!(row->unknown[0] | row->unknown[1])) row->flags |= KL_DECISION_KNOWN;
        }
    }
}

/* ---------------------------------------------------------------------------------------------------------- memory --- */

typedef struct score_layout {
    size_t rows, slices, sources, taken, pointers, conditions, plan, bytes;
} score_layout;

static int score_part(score_layout *l, size_t *where, size_t n, size_t item) {
    size_t bytes;
    *where = l->bytes;
    if (kl__size_mul(n, item, &bytes) || bytes > SIZE_MAX - 16) return 1;
    return kl__size_add(l->bytes, kl__round_up(bytes, 8), &l->bytes);
}

static int score_lay(const kl_strategy *s, size_t symbols, score_layout *l) {
    size_t inner, columns, values;
    if (kl_plan_state_size(s->plan, symbols, &inner) < 0) return 1;
    if (kl__size_mul(kl_plan_sources(s->plan), symbols, &columns) || kl__size_mul(s->n_active, symbols, &values)) return 1;
    l->rows = SCORE_VALUES / values / SCORE_LANES * SCORE_LANES;
    l->rows = l->rows < SCORE_LANES ? SCORE_LANES : l->rows > SCORE_ROWS ? SCORE_ROWS : l->rows;
    l->bytes = kl__round_up(sizeof(kl_strategy_state), 8);
    return score_part(l, &l->slices, columns, sizeof(kl_columns)) || score_part(l, &l->sources, columns, sizeof(kl_columns *)) ||
           score_part(l, &l->taken, kl_plan_sources(s->plan), 2 * sizeof(size_t)) || score_part(l, &l->pointers, values, sizeof(double *)) || kl__size_mul(values, l->rows, &values) ||
           score_part(l, &l->conditions, values, sizeof(double)) || score_part(l, &l->plan, inner, 1);
}

kl_status kl_strategy_state_size(const kl_strategy *strategy, size_t symbols, size_t *bytes) {
    score_layout l;
    if (!strategy || !bytes || symbols == 0 || symbols > 65536) return KL_E_ARG;
    if (score_lay(strategy, symbols, &l)) return KL_E_SIZE;
    *bytes = l.bytes;
    return KL_OK;
}

static void *score_at(const kl_strategy_state *state, uint64_t at) { return (char *)(uintptr_t)state + at; }
static kl_plan_state *score_plan(const kl_strategy_state *state) { return score_at(state, state->plan); }

kl_status kl_strategy_state_init(void *memory, size_t bytes, const kl_strategy *strategy, size_t symbols, kl_strategy_state **state) {
    score_layout l;
    kl_plan_state *inner;
    if (!memory || (uintptr_t)memory % sizeof(double) || !strategy || !state || symbols == 0 || symbols > 65536) return KL_E_ARG;
    if (score_lay(strategy, symbols, &l) || bytes < l.bytes) return KL_E_SIZE;
    memset(memory, 0, l.plan);
    kl_strategy_state *made = memory;
    *made = (kl_strategy_state){strategy, symbols, l.bytes, l.rows, l.slices, l.sources, l.taken, l.pointers, l.conditions, l.plan};
    KL__TRY(kl_plan_state_init((char *)memory + l.plan, l.bytes - l.plan, strategy->plan, symbols, &inner));
    *state = made;
    return KL_OK;
}

/* ----------------------------------------------------------------------------------------------------- many bars --- */

static kl_time score_known_at(const kl_strategy *s, kl_time open) {
    kl_time close;
    if (open == KL_TIME_NONE || !s->spec.interval.unit) return KL_TIME_NONE;
    if (s->fixed_us) return open > KL_TIME_MAX - s->fixed_us ? KL_TIME_NONE : open + s->fixed_us;
    return kl_interval_next(&s->spec.interval, open, &close) < 0 ? KL_TIME_NONE : close;
}

static void score_times(const kl_strategy *s, const kl_columns *bars, kl_decision *rows) {
    for (size_t k = 0; k < bars->n; k++) {
        rows[k].known_at_us = score_known_at(s, bars->open_time_us ? bars->open_time_us[k] : KL_TIME_NONE);
        rows[k].close = bars->close ? bars->close[k] : (double)NAN;
    }
}

/* The next rows of source s: [at, at + n), of a coarser one those that open till `last` does: no other can have closed by then. */
static void score_slice(const kl_plan *plan, size_t s, const kl_columns *whole, size_t at, size_t n, size_t taken, kl_time last, kl_columns *slice) {
    kl_plan_source source;
    size_t low = taken, high = whole->n;
    kl_plan_source_at(plan, s, &source);
    if (!source.interval.unit) {
        kl_columns_slice(whole, at, n, slice);
        return;
    }
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (whole->open_time_us[mid] <= last) low = mid + 1;
        else high = mid;
    }
    kl_columns_slice(whole, taken, low - taken, slice);
}

/* Pieces of rows after they were all found good: nothing can fail any more. */
static kl_status score_pieces(kl_strategy_state *state, const kl_columns *const *sources, size_t *taken, kl_decision *rows, kl_error *error) {
    const kl_strategy *s = state->strategy;
    const size_t n_sources = kl_plan_sources(s->plan), symbols = (size_t)state->symbols, n = sources[0]->n, room = (size_t)state->rows;
    kl_columns *slices = score_at(state, state->slices);
    const kl_columns **pointers = score_at(state, state->sources);
    double **out = score_at(state, state->pointers), *conditions = score_at(state, state->conditions);
    size_t *piece_taken = score_at(state, state->taken), *total = piece_taken + n_sources;
    memset(total, 0, n_sources * sizeof *total);
    for (size_t i = 0; i < s->n_active * symbols; i++) out[i] = conditions + i * room;
    for (size_t at = 0; at < n; at += room) {
        const size_t piece = n - at < room ? n - at : room;
        const kl_time last = sources[0]->open_time_us ? sources[0]->open_time_us[at + piece - 1] : KL_TIME_NONE;
        for (size_t i = 0; i < n_sources * symbols; i++) {
            score_slice(s->plan, i % n_sources, sources[i], at, piece, total[i % n_sources], last, &slices[i]);
            pointers[i] = &slices[i];
        }
        KL__TRY(symbols == 1 ? kl_plan_run(score_plan(state), pointers, piece_taken, out, error)
                             : kl_plan_run_panel(score_plan(state), pointers, piece_taken, out, error));
        for (size_t i = 0; i < n_sources; i++) total[i] += piece_taken[i];
        for (size_t symbol = 0; symbol < symbols; symbol++) {
            kl_decision *to = rows + symbol * n + at;
            score_rows(s, (const double *const *)out + symbol * s->n_active, piece, to);
            score_times(s, pointers[symbol * n_sources], to);
        }
    }
    for (size_t i = 0; taken && i < n_sources; i++) taken[i] = total[i];
    return KL_OK;
}

kl_status kl_strategy_run_panel(kl_strategy_state *state, const kl_columns *const *sources, size_t *taken, kl_decision *rows, kl_error *error) {
    if (!state || !sources || !rows) return kl__fail(error, KL_E_ARG, !state ? 1 : !sources ? 2 : 4, 0, 0, "an argument is missing");
    KL__TRY(kl__plan_check_rows(score_plan(state), sources, taken, error));
    return score_pieces(state, sources, taken, rows, error);
}

kl_status kl_strategy_run(kl_strategy_state *state, const kl_columns *const *sources, size_t *taken, kl_decision *rows, kl_error *error) {
    if (state && state->symbols != 1) return kl__fail(error, KL_E_ARG, 1, 0, 0, "this state runs over %u symbols", (unsigned)state->symbols);
    return kl_strategy_run_panel(state, sources, taken, rows, error);
}

/* ------------------------------------------------------------------------------------------------------- one bar --- */

static kl_status score_one(kl_strategy_state *state, const double *const *in, kl_time open, kl_decision *rows,
                           kl_status (*take)(kl_plan_state *, const double *const *, double *const *)) {
    if (!state || !in || !rows) return KL_E_ARG;
    const kl_strategy *s = state->strategy;
    const size_t symbols = (size_t)state->symbols;
    double **out = score_at(state, state->pointers), *conditions = score_at(state, state->conditions);
    kl_plan_source own;
    const double *one[KL_METRICS_MAX];
    kl_plan_source_at(s->plan, 0, &own);
    for (size_t i = 0; i < s->n_active; i++) out[i] = conditions + i * symbols;
    KL__TRY(take(score_plan(state), in, out));
    /* the close is the input behind those of the columns before it, where the plan reads it */
    const uint32_t before = own.columns & ((1u << KL_COL_CLOSE) - 1);
    size_t close = own.first_input;
    for (uint32_t b = before; b; b &= b - 1) close++;
    for (size_t symbol = 0; symbol < symbols; symbol++) {
        for (size_t i = 0; i < s->n_active; i++) one[i] = conditions + i * symbols + symbol;
        score_rows(s, one, 1, &rows[symbol]);
        rows[symbol].known_at_us = score_known_at(s, open);
        rows[symbol].close = own.columns >> KL_COL_CLOSE & 1 ? in[close][symbol] : (double)NAN;
    }
    return KL_OK;
}

kl_status kl_strategy_step(kl_strategy_state *state, const double *const *in, kl_time open_time_us, kl_decision *rows) {
    return score_one(state, in, open_time_us, rows, kl_plan_step);
}

kl_status kl_strategy_peek(kl_strategy_state *state, const double *const *in, kl_time open_time_us, kl_decision *rows) {
    return score_one(state, in, open_time_us, rows, kl_plan_peek);
}

kl_status kl_strategy_close(kl_strategy_state *state, size_t source, const double *const *in) {
    return state ? kl_plan_close(score_plan(state), source, in) : KL_E_ARG;
}
