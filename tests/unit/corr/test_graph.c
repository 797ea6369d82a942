/* The correlation graph: the spanning tree against Kruskal's on every edge; degrees; centralities against published and hand-made
 * graphs, and against distances and path counts made the slow way. */
#include "base/fp.h"
#include "base/endian.h"
#include "kline/corr.h"
#include "kline/simd.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SYMBOLS 70
#define PAIRS (SYMBOLS * (SYMBOLS - 1) / 2)

static double packed[PAIRS], scratch[3 * SYMBOLS], central[SYMBOLS];
static kl_corr_edge edges[PAIRS], kruskal[PAIRS];
static size_t parts[SYMBOLS];

static size_t place(size_t symbols, size_t i, size_t j) {
    size_t low = i < j ? i : j, high = i < j ? j : i;
    return low * (2 * symbols - low - 1) / 2 + high - low - 1;
}

/* `kind` 0: all differ; 1: few values, so ties everywhere; 2: few values and half of the pairs unknown; 3: most are unknown */
static void fill(uint64_t *seed, int kind, size_t symbols) {
    for (size_t p = 0; p < symbols * (symbols - 1) / 2; p++) {
        packed[p] = kind == 0 ? (double)(int64_t)random_u64(seed) * 0x1p-63 : (double)((int64_t)random_below(seed, 7) - 3) / 3.0;
        if ((kind == 2 && random_below(seed, 2)) || (kind == 3 && random_below(seed, symbols) > 1)) packed[p] = (double)NAN;
    }
}

/* ------------------------------------------------------------------------------------------------------- tree --- */

static int ahead(const void *a, const void *b) {
    const kl_corr_edge *x = a, *y = b;
    if (x->r != y->r) return x->r > y->r ? -1 : 1;
    return x->i != y->i ? (x->i < y->i ? -1 : 1) : x->j < y->j ? -1 : 1;
}
static size_t part_of(size_t v) {
    while (parts[v] != v) v = parts[v];
    return v;
}
static size_t make_kruskal(size_t symbols) {
    size_t all = 0, n = 0;
    for (size_t i = 0; i < symbols; i++) {
        parts[i] = i;
        for (size_t j = i + 1; j < symbols; j++) {
            const kl_corr_edge edge = {i, j, packed[place(symbols, i, j)]};
            if (edge.r == edge.r) kruskal[all++] = edge;
        }
    }
    qsort(kruskal, all, sizeof *kruskal, ahead);
    for (size_t k = 0; k < all; k++) {
        size_t a = part_of(kruskal[k].i), b = part_of(kruskal[k].j);
        if (a == b) continue;
        parts[a] = b;
        kruskal[n++] = kruskal[k];
    }
    return n;
}

static void test_tree(void **state) {
    (void)state;
    uint64_t seed = 1;
    for (int k = 0; k < (getenv("KLINE_QUICK") ? 100 : 1000); k++) {
        size_t symbols = (size_t)random_below(&seed, SYMBOLS + 1), n = 99, wanted;
        fill(&seed, k % 4, symbols ? symbols : 1);
        wanted = make_kruskal(symbols);
        assert_int_equal(kl_corr_tree(packed, symbols, scratch, edges, &n), KL_OK);
        assert_int_equal(n, wanted);
        for (size_t e = 0; e < n; e++)
            assert_true(edges[e].i == kruskal[e].i && edges[e].j == kruskal[e].j && edges[e].r == kruskal[e].r);
    }
}

static void test_degree(void **state) {
    (void)state;
    uint64_t seed = 2;
    int64_t degree[SYMBOLS];
    double strength[SYMBOLS];
    for (int k = 0; k < 300; k++) {
        size_t symbols = 1 + (size_t)random_below(&seed, SYMBOLS), all = 0;
        double cutoff = k % 3 ? 2.0 / 3.0 : 0.4;
        fill(&seed, k % 4, symbols);
        size_t n = kl_corr_degree(packed, symbols, cutoff, degree, strength);
        for (size_t i = 0; i < symbols; i++) {
            int64_t count = 0;
            double sum = 0.0;
            for (size_t j = 0; j < symbols; j++)
                if (j != i && fabs(packed[place(symbols, i, j)]) >= cutoff) count++, sum += fabs(packed[place(symbols, i, j)]);
            assert_true(degree[i] == count && strength[i] == sum);
            all += (size_t)count;
        }
        assert_int_equal(n, all / 2);
        memset(degree, 0, sizeof degree);
        assert_int_equal(kl_corr_degree(packed, symbols, cutoff, degree, NULL), n);
    }
    assert_int_equal(kl_corr_degree(packed, 3, 0.0, degree, NULL), 0);
    assert_int_equal(kl_corr_degree(packed, 3, (double)NAN, degree, NULL), 0);
    assert_int_equal(kl_corr_degree(NULL, 3, 0.5, degree, NULL), 0);
    assert_int_equal(kl_corr_degree(packed, 3, 0.5, NULL, NULL), 0);
}

/* ----------------------------------------------------------------------------------------------- centralities --- */

static void *room;
static void measure(size_t symbols, double cutoff, int32_t kind) {
    size_t bytes = kl_corr_centrality_size(symbols);
    room = realloc(room, bytes);
    assert_non_null(room);
    memset(room, 0x55, bytes);
    for (size_t v = 0; v < symbols; v++) central[v] = (double)NAN;
    assert_int_equal(kl_corr_centrality(packed, symbols, cutoff, kind, room, bytes, central), KL_OK);
}

typedef struct {
    size_t i, j;
    double r;
} joined;
static void draw(size_t symbols, const joined *all, size_t n) {
    for (size_t p = 0; p < symbols * (symbols - 1) / 2; p++) packed[p] = p % 2 ? 0.49 : (double)NAN; /* no edges */
    for (size_t e = 0; e < n; e++) packed[place(symbols, all[e].i, all[e].j)] = e % 2 ? -all[e].r : all[e].r;
}
static void check(const double *wanted, size_t symbols, int32_t kind, double within) {
    measure(symbols, 0.5, kind);
    for (size_t v = 0; v < symbols; v++) assert_true(fabs(central[v] - wanted[v]) <= within);
}

/* D. Krackhardt's kite, the usual example in which the three differ. Values: networkx 3.6.1; the eigenvector by mpmath 1.3.0. */
static void test_kite(void **state) {
    (void)state;
    static const joined kite[] = {{0, 1, 1}, {0, 2, 1}, {0, 3, 1}, {0, 5, 1}, {1, 3, 1}, {1, 4, 1},
                                  {1, 6, 1}, {2, 3, 1}, {2, 5, 1}, {3, 4, 1}, {3, 5, 1}, {3, 6, 1},
                                  {4, 6, 1}, {5, 6, 1}, {5, 7, 1}, {6, 7, 1}, {7, 8, 1}, {8, 9, 1}};
    static const double degree[] = {4 / 9., 4 / 9., 3 / 9., 6 / 9., 3 / 9., 5 / 9., 5 / 9., 3 / 9., 2 / 9., 1 / 9.};
    static const double closeness[] = {0.5294117647058824, 0.5294117647058824, 0.5, 0.6, 0.5,
                                       0.6428571428571429, 0.6428571428571429, 0.6, 0.42857142857142855, 0.3103448275862069};
    static const double betweenness[] = {0.023148148148148143, 0.023148148148148143, 0.0, 0.10185185185185183, 0.0,
                                         0.23148148148148148, 0.23148148148148148, 0.38888888888888884, 0.2222222222222222, 0.0};
    static const double eigenvector[] = {0.73221231628355116733, 0.73221231628355116733, 0.59422577311348489695, 1.0, 0.59422577311348489695,
                                         0.82676380791084440368, 0.82676380791084440368, 0.40717690233035594195, 0.099940541453647092871,
                                         0.023207424621583655275};
    draw(10, kite, 18);
    check(degree, 10, KL_CENTRALITY_DEGREE, 0.0);
    check(closeness, 10, KL_CENTRALITY_CLOSENESS, 4e-16);
    check(betweenness, 10, KL_CENTRALITY_BETWEENNESS, 4e-16);
    check(eigenvector, 10, KL_CENTRALITY_EIGENVECTOR, 4e-14);
}

/* A path, a triangle and a symbol alone. Values: networkx 3.6.1, and plain to see. */
static void test_apart(void **state) {
    (void)state;
    static const joined parted[] = {{0, 1, .5}, {1, 2, .6}, {2, 3, .7}, {4, 5, .8}, {5, 6, .9}, {4, 6, 1}};
    static const double closeness[] = {9 / 42., 9 / 28., 9 / 28., 9 / 42., 2 / 7., 2 / 7., 2 / 7., 0};
    static const double betweenness[] = {0, 2 / 21., 2 / 21., 0, 0, 0, 0, 0};
    static const double degree[] = {1 / 7., 2 / 7., 2 / 7., 1 / 7., 2 / 7., 2 / 7., 2 / 7., 0};
    draw(8, parted, 6);
    check(closeness, 8, KL_CENTRALITY_CLOSENESS, 4e-16);
    check(betweenness, 8, KL_CENTRALITY_BETWEENNESS, 4e-16);
    check(degree, 8, KL_CENTRALITY_DEGREE, 0.0);
    measure(8, 0.5, KL_CENTRALITY_EIGENVECTOR); /* the triangle has the greatest eigenvalue */
    assert_true(central[6] == 1.0 && central[5] > 0.9 && central[4] > 0.9);
    assert_true(central[0] < 1e-13 && central[1] < 1e-13 && central[7] == 0.0);
    draw(8, parted, 0);
    for (int32_t kind = 0; kind <= KL_CENTRALITY_BETWEENNESS; kind++) {
        measure(8, 0.5, kind);
        for (size_t v = 0; v < 8; v++) assert_true(central[v] == 0.0);
    }
    for (size_t symbols = 1; symbols <= 2; symbols++)
        for (int32_t kind = 0; kind <= KL_CENTRALITY_BETWEENNESS; kind++) {
            packed[0] = 0.9;
            measure(symbols, 0.5, kind);
            double wanted = symbols == 1 ? 0.0 : kind == KL_CENTRALITY_BETWEENNESS ? 0.0 : 1.0;
            for (size_t v = 0; v < symbols; v++) assert_true(central[v] == wanted);
        }
}

/* Two-sided graphs have -lambda too: a star's centre is sqrt(rays) times a ray, by hand; a weighted graph by mpmath 1.3.0. */
static void test_eigenvector(void **state) {
    (void)state;
    joined star[20];
    static const joined weighted[] = {{0, 1, .9}, {0, 2, .8}, {1, 2, .7}, {2, 3, .6},
                                      {3, 4, .95}, {0, 4, .5}, {1, 4, .55}};
    static const double wanted[] = {1.0, 0.98240233954922474236, 0.9250627272885882502, 0.65512930152512800332, 0.81780609928382214485};
    for (size_t ray = 1; ray <= 20; ray++) {
        const joined one = {0, ray, 0.75};
        star[ray - 1] = one;
        draw(ray + 1, star, ray);
        measure(ray + 1, 0.5, KL_CENTRALITY_EIGENVECTOR);
        assert_true(central[0] == 1.0);
        for (size_t v = 1; v <= ray; v++) assert_true(fabs(central[v] - 1.0 / sqrt((double)ray)) <= 2e-14);
    }
    draw(5, weighted, 7);
    check(wanted, 5, KL_CENTRALITY_EIGENVECTOR, 4e-14);
    uint64_t seed = 5;
    for (int k = 0; k < 50; k++) { /* A x = lambda x, entry by entry */
        size_t symbols = 30 + (size_t)random_below(&seed, 40);
        fill(&seed, 0, symbols);
        measure(symbols, 0.3, KL_CENTRALITY_EIGENVECTOR);
        double lambda = 0.0, off = 0.0;
        for (int pass = 0; pass < 2; pass++)
            for (size_t i = 0; i < symbols; i++) {
                double sum = 0.0;
                for (size_t j = 0; j < symbols; j++)
                    if (j != i && fabs(packed[place(symbols, i, j)]) >= 0.3) sum += fabs(packed[place(symbols, i, j)]) * central[j];
                if (pass == 0 && central[i] == 1.0) lambda = sum;
                if (pass == 1) off = fmax(off, fabs(sum - lambda * central[i]));
            }
        assert_true(lambda > 1.0 && off <= 1e-12 * lambda);
    }
}

/* Distances by Floyd and Warshall, paths by summing over the last step, shares by definition. */
static void test_paths(void **state) {
    (void)state;
    static size_t far[SYMBOLS][SYMBOLS];
    static double paths[SYMBOLS][SYMBOLS];
    uint64_t seed = 6;
    for (int k = 0; k < (getenv("KLINE_QUICK") ? 10 : 60); k++) {
        size_t n = k < 3 ? SYMBOLS : 3 + (size_t)random_below(&seed, SYMBOLS - 3);
        fill(&seed, 0, n);
        double cutoff = 1.0 - (k % 3 ? 3.0 : 30.0) / (double)(n + 30);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) far[i][j] = i == j ? 0 : fabs(packed[place(n, i, j)]) >= cutoff ? 1 : 1000;
        for (size_t v = 0; v < n; v++)
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n; j++)
                    if (far[i][v] + far[v][j] < far[i][j]) far[i][j] = far[i][v] + far[v][j];
        for (size_t i = 0; i < n; i++)
            for (size_t d = 0; d < n; d++)
                for (size_t j = 0; j < n; j++) {
                    if (far[i][j] != d) continue;
                    paths[i][j] = d == 0;
                    for (size_t v = 0; d > 0 && v < n; v++)
                        if (far[i][v] == d - 1 && far[v][j] == 1) paths[i][j] += paths[i][v];
                }
        measure(n, cutoff, KL_CENTRALITY_CLOSENESS);
        for (size_t v = 0; v < n; v++) {
            double sum = 0.0, others = 0.0;
            for (size_t j = 0; j < n; j++)
                if (far[v][j] > 0 && far[v][j] < 1000) sum += (double)far[v][j], others += 1.0;
            assert_true(fabs(central[v] - (others > 0.0 ? others / sum * others / (double)(n - 1) : 0.0)) <= 4e-16);
        }
        measure(n, cutoff, KL_CENTRALITY_BETWEENNESS);
        for (size_t v = 0; v < n; v++) {
            double sum = 0.0;
            for (size_t i = 0; i < n; i++)
                for (size_t j = i + 1; j < n; j++)
                    if (i != v && j != v && far[i][j] < 1000 && far[i][v] + far[v][j] == far[i][j])
                        sum += paths[i][v] * paths[v][j] / paths[i][j];
            assert_true(fabs(central[v] - sum / ((double)(n - 1) * (double)(n - 2) / 2.0)) <= 1e-13);
        }
    }
}

/* Layers of three, each joined to the next: 3^700 shortest paths do not fit a double, their shares do. A path from one side of a
 * layer to the other passes each of it by a third; two of one layer meet in any of the 3 or 6 of the layers beside. */
static void test_many_paths(void **state) {
    (void)state;
    const size_t layers = getenv("KLINE_QUICK") ? 40 : 700, n = 3 * layers, bytes = kl_corr_centrality_size(n);
    double *many = calloc(n * (n - 1) / 2, sizeof *many), *got = malloc(n * sizeof *got);
    void *memory = malloc(bytes);
    assert_non_null(many);
    assert_non_null(got);
    assert_non_null(memory);
    for (size_t l = 0; l + 1 < layers; l++)
        for (size_t a = 0; a < 3; a++)
            for (size_t b = 0; b < 3; b++) many[place(n, 3 * l + a, 3 * l + 3 + b)] = 0.9;
    assert_int_equal(kl_corr_centrality(many, n, 0.5, KL_CENTRALITY_BETWEENNESS, memory, bytes, got), KL_OK);
    for (size_t v = 0; v < n; v++) {
        size_t l = v / 3;
        double sum = 9.0 * (double)l * (double)(layers - 1 - l) / 3.0;
        if (l > 0) sum += 3.0 / (l == 1 ? 3.0 : 6.0);
        if (l + 1 < layers) sum += 3.0 / (l + 2 == layers ? 3.0 : 6.0);
        sum = sum / ((double)(n - 1) * (double)(n - 2) / 2.0);
        assert_true(fabs(got[v] - sum) <= 1e-11 * sum);
    }
    free(many);
    free(got);
    free(memory);
}

static void test_levels(void **state) {
    (void)state;
    uint64_t seed = 8;
    int32_t used = kl_simd_level();
    double first[SYMBOLS];
    for (int k = 0; k < 20; k++) {
        size_t symbols = SYMBOLS - (size_t)k;
        fill(&seed, k % 3, symbols);
        assert_int_equal(kl_simd_force(KL_SIMD_BASELINE), KL_OK);
        measure(symbols, 0.6, KL_CENTRALITY_EIGENVECTOR);
        memcpy(first, central, sizeof first);
        for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++) {
            if (kl_simd_force(level) != KL_OK) continue;
            measure(symbols, 0.6, KL_CENTRALITY_EIGENVECTOR);
            assert_memory_equal(central, first, symbols * sizeof *first);
        }
    }
    kl_simd_force(used);
}

static void test_refusals(void **state) {
    (void)state;
    size_t n = 5, bytes = kl_corr_centrality_size(3);
    double memory[64];
    fill(&(uint64_t){1}, 0, 3);
    assert_true(bytes > 0 && bytes <= sizeof memory);
    assert_int_equal(kl_corr_centrality_size(0), 0);
    assert_int_equal(kl_corr_centrality_size(KL_CORR_SYMBOLS_MAX + 1), 0);
    assert_true(kl_corr_centrality_size(KL_CORR_SYMBOLS_MAX) > 8 << 20);
    central[0] = 7.0;
    assert_int_equal(kl_corr_centrality(packed, 3, 0.5, KL_CENTRALITY_DEGREE, memory, bytes - 1, central), KL_E_SIZE);
    assert_int_equal(kl_corr_centrality(packed, 3, 0.0, KL_CENTRALITY_DEGREE, memory, bytes, central), KL_E_ARG);
    assert_int_equal(kl_corr_centrality(packed, 3, 0.5, 4, memory, bytes, central), KL_E_ARG);
    assert_int_equal(kl_corr_centrality(packed, 0, 0.5, 0, memory, bytes, central), KL_E_ARG);
    assert_int_equal(kl_corr_centrality(NULL, 3, 0.5, 0, memory, bytes, central), KL_E_ARG);
    assert_int_equal(kl_corr_centrality(packed, 3, 0.5, 0, NULL, bytes, central), KL_E_ARG);
    assert_int_equal(kl_corr_centrality(packed, 3, 0.5, 0, memory, bytes, NULL), KL_E_ARG);
    assert_true(central[0] == 7.0);
    assert_int_equal(kl_corr_tree(NULL, 3, scratch, edges, &n), KL_E_ARG);
    assert_int_equal(kl_corr_tree(packed, 3, NULL, edges, &n), KL_E_ARG);
    assert_int_equal(kl_corr_tree(packed, 3, scratch, NULL, &n), KL_E_ARG);
    assert_int_equal(kl_corr_tree(packed, 3, scratch, edges, NULL), KL_E_ARG);
    assert_int_equal(kl_corr_tree(packed, KL_CORR_SYMBOLS_MAX + 1, scratch, edges, &n), KL_E_ARG);
    assert_int_equal(n, 5);
    assert_int_equal(kl_corr_tree(NULL, 1, NULL, NULL, &n), KL_OK);
    assert_int_equal(n, 0);
}

static int free_room(void **state) {
    (void)state;
    free(room);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),        cmocka_unit_test(test_degree), cmocka_unit_test(test_kite),
        cmocka_unit_test(test_apart),       cmocka_unit_test(test_eigenvector), cmocka_unit_test(test_paths),
        cmocka_unit_test(test_many_paths),  cmocka_unit_test(test_levels), cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests_name("graph", tests, NULL, free_room);
}
