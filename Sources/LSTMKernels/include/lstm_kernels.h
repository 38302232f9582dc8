// The arithmetic of the laboratory: matrix products, gates, element-wise functions, optimizers.
//
// Every number that these functions give is one chain of fused multiply-adds in index order, or an
// element-wise formula of + − × ÷ √ and fused multiply-add. It does not depend on the instruction
// set, the width of a vector, the shape of a tile, the number of threads or the optimisation level.
//
// Matrices are stored in panels of 16 columns: element (r, c) of a matrix stands at
// base[(c / 16) * stride + r * 16 + c % 16]. Lanes beyond the last column are never read into a sum;
// those of weights and gradients are zero and stay zero.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LK_LANES 16
#define LK_TILE_FLOATS 4096

// A matrix in panels of 16 columns; `stride` is the distance between two panels, in floats.
typedef struct {
  float *base;
  size_t stride;
} lk_panels;

// Element-wise activations; the numbers are part of the interface with Swift.
typedef enum { LK_LINEAR = 0, LK_SIGMOID = 1, LK_TANH = 2, LK_RELU = 3 } lk_activation;

// What a product's sum starts from.
typedef enum { LK_FROM_ZERO = 0, LK_FROM_BIAS = 1, LK_FROM_OUTPUT = 2 } lk_start;

// c (rows × columns) = start + a (rows × depth) · b (depth × columns), summed over depth in order.
//
// `a` has `depth_panels` panels; all are 16 deep but the last `tail_panels`, which are `tail_depth`
// deep. b has one row for each column of a's panels, whether it is summed or not.
typedef struct {
  lk_panels a, b, c;
  size_t depth_panels, tail_panels, tail_depth;
  size_t columns_panels;  // panels of c and b
  const float *bias;      // LK_FROM_BIAS: 16 floats a panel, at bias + panel * b.stride
  lk_start start;
} lk_product;

// The sequences of a batch in the rows of a matrix, longest first: row starts[t] + b is time step t of
// sequence b. Step t has the starts[t + 1] − starts[t] sequences that are long enough, and no row
// stands for a step that a sequence does not have.
typedef struct {
  size_t steps;          // of the longest sequence
  const size_t *starts;  // (steps + 1)
} lk_steps;

// Rows from `first` to the next run's first: the row of the same sequence's step before is r − lag.
typedef struct {
  size_t first, lag;
} lk_run;

// One part of a weight gradient: aᵀ · d. a's row for d's row r is r − lag of r's run; d's rows before
// the first run have none.
typedef struct {
  lk_panels a;  // (rows, features)
  lk_panels d;  // (rows, columns)
  size_t features;
  const lk_run *runs;
  size_t run_count;
} lk_source;

// The gradient of a layer's weights: g (features × columns) = aᵀ · d (rows × columns) for each source,
// one below the other, and then, for each of the first `biases` sources, one row that is the sum of
// its d's rows. Every sum runs over the rows in order.
typedef struct {
  lk_source source[2];
  size_t sources;
  lk_panels g;
  size_t rows;
  size_t biases;
} lk_gradient;

// A recurrent layer on a batch of sequences with R time steps together: I inputs, H units, G gates a
// unit (one sum where a cell has none), blocks = ⌈H / 16⌉. The panels of `weights`, `gates` and their
// gradients run [block][gate]: an LSTM's input, forget, cell, output; a GRU's update, reset, candidate.
typedef struct {
  size_t inputs, units;
  lk_steps time;
  lk_activation activation, recurrent_activation;
  lk_panels weights;      // (I + H + biases, GH): kernel, recurrent kernel, bias
  lk_panels kernel_t;     // (GH, I): the kernel transposed
  lk_panels recurrent_t;  // (GH, H): the recurrent kernel transposed
  lk_panels x;            // (R, I): the inputs, times x_mask already
  lk_panels gates;        // (R, GH): forward writes the gates; backward replaces them by dz
  lk_panels inner;        // (R, GH): dz of the products with h₋₁, a GRU's; else the same as `gates`
  lk_panels c, h;         // (R, H): an LSTM's C; the output
  lk_panels h_read;       // (R, H): h as the next step's sums read it: h, or where it drops h · h_mask
  lk_panels dh;           // (R, H): gradient of h, first that which the layer above gives
  int dh_every_step;      // whether it gives one for every step or for each sequence's last only
  lk_panels dc;           // (B, H): an LSTM's gradient of c
  lk_panels dx;           // (R, I): gradient of x, base NULL where nobody asks for it
  lk_panels x_mask;       // (B, I): what inputs were multiplied by, base NULL where none are dropped
  lk_panels h_mask;       // (B, H): what h₋₁ is multiplied by in the sums, base NULL likewise
  lk_panels dh_read;      // (B, H): gradient of h_read at the step that is being computed
} lk_recurrent;

// Dropout of one layer in one optimizer step. An element is 0 with the probability threshold / 2³².
typedef struct {
  uint32_t key[2];     // of the generator
  uint32_t threshold;
  float scale;         // of the elements that are not dropped
} lk_dropout;

typedef enum {
  LK_BINARY_CROSSENTROPY = 0,
  LK_CATEGORICAL_CROSSENTROPY = 1,
  LK_SPARSE_CATEGORICAL_CROSSENTROPY = 2,
  LK_MEAN_SQUARED_ERROR = 3,
  LK_MEAN_ABSOLUTE_ERROR = 4,
  LK_HUBER = 5
} lk_loss_kind;

// The loss of each row and its gradient. Sparse targets come as one-hot rows.
typedef struct {
  lk_loss_kind kind;
  int on_logits;  // the crossentropies: x is the pre-activation of a sigmoid or softmax
  size_t outputs;
  float scale;           // 1 / number of rows that the batch's mean is taken over
  lk_panels x, target;   // (rows, outputs)
  lk_panels dx;          // (rows, outputs): gradient of the batch's mean loss
  float *loss;           // (rows)
} lk_loss;

// The settings of one optimizer step; which fields count depends on the function.
typedef struct {
  float rate;           // learning rate; Adam: with the bias correction folded in
  float one_minus_beta_1, one_minus_beta_2, epsilon;
  float momentum, rho, one_minus_rho, decay;
  int nesterov, amsgrad, centered;
} lk_optimizer;

// All steps, forward and backward, of the sequences [first, end) of a recurrent layer's batch.
typedef struct {
  void (*forward)(const lk_recurrent *, size_t first, size_t end);
  void (*backward)(const lk_recurrent *, size_t first, size_t end);
} lk_cell;

// The functions of one instruction-set level.
typedef struct {
  const char *name;
  // Products of the rows [row, row_end).
  void (*product)(const lk_product *, size_t row, size_t row_end);
  // Weight gradients of the column panels [panel, panel_end).
  void (*gradient)(const lk_gradient *, size_t panel, size_t panel_end);
  // The recurrent cells.
  lk_cell lstm, gru, simple_rnn;
  // y = activation(z) for rows [row, row_end) of `panels` panels; y may be z.
  void (*activate)(
      lk_activation, lk_panels z, lk_panels y, size_t panels, size_t row, size_t row_end);
  // dy = dy ⊙ activation′, from the activation's output y.
  void (*activate_backward)(
      lk_activation, lk_panels y, lk_panels dy, size_t panels, size_t row, size_t row_end);
  // y = softmax(z) along each row, and dy = its gradient of z in place of that of y.
  void (*softmax)(lk_panels z, lk_panels y, size_t outputs, size_t row, size_t row_end);
  void (*softmax_backward)(lk_panels y, lk_panels dy, size_t outputs, size_t row, size_t row_end);
  // Draws row `row` of a mask (rows, 16 · panels): 0 or the scale; `step` is 0 where the mask is the
  // same at every step.
  void (*draw_mask)(
      const lk_dropout *, uint32_t sample, uint32_t step, lk_panels mask, size_t panels, size_t row);
  // y = a ⊙ b for `rows` rows from a_row, b_row and y_row on; y may be a.
  void (*multiply_rows)(
      lk_panels a, size_t a_row, lk_panels b, size_t b_row, lk_panels y, size_t y_row, size_t panels,
      size_t rows);
  // The loss of the rows [row, row_end).
  void (*loss)(const lk_loss *, size_t row, size_t row_end);
  // to (columns × rows of from): rows [first, first + count) of `from`'s panels [panel, panel_end)
  // become columns; column panel p of `from` becomes the rows [16p, 16p + 16) of `to`.
  void (*transpose)(
      lk_panels from, size_t first, size_t count, lk_panels to, size_t panel, size_t panel_end);
  // Optimizer steps over floats [0, count), count a multiple of 16; unused slots may be NULL.
  void (*sgd)(const lk_optimizer *, size_t count, float *w, const float *g, float *m);
  void (*adam)(
      const lk_optimizer *, size_t count, float *w, const float *g, float *m, float *v, float *v_max);
  void (*rmsprop)(
      const lk_optimizer *, size_t count, float *w, const float *g, float *v, float *m, float *mean);
  // Element-wise functions over floats [0, count), count a multiple of 16.
  void (*exp)(size_t count, const float *x, float *y);
  void (*tanh)(size_t count, const float *x, float *y);
  void (*sigmoid)(size_t count, const float *x, float *y);
  void (*log)(size_t count, const float *x, float *y);
  // Runs the inner loop of the products on one tile and a depth of 64, `times` over, in LK_TILE_FLOATS
  // floats of memory; returns the number of multiplications and additions. For measuring.
  double (*repeat_tile)(size_t times, float *memory);
  // Whether all of the floats [0, count), count a multiple of 16, are finite.
  int (*finite)(size_t count, const float *x);
  // 32-bit fused multiply-add a·b + c over floats [0, count); the base of all of the above.
  void (*fma)(size_t count, const float *a, const float *b, const float *c, float *y);
} lk_kernels;

// The number of levels this build has, slowest (portable) first.
size_t lk_level_count(void);
// The level's functions, or NULL where this processor cannot run it.
const lk_kernels *lk_level(size_t index);
// The level's name: portable, v2, v3, v4.
const char *lk_level_name(size_t index);

// Copies rows of `columns` numbers, `stride` apart, to the rows starts[0] + b, starts[1] + b, … of `to`.
void lk_spread(
    const float *from, size_t stride, size_t rows, size_t columns, lk_panels to,
    const size_t *starts, size_t b);
// Copies rows of 16 · panels columns: row from_rows[i] of `from` to row to_rows[i] of `to` for each i
// of [first, end); where an array is NULL, row i.
void lk_copy_rows(
    lk_panels from, const size_t *from_rows, lk_panels to, const size_t *to_rows, size_t panels,
    size_t first, size_t end);

// Columns of rows of one matrix and where they go to in another: a copy, or with `add` a sum.
typedef struct {
  lk_panels from, to;
  size_t from_column, to_column, columns;
  int add;
} lk_columns;
// Moves the columns of the rows [row, row_end).
void lk_move_rows(const lk_columns *, size_t row, size_t row_end);
// Moves those of each step of the sequences [first, end), whose lengths are given; with `reversed`, the
// first step becomes the sequence's last, and so on.
void lk_move_steps(
    const lk_columns *, const size_t *starts, const size_t *lengths, int reversed, size_t first,
    size_t end);
// Copies row ids[r] of `table` to row r of `to`, for rows [row, row_end); ids are columns 0 of a matrix.
void lk_look_up(
    lk_panels table, lk_panels ids, lk_panels to, size_t panels, size_t row, size_t row_end);
// g[id] = the sum of d's rows with that id, in order; panels [panel, panel_end) of g (count rows).
void lk_gather_by_id(
    lk_panels d, lk_panels ids, size_t rows, lk_panels g, size_t count, size_t panel,
    size_t panel_end);

// Takes zeroed memory at a 64-byte boundary, in huge pages where it is large; NULL where there is none.
float *lk_memory_take(size_t floats);
void lk_memory_free(float *memory);

// A team of threads that runs one piece of work together; the caller is one of them.
typedef struct lk_team lk_team;
typedef void (*lk_work)(void *context, size_t member, size_t members);
// Starts members − 1 threads; NULL where the system refuses.
lk_team *lk_team_start(size_t members);
// Runs work(context, member, members) once on every member and returns when all are done.
void lk_team_run(lk_team *, lk_work work, void *context);
void lk_team_stop(lk_team *);
