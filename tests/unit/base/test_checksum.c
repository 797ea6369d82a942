/* CRC-32C against RFC 3720 B.4, SHA-256 against FIPS 180-4 / NIST examples, both against themselves in pieces. */
#include "base/checksum.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void test_crc32c_vectors(void **state) {
    uint8_t bytes[48];
    (void)state;
    assert_int_equal(kl_crc32c(0, "", 0), 0);
    assert_int_equal(kl_crc32c(0, NULL, 0), 0);
    assert_int_equal(kl_crc32c(0, "123456789", 9), 0xE3069283u);
    memset(bytes, 0, 32);
    assert_int_equal(kl_crc32c(0, bytes, 32), 0x8A9136AAu);
    memset(bytes, 0xFF, 32);
    assert_int_equal(kl_crc32c(0, bytes, 32), 0x62A8AB43u);
    for (int i = 0; i < 32; i++) bytes[i] = (uint8_t)i;
    assert_int_equal(kl_crc32c(0, bytes, 32), 0x46DD794Eu);
    for (int i = 0; i < 32; i++) bytes[i] = (uint8_t)(31 - i);
    assert_int_equal(kl_crc32c(0, bytes, 32), 0x113FDB5Cu);
    static const uint8_t read_command[48] = {0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                             0x14, 0,    0, 0, 0, 0, 4, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18,
                                             0x28, 0,    0, 0, 0, 0, 0, 0, 2};
    assert_int_equal(kl_crc32c(0, read_command, 48), 0xD9963A56u);
}

static void test_crc32_vectors(void **state) {
    (void)state;
    assert_int_equal(kl__crc32(0, "", 0), 0);
    assert_int_equal(kl__crc32(0, "123456789", 9), 0xCBF43926u);
    assert_int_equal(kl__crc32(0, "The quick brown fox jumps over the lazy dog", 43), 0x414FA339u);
}

/* Bit by bit, straight from the definition. */
static uint32_t crc_slow(uint32_t polynomial, const uint8_t *p, size_t n) {
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        for (int b = 0; b < 8; b++) crc = (crc >> 1) ^ (crc & 1 ? polynomial : 0);
    }
    return ~crc;
}

static void test_crc_lengths_and_pieces(void **state) {
    uint8_t bytes[300];
    uint32_t x = 1;
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++) x = x * 1664525u + 1013904223u, bytes[i] = (uint8_t)(x >> 24);
    for (size_t start = 0; start < 9; start++)
        for (size_t n = 0; n + start <= sizeof bytes; n++) {
            uint32_t whole = kl_crc32c(0, bytes + start, n);
            assert_int_equal(whole, crc_slow(0x82F63B78u, bytes + start, n));
            assert_int_equal(kl__crc32(0, bytes + start, n), crc_slow(0xEDB88320u, bytes + start, n));
            size_t cut = n / 3;
            assert_int_equal(kl_crc32c(kl_crc32c(0, bytes + start, cut), bytes + start + cut, n - cut), whole);
        }
}

static void check_sha(const void *bytes, size_t n, size_t piece, const char *expected) {
    kl_sha256 hash;
    uint8_t digest[32];
    char text[65];
    kl_sha256_init(&hash);
    for (size_t i = 0; i < n; i += piece)
        kl_sha256_update(&hash, (const uint8_t *)bytes + i, n - i < piece ? n - i : piece);
    kl_sha256_final(&hash, digest);
    for (int i = 0; i < 32; i++) {
        text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    text[64] = 0;
    assert_string_equal(text, expected);
}

static void test_sha256_vectors(void **state) {
    static const struct {
        const char *text, *digest;
    } vectors[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    static const size_t pieces[] = {1, 3, 7, 63, 64, 65, 1000000};
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        for (size_t j = 0; j < sizeof pieces / sizeof pieces[0]; j++)
            check_sha(vectors[i].text, strlen(vectors[i].text), pieces[j], vectors[i].digest);
    size_t n = 1000000;
    char *million = (char *)malloc(n);
    assert_non_null(million);
    memset(million, 'a', n);
    check_sha(million, n, n, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    check_sha(million, n, 997, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crc32c_vectors),
        cmocka_unit_test(test_crc32_vectors),
        cmocka_unit_test(test_crc_lengths_and_pieces),
        cmocka_unit_test(test_sha256_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
