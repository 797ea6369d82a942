/* SHA-256 (FIPS 180-4). */
#include "base/check.h"
#include <string.h>

static const uint32_t sha256_start[8] = {
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
};

static const uint32_t sha256_round[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
};

#define SHA256_ROTATE(x, n) (((x) >> (n)) | ((x) << (32 - (n))))
#define SHA256_BIG_0(x) (SHA256_ROTATE(x, 2) ^ SHA256_ROTATE(x, 13) ^ SHA256_ROTATE(x, 22))
#define SHA256_BIG_1(x) (SHA256_ROTATE(x, 6) ^ SHA256_ROTATE(x, 11) ^ SHA256_ROTATE(x, 25))
#define SHA256_SMALL_0(x) (SHA256_ROTATE(x, 7) ^ SHA256_ROTATE(x, 18) ^ ((x) >> 3))
#define SHA256_SMALL_1(x) (SHA256_ROTATE(x, 17) ^ SHA256_ROTATE(x, 19) ^ ((x) >> 10))

KL__INLINE uint32_t sha256_load(const uint8_t *p) {
    return ((uint32_t)p[0] << 24) | ((uint32_t)p[1] << 16) | ((uint32_t)p[2] << 8) | p[3];
}

KL__INLINE void sha256_store(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)(v >> 24), p[1] = (uint8_t)(v >> 16), p[2] = (uint8_t)(v >> 8), p[3] = (uint8_t)v;
}

/* One round; the caller renames the variables instead of moving them. */
#define SHA256_STEP(a, b, c, d, e, f, g, h, i)                                                                         \
    do {                                                                                                              \
        uint32_t t = h + SHA256_BIG_1(e) + (g ^ (e & (f ^ g))) + sha256_round[i] + w[(i)&15];                         \
        d += t;                                                                                                       \
        h = t + SHA256_BIG_0(a) + ((a & b) | (c & (a | b)));                                                          \
    } while (0)

#define SHA256_EIGHT(i)                                                                                               \
    do {                                                                                                              \
        SHA256_STEP(a, b, c, d, e, f, g, h, (i) + 0);                                                                 \
        SHA256_STEP(h, a, b, c, d, e, f, g, (i) + 1);                                                                 \
        SHA256_STEP(g, h, a, b, c, d, e, f, (i) + 2);                                                                 \
        SHA256_STEP(f, g, h, a, b, c, d, e, (i) + 3);                                                                 \
        SHA256_STEP(e, f, g, h, a, b, c, d, (i) + 4);                                                                 \
        SHA256_STEP(d, e, f, g, h, a, b, c, (i) + 5);                                                                 \
        SHA256_STEP(c, d, e, f, g, h, a, b, (i) + 6);                                                                 \
        SHA256_STEP(b, c, d, e, f, g, h, a, (i) + 7);                                                                 \
    } while (0)

static void sha256_blocks(uint32_t state[8], const uint8_t *p, size_t blocks) {
    uint32_t w[16];
    for (; blocks > 0; blocks--, p += 64) {
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (unsigned i = 0; i < 16; i++) w[i] = sha256_load(p + 4 * i);
        for (unsigned i = 0; i < 64; i += 16) {
            if (i > 0)
                for (unsigned j = 0; j < 16; j++)
                    w[j] += SHA256_SMALL_1(w[(j + 14) & 15]) + w[(j + 9) & 15] + SHA256_SMALL_0(w[(j + 1) & 15]);
            SHA256_EIGHT(i);
            SHA256_EIGHT(i + 8);
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d;
        state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    }
}

void kl_sha256_init(kl_sha256 *hash) {
    memset(hash, 0, sizeof *hash);
    memcpy(hash->state, sha256_start, sizeof hash->state);
}

void kl_sha256_update(kl_sha256 *hash, const void *bytes, size_t n) {
    const uint8_t *p = (const uint8_t *)bytes;
    size_t have = (size_t)(hash->length % 64);
    if (n == 0) return;
    hash->length += n;
    if (have > 0) {
        size_t take = n < 64 - have ? n : 64 - have;
        memcpy(hash->block + have, p, take);
        p += take, n -= take;
        if (have + take < 64) return;
        sha256_blocks(hash->state, hash->block, 1);
    }
    sha256_blocks(hash->state, p, n / 64);
    if (n % 64) memcpy(hash->block, p + (n - n % 64), n % 64);
}

void kl_sha256_final(kl_sha256 *hash, uint8_t digest[32]) {
    uint64_t bits = hash->length * 8;
    size_t have = (size_t)(hash->length % 64);
    hash->block[have++] = 0x80;
    if (have > 56) {
        memset(hash->block + have, 0, 64 - have);
        sha256_blocks(hash->state, hash->block, 1);
        have = 0;
    }
    memset(hash->block + have, 0, 56 - have);
    sha256_store(hash->block + 56, (uint32_t)(bits >> 32));
    sha256_store(hash->block + 60, (uint32_t)bits);
    sha256_blocks(hash->state, hash->block, 1);
    for (unsigned i = 0; i < 8; i++) sha256_store(digest + 4 * i, hash->state[i]);
    kl_sha256_init(hash);
}
