// The LSTM cell, forward and backward, in the letters of the equations:
//
//   f = σ(W_f·[h, x] + b_f)   i = σ(W_i·[h, x] + b_i)   C̃ = tanh(W_C·[h, x] + b_C)   o = σ(W_o·[h, x] + b_o)
//   C = f ⊙ C₋₁ + i ⊙ C̃       h = o ⊙ tanh(C)
//
// σ and tanh stand for the layer's recurrent activation and activation. `before` is the row of the
// same sequence's step before, or NO_ROW at the first, where C₋₁ and h₋₁ are zero.

enum { LSTM_GATES = 4 };

ALWAYS void cell_forward(
    const lk_recurrent *s, lk_activation act, lk_activation rec, const v16 z[4], size_t row,
    size_t before, size_t block) {
  v16 i = activate16(rec, z[0]);
  v16 f = activate16(rec, z[1]);
  v16 g = activate16(act, z[2]);  // C̃
  v16 o = activate16(rec, z[3]);
  v16 c_before = before == NO_ROW ? splat(0.0f) : load(panel_row(s->c, block, before));
  v16 c = fma16(f, c_before, i * g);  // C = f ⊙ C₋₁ + i ⊙ C̃
  float *gates = panel_row(s->gates, 4 * block, row);
  store(gates, i);
  store(gates + s->gates.stride, f);
  store(gates + 2 * s->gates.stride, g);
  store(gates + 3 * s->gates.stride, o);
  store(panel_row(s->c, block, row), c);
}

// A loop of its own over the tile's rows: inside the other, this one chain keeps the processor waiting.
ALWAYS void cell_output(const lk_recurrent *s, lk_activation act, size_t row, size_t block) {
  v16 o = load(panel_row(s->gates, 4 * block + 3, row));
  v16 h = o * activate16(act, load(panel_row(s->c, block, row)));  // h = o ⊙ tanh(C)
  store(panel_row(s->h, block, row), h);
}

// `is_last` says whether the step is sequence b's last one.
ALWAYS void cell_backward(
    const lk_recurrent *s, lk_activation act, lk_activation rec, size_t row, size_t before, size_t b,
    int is_last, size_t block) {
  float *gates = panel_row(s->gates, 4 * block, row);
  float *dc_at = panel_row(s->dc, block, b);
  v16 i = load(gates);
  v16 f = load(gates + s->gates.stride);
  v16 g = load(gates + 2 * s->gates.stride);
  v16 o = load(gates + 3 * s->gates.stride);
  // tanh(C) is computed again: to fetch a stored one takes as long, and memory besides.
  v16 tanh_c = activate16(act, load(panel_row(s->c, block, row)));
  v16 c_before = before == NO_ROW ? splat(0.0f) : load(panel_row(s->c, block, before));
  v16 dc_after = is_last ? splat(0.0f) : load(dc_at);
  v16 dh = load(panel_row(s->dh, block, row));
  v16 do_ = dh * tanh_c;                                 // h = o ⊙ tanh(C)
  v16 dc = fma16(dh * o, slope16(act, tanh_c), dc_after);
  v16 di = dc * g, dg = dc * i, df = dc * c_before;      // C = f ⊙ C₋₁ + i ⊙ C̃
  store(dc_at, dc * f);
  store(gates, di * slope16(rec, i));                    // i = σ(z_i), …
  store(gates + s->gates.stride, df * slope16(rec, f));
  store(gates + 2 * s->gates.stride, dg * slope16(act, g));
  store(gates + 3 * s->gates.stride, do_ * slope16(rec, o));
}

// z = b + W·x + U·h₋₁ for one tile of rows and the four gates of 16 units, then the cell.
ALWAYS void lstm_tile(
    const lk_recurrent *s, lk_activation act, lk_activation rec, const int rows, size_t row,
    size_t before, size_t block) {
  v16 z[LK_TILE_ROWS][4];
  size_t tail = s->inputs % LK_LANES, h_tail = s->units % LK_LANES, stride = s->weights.stride;
  UNROLL for (int gate = 0; gate < 4; gate += LK_TILE_PANELS) {
    v16 acc[LK_TILE_ROWS][LK_TILE_PANELS];
    const float *w = panel_row(s->weights, 4 * block + gate, 0);
    const float *u = w + s->inputs * LK_LANES, *b = u + s->units * LK_LANES;
    UNROLL for (int r = 0; r < rows; r++) UNROLL for (int p = 0; p < LK_TILE_PANELS; p++)
      acc[r][p] = load(b + p * stride);
    chain_panels(
        acc, rows, LK_TILE_PANELS, panel_row(s->x, 0, row), s->x.stride, s->inputs / LK_LANES, tail != 0,
        tail, w, stride);
    if (before != NO_ROW)
      chain_panels(
          acc, rows, LK_TILE_PANELS, panel_row(s->h_read, 0, before), s->h_read.stride,
          s->units / LK_LANES, h_tail != 0, h_tail, u, stride);
    UNROLL for (int r = 0; r < rows; r++) UNROLL for (int p = 0; p < LK_TILE_PANELS; p++)
      z[r][gate + p] = acc[r][p];
  }
  ROLLED for (int r = 0; r < rows; r++)
    cell_forward(s, act, rec, z[r], row + r, before == NO_ROW ? NO_ROW : before + r, block);
  ROLLED for (int r = 0; r < rows; r++) cell_output(s, act, row + r, block);
}

ALWAYS void lstm_steps(
    const lk_recurrent *s, lk_activation act, lk_activation rec, size_t first, size_t end) {
  for (size_t t = 0; t < s->time.steps; t++) {
    size_t last = end_at(s, t, end);
    drop_state_before(s, t, first, last);
    for (size_t block = 0; block * LK_LANES < s->units; block++)
#define LK_BODY(n) lstm_tile(s, act, rec, n, row, before, block)
      LK_FOR_TILES(s, t, first, last, LK_BODY)
#undef LK_BODY
  }
}

static void LK_NAME(lstm_forward)(const lk_recurrent *s, size_t first, size_t end) {
  LK_WITH_ACTIVATIONS(s, lstm_steps, first, end)
}

ALWAYS void lstm_steps_backward(
    const lk_recurrent *s, lk_activation act, lk_activation rec, size_t first, size_t end) {
  for (size_t t = s->time.steps; t-- > 0;) {
    size_t last = end_at(s, t, end), going_on = sequences_at(s, t + 1);
    for (size_t block = 0; block * LK_LANES < s->units; block++)
      for (size_t b = first; b < last; b++)
        cell_backward(s, act, rec, row_at(s, t, b), row_before(s, t, b), b, b >= going_on, block);
    step_products_backward(
        s, LSTM_GATES, s->dh_every_step ? LK_FROM_OUTPUT : LK_FROM_ZERO, t, first, last);
  }
}

static void LK_NAME(lstm_backward)(const lk_recurrent *s, size_t first, size_t end) {
  LK_WITH_ACTIVATIONS(s, lstm_steps_backward, first, end)
}
