/* The directory: names, opening and closing of series. */
#include "data/grow.h"
#include "store/stored.h"
#include <stdlib.h>

/* ------------------------------------------------------------------------------------------------------- store --- */

static kl_status store_ignore(void *ctx, const char *name) {
    (void)ctx;
    (void)name;
    return KL_OK;
}

kl_status kl_store_open(const kl_io *io, const char *directory, int32_t mode, const kl_alloc *alloc, kl_store **store,
                        kl_error *error) {
    if (!io || !directory || !directory[0] || !store)
        return kl__fail(error, KL_E_ARG, !io ? 1 : store ? 2 : 5, 0, 0, "an argument is missing");
    if (mode != KL_STORE_READ && mode != KL_STORE_WRITE) return kl__fail(error, KL_E_ARG, 3, 0, 0, "no such mode");
    kl_alloc a = alloc ? *alloc : *kl_alloc_libc();
    kl_store *s = (kl_store *)a.take(a.ctx, sizeof *s);
    if (!s) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the store");
    memset(s, 0, sizeof *s);
    s->io = *io, s->alloc = a, s->mode = mode;
    s->directory_bytes = strlen(directory) + 1;
    s->directory = (char *)a.take(a.ctx, s->directory_bytes);
    kl_status status = s->directory ? KL_OK : KL_E_MEMORY;
    if (status >= 0) {
        memcpy(s->directory, directory, s->directory_bytes);
        status = mode == KL_STORE_WRITE ? io->make_dir(io->ctx, directory)
                                        : io->list(io->ctx, directory, store_ignore, NULL);
    }
    if (status < 0) {
        kl_store_close(s);
        return kl__fail(error, status, 2, 0, 0, "the store %.160s cannot be opened: %s", directory,
                        kl_status_text(status));
    }
    *store = s;
    return KL_OK;
}

void kl_store_close(kl_store *store) {
    if (!store) return;
    kl_alloc a = store->alloc;
    if (store->directory) a.give(a.ctx, store->directory, store->directory_bytes);
    a.give(a.ctx, store, sizeof *store);
}

typedef struct store_names {
    kl_store *store;
    char **names;
    size_t n, capacity;
} store_names;

static kl_status store_collect(void *ctx, const char *name) {
    store_names *list = (store_names *)ctx;
    kl_series_key key;
    void *memory = list->names;
    size_t bytes = strlen(name) + 1;
    if (kl__file_name_parse(name, &key) < 0) return KL_OK;
    KL__TRY(kl__grow(&list->store->alloc, &memory, &list->capacity, list->n + 1, sizeof *list->names));
    list->names = (char **)memory;
    char *copy = (char *)list->store->alloc.take(list->store->alloc.ctx, bytes);
    if (!copy) return KL_E_MEMORY;
    memcpy(copy, name, bytes);
    list->names[list->n++] = copy;
    return KL_OK;
}

static int store_compare_names(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

kl_status kl_store_list(kl_store *store, kl_status (*each)(void *ctx, const kl_series_key *key), void *ctx,
                        kl_error *error) {
    if (!store || !each) return kl__fail(error, KL_E_ARG, store ? 2 : 1, 0, 0, "an argument is missing");
    store_names list = {store, NULL, 0, 0};
    const kl_alloc *a = &store->alloc;
    kl_status status = store->io.list(store->io.ctx, store->directory, store_collect, &list), said = KL_OK;
    if (status >= 0 && list.n > 1) qsort(list.names, list.n, sizeof *list.names, store_compare_names);
    for (size_t i = 0; i < list.n; i++) {
        kl_series_key key;
        if (status >= 0 && said >= 0 && kl__file_name_parse(list.names[i], &key) >= 0) said = each(ctx, &key);
        a->give(a->ctx, list.names[i], strlen(list.names[i]) + 1);
    }
    if (list.names) a->give(a->ctx, list.names, list.capacity * sizeof *list.names);
    if (status < 0) return kl__fail(error, status, 0, 0, 0, "the store cannot be listed: %s", kl_status_text(status));
    return said < 0 ? said : KL_OK;
}

typedef struct store_search {
    const kl_series_key *pattern;
    kl_series_key key;
    size_t n;
    int32_t exact;
} store_search;

static kl_status store_match(void *ctx, const kl_series_key *key) {
    store_search *search = (store_search *)ctx;
    const kl_series_key *p = search->pattern;
    if (strcmp(key->symbol, p->symbol) != 0 || (p->venue[0] && strcmp(key->venue, p->venue) != 0) ||
        (p->market[0] && strcmp(key->market, p->market) != 0) || key->interval.unit != p->interval.unit ||
        (p->interval.unit && key->interval.n != p->interval.n))
        return KL_OK;
    /* the anchor decides where it can */
    int32_t exact = p->interval.unit == 0 || key->interval.anchor_us == p->interval.anchor_us;
    if (exact > search->exact) search->n = 0;
    if (exact < search->exact) return KL_OK;
    search->exact = exact;
    search->key = *key;
    search->n++;
    return KL_OK;
}

kl_status kl_store_find(kl_store *store, const kl_series_key *pattern, kl_series_key *key, kl_error *error) {
    if (!store || !pattern || !key)
        return kl__fail(error, KL_E_ARG, !store ? 1 : pattern ? 3 : 2, 0, 0, "an argument is missing");
    store_search search;
    memset(&search, 0, sizeof search);
    search.pattern = pattern;
    search.exact = -1;
    KL__TRY(kl_store_list(store, store_match, &search, error));
    if (search.n == 0)
        return kl__fail(error, KL_E_NOT_FOUND, 2, 0, 0, "the store holds no such series of %s", pattern->symbol);
    if (search.n > 1)
        return kl__fail(error, KL_E_MISMATCH, 2, 0, 0, "%s is there from several venues or markets: say which",
                        pattern->symbol);
    *key = search.key;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------------ series --- */

static void store_release(kl_stored *s) {
    if (s->file) s->io.close(s->io.ctx, s->file);
    if (s->lock) s->io.close(s->io.ctx, s->lock);
    kl__stored_writing_free(s);
    kl__stored_unload(s);
    kl__stored_give(s, s->path, s->path_bytes + 8);
    kl__stored_give(s, s, sizeof *s);
}

static kl_status store_path(kl_stored *s) {
    char name[KL__FILE_NAME_MAX];
    KL__TRY(kl__file_name(&s->key, name));
    size_t dir = s->store->directory_bytes - 1, length = strlen(name);
    int slash = dir > 0 && s->store->directory[dir - 1] != '/';
    s->path_bytes = dir + (size_t)slash + length + 1;
    s->path = (char *)kl__stored_take(s, s->path_bytes + 8);
    if (!s->path) return KL_E_MEMORY;
    memcpy(s->path, s->store->directory, dir);
    if (slash) s->path[dir] = '/';
    memcpy(s->path + dir + (size_t)slash, name, length + 1);
    return KL_OK;
}

/* One writer a series: the lock is on a file beside it, which stays when a writer dies, unlike the lock. */
static kl_status store_lock(kl_stored *s) {
    memcpy(s->path + s->path_bytes - 1, ".lock", 6);
    kl_status status = s->io.open(s->io.ctx, s->path, KL_OPEN_CREATE, &s->lock);
    s->path[s->path_bytes - 1] = 0;
    KL__TRY(status);
    return s->io.lock(s->io.ctx, s->lock);
}

static kl_status store_open_file(kl_stored *s, kl_error *error) {
    int32_t mode = s->writer ? KL_OPEN_WRITE : KL_OPEN_READ;
    if (s->writer) {
        kl_status status = store_lock(s);
        if (status < 0)
            return kl__fail(error, status, 0, 0, 0,
                            status == KL_E_LOCKED ? "another writer has %s open" : "%s cannot be locked",
                            s->key.symbol);
    }
    kl_status status = s->io.open(s->io.ctx, s->path, mode, &s->file);
    if (status == KL_E_NOT_FOUND && s->writer) {
        s->file = NULL;
        KL__TRY(kl__stored_create(s, error));
        status = s->io.open(s->io.ctx, s->path, mode, &s->file);
    }
    if (status < 0) {
        s->file = NULL;
        return kl__fail(error, status, 2, 0, 0, "the series %s cannot be opened: %s", s->key.symbol,
                        kl_status_text(status));
    }
    KL__TRY(kl__stored_load(s, error));
    if (!s->writer || s->torn_bytes == 0) return KL_OK;
    s->dirty_tail = 1;
    status = kl__stored_cut(s);
    return status < 0 ? kl__fail(error, status, 0, 0, 0, "the torn end of the file could not be cut: %s",
                                 kl_status_text(status))
                      : KL_OK;
}

kl_status kl_store_series(kl_store *store, const kl_series_key *key, kl_stored **stored, kl_error *error) {
    if (!store || !key || !stored)
        return kl__fail(error, KL_E_ARG, !store ? 1 : key ? 3 : 2, 0, 0, "an argument is missing");
    kl_stored *s = (kl_stored *)store->alloc.take(store->alloc.ctx, sizeof *s);
    if (!s) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the series");
    memset(s, 0, sizeof *s);
    s->store = store;
    s->io = store->io;
    s->alloc = store->alloc;
    s->writer = store->mode == KL_STORE_WRITE;
    s->key = *key;
    if (key->interval.unit == 0) s->key.interval.n = 0, s->key.interval.anchor_us = 0;
    kl_status status = store_path(s);
    if (status < 0) {
        kl__fail(error, status, 2, 0, 0, "the series cannot be named: %s", kl_status_text(status));
    } else {
        s->salt = kl__series_salt(&s->key);
        status = store_open_file(s, error);
    }
    if (status < 0) {
        store_release(s);
        return status;
    }
    *stored = s;
    return KL_OK;
}

void kl_stored_close(kl_stored *stored) {
    if (!stored) return;
    if (stored->w.open) kl_stored_rollback(stored, NULL);
    (void)kl__stored_settle(stored); /* only makes the next opening faster */
    store_release(stored);
}

kl_status kl_stored_refresh(kl_stored *stored, kl_error *error) {
    kl__header h;
    if (!stored) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the series is missing");
    if (stored->writer) return KL_OK; /* nobody else writes */
    kl_status status = kl__stored_header(stored, stored->commit, KL__BLOCK_COMMIT, &h);
    if (status >= 0 && h.crc == stored->commit_crc) return kl__stored_walk(stored, stored->end, error);
    if (status < 0 && status != KL_E_CORRUPT) return kl__fail(error, status, 0, 0, 0, "%s", kl_status_text(status));
    /* what was read last is no longer there: the file is read anew */
    kl__stored_unload(stored);
    return kl__stored_load(stored, error);
}
