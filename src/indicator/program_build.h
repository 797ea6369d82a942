/* Inside of a program in the making, shared by program.c and program_finish.c. */
#ifndef KL__INDICATOR_PROGRAM_BUILD_H
#define KL__INDICATOR_PROGRAM_BUILD_H
#include "indicator/program.h"
#include <math.h>

enum { BUILD_INPUT = 1, BUILD_NUMBER = 2, BUILD_MADE = 3 };
#define BUILD_FIXED_TABLE 2048
#define BUILD_FIXED_SOURCES 1
#define BUILD_FOLD_STATE 8 /* doubles */
#define BUILD_MAP 7

typedef struct kl__build_value {
    double number; /* of what is made, once the build is finished: its lookback */
    uint32_t type;
    uint32_t from; /* of an input: the source; of an output: the node */
    uint32_t part; /* of an input: the column; of an output: its index */
    uint32_t clock;
} kl__build_value;

typedef struct kl__bounds {
    double min, max;
} kl__bounds;

struct kl__build {
    kl_alloc alloc;
    kl__build_value *values;
    kl__node *nodes;
    double *params;
    uint32_t *slow;  /* of each source: 0, or how many bars of clock 0 one of its bars lasts */
    uint32_t *table; /* open hashing, a power of two */
    kl__bounds *ranges; /* of each value, in a build that grows */
    uint32_t *map;   /* seven words for each value, used by the finish */
    size_t values_room, ranges_room, nodes_room, params_room, slow_room, table_room, map_room, n_table;
    uint32_t n_values, n_nodes, n_params, n_sources;
    uint32_t fixed, depth, level;
    kl__program made; /* head of the finished program */
};

/* The value in clock 0. */
kl_status kl__build_expand(kl__build *build, uint32_t value, uint32_t *out, kl_error *error);


#endif
