/* Expressions: what is refused is refused at a place within the text; what is accepted has a complete form that means the same
 * values and is its own complete form. Lines are the expressions of one plan; the bars have 1m. */
#include "base/fp.h"
#include "indicator/expression.h"
#include <stdlib.h>
#include <string.h>

static void one(kl__build *build, kl__expression_scope *scope, const char *text, size_t length) {
    kl__expression first, again;
    kl_error error;
    memset(&error, 0, sizeof error);
    kl_status status = kl__expression_build(build, scope, text, length, &first, &error);
    if (status < 0) {
        if (error.code != status || error.column < 1 || (uint64_t)error.column > length + 1 || !error.message[0]) abort();
        return;
    }
    size_t n = scope->length;
    char *complete = malloc(n);
    memcpy(complete, scope->text, n);
    if (kl__expression_build(build, scope, complete, n, &again, &error) < 0) abort();
    if (scope->length != n || memcmp(scope->text, complete, n) != 0 || again.n != first.n) abort();
    for (uint32_t i = 0; i < first.n; i++)
        if (again.values[i] != first.values[i]) abort();
    free(complete);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kl_interval own;
    kl__build *build;
    kl__expression_scope scope;
    kl_error error;
    char *text = malloc(size ? size : 1); /* nothing behind the last byte is read */
    if (size) memcpy(text, data, size);
    if (kl_interval_parse("1m", 2, &own) < 0 || kl__build_new(NULL, &build, &error) < 0) abort();
    if (kl__expression_scope_init(&scope, &own, kl_alloc_libc(), &error) < 0) abort();
    one(build, &scope, text, size);
    for (size_t from = 0, to; from < size; from = to + 1) {
        for (to = from; to < size && text[to] != '\n'; to++) {}
        if (to - from < size) one(build, &scope, text + from, to - from);
    }
    kl__expression_scope_free(&scope);
    kl__build_free(build);
    free(text);
    return 0;
}
