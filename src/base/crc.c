/* CRC-32C and CRC-32, sixteen bytes a step: row k of a table holds the CRC of each byte followed by k zero bytes, so the
 * sixteen look-ups of a step do not wait for each other. */
#include "base/checksum.h"
#include "base/endian.h"

/* A CRC is linear: a row follows from its eight single-bit entries. The compiler computes the others. */
#define CHECKSUM_2(v, a) (v), (v) ^ (a)
#define CHECKSUM_4(v, a, b) CHECKSUM_2(v, a), CHECKSUM_2((v) ^ (b), a)
#define CHECKSUM_8(v, a, b, c) CHECKSUM_4(v, a, b), CHECKSUM_4((v) ^ (c), a, b)
#define CHECKSUM_16(v, a, b, c, d) CHECKSUM_8(v, a, b, c), CHECKSUM_8((v) ^ (d), a, b, c)
#define CHECKSUM_32(v, a, b, c, d, e) CHECKSUM_16(v, a, b, c, d), CHECKSUM_16((v) ^ (e), a, b, c, d)
#define CHECKSUM_64(v, a, b, c, d, e, f) CHECKSUM_32(v, a, b, c, d, e), CHECKSUM_32((v) ^ (f), a, b, c, d, e)
#define CHECKSUM_ROW(a, b, c, d, e, f, g, h)                                                                           \
    {                                                                                                                 \
        CHECKSUM_64(0u, a##u, b##u, c##u, d##u, e##u, f##u), CHECKSUM_64(g##u, a##u, b##u, c##u, d##u, e##u, f##u),   \
            CHECKSUM_64(h##u, a##u, b##u, c##u, d##u, e##u, f##u),                                                    \
            CHECKSUM_64(h##u ^ g##u, a##u, b##u, c##u, d##u, e##u, f##u)                                              \
    }

/* clang-format off */
static const uint32_t crc32c_table[16][256] = {
    CHECKSUM_ROW(0xF26B8303, 0xE13B70F7, 0xC79A971F, 0x8AD958CF, 0x105EC76F, 0x20BD8EDE, 0x417B1DBC, 0x82F63B78),
    CHECKSUM_ROW(0x13A29877, 0x274530EE, 0x4E8A61DC, 0x9D14C3B8, 0x3FC5F181, 0x7F8BE302, 0xFF17C604, 0xFBC3FAF9),
    CHECKSUM_ROW(0xA541927E, 0x4F6F520D, 0x9EDEA41A, 0x38513EC5, 0x70A27D8A, 0xE144FB14, 0xC76580D9, 0x8B277743),
    CHECKSUM_ROW(0xDD45AAB8, 0xBF672381, 0x7B2231F3, 0xF64463E6, 0xE964B13D, 0xD725148B, 0xABA65FE7, 0x52A0C93F),
    CHECKSUM_ROW(0x38116FAC, 0x7022DF58, 0xE045BEB0, 0xC5670B91, 0x8F2261D3, 0x1BA8B557, 0x37516AAE, 0x6EA2D55C),
    CHECKSUM_ROW(0xEF306B19, 0xDB8CA0C3, 0xB2F53777, 0x6006181F, 0xC00C303E, 0x85F4168D, 0x0E045BEB, 0x1C08B7D6),
    CHECKSUM_ROW(0x68032CC8, 0xD0065990, 0xA5E0C5D1, 0x4E2DFD53, 0x9C5BFAA6, 0x3D5B83BD, 0x7AB7077A, 0xF56E0EF4),
    CHECKSUM_ROW(0x493C7D27, 0x9278FA4E, 0x211D826D, 0x423B04DA, 0x847609B4, 0x0D006599, 0x1A00CB32, 0x34019664),
    CHECKSUM_ROW(0xF43ED648, 0xED91DA61, 0xDECFC233, 0xB873F297, 0x750B93DF, 0xEA1727BE, 0xD1C2398D, 0xA66805EB),
    CHECKSUM_ROW(0xCB567BA5, 0x934081BB, 0x236D7587, 0x46DAEB0E, 0x8DB5D61C, 0x1E87DAC9, 0x3D0FB592, 0x7A1F6B24),
    CHECKSUM_ROW(0x9771F7C1, 0x2B0F9973, 0x561F32E6, 0xAC3E65CC, 0x5D90BD69, 0xBB217AD2, 0x73AE8355, 0xE75D06AA),
    CHECKSUM_ROW(0x3171D430, 0x62E3A860, 0xC5C750C0, 0x8E62D771, 0x1929D813, 0x3253B026, 0x64A7604C, 0xC94EC098),
    CHECKSUM_ROW(0x30D23865, 0x61A470CA, 0xC348E194, 0x837DB5D9, 0x03171D43, 0x062E3A86, 0x0C5C750C, 0x18B8EA18),
    CHECKSUM_ROW(0x54075546, 0xA80EAA8C, 0x55F123E9, 0xABE247D2, 0x5228F955, 0xA451F2AA, 0x4D4F93A5, 0x9A9F274A),
    CHECKSUM_ROW(0x678EFD01, 0xCF1DFA02, 0x9BD782F5, 0x3243731B, 0x6486E636, 0xC90DCC6C, 0x97F7EE29, 0x2A03AAA3),
    CHECKSUM_ROW(0xF20C0DFE, 0xE1F46D0D, 0xC604ACEB, 0x89E52F27, 0x162628BF, 0x2C4C517E, 0x5898A2FC, 0xB13145F8),
};

static const uint32_t crc32_table[16][256] = {
    CHECKSUM_ROW(0x77073096, 0xEE0E612C, 0x076DC419, 0x0EDB8832, 0x1DB71064, 0x3B6E20C8, 0x76DC4190, 0xEDB88320),
    CHECKSUM_ROW(0x191B3141, 0x32366282, 0x646CC504, 0xC8D98A08, 0x4AC21251, 0x958424A2, 0xF0794F05, 0x3B83984B),
    CHECKSUM_ROW(0x01C26A37, 0x0384D46E, 0x0709A8DC, 0x0E1351B8, 0x1C26A370, 0x384D46E0, 0x709A8DC0, 0xE1351B80),
    CHECKSUM_ROW(0xB8BC6765, 0xAA09C88B, 0x8F629757, 0xC5B428EF, 0x5019579F, 0xA032AF3E, 0x9B14583D, 0xED59B63B),
    CHECKSUM_ROW(0x3D6029B0, 0x7AC05360, 0xF580A6C0, 0x30704BC1, 0x60E09782, 0xC1C12F04, 0x58F35849, 0xB1E6B092),
    CHECKSUM_ROW(0xCB5CD3A5, 0x4DC8A10B, 0x9B914216, 0xEC53826D, 0x03D6029B, 0x07AC0536, 0x0F580A6C, 0x1EB014D8),
    CHECKSUM_ROW(0xA6770BB4, 0x979F1129, 0xF44F2413, 0x33EF4E67, 0x67DE9CCE, 0xCFBD399C, 0x440B7579, 0x8816EAF2),
    CHECKSUM_ROW(0xCCAA009E, 0x4225077D, 0x844A0EFA, 0xD3E51BB5, 0x7CBB312B, 0xF9766256, 0x299DC2ED, 0x533B85DA),
    CHECKSUM_ROW(0x177B1443, 0x2EF62886, 0x5DEC510C, 0xBBD8A218, 0xACC04271, 0x82F182A3, 0xDE920307, 0x6655004F),
    CHECKSUM_ROW(0xEFC26B3E, 0x04F5D03D, 0x09EBA07A, 0x13D740F4, 0x27AE81E8, 0x4F5D03D0, 0x9EBA07A0, 0xE6050901),
    CHECKSUM_ROW(0xC18EDFC0, 0x586CB9C1, 0xB0D97382, 0xBAC3E145, 0xAEF6C4CB, 0x869C8FD7, 0xD64819EF, 0x77E1359F),
    CHECKSUM_ROW(0x9BA54C6F, 0xEC3B9E9F, 0x03063B7F, 0x060C76FE, 0x0C18EDFC, 0x1831DBF8, 0x3063B7F0, 0x60C76FE0),
    CHECKSUM_ROW(0xDD96D985, 0x605CB54B, 0xC0B96A96, 0x5A03D36D, 0xB407A6DA, 0xB37E4BF5, 0xBD8D91AB, 0xA06A2517),
    CHECKSUM_ROW(0x9D0FE176, 0xE16EC4AD, 0x19AC8F1B, 0x33591E36, 0x66B23C6C, 0xCD6478D8, 0x41B9F7F1, 0x8373EFE2),
    CHECKSUM_ROW(0xB9FBDBE8, 0xA886B191, 0x8A7C6563, 0xCF89CC87, 0x44629F4F, 0x88C53E9E, 0xCAFB7B7D, 0x4E87F0BB),
    CHECKSUM_ROW(0xAE689191, 0x87A02563, 0xD4314C87, 0x73139F4F, 0xE6273E9E, 0x173F7B7D, 0x2E7EF6FA, 0x5CFDEDF4),
};
/* clang-format on */

KL__INLINE uint32_t checksum_four(const uint32_t t[16][256], unsigned row, uint32_t w) {
    return t[row + 3][w & 255] ^ t[row + 2][(w >> 8) & 255] ^ t[row + 1][(w >> 16) & 255] ^ t[row][w >> 24];
}

KL__INLINE uint32_t checksum_run(const uint32_t t[16][256], uint32_t crc, const uint8_t *p, size_t n) {
    crc = ~crc;
    for (; n >= 16; n -= 16, p += 16) {
        uint64_t low = kl__load_u64(p) ^ crc, high = kl__load_u64(p + 8);
        crc = checksum_four(t, 12, (uint32_t)low) ^ checksum_four(t, 8, (uint32_t)(low >> 32)) ^
              checksum_four(t, 4, (uint32_t)high) ^ checksum_four(t, 0, (uint32_t)(high >> 32));
    }
    for (; n > 0; n--, p++) crc = (crc >> 8) ^ t[0][(crc ^ *p) & 255];
    return ~crc;
}

uint32_t kl_crc32c(uint32_t crc, const void *bytes, size_t n) {
    return checksum_run(crc32c_table, crc, (const uint8_t *)bytes, n);
}

uint32_t kl__crc32(uint32_t crc, const void *bytes, size_t n) {
    return checksum_run(crc32_table, crc, (const uint8_t *)bytes, n);
}
