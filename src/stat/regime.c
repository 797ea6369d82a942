/* Trades by the labels of their decisions. */
#include "base/fp.h"
#include "base/size.h"
#include "kline/stat.h"
#include "stat/known.h"
#include <string.h>

static int regime_after(const int32_t *label, size_t a, size_t b) { return label[a] != label[b] ? label[a] > label[b] : a > b; }

static void regime_sift(const int32_t *label, size_t *heap, size_t top, size_t n) {
    for (size_t child = 2 * top + 1; child < n; top = child, child = 2 * top + 1) {
        if (child + 1 < n && regime_after(label, heap[child + 1], heap[child])) child++;
        if (!regime_after(label, heap[child], heap[top])) return;
        size_t swap = heap[top];
        heap[top] = heap[child];
        heap[child] = swap;
    }
}

static void regime_sort(const int32_t *label, size_t *order, size_t n) {
    for (size_t i = n / 2; i-- > 0;) regime_sift(label, order, i, n);
    for (size_t left = n; left-- > 1;) {
        size_t last = order[0];
        order[0] = order[left];
        order[left] = last;
        regime_sift(label, order, 0, left);
    }
}

/* Most trades first, then by set and label; what is beyond `capacity` falls off. */
static void regime_keep(const kl_regime_row *row, kl_regime_row *rows, size_t capacity, size_t total) {
    size_t used = total < capacity ? total : capacity, place = used;
    while (place > 0 && row->trades > rows[place - 1].trades) place--; /* they come by set and label */
    if (place >= capacity) return;
    memmove(rows + place + 1, rows + place, ((used < capacity ? used : capacity - 1) - place) * sizeof *rows);
    rows[place] = *row;
}

/* The trades order[0 .. n-1] of one label. */
static void regime_row(const double *pnl, const size_t *order, size_t n, kl_regime_row *row) {
    double gain = 0, loss = 0, count = (double)n;
    for (size_t k = 0; k < n; k++) {
        double p = pnl[order[k]];
        row->wins += p > 0, row->losses += p < 0, row->zeros += p == 0;
        gain += p > 0 ? p : 0, loss += p < 0 ? p : 0;
    }
    row->trades = n;
    row->win_rate = (double)row->wins / count;
    row->expectancy = kl__output((gain + loss) / count);
    row->profit_factor = kl__output(gain / -loss);
}

kl_status kl_regime_table(const int32_t *const *labels, size_t sets, const double *pnl, size_t n, uint64_t min_trades, kl_regime_row *rows,
                          size_t capacity, size_t *total, const kl_alloc *alloc) {
    size_t bytes, found = 0;
    if (!total || (!labels && sets > 0) || (!pnl && n > 0) || (!rows && capacity > 0) || sets > INT32_MAX) return KL_E_ARG;
    for (size_t s = 0; s < sets && n > 0; s++)
        if (!labels[s]) return KL_E_ARG;
    if (!alloc) alloc = kl_alloc_libc();
    if (n == SIZE_MAX || kl__size_mul(n + 1, sizeof(size_t), &bytes)) return KL_E_MEMORY;
    size_t *order = (size_t *)alloc->take(alloc->ctx, bytes);
    if (!order) return KL_E_MEMORY;
    for (size_t s = 0; s < sets; s++) {
        size_t used = 0;
        for (size_t i = 0; i < n; i++)
            if (labels[s][i] >= 0 && kl__known(pnl[i])) order[used++] = i;
        regime_sort(labels[s], order, used);
        for (size_t from = 0, to = 0; from < used; from = to) {
            kl_regime_row row;
            while (to < used && labels[s][order[to]] == labels[s][order[from]]) to++;
            if (to - from < min_trades) continue;
            memset(&row, 0, sizeof row);
            row.set = (int32_t)s;
            row.label = labels[s][order[from]];
            regime_row(pnl, order + from, to - from, &row);
            regime_keep(&row, rows, capacity, found++);
        }
    }
    alloc->give(alloc->ctx, order, bytes);
    *total = found;
    return KL_OK;
}
