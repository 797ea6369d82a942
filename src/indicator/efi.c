#include "indicator/formula.h"

static const kl_input_info efi_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_param_info efi_par[] = {{"n", "length of the average in bars", KL_PARAM_INT, 13, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info efi_out[] = {{"efi", "average of move times volume", KL__ANY, "own", 0, 1, 1}};
KL__FORMULA(efi, "Elder's force index", "volume", KL_EXACT, "Alexander Elder, Trading for a Living, 1993",
    "efi = ema((close - close[1])*volume, n);");
