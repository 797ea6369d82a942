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
    int64_t column;    /* 1-based column (field) of the row, 0 where there is none */
    char message[232]; /* one sentence, NUL-terminated */
} kl_error;

KL_API const char *kl_status_name(kl_status status);
KL_API const char *kl_status_text(kl_status status);
KL_API kl_status kl_status_at(size_t index, kl_status *status);
KL_API kl_status kl_status_find(const char *name, kl_status *status);
KL_API const char *kl_version(void);
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

KL_API const kl_alloc *kl_alloc_libc(void);

/** A fixed buffer that hands out its bytes front to back; the newest block can grow in place and be given back. */
typedef struct kl_arena {
    unsigned char *memory;
    size_t bytes, used, peak, newest;
} kl_arena;

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

KL_API kl_status kl_alloc_counter_init(kl_alloc_counter *counter, const kl_alloc *inner, kl_alloc *alloc);

/* -------------------------------------------------------------------------------------------------- threads --- */

/** Runs fn(arg, 0) .. fn(arg, n-1), in any order and in any threads, and returns when all are done: the first negative
 *  status by index, else KL_OK. */
typedef struct kl_executor {
    void *ctx;
    kl_status (*run)(void *ctx, kl_status (*fn)(void *arg, size_t index), void *arg, size_t n);
} kl_executor;

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

KL_API uint32_t kl_crc32c(uint32_t crc, const void *bytes, size_t n); /* start with 0, chainable */

typedef struct kl_sha256 {
    uint32_t state[8];
    uint64_t length;
    uint8_t block[64];
} kl_sha256;

KL_API void kl_sha256_init(kl_sha256 *hash);
KL_API void kl_sha256_update(kl_sha256 *hash, const void *bytes, size_t n);
KL_API void kl_sha256_final(kl_sha256 *hash, uint8_t digest[32]);

/* -------------------------------------------------------------------------------------------- decompression --- */

/** Opens what a download may be packed in: plain bytes, gzip (several members), zip (stored, deflate; members in order,
 *  zip64, data descriptors), found by content. Push style: bytes in, bytes out, no allocation after init. */
typedef struct kl_unpack kl_unpack; /* opaque, pointer-free */

enum { KL_PACK_PLAIN = 0, KL_PACK_GZIP = 1, KL_PACK_ZIP = 2 };

KL_API size_t kl_unpack_size(void);
KL_API kl_status kl_unpack_init(void *memory, size_t bytes, kl_unpack **unpack);
/* consumes input and produces output until one side is used up. KL_OK: go on; KL_MORE: output is full, or a zip member
 * has ended (call kl_unpack_member to see); KL_END: the container is complete (what follows is ignored).
 * Errors: KL_E_CORRUPT (bad code, crc or length), KL_E_UNSUPPORTED (encrypted, other method). */
KL_API kl_status kl_unpack_run(kl_unpack *unpack, const void *in, size_t in_bytes, size_t *in_used, void *out,
                               size_t out_bytes, size_t *out_made, kl_error *error);
KL_API kl_status kl_unpack_finish(const kl_unpack *unpack, kl_error *error); /* KL_E_TRUNCATED if it ended early */
KL_API int32_t kl_unpack_kind(const kl_unpack *unpack);
/* number of members begun so far, and the current one's name ("" for plain and nameless gzip). */
KL_API uint64_t kl_unpack_member(const kl_unpack *unpack, const char **name);

/* ----------------------------------------------------------------------------------------------------- JSON --- */

/** A strict JSON reader over one complete text in memory: a cursor that walks values without building a tree. */
enum { KL_JSON_NULL = 0, KL_JSON_FALSE, KL_JSON_TRUE, KL_JSON_NUMBER, KL_JSON_STRING, KL_JSON_ARRAY, KL_JSON_OBJECT };
#define KL_JSON_DEPTH_MAX 64

typedef struct kl_json {
    const char *text; /* the value's bytes: digits of a number, characters between the quotes of a string, "[..." or "{..." */
    size_t length;
    int32_t kind;
    uint32_t flags; /* 1: a string that holds escapes */
} kl_json;

/* checks the whole text (one value, blanks around it) and gives its root. KL_E_JSON with the byte in error->column. */
KL_API kl_status kl_json_read(const char *text, size_t length, kl_json *root, kl_error *error);
/* first / next element of an array, first / next member of an object. Start with *cursor = 0; KL_END after the last. */
KL_API kl_status kl_json_next(const kl_json *container, size_t *cursor, kl_json *key, kl_json *value);
KL_API kl_status kl_json_member(const kl_json *object, const char *name, kl_json *value); /* KL_E_NOT_FOUND */
KL_API kl_status kl_json_string(const kl_json *value, char *text, size_t capacity, size_t *length); /* unescaped UTF-8 */

#ifdef __cplusplus
}
#endif
#endif
