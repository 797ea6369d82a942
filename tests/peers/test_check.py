"""`kline check` against an independent count by pandas, file by file, exactly: rows, duplicates, order, gaps (each of them), units,
defects, outliers.

Needs KLINE (the tool) and KLINE_SHARED (the folder of real data). Prints `ok:` lines, or fails with what differs."""
import gzip
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

KLINE = os.environ.get("KLINE", "build/gcc/src/cli/kline")
DATA = Path(os.environ.get("KLINE_SHARED", "../shared")) / "data"
FOLDERS = ["finom_static-klines", "ginghong_backtest_jup", "andresciancio_freqtrade-docker-strategy", "damiankluk_freqtrade",
           "gnguyenquant_pair_trading_binance", "kidogb_strategy_bactest", "intabyu_interview-at", "owlacar-dotcom_isda",
           "AstralMoonlight_battle_hymn", "XyloTech_TF.bk", "freqtrade_freqtrade", "nautechsystems_nautilus_trader"]
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
EPOCHS = [("s", 1_000_000), ("ms", 1_000), ("us", 1), ("ns", None)]
SPELLINGS = {"timestamp": "open_time", "opentime": "open_time", "time": "open_time", "qty": "quantity", "amount": "quantity",
             "numberoftrades": "trade_count", "trades": "trade_count", "count": "trade_count", "closetime": "close_time"}


def text_of(path):
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.name.endswith(".gz") else raw).decode()


def to_us(value):
    """(microseconds, unit) of an epoch number or an ISO text."""
    text = str(value).strip()
    if re.fullmatch(r"\d+(\.\d*)?", text):
        number = float(text) if "." in text else int(text)
        for index, (unit, factor) in enumerate(EPOCHS):
            low, high = 946684800 * 1000**index, 4102444800 * 1000**index
            if low <= number <= high:
                return (int(number * factor) if factor else int(number) // 1000), unit
        raise ValueError(f"no epoch: {text}")
    stamp = pd.Timestamp(text)
    stamp = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")
    return stamp.value // 1000, "iso"


def frame_of(path):
    """(kind, rows) with kind klines or trades; None where the file holds no row."""
    text = text_of(path)
    if not text.strip():
        return None
    if text.lstrip()[0] == "[":
        rows = json.loads(text, parse_float=str, parse_int=str)
        if not rows:
            return None
        if isinstance(rows[0], dict):
            if "price" not in rows[0]:
                return None
            rows = [r.get("info", r) for r in rows]
            return "trades", pd.DataFrame({"id": [int(r.get("a", r.get("id"))) for r in rows], "open_time": [r.get("T", r.get("time")) for r in rows],
                                           "first": [int(r.get("f", r.get("id", 0))) for r in rows], "last": [int(r.get("l", r.get("id", 0))) for r in rows]})
        if len(rows[0]) == 7:
            return "trades", pd.DataFrame({"id": [int(r[1]) for r in rows], "open_time": [r[0] for r in rows]})
        names = ["open_time", "open", "high", "low", "close", "volume", "close_time", "quote", "trade_count", "tb", "tq", "ignore"]
        return "klines", pd.DataFrame(rows, columns=names[: len(rows[0])])
    first = text.splitlines()[0]
    if first[0].isdigit():
        width = first.count(",") + 1
        frame = pd.read_csv(io.StringIO(text), header=None, dtype=str)
        if width == 3:
            frame.columns = ["open_time", "price", "quantity"]
            return "trades", frame
        frame.columns = ["open_time", "open", "high", "low", "close", "volume", "close_time", "quote", "trade_count", "tb", "tq", "ignore"][:width]
        return "klines", frame
    frame = pd.read_csv(io.StringIO(text), dtype=str, skipinitialspace=True)
    plain = [re.sub(r"[^a-z0-9]", "", str(name).lower()) for name in frame.columns]
    frame.columns = [SPELLINGS.get(name, name) for name in plain]
    return ("trades" if "price" in frame.columns and "open" not in frame.columns else "klines"), frame.loc[:, ~frame.columns.duplicated()]


def interval_of(path):
    found = re.findall(r"(?<![0-9A-Za-z])(\d+)(mo|[smhdwM])(?![0-9A-Za-z])", "/".join(path.parts[-3:]))
    if not found:
        return None
    n, unit = found[-1]
    return int(n), "M" if unit == "mo" else unit


def steps(opens, interval):
    """Bars between neighbouring opens."""
    n, unit = interval
    if unit == "M":
        months = pd.to_datetime(opens, unit="us").to_period("M").asi8 if hasattr(pd.to_datetime(opens, unit="us"), "to_period") else None
        return np.diff(months) // n
    return np.diff(opens) // (n * SECONDS[unit] * 1_000_000)


def outliers_of(closes, limit=0.5, patience=3):
    """Closes whose return from the last good close is beyond the limit; `patience` of them at one level are a new level, once."""
    found, good, level, run = 0, None, None, 0
    for close in closes:
        if not close > 0:
            continue
        if good is None or abs(close / good - 1.0) <= limit:
            good, run = close, 0
            continue
        run = run + 1 if run and abs(close / level - 1.0) <= limit else 1
        level = close
        found += 1
        if run == patience:
            found, good, run = found - patience + 1, close, 0
    return found


def floors(opens, interval):
    """Start of the bar that each time lies in; of months and of bars of several days the times themselves."""
    n, unit = interval
    if unit == "M" or (unit == "d" and n > 1):
        return opens
    length, anchor = n * SECONDS[unit] * 1_000_000, 4 * 86_400_000_000 if unit == "w" else 0
    return (opens - anchor) // length * length + anchor


def holes_of(unique, interval):
    """(first absent, end, bars) of each hole, as `kline check --gaps` lists them; bars of whole seconds only."""
    n, unit = interval
    if unit == "M":
        return None
    length, starts = n * SECONDS[unit] * 1_000_000, np.unique(floors(unique, interval))
    wide = np.flatnonzero(np.diff(starts) > length)
    return [(int(starts[i] + length), int(starts[i + 1]), int((starts[i + 1] - starts[i]) // length - 1)) for i in wide]


def count(path):
    loaded = frame_of(path)
    if loaded is None:
        return None
    kind, frame = loaded
    times = [to_us(value) for value in frame["open_time"]]
    opens = np.array([time for time, _ in times], dtype=np.int64)
    units = [unit for _, unit in times]
    expected = {"rows": len(opens), "unit_changes": sum(a != b for a, b in zip(units, units[1:])),
                "out_of_order": int((np.diff(opens) < 0).sum()), "first_us": int(opens.min()), "last_us": int(opens.max())}
    if kind == "trades":
        if "id" in frame.columns:
            ids = frame["id"].astype("int64").to_numpy()
            expected["unique"] = len(np.unique(ids))
            ordered = frame.assign(id=ids).drop_duplicates("id").sort_values("id")
            first = ordered.get("first", ordered["id"]).astype("int64").to_numpy()
            last = ordered.get("last", ordered["id"]).astype("int64").to_numpy()
            holes = first[1:] - last[:-1] - 1
        else:
            expected["unique"] = len(opens)
            holes = np.array([], dtype=np.int64)
        expected["gaps"], expected["missing"] = int((holes > 0).sum()), int(holes[holes > 0].sum())
        return kind, expected, None
    unique, index, copies = np.unique(opens, return_index=True, return_counts=True)
    number = {name: pd.to_numeric(frame[name], errors="coerce") for name in ["open", "high", "low", "close", "volume"]}
    expected["unique"] = len(unique)
    between = steps(unique, interval_of(path))
    expected["gaps"], expected["missing"] = int((between > 1).sum()), int((between[between > 1] - 1).sum())
    expected["zero_volume"] = int((number["volume"] == 0).sum())
    expected["bad_price"] = int(((number["open"] <= 0) | (number["high"] <= 0) | (number["low"] <= 0) | (number["close"] <= 0)).sum())
    top, bottom = np.maximum(number["open"], number["close"]), np.minimum(number["open"], number["close"])
    expected["bad_volume"] = int((number["volume"] < 0).sum())
    expected["unaligned"] = int((floors(opens, interval_of(path)) != opens).sum())
    trades = pd.to_numeric(frame["trade_count"], errors="coerce") if "trade_count" in frame.columns else pd.Series(np.nan, frame.index)
    flat = (number["volume"] == 0)
    expected["fillers"] = int(np.where(trades.notna(), trades == 0, flat).sum())
    expected["suspect"] = int((opens == opens.max()).sum())
    best = frame.assign(open_time=opens, close_value=number["close"], trade_value=trades).iloc[::-1]
    if not best.duplicated("open_time").any():
        expected["outliers"] = outliers_of(best.sort_values("open_time")["close_value"])
    expected["bad_ohlc"] = int(((number["high"] < top) | (number["low"] > bottom)).sum())
    if "close_time" in frame.columns and interval_of(path)[1] != "M":
        n, unit = interval_of(path)
        length = n * SECONDS[unit] * 1_000_000
        said = frame["close_time"].notna()
        closes = np.array([to_us(value)[0] for value in frame["close_time"][said]], dtype=np.int64)
        rest = length - (closes - opens[said.to_numpy()])
        expected["bad_close_time"] = int(((closes < opens[said.to_numpy()]) & (number["volume"][said].to_numpy() != 0)).sum()
                                         + (closes > opens[said.to_numpy()] + length).sum())
        expected["truncated_close_times"] = int((~np.isin(rest, [1, 1_000, 1_000_000])).sum())
    extra = frame.assign(open_time=opens)[frame.columns[:6].tolist() if len(frame.columns) >= 6 else frame.columns]
    expected["duplicates"] = int(extra.duplicated().sum())
    expected["conflicts"] = len(opens) - len(unique) - expected["duplicates"]
    expected["updates"] = 0
    return kind, expected, holes_of(unique, interval_of(path))


def gaps_said(path):
    run = subprocess.run([KLINE, "check", "--gaps", "--json", str(path)], capture_output=True, text=True)
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    return [(to_us(row["from"])[0], to_us(row["to"])[0], row["missing"]) for row in rows]


def files():
    for folder in FOLDERS:
        for path in sorted((DATA / folder).rglob("*")):
            name = path.name.removesuffix(".gz")
            if not path.is_file() or name.endswith(".feather"):
                continue
            if folder == "nautechsystems_nautilus_trader" and not name.endswith(".csv"):
                continue
            yield path


def main():
    if not DATA.is_dir():
        print(f"SKIPPED: no real data at {DATA}")
        return 0
    checked, fields, holes, failures = 0, 0, 0, []
    for path in files():
        where = path.relative_to(DATA)
        run = subprocess.run([KLINE, "check", "--json", str(path)], capture_output=True, text=True)
        expected = count(path)
        if expected is None:
            if run.returncode != 3 or "empty" not in run.stderr:
                failures.append(f"{where}: holds no row, but check said {run.returncode}: {run.stderr.strip()}")
            checked += 1
            continue
        try:
            got = json.loads(run.stdout.splitlines()[0])
        except (IndexError, json.JSONDecodeError):
            failures.append(f"{where}: no answer ({run.returncode}): {run.stderr.strip()[:200]}")
            continue
        for name, value in expected[1].items():
            said = got.get(name)
            if name in ("first_us", "last_us"):
                said = to_us(got[name.replace("_us", "")])[0] if name.replace("_us", "") in got else got.get(name)
                if isinstance(said, str):
                    said = to_us(said)[0]
            fields += 1
            if said != value:
                failures.append(f"{where}: {name}: kline {said}, pandas {value}")
        if expected[2] is not None:
            said, holes = gaps_said(path), holes + len(expected[2])
            if said != expected[2]:
                failures.append(f"{where}: holes: kline {said[:3]}.. ({len(said)}), pandas {expected[2][:3]}.. ({len(expected[2])})")
        checked += 1
    for failure in failures:
        print("FAILED:", failure)
    print(f"count: kline check = pandas in {checked} files, {fields} counts, {holes} holes, {len(failures)} differences")
    if not failures:
        print("ok: kline check agrees with pandas")
    return 1 if failures or checked < 300 else 0


if __name__ == "__main__":
    sys.exit(main())
