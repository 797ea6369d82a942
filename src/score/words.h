/* The words of strategy files, for their reader and their writer. */
#ifndef KL__SCORE_WORDS_H
#define KL__SCORE_WORDS_H
#include "score/fields.h"

extern const kl__choice kl__words_side[], kl__words_vetoes[], kl__words_unit[], kl__words_direction[], kl__words_mode[], kl__words_order[],
    kl__words_conflict[], kl__words_unknown[];

#endif
