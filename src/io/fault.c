/* A wrapper around another kl_io that fails on request, for tests of everything that touches files. */
#include "base/check.h"
#include "kline/io.h"
#include <string.h>

#define FAULT_SHORT_READ ((size_t)7)

/* Counts a call; non-zero where it has to fail. */
static int fault_hits(kl_fault_io *fault) {
    fault->calls++;
    if (fault->fail_at == 0) return 0;
    return fault->calls == fault->fail_at || (fault->fail_onwards && fault->calls > fault->fail_at);
}

static kl_status fault_code(const kl_fault_io *fault) { return fault->fail_with < 0 ? fault->fail_with : KL_E_IO; }

static kl_status fault_open(void *ctx, const char *path, int32_t mode, void **file) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->open(fault->inner->ctx, path, mode, file);
}

/* A failing close still closes, as close(2) does, so that tests leak nothing. */
static kl_status fault_close(void *ctx, void *file) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    int hit = fault_hits(fault);
    kl_status status = fault->inner->close(fault->inner->ctx, file);
    return hit ? fault_code(fault) : status;
}

static kl_status fault_read_at(void *ctx, void *file, uint64_t offset, void *buffer, size_t n, size_t *got) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    if (fault->short_reads && n > FAULT_SHORT_READ) n = FAULT_SHORT_READ;
    return fault->inner->read_at(fault->inner->ctx, file, offset, buffer, n, got);
}

/* Only the call that was aimed at leaves a half behind: after it the process counts as dead. */
static int fault_leaves_half(const kl_fault_io *fault) { return fault->short_write && fault->calls == fault->fail_at; }

static kl_status fault_write_at(void *ctx, void *file, uint64_t offset, const void *bytes, size_t n) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) {
        if (fault_leaves_half(fault)) KL__TRY(fault->inner->write_at(fault->inner->ctx, file, offset, bytes, n / 2));
        return fault_code(fault);
    }
    return fault->inner->write_at(fault->inner->ctx, file, offset, bytes, n);
}

static kl_status fault_append(void *ctx, void *file, const void *bytes, size_t n) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) {
        if (fault_leaves_half(fault)) KL__TRY(fault->inner->append(fault->inner->ctx, file, bytes, n / 2));
        return fault_code(fault);
    }
    return fault->inner->append(fault->inner->ctx, file, bytes, n);
}

static kl_status fault_sync(void *ctx, void *file) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->sync(fault->inner->ctx, file);
}

static kl_status fault_size(void *ctx, void *file, uint64_t *bytes) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->size(fault->inner->ctx, file, bytes);
}

static kl_status fault_truncate(void *ctx, void *file, uint64_t bytes) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->truncate(fault->inner->ctx, file, bytes);
}

static kl_status fault_rename(void *ctx, const char *from, const char *to) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->rename(fault->inner->ctx, from, to);
}

static kl_status fault_remove(void *ctx, const char *path) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->remove(fault->inner->ctx, path);
}

static kl_status fault_lock(void *ctx, void *file) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->lock(fault->inner->ctx, file);
}

static kl_status fault_map(void *ctx, void *file, uint64_t offset, size_t n, const void **bytes) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->map(fault->inner->ctx, file, offset, n, bytes);
}

/* As close: what fails still gives the pages back. */
static kl_status fault_unmap(void *ctx, const void *bytes, size_t n) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    int hit = fault_hits(fault);
    kl_status status = fault->inner->unmap(fault->inner->ctx, bytes, n);
    return hit ? fault_code(fault) : status;
}

static kl_status fault_sync_dir(void *ctx, const char *path) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->sync_dir(fault->inner->ctx, path);
}

static kl_status fault_make_dir(void *ctx, const char *path) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->make_dir(fault->inner->ctx, path);
}

static kl_status fault_list(void *ctx, const char *path, kl_status (*each)(void *each_ctx, const char *name),
                            void *each_ctx) {
    kl_fault_io *fault = (kl_fault_io *)ctx;
    if (fault_hits(fault)) return fault_code(fault);
    return fault->inner->list(fault->inner->ctx, path, each, each_ctx);
}

kl_status kl_fault_io_init(kl_fault_io *fault, const kl_io *inner, kl_io *io) {
    if (!fault || !inner || !io) return KL_E_ARG;
    memset(fault, 0, sizeof *fault);
    fault->inner = inner;
    fault->fail_with = KL_E_IO;
    kl_io made = {sizeof *io,      0,           fault,         fault_open,   fault_close,  fault_read_at,
                  fault_write_at,  fault_append, fault_sync,   fault_size,   fault_truncate, fault_rename,
                  fault_remove,    fault_lock,  fault_map,     fault_unmap,  fault_sync_dir, fault_make_dir,
                  fault_list};
    if (!inner->map || !inner->unmap) made.map = NULL, made.unmap = NULL;
    *io = made;
    return KL_OK;
}
