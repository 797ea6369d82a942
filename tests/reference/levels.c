/* Group levels. */
#include "series.h"
