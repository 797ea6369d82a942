/* Rolling statistics of a column: several of one window at once, over an array, bar by bar, and for the bar that still forms. */
#include <kline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BARS 500

int main(void) {
    double close[BARS], mean[BARS], z[BARS], step[2], forming[2], now = 104.25;
    const double *in[1];
    double *out[2];
    kl_roll_spec spec;
    kl_error error;
    kl_roll *roll;
    size_t bytes;
    void *memory, *scratch;
    for (int i = 0; i < BARS; i++) close[i] = 100.0 + (double)((i * 7919) % 113) / 16.0;

    kl_roll_spec_init(&spec, KL_ROLL_MEAN, 20); /* the last 20 rows, all of them known */
    spec.n_stats = 2;
    spec.stats[1].what = KL_ROLL_ZSCORE;

    in[0] = close;
    out[0] = mean, out[1] = z;
    if (kl_roll_batch(&spec, NULL, in, BARS, NULL, NULL, out, &error) < 0) return 1;

    if (kl_roll_size(&spec, &bytes, &error) < 0) return 2;
    memory = malloc(bytes);
    scratch = malloc(bytes);
    if (!memory || !scratch || kl_roll_init(memory, bytes, &spec, &roll, &error) < 0) return 3;
    for (int i = 0; i < BARS; i++) {
        if (kl_roll_step(roll, 0, &close[i], step) < 0) return 4;
        if (memcmp(&step[0], &mean[i], sizeof step[0]) || memcmp(&step[1], &z[i], sizeof step[1])) return 5; /* the same bits */
    }
    if (kl_roll_peek(roll, scratch, bytes, 0, &now, forming) < 0) return 6; /* changes nothing */
    printf("z of the last bar %.4f, of a bar that closed at %.2f now %.4f\n", step[1], now, forming[1]);
    free(scratch);
    free(memory);
    return 0;
}
