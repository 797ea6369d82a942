/* The columns of a mart in a table, and the texts in them. */
#include "mart/mart.h"
#include <stdio.h>
#include <string.h>

void kl__mart_add_column(const kl_mart_spec *spec, mart_column *columns, size_t *n, const char *name, int64_t rows, int32_t kind) {
    static const char columns_unit[] = {'s', 'm', 'h', 'd', 'w', 'M'};
    mart_column *c = &columns[(*n)++];
    c->kind = kind;
    if (rows > 0)
        snprintf(c->name, sizeof c->name, "%s%lld%c", name, (long long)(rows * spec->interval.n), columns_unit[spec->interval.unit - 1]);
    else
        snprintf(c->name, sizeof c->name, "%s", name);
}

kl_status kl__mart_prepare_table(const kl_mart *m, kl_table *table, kl_error *error) {
    mart_column column[MART_COLUMNS_MAX];
    size_t n = kl__mart_kind_of(&m->spec)->columns(&m->spec, column);
    if (table->columns == 0) {
        for (size_t i = 0; i < n; i++) {
            kl_status status = kl_table_add_column(table, column[i].name, column[i].kind, 0, NULL);
            if (status >= 0) continue;
            kl__table_drop_columns(table, 0);
            return kl__fail(error, status, 4, 0, 0, "the table does not take the columns of the mart");
        }
        return KL_OK;
    }
    int same = table->columns == n;
    for (size_t i = 0; i < n && same; i++)
        same = table->column[i].kind == column[i].kind && strcmp(table->column[i].name, column[i].name) == 0;
    return same ? KL_OK : kl__fail(error, KL_E_MISMATCH, 4, 0, 0, "the table does not have the columns of this mart");
}

void kl__mart_labels(mart_run *run, size_t which, int32_t set) {
    for (int32_t i = 0; i < 8; i++) {
        const char *text = i > 0 ? kl_label_name(set, i) : NULL;
        run->label[which][i].text = text;
        run->label[which][i].length = text ? strlen(text) : 0;
    }
}
