/* Inside of the parser: text -> cells (by target) -> rows -> batches. One file per concept:
 *   parse.c         options, memory, the bytes of a chunk -> lines or JSON elements
 *   parse_detect.c  what a source is, by its first line or bytes
 *   parse_names.c   column names -> targets
 *   parse_cell.c    one cell of text -> exact value, or an error with row and column
 *   parse_csv.c     CSV lines -> cells, the fast way and the careful way
 *   parse_scan.c    strict JSON: where a value ends, the members of an object
 *   parse_json.c    the elements of a JSON array, over any cut of the text -> arrays and objects -> cells
 *   parse_stream.c  recorded events, one a line -> cells
 *   parse_reader.c  packed sources
 *   parse_emit.c    cells -> klines and trades: scale, known fields, closedness, batches */
#ifndef KL__PARSE_H
#define KL__PARSE_H
#include "base/check.h"
#include "kline/clean.h"

/* What a cell means. Order matters: prices, volumes and the rest are ranges. */
enum {
    KL__PT_SKIP = 0,
    KL__PT_OPEN, KL__PT_HIGH, KL__PT_LOW, KL__PT_CLOSE,
    KL__PT_PRICE, /* of a trade */
    KL__PT_VOLUME, KL__PT_TAKER_BASE,
    KL__PT_QUANTITY, /* of a trade */
    KL__PT_QUOTE, KL__PT_TAKER_QUOTE,
    KL__PT_COUNT, KL__PT_ID, KL__PT_AGG_ID, KL__PT_FIRST_ID, KL__PT_LAST_ID,
    KL__PT_TIME, KL__PT_CLOSE_TIME,
    KL__PT_MAKER, KL__PT_SIDE,
    KL__PT_FLAGS, KL__PT_SYMBOL, KL__PT_INTERVAL,
    KL__PT_N
};
#define KL__PT_BIT(target) (UINT32_C(1) << (target))
#define KL__PT_PRICES                                                                                                 \
    (KL__PT_BIT(KL__PT_OPEN) | KL__PT_BIT(KL__PT_HIGH) | KL__PT_BIT(KL__PT_LOW) | KL__PT_BIT(KL__PT_CLOSE))

/* The cells of one row by target. Values are two's complement; `high` is meaningful only where `wide` is set. Times are us. */
typedef struct kl__parse_row {
    uint64_t value[KL__PT_N];
    int64_t high[KL__PT_N];
    int decimals[KL__PT_N];
    uint32_t have;  /* bits of the targets that were given */
    uint32_t wide;  /* non-zero: some value is negative or beyond int64_t */
    int32_t unit;   /* KL_EPOCH_* of the open or trade time; 0: ISO text */
    int32_t closed; /* 1: said closed, 0: said forming, -1: not said */
    kl_time as_of;  /* of this row, where its event says one; else 0 */
    int64_t line;
} kl__parse_row;

/* How fast each column can be read. */
enum { KL__PK_SKIP = 0, KL__PK_DECIMAL, KL__PK_TIME, KL__PK_INTEGER, KL__PK_BOOL, KL__PK_SLOW };

#define KL__PARSE_COLUMNS 64 /* most columns of a CSV; more are KL_E_COLUMNS */
#define KL__PARSE_BATCH 256

typedef struct kl__parse_layout {
    uint32_t have;      /* targets that have a column */
    int32_t columns;    /* cells in each line */
    int32_t fast;       /* 1: no column is KL__PK_SLOW */
    int32_t is_exchange; /* 1: the twelve columns of the exchange in their order */
    int32_t own_export; /* 1: a flags column, as our export has it: every empty cell is unknown, flags come back as they were */
    uint8_t target[KL__PARSE_COLUMNS];
    uint8_t kind[KL__PARSE_COLUMNS];
    uint8_t column_of[KL__PT_N]; /* 1-based; 0: none */
} kl__parse_layout;

enum { /* what the text of an array may go on with */
    KL__PARSE_FIRST = 0, /* an element or ']' */
    KL__PARSE_COMMA = 1, /* ',' or ']' */
    KL__PARSE_NEXT = 2,  /* an element */
    KL__PARSE_TORN = 3   /* the rest of an element */
};
enum { KL__PARSE_START = 0, KL__PARSE_LINES = 1, KL__PARSE_ELEMENTS = 2, KL__PARSE_AFTER = 3 };

struct kl_parser {
    uint64_t magic;
    /* options */
    kl_interval interval;
    kl_time as_of_us;
    int32_t format, authority, utc_offset_minutes, allow_negative_prices;
    kl_kline_sink kline_sink;
    kl_trade_sink trade_sink;
    kl_bad_row_sink bad_sink;
    char symbol[KL_SYMBOL_MAX]; /* upper case letters and digits; "" = any one */
    int32_t interval_given;
    /* state of the text */
    int32_t mode, bom, finished, receiver_stopped;
    kl_status failed;
    size_t line_max, carry_n;
    int32_t overlong;    /* the rest of the current line or element is dropped */
    int32_t layout_known;
    int64_t line;        /* number of the line or element being read */
    int32_t content;     /* KL_CONTENT_* of the rows in the batch; a stream may hold both */
    int32_t trade_event; /* of a stream: the kind, whichever of trade and aggTrade came first */
    int32_t aggregates;  /* the trades of this source are aggregates */
    uint64_t header_hash;
    size_t header_length;
    int32_t depth, in_string, escaped, expect, enclosed; /* of JSON elements, which may be torn over chunks */
    /* state of the rows */
    int32_t last_unit;   /* -1: none yet */
    int32_t held;        /* index of the first row in the batch with the highest open time, if it is unsettled; -1: none */
    kl_time max_open;    /* highest open time so far of rows whose closedness is settled by what follows; KL_TIME_NONE */
    size_t n;            /* rows in the batch */
    uint32_t last_have, last_known; /* kl_kline.known of the targets in last_have */
    kl_scale scale;
    kl__parse_layout layout;
    int32_t object_info; /* rows are objects whose "info" member holds the exchange's own object */
    kl_parse_counts counts;
    /* date of the last ISO time: most rows share it with the one before */
    char date[10];
    int32_t date_known;
    kl_time date_us;
    /* offsets from the start of the object, so that copying its bytes clones it */
    size_t rows_at, source_at, carry_at, bytes;
};

KL__INLINE kl_kline *kl__parse_klines(kl_parser *p) { return (kl_kline *)(void *)((char *)p + p->rows_at); }
KL__INLINE kl_trade *kl__parse_trades(kl_parser *p) { return (kl_trade *)(void *)((char *)p + p->rows_at); }
KL__INLINE int64_t *kl__parse_sources(kl_parser *p) { return (int64_t *)(void *)((char *)p + p->source_at); }
KL__INLINE char *kl__parse_carry(kl_parser *p) { return (char *)p + p->carry_at; }

typedef struct kl__parse_span {
    const char *text;
    size_t n;
} kl__parse_span;

/* parse_names.c: the target of a column or member name, 0 where it is not known. Names of several letters are compared by their
 * letters and digits in lower case, names of one letter as they are. */
int kl__parse_name(const char *name, size_t n, int32_t content);
int kl__parse_name_is_known(const char *name, size_t n, int32_t content); /* 1 also for known but unused ones */
uint32_t kl__parse_needed(int32_t content);
const char *kl__parse_target_name(int target);
uint8_t kl__parse_kind(int target);

/* Whether a is the same name as b once case and punctuation are gone. */
int kl__parse_name_same(const kl__parse_span *a, const kl__parse_span *b);
/* Names that only a header may have, asked for targets that no other column gives: O, H, L, C, V and T in capitals. */
int kl__parse_name_capital(const char *name, size_t n);
/* "Volume BTC", "Volume_(Currency)": KL__PT_VOLUME or KL__PT_QUOTE, by what it is counted in; 0: another name. *either is set to 1
 * for coins that are quotes as well. */
int kl__parse_name_volume_of(const char *name, size_t n, int *either);

/* parse_detect.c: fills format, content, layout by the first line; *is_header = 1 where the line holds names. */
kl_status kl__parse_detect_line(kl_parser *p, const char *text, size_t n, int *is_header, kl_error *error);
void kl__parse_layout_columns(kl_parser *p, const uint8_t *targets, int columns);

/* parse_cell.c */
const char *kl__parse_trim(const char *text, size_t *n);
/* the value of a cell into row; column is for the error only. Empty optional cells are left unknown. */
kl_status kl__parse_cell(kl_parser *p, kl__parse_row *row, int target, const char *text, size_t n, int64_t column,
                         kl_error *error);
kl_status kl__parse_epoch(uint64_t value, kl_time *time, int32_t *unit);
/* 1 where the same symbol is meant: letters and digits only, any case. */
void kl__parse_symbol_fold(const char *text, size_t n, char *folded /* KL_SYMBOL_MAX */);
/* KL_OK, or KL_E_SYMBOL where the row names another symbol than the one wanted or seen first. */
kl_status kl__parse_symbol(kl_parser *p, const char *text, size_t n);

/* parse_csv.c: the cells of a line, at most KL__PARSE_COLUMNS + 1; quotes taken off. -1: a quote is not closed. */
int kl__parse_csv_split(const char *text, size_t n, kl__parse_span *cells);
kl_status kl__parse_csv_line(kl_parser *p, const char *text, size_t n, int torn, kl_error *error);
/* reads as many plain rows as it can; *text moves behind them. */
kl_status kl__parse_csv_fast(kl_parser *p, const char **text, const char *end, kl_error *error);

/* parse_scan.c */
typedef struct kl__parse_member {
    kl__parse_span name, value; /* of a string value: what is between the quotes */
    char kind;                  /* first character of the value: " { [ t f n or of a number */
} kl__parse_member;
/* the byte after the JSON value at c, or NULL where it is malformed, too deep, or goes beyond end. */
const char *kl__parse_json_value(const char *c, const char *end, int depth);
const char *kl__parse_json_blank(const char *c, const char *end);
/* For containers that kl__parse_json_value has passed: the next member of an object (c: after '{' or after the last one) or element of an array; NULL: malformed.
 * *found = 0 where the closing bracket was there instead; the byte after it is returned. */
const char *kl__parse_json_next(const char *c, const char *end, int named, kl__parse_member *member, int *found);
/* 1 where the member is there. */
int kl__parse_json_find(kl__parse_span object, const char *name, kl__parse_member *member);

/* parse_json.c */
kl_status kl__parse_elements(kl_parser *p, const char **text, const char *end, kl_error *error);
/* 1 where the names of the object's members make a row. */
int kl__parse_object_is_row(kl__parse_span object);
/* the row of one object by names. */
kl_status kl__parse_object(kl_parser *p, kl__parse_span object, kl_error *error);

/* parse_stream.c */
kl_status kl__parse_stream_line(kl_parser *p, const char *text, size_t n, int torn, kl_error *error);
/* KL_END where the object is no event of candles or trades that are wanted. */
kl_status kl__parse_event(kl_parser *p, kl__parse_span object, kl_error *error);

/* parse_emit.c */
/* makes the batch one of klines or trades. */
kl_status kl__parse_set_content(kl_parser *p, int32_t content, kl_error *error);
kl_status kl__parse_emit(kl_parser *p, const kl__parse_row *row, kl_error *error);
/* hands on the rows whose closedness is settled; finish: all, the unsettled ones as KL_SUSPECT. */
kl_status kl__parse_flush(kl_parser *p, int finish, kl_error *error);

/* parse.c: a row is bad: told, or the parser stops. */
kl_status kl__parse_bad(kl_parser *p, const kl_error *why, kl_error *error);
kl_status kl__parse_line(kl_parser *p, const char *text, size_t n, int torn, kl_error *error);

#endif
