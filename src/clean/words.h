/* A state as little-endian words of 8 bytes. One walk over it both writes and reads, so that the two cannot differ. */
#ifndef KL__CLEAN_WORDS_H
#define KL__CLEAN_WORDS_H
#include "base/check.h"
#include "base/endian.h"
#include "kline/base.h"
#include <string.h>

typedef struct kl__words {
    uint8_t *out;      /* NULL: reading */
    const uint8_t *in; /* NULL: writing */
} kl__words;

/* `value`: 8 bytes of any kind. */
KL__INLINE void kl__words_one(kl__words *w, void *value) {
    if (w->out) {
        uint64_t v;
        memcpy(&v, value, 8);
        kl__store_u64(w->out, v);
        w->out += 8;
    } else {
        uint64_t v = kl__load_u64(w->in);
        memcpy(value, &v, 8);
        w->in += 8;
    }
}

/* Two values of 4 bytes in one word. */
KL__INLINE void kl__words_halves(kl__words *w, void *low, void *high) {
    uint32_t a, b;
    memcpy(&a, low, 4);
    memcpy(&b, high, 4);
    uint64_t v = (uint64_t)b << 32 | a;
    kl__words_one(w, &v);
    a = (uint32_t)v, b = (uint32_t)(v >> 32);
    memcpy(low, &a, 4);
    memcpy(high, &b, 4);
}

KL__INLINE void kl__words_wide(kl__words *w, kl_i128 *v) {
    kl__words_one(w, &v->lo);
    kl__words_one(w, &v->hi);
}

#endif
