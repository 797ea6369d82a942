/* Pieces of time text that other parts of the module print and read. */
#ifndef KL__TIME_H
#define KL__TIME_H
#include "data/civil.h"

/* Two digits; value 0..99. */
KL__INLINE char *kl__put_2(char *out, uint32_t value) {
    out[0] = (char)('0' + value / 10);
    out[1] = (char)('0' + value % 10);
    return out + 2;
}

/* Reads hh:mm[:ss[.f{1,9}]] at *used and moves *used behind it; 1 where it is none. */
int kl__clock_parse(const char *text, size_t length, size_t *used, int64_t *of_day_us);
/* Writes hh:mm, and :ss and a fraction where `seconds` is set or they are not 0; of_day_us in [0, one day). */
size_t kl__clock_print(int64_t of_day_us, int seconds, char *text);

#endif
