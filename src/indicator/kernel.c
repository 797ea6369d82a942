#include "indicator/kernel.h"

double kl__needed_never(const double *params, double digits) { return (void)params, (void)digits, HUGE_VAL; }
