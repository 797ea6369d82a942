/* Any text: what the reader takes can be walked to its last leaf, strings unescape, members are found by their names; what
 * it refuses has a place. */
#include "kline/base.h"
#include <stdlib.h>
#include <string.h>

static void walk(const kl_json *value, const char *text, size_t size, int depth) {
    kl_json key, child, found;
    size_t cursor = 0, length = 0, before = 0;
    char name[32];
    if (depth > KL_JSON_DEPTH_MAX) abort();
    if (value->text < text || value->text + value->length > text + size) abort();
    if (value->kind == KL_JSON_STRING) {
        kl_status status = kl_json_string(value, NULL, 0, &length);
        if (status != KL_E_SIZE || length > value->length) abort();
        char *copy = (char *)malloc(length + 1);
        if (!copy || kl_json_string(value, copy, length + 1, &length) != KL_OK || copy[length] != 0) abort();
        free(copy);
        return;
    }
    if (value->kind != KL_JSON_ARRAY && value->kind != KL_JSON_OBJECT) return;
    for (;;) {
        kl_status status = kl_json_next(value, &cursor, &key, &child);
        if (status == KL_END) break;
        if (status != KL_OK || cursor <= before) abort();
        before = cursor;
        walk(&child, text, size, depth + 1);
        if (value->kind != KL_JSON_OBJECT) continue;
        walk(&key, text, size, depth + 1);
        if (kl_json_string(&key, name, sizeof name, &length) == KL_OK && strlen(name) == length &&
            kl_json_member(value, name, &found) != KL_OK)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kl_json root;
    kl_error error;
    if (size > 4096) return 0; /* finding members is quadratic */
    kl_status status = kl_json_read((const char *)data, size, &root, &error);
    if (status == KL_OK) walk(&root, (const char *)data, size, 0);
    else if (status != KL_E_JSON || error.column < 1 || error.column > (int64_t)size + 1) abort();
    /* walking text that was never checked may give nonsense, but stays inside and ends */
    kl_json wild = {(const char *)data, size, size && data[0] == '{' ? KL_JSON_OBJECT : KL_JSON_ARRAY, 0}, key, value;
    size_t cursor = 0, before;
    do {
        before = cursor;
        if (kl_json_next(&wild, &cursor, &key, &value) != KL_OK) break;
    } while (cursor > before);
    return 0;
}
