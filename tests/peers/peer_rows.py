"""Every function of TA-Lib and Tulip: how it is called there, and here (peer_table.py). For the tests and the benches."""
from collections import namedtuple

import numpy as np
import talib
import talib.abstract

try:
    import tulipy
except ImportError:
    tulipy = None
from peer_table import OURS

# key in peer_table; names of the inputs; parameters and what each is (length, real, kind of average or fixed); function(*inputs, *parameters) of theirs;
# call(market, parameters): all outputs as doubles, as long as the market
Row = namedtuple("Row", "key columns defaults kinds function call")

TULIP = {  # lengths and numbers for their options
    "adosc": [3, 10], "apo": [12, 26], "kvo": [34, 55], "macd": [11, 27, 9], "ppo": [12, 26], "psar": [0.02, 0.2], "stoch": [14, 3, 3],
    "ultosc": [7, 14, 28], "vidya": [5, 20, 0.2], "vosc": [14, 28], "bbands": [20, 2.0]}


OWN_KINDS = ("KDJ", "MAVP")  # of averages, here


def inputs(columns, m):
    return [m[c] if c in m else np.floor(m["volume"] % 40) for c in columns]


def talib_rows():
    for name in talib.get_functions():
        look = talib.abstract.Function(name)
        info = look.info
        columns = []
        for key, value in info["input_names"].items():
            columns += value if isinstance(value, (list, tuple)) else [value]
        kinds = ["fixed" if name.startswith("CDL") or name == "SAREXT" or ("matype" in p and name in OWN_KINDS) else
                 "average" if "matype" in p else "length" if isinstance(v, int) else "real" for p, v in info["parameters"].items()]
        function = getattr(talib, name)

        def call(m, values, function=function, columns=columns, look=look, names=list(info["parameters"])):
            out = function(*inputs(columns, m), *values)
            out = out if isinstance(out, tuple) else (out,)
            look.parameters = dict(zip(names, values))
            made = [o.astype(float) for o in out]
            for o, floats in zip(made, out):
                if floats.dtype != np.float64:
                    o[:look.lookback] = np.nan  # whole numbers have no NaN
            return made
        yield Row("T:" + name, columns, list(info["parameters"].values()), kinds, function, call)


def tulip_rows():
    for name in sorted(dir(tulipy)):
        function = getattr(tulipy, name)
        if not hasattr(function, "options"):
            continue
        fallback = iter(("close", "open"))
        columns = [i if i != "real" else next(fallback) for i in function.inputs]
        defaults = TULIP.get(name, [14] * len(function.options))
        kinds = ["real" if isinstance(v, float) else "length" for v in defaults]

        def call(m, values, function=function, columns=columns):
            try:
                out = function(*inputs(columns, m), *values)
            except tulipy.lib.InvalidOptionError:
                return None
            out = out if isinstance(out, tuple) else (out,)
            return [np.concatenate([np.full(len(m["close"]) - len(o), np.nan), o.astype(float)]) for o in out]
        yield Row("U:" + name, columns, defaults, kinds, function, call)


def template(key, columns, values):
    """Our expression for theirs, with their inputs and parameters."""
    ours = OURS.get(key)
    if ours is None:
        name = key[2:].lower()
        ours = name + "(" + ", ".join(["{in}"] * bool(columns) + ["{%d}" % i for i in range(len(values))]) + ")"
    given = ", ".join("mod(volume, 40)" if c == "periods" else c for c in columns)
    for index, value in enumerate(values):
        ours = ours.replace("{%d}" % index, repr(value) if isinstance(value, float) else str(value))
    return ours.replace("{in}", given)
