/* Group statistics. */
#include "series.h"
