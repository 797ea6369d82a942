/* Row by row functions, functions with memory and windows: groups math, logic and window. */
#include "series.h"
