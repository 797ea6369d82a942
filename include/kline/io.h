/* kline/io.h: how libkline touches files, clocks and logs: through tables of callbacks. Shipped: POSIX files, a memory
 * file system, and a fault-injecting wrapper for tests. */
#ifndef KLINE_IO_H
#define KLINE_IO_H
#include "kline/base.h"
#ifdef __cplusplus
extern "C" {
#endif

enum { KL_OPEN_READ = 0, KL_OPEN_WRITE = 1 /* must exist */, KL_OPEN_CREATE = 2 /* made where it is missing */ };

/** A file system. `ctx` comes first in every call. Every call returns KL_OK or an error; where nothing else is said the
 *  errors are KL_E_ARG, KL_E_IO and, for writes, KL_E_NO_SPACE and KL_E_READ_ONLY. Paths are UTF-8 with '/'. */
typedef struct kl_io {
    uint32_t struct_size;
    uint32_t reserved;
    void *ctx;
    /* a file, never a directory (KL_E_PATH); KL_E_NOT_FOUND where it, or its directory, is missing */
    kl_status (*open)(void *ctx, const char *path, int32_t mode, void **file);
    /* the handle is gone whatever comes back */
    kl_status (*close)(void *ctx, void *file);
    /* *got may be less than n: call on; 0 (for n > 0) only at or behind the end */
    kl_status (*read_at)(void *ctx, void *file, uint64_t offset, void *buffer, size_t n, size_t *got);
    /* all n bytes, or an error that may leave a part of them; a gap behind the old end reads as zeros */
    kl_status (*write_at)(void *ctx, void *file, uint64_t offset, const void *bytes, size_t n);
    /* write_at at the end; for the one writer that holds the lock */
    kl_status (*append)(void *ctx, void *file, const void *bytes, size_t n);
    /* returns when content and size are on the medium; after a failure what was written since the last sync is unknown */
    kl_status (*sync)(void *ctx, void *file);
    kl_status (*size)(void *ctx, void *file, uint64_t *bytes);
    kl_status (*truncate)(void *ctx, void *file, uint64_t bytes); /* also upwards, with zeros */
    /* files; replaces `to` in one step; those who hold either open keep what they have; KL_E_NOT_FOUND */
    kl_status (*rename)(void *ctx, const char *from, const char *to);
    kl_status (*remove)(void *ctx, const char *path); /* a file or an empty directory (else KL_E_EXISTS) */
    /* exclusive for this handle, given back by close or death; KL_E_LOCKED where another handle has it, in any process */
    kl_status (*lock)(void *ctx, void *file);
    /* n > 0 bytes for reading, all inside the file (else KL_E_ARG), good until unmap or close of the file system; later
     * writes may or may not be seen in them; both slots NULL: not offered */
    kl_status (*map)(void *ctx, void *file, uint64_t offset, size_t n, const void **bytes);
    kl_status (*unmap)(void *ctx, const void *bytes, size_t n);
    kl_status (*sync_dir)(void *ctx, const char *path); /* makes creations, renames and removals in it permanent */
    kl_status (*make_dir)(void *ctx, const char *path); /* KL_OK also where it exists; its parent has to; KL_E_EXISTS: a file */
    /* names of files and directories in it, in order of their bytes, without . and ..; a negative status of `each` ends it
     * and comes back; `each` may create and remove */
    kl_status (*list)(void *ctx, const char *path, kl_status (*each)(void *each_ctx, const char *name), void *each_ctx);
} kl_io;

/** Gives the files of the operating system (POSIX).
 *
 *  lock is flock(2); sync is fdatasync, or F_FULLFSYNC where there is one; files are made with mode 0666 less the
 *  umask.
 *  Return: the table, constant.
 *  On failure: cannot fail.
 *  Cost: O(1); list takes memory from libc for the names.
 *  Thread: pure. Its calls may come from any threads, on different handles.
 *  Source: POSIX.1-2008.
 *  Since: 0.1 */
KL_API const kl_io *kl_io_posix(void);

/** A file system in memory, for tests, embedding, WASM. */
typedef struct kl_memory_io kl_memory_io;
/** Makes an empty file system in memory.
 *
 *  `alloc`: where its memory comes from, copied (NULL: libc); `files`: receives the owner, for kl_memory_io_free;
 *  `io`: receives the table. Behaves as POSIX files do: locks, removed files that stay readable while open, sorted
 *  listings, parents that must exist. The paths a/b, /a/b and ./a//b are one; those with .. or over 1023 bytes are
 *  KL_E_PATH; directories cannot be renamed (KL_E_UNSUPPORTED); map gives a copy; content without memory is
 *  KL_E_NO_SPACE.
 *  Return: KL_OK; KL_E_ARG; KL_E_MEMORY.
 *  On failure: nothing is written.
 *  Cost: O(1); open O(log files) and a shift, append amortised O(n), list O(files log files).
 *  Thread: exclusive on `files`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_memory_io_new(const kl_alloc *alloc, kl_memory_io **files, kl_io *io);

/** Gives back a file system in memory, with all its files and open handles.
 *
 *  `files`: from kl_memory_io_new, NULL allowed. Maps have to be unmapped before.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(files).
 *  Thread: exclusive on `files`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API void kl_memory_io_free(kl_memory_io *files);

/** Wraps another kl_io and fails on request. Every call counts; one that fails does nothing, but that close and unmap do
 *  their work all the same and a failing write may leave half (`short_write`). */
typedef struct kl_fault_io {
    const kl_io *inner;
    uint64_t calls;
    uint64_t fail_at;      /* 1-based number of the call that fails; 0: none */
    kl_status fail_with;   /* KL_E_IO, KL_E_NO_SPACE ... */
    uint32_t fail_onwards; /* non-zero: so does every later one ("the process was killed") */
    uint32_t short_write;  /* non-zero: the failing write leaves half of its bytes behind */
    uint32_t short_reads;  /* non-zero: every read gives at most 7 bytes */
} kl_fault_io;
/** Makes a fault-injecting wrapper, which passes everything until its fields are set.
 *
 *  `fault`: the caller's, has to stay where it is; its fields may be set at any time after this call; `inner`: the
 *  file system behind it, has to stay; `io`: receives the table. map is offered where `inner` offers it.
 *  Return: KL_OK; KL_E_ARG where one is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), and as much again per call.
 *  Thread: exclusive on `fault`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_fault_io_init(kl_fault_io *fault, const kl_io *inner, kl_io *io);

/** Where the time comes from: microseconds UTC since 1970. */
typedef struct kl_clock {
    void *ctx;
    kl_status (*now_us)(void *ctx, int64_t *utc_us);
} kl_clock;
/** Gives the system's clock.
 *
 *  It may step back, as system clocks do.
 *  Return: the table, constant.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: ISO C11 timespec_get.
 *  Since: 0.1 */
KL_API const kl_clock *kl_clock_system(void);

enum { KL_LOG_ERROR = 0, KL_LOG_WARN = 1, KL_LOG_INFO = 2, KL_LOG_DEBUG = 3 };
/** Where messages go; the library itself never prints. */
typedef struct kl_log {
    void *ctx;
    void (*line)(void *ctx, int32_t level, kl_status code, const char *text);
} kl_log;

#ifdef __cplusplus
}
#endif
#endif
