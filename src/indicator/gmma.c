#include "indicator/formula.h"

static const kl_input_info gmma_in[] = {{"x", "close"}};
static const kl_output_info gmma_out[] = {{"ema3", "exponential average over 3 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema5", "exponential average over 5 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema8", "exponential average over 8 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema10", "exponential average over 10 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema12", "exponential average over 12 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema15", "exponential average over 15 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema30", "exponential average over 30 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema35", "exponential average over 35 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema40", "exponential average over 40 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema45", "exponential average over 45 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema50", "exponential average over 50 bars", KL__ANY, "price", 0, 1, 0},
                                          {"ema60", "exponential average over 60 bars", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA_PLAIN(gmma, "Guppy multiple moving averages", "overlap", KL_EXACT, "D. Guppy, Trading Tactics, 1997",
    "ema3 = ema(x, 3);"
    "ema5 = ema(x, 5);"
    "ema8 = ema(x, 8);"
    "ema10 = ema(x, 10);"
    "ema12 = ema(x, 12);"
    "ema15 = ema(x, 15);"
    "ema30 = ema(x, 30);"
    "ema35 = ema(x, 35);"
    "ema40 = ema(x, 40);"
    "ema45 = ema(x, 45);"
    "ema50 = ema(x, 50);"
    "ema60 = ema(x, 60);");
