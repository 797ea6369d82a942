/* What a run of a mart leaves for the next one, beside the store: the state of the mart, and fingerprints of all rows that it
 * has seen, in blocks. So rows that came late, in a hole, or in another version are found wherever they are, and the mart is run
 * again from there; nothing depends on a watermark. */
#include "marts.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define STATE_BLOCK 64 /* rows of a fingerprint */
#define STATE_MART "mart"
#define STATE_SPEC "mart.spec"
#define STATE_ROWS "mart.rows"
enum { STATE_DEFINITION = 1, STATE_HEAD = KL_SYMBOL_MAX + 16 /* bytes of a symbol before its blocks */ };

void marts_state_free(marts_state *state) { kl_checkpoint_free(state->checkpoint); }

/* ------------------------------------------------------------------------------------------ how it was asked for --- */

#define STATE_LIMITS ((sizeof(kl_label_rules) - offsetof(kl_label_rules, volatility_medium)) / sizeof(double))
#define STATE_SPEC_BYTES (8 * (11 + STATE_LIMITS))

static void state_put(uint8_t *to, uint64_t value) {
    for (int i = 0; i < 8; i++) to[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t state_get(const uint8_t *from) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value |= (uint64_t)from[i] << (8 * i);
    return value;
}

static uint64_t state_bits(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Everything of a spec but its symbols, which may become more. */
static void state_spec(const kl_mart_spec *spec, uint8_t *bytes) {
    const uint64_t words[] = {kl_mart_definition(), (uint64_t)spec->kind, spec->flags, (uint64_t)spec->ratio, (uint64_t)spec->rows,
                              (uint64_t)spec->min_count, (uint64_t)spec->interval.unit, (uint64_t)spec->interval.n,
                              (uint64_t)spec->interval.anchor_us, (uint64_t)spec->baseline_rows, state_bits(spec->baseline_sigmas)};
    const double *limits = &spec->labels.volatility_medium;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++, bytes += 8) state_put(bytes, words[i]);
    for (size_t i = 0; i < STATE_LIMITS; i++, bytes += 8) state_put(bytes, state_bits(limits[i]));
}

/* ------------------------------------------------------------------------------------------------ opening --- */

/* A file that never was a checkpoint is somebody's own. */
static int state_foreign(const char *path) {
    char head[7] = {0};
    FILE *file = fopen(path, "rb");
    if (!file) return 0;
    size_t n = fread(head, 1, sizeof head, file);
    fclose(file);
    return n && (n < sizeof head || memcmp(head, "KLCHKPT", sizeof head));
}

kl_status marts_state_open(marts_state *state, const cli_verb *verb, const char *path, const kl_mart_spec *spec, kl_error *error) {
    uint8_t want[STATE_SPEC_BYTES];
    const void *was;
    size_t n;
    memset(state, 0, sizeof *state);
    state->verb = verb;
    state->path = path;
    kl_status status = kl_checkpoint_new(NULL, &state->checkpoint);
    if (status < 0) return status;
    status = kl_checkpoint_load(state->checkpoint, kl_io_posix(), path, error);
    if (status == KL_E_NOT_FOUND) return KL_OK;
    if (status == KL_E_CORRUPT && state_foreign(path)) return cli_set_error(error, status, 0, "%s is no state of a mart; it is left alone", path);
    if (status == KL_E_CORRUPT || status == KL_E_VERSION) {
        cli_fail(verb, path, status, error);
        cli_note(verb, "the mart is made anew");
        return KL_OK;
    }
    if (status < 0) return status;
    status = kl_checkpoint_get(state->checkpoint, STATE_SPEC, STATE_DEFINITION, &was, &n);
    if (status == KL_E_NOT_FOUND) return cli_set_error(error, KL_E_MISMATCH, 0, "%s is the checkpoint of something else; it is left alone", path);
    state_spec(spec, want);
    state->found = status >= 0 && n == sizeof want && memcmp(was, want, n) == 0;
    if (!state->found) cli_note(verb, "%s is of a mart that was asked for in another way; this one is made anew", path);
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------ fingerprints --- */

/* The section: number of symbols; for each its name, KL_SYMBOL_MAX bytes, its number of rows, the time of the last, and for each block
 * the time of its first row and a hash of its rows. All numbers are 64 bits, little-endian. */
static uint64_t state_mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

static uint64_t state_hash(const marts_series *series, size_t first, size_t n) {
    uint64_t hash = n;
    for (size_t i = first; i < first + n; i++) {
        hash = state_mix(hash, (uint64_t)series->time[i]);
        for (int c = 0; c < MARTS_COLUMNS; c++) hash = state_mix(hash, state_bits(series->column[c][i]));
    }
    return hash;
}

static size_t state_blocks(uint64_t rows) { return (size_t)(rows / STATE_BLOCK + (rows % STATE_BLOCK != 0)); }

/* The part of one symbol in the section: where it begins and how long it is; 0 where the section is cut. */
static size_t state_part(const uint8_t *bytes, size_t n) {
    if (n < STATE_HEAD || state_get(bytes + KL_SYMBOL_MAX) > SIZE_MAX / 32) return 0;
    size_t length = STATE_HEAD + 16 * state_blocks(state_get(bytes + KL_SYMBOL_MAX));
    return length <= n ? length : 0;
}

/* The first time at which a series differs from what its part says. */
static kl_time state_differs(const uint8_t *part, const marts_series *series) {
    const uint64_t known = state_get(part + KL_SYMBOL_MAX);
    const uint8_t *block = part + STATE_HEAD;
    for (size_t first = 0; first < known; first += STATE_BLOCK, block += 16) {
        size_t n = known - first < STATE_BLOCK ? (size_t)(known - first) : STATE_BLOCK;
        kl_time then = (kl_time)state_get(block);
        if (first >= series->n) return then;
        kl_time now = series->time[first];
        if (first + n > series->n || state_hash(series, first, n) != state_get(block + 8)) return now < then ? now : then;
    }
    return known < series->n ? series->time[known] : KL_TIME_MAX;
}

/* Rows of the last run that are not there any more, at least. */
static uint64_t state_gone(const uint8_t *part, const marts_series *series) {
    const uint64_t known = state_get(part + KL_SYMBOL_MAX);
    const kl_time last = (kl_time)state_get(part + KL_SYMBOL_MAX + 8);
    size_t low = 0, high = series->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (series->time[middle] <= last) low = middle + 1;
        else high = middle;
    }
    return known > low ? known - low : 0;
}

kl_time marts_state_changed(const marts_state *state, const marts_rows *rows, int *same) {
    const void *section;
    size_t size, s = 0;
    kl_time first = KL_TIME_MAX;
    *same = 0;
    if (kl_checkpoint_get(state->checkpoint, STATE_ROWS, STATE_DEFINITION, &section, &size) < 0 || size < 8) return KL_TIME_MIN;
    const uint8_t *at = section, *end = at + size;
    uint64_t known = state_get(at);
    int added = 0;
    at += 8;
    for (; known; known--) {
        size_t length = state_part(at, (size_t)(end - at));
        if (!length) return KL_TIME_MIN;
        int order = 1; /* symbols that are new come before this one in the order of names */
        while (s < rows->n && (order = strcmp(rows->series[s].symbol, (const char *)at)) < 0) {
            if (rows->series[s].n && rows->series[s].time[0] < first) first = rows->series[s].time[0];
            added = 1;
            s++;
        }
        if (s == rows->n || order > 0) {
            cli_note(state->verb, "%s is gone since the last run; the mart is made anew, and rows that were given for it should go", (const char *)at);
            return KL_TIME_MIN;
        }
        uint64_t gone = state_gone(at, &rows->series[s]);
        if (gone) cli_note(state->verb, "%s: %llu candles are gone since the last run; rows that were given for them should go", (const char *)at, (unsigned long long)gone);
        kl_time differs = state_differs(at, &rows->series[s++]);
        if (differs < first) first = differs;
        at += length;
    }
    for (; s < rows->n; s++) {
        if (rows->series[s].n && rows->series[s].time[0] < first) first = rows->series[s].time[0];
        added = 1;
    }
    *same = !added;
    return first;
}

kl_status marts_state_restore(const marts_state *state, kl_mart *mart, kl_error *error) {
    const void *bytes;
    size_t n;
    if (kl_checkpoint_get(state->checkpoint, STATE_MART, kl_mart_definition(), &bytes, &n) < 0) return KL_E_DEFINITION;
    return kl_mart_restore(mart, bytes, n, error);
}

static kl_status state_rows(marts_state *state, const marts_rows *rows) {
    size_t size = 8;
    for (size_t s = 0; s < rows->n; s++) size += STATE_HEAD + 16 * state_blocks(rows->series[s].n);
    uint8_t *bytes = calloc(1, size), *at = bytes;
    if (!bytes) return KL_E_MEMORY;
    state_put(at, rows->n);
    at += 8;
    for (size_t s = 0; s < rows->n; s++) {
        const marts_series *series = &rows->series[s];
        strcpy((char *)at, series->symbol);
        state_put(at + KL_SYMBOL_MAX, series->n);
        state_put(at + KL_SYMBOL_MAX + 8, (uint64_t)(series->n ? series->time[series->n - 1] : KL_TIME_MIN));
        at += STATE_HEAD;
        for (size_t first = 0; first < series->n; first += STATE_BLOCK, at += 16) {
            state_put(at, (uint64_t)series->time[first]);
            state_put(at + 8, state_hash(series, first, series->n - first < STATE_BLOCK ? series->n - first : STATE_BLOCK));
        }
    }
    kl_status status = kl_checkpoint_set(state->checkpoint, STATE_ROWS, STATE_DEFINITION, bytes, size);
    free(bytes);
    return status;
}

kl_status marts_state_save(marts_state *state, const kl_mart_spec *spec, const marts_rows *rows, const kl_mart *mart, kl_error *error) {
    uint8_t asked[STATE_SPEC_BYTES];
    size_t size = kl_mart_snapshot_size(mart), used = 0;
    void *bytes = malloc(size);
    kl_status status = bytes ? kl_mart_snapshot(mart, bytes, size, &used) : KL_E_MEMORY;
    if (status >= 0) status = kl_checkpoint_set(state->checkpoint, STATE_MART, kl_mart_definition(), bytes, used);
    free(bytes);
    state_spec(spec, asked);
    if (status >= 0) status = kl_checkpoint_set(state->checkpoint, STATE_SPEC, STATE_DEFINITION, asked, sizeof asked);
    if (status >= 0) status = state_rows(state, rows);
    return status < 0 ? status : kl_checkpoint_save(state->checkpoint, kl_io_posix(), state->path, error);
}
