/* A whole source: reader -> unpack -> parser, member by member. */
#include "clean/parse.h"
#include <string.h>

enum { PARSE_READER_IN = 128 * 1024, PARSE_READER_OUT = 256 * 1024 };

typedef struct {
    const kl_parse_options *options;
    const kl_alloc *alloc;
    size_t unpack_bytes, parser_bytes;
    kl_unpack *unpack;
    void *parser_memory;
    kl_parser *parser; /* NULL: no member is open */
    char *in, *out;
    kl_parse_counts total;
    uint64_t member;
    int has_rows, is_plain;
} parse_reader;

static void parse_reader_sum(kl_parse_counts *total, const kl_parse_counts *one) {
    kl_parse_counts sum = *one;
    sum.bytes += total->bytes, sum.lines += total->lines, sum.rows += total->rows, sum.bad_rows += total->bad_rows;
    sum.passed_over += total->passed_over, sum.neutralised += total->neutralised;
    for (int i = 0; i < 5; i++) sum.unit_rows[i] += total->unit_rows[i];
    sum.unit_changes += total->unit_changes;
    sum.content |= total->content;
    if (total->known_any) {
        sum.known_all = sum.known_any ? sum.known_all & total->known_all : total->known_all;
        sum.known_any |= total->known_any;
    }
    if (!sum.symbol[0]) memcpy(sum.symbol, total->symbol, sizeof sum.symbol);
    if (!sum.unknown_columns[0]) memcpy(sum.unknown_columns, total->unknown_columns, sizeof sum.unknown_columns);
    if (!sum.format) sum.format = total->format;
    *total = sum;
}

/* The text of a member has ended. An empty one is no error as long as another has rows. */
static kl_status parse_reader_close(parse_reader *r, kl_status status, kl_error *error) {
    kl_parse_counts one;
    kl_error why;
    if (!r->parser) return status;
    kl_status finished = kl_parser_finish(r->parser, &why);
    kl_parser_counts(r->parser, &one);
    parse_reader_sum(&r->total, &one);
    r->parser = NULL;
    if (status < 0) return status; /* what happened first was told already */
    if (finished == KL_E_EMPTY) return KL_OK;
    r->has_rows = 1;
    if (finished < 0 && error) *error = why;
    return finished;
}

static kl_status parse_reader_text(parse_reader *r, const char *text, size_t n, kl_error *error) {
    if (!r->parser) KL__TRY(kl_parser_init(r->parser_memory, r->parser_bytes, r->options, &r->parser));
    return kl_parser_push(r->parser, text, n, error);
}

/* Unpacks the n bytes in `in`; KL_END where the container is complete. */
static kl_status parse_reader_chunk(parse_reader *r, size_t n, kl_error *error) {
    size_t used = 0;
    for (;;) {
        size_t took = 0, made = 0;
        kl_status status = kl_unpack_run(r->unpack, r->in + used, n - used, &took, r->out, PARSE_READER_OUT, &made, error);
        if (status < 0) return status;
        used += took;
        if (made) KL__TRY(parse_reader_text(r, r->out, made, error)); /* of the member before, where the call announced the next one */
        if (kl_unpack_kind(r->unpack) == KL_PACK_ZIP && kl_unpack_member(r->unpack, NULL) != r->member) {
            if (r->member) KL__TRY(parse_reader_close(r, KL_OK, error));
            r->member = kl_unpack_member(r->unpack, NULL);
        }
        if (status == KL_END) return KL_END;
        if (status == KL_OK && (used == n || took + made == 0)) return KL_OK;
    }
}

/* Whether the unpacker has given anything: then it knows what it unpacks. */
static int parse_reader_has_text(const parse_reader *r) {
    kl_parse_counts counts;
    kl_parser_counts(r->parser, &counts);
    return counts.bytes > 0;
}

static kl_status parse_reader_run(parse_reader *r, const kl_reader *reader, kl_error *error) {
    kl_status status = KL_OK;
    for (;;) {
        size_t got = 0;
        status = reader->read(reader->ctx, r->in, PARSE_READER_IN, &got);
        if (status < 0) return kl__fail(error, status, 0, 0, 0, "the source cannot be read: %s", kl_status_text(status));
        if (status == KL_END || got == 0) break;
        status = r->is_plain ? parse_reader_text(r, r->in, got, error) : parse_reader_chunk(r, got, error);
        if (status < 0) return status;
        /* what is plain at its first bytes stays plain: no need to copy it */
        if (!r->is_plain && kl_unpack_kind(r->unpack) == KL_PACK_PLAIN) r->is_plain = parse_reader_has_text(r);
        if (status == KL_END) return KL_OK;
    }
    return kl_unpack_finish(r->unpack, error);
}

static kl_status parse_reader_all(parse_reader *r, const kl_reader *reader, kl_error *error) {
    KL__TRY(kl_parser_init(r->parser_memory, r->parser_bytes, r->options, &r->parser));
    kl_status status = parse_reader_run(r, reader, error);
    status = parse_reader_close(r, status, error);
    if (status < 0) return status;
    if (!r->has_rows) return kl__fail(error, KL_E_EMPTY, 0, 0, 0, "%s", kl_status_text(KL_E_EMPTY));
    return KL_OK;
}

kl_status kl_parse_reader(const kl_reader *reader, const kl_parse_options *options, const kl_alloc *alloc,
                          kl_parse_counts *counts, kl_error *error) {
    parse_reader r;
    memset(&r, 0, sizeof r);
    if (!reader || !reader->read) return kl__fail(error, KL_E_ARG, 1, 0, 0, "no reader");
    r.options = options, r.alloc = alloc ? alloc : kl_alloc_libc();
    r.parser_bytes = kl_parser_size(options), r.unpack_bytes = kl_unpack_size();
    if (!r.parser_bytes) return kl__fail(error, KL_E_ARG, 2, 0, 0, "an option is missing or out of range");
    void *unpack_memory = r.alloc->take(r.alloc->ctx, r.unpack_bytes);
    r.parser_memory = r.alloc->take(r.alloc->ctx, r.parser_bytes);
    r.in = (char *)r.alloc->take(r.alloc->ctx, PARSE_READER_IN + PARSE_READER_OUT);
    kl_status status = KL_E_MEMORY;
    if (unpack_memory && r.parser_memory && r.in) {
        r.out = r.in + PARSE_READER_IN;
        status = kl_unpack_init(unpack_memory, r.unpack_bytes, &r.unpack);
        if (status >= 0) status = parse_reader_all(&r, reader, error);
    } else {
        kl__fail(error, KL_E_MEMORY, 3, 0, 0, "%s", kl_status_text(KL_E_MEMORY));
    }
    if (r.in) r.alloc->give(r.alloc->ctx, r.in, PARSE_READER_IN + PARSE_READER_OUT);
    if (r.parser_memory) r.alloc->give(r.alloc->ctx, r.parser_memory, r.parser_bytes);
    if (unpack_memory) r.alloc->give(r.alloc->ctx, unpack_memory, r.unpack_bytes);
    if (counts) *counts = r.total;
    return status;
}
