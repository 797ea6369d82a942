/* Merging networks on v[0], v[1] ... : two sorted halves become one sorted run (Batcher's odd-even merge). Straight-line
 * code, so that a loop over time around it becomes vector code with the values in registers. */
#ifndef KL__WINDOW_ORDER_NETS_H
#define KL__WINDOW_ORDER_NETS_H

#define ORDER_CE(a, b)                                \
    {                                                 \
        double order_low = v[a] < v[b] ? v[a] : v[b]; \
        v[b] = v[a] < v[b] ? v[b] : v[a];             \
        v[a] = order_low;                             \
    }
#define ORDER_CE2(a, d) ORDER_CE(a, (a) + (d)) ORDER_CE((a) + 1, (a) + 1 + (d))
#define ORDER_CE4(a, d) ORDER_CE2(a, d) ORDER_CE2((a) + 2, d)
#define ORDER_CE8(a, d) ORDER_CE4(a, d) ORDER_CE4((a) + 4, d)

#define ORDER_MERGE_2 ORDER_CE(0, 1)
#define ORDER_MERGE_4 ORDER_CE2(0, 2) ORDER_CE(1, 2)
#define ORDER_MERGE_8 ORDER_CE4(0, 4) ORDER_CE2(2, 2) ORDER_CE(1, 2) ORDER_CE(3, 4) ORDER_CE(5, 6)
#define ORDER_MERGE_16                                                                                               \
    ORDER_CE8(0, 8) ORDER_CE4(4, 4) ORDER_CE2(2, 2) ORDER_CE2(6, 2) ORDER_CE2(10, 2) ORDER_CE(1, 2) ORDER_CE(3, 4)   \
    ORDER_CE(5, 6) ORDER_CE(7, 8) ORDER_CE(9, 10) ORDER_CE(11, 12) ORDER_CE(13, 14)
#define ORDER_MERGE_32                                                                                               \
    ORDER_CE8(0, 16) ORDER_CE8(8, 16) ORDER_CE8(8, 8) ORDER_CE4(4, 4) ORDER_CE4(12, 4) ORDER_CE4(20, 4)              \
    ORDER_CE2(2, 2) ORDER_CE2(6, 2) ORDER_CE2(10, 2) ORDER_CE2(14, 2) ORDER_CE2(18, 2) ORDER_CE2(22, 2)              \
    ORDER_CE2(26, 2) ORDER_CE(1, 2) ORDER_CE(3, 4) ORDER_CE(5, 6) ORDER_CE(7, 8) ORDER_CE(9, 10) ORDER_CE(11, 12)    \
    ORDER_CE(13, 14) ORDER_CE(15, 16) ORDER_CE(17, 18) ORDER_CE(19, 20) ORDER_CE(21, 22) ORDER_CE(23, 24)            \
    ORDER_CE(25, 26) ORDER_CE(27, 28) ORDER_CE(29, 30)

/* Values i.. of rows r.. of a table of rows of `stride`, to and from v[to]. */
#define ORDER_GET(rows, stride, r, i, to) v[to] = (rows)[(size_t)(r) * (stride) + (i)];
#define ORDER_GET2(rows, stride, r, i, to) ORDER_GET(rows, stride, r, i, to) ORDER_GET(rows, stride, (r) + 1, i, (to) + 1)
#define ORDER_GET4(rows, stride, r, i, to) ORDER_GET2(rows, stride, r, i, to) ORDER_GET2(rows, stride, (r) + 2, i, (to) + 2)
#define ORDER_GET8(rows, stride, r, i, to) ORDER_GET4(rows, stride, r, i, to) ORDER_GET4(rows, stride, (r) + 4, i, (to) + 4)
#define ORDER_GET16(rows, stride, r, i, to) ORDER_GET8(rows, stride, r, i, to) ORDER_GET8(rows, stride, (r) + 8, i, (to) + 8)
#define ORDER_PUT(rows, stride, r, i, from) (rows)[(size_t)(r) * (stride) + (i)] = v[from];
#define ORDER_PUT2(rows, stride, r, i, from) ORDER_PUT(rows, stride, r, i, from) ORDER_PUT(rows, stride, (r) + 1, i, (from) + 1)
#define ORDER_PUT4(rows, stride, r, i, from) ORDER_PUT2(rows, stride, r, i, from) ORDER_PUT2(rows, stride, (r) + 2, i, (from) + 2)
#define ORDER_PUT8(rows, stride, r, i, from) ORDER_PUT4(rows, stride, r, i, from) ORDER_PUT4(rows, stride, (r) + 4, i, (from) + 4)
#define ORDER_PUT16(rows, stride, r, i, from) \
    ORDER_PUT8(rows, stride, r, i, from) ORDER_PUT8(rows, stride, (r) + 8, i, (from) + 8)
#define ORDER_PUT32(rows, stride, r, i, from) \
    ORDER_PUT16(rows, stride, r, i, from) ORDER_PUT16(rows, stride, (r) + 16, i, (from) + 16)

#endif
