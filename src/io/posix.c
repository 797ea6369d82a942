/* Files of a POSIX system. A handle is the descriptor plus one, so no memory is needed for it. */
#if !defined(_WIN32)
#ifndef _FILE_OFFSET_BITS
#define _FILE_OFFSET_BITS 64
#endif
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1 /* flock, mmap and the 2008 calls under -std=c11 */
#endif
#ifndef _DARWIN_C_SOURCE
#define _DARWIN_C_SOURCE 1
#endif
#include "base/check.h"
#include "base/size.h"
#include "kline/io.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* The most that one read or write asks for: below every system's limit. */
#define POSIX_PIECE ((size_t)1 << 30)

static const struct {
    int number;
    kl_status status;
} posix_statuses[] = {
    {ENOENT, KL_E_NOT_FOUND},  {EEXIST, KL_E_EXISTS},   {ENOTEMPTY, KL_E_EXISTS},  {ENOSPC, KL_E_NO_SPACE},
    {EDQUOT, KL_E_NO_SPACE},   {EFBIG, KL_E_NO_SPACE},  {EROFS, KL_E_READ_ONLY},   {EBADF, KL_E_READ_ONLY},
    {ENOMEM, KL_E_MEMORY},     {EISDIR, KL_E_PATH},     {ENOTDIR, KL_E_PATH},      {ENAMETOOLONG, KL_E_PATH},
    {ELOOP, KL_E_PATH},        {EWOULDBLOCK, KL_E_LOCKED},
};

static kl_status posix_status(int number) {
    for (size_t i = 0; i < sizeof posix_statuses / sizeof posix_statuses[0]; i++)
        if (posix_statuses[i].number == number) return posix_statuses[i].status;
    return KL_E_IO;
}

static int posix_fd(void *file) { return (int)((intptr_t)file - 1); }

/* 1 where offset..offset+n does not fit the system's file offsets. */
static int posix_past_end(uint64_t offset, size_t n) {
    uint64_t most = sizeof(off_t) >= 8 ? (uint64_t)INT64_MAX : (uint64_t)INT32_MAX;
    return offset > most || n > most - offset;
}

static kl_status posix_open(void *ctx, const char *path, int32_t mode, void **file) {
    (void)ctx;
    if (!path || !file || mode < KL_OPEN_READ || mode > KL_OPEN_CREATE) return KL_E_ARG;
    int flags = mode == KL_OPEN_READ ? O_RDONLY : O_RDWR;
    if (mode == KL_OPEN_CREATE) flags |= O_CREAT;
    int fd;
    do {
        fd = open(path, flags | O_CLOEXEC, 0666);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) return posix_status(errno);
    struct stat info;
    kl_status status = fstat(fd, &info) != 0 ? posix_status(errno) : S_ISDIR(info.st_mode) ? KL_E_PATH : KL_OK;
    if (status < 0) {
        close(fd);
        return status;
    }
    *file = (void *)((intptr_t)fd + 1);
    return KL_OK;
}

static kl_status posix_close(void *ctx, void *file) {
    (void)ctx;
    if (!file) return KL_E_ARG;
    /* after EINTR the descriptor's fate is not defined; on all systems of today it is gone */
    if (close(posix_fd(file)) != 0 && errno != EINTR) return posix_status(errno);
    return KL_OK;
}

static kl_status posix_read_at(void *ctx, void *file, uint64_t offset, void *buffer, size_t n, size_t *got) {
    unsigned char *to = (unsigned char *)buffer;
    (void)ctx;
    if (!file || !got || (!buffer && n)) return KL_E_ARG;
    *got = 0;
    if (posix_past_end(offset, n)) return KL_E_OVERFLOW;
    while (*got < n) {
        size_t piece = n - *got < POSIX_PIECE ? n - *got : POSIX_PIECE;
        ssize_t r = pread(posix_fd(file), to + *got, piece, (off_t)(offset + *got));
        if (r < 0 && errno == EINTR) continue;
        if (r < 0) return posix_status(errno);
        if (r == 0) break;
        *got += (size_t)r;
    }
    return KL_OK;
}

static kl_status posix_write_at(void *ctx, void *file, uint64_t offset, const void *bytes, size_t n) {
    const unsigned char *from = (const unsigned char *)bytes;
    (void)ctx;
    if (!file || (!bytes && n)) return KL_E_ARG;
    if (posix_past_end(offset, n)) return KL_E_OVERFLOW;
    while (n > 0) {
        ssize_t w = pwrite(posix_fd(file), from, n < POSIX_PIECE ? n : POSIX_PIECE, (off_t)offset);
        if (w < 0 && errno == EINTR) continue;
        if (w < 0) return posix_status(errno);
        if (w == 0) return KL_E_IO;
        from += w, offset += (uint64_t)w, n -= (size_t)w;
    }
    return KL_OK;
}

static kl_status posix_size(void *ctx, void *file, uint64_t *bytes) {
    struct stat info;
    (void)ctx;
    if (!file || !bytes) return KL_E_ARG;
    if (fstat(posix_fd(file), &info) != 0) return posix_status(errno);
    *bytes = (uint64_t)info.st_size;
    return KL_OK;
}

/* Not O_APPEND: with it, Linux ignores the offset of pwrite. One writer (the lock) makes this safe. */
static kl_status posix_append(void *ctx, void *file, const void *bytes, size_t n) {
    uint64_t end = 0;
    KL__TRY(posix_size(ctx, file, &end));
    return posix_write_at(ctx, file, end, bytes, n);
}

static int posix_flush(int fd) {
#if defined(F_FULLFSYNC)
    if (fcntl(fd, F_FULLFSYNC) == 0) return 0;
    return fsync(fd);
#elif defined(__linux__)
    return fdatasync(fd); /* also writes the size when it changed */
#else
    return fsync(fd);
#endif
}

static kl_status posix_sync(void *ctx, void *file) {
    (void)ctx;
    if (!file) return KL_E_ARG;
    while (posix_flush(posix_fd(file)) != 0)
        if (errno != EINTR) return posix_status(errno);
    return KL_OK;
}

static kl_status posix_truncate(void *ctx, void *file, uint64_t bytes) {
    (void)ctx;
    if (!file) return KL_E_ARG;
    if (posix_past_end(bytes, 0)) return KL_E_OVERFLOW;
    while (ftruncate(posix_fd(file), (off_t)bytes) != 0) {
        if (errno == EINVAL) return KL_E_READ_ONLY; /* what Linux says of a descriptor opened for reading */
        if (errno != EINTR) return posix_status(errno);
    }
    return KL_OK;
}

static kl_status posix_rename(void *ctx, const char *from, const char *to) {
    (void)ctx;
    if (!from || !to) return KL_E_ARG;
    return rename(from, to) == 0 ? KL_OK : posix_status(errno);
}

static kl_status posix_remove(void *ctx, const char *path) {
    (void)ctx;
    if (!path) return KL_E_ARG;
    return remove(path) == 0 ? KL_OK : posix_status(errno);
}

/* flock belongs to the open file: it also keeps out a second handle of the same process, closing another handle does not
 * drop it as with fcntl, and the kernel gives it back when the process dies. */
static kl_status posix_lock(void *ctx, void *file) {
    (void)ctx;
    if (!file) return KL_E_ARG;
    while (flock(posix_fd(file), LOCK_EX | LOCK_NB) != 0)
        if (errno != EINTR) return posix_status(errno);
    return KL_OK;
}

static size_t posix_page(void) {
    long page = sysconf(_SC_PAGESIZE);
    return page > 0 ? (size_t)page : 4096;
}

static kl_status posix_map(void *ctx, void *file, uint64_t offset, size_t n, const void **bytes) {
    uint64_t size = 0;
    if (!bytes || n == 0) return KL_E_ARG;
    KL__TRY(posix_size(ctx, file, &size));
    /* a page behind the end would be a signal at the first touch, not a status */
    if (offset > size || n > size - offset) return KL_E_ARG;
    size_t skip = (size_t)(offset % posix_page()), length;
    if (kl__size_add(n, skip, &length)) return KL_E_OVERFLOW;
    void *pages = mmap(NULL, length, PROT_READ, MAP_SHARED, posix_fd(file), (off_t)(offset - skip));
    if (pages == MAP_FAILED) return posix_status(errno);
    *bytes = (const unsigned char *)pages + skip;
    return KL_OK;
}

static kl_status posix_unmap(void *ctx, const void *bytes, size_t n) {
    (void)ctx;
    if (!bytes) return KL_E_ARG;
    size_t skip = (size_t)((uintptr_t)bytes % posix_page());
    return munmap((void *)((uintptr_t)bytes - skip), n + skip) == 0 ? KL_OK : posix_status(errno);
}

static kl_status posix_sync_dir(void *ctx, const char *path) {
    (void)ctx;
    if (!path) return KL_E_ARG;
    int fd = open(path[0] ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return posix_status(errno);
    /* some file systems cannot sync a directory and say EINVAL: they have nothing to sync */
    kl_status status = fsync(fd) == 0 || errno == EINVAL ? KL_OK : posix_status(errno);
    close(fd);
    return status;
}

static kl_status posix_make_dir(void *ctx, const char *path) {
    struct stat info;
    (void)ctx;
    if (!path) return KL_E_ARG;
    if (mkdir(path, 0777) == 0) return KL_OK;
    int number = errno;
    if (number == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return KL_OK;
    return posix_status(number);
}

typedef struct {
    char **names;
    size_t n, room;
} posix_names;

static kl_status posix_names_add(posix_names *list, const char *name) {
    size_t length = strlen(name) + 1;
    char *copy = (char *)malloc(length);
    if (!copy) return KL_E_MEMORY;
    memcpy(copy, name, length);
    if (list->n == list->room) {
        size_t room = list->room ? list->room * 2 : 32, bytes;
        char **names = kl__size_mul(room, sizeof *names, &bytes) ? NULL : (char **)realloc(list->names, bytes);
        if (!names) {
            free(copy);
            return KL_E_MEMORY;
        }
        list->names = names, list->room = room;
    }
    list->names[list->n++] = copy;
    return KL_OK;
}

static int posix_names_order(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static kl_status posix_names_read(posix_names *list, const char *path) {
    kl_status status = KL_OK;
    DIR *dir = opendir(path[0] ? path : ".");
    if (!dir) return posix_status(errno);
    while (status == KL_OK) {
        errno = 0;
        struct dirent *entry = readdir(dir);
        if (!entry) {
            if (errno != 0) status = posix_status(errno);
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = posix_names_add(list, entry->d_name);
    }
    closedir(dir);
    return status;
}

/* The whole directory is read before the first callback: the order is that of the names, and callbacks may change it. */
static kl_status posix_list(void *ctx, const char *path, kl_status (*each)(void *each_ctx, const char *name),
                            void *each_ctx) {
    posix_names list;
    (void)ctx;
    if (!path || !each) return KL_E_ARG;
    memset(&list, 0, sizeof list);
    kl_status status = posix_names_read(&list, path);
    if (status == KL_OK && list.n > 1) qsort(list.names, list.n, sizeof *list.names, posix_names_order);
    for (size_t i = 0; i < list.n; i++) {
        if (status >= 0) status = each(each_ctx, list.names[i]);
        free(list.names[i]);
    }
    free(list.names);
    return status < 0 ? status : KL_OK;
}

static const kl_io posix_io = {
    sizeof(kl_io), 0,           NULL,       posix_open,     posix_close,  posix_read_at, posix_write_at,
    posix_append,  posix_sync,  posix_size, posix_truncate, posix_rename, posix_remove,  posix_lock,
    posix_map,     posix_unmap, posix_sync_dir, posix_make_dir, posix_list,
};

const kl_io *kl_io_posix(void) { return &posix_io; }

#else
typedef int posix_is_not_here; /* ISO C wants a declaration in every translation unit */
#endif
