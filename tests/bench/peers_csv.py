"""Exchange CSV of candles: libkline (parse + validate + dedup) against the CSV readers of pandas, polars and DuckDB, one thread each.

Processor time, fastest of three runs, each reader in a process of its own. Environment: KLINE_BENCH (folder with bench_csv),
KLINE_BENCH_MB (size of the file)."""
import os
import subprocess
import sys
from pathlib import Path

NAMES = ["open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume", "trade_count", "taker_buy_base",
         "taker_buy_quote", "unused"]
INTEGERS = {"open_time", "close_time", "trade_count", "unused"}
RUNS = int(os.environ.get("KLINE_BENCH_RUNS", "3"))


def with_pandas(path, precision=None):
    import pandas
    return len(pandas.read_csv(path, header=None, names=NAMES, float_precision=precision))


def with_polars(path):
    import polars
    return polars.read_csv(path, has_header=False, new_columns=NAMES).height


def with_duckdb(path):
    import duckdb
    columns = ", ".join(f"'{name}': '{'BIGINT' if name in INTEGERS else 'DOUBLE'}'" for name in NAMES)
    base = duckdb.connect()
    base.execute("PRAGMA threads=1")
    base.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{path}', header=false, auto_detect=false, delim=',', columns={{{columns}}})")
    return base.execute("SELECT count(*) FROM t").fetchone()[0]


READERS = {"pandas": with_pandas, "pandas round_trip": lambda path: with_pandas(path, "round_trip"), "polars": with_polars, "duckdb": with_duckdb}


def child(reader, path):
    """Prints rows and seconds of this process."""
    import time
    __import__(reader.split()[0])
    start = time.process_time()
    rows = READERS[reader](path)
    print(rows, time.process_time() - start)


def measure(reader, path):
    env = dict(os.environ, POLARS_MAX_THREADS="1", OMP_NUM_THREADS="1")
    best, rows = float("inf"), 0
    for _ in range(RUNS):
        out = subprocess.run([sys.executable, __file__, "--child", reader, str(path)], env=env, capture_output=True, text=True, check=True).stdout
        rows, seconds = int(out.split()[0]), float(out.split()[1])
        best = min(best, seconds)
    return rows, best


def main():
    folder = Path(os.environ["KLINE_BENCH"])
    megabytes = os.environ.get("KLINE_BENCH_MB", "1000")
    path = folder / f"klines-{megabytes}.csv"
    bench = folder / "bench_csv"
    if not path.exists():
        subprocess.run([bench, "make", path, megabytes], check=True)
    ours = {}
    for line in subprocess.run([bench, "read", path, str(RUNS)], capture_output=True, text=True, check=True).stdout.splitlines():
        words = line.split()
        ours[words[0]] = (int(words[2]), float(words[4]))
        print(f"libkline {words[0]:<22} {float(words[4]):8.2f} s {float(words[6]):8.0f} MB/s")
    rows, seconds = ours["parse+validate+dedup"]
    size, theirs = path.stat().st_size / 1e6, {}
    for reader in READERS:
        try:
            found, theirs[reader] = measure(reader, path)
        except subprocess.CalledProcessError as problem:
            print(f"{reader}: {problem.stderr.strip().splitlines()[-1:]}")
            continue
        print(f"{reader:<31} {theirs[reader]:8.2f} s {size / theirs[reader]:8.0f} MB/s   ours/theirs {theirs[reader] / seconds:.2f}x")
        assert found == rows, (reader, found, rows)
    wanted = {"pandas": 4, "pandas round_trip": 6}
    for reader, factor in wanted.items():
        if reader in theirs:
            print(f"{'reached' if theirs[reader] / seconds >= factor else 'MISSED'}: {factor}x {reader}")
    fastest = min((theirs[r] for r in ("polars", "duckdb") if r in theirs), default=None)
    if fastest:
        print(f"{'reached' if fastest / seconds >= 1.5 else 'MISSED'}: 1.5x the faster of polars and DuckDB, {fastest / seconds:.2f}x")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--child":
        child(sys.argv[2], sys.argv[3])
    else:
        main()
