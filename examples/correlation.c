/* A correlation monitor: hourly candles of six coins come in, one of them missing; a panel puts them on one time grid; after each
 * hour the matrix of the last two days is compared with that of two days before. At the end: classes of all pairs, and the tree. */
#include <kline.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COINS 6
#define PAIRS (COINS * (COINS - 1) / 2)
#define HOURS 240
#define ROWS 48

static const char *const names[COINS] = {"BTC", "ETH", "BNB", "SOL", "ADA", "XRP"};
static const char *const classes[] = {"unknown", "none", "low", "medium", "high"};

typedef struct {
    kl_interval hour;
    kl_corr *corr;
    double close[COINS], past[ROWS][PAIRS];
    int64_t steps;
    size_t alerts;
} monitor;

/* One hour of all coins: a return where this hour and the one before are known, and what moved since two days ago. */
static kl_status take(void *ctx, kl_time open, const kl_kline *rows, const uint8_t *present, size_t coins, int32_t sealed) {
    monitor *m = (monitor *)ctx;
    double returns[COINS], now[PAIRS], *before = m->past[m->steps % ROWS];
    kl_corr_break top[1];
    size_t broke = 0;
    int64_t index;
    kl_status status = kl_interval_index(&m->hour, open, &index);
    (void)sealed;
    for (size_t c = 0; c < coins; c++) {
        double close = present[c] ? (double)rows[c].close / 100.0 : (double)NAN;
        returns[c] = close / m->close[c] - 1.0;
        m->close[c] = close;
    }
    if (status >= 0) status = kl_corr_push(m->corr, index, returns, NULL);
    if (status >= 0) status = kl_corr_matrix(m->corr, now);
    if (status >= 0 && m->steps >= 2 * ROWS)
        status = kl_corr_breaks(now, before, COINS, KL_BREAK_FISHER, kl_corr_shift_limit(4.0, ROWS), top, 1, &broke);
    if (status >= 0 && broke > 0 && m->alerts++ == 0) {
        char when[KL_TIME_TEXT_MAX];
        kl_time_print(open, when);
        printf("%s %s and %s: %.2f, two days ago %.2f\n", when, names[top[0].i], names[top[0].j], top[0].r, top[0].before);
    }
    if (status >= 0) memcpy(before, now, sizeof now);
    m->steps++;
    return status;
}

/* -1..1, the same on every machine. */
static double noise(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(int64_t)(*seed >> 11) / 4503599627370496.0 - 1.0;
}

/* Candles of a market that all coins follow; XRP turns against it after 150 hours, ADA misses one. */
static kl_status feed(kl_panel *panel, kl_time start, kl_error *error) {
    uint64_t seed = 7;
    double price[COINS] = {30000, 2000, 300, 25, 40, 60};
    for (int64_t h = 0; h < HOURS; h++) {
        double market = noise(&seed);
        kl_time open = start + h * INT64_C(3600000000);
        for (size_t c = 0; c < COINS; c++) {
            kl_kline row;
            double own = noise(&seed), share = c == 5 && h >= 150 ? -0.4 : 1.0;
            price[c] *= 1.0 + 0.01 * (share * market + 0.5 * own);
            memset(&row, 0, sizeof row);
            row.open_time_us = open;
            row.close = (int64_t)(price[c] * 100.0 + 0.5); /* cents */
            row.known = KL_HAS_CLOSE;
            row.flags = KL_CLOSED;
            if (c == 4 && h == 60) continue;
            kl_status status = kl_panel_push(panel, c, &row, error);
            if (status < 0) return status;
        }
        kl_status status = kl_panel_seal(panel, open); /* who has not come by now is missing */
        if (status < 0) return status;
    }
    return KL_OK;
}

int main(void) {
    static monitor m;
    const kl_panel_sink sink = {&m, take};
    kl_time start;
    kl_corr_spec spec;
    kl_corr_summary sum;
    kl_corr_edge edges[COINS - 1];
    kl_panel *panel;
    kl_error error;
    double now[PAIRS], scratch[3 * COINS], xrp;
    size_t corr_bytes, panel_bytes = kl_panel_size(COINS, 4), n;
    kl_interval_parse("1h", 2, &m.hour);
    kl_time_parse("2024-01-01", 10, &start);
    kl_corr_spec_init(&spec, COINS, ROWS);
    spec.flags = KL_CORR_PAIRWISE; /* an hour that one coin misses costs its pairs that hour, no more */
    spec.min_count = ROWS / 2;
    if (kl_corr_size(&spec, &corr_bytes, &error) < 0) return 1;
    void *corr_memory = aligned_alloc(64, (corr_bytes + 63) / 64 * 64), *panel_memory = malloc(panel_bytes);
    if (!corr_memory || !panel_memory) return 2;
    if (kl_corr_init(corr_memory, corr_bytes, &spec, &m.corr, &error) < 0) return 3;
    if (kl_panel_init(panel_memory, panel_bytes, COINS, 4, &m.hour, &sink, &panel) < 0) return 4;
    if (feed(panel, start, &error) < 0) {
        fprintf(stderr, "%s\n", error.message);
        return 5;
    }

    kl_corr_matrix(m.corr, now);
    kl_corr_sum_up(now, COINS, &sum);
    kl_corr_tree(now, COINS, scratch, edges, &n);
    printf("%d hours, %d of them with a break; average %.2f, diversification %.2f\n", HOURS, (int)m.alerts, sum.average,
           sum.diversification);
    for (size_t i = 0; i < COINS; i++)
        for (size_t j = i + 1; j < COINS; j++) {
            double r = now[kl_pair_index(COINS, i, j)];
            printf("%s %s %6.2f %s\n", names[i], names[j], r, classes[kl_corr_regime(r, NULL)]);
        }
    printf("tree:");
    for (size_t e = 0; e < n; e++) printf(" %s-%s %.2f", names[edges[e].i], names[edges[e].j], edges[e].r);
    printf("\n");
    free(corr_memory);
    free(panel_memory);
    xrp = now[kl_pair_index(COINS, 0, 5)];
    return m.alerts > 0 && n == COINS - 1 && xrp < -0.5 ? 0 : 6;
}
