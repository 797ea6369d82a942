/* Standard output, or a file, as the writer that tables print to. */
#include "cli.h"
#include <errno.h>
#include <string.h>

/* A file is made, or emptied, only when there is something to write: what the source says is wrong leaves it alone. */
static int out_make(cli_out *out) {
    out->file = fopen(out->path, "wb");
    if (out->file) {
        setvbuf(out->file, NULL, _IOFBF, (size_t)1 << 16);
        return 1;
    }
    if (!out->refused) fprintf(stderr, "kline %s: %s: %s (io)\n", out->verb->name, out->path, strerror(errno));
    out->gone = out->refused = 1;
    return 0;
}

static kl_status out_write(void *ctx, const void *bytes, size_t n) {
    cli_out *out = ctx;
    if (!out->file && !out_make(out)) return KL_E_CANCEL;
    if (fwrite(bytes, 1, n, out->file) == n) return KL_OK;
    if (errno == EPIPE) out->gone = 1;
    return out->gone ? KL_E_CANCEL : errno == ENOSPC ? KL_E_NO_SPACE : KL_E_IO;
}

int cli_out_open(cli_out *out, const cli_verb *verb, const char *path, int json, const char *epoch) {
    int code;
    memset(out, 0, sizeof *out);
    code = cli_epoch_flags(verb, epoch, &out->flags);
    if (code != CLI_GO) return code;
    out->json = json;
    out->verb = verb;
    out->path = path;
    out->own_file = path && strcmp(path, "-");
    if (!out->own_file) {
        out->file = stdout;
        setvbuf(out->file, NULL, _IOFBF, (size_t)1 << 16);
    }
    out->writer.ctx = out;
    out->writer.write = out_write;
    return CLI_GO;
}

kl_status cli_out_table(cli_out *out, const kl_table *table) {
    uint32_t header = out->header_done ? 0 : KL_WRITE_HEADER;
    out->header_done = 1;
    if (out->json) return kl_table_write_json(table, out->flags, &out->writer);
    return kl_table_write_csv(table, out->flags | header, &out->writer);
}

int cli_out_close(cli_out *out, const cli_verb *verb, kl_status status) {
    int failed = 0;
    if (!out->file && status >= 0) out_make(out); /* nothing at all was written: an empty file */
    if (out->refused) return CLI_IO;
    if (!out->file) return cli_exit_code(status);
    errno = 0;
    if (out->own_file ? fclose(out->file) : fflush(out->file)) {
        failed = errno != EPIPE;
        if (!failed) out->gone = 1;
    }
    if (out->gone) return CLI_OK; /* whoever read it has seen enough */
    if (failed && status >= 0) {
        fprintf(stderr, "kline %s: writing failed: %s (io)\n", verb->name, strerror(errno));
        return CLI_IO;
    }
    return cli_exit_code(status);
}

kl_status cli_table_open(cli_table *t, cli_out *out) {
    t->out = out;
    t->table = NULL;
    return kl_table_new(NULL, &t->table);
}

void cli_table_free(cli_table *t) {
    if (t->table) kl_table_free(t->table);
    t->table = NULL;
}

kl_status cli_table_flush(cli_table *t) {
    kl_status status = cli_out_table(t->out, t->table);
    return status < 0 ? status : kl_table_clear_rows(t->table);
}

kl_status cli_table_row(cli_table *t, size_t *row) {
    kl_status status = KL_OK;
    if (kl_table_rows(t->table) >= CLI_BATCH) status = cli_table_flush(t);
    return status < 0 ? status : kl_table_add_rows(t->table, 1, row);
}

kl_status cli_table_text(cli_table *t, size_t column, size_t row, const char *text) {
    return text[0] ? kl_table_set_text(t->table, column, row, text, strlen(text)) : KL_OK;
}
