#include "clean/sort.h"
#include <string.h>

enum { SORT_RUN = 24 };

static void sort_insertion(kl__sort_key *keys, size_t n) {
    for (size_t i = 1; i < n; i++) {
        kl__sort_key key = keys[i];
        size_t j = i;
        for (; j > 0 && kl__sort_less(&key, &keys[j - 1]); j--) keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

/* keys[0..mid) and keys[mid..n) are sorted; the left half moves to scratch and both are merged back. */
static void sort_merge(kl__sort_key *keys, kl__sort_key *scratch, size_t mid, size_t n) {
    if (!kl__sort_less(&keys[mid], &keys[mid - 1])) return;
    memcpy(scratch, keys, mid * sizeof *keys);
    size_t left = 0, right = mid, out = 0;
    while (left < mid && right < n) {
        if (kl__sort_less(&keys[right], &scratch[left]))
            keys[out++] = keys[right++];
        else
            keys[out++] = scratch[left++];
    }
    memcpy(keys + out, scratch + left, (mid - left) * sizeof *keys);
}

void kl__sort_keys(kl__sort_key *keys, kl__sort_key *scratch, size_t n) {
    if (n <= SORT_RUN) {
        sort_insertion(keys, n);
        return;
    }
    size_t mid = n / 2;
    kl__sort_keys(keys, scratch, mid);
    kl__sort_keys(keys + mid, scratch, n - mid);
    sort_merge(keys, scratch, mid, n);
}
