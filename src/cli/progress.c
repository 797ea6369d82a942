/* One line of progress on a terminal, for work that takes more than a second. */
#include "cli.h"
#include <string.h>
#ifdef _WIN32
int _isatty(int file); /* of its C library */
#define PROGRESS_IS_TERMINAL() _isatty(2)
#else
#include <unistd.h>
#define PROGRESS_IS_TERMINAL() isatty(STDERR_FILENO)
#endif

void cli_progress_start(cli_progress *p, const char *label, uint64_t total) {
    const char *slash = strrchr(label, '/');
    memset(p, 0, sizeof *p);
    p->on = PROGRESS_IS_TERMINAL();
    p->label = !strcmp(label, "-") ? "standard input" : slash && slash[1] ? slash + 1 : label;
    p->total = total;
    p->start_us = p->last_us = cli_now();
}

static void progress_draw(cli_progress *p, kl_time now) {
    uint64_t ms = (uint64_t)(now - p->start_us) / 1000 + 1;
    fprintf(stderr, "\r\033[K%.40s ", p->label);
    if (p->total) {
        unsigned percent = (unsigned)(p->done >= p->total ? 100 : p->done * 100 / p->total), bar = percent / 5;
        fprintf(stderr, "[%.*s%.*s] %3u%% ", (int)bar, "####################", (int)(20 - bar), "....................", percent);
    }
    if (p->done) fprintf(stderr, "%llu MB, %llu MB/s ", (unsigned long long)(p->done >> 20), (unsigned long long)(p->done / ms / 1049));
    if (p->rows) fprintf(stderr, "%llu rows, %llu/s", (unsigned long long)p->rows, (unsigned long long)(p->rows * 1000 / ms));
    fflush(stderr);
    p->shown = 1;
    p->last_us = now;
}

void cli_progress_step(cli_progress *p, uint64_t bytes, uint64_t rows) {
    kl_time now;
    p->done += bytes;
    p->rows += rows;
    if (!p->on || (p->tick++ & 15)) return;
    now = cli_now();
    if (now - p->start_us > 1000000 && now - p->last_us > 200000) progress_draw(p, now);
}

void cli_progress_end(cli_progress *p) {
    if (p->shown) fputs("\r\033[K", stderr);
    p->shown = p->on = 0;
}
