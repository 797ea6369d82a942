#!/usr/bin/env python3
"""Prints one C file that includes every source of the library, in the order of the floors: the one-translation-unit build.

usage: amalgamate.py [ROOT] > one.c; cc -O3 -I ROOT/include -I ROOT/src -c one.c"""
import sys
from pathlib import Path

from tree import FLOORS, sources

# what io/posix.c wants of the system's headers has to be said before the first of them
FEATURES = "#define _FILE_OFFSET_BITS 64\n#define _DEFAULT_SOURCE 1\n#define _DARWIN_C_SOURCE 1\n"


def amalgamate(root):
    files = [(FLOORS[module], path) for path, module in sources(root) if path.suffix == ".c" and module not in ("cli", "net")]
    return FEATURES + "".join(f'#include "{path.relative_to(Path(root, "src"))}"\n' for _, path in sorted(files))


if __name__ == "__main__":
    print(amalgamate(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()), end="")
