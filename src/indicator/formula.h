/* Indicators that are written in the language of docs/expressions.md. A file has its inputs (NAME_in), parameters (NAME_par)
 * and outputs (NAME_out), and one KL__FORMULA. The formula is a list of `name = expression;`: names of the inputs are series,
 * names of the parameters are numbers, words of choices are numbers; every output has to be defined, other names are its own. */
#ifndef KL__INDICATOR_FORMULA_H
#define KL__INDICATOR_FORMULA_H
#include "indicator/indicator.h"
#include <math.h>

#define KL__ANY -HUGE_VAL, HUGE_VAL /* range of an output that has none */
#define KL__FORMULA_AS(name_, title_, group_, stability_, source_, formula_, ...)                                            \
    const kl__indicator kl__ind_##name_ = {                                                                                  \
        .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = #name_, .title = title_, .group = group_,      \
                .since = "0.1", .source = source_, .cost = "that of its formula", .stability = stability_,                   \
                .formula = formula_, __VA_ARGS__}}
/* KL__FORMULA(name, title, group, KL_EXACT or KL_EPS, source, formula); KL__FORMULA_PLAIN where there are no parameters. */
#define KL__FORMULA(name_, title_, group_, stability_, source_, formula_) \
    KL__FORMULA_AS(name_, title_, group_, stability_, source_, formula_, KL__PORTS(name_##_in, name_##_par, name_##_out))
#define KL__FORMULA_PLAIN(name_, title_, group_, stability_, source_, formula_)                  \
    KL__FORMULA_AS(name_, title_, group_, stability_, source_, formula_,                         \
                   .n_inputs = KL__COUNT(name_##_in), .n_outputs = KL__COUNT(name_##_out),       \
                   .inputs = name_##_in, .outputs = name_##_out)

#endif
