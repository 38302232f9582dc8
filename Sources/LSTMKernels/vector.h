// Sixteen floats at a time, and the one operation that everything is made of.
//
// clang's vector types become whatever the level's registers hold: one AVX-512 register, two of AVX2,
// four of SSE or NEON. Each lane is computed alone, so the width never shows in a result.

#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"  // no vector crosses from one level to another

#define ALWAYS static inline __attribute__((always_inline))

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(LK_LEVEL_HAS_FMA)
#define LK_FMA 1
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define LK_FMA 0
#define UNROLL
#endif

// A loop that stays one: copies of a long body cost more in the instruction cache than they save.
#define ROLLED _Pragma("clang loop unroll(disable)")

typedef float v16 __attribute__((vector_size(64)));
typedef int32_t i16 __attribute__((vector_size(64)));

ALWAYS v16 splat(float x) { return (v16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
ALWAYS v16 load(const float *p) { return *(const v16 *)p; }
ALWAYS void store(float *p, v16 x) { *(v16 *)p = x; }
ALWAYS v16 pick(i16 condition, v16 yes, v16 no) {
  return (v16)((condition & (i16)yes) | (~condition & (i16)no));
}
ALWAYS v16 absolute(v16 x) { return (v16)((i16)x & 0x7fffffff); }
ALWAYS v16 with_sign_of(v16 magnitude, v16 sign) {
  return (v16)((i16)magnitude | ((i16)sign & (int32_t)0x80000000));
}
ALWAYS v16 square_root(v16 x) { return __builtin_elementwise_sqrt(x); }

#if LK_FMA
// a·b + c, rounded once.
ALWAYS v16 fma16(v16 a, v16 b, v16 c) { return __builtin_elementwise_fma(a, b, c); }
#else
typedef double d16 __attribute__((vector_size(128)));
typedef int64_t l16 __attribute__((vector_size(128)));

// a·b + c, rounded once, where the processor has no such instruction.
//
// The product is exact in double. The sum is rounded to odd, after which rounding to float is the
// only rounding that shows (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
static __attribute__((noinline)) v16 fma16(v16 a, v16 b, v16 c) {
  d16 product = __builtin_convertvector(a, d16) * __builtin_convertvector(b, d16);
  d16 addend = __builtin_convertvector(c, d16);
  d16 sum = product + addend;
  d16 part = sum - product;
  d16 rest = (product - (sum - part)) + (addend - part);  // Knuth's two-sum: the exact error
  l16 inexact = (rest > 0) | (rest < 0);
  l16 even = ((l16)sum & 1) == 0;
  l16 outward = ((rest > 0) & (sum > 0)) | ((rest < 0) & (sum < 0));
  l16 odd = (l16)sum + ((outward & 1) | (~outward & -1));
  l16 fix = inexact & even;
  return __builtin_convertvector((d16)((fix & odd) | (~fix & (l16)sum)), v16);
}
#endif
