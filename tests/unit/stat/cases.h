/* Published cases, which belong to others and lie beside the project: $KLINE_SHARED, default ../shared. */
#ifndef KL_TEST_STAT_CASES_H
#define KL_TEST_STAT_CASES_H
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kline/base.h"

typedef struct {
    char *text;
    kl_json root;
} cases_file;

/* 0, aloud, where there is no such file. */
static inline int cases_open(cases_file *file, const char *name) {
    char path[1200];
    const char *shared = getenv("KLINE_SHARED");
    snprintf(path, sizeof path, "%s/cases/backtest/%s", shared ? shared : "../shared", name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        printf("skipped: %s is not there\n", path);
        return 0;
    }
    size_t room = (size_t)4 << 20, n;
    file->text = (char *)malloc(room);
    n = file->text ? fread(file->text, 1, room, f) : 0;
    fclose(f);
    return n > 0 && kl_json_read(file->text, n, &file->root, NULL) == KL_OK;
}
static inline kl_json cases_get(const kl_json *object, const char *name) {
    kl_json value;
    memset(&value, 0, sizeof value);
    kl_json_member(object, name, &value);
    return value;
}
static inline void cases_text(const kl_json *value, char *text, size_t capacity) {
    size_t length;
    if (kl_json_string(value, text, capacity, &length) != KL_OK) text[0] = 0;
}
static inline double cases_number(const kl_json *value) {
    char text[32];
    double x = (double)NAN;
    if (value->kind == KL_JSON_STRING) { /* "nan", "inf" */
        cases_text(value, text, sizeof text);
        kl_double_parse(text, strlen(text), &x, NULL);
    } else if (value->kind == KL_JSON_NUMBER) {
        kl_double_parse(value->text, value->length, &x, NULL);
    }
    return x;
}
static inline double cases_member(const kl_json *object, const char *name) {
    kl_json value = cases_get(object, name);
    return cases_number(&value);
}
static inline size_t cases_numbers(const kl_json *array, double *out, size_t room) {
    size_t cursor = 0, n = 0;
    kl_json value;
    while (n < room && array->kind == KL_JSON_ARRAY && kl_json_next(array, &cursor, NULL, &value) == KL_OK) out[n++] = cases_number(&value);
    return n;
}
static inline int cases_near(double got, double expect, double tolerance) {
    if (expect != expect) return got != got;
    if (fabs(expect) > 1e300) return got == expect;
    return fabs(got - expect) <= tolerance;
}

#endif
