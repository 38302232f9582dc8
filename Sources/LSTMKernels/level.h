// One instruction-set level: every level_*.c sets LK_LEVEL and its target, then includes this file.
#include "include/lstm_kernels.h"

#define LK_JOIN(a, b, c) a##b##_##c
#define LK_JOINED(a, b, c) LK_JOIN(a, b, c)
#define LK_NAME(function) LK_JOINED(lk_, function, LK_LEVEL)
#define LK_TEXT(name) #name
#define LK_QUOTED(name) LK_TEXT(name)

#include "vector.h"
#include "functions.h"
#include "product.h"
#include "activations.h"
#include "dropout.h"
#include "steps.h"
#include "lstm.h"
#include "gru.h"
#include "simple_rnn.h"
#include "losses.h"
#include "optimizers.h"

#define LK_MAP(function)                                                              \
  static void LK_NAME(function)(size_t count, const float *x, float *y) {             \
    for (size_t k = 0; k < count; k += LK_LANES) store(y + k, function##16(load(x + k))); \
  }
LK_MAP(exp)
LK_MAP(tanh)
LK_MAP(sigmoid)
LK_MAP(log)

static int LK_NAME(finite)(size_t count, const float *x) {
  v16 sum = splat(0.0f);  // x · 0 is 0 for a finite x, otherwise NaN
  for (size_t k = 0; k < count; k += LK_LANES) sum = fma16(load(x + k), splat(0.0f), sum);
  for (int lane = 0; lane < LK_LANES; lane++)
    if (sum[lane] != 0.0f) return 0;
  return 1;
}

static void LK_NAME(fma)(
    size_t count, const float *a, const float *b, const float *c, float *y) {
  for (size_t k = 0; k < count; k += LK_LANES)
    store(y + k, fma16(load(a + k), load(b + k), load(c + k)));
}

const lk_kernels LK_NAME(kernels) = {
    .name = LK_QUOTED(LK_LEVEL),
    .product = LK_NAME(product),
    .gradient = LK_NAME(gradient),
    .lstm = {LK_NAME(lstm_forward), LK_NAME(lstm_backward)},
    .gru = {LK_NAME(gru_forward), LK_NAME(gru_backward)},
    .simple_rnn = {LK_NAME(simple_rnn_forward), LK_NAME(simple_rnn_backward)},
    .activate = LK_NAME(activate),
    .activate_backward = LK_NAME(activate_backward),
    .softmax = LK_NAME(softmax),
    .softmax_backward = LK_NAME(softmax_backward),
    .draw_mask = LK_NAME(draw_mask),
    .multiply_rows = LK_NAME(multiply_rows),
    .loss = LK_NAME(loss),
    .transpose = LK_NAME(transpose),
    .sgd = LK_NAME(sgd),
    .adam = LK_NAME(adam),
    .rmsprop = LK_NAME(rmsprop),
    .exp = LK_NAME(exp),
    .tanh = LK_NAME(tanh),
    .sigmoid = LK_NAME(sigmoid),
    .log = LK_NAME(log),
    .repeat_tile = LK_NAME(repeat_tile),
    .finite = LK_NAME(finite),
    .fma = LK_NAME(fma),
};
