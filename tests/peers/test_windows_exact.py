"""Rolling statistics against exact rationals: every statistic and rule on short windows, from the definitions alone, with Python's
fractions. Rounding is allowed what docs/windows.md promises; what is known, and what is exact, has to agree.

Needs KLINE_LIBRARY (libkline.so); skips, aloud, without it."""
import ctypes as c
import math
import os
import random
import sys
from decimal import Decimal, getcontext
from fractions import Fraction as F

if not os.path.exists(os.environ.get("KLINE_LIBRARY", "")):
    print("SKIPPED: KLINE_LIBRARY names no library")
    sys.exit(0)

lib = c.CDLL(os.environ["KLINE_LIBRARY"])
getcontext().prec = 80
U = F(1, 2 ** 53)
N = 120


class Info(c.Structure):
    _fields_ = [("name", c.c_char_p), ("title", c.c_char_p), ("what", c.c_int32), ("inputs", c.c_uint32), ("uses_ddof", c.c_int32),
                ("uses_rule", c.c_int32), ("uses_param", c.c_int32), ("uses_current", c.c_int32), ("least", c.c_double),
                ("greatest", c.c_double)]


class Interval(c.Structure):
    _fields_ = [("unit", c.c_int32), ("n", c.c_int32), ("anchor_us", c.c_int64)]


class Stat(c.Structure):
    _fields_ = [("what", c.c_int32), ("rule", c.c_int32), ("param", c.c_double)]


class Spec(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("flags", c.c_uint32), ("rows", c.c_int64), ("span_us", c.c_int64), ("period", Interval),
                ("min_count", c.c_int64), ("ddof", c.c_int32), ("n_stats", c.c_uint32), ("stats", Stat * 16)]


lib.kl_roll_info_at.restype = c.POINTER(Info)
lib.kl_roll_info_at.argtypes = [c.c_size_t]
lib.kl_roll_inputs.restype = c.c_uint32


def infos():
    index = 0
    while lib.kl_roll_info_at(index):
        yield lib.kl_roll_info_at(index).contents
        index += 1


def run(stat, rows, ddof, min_count, before, x, y):
    spec = Spec()
    assert lib.kl_roll_spec_init(c.byref(spec), c.c_int32(stat[0]), c.c_int64(rows)) == 0
    spec.stats[0].rule, spec.stats[0].param = stat[1], stat[2]
    spec.ddof, spec.min_count, spec.flags = ddof, min_count, before
    columns = [(c.c_double * N)(*x), (c.c_double * N)(*y)]
    out = (c.c_double * N)()
    inputs = (c.c_void_p * 2)(*[c.addressof(column) for column in columns])
    places = (c.c_void_p * 1)(c.addressof(out))
    status = lib.kl_roll_batch(c.byref(spec), None, inputs, c.c_size_t(N), None, None, places, None)
    assert status == 0, status
    return list(out)


def root(q):  # to 80 digits
    return F((Decimal(q.numerator) / Decimal(q.denominator)).sqrt())


def ulp(q):
    return F(math.ulp(float(abs(q))))


def missing(v):
    return not abs(v) < 2.0 ** 1000


class Window:
    """Known rows: (slot, x, y), slots from 1; `now`: the current x or None; `inside`: whether it is one of them."""

    def __init__(self, rows, slots, now, inside, ddof):
        self.rows, self.slots, self.now, self.inside, self.ddof = rows, slots, now, inside, ddof
        self.n = len(rows)
        self.x = [r[1] for r in rows]
        self.y = [r[2] for r in rows]

    def central(self, v, w):
        a, b = sum(v) / self.n, sum(w) / self.n
        return sum((p - a) * (q - b) for p, q in zip(v, w))

    @property
    def top(self):
        return max(abs(v) for v in self.x)


# Each: (value, allowed error), or None where it is unknown.
def mean(w, _):
    return sum(w.x) / w.n, 4 * U * w.top


def total(w, _):
    return sum(w.x), 4 * U * w.n * w.top


def var(w, _):
    if w.n <= w.ddof:
        return None
    value = w.central(w.x, w.x) / (w.n - w.ddof)
    return value, 8 * ulp(value) if value else 0


def std(w, _):
    v = var(w, _)
    return v and (root(v[0]), 4 * ulp(root(v[0])) if v[0] else 0)


def zscore(w, _):
    s = std(w, _)
    if not s or not s[0] or w.now is None:
        return None
    z = (w.now - sum(w.x) / w.n) / s[0]
    return z, (16 + 2 * F(math.sqrt(w.n))) * U * max(1, abs(z))


def skew(w, _):
    m2 = w.central(w.x, w.x) / w.n
    if not m2 or (w.ddof and w.n < 3):
        return None
    m = sum(w.x) / w.n
    g = sum((v - m) ** 3 for v in w.x) / w.n / m2 / root(m2)
    factor = root(F(w.n * (w.n - 1))) / (w.n - 2) if w.ddof else 1
    return factor * g, 24 * U * factor * max(1, abs(g))


def kurt(w, _):
    m2 = w.central(w.x, w.x) / w.n
    if not m2 or (w.ddof and w.n < 4):
        return None
    m, n = sum(w.x) / w.n, w.n
    b = sum((v - m) ** 4 for v in w.x) / n / m2 ** 2
    if not w.ddof:
        return b - 3, 24 * U * b + 32 * U
    factor = F(n - 1, (n - 2) * (n - 3))
    return factor * ((n + 1) * b - 3 * (n - 1)), (24 * U * b + 32 * U) * factor * (n + 1)


def age(w, value):
    return w.slots - max(slot for slot, v, _ in w.rows if v == value), 0


def rangepos(w, _):
    if w.now is None or min(w.x) == max(w.x):
        return None
    p = (w.now - min(w.x)) / (max(w.x) - min(w.x))
    return p, 3 * U * max(1, abs(p))


def weights(w):
    return sum(slot for slot, _, _ in w.rows)


def wsum(w, _):
    return sum(slot * v for slot, v, _ in w.rows), 8 * U * w.top * weights(w)


def wmean(w, _):
    return sum(slot * v for slot, v, _ in w.rows) / F(weights(w)), 8 * U * w.top


def line(w, at):
    if w.n < 2:
        return None
    t = [F(slot) for slot, _, _ in w.rows]
    b = w.central(t, w.x) / w.central(t, t)
    return b, sum(w.x) / w.n + b * (at - sum(t) / w.n), w.central(t, t)


def slope(w, _):
    fit = line(w, 1)
    return fit and (fit[0], 16 * U * root(w.central(w.x, w.x) / fit[2]))


def intercept(w, _):
    fit = line(w, 1)
    return fit and (fit[1], 16 * U * w.top)


def line_end(w, _):
    fit = line(w, w.slots)
    return fit and (fit[1], 16 * U * w.top)


def line_r2(w, _):
    fit = line(w, 1)
    m2 = w.central(w.x, w.x)
    return fit and m2 and (fit[0] ** 2 * fit[2] / m2, 32 * U) or None


def quantile(w, stat):
    v, h = sorted(w.x), stat[2] * float(w.n - 1)
    low, high, part = v[math.floor(h)], v[min(math.ceil(h), w.n - 1)], F(h) - math.floor(h)
    if math.floor(h) == math.ceil(h):
        return low, 0
    if stat[1] == 0:
        return low + (high - low) * part, 2 * ulp(max(abs(low), abs(high)))
    if stat[1] == 3:
        return (low if part < F(1, 2) or (part == F(1, 2) and math.floor(h) % 2 == 0) else high), 0
    return [None, low, high, None, F(float((low + high) / 2))][stat[1]], 0


def rank(w, stat):
    if w.now is None:
        return None
    below, equal = sum(v < w.now for v in w.x), sum(v == w.now for v in w.x) + (not w.inside)
    return [below + F(equal + 1, 2), F(below + 1), F(below + equal), F(below)][stat[1]], 0


def prank(w, stat):
    r = rank(w, stat)
    n = w.n + (not w.inside) - (stat[1] == 3)
    return r and (F(float(r[0]) / float(n)) if n else 0, 0)


def vwap(w, _):
    volume = sum(w.y)
    if volume <= 0:
        return None
    value = sum(p * v for p, v in zip(w.x, w.y)) / volume
    return value, 8 * U * w.top


def cov(w, _):
    if w.n <= w.ddof:
        return None
    return (w.central(w.x, w.y) / (w.n - w.ddof),
            16 * U * root(w.central(w.x, w.x) * w.central(w.y, w.y)) / (w.n - w.ddof))


def corr(w, _):
    a, b = w.central(w.x, w.x), w.central(w.y, w.y)
    return (w.central(w.x, w.y) / root(a) / root(b), 8 * U) if a and b else None


def beta(w, _):
    b = w.central(w.y, w.y)
    return (w.central(w.x, w.y) / b, 16 * U * root(w.central(w.x, w.x) / b)) if b else None


def alpha(w, _):
    slope_ = beta(w, _)
    if not slope_:
        return None
    wide = root(w.central(w.x, w.x) / w.central(w.y, w.y)) * max(abs(v) for v in w.y)
    return sum(w.x) / w.n - slope_[0] * sum(w.y) / w.n, 16 * U * (w.top + wide)


def r2(w, _):
    r = corr(w, _)
    return r and (r[0] ** 2, 32 * U)


REFERENCES = {
    "sum": total, "mean": mean, "var": var, "std": std, "zscore": zscore, "skew": skew, "kurt": kurt,
    "min": lambda w, _: (min(w.x), 0), "max": lambda w, _: (max(w.x), 0), "argmin": lambda w, _: age(w, min(w.x)),
    "argmax": lambda w, _: age(w, max(w.x)), "rangepos": rangepos, "wsum": wsum, "wmean": wmean, "slope": slope,
    "intercept": intercept, "line": line_end, "line_r2": line_r2, "median": lambda w, _: quantile(w, (0, 4, 0.5)),
    "quantile": quantile, "rank": rank, "prank": prank, "vwap": vwap, "cov": cov, "corr": corr, "regbeta": beta, "regalpha": alpha,
    "reg_r2": r2}


def columns(kind):
    rng = random.Random(kind)
    x, y = [], []
    for k in range(N):
        e = rng.gauss(0, 1)
        v = {"returns": 0.01 * e, "walk": (x[-1] if x else 30000.0) * (1 + 0.005 * e), "offset": 1e9 + 1e-3 * e,
             "spikes": 1e9 * (1 + 0.1 * e) if rng.random() < 0.1 else 100 + e, "ticks": round(2300 + 20 * e) * 1e-10,
             "ulps": 1e8 + rng.randrange(3) * 2.0 ** -26, "ties": float(rng.randrange(4)),
             "exponents": e * 2.0 ** rng.randrange(-60, 60)}[kind]
        x.append(v)
        y.append(abs(rng.gauss(0, 1)) * rng.choice([0, 1, 1, 1]) if k % 2 else v * 0.5)
    for _ in range(6):
        x[rng.randrange(N)] = rng.choice([math.nan, math.inf, -1e302])
        y[rng.randrange(N)] = math.nan
    return x, y


def variants(info):
    name = info.name.decode()
    if name == "quantile":
        return [(info.what, rule, q) for rule in range(5) for q in (0.0, 0.1, 0.5, 0.9)]
    if name == "lag":
        return [(info.what, 0, float(lag)) for lag in (0, 1, 6)]
    return [(info.what, rule, 0.0) for rule in range(4 if info.uses_rule else 1)]


checked = 0


def check(info, stat, rows, ddof, min_count, before, kind, x, y):
    global checked
    two = info.inputs == 2
    got = run(stat, rows, ddof, min_count, before, x, y)
    hole = [missing(a) or (two and missing(b)) for a, b in zip(x, y)]
    exact = [None if h else (F(a), F(b) if two else F(0)) for a, b, h in zip(x, y, hole)]
    for k in range(N):
        end = k + 1 - before
        first = max(0, end - rows)
        known = [(j - first + 1, *exact[j]) for j in range(first, end) if exact[j]]
        window = Window(known, end - first, exact[k][0] if exact[k] else None, not before, ddof)
        name, want = info.name.decode(), None
        if name == "count":
            want = (window.n, 0)
        elif name == "lag":
            back = k - int(stat[2])
            want = (exact[back][0], 0) if back >= 0 and exact[back] else None
        elif window.n and (window.n >= min_count if min_count else window.n == rows):
            want = REFERENCES[name](window, stat)
        if want is None or math.isnan(got[k]):
            fine = want is None and math.isnan(got[k])
        else:
            fine = abs(F(got[k]) - want[0]) <= want[1]
        checked += 1
        if not fine:
            print(f"FAILED: {name}{stat[1:]} of {rows}, ddof {ddof}, min_count {min_count}, before {before} on {kind}: row {k} is "
                  f"{got[k]!r}, exact {'unknown' if want is None else float(want[0])!r}")
            return False
    return True


fine = True
for kind in ("returns", "walk", "offset", "spikes", "ticks", "ulps", "ties", "exponents"):
    x, y = columns(kind)
    for info in infos():
        good = True
        for stat in variants(info):
            for number, rows in enumerate((1, 2, 3, 5, 7)):
                for ddof in (0, 1) if info.uses_ddof else (1,):
                    for min_count, before in ((0, 0), (1 + rows // 2, 0), (0, 1)):
                        if (number + ddof + min_count + before + stat[1]) % 2 and info.name not in (b"std", b"corr", b"slope", b"vwap"):
                            continue
                        prices = [abs(v) if info.name == b"vwap" else v for v in x]
                        volumes = [abs(v) if info.name == b"vwap" else v for v in y]
                        good &= check(info, stat, rows, ddof, min_count, before, kind, prices, volumes)
        fine &= good
        if good:
            print(f"ok: {info.name.decode()} on {kind}")
print(f"count: {checked} values of rolling statistics against exact rationals")
sys.exit(0 if fine else 1)
