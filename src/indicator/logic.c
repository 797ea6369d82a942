/* Comparisons, conditions with unknown as a third truth value, and what asks for unknown values: group logic. True is known and
 * not 0. Choices between constants and masks are no branches. */
#include "base/fp.h"
#include "indicator/rows.h"

KL__ROWS2(lt, kl__rows_where(a, b, a < b ? 1.0 : 0.0))
KL__ROWS2(le, kl__rows_where(a, b, a <= b ? 1.0 : 0.0))
KL__ROWS2(gt, kl__rows_where(a, b, a > b ? 1.0 : 0.0))
KL__ROWS2(ge, kl__rows_where(a, b, a >= b ? 1.0 : 0.0))
KL__ROWS2(eq, kl__rows_where(a, b, a == b ? 1.0 : 0.0))
KL__ROWS2(ne, kl__rows_where(a, b, a == b ? 0.0 : 1.0))

KL__INLINE uint64_t logic_mask(int condition) { return 0 - (uint64_t)(condition != 0); }
KL__INLINE double logic_choice(uint64_t mask, double yes, double no) {
    return kl__bits_double((kl__double_bits(yes) & mask) | (kl__double_bits(no) & ~mask));
}

/* One false is enough for false, one true for true. */
KL__ROWS2(and, logic_choice(logic_mask(a == 0.0) | logic_mask(b == 0.0), 0.0, kl__rows_where(a, b, 1.0)))
KL__ROWS2(or, logic_choice(logic_mask(fabs(a) > 0.0) | logic_mask(fabs(b) > 0.0), 1.0, kl__rows_where(a, b, 0.0)))
KL__ROWS1(not, kl__rows_where(a, a, a == 0.0 ? 1.0 : 0.0))
KL__ROWS3(if, kl__rows_where(a, a, logic_choice(logic_mask(a == 0.0), c, b)))
KL__ROWS2(coalesce, logic_choice(logic_mask(a == a), a, b))
KL__ROWS1(known, a == a ? 1.0 : 0.0)

static const kl_input_info logic_x[] = {{"x", "close"}};
static const kl_input_info logic_ab[] = {{"a", "close"}, {"b", "open"}};
static const kl_input_info logic_if[] = {{"c", "close"}, {"a", "close"}, {"b", "open"}};
#define LOGIC(name, title, in, flags, begins, greatest, power) \
    KL__ROWS_KIND(name, title, "logic", in, KL_EXACT, flags, begins, (greatest) < 2 ? 0 : -HUGE_VAL, greatest, power)

LOGIC(lt, "1 where a < b, else 0", logic_ab, KL__HIDDEN, NULL, 1, 0)
LOGIC(le, "1 where a <= b, else 0", logic_ab, KL__HIDDEN, NULL, 1, 0)
LOGIC(gt, "1 where a > b, else 0", logic_ab, KL__HIDDEN, NULL, 1, 0)
LOGIC(ge, "1 where a >= b, else 0", logic_ab, KL__HIDDEN, NULL, 1, 0)
LOGIC(eq, "1 where a is b, else 0", logic_ab, KL__HIDDEN, NULL, 1, 0)
LOGIC(ne, "1 where a is not b, else 0", logic_ab, KL__HIDDEN, NULL, 1, 0)
LOGIC(and, "1 where both are true, 0 where one is false", logic_ab, KL__HIDDEN, kl__rows_begins_either, 1, 0)
LOGIC(or, "1 where one is true, 0 where both are false", logic_ab, KL__HIDDEN, kl__rows_begins_either, 1, 0)
LOGIC(not, "1 where x is false, 0 where it is true", logic_x, KL__HIDDEN, NULL, 1, 0)
LOGIC(if, "a where c is true, b where it is false", logic_if, 0, kl__rows_begins_choice, HUGE_VAL, 1)
LOGIC(coalesce, "a where it is known, else b", logic_ab, 0, kl__rows_begins_either, HUGE_VAL, 1)
LOGIC(known, "1 where x is known, else 0", logic_x, 0, kl__rows_begins_at_once, 1, 0)
