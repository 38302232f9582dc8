// The GRU cell with the reset gate after the product (Cho and others, 2014, v1; Keras's `reset_after`),
// forward and backward, in the letters of the equations:
//
//   u = σ(W_u·x + b_u + U_u·h₋₁ + d_u)    r = σ(W_r·x + b_r + U_r·h₋₁ + d_r)
//   q = U_c·h₋₁ + d_c                     h̃ = tanh(W_c·x + b_c + r ⊙ q)
//   h = u ⊙ h₋₁ + (1 − u) ⊙ h̃
//
// The candidate's two products are weighed differently, so each unit has four sums. `gates` holds u, r
// and h̃, `inner` q in the candidate's panel. Backward replaces both by the gradients of the sums: those
// of W·x + b in `gates`, those of U·h₋₁ + d in `inner`; they differ for the candidate.

enum { GRU_UPDATE, GRU_RESET, GRU_CANDIDATE, GRU_GATES };

ALWAYS void gru_cell_forward(
    const lk_recurrent *s, lk_activation rec, v16 z_update, v16 z_reset, v16 z_candidate, v16 q,
    size_t row, size_t block) {
  float *gates = panel_row(s->gates, GRU_GATES * block, row);
  v16 r = activate16(rec, z_reset);
  store(gates + GRU_UPDATE * s->gates.stride, activate16(rec, z_update));
  store(gates + GRU_RESET * s->gates.stride, r);
  store(gates + GRU_CANDIDATE * s->gates.stride, fma16(r, q, z_candidate));
  store(panel_row(s->inner, GRU_GATES * block + GRU_CANDIDATE, row), q);
}

// A loop of its own over the tile's rows, as in the LSTM.
ALWAYS void gru_cell_output(
    const lk_recurrent *s, lk_activation act, size_t row, size_t before, size_t block) {
  float *gates = panel_row(s->gates, GRU_GATES * block, row);
  v16 u = load(gates + GRU_UPDATE * s->gates.stride);
  v16 g = activate16(act, load(gates + GRU_CANDIDATE * s->gates.stride));  // h̃
  v16 h_before = before == NO_ROW ? splat(0.0f) : load(panel_row(s->h, block, before));
  store(gates + GRU_CANDIDATE * s->gates.stride, g);
  store(panel_row(s->h, block, row), fma16(u, h_before, (1.0f - u) * g));
}

ALWAYS void gru_cell_backward(
    const lk_recurrent *s, lk_activation act, lk_activation rec, size_t row, size_t before,
    size_t block) {
  float *gates = panel_row(s->gates, GRU_GATES * block, row);
  float *inner = panel_row(s->inner, GRU_GATES * block, row);
  v16 u = load(gates + GRU_UPDATE * s->gates.stride);
  v16 r = load(gates + GRU_RESET * s->gates.stride);
  v16 g = load(gates + GRU_CANDIDATE * s->gates.stride);
  v16 q = load(inner + GRU_CANDIDATE * s->inner.stride);
  v16 h_before = before == NO_ROW ? splat(0.0f) : load(panel_row(s->h, block, before));
  v16 dh = load(panel_row(s->dh, block, row));
  v16 du = dh * (h_before - g);                         // h = u ⊙ h₋₁ + (1 − u) ⊙ h̃
  v16 dz = dh * (1.0f - u) * slope16(act, g);           // h̃ = tanh(z), z = … + r ⊙ q
  v16 dz_update = du * slope16(rec, u), dz_reset = dz * q * slope16(rec, r);
  store(gates + GRU_UPDATE * s->gates.stride, dz_update);
  store(gates + GRU_RESET * s->gates.stride, dz_reset);
  store(gates + GRU_CANDIDATE * s->gates.stride, dz);
  store(inner + GRU_UPDATE * s->inner.stride, dz_update);
  store(inner + GRU_RESET * s->inner.stride, dz_reset);
  store(inner + GRU_CANDIDATE * s->inner.stride, dz * r);
  if (before == NO_ROW) return;
  float *dh_before = panel_row(s->dh, block, before);  // what the layer above asks for + u ⊙ dh
  store(dh_before, fma16(u, dh, s->dh_every_step ? load(dh_before) : splat(0.0f)));
}

// The sums b + W·x + d + U·h₋₁ of LK_TILE_PANELS gates from `gate` on, for one tile of rows.
ALWAYS void gru_gates(
    const lk_recurrent *s, v16 z[LK_TILE_ROWS][GRU_CANDIDATE], const int rows, size_t row,
    size_t before, size_t block, const int gate) {
  v16 acc[LK_TILE_ROWS][LK_TILE_PANELS];
  size_t tail = s->inputs % LK_LANES, h_tail = s->units % LK_LANES, stride = s->weights.stride;
  const float *w = panel_row(s->weights, GRU_GATES * block + gate, 0);
  const float *u = w + s->inputs * LK_LANES, *b = u + s->units * LK_LANES, *d = b + LK_LANES;
  UNROLL for (int r = 0; r < rows; r++) UNROLL for (int p = 0; p < LK_TILE_PANELS; p++)
    acc[r][p] = load(b + p * stride) + load(d + p * stride);
  chain_panels(
      acc, rows, LK_TILE_PANELS, panel_row(s->x, 0, row), s->x.stride, s->inputs / LK_LANES,
      tail != 0, tail, w, stride);
  if (before != NO_ROW)
    chain_panels(
        acc, rows, LK_TILE_PANELS, panel_row(s->h_read, 0, before), s->h_read.stride,
        s->units / LK_LANES, h_tail != 0, h_tail, u, stride);
  UNROLL for (int r = 0; r < rows; r++) UNROLL for (int p = 0; p < LK_TILE_PANELS; p++)
    z[r][gate + p] = acc[r][p];
}

// start + a·w for one tile of rows and 16 units: one of the candidate's two sums. Sums that outlive
// their loop's scope would be stored in each of its rounds, so this one's are its own.
ALWAYS void gru_candidate(
    v16 z[LK_TILE_ROWS], const int rows, const float *start, const float *a, size_t a_stride,
    size_t depth, const float *w) {
  v16 acc[LK_TILE_ROWS][LK_TILE_PANELS];
  UNROLL for (int r = 0; r < rows; r++) acc[r][0] = load(start);
  chain_panels(
      acc, rows, 1, a, a_stride, depth / LK_LANES, depth % LK_LANES != 0, depth % LK_LANES, w, 0);
  UNROLL for (int r = 0; r < rows; r++) z[r] = acc[r][0];
}

// All sums for one tile of rows and the three gates of 16 units, then the cell.
ALWAYS void gru_tile(
    const lk_recurrent *s, lk_activation act, lk_activation rec, const int rows, size_t row,
    size_t before, size_t block) {
  v16 z[LK_TILE_ROWS][GRU_CANDIDATE], z_candidate[LK_TILE_ROWS], q[LK_TILE_ROWS];
  UNROLL for (int gate = 0; gate < GRU_CANDIDATE; gate += LK_TILE_PANELS)
    gru_gates(s, z, rows, row, before, block, gate);
  const float *w = panel_row(s->weights, GRU_GATES * block + GRU_CANDIDATE, 0);
  const float *u = w + s->inputs * LK_LANES, *b = u + s->units * LK_LANES, *d = b + LK_LANES;
  gru_candidate(z_candidate, rows, b, panel_row(s->x, 0, row), s->x.stride, s->inputs, w);
  if (before != NO_ROW)
    gru_candidate(
        q, rows, d, panel_row(s->h_read, 0, before), s->h_read.stride, s->units, u);
  else
    UNROLL for (int r = 0; r < rows; r++) q[r] = load(d);
  ROLLED for (int r = 0; r < rows; r++)
    gru_cell_forward(
        s, rec, z[r][GRU_UPDATE], z[r][GRU_RESET], z_candidate[r], q[r], row + r, block);
  ROLLED for (int r = 0; r < rows; r++)
    gru_cell_output(s, act, row + r, before == NO_ROW ? NO_ROW : before + r, block);
}

ALWAYS void gru_steps(
    const lk_recurrent *s, lk_activation act, lk_activation rec, size_t first, size_t end) {
  for (size_t t = 0; t < s->time.steps; t++) {
    size_t last = end_at(s, t, end);
    drop_state_before(s, t, first, last);
    for (size_t block = 0; block * LK_LANES < s->units; block++)
#define LK_BODY(n) gru_tile(s, act, rec, n, row, before, block)
      LK_FOR_TILES(s, t, first, last, LK_BODY)
#undef LK_BODY
  }
}

static void LK_NAME(gru_forward)(const lk_recurrent *s, size_t first, size_t end) {
  LK_WITH_ACTIVATIONS(s, gru_steps, first, end)
}

ALWAYS void gru_steps_backward(
    const lk_recurrent *s, lk_activation act, lk_activation rec, size_t first, size_t end) {
  for (size_t t = s->time.steps; t-- > 0;) {
    size_t last = end_at(s, t, end);
    for (size_t block = 0; block * LK_LANES < s->units; block++)
      for (size_t b = first; b < last; b++)
        gru_cell_backward(s, act, rec, row_at(s, t, b), row_before(s, t, b), block);
    step_products_backward(s, GRU_GATES, LK_FROM_OUTPUT, t, first, last);
  }
}

static void LK_NAME(gru_backward)(const lk_recurrent *s, size_t first, size_t end) {
  LK_WITH_ACTIVATIONS(s, gru_steps_backward, first, end)
}
