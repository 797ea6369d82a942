"""Trades -> 1m candles (open, high, low, close, volume) from columns: the library against polars group_by_dynamic with one thread, in one
process, on the same memory, in turn. Needs KLINE_LIBRARY; KLINE_BENCH_TRADES is the number of trades (default 10 million)."""
import ctypes
import os
import time

os.environ["POLARS_MAX_THREADS"] = "1"
import numpy as np
import polars as pl

N, RUNS = int(os.environ.get("KLINE_BENCH_TRADES", 10_000_000)), 7


class Trades(ctypes.Structure):
    _fields_ = [("n", ctypes.c_size_t), ("time_us", ctypes.c_void_p), ("price", ctypes.c_void_p), ("quantity", ctypes.c_void_p),
                ("buyer_maker", ctypes.c_void_p), ("sorted", ctypes.c_int32), ("reserved", ctypes.c_int32)]


class Candles(ctypes.Structure):
    _fields_ = [("capacity", ctypes.c_size_t), ("open_time_us", ctypes.c_void_p)] + [
        (name, ctypes.c_void_p) for name in ("open", "high", "low", "close", "volume", "quote_volume", "taker_buy_base", "taker_buy_quote", "trade_count")]


class Interval(ctypes.Structure):
    _fields_ = [("unit", ctypes.c_int32), ("n", ctypes.c_int32), ("anchor_us", ctypes.c_int64)]


library = ctypes.CDLL(os.environ["KLINE_LIBRARY"])
minute = Interval()
assert library.kl_interval_parse(b"1m", ctypes.c_size_t(2), ctypes.byref(minute)) == 0


def main():
    random = np.random.default_rng(1)
    for label, step in (("dense, 600 a minute", 200_000), ("sparse, 6 a minute", 20_000_000)):
        times = 1_672_531_200_000_000 + np.cumsum(random.integers(0, step, N))
        price, quantity = 20_000 + random.integers(0, 10_000, N) / 100, random.integers(1, 100_000, N) / 1e5
        room = int((times[-1] - times[0]) // 60_000_000) + 2
        made = {name: np.empty(min(room, N)) for name in ("open", "high", "low", "close", "volume")}
        opens = np.empty(min(room, N), dtype=np.int64)
        trades = Trades(N, times.ctypes.data, price.ctypes.data, quantity.ctypes.data, None, 0, 0)
        candles = Candles(len(opens), opens.ctypes.data, *[made[name].ctypes.data for name in made])
        count = ctypes.c_size_t()
        frame = pl.DataFrame({"time": times, "price": price, "quantity": quantity}).with_columns(pl.col("time").cast(pl.Datetime("us")).set_sorted())
        ours = {0: float("inf"), 1: float("inf")}
        theirs = float("inf")
        for _ in range(RUNS):
            for trades.sorted in ours:
                start = time.perf_counter()
                assert library.kl_trade_columns_fold(ctypes.byref(trades), ctypes.byref(minute), ctypes.byref(candles), ctypes.byref(count), None) == 0
                ours[trades.sorted] = min(ours[trades.sorted], time.perf_counter() - start)
            start = time.perf_counter()
            result = frame.group_by_dynamic("time", every="1m").agg(
                pl.col("price").first().alias("open"), pl.col("price").max().alias("high"), pl.col("price").min().alias("low"),
                pl.col("price").last().alias("close"), pl.col("quantity").sum().alias("volume"))
            theirs = min(theirs, time.perf_counter() - start)
        n = count.value
        assert n == len(result) and (opens[:n] == result["time"].cast(pl.Int64).to_numpy()).all()
        for name in ("open", "high", "low", "close"):
            assert (made[name][:n] == result[name].to_numpy()).all(), name
        assert np.allclose(made["volume"][:n], result["volume"].to_numpy(), rtol=1e-12, atol=0)
        for vouched, how in ((1, "order vouched for on both sides"), (0, "ours checks the order too")):
            print(f"trades -> 1m from columns, {label}, {how}: {ours[vouched] * 1e9 / N:.2f} ns, polars {pl.__version__} {theirs * 1e9 / N:.2f} ns "
                  f"a trade: {theirs / ours[vouched]:.1f}x (goal 5x)")


main()
