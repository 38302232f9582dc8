// Rows of matrices in panels: into them from row-major memory, from one to another, and by number.
#include <string.h>

#include "include/lstm_kernels.h"

void lk_spread(
    const float *from, size_t stride, size_t rows, size_t columns, lk_panels to,
    const size_t *starts, size_t b) {
  for (size_t r = 0; r < rows; r++)
    for (size_t first = 0; first < columns; first += LK_LANES) {
      float *place = to.base + first / LK_LANES * to.stride + (starts[r] + b) * LK_LANES;
      size_t count = columns - first < LK_LANES ? columns - first : LK_LANES;
      for (size_t lane = 0; lane < count; lane++) place[lane] = from[r * stride + first + lane];
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

static float *element(lk_panels m, size_t row, size_t column) {
  return m.base + column / LK_LANES * m.stride + row * LK_LANES + column % LK_LANES;
}

static size_t smallest(size_t a, size_t b, size_t c) {
  size_t d = a < b ? a : b;
  return c < d ? c : d;
}

// The columns of one row, in runs that lie in one panel on both sides.
static void move_row(const lk_columns *s, size_t from_row, size_t to_row) {
  size_t run;
  for (size_t j = 0; j < s->columns; j += run) {
    size_t from = s->from_column + j, to = s->to_column + j;
    run = smallest(LK_LANES - from % LK_LANES, LK_LANES - to % LK_LANES, s->columns - j);
    const float *source = element(s->from, from_row, from);
    float *target = element(s->to, to_row, to);
    if (s->add)
      for (size_t lane = 0; lane < run; lane++) target[lane] = target[lane] + source[lane];
    else
      memcpy(target, source, run * sizeof(float));
  }
}

void lk_move_rows(const lk_columns *s, size_t row, size_t row_end) {
  for (; row < row_end; row++) move_row(s, row, row);
}

void lk_move_steps(
    const lk_columns *s, const size_t *starts, const size_t *lengths, int reversed, size_t first,
    size_t end) {
  for (size_t b = first; b < end; b++)
    for (size_t t = 0; t < lengths[b]; t++)
      move_row(s, starts[reversed ? lengths[b] - 1 - t : t] + b, starts[t] + b);
}

void lk_look_up(
    lk_panels table, lk_panels ids, lk_panels to, size_t panels, size_t row, size_t row_end) {
  for (size_t p = 0; p < panels; p++)
    for (size_t r = row; r < row_end; r++) {
      size_t id = (size_t)*element(ids, r, 0);
      memcpy(
          element(to, r, p * LK_LANES), element(table, id, p * LK_LANES),
          LK_LANES * sizeof(float));
    }
}

void lk_gather_by_id(
    lk_panels d, lk_panels ids, size_t rows, lk_panels g, size_t count, size_t panel,
    size_t panel_end) {
  for (size_t p = panel; p < panel_end; p++) {
    memset(element(g, 0, p * LK_LANES), 0, count * LK_LANES * sizeof(float));
    for (size_t r = 0; r < rows; r++) {
      float *sum = element(g, (size_t)*element(ids, r, 0), p * LK_LANES);
      const float *row = element(d, r, p * LK_LANES);
      for (size_t lane = 0; lane < LK_LANES; lane++) sum[lane] = sum[lane] + row[lane];
    }
  }
}
