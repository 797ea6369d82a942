"""All correlations of a window of 24 rows, in nanoseconds a pair and row, against numpy (A.T @ A of the standardised window, OpenBLAS on one thread;
standardising is not counted; corrcoef) and pandas' rolling(24).corr(), taking turns, processor time, minimum of rounds. Needs KLINE_BENCH, the
folder of bench_corr, and KLINE_LIBRARY, with which results are compared first."""
import ctypes as c
import os
import re
import subprocess
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np
import pandas as pd

ROUNDS, ROWS = int(os.environ.get("KLINE_BENCH_ROUNDS", 7)), 24
LINE = re.compile(r"symbols,\s+\d+ rows, (\w+)\s+scan ([\d.]+) ns.*matrix ([\d.]+) ns, ([\d.]+) us, worst row ([\d.]+) us")


class Spec(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("flags", c.c_uint32), ("symbols", c.c_int64), ("rows", c.c_int64), ("min_count", c.c_int64)]


def history(symbols, n):
    rng = np.random.default_rng(1)
    return np.ascontiguousarray(0.01 * (rng.normal(size=(n, symbols)) + 0.7 * rng.normal(size=(n, 1))))


def check(symbols):
    """The library's packed matrices are numpy's and pandas'."""
    lib, spec, x = c.CDLL(os.environ["KLINE_LIBRARY"]), Spec(), history(symbols, 80)
    packed = np.empty((80, symbols * (symbols - 1) // 2))
    lib.kl_corr_spec_init(c.byref(spec), c.c_int64(symbols), c.c_int64(ROWS))
    assert lib.kl_corr_run(c.byref(spec), c.c_int64(0), x.ctypes.data_as(c.c_void_p), c.c_size_t(80), c.c_size_t(symbols), None, None,
                           packed.ctypes.data_as(c.c_void_p), None) == 0
    upper = np.triu_indices(symbols, 1)
    off = max(np.abs(np.corrcoef(x[t + 1 - ROWS:t + 1].T)[upper] - packed[t]).max() for t in range(ROWS - 1, 80))
    off = max(off, np.abs(pd.DataFrame(x).rolling(ROWS).corr().to_numpy().reshape(80, symbols, symbols)[-1][upper] - packed[-1]).max())
    assert np.isnan(packed[:ROWS - 1]).all() and off < 1e-12
    return off


def ours(symbols, n):
    text = subprocess.run([os.path.join(os.environ["KLINE_BENCH"], "bench_corr"), str(symbols), str(ROWS), str(n)],
                          check=True, capture_output=True, text=True).stdout
    return {level: [float(v) for v in values] for level, *values in LINE.findall(text)}


def clock(run, count):
    begin = time.process_time()
    run()
    return (time.process_time() - begin) * 1e9 / count


def numpy_windows(symbols):
    x = history(symbols, ROWS + 20)
    windows = [x[t:t + ROWS] for t in range(20)]
    standard = [np.ascontiguousarray((w - w.mean(0)) / (w.std(0) * np.sqrt(ROWS))) for w in windows]
    out = np.empty((symbols, symbols))  # no allocation in the timed call
    return [lambda: [np.matmul(a.T, a, out=out) for a in standard], lambda: [np.corrcoef(w.T) for w in windows]]


def compare(symbols, n, pandas_rows):
    pairs, least = symbols * (symbols - 1) / 2, {}

    def keep(name, value):
        least[name] = min(least.get(name, float("inf")), value)

    product, corrcoef = numpy_windows(symbols)
    frame = pd.DataFrame(history(symbols, pandas_rows or 1))
    kline = {}
    for _ in range(ROUNDS):
        for level, values in ours(symbols, n).items():
            kline[level] = [min(a, b) for a, b in zip(values, kline.get(level, values))]
        keep("numpy A.T @ A", clock(product, 20 * pairs))
        keep("numpy corrcoef", clock(corrcoef, 20 * pairs))
        if pandas_rows:
            keep("pandas", clock(lambda: frame.rolling(ROWS).corr(), pandas_rows * pairs))
    print(f"{symbols} symbols: " + ", ".join(f"{name} {value:.3f}" for name, value in least.items()) + " ns a pair and row")
    for level, (scan, push, mean, worst) in kline.items():
        print(f"  {level:8} scan {scan:6.3f} ns: " + ", ".join(f"{value / scan:.1f} x {name}" for name, value in least.items()) +
              f"; push and matrix {push:.3f} ns ({mean:.1f} us, worst row {worst:.1f} us): {least['numpy A.T @ A'] / push:.1f} x A.T @ A")


print(f"numpy {np.__version__}, pandas {pd.__version__}; greatest difference {max(check(7), check(50)):.1e}")
compare(500, 480, 0)
compare(50, 4000, 200)
compare(7, 8000, 1000)
