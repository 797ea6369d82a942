"""Nanoseconds a bar of every function that TA-Lib or Tulip have (the rows of tests/peers), theirs and ours in one run: N = 1e6 bars of a random
walk, one thread, the least CPU time of many rounds, each round over other bars so that no branch predictor knows them. Then plans: all
candles, 30 usual features, 500 symbols, and `kline eval --summary`.

Outputs: ours are written to columns that are there; the peers allocate theirs in the call, from memory that malloc keeps and that is warm
from the second round on. Ours is compiled beforehand and starts from an empty state in the timed call. Rows of the same expression
are one row, with the options of TA-Lib.

usage: peers_indicator.py [--quick] [--level baseline|avx2|avx512|neon] [--library FILE] [--rounds N] [--sort] [NAME...]
--quick: N = 1e5. --library: another build of libkline.so, such as one of plain -O2 with --level baseline. --sort: worst first.
NAME: only these rows (TA-Lib's or Tulip's names), and no plans. Needs KLINE_LIBRARY or --library; KLINE (the tool) for the last part."""
import argparse
import ctypes as c
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "peers"))
import peer_rows
import timing
from kline_indicator import Library, Plan, view_of
from peer_table import NOT_OURS

LEVELS = ["baseline", "avx2", "avx512", "neon"]
FEATURES = [
    "rsi(14)", "rsi(14) > 70", "rsi(14) < 30", "ema(rsi(14), 9)", "rsi(14) - ema(rsi(14), 9)",
    "ema(20)", "ema(50)", "close / ema(50) - 1", "ema(20) / ema(50) - 1", "ema(20) > ema(50)",
    "macd(12, 26, 9).macd", "macd(12, 26, 9).signal", "macd(12, 26, 9).hist", "macd(12, 26, 9).hist > 0",
    "bbands(20, 2).upper", "bbands(20, 2).lower", "(close - bbands(20, 2).middle) / (bbands(20, 2).upper - bbands(20, 2).lower)",
    "close < bbands(20, 2).lower and rsi(14) < 30",
    "atr(14)", "atr(14) / close", "(high - low) / atr(14)", "close > ema(50) + 2 * atr(14)",
    "volume / sma(volume, 20)", "volume > 2 * sma(volume, 20)", "vwap(20)", "close / vwap(20) - 1",
    "zscore(close, 20)", "zscore(volume, 24) > 3", "obv()", "obv() > ema(obv(), 20)",
]
MANY, MARGIN = 500, 16
options = argparse.ArgumentParser(usage="see the head of this file")
options.add_argument("--quick", action="store_true")
options.add_argument("--level", choices=LEVELS)
options.add_argument("--library", dest="shared")
options.add_argument("--rounds", type=int, default=int(os.environ.get("KLINE_BENCH_ROUNDS", 15)))
options.add_argument("--sort", action="store_true")
options.add_argument("names", nargs="*")
options = options.parse_args()
N = 100_000 if options.quick else 1_000_000
kline = Library(options.shared)
if options.level and kline.lib.kl_simd_force(LEVELS.index(options.level)) != 0:
    sys.exit(f"this machine has no {options.level}")


def shifted(whole, by):
    """N bars from another place on; periods as whole columns, which ours are not asked to compute."""
    m = {name: column[by:by + N] for name, column in whole.items()}
    view = view_of(**m)
    m["periods"] = m.pop("quote_volume")
    return m, view


def markets():
    whole = timing.walk(N + 1024 * MARGIN)
    whole["quote_volume"] = np.floor(whole["volume"] % 40)
    return [shifted(whole, 1024 * k) for k in range(MARGIN)]


class Ours:
    """Expressions in one plan, outputs in warm columns of their own."""
    room = []

    def __init__(self, texts):
        self.plan = Plan(kline, texts)
        while len(Ours.room) < self.plan.outputs:
            Ours.room.append(np.zeros(N))
        self.places = (c.c_void_p * self.plan.outputs)(*[out.ctypes.data for out in Ours.room[:self.plan.outputs]])

    def __call__(self):
        self.plan.run(view, self.places)


def rotate(turn):
    global m, view
    m, view = MARKETS[turn % MARGIN]


def measure(*runs):
    """ns a bar; slow ones are not repeated as often, for they are long enough."""
    first = timing.best(1, *runs, before=rotate)
    rounds = max(3, min(options.rounds, int(options.rounds * 1e8 / sum(first))))
    return [min(a, b) / N for a, b in zip(first, timing.best(rounds, *runs, before=rotate))]


def rows():
    """expression -> [key of the first, its row, {peer: (function, columns, values)}]"""
    found, defaults = {}, {}
    for row in list(peer_rows.talib_rows()) + (list(peer_rows.tulip_rows()) if peer_rows.tulipy else []):
        values = row.defaults
        name = row.key[2:].upper()
        if row.key[0] == "T":
            defaults[name] = values
        elif name in defaults and len(defaults[name]) == len(values):
            values = defaults[name]
        if row.key in NOT_OURS or (options.names and name not in options.names):
            continue
        text = peer_rows.template(row.key, row.columns, values)
        found.setdefault(text, (row.key, {}))[1][row.key[0]] = (row.function, row.columns, values)
    return found


def geometric(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def table():
    """Prints all rows; ratios by key, and ours and TA-Lib's ns."""
    lines, without = [], []
    for text, (key, peers) in rows().items():
        try:
            ours = Ours([part.replace("mod(volume, 40)", "quote_volume") for part in text.split(" ; ")])
        except ValueError as error:
            without.append(f"{key}: {error}")
            continue
        theirs = [lambda f=f, columns=columns, values=values: f(*[m[x] for x in columns], *values) for f, columns, values in peers.values()]
        ns = measure(ours, *theirs)
        by = dict(zip(peers, ns[1:]))
        lines.append((min(ns[1:]) / ns[0], key, ns[0], by.get("T"), by.get("U"), ours.plan.nodes, text))
        if not options.sort:
            show(*lines[-1])
    if options.sort:
        for line in sorted(lines):
            show(*line)
    ratios = [line[0] for line in lines]
    print(f"{len(lines)} rows: geometric mean of the ratios {geometric(ratios):.2f}, without candles "
          f"{geometric([x[0] for x in lines if x[1][:5] != 'T:CDL']):.2f}; below 1: {sum(x < 1 for x in ratios)}")
    for line in sorted(lines):
        if line[0] < 1:
            print(f"  below 1: {line[1]} {line[0]:.2f}")
    for line in without:
        print(f"  without a row: {line}")


def show(ratio, key, ours, talib, tulip, nodes, text):
    print(f"{ratio:7.2f}  {key[2:]:20} ours {ours:8.3f}  TA-Lib {'-' if talib is None else format(talib, '.3f'):>8}"
          f"  Tulip {'-' if tulip is None else format(tulip, '.3f'):>8}  {nodes:2} nodes  {text}", flush=True)


def candles():
    names = peer_rows.talib.get_function_groups()["Pattern Recognition"]
    sheet = {row.key: row for row in peer_rows.talib_rows()}
    together = Ours([peer_rows.template("T:" + n, sheet["T:" + n].columns, sheet["T:" + n].defaults) for n in names])
    functions = [sheet["T:" + n].function for n in names]
    ns = measure(together, lambda: [f(m["open"], m["high"], m["low"], m["close"]) for f in functions])
    print(f"{len(names)} candles: one plan of {together.plan.nodes} nodes {ns[0]:.1f} ns a bar, calls of TA-Lib {ns[1]:.1f}: {ns[1] / ns[0]:.2f}")


def features():
    print(f"{len(FEATURES)} features: " + "; ".join(FEATURES))
    together, apart = Ours(FEATURES), [Ours([text]) for text in FEATURES]
    for i, one in enumerate(apart):  # a table of features: each has its own column
        one.places = (c.c_void_p * 1)(Ours.room[i].ctypes.data)
    whole, *each = measure(together, *apart)
    print(f"one plan of {together.plan.nodes} nodes {whole:.1f} ns a bar, {sum(one.plan.nodes for one in apart)} nodes apart {sum(each):.1f}: "
          f"{sum(each) / whole:.2f}")


def symbols():
    plan, steps = Plan(kline, FEATURES, MANY), 2000
    names, taken, out = plan.columns(), np.zeros((plan.inputs, MANY)), np.zeros((plan.outputs, MANY))
    places = [(c.c_void_p * len(a))(*[row.ctypes.data for row in a]) for a in (taken, out)]
    rotate(0)
    bars = [m[name] for name in names]
    times = []
    for k in range(steps):
        for i, column in enumerate(bars):
            taken[i] = column[k:k + 97 * MANY:97]
        begin = time.process_time_ns()
        plan.lib.kl_plan_step(plan.state, *places)
        times.append(time.process_time_ns() - begin)
    times = sorted(times[steps // 4:])
    print(f"one step of {len(FEATURES)} features for {MANY} symbols: least {times[0] / 1e3:.1f} us, median {times[len(times) // 2] / 1e3:.1f} us")


def summary():
    tool = os.environ.get("KLINE")
    if not tool:
        print("SKIPPED: KLINE names no tool")
        return
    listed = [json.loads(line) for line in subprocess.run([tool, "list", "indicators", "--json"], check=True, capture_output=True).stdout.splitlines()]
    names = [x["name"] for x in listed if x["group"] not in ("price", "math", "logic")][:250]
    with tempfile.TemporaryDirectory() as where:
        bars = os.path.join(where, "TESTUSDT-1m.csv")
        end = np.datetime64("2020-01-01T00:00") + np.timedelta64(N, "m")
        subprocess.run([tool, "gen", "--format", "kline-csv", "--from", "2020-01-01", "--to", str(end) + "Z", "-o", bars], check=True)
        for what, texts in (("1 indicator", ["close"]), (f"{len(names)} indicators", [name + "()" for name in names])):
            least = [float("inf")] * 2
            for _ in range(3):
                wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
                made = subprocess.run([tool, "eval", "--summary", "--interval", "1m", bars, *texts], capture_output=True, text=True)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                if made.returncode:
                    print("FAILED: kline eval: " + made.stderr.strip())
                    return
                spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                least = [min(a, b) for a, b in zip(least, (time.perf_counter() - wall, spent))]
            print(f"kline eval --summary, {what} of {N} bars ({len(made.stdout.splitlines()) - 1} columns): {least[0]:.2f} s, CPU {least[1]:.2f} s")


timing.keep_memory()
MARKETS = markets()
rotate(0)
print(f"TA-Lib {peer_rows.talib.__version__}" + (", Tulip" if peer_rows.tulipy else "; SKIPPED: no tulipy") + f", N = {N}, level "
      f"{options.level or 'best'}, a copy of one column {measure(lambda out=np.zeros(N): np.copyto(out, m['close']))[0]:.3f} ns")
table()
if not options.names:
    candles()
    features()
    symbols()
    summary()
