"""Rolling windows in nanoseconds a bar against pandas, polars, bottleneck, numpy and TA-Lib in one run: N = 1e6, one thread, minimum of
rounds, each library in turn; outputs are allocated in the timed call on both sides, but for the comparison with a copy, where neither
allocates. A peer is `exact` where its result stays within 1e-10 of long double on three hostile series. Needs KLINE_LIBRARY."""
import ctypes as c
import os

os.environ["POLARS_MAX_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import bottleneck as bn
import numpy as np
import pandas as pd
import polars as pl
import talib

import timing

N, ROUNDS = 1_000_000, int(os.environ.get("KLINE_BENCH_ROUNDS", 9))
LEVELS = ["baseline", "avx2", "avx512", "neon"]
lib = c.CDLL(os.environ["KLINE_LIBRARY"])


class Stat(c.Structure):
    _fields_ = [("what", c.c_int32), ("rule", c.c_int32), ("param", c.c_double)]


class Interval(c.Structure):
    _fields_ = [("unit", c.c_int32), ("n", c.c_int32), ("anchor", c.c_int64)]


class Spec(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("flags", c.c_uint32), ("rows", c.c_int64), ("span", c.c_int64), ("period", Interval),
                ("min_count", c.c_int64), ("ddof", c.c_int32), ("n_stats", c.c_uint32), ("stats", Stat * 16)]


class Info(c.Structure):
    _fields_ = [("name", c.c_char_p), ("title", c.c_char_p), ("what", c.c_int32)]


lib.kl_roll_info_find.restype = c.POINTER(Info)


class Roll:
    """A window of the library over whole columns, its state made beforehand as a user would keep it."""

    def __init__(self, names, rows):
        self.spec, size, self.roll = Spec(), c.c_size_t(), c.c_void_p()
        lib.kl_roll_spec_init(c.byref(self.spec), c.c_int32(self.what(names[0])), c.c_int64(rows))
        self.spec.n_stats = len(names)
        for i, name in enumerate(names):
            self.spec.stats[i].what = self.what(name)
        assert lib.kl_roll_size(c.byref(self.spec), c.byref(size), None) == 0
        self.memory = np.empty(size.value // 8 + 1)
        self.size, self.count = size.value, len(names)

    @staticmethod
    def what(name):
        return lib.kl_roll_info_find(name.encode()).contents.what

    def __call__(self, *inputs, out=None):
        out = out or [np.empty(len(inputs[0])) for _ in range(self.count)]
        assert lib.kl_roll_init(c.c_void_p(self.memory.ctypes.data), c.c_size_t(self.size), c.byref(self.spec), c.byref(self.roll), None) == 0
        columns = (c.c_void_p * len(inputs))(*[x.ctypes.data for x in inputs])
        results = (c.c_void_p * self.count)(*[x.ctypes.data for x in out])
        assert lib.kl_roll_run(self.roll, None, columns, c.c_size_t(len(inputs[0])), results, None) == 0
        return out[0]


def sliding(x, rows):
    return np.lib.stride_tricks.sliding_window_view(x, rows)


def peers(what, rows):
    """name -> function of numpy columns, for one statistic."""
    table = {
        "sum": {"pandas": lambda x: pd.Series(x).rolling(rows).sum().to_numpy(), "polars": lambda x: pl.Series(x).rolling_sum(rows),
                "bottleneck": lambda x: bn.move_sum(x, rows), "TA-Lib": lambda x: talib.SUM(x, rows), "numpy": lambda x: sliding(x, rows).sum(1)},
        "mean": {"pandas": lambda x: pd.Series(x).rolling(rows).mean().to_numpy(), "polars": lambda x: pl.Series(x).rolling_mean(rows),
                 "bottleneck": lambda x: bn.move_mean(x, rows), "TA-Lib": lambda x: talib.SMA(x, rows)},
        "std": {"pandas": lambda x: pd.Series(x).rolling(rows).std().to_numpy(), "polars": lambda x: pl.Series(x).rolling_std(rows),
                "bottleneck": lambda x: bn.move_std(x, rows, ddof=1), "TA-Lib": lambda x: talib.STDDEV(x, rows) * np.sqrt(rows / (rows - 1))},
        "min": {"pandas": lambda x: pd.Series(x).rolling(rows).min().to_numpy(), "polars": lambda x: pl.Series(x).rolling_min(rows),
                "bottleneck": lambda x: bn.move_min(x, rows), "TA-Lib": lambda x: talib.MIN(x, rows), "numpy": lambda x: sliding(x, rows).min(1)},
        "median": {"pandas": lambda x: pd.Series(x).rolling(rows).median().to_numpy(), "polars": lambda x: pl.Series(x).rolling_median(rows),
                   "bottleneck": lambda x: bn.move_median(x, rows)},
    }
    table["max"] = {"pandas": lambda x: pd.Series(x).rolling(rows).max().to_numpy(), "bottleneck": lambda x: bn.move_max(x, rows),
                    "TA-Lib": lambda x: talib.MAX(x, rows), "polars": lambda x: pl.Series(x).rolling_max(rows)}
    table["zscore"] = {
        "pandas": lambda x: ((s := pd.Series(x)) - (r := s.rolling(rows)).mean()) / r.std(),
        "polars": lambda x: ((s := pl.Series(x)) - s.rolling_mean(rows)) / s.rolling_std(rows),
        "bottleneck": lambda x: (x - bn.move_mean(x, rows)) / bn.move_std(x, rows, ddof=1)}
    table["vwap"] = {
        "pandas": lambda p, v: pd.Series(p * v).rolling(rows).sum() / pd.Series(v).rolling(rows).sum(),
        "polars": lambda p, v: pl.Series(p * v).rolling_sum(rows) / pl.Series(v).rolling_sum(rows),
        "bottleneck": lambda p, v: bn.move_sum(p * v, rows) / bn.move_sum(v, rows),
        "TA-Lib": lambda p, v: talib.SUM(p * v, rows) / talib.SUM(v, rows)}
    return table[what]


def truth(what, rows, at, *inputs):
    w = [x[at + 1 - rows:at + 1].astype(np.longdouble) for x in inputs]
    away = w[0] - w[0][-1]  # a long double of 1e9 has no digits to spare
    std = np.sqrt(((away - away.mean()) ** 2).sum() / (rows - 1))
    return {"sum": w[0].sum(), "mean": w[0].mean(), "std": std, "zscore": -away.mean() / std if std else np.nan, "min": w[0].min(),
            "max": w[0].max(), "median": np.median(w[0]), "vwap": (w[0] * w[1]).sum() / w[1].sum() if len(w) > 1 else 0}[what]


def hostile():
    rng = np.random.default_rng(3)
    n = 20000
    yield 1e9 + 1e-3 * rng.normal(size=n)
    yield np.where(rng.random(n) < 1e-3, 1e9, 100 * np.exp(np.cumsum(rng.normal(0, 1e-3, n))))
    yield np.where(np.arange(n) // 500 % 2, 1e12 + rng.normal(size=n), 1e-3 * (1 + rng.random(n)))


def error(what, rows, run):
    """The worst relative error on hostile series; means and z-scores in units of what they are made of."""
    worst, rng = 0.0, np.random.default_rng(4)
    for x in hostile():
        inputs = (x, rng.random(len(x))) if what == "vwap" else (x,)
        got = np.asarray(run(*inputs), float)
        for at in range(rows - 1, len(x), 97):
            want = truth(what, rows, at, *inputs)
            unit = np.abs(x[at + 1 - rows:at + 1]).max() if what in ("mean", "sum", "min", "max", "median", "vwap") else max(abs(want), 1 if what == "zscore" else 0)
            if np.isfinite(want) and unit > 0:
                worst = max(worst, float(abs(got[at] - want) / unit) if np.isfinite(got[at]) else np.inf)
    return worst


def best(*runs):
    return [ns / N for ns in timing.best(ROUNDS, *runs)]


def compare(what, rows):
    inputs = (close, volume) if what == "vwap" else (close,)
    others, roll = peers(what, rows), Roll([what], rows)
    times = best(lambda: roll(*inputs), *[lambda run=run: run(*inputs) for run in others.values()])
    exact = {name: error(what, rows, run) for name, run in others.items()}
    line = f"{what}({rows})"
    print(f"{line:12} libkline {times[0]:7.3f} (error {error(what, rows, roll):.0e}): " + ", ".join(
        f"{name} {ns:.2f} = {ns / times[0]:.1f}x{'' if exact[name] <= 1e-10 else ' (wrong by ' + format(exact[name], '.0e') + ')'}"
        for name, ns in sorted(zip(others, times[1:]), key=lambda pair: pair[1])))


def against_copy(what, rows):
    roll, out = Roll([what], rows), np.empty(N)
    copy, ours = best(lambda: np.copyto(out, close), lambda: roll(close, out=[out]))
    print(f"{what}({rows}): {ours:.3f} ns, a copy of the same bytes {copy:.3f} ns: {ours / copy:.2f} times")


market = timing.walk(N)
close, volume = market["close"], market["volume"]
print(f"pandas {pd.__version__}, polars {pl.__version__}, bottleneck {bn.__version__}, numpy {np.__version__}, TA-Lib {talib.__version__}")
for level in (2, 1, 0, 3):
    if lib.kl_simd_force(level) != 0:
        continue
    print(f"-- {LEVELS[level]}")
    for what, rows in [("std", 24), ("zscore", 24), ("std", 500), ("zscore", 500), ("sum", 20), ("mean", 20), ("min", 20), ("max", 20),
                       ("median", 20), ("median", 200), ("vwap", 24)]:
        compare(what, rows)
    for what in ("sum", "mean", "min", "max"):
        against_copy(what, 20)
    if level == 2:
        std_z = Roll(["std", "zscore"], 24)
        print(f"std and z(24) together: {best(lambda: std_z(close))[0]:.3f} ns")
