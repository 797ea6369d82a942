/* A buffer before a kl_writer, and the texts of cells that both table writers share. */
#ifndef KL__OUT_H
#define KL__OUT_H
#include "data/table.h"
#include <string.h>

#define KL__OUT_BYTES 16384
#define KL__OUT_CELL 192 /* room that any number, time or set of flags needs, with what stands around it */

typedef struct {
    const kl_writer *writer;
    size_t used;
    int64_t day;   /* whose date is kept below; most cells of a table share few days */
    char date[16]; /* YYYY-MM-DDT */
    size_t date_length, flags_length;
    uint32_t flags; /* whose text is kept */
    char flags_text[128];
    char bytes[KL__OUT_BYTES];
} kl__out;

void kl__out_init(kl__out *out, const kl_writer *writer);
kl_status kl__out_flush(kl__out *out);
/* Bytes of any length. */
kl_status kl__out_bytes(kl__out *out, const char *bytes, size_t n);

/* Room for one cell from out->bytes + out->used on. */
KL__INLINE kl_status kl__out_room(kl__out *out) {
    return KL__LIKELY(KL__OUT_BYTES - out->used >= KL__OUT_CELL) ? KL_OK : kl__out_flush(out);
}
KL__INLINE void kl__out_char(kl__out *out, char c) { out->bytes[out->used++] = c; }

/* The text of a known cell that is no text; Room must be there. */
void kl__out_cell(kl__out *out, const kl__table_column *column, size_t row, uint32_t flags);
/* 1 where the text of such a cell is no JSON number. */
int kl__out_is_word(const kl__table_column *column, size_t row, uint32_t flags);

#endif
