/* Exponentially weighted covariances of many symbols.
 *
 * Row i of the triangle holds the pairs (i, j) from the block of 8 symbols that i is in, up to the last block, so that every row is
 * whole vectors: places left of the diagonal and behind the last symbol are kept like others and never read. NaN is a pair
 * without a common row so far. Values below 2^-1000 become 0 on their way down, before arithmetic gets slow. */
#include "base/fp.h"
#include "base/endian.h"
#include "base/roots.h"
#include "base/size.h"
#include "corr/pick.h"
#include "kline/corr.h"
#include "simd/level.h"
#include <math.h>
#include <string.h>

#define EWMA_LANES 8
#define EWMA_LARGE 0x1p500 /* from here on a value counts as missing: no product overflows */
#define EWMA_SMALL 0x1p-1000

struct kl_ewma {
    size_t symbols, padded;
    double lambda;
    size_t reserved[5];
}; /* then std[padded], x[padded], the triangle: each aligned to 64 where the memory is */

#define EWMA_HEAD kl__round_up(sizeof(struct kl_ewma), 64)

static double *ewma_std(const kl_ewma *e) { return (double *)(void *)((unsigned char *)(uintptr_t)e + EWMA_HEAD); }
static double *ewma_x(const kl_ewma *e) { return ewma_std(e) + e->padded; }

/* Cells before the first block of rows `block`. */
static size_t ewma_cells(size_t padded, size_t block) {
    return EWMA_LANES * (block * padded - EWMA_LANES * (block * (block - (block > 0)) / 2));
}

/* The row of symbol i, whose first place is that of symbol i & ~7. */
static double *ewma_row(const kl_ewma *e, size_t i) {
    size_t block = i / EWMA_LANES;
    return ewma_x(e) + e->padded + ewma_cells(e->padded, block) + i % EWMA_LANES * (e->padded - block * EWMA_LANES);
}
static double *ewma_place(const kl_ewma *e, size_t i, size_t j) { return ewma_row(e, i) + (j - i / EWMA_LANES * EWMA_LANES); }

size_t kl_ewma_size(size_t symbols) {
    if (symbols < 1 || symbols > KL_CORR_SYMBOLS_MAX) return 0;
    size_t padded = kl__round_up(symbols, EWMA_LANES); /* the largest has 2^25.1 cells: no product wraps, in 32 bits either */
    return EWMA_HEAD + (2 * padded + ewma_cells(padded, padded / EWMA_LANES)) * sizeof(double);
}

kl_status kl_ewma_init(void *memory, size_t bytes, size_t symbols, double lambda, kl_ewma **ewma) {
    if (!memory || !ewma || (uintptr_t)memory % 64 != 0 || !(lambda > 0.0 && lambda < 1.0)) return KL_E_ARG;
    size_t size = kl_ewma_size(symbols);
    if (size == 0) return KL_E_ARG;
    if (bytes < size) return KL_E_SIZE;
    kl_ewma *made = (kl_ewma *)memory;
    memset(made, 0, EWMA_HEAD);
    made->symbols = symbols;
    made->padded = kl__round_up(symbols, EWMA_LANES);
    made->lambda = lambda;
    double *all = ewma_std(made);
    for (size_t k = 0; k < (size - EWMA_HEAD) / sizeof(double); k++) all[k] = (double)NAN;
    *ewma = made;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------------- push --- */

/* A product is NaN where x[k] is missing: the pair holds. */
KL__INLINE void ewma_take_body(double *restrict cov, const double *restrict x, size_t n, double x_i, double lambda, double fresh) {
    for (size_t k = 0; k < n; k++) {
        double product = x_i * x[k], held = cov[k];
        double value = lambda * held + fresh * product;
        value = kl__pick(held == held, value, product);
        value = kl__pick(fabs(value) < EWMA_SMALL, 0.0, value);
        cov[k] = kl__pick(product == product, value, held);
    }
}
KL__SIMD_EACH(ewma_take, (double *cov, const double *x, size_t n, double x_i, double lambda, double fresh),
              (cov, x, n, x_i, lambda, fresh))

typedef void (*ewma_take_fn)(double *cov, const double *x, size_t n, double x_i, double lambda, double fresh);
static const ewma_take_fn ewma_take[KL__SIMD_TIERS] = KL__SIMD_TABLE(ewma_take);

kl_status kl_ewma_push(kl_ewma *ewma, const double *x) {
    if (!ewma || !x) return KL_E_ARG;
    const ewma_take_fn take = ewma_take[kl__simd_tier()];
    double *known = ewma_x(ewma), *std = ewma_std(ewma);
    for (size_t i = 0; i < ewma->symbols; i++) known[i] = fabs(x[i]) < EWMA_LARGE ? x[i] : (double)NAN;
    for (size_t i = 0; i < ewma->symbols; i++) {
        if (known[i] != known[i]) continue;
        size_t first = i / EWMA_LANES * EWMA_LANES;
        take(ewma_row(ewma, i), known + first, ewma->padded - first, known[i], ewma->lambda, 1.0 - ewma->lambda);
        std[i] = kl__sqrt(*ewma_place(ewma, i, i));
    }
    return KL_OK;
}

/* ---------------------------------------------------------------------------------------------------- reading --- */

/* Without holes |r| <= 1 but for rounding; with holes a pair and its symbols remember different rows. */
KL__INLINE double ewma_r(double cov, double std_i, double std_j) {
    double r = cov / std_i / std_j;
    r = r > 1.0 ? 1.0 : r;
    r = r < -1.0 ? -1.0 : r;
    return std_i > 0.0 && std_j > 0.0 ? r : (double)NAN;
}
KL__INLINE void ewma_read_body(const double *restrict cov, const double *restrict std, size_t n, double std_i, double *restrict r) {
    for (size_t k = 0; k < n; k++) r[k] = ewma_r(cov[k], std_i, std[k]);
}
KL__SIMD_EACH(ewma_read, (const double *cov, const double *std, size_t n, double std_i, double *r), (cov, std, n, std_i, r))

typedef void (*ewma_read_fn)(const double *cov, const double *std, size_t n, double std_i, double *r);
static const ewma_read_fn ewma_read[KL__SIMD_TIERS] = KL__SIMD_TABLE(ewma_read);

kl_status kl_ewma_pair(const kl_ewma *ewma, size_t i, size_t j, double *cov, double *r) {
    if (!ewma || i >= ewma->symbols || j >= ewma->symbols) return KL_E_ARG;
    size_t low = i < j ? i : j, high = i < j ? j : i;
    double held = *ewma_place(ewma, low, high), correlation = ewma_r(held, ewma_std(ewma)[low], ewma_std(ewma)[high]);
    if (cov) *cov = held;
    if (r) *r = low == high && correlation == correlation ? 1.0 : correlation;
    return KL_OK;
}

kl_status kl_ewma_matrix(const kl_ewma *ewma, double *packed) {
    if (!ewma || (!packed && ewma->symbols > 1)) return KL_E_ARG;
    const ewma_read_fn read = ewma_read[kl__simd_tier()];
    const double *std = ewma_std(ewma);
    for (size_t i = 0; i + 1 < ewma->symbols; i++) {
        size_t n = ewma->symbols - i - 1;
        read(ewma_place(ewma, i, i) + 1, std + i + 1, n, std[i], packed);
        packed += n;
    }
    return KL_OK;
}

/* --------------------------------------------------------------------------------------------------- snapshot ---
 *   0  "KLEWM" 0 0 1   magic and format
 *   8  u64 definition, u64 symbols, f64 lambda, f64 covariance of (0,0) (0,1) .. (S-1,S-1); u64 crc32c of all before */

#define EWMA_DEFINITION 1
#define EWMA_IMAGE_HEAD 32
#define EWMA_UNKNOWN UINT64_C(0x7ff8000000000000)

static const uint8_t ewma_magic[8] = {'K', 'L', 'E', 'W', 'M', 0, 0, 1};

size_t kl_ewma_snapshot_size(const kl_ewma *ewma) {
    return ewma ? EWMA_IMAGE_HEAD + ewma->symbols * (ewma->symbols + 1) / 2 * 8 + 8 : 0;
}

static void ewma_image_head(const kl_ewma *e, uint8_t *image) {
    memcpy(image, ewma_magic, 8);
    kl__store_u64(image + 8, EWMA_DEFINITION);
    kl__store_u64(image + 16, e->symbols);
    kl__store_f64(image + 24, e->lambda);
}

kl_status kl_ewma_snapshot(const kl_ewma *ewma, void *bytes, size_t capacity, size_t *used) {
    if (!ewma || !bytes || !used) return KL_E_ARG;
    size_t size = kl_ewma_snapshot_size(ewma);
    if (capacity < size) return KL_E_SIZE;
    uint8_t *image = (uint8_t *)bytes, *at = image + EWMA_IMAGE_HEAD;
    ewma_image_head(ewma, image);
    for (size_t i = 0; i < ewma->symbols; i++) {
        const double *row = ewma_place(ewma, i, i);
        for (size_t k = 0; k < ewma->symbols - i; k++, at += 8)
            kl__store_u64(at, row[k] == row[k] ? kl__double_bits(row[k]) : EWMA_UNKNOWN);
    }
    kl__store_u64(at, kl_crc32c(0, image, size - 8));
    *used = size;
    return KL_OK;
}

/* 1 where rows could have led to this: a variance is not negative, and a known pair has two known variances. */
static int ewma_image_holds(const uint8_t *cells, size_t symbols) {
    const uint8_t *at = cells;
    for (size_t i = 0; i < symbols; i++) {
        uint64_t own = kl__load_u64(at);
        if (own != EWMA_UNKNOWN && own > kl__double_bits(EWMA_LARGE * EWMA_LARGE)) return 0; /* and no sign */
        for (size_t j = i; j < symbols; j++, at += 8) {
            uint64_t bits = kl__load_u64(at);
            double size = fabs(kl__bits_double(bits));
            if (bits == EWMA_UNKNOWN) continue;
            uint64_t other = kl__load_u64(cells + 8 * (j * (2 * symbols - j + 1) / 2));
            if (!(size <= EWMA_LARGE * EWMA_LARGE) || (size < EWMA_SMALL && bits != 0)) return 0;
            if (own == EWMA_UNKNOWN || other == EWMA_UNKNOWN) return 0;
        }
    }
    return 1;
}

kl_status kl_ewma_restore(kl_ewma *ewma, const void *bytes, size_t n, kl_error *error) {
    if (!ewma || !bytes) return kl__fail(error, KL_E_ARG, ewma ? 2 : 1, 0, 0, "an argument is missing");
    const uint8_t *image = (const uint8_t *)bytes, *at = image + EWMA_IMAGE_HEAD;
    uint8_t mine[EWMA_IMAGE_HEAD];
    if (n < EWMA_IMAGE_HEAD + 8 || memcmp(image, ewma_magic, 7) != 0)
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "this is not a snapshot of an EWMA covariance");
    if (image[7] > ewma_magic[7])
        return kl__fail(error, KL_E_VERSION, 2, 0, 0, "the snapshot has format %u, newer than this library", (unsigned)image[7]);
    if (kl__load_u64(image + n - 8) != kl_crc32c(0, image, n - 8))
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot is damaged: its checksum does not fit");
    ewma_image_head(ewma, mine);
    if (memcmp(image, mine, sizeof mine) != 0)
        return kl__fail(error, KL_E_DEFINITION, 2, 0, 0, "the snapshot has other symbols, another lambda or another definition");
    if (n != kl_ewma_snapshot_size(ewma) || !ewma_image_holds(at, ewma->symbols))
        return kl__fail(error, KL_E_CORRUPT, 2, 0, 0, "the snapshot does not hold covariances of %llu symbols",
                        (unsigned long long)ewma->symbols);
    double *std = ewma_std(ewma);
    for (size_t i = 0; i < ewma->symbols; i++) {
        double *row = ewma_place(ewma, i, i);
        for (size_t k = 0; k < ewma->symbols - i; k++, at += 8) row[k] = kl__load_f64(at);
        std[i] = kl__sqrt(row[0]);
    }
    return KL_OK;
}
