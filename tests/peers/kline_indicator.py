"""Indicators of libkline through ctypes: enough for the comparisons here, no more. Needs KLINE_LIBRARY."""
import ctypes as c
import os

import numpy as np

COLUMNS = ["open", "high", "low", "close", "volume", "quote_volume", "trade_count", "taker_buy_base", "taker_buy_quote"]


class Columns(c.Structure):
    _fields_ = [("n", c.c_size_t), ("open_time_us", c.c_void_p), ("close_time_us", c.c_void_p)] + [
        (name, c.c_void_p) for name in COLUMNS] + [("flags", c.c_void_p)]


class Error(c.Structure):
    _fields_ = [("code", c.c_int32), ("arg", c.c_int32), ("row", c.c_int64), ("column", c.c_int64), ("message", c.c_char * 232)]


class Output(c.Structure):
    _fields_ = [("name", c.c_char_p), ("expression", c.c_uint32), ("stability", c.c_int32), ("lookback", c.c_int64), ("min", c.c_double),
                ("max", c.c_double)]


class Source(c.Structure):
    _fields_ = [("symbol", c.c_char * 32), ("unit", c.c_int32), ("every", c.c_int32), ("anchor", c.c_int64), ("columns", c.c_uint32),
                ("first_input", c.c_uint32)]


class Plan:
    """Expressions compiled, and one block of state for so many symbols."""

    def __init__(self, library, texts, symbols=1):
        self.lib, error, size = library.lib, Error(), c.c_size_t()
        self.plan, self.state, self.symbols = c.c_void_p(), c.c_void_p(), c.c_size_t(symbols)
        given = (c.c_char_p * len(texts))(*[t.encode() for t in texts])
        if self.lib.kl_plan_new(given, c.c_size_t(len(texts)), None, None, c.byref(self.plan), c.byref(error)) < 0:
            raise ValueError(f"{texts[max(error.arg - 1, 0)]}: {error.message.decode()}")
        for name in ("kl_plan_outputs", "kl_plan_nodes", "kl_plan_inputs"):
            getattr(self.lib, name).restype = c.c_size_t
        self.outputs, self.nodes, self.inputs = (getattr(self.lib, "kl_plan_" + w)(self.plan) for w in ("outputs", "nodes", "inputs"))
        assert self.lib.kl_plan_state_size(self.plan, self.symbols, c.byref(size)) == 0
        self.memory = np.empty(size.value // 8 + 1)
        self.restart()

    def __del__(self):
        self.lib.kl_plan_free(self.plan)

    def restart(self):
        size = c.c_size_t(self.memory.nbytes)
        assert self.lib.kl_plan_state_init(c.c_void_p(self.memory.ctypes.data), size, self.plan, self.symbols, c.byref(self.state)) == 0

    def columns(self):
        """Names of the inputs, in their order."""
        source = Source()
        assert self.lib.kl_plan_source_at(self.plan, c.c_size_t(0), c.byref(source)) == 0
        return [name for i, name in enumerate(COLUMNS) if source.columns >> i & 1]

    def run(self, view, places):
        """All bars of `view` from the start, into pointers to outputs."""
        self.restart()
        sources = (c.c_void_p * 1)(c.addressof(view))
        assert self.lib.kl_plan_run(self.state, sources, None, places, None) == 0


def view_of(**columns):
    view = Columns()
    for name, values in columns.items():
        assert values.dtype == np.float64 and values.flags.c_contiguous
        view.n = len(values)
        setattr(view, name, values.ctypes.data)
    return view


class Library:
    def __init__(self, path=None):
        self.lib = c.CDLL(path or os.environ["KLINE_LIBRARY"])

    def run(self, text, outputs=1, **columns):
        """The outputs of an expression over columns of doubles."""
        n = len(next(iter(columns.values())))
        return self.run_into(text, [np.empty(n) for _ in range(outputs)], **columns)

    def run_into(self, text, out, **columns):
        view, error = view_of(**columns), Error()
        assert all(len(x) == len(out[0]) for x in columns.values())
        texts = (c.c_char_p * 1)(text.encode())
        places = (c.c_void_p * len(out))(*[o.ctypes.data for o in out])
        if self.lib.kl_eval(texts, c.c_size_t(1), None, c.byref(view), None, places, c.byref(error)) < 0:
            raise ValueError(error.message.decode())
        return out
