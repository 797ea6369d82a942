"""What the benches against peers share: a market, and a clock for a machine that others use too."""
import ctypes
import time

import numpy as np


def walk(n, seed=1):
    """Bars of a random walk."""
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 1e-3, n)))
    open_ = np.concatenate([close[:1], close[:-1]])
    return {"open": open_, "high": np.maximum(open_, close) * (1 + rng.random(n) * 1e-3),
            "low": np.minimum(open_, close) * (1 - rng.random(n) * 1e-3), "close": close, "volume": rng.random(n) * 1000}


def best(rounds, *runs, before=None):
    """The least CPU time of each in ns, each in turn; before(round) is not timed."""
    least = [float("inf")] * len(runs)
    for turn in range(rounds):
        if before:
            before(turn)
        for i, run in enumerate(runs):
            begin = time.process_time_ns()
            run()
            least[i] = min(least[i], time.process_time_ns() - begin)
    return least


def keep_memory():
    """Memory that was given back stays with the process: from the second round on what a peer allocates costs it no page fault."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallopt") or not (libc.mallopt(-3, 1 << 25) and libc.mallopt(-1, 0x7fffffff)):
        print("no mallopt here: peers pay page faults for their outputs")
