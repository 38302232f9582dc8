// Memory for matrices in panels, and the way into it.
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

void lk_spread(
    const float *from, size_t rows, size_t columns, lk_panels to, const size_t *starts, size_t b) {
  for (size_t r = 0; r < rows; r++)
    for (size_t first = 0; first < columns; first += LK_LANES) {
      float *place = to.base + first / LK_LANES * to.stride + (starts[r] + b) * LK_LANES;
      size_t count = columns - first < LK_LANES ? columns - first : LK_LANES;
      for (size_t lane = 0; lane < count; lane++) place[lane] = *from++;
    }
}

void lk_copy_rows(
    lk_panels from, const size_t *from_rows, lk_panels to, const size_t *to_rows, size_t panels,
    size_t first, size_t end) {
  for (size_t p = 0; p < panels; p++)
    for (size_t i = first; i < end; i++) {
      size_t source = from_rows ? from_rows[i] : i, target = to_rows ? to_rows[i] : i;
      memcpy(
          to.base + p * to.stride + target * LK_LANES,
          from.base + p * from.stride + source * LK_LANES, LK_LANES * sizeof(float));
    }
}
