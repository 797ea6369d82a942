/* Little-endian access to bytes of any alignment; compilers turn each into one instruction. */
#ifndef KL__ENDIAN_H
#define KL__ENDIAN_H
#include "base/check.h"
#include <string.h>

KL__INLINE uint16_t kl__load_u16(const void *bytes) {
    const uint8_t *b = (const uint8_t *)bytes;
    return (uint16_t)(b[0] | ((uint32_t)b[1] << 8));
}
KL__INLINE uint32_t kl__load_u32(const void *bytes) {
    const uint8_t *b = (const uint8_t *)bytes;
    return (uint32_t)b[0] | ((uint32_t)b[1] << 8) | ((uint32_t)b[2] << 16) | ((uint32_t)b[3] << 24);
}
KL__INLINE uint64_t kl__load_u64(const void *bytes) {
    const uint8_t *b = (const uint8_t *)bytes;
    return (uint64_t)kl__load_u32(b) | ((uint64_t)kl__load_u32(b + 4) << 32);
}
KL__INLINE int64_t kl__load_i64(const void *bytes) { return (int64_t)kl__load_u64(bytes); }
KL__INLINE void kl__store_u16(void *bytes, uint16_t v) {
    uint8_t *b = (uint8_t *)bytes;
    b[0] = (uint8_t)v, b[1] = (uint8_t)(v >> 8);
}
KL__INLINE void kl__store_u32(void *bytes, uint32_t v) {
    uint8_t *b = (uint8_t *)bytes;
    b[0] = (uint8_t)v, b[1] = (uint8_t)(v >> 8), b[2] = (uint8_t)(v >> 16), b[3] = (uint8_t)(v >> 24);
}
KL__INLINE void kl__store_u64(void *bytes, uint64_t v) {
    kl__store_u32(bytes, (uint32_t)v);
    kl__store_u32((uint8_t *)bytes + 4, (uint32_t)(v >> 32));
}
KL__INLINE void kl__store_i64(void *bytes, int64_t v) { kl__store_u64(bytes, (uint64_t)v); }
KL__INLINE uint64_t kl__double_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
KL__INLINE double kl__bits_double(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
KL__INLINE double kl__load_f64(const void *bytes) { return kl__bits_double(kl__load_u64(bytes)); }
KL__INLINE void kl__store_f64(void *bytes, double x) { kl__store_u64(bytes, kl__double_bits(x)); }

#endif
