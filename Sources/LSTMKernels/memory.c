// Memory for matrices in panels.
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "include/lstm_kernels.h"

enum { CACHE_LINE = 64, HUGE_PAGE = 2 << 20 };

float *lk_memory_take(size_t floats) {
  size_t bytes = floats * sizeof(float);
  size_t unit = bytes < HUGE_PAGE ? CACHE_LINE : HUGE_PAGE;
  size_t whole = (bytes + unit - 1) / unit * unit;
  if (floats > SIZE_MAX / sizeof(float) || whole < bytes) return NULL;
  float *memory = aligned_alloc(unit, whole);
  if (!memory) return NULL;
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  // 2 to 3 % at 128 units: a panel walks through many small pages. A refusal costs nothing else.
  if (unit == HUGE_PAGE) madvise(memory, whole, MADV_HUGEPAGE);
#endif
  return memset(memory, 0, whole);
}

void lk_memory_free(float *memory) { free(memory); }
