// x86-64-v2: 128-bit vectors, no fused multiply-add instruction.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v2"))), apply_to = function)
#define LK_LEVEL v2
#include "level.h"
#pragma clang attribute pop
#else
typedef int lk_level_v2_is_for_x86_64;
#endif
