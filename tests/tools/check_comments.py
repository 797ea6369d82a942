#!/usr/bin/env python3
"""Fails on an exported function without its full comment (design 4): one sentence, every parameter by name, and the fields
Return, On failure, Cost, Thread, Source, Since, in this order.

usage: check_comments.py [ROOT]"""
import re
import sys
from pathlib import Path

from tree import declarations, finish, headers

FIELDS = ["Return:", "On failure:", "Cost:", "Thread:", "Source:", "Since:"]


def check(root):
    problems = []
    for header in headers(root):
        for comment, name, parameters, line in declarations(header.read_text()):
            where = f"{header.relative_to(root)}:{line}: {name}"
            if not comment.startswith("/**"):
                problems.append(f"{where} has no /** comment")
                continue
            places = [comment.find(field) for field in FIELDS]
            for field, place in zip(FIELDS, places):
                if place < 0:
                    problems.append(f"{where} does not say '{field}'")
            found = [place for place in places if place >= 0]
            if found != sorted(found):
                problems.append(f"{where} has its fields out of order")
            for parameter in parameters:
                if not re.search(rf"`[^`]*\b{parameter}\b[^`]*`", comment):
                    problems.append(f"{where} does not name its parameter `{parameter}`")
    return problems


if __name__ == "__main__":
    sys.exit(finish(check(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()), "comments"))
