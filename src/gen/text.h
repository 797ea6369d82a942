/* Rows of the generator as an exchange writes them. */
#ifndef KL__GEN_TEXT_H
#define KL__GEN_TEXT_H
#include "kline/gen.h"

#define GEN_ROW_MAX 1024 /* bytes of any row */

typedef struct gen_style {
    int32_t format;  /* KL_GEN_* */
    int64_t divisor; /* microseconds per unit of time: 1000 or 1 */
    kl_scale scale;
    char symbol[KL_SYMBOL_MAX], interval[KL_INTERVAL_TEXT_MAX];
} gen_style;

/* Each returns the length; the row has no line end. */
size_t kl__gen_kline_text(const gen_style *style, const kl_kline *row, char *text);
size_t kl__gen_trade_text(const gen_style *style, const kl_trade *row, int aggregate, char *text);
/* a stream event: at `event` time, closed or still forming. */
size_t kl__gen_kline_event(const gen_style *style, const kl_kline *row, kl_time event, int closed, char *text);
size_t kl__gen_trade_event(const gen_style *style, const kl_trade *row, int aggregate, char *text);
/* the first line of a CSV file, or "". */
const char *kl__gen_header(int32_t format);

#endif
