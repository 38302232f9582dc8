// What the kernels use of clang and GCC does not have, for Scripts/test-arm alone: the program is built by clang.
// Fused multiply-adds are the processor's own, a register at a time; of a loop over lanes GCC makes the same, and
// needs minutes.
typedef float gcc_floats __attribute__((vector_size(64)));

#if defined(__aarch64__)
#include <arm_neon.h>
typedef float32x4_t gcc_register;
#define GCC_FMA(a, b, c) vfmaq_f32(c, a, b)
#elif defined(__AVX512F__)
#include <immintrin.h>
typedef __m512 gcc_register;
#define GCC_FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#elif defined(__FMA__)
#include <immintrin.h>
typedef __m256 gcc_register;
#define GCC_FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#endif

#if defined(GCC_FMA)
typedef union {
  gcc_floats floats;
  gcc_register parts[sizeof(gcc_floats) / sizeof(gcc_register)];
} gcc_parts;

static inline __attribute__((always_inline)) gcc_floats gcc_fma(
    gcc_floats a, gcc_floats b, gcc_floats c) {
  gcc_parts x = {a}, y = {b}, z = {c};
  for (unsigned part = 0; part < sizeof z.parts / sizeof *z.parts; part++)
    z.parts[part] = GCC_FMA(x.parts[part], y.parts[part], z.parts[part]);
  return z.floats;
}
#define __builtin_elementwise_fma gcc_fma
#endif

static inline __attribute__((always_inline)) gcc_floats gcc_sqrt(gcc_floats x) {
  for (int lane = 0; lane < 16; lane++) x[lane] = __builtin_sqrtf(x[lane]);
  return x;
}
#define __builtin_elementwise_sqrt gcc_sqrt
