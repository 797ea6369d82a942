#include "base/check.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    kl_status status;
    const char *name, *text;
} kl__status_row;

static const kl__status_row kl__statuses[] = {
#define KL__STATUS_ROW(NAME, value, name, text) {NAME, name, text},
    KL_STATUS_LIST(KL__STATUS_ROW)
#undef KL__STATUS_ROW
};
#define KL__STATUS_COUNT (sizeof kl__statuses / sizeof kl__statuses[0])

static const kl__status_row *kl__status_find_row(kl_status status) {
    for (size_t i = 0; i < KL__STATUS_COUNT; i++)
        if (kl__statuses[i].status == status) return &kl__statuses[i];
    return NULL;
}

const char *kl_status_name(kl_status status) {
    const kl__status_row *row = kl__status_find_row(status);
    return row ? row->name : "unknown";
}

const char *kl_status_text(kl_status status) {
    const kl__status_row *row = kl__status_find_row(status);
    return row ? row->text : "a status that this version does not know";
}

kl_status kl_status_at(size_t index, kl_status *status) {
    if (!status) return KL_E_ARG;
    if (index >= KL__STATUS_COUNT) return KL_END;
    *status = kl__statuses[index].status;
    return KL_OK;
}

kl_status kl_status_find(const char *name, kl_status *status) {
    if (!name || !status) return KL_E_ARG;
    for (size_t i = 0; i < KL__STATUS_COUNT; i++)
        if (strcmp(kl__statuses[i].name, name) == 0) return *status = kl__statuses[i].status, KL_OK;
    return KL_E_UNKNOWN_NAME;
}

kl_status kl__fail(kl_error *error, kl_status code, int32_t arg, int64_t row, int64_t column, const char *format, ...) {
    if (!error) return code;
    error->code = code;
    error->arg = arg;
    error->row = row;
    error->column = column;
    va_list args;
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    return code;
}
