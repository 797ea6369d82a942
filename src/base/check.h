/* How functions of the library report and pass on failure. */
#ifndef KL__CHECK_H
#define KL__CHECK_H
#include "kline/base.h"

#if defined(__GNUC__)
#define KL__PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define KL__LIKELY(x) __builtin_expect(!!(x), 1)
#define KL__UNLIKELY(x) __builtin_expect(!!(x), 0)
#define KL__INLINE static inline __attribute__((always_inline, unused))
#define KL__APART __attribute__((noinline))
#define KL__PREFETCH(address) __builtin_prefetch(address)
#define KL__PREFETCH_WRITE(address) __builtin_prefetch(address, 1)
#define KL__FETCH(address) __builtin_prefetch(address, 0, 2) /* not into the nearest cache */
#else
#define KL__PRINTF(fmt, first)
#define KL__LIKELY(x) (x)
#define KL__UNLIKELY(x) (x)
#define KL__INLINE static inline
#define KL__APART
#define KL__PREFETCH(address) ((void)(address))
#define KL__PREFETCH_WRITE(address) ((void)(address))
#define KL__FETCH(address) ((void)(address))
#endif

/* Returns from the calling function with the first error. */
#define KL__TRY(call)                                                                                                 \
    do {                                                                                                              \
        kl_status kl__try = (call);                                                                                   \
        if (KL__UNLIKELY(kl__try < 0)) return kl__try;                                                                \
    } while (0)

/* Fills *error (NULL is fine) and returns code, so that `return kl__fail(...)` reads as one step. Text: integers and strings
 * only, never %f, which follows the locale. */
kl_status kl__fail(kl_error *error, kl_status code, int32_t arg, int64_t row, int64_t column, const char *format, ...)
    KL__PRINTF(6, 7);

#endif
