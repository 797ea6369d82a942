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


class Library:
    def __init__(self, path=None):
        self.lib = c.CDLL(path or os.environ["KLINE_LIBRARY"])

    def run(self, text, outputs=1, **columns):
        """The outputs of an expression over columns of doubles."""
        n = len(next(iter(columns.values())))
        return self.run_into(text, [np.empty(n) for _ in range(outputs)], **columns)

    def run_into(self, text, out, **columns):
        view, error = Columns(), Error()
        view.n = len(out[0])
        for name, values in columns.items():
            assert values.dtype == np.float64 and values.flags.c_contiguous and len(values) == view.n
            setattr(view, name, values.ctypes.data)
        texts = (c.c_char_p * 1)(text.encode())
        places = (c.c_void_p * len(out))(*[o.ctypes.data for o in out])
        if self.lib.kl_eval(texts, c.c_size_t(1), None, c.byref(view), None, places, c.byref(error)) < 0:
            raise ValueError(error.message.decode())
        return out
