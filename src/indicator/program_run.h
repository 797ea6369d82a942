/* Running a finished program: over rows of one symbol, or over one row of many. */
#ifndef KL__INDICATOR_PROGRAM_RUN_H
#define KL__INDICATOR_PROGRAM_RUN_H
#include "indicator/program.h"

/* What is known of a value while rows are under way. */
typedef struct kl__live {
    const double *at; /* its rows */
    double *to;       /* the caller's array where it is wanted; NULL: a buffer */
    uint32_t rough;   /* KL__ROWS_* */
    double *wanted;   /* the caller's array where rows go to a buffer first */
} kl__live;

/* The rows of a coarser source within the rows under way: row k is known from row first[k] on. */
typedef struct kl__coarse {
    size_t n;
    const uint16_t *first;
} kl__coarse;

/* The memory of a program that runs over `symbols` symbols: a kl__live for each value, buffers where the stack has no room for
 * them, then the states, node after node, those of all symbols of a node together. Returns 1 where it does not fit. */
int kl__program_memory(const kl__program *p, size_t symbols, size_t *bytes);
void kl__program_init(const kl__program *p, void *memory, size_t symbols);
/* Bytes before the states, and states. */
size_t kl__program_work(const kl__program *p);
void kl__program_pack(const kl__program *p, void *memory, size_t symbols, kl__snap *snap);
/* Rows that one kl__program_chunk may have at most, in place (an output is an input) or not. */
size_t kl__program_chunk_rows(const kl__program *p, int in_place);
/* 1 where an output lies where an input lies. */
int kl__program_in_place(const kl__program *p, const double *const *in, size_t n, double *const *out);

/* Any number of rows of one symbol of a program with KL_INPUTS_MAX inputs at most and one clock. in[i]: of input i. `missing`: NULL, or grows by the rows with a
 * missing input. */
void kl__program_rows(const kl__program *p, void *memory, const double *const *in, size_t n, double *const *out, uint64_t *missing);
/* One chunk of n rows of symbol `symbol` of `symbols`, of a program without nodes over all symbols or of one symbol: in[i] begins with them, out[o][at] belongs to the first. coarse[c]: rows of clock c, or NULL
 * where there are no such clocks; they are run first. n = 0: only those. behind: rows of clock 0 that lie in front of each in[i], known
 * from earlier chunks. */
void kl__program_chunk(const kl__program *p, void *memory, const double *const *in, size_t n, double *const *out, size_t at,
                       const kl__coarse *coarse, int in_place, size_t behind, size_t symbols, size_t symbol, uint64_t *missing);
/* After the last chunk of a symbol, of a program of one clock: in[i] lies behind its last row. */
void kl__program_again(const kl__program *p, void *memory, const double *const *in, size_t symbols, size_t symbol);
void kl__program_settle(const kl__program *p, void *memory, size_t symbols);
/* One row of all symbols, of clock 0 or of that of a coarser source (`out` is not used then). */
void kl__program_step(const kl__program *p, void *memory, size_t symbols, uint32_t clock, const double *const *in, double *const *out);

/* The same for programs with nodes over all symbols. Their memory has buffers for all of them. */
void kl__program_panel_step(const kl__program *p, void *memory, size_t symbols, uint32_t clock, const double *const *in, double *const *out);
int kl__program_panel_memory(const kl__program *p, size_t symbols, size_t *bytes); /* added to bytes; 1 where it does not fit */
/* Rows that one kl__program_panel may have at most. */
size_t kl__program_panel_rows(const kl__program *p, size_t symbols);

/* A chunk of rows of all symbols, for programs with nodes over all symbols. */
typedef struct kl__panel {
    const double *(*input)(const void *ctx, size_t symbol, uint32_t input); /* its rows */
    const void *ctx;
    double *const *out; /* arrays of the first symbol, then of the second ...; NULL where one is not wanted; none lies where an input lies */
    size_t at, n;       /* out[..][at] belongs to the first of n rows */
    const kl__coarse *coarse; /* as for kl__program_chunk, for all symbols */
} kl__panel;
void kl__program_panel(const kl__program *p, void *memory, size_t symbols, const kl__panel *job);

/* The program of a running indicator that has a formula. */
KL__INLINE const kl__program *kl__run_program(const kl_run *run) { return (const kl__program *)kl__run_state(run); }
void kl__run_pack(kl_run *run, kl__snap *p);

#endif
