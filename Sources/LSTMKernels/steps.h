// What the recurrent cells share: which rows are a time step's, and the products of a step backward.

#define NO_ROW SIZE_MAX  // the row before a sequence's first

// The row of sequence b's step before t.
ALWAYS size_t row_before(const lk_recurrent *s, size_t t, size_t b) {
  return t == 0 ? NO_ROW : (t - 1) * s->batch + b;
}

// From the gradients of step t's sums, those of the state before and of the inputs; `start` says what
// the state's begins with.
ALWAYS void step_products_backward(
    const lk_recurrent *s, size_t sums, lk_start start, size_t t, size_t first, size_t end) {
  size_t blocks = (s->units + LK_LANES - 1) / LK_LANES;
  size_t row = t * s->batch + first, row_end = t * s->batch + end;
  lk_product product = {
      .a = s->inner, .depth_panels = sums * blocks, .tail_panels = sums,
      .tail_depth = s->units - (blocks - 1) * LK_LANES};
  if (t > 0) {  // dh₋₁ = what is there already + dz·Uᵀ
    product.b = s->recurrent_t;
    product.c = (lk_panels){s->dh.base - s->batch * LK_LANES, s->dh.stride};
    product.columns_panels = blocks;
    product.start = start;
    LK_NAME(product)(&product, row, row_end);
  }
  if (s->dx.base) {  // dx = dz·Wᵀ
    product.a = s->gates;
    product.b = s->kernel_t;
    product.c = s->dx;
    product.columns_panels = (s->inputs + LK_LANES - 1) / LK_LANES;
    product.start = LK_FROM_ZERO;
    LK_NAME(product)(&product, row, row_end);
  }
}
