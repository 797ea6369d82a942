/* Running peaks, drawdowns, and the episodes they make. */
#include "base/fp.h"
#include "kline/stat.h"
#include "stat/known.h"
#include <string.h>

kl_status kl_drawdown(const double *price, size_t n, double *peak, double *peaks, double *drawdown) {
    if (!peak || (!price && n > 0)) return KL_E_ARG;
    double top = kl__known_price(*peak) ? *peak : (double)NAN;
    for (size_t i = 0; i < n; i++) {
        double now = price[i];
        if (kl__known_price(now) && !(now <= top)) top = now;
        if (drawdown) drawdown[i] = kl__known_price(now) ? (now - top) / top + 0.0 : (double)NAN;
        if (peaks) peaks[i] = top;
    }
    *peak = top;
    return KL_OK;
}

/* Where an episode goes among the first `used` ones, deepest first. */
static size_t drawdown_place(const kl_drawdown_episode *episodes, size_t used, double depth) {
    size_t place = used;
    while (place > 0 && depth < episodes[place - 1].depth) place--;
    return place;
}

static void drawdown_keep(const kl_drawdown_episode *e, int32_t order, kl_drawdown_episode *episodes, size_t capacity, size_t total) {
    size_t used = total < capacity ? total : capacity;
    size_t place = order == KL_DRAWDOWN_BY_DEPTH ? drawdown_place(episodes, used, e->depth) : used;
    if (place >= capacity) return;
    size_t moved = (used < capacity ? used : capacity - 1) - place;
    memmove(episodes + place + 1, episodes + place, moved * sizeof *episodes);
    episodes[place] = *e;
}

static void drawdown_finish(kl_drawdown_episode *e, size_t recovery, size_t last) {
    e->depth = (e->trough_price - e->peak_price) / e->peak_price;
    e->recovery = recovery;
    e->fall_rows = e->trough - e->peak;
    e->rise_rows = (recovery == SIZE_MAX ? last : recovery) - e->trough;
    e->rows = e->fall_rows + e->rise_rows;
}

kl_status kl_drawdown_episodes(const double *price, size_t n, int32_t order, kl_drawdown_episode *episodes, size_t capacity, size_t *total) {
    if (!total || (!price && n > 0) || (!episodes && capacity > 0)) return KL_E_ARG;
    if (order != KL_DRAWDOWN_BY_TIME && order != KL_DRAWDOWN_BY_DEPTH) return KL_E_ARG;
    kl_drawdown_episode now;
    memset(&now, 0, sizeof now);
    size_t found = 0;
    int falling = 0;
    for (size_t i = 0; i < n; i++) {
        double p = price[i];
        if (!kl__known_price(p)) continue;
        if (p >= now.peak_price) {
            if (falling) {
                drawdown_finish(&now, i, n - 1);
                drawdown_keep(&now, order, episodes, capacity, found++);
            }
            falling = 0;
            now.peak_price = p;
            now.peak = i;
        } else if (!falling || p < now.trough_price) {
            falling = 1;
            now.trough_price = p;
            now.trough = i;
        }
    }
    if (falling) {
        drawdown_finish(&now, SIZE_MAX, n - 1);
        drawdown_keep(&now, order, episodes, capacity, found++);
    }
    *total = found;
    return KL_OK;
}

/* 1 where symbol a comes after symbol b. */
static int drawdown_after(const double *x, size_t a, size_t b) {
    int a_known = kl__known(x[a]), b_known = kl__known(x[b]);
    if (a_known != b_known) return b_known;
    if (a_known && x[a] != x[b]) return x[a] > x[b];
    return a > b;
}

static void drawdown_sift(const double *x, size_t *heap, size_t top, size_t n) {
    for (size_t child = 2 * top + 1; child < n; top = child, child = 2 * top + 1) {
        if (child + 1 < n && drawdown_after(x, heap[child + 1], heap[child])) child++;
        if (!drawdown_after(x, heap[child], heap[top])) return;
        size_t swap = heap[top];
        heap[top] = heap[child];
        heap[child] = swap;
    }
}

size_t kl_drawdown_rank(const double *drawdown, size_t n, size_t *index) {
    size_t known = 0;
    if (!drawdown || !index) return 0;
    for (size_t i = 0; i < n; i++) {
        index[i] = i;
        known += (size_t)kl__known(drawdown[i]);
    }
    for (size_t i = n / 2; i-- > 0;) drawdown_sift(drawdown, index, i, n);
    for (size_t left = n; left-- > 1;) {
        size_t last = index[0];
        index[0] = index[left];
        index[left] = last;
        drawdown_sift(drawdown, index, 0, left);
    }
    return known;
}
