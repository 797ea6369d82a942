#!/usr/bin/env python3
"""Fails on a public header that does not compile alone as C99 and as C++11, without a warning.

usage: check_headers.py [ROOT]"""
import os
import subprocess
import sys
from pathlib import Path

from tree import finish, headers

STRICT = ["-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]


def check(root):
    compilers = {
        "C99": [os.environ.get("CC", "cc"), "-std=c99", "-x", "c"],
        "C++11": [os.environ.get("CXX", "c++"), "-std=c++11", "-x", "c++"],
    }
    problems = []
    for header in headers(root):
        for language, command in compilers.items():
            run = subprocess.run([*command, *STRICT, "-I", str(Path(root, "include")), str(header)], capture_output=True, text=True)
            if run.returncode:
                problems.append(f"{header.relative_to(root)} is not {language}: {run.stderr.strip().splitlines()[0]}")
    return problems


if __name__ == "__main__":
    sys.exit(finish(check(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()), "headers"))
