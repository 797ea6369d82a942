/* A whole source: unpack and parse, member by member. The name of a member of an archive is known before its first row. */
#include "cli.h"
#include <stdlib.h>
#include <string.h>

enum { PARSE_IN = 128 * 1024, PARSE_OUT = 256 * 1024 };

typedef struct parse_source {
    kl_parse_options options;
    const cli_parse_names *names;
    kl_unpack *unpack;
    void *unpack_memory, *parser_memory;
    size_t parser_bytes;
    kl_parser *parser; /* NULL: no member is open */
    char *in, *out;
    kl_parse_counts *total;
    uint64_t member;
    int passed_over, plain, has_rows;
} parse_source;

static void parse_sum(kl_parse_counts *total, const kl_parse_counts *one) {
    kl_parse_counts sum = *one;
    sum.bytes += total->bytes;
    sum.lines += total->lines;
    sum.rows += total->rows;
    sum.bad_rows += total->bad_rows;
    sum.passed_over += total->passed_over;
    sum.neutralised += total->neutralised;
    for (int i = 0; i < 5; i++) sum.unit_rows[i] += total->unit_rows[i];
    sum.unit_changes += total->unit_changes;
    sum.content |= total->content;
    sum.known_any |= total->known_any;
    sum.known_all = !total->known_any ? one->known_all : !one->known_any ? total->known_all : one->known_all & total->known_all;
    if (!sum.symbol[0]) memcpy(sum.symbol, total->symbol, sizeof sum.symbol);
    if (!sum.unknown_columns[0]) memcpy(sum.unknown_columns, total->unknown_columns, sizeof sum.unknown_columns);
    if (!sum.format) sum.format = total->format;
    *total = sum;
}

/* The text of a member has ended. An empty one is no error as long as another has rows. */
static kl_status parse_close(parse_source *p, kl_status status, kl_error *error) {
    kl_parse_counts one;
    kl_error why = {0};
    kl_status finished;
    if (!p->parser) return status;
    finished = kl_parser_finish(p->parser, &why);
    kl_parser_counts(p->parser, &one);
    parse_sum(p->total, &one);
    p->parser = NULL;
    if (status < 0) return status; /* what happened first was told already */
    if (finished == KL_E_EMPTY) return KL_OK;
    p->has_rows = 1;
    if (finished < 0) *error = why;
    return finished;
}

static kl_status parse_text(parse_source *p, const char *text, size_t n, kl_error *error) {
    if (p->passed_over) return KL_OK;
    if (!p->parser) {
        kl_status status = kl_parser_init(p->parser_memory, p->parser_bytes, &p->options, &p->parser);
        if (status < 0) return status;
    }
    return kl_parser_push(p->parser, text, n, error);
}

static int parse_ends(const char *name, const char *tail) {
    size_t n = strlen(name), t = strlen(tail);
    if (n < t) return 0;
    for (size_t i = 0; i < t; i++) {
        char c = name[n - t + i];
        if ((c >= 'a' && c <= 'z' ? c - 32 : c) != tail[i]) return 0;
    }
    return 1;
}

/* what archives hold beside their data */
static int parse_is_no_data(const char *name) {
    return !strncmp(name, "__MACOSX/", 9) || strstr(name, "/__MACOSX/") || parse_ends(name, "/") || parse_ends(name, ".CHECKSUM") ||
           parse_ends(name, ".DS_STORE");
}

/* Between two members: the one before is complete and checked. */
static kl_status parse_member(parse_source *p, kl_error *error) {
    const char *name = "";
    uint64_t member = kl_unpack_member(p->unpack, &name);
    kl_status status = KL_OK;
    if (member == p->member) return KL_OK;
    if (p->member) status = parse_close(p, KL_OK, error);
    p->member = member;
    p->passed_over = parse_is_no_data(name);
    if (status >= 0 && !p->passed_over && p->names && name[0]) status = p->names->member(p->names->ctx, name, &p->options, error);
    return status;
}

/* Unpacks the n bytes in `in`; KL_END where the container is complete. */
static kl_status parse_chunk(parse_source *p, size_t n, kl_error *error) {
    size_t used = 0;
    for (;;) {
        size_t took = 0, made = 0;
        kl_status text = KL_OK, status = kl_unpack_run(p->unpack, p->in + used, n - used, &took, p->out, PARSE_OUT, &made, error);
        if (status < 0) return status;
        used += took;
        if (made) text = parse_text(p, p->out, made, error); /* of the member before, where the call announced the next one */
        if (text >= 0 && kl_unpack_kind(p->unpack) == KL_PACK_ZIP) text = parse_member(p, error);
        if (text < 0) return text;
        if (made && kl_unpack_kind(p->unpack) == KL_PACK_PLAIN) p->plain = 1;
        if (status == KL_END) return KL_END;
        if (status == KL_OK && (used == n || took + made == 0)) return KL_OK;
    }
}

static kl_status parse_run(parse_source *p, const kl_reader *reader, kl_error *error) {
    for (;;) {
        size_t got = 0;
        kl_status status = reader->read(reader->ctx, p->in, PARSE_IN, &got);
        if (status < 0) return cli_set_error(error, status, 0, "the source cannot be read");
        if (status == KL_END || got == 0) break;
        /* what is plain at its first bytes stays plain: no need to copy it */
        status = p->plain ? parse_text(p, p->in, got, error) : parse_chunk(p, got, error);
        if (status < 0) return status;
        if (status == KL_END) return KL_OK;
    }
    return kl_unpack_finish(p->unpack, error);
}

kl_status cli_parse(const kl_reader *reader, const kl_parse_options *options, const cli_parse_names *names, kl_parse_counts *counts,
                    kl_error *error) {
    parse_source p;
    kl_status status = KL_E_MEMORY;
    memset(&p, 0, sizeof p);
    memset(counts, 0, sizeof *counts);
    p.options = *options;
    p.names = names;
    p.total = counts;
    p.parser_bytes = kl_parser_size(options);
    if (!p.parser_bytes) return cli_set_error(error, KL_E_ARG, 0, "an option is out of range");
    p.unpack_memory = malloc(kl_unpack_size());
    p.parser_memory = malloc(p.parser_bytes);
    p.in = malloc(PARSE_IN + PARSE_OUT);
    if (p.unpack_memory && p.parser_memory && p.in) {
        p.out = p.in + PARSE_IN;
        status = kl_unpack_init(p.unpack_memory, kl_unpack_size(), &p.unpack);
        if (status >= 0) status = parse_run(&p, reader, error);
        status = parse_close(&p, status, error);
        if (status >= 0 && !p.has_rows) status = cli_set_error(error, KL_E_EMPTY, 0, "%s", kl_status_text(KL_E_EMPTY));
    }
    free(p.in);
    free(p.parser_memory);
    free(p.unpack_memory);
    return status;
}

kl_status cli_name_member(cli_name *known, const char *path, kl_error *error) {
    cli_name name;
    char one[KL_INTERVAL_TEXT_MAX], other[KL_INTERVAL_TEXT_MAX];
    cli_name_read(path, &name);
    if (name.symbol[0] && known->symbol[0] && strcmp(name.symbol, known->symbol))
        return cli_set_error(error, KL_E_SYMBOL, 0, "its member %.100s is of %s, not of %s", path, name.symbol, known->symbol);
    if (name.interval.unit && known->interval.unit && (name.interval.unit != known->interval.unit || name.interval.n != known->interval.n)) {
        cli_interval_text(&name.interval, one);
        cli_interval_text(&known->interval, other);
        return cli_set_error(error, KL_E_INTERVAL, 0, "its member %.100s is of %s, not of %s", path, one, other);
    }
    if (!known->symbol[0]) memcpy(known->symbol, name.symbol, sizeof known->symbol);
    if (!known->interval.unit) known->interval = name.interval;
    known->trades |= name.trades;
    return KL_OK;
}
