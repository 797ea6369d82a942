/* The allocators that ship: libc, a fixed buffer, and a counting wrapper for tests and budgets. */
#include "base/check.h"
#include "base/size.h"
#include <stdlib.h>
#include <string.h>

/* What every block is aligned to: enough for any scalar and for 128-bit vectors. */
#define ALLOC_ALIGN ((size_t)16)
#define ALLOC_NONE SIZE_MAX

/* ------------------------------------------------------------------------------------------------------ libc --- */

static void *alloc_libc_take(void *ctx, size_t bytes) {
    (void)ctx;
    return malloc(bytes ? bytes : 1);
}

static void *alloc_libc_grow(void *ctx, void *memory, size_t old_bytes, size_t bytes) {
    (void)ctx, (void)old_bytes;
    return realloc(memory, bytes ? bytes : 1);
}

static void alloc_libc_give(void *ctx, void *memory, size_t bytes) {
    (void)ctx, (void)bytes;
    free(memory);
}

static const kl_alloc alloc_libc = {NULL, alloc_libc_take, alloc_libc_grow, alloc_libc_give};

const kl_alloc *kl_alloc_libc(void) { return &alloc_libc; }

/* ----------------------------------------------------------------------------------------------------- arena --- */

/* Bytes that a request occupies, or ALLOC_NONE where it cannot be met by any arena. */
static size_t arena_need(size_t bytes) {
    if (bytes > SIZE_MAX - ALLOC_ALIGN) return ALLOC_NONE;
    return kl__round_up(bytes ? bytes : 1, ALLOC_ALIGN);
}

static void *arena_take(void *ctx, size_t bytes) {
    kl_arena *arena = (kl_arena *)ctx;
    size_t need = arena_need(bytes);
    if (need > arena->bytes - arena->used) return NULL;
    arena->newest = arena->used;
    arena->used += need;
    if (arena->used > arena->peak) arena->peak = arena->used;
    return arena->memory + arena->newest;
}

static int arena_is_newest(const kl_arena *arena, const void *memory) {
    return arena->newest != ALLOC_NONE && (const unsigned char *)memory == arena->memory + arena->newest;
}

static void *arena_grow(void *ctx, void *memory, size_t old_bytes, size_t bytes) {
    kl_arena *arena = (kl_arena *)ctx;
    if (!memory) return arena_take(ctx, bytes);
    size_t need = arena_need(bytes);
    if (arena_is_newest(arena, memory)) {
        if (need > arena->bytes - arena->newest) return NULL;
        arena->used = arena->newest + need;
        if (arena->used > arena->peak) arena->peak = arena->used;
        return memory;
    }
    if (need <= arena_need(old_bytes)) return memory;
    void *moved = arena_take(ctx, bytes);
    if (moved) memcpy(moved, memory, old_bytes);
    return moved;
}

static void arena_give(void *ctx, void *memory, size_t bytes) {
    kl_arena *arena = (kl_arena *)ctx;
    (void)bytes;
    if (!memory || !arena_is_newest(arena, memory)) return;
    arena->used = arena->newest;
    arena->newest = ALLOC_NONE;
}

kl_status kl_arena_init(kl_arena *arena, void *memory, size_t bytes, kl_alloc *alloc) {
    if (!arena || !alloc || (!memory && bytes)) return KL_E_ARG;
    size_t skip = memory ? (ALLOC_ALIGN - (uintptr_t)memory % ALLOC_ALIGN) % ALLOC_ALIGN : 0;
    if (skip > bytes) skip = bytes;
    arena->memory = memory ? (unsigned char *)memory + skip : NULL;
    arena->bytes = (bytes - skip) & ~(ALLOC_ALIGN - 1);
    arena->used = arena->peak = 0;
    arena->newest = ALLOC_NONE;
    alloc->ctx = arena;
    alloc->take = arena_take;
    alloc->grow = arena_grow;
    alloc->give = arena_give;
    return KL_OK;
}

/* --------------------------------------------------------------------------------------------------- counter --- */

/* Counts a request that would add `more` live bytes and says whether it may pass. */
static int counter_admit(kl_alloc_counter *counter, uint64_t more) {
    counter->requests++;
    if (counter->fail_at != 0) {
        if (counter->requests == counter->fail_at) return 0;
        if (counter->fail_onwards && counter->requests > counter->fail_at) return 0;
    }
    if (counter->limit == 0) return 1;
    return counter->live_bytes <= counter->limit && more <= counter->limit - counter->live_bytes;
}

static void counter_add(kl_alloc_counter *counter, uint64_t more) {
    counter->live_bytes += more;
    if (counter->live_bytes > counter->peak_bytes) counter->peak_bytes = counter->live_bytes;
}

static void *counter_take(void *ctx, size_t bytes) {
    kl_alloc_counter *counter = (kl_alloc_counter *)ctx;
    if (!counter_admit(counter, bytes)) return NULL;
    void *memory = counter->inner.take(counter->inner.ctx, bytes);
    if (!memory) return NULL;
    counter->live_blocks++;
    counter_add(counter, bytes);
    return memory;
}

static void *counter_grow(void *ctx, void *memory, size_t old_bytes, size_t bytes) {
    kl_alloc_counter *counter = (kl_alloc_counter *)ctx;
    if (!memory) return counter_take(ctx, bytes);
    if (!counter_admit(counter, bytes > old_bytes ? bytes - old_bytes : 0)) return NULL;
    void *moved = counter->inner.grow(counter->inner.ctx, memory, old_bytes, bytes);
    if (!moved) return NULL;
    if (bytes < old_bytes) counter->live_bytes -= old_bytes - bytes;
    else counter_add(counter, bytes - old_bytes);
    return moved;
}

static void counter_give(void *ctx, void *memory, size_t bytes) {
    kl_alloc_counter *counter = (kl_alloc_counter *)ctx;
    if (!memory) return;
    counter->live_blocks--;
    counter->live_bytes -= bytes;
    counter->inner.give(counter->inner.ctx, memory, bytes);
}

kl_status kl_alloc_counter_init(kl_alloc_counter *counter, const kl_alloc *inner, kl_alloc *alloc) {
    if (!counter || !alloc) return KL_E_ARG;
    memset(counter, 0, sizeof *counter);
    counter->inner = inner ? *inner : alloc_libc;
    alloc->ctx = counter;
    alloc->take = counter_take;
    alloc->grow = counter_grow;
    alloc->give = counter_give;
    return KL_OK;
}
