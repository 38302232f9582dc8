// What the kernels use of clang and GCC does not have, for Scripts/test-arm alone: the program is built by clang.
typedef float gcc_floats __attribute__((vector_size(64)));

static inline __attribute__((always_inline)) gcc_floats gcc_fma(
    gcc_floats a, gcc_floats b, gcc_floats c) {
  for (int lane = 0; lane < 16; lane++) c[lane] = __builtin_fmaf(a[lane], b[lane], c[lane]);
  return c;
}

static inline __attribute__((always_inline)) gcc_floats gcc_sqrt(gcc_floats x) {
  for (int lane = 0; lane < 16; lane++) x[lane] = __builtin_sqrtf(x[lane]);
  return x;
}

#define __builtin_elementwise_fma gcc_fma
#define __builtin_elementwise_sqrt gcc_sqrt
