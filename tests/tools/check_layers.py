#!/usr/bin/env python3
"""Fails on an include that points up a floor, sideways, or into something that is neither the house nor C's own library.

usage: check_layers.py [ROOT]"""
import sys
from pathlib import Path

from tree import FLOORS, HOME, INCLUDE, finish, sources

SYSTEM = {"assert.h", "errno.h", "fcntl.h", "fenv.h", "float.h", "inttypes.h", "limits.h", "math.h", "signal.h", "stdarg.h",
          "stdatomic.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "time.h", "dirent.h", "unistd.h",
          "sys/file.h", "sys/mman.h", "sys/resource.h", "sys/stat.h", "sys/types.h", "sys/ioctl.h", "sys/time.h", "windows.h",
          "immintrin.h", "arm_neon.h", "arm_acle.h", "nmmintrin.h"}
BESIDE = {("simd", "base")}  # one floor, but simd stands on the headers of base, as every source does
ONLY = {"immintrin.h": "simd", "arm_neon.h": "simd"}


def check(root):
    problems = []
    for path, module in sources(root):
        where = path.relative_to(root)
        for name in INCLUDE.findall(path.read_text()):
            if name in SYSTEM:
                if ONLY.get(name, module) != module:
                    problems.append(f"{where}: only src/{ONLY[name]} may include {name}")
                continue
            parts = Path(name).parts
            if name == "kline.h":
                target = None if module == "cli" else "kline.h"
            elif parts[0] == "kline" and len(parts) == 2:
                target = HOME.get(Path(name).stem, Path(name).stem)
            elif len(parts) == 1 and (path.parent / name).exists():
                target = module
            else:
                target = parts[0]
            if target is None or target == module:
                continue
            if target not in FLOORS:
                problems.append(f"{where}: includes {name}, which is neither ours nor the C library's")
            elif module == "cli" and parts[0] != "kline":
                problems.append(f"{where}: the tool may use public headers only, not {name}")
            elif FLOORS[target] >= FLOORS[module] and (module, target) not in BESIDE:
                problems.append(f"{where}: {module} (floor {FLOORS[module]}) includes {name} of {target} (floor {FLOORS[target]})")
    return problems


if __name__ == "__main__":
    sys.exit(finish(check(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()), "layers"))
