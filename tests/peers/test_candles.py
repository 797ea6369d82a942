"""All candle patterns of TA-Lib against ours, with its default settings and with random ones: the same value in every bar from the
warm-up on, on random candles on a grid of ticks (where only comparisons that rounding decides are left out) and on real ones.

Needs KLINE (the tool) and KLINE_LIBRARY (libkline.so); skips, aloud, without them or without TA-Lib. KLINE_SHARED: real data."""
import json
import os
import subprocess
import sys
from pathlib import Path

try:
    import numpy as np
    import talib
    import talib.abstract
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(0)
if not os.path.exists(os.environ.get("KLINE_LIBRARY", "")) or not os.environ.get("KLINE"):
    print("SKIPPED: KLINE_LIBRARY names no library, or KLINE no tool")
    sys.exit(0)

from kline_indicator import Library

REAL = sorted((Path(os.environ.get("KLINE_SHARED", "../shared")) / "data" / "ginghong_backtest_jup").glob("*-1h-*.csv"))
SETTINGS = {"long": "BodyLong", "short": "BodyShort", "doji": "BodyDoji", "shadow_long": "ShadowLong", "shadow_very_long": "ShadowVeryLong",
            "shadow_short": "ShadowShort", "shadow_very_short": "ShadowVeryShort", "near": "Near", "far": "Far", "equal": "Equal"}
RANGES = ["real_body", "high_low", "shadows"]  # in TA-Lib's order
kline = Library()
set_candles = talib._ta_lib._ta_set_candle_settings
listed = subprocess.run([os.environ["KLINE"], "list", "indicators", "--json"], check=True, capture_output=True, text=True).stdout
SIGNATURES = {entry["name"]: entry["signature"] for entry in map(json.loads, listed.splitlines()) if entry["name"].startswith("cdl")}


def defaults(name):
    inside = SIGNATURES[name][len(name) + 1:-1].split(", ")
    return dict(part.split("=") for part in inside if "=" in part)


def ticks(rng, n, vol):
    """Bars that begin at or near the last close, with bodies and shadows of all sizes and many of none, on a grid of quarters."""
    bars = np.empty((4, n))
    last, trend = 20000, 0
    for k in range(n):
        if rng.random() < 0.1:
            trend = int(rng.integers(-vol, vol + 1))
        first = last + (0 if rng.random() < 0.4 else int(rng.integers(-vol, vol + 1)))
        body = int(rng.integers(0, 4 * vol)) if rng.random() < 0.6 else int(rng.integers(0, 3))
        close = first + (body if rng.random() < 0.5 + 0.3 * np.sign(trend) else -body)
        above, below = (0 if rng.random() < 0.5 else int(rng.integers(0, 2 * vol)) for _ in range(2))
        bars[:, k] = first, max(first, close) + above, min(first, close) - below, close
        last = close if 10000 < close < 30000 else 20000
    return dict(zip(("open", "high", "low", "close"), bars * 0.25))


def ours(name, market, parameters, by=1.0):
    moved = {key: (repr(float(value) * by) if key.endswith("_factor") or key == "penetration" else value) for key, value in parameters.items()}
    call = name + "(" + ", ".join(f"{key}={value}" for key, value in moved.items()) + ")"
    return kline.run(call, 1, **market)[0]


def compare(name, market, parameters, where):
    """How many bars were compared, and how many of them had the pattern."""
    function = getattr(talib, name.upper())
    options = {"penetration": float(parameters["penetration"])} if "penetration" in talib.abstract.Function(name.upper()).parameters else {}
    theirs = function(market["open"], market["high"], market["low"], market["close"], **options).astype(float)
    mine = ours(name, market, parameters)
    same = ours(name, market, parameters, 1 - 1e-9), ours(name, market, parameters, 1 + 1e-9)
    known = ~np.isnan(mine)
    known[:talib.abstract.Function(name.upper()).lookback] = False
    clear = known & (same[0] == mine) & (same[1] == mine)
    wrong = np.flatnonzero(clear & (mine != theirs))
    if len(wrong):
        failures.append(f"{name} on {where}, bar {wrong[0]}: {mine[wrong[0]]:g}, theirs {theirs[wrong[0]]:g}; {len(wrong)} bars; {parameters}")
    if not known.any() or np.isnan(mine[np.argmax(known):]).any():
        failures.append(f"{name} on {where}: unknown bars")
    return int(clear.sum()), int((clear & (mine != 0)).sum())


def random_settings(rng):
    chosen = {}
    for ours_, theirs in SETTINGS.items():
        of, n, factor = int(rng.integers(3)), int(rng.choice([0, 1, 2, 4, 8, 16])), float(rng.choice([0.125, 0.25, 0.5, 1.0, 2.0]))
        set_candles(getattr(talib._ta_lib.CandleSettingType, theirs), of, n, factor)
        chosen.update({ours_ + "_of": RANGES[of], ours_ + "_n": str(n), ours_ + "_factor": repr(factor)})
    return chosen


failures, bars, hits = [], 0, {}
names = [n.lower() for n in talib.get_function_groups()["Pattern Recognition"]]
failures += [f"{name} is not there" for name in names if name not in SIGNATURES]
names = [name for name in names if name in SIGNATURES]
rng = np.random.default_rng(20260103)
markets = {f"ticks {vol}": ticks(rng, 20000, vol) for vol in (2, 4, 8, 20)}
rows = [np.loadtxt(path, delimiter=",", usecols=(1, 2, 3, 4)) for path in REAL]
if rows:
    markets["real"] = dict(zip(("open", "high", "low", "close"), (np.ascontiguousarray(c) for c in np.concatenate(rows).T)))
else:
    print("SKIPPED: no real data")
for where, market in markets.items():
    for turn in range(4):
        chosen = random_settings(rng) if turn else {}
        for name in names:
            parameters = defaults(name)
            parameters.update({key: chosen[key] for key in parameters if key in chosen})
            n, found = compare(name, market, parameters, where)
            bars, hits[name] = bars + n, hits.get(name, 0) + found
        for setting in range(len(SETTINGS) + 1):
            talib._ta_lib._ta_restore_candle_default_settings(setting)
rare = [name for name in names if hits[name] == 0]

if failures:
    print("\n".join("FAILED: " + f for f in failures[:20]))
    sys.exit(1)
print(f"ok: {len(names)} candle patterns equal TA-Lib {talib.__version__} in {bars} bars" + (f"; never there: {' '.join(rare)}" if rare else ""))
