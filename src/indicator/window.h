/* Tree windows as states of indicators. */
#ifndef KL__INDICATOR_WINDOW_H
#define KL__INDICATOR_WINDOW_H
#include "indicator/indicator.h"
#include "window/tree.h"

/* The raw values of the window are all that the future depends on. */
KL__INLINE void kl__snap_tree(kl__snap *p, kl__tree *t, const kl__tree_kind *kind) {
    for (size_t s = 0; s < kind->series; s++)
        for (size_t j = 0; j < t->w; j++) kl__snap_f64(p, kl__tree_value(t, s, j), 1);
    if (p->mode == KL__SNAP_READ) {
        t->stale = 1;
        kl__tree_settle(t, kind);
    }
}

#endif
