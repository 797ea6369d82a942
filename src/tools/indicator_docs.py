#!/usr/bin/env python3
"""Pages of indicators against the registry.   indicator_docs.py KLINE [--write]

KLINE is the program `kline`; its registry is the truth. Checked: every indicator has its page docs/indicators/NAME.md with all sections,
its parameters, defaults, ranges, choices, outputs and finite ranges are those of the descriptor, the formula on the page is the formula that is
computed, the table of docs/indicators/README.md is complete, no page is of an indicator that there is not. Functions of the
language have a page of their own or are named in docs/indicators/functions.md. --write writes what is generated: the table, and
the formula of each page, between their marks. Prints what differs and ends with 1, or a line `ok: ...`."""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PAGES = os.path.join(ROOT, "docs", "indicators")
GROUPS = {"overlap": "Averages and bands", "momentum": "Momentum", "volatility": "Volatility", "volume": "Volume", "levels": "Levels",
          "cycle": "Cycles", "candle": "Candles", "statistics": "Statistics", "price": "Prices"}
SECTIONS = ("Formula", "Parameters", "Output", "Warm-up", "Edge cases", "Others", "Source")
TABLE = ("<!-- table: written by src/tools/indicator_docs.py -->\n", "<!-- end of table -->\n")
FORMULA = ("<!-- formula: written by src/tools/indicator_docs.py -->\n", "<!-- end of formula -->\n")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def registry(kline):
    lines = subprocess.run([kline, "list", "indicators", "--json"], check=True, capture_output=True, text=True).stdout.splitlines()
    entries = [json.loads(line) for line in lines]
    for entry in entries:
        inside = entry["signature"][len(entry["name"]) + 1:-1]
        arguments = inside.split(", ") if inside else []
        entry["columns"] = [a for a in arguments if "=" not in a]
        entry["defaults"] = dict(a.split("=", 1) for a in arguments if "=" in a)
        entry["ranges"] = dict(p.split(": ", 1) for p in entry["params"].split("; ")) if entry["params"] else {}
        names = entry["outputs"].split()
        entry["bounds"] = dict(zip(names, (entry.get("bounds") or "").split()))
        entry["outputs"] = names
    return entries


def functions(kline):
    lines = subprocess.run([kline, "list", "functions", "--json"], check=True, capture_output=True, text=True).stdout.splitlines()
    return [entry["name"] for entry in map(json.loads, lines) if entry["kind"] in ("function", "alias")]


def replaced(text, marks, body):
    """The text with what is between the marks replaced; None where they are not there."""
    begin, end = (text.find(mark) for mark in marks)
    if begin < 0 or end < begin:
        return None
    return text[:begin] + marks[0] + body + text[end:]


def table(entries):
    body = ""
    known = list(GROUPS) + sorted({e["group"] for e in entries} - set(GROUPS))
    for group in known:
        rows = [e for e in entries if e["group"] == group]
        if not rows:
            continue
        body += f"\n### {GROUPS.get(group, group.capitalize())}\n\n| name | | call | outputs |\n|---|---|---|---|\n"
        for e in rows:
            body += f"| [{e['name']}]({e['name']}.md) | {e['title']} | `{e['signature']}` | {' '.join(e['outputs'])} |\n"
    return body + "\n"


def formula_block(entry):
    statements = [s.strip() for s in entry["formula"].split(";") if s.strip()]
    return "```\n" + "".join(f"{s};\n" for s in statements) + "```\n"


def sections(text):
    """Section name: its text, up to the next one."""
    parts = re.split(r"^\*\*([A-Z][A-Za-z -]*)\.\*\*", text, flags=re.M)
    found = {}
    for name, body in zip(parts[1::2], parts[2::2]):
        found[{"Parameter": "Parameters", "Outputs": "Output"}.get(name, name)] = " ".join(body.split())
    return found


def check_page(entry, text):
    name = entry["name"]
    if not text.startswith(f"# {name}: "):
        yield f"does not begin with `# {name}: `"
    found = sections(text)
    for section in SECTIONS:
        if not found.get(section):
            yield f"has no section {section}"
    parameters, outputs = found.get("Parameters", ""), found.get("Output", "")
    for parameter, default in entry["defaults"].items():
        if not re.search(rf"`{re.escape(parameter)}` = `?{re.escape(default)}`?(?![0-9.]*[0-9])", parameters):
            yield f"does not say `{parameter}` = {default}"
        allowed = entry["ranges"].get(parameter, "")
        if ".." in allowed:
            if allowed not in parameters:
                yield f"does not give the range {allowed} of `{parameter}`"
        else:
            for choice in allowed.split("|"):
                if choice not in re.findall(r"[a-z_0-9]+", parameters):
                    yield f"does not name the choice `{choice}` of `{parameter}`"
    for word in re.findall(r"`([a-z_0-9]+)` = ", parameters):
        if word not in entry["defaults"]:
            yield f"speaks of a parameter `{word}` that there is not"
    for output in entry["outputs"]:
        if f"`{output}`" not in outputs:
            yield f"does not name the output `{output}`"
        low, _, high = entry["bounds"].get(output, "..").partition("..")
        if low and high and not any(f"{low}{to}{high}" in outputs for to in ("..", " to ", " or ")):
            yield f"does not give the range {low}..{high} of `{output}`"


def page_with_formula(entry, text):
    """The page as it has to be."""
    if not entry.get("formula"):
        return text
    block = formula_block(entry)
    made = replaced(text, FORMULA, block)
    if made is None:  # behind the paragraph of the formula
        made = re.sub(r"(\*\*Formula\.\*\*.*?\n)\n", lambda m: m.group(1) + "\n" + FORMULA[0] + block + FORMULA[1] + "\n", text, count=1, flags=re.S)
    return made


def main():
    kline, write = sys.argv[1], "--write" in sys.argv[2:]
    entries, said = registry(kline), []
    words = set(re.findall(r"[a-z_][a-z_0-9]*", read(os.path.join(PAGES, "functions.md"))))
    names = {e["name"] for e in entries}
    for name in functions(kline):
        if os.path.exists(os.path.join(PAGES, name + ".md")):
            names.add(name)
        elif name not in words:
            said.append(f"docs/indicators/functions.md does not name the function {name}")
    pages = 0
    for entry in entries:
        name, path = entry["name"], os.path.join(PAGES, entry["name"] + ".md")
        if not os.path.exists(path):
            said.append(f"docs/indicators/{name}.md is missing")
            continue
        pages += 1
        text = read(path)
        wanted = page_with_formula(entry, text)
        if wanted != text:
            if write:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(wanted)
            else:
                said.append(f"docs/indicators/{name}.md shows another formula than the one that is computed")
        said += [f"docs/indicators/{name}.md {message}" for message in check_page(entry, text)]
    for file in sorted(os.listdir(PAGES)):
        if file not in ("README.md", "functions.md") and file[:-3] not in names:
            said.append(f"docs/indicators/{file} is of no indicator")
    readme = os.path.join(PAGES, "README.md")
    text = read(readme)
    wanted = replaced(text, TABLE, table(entries))
    if wanted is None:
        said.append("docs/indicators/README.md has no marks of a table")
    elif wanted != text:
        if write:
            with open(readme, "w", encoding="utf-8") as file:
                file.write(wanted)
        else:
            said.append("docs/indicators/README.md has another table: src/tools/indicator_docs.py KLINE --write")
    for message in said:
        print(f"FAILED: {message}")
    if not said:
        print(f"ok: {pages} pages agree with the registry")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
