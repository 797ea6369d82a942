"""Indicators against TA-Lib (newest on PyPI) and Tulip Indicators: every function that both have, on random, trending, flat, tied, gapped and real
data; equal to 1e-9 from the first bar on that both know, and known on the same bars. A function is called here as there, by its name
in lower case with its inputs and parameters in their order, unless OURS says otherwise. DEVIATIONS lists what is meant to differ, why, and in which
way; each entry is checked to be needed and to be what it says. No function of theirs is left out: the last lines say so.

Needs KLINE (the tool) and KLINE_LIBRARY (libkline.so); skips, aloud, without them or without TA-Lib or tulipy. KLINE_SHARED: real data."""
import json
import os
import subprocess
import sys
from pathlib import Path

try:
    import numpy as np
    import talib
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(0)
try:
    import tulipy
except ImportError as missing:
    tulipy = None
    print(f"SKIPPED: {missing}")
if not os.path.exists(os.environ.get("KLINE_LIBRARY", "")):
    print("SKIPPED: KLINE_LIBRARY names no library")
    sys.exit(0)

from kline_indicator import Library
from peer_rows import talib_rows, template, tulip_rows
from peer_table import DEVIATIONS, NOT_OURS

N = 1500
REAL = Path(os.environ.get("KLINE_SHARED", "../shared")) / "data" / "kidogb_strategy_bactest" / "BTCUSDT-1d-data.csv"
kline = Library()
listed = subprocess.run([os.environ["KLINE"], "list", "indicators", "--json"], check=True, capture_output=True, text=True).stdout
OUTPUTS = {entry["name"]: entry["outputs"].split() for entry in map(json.loads, listed.splitlines())}
only = sys.argv[1:]


def market(kind):
    rng = np.random.default_rng(20260103)
    if kind == "real":
        rows = np.genfromtxt(REAL, delimiter=",", skip_header=1, usecols=(1, 2, 3, 4, 5))
        rows = rows[~np.isnan(rows).any(axis=1)][:N]
        return dict(zip(("open", "high", "low", "close", "volume"), (np.ascontiguousarray(c) for c in rows.T)))
    if kind == "flat":
        close = np.full(N, 104.37)
    elif kind == "trend":
        close = 50.0 + 0.25 * np.arange(N) + rng.normal(0, 0.01, N)
    elif kind == "ties":
        close = 100.0 + rng.integers(0, 3, N).astype(float)
    elif kind == "gaps":
        close = 100 * np.exp(np.cumsum(rng.normal(0, 0.002, N) + (rng.random(N) < 0.02) * rng.normal(0, 0.1, N)))
    else:
        close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, N)))
    open_ = np.concatenate([close[:1], close[:-1]])
    if kind == "gaps":
        open_ = close * (1 + 0.001 * rng.normal(0, 1, N))
    spread = 0.0 if kind == "flat" else rng.random(N) * 0.004
    dip = 0.0 if kind == "flat" else rng.random(N) * 0.004
    return {"open": open_, "high": np.maximum(open_, close) * (1 + spread), "low": np.minimum(open_, close) * (1 - dip),
            "close": close, "volume": np.floor(rng.random(N) * 1000) + 1}


MARKETS = {kind: market(kind) for kind in ("random", "trend", "flat", "ties", "gaps") + (("real",) if REAL.exists() else ())}
if "real" not in MARKETS:
    print("SKIPPED: no real data")


def sets(defaults, kinds):
    """Their defaults, shorter lengths, longer ones; each kind of average."""
    yield list(defaults)
    for factor in (0.5, 3):
        made = [v if k in ("fixed", "average") else (max(2, int(v * factor)) if k == "length" else v * 0.75) for v, k in zip(defaults, kinds)]
        if made != list(defaults):
            yield made
    for average in range(9) if "average" in kinds else ():
        made = [average if k == "average" else v for v, k in zip(defaults, kinds)]
        if made != list(defaults):
            yield made


def evaluate(text, m):
    """All outputs of an expression, or of several separated by ' ; '."""
    out = []
    for part in text.split(" ; "):
        name = part.split("(")[0].strip()
        whole = part.strip().endswith(")") and name in OUTPUTS and part.count("(") == part[:part.rindex(")")].count("(") and balanced(part)
        out += kline.run(part, len(OUTPUTS[name]) if whole else 1, **m)
    return out


def balanced(text):
    """1 where the first bracket is closed by the last sign: the expression is one call."""
    depth = 0
    for at, sign in enumerate(text.strip()):
        depth += (sign == "(") - (sign == ")")
        if sign == ")" and depth == 0:
            return at == len(text.strip()) - 1
    return True


def differs(ours, theirs, m, how=()):
    """None where they agree. how: 'unknown' (bars that one of both does not know do not count), 'late' (only the last third), a number
    (the tolerance)."""
    if len(ours) != len(theirs):
        return f"{len(ours)} outputs, theirs {len(theirs)}"
    tolerance = next((h for h in how if isinstance(h, float)), 1e-9)
    for index, (a, b) in enumerate(zip(ours, theirs)):
        # theirs are sums and differences of prices, and not exact: errors are relative to the value, to a thousandth of the greatest
        # so far, or to a thousandth of the price where that is less than a tenth of all
        size = np.nan_to_num(np.abs(b), posinf=0)
        scale = np.maximum(np.maximum.accumulate(size) * 1e-3, np.minimum(m["close"] * 1e-3, max(size.max() * 0.1, 1e-5 * m["close"][0])))
        scale = np.maximum(scale, size)
        start = len(a) * 2 // 3 if "late" in how else 0
        a, b, scale = a[start:], b[start:], scale[start:]
        known = np.isfinite(a) & np.isfinite(b)
        if "unknown" not in how and not np.array_equal(np.isnan(a), np.isnan(b)):
            first = [int(np.argmax(~np.isnan(x))) for x in (a, b)]
            k = int(np.flatnonzero(np.isnan(a) != np.isnan(b))[0])
            return f"output {index} is known from bar {start + first[0]}, theirs from {start + first[1]}; bar {start + k}: {a[k]}, theirs {b[k]}"
        if not known.any():
            continue
        off = np.abs(a[known] - b[known]) / scale[known]
        if off.max() > tolerance:
            k = int(np.flatnonzero(known)[off.argmax()])
            return f"output {index}, bar {start + k}: {a[k]}, theirs {b[k]}"
    return None


AVERAGES = ("sma", "ema", "wma", "dema", "tema", "trima", "kama", "mama", "t3")


def deviation(key, kind, average):
    """The entry of this kind of average, else that of the function; of this market, else that of all."""
    for named in (lambda words: average in words[1:], lambda words: len(words) == 1):
        for wanted in (lambda kinds: kind in kinds.split(), lambda kinds: kinds == "*"):
            for (function, kinds), entry in DEVIATIONS.items():
                if function.split()[0] == key and named(function.split()) and wanted(kinds):
                    return (function, kinds), entry
    return None, None


def as_listed(entry, columns, values, ours, theirs, m):
    """None where the deviation is what it says."""
    how, text = [], None
    for word in entry[0].split(" & "):
        try:
            how.append(float(word))
        except ValueError:
            if word in ("unknown", "late", "differs"):
                how.append(word)
            else:
                text = word
    if "differs" in how:
        return None
    if text:
        for index, value in enumerate(values):
            text = text.replace("{%d}" % index, repr(value))
        try:
            ours = evaluate(text.replace("{in}", ", ".join(columns)), m)
        except ValueError as error:
            return f"{text}: {error}"
    return differs(ours, theirs, m, how)


failures, compared, used, seen, without, rows = [], 0, set(), set(), [], 0
for source in (talib_rows, tulip_rows) if tulipy else (talib_rows,):
    for key, columns, defaults, kinds, _, call in source():
        if only and key not in only:
            continue
        if key in NOT_OURS:
            continue
        try:
            kline.run(template(key, columns, defaults).split(" ; ")[0], 12, **MARKETS["random"])
        except ValueError as error:
            without.append(f"{key} ({template(key, columns, defaults)}: {error})")
            continue
        rows += 1
        seen.add(key)
        for kind, m in MARKETS.items():
            for values in sets(defaults, kinds):
                theirs = call(m, values)
                if theirs is None:
                    continue
                text = template(key, columns, values)
                try:
                    ours = evaluate(text, m)
                except ValueError as error:
                    failures.append(f"{key}: {text}: {error}")
                    break
                message = differs(ours, theirs, m)
                entry = deviation(key, kind, next((AVERAGES[v] for v, k in zip(values, kinds) if k == "average"), ""))
                if message and entry[0]:
                    used.add(entry[0])
                    message = as_listed(entry[1], columns, values, ours, theirs, m)
                if message:
                    failures.append(f"{key} on {kind}: {text}: {message}")
                else:
                    compared += sum(int((~np.isnan(x)).sum()) for x in ours)

if not only:
    for entry in DEVIATIONS:
        if entry not in used and entry[0].split()[0] in seen:
            failures.append(f"{entry[0]} on {entry[1]} does not differ: {DEVIATIONS[entry][-1]}")

    # one missing bar: ours loses the windows that hold it, or holds its state; TA-Lib loses the rest
    m = dict(MARKETS["random"])
    m["close"] = m["close"].copy()
    m["close"][1000] = np.nan
    for text, lost in (("sma(20)", 20), ("wma(20)", 20), ("ema(20)", 1), ("rsi(14)", 1), ("macd(12,26,9).hist", 1)):
        count = int(np.isnan(kline.run(text, 1, **m)[0][100:]).sum())
        if count != lost:
            failures.append(f"{text} with one missing bar: {count} unknown, not {lost}")

if failures or without:
    print("\n".join("FAILED: " + f for f in failures))
    print("\n".join("FAILED: no row for " + f for f in without))
    print(f"{rows} functions, {len(without)} without a row, {len({f.split()[0] for f in failures})} that differ")
    sys.exit(1)
print(f"ok: {rows} functions of TA-Lib {talib.__version__}" + (f" and Tulip {tulipy.TI_VERSION if hasattr(tulipy, 'TI_VERSION') else ''}" if tulipy else "") +
      f": {compared} values equal to 1e-9, {len(DEVIATIONS)} deviations as listed, 0 functions without a row")
