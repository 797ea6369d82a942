"""The house of design 3 as data: modules, their floors, and where their files are. Shared by the check scripts."""
import re
import sys
from pathlib import Path

FLOORS = {
    "base": 1, "simd": 1,
    "data": 2, "io": 2,
    "clean": 3, "window": 3, "checkpoint": 3,
    "gen": 4, "store": 4, "indicator": 4, "stat": 4, "corr": 4, "arrow": 4,
    "exchange": 5, "mart": 5, "score": 5,
    "backtest": 6, "model": 6,
    "mine": 7, "net": 7,
    "cli": 8,
}
HOME = {"plan": "indicator"}  # public headers of a module with another name
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)


def sources(root):
    """(path, module) of every C file and header of the library and the tool."""
    for path in sorted(Path(root, "src").rglob("*.[ch]")):
        module = path.relative_to(Path(root, "src")).parts[0]
        if module in FLOORS:
            yield path, module
    for path in sorted(Path(root, "include", "kline").glob("*.h")):
        yield path, HOME.get(path.stem, path.stem)


def headers(root):
    return [Path(root, "include", "kline.h"), *sorted(Path(root, "include", "kline").glob("*.h"))]


def declarations(text):
    """(comment, name, parameter names, line) of every function marked KL_API in a header."""
    for match in re.finditer(r"^KL_API\s+([^;{]+);", text, re.M):
        head = re.sub(r"/\*.*?\*/", "", match.group(1), flags=re.S)
        name = re.search(r"(kl_\w+)\s*\(", head)
        if not name:
            continue
        before = text[: match.start()].rstrip()
        comment = ""
        if before.endswith("*/"):
            comment = before[before.rfind("/*"):]
        yield comment, name.group(1), parameters(head[name.end():head.rfind(")")]), text[: match.start()].count("\n") + 1


def parameters(text):
    """Names of the parameters of a C declaration, function pointers included."""
    names, depth, piece = [], 0, ""
    for char in text + ",":
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            pointer = re.search(r"\(\s*\*\s*(\w+)\s*\)", piece)
            plain = re.search(r"(\w+)\s*(\[[^\]]*\])?\s*$", piece.strip())
            if pointer:
                names.append(pointer.group(1))
            elif plain and piece.strip() != "void":
                names.append(plain.group(1))
            piece = ""
        else:
            piece += char
    return names


def finish(problems, what):
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{what}: {len(problems)} problem(s)")
    return 1 if problems else 0
