/* The inside of a mart. All is kept in byte order of the symbols' names, whatever order they were given in.
 *
 * Rows go through in chunks. A chunk is a list of items: rows of the panel and, on the time grid, rows that it leaves out.
 * For each unit (a symbol; of correlations by rows a pair; of the market the symbols and it) the chunk's values are gathered, run through the unit's windows,
 * and scattered into the table, whose rows were added before. All that a window statistic depends on is in its window, so
 * neither chunks nor calls show in the results. */
#ifndef KL__MART_H
#define KL__MART_H
#include "data/table.h"
#include "kline/corr.h"
#include "kline/mart.h"
#include "kline/window.h"
#include "stat/known.h"

#define MART_DEFINITION 2
#define MART_WINDOWS_MAX 5
#define MART_COLUMNS_MAX 12
#define MART_COLUMN_NAME_MAX 48
#define MART_ARRAYS 12 /* arrays of a chunk's length */
#define MART_CHUNK_MAX 512
#define MART_CHUNK_MIN 64
#define MART_CHUNK_VALUES 8192 /* of all symbols in a chunk, unless the shortest one has more */
#define MART_NONE SIZE_MAX

typedef struct mart_state { /* of a symbol or, `before` alone, a pair */
    double close;  /* of the row before; NaN: it has none */
    double peak;   /* highest so far; NaN before the first */
    double before; /* of the row before: mean of the window of volatility or volume; correlation of the pair */
} mart_state;

typedef struct mart_sum { /* of the known values: two doubles, and how many they are */
    double sum, rest;
    size_t n;
} mart_sum;

typedef struct mart_time { /* what the symbols of one time add up to */
    mart_sum ret, vol;
    size_t candles, worst; /* of the symbols: how many have one; which has fallen most, MART_NONE: unknown */
    double fall;           /* of that one, a fraction */
} mart_time;

/* Byte offsets from the mart. */
typedef struct mart_layout {
    size_t names, order, states, windows, window[MART_WINDOWS_MAX], window_bytes[MART_WINDOWS_MAX], unit_bytes;
    size_t corr, baseline, matrix, places, texts, ranks, times, arrays, panel, total;
} mart_layout;

struct kl_mart {
    kl_mart_spec spec;
    kl_time last_time;
    int64_t last_index; /* on the grid; of the market by rows how many there were */
    size_t symbols, units, windows, states, chunk;
    mart_layout at;
};

typedef struct mart_column {
    char name[MART_COLUMN_NAME_MAX];
    int32_t kind;
} mart_column;

/* One call of kl_mart_run. */
typedef struct mart_run {
    kl_mart *mart;
    const kl_mart_panel *panel;
    kl_time emit_from;
    kl_table *table;
    size_t row, rows;   /* of the table, where the next time begins; how many are added */
    size_t items;       /* of this chunk */
    int64_t last_index; /* on the grid, of the row before it */
    int32_t first;      /* 1: there is no row before it */
    /* of each item: row of the panel, MART_NONE: left out; row of the table for the next unit, MART_NONE: not wanted */
    size_t *source, *next;
    size_t *item, *place; /* of each value of the current unit: its item, its row of the table */
    int64_t *grid;        /* of each item: its number on the grid */
    double *array[MART_ARRAYS];
    double *panel_array;  /* symbols x chunk values, where a kind needs all symbols at once */
    size_t *panel_place;  /* as many places */
    kl__table_text *symbol;     /* names in order, as the table keeps them */
    kl__table_text label[2][8]; /* texts of the labels of this kind; text NULL: unknown */
} mart_run;

typedef struct mart_kind {
    const char *name;
    size_t panel_arrays; /* 1: it needs panel_array and panel_place */
    size_t matrices;     /* 1: it has a matrix, and one of the baseline where that is wanted */
    size_t names_column; /* a column of names of symbols */
    size_t (*columns)(const kl_mart_spec *spec, mart_column *column);
    size_t (*windows)(const kl_mart_spec *spec, kl_roll_spec *window); /* of each unit */
    void (*start)(mart_run *run);
    kl_status (*chunk)(mart_run *run);
} mart_kind;

extern const mart_kind kl__mart_returns, kl__mart_volume, kl__mart_movers, kl__mart_pairs, kl__mart_matrix, kl__mart_market;

/* Rows that a time gives at which so many symbols have a candle. */
KL__INLINE size_t mart_rows_of(const kl_mart_spec *spec, size_t candles) {
    return spec->kind == KL_MART_CORRELATIONS ? kl_pair_count(candles) : spec->kind == KL_MART_MARKET ? candles > 0 : candles;
}

/* How a spec is carried out; NULL where there is no such kind. */
const mart_kind *kl__mart_kind_of(const kl_mart_spec *spec);

KL__INLINE int mart_compat(const kl_mart_spec *spec) { return (spec->flags & KL_MART_COMPAT) != 0; }
KL__INLINE int mart_by_rows(const kl_mart_spec *spec) { return (spec->flags & (KL_MART_ROWS | KL_MART_COMPAT)) != 0; }
KL__INLINE int mart_by_volatility(const kl_mart_spec *spec) { return mart_compat(spec) || spec->ratio == KL_MART_RATIO_VOLATILITY; }
KL__INLINE int mart_wants_volume(const kl_mart_spec *spec) {
    return spec->kind == KL_MART_VOLUME || (spec->kind == KL_MART_MOVERS && !mart_by_volatility(spec));
}
KL__INLINE void *mart_at(const kl_mart *m, size_t offset) { return (unsigned char *)(uintptr_t)m + offset; }
KL__INLINE mart_state *mart_states(const kl_mart *m) { return (mart_state *)mart_at(m, m->at.states); }
KL__INLINE char *mart_symbol(const kl_mart *m, size_t k) { return (char *)mart_at(m, m->at.names) + k * KL_SYMBOL_MAX; }
/* Column of the panel for each symbol in order of names. */
KL__INLINE uint64_t *mart_order(const kl_mart *m) { return (uint64_t *)mart_at(m, m->at.order); }
KL__INLINE kl_roll *mart_window(const kl_mart *m, size_t unit, size_t w) {
    return (kl_roll *)mart_at(m, m->at.windows + unit * m->at.unit_bytes + m->at.window[w]);
}
KL__INLINE double mart_value(const mart_run *run, const double *column, size_t symbol, size_t item) {
    size_t row = run->source[item];
    return row == MART_NONE || !column ? (double)NAN : column[row * run->mart->symbols + symbol];
}

/* columns.c: of a spec, with `<rows><unit>` behind a name that ends in _ */
void kl__mart_add_column(const kl_mart_spec *spec, mart_column *columns, size_t *n, const char *name, int64_t rows, int32_t kind);
/* Gives the table its columns, or checks that it has them. */
kl_status kl__mart_prepare_table(const kl_mart *m, kl_table *table, kl_error *error);
/* The texts of a set of labels. */
void kl__mart_labels(mart_run *run, size_t which, int32_t set);

/* rows.c: gathers the closes of symbol k (array[0]), its items and places; returns how many */
size_t kl__mart_take(mart_run *run, size_t k);
/* Another column of the panel at the items of kl__mart_take, whose closes are still in array[0]. */
void kl__mart_gather(const mart_run *run, const double *column, size_t k, size_t n, double *out);
void kl__mart_put_f64(const mart_run *run, size_t column, size_t n, const double *x); /* each cell of a row has to be put */
void kl__mart_put_flag(const mart_run *run, size_t column, size_t n, const int8_t *flag); /* -1: unknown */
void kl__mart_put_label(const mart_run *run, size_t column, size_t n, const uint8_t *label, size_t which);
void kl__mart_put_text(const mart_run *run, size_t column, size_t n, const kl__table_text *text); /* the same in all rows */
void kl__mart_put_time(const mart_run *run, size_t column, size_t n);
/* The columns symbol and open_time. */
void kl__mart_put_key(const mart_run *run, size_t k, size_t n);
KL__INLINE double *mart_f64(const mart_run *run, size_t column) { return (double *)run->table->column[column].values; }
KL__INLINE int64_t *mart_i64(const mart_run *run, size_t column) { return (int64_t *)run->table->column[column].values; }
KL__INLINE kl__table_text *mart_texts(const mart_run *run, size_t column) { return (kl__table_text *)run->table->column[column].values; }
/* 0 or above; -1: unknown */
KL__INLINE void mart_set_count(const mart_run *run, size_t column, size_t row, int64_t value) {
    mart_i64(run, column)[row] = value < 0 ? 0 : value;
    run->table->column[column].known[row] = value >= 0;
}

/* returns.c: the returns of a symbol by its closes (array[0]), one after the other from state->close, which moves on: in
 * percent, or with KL_MART_COMPAT and for correlations as a fraction */
void kl__mart_return_of(const kl_mart_spec *spec, mart_state *state, size_t n, const double *close, double *prev, double *ret);
KL__INLINE double mart_return(double before, double now, double factor) {
    double r = factor * kl__return_simple(before, now);
    int known = kl__known_price(before) & kl__known_price(now) & kl__known(r);
    return known ? r + 0.0 : (double)NAN;
}
/* Volatility of returns, and the mean of volatilities it is compared with; windows w and w + 1 of unit k. */
kl_status kl__mart_volatility_of(const mart_run *run, size_t k, size_t w, size_t n, const double *ret, double *vol, double *mean);
void kl__mart_volatility_windows(const kl_mart_spec *spec, kl_roll_spec *window);
/* out[j] = x[j - 1], out[0] = *before, which becomes the last x. */
void kl__mart_shift(double *before, size_t n, const double *x, double *out);
void kl__mart_window_spec(const kl_mart_spec *spec, kl_roll_spec *window, int32_t what, int64_t min_count);

#endif
