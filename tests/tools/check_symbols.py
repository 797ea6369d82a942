#!/usr/bin/env python3
"""Fails on an exported symbol that is not kl_* or not in a header, a header function that is not exported, a library needed
beyond libc and libm, and a call that a library must not make (print, exit, read the environment, follow the locale).

usage: check_symbols.py LIBKLINE.SO [ROOT]"""
import re
import subprocess
import sys
from pathlib import Path

from tree import declarations, finish, headers

NEEDED = re.compile(r"^(libc|libm|ld-linux[\w-]*|ld64|ld|libgcc_s)\.so(\.\d+)?$")
FORBIDDEN = {"printf", "puts", "putchar", "fputs", "fprintf", "vprintf", "perror", "exit", "_exit", "abort", "getenv",
             "secure_getenv", "setlocale", "strtod", "strtof", "atof", "sscanf", "system", "rand", "srand", "time", "localtime", "mktime",
             "log", "exp", "pthread_create", "thrd_create"}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def check(library, root):
    problems = []
    exported, undefined = set(), set()
    for line in output("nm", "-D", str(library)).splitlines():
        *_, kind, name = line.split()
        name = name.split("@")[0]
        if kind in "TDBRVWi":
            exported.add(name)
        elif kind == "U":
            undefined.add(name)
    declared = {name for header in headers(root) for _, name, _, _ in declarations(header.read_text())}
    for name in sorted(exported):
        if not re.fullmatch(r"kl_[a-z]\w*", name):
            problems.append(f"exports {name}, which is not kl_*")
        elif name not in declared:
            problems.append(f"exports {name}, which no header declares")
    for name in sorted(declared - exported):
        problems.append(f"{name} is declared but not exported")
    for name in sorted(undefined & FORBIDDEN):
        problems.append(f"calls {name}()")
    for name in re.findall(r"\(NEEDED\).*\[(.+?)\]", output("readelf", "-d", str(library))):
        if not NEEDED.match(name):
            problems.append(f"needs {name}")
    return problems


if __name__ == "__main__":
    sys.exit(finish(check(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else ".").resolve()), "symbols"))
