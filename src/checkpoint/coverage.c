/* Sets of time ranges: what was asked and answered. Sorted, disjoint, neighbours joined. */
#include "data/grow.h"
#include "kline/checkpoint.h"
#include <string.h>

kl_status kl_coverage_init(kl_coverage *coverage, const kl_alloc *alloc) {
    if (!coverage) return KL_E_ARG;
    memset(coverage, 0, sizeof *coverage);
    coverage->alloc = alloc ? *alloc : *kl_alloc_libc();
    return KL_OK;
}

void kl_coverage_free(kl_coverage *coverage) {
    if (!coverage || !coverage->ranges) return;
    coverage->alloc.give(coverage->alloc.ctx, coverage->ranges, coverage->capacity * sizeof *coverage->ranges);
    coverage->ranges = NULL;
    coverage->n = coverage->capacity = 0;
}

static kl_status coverage_room(kl_coverage *c, size_t n) {
    void *memory = c->ranges;
    KL__TRY(kl__grow(&c->alloc, &memory, &c->capacity, n, sizeof *c->ranges));
    c->ranges = (kl_range *)memory;
    return KL_OK;
}

/* First range that ends at or after `time` (after: strictly). */
static size_t coverage_search(const kl_coverage *c, kl_time time, int after) {
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->ranges[middle].to < time || (after && c->ranges[middle].to == time))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Replaces ranges [first, last) by the n (0..2) given ones. */
static kl_status coverage_splice(kl_coverage *c, size_t first, size_t last, const kl_range *with, size_t n) {
    size_t kept = c->n - last;
    KL__TRY(coverage_room(c, first + n + kept));
    if (kept) memmove(c->ranges + first + n, c->ranges + last, kept * sizeof *c->ranges);
    for (size_t i = 0; i < n; i++) c->ranges[first + i] = with[i];
    c->n = first + n + kept;
    return KL_OK;
}

kl_status kl_coverage_add(kl_coverage *coverage, kl_time from, kl_time to) {
    if (!coverage || from > to) return KL_E_ARG;
    if (from == to) return KL_OK;
    size_t first = coverage_search(coverage, from, 0), last = first;
    kl_range joined = {from, to};
    while (last < coverage->n && coverage->ranges[last].from <= to) {
        if (coverage->ranges[last].from < joined.from) joined.from = coverage->ranges[last].from;
        if (coverage->ranges[last].to > joined.to) joined.to = coverage->ranges[last].to;
        last++;
    }
    return coverage_splice(coverage, first, last, &joined, 1);
}

kl_status kl_coverage_remove(kl_coverage *coverage, kl_time from, kl_time to) {
    if (!coverage || from > to) return KL_E_ARG;
    if (from == to) return KL_OK;
    size_t first = coverage_search(coverage, from, 1), last = first, n = 0;
    kl_range left[2];
    while (last < coverage->n && coverage->ranges[last].from < to) {
        const kl_range *r = &coverage->ranges[last++];
        if (r->from < from) left[n].from = r->from, left[n++].to = from;
        if (r->to > to) left[n].from = to, left[n++].to = r->to;
    }
    return last == first ? KL_OK : coverage_splice(coverage, first, last, left, n);
}

int32_t kl_coverage_has(const kl_coverage *coverage, kl_time from, kl_time to) {
    if (!coverage || from > to) return 0;
    if (from == to) return 1;
    size_t at = coverage_search(coverage, from, 1);
    return at < coverage->n && coverage->ranges[at].from <= from && coverage->ranges[at].to >= to;
}

kl_time kl_coverage_contiguous(const kl_coverage *coverage, kl_time from) {
    if (!coverage) return from;
    size_t at = coverage_search(coverage, from, 1);
    return at < coverage->n && coverage->ranges[at].from <= from ? coverage->ranges[at].to : from;
}

kl_status kl_coverage_holes(const kl_coverage *coverage, kl_time from, kl_time to,
                            kl_status (*hole)(void *ctx, const kl_range *range), void *ctx) {
    if (!coverage || !hole || from > to) return KL_E_ARG;
    for (size_t i = coverage_search(coverage, from, 1); from < to; i++) {
        kl_range gap = {from, to};
        if (i < coverage->n && coverage->ranges[i].from < to) gap.to = coverage->ranges[i].from;
        if (gap.from < gap.to) KL__TRY(hole(ctx, &gap));
        if (gap.to >= to) break;
        from = coverage->ranges[i].to;
    }
    return KL_OK;
}

kl_status kl_resume_point(kl_time watermark, const kl_interval *interval, int64_t overlap, kl_time floor,
                          kl_time *from) {
    if (!interval || !from || overlap < 0) return KL_E_ARG;
    kl_time at = floor;
    if (watermark != KL_TIME_NONE) {
        int64_t index;
        KL__TRY(kl_interval_index(interval, watermark, &index));
        if (index < INT64_MIN + overlap) return KL_E_OVERFLOW;
        kl_time open;
        kl_status status = kl_interval_open(interval, index - overlap, &open);
        /* so many bars back that no date is left: the floor decides */
        if (status == KL_E_TIME || status == KL_E_OVERFLOW)
            open = floor == KL_TIME_NONE ? KL_TIME_MIN : floor;
        else
            KL__TRY(status);
        if (floor == KL_TIME_NONE || open > floor) at = open;
    }
    if (at == KL_TIME_NONE) return KL_E_NOT_FOUND;
    *from = at;
    return KL_OK;
}
