/* Group price. */
#include "series.h"
