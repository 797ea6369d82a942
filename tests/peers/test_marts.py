"""`kline marts --compat` on the real hourly candles against the same marts in SQL (DuckDB) and in numpy, to 1e-12.

Needs KLINE (the tool) and KLINE_SHARED (the folder of real data). Prints `ok:` lines, or fails with what differs."""
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

KLINE = os.environ.get("KLINE", "build/gcc/src/cli/kline")
DATA = Path(os.environ.get("KLINE_SHARED", "../shared")) / "data" / "finom_static-klines"
ROWS = 24
KEYS = {"returns": ["symbol", "open_time"], "volume": ["symbol", "open_time"], "movers": ["symbol", "open_time"],
        "correlations": ["base", "related", "open_time"]}


def candles():
    """All hourly candles, one row for each symbol and open time."""
    frames = []
    for path in sorted(DATA.glob("*/1h/*.json*")):
        opener = __import__("gzip").open if path.name.endswith(".gz") else open
        with opener(path, "rt") as file:
            rows = json.load(file)
        frame = pd.DataFrame([[r[0], float(r[4]), float(r[5])] for r in rows], columns=["open_time", "close", "volume"])
        frame["symbol"] = path.parent.parent.name
        frames.append(frame)
    frame = pd.concat(frames).drop_duplicates(["symbol", "open_time"]).sort_values(["symbol", "open_time"]).reset_index(drop=True)
    frame["open_time"] *= 1000
    return frame


def tool(store, mart):
    text = subprocess.run([KLINE, "marts", mart, "--store", store, "--compat", "--epoch", "us"], check=True, capture_output=True).stdout
    frame = pd.read_csv(io.BytesIO(text))
    return frame.sort_values(KEYS[mart]).reset_index(drop=True)


SQL = """
with lagged as (select *, lag(close) over (partition by symbol order by open_time) as p from candles),
 r as (select *, (close - p) / p as ret, ln(close / p) as lret from lagged),
 v as (select *, stddev_samp(ret) over w as vol, sum(volume) over w as sv, avg(volume) over w as av, sum(close * volume) over w as scv,
              max(close) over (partition by symbol order by open_time rows unbounded preceding) as peak
       from r window w as (partition by symbol order by open_time rows between 23 preceding and current row)),
 m as (select *, avg(vol) over (partition by symbol order by open_time rows between 23 preceding and current row) as mv from v)
select symbol, open_time, close, p as prev_close, ret as return_pct, lret as log_return, vol as rolling_vol_24h, mv,
       case when vol > 1.5 * mv then 'High' when vol > mv then 'Medium' else 'Low' end as volatility_regime,
       peak as running_peak_price, (close - peak) / peak as drawdown_pct,
       volume, sv as rolling_volume_24h, av as avg_volume_24h, volume / nullif(av, 0) as volume_spike_ratio,
       case when volume > 2 * av then 1 else 0 end as spike, scv / nullif(sv, 0) as vwap_24h,
       vol / nullif(mv, 0) as ratio, abs(ret) * (vol / nullif(mv, 0)) as mover_signal
from m order by symbol, open_time
"""


def marts_by_sql(frame):
    import duckdb
    base = duckdb.connect()
    base.register("candles", frame)
    result = base.execute(SQL).df()
    return {"returns": result, "volume": result, "movers": result.assign(volume_spike_ratio=result["ratio"])}


def mean_known(values, rows):
    """Mean of the known values of the last `rows`, in long double, and how many there are."""
    known = np.isfinite(values)
    terms = np.where(known, values, 0).astype(np.longdouble)
    total, count = np.zeros(len(values), np.longdouble), np.zeros(len(values), int)
    for age in range(rows):
        total[age:] += terms[: len(values) - age]
        count[age:] += known[: len(values) - age]
    with np.errstate(invalid="ignore", divide="ignore"):
        return total / count


def correlations(frame):
    """The raw-moment identity over joined rows; every mean passes its own missing values over, as AVG does."""
    frame = frame.copy()
    frame["ret"] = frame.groupby("symbol")["close"].transform(lambda c: (c - c.shift()) / c.shift())
    parts = []
    names = sorted(frame["symbol"].unique())
    for at, base in enumerate(names):
        left = frame[frame["symbol"] == base][["open_time", "ret"]]
        for related in names[at + 1:]:
            pair = left.merge(frame[frame["symbol"] == related][["open_time", "ret"]], on="open_time", suffixes=("_x", "_y"))
            x, y = pair["ret_x"].to_numpy().astype(np.longdouble), pair["ret_y"].to_numpy().astype(np.longdouble)
            ex, ey, exy, exx, eyy = (mean_known(v, ROWS) for v in (x, y, x * y, x * x, y * y))
            with np.errstate(invalid="ignore", divide="ignore"):
                root = np.sqrt((exx - ex * ex) * (eyy - ey * ey))
                r = np.where(root > 0, (exy - ex * ey) / root, np.nan).astype(float)
            change = np.abs(np.diff(r, prepend=np.nan))
            size = np.abs(r)
            regime = np.select([size >= 0.8, size >= 0.5, size >= 0.3], ["High", "Medium", "Low"], "Uncorrelated")
            parts.append(pd.DataFrame({"base": base, "related": related, "open_time": pair["open_time"], "corr_24h": r,
                                       "correlation_regime": regime, "breakdown_alert": (change > 0.5).astype(int)}))
    return pd.concat(parts).sort_values(KEYS["correlations"]).reset_index(drop=True)


def same(mart, ours, theirs, near=None):
    """Every column both have: numbers to 1e-12, unknown where unknown, labels and flags exactly but on the very edge of a limit."""
    assert len(ours) == len(theirs) > 0, f"{mart}: {len(ours)} rows, not {len(theirs)}"
    for key in KEYS[mart]:
        assert (ours[key].to_numpy() == theirs[key].to_numpy()).all(), f"{mart}: other keys in {key}"
    columns = [c for c in ours.columns if c in theirs.columns and c not in KEYS[mart]]
    worst = 0.0
    for column in columns:
        a, b = ours[column], theirs[column]
        if not (pd.api.types.is_numeric_dtype(a) and pd.api.types.is_numeric_dtype(b)):
            differ = a.fillna("").to_numpy(str) != b.fillna("").to_numpy(str)
            differ &= ~(near if near is not None else np.zeros(len(a), bool))
            assert not differ.any(), f"{mart}.{column}: row {differ.argmax()}: {a[differ.argmax()]} and {b[differ.argmax()]}"
            continue
        a, b = a.to_numpy(float), b.to_numpy(float)
        unknown = np.isnan(a) != np.isnan(b)
        assert not unknown.any(), f"{mart}.{column}: row {unknown.argmax()}: {a[unknown.argmax()]} and {b[unknown.argmax()]}"
        error = np.nan_to_num(np.abs(a - b) / np.maximum(np.abs(b), 1e-3 if mart == "correlations" else 1e-300), nan=0.0)
        assert error.max() <= 1e-12, f"{mart}.{column}: row {error.argmax()}: {a[error.argmax()]!r} and {b[error.argmax()]!r}"
        worst = max(worst, error.max())
    print(f"ok: {mart}: {len(ours)} rows, columns {' '.join(columns)}; worst difference {worst:.1e}")
    print(f"count: marts --compat {mart}: {len(ours)} rows x {len(columns)} columns equal, worst {worst:.1e}")


def main():
    if not DATA.is_dir():
        print(f"SKIPPED: marts of real data: there is no {DATA}")
        return
    frame = candles()
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store")
        files = [str(p) for p in sorted(DATA.glob("*/1h/*.json*"))]
        subprocess.run([KLINE, "import", *files, "--store", store], check=True, capture_output=True)
        try:
            sql = marts_by_sql(frame)
        except ImportError:
            print("SKIPPED: marts in SQL: duckdb is not installed")
            sql = {}
        for mart, theirs in sql.items():
            on_edge = None
            if mart == "returns":
                mean, vol = theirs["mv"].to_numpy(float), theirs["rolling_vol_24h"].to_numpy(float)
                on_edge = (np.abs(vol - 1.5 * mean) < 1e-12 * vol) | (np.abs(vol - mean) < 1e-12 * vol)
            same(mart, tool(store, mart), theirs, on_edge)
        same("correlations", tool(store, "correlations"), correlations(frame))


if __name__ == "__main__":
    sys.exit(main())
