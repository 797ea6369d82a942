#!/usr/bin/env python3
"""Writes the tables of src/base/number_tables.c and src/base/ln_exp_tables.c: exact powers of ten, and what kl_ln and
kl_exp read. Standard library only; run in the root of the source tree: python3 src/tools/number_tables.py"""
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 80
POW10_MIN, POW10_MAX = -342, 324


def pow10_128(q):
    """10^q scaled by a power of two into [2^127, 2^128), rounded up."""
    value = Fraction(10) ** q
    shift = 127
    while value * Fraction(2) ** shift >= 2**128:
        shift -= 1
    while value * Fraction(2) ** shift < 2**127:
        shift += 1
    scaled = value * Fraction(2) ** shift
    up = -((-scaled.numerator) // scaled.denominator)
    assert 2**127 <= up < 2**128
    if q > 55:
        assert up & (2**64 - 1)  # so that one less borrows nothing
    return up >> 64, up & (2**64 - 1)


def ratio(value):
    return Fraction(*value.as_integer_ratio())


def nearest(value):
    return float(ratio(value)) if isinstance(value, Decimal) else float(value)


def split(value, bits):
    """value = a multiple of 2^-bits, and the nearest double of the rest."""
    exact = ratio(value)
    high = Fraction(round(exact * 2**bits), 2**bits)
    assert Fraction(float(high)) == high
    return float(high), float(exact - high)


def write_pow10():
    out = ['/* Written by src/tools/number_tables.py: do not edit. */', '#include "base/number.h"', '',
           'const uint64_t kl__pow10_128[KL__POW10_MAX - KL__POW10_MIN + 1][2] = {']
    for q in range(POW10_MIN, POW10_MAX + 1):
        out.append('    {UINT64_C(0x%016x), UINT64_C(0x%016x)}, /* %d */' % (*pow10_128(q), q))
    out.append('};')
    open('src/base/number_tables.c', 'w').write('\n'.join(out) + '\n')


def write_ln_exp():
    ln2 = Decimal(2).ln()
    out = ['/* Written by src/tools/number_tables.py: do not edit. */', '#include "base/number.h"', '']
    high, low = split(ln2, 42)
    out.append('const double kl__ln2_42[2] = {%s, %s};' % (high.hex(), low.hex()))
    high, low = split(ln2 / 128, 42)
    out.append('const double kl__ln2_128th[3] = {%s, %s, %s};' % (high.hex(), low.hex(), nearest(128 / ln2).hex()))
    out += ['', '/* 2^(i/128), and what the double lacks of it */', 'const double kl__exp_table[128][2] = {']
    for i in range(128):
        exact = ratio((ln2 * i / 128).exp()) if i else Fraction(1)
        high = float(exact)
        out.append('    {%s, %s},' % (high.hex(), float(exact - Fraction(high)).hex()))
    out += ['};', '',
            '/* of the i-th 128th of [0.6875, 1.375): c near 1/z, -ln(c) as a multiple of 2^-42, and the rest */',
            'const double kl__ln_table[128][3] = {']
    offset = 0x3fe6000000000000
    import struct
    for i in range(128):
        edges = [struct.unpack('<d', struct.pack('<Q', offset + (j << 45)))[0] for j in (i, i + 1)]
        middle = (Fraction(edges[0]) + Fraction(edges[1])) / 2
        c = Fraction(1) if edges[0] == 1.0 or edges[1] == 1.0 else Fraction(round(1 / middle * 1024), 1024)
        high, low = split(-(Decimal(c.numerator) / Decimal(c.denominator)).ln(), 42) if c != 1 else (0.0, 0.0)
        worst = max(abs(Fraction(e) * c - 1) for e in edges)
        assert worst < Fraction(1, 120), (i, float(worst))
        out.append('    {%s, %s, %s},' % (float(c).hex(), high.hex(), low.hex()))
    out.append('};')
    open('src/base/ln_exp_tables.c', 'w').write('\n'.join(out) + '\n')


def check_logs():
    """The integer forms of floor(log) that the sources use, against exact arithmetic."""
    for q in range(-1100, 1000):
        k = (q * 1262611) >> 22
        assert Fraction(10)**k <= Fraction(2)**q < Fraction(10)**(k + 1), q
        k = (q * 1262611 - 524031) >> 22
        assert Fraction(10)**k <= Fraction(3, 4) * Fraction(2)**q < Fraction(10)**(k + 1), q
    for e in range(-350, 350):
        k = (e * 1741647) >> 19
        assert Fraction(2)**k <= Fraction(10)**e < Fraction(2)**(k + 1), e
        assert k == (217706 * e) >> 16, e


check_logs()
write_pow10()
write_ln_exp()
