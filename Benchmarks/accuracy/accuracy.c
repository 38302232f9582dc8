// The greatest error of exp, tanh, sigmoid and log over all 2³² floats (or every stride-th), in units
// in the last place of the exact result, against the system's functions in double precision.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lstm_kernels.h"

enum { COUNT = 4096, FUNCTIONS = 4 };

static double error_in_ulps(float got, double exact) {
  if (isnan(exact) || isnan(got)) return isnan(exact) && isnan(got) ? 0 : INFINITY;
  if (isinf((float)exact)) return got == (float)exact ? 0 : INFINITY;
  int exponent;
  frexp(exact, &exponent);
  if (exponent < -125) exponent = -125;  // subnormals have the spacing of the smallest normal
  return fabs((double)got - exact) / ldexp(1, exponent - 24);
}

int main(int argc, char **argv) {
  const char *names[FUNCTIONS] = {"exp", "tanh", "sigmoid", "log"};
  unsigned long long stride = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, bits = 0;
  size_t best = lk_level_count() - 1;
  while (!lk_level(best)) best--;
  const lk_kernels *kernels = lk_level(best);
  static _Alignas(64) float x[COUNT], y[FUNCTIONS][COUNT];
  double worst[FUNCTIONS] = {0};
  float where[FUNCTIONS] = {0};
  while (bits < 1ull << 32) {
    for (int i = 0; i < COUNT; i++, bits += stride) {
      unsigned pattern = bits < 1ull << 32 ? (unsigned)bits : 0;
      memcpy(&x[i], &pattern, sizeof pattern);
    }
    kernels->exp(COUNT, x, y[0]);
    kernels->tanh(COUNT, x, y[1]);
    kernels->sigmoid(COUNT, x, y[2]);
    kernels->log(COUNT, x, y[3]);
    for (int i = 0; i < COUNT; i++) {
      double d = x[i], exact[FUNCTIONS] = {exp(d), tanh(d), 1 / (1 + exp(-d)), log(d)};
      for (int f = 0; f < FUNCTIONS; f++) {
        double error = error_in_ulps(y[f][i], exact[f]);
        if (error > worst[f]) worst[f] = error, where[f] = x[i];
      }
      if (fabsf(y[1][i]) > 1 || y[2][i] > 1) return printf("above one at %a\n", d), 1;
    }
  }
  for (int f = 0; f < FUNCTIONS; f++)
    printf("%-8s %.4f ulp at %a\n", names[f], worst[f], where[f]);
}
