/* Group candle. */
#include "series.h"
