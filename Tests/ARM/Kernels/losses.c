// The losses and their gradients.
#include "harness.h"

static void lose(void *loss, size_t row, size_t end) { kernels->loss(loss, row, end); }

// Targets: a 1 among zeros, a probability, or numbers of any kind.
static void set_targets(lk_panels target, size_t rows, size_t outputs, int kind) {
  for (size_t r = 0; r < rows; r++) {
    size_t hot = bits(r) % outputs;
    for (size_t c = 0; c < outputs; c++) {
      float *place = &target.base[c / LK_LANES * target.stride + r * LK_LANES + c % LK_LANES];
      *place = kind == 0 ? c == hot : (float)(bits(1000 + r * outputs + c) % 1025) * 0x1p-10f;
    }
  }
}

static void look_at_loss(int kind, int on_logits, size_t outputs, int targets, fill fill) {
  enum { ROWS = 19 };
  begin_case(
      "loss %d, logits %d, %zu outputs, targets %d, numbers %d", kind, on_logits, outputs, targets,
      fill);
  lk_loss loss = {
      .kind = (lk_loss_kind)kind, .on_logits = on_logits, .outputs = outputs, .scale = 1.0f / ROWS,
      .x = matrix(ROWS, outputs, fill), .target = matrix(ROWS, outputs, ZEROS),
      .dx = matrix(ROWS, outputs, ZEROS), .loss = numbers(ROWS, ZEROS)};
  set_targets(loss.target, ROWS, outputs, targets);
  if (!on_logits && kind <= LK_SPARSE_CATEGORICAL_CROSSENTROPY && fill == SMALL)
    for (size_t p = 0; p < panels_of(outputs); p++)  // probabilities
      kernels->sigmoid(
          ROWS * LK_LANES, loss.x.base + p * loss.x.stride, loss.x.base + p * loss.x.stride);
  share(ROWS, lose, &loss);
  look_at(loss.loss, ROWS);
  look_at_matrix(loss.dx, ROWS, outputs);
  end_case();
}

void look_at_losses(void) {
  static const size_t outputs[] = {1, 2, 3, 15, 16, 17, 40};
  for (int kind = LK_BINARY_CROSSENTROPY; kind <= LK_HUBER; kind++)
    for (int logits = 0; logits <= (kind <= LK_SPARSE_CATEGORICAL_CROSSENTROPY); logits++)
      for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++)
        for (int targets = 0; targets < 2; targets++)
          for (fill fill = SMALL; fill <= SPECIAL; fill++)
            look_at_loss(kind, logits, outputs[i], targets, fill);
}
