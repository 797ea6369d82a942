/* kline/window.h: rolling windows. A window statistic is a function of its last w values and of nothing else. */
#ifndef KLINE_WINDOW_H
#define KLINE_WINDOW_H
#include "kline/base.h"
#endif
