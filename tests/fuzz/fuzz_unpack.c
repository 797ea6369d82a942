/* Any bytes, in chunks that the first bytes choose: the unpacker never steps out, always gets on, and gives the same bytes
 * and the same end whatever the chunks are. */
#include "kline/base.h"
#include <stdlib.h>
#include <string.h>

#define OUTPUT_LIMIT ((size_t)1 << 20)

static kl_status feed(const uint8_t *data, size_t size, size_t in_piece, size_t out_piece, uint8_t *out, size_t *made_all) {
    void *memory = malloc(kl_unpack_size());
    kl_unpack *u = NULL;
    kl_error error;
    size_t at = 0, used, made, idle = 0;
    kl_status status;
    *made_all = 0;
    if (!memory || kl_unpack_init(memory, kl_unpack_size(), &u) != KL_OK) abort();
    for (;;) {
        size_t n = size - at < in_piece ? size - at : in_piece;
        size_t room = OUTPUT_LIMIT - *made_all < out_piece ? OUTPUT_LIMIT - *made_all : out_piece;
        uint64_t members = kl_unpack_member(u, NULL);
        status = kl_unpack_run(u, data + at, n, &used, out + *made_all, room, &made, &error);
        if (used > n || made > room) abort();
        at += used, *made_all += made;
        if (status < 0 || status == KL_END || *made_all == OUTPUT_LIMIT) break;
        if (status == KL_OK && at == size) {
            status = kl_unpack_finish(u, &error);
            break;
        }
        if (used == 0 && made == 0 && kl_unpack_member(u, NULL) == members && ++idle > 2) abort(); /* stuck */
        else if (used || made) idle = 0;
    }
    free(memory);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t one[OUTPUT_LIMIT], two[OUTPUT_LIMIT];
    size_t n_one, n_two;
    if (size < 2) return 0;
    size_t in_piece = (size_t)data[0] % 64 + 1, out_piece = (size_t)data[1] % 64 + 1;
    kl_status whole = feed(data + 2, size - 2, size, OUTPUT_LIMIT, one, &n_one);
    kl_status parts = feed(data + 2, size - 2, in_piece, out_piece * (n_one > 10000 ? 1000 : 1), two, &n_two);
    if (n_one == OUTPUT_LIMIT || n_two == OUTPUT_LIMIT) return 0;
    /* what was decoded in front of damage may be handed on or not, but never differ */
    if (whole != parts || (whole >= 0 && n_one != n_two) || memcmp(one, two, n_one < n_two ? n_one : n_two) != 0) abort();
    return 0;
}
