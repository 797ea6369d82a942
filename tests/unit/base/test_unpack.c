/* kl_unpack against Python's zlib, gzip and zipfile where python3 is there, and against hand-made files everywhere; in every
 * chunking, cut at every byte, with every bit flipped. */
#define _DEFAULT_SOURCE 1
#include "kline/base.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct {
    uint8_t *bytes;
    size_t n, room;
} blob;

static void blob_add(blob *b, const void *bytes, size_t n) {
    if (!b->bytes || n > b->room - b->n) {
        b->room = (b->n + n) * 2 + 64;
        b->bytes = (uint8_t *)realloc(b->bytes, b->room);
        assert_non_null(b->bytes);
    }
    if (n) memcpy(b->bytes + b->n, bytes, n);
    b->n += n;
}

static void *unpack_memory;
static int without_names;

/* Runs a packed file through in pieces. The members of a zip are led in by "[name]\n", unless without_names is set. */
static kl_status run(const uint8_t *packed, size_t n, size_t in_piece, size_t out_piece, blob *out, kl_error *error,
                     int32_t *kind) {
    static uint8_t room[65536];
    kl_unpack *u = NULL;
    const char *name = NULL;
    uint64_t seen = 0;
    size_t at = 0, chunk = 0, used, made;
    out->n = 0;
    blob_add(out, "", 0);
    memset(error, 0, sizeof *error);
    assert_int_equal(kl_unpack_init(unpack_memory, kl_unpack_size(), &u), KL_OK);
    for (;;) {
        if (chunk == 0) chunk = n - at < in_piece ? n - at : in_piece;
        kl_status status = kl_unpack_run(u, packed + at, chunk, &used, room, out_piece, &made, error);
        assert_true(used <= chunk && made <= out_piece);
        blob_add(out, room, made);
        at += used, chunk -= used;
        *kind = kl_unpack_kind(u);
        if (status < 0) {
            kl_error again;
            assert_int_equal(error->code, status);
            assert_true(error->column >= 0 && error->column <= (int64_t)n && error->message[0]);
            assert_int_equal(kl_unpack_run(u, packed, 0, &used, room, out_piece, &made, &again), KL_E_STATE);
            return status;
        }
        if (status == KL_END) {
            assert_int_equal(kl_unpack_finish(u, error), KL_OK);
            return KL_OK;
        }
        if (kl_unpack_member(u, &name) != seen && kl_unpack_kind(u) == KL_PACK_ZIP) {
            assert_int_equal(status, KL_MORE);
            assert_int_equal(kl_unpack_member(u, NULL), ++seen);
            if (without_names) continue;
            blob_add(out, "[", 1);
            blob_add(out, name, strlen(name));
            blob_add(out, "]\n", 2);
        } else if (status == KL_MORE) {
            assert_int_equal(made, out_piece);
        } else {
            assert_int_equal(status, KL_OK);
            assert_int_equal(chunk, 0);
            if (at == n) return kl_unpack_finish(u, error);
        }
    }
}

static const size_t pieces[] = {1, 2, 3, 5, 7, 13, 64, 1000, 65536};
#define N_PIECES (sizeof pieces / sizeof pieces[0])

static void check(const char *label, const uint8_t *packed, size_t n, const uint8_t *raw, size_t raw_n, int32_t kind) {
    blob out = {NULL, 0, 0};
    kl_error error;
    int32_t found = -1;
    int quick = getenv("KLINE_QUICK") != NULL;
    size_t limit = quick ? 2000 : 100000;
    for (size_t i = 0; i < N_PIECES; i++)
        for (size_t o = 0; o < N_PIECES; o++) {
            if (n + raw_n > limit && (pieces[i] < 1000 || pieces[o] < 1000) && !(i == 0 && o == N_PIECES - 1) &&
                !(i == N_PIECES - 1 && o == 0))
                continue;
            if (quick && n + raw_n > limit && (i == 0 || o == 0)) continue;
            kl_status status = run(packed, n, pieces[i], pieces[o], &out, &error, &found);
            if (status != KL_OK || out.n != raw_n || memcmp(out.bytes, raw, raw_n) != 0)
                fail_msg("%s in %d/%d: %s %s, %d of %d bytes", label, (int)pieces[i], (int)pieces[o],
                         kl_status_name(status), error.message, (int)out.n, (int)raw_n);
            assert_int_equal(found, kind);
        }
    free(out.bytes);
}

static void check_refused(const char *label, const void *packed, size_t n, kl_status expected) {
    blob out = {NULL, 0, 0};
    kl_error error;
    int32_t kind;
    for (size_t i = 0; i < N_PIECES; i++) {
        kl_status status = run((const uint8_t *)packed, n, pieces[i], pieces[N_PIECES - 1 - i], &out, &error, &kind);
        if (status != expected) fail_msg("%s: %s instead of %s", label, kl_status_name(status), kl_status_name(expected));
    }
    free(out.bytes);
}

/* Every proper prefix is truncated (or, of a zip without its directory's end, complete); never other content. */
static void check_cut(const char *label, const uint8_t *packed, size_t n, const uint8_t *raw, size_t raw_n) {
    blob out = {NULL, 0, 0};
    kl_error error;
    int32_t kind;
    for (size_t cut = 1; cut < n; cut++) {
        uint8_t *copy = (uint8_t *)malloc(cut); /* so that the sanitizer sees a step too far */
        assert_non_null(copy);
        memcpy(copy, packed, cut);
        kl_status status = run(copy, cut, cut % 3 ? cut : 1, 1000, &out, &error, &kind);
        if (status == KL_OK ? out.n != raw_n || memcmp(out.bytes, raw, raw_n) != 0 : status != KL_E_TRUNCATED)
            fail_msg("%s cut at %d: %s, %d bytes", label, (int)cut, kl_status_name(status), (int)out.n);
        if (status < 0 && (out.n > raw_n || memcmp(out.bytes, raw, out.n) != 0)) fail_msg("%s cut: other bytes", label);
        free(copy);
    }
    free(out.bytes);
}

/* No flipped bit changes content unnoticed (names have no checksum in front of the data). */
static void check_flips(const char *label, const uint8_t *packed, size_t n) {
    blob out = {NULL, 0, 0}, content = {NULL, 0, 0};
    kl_error error;
    int32_t kind;
    uint8_t *copy = (uint8_t *)malloc(n);
    assert_non_null(copy);
    memcpy(copy, packed, n);
    without_names = 1;
    assert_int_equal(run(packed, n, n, 65536, &content, &error, &kind), KL_OK);
    for (size_t bit = 32; bit < n * 8; bit++) { /* the magic decides what it is at all */
        copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        kl_status status = run(copy, n, n, 65536, &out, &error, &kind);
        if (status == KL_OK && (out.n != content.n || memcmp(out.bytes, content.bytes, content.n) != 0))
            fail_msg("%s, bit %d flipped: accepted as other content", label, (int)bit);
        copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    without_names = 0;
    free(copy);
    free(out.bytes);
    free(content.bytes);
}

/* -------------------------------------------------------------------------------------------- by hand --- */

static void test_plain(void **state) {
    static const char *const texts[] = {"",         "a",       "P",    "PK",  "PKx", "open_time,open\n1,2\n", "\x1f", "\x1f\x8a", "PK\x03",
                                        "PK\x05\x03", "[1,2,3]", "PPK\x03\x04"};
    blob out = {NULL, 0, 0};
    kl_error error;
    int32_t kind;
    (void)state;
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
        for (size_t i = 0; i < N_PIECES; i++)
            for (size_t o = 0; o < N_PIECES; o++) {
                const char *text = texts[t];
                int prefix = !strcmp(text, "P") || !strcmp(text, "PK") || !strcmp(text, "PK\x03") || !strcmp(text, "\x1f");
                kl_status status = run((const uint8_t *)text, strlen(text), pieces[i], pieces[o], &out, &error, &kind);
                assert_int_equal(status, prefix ? KL_E_TRUNCATED : KL_OK);
                assert_int_equal(kind, KL_PACK_PLAIN);
                if (prefix) continue;
                assert_int_equal(out.n, strlen(text));
                if (out.n) assert_memory_equal(out.bytes, text, out.n);
            }
    free(out.bytes);
}

/* gzip, one stored block, with every optional header field. */
static const uint8_t gzip_stored[] = {
    0x1F, 0x8B, 8,   0x1E, 0, 0, 0, 0, 0, 3, 2, 0, 'x', 'y', 'a', '.', 'c', 's', 'v', 0, 'h', 'i', 0, 0, 0 /* crc16 */,
    1,    3,    0,   0xFC, 0xFF, 'a', 'b', 'c', 0xC2, 0x41, 0x24, 0x35, 3, 0, 0, 0};

static void test_gzip_header(void **state) {
    uint8_t bytes[sizeof gzip_stored];
    kl_unpack *u = NULL;
    uint8_t out[16];
    size_t used, made;
    const char *name = NULL;
    (void)state;
    memcpy(bytes, gzip_stored, sizeof bytes);
    /* the header's crc by the definition */
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < 23; i++) {
        crc ^= bytes[i];
        for (int b = 0; b < 8; b++) crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    bytes[23] = (uint8_t)~crc, bytes[24] = (uint8_t)(~crc >> 8);
    check("gzip with all fields", bytes, sizeof bytes, (const uint8_t *)"abc", 3, KL_PACK_GZIP);
    check_cut("gzip with all fields", bytes, sizeof bytes, (const uint8_t *)"abc", 3);
    check_flips("gzip with all fields", bytes, sizeof bytes);
    assert_int_equal(kl_unpack_init(unpack_memory, kl_unpack_size(), &u), KL_OK);
    assert_int_equal(kl_unpack_run(u, bytes, sizeof bytes, &used, out, 16, &made, NULL), KL_OK);
    assert_int_equal(kl_unpack_member(u, &name), 1);
    assert_string_equal(name, "a.csv");
    bytes[24] ^= 1;
    check_refused("header crc", bytes, sizeof bytes, KL_E_CORRUPT);
    bytes[24] ^= 1, bytes[2] = 7;
    check_refused("method", bytes, sizeof bytes, KL_E_UNSUPPORTED);
}

#define GZ "\x1f\x8b\x08\0\0\0\0\0\0\x03"

static void test_deflate_refusals(void **state) {
    (void)state;
    static const struct {
        const char *label, *bytes;
        size_t n;
    } bad[] = {
        {"block type 3", GZ "\x07\0\0\0", 14},
        {"stored length", GZ "\x01\x03\0\xFC\xFE" "abc", 18},
        {"match before the start", GZ "\x03\x02\0\0\0\0", 16}, /* fixed: length 3, distance 1 */
        {"287 literal codes", GZ "\xF5\0\0\0\0\0\0\0\0\0\0\0\0\0", 24},
        {"length code with holes", GZ "\x05\x00\x02\0\0\0\0\0\0\0\0\0\0", 23},
        {"garbage behind a member", GZ "\x03\0\0\0\0\0\0\0\0\0x", 21},
        {"non-zero padding", GZ "\x03\0\0\0\0\0\0\0\0\0\0\0\x1f", 23},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_refused(bad[i].label, bad[i].bytes, bad[i].n, KL_E_CORRUPT);
    check("empty", (const uint8_t *)GZ "\x03\0\0\0\0\0\0\0\0\0", 20, (const uint8_t *)"", 0, KL_PACK_GZIP);
    check("padded", (const uint8_t *)GZ "\x03\0\0\0\0\0\0\0\0\0\0\0\0", 23, (const uint8_t *)"", 0, KL_PACK_GZIP);
}

static void test_zip_by_hand(void **state) {
    (void)state;
    /* one stored member "a" with the content "abc", then the directory's signature */
    static const char zip[] = "PK\3\4\x14\0\0\0\0\0\0\0\0\0\xC2\x41\x24\x35\3\0\0\0\3\0\0\0\1\0\0\0a"
                              "abcPK\1\2";
    size_t n = sizeof zip - 1;
    uint8_t bytes[sizeof zip];
    check("zip", (const uint8_t *)zip, n, (const uint8_t *)"[a]\nabc", 7, KL_PACK_ZIP);
    check_cut("zip", (const uint8_t *)zip, n, (const uint8_t *)"[a]\nabc", 7);
    check_flips("zip", (const uint8_t *)zip, n);
    memcpy(bytes, zip, n), bytes[6] = 1;
    check_refused("encrypted", bytes, n, KL_E_UNSUPPORTED);
    memcpy(bytes, zip, n), bytes[8] = 12;
    check_refused("bzip2", bytes, n, KL_E_UNSUPPORTED);
    memcpy(bytes, zip, n), bytes[6] = 8, memset(bytes + 14, 0, 12);
    check_refused("stored without size", bytes, n, KL_E_UNSUPPORTED);
    memcpy(bytes, zip, n), bytes[30] = '/';
    check_refused("a directory with content", bytes, n, KL_E_CORRUPT);
    memcpy(bytes, zip, n), bytes[22] = 4;
    check_refused("size", bytes, n, KL_E_CORRUPT);
    memcpy(bytes, zip, n), memset(bytes + 18, 0xFF, 4);
    check_refused("zip64 size that never comes", bytes, n, KL_E_TRUNCATED);
    check("empty archive", (const uint8_t *)"PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22, (const uint8_t *)"", 0,
          KL_PACK_ZIP);
}

static void test_long_name(void **state) {
    enum { NAME = 1500 };
    static uint8_t zip[30 + NAME + 4];
    (void)state;
    memcpy(zip, "PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 26);
    zip[26] = NAME & 255, zip[27] = NAME >> 8;
    memset(zip + 30, 'd', NAME);
    memcpy(zip + 30 + NAME - 8, "/BTC.csv", 8);
    memcpy(zip + 30 + NAME, "PK\1\2", 4);
    kl_unpack *u = NULL;
    size_t used, made;
    uint8_t out[4];
    const char *name = NULL;
    assert_int_equal(kl_unpack_init(unpack_memory, kl_unpack_size(), &u), KL_OK);
    assert_int_equal(kl_unpack_run(u, zip, sizeof zip, &used, out, 4, &made, NULL), KL_MORE);
    assert_int_equal(kl_unpack_member(u, &name), 1);
    assert_true(strlen(name) > 200 && strlen(name) < 512);
    assert_string_equal(name + strlen(name) - 8, "/BTC.csv");
}

/* A copy of the bytes of the object goes on where the original was: nothing inside points anywhere. */
static void test_clone(void **state) {
    static const char zip[] = "PK\3\4\x14\0\0\0\0\0\0\0\0\0\xC2\x41\x24\x35\3\0\0\0\3\0\0\0\1\0\0\0a"
                              "abcPK\1\2";
    kl_unpack *u = NULL;
    size_t used, made;
    uint8_t out[4];
    (void)state;
    assert_int_equal(kl_unpack_init(unpack_memory, kl_unpack_size(), &u), KL_OK);
    assert_int_equal(kl_unpack_run(u, zip, 33, &used, out, 4, &made, NULL), KL_MORE);
    void *copy = malloc(kl_unpack_size());
    assert_non_null(copy);
    memcpy(copy, u, kl_unpack_size());
    memset(u, 0xAA, kl_unpack_size());
    assert_int_equal(kl_unpack_run((kl_unpack *)copy, zip + used, sizeof zip - 1 - used, &used, out, 4, &made, NULL), KL_END);
    assert_int_equal(made, 3);
    assert_memory_equal(out, "abc", 3);
    free(copy);
}

static void test_arguments(void **state) {
    kl_unpack *u = NULL;
    size_t used, made;
    (void)state;
    assert_int_equal(kl_unpack_init(NULL, kl_unpack_size(), &u), KL_E_ARG);
    assert_int_equal(kl_unpack_init(unpack_memory, kl_unpack_size() - 1, &u), KL_E_SIZE);
    assert_int_equal(kl_unpack_init(unpack_memory, kl_unpack_size(), &u), KL_OK);
    assert_int_equal(kl_unpack_run(u, NULL, 1, &used, NULL, 0, &made, NULL), KL_E_ARG);
    assert_int_equal(kl_unpack_run(u, NULL, 0, &used, NULL, 0, &made, NULL), KL_OK);
    assert_int_equal(kl_unpack_finish(u, NULL), KL_OK);
    assert_int_equal(kl_unpack_finish(NULL, NULL), KL_E_ARG);
    assert_int_equal(kl_unpack_run(u, "x", 1, &used, NULL, 0, &made, NULL), KL_MORE);
    assert_int_equal(kl_unpack_finish(u, NULL), KL_E_STATE); /* a byte waits for room */
}

/* --------------------------------------------------------------------------------------- against Python --- */

static const char python[] =
    "import sys,os,zlib,gzip,zipfile,io,random,struct\n"
    "d=sys.argv[1]; r=random.Random(7); case=[0]\n"
    "def put(kind,label,packed,raw):\n"
    "    n=case[0]; case[0]+=1\n"
    "    open(d+'/%03d.packed'%n,'wb').write(packed); open(d+'/%03d.raw'%n,'wb').write(raw)\n"
    "    print(kind,label)\n"
    "def rows(n):\n"
    "    t=1700000000000; o=[]\n"
    "    for i in range(n):\n"
    "        o.append('%d,%.2f,%.8f,%d\\n'%(t,30000+r.gauss(0,50),r.random()*9,r.randrange(5000))); t+=60000\n"
    "    return ''.join(o).encode()\n"
    "sets={'empty':b'','one':b'x','rows':rows(20),'morerows':rows(8000),'random':r.randbytes(70000),'zeros':bytes(300000),\n"
    "  'period3':b'abc'*40000,'period7':b'abcdefg'*900,'far':(lambda b:b+bytes(32768-len(b))+b)(r.randbytes(500)),\n"
    "  'skewed':bytes(min(255,int(r.expovariate(0.2))) for _ in range(60000))}\n"
    "def deflate(x,level,strategy,wbits,mem=8):\n"
    "    c=zlib.compressobj(level,zlib.DEFLATED,wbits,mem,strategy); return c.compress(x)+c.flush()\n"
    "for name,x in sets.items():\n"
    "    for level in (0,1,6,9):\n"
    "        put('gzip','%s level %d'%(name,level),deflate(x,level,0,31),x)\n"
    "    for s,sn in ((zlib.Z_FIXED,'fixed'),(zlib.Z_HUFFMAN_ONLY,'huffman'),(zlib.Z_RLE,'rle')):\n"
    "        put('gzip','%s %s'%(name,sn),deflate(x,6,s,31),x)\n"
    "    put('gzip','%s small blocks'%name,deflate(x,6,0,31,1),x)\n"
    "x=sets['morerows']\n"
    "c=zlib.compressobj(6,zlib.DEFLATED,31); o=b''\n"
    "for i in range(0,len(x),5000): o+=c.compress(x[i:i+5000])+c.flush((zlib.Z_SYNC_FLUSH,zlib.Z_FULL_FLUSH)[i//5000%2])\n"
    "put('gzip','flushes',o+c.flush(),x)\n"
    "b=io.BytesIO()\n"
    "with gzip.GzipFile('rows.csv','wb',6,b) as f: f.write(sets['rows'])\n"
    "put('gzip','named',b.getvalue(),sets['rows'])\n"
    "put('gzip','members',b''.join(gzip.compress(sets[n]) for n in ('rows','empty','one','random')),\n"
    "    sets['rows']+sets['one']+sets['random'])\n"
    "class Pipe(io.RawIOBase):\n"
    "    def __init__(s): s.b=b''\n"
    "    def writable(s): return True\n"
    "    def write(s,x): s.b+=bytes(x); return len(x)\n"
    "def archive(names,method,pipe=False,zip64=False):\n"
    "    b=Pipe() if pipe else io.BytesIO(); raw=b''\n"
    "    with zipfile.ZipFile(b,'w',method) as z:\n"
    "        if not pipe: z.writestr(zipfile.ZipInfo('dir/'),b'')\n"
    "        for n in names:\n"
    "            with z.open('dir/%s.csv'%n,'w',force_zip64=zip64) as f: f.write(sets[n])\n"
    "            raw+=b'[dir/%s.csv]\\n'%n.encode()+sets[n]\n"
    "    return (b.b if pipe else b.getvalue()),raw\n"
    "for label,names in (('small',('rows','one','empty')),('one',('rows',)),('large',('morerows','random','zeros')),('none',())):\n"
    "    for m in (0,8):\n"
    "        for pipe in (False,True):\n"
    "            if pipe and m==0: continue\n"
    "            for z64 in (False,True):\n"
    "                p,x=archive(names,m,pipe,z64); put('zip','%s method %d pipe %d zip64 %d'%(label,m,pipe,z64),p,x)\n";

static blob read_file(const char *path) {
    blob b = {NULL, 0, 0};
    uint8_t buffer[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    while ((n = fread(buffer, 1, sizeof buffer, f)) > 0) blob_add(&b, buffer, n);
    fclose(f);
    blob_add(&b, "", 0);
    return b;
}

static void test_against_python(void **state) {
    char dir[] = "/tmp/kline_unpack_XXXXXX", command[256], path[64], line[256], list[48];
    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/make.py", dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(python, f);
    fclose(f);
    snprintf(list, sizeof list, "%s/list", dir);
    snprintf(command, sizeof command, "python3 %s %s > %s 2> /dev/null", path, dir, list);
    int ran = system(command);
    remove(path);
    int cases = 0;
    f = ran == 0 ? fopen(list, "r") : NULL;
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        snprintf(path, sizeof path, "%s/%03d.packed", dir, cases);
        blob packed = read_file(path);
        remove(path);
        snprintf(path, sizeof path, "%s/%03d.raw", dir, cases++);
        blob raw = read_file(path);
        remove(path);
        check(line, packed.bytes, packed.n, raw.bytes, raw.n, line[0] == 'g' ? KL_PACK_GZIP : KL_PACK_ZIP);
        if (packed.n < (getenv("KLINE_QUICK") ? 200u : 1500u)) {
            check_cut(line, packed.bytes, packed.n, raw.bytes, raw.n);
            check_flips(line, packed.bytes, packed.n);
        }
        free(packed.bytes);
        free(raw.bytes);
    }
    if (f) fclose(f);
    remove(list);
    rmdir(dir);
    if (ran != 0) {
        print_message("SKIP: no python3 here to compare with\n");
        skip();
    }
    assert_true(cases > 80);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),     cmocka_unit_test(test_gzip_header), cmocka_unit_test(test_deflate_refusals),
        cmocka_unit_test(test_zip_by_hand), cmocka_unit_test(test_long_name), cmocka_unit_test(test_clone),
        cmocka_unit_test(test_arguments), cmocka_unit_test(test_against_python),
    };
    unpack_memory = malloc(kl_unpack_size());
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(unpack_memory);
    return failed;
}
