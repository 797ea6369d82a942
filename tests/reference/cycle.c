/* Group cycle. */
#include "series.h"
