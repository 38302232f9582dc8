// The simple recurrent cell (Elman, 1990), forward and backward: h = tanh(W·x + b + U·h₋₁).
//
// `gates` has the gradient of the sums; forward has no use of it.

// h for one tile of rows and `panels` blocks of 16 units.
ALWAYS void simple_rnn_tile(
    const lk_recurrent *s, lk_activation act, const int rows, const int panels, size_t row,
    size_t before, size_t block) {
  v16 acc[LK_TILE_ROWS][LK_TILE_PANELS];
  size_t tail = s->inputs % LK_LANES, h_tail = s->units % LK_LANES, stride = s->weights.stride;
  const float *w = panel_row(s->weights, block, 0);
  const float *u = w + s->inputs * LK_LANES, *b = u + s->units * LK_LANES;
  UNROLL for (int r = 0; r < rows; r++) UNROLL for (int p = 0; p < panels; p++)
    acc[r][p] = load(b + p * stride);
  chain_panels(
      acc, rows, panels, panel_row(s->x, 0, row), s->x.stride, s->inputs / LK_LANES, tail != 0, tail,
      w, stride);
  if (before != NO_ROW)
    chain_panels(
        acc, rows, panels, panel_row(s->h_read, 0, before), s->h_read.stride, s->units / LK_LANES, h_tail != 0,
        h_tail, u, stride);
  UNROLL for (int r = 0; r < rows; r++) UNROLL for (int p = 0; p < panels; p++)
    store(panel_row(s->h, block + p, row + r), activate16(act, acc[r][p]));
}

ALWAYS void simple_rnn_cell_backward(
    const lk_recurrent *s, lk_activation act, size_t row, size_t block) {
  v16 h = load(panel_row(s->h, block, row)), dh = load(panel_row(s->dh, block, row));
  store(panel_row(s->gates, block, row), dh * slope16(act, h));  // h = tanh(z)
}

ALWAYS void simple_rnn_steps(const lk_recurrent *s, lk_activation act, size_t first, size_t end) {
  size_t blocks = (s->units + LK_LANES - 1) / LK_LANES;
  for (size_t t = 0; t < s->time.steps; t++) {
    size_t block = 0, last = end_at(s, t, end);
    drop_state_before(s, t, first, last);
    for (; block + LK_TILE_PANELS <= blocks; block += LK_TILE_PANELS)
#define LK_BODY(n) simple_rnn_tile(s, act, n, LK_TILE_PANELS, row, before, block)
      LK_FOR_TILES(s, t, first, last, LK_BODY)
#undef LK_BODY
    for (; block < blocks; block++)
#define LK_BODY(n) simple_rnn_tile(s, act, n, 1, row, before, block)
      LK_FOR_TILES(s, t, first, last, LK_BODY)
#undef LK_BODY
  }
}

static void LK_NAME(simple_rnn_forward)(const lk_recurrent *s, size_t first, size_t end) {
  if (s->activation == LK_TANH)
    simple_rnn_steps(s, LK_TANH, first, end);
  else
    simple_rnn_steps(s, s->activation, first, end);
}

static void LK_NAME(simple_rnn_backward)(const lk_recurrent *s, size_t first, size_t end) {
  for (size_t t = s->time.steps; t-- > 0;) {
    size_t last = end_at(s, t, end);
    for (size_t block = 0; block * LK_LANES < s->units; block++)
      for (size_t b = first; b < last; b++)
        simple_rnn_cell_backward(s, s->activation, row_at(s, t, b), block);
    step_products_backward(
        s, 1, s->dh_every_step ? LK_FROM_OUTPUT : LK_FROM_ZERO, t, first, last);
  }
}
