// Matrix products. A tile of the result stays in registers while the sum runs over the depth in
// order; how large the tile is, and where the depth is cut into blocks, never shows in a bit, because
// the chain goes on from the stored value.

// The tile's shape: rows × panels must fit the registers, with room for one row of b.
#ifndef LK_TILE_PANELS
#define LK_TILE_PANELS 1
#define LK_TILE_ROWS 6
#endif

// How many rows of a weight gradient's sum are taken at once, so that d's part of them stays in the
// cache for all features. 192 rows, which fit the first level, cost 2 % more at 512 units: the
// gradient itself is then read and written twice as often.
#define LK_DEPTH_BLOCK 384

// acc[r][p] += Σₖ a[r, k] · b[k, p], k in order.
ALWAYS void chain(
    v16 acc[LK_TILE_ROWS][LK_TILE_PANELS], const int rows, const int panels, const float *a,
    const size_t a_row, const size_t a_step, size_t depth, const float *b, size_t b_stride) {
  for (size_t k = 0; k < depth; k++) {
    v16 column[LK_TILE_PANELS];
    UNROLL for (int p = 0; p < panels; p++) column[p] = load(b + p * b_stride + k * LK_LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      v16 x = splat(a[r * a_row + k * a_step]);
      UNROLL for (int p = 0; p < panels; p++) acc[r][p] = fma16(x, column[p], acc[r][p]);
    }
  }
}

// The same over the columns of a panel matrix: a (rows, depth) with its row at a.base.
ALWAYS void chain_panels(
    v16 acc[LK_TILE_ROWS][LK_TILE_PANELS], const int rows, const int panels, const float *a,
    size_t a_stride, size_t full_panels, size_t tail_panels, size_t tail_depth, const float *b,
    size_t b_stride) {
  for (size_t q = 0; q < full_panels; q++, a += a_stride, b += LK_LANES * LK_LANES)
    chain(acc, rows, panels, a, LK_LANES, 1, LK_LANES, b, b_stride);
  for (size_t q = 0; q < tail_panels; q++, a += a_stride, b += LK_LANES * LK_LANES)
    chain(acc, rows, panels, a, LK_LANES, 1, tail_depth, b, b_stride);
}

// Calls BODY(rows) with a constant: 1 … LK_TILE_ROWS.
#if LK_TILE_ROWS == 8
#define LK_MORE_ROWS(BODY) case 6: BODY(6); break; case 7: BODY(7); break;
#else
#define LK_MORE_ROWS(BODY)
#endif
#define LK_WITH_ROWS(rows, BODY)        \
  switch (rows) {                       \
    case 1: BODY(1); break;             \
    case 2: BODY(2); break;             \
    case 3: BODY(3); break;             \
    case 4: BODY(4); break;             \
    case 5: BODY(5); break;             \
    LK_MORE_ROWS(BODY)                  \
    default: BODY(LK_TILE_ROWS); break; \
  }

ALWAYS float *panel_row(lk_panels m, size_t panel, size_t row) {
  return m.base + panel * m.stride + row * LK_LANES;
}

ALWAYS size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

ALWAYS void product_tile(
    const lk_product *s, const int rows, const int panels, size_t row, size_t panel) {
  v16 acc[LK_TILE_ROWS][LK_TILE_PANELS];
  float *c = s->c.base + panel * s->c.stride + row * LK_LANES;
  const float *b = s->b.base + panel * s->b.stride;
  UNROLL for (int r = 0; r < rows; r++) UNROLL for (int p = 0; p < panels; p++) {
    switch (s->start) {
      case LK_FROM_BIAS: acc[r][p] = load(s->bias + (panel + p) * s->b.stride); break;
      case LK_FROM_OUTPUT: acc[r][p] = load(c + p * s->c.stride + r * LK_LANES); break;
      default: acc[r][p] = splat(0.0f);
    }
  }
  chain_panels(
      acc, rows, panels, s->a.base + row * LK_LANES, s->a.stride, s->depth_panels - s->tail_panels,
      s->tail_panels, s->tail_depth, b, s->b.stride);
  UNROLL for (int r = 0; r < rows; r++) UNROLL for (int p = 0; p < panels; p++)
    store(c + p * s->c.stride + r * LK_LANES, acc[r][p]);
}

static void LK_NAME(product)(const lk_product *s, size_t row, size_t row_end) {
  size_t panel = 0;
  for (; panel + LK_TILE_PANELS <= s->columns_panels; panel += LK_TILE_PANELS)
    for (size_t r = row; r < row_end; r += LK_TILE_ROWS) {
#define LK_BODY(n) product_tile(s, n, LK_TILE_PANELS, r, panel)
      LK_WITH_ROWS(smaller(row_end - r, LK_TILE_ROWS), LK_BODY)
#undef LK_BODY
    }
  for (; panel < s->columns_panels; panel++)
    for (size_t r = row; r < row_end; r += LK_TILE_ROWS) {
#define LK_BODY(n) product_tile(s, n, 1, r, panel)
      LK_WITH_ROWS(smaller(row_end - r, LK_TILE_ROWS), LK_BODY)
#undef LK_BODY
    }
}

// One tile of a weight gradient over the rows [k, end); a, d and g point at its first elements.
ALWAYS void gradient_tile(
    const lk_source *source, const int rows, const int panels, const float *a, const float *d,
    size_t d_stride, float *g, size_t g_stride, size_t k, size_t end) {
  v16 acc[LK_TILE_ROWS][LK_TILE_PANELS];
  UNROLL for (int r = 0; r < rows; r++) UNROLL for (int p = 0; p < panels; p++)
    acc[r][p] = k == 0 ? splat(0.0f) : load(g + p * g_stride + r * LK_LANES);
  for (size_t i = 0; i < source->run_count; i++) {
    const lk_run *run = source->runs + i;
    size_t row = run->first > k ? run->first : k;
    size_t row_end = i + 1 < source->run_count ? smaller(run[1].first, end) : end;
    if (row >= row_end) continue;
    chain(
        acc, rows, panels, a + (row - run->lag) * LK_LANES, 1, LK_LANES, row_end - row,
        d + row * LK_LANES, d_stride);
  }
  UNROLL for (int r = 0; r < rows; r++) UNROLL for (int p = 0; p < panels; p++)
    store(g + p * g_stride + r * LK_LANES, acc[r][p]);
}

// The rows of g that belong to one source, for the rows [k, end) of the sum.
ALWAYS void gradient_of_source(
    const lk_gradient *s, const lk_source *source, const int panels, size_t panel, size_t k,
    size_t end, float *g) {
  const float *a = source->a.base, *d = panel_row(source->d, panel, 0);
  for (size_t q = 0; q < source->features; q += LK_LANES, a += source->a.stride) {
    size_t features = smaller(LK_LANES, source->features - q);
    for (size_t m = 0; m < features; m += LK_TILE_ROWS) {
#define LK_BODY(n)                                                                           \
  gradient_tile(                                                                             \
      source, n, panels, a + m, d, source->d.stride, g + (q + m) * LK_LANES, s->g.stride, k, \
      end)
      LK_WITH_ROWS(smaller(features - m, LK_TILE_ROWS), LK_BODY)
#undef LK_BODY
    }
  }
}

// The rows [k, end) of the sum of some columns: every source and the bias while d is in the cache.
ALWAYS void gradient_columns(
    const lk_gradient *s, const int panels, size_t panel, size_t k, size_t end) {
  float *g = s->g.base + panel * s->g.stride;
  for (size_t i = 0; i < s->sources; i++) {
    gradient_of_source(s, &s->source[i], panels, panel, k, end, g);
    g += s->source[i].features * LK_LANES;
  }
  for (size_t i = 0; i < s->biases; i++, g += LK_LANES) {
    v16 sum[LK_TILE_PANELS];
    UNROLL for (int p = 0; p < panels; p++)
      sum[p] = k == 0 ? splat(0.0f) : load(g + p * s->g.stride);
    for (size_t r = k; r < end; r++) UNROLL for (int p = 0; p < panels; p++)
      sum[p] = sum[p] + load(panel_row(s->source[i].d, panel + p, r));
    UNROLL for (int p = 0; p < panels; p++) store(g + p * s->g.stride, sum[p]);
  }
}

static void LK_NAME(gradient)(const lk_gradient *s, size_t panel, size_t panel_end) {
  for (size_t k = 0; k < s->rows; k += LK_DEPTH_BLOCK) {
    size_t end = smaller(k + LK_DEPTH_BLOCK, s->rows), p = panel;
    for (; p + LK_TILE_PANELS <= panel_end; p += LK_TILE_PANELS)
      gradient_columns(s, LK_TILE_PANELS, p, k, end);
    for (; p < panel_end; p++) gradient_columns(s, 1, p, k, end);
  }
}

static double LK_NAME(repeat_tile)(size_t times, float *memory) {
  enum { DEPTH_PANELS = 4, DEPTH = DEPTH_PANELS * LK_LANES };
  const float *a = memory, *b = memory + LK_TILE_ROWS * DEPTH;
  v16 acc[LK_TILE_ROWS][LK_TILE_PANELS] = {0};
  for (size_t i = 0; i < times; i++)
    chain_panels(
        acc, LK_TILE_ROWS, LK_TILE_PANELS, a, LK_TILE_ROWS * LK_LANES, DEPTH_PANELS, 0, 0, b,
        DEPTH * LK_LANES);
  UNROLL for (int r = 0; r < LK_TILE_ROWS; r++) UNROLL for (int p = 0; p < LK_TILE_PANELS; p++)
    store(memory + (r * LK_TILE_PANELS + p) * LK_LANES, acc[r][p] * 0.0f);
  return 2.0 * LK_TILE_ROWS * LK_TILE_PANELS * LK_LANES * DEPTH * (double)times;
}

// Transposes 16 × 16 floats: four rounds that interleave each row with the one eight below.
ALWAYS void transpose16(v16 m[LK_LANES]) {
  ROLLED for (int round = 0; round < 4; round++) {
    v16 z[LK_LANES];
    UNROLL for (int i = 0; i < LK_LANES / 2; i++) {
      z[2 * i] = __builtin_shufflevector(
          m[i], m[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      z[2 * i + 1] = __builtin_shufflevector(
          m[i], m[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    UNROLL for (int i = 0; i < LK_LANES; i++) m[i] = z[i];
  }
}

static void LK_NAME(transpose)(
    lk_panels from, size_t first, size_t count, lk_panels to, size_t panel, size_t panel_end) {
  for (size_t p = panel; p < panel_end; p++) {
    const float *source = panel_row(from, p, first);
    size_t r = 0;
    for (; r + LK_LANES <= count; r += LK_LANES) {
      v16 m[LK_LANES];
      UNROLL for (int i = 0; i < LK_LANES; i++) m[i] = load(source + (r + i) * LK_LANES);
      transpose16(m);
      float *target = panel_row(to, r / LK_LANES, p * LK_LANES);
      UNROLL for (int i = 0; i < LK_LANES; i++) store(target + i * LK_LANES, m[i]);
    }
    for (; r < count; r++)
      for (size_t lane = 0; lane < LK_LANES; lane++)
        panel_row(to, r / LK_LANES, p * LK_LANES + lane)[r % LK_LANES] = source[r * LK_LANES + lane];
  }
}
