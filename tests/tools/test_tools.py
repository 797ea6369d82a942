#!/usr/bin/env python3
"""Shows that each check can fail: every script is run on a small house with one thing wrong in it."""
import subprocess
import tempfile
import unittest
from pathlib import Path

import check_comments
import check_headers
import check_layers
import check_symbols

GOOD_HEADER = """#ifndef KLINE_BASE_H
#define KLINE_BASE_H
#include <stdint.h>
#define KL_API __attribute__((visibility("default")))
#ifdef __cplusplus
extern "C" {
#endif
/** Doubles a number.
 *
 *  `value`: any.
 *  Return: twice `value`.
 *  On failure: cannot fail.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_twice(int32_t value);
#ifdef __cplusplus
}
#endif
#endif
"""
GOOD_SOURCE = '#include "kline/base.h"\nint32_t kl_twice(int32_t value) { return 2 * value; }\n'


class House:
    """A temporary tree that all checks pass, before something is broken in it."""

    def __init__(self, where):
        self.root = Path(where)
        self.write("include/kline.h", '#include "kline/base.h"\n')
        self.write("include/kline/base.h", GOOD_HEADER)
        self.write("src/base/twice.c", GOOD_SOURCE)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def build(self, *flags):
        target = self.root / "libkline.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-fvisibility=hidden", "-I", str(self.root / "include"), "-I", str(self.root / "src"),
                        *map(str, (self.root / "src").rglob("*.c")), "-o", str(target), *flags], check=True)
        return target


class Checks(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.house = House(self.directory.name)
        self.root = self.house.root

    def tearDown(self):
        self.directory.cleanup()

    def assert_found(self, problems, *words):
        text = "\n".join(problems)
        self.assertTrue(problems, "the check found nothing")
        for word in words:
            self.assertIn(word, text)

    def test_good_house_passes(self):
        self.assertEqual(check_layers.check(self.root), [])
        self.assertEqual(check_comments.check(self.root), [])
        self.assertEqual(check_headers.check(self.root), [])
        self.assertEqual(check_symbols.check(self.house.build(), self.root), [])

    def test_include_that_points_up(self):
        self.house.write("src/base/up.c", '#include "store/file.h"\n')
        self.assert_found(check_layers.check(self.root), "up.c", "floor 4")

    def test_public_include_that_points_up(self):
        self.house.write("include/kline/data.h", '#include "kline/store.h"\n')
        self.assert_found(check_layers.check(self.root), "data.h", "store")

    def test_include_that_points_sideways(self):
        self.house.write("src/data/side.c", '#include "kline/io.h"\n')
        self.assert_found(check_layers.check(self.root), "side.c", "io")

    def test_foreign_include(self):
        self.house.write("src/base/foreign.c", "#include <zlib.h>\n")
        self.assert_found(check_layers.check(self.root), "zlib.h")

    def test_intrinsics_outside_simd(self):
        self.house.write("src/window/fast.c", "#include <immintrin.h>\n")
        self.assert_found(check_layers.check(self.root), "immintrin.h")

    def test_tool_that_uses_internals(self):
        self.house.write("src/cli/main.c", '#include "base/check.h"\n')
        self.assert_found(check_layers.check(self.root), "public headers only")

    def test_function_without_comment(self):
        self.house.write("include/kline/data.h", "KL_API int kl_bare(int a);\n")
        self.assert_found(check_comments.check(self.root), "kl_bare", "no /** comment")

    def test_comment_without_a_field(self):
        for field in check_comments.FIELDS:
            self.house.write("include/kline/base.h", GOOD_HEADER.replace(f"  {field}", "  Note:"))
            self.assert_found(check_comments.check(self.root), field)

    def test_comment_without_a_parameter(self):
        self.house.write("include/kline/base.h", GOOD_HEADER.replace("`value`", "it"))
        self.assert_found(check_comments.check(self.root), "`value`")

    def test_comment_with_fields_out_of_order(self):
        self.house.write("include/kline/base.h", GOOD_HEADER.replace("Cost: O(1).", "Thread: x").replace("Thread: pure.", "Cost: y"))
        self.assert_found(check_comments.check(self.root), "out of order")

    def test_exported_symbol_of_another_prefix(self):
        self.house.write("src/base/loud.c", '__attribute__((visibility("default"))) int other(void) { return 1; }\n')
        self.assert_found(check_symbols.check(self.house.build(), self.root), "other")

    def test_exported_symbol_without_header(self):
        self.house.write("src/base/loud.c", '__attribute__((visibility("default"))) int kl_secret(void) { return 1; }\n')
        self.assert_found(check_symbols.check(self.house.build(), self.root), "kl_secret")

    def test_declared_symbol_that_is_missing(self):
        self.house.write("src/base/twice.c", "typedef int nothing;\n")
        self.assert_found(check_symbols.check(self.house.build(), self.root), "kl_twice")

    def test_library_that_prints(self):
        self.house.write("src/base/loud.c", '#include <stdio.h>\nvoid kl__loud(int x); void kl__loud(int x) { printf("%d", x); }\n')
        self.assert_found(check_symbols.check(self.house.build("-O0"), self.root), "printf")

    def test_library_needed_beyond_libc_and_libm(self):
        library = self.house.build("-Wl,--no-as-needed", "-lcrypt")
        self.assert_found(check_symbols.check(library, self.root), "libcrypt")

    def test_header_that_is_not_c99(self):
        self.house.write("include/kline/data.h", "_Static_assert(1, \"\");\n")
        self.assert_found(check_headers.check(self.root), "C99")

    def test_header_that_is_not_cxx(self):
        self.house.write("include/kline/data.h", "int kl_x(int new);\n")
        self.assert_found(check_headers.check(self.root), "C++11")

    def test_header_that_does_not_stand_alone(self):
        self.house.write("include/kline/data.h", "typedef kl_missing kl_other;\n")
        self.assert_found(check_headers.check(self.root), "data.h")


if __name__ == "__main__":
    unittest.main()
