#!/usr/bin/env python3
"""Compiles and runs the snippets of README.md and docs: every ```c block is a whole program, every ```console block is a list of
`$ command` lines with the output that must follow ("..." stands for any lines). They run in the order of the file, in one temporary
folder, with `kline` on the path.

usage: check_snippets.py BUILDDIR [ROOT]"""
import fnmatch
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tree import finish

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def run_program(code, where, build, root, env):
    Path(where, "snippet.c").write_text(code)
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-DKL_STATIC", "-I", str(root / "include"), "snippet.c", str(build / "libkline.a"),
                    "-lm", "-o", "snippet"], cwd=where, check=True, capture_output=True, text=True)
    subprocess.run(["./snippet"], cwd=where, check=True, capture_output=True, text=True, env=env)


def run_console(text, where, env):
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, expected = part.partition("\n")
        run = subprocess.run(["sh", "-c", command], cwd=where, capture_output=True, text=True, env=env)
        pattern = expected.strip().replace("[", "[[]").replace("...", "*")
        if expected.strip() and not fnmatch.fnmatchcase((run.stdout + run.stderr).strip(), pattern):
            raise AssertionError(f"$ {command}\nprinted\n{run.stdout}{run.stderr}")
        if run.returncode not in (0, 1):
            raise AssertionError(f"$ {command}\nended with {run.returncode}: {run.stderr}")


def check(build, root):
    problems, count = [], 0
    env = dict(os.environ, PATH=f"{build / 'src' / 'cli'}:{os.environ['PATH']}")
    for page in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        if not page.exists():
            continue
        with tempfile.TemporaryDirectory() as where:
            for language, code in BLOCK.findall(page.read_text()):
                try:
                    if language == "c":
                        run_program(code, where, build, root, env)
                    elif language == "console":
                        run_console(code, where, env)
                    else:
                        continue
                    count += 1
                except (subprocess.CalledProcessError, AssertionError) as failure:
                    problems.append(f"{page.relative_to(root)}: {getattr(failure, 'stderr', '') or failure}")
    print(f"{count} snippets run")
    return problems


if __name__ == "__main__":
    sys.exit(finish(check(Path(sys.argv[1]).resolve(), Path(sys.argv[2] if len(sys.argv) > 2 else ".").resolve()), "snippets"))
