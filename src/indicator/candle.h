/* Candle patterns: what their files share. A pattern is a formula over open, high, low, close whose conditions are 1 or 0 and are
 * multiplied, not joined by `and`: a product is unknown as soon as one of its factors is, so a pattern is never known to be
 * absent before all that it looks at is there. Equal conditions are written alike, so that a plan of many patterns computes
 * them once. Each threshold that a pattern measures by is three of its parameters: see candle_size. */
#ifndef KL__INDICATOR_CANDLE_H
#define KL__INDICATOR_CANDLE_H
#include "indicator/formula.h"

static const kl_input_info kl__candle_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const char *const kl__candle_of[] = {"real_body", "high_low", "shadows", NULL};

#define KL__CANDLE_N_MAX 1000
#define KL__CANDLE_FACTOR_MAX 1000
#define KL__CANDLE_SIZE(prefix, what, of, n, factor)                                                                          \
    {prefix "_of", what ": what is averaged", KL_PARAM_CHOICE, of, 0, 2, kl__candle_of},                                      \
    {prefix "_n", what ": how many bars before the bar, 0: the bar itself", KL_PARAM_INT, n, 0, KL__CANDLE_N_MAX, NULL},      \
    {prefix "_factor", what ": times the average", KL_PARAM_REAL, factor, 0, KL__CANDLE_FACTOR_MAX, NULL}
#define KL__CANDLE_LONG KL__CANDLE_SIZE("long", "long body", 0, 10, 1)
#define KL__CANDLE_SHORT KL__CANDLE_SIZE("short", "short body", 0, 10, 1)
#define KL__CANDLE_DOJI KL__CANDLE_SIZE("doji", "body of a doji", 1, 10, 0.1)
#define KL__CANDLE_SHADOW_LONG KL__CANDLE_SIZE("shadow_long", "long shadow", 0, 0, 1)
#define KL__CANDLE_SHADOW_VERY_LONG KL__CANDLE_SIZE("shadow_very_long", "very long shadow", 0, 0, 2)
#define KL__CANDLE_SHADOW_SHORT KL__CANDLE_SIZE("shadow_short", "short shadow", 2, 10, 1)
#define KL__CANDLE_SHADOW_VERY_SHORT KL__CANDLE_SIZE("shadow_very_short", "hardly any shadow", 1, 10, 0.1)
#define KL__CANDLE_NEAR KL__CANDLE_SIZE("near", "near", 1, 5, 0.2)
#define KL__CANDLE_FAR KL__CANDLE_SIZE("far", "far", 1, 5, 0.6)
#define KL__CANDLE_EQUAL KL__CANDLE_SIZE("equal", "equal", 1, 5, 0.05)
#define KL__CANDLE_PENETRATION(usual) \
    {"penetration", "how deep the close goes into the body, as a share of it", KL_PARAM_REAL, usual, 0, 100, NULL}

/* A false break, `up` or `down`, and the first of the three bars after it that confirms it: a close beyond the inside bar. */
#define KL__CANDLE_CONFIRMED(name)                                                                                            \
    "none = (1 - up) * (1 - down);"                                                                                           \
    "calm = none * none[1];"                                                                                                  \
    "still = calm * none[2];"                                                                                                 \
    "over = close > high[2];"                                                                                                 \
    "over2 = close > high[3];"                                                                                                \
    "under = close < low[2];"                                                                                                 \
    "under2 = close < low[3];"                                                                                                \
    "up1 = up[1] * none * over;"                                                                                              \
    "up2 = up[2] * calm * over2 * (1 - over[1]);"                                                                             \
    "up3 = up[3] * still * (close > high[4]) * (1 - over2[1]) * (1 - over[2]);"                                               \
    "down1 = down[1] * none * under;"                                                                                         \
    "down2 = down[2] * calm * under2 * (1 - under[1]);"                                                                       \
    "down3 = down[3] * still * (close < low[4]) * (1 - under2[1]) * (1 - under[2]);"                                          \
    name " = 100 * (up - down) + 200 * (up1 + up2 + up3 - down1 - down2 - down3);"

/* KL__CANDLE(name, title, source, formula); KL__CANDLE_PLAIN where there are no parameters. */
#define KL__CANDLE(name_, title_, source_, formula_) \
    KL__FORMULA_AS(name_, title_, "candle", KL_EXACT, source_, formula_, KL__PORTS(kl__candle_in, name_##_par, name_##_out))
#define KL__CANDLE_PLAIN(name_, title_, source_, formula_)                                             \
    KL__FORMULA_AS(name_, title_, "candle", KL_EXACT, source_, formula_,                               \
                   .n_inputs = KL__COUNT(kl__candle_in), .n_outputs = KL__COUNT(name_##_out),          \
                   .inputs = kl__candle_in, .outputs = name_##_out)

#endif
