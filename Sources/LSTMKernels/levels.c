// Which levels there are, and which of them this processor runs.
#include "include/lstm_kernels.h"

extern const lk_kernels lk_kernels_portable;
#if defined(__x86_64__)
extern const lk_kernels lk_kernels_v2, lk_kernels_v3, lk_kernels_v4;
#endif

size_t lk_level_count(void) {
#if defined(__x86_64__)
  return 4;
#else
  return 1;
#endif
}

const char *lk_level_name(size_t index) {
  static const char *const names[] = {"portable", "v2", "v3", "v4"};
  return names[index];
}

const lk_kernels *lk_level(size_t index) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  switch (index) {
    case 1: return __builtin_cpu_supports("x86-64-v2") ? &lk_kernels_v2 : NULL;
    case 2: return __builtin_cpu_supports("x86-64-v3") ? &lk_kernels_v3 : NULL;
    case 3: return __builtin_cpu_supports("x86-64-v4") ? &lk_kernels_v4 : NULL;
  }
#endif
  return index == 0 ? &lk_kernels_portable : NULL;
}
