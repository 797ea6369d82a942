"""Indicators against TA-Lib (newest on PyPI): equal to 1e-9 relative from the first bar both know, same bars known, on random,
trending, flat and gapped data. Intended deviations are listed in DEVIATIONS and checked to be what they say.

Needs KLINE_LIBRARY (libkline.so); skips, aloud, without it or without TA-Lib."""
import os
import sys

try:
    import numpy as np
    import talib
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(0)
if not os.path.exists(os.environ.get("KLINE_LIBRARY", "")):
    print("SKIPPED: KLINE_LIBRARY names no library")
    sys.exit(0)

from kline_indicator import Library

N = 3000
kline = Library()


def market(kind):
    rng = np.random.default_rng(20260103)
    if kind == "flat":
        close = np.full(N, 104.37)
    elif kind == "trend":
        close = 50.0 + 0.25 * np.arange(N) + rng.normal(0, 0.01, N)
    elif kind == "ties":
        close = 100.0 + rng.integers(0, 3, N).astype(float)
    elif kind == "gaps":
        close = 100 * np.exp(np.cumsum(rng.normal(0, 0.002, N) + (rng.random(N) < 0.01) * rng.normal(0, 0.2, N)))
    else:
        close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, N)))
    open_ = np.concatenate([close[:1], close[:-1]])
    spread = 0.0 if kind == "flat" else rng.random(N) * 0.004
    return {"open": open_, "high": np.maximum(open_, close) * (1 + spread), "low": np.minimum(open_, close) * (1 - spread),
            "close": close, "volume": rng.random(N) * 1000}


# (our call, outputs, TA-Lib's, scale that errors are relative to)
def pairs():
    for n in (2, 3, 5, 14, 20, 30, 50, 200, 500):
        yield f"sma({n})", 1, lambda m, n=n: [talib.SMA(m["close"], n)]
        yield f"ema({n})", 1, lambda m, n=n: [talib.EMA(m["close"], n)]
        yield f"wma({n})", 1, lambda m, n=n: [talib.WMA(m["close"], n)]
        yield f"rsi({n})", 1, lambda m, n=n: [talib.RSI(m["close"], n)]
        yield f"atr({n})", 1, lambda m, n=n: [talib.ATR(m["high"], m["low"], m["close"], n)]
        yield f"bbands({n},2)", 3, lambda m, n=n: list(talib.BBANDS(m["close"], n, 2.0, 2.0))
        yield f"bbands({n},1.5)", 3, lambda m, n=n: list(talib.BBANDS(m["close"], n, 1.5, 1.5))
    for fast, slow, signal in ((12, 26, 9), (26, 12, 9), (3, 10, 16), (5, 35, 5), (2, 3, 2)):
        yield (f"macd({fast},{slow},{signal})", 3,
               lambda m, p=(fast, slow, signal): list(talib.MACD(m["close"], *p)))
    yield "obv", 1, lambda m: [talib.OBV(m["close"], m["volume"])]


# TA-Lib has no rma and no rolling vwap: numpy, straight from the formula.
def plain():
    def rma(m, n):
        out = np.full(N, np.nan)
        out[n - 1] = m["close"][:n].mean()
        for k in range(n, N):
            out[k] = out[k - 1] + (m["close"][k] - out[k - 1]) / n
        return [out]

    def vwap(m, n):
        price = (m["high"] + m["low"] + m["close"]) / 3
        out = np.full(N, np.nan)
        for k in range(n - 1, N):
            v = m["volume"][k - n + 1:k + 1]
            out[k] = (price[k - n + 1:k + 1] * v).sum() / v.sum()
        return [out]

    for n in (2, 14, 100):
        yield f"rma({n})", 1, lambda m, n=n: rma(m, n)
        yield f"vwap({n})", 1, lambda m, n=n: vwap(m, n)


# (name, market): (suffix of our parameters that gives theirs, why the default differs)
DEVIATIONS = {
    ("rsi", "flat"): (",wilder,0)", "without any movement ours is 50, theirs 0, its lowest value"),
}


def same(call, kind, ours, theirs, scale):
    for index, (a, b) in enumerate(zip(ours, theirs)):
        if not np.array_equal(np.isnan(a), np.isnan(b)):
            first = [int(np.argmax(~np.isnan(x))) for x in (a, b)]
            return f"{call} on {kind}: output {index} is known from bar {first[0]}, theirs from {first[1]}"
        known = ~np.isnan(a)
        off = np.abs(a[known] - b[known]) / np.maximum(scale[known], np.abs(b[known]))
        if len(off) and off.max() > 1e-9:
            k = int(np.flatnonzero(known)[off.argmax()])
            return f"{call} on {kind}: output {index}, bar {k}: {a[k]!r}, theirs {b[k]!r}"
    return None


failures, compared = [], 0
for kind in ("random", "trend", "flat", "ties", "gaps"):
    m = market(kind)
    for call, outputs, theirs in list(pairs()) + list(plain()):
        deviation = DEVIATIONS.get((call.split("(")[0], kind))
        if deviation:
            if same(call, kind, kline.run(call, outputs, **m), theirs(m), m["close"] * 1e-12) is None:
                failures.append(f"{call} on {kind} does not differ any more: {deviation[1]}")
            call = call[:-1] + deviation[0]
        ours = kline.run(call, outputs, **m)
        with np.errstate(all="ignore"):
            want = theirs(m)
        # macd is a difference of prices, the deviation in bbands too: TA-Lib's own error there is relative to the price
        scale = m["close"] * (1e-3 if call.startswith(("macd", "bbands")) else 1e-12)
        if call.startswith("obv"):
            scale = np.maximum.accumulate(np.abs(want[0]))
        message = same(call, kind, ours, want, scale)
        compared += sum(int((~np.isnan(x)).sum()) for x in ours)
        if message:
            failures.append(message)

# one missing bar: ours loses the windows that hold it, or holds its state; TA-Lib loses the rest
m = market("random")
m["close"] = m["close"].copy()
m["close"][1000] = np.nan
for call, lost in (("sma(20)", 20), ("wma(20)", 20), ("ema(20)", 1), ("rsi(14)", 1), ("macd(12,26,9)", 1)):
    count = int(np.isnan(kline.run(call, 3 if call.startswith("macd") else 1, **m)[0][100:]).sum())
    if count != lost:
        failures.append(f"{call} with one missing bar: {count} unknown, not {lost}")

if failures:
    print("\n".join("FAILED: " + f for f in failures))
    sys.exit(1)
print(f"ok: {compared} values equal TA-Lib {talib.__version__} (and numpy where it has none) to 1e-9")
