"""Nanoseconds a bar against TA-Lib (newest on PyPI) in one run: N = 1e6, one thread, minimum of runs; both sides allocate
their outputs in the timed call. Needs KLINE_LIBRARY."""
import os
import sys
import time

import numpy as np
import talib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
from kline_indicator import Library

N, ROUNDS = 1_000_000, int(os.environ.get("KLINE_BENCH_ROUNDS", 15))
kline = Library()
rng = np.random.default_rng(1)
close = 100 * np.exp(np.cumsum(rng.normal(0, 1e-3, N)))
open_ = np.concatenate([close[:1], close[:-1]])
m = {"open": open_, "high": np.maximum(open_, close) * (1 + rng.random(N) * 1e-3),
     "low": np.minimum(open_, close) * (1 - rng.random(N) * 1e-3), "close": close, "volume": rng.random(N) * 1000}


def best(*runs):
    least = [float("inf")] * len(runs)
    for _ in range(ROUNDS):
        for i, run in enumerate(runs):
            begin = time.perf_counter()
            run()
            least[i] = min(least[i], time.perf_counter() - begin)
    return [t * 1e9 / N for t in least]


ROWS = [
    ("sma(20)", 1, lambda: talib.SMA(close, 20)), ("sma(200)", 1, lambda: talib.SMA(close, 200)),
    ("ema(20)", 1, lambda: talib.EMA(close, 20)), ("wma(20)", 1, lambda: talib.WMA(close, 20)),
    ("rsi(14)", 1, lambda: talib.RSI(close, 14)), ("macd(12,26,9)", 3, lambda: talib.MACD(close, 12, 26, 9)),
    ("bbands(20,2)", 3, lambda: talib.BBANDS(close, 20, 2.0, 2.0)),
    ("atr(14)", 1, lambda: talib.ATR(m["high"], m["low"], close, 14)), ("obv", 1, lambda: talib.OBV(close, m["volume"])),
]
copy = best(lambda: close.copy())[0]
print(f"copy of one column {copy:.3f} ns/bar; TA-Lib {talib.__version__}")
product = 1.0
for call, outputs, theirs in ROWS:
    ours_ns, theirs_ns = best(lambda: kline.run_into(call, [np.empty(N) for _ in range(outputs)], **m), theirs)
    product *= theirs_ns / ours_ns
    print(f"{call:14} libkline {ours_ns:7.3f}   TA-Lib {theirs_ns:7.3f} ns/bar   ratio {theirs_ns / ours_ns:5.2f}")
print(f"geometric mean of the ratios {product ** (1 / len(ROWS)):.2f}")
