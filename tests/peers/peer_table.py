"""How functions of TA-Lib (T:) and Tulip (U:) are said here, and what is meant to differ: see test_indicators.py."""

# {in}: their inputs in their order; {0} {1} ..: their parameters; several expressions: ' ; '. Left out: NAME({in}, {0}, {1} ...).
OURS = {
    "T:FRACTAL": "fractal({in}, {0}, {1}).swinghigh ; fractal({in}, {0}, {1}).swinglow",
    "U:vidya": "adapt({in}, {2} * std({in}, {0}, ddof=0) / std({in}, {1}, ddof=0), lag({in}, 1))", # vidya with longer, for any factor
    "T:VAR": "var({in}, {0}, ddof=0)",
    "T:VWAP": "cumsum((high + low + close) / 3 * volume) / cumsum(volume)",
    **{"T:CDL" + name: "cdl" + name.lower() + "({in}, penetration={0})" for name in (
        "ABANDONEDBABY", "DARKCLOUDCOVER", "EVENINGDOJISTAR", "EVENINGSTAR", "MATHOLD", "MORNINGDOJISTAR", "MORNINGSTAR")},
    "U:bbands": "bbands({in}, {0}, {1}).lower ; bbands({in}, {0}, {1}).middle ; bbands({in}, {0}, {1}).upper",
    "U:ema": "ema({in}, {0}, first)",
    "U:sum": "sum({in}, {0})", "U:var": "var({in}, {0}, ddof=0)", "U:stddev": "std({in}, {0}, ddof=0)",
    "U:crossany": "cross_up({in}) or cross_down({in})",
    "U:mul": "mult({in})", "U:md": "avgdev({in}, {0})", "U:linreg": "line({in}, {0})",
    "U:wcprice": "wclprice({in})", "U:tr": "trange({in})", "U:psar": "sar({in}, {0}, {1})", "U:stderr": "stderror({in}, {0})",
    "U:cmo": "cmou({in}, {0})", "U:cvi": "cvi({in}, {0}, {0})", "U:roc": "rocp({in}, {0})",
    "U:di": "plus_di({in}, {0}) ; minus_di({in}, {0})", "U:dm": "plus_dm({in}, {0}) ; minus_dm({in}, {0})",
    "U:mass": "massi({in}, 9, {0})", "U:stoch": "stoch({in}, {0}, {1}, sma, {2}, sma)", "U:stochrsi": "stochrsi({in}, {0}, {0}).fastk / 100",
    "T:DX": "dx(high, low, {0})", "T:ADX": "adx(high, low, {0})", "T:ADXR": "adxr(high, low, {0})",
    "U:dx": "dx(high, low, {0})", "U:adx": "adx(high, low, {0})", "U:adxr": "adxr(high, low, {0})", "T:KDJ": "kdj({in}, {0}, {1}, {3})",
    "T:PVO": "pvo({in}, {0}, {1}, matype={2}).pvo", "U:kvo": "kvo({in}, {0}, {1}).kvo",
    "T:FRACTAL": "fractal({in}, {0}, {1}).swinghigh ; fractal({in}, {0}, {1}).swinglow",
    "T:PERCENTILE": "quantile({in}, {0}, {1} / 100, rule=lower)", "T:PERCENTRANK": "100 * prank({in}, {0} + 1, rule=below)", "T:ADR": "sma(high - low, {0})",
    "T:RVOL": "volume / lag(sma(volume, {0}), 1)",
    "U:stoch": "stoch({in}, {0}, {1}, 0, {2}, 0)", "U:stochrsi": "rangepos(rsi({in}, {0}), {0})",
    "U:apo": "ema({in}, {0}, first) - ema({in}, {1}, first)",
    "U:ppo": "100 * (ema({in}, {0}, first) - ema({in}, {1}, first)) / ema({in}, {1}, first)",
    "U:vosc": "100 * (sma(volume, {0}) - sma(volume, {1})) / sma(volume, {1})",
    "U:decay": "lindecay({in}, {0})", "U:edecay": "expdecay({in}, {0})",
}

# not an indicator here, and why
NOT_OURS = {}

ZERO = "theirs behaves as if the price had been 0 before the first bar, which rings for dozens of bars"
STILL = "where nothing moves there is no such value, and it is unknown; theirs is a constant"
INFINITE = "what is not finite is unknown"
NOISE = "theirs subtracts sums of squares and has lost digits"
NEWEST = "of equal values ours names the newest, theirs the oldest"
EARLY = "ours is known as soon as all that it is made of is known; theirs waits longer, or gives 0 before"
LATER = "ours is known from the first value on, theirs is not shown before the longer length; differences of large sums"
TOGETHER = "theirs begins both averages so that they are first known together, ours only where they are exponential"
FIRST = "theirs starts from the first value, without a mean"

# (function, markets or *), the function alone or with the kinds of averages that are meant: how it differs, joined by " & ", and why. "unknown": bars that one of both does not know do not count;
# "late": equal in the last third, after another start; a number: equal to that tolerance; an expression: what gives theirs;
# "differs": nothing here gives theirs.
DEVIATIONS = {
    ("T:KC", "*"): ("late", "theirs begins the average range where the band begins, ours as soon as there is one"),
    ("T:BETA", "flat"): ("unknown", STILL),
    ("U:kama", "*"): ("unknown", "theirs gives the price itself a bar earlier, which ours starts from"),
    ("U:zlema", "*"): ("late", FIRST), ("U:vidya", "*"): ("unknown", "as kama"),
    ("T:HT_DCPERIOD", "*"): ("ht_dcperiod({in}, zero)", ZERO),
    ("T:HT_DCPHASE", "*"): ("unknown & ht_dcphase({in}, zero)", ZERO + "; " + STILL),
    ("T:HT_PHASOR", "*"): ("ht_phasor({in}, zero)", ZERO),
    ("T:HT_SINE", "*"): ("unknown & 1e-7 & ht_sine({in}, zero)", ZERO + "; " + STILL),
    ("T:HT_TRENDLINE", "*"): ("ht_trendline({in}, zero)", ZERO),
    ("T:HT_TRENDMODE", "*"): ("unknown & ht_trendmode({in}, zero)", ZERO + "; " + STILL),
    ("T:MAMA", "*"): ("mama({in}, {0}, {1}, zero)", ZERO),
    ("T:RSI", "flat"): ("rsi({in}, {0}, wilder, 0)", "without any movement ours is 50, theirs 0, its lowest value"),
    ("T:CORREL", "flat"): ("unknown", STILL),
    ("T:COSH", "real"): ("unknown", INFINITE), ("T:EXP", "real"): ("unknown", INFINITE), ("T:SINH", "real"): ("unknown", INFINITE),
    ("U:cosh", "real"): ("unknown", INFINITE), ("U:exp", "real"): ("unknown", INFINITE), ("U:sinh", "real"): ("unknown", INFINITE),
    ("U:atr", "*"): ("late", "theirs has a range for the first bar, which has no close before it"),
    **{("T:" + name, "flat"): ("unknown", STILL) for name in (
        "CCI", "CMO", "CMOU", "ER", "IMI", "MFI", "TSI", "ULTOSC", "VHF",
        "VORTEX", "WILLR", "CVI", "MASSI", "RVI", "ADX", "ADXR")},
    ("T:ER", "ties"): ("unknown", STILL),
    ("U:willr", "flat"): ("unknown", STILL),
    **{("T:CDL" + name, "*"): ("unknown", EARLY) for name in (
        "3BLACKCROWS", "3OUTSIDE", "ENGULFING", "GAPSIDESIDEWHITE", "HAMMER", "HANGINGMAN", "INVERTEDHAMMER", "LADDERBOTTOM",
        "SEPARATINGLINES", "SHOOTINGSTAR", "TASUKIGAP")},
    ("T:MINUS_DI", "*"): ("unknown", EARLY), ("T:PLUS_DI", "*"): ("unknown", EARLY), ("T:SMI", "*"): ("unknown", EARLY),
    **{("T:" + name, "*"): ("unknown", EARLY + "; " + STILL) for name in ("STOCH", "STOCHF", "STOCHRSI")},
    ("U:stoch", "*"): ("unknown", EARLY + "; " + STILL), ("U:stochrsi", "*"): ("unknown", STILL), ("U:apo", "*"): ("late & 1e-6", FIRST), ("U:ppo", "*"): ("late & 1e-6", FIRST),
    ("T:DX", "*"): ("unknown", EARLY), ("T:KDJ", "*"): ("unknown", EARLY),
    ("U:adx", "*"): ("late", "theirs begins a bar earlier, with another seed"), ("U:adxr", "*"): ("late", "as adx"),
    ("T:WAD", "*"): ("unknown", EARLY), ("U:cci", "*"): ("unknown", EARLY), ("U:tr", "*"): ("unknown", "the first bar has no close before it"),
    ("T:FOSC", "*"): ("1e-7", NOISE), ("U:fosc", "*"): ("1e-7", NOISE),
    ("U:cvi", "*"): ("late", FIRST), ("U:natr", "*"): ("late", "as atr"), ("U:mass", "*"): ("late", FIRST),
    ("U:trix", "*"): ("late & trix({in}, {0}) / (1 + trix({in}, {0}) / 100)", FIRST + ", and the change is part of the value now, not of the one before"),
    ("U:msw", "*"): ("differs", "theirs takes 3.1415926 for pi, so that the level of the price leaks in, and sums within 0.001 of 0 for 0, whatever the price"),
    ("U:fisher", "flat"): ("differs", "a range of 0 has the place 0.5 here, as in TA-Lib; theirs counts it as 0.001, with the price at its lower end"),
    ("U:psar", "*"): ("differs", "theirs begins with the extreme of the first bar and turns on other conditions, see the page of sar"),
    ("U:macd", "*"): ("late & 1e-6", FIRST + "; with 12 and 26 it also replaces the factors by 0.15 and 0.075, which is left out here"),
    ("U:obv", "*"): ("unknown & cumsum(sign(close - lag(close, 1)) * volume)", "theirs begins with 0 instead of the first volume"),
    ("T:ADOSC", "*"): ("unknown & 1e-7", LATER), ("U:adosc", "*"): ("unknown & 1e-7", LATER),
    ("T:PVT", "*"): ("unknown", "theirs begins with 0, ours with the first return"),
    ("U:rsi", "flat"): ("unknown", "without any movement theirs is NaN"),
    ("T:KC", "*"): ("late", "theirs begins its Wilder average where the band begins"),
    ("T:BETA", "flat"): ("unknown", STILL), ("U:kama", "*"): ("late", FIRST), ("U:zlema", "*"): ("late", FIRST),
    ("T:STOCH", "*"): ("unknown", EARLY), ("T:STOCHF", "*"): ("unknown", EARLY), ("T:STOCHRSI", "*"): ("unknown", EARLY),
    ("T:MA mama", "*"): ("mama({in}, seed=zero).mama", ZERO),
    ("T:BBANDS mama", "*"): ("mama({in}, seed=zero).mama + stddev({in}, {0}, {1}) ; mama({in}, seed=zero).mama ; "
                             "mama({in}, seed=zero).mama - stddev({in}, {0}, {2})", ZERO),
    ("T:STOCH mama", "*"): ("unknown & mama(stochf({in}, {0}).fastk, seed=zero).mama ; mama(mama(stochf({in}, {0}).fastk, seed=zero).mama, seed=zero).mama",
                            EARLY + "; " + ZERO),
    ("T:STOCHF mama", "*"): ("unknown & stochf({in}, {0}).fastk ; mama(stochf({in}, {0}).fastk, seed=zero).mama", EARLY + "; " + ZERO),
    ("T:STOCHRSI mama", "*"): ("unknown & stochrsi({in}, {0}, {1}).fastk ; mama(stochrsi({in}, {0}, {1}).fastk, seed=zero).mama", EARLY + "; " + ZERO),
    ("T:STOCHRSI mama", "random gaps"): ("differs", "as above; and of places that stay at 0 or 100 the turning part is 0 or rounding, which the phase tells apart"),
    ("T:STOCHRSI ema dema tema kama mama t3", "ties"): ("differs", "filters hold where the RSI stands still, which has no place there; theirs has 0"),
    ("T:MACDEXT dema tema t3", "*"): ("late & 1e-7", TOGETHER), ("T:MACDEXT kama", "*"): ("late & 1e-4", TOGETHER + ", which fades slowly"),
    ("T:MACDEXT wma trima", "flat trend"): ("1e-7", NOISE), ("T:APO wma trima", "flat"): ("1e-7", NOISE), ("T:PPO wma trima", "flat"): ("1e-7", NOISE),
    ("T:MAXINDEX", "flat ties"): ("differs", NEWEST), ("T:MININDEX", "flat ties"): ("differs", NEWEST),
    ("T:MINMAXINDEX", "flat ties"): ("differs", NEWEST),
    ("U:vidya", "*"): ("unknown & 1e-6", NOISE),
    ("U:apo", "*"): ("unknown", EARLY), ("U:ppo", "*"): ("unknown", EARLY), ("U:stochrsi", "*"): ("unknown", STILL),
    ("U:stochrsi", "ties"): ("differs", "where the price stands still for a whole window the RSI does too, and its rounding is divided by itself"),
    ("U:dema", "*"): ("late", FIRST), ("U:tema", "*"): ("late", FIRST),
    ("T:LINEARREG_ANGLE", "*"): ("1e-7", NOISE),
    ("U:stddev", "flat"): ("differs", NOISE + ": 1e-6 instead of 0"), ("U:stderr", "flat"): ("differs", NOISE + ": 1e-6 instead of 0"),
    ("U:stddev", "*"): ("1e-6", NOISE), ("U:stderr", "*"): ("1e-6", NOISE), ("U:var", "*"): ("1e-6", NOISE), ("U:bbands", "*"): ("unknown & 1e-6", NOISE),
}
