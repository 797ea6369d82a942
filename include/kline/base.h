/* kline/base.h: what everything else stands on: statuses and errors, memory, threads of the caller, numbers and text,
 * checksums, decompression, JSON.
 *
 * Conventions that hold in every header of libkline:
 *  - a function that can fail returns a kl_status: KL_OK (0), an error (< 0), or information (> 0);
 *  - `kl_error *error`, always last and always optional (NULL), receives what, where and a sentence;
 *  - memory is the caller's: X_size -> caller's memory -> X_init, or X_new(alloc) / X_free as sugar over it;
 *  - threads are the caller's: "pure" functions touch only their arguments, "shared-const" ones may run in many threads on
 *    one object, "exclusive" ones want one thread at a time per object;
 *  - text is UTF-8 bytes with a length, or NUL-terminated where the parameter is called `name` or `path`. */
#ifndef KLINE_BASE_H
#define KLINE_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(KL_STATIC) || !(defined(__GNUC__) || defined(_WIN32))
#define KL_API
#elif defined(_WIN32)
#define KL_API __declspec(dllexport)
#else
#define KL_API __attribute__((visibility("default")))
#endif

#define KL_VERSION_MAJOR 0
#define KL_VERSION_MINOR 1
#define KL_VERSION_PATCH 0

/* ---------------------------------------------------------------------------------------------------- status --- */

/** 0 is success, negative is an error, positive is information. */
typedef int32_t kl_status;

/* Every status once: KL_X(NAME, value, name, sentence). Values are never reused; a retired one keeps its place.
 * The enum, names, texts, the bindings' exceptions and the documentation come from this list. */
#define KL_STATUS_LIST(KL_X)                                                                                          \
    KL_X(KL_OK, 0, "ok", "success")                                                                                   \
    /* information */                                                                                                 \
    KL_X(KL_END, 1, "end", "nothing more follows")                                                                    \
    KL_X(KL_MORE, 2, "more", "more input or more room is needed to go on")                                            \
    KL_X(KL_SAME, 3, "same", "the row was there already, with the same content")                                      \
    KL_X(KL_KEPT, 4, "kept", "the row was there already, in a version of higher rank, which stays")                   \
    KL_X(KL_REPLACED, 5, "replaced", "the row replaces a version of lower rank")                                      \
    /* the call is wrong */                                                                                           \
    KL_X(KL_E_ARG, -1, "arg", "an argument is missing or outside its range")                                          \
    KL_X(KL_E_SIZE, -2, "size", "the memory handed in is too small")                                                  \
    KL_X(KL_E_STATE, -3, "state", "the object is not in a state that allows this call")                               \
    KL_X(KL_E_UNSUPPORTED, -4, "unsupported", "this is valid, but not supported")                                     \
    KL_X(KL_E_UNKNOWN_NAME, -5, "unknown_name", "no such name")                                                       \
    /* resources */                                                                                                   \
    KL_X(KL_E_MEMORY, -10, "memory", "the allocator gave no memory")                                                  \
    KL_X(KL_E_OVERFLOW, -11, "overflow", "a number does not fit its type")                                            \
    KL_X(KL_E_CANCEL, -12, "cancel", "a callback asked to stop")                                                      \
    KL_X(KL_E_BUILD, -13, "build", "the library was built in a way that breaks its numeric promises")                 \
    /* text and rows */                                                                                               \
    KL_X(KL_E_EMPTY, -20, "empty", "the input holds no row at all")                                                   \
    KL_X(KL_E_FORMAT, -21, "format", "the input is of no known format")                                               \
    KL_X(KL_E_COLUMNS, -22, "columns", "a row has the wrong number of columns, or a needed column is missing")        \
    KL_X(KL_E_NUMBER, -23, "number", "text stands where a number belongs")                                            \
    KL_X(KL_E_NOT_FINITE, -24, "not_finite", "a number is NaN or infinite")                                           \
    KL_X(KL_E_TIME, -25, "time", "a time is out of range, of no known unit, or cannot be read")                       \
    KL_X(KL_E_SCALE, -26, "scale", "a number has more decimals than can be held exactly")                             \
    KL_X(KL_E_TEXT, -27, "text", "the text is malformed: a NUL byte, bad escape, or bad UTF-8")                       \
    KL_X(KL_E_JSON, -28, "json", "the JSON is malformed")                                                             \
    KL_X(KL_E_LINE, -29, "line", "a line or row is longer than the limit")                                            \
    KL_X(KL_E_TRUNCATED, -30, "truncated", "the input ends in the middle of a row")                                   \
    KL_X(KL_E_SYMBOL, -31, "symbol", "the row belongs to another symbol, or the symbol is not known")                 \
    KL_X(KL_E_INTERVAL, -32, "interval", "the interval is unknown, or the row does not fit it")                       \
    KL_X(KL_E_ANCHOR, -33, "anchor", "an interval of several days needs an anchor day")                               \
    KL_X(KL_E_TOML, -34, "toml", "the TOML is malformed, or of a part that is not read")                              \
    /* what a row says */                                                                                             \
    KL_X(KL_E_PRICE, -40, "price", "a price is zero or negative")                                                     \
    KL_X(KL_E_OHLC, -41, "ohlc", "high and low do not enclose open and close")                                        \
    KL_X(KL_E_VOLUME, -42, "volume", "a volume or count is negative, or a taker volume exceeds the whole")            \
    KL_X(KL_E_CLOSE_TIME, -43, "close_time", "the close time lies before the open time or after the interval's end")  \
    KL_X(KL_E_ORDER, -44, "order", "a row is out of order")                                                           \
    KL_X(KL_E_DUPLICATE, -45, "duplicate", "a key comes twice")                                                       \
    KL_X(KL_E_OUTLIER, -46, "outlier", "the return is outside the allowed range")                                     \
    KL_X(KL_E_MISMATCH, -47, "mismatch", "rows of different markets or units are mixed")                              \
    /* stored data */                                                                                                 \
    KL_X(KL_E_CORRUPT, -60, "corrupt", "stored or compressed bytes are damaged")                                      \
    KL_X(KL_E_VERSION, -61, "version", "written by a newer format version")                                           \
    KL_X(KL_E_DEFINITION, -62, "definition", "the snapshot belongs to another definition; replay instead")            \
    KL_X(KL_E_NOT_FOUND, -63, "not_found", "no such file, series or section")                                         \
    KL_X(KL_E_EXISTS, -64, "exists", "it exists already")                                                             \
    KL_X(KL_E_LOCKED, -65, "locked", "another writer holds the lock")                                                 \
    KL_X(KL_E_IO, -66, "io", "reading or writing failed")                                                             \
    KL_X(KL_E_NO_SPACE, -67, "no_space", "no space is left")                                                          \
    KL_X(KL_E_READ_ONLY, -68, "read_only", "it was opened for reading only")                                          \
    KL_X(KL_E_PATH, -69, "path", "a file or series name cannot be used")

enum {
#define KL__STATUS_ENUM(NAME, value, name, text) NAME = (value),
    KL_STATUS_LIST(KL__STATUS_ENUM)
#undef KL__STATUS_ENUM
};

/** What went wrong, where, in words. The caller owns it; the library only writes it. */
typedef struct kl_error {
    kl_status code;    /* the status that the function returned */
    int32_t arg;       /* 1-based position of the offending argument, 0 where it is not an argument */
    int64_t row;       /* 1-based line of a text, or row of a table, 0 where there is none */
    int64_t column;    /* 1-based column (field) of the row, or byte of a JSON text or packed file; 0: none */
    char message[232]; /* one sentence, NUL-terminated */
} kl_error;

/** Gives the short name of a status, as bindings and machine-readable output use it.
 *
 *  `status`: any value. Names are lower case with underscores, unique, and do not change.
 *  Return: the name, constant; "unknown" for a value that is not in the list.
 *  On failure: cannot fail.
 *  Cost: O(number of statuses), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_status_name(kl_status status);

/** Gives the sentence that explains a status to a person.
 *
 *  `status`: any value.
 *  Return: the sentence, constant, never NULL.
 *  On failure: cannot fail.
 *  Cost: O(number of statuses), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_status_text(kl_status status);

/** Walks the list of all statuses.
 *
 *  `index`: 0, 1, 2 ... ; `status`: receives the value at that place.
 *  Return: KL_OK; KL_END behind the last; KL_E_ARG without `status`.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_status_at(size_t index, kl_status *status);

/** Finds a status by its name.
 *
 *  `name`: as kl_status_name gives it, NUL-terminated; `status`: receives the value.
 *  Return: KL_OK; KL_E_UNKNOWN_NAME; KL_E_ARG where one is NULL.
 *  On failure: nothing is written.
 *  Cost: O(number of statuses), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_status_find(const char *name, kl_status *status);

/** Gives the version of the library that is linked, "major.minor.patch".
 *
 *  Return: the text, constant.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: semantic versioning 2.0.
 *  Since: 0.1 */
KL_API const char *kl_version(void);

/** Tells whether this build, on this machine and in this thread, keeps the numeric promises.
 *
 *  Looks at type sizes, byte order, fused or widened or reordered arithmetic, flushed subnormals and the rounding
 *  mode. Worth one call at the start of a program. `error`: says what is wrong; may be NULL.
 *  Return: KL_OK; KL_E_BUILD.
 *  On failure: only `error` is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure; reads the thread's floating-point mode.
 *  Source: IEEE 754-2019; design 7.
 *  Since: 0.1 */
KL_API kl_status kl_self_check(kl_error *error);

/* --------------------------------------------------------------------------------------------------- memory --- */

/** Where memory comes from. `take` returns memory aligned for any type, or NULL. `grow` keeps the first min(old, bytes)
 *  bytes and on failure leaves the old block alone. `give` gets the size that was taken; NULL is allowed. Copied into objects. */
typedef struct kl_alloc {
    void *ctx;
    void *(*take)(void *ctx, size_t bytes);
    void *(*grow)(void *ctx, void *memory, size_t old_bytes, size_t bytes);
    void (*give)(void *ctx, void *memory, size_t bytes);
} kl_alloc;

/** Gives the allocator over malloc, realloc and free.
 *
 *  The default wherever an allocator may be NULL.
 *  Return: the table, constant.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: pure. The table's functions may be called from any thread.
 *  Source: ISO C.
 *  Since: 0.1 */
KL_API const kl_alloc *kl_alloc_libc(void);

/** A fixed buffer that hands out its bytes front to back; the newest block can grow in place and be given back. */
typedef struct kl_arena {
    unsigned char *memory;
    size_t bytes, used, peak, newest;
} kl_arena;

/** Makes an allocator that hands out the bytes of one fixed buffer.
 *
 *  `arena`: the caller's, has to stay where it is while the allocator is used; `memory`: the buffer, any alignment
 *  (blocks are aligned to 16); `bytes`: its size, 0 allowed; `alloc`: receives the table. Only the newest block is
 *  given back or grows in place; others stay used until the arena is initialised anew. `used` and `peak` may be read
 *  at any time.
 *  Return: KL_OK; KL_E_ARG where a pointer is NULL (`memory` may be with `bytes` 0).
 *  On failure: nothing is written.
 *  Cost: O(1); take O(1), grow O(size moved), give O(1).
 *  Thread: exclusive on `arena`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_arena_init(kl_arena *arena, void *memory, size_t bytes, kl_alloc *alloc);

/** Counts what passes through to another allocator; refuses beyond `limit` live bytes and at the `fail_at`-th request. */
typedef struct kl_alloc_counter {
    kl_alloc inner;
    uint64_t requests, live_blocks, live_bytes, peak_bytes;
    uint64_t limit;   /* live bytes allowed; 0: no limit */
    uint64_t fail_at; /* the request with this number (1-based) fails; 0: none */
    uint32_t fail_onwards; /* non-zero: so does every later one */
    uint32_t reserved;
} kl_alloc_counter;

/** Makes an allocator that counts, limits and fails on request, in front of another.
 *
 *  `counter`: the caller's, has to stay where it is; its `limit`, `fail_at` and `fail_onwards` may be set at any time
 *  after this call. take and grow count as requests, refused ones too. `inner`: where memory comes from, copied;
 *  NULL: libc. `alloc`: receives the table.
 *  Return: KL_OK; KL_E_ARG where `counter` or `alloc` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), and as much again per request.
 *  Thread: exclusive on `counter`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_alloc_counter_init(kl_alloc_counter *counter, const kl_alloc *inner, kl_alloc *alloc);

/* -------------------------------------------------------------------------------------------------- threads --- */

/** Runs fn(arg, 0) .. fn(arg, n-1), in any order and in any threads, and returns when all are done: the first negative
 *  status by index, else KL_OK. */
typedef struct kl_executor {
    void *ctx;
    kl_status (*run)(void *ctx, kl_status (*fn)(void *arg, size_t index), void *arg, size_t n);
} kl_executor;

/** Gives the executor that runs all tasks in the calling thread, in order of index.
 *
 *  All tasks run, also after one failed: the same is left behind as by a parallel one.
 *  Return: the table, constant.
 *  On failure: cannot fail.
 *  Cost: O(1); run O(n) calls.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const kl_executor *kl_executor_serial(void);

/* ------------------------------------------------------------------------------------------ byte callbacks --- */

/** Takes bytes. A negative status aborts the caller and comes back unchanged. */
typedef struct kl_writer {
    void *ctx;
    kl_status (*write)(void *ctx, const void *bytes, size_t n);
} kl_writer;

/** Gives bytes: *got in 1..capacity with KL_OK, or 0 with KL_END. */
typedef struct kl_reader {
    void *ctx;
    kl_status (*read)(void *ctx, void *buffer, size_t capacity, size_t *got);
} kl_reader;

/* --------------------------------------------------------------------------------------- numbers and text --- */

/** A signed 128-bit integer, two's complement: value = hi * 2^64 + lo. */
typedef struct kl_i128 {
    uint64_t lo;
    int64_t hi;
} kl_i128;

#define KL_DOUBLE_TEXT_MAX 32  /* room for any double, with NUL */
#define KL_DECIMAL_TEXT_MAX 64 /* room for any decimal, with NUL */
#define KL_SCALE_MAX 18        /* most decimals behind the point */

/** Reads a decimal number as the nearest double, ties to even, whatever the locale.
 *
 *  `text`: `length` bytes that begin with [+|-] digits [. digits] [e|E [+|-] digits], one side of the point may be empty; also nan,
 *  inf, infinity in any case. No blanks. Any number of digits is exact; too large reads as infinity, too small as 0. `value`: the
 *  double. `used`: bytes read, or NULL; what follows them is the caller's business.
 *  Return: KL_OK; KL_E_NUMBER where `text` begins with no number; KL_E_ARG where `text` or `value` is NULL.
 *  On failure: nothing is written.
 *  Cost: O(length), no allocation.
 *  Thread: pure.
 *  Source: Clinger 1990; Lemire 2021; Mushtak, Lemire 2023; exact comparison in big integers beyond 19 digits.
 *  Since: 0.1 */
KL_API kl_status kl_double_parse(const char *text, size_t length, double *value, size_t *used);

/** Prints the shortest decimal that reads back to the same bits, of these the closest.
 *
 *  `value`: any double. `text`: room for KL_DOUBLE_TEXT_MAX bytes, all of which may be written; ends in NUL. Plain from 0.00001 up to
 *  21 digits before the point ("5", "16541.77"), otherwise like 1.25e-07; "-0", "nan", "inf", "-inf".
 *  Return: the length without NUL.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: Giulietti, The Schubfach way to render doubles, 2020.
 *  Since: 0.1 */
KL_API size_t kl_double_print(double value, char *text /* KL_DOUBLE_TEXT_MAX */);

/** Reads a decimal number exactly: value = mantissa / 10^scale.
 *
 *  `text`: `length` bytes that begin with a number as in kl_double_parse. `mantissa`: the digits, magnitude below 2^127. `scale`: the
 *  decimals written, 0..KL_SCALE_MAX: trailing zeros count ("1.50": 2), exponents are resolved ("2.853e-05": 8); decimals beyond
 *  KL_SCALE_MAX are cut where they are zeros. `used`: bytes read, or NULL.
 *  Return: KL_OK; KL_E_NUMBER where `text` begins with no number; KL_E_NOT_FINITE for nan and inf; KL_E_SCALE for more than KL_SCALE_MAX
 *  decimals; KL_E_OVERFLOW where the mantissa does not fit; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(length), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_decimal_parse(const char *text, size_t length, kl_i128 *mantissa, int32_t *scale, size_t *used);

/** Prints mantissa / 10^scale with exactly `scale` decimals.
 *
 *  `mantissa`: any. `scale`: 0..KL_SCALE_MAX. `text`: room for KL_DECIMAL_TEXT_MAX bytes, all of which may be written; ends in NUL.
 *  Return: the length without NUL; 0 where an argument is out of range.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_decimal_print(const kl_i128 *mantissa, int32_t scale, char *text /* KL_DECIMAL_TEXT_MAX */);

/** Changes the scale of a decimal and keeps its value.
 *
 *  `mantissa`: times 10^(to - from). `from`, `to`: 0..KL_SCALE_MAX.
 *  Return: KL_OK; KL_E_OVERFLOW where the result does not fit; KL_E_SCALE where digits other than 0 would be lost; KL_E_ARG.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_decimal_rescale(kl_i128 *mantissa, int32_t from, int32_t to);

/** Gives the double nearest to mantissa / 10^scale, ties to even.
 *
 *  `mantissa`: any. `scale`: 0..KL_SCALE_MAX.
 *  Return: the double; NaN where an argument is out of range.
 *  On failure: NaN.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: as kl_double_parse.
 *  Since: 0.1 */
KL_API double kl_decimal_to_double(const kl_i128 *mantissa, int32_t scale);

/** Gives the decimal that kl_double_print prints, without trailing zeros.
 *
 *  `value`: a finite double; -0 gives 0. `mantissa` and `scale`: the decimal, scale 0..KL_SCALE_MAX.
 *  Return: KL_OK; KL_E_NOT_FINITE; KL_E_SCALE where it has more than KL_SCALE_MAX decimals; KL_E_OVERFLOW where the mantissa does not
 *  fit; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: as kl_double_print.
 *  Since: 0.1 */
KL_API kl_status kl_decimal_from_double(double value, kl_i128 *mantissa, int32_t *scale);

/** Adds two 128-bit integers.
 *
 *  `sum` = `a` + `b`; may be one of them.
 *  Return: KL_OK; KL_E_OVERFLOW where the result does not fit; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_i128_add(const kl_i128 *a, const kl_i128 *b, kl_i128 *sum);

/** Subtracts two 128-bit integers.
 *
 *  `difference` = `a` - `b`; may be one of them.
 *  Return: KL_OK; KL_E_OVERFLOW where the result does not fit; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_i128_sub(const kl_i128 *a, const kl_i128 *b, kl_i128 *difference);

/** Multiplies two 128-bit integers.
 *
 *  `product` = `a` * `b`; may be one of them. A product of -2^127 counts as not fitting.
 *  Return: KL_OK; KL_E_OVERFLOW where the result does not fit; KL_E_ARG where a pointer is NULL.
 *  On failure: nothing is written.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_i128_mul(const kl_i128 *a, const kl_i128 *b, kl_i128 *product);

/** Compares two 128-bit integers.
 *
 *  `a`, `b`: not NULL.
 *  Return: -1, 0, 1 where `a` is less than, equal to, greater than `b`.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_i128_compare(const kl_i128 *a, const kl_i128 *b);

/** The natural logarithm, at most 0.52 ulp off, the same bits on every platform.
 *
 *  `x`: any double: 0 gives -infinity, negative and NaN give NaN, infinity gives infinity.
 *  Return: ln(x).
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation, no libm.
 *  Thread: pure.
 *  Source: table-driven, after Tang 1990.
 *  Since: 0.1 */
KL_API double kl_ln(double x);

/** The exponential, at most 0.52 ulp off, the same bits on every platform.
 *
 *  `x`: any double: above 709.78 gives infinity, below -745.13 gives 0, subnormal results are rounded once; NaN gives NaN.
 *  Return: e^x.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation, no libm.
 *  Thread: pure.
 *  Source: table-driven, after Tang 1989.
 *  Since: 0.1 */
KL_API double kl_exp(double x);

/* ------------------------------------------------------------------------------------------------ checksums --- */

/** Computes or continues a CRC-32C, the checksum of stores and checkpoints.
 *
 *  `crc`: 0 to start, else the result for what came before; `bytes`: `n` of them; NULL allowed with `n` 0.
 *  Return: the checksum of everything so far.
 *  On failure: cannot fail.
 *  Cost: O(n), sixteen bytes a step; no allocation.
 *  Thread: pure.
 *  Source: Castagnoli polynomial 0x1EDC6F41, reflected, RFC 3720 appendix B.4.
 *  Since: 0.1 */
KL_API uint32_t kl_crc32c(uint32_t crc, const void *bytes, size_t n);

/** A SHA-256 in progress; copying it forks the computation. */
typedef struct kl_sha256 {
    uint32_t state[8];
    uint64_t length;
    uint8_t block[64];
} kl_sha256;

/** Starts a SHA-256.
 *
 *  `hash`: the caller's, not NULL.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `hash`.
 *  Source: FIPS 180-4.
 *  Since: 0.1 */
KL_API void kl_sha256_init(kl_sha256 *hash);

/** Adds bytes to a SHA-256.
 *
 *  `hash`: started; `bytes`: `n` of them, in any division; NULL allowed with `n` 0.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(n), no allocation.
 *  Thread: exclusive on `hash`.
 *  Source: FIPS 180-4.
 *  Since: 0.1 */
KL_API void kl_sha256_update(kl_sha256 *hash, const void *bytes, size_t n);

/** Ends a SHA-256 and starts it anew.
 *
 *  `hash`: started; `digest`: receives the 32 bytes.
 *  Return: nothing.
 *  On failure: cannot fail.
 *  Cost: O(1), no allocation.
 *  Thread: exclusive on `hash`.
 *  Source: FIPS 180-4.
 *  Since: 0.1 */
KL_API void kl_sha256_final(kl_sha256 *hash, uint8_t digest[32]);

/* -------------------------------------------------------------------------------------------- decompression --- */

/** Opens what a download may be packed in: plain bytes, gzip, zip, found by content. Push style: bytes in, bytes out, in
 *  any chunks, no allocation after init; about 110 KB, opaque and pointer-free.
 *
 *  gzip: all members are one content; zeros behind the last are padding, anything else is damage. zip: members in the order
 *  of the file, stored or deflated, zip64, with or without data descriptors; directory entries are passed over; the central
 *  directory ends it and is not read. Every member's crc and length are checked when it ends, so what was handed on before
 *  an error is not to be trusted. The loop of a caller:
 *
 *      for (;;) {
 *          status = kl_unpack_run(u, in, in_bytes, &used, out, out_bytes, &made, error);
 *          parse(out, made);                          // belongs to the member so far; also when status < 0, or drop it
 *          in += used, in_bytes -= used;
 *          if (status < 0 || status == KL_END) break;
 *          if (kl_unpack_member(u, &name) != members) // a zip member begins, the one before is complete and checked
 *              finish_parser(), begin_parser(name), members++;
 *          if (status == KL_OK && !more(&in, &in_bytes)) { status = kl_unpack_finish(u, error); break; }
 *      }
 *      finish_parser(); */
typedef struct kl_unpack kl_unpack; /* opaque, pointer-free */

enum { KL_PACK_PLAIN = 0, KL_PACK_GZIP = 1, KL_PACK_ZIP = 2 };

/** Gives the bytes that an unpacker needs.
 *
 *  Return: the size.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API size_t kl_unpack_size(void);

/** Makes an unpacker in the caller's memory.
 *
 *  `memory`: aligned to 8, of at least kl_unpack_size() `bytes`; `unpack`: receives the object, which begins at
 *  `memory` and goes with it. Again for each file.
 *  Return: KL_OK; KL_E_ARG; KL_E_SIZE.
 *  On failure: nothing is written.
 *  Cost: O(size of the object), no allocation.
 *  Thread: exclusive on `memory`.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_unpack_init(void *memory, size_t bytes, kl_unpack **unpack);

/** Unpacks until the input is used up, the output is full, a zip member begins, or the container ends.
 *
 *  `unpack`: the object; `in`: the next `in_bytes` of the file, NULL allowed with 0; `in_used`: receives how many
 *  were taken; `out`: room for `out_bytes`, NULL allowed with 0; `out_made`: receives how many were written; `error`:
 *  may be NULL.
 *  Return: KL_OK: all input is taken, give more, or kl_unpack_finish at the end of the file; KL_MORE: call again with
 *      the rest of the input and room, because the output is full or a zip member begins (the first too): then the
 *      number that kl_unpack_member gives has grown, and all bytes so far belong to members before it; KL_END: the
 *      zip is complete, what follows is ignored. KL_E_CORRUPT (bad code, crc, length or header), KL_E_UNSUPPORTED
 *      (encrypted, another method, stored without a length), both with the byte of the file in error->column;
 *      KL_E_STATE after an earlier error; KL_E_ARG.
 *  On failure: `in_used`, `out_made` and that much of `out` are still valid; the object only says KL_E_STATE from
 *      then on.
 *  Cost: O(bytes in + out), no allocation.
 *  Thread: exclusive on `unpack`.
 *  Source: RFC 1951, RFC 1952; PKWARE APPNOTE 6.3.
 *  Since: 0.1 */
KL_API kl_status kl_unpack_run(kl_unpack *unpack, const void *in, size_t in_bytes, size_t *in_used, void *out,
                               size_t out_bytes, size_t *out_made, kl_error *error);

/** Says whether the file may end here.
 *
 *  `unpack`: after a run that took all input; `error`: may be NULL. A whole file of one to three bytes that could
 *  begin a gzip or a zip counts as cut off.
 *  Return: KL_OK; KL_E_TRUNCATED; KL_E_STATE where output is waiting or an error came before; KL_E_ARG.
 *  On failure: only `error` is written.
 *  Cost: O(1), no allocation.
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_unpack_finish(const kl_unpack *unpack, kl_error *error);

/** Gives what the file was found to be.
 *
 *  `unpack`: the object; before its first bytes it counts as plain.
 *  Return: KL_PACK_PLAIN, KL_PACK_GZIP or KL_PACK_ZIP.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_unpack_kind(const kl_unpack *unpack);

/** Gives the number of members begun so far, and the name of the current one.
 *
 *  `unpack`: the object; `name`: receives the name, inside the object and valid until the next run, "" for plain and
 *  nameless gzip (NULL: not wanted). Of a name over 511 bytes the end is kept; a NUL inside is shown as _. Names are
 *  the archive's: not to be used as paths. Plain and gzip files are one member.
 *  Return: the number.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: shared-const.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API uint64_t kl_unpack_member(const kl_unpack *unpack, const char **name);

/* ----------------------------------------------------------------------------------------------------- JSON --- */

/** A strict JSON reader over one complete text in memory: a cursor that walks values without building a tree. */
enum { KL_JSON_NULL = 0, KL_JSON_FALSE, KL_JSON_TRUE, KL_JSON_NUMBER, KL_JSON_STRING, KL_JSON_ARRAY, KL_JSON_OBJECT };
#define KL_JSON_DEPTH_MAX 64

/** A value, as bytes of the caller's text; good for as long as those stay. */
typedef struct kl_json {
    const char *text; /* the value's bytes: digits of a number, characters between the quotes of a string, "[..." or "{..." */
    size_t length;
    int32_t kind;
    uint32_t flags; /* 1: a string that holds escapes */
} kl_json;

/** Checks a whole JSON text and gives its value.
 *
 *  `text`: `length` bytes of UTF-8, one value with blanks around it, no byte order mark; `root`: receives the value;
 *  `error`: may be NULL. Strict: no comments, no trailing commas, no half surrogate pairs; at most KL_JSON_DEPTH_MAX
 *  levels. Doubled names in an object are allowed.
 *  Return: KL_OK; KL_E_JSON with the 1-based byte in error->column; KL_E_ARG.
 *  On failure: only `error` is written.
 *  Cost: O(length), no allocation, no recursion.
 *  Thread: pure.
 *  Source: RFC 8259; RFC 3629.
 *  Since: 0.1 */
KL_API kl_status kl_json_read(const char *text, size_t length, kl_json *root, kl_error *error);

/** Gives the next element of an array or member of an object.
 *
 *  `container`: an array or object out of a checked text; `cursor`: 0 to start, then left alone; `key`: receives the
 *  member's name, as a string (NULL: not wanted; empty for arrays); `value`: receives the value.
 *  Return: KL_OK; KL_END after the last; KL_E_ARG where `container` is neither.
 *  On failure: nothing is written but, at KL_END, `cursor`.
 *  Cost: O(length of the element), no allocation.
 *  Thread: pure.
 *  Source: RFC 8259.
 *  Since: 0.1 */
KL_API kl_status kl_json_next(const kl_json *container, size_t *cursor, kl_json *key, kl_json *value);

/** Finds a member of an object by name, the first of several.
 *
 *  `object`: out of a checked text; `name`: NUL-terminated UTF-8, compared with escapes resolved; `value`: receives
 *  it.
 *  Return: KL_OK; KL_E_NOT_FOUND; KL_E_ARG where `object` is none.
 *  On failure: nothing is written.
 *  Cost: O(length of the object), no allocation.
 *  Thread: pure.
 *  Source: RFC 8259.
 *  Since: 0.1 */
KL_API kl_status kl_json_member(const kl_json *object, const char *name, kl_json *value);

/** Copies a string with its escapes resolved.
 *
 *  `value`: a string out of a checked text; `text`: receives UTF-8 and a NUL, room for `capacity` bytes (NULL with 0:
 *  only measure); `length`: receives the bytes without the NUL, at most the value's own length (NULL: not wanted). A
 *  string may hold NUL bytes itself.
 *  Return: KL_OK; KL_E_SIZE where `capacity` is not above the length; KL_E_ARG where `value` is no string.
 *  On failure: at KL_E_SIZE `length` is set and `text` is empty.
 *  Cost: O(length), no allocation.
 *  Thread: pure.
 *  Source: RFC 8259.
 *  Since: 0.1 */
KL_API kl_status kl_json_string(const kl_json *value, char *text, size_t capacity, size_t *length);

#ifdef __cplusplus
}
#endif
#endif
