/* One file of one symbol: the market's trades, folded into candles where the format wants candles, with defects on the
 * way from row to text. */
#include "gen/market.h"
#include "gen/text.h"
#include "base/wide.h"
#include <string.h>

#define WRITE_BUFFER 65536
#define WRITE_UPDATE_US INT64_C(2000000) /* stream: a forming candle is sent about that often */
#define WRITE_ROW_DEFECTS                                                                                              \
    (KL_DEFECT_DUPLICATES | KL_DEFECT_DISORDER | KL_DEFECT_GAPS | KL_DEFECT_CORRECTIONS | KL_DEFECT_SPIKES |           \
     KL_DEFECT_ZERO_VOLUME)

typedef struct {
    int is_kline, aggregate;
    kl_kline kline;
    kl_trade trade;
} write_row;

typedef struct {
    const kl_gen_file_options *file;
    const kl_writer *writer;
    gen_style style;
    kl_gen_counts counts;
    kl_gen *gen;
    kl_fold *fold;
    gen_random random;        /* of the defects */
    int32_t bits[8], choices; /* row defects that are on, by bit position */
    uint32_t gap_left;        /* rows still to leave out */
    int has_first, has_waiting, has_aggregate, forming;
    int64_t close;                /* of the last candle */
    kl_time until;                /* trades and candles end before it */
    kl_time next_open, last_open; /* of candles */
    kl_time updated;              /* slot of the last update of the forming candle */
    int64_t next_aggregate;
    kl_trade aggregate;    /* being collected */
    write_row waiting;     /* a trade row, until it is known not to be the last */
    size_t used, last_row; /* bytes in out; where its last row starts */
    size_t held;           /* bytes of the row that lets the next one pass */
    char held_text[GEN_ROW_MAX];
    char out[WRITE_BUFFER];
} gen_write_state;

static int write_is_stream(const gen_write_state *w) { return w->file->format == KL_GEN_STREAM_JSON; }
static int write_has_klines(const gen_write_state *w) {
    return w->file->format == KL_GEN_KLINE_CSV || w->file->format == KL_GEN_KLINE_JSON ||
           (write_is_stream(w) && (w->file->events & KL_GEN_EVENT_KLINE));
}

/* ----------------------------------------------------------------------------------------------------- output --- */

static kl_status write_flush(gen_write_state *w) {
    if (w->used == 0) return KL_OK;
    kl_status status = w->writer->write(w->writer->ctx, w->out, w->used);
    w->counts.bytes += w->used;
    w->used = w->last_row = 0;
    return status < 0 ? status : KL_OK;
}

static kl_status write_line(gen_write_state *w, const char *text, size_t n) {
    if (w->used + n + 2 > WRITE_BUFFER) KL__TRY(write_flush(w));
    if (w->file->format == KL_GEN_KLINE_JSON && w->counts.rows > 0) w->out[w->used++] = ',';
    w->last_row = w->used;
    memcpy(w->out + w->used, text, n);
    w->used += n;
    if (w->file->format != KL_GEN_KLINE_JSON) w->out[w->used++] = '\n';
    w->counts.rows++;
    return KL_OK;
}

static size_t write_text(const gen_write_state *w, const write_row *row, char *text) {
    if (row->is_kline) {
        if (!write_is_stream(w)) return kl__gen_kline_text(&w->style, &row->kline, text);
        if (w->forming && row->kline.open_time_us >= w->last_open)
            return kl__gen_kline_event(&w->style, &row->kline, w->until, 0, text);
        return kl__gen_kline_event(&w->style, &row->kline, row->kline.close_time_us + 1, 1, text);
    }
    return write_is_stream(w) ? kl__gen_trade_event(&w->style, &row->trade, row->aggregate, text)
                              : kl__gen_trade_text(&w->style, &row->trade, row->aggregate, text);
}

static kl_status write_plain(gen_write_state *w, const write_row *row) {
    char text[GEN_ROW_MAX];
    return write_line(w, text, write_text(w, row, text));
}

/* ---------------------------------------------------------------------------------------------------- defects --- */

static int write_wide_less(kl_i128 a, kl_i128 b) { return kl__wide_compare(a, b) < 0; }

/* Another version of the row, which the true one replaces: without its last trade, or of another quantity. 1: there is
 * none. */
static int write_vary(write_row *row) {
    if (!row->is_kline) return kl__wide_add(row->trade.quantity, kl__wide_from(1), &row->trade.quantity);
    kl_kline *k = &row->kline;
    if (k->trade_count < 2 || !write_wide_less(kl__wide_from(1), k->volume)) return 1;
    k->trade_count--;
    kl__wide_sub(k->volume, kl__wide_from(1), &k->volume);
    kl__wide_sub(k->quote_volume, kl__wide_from(k->low), &k->quote_volume);
    if (write_wide_less(k->volume, k->taker_buy_base)) k->taker_buy_base = k->volume;
    if (write_wide_less(k->quote_volume, k->taker_buy_quote)) k->taker_buy_quote = k->quote_volume;
    return 0;
}

static int write_spike(write_row *row) {
    if (!row->is_kline) {
        row->trade.price *= 10;
        return 0;
    }
    row->kline.close *= 10;
    if (row->kline.high < row->kline.close) row->kline.high = row->kline.close;
    return 0;
}

static void write_flat(kl_kline *k, int64_t price) {
    k->open = k->high = k->low = k->close = price;
    k->volume = k->quote_volume = k->taker_buy_base = k->taker_buy_quote = kl__wide_from(0);
    k->trade_count = 0;
    k->first_trade_id = k->last_trade_id = -1;
}

static int write_zero(const gen_write_state *w, write_row *row) {
    if (!row->is_kline) {
        row->trade.price = 0;
        row->trade.quantity = kl__wide_from(0);
        row->trade.first_id = row->trade.last_id = -1;
        return 0;
    }
    if (row->kline.trade_count == 0) return 1;
    write_flat(&row->kline, w->close);
    return 0;
}

/* The defect of this row: its bit position, or -1. */
static int32_t write_draw(gen_write_state *w) {
    if (w->choices == 0) return -1;
    double unit = (double)(int64_t)(gen_next(&w->random) >> 11) * 0x1p-53;
    for (int32_t i = 0; i < w->choices; i++) {
        if (unit < w->file->defect_rate) return w->bits[i];
        unit -= w->file->defect_rate;
    }
    return -1;
}

enum {
    WRITE_DUPLICATE = 0,
    WRITE_DISORDER = 1,
    WRITE_GAP = 2,
    WRITE_TORN = 3,
    WRITE_FORMING = 4,
    WRITE_CORRECTION = 5,
    WRITE_SPIKE = 6,
    WRITE_ZERO = 7
};

/* The row with the defect that was drawn for it; plain where that defect cannot be. */
static kl_status write_spoiled(gen_write_state *w, const write_row *row, int32_t defect, int is_first) {
    write_row other = *row;
    switch (defect) {
    case WRITE_DUPLICATE:
        KL__TRY(write_plain(w, row));
        break;
    case WRITE_DISORDER:
        w->held = write_text(w, row, w->held_text);
        return KL_OK;
    case WRITE_GAP:
        if (is_first) return write_plain(w, row);
        w->gap_left = (uint32_t)(gen_next(&w->random) >> 62) % 3;
        w->counts.defects[WRITE_GAP]++;
        return KL_OK;
    case WRITE_CORRECTION:
        if (write_vary(&other)) return write_plain(w, row);
        KL__TRY(write_plain(w, &other));
        break;
    case WRITE_SPIKE:
        if (write_spike(&other)) return write_plain(w, row);
        row = &other;
        break;
    default:
        if (write_zero(w, &other)) return write_plain(w, row);
        row = &other;
        break;
    }
    w->counts.defects[defect]++;
    return write_plain(w, row);
}

static kl_status write_row_out(gen_write_state *w, const write_row *row, int is_last) {
    int is_first = !w->has_first;
    w->has_first = 1;
    if (w->held) { /* the row before comes after this one */
        KL__TRY(write_plain(w, row));
        w->counts.defects[WRITE_DISORDER]++;
        size_t n = w->held;
        w->held = 0;
        return write_line(w, w->held_text, n);
    }
    if (w->gap_left && !is_last) {
        w->gap_left--;
        w->counts.defects[WRITE_GAP]++;
        return KL_OK;
    }
    w->gap_left = 0;
    int32_t defect = is_last ? -1 : write_draw(w);
    return defect < 0 ? write_plain(w, row) : write_spoiled(w, row, defect, is_first);
}

/* ---------------------------------------------------------------------------------------------------- candles --- */

static kl_status write_kline(gen_write_state *w, const kl_kline *kline) {
    write_row row;
    memset(&row.trade, 0, sizeof row.trade);
    row.is_kline = 1, row.aggregate = 0;
    row.kline = *kline;
    kl_status status = write_row_out(w, &row, kline->open_time_us >= w->last_open);
    w->close = kline->close;
    return status;
}

/* Buckets without trades, up to the one that opens at `open`: flat at the last close, as the exchange sends them. */
static kl_status write_fillers(gen_write_state *w, kl_time open) {
    while (w->next_open < open) {
        kl_kline row;
        kl_time next;
        memset(&row, 0, sizeof row);
        KL__TRY(kl_interval_next(&w->file->interval, w->next_open, &next));
        row.open_time_us = w->next_open, row.close_time_us = next - 1;
        write_flat(&row, w->close);
        w->next_open = next;
        KL__TRY(write_kline(w, &row));
    }
    return KL_OK;
}

static kl_status write_candle(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info) {
    gen_write_state *w = (gen_write_state *)ctx;
    kl_time next;
    (void)scale, (void)info;
    if (row->open_time_us < w->next_open) { /* began before the range: only a part of it is known */
        w->close = row->close;
        return KL_OK;
    }
    KL__TRY(write_fillers(w, row->open_time_us));
    KL__TRY(kl_interval_next(&w->file->interval, row->open_time_us, &next));
    w->next_open = next;
    kl_kline copy = *row;
    copy.close_time_us = next - 1;
    return write_kline(w, &copy);
}

/* Stream: the forming candle as of the last trade, from time to time. */
static kl_status write_update(gen_write_state *w, kl_time now) {
    kl_kline forming;
    kl_scale scale;
    kl_time slot = now / WRITE_UPDATE_US;
    if (slot == w->updated) return KL_OK;
    w->updated = slot;
    if (kl_fold_peek(w->fold, &forming, &scale, NULL) != KL_OK || forming.open_time_us < w->next_open) return KL_OK;
    kl_time next;
    KL__TRY(kl_interval_next(&w->file->interval, forming.open_time_us, &next));
    if (now >= next) return KL_OK; /* the closed one comes right away */
    forming.close_time_us = next - 1;
    char text[GEN_ROW_MAX];
    return write_line(w, text, kl__gen_kline_event(&w->style, &forming, now, 0, text));
}

/* ----------------------------------------------------------------------------------------------------- trades --- */

static kl_status write_trade_row(gen_write_state *w, const kl_trade *trade, int aggregate) {
    if (write_is_stream(w) && write_has_klines(w)) { /* there the candles carry the defects */
        write_row row = {0, aggregate, {0}, *trade};
        return write_plain(w, &row);
    }
    if (w->has_waiting) KL__TRY(write_row_out(w, &w->waiting, 0));
    w->has_waiting = 1;
    w->waiting.aggregate = aggregate;
    w->waiting.trade = *trade;
    return KL_OK;
}

static kl_status write_aggregate_end(gen_write_state *w) {
    if (!w->has_aggregate) return KL_OK;
    w->has_aggregate = 0;
    return write_trade_row(w, &w->aggregate, 1);
}

/* Fills of one order at one price are one aggregate. */
static kl_status write_aggregate(gen_write_state *w, const kl_trade *t) {
    kl_trade *a = &w->aggregate;
    if (w->has_aggregate && a->time_us == t->time_us && a->price == t->price && a->flags == t->flags) {
        a->last_id = t->last_id;
        kl__wide_add(a->quantity, t->quantity, &a->quantity);
        return KL_OK;
    }
    KL__TRY(write_aggregate_end(w));
    *a = *t;
    a->id = w->next_aggregate++;
    w->has_aggregate = 1;
    return KL_OK;
}

static kl_status write_stream_trade(gen_write_state *w, const kl_trade *t) {
    uint32_t events = w->file->events;
    if (events & KL_GEN_EVENT_KLINE) {
        KL__TRY(write_update(w, t->time_us));
        KL__TRY(kl_fold_trades(w->fold, t, 1, &w->style.scale, NULL));
    }
    if (events & KL_GEN_EVENT_TRADE) KL__TRY(write_trade_row(w, t, 0));
    if (events & KL_GEN_EVENT_AGG_TRADE) KL__TRY(write_aggregate(w, t));
    return KL_OK;
}

static kl_status write_trades(void *ctx, size_t symbol, const kl_trade *rows, size_t n) {
    gen_write_state *w = (gen_write_state *)ctx;
    (void)symbol;
    while (n > 0 && rows[n - 1].time_us >= w->until) n--;
    if (!write_is_stream(w) && write_has_klines(w)) return kl_fold_trades(w->fold, rows, n, &w->style.scale, NULL);
    for (size_t i = 0; i < n; i++) {
        kl_status status = write_is_stream(w)                        ? write_stream_trade(w, &rows[i])
                           : w->file->format == KL_GEN_AGG_TRADE_CSV ? write_aggregate(w, &rows[i])
                                                                     : write_trade_row(w, &rows[i], 0);
        if (status < 0) return status;
    }
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------------- file --- */

/* Which candles lie in the range, and where the trades end. */
static kl_status write_plan(gen_write_state *w, const kl_gen_options *options, kl_error *error) {
    const kl_interval *interval = &w->file->interval;
    kl_time open, next, first;
    w->until = options->to;
    if (!write_has_klines(w)) return KL_OK;
    kl_status status = kl_interval_floor(interval, options->from, &first);
    if (status == KL_OK && first < options->from) status = kl_interval_next(interval, first, &first);
    if (status == KL_OK) status = kl_interval_floor(interval, options->to - 1, &open);
    if (status == KL_OK) status = kl_interval_next(interval, open, &next);
    w->forming = (w->file->defects & KL_DEFECT_FORMING) != 0;
    if (status == KL_OK && w->forming) {
        if (next <= options->to) w->until = open + (next - open) / 2;
    } else if (status == KL_OK && next > options->to) {
        w->until = open;
        status = kl_interval_floor(interval, open - 1, &open);
    }
    if (status < 0) return kl__fail(error, status, 2, 0, 0, "the interval of the candles cannot be used");
    if (open < first) return kl__fail(error, KL_E_ARG, 2, 0, 0, "the range holds no whole candle");
    w->next_open = first, w->last_open = open;
    return KL_OK;
}

static kl_status write_end(gen_write_state *w) {
    if (w->fold) {
        KL__TRY(kl_fold_finish(w->fold, NULL));
        KL__TRY(write_fillers(w, w->last_open + 1));
        w->counts.defects[WRITE_FORMING] = (uint64_t)w->forming;
    }
    KL__TRY(write_aggregate_end(w));
    if (w->has_waiting) KL__TRY(write_row_out(w, &w->waiting, 1));
    if (w->held) KL__TRY(write_line(w, w->held_text, w->held));
    if ((w->file->defects & KL_DEFECT_TORN_LINE) && w->counts.rows > 0) {
        w->used = w->last_row + (w->used - w->last_row) / 2;
        w->counts.rows--;
        w->counts.defects[WRITE_TORN] = 1;
    } else if (w->file->format == KL_GEN_KLINE_JSON) {
        memcpy(w->out + w->used, "]\n", 2);
        w->used += 2;
    }
    return write_flush(w);
}

static kl_status write_all(gen_write_state *w) {
    const char *header = kl__gen_header(w->file->format);
    if (w->file->format == KL_GEN_KLINE_JSON) header = "[";
    if (w->file->format == KL_GEN_KLINE_JSON || (w->file->header && *header)) {
        w->used = strlen(header);
        memcpy(w->out, header, w->used);
        if (*header != '[') w->out[w->used++] = '\n';
    }
    kl_status status = KL_OK;
    while (status == KL_OK && w->gen->minute < w->until) status = kl_gen_next(w->gen, write_trades, w);
    if (status < 0) return status;
    return write_end(w);
}

static kl_status write_begin(gen_write_state *w, const kl_gen_options *options, kl_error *error) {
    const kl_gen_file_options *file = w->file;
    w->style.format = file->format;
    w->style.divisor = file->epoch == KL_EPOCH_US ? 1 : 1000;
    KL__TRY(kl_gen_symbol(w->gen, file->symbol, w->style.symbol, &w->style.scale));
    if (write_has_klines(w)) kl_interval_print(&file->interval, w->style.interval);
    kl__gen_seed(&w->random, options->seed ^ UINT64_C(0x646566656374), file->symbol * 8 + (uint64_t)file->format);
    for (int32_t i = 0; i < 8; i++)
        if (file->defects & WRITE_ROW_DEFECTS & 1u << i) w->bits[w->choices++] = i;
    w->close = w->gen->symbols[0].last_ticks;
    w->next_aggregate = 1 + (w->gen->symbols[0].next_id >> 1);
    return write_plan(w, options, error);
}

void kl_gen_file_options_init(kl_gen_file_options *options) {
    if (!options) return;
    memset(options, 0, sizeof *options);
    options->struct_size = sizeof *options;
    options->format = KL_GEN_KLINE_CSV;
    options->epoch = KL_EPOCH_MS;
    options->events = KL_GEN_EVENT_KLINE | KL_GEN_EVENT_TRADE;
    options->defect_rate = 0.001;
    kl_interval_parse("1m", 2, &options->interval);
}

static kl_status write_check(const kl_gen_options *options, const kl_gen_file_options *file, kl_error *error) {
    int row_defects = 0;
    KL__TRY(kl__gen_check(options, error));
    if (!file || file->struct_size < sizeof *file)
        return kl__fail(error, KL_E_ARG, 2, 0, 0, "file options are missing or not initialised");
    if (file->format < KL_GEN_KLINE_CSV || file->format > KL_GEN_STREAM_JSON)
        return kl__fail(error, KL_E_ARG, 2, 0, 0, "no such format");
    if (file->epoch != KL_EPOCH_MS && file->epoch != KL_EPOCH_US)
        return kl__fail(error, KL_E_ARG, 2, 0, 0, "epoch must be ms or us");
    if (file->symbol >= options->symbols)
        return kl__fail(error, KL_E_ARG, 2, 0, 0, "there are only %lu symbols", (unsigned long)options->symbols);
    if (file->defects > 255) return kl__fail(error, KL_E_ARG, 2, 0, 0, "no such defect");
    if (file->format == KL_GEN_STREAM_JSON && (file->events == 0 || file->events > 7))
        return kl__fail(error, KL_E_ARG, 2, 0, 0, "a stream needs events");
    for (uint32_t d = file->defects & WRITE_ROW_DEFECTS; d; d &= d - 1) row_defects++;
    if (!(file->defect_rate >= 0 && file->defect_rate * row_defects <= 1))
        return kl__fail(error, KL_E_ARG, 2, 0, 0, "the defect rates add up to more than 1");
    return KL_OK;
}

kl_status kl_gen_write(const kl_gen_options *options, const kl_gen_file_options *file, const kl_alloc *alloc,
                       const kl_writer *writer, kl_gen_counts *counts, kl_error *error) {
    if (counts) memset(counts, 0, sizeof *counts);
    if (!writer || !writer->write) return kl__fail(error, KL_E_ARG, 4, 0, 0, "writer must not be NULL");
    KL__TRY(write_check(options, file, error));
    if (!alloc) alloc = kl_alloc_libc();
    kl_fold_options fold_options;
    kl_fold_options_init(&fold_options);
    memset(&fold_options.from, 0, sizeof fold_options.from);
    fold_options.to = file->interval;
    size_t gen_bytes = kl__gen_bytes(1), fold_bytes = kl_fold_size(&fold_options);
    gen_write_state *w = (gen_write_state *)alloc->take(alloc->ctx, sizeof *w);
    kl_gen *gen = (kl_gen *)alloc->take(alloc->ctx, gen_bytes);
    void *fold = fold_bytes ? alloc->take(alloc->ctx, fold_bytes) : NULL;
    kl_status status = KL_OK;
    if (!w || !gen || (fold_bytes && !fold))
        status = kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the generator");
    if (status == KL_OK) {
        memset(w, 0, sizeof *w);
        w->file = file, w->writer = writer, w->gen = gen;
        kl__gen_begin(gen, options, file->symbol, 1);
        status = write_begin(w, options, error);
        if (status == KL_OK && write_has_klines(w)) {
            fold_options.sink.ctx = w;
            fold_options.sink.candle = write_candle;
            status = kl_fold_init(fold, fold_bytes, &fold_options, &w->fold);
            if (status < 0) kl__fail(error, status, 2, 0, 0, "the interval of the candles cannot be used");
        }
        if (status == KL_OK) {
            status = write_all(w);
            if (status < 0) kl__fail(error, status, 4, 0, 0, "writing stopped: %s", kl_status_text(status));
        }
        if (counts) *counts = w->counts;
    }
    if (fold) alloc->give(alloc->ctx, fold, fold_bytes);
    if (gen) alloc->give(alloc->ctx, gen, gen_bytes);
    if (w) alloc->give(alloc->ctx, w, sizeof *w);
    return status;
}
