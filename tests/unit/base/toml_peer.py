#!/usr/bin/env python3
"""Compares the TOML reader with Python's: thousands of generated documents, whole and damaged.

usage: toml_peer.py TOML_LINES [COUNT]"""
import os
import random
import struct
import subprocess
import sys

try:
    import tomllib
except ImportError:
    print("SKIPPED: toml: this Python has no tomllib")
    sys.exit(77)

BARE = ["a", "b", "key", "x-1", "_", "1", "3-4", "name"]


def blank(r):
    return r.choice(["", "", " ", "\t ", "  "])


def key_part(r):
    if r.random() < 0.8:
        return r.choice(BARE)
    return r.choice(['"a"', "'b'", '"\\u0061"', '"sp ace"', "''", '"é"', '"\\t"'])


def key(r):
    return (blank(r) + "." + blank(r)).join(key_part(r) for _ in range(r.choice([1, 1, 1, 2, 3])))


def number(r):
    return r.choice([
        str(r.randrange(-1000, 1000)), hex(r.randrange(1 << 40)), oct(r.randrange(4096)), bin(r.randrange(99)), "1_000", "+7", "-0", "0",
        repr(r.uniform(-1e3, 1e3)), f"{r.uniform(0, 9):.3e}", "1e06", "6.02_2e+2_3", "inf", "-nan", "+inf", "-0.0", "0e0", "9223372036854775807",
        "1.7976931348623157e309", "0.1e-400", "01", "1__0", "0x", "1.", ".1", "--1", "1e", "1_.0"])


def string(r):
    text = "".join(r.choice(["a", "b", " ", "é", "😀", "\\\\", '\\"', "\\n", "\\u00e9", "\\U0001F600", "#", "'", "\t", "]"]) for _ in range(r.randrange(6)))
    kind = r.randrange(6)
    if kind < 3:
        return '"' + text + '"'
    raw = text.replace("'", "")
    if kind == 3:
        return "'" + raw + "'"
    lines = r.choice(["", "\n", "\r\n"]) + text + r.choice(["", "\n", "\\\n \t\n x", "\\ \n", "\\\n\\\n", "\\\n \\ b", '"', '""'])
    if kind == 4:
        return '"""' + lines + '"""'
    return "'''" + raw + r.choice(["", "\n", "'", "''"]) + "'''"


def value(r, depth=0):
    kind = r.randrange(12 if depth < 4 else 8)
    if kind < 3:
        return number(r)
    if kind < 7:
        return string(r)
    if kind == 7:
        return r.choice(["true", "false"])
    if kind < 10:
        gap = lambda: r.choice(["", " ", "\n", " # c\n"])
        items = [gap() + value(r, depth + 1) + gap() for _ in range(r.randrange(4))]
        return "[" + ",".join(items) + ("," if items and r.random() < 0.3 else "") + gap() + "]"
    items = [blank(r) + key(r) + blank(r) + "=" + blank(r) + value(r, depth + 1) + blank(r) for _ in range(r.randrange(4))]
    return "{" + ",".join(items) + "}"


def document(r):
    lines = []
    for _ in range(r.randrange(1, 9)):
        kind = r.random()
        if kind < 0.2:
            lines.append(blank(r) + "[" + blank(r) + key(r) + blank(r) + "]")
        elif kind < 0.32:
            lines.append("[[" + blank(r) + key(r) + blank(r) + "]]")
        elif kind < 0.4:
            lines.append("# comment é")
        else:
            lines.append(blank(r) + key(r) + blank(r) + "=" + blank(r) + value(r) + r.choice(["", "", " # end"]))
    text = r.choice(["\n", "\n", "\r\n"]).join(lines) + r.choice(["", "\n"])
    if r.random() < 0.3 and text:
        for _ in range(r.choice([1, 1, 2, 4])):
            at = r.randrange(len(text) + 1)
            text = text[:at] + r.choice(["", r.choice("[]{}=,.\"'#\n\r\t a1_-+\\\x00\x7f\x1fé")]) + text[at + r.randrange(2):]
    return text


def dump(x):
    if isinstance(x, bool):
        return f"b{int(x)}"
    if isinstance(x, int):
        if not -(1 << 63) <= x < 1 << 63:
            raise OverflowError
        return f"i{x}"
    if isinstance(x, float):
        return "fnan" if x != x else "f" + struct.pack(">d", x).hex()
    if isinstance(x, str):
        return "s" + x.encode().hex()
    if isinstance(x, list):
        return "[" + "".join(dump(v) + "," for v in x) + "]"
    if isinstance(x, dict):
        return "{" + "".join(k.encode().hex() + "=" + dump(v) + "," for k, v in x.items()) + "}"
    raise OverflowError


def expected(text):
    try:
        return dump(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, OverflowError, UnicodeEncodeError):
        return "no"
    except RecursionError:
        return None


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300 if os.environ.get("KLINE_QUICK") else 200000 if os.environ.get("KLINE_LONG") else 8000
    seed = int(os.environ.get("KLINE_SEED", "1"))
    texts = [document(random.Random(seed * 1000003 + i)) for i in range(count)]
    data = b"".join(b"%d\n" % len(t.encode()) + t.encode() for t in texts)
    run = subprocess.run([sys.argv[1]], input=data, stdout=subprocess.PIPE, check=True)
    lines = run.stdout.decode().splitlines()
    assert len(lines) == len(texts), (len(lines), len(texts))
    accepted = 0
    for i, (text, line) in enumerate(zip(texts, lines)):
        want = expected(text)
        if want is None:
            continue
        accepted += want != "no"
        if (line.split(" ")[0] if line.startswith("no") else line) != want:
            print(f"FAILED: seed {seed} document {i}\n{text!r}\nours   {line}\ntheirs {want}")
            return 1
    print(f"ok: toml: {count} documents as in tomllib, {accepted} of them valid")
    return 0 if accepted > count // 10 else 1


if __name__ == "__main__":
    sys.exit(main())
