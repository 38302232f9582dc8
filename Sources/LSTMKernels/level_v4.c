// x86-64-v4: 512-bit vectors (AVX-512): tiles of 8 × 32.
#if defined(__x86_64__)
#pragma clang attribute push(                                                        \
    __attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define LK_LEVEL v4
#define LK_LEVEL_HAS_FMA
#define LK_TILE_PANELS 2
#define LK_TILE_ROWS 8
#include "level.h"
#pragma clang attribute pop
#else
typedef int lk_level_v4_is_for_x86_64;
#endif
