/* The rolling matrix: its memory, and rows that come in. */
#include "base/fp.h"
#include "base/size.h"
#include "corr/corr_symbols.h"
#include <string.h>

kl_status kl_corr_spec_init(kl_corr_spec *spec, int64_t symbols, int64_t rows) {
    if (!spec) return KL_E_ARG;
    memset(spec, 0, sizeof *spec);
    spec->struct_size = (uint32_t)sizeof *spec;
    spec->symbols = symbols;
    spec->rows = rows;
    return KL_OK;
}

kl_status kl__corr_check(const kl_corr_spec *spec, kl_error *error) {
    if (!spec) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the spec is missing");
    if (spec->struct_size < sizeof *spec) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the spec was not made by kl_corr_spec_init");
    if (spec->symbols < 2 || spec->symbols > KL_CORR_SYMBOLS_MAX)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "a matrix has 2 to %d symbols, not %lld", KL_CORR_SYMBOLS_MAX, (long long)spec->symbols);
    if (spec->rows < 2 || spec->rows > KL_CORR_ROWS_MAX)
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "a window has 2 to %d rows, not %lld", KL_CORR_ROWS_MAX, (long long)spec->rows);
    if (spec->flags & ~(uint32_t)KL_CORR_PAIRWISE) return kl__fail(error, KL_E_ARG, 1, 0, 0, "a flag is not known");
    if (spec->flags & KL_CORR_PAIRWISE) {
        if (spec->min_count < 2 || spec->min_count > spec->rows)
            return kl__fail(error, KL_E_ARG, 1, 0, 0, "min_count is 2 to %lld, not %lld", (long long)spec->rows, (long long)spec->min_count);
    } else if (spec->min_count != 0) {
        return kl__fail(error, KL_E_ARG, 1, 0, 0, "min_count goes with KL_CORR_PAIRWISE only");
    }
    return KL_OK;
}

/* Lays `count` times `each` doubles behind what is there, at a multiple of 64 bytes. */
static int corr_lay(size_t *end, size_t count, size_t each, size_t *begin) {
    size_t size;
    *begin = *end;
    return kl__size_mul(count, each, &size) || kl__size_add(size, 7, &size) || kl__size_add(*end, size & ~(size_t)7, end);
}

int kl__corr_layout(size_t symbols, size_t rows, kl__corr_parts *parts) {
    const size_t groups = (symbols + KL__CORR_L - 1) / KL__CORR_L, lanes = groups * KL__CORR_L;
    size_t head, bytes;
    parts->end = 0;
    return corr_lay(&parts->end, (sizeof(kl_corr) + 7) / 8, 1, &head) || corr_lay(&parts->end, kl__corr_tables_size(rows), 1, &parts->tables) ||
           corr_lay(&parts->end, groups, sizeof(kl__corr_sums) / 8, &parts->sums) ||
           corr_lay(&parts->end, groups, sizeof(kl__corr_now) / 8, &parts->now) || corr_lay(&parts->end, lanes, rows, &parts->x) ||
           corr_lay(&parts->end, lanes, rows, &parts->increment) || corr_lay(&parts->end, lanes, rows, &parts->mean) ||
           corr_lay(&parts->end, lanes, rows, &parts->m2) || corr_lay(&parts->end, rows, KL__CORR_L, &parts->weighted) ||
           corr_lay(&parts->end, groups * (groups + 1) / 2, KL__CORR_L * KL__CORR_L, &parts->tiles) ||
           kl__size_mul(parts->end, sizeof(double), &bytes);
}

kl_status kl_corr_size(const kl_corr_spec *spec, size_t *bytes, kl_error *error) {
    kl__corr_parts parts;
    KL__TRY(kl__corr_check(spec, error));
    if (!bytes) return kl__fail(error, KL_E_ARG, 2, 0, 0, "there is no place for the size");
    if (kl__corr_layout((size_t)spec->symbols, (size_t)spec->rows, &parts))
        return kl__fail(error, KL_E_OVERFLOW, 1, 0, 0, "%lld symbols by %lld rows do not fit the memory of this machine",
                        (long long)spec->symbols, (long long)spec->rows);
    *bytes = parts.end * sizeof(double);
    return KL_OK;
}

/* Describes the window of 8 symbols that ends at place p. */
static void corr_describe(kl_corr *corr, const kl__corr_parts *parts, const kl__corr_tables *tables, size_t group, const double *mean,
                          const double *m2) {
    const size_t p = (size_t)corr->at, rows = (size_t)corr->rows, next = (group * rows + (p + 1 < rows ? p + 1 : p)) * KL__CORR_L;
    const double *past_mean = kl__corr_part(corr, parts->mean) + next, *past_m2 = kl__corr_part(corr, parts->m2) + next;
    kl__corr_now *now = kl__corr_now_of(corr, parts, group);
    kl__corr_merge(tables, rows, p, kl__corr_sums_of(corr, parts, group)->anchor, mean, m2, now->past, past_mean, past_m2,
                   now->bridge, now->m2, now->mean);
    kl__corr_kernels_best()->scale(now->m2, now->scale, 1, 0);
}

/* Sums of the suffix of each symbol down to place `low`, newest first, from the values of the block before. */
static void corr_suffix(kl_corr *corr, const kl__corr_parts *parts, size_t low) {
    const size_t rows = (size_t)corr->rows;
    const ptrdiff_t back = -(ptrdiff_t)KL__CORR_L;
    const kl__corr_tables tables = kl__corr_tables_at(kl__corr_part(corr, parts->tables), rows);
    kl__corr_feed_fn feed = kl__corr_feed_best();
    if (low >= rows) return;
    for (size_t g = 0; g < corr->groups; g++) {
        const size_t newest = (g * rows + rows - 1) * KL__CORR_L;
        kl__corr_lane_rows lanes = {kl__corr_part(corr, parts->x) + newest, kl__corr_part(corr, parts->increment) + newest,
                                    kl__corr_part(corr, parts->mean) + newest, kl__corr_part(corr, parts->m2) + newest, back, back, back};
        kl__corr_sums sums = {{0}, {0}, {0}, {0}, {0}};
        feed(&sums, &tables, 0, rows - low, &lanes);
        memcpy(kl__corr_now_of(corr, parts, g)->past, sums.anchor, sizeof sums.anchor);
    }
}

/* Feeds place `from` .. corr->at of the block to the prefix and describes the windows that end there. */
static void corr_prefix(kl_corr *corr, const kl__corr_parts *parts, size_t from) {
    const size_t rows = (size_t)corr->rows, n = (size_t)corr->at + 1 - from;
    const ptrdiff_t step = KL__CORR_L;
    const kl__corr_tables tables = kl__corr_tables_at(kl__corr_part(corr, parts->tables), rows);
    kl__corr_feed_fn feed = kl__corr_feed_best();
    for (size_t g = 0; g < corr->groups; g++) {
        const size_t at = (g * rows + from) * KL__CORR_L;
        double mean[KL__CORR_L], m2[KL__CORR_L];
        kl__corr_lane_rows lanes = {kl__corr_part(corr, parts->x) + at, kl__corr_part(corr, parts->increment) + at, mean, m2, step, step, 0};
        feed(kl__corr_sums_of(corr, parts, g), &tables, from, n, &lanes);
        corr_describe(corr, parts, &tables, g, mean, m2);
    }
}

void kl__corr_rebuild(kl_corr *corr, const kl__corr_parts *parts) {
    corr_suffix(corr, parts, (size_t)corr->at + 1);
    corr_prefix(corr, parts, 0);
    corr->done = 0;
}

/* No value is known up to place p. */
static void corr_forget(kl_corr *corr, const kl__corr_parts *parts, uint64_t p) {
    double *x = kl__corr_part(corr, parts->x);
    for (size_t k = 0; k < corr->groups * corr->rows * KL__CORR_L; k++) x[k] = (double)NAN;
    corr->at = p;
    kl__corr_rebuild(corr, parts);
}

kl_status kl_corr_init(void *memory, size_t bytes, const kl_corr_spec *spec, kl_corr **corr, kl_error *error) {
    size_t need;
    kl__corr_parts parts;
    if (!memory || (uintptr_t)memory % 64 != 0) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the memory is missing or not aligned to 64");
    if (!corr) return kl__fail(error, KL_E_ARG, 4, 0, 0, "there is no place for the object");
    kl_status status = kl_corr_size(spec, &need, error);
    if (status < 0) {
        if (error) error->arg = 3;
        return status;
    }
    if (bytes < need)
        return kl__fail(error, KL_E_SIZE, 2, 0, 0, "the matrix needs %llu bytes, not %llu", (unsigned long long)need, (unsigned long long)bytes);
    kl_corr *made = (kl_corr *)memory;
    memset(made, 0, need);
    made->spec = *spec;
    made->spec.struct_size = (uint32_t)sizeof *spec;
    made->symbols = (uint64_t)spec->symbols;
    made->rows = (uint64_t)spec->rows;
    made->groups = (made->symbols + KL__CORR_L - 1) / KL__CORR_L;
    (void)kl__corr_layout((size_t)made->symbols, (size_t)made->rows, &parts);
    kl__corr_tables_fill(kl__corr_part(made, parts.tables), (size_t)made->rows);
    corr_forget(made, &parts, made->rows - 1);
    *corr = made;
    return KL_OK;
}

uint64_t kl__corr_place(int64_t index, uint64_t rows) {
    int64_t p = index % (int64_t)rows;
    return (uint64_t)(p < 0 ? p + (int64_t)rows : p);
}

/* The next row of the grid; NULL: a row without any value. */
static void corr_push_row(kl_corr *corr, const kl__corr_parts *parts, const double *x) {
    const size_t rows = (size_t)corr->rows;
    if (++corr->at == rows) {
        corr_suffix(corr, parts, 0);
        corr->at = corr->done = 0;
    }
    for (size_t g = 0; g < corr->groups; g++) {
        double *to = kl__corr_part(corr, parts->x) + (g * rows + (size_t)corr->at) * KL__CORR_L;
        for (size_t l = 0; l < KL__CORR_L; l++) {
            size_t i = g * KL__CORR_L + l;
            to[l] = x && i < corr->symbols ? kl__corr_value(x[i]) : (double)NAN;
        }
    }
    corr_prefix(corr, parts, (size_t)corr->at);
}

kl_status kl_corr_push(kl_corr *corr, int64_t index, const double *x, kl_error *error) {
    kl__corr_parts parts;
    if (!corr || !x) return kl__fail(error, KL_E_ARG, corr ? 3 : 1, 0, 0, "an argument is missing");
    if (corr->begun && index <= corr->last)
        return kl__fail(error, KL_E_ORDER, 2, 0, 0, "row %lld does not follow row %lld", (long long)index, (long long)corr->last);
    (void)kl__corr_layout((size_t)corr->symbols, (size_t)corr->rows, &parts);
    uint64_t missing = corr->begun ? (uint64_t)index - (uint64_t)corr->last - 1 : UINT64_MAX, place = kl__corr_place(index, corr->rows);
    if (missing >= corr->rows) corr_forget(corr, &parts, place ? place - 1 : corr->rows - 1);
    else
        while (missing--) corr_push_row(corr, &parts, NULL);
    corr_push_row(corr, &parts, x);
    corr->last = index;
    corr->begun = 1;
    return KL_OK;
}
