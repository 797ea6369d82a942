/* Prints TOML texts as lines for another reader to compare with: each text on standard input has its length in a line before it; for each comes
 * one line: "no", or the tree as kind, text in hex, ( ) around tables and arrays. Doubles are printed as their bits. */
#include "base/toml.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void hex(const char *text, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) printf("%02x", (unsigned)(unsigned char)text[i]);
}

static void print(const kl__toml *toml, uint32_t index) {
    const kl__toml_node *node = kl__toml_at(toml, index);
    int64_t integer = 0;
    uint64_t bits;
    double real = 0.0;
    switch (node->kind) {
    case KL__TOML_STRING: printf("s"); hex(kl__toml_string(toml, index), node->length); break;
    case KL__TOML_INTEGER: kl__toml_integer(toml, index, &integer); printf("i%" PRId64, integer); break;
    case KL__TOML_FLOAT:
        kl__toml_real(toml, index, &real);
        memcpy(&bits, &real, sizeof bits);
        if (real != real) printf("fnan");
        else printf("f%016" PRIx64, bits);
        break;
    case KL__TOML_BOOL: printf("b%u", (unsigned)node->value); break;
    default:
        printf(node->kind == KL__TOML_ARRAY ? "[" : "{");
        for (uint32_t i = node->first; i != KL__TOML_NONE; i = kl__toml_at(toml, i)->next) {
            if (node->kind == KL__TOML_TABLE) hex(kl__toml_key(toml, i), kl__toml_at(toml, i)->key_length), printf("=");
            print(toml, i);
            printf(",");
        }
        printf(node->kind == KL__TOML_ARRAY ? "]" : "}");
    }
}

int main(void) {
    static char text[1 << 16];
    unsigned long n;
    while (scanf("%lu", &n) == 1 && n < sizeof text && getchar() == '\n' && fread(text, 1, n, stdin) == n) {
        kl__toml toml;
        char *exact = malloc(n ? n : 1); /* ends where the text ends: a sanitizer sees who reads on */
        kl_error error = {0};
        if (!exact) return 1;
        memcpy(exact, text, n);
        if (kl__toml_read(exact, n, NULL, &toml, &error) < 0) {
            printf("no %" PRId64 ":%" PRId64 " %s\n", error.row, error.column, error.message);
        } else {
            print(&toml, KL__TOML_ROOT);
            printf("\n");
            kl__toml_free(&toml);
        }
        free(exact);
    }
    return 0;
}
