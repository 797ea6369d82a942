/* kline/io.h: how libkline touches files, clocks and logs: through tables of callbacks. Shipped: POSIX files, a memory
 * file system, and a fault-injecting wrapper for tests. */
#ifndef KLINE_IO_H
#define KLINE_IO_H
#include "kline/base.h"
#ifdef __cplusplus
extern "C" {
#endif

enum { KL_OPEN_READ = 0, KL_OPEN_WRITE = 1 /* must exist */, KL_OPEN_CREATE = 2 /* made where it is missing */ };

typedef struct kl_io {
    uint32_t struct_size;
    uint32_t reserved;
    void *ctx;
    kl_status (*open)(void *ctx, const char *path, int32_t mode, void **file); /* KL_E_NOT_FOUND, KL_E_IO */
    kl_status (*close)(void *ctx, void *file);
    kl_status (*read_at)(void *ctx, void *file, uint64_t offset, void *buffer, size_t n, size_t *got); /* short at the end */
    kl_status (*write_at)(void *ctx, void *file, uint64_t offset, const void *bytes, size_t n);
    kl_status (*append)(void *ctx, void *file, const void *bytes, size_t n);
    kl_status (*sync)(void *ctx, void *file);
    kl_status (*size)(void *ctx, void *file, uint64_t *bytes);
    kl_status (*truncate)(void *ctx, void *file, uint64_t bytes);
    kl_status (*rename)(void *ctx, const char *from, const char *to);
    kl_status (*remove)(void *ctx, const char *path);
    kl_status (*lock)(void *ctx, void *file); /* exclusive, given back by close or death; KL_E_LOCKED */
    kl_status (*map)(void *ctx, void *file, uint64_t offset, size_t n, const void **bytes); /* NULL slot: not offered */
    kl_status (*unmap)(void *ctx, const void *bytes, size_t n);
    kl_status (*sync_dir)(void *ctx, const char *path);
    kl_status (*make_dir)(void *ctx, const char *path); /* KL_OK also where it exists */
    kl_status (*list)(void *ctx, const char *path, kl_status (*each)(void *each_ctx, const char *name), void *each_ctx);
} kl_io;

KL_API const kl_io *kl_io_posix(void);

/* A file system in memory, for tests, embedding, WASM. */
typedef struct kl_memory_io kl_memory_io;
KL_API kl_status kl_memory_io_new(const kl_alloc *alloc, kl_memory_io **files, kl_io *io);
KL_API void kl_memory_io_free(kl_memory_io *files);

/* Wraps another kl_io and fails on request: the n-th call, short reads, no space, loss of all that was not synced. */
typedef struct kl_fault_io {
    const kl_io *inner;
    uint64_t calls;
    uint64_t fail_at;      /* 1-based number of the call that fails; 0: none */
    kl_status fail_with;   /* KL_E_IO, KL_E_NO_SPACE ... */
    uint32_t fail_onwards; /* non-zero: so does every later one ("the process was killed") */
    uint32_t short_write;  /* non-zero: the failing write leaves half of its bytes behind */
    uint32_t short_reads;  /* non-zero: every read gives at most 7 bytes */
} kl_fault_io;
KL_API kl_status kl_fault_io_init(kl_fault_io *fault, const kl_io *inner, kl_io *io);

typedef struct kl_clock {
    void *ctx;
    kl_status (*now_us)(void *ctx, int64_t *utc_us);
} kl_clock;
KL_API const kl_clock *kl_clock_system(void);

enum { KL_LOG_ERROR = 0, KL_LOG_WARN = 1, KL_LOG_INFO = 2, KL_LOG_DEBUG = 3 };
typedef struct kl_log {
    void *ctx;
    void (*line)(void *ctx, int32_t level, kl_status code, const char *text);
} kl_log;

#ifdef __cplusplus
}
#endif
#endif
