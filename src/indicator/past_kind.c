#include "base/fp.h"
#include "indicator/past_kind.h"

int64_t kl__past_kind_lookback(const double *params) { return (int64_t)params[0] - 1; }
size_t kl__past_kind_size(const double *params) { return sizeof(kl__past_kind) + kl__past_size((size_t)params[0]); }
void kl__past_kind_init(void *state, const double *params, uint32_t n_params) {
    kl__past_kind *s = state;
    for (uint32_t i = 0; i < KL__COUNT(s->params); i++) s->params[i] = i < n_params ? params[i] : 0.0;
    kl__past_init(kl__past_kind_past(state), (size_t)params[0]);
}
void kl__past_kind_pack(void *state, kl__snap *p) { kl__past_pack(kl__past_kind_past(state), p); }
