/* A file system in memory: nodes sorted by path, handles on nodes. A removed or replaced file lives on for those who hold
 * it open, as on POSIX. Paths: "a/b", "/a/b", "./a//b" are one; ".." is refused. */
#include "base/check.h"
#include "base/size.h"
#include "kline/io.h"
#include <string.h>

#define MEMORY_PATH_MAX 1024

typedef struct memory_handle memory_handle;

typedef struct {
    char *path; /* normal form; NULL once removed */
    size_t path_bytes;
    unsigned char *bytes;
    size_t size, room;
    const memory_handle *locker;
    size_t handles;
    int is_dir;
} memory_node;

struct memory_handle {
    memory_handle *next;
    memory_node *node;
    int32_t mode;
};

struct kl_memory_io {
    kl_alloc alloc;
    memory_node **nodes; /* sorted by path */
    size_t n, room;
    memory_handle *handles;
};

static void memory_give(const kl_memory_io *files, void *memory, size_t bytes) {
    files->alloc.give(files->alloc.ctx, memory, bytes);
}
static void *memory_take(const kl_memory_io *files, size_t bytes) { return files->alloc.take(files->alloc.ctx, bytes); }

/* ----------------------------------------------------------------------------------------------------- paths --- */

/* One form for all spellings; "" is the root. */
static kl_status memory_normalize(const char *path, char normal[MEMORY_PATH_MAX]) {
    size_t used = 0;
    if (!path) return KL_E_ARG;
    while (*path) {
        const char *end = path;
        while (*end && *end != '/') end++;
        size_t n = (size_t)(end - path);
        if (n == 2 && path[0] == '.' && path[1] == '.') return KL_E_PATH;
        if (n != 0 && !(n == 1 && path[0] == '.')) {
            if (used + n + 2 > MEMORY_PATH_MAX) return KL_E_PATH;
            if (used) normal[used++] = '/';
            memcpy(normal + used, path, n);
            used += n;
        }
        path = *end ? end + 1 : end;
    }
    normal[used] = 0;
    return KL_OK;
}

/* The first position whose path is not below `path`. */
static size_t memory_lower(const kl_memory_io *files, const char *path) {
    size_t low = 0, high = files->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(files->nodes[middle]->path, path) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

static memory_node *memory_find(const kl_memory_io *files, const char *path) {
    size_t at = memory_lower(files, path);
    return at < files->n && strcmp(files->nodes[at]->path, path) == 0 ? files->nodes[at] : NULL;
}

/* KL_OK where the directory that would hold `path` exists. */
static kl_status memory_check_parent(const kl_memory_io *files, const char *path) {
    char parent[MEMORY_PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (!slash) return KL_OK;
    memcpy(parent, path, (size_t)(slash - path));
    parent[slash - path] = 0;
    const memory_node *node = memory_find(files, parent);
    if (!node) return KL_E_NOT_FOUND;
    return node->is_dir ? KL_OK : KL_E_PATH;
}

/* The position of the first entry below directory `dir` whose path comes after `after`. */
static size_t memory_child_after(const kl_memory_io *files, const char *dir, const char *after) {
    size_t length = strlen(dir), at = memory_lower(files, after);
    for (; at < files->n; at++) {
        const char *path = files->nodes[at]->path, *name = path + (length ? length + 1 : 0);
        if (strcmp(path, after) <= 0) continue;
        if (strncmp(path, dir, length) != 0) break;
        if ((length == 0 || path[length] == '/') && !strchr(name, '/')) return at;
    }
    return files->n;
}

/* ----------------------------------------------------------------------------------------------------- nodes --- */

static void memory_node_drop(kl_memory_io *files, memory_node *node) {
    if (node->path) memory_give(files, node->path, node->path_bytes);
    memory_give(files, node->bytes, node->room);
    memory_give(files, node, sizeof *node);
}

static char *memory_copy_path(const kl_memory_io *files, const char *path) {
    size_t bytes = strlen(path) + 1;
    char *copy = (char *)memory_take(files, bytes);
    if (copy) memcpy(copy, path, bytes);
    return copy;
}

static kl_status memory_insert(kl_memory_io *files, const char *path, int is_dir, memory_node **made) {
    KL__TRY(memory_check_parent(files, path));
    if (files->n == files->room) {
        size_t room = files->room ? files->room * 2 : 16, bytes;
        if (kl__size_mul(room, sizeof *files->nodes, &bytes)) return KL_E_MEMORY;
        memory_node **nodes = (memory_node **)files->alloc.grow(files->alloc.ctx, files->nodes,
                                                                files->room * sizeof *files->nodes, bytes);
        if (!nodes) return KL_E_MEMORY;
        files->nodes = nodes, files->room = room;
    }
    memory_node *node = (memory_node *)memory_take(files, sizeof *node);
    if (!node) return KL_E_MEMORY;
    memset(node, 0, sizeof *node);
    node->is_dir = is_dir;
    node->path_bytes = strlen(path) + 1;
    node->path = memory_copy_path(files, path);
    if (!node->path) {
        memory_give(files, node, sizeof *node);
        return KL_E_MEMORY;
    }
    size_t at = memory_lower(files, path);
    memmove(files->nodes + at + 1, files->nodes + at, (files->n - at) * sizeof *files->nodes);
    files->nodes[at] = node;
    files->n++;
    if (made) *made = node;
    return KL_OK;
}

/* Takes the node out of the directory; it goes when its last handle does. */
static void memory_unlink(kl_memory_io *files, memory_node *node) {
    size_t at = memory_lower(files, node->path);
    files->n--;
    memmove(files->nodes + at, files->nodes + at + 1, (files->n - at) * sizeof *files->nodes);
    memory_give(files, node->path, node->path_bytes);
    node->path = NULL;
    if (node->handles == 0) memory_node_drop(files, node);
}

/* ------------------------------------------------------------------------------------------------- the table --- */

static kl_status memory_open(void *ctx, const char *path, int32_t mode, void **file) {
    kl_memory_io *files = (kl_memory_io *)ctx;
    char normal[MEMORY_PATH_MAX];
    if (!file || mode < KL_OPEN_READ || mode > KL_OPEN_CREATE) return KL_E_ARG;
    KL__TRY(memory_normalize(path, normal));
    if (!normal[0]) return KL_E_PATH;
    memory_node *node = memory_find(files, normal);
    if (node && node->is_dir) return KL_E_PATH;
    if (!node && mode != KL_OPEN_CREATE) return KL_E_NOT_FOUND;
    memory_handle *handle = (memory_handle *)memory_take(files, sizeof *handle);
    if (!handle) return KL_E_MEMORY;
    if (!node) {
        kl_status status = memory_insert(files, normal, 0, &node);
        if (status < 0) {
            memory_give(files, handle, sizeof *handle);
            return status;
        }
    }
    handle->node = node;
    handle->mode = mode;
    handle->next = files->handles;
    files->handles = handle;
    node->handles++;
    *file = handle;
    return KL_OK;
}

static kl_status memory_close(void *ctx, void *file) {
    kl_memory_io *files = (kl_memory_io *)ctx;
    memory_handle **link = &files->handles, *handle = (memory_handle *)file;
    while (*link && *link != handle) link = &(*link)->next;
    if (!handle || !*link) return KL_E_ARG;
    *link = handle->next;
    memory_node *node = handle->node;
    if (node->locker == handle) node->locker = NULL;
    if (--node->handles == 0 && !node->path) memory_node_drop(files, node);
    memory_give(files, handle, sizeof *handle);
    return KL_OK;
}

static kl_status memory_read_at(void *ctx, void *file, uint64_t offset, void *buffer, size_t n, size_t *got) {
    (void)ctx;
    if (!file || !got || (!buffer && n)) return KL_E_ARG;
    const memory_node *node = ((const memory_handle *)file)->node;
    *got = 0;
    if (offset >= node->size) return KL_OK;
    *got = n < node->size - (size_t)offset ? n : node->size - (size_t)offset;
    if (*got) memcpy(buffer, node->bytes + (size_t)offset, *got);
    return KL_OK;
}

/* Makes room for `size` bytes, by doubling so that appending stays linear. */
static kl_status memory_reserve(kl_memory_io *files, memory_node *node, size_t size) {
    if (size <= node->room) return KL_OK;
    size_t room = node->room < SIZE_MAX / 2 ? node->room * 2 : size;
    if (room < size) room = size;
    if (room < 256) room = 256;
    void *bytes = files->alloc.grow(files->alloc.ctx, node->bytes, node->room, room);
    if (!bytes) return KL_E_NO_SPACE; /* the memory is this file system's disk */
    node->bytes = (unsigned char *)bytes;
    node->room = room;
    return KL_OK;
}

static kl_status memory_resize(kl_memory_io *files, memory_node *node, size_t size) {
    KL__TRY(memory_reserve(files, node, size));
    if (size > node->size) memset(node->bytes + node->size, 0, size - node->size);
    node->size = size;
    return KL_OK;
}

static kl_status memory_write_at(void *ctx, void *file, uint64_t offset, const void *bytes, size_t n) {
    if (!file || (!bytes && n)) return KL_E_ARG;
    memory_handle *handle = (memory_handle *)file;
    if (handle->mode == KL_OPEN_READ) return KL_E_READ_ONLY;
    if (n == 0) return KL_OK;
    if (offset > SIZE_MAX || n > SIZE_MAX - (size_t)offset) return KL_E_NO_SPACE;
    size_t end = (size_t)offset + n;
    if (end > handle->node->size) KL__TRY(memory_resize((kl_memory_io *)ctx, handle->node, end));
    memcpy(handle->node->bytes + (size_t)offset, bytes, n);
    return KL_OK;
}

static kl_status memory_append(void *ctx, void *file, const void *bytes, size_t n) {
    if (!file) return KL_E_ARG;
    return memory_write_at(ctx, file, ((memory_handle *)file)->node->size, bytes, n);
}

static kl_status memory_sync(void *ctx, void *file) {
    (void)ctx;
    return file ? KL_OK : KL_E_ARG;
}

static kl_status memory_size(void *ctx, void *file, uint64_t *bytes) {
    (void)ctx;
    if (!file || !bytes) return KL_E_ARG;
    *bytes = ((const memory_handle *)file)->node->size;
    return KL_OK;
}

static kl_status memory_truncate(void *ctx, void *file, uint64_t bytes) {
    if (!file) return KL_E_ARG;
    memory_handle *handle = (memory_handle *)file;
    if (handle->mode == KL_OPEN_READ) return KL_E_READ_ONLY;
    if (bytes > SIZE_MAX) return KL_E_NO_SPACE;
    return memory_resize((kl_memory_io *)ctx, handle->node, (size_t)bytes);
}

static int memory_is_empty_dir(const kl_memory_io *files, const memory_node *node) {
    return memory_child_after(files, node->path, node->path) == files->n;
}

/* Files only: to move a directory would be to rename everything in it, and nothing here needs that. */
static kl_status memory_rename(void *ctx, const char *from, const char *to) {
    kl_memory_io *files = (kl_memory_io *)ctx;
    char from_path[MEMORY_PATH_MAX], to_path[MEMORY_PATH_MAX];
    KL__TRY(memory_normalize(from, from_path));
    KL__TRY(memory_normalize(to, to_path));
    memory_node *node = memory_find(files, from_path), *target = memory_find(files, to_path);
    if (!node) return KL_E_NOT_FOUND;
    if (node->is_dir) return KL_E_UNSUPPORTED;
    if (!to_path[0] || (target && target->is_dir)) return KL_E_PATH;
    if (node == target) return KL_OK;
    KL__TRY(memory_check_parent(files, to_path));
    char *path = memory_copy_path(files, to_path);
    if (!path) return KL_E_MEMORY;
    if (target) memory_unlink(files, target);
    size_t at = memory_lower(files, node->path);
    files->n--;
    memmove(files->nodes + at, files->nodes + at + 1, (files->n - at) * sizeof *files->nodes);
    memory_give(files, node->path, node->path_bytes);
    node->path = path;
    node->path_bytes = strlen(path) + 1;
    at = memory_lower(files, path);
    memmove(files->nodes + at + 1, files->nodes + at, (files->n - at) * sizeof *files->nodes);
    files->nodes[at] = node;
    files->n++;
    return KL_OK;
}

static kl_status memory_remove(void *ctx, const char *path) {
    kl_memory_io *files = (kl_memory_io *)ctx;
    char normal[MEMORY_PATH_MAX];
    KL__TRY(memory_normalize(path, normal));
    memory_node *node = memory_find(files, normal);
    if (!node) return normal[0] ? KL_E_NOT_FOUND : KL_E_PATH;
    if (node->is_dir && !memory_is_empty_dir(files, node)) return KL_E_EXISTS;
    memory_unlink(files, node);
    return KL_OK;
}

static kl_status memory_lock(void *ctx, void *file) {
    (void)ctx;
    if (!file) return KL_E_ARG;
    memory_handle *handle = (memory_handle *)file;
    if (handle->node->locker && handle->node->locker != handle) return KL_E_LOCKED;
    handle->node->locker = handle;
    return KL_OK;
}

/* A copy: the file's own bytes move when it grows. */
static kl_status memory_map(void *ctx, void *file, uint64_t offset, size_t n, const void **bytes) {
    if (!file || !bytes || n == 0) return KL_E_ARG;
    const memory_node *node = ((const memory_handle *)file)->node;
    if (offset > node->size || n > node->size - (size_t)offset) return KL_E_ARG;
    void *copy = memory_take((kl_memory_io *)ctx, n);
    if (!copy) return KL_E_MEMORY;
    memcpy(copy, node->bytes + (size_t)offset, n);
    *bytes = copy;
    return KL_OK;
}

static kl_status memory_unmap(void *ctx, const void *bytes, size_t n) {
    if (!bytes) return KL_E_ARG;
    memory_give((kl_memory_io *)ctx, (void *)(uintptr_t)bytes, n);
    return KL_OK;
}

/* KL_OK where the directory exists; "" is the root. */
static kl_status memory_find_dir(const kl_memory_io *files, const char *path, char normal[MEMORY_PATH_MAX]) {
    KL__TRY(memory_normalize(path, normal));
    if (!normal[0]) return KL_OK;
    const memory_node *node = memory_find(files, normal);
    if (!node) return KL_E_NOT_FOUND;
    return node->is_dir ? KL_OK : KL_E_PATH;
}

static kl_status memory_sync_dir(void *ctx, const char *path) {
    char normal[MEMORY_PATH_MAX];
    return memory_find_dir((const kl_memory_io *)ctx, path, normal);
}

static kl_status memory_make_dir(void *ctx, const char *path) {
    kl_memory_io *files = (kl_memory_io *)ctx;
    char normal[MEMORY_PATH_MAX];
    kl_status status = memory_find_dir(files, path, normal);
    if (status == KL_E_PATH && path && memory_find(files, normal)) return KL_E_EXISTS;
    if (status != KL_E_NOT_FOUND) return status;
    return memory_insert(files, normal, 1, NULL);
}

static kl_status memory_list(void *ctx, const char *path, kl_status (*each)(void *each_ctx, const char *name),
                             void *each_ctx) {
    const kl_memory_io *files = (const kl_memory_io *)ctx;
    char dir[MEMORY_PATH_MAX], last[MEMORY_PATH_MAX];
    if (!each) return KL_E_ARG;
    KL__TRY(memory_find_dir(files, path, dir));
    memcpy(last, dir, strlen(dir) + 1);
    for (;;) {
        /* searched anew each time: the callback may create and remove */
        size_t at = memory_child_after(files, dir, last);
        if (at == files->n) return KL_OK;
        memcpy(last, files->nodes[at]->path, files->nodes[at]->path_bytes);
        KL__TRY(each(each_ctx, last + (dir[0] ? strlen(dir) + 1 : 0)));
    }
}

/* ------------------------------------------------------------------------------------------- making and freeing --- */

kl_status kl_memory_io_new(const kl_alloc *alloc, kl_memory_io **files, kl_io *io) {
    static const kl_io table = {
        sizeof(kl_io), 0,           NULL,        memory_open,     memory_close,  memory_read_at, memory_write_at,
        memory_append, memory_sync, memory_size, memory_truncate, memory_rename, memory_remove,  memory_lock,
        memory_map,    memory_unmap, memory_sync_dir, memory_make_dir, memory_list,
    };
    if (!files || !io) return KL_E_ARG;
    if (!alloc) alloc = kl_alloc_libc();
    kl_memory_io *made = (kl_memory_io *)alloc->take(alloc->ctx, sizeof *made);
    if (!made) return KL_E_MEMORY;
    memset(made, 0, sizeof *made);
    made->alloc = *alloc;
    *files = made;
    *io = table;
    io->ctx = made;
    return KL_OK;
}

void kl_memory_io_free(kl_memory_io *files) {
    if (!files) return;
    while (files->handles) (void)memory_close(files, files->handles);
    for (size_t i = 0; i < files->n; i++) memory_node_drop(files, files->nodes[i]);
    memory_give(files, files->nodes, files->room * sizeof *files->nodes);
    kl_alloc alloc = files->alloc;
    alloc.give(alloc.ctx, files, sizeof *files);
}
