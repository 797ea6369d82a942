/* What a file answers: the ranges that an import may call covered.
 *
 * `tight` are the bars themselves, `wide` the bars and the gaps between two good neighbours: a source that has rows on both sides
 * of a gap had none in it. A gap that holds a refused row is no such gap, nor is the place of a bar that may still change. */
#include "cli.h"
#include <stdlib.h>
#include <string.h>

void cli_cover_init(cli_cover *cover) {
    memset(cover, 0, sizeof *cover);
    kl_coverage_init(&cover->tight, NULL);
    kl_coverage_init(&cover->wide, NULL);
    kl_coverage_init(&cover->open, NULL);
    cover->last = cover->newest = cover->first = cover->run_from = cover->run_to = KL_TIME_NONE;
}

void cli_cover_free(cli_cover *cover) {
    kl_coverage_free(&cover->tight);
    kl_coverage_free(&cover->wide);
    kl_coverage_free(&cover->open);
    free(cover->bad);
    memset(cover, 0, sizeof *cover);
}

/* the lines of refused rows, sorted; they come nearly so */
kl_status cli_cover_bad(cli_cover *cover, int64_t row) {
    size_t at = cover->n_bad;
    if (row <= 0) cover->disorder = 1; /* it may be anywhere */
    if (cover->n_bad == cover->room) {
        size_t room = cover->room ? 2 * cover->room : 64;
        int64_t *grown = realloc(cover->bad, room * sizeof *grown);
        if (!grown) return KL_E_MEMORY;
        cover->bad = grown;
        cover->room = room;
    }
    for (; at > 0 && cover->bad[at - 1] > row; at--) cover->bad[at] = cover->bad[at - 1];
    cover->bad[at] = row;
    cover->n_bad++;
    return KL_OK;
}

/* whether a refused row may lie between two rows of the file */
static int cover_broken(const cli_cover *cover, int64_t a, int64_t b) {
    size_t low = 0, high = cover->n_bad;
    if (!cover->n_bad) return 0;
    if (a <= 0 || b <= a) return 1; /* unknown, or another member of an archive */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cover->bad[middle] > a) high = middle;
        else low = middle + 1;
    }
    return low < cover->n_bad && cover->bad[low] < b;
}

/* what has come in one run since the last call goes into the sets */
static kl_status cover_flush(cli_cover *cover) {
    kl_status status = KL_OK;
    if (cover->run_from == KL_TIME_NONE) return KL_OK;
    if (cover->tights) status = kl_coverage_add(&cover->tight, cover->run_from, cover->run_to);
    if (status >= 0) status = kl_coverage_add(&cover->wide, cover->run_from, cover->run_to);
    cover->run_from = cover->run_to = KL_TIME_NONE;
    return status;
}

kl_status cli_cover_row(cli_cover *cover, kl_time from, kl_time to, int closed, int suspect, int64_t row) {
    kl_status status;
    int ordered, gap;
    if (cover->first == KL_TIME_NONE || from < cover->first) cover->first = from;
    if (cover->newest == KL_TIME_NONE || from >= cover->newest) {
        cover->newest = from;
        cover->newest_to = to;
        cover->newest_suspect = suspect;
    }
    if (!closed) return kl_coverage_add(&cover->open, from, to);
    ordered = cover->last != KL_TIME_NONE && from >= cover->last && to >= cover->last_to;
    if (cover->last != KL_TIME_NONE && from < cover->last) cover->disorder = 1;
    gap = ordered && from > cover->last_to && !cover_broken(cover, cover->last_row, row);
    if (ordered && cover->run_to == cover->last_to && (from <= cover->run_to || (gap && !cover->tights))) {
        cover->run_to = to; /* the usual case costs nothing */
        status = KL_OK;
    } else {
        status = cover_flush(cover);
        if (status >= 0 && gap) status = kl_coverage_add(&cover->wide, cover->last_to, from);
        cover->run_from = from;
        cover->run_to = to;
    }
    cover->last = from;
    cover->last_to = to;
    cover->last_row = row;
    return status;
}

/* the answer so far: `wide` without open bars, or `tight` where refused rows cannot be placed */
const kl_coverage *cli_cover_ranges(cli_cover *cover, int ended, kl_status *status) {
    *status = cover_flush(cover);
    if (cover->tights && (!ended || (cover->n_bad && cover->disorder))) return &cover->tight;
    if (!cover->tights && cover->n_bad && cover->disorder) return &cover->open; /* trades: nothing is certain */
    for (size_t i = 0; i < cover->open.n && *status >= 0; i++)
        *status = kl_coverage_remove(&cover->wide, cover->open.ranges[i].from, cover->open.ranges[i].to);
    for (size_t i = 0; i < cover->tight.n && *status >= 0 && cover->open.n; i++)
        *status = kl_coverage_add(&cover->wide, cover->tight.ranges[i].from, cover->tight.ranges[i].to);
    return &cover->wide;
}
