/* kline.h: all of libkline, in the order in which a reader meets things. */
#ifndef KLINE_H
#define KLINE_H
#include "kline/base.h"
#include "kline/simd.h"
#include "kline/data.h"
#include "kline/io.h"
#include "kline/clean.h"
#include "kline/checkpoint.h"
#include "kline/store.h"
#include "kline/window.h"
#include "kline/corr.h"
#include "kline/stat.h"
#include "kline/mart.h"
#include "kline/indicator.h"
#include "kline/plan.h"
#include "kline/score.h"
#include "kline/gen.h"
#endif
