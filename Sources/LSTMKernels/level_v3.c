// x86-64-v3: 256-bit vectors and fused multiply-add (AVX2): tiles of 6 × 16.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define LK_LEVEL v3
#define LK_LEVEL_HAS_FMA
#include "level.h"
#pragma clang attribute pop
#else
typedef int lk_level_v3_is_for_x86_64;
#endif
