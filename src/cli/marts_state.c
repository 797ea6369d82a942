/* What a run of a mart leaves for the next one, beside the store: the state of the mart, and fingerprints of all rows that it
 * has seen, in blocks. So rows that came late, in a hole, or in another version are found wherever they are, and the mart is run
 * again from there; nothing depends on a watermark. */
#include "marts.h"
#include <stdlib.h>
#include <string.h>

#define STATE_BLOCK 256 /* rows of a fingerprint */
#define STATE_MART "mart"
#define STATE_ROWS "mart.rows"
#define STATE_ROWS_DEFINITION 1

kl_status marts_state_open(marts_state *state, const cli_verb *verb, const char *path, kl_error *error) {
    memset(state, 0, sizeof *state);
    state->path = path;
    kl_status status = kl_checkpoint_new(NULL, &state->checkpoint);
    if (status < 0) return status;
    status = kl_checkpoint_load(state->checkpoint, kl_io_posix(), path, error);
    state->found = status >= 0;
    if (status == KL_E_CORRUPT || status == KL_E_VERSION) {
        cli_fail(verb, path, status, error);
        cli_note(verb, "the mart is made anew");
        return KL_OK;
    }
    return status == KL_E_NOT_FOUND ? KL_OK : status;
}

void marts_state_free(marts_state *state) { kl_checkpoint_free(state->checkpoint); }

/* ------------------------------------------------------------------------------------------ fingerprints --- */

/* The section: number of symbols; for each its name, KL_SYMBOL_MAX bytes, its number of rows, and for each block the time of its first
 * row and a hash of its rows. All numbers are 64 bits, little-endian. */
static void state_put(uint8_t *to, uint64_t value) {
    for (int i = 0; i < 8; i++) to[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t state_get(const uint8_t *from) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value |= (uint64_t)from[i] << (8 * i);
    return value;
}

static uint64_t state_mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

static uint64_t state_hash(const marts_series *series, size_t first, size_t n) {
    uint64_t hash = n, bits;
    for (size_t i = first; i < first + n; i++) {
        hash = state_mix(hash, (uint64_t)series->time[i]);
        for (int c = 0; c < MARTS_COLUMNS; c++) {
            memcpy(&bits, &series->column[c][i], sizeof bits);
            hash = state_mix(hash, bits);
        }
    }
    return hash;
}

static size_t state_blocks(uint64_t rows) { return (size_t)(rows / STATE_BLOCK + (rows % STATE_BLOCK != 0)); }

/* The part of one symbol in the section: where it begins and how long it is; 0 where the section is cut. */
static size_t state_part(const uint8_t *bytes, size_t n) {
    if (n < KL_SYMBOL_MAX + 8 || state_get(bytes + KL_SYMBOL_MAX) > SIZE_MAX / 32) return 0;
    size_t length = KL_SYMBOL_MAX + 8 + 16 * state_blocks(state_get(bytes + KL_SYMBOL_MAX));
    return length <= n ? length : 0;
}

/* The first time at which a series differs from what its part says. */
static kl_time state_differs(const uint8_t *part, const marts_series *series) {
    const uint64_t known = state_get(part + KL_SYMBOL_MAX);
    const uint8_t *block = part + KL_SYMBOL_MAX + 8;
    for (size_t first = 0; first < known; first += STATE_BLOCK, block += 16) {
        size_t n = known - first < STATE_BLOCK ? (size_t)(known - first) : STATE_BLOCK;
        kl_time then = (kl_time)state_get(block);
        if (first >= series->n) return then;
        kl_time now = series->time[first];
        if (first + n > series->n || state_hash(series, first, n) != state_get(block + 8)) return now < then ? now : then;
    }
    return known < series->n ? series->time[known] : KL_TIME_MAX;
}

kl_time marts_state_changed(const marts_state *state, const marts_rows *rows, int *same) {
    const void *section;
    size_t size, s = 0;
    kl_time first = KL_TIME_MAX;
    *same = 0;
    if (kl_checkpoint_get(state->checkpoint, STATE_ROWS, STATE_ROWS_DEFINITION, &section, &size) < 0 || size < 8) return KL_TIME_MIN;
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
        if (s == rows->n || order > 0) return KL_TIME_MIN; /* a symbol is gone: its rows have to go from the marts */
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
    for (size_t s = 0; s < rows->n; s++) size += KL_SYMBOL_MAX + 8 + 16 * state_blocks(rows->series[s].n);
    uint8_t *bytes = calloc(1, size), *at = bytes;
    if (!bytes) return KL_E_MEMORY;
    state_put(at, rows->n);
    at += 8;
    for (size_t s = 0; s < rows->n; s++) {
        const marts_series *series = &rows->series[s];
        strcpy((char *)at, series->symbol);
        state_put(at + KL_SYMBOL_MAX, series->n);
        at += KL_SYMBOL_MAX + 8;
        for (size_t first = 0; first < series->n; first += STATE_BLOCK, at += 16) {
            state_put(at, (uint64_t)series->time[first]);
            state_put(at + 8, state_hash(series, first, series->n - first < STATE_BLOCK ? series->n - first : STATE_BLOCK));
        }
    }
    kl_status status = kl_checkpoint_set(state->checkpoint, STATE_ROWS, STATE_ROWS_DEFINITION, bytes, size);
    free(bytes);
    return status;
}

kl_status marts_state_save(marts_state *state, const marts_rows *rows, const kl_mart *mart, kl_error *error) {
    size_t size = kl_mart_snapshot_size(mart), used = 0;
    void *bytes = malloc(size);
    kl_status status = bytes ? kl_mart_snapshot(mart, bytes, size, &used) : KL_E_MEMORY;
    if (status >= 0) status = kl_checkpoint_set(state->checkpoint, STATE_MART, kl_mart_definition(), bytes, used);
    free(bytes);
    if (status >= 0) status = state_rows(state, rows);
    return status < 0 ? status : kl_checkpoint_save(state->checkpoint, kl_io_posix(), state->path, error);
}
