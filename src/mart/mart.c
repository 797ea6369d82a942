/* What a mart is made of: its spec, checked, its memory, laid out. */
#include "base/fp.h"
#include "base/size.h"
#include "mart/mart.h"
#include <string.h>

static const mart_kind *const mart_kinds[] = {&kl__mart_returns, &kl__mart_volume, &kl__mart_movers, &kl__mart_matrix, &kl__mart_market};

const mart_kind *kl__mart_kind_of(const kl_mart_spec *spec) {
    if (spec->kind < KL_MART_RETURNS || spec->kind > KL_MART_MARKET) return NULL;
    return spec->kind == KL_MART_CORRELATIONS && mart_by_rows(spec) ? &kl__mart_pairs : mart_kinds[spec->kind - 1];
}

const char *kl_mart_name(int32_t kind) {
    return kind < KL_MART_RETURNS || kind > KL_MART_MARKET ? NULL : mart_kinds[kind - 1]->name;
}

int32_t kl_mart_find(const char *name) {
    for (int32_t kind = KL_MART_RETURNS; name && kind <= KL_MART_MARKET; kind++)
        if (strcmp(name, mart_kinds[kind - 1]->name) == 0) return kind;
    return 0;
}

uint32_t kl_mart_definition(void) { return MART_DEFINITION; }
kl_time kl_mart_last_time(const kl_mart *mart) { return mart ? mart->last_time : KL_TIME_NONE; }

kl_status kl_mart_spec_init(kl_mart_spec *spec, int32_t kind, int64_t symbols) {
    if (!spec) return KL_E_ARG;
    memset(spec, 0, sizeof *spec);
    spec->struct_size = sizeof *spec;
    spec->kind = kind;
    spec->symbols = symbols;
    spec->rows = 24;
    spec->interval.unit = KL_HOUR;
    spec->interval.n = 1;
    spec->baseline_sigmas = 3;
    return kl_label_rules_init(&spec->labels);
}

/* ------------------------------------------------------------------------------------------------------- spec --- */

static kl_status mart_check(const kl_mart_spec *s, kl_error *error) {
    int pairs = s->kind == KL_MART_CORRELATIONS, several = pairs || s->kind == KL_MART_MARKET;
    kl_time open;
    if (s->struct_size != sizeof *s) return kl__fail(error, KL_E_ARG, 1, 0, 0, "struct_size is not that of this library");
    if (!kl__mart_kind_of(s)) return kl__fail(error, KL_E_ARG, 1, 0, 0, "there is no mart of kind %d", (int)s->kind);
    if (s->flags & ~(uint32_t)(KL_MART_ROWS | KL_MART_COMPAT)) return kl__fail(error, KL_E_ARG, 1, 0, 0, "flags has unknown bits");
    if (s->kind == KL_MART_MARKET && mart_compat(s))
        return kl__fail(error, KL_E_UNSUPPORTED, 1, 0, 0, "the reference warehouse publishes no mart of the market: KL_MART_COMPAT has none to follow");
    if (s->ratio != KL_MART_RATIO_VOLUME && s->ratio != KL_MART_RATIO_VOLATILITY)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "there is no ratio %d", (int)s->ratio);
    if (s->symbols < 1 + several || s->symbols > KL_MART_SYMBOLS_MAX)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "symbols is not in %d..%d", 1 + several, KL_MART_SYMBOLS_MAX);
    if (s->rows < 2 || s->rows > KL_MART_ROWS_MAX) return kl__fail(error, KL_E_ARG, 1, 0, 0, "rows is not in 2..%d", KL_MART_ROWS_MAX);
    if (s->min_count < 0 || s->min_count == 1 || s->min_count > s->rows)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "min_count is neither 0 nor in 2..rows");
    if (s->baseline_rows != 0 && (!pairs || s->rows < 4 || s->baseline_rows < 4 || s->baseline_rows > KL_MART_ROWS_MAX))
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "a baseline is for correlations, of 4..%d rows, and compared with 4 rows or more", KL_MART_ROWS_MAX);
    if (s->baseline_rows != 0 && mart_compat(s)) return kl__fail(error, KL_E_ARG, 1, 0, 0, "KL_MART_COMPAT knows no baseline");
    if (!(s->baseline_sigmas > 0) || !kl__known(s->baseline_sigmas))
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "baseline_sigmas is not above 0");
    kl_status status = kl_interval_floor(&s->interval, KL_TIME_MIN, &open);
    if (status < 0) return kl__fail(error, status, 1, 0, 0, "the interval is none");
    return kl_label_rules_check(&s->labels, error);
}

/* ----------------------------------------------------------------------------------------------------- memory --- */

/* Reserves count * size bytes behind *total, aligned; 1: too large. */
static int mart_reserve(size_t *total, size_t count, size_t size, size_t *offset) {
    size_t bytes;
    if (*total > SIZE_MAX - 64) return 1;
    *offset = *total = kl__round_up(*total, 64);
    return kl__size_mul(count, size, &bytes) || kl__size_add(*total, bytes, total);
}

static kl_status mart_corr_spec(const kl_mart_spec *spec, int64_t rows, kl_corr_spec *corr) {
    KL__TRY(kl_corr_spec_init(corr, spec->symbols, rows));
    if (spec->min_count > 0) {
        corr->flags = KL_CORR_PAIRWISE;
        corr->min_count = spec->min_count;
    }
    return KL_OK;
}

/* The matrices of correlations on the grid: bytes of each, 0 where there is none. */
static kl_status mart_corr_bytes(const kl_mart_spec *spec, size_t bytes[2], kl_error *error) {
    const int64_t rows[2] = {spec->rows, spec->baseline_rows};
    bytes[0] = bytes[1] = 0;
    for (size_t i = 0; i < 2 && kl__mart_kind_of(spec)->matrices; i++) {
        kl_corr_spec corr;
        if (rows[i] == 0) continue;
        KL__TRY(mart_corr_spec(spec, rows[i], &corr));
        KL__TRY(kl_corr_size(&corr, &bytes[i], error));
    }
    return KL_OK;
}

static kl_status mart_lay_windows(kl_mart *m, size_t *largest, kl_error *error) {
    kl_roll_spec window[MART_WINDOWS_MAX];
    m->windows = kl__mart_kind_of(&m->spec)->windows(&m->spec, window);
    m->at.unit_bytes = *largest = 0;
    for (size_t w = 0; w < m->windows; w++) {
        size_t bytes;
        KL__TRY(kl_roll_size(&window[w], &bytes, error));
        if (bytes > *largest) *largest = bytes;
        m->at.window_bytes[w] = bytes;
        if (mart_reserve(&m->at.unit_bytes, bytes, 1, &m->at.window[w])) return KL_E_OVERFLOW;
    }
    m->at.unit_bytes = kl__round_up(m->at.unit_bytes, 64);
    return KL_OK;
}

/* Fills all of a mart but its contents. */
static kl_status mart_lay_out(kl_mart *m, const kl_mart_spec *spec, kl_error *error) {
    memset(m, 0, sizeof *m);
    KL__TRY(mart_check(spec, error));
    m->spec = *spec;
    const mart_kind *kind = kl__mart_kind_of(spec);
    size_t symbols = (size_t)spec->symbols, total = sizeof *m, corr[2], largest, pairs = kl_pair_count(symbols);
    m->symbols = symbols;
    m->units = kind == &kl__mart_pairs ? pairs : kind == &kl__mart_matrix ? 0 : symbols + (kind == &kl__mart_market);
    m->states = kind == &kl__mart_pairs ? symbols + pairs : symbols + (kind == &kl__mart_market);
    m->chunk = MART_CHUNK_MAX;
    while (m->chunk > MART_CHUNK_MIN && m->chunk * symbols > MART_CHUNK_VALUES) m->chunk /= 2;
    KL__TRY(mart_corr_bytes(spec, corr, error));
    kl_status status = mart_lay_windows(m, &largest, error);
    if (status < 0 && status != KL_E_OVERFLOW) return status;
    mart_layout *at = &m->at;
    size_t arrays = m->chunk * (MART_ARRAYS * sizeof(double) + 4 * sizeof(size_t) + sizeof(int64_t));
    size_t head = 4096 + symbols * KL_SYMBOL_MAX; /* a restore makes one in the same place */
    if (largest < head) largest = head;
    int over = status < 0 || mart_reserve(&total, symbols, KL_SYMBOL_MAX, &at->names) ||
               mart_reserve(&total, symbols, sizeof(uint64_t), &at->order) ||
               mart_reserve(&total, m->states, sizeof(mart_state), &at->states) ||
               mart_reserve(&total, m->units, at->unit_bytes, &at->windows) || mart_reserve(&total, corr[0], 1, &at->corr) ||
               mart_reserve(&total, corr[1], 1, &at->baseline) ||
               mart_reserve(&total, kind == &kl__mart_matrix ? 3 * pairs + symbols : kind->matrices * pairs, sizeof(double), &at->matrix) ||
               mart_reserve(&total, kind == &kl__mart_matrix ? pairs : 0, sizeof(size_t), &at->places) ||
               mart_reserve(&total, symbols, sizeof(kl__table_text), &at->texts) ||
               mart_reserve(&total, kind == &kl__mart_movers ? symbols : 0, sizeof(double) + sizeof(size_t), &at->ranks) ||
               mart_reserve(&total, kind == &kl__mart_market ? m->chunk : 0, sizeof(mart_time), &at->times) ||
               mart_reserve(&total, arrays > largest ? arrays : largest, 1, &at->arrays) ||
               mart_reserve(&total, symbols * kind->panel_arrays, m->chunk * (sizeof(double) + sizeof(size_t)), &at->panel);
    at->total = total;
    return over ? kl__fail(error, KL_E_OVERFLOW, 1, 0, 0, "a mart of so many symbols and rows does not fit the memory") : KL_OK;
}

kl_status kl_mart_size(const kl_mart_spec *spec, size_t *bytes, kl_error *error) {
    kl_mart m;
    if (!spec || !bytes) return kl__fail(error, KL_E_ARG, spec ? 2 : 1, 0, 0, "an argument is missing");
    KL__TRY(mart_lay_out(&m, spec, error));
    *bytes = m.at.total;
    return KL_OK;
}

static kl_status mart_check_names(const char *const *names, size_t symbols, kl_error *error) {
    for (size_t i = 0; i < symbols; i++) {
        if (!names[i] || !names[i][0]) return kl__fail(error, KL_E_SYMBOL, 4, (int64_t)i + 1, 0, "the symbol has no name");
        if (strlen(names[i]) >= KL_SYMBOL_MAX) return kl__fail(error, KL_E_SYMBOL, 4, (int64_t)i + 1, 0, "the name of the symbol is too long");
        for (size_t j = 0; j < i; j++)
            if (strcmp(names[i], names[j]) == 0) return kl__fail(error, KL_E_DUPLICATE, 4, (int64_t)i + 1, 0, "%s comes twice", names[i]);
    }
    return KL_OK;
}

static kl_status mart_start_windows(kl_mart *m, kl_error *error) {
    kl_roll_spec window[MART_WINDOWS_MAX];
    size_t windows = kl__mart_kind_of(&m->spec)->windows(&m->spec, window);
    const size_t corr[2] = {m->at.corr, m->at.baseline};
    const int64_t rows[2] = {m->spec.rows, m->spec.baseline_rows};
    size_t bytes[2];
    for (size_t u = 0; u < m->units; u++)
        for (size_t w = 0; w < windows; w++) {
            kl_roll *roll;
            KL__TRY(kl_roll_init(mart_window(m, u, w), m->at.window_bytes[w], &window[w], &roll, error));
        }
    KL__TRY(mart_corr_bytes(&m->spec, bytes, error));
    for (size_t i = 0; i < 2; i++) {
        kl_corr_spec spec;
        kl_corr *made;
        if (bytes[i] == 0) continue;
        KL__TRY(mart_corr_spec(&m->spec, rows[i], &spec));
        KL__TRY(kl_corr_init(mart_at(m, corr[i]), bytes[i], &spec, &made, error));
    }
    return KL_OK;
}

kl_status kl_mart_init(void *memory, size_t bytes, const kl_mart_spec *spec, const char *const *names, kl_mart **mart, kl_error *error) {
    kl_mart made;
    if (!memory || (uintptr_t)memory % 64) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the memory is missing or not aligned to 64");
    if (!spec || !names || !mart) return kl__fail(error, KL_E_ARG, !spec ? 3 : !names ? 4 : 5, 0, 0, "an argument is missing");
    KL__TRY(mart_lay_out(&made, spec, error));
    if (bytes < made.at.total) return kl__fail(error, KL_E_SIZE, 2, 0, 0, "the mart needs more memory: see kl_mart_size");
    KL__TRY(mart_check_names(names, made.symbols, error));
    kl_mart *m = (kl_mart *)memory;
    memset(m, 0, made.at.total);
    *m = made;
    m->last_time = KL_TIME_NONE;
    uint64_t *order = mart_order(m);
    for (size_t i = 0; i < m->symbols; i++) { /* insertion in order of names */
        size_t k = i;
        for (; k > 0 && strcmp(names[order[k - 1]], names[i]) > 0; k--) order[k] = order[k - 1];
        order[k] = i;
    }
    for (size_t k = 0; k < m->symbols; k++) memcpy(mart_symbol(m, k), names[order[k]], strlen(names[order[k]]));
    for (size_t i = 0; i < m->states; i++) mart_states(m)[i].close = mart_states(m)[i].peak = mart_states(m)[i].before = (double)NAN;
    KL__TRY(mart_start_windows(m, error));
    *mart = m;
    return KL_OK;
}
