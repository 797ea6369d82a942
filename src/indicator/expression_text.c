/* The complete form of an expression, written while it is read. A piece of text is written when its value is known; what
 * has to come before it is moved there. */
#include "indicator/expression_read.h"
#include <string.h>

int kl__text_on(const kl__reader *r) { return r->scope && !r->dry; }
uint32_t kl__text_at(const kl__reader *r) { return r->scope ? (uint32_t)r->scope->length : 0; }
void kl__text_cut(kl__reader *r, uint32_t at) {
    if (kl__text_on(r)) r->scope->length = at;
}

static kl_status text_room(kl__reader *r, size_t n) {
    kl__expression_scope *s = r->scope;
    if (n <= s->room - s->length) return KL_OK;
    size_t room = s->room ? s->room : 256;
    while (room - s->length < n) {
        if (room > UINT32_MAX / 2) return kl__fail(r->error, KL_E_SIZE, 0, 0, 0, "the expression is too long");
        room *= 2;
    }
    char *text = s->alloc->grow(s->alloc->ctx, s->text, s->room, room);
    if (!text) return kl__fail(r->error, KL_E_MEMORY, 0, 0, 0, "no memory for the text of the expression");
    s->text = text, s->room = room;
    return KL_OK;
}

kl_status kl__text_put(kl__reader *r, const char *bytes, size_t n) {
    if (!kl__text_on(r)) return KL_OK;
    KL__TRY(text_room(r, n));
    memcpy(r->scope->text + r->scope->length, bytes, n);
    r->scope->length += n;
    return KL_OK;
}

kl_status kl__text_again(kl__reader *r, uint32_t from, uint32_t n) {
    if (!kl__text_on(r)) return KL_OK;
    KL__TRY(text_room(r, n));
    memcpy(r->scope->text + r->scope->length, r->scope->text + from, n);
    r->scope->length += n;
    return KL_OK;
}

kl_status kl__text_name(kl__reader *r, const char *name) { return kl__text_put(r, name, strlen(name)); }

kl_status kl__text_number(kl__reader *r, double x, uint8_t *bind) {
    char text[KL_DOUBLE_TEXT_MAX];
    if (x != x) { /* there is no word for it */
        *bind = KL__BIND_PRODUCT;
        return kl__text_name(r, "0 / 0");
    }
    *bind = x < 0.0 ? KL__BIND_SIGN : KL__BIND_WHOLE;
    return kl__text_put(r, text, kl_double_print(x, text));
}

kl_status kl__text_enclose(kl__reader *r, uint32_t from) {
    if (!kl__text_on(r)) return KL_OK;
    KL__TRY(kl__text_put(r, "()", 2));
    char *text = r->scope->text + from;
    size_t n = r->scope->length - 2 - from;
    memmove(text + 1, text, n);
    text[0] = '(';
    text[n + 1] = ')';
    return KL_OK;
}

void kl__text_drop(kl__reader *r, uint32_t from, uint32_t to) {
    if (!kl__text_on(r)) return;
    kl__expression_scope *s = r->scope;
    memmove(s->text + from, s->text + to, s->length - to);
    s->length -= to - from;
}
