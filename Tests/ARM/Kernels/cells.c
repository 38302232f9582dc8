// The recurrent cells, forward and backward, on sequences of unequal length.
#include "harness.h"

enum { LSTM, GRU, SIMPLE_RNN };

static const struct {
  size_t sums, biases;
} cells[] = {{4, 1}, {3, 2}, {1, 1}};

typedef struct {
  int cell;
  size_t inputs, units, sequences, steps;
  lk_activation activation, recurrent_activation;
  int every_step, drops_inputs, drops_state, gives_gradient;
  fill fill;
} layer;

static lk_cell kernel(int cell) {
  return cell == LSTM ? kernels->lstm : cell == GRU ? kernels->gru : kernels->simple_rnn;
}

typedef struct {
  lk_recurrent *recurrent;
  lk_cell cell;
} passing;

static void forward(void *context, size_t first, size_t end) {
  passing *p = context;
  p->cell.forward(p->recurrent, first, end);
}

static void backward(void *context, size_t first, size_t end) {
  passing *p = context;
  p->cell.backward(p->recurrent, first, end);
}

// The weights, with the sums of 16 units side by side and unused lanes zero.
static lk_panels weights(const layer *l, size_t rows) {
  size_t sums = cells[l->cell].sums, blocks = panels_of(l->units);
  lk_panels all = matrix(rows, sums * blocks * LK_LANES, l->fill == SPECIAL ? SPECIAL : SMALL);
  for (size_t p = 0; p < sums * blocks; p++) {
    size_t columns = p / sums + 1 < blocks ? LK_LANES : l->units - (blocks - 1) * LK_LANES;
    for (size_t r = 0; r < rows; r++)
      for (size_t lane = columns; lane < LK_LANES; lane++)
        all.base[p * all.stride + r * LK_LANES + lane] = 0;
  }
  return all;
}

// Sequence b of B has steps · (B − b) / B time steps, at least one: longest first.
static const size_t *starts(const layer *l) {
  size_t *starts = words(l->steps + 1);
  for (size_t t = 0; t < l->steps; t++) {
    size_t reaching = 0;
    while (reaching < l->sequences) {
      size_t length = l->steps * (l->sequences - reaching) / l->sequences;
      if ((length ? length : 1) <= t) break;
      reaching++;
    }
    starts[t + 1] = starts[t] + reaching;
  }
  return starts;
}

static lk_panels masks(const layer *l, size_t columns) {
  lk_dropout dropout = {{(uint32_t)bits(0), (uint32_t)bits(1)}, 0x50000000, 1.4545454f};
  lk_panels mask = matrix(l->sequences, columns, ZEROS);
  for (size_t b = 0; b < l->sequences; b++)
    kernels->draw_mask(&dropout, (uint32_t)b, 0, mask, panels_of(columns), b);
  return mask;
}

static void look_at_layer(layer l) {
  begin_case(
      "cell %d, %zu → %zu, %zu × %zu, activations %d %d, options %d%d%d%d, numbers %d", l.cell,
      l.inputs, l.units, l.sequences, l.steps, l.activation, l.recurrent_activation, l.every_step,
      l.drops_inputs, l.drops_state, l.gives_gradient, l.fill);
  size_t sums = cells[l.cell].sums, blocks = panels_of(l.units), width = sums * blocks * LK_LANES;
  lk_recurrent s = {
      .inputs = l.inputs, .units = l.units, .time = {l.steps, starts(&l)},
      .activation = l.activation, .recurrent_activation = l.recurrent_activation,
      .weights = weights(&l, l.inputs + l.units + cells[l.cell].biases),
      .dh_every_step = l.every_step};
  size_t rows = s.time.starts[l.steps];
  s.kernel_t = matrix(width, l.inputs, ZEROS);
  s.recurrent_t = matrix(width, l.units, ZEROS);
  kernels->transpose(s.weights, 0, l.inputs, s.kernel_t, 0, sums * blocks);
  kernels->transpose(s.weights, l.inputs, l.units, s.recurrent_t, 0, sums * blocks);
  s.x = matrix(rows, l.inputs, l.fill);
  s.gates = matrix(rows, width, ZEROS);
  s.inner = l.cell == GRU ? matrix(rows, width, ZEROS) : s.gates;
  s.c = matrix(rows, l.units, ZEROS);
  s.h = matrix(rows, l.units, ZEROS);
  s.h_read = l.drops_state ? matrix(rows, l.units, ZEROS) : s.h;
  s.dh = matrix(rows, l.units, l.fill);
  s.dc = matrix(l.sequences, l.units, ZEROS);
  if (l.gives_gradient) s.dx = matrix(rows, l.inputs, ZEROS);
  if (l.drops_inputs) s.x_mask = masks(&l, l.inputs);
  if (l.drops_state) {
    s.h_mask = masks(&l, l.units);
    s.dh_read = matrix(l.sequences, l.units, ZEROS);
  }
  passing p = {&s, kernel(l.cell)};
  share(l.sequences, forward, &p);
  look_at_matrix(s.h, rows, l.units);
  look_at_matrix(s.c, rows, l.units);
  look_at_matrix(s.gates, rows, width);
  share(l.sequences, backward, &p);
  look_at_matrix(s.gates, rows, width);
  look_at_matrix(s.inner, rows, width);
  look_at_matrix(s.dh, rows, l.units);
  if (l.gives_gradient) look_at_matrix(s.dx, rows, l.inputs);
  end_case();
}

void look_at_cells(void) {
  static const size_t units[] = {1, 4, 15, 16, 17, 33, 50}, inputs[] = {3, 16, 1, 17, 40, 2, 18};
  for (int cell = LSTM; cell <= SIMPLE_RNN; cell++) {
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
      for (size_t sequences = 1; sequences <= 13; sequences += 3)
        look_at_layer((layer){
            cell, inputs[i], units[i], sequences, 1 + (sequences + i) % 8, LK_TANH, LK_SIGMOID,
            .every_step = i & 1, .drops_inputs = sequences % 2, .drops_state = i % 3 == 1,
            .gives_gradient = i % 2 == 0, .fill = SMALL});
    for (int activation = LK_LINEAR; activation <= LK_RELU; activation++)
      for (int recurrent = LK_LINEAR; recurrent <= LK_RELU; recurrent++)
        for (int option = 0; option < 2; option++)
          look_at_layer((layer){
              cell, 5, 18, 7, 4, (lk_activation)activation, (lk_activation)recurrent,
              .every_step = option, .drops_inputs = !option, .drops_state = option,
              .gives_gradient = 1, .fill = SMALL});
    look_at_layer((layer){
        cell, 19, 21, 9, 5, LK_TANH, LK_SIGMOID, .gives_gradient = 1, .fill = WIDE});
    look_at_layer((layer){
        cell, 19, 21, 9, 5, LK_TANH, LK_SIGMOID, .every_step = 1, .gives_gradient = 1,
        .fill = SPECIAL});
  }
}
