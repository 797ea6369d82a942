/* A checkpoint image of any bytes; the last four are made a right checksum where the first byte is even. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "kline/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kl_checkpoint *c, *back;
    kl_error e;
    if (size < 1 || kl_checkpoint_new(NULL, &c) < 0) return 0;
    size_t n = size - 1, used;
    uint8_t *image = (uint8_t *)malloc(size);
    if (image) {
        memcpy(image, data + 1, n);
        if (n >= 40 && !(data[0] & 1)) {
            uint32_t crc;
            for (int i = 0; i < 8; i++) image[16 + i] = (uint8_t)((uint64_t)n >> (8 * i));
            crc = kl_crc32c(0, image, n - 8);
            for (int i = 0; i < 4; i++)
                image[n - 8 + (size_t)i] = (uint8_t)(crc >> (8 * i)), image[n - 4 + (size_t)i] = 0;
        }
        if (kl_checkpoint_decode(c, image, n, &e) == KL_OK && kl_checkpoint_new(NULL, &back) == KL_OK) {
            size_t bytes = kl_checkpoint_image_size(c), again;
            uint8_t *out = (uint8_t *)malloc(2 * bytes);
            if (out) {
                /* what was read is written in a form that reads and writes the same */
                if (kl_checkpoint_encode(c, out, bytes, &used) < 0 || kl_checkpoint_decode(back, out, used, &e) < 0 ||
                    kl_checkpoint_encode(back, out + bytes, bytes, &again) < 0 || again != used ||
                    memcmp(out, out + bytes, used) != 0)
                    abort();
            }
            free(out);
            kl_checkpoint_free(back);
        }
    }
    free(image);
    kl_checkpoint_free(c);
    return 0;
}
