#include "base/endian.h"
#include "base/number.h"
#include "base/size.h"
#include "kline/window.h"

/* The head; twice `capacity` values follow. Value i lies at i mod capacity and again `capacity` places on, so that any run of
 * up to `capacity` values is contiguous somewhere. */
struct kl_ring {
    uint64_t capacity;
    uint64_t next; /* where the next value goes, below capacity */
    uint64_t count;
};

size_t kl_ring_size(size_t capacity) {
    size_t doubles, values, bytes;
    if (capacity == 0 || ((uint64_t)capacity - 1) >> 40) return 0;
    if (kl__size_mul(capacity, 2, &doubles) || kl__size_mul(doubles, sizeof(double), &values) ||
        kl__size_add(values, sizeof(kl_ring), &bytes))
        return 0;
    return bytes;
}

static double *ring_values(const kl_ring *ring) { return (double *)(uintptr_t)(ring + 1); }

kl_status kl_ring_init(void *memory, size_t bytes, size_t capacity, kl_ring **ring) {
    size_t needed = kl_ring_size(capacity);
    if (!memory || !ring || !needed || (uintptr_t)memory % sizeof(double) != 0) return KL_E_ARG;
    if (bytes < needed) return KL_E_SIZE;
    kl_ring *made = memory;
    made->capacity = capacity;
    made->next = made->count = 0;
    *ring = made;
    return KL_OK;
}

void kl_ring_push(kl_ring *ring, double x) {
    double *values = ring_values(ring);
    values[ring->next] = values[ring->next + ring->capacity] = x;
    ring->next = ring->next + 1 == ring->capacity ? 0 : ring->next + 1;
    ring->count += ring->count < ring->capacity;
}

size_t kl_ring_count(const kl_ring *ring) { return ring ? (size_t)ring->count : 0; }

double kl_ring_at(const kl_ring *ring, size_t age) {
    if (!ring || age >= ring->count) return kl__bits_double(KL__BITS_NAN);
    return ring_values(ring)[ring->next + ring->capacity - 1 - age];
}

const double *kl_ring_window(const kl_ring *ring, size_t n) {
    if (!ring || n == 0 || n > ring->count) return NULL;
    return ring_values(ring) + (ring->next + ring->capacity - n);
}
