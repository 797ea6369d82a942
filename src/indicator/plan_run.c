/* Running plans: memory of a state, rows of one symbol with coarser sources merged in by close times, rows of many, peeks. */
#include "indicator/plan.h"
#include "base/size.h"
#include <string.h>

#define PLAN_SYMBOLS 65536

/* ---------------------------------------------------------------------------------------------------- memory --- */

typedef struct plan_layout {
    size_t in, coarse, first, seconds, run, peek, last, bytes;
} plan_layout;

static int plan_part(plan_layout *l, size_t *where, size_t n, size_t item) {
    size_t bytes;
    *where = l->bytes;
    if (kl__size_mul(n, item, &bytes) || bytes > SIZE_MAX - 8) return 1;
    return kl__size_add(l->bytes, kl__round_up(bytes, 8), &l->bytes);
}

/* Returns 1 where it is more than memory can be. */
static int plan_lay(const kl_plan *plan, size_t symbols, plan_layout *l) {
    size_t memory, slow = plan->n_slow;
    l->bytes = kl__round_up(sizeof(kl_plan_state), 8);
    if (kl__program_memory(plan->program, symbols, &memory)) return 1;
    return plan_part(l, &l->in, plan->program->n_inputs, sizeof(double *)) ||
           plan_part(l, &l->coarse, slow ? plan->n_sources : 0, sizeof(kl__coarse)) ||
           plan_part(l, &l->first, slow, KL__CHUNK * sizeof(uint16_t)) ||
           plan_part(l, &l->seconds, plan->n_times, KL__CHUNK * sizeof(double)) ||
           plan_part(l, &l->run, memory, 1) || plan_part(l, &l->peek, memory, 1) ||
           plan_part(l, &l->last, plan->n_sources, sizeof(kl_time));
}

kl_status kl_plan_state_size(const kl_plan *plan, size_t symbols, size_t *bytes) {
    plan_layout layout;
    if (!plan || !bytes || symbols == 0 || symbols > PLAN_SYMBOLS) return KL_E_ARG;
    if (plan_lay(plan, symbols, &layout)) return KL_E_SIZE;
    *bytes = layout.bytes;
    return KL_OK;
}

void kl__plan_forget(kl_plan_state *state) {
    kl_time *last = kl__plan_at(state, state->last);
    for (uint32_t s = 0; s < state->plan->n_sources; s++) last[s] = KL_TIME_NONE;
}

kl_status kl_plan_state_init(void *memory, size_t bytes, const kl_plan *plan, size_t symbols, kl_plan_state **state) {
    plan_layout l;
    if (!memory || (uintptr_t)memory % sizeof(double) || !plan || !state || symbols == 0 || symbols > PLAN_SYMBOLS) return KL_E_ARG;
    if (plan_lay(plan, symbols, &l) || bytes < l.bytes) return KL_E_SIZE;
    memset(memory, 0, l.bytes);
    kl_plan_state *made = memory;
    *made = (kl_plan_state){plan, symbols, l.bytes, l.in, l.coarse, l.first, l.seconds, l.run, l.peek, l.last};
    kl__plan_forget(made);
    kl__program_init(plan->program, kl__plan_at(made, l.run), symbols);
    *state = made;
    return KL_OK;
}

/* ----------------------------------------------------------------------------------------------- one symbol's rows --- */

/* A source while rows are taken. */
typedef struct plan_merge {
    const kl_columns *const *sources;
    size_t *taken;
    kl_interval interval; /* of source 0 */
    kl_time fixed;        /* its length where it has one */
} plan_merge;

static kl_time plan_close(const kl_interval *interval, kl_time fixed, kl_time open) {
    kl_time close;
    if (fixed > 0) return open > KL_TIME_MAX - fixed ? KL_TIME_MAX : open + fixed;
    return kl_interval_next(interval, open, &close) < 0 ? KL_TIME_MAX : close;
}

static kl_status plan_check_times(const kl_columns *columns, size_t source, kl_error *error) {
    for (size_t j = 1; columns->open_time_us && j < columns->n; j++)
        if (columns->open_time_us[j] <= columns->open_time_us[j - 1])
            return kl__fail(error, KL_E_ORDER, 2, (int64_t)j, 0, "source %u: times do not rise", (unsigned)source);
    return KL_OK;
}

static kl_status plan_check_source(const kl_plan *plan, size_t s, const kl_columns *const *sources, kl_error *error) {
    const kl__plan_source *source = &plan->sources[s];
    const kl_columns *columns = sources[s];
    if (!columns) return kl__fail(error, KL_E_ARG, 2, 0, 0, "source %u is missing", (unsigned)s);
    if (!source->slow && columns->n != sources[0]->n)
        return kl__fail(error, KL_E_ARG, 2, 0, 0, "source %u has not as many rows as source 0", (unsigned)s);
    if (columns->n == 0) return KL_OK;
    for (int32_t c = 0; c < KL_COL_COUNT; c++)
        if ((source->pub.columns >> c & 1) && (c == KL_COL_TIME ? !columns->open_time_us : !kl__column_get(columns, c)))
            return kl__fail(error, KL_E_COLUMNS, 2, 0, 0, "source %u needs the column %s", (unsigned)s, kl__column_name(c));
    if ((source->slow || (s == 0 && plan->n_slow)) && !columns->open_time_us)
        return kl__fail(error, KL_E_COLUMNS, 2, 0, 0, "source %u needs its opening times", (unsigned)s);
    return plan_check_times(columns, s, error);
}

static kl_status plan_check(const kl_plan_state *state, const kl_columns *const *sources, const size_t *taken, double *const *out,
                            kl_error *error) {
    if (!state || !sources || !out) return kl__fail(error, KL_E_ARG, !state ? 1 : !sources ? 2 : 4, 0, 0, "an argument is missing");
    if (!taken && state->plan->n_sources > 1) return kl__fail(error, KL_E_ARG, 3, 0, 0, "taken is missing");
    const kl_time *last = kl__plan_at(state, state->last);
    for (size_t s = 0; s < state->plan->n_sources; s++) {
        KL__TRY(plan_check_source(state->plan, s, sources, error));
        if (sources[s]->n && sources[s]->open_time_us && last[s] != KL_TIME_NONE && sources[s]->open_time_us[0] <= last[s])
            return kl__fail(error, KL_E_ORDER, 2, 0, 0, "source %u: bars that lie behind those of an earlier call", (unsigned)s);
    }
    return KL_OK;
}

/* The sources of a symbol have the same rows as those of the first. */
static kl_status plan_check_grid(const kl_plan_state *state, const kl_columns *const *sources, kl_error *error) {
    const size_t n = state->plan->n_sources;
    for (size_t symbol = 1; symbol < state->symbols; symbol++)
        for (size_t s = 0; s < n; s++) {
            KL__TRY(plan_check_source(state->plan, s, sources + symbol * n, error));
            const kl_columns *first = sources[s], *other = sources[symbol * n + s];
            if (other->n != first->n || (first->open_time_us && other->open_time_us && first->open_time_us != other->open_time_us &&
                                         memcmp(first->open_time_us, other->open_time_us, first->n * sizeof(kl_time)) != 0))
                return kl__fail(error, KL_E_ARG, 2, 0, 0, "source %u of symbol %u is not on the grid of symbol 0", (unsigned)s, (unsigned)symbol);
        }
    return KL_OK;
}

kl_status kl__plan_check_rows(const kl_plan_state *state, const kl_columns *const *sources, const size_t *taken, kl_error *error) {
    double *const none = NULL;
    KL__TRY(plan_check(state, sources, taken, &none, error));
    return plan_check_grid(state, sources, error);
}

/* Pointers to the rows of each input; seconds are made where an input is a time. */
static void plan_inputs(kl_plan_state *state, const plan_merge *m, size_t at, size_t n, const kl__coarse *coarse) {
    const kl__program *p = state->plan->program;
    const double **in = kl__plan_at(state, state->in);
    double *seconds = kl__plan_at(state, state->seconds);
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        const kl__program_input *input = &kl__program_inputs(p)[i];
        const kl_columns *columns = m->sources[input->source];
        size_t from = input->clock ? m->taken[input->source] : at;
        if (input->column != KL_COL_TIME) {
            in[i] = kl__column_get(columns, input->column);
            if (in[i]) in[i] += from; /* without rows there may be no array */
            continue;
        }
        in[i] = seconds;
        if (columns->n) kl__column_times(columns->open_time_us + from, input->clock ? coarse[input->clock].n : n, seconds);
        seconds += KL__CHUNK;
    }
}

/* How many rows [at, at + most) can be run with coarse rows that fit a chunk; 0: first a whole chunk of coarse rows. */
static size_t plan_merge_rows(kl_plan_state *state, const plan_merge *m, size_t at, size_t most, size_t rows, kl__coarse *coarse) {
    const kl_plan *plan = state->plan;
    const kl_time *opens = m->sources[0]->open_time_us;
    uint16_t *first = kl__plan_at(state, state->first);
    for (uint32_t s = 1; s < plan->n_sources; s++) {
        const kl__plan_source *source = &plan->sources[s];
        const kl_columns *columns = m->sources[s];
        if (!source->slow) continue;
        kl_time fixed = kl_interval_length_us(&source->pub.interval);
        size_t k = 0, from = m->taken[s], j = 0;
        for (; k < columns->n - from; k++) {
            kl_time close = plan_close(&source->pub.interval, fixed, columns->open_time_us[from + k]);
            while (j < most && plan_close(&m->interval, m->fixed, opens[at + j]) < close) j++;
            if (j == most) break;
            if (k == rows) { /* rows of source 0 that come before it are run first */
                most = j;
                break;
            }
            first[(source->slow - 1) * (size_t)KL__CHUNK + k] = (uint16_t)j;
        }
        coarse[s] = (kl__coarse){k, first + (source->slow - 1) * (size_t)KL__CHUNK};
    }
    return most;
}

/* Fewer rows than were merged: coarse rows behind them wait. */
static void plan_merge_cut(const kl_plan *plan, kl__coarse *coarse, size_t n, size_t rows) {
    for (uint32_t s = 1; s < plan->n_sources; s++) {
        if (!plan->sources[s].slow) continue;
        if (n == 0 && coarse[s].n < rows) coarse[s].n = 0;
        while (n && coarse[s].n && coarse[s].first[coarse[s].n - 1] >= n) coarse[s].n--;
    }
}

static int plan_in_place(kl_plan_state *state, const plan_merge *m, double *const *out) {
    size_t n = 0;
    for (uint32_t s = 0; s < state->plan->n_sources; s++)
        if (m->sources[s]->n > n) n = m->sources[s]->n;
    plan_inputs(state, m, 0, 0, kl__plan_at(state, state->coarse));
    return kl__program_in_place(state->plan->program, kl__plan_at(state, state->in), n, out);
}

/* All rows of one symbol, of a plan without nodes over all symbols or of one symbol. */
static void plan_run_symbol(kl_plan_state *state, size_t symbol, const kl_columns *const *sources, size_t *taken, double *const *out) {
    const kl_plan *plan = state->plan;
    void *memory = kl__plan_at(state, state->run);
    kl__coarse *coarse = plan->n_slow ? kl__plan_at(state, state->coarse) : NULL;
    plan_merge m = {sources, taken, plan->interval, plan->interval.unit ? kl_interval_length_us(&plan->interval) : 0};
    for (uint32_t s = 0; taken && s < plan->n_sources; s++) taken[s] = 0;
    int in_place = plan_in_place(state, &m, out);
    size_t rows = kl__program_chunk_rows(plan->program, in_place), n = sources[0]->n;
    for (size_t at = 0, part; at < n; at += part) {
        part = n - at < rows ? n - at : rows;
        if (coarse) {
            part = plan_merge_rows(state, &m, at, part, rows, coarse);
            plan_merge_cut(plan, coarse, part, rows);
        }
        plan_inputs(state, &m, at, part, coarse);
        kl__program_chunk(plan->program, memory, kl__plan_at(state, state->in), part, out, at, coarse, in_place,
                          plan->n_times ? 0 : at, (size_t)state->symbols, symbol, NULL);
        for (uint32_t s = 1; coarse && s < plan->n_sources; s++)
            if (plan->sources[s].slow) taken[s] += coarse[s].n;
    }
    if (plan->n_sources > 1 || n == 0) return;
    plan_inputs(state, &m, n, 0, coarse);
    kl__program_again(plan->program, memory, kl__plan_at(state, state->in), (size_t)state->symbols, symbol);
}

static void plan_run_done(kl_plan_state *state, const kl_columns *const *sources, size_t *taken) {
    const kl_plan *plan = state->plan;
    kl_time *last = kl__plan_at(state, state->last);
    for (uint32_t s = 0; s < plan->n_sources; s++) {
        const size_t n = s && plan->sources[s].slow ? taken[s] : sources[s]->n;
        if (n && sources[s]->open_time_us) last[s] = sources[s]->open_time_us[n - 1];
    }
    if (sources[0]->n) kl__program_settle(plan->program, kl__plan_at(state, state->run), (size_t)state->symbols);
    for (uint32_t s = 0; taken && s < plan->n_sources; s++)
        if (!plan->sources[s].slow) taken[s] = sources[0]->n;
}

kl_status kl_plan_run(kl_plan_state *state, const kl_columns *const *sources, size_t *taken, double *const *out, kl_error *error) {
    KL__TRY(plan_check(state, sources, taken, out, error));
    if (state->symbols != 1)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "the state is one of %u symbols: run it as a panel", (unsigned)state->symbols);
    plan_run_symbol(state, 0, sources, taken, out);
    plan_run_done(state, sources, taken);
    return KL_OK;
}

/* --------------------------------------------------------------------------------------------- rows of all symbols --- */

typedef struct plan_panel {
    const kl_plan_state *state;
    const plan_merge *merge; /* of the first symbol */
    size_t at;
} plan_panel;

static const double *plan_panel_input(const void *ctx, size_t symbol, uint32_t i) {
    const plan_panel *panel = ctx;
    const kl_plan *plan = panel->state->plan;
    const kl__program_input *input = &kl__program_inputs(plan->program)[i];
    const double *const *first = kl__plan_at(panel->state, panel->state->in);
    if (input->column == KL_COL_TIME) return first[i]; /* one grid */
    const double *x = kl__column_get(panel->merge->sources[symbol * plan->n_sources + input->source], input->column);
    return x ? x + (input->clock ? panel->merge->taken[input->source] : panel->at) : NULL;
}

/* The grid is one, so coarser rows are merged once for all symbols. */
static void plan_run_all(kl_plan_state *state, const kl_columns *const *sources, size_t *taken, double *const *out) {
    const kl_plan *plan = state->plan;
    const size_t symbols = (size_t)state->symbols, rows = kl__program_panel_rows(plan->program, symbols), n = sources[0]->n;
    kl__coarse *coarse = plan->n_slow ? kl__plan_at(state, state->coarse) : NULL;
    const plan_merge m = {sources, taken, plan->interval, plan->interval.unit ? kl_interval_length_us(&plan->interval) : 0};
    for (uint32_t s = 0; taken && s < plan->n_sources; s++) taken[s] = 0;
    for (size_t at = 0, part; at < n; at += part) {
        part = n - at < rows ? n - at : rows;
        if (coarse) {
            part = plan_merge_rows(state, &m, at, part, rows, coarse);
            plan_merge_cut(plan, coarse, part, rows);
        }
        plan_inputs(state, &m, at, part, coarse);
        const plan_panel panel = {state, &m, at};
        kl__program_panel(plan->program, kl__plan_at(state, state->run), symbols, &(kl__panel){plan_panel_input, &panel, out, at, part, coarse});
        for (uint32_t s = 1; coarse && s < plan->n_sources; s++)
            if (plan->sources[s].slow) taken[s] += coarse[s].n;
    }
}

kl_status kl_plan_run_panel(kl_plan_state *state, const kl_columns *const *sources, size_t *taken, double *const *out, kl_error *error) {
    KL__TRY(plan_check(state, sources, taken, out, error));
    KL__TRY(plan_check_grid(state, sources, error));
    const kl_plan *plan = state->plan;
    if (plan->program->n_panel) plan_run_all(state, sources, taken, out);
    else
        for (size_t s = 0; s < state->symbols; s++)
            plan_run_symbol(state, s, sources + s * plan->n_sources, taken, out + s * plan->n_outputs);
    plan_run_done(state, sources, taken);
    return KL_OK;
}

/* --------------------------------------------------------------------------------------------- a row of each symbol --- */

static int plan_lacks(const kl_plan *plan, uint32_t clock, const double *const *in) {
    const kl__program *p = plan->program;
    if (!in && p->n_inputs) return 1;
    for (uint32_t i = 0; i < p->n_inputs; i++)
        if (kl__program_inputs(p)[i].clock == clock && !in[i]) return 1;
    return 0;
}

kl_status kl_plan_step(kl_plan_state *state, const double *const *in, double *const *out) {
    if (!state || !out || plan_lacks(state->plan, 0, in)) return KL_E_ARG;
    kl__program_step(state->plan->program, kl__plan_at(state, state->run), (size_t)state->symbols, 0, in, out);
    return KL_OK;
}

kl_status kl_plan_close(kl_plan_state *state, size_t source, const double *const *in) {
    if (!state || source >= state->plan->n_sources || !state->plan->sources[source].slow) return KL_E_ARG;
    if (plan_lacks(state->plan, (uint32_t)source, in)) return KL_E_ARG;
    kl__program_step(state->plan->program, kl__plan_at(state, state->run), (size_t)state->symbols, (uint32_t)source, in, NULL);
    return KL_OK;
}

kl_status kl_plan_peek(kl_plan_state *state, const double *const *in, double *const *out) {
    if (!state || !out || plan_lacks(state->plan, 0, in)) return KL_E_ARG;
    const kl__program *p = state->plan->program;
    size_t work = kl__program_work(p);
    char *run = kl__plan_at(state, state->run), *peek = kl__plan_at(state, state->peek);
    memcpy(peek + work, run + work, (size_t)(p->state_bytes * state->symbols));
    kl__program_step(p, peek, (size_t)state->symbols, 0, in, out);
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------------- at once --- */

kl_status kl_eval(const char *const *texts, size_t n, const kl_plan_options *options, const kl_columns *columns, const kl_alloc *alloc,
                  double *const *out, kl_error *error) {
    kl_plan *plan;
    kl_plan_state *state;
    size_t bytes = 0;
    if (!columns || !out) return kl__fail(error, KL_E_ARG, columns ? 6 : 4, 0, 0, "an argument is missing");
    if (!alloc) alloc = kl_alloc_libc();
    KL__TRY(kl_plan_new(texts, n, options, alloc, &plan, error));
    kl_status status = plan->n_sources == 1 ? kl_plan_state_size(plan, 1, &bytes)
                                            : kl__fail(error, KL_E_UNSUPPORTED, 1, 0, 0, "the expressions need bars of other series: make a plan");
    void *memory = status >= 0 ? alloc->take(alloc->ctx, bytes) : NULL;
    if (status >= 0 && !memory) status = kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the state of the plan");
    if (status >= 0) status = kl_plan_state_init(memory, bytes, plan, 1, &state);
    if (status >= 0) status = kl_plan_run(state, &columns, NULL, out, error);
    if (memory) alloc->give(alloc->ctx, memory, bytes);
    kl_plan_free(plan);
    return status;
}
