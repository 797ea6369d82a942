/* The second CRC, which gzip and zip carry; the one for the library's own files is public. */
#ifndef KL__CHECKSUM_H
#define KL__CHECKSUM_H
#include "kline/base.h"

/* CRC-32 of gzip, zip, PNG (polynomial 0x04C11DB7, reflected): start with 0, chainable. */
uint32_t kl__crc32(uint32_t crc, const void *bytes, size_t n);

#endif
