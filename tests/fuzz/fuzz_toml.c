/* Any text: what the reader takes has all its parts within it, ended by 0 and found by their keys; what it refuses has a place. */
#include "base/toml.h"
#include <stdlib.h>
#include <string.h>

static void walk(const kl__toml *toml, uint32_t index, uint32_t depth) {
    const kl__toml_node *node = kl__toml_at(toml, index);
    uint32_t count = 0, last = KL__TOML_NONE;
    int64_t integer;
    double real;
    if (depth > toml->n || node->value_at > toml->length || node->key_at > toml->length) abort();
    switch (node->kind) {
    case KL__TOML_STRING:
        if (kl__toml_string(toml, index)[node->length] != 0) abort();
        for (uint32_t i = 0; i <= node->length; i += 1 + node->length / 4)
            if (kl__toml_source(toml, index, i) > toml->length || kl__toml_source(toml, index, i) <= node->value_at) abort();
        break;
    case KL__TOML_INTEGER:
        if (kl__toml_integer(toml, index, &integer) != KL_OK || kl__toml_real(toml, index, &real) != KL_OK) abort();
        kl__toml_fixed(toml, index, 6, &integer);
        break;
    case KL__TOML_FLOAT:
        if (kl__toml_real(toml, index, &real) != KL_OK) abort();
        kl__toml_fixed(toml, index, 6, &integer);
        break;
    case KL__TOML_BOOL:
        if (node->value > 1) abort();
        break;
    default:
        for (uint32_t i = node->first; i != KL__TOML_NONE; i = kl__toml_at(toml, i)->next) {
            const kl__toml_node *child = kl__toml_at(toml, i);
            if (i <= index || i >= toml->n) abort();
            if (node->kind == KL__TOML_TABLE && strlen(kl__toml_key(toml, i)) == child->key_length && kl__toml_find(toml, index, kl__toml_key(toml, i)) != i)
                abort();
            walk(toml, i, depth + 1);
            last = i;
            count++;
        }
        if (count != node->count || last != node->last) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kl__toml toml;
    kl_error error = {0};
    int64_t line, column;
    if (size > 8192) return 0; /* finding keys is quadratic */
    kl_status status = kl__toml_read((const char *)data, size, NULL, &toml, &error);
    if (status == KL_OK) {
        if (toml.n_chars > size + 2) abort();
        walk(&toml, KL__TOML_ROOT, 0);
        kl__toml_place(&toml, size, &line, &column);
        kl__toml_free(&toml);
    } else if (status != KL_E_TOML || error.row < 1 || error.column < 1 || error.column > (int64_t)size + 1 || error.message[0] == 0) abort();
    return 0;
}
