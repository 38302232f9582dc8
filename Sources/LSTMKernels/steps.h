// What the recurrent cells share: which rows are a time step's, and the products of a step backward.

#define NO_ROW SIZE_MAX  // the row before a sequence's first

// The row of sequence b's step t.
ALWAYS size_t row_at(const lk_recurrent *s, size_t t, size_t b) { return s->time.starts[t] + b; }

// The row of sequence b's step before t.
ALWAYS size_t row_before(const lk_recurrent *s, size_t t, size_t b) {
  return t == 0 ? NO_ROW : row_at(s, t - 1, b);
}

// The number of sequences that have a time step t; the longest come first.
ALWAYS size_t sequences_at(const lk_recurrent *s, size_t t) {
  return t < s->time.steps ? s->time.starts[t + 1] - s->time.starts[t] : 0;
}

// The end of those of the sequences [first, end) that have a time step t.
ALWAYS size_t end_at(const lk_recurrent *s, size_t t, size_t end) {
  return smaller(end, sequences_at(s, t));
}

// Calls BODY(rows), rows constant, for each tile of the sequences [first, end), which all have a step t;
// BODY finds the tile's first `row`, and that of the step `before`.
#define LK_FOR_TILES(s, t, first, end, BODY)                              \
  for (size_t b = (first); b < (end); b += LK_TILE_ROWS) {                \
    size_t row = row_at(s, t, b), before = row_before(s, t, b);           \
    LK_WITH_ROWS(smaller((end) - b, LK_TILE_ROWS), BODY)                  \
  }

// Calls a cell's STEPS with its activations: Keras's defaults as constants, with no switch inside.
#define LK_WITH_ACTIVATIONS(s, STEPS, first, end)                            \
  if ((s)->activation == LK_TANH && (s)->recurrent_activation == LK_SIGMOID) \
    STEPS(s, LK_TANH, LK_SIGMOID, first, end);                               \
  else                                                                       \
    STEPS(s, (s)->activation, (s)->recurrent_activation, first, end);

// h_read of the step before t, for the sequences [first, end), which all have a step t.
ALWAYS void drop_state_before(const lk_recurrent *s, size_t t, size_t first, size_t end) {
  if (!s->h_mask.base || t == 0 || first >= end) return;
  size_t before = row_before(s, t, first), blocks = (s->units + LK_LANES - 1) / LK_LANES;
  LK_NAME(multiply_rows)(s->h, before, s->h_mask, first, s->h_read, before, blocks, end - first);
}

// dh₋₁ = what is there already, or zero, + dh_read ⊙ h_mask
ALWAYS void undrop_state_before(
    const lk_recurrent *s, lk_start start, size_t t, size_t first, size_t end) {
  for (size_t block = 0; block * LK_LANES < s->units; block++)
    for (size_t b = first; b < end; b++) {
      float *dh = panel_row(s->dh, block, row_before(s, t, b));
      v16 there = start == LK_FROM_OUTPUT ? load(dh) : splat(0.0f);
      v16 mask = load(panel_row(s->h_mask, block, b));
      store(dh, fma16(load(panel_row(s->dh_read, block, b)), mask, there));
    }
}

// From the gradients of step t's sums, those of the state before and of the inputs, for the sequences
// [first, end), which all have a step t; `start` says what the state's begins with.
ALWAYS void step_products_backward(
    const lk_recurrent *s, size_t sums, lk_start start, size_t t, size_t first, size_t end) {
  if (first >= end) return;
  size_t blocks = (s->units + LK_LANES - 1) / LK_LANES;
  size_t row = row_at(s, t, first), row_end = row_at(s, t, end);
  lk_product product = {
      .a = s->inner, .depth_panels = sums * blocks, .tail_panels = sums,
      .tail_depth = s->units - (blocks - 1) * LK_LANES};
  if (t > 0) {  // dh₋₁ = what is there already + dz·Uᵀ
    int drops = s->h_mask.base != NULL;
    lk_panels to = drops ? s->dh_read : s->dh;
    size_t lag = row - (drops ? first : row_before(s, t, first));
    product.b = s->recurrent_t;
    product.c = (lk_panels){to.base - lag * LK_LANES, to.stride};
    product.columns_panels = blocks;
    product.start = drops ? LK_FROM_ZERO : start;
    LK_NAME(product)(&product, row, row_end);
    if (drops) undrop_state_before(s, start, t, first, end);
  }
  if (s->dx.base) {  // dx = dz·Wᵀ
    product.a = s->gates;
    product.b = s->kernel_t;
    product.c = s->dx;
    product.columns_panels = (s->inputs + LK_LANES - 1) / LK_LANES;
    product.start = LK_FROM_ZERO;
    LK_NAME(product)(&product, row, row_end);
    if (s->x_mask.base)
      LK_NAME(multiply_rows)(
          s->dx, row, s->x_mask, first, s->dx, row, product.columns_panels, end - first);
  }
}
