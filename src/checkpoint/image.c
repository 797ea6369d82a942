/* The byte image of a checkpoint, and its file. Layout in docs/store-format.md. */
#include "base/endian.h"
#include "base/size.h"
#include "checkpoint/checkpoint.h"

enum {
    IMAGE_HEADER = 32,
    IMAGE_ENTRY = 16,
    IMAGE_TRAILER = 8,
    IMAGE_MAJOR = 1,
    IMAGE_MINOR = 0,
    IMAGE_FLAG_NEEDED = 0x8000 /* of an entry: who does not know its kind must not go on */
};
static const uint8_t image_magic[8] = {'K', 'L', 'C', 'H', 'K', 'P', 'T', 0x1a};

static size_t image_entry_size(const kl__checkpoint_entry *e) {
    return IMAGE_ENTRY + kl__round_up(e->name_bytes - 1, 8) + kl__round_up(e->n, 8);
}

size_t kl_checkpoint_image_size(const kl_checkpoint *checkpoint) {
    size_t bytes = IMAGE_HEADER + IMAGE_TRAILER;
    if (!checkpoint) return 0;
    for (size_t i = 0; i < checkpoint->n; i++) bytes += image_entry_size(&checkpoint->entries[i]);
    return bytes;
}

kl_status kl_checkpoint_encode(const kl_checkpoint *checkpoint, void *bytes, size_t capacity, size_t *used) {
    if (!checkpoint || !bytes || !used) return KL_E_ARG;
    size_t size = kl_checkpoint_image_size(checkpoint);
    if (capacity < size) return KL_E_SIZE;
    uint8_t *out = (uint8_t *)bytes, *at = out + IMAGE_HEADER;
    memset(out, 0, size);
    memcpy(out, image_magic, sizeof image_magic);
    kl__store_u16(out + 8, IMAGE_MAJOR);
    kl__store_u16(out + 10, IMAGE_MINOR);
    kl__store_u32(out + 12, (uint32_t)checkpoint->n);
    kl__store_u64(out + 16, size);
    for (size_t i = 0; i < checkpoint->n; i++) {
        const kl__checkpoint_entry *e = &checkpoint->entries[i];
        kl__store_u16(at, (uint16_t)e->kind);
        kl__store_u16(at + 2, (uint16_t)(e->name_bytes - 1));
        kl__store_u32(at + 4, e->definition);
        kl__store_u64(at + 8, e->n);
        memcpy(at + IMAGE_ENTRY, e->name, e->name_bytes - 1);
        if (e->n) memcpy(at + IMAGE_ENTRY + kl__round_up(e->name_bytes - 1, 8), e->bytes, e->n);
        at += image_entry_size(e);
    }
    kl__store_u32(at, kl_crc32c(0, out, size - IMAGE_TRAILER));
    *used = size;
    return KL_OK;
}

static kl_status image_check(const uint8_t *image, size_t n, kl_error *error) {
    if (n < IMAGE_HEADER + IMAGE_TRAILER || memcmp(image, image_magic, sizeof image_magic) != 0)
        return kl__fail(error, KL_E_CORRUPT, 0, 0, 0, "the bytes are no checkpoint");
    uint64_t size = kl__load_u64(image + 16);
    if (size > n || size < IMAGE_HEADER + IMAGE_TRAILER)
        return kl__fail(error, KL_E_CORRUPT, 0, 0, 0, "the checkpoint is cut off");
    if (kl__load_u32(image + size - IMAGE_TRAILER) != kl_crc32c(0, image, (size_t)size - IMAGE_TRAILER) ||
        kl__load_u32(image + size - 4) != 0)
        return kl__fail(error, KL_E_CORRUPT, 0, 0, 0, "the checkpoint's checksum is wrong");
    if (size != n) return kl__fail(error, KL_E_CORRUPT, 0, 0, 0, "bytes follow the checkpoint");
    if (kl__load_u16(image + 8) > IMAGE_MAJOR)
        return kl__fail(error, KL_E_VERSION, 0, 0, 0, "the checkpoint is of format %u; this library reads up to %u",
                        (unsigned)kl__load_u16(image + 8), (unsigned)IMAGE_MAJOR);
    return KL_OK;
}

/* One entry at `at`, `room` bytes before the trailer; *used bytes taken. */
static kl_status image_entry(kl_checkpoint *c, const uint8_t *at, size_t room, size_t *used, kl_error *error) {
    if (room < IMAGE_ENTRY) return kl__fail(error, KL_E_CORRUPT, 0, 0, 0, "the checkpoint's entries do not fit");
    uint32_t kind = kl__load_u16(at);
    size_t name_length = kl__load_u16(at + 2), left = room - IMAGE_ENTRY, padded = kl__round_up(name_length, 8);
    uint64_t n = kl__load_u64(at + 8);
    if (padded > left || n > left - padded || kl__round_up((size_t)n, 8) > left - padded)
        return kl__fail(error, KL_E_CORRUPT, 0, 0, 0, "the checkpoint's entries do not fit");
    *used = IMAGE_ENTRY + padded + kl__round_up((size_t)n, 8);
    size_t limit = kind == KL__CHECKPOINT_SECTION ? KL_SECTION_NAME_MAX : KL_WATERMARK_KEY_MAX;
    if (kind != KL__CHECKPOINT_SECTION && kind != KL__CHECKPOINT_WATERMARK) {
        if (kind & IMAGE_FLAG_NEEDED)
            return kl__fail(error, KL_E_VERSION, 0, 0, 0, "the checkpoint holds an entry of unknown kind %u",
                            (unsigned)kind);
        return KL_OK; /* of a later version that says it may be skipped */
    }
    char name[KL_WATERMARK_KEY_MAX];
    if (name_length == 0 || name_length >= limit || memchr(at + IMAGE_ENTRY, 0, name_length) ||
        (kind == KL__CHECKPOINT_WATERMARK && n != 8))
        return kl__fail(error, KL_E_CORRUPT, 0, 0, 0, "the checkpoint holds a malformed entry");
    memcpy(name, at + IMAGE_ENTRY, name_length);
    name[name_length] = 0;
    kl_status status = kl__checkpoint_put(c, kind, name, kl__load_u32(at + 4), at + IMAGE_ENTRY + padded, (size_t)n);
    return status < 0 ? kl__fail(error, status, 0, 0, 0, "no memory for the checkpoint") : KL_OK;
}

kl_status kl_checkpoint_decode(kl_checkpoint *checkpoint, const void *bytes, size_t n, kl_error *error) {
    if (!checkpoint || !bytes) return kl__fail(error, KL_E_ARG, checkpoint ? 2 : 1, 0, 0, "an argument is missing");
    const uint8_t *image = (const uint8_t *)bytes;
    KL__TRY(image_check(image, n, error));
    kl_checkpoint fresh = {checkpoint->alloc, 0, 0, 0, NULL};
    kl_status status = KL_OK;
    size_t at = IMAGE_HEADER, end = n - IMAGE_TRAILER;
    for (uint32_t i = kl__load_u32(image + 12); i > 0 && status >= 0; i--) {
        size_t used = 0;
        status = image_entry(&fresh, image + at, end - at, &used, error);
        at += used;
    }
    if (status >= 0 && at != end)
        status = kl__fail(error, KL_E_CORRUPT, 0, 0, 0, "the checkpoint's entries do not fit");
    if (status < 0) {
        kl__checkpoint_clear(&fresh);
        return status;
    }
    kl__checkpoint_clear(checkpoint);
    *checkpoint = fresh;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------------ file --- */

/* The image in fresh memory of `alloc`. */
static kl_status image_make(const kl_checkpoint *c, uint8_t **image, size_t *size) {
    *size = kl_checkpoint_image_size(c);
    *image = (uint8_t *)c->alloc.take(c->alloc.ctx, *size);
    if (!*image) return KL_E_MEMORY;
    return kl_checkpoint_encode(c, *image, *size, size);
}

static kl_status image_write(const kl_io *io, const char *path, const uint8_t *image, size_t n) {
    void *file;
    KL__TRY(io->open(io->ctx, path, KL_OPEN_CREATE, &file));
    kl_status status = io->truncate(io->ctx, file, 0);
    if (status >= 0) status = io->write_at(io->ctx, file, 0, image, n);
    if (status >= 0) status = io->sync(io->ctx, file);
    kl_status closed = io->close(io->ctx, file);
    return status < 0 ? status : closed;
}

kl_status kl_checkpoint_save(const kl_checkpoint *checkpoint, const kl_io *io, const char *path, kl_error *error) {
    if (!checkpoint || !io || !path || !path[0]) return kl__fail(error, KL_E_ARG, 0, 0, 0, "an argument is missing");
    size_t length = strlen(path), size, slash = length, names_bytes;
    if (kl__size_mul(length + 8, 2, &names_bytes)) return KL_E_OVERFLOW;
    while (slash > 0 && path[slash - 1] != '/') slash--;
    uint8_t *image = NULL;
    char *temp = (char *)checkpoint->alloc.take(checkpoint->alloc.ctx, names_bytes),
         *dir = temp ? temp + length + 8 : NULL;
    kl_status status = temp ? image_make(checkpoint, &image, &size) : KL_E_MEMORY;
    if (status >= 0) {
        memcpy(temp, path, length);
        memcpy(temp + length, ".new", 5);
        memcpy(dir, slash ? path : ".", slash ? slash : 1);
        dir[slash > 1 ? slash - 1 : 1] = 0;
        status = image_write(io, temp, image, size);
    }
    if (status >= 0) status = io->rename(io->ctx, temp, path);
    if (status >= 0) status = io->sync_dir(io->ctx, dir);
    if (image) checkpoint->alloc.give(checkpoint->alloc.ctx, image, kl_checkpoint_image_size(checkpoint));
    if (temp) checkpoint->alloc.give(checkpoint->alloc.ctx, temp, names_bytes);
    return status < 0 ? kl__fail(error, status, 0, 0, 0, "the checkpoint was not saved to %.160s: %s", path,
                                 kl_status_text(status))
                      : KL_OK;
}

/* Reads all n bytes, however short single reads come. */
static kl_status image_read(const kl_io *io, void *file, uint8_t *bytes, size_t n) {
    for (size_t done = 0, got = 0; done < n; done += got) {
        KL__TRY(io->read_at(io->ctx, file, done, bytes + done, n - done, &got));
        if (got == 0) return KL_E_CORRUPT;
    }
    return KL_OK;
}

kl_status kl_checkpoint_load(kl_checkpoint *checkpoint, const kl_io *io, const char *path, kl_error *error) {
    void *file;
    uint64_t size = 0;
    uint8_t *image = NULL;
    if (!checkpoint || !io || !path) return kl__fail(error, KL_E_ARG, 0, 0, 0, "an argument is missing");
    kl_status status = io->open(io->ctx, path, KL_OPEN_READ, &file);
    if (status < 0) return kl__fail(error, status, 0, 0, 0, "cannot open %.160s: %s", path, kl_status_text(status));
    status = io->size(io->ctx, file, &size);
    if (status >= 0 && size > SIZE_MAX / 2) status = KL_E_OVERFLOW;
    if (status >= 0) {
        image = (uint8_t *)checkpoint->alloc.take(checkpoint->alloc.ctx, (size_t)size + 1);
        status = image ? image_read(io, file, image, (size_t)size) : KL_E_MEMORY;
    }
    io->close(io->ctx, file);
    if (status < 0)
        kl__fail(error, status, 0, 0, 0, "cannot read %.160s: %s", path, kl_status_text(status));
    else
        status = kl_checkpoint_decode(checkpoint, image, (size_t)size, error);
    if (image) checkpoint->alloc.give(checkpoint->alloc.ctx, image, (size_t)size + 1);
    return status;
}
