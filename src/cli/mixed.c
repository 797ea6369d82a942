/* Two markets glued into one file.
 *
 * The rule: within one file the set of optional columns that are filled (quote volume, trade count, taker volumes, close time)
 * changes from one row on, stays changed for at least MIXED_SURE rows (or, for at least MIXED_LEAST, until the file ends), and with it the number of decimals that
 * prices use changes. One without the other is common: exchanges change their tick size, and tools fill columns in later. Both at
 * the same row means that the rows were taken from another market. Decimals are judged on the first MIXED_SURE rows of each part and on every 16th row after. */
#include "cli.h"
#include <string.h>

#define MIXED_SURE 256
#define MIXED_LEAST 16
#define MIXED_COLUMNS                                                                                                              \
    (KL_HAS_QUOTE_VOLUME | KL_HAS_TRADE_COUNT | KL_HAS_TAKER_BASE | KL_HAS_TAKER_QUOTE | KL_HAS_CLOSE_TIME)

void cli_mixed_init(cli_mixed *mixed) { memset(mixed, 0, sizeof *mixed); }

static int32_t mixed_decimals_of(int64_t price, int32_t scale, int32_t least) {
    int32_t decimals = scale;
    while (decimals > least && price % 10 == 0) {
        price /= 10;
        decimals--;
    }
    return decimals;
}

static int32_t mixed_decimals(const kl_kline *row, int32_t scale, int32_t least) {
    least = mixed_decimals_of(row->open, scale, least);
    least = mixed_decimals_of(row->high, scale, least);
    least = mixed_decimals_of(row->low, scale, least);
    return mixed_decimals_of(row->close, scale, least);
}

static kl_status mixed_judge(const cli_mixed *mixed, kl_error *error) {
    if (mixed->rows < MIXED_LEAST || mixed->decimals == mixed->trial_decimals) return KL_OK;
    return cli_set_error(error, KL_E_MISMATCH, mixed->trial_first,
                         "from this row on other columns are filled and prices have %d decimals instead of %d: two markets in one file",
                         (int)mixed->trial_decimals, (int)mixed->decimals);
}

kl_status cli_mixed_push(cli_mixed *mixed, const kl_kline_batch *batch, kl_error *error) {
    for (size_t i = 0; i < batch->n; i++) {
        const kl_kline *row = &batch->rows[i];
        uint32_t mask = row->known & MIXED_COLUMNS;
        if (mixed->rows == 0 || mask == mixed->mask) {
            mixed->mask = mask;
            mixed->trial_rows = 0;
            if (mixed->rows < MIXED_SURE || !(mixed->rows & 15))
                mixed->decimals = mixed_decimals(row, batch->scale.price, mixed->decimals);
            mixed->rows++;
            continue;
        }
        if (mixed->trial_rows == 0 || mask != mixed->trial_mask) {
            mixed->trial_mask = mask;
            mixed->trial_rows = 0;
            mixed->trial_decimals = 0;
            mixed->trial_first = batch->source_row ? batch->source_row[i] : 0;
        }
        mixed->trial_decimals = mixed_decimals(row, batch->scale.price, mixed->trial_decimals);
        if (++mixed->trial_rows < MIXED_SURE) continue;
        if (mixed_judge(mixed, error) < 0) return KL_E_MISMATCH;
        mixed->mask = mask; /* the same market with other columns: go on from here */
        mixed->rows = mixed->trial_rows;
        mixed->decimals = mixed->trial_decimals;
        mixed->trial_rows = 0;
    }
    return KL_OK;
}

kl_status cli_mixed_finish(const cli_mixed *mixed, kl_error *error) {
    return mixed->trial_rows >= MIXED_LEAST ? mixed_judge(mixed, error) : KL_OK;
}
