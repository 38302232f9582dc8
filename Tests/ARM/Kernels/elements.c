// Functions of one element, optimizers, and dropout.
#include <string.h>

#include "harness.h"

enum { SAMPLES = 1 << 18, STEP = 16381 };  // every STEP-th of all 2³² bit patterns

typedef struct {
  void (*function)(size_t, const float *, float *);
  const float *x;
  float *y;
} mapping;

static void map(void *context, size_t first, size_t end) {
  mapping *m = context;
  size_t k = first * LK_LANES;
  m->function((end - first) * LK_LANES, m->x + k, m->y + k);
}

static void look_at_function(const char *name, void (*function)(size_t, const float *, float *)) {
  begin_case("%s of every %dth float32", name, STEP);
  float *x = numbers(SAMPLES, ZEROS), *y = numbers(SAMPLES, ZEROS);
  for (uint32_t k = 0; k < SAMPLES; k++) {
    uint32_t word = k * STEP;
    memcpy(x + k, &word, sizeof word);
  }
  mapping all = {function, x, y};
  share(SAMPLES / LK_LANES, map, &all);
  look_at(y, SAMPLES);
  end_case();

  begin_case("%s of special numbers", name);
  x = numbers(SPECIALS, ZEROS), y = numbers(SPECIALS, ZEROS);
  for (size_t k = 0; k < SPECIALS; k++) x[k] = special(k);
  mapping specials = {function, x, y};
  share(SPECIALS / LK_LANES, map, &specials);
  look_at(y, SPECIALS);
  end_case();
}

typedef struct {
  const float *a, *b, *c;
  float *y;
} fused;

static void fuse(void *context, size_t first, size_t end) {
  fused *f = context;
  size_t k = first * LK_LANES;
  kernels->fma((end - first) * LK_LANES, f->a + k, f->b + k, f->c + k, f->y + k);
}

static void look_at_fma(void) {
  enum { CUBE = SPECIALS * SPECIALS * SPECIALS };
  begin_case("fma of all triples of special numbers");
  float *a = numbers(CUBE, ZEROS), *b = numbers(CUBE, ZEROS), *c = numbers(CUBE, ZEROS);
  for (size_t k = 0; k < CUBE; k++) {
    a[k] = special(k);
    b[k] = special(k / SPECIALS);
    c[k] = special(k / SPECIALS / SPECIALS);
  }
  fused cube = {a, b, c, numbers(CUBE, ZEROS)};
  share(CUBE / LK_LANES, fuse, &cube);
  look_at(cube.y, CUBE);
  end_case();

  begin_case("fma that cancels");
  a = numbers(SAMPLES, WIDE), b = numbers(SAMPLES, WIDE), c = numbers(SAMPLES, ZEROS);
  for (size_t k = 0; k < SAMPLES; k++)
    c[k] = -(a[k] * b[k]) * (1 + (float)((int)(bits(k) % 5) - 2) * 0x1p-23f);
  fused cancelling = {a, b, c, numbers(SAMPLES, ZEROS)};
  share(SAMPLES / LK_LANES, fuse, &cancelling);
  look_at(cancelling.y, SAMPLES);
  end_case();
}

static void look_at_finite(void) {
  begin_case("finite");
  for (size_t k = 0; k < SPECIALS; k++) {
    float *x = numbers(3 * LK_LANES, SMALL), answer;
    x[bits(k) % (3 * LK_LANES)] = special(k);
    answer = (float)kernels->finite(3 * LK_LANES, x);
    look_at(&answer, 1);
  }
  end_case();
}

typedef struct {
  lk_activation kind;
  lk_panels z, y, dy;
  size_t panels, outputs;
} activation;

static void activate(void *context, size_t row, size_t end) {
  activation *a = context;
  kernels->activate(a->kind, a->z, a->y, a->panels, row, end);
  kernels->activate_backward(a->kind, a->y, a->dy, a->panels, row, end);
}

static void soften(void *context, size_t row, size_t end) {
  activation *a = context;
  kernels->softmax(a->z, a->y, a->outputs, row, end);
  kernels->softmax_backward(a->y, a->dy, a->outputs, row, end);
}

static void look_at_activations(fill fill) {
  static const size_t columns[] = {1, 2, 15, 16, 17, 47};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
    for (int kind = LK_LINEAR; kind <= LK_RELU + 1; kind++) {
      size_t width = columns[i], rows = 23;
      begin_case("activation %d, %zu columns, numbers %d", kind, width, fill);
      activation a = {
          .kind = (lk_activation)kind, .z = matrix(rows, width, fill),
          .y = matrix(rows, width, ZEROS), .dy = matrix(rows, width, fill),
          .panels = panels_of(width), .outputs = width};
      share(rows, kind > LK_RELU ? soften : activate, &a);
      look_at_matrix(a.y, rows, width);
      look_at_matrix(a.dy, rows, width);
      end_case();
    }
}

void look_at_functions(void) {
  look_at_function("exp", kernels->exp);
  look_at_function("tanh", kernels->tanh);
  look_at_function("sigmoid", kernels->sigmoid);
  look_at_function("log", kernels->log);
  look_at_fma();
  look_at_finite();
  for (fill fill = SMALL; fill <= SPECIAL; fill++) look_at_activations(fill);
}

// An optimizer's slots, in the order of its arguments.
typedef struct {
  lk_optimizer settings;
  int rule, slots;
  float *w, *g, *slot[3];
} training;

static void step(void *context, size_t first, size_t end) {
  training *t = context;
  size_t k = first * LK_LANES, count = (end - first) * LK_LANES;
  float *slot[3];
  for (int i = 0; i < 3; i++) slot[i] = t->slot[i] ? t->slot[i] + k : NULL;
  switch (t->rule) {
    case 0: kernels->sgd(&t->settings, count, t->w + k, t->g + k, slot[0]); break;
    case 1: kernels->adam(&t->settings, count, t->w + k, t->g + k, slot[0], slot[1], slot[2]); break;
    default: kernels->rmsprop(&t->settings, count, t->w + k, t->g + k, slot[0], slot[1], slot[2]);
  }
}

static void look_at_optimizer(int rule, int variant, fill fill) {
  enum { COUNT = 37 * LK_LANES, STEPS = 20 };
  begin_case("optimizer %d, variant %d, numbers %d", rule, variant, fill);
  int second = variant & 1, third = variant >> 1 & 1;
  training t = {
      .settings =
          {.rate = 0.01f, .one_minus_beta_1 = 0.1f, .one_minus_beta_2 = 0.001f, .epsilon = 1e-7f,
           .momentum = 0.9f, .rho = 0.9f, .one_minus_rho = 0.1f,
           .decay = variant & 4 ? 0.004f : 0.0f, .nesterov = third, .amsgrad = third,
           .centered = third},
      .rule = rule, .w = numbers(COUNT, fill), .g = numbers(COUNT, fill)};
  if (rule > 0 || second) t.slot[0] = numbers(COUNT, ZEROS);
  if (rule == 1 || (rule == 2 && second)) t.slot[1] = numbers(COUNT, ZEROS);
  if (rule > 0 && third) t.slot[2] = numbers(COUNT, ZEROS);
  for (int i = 0; i < STEPS; i++) {
    if (fill != SPECIAL)
      for (size_t k = 0; k < COUNT; k++) t.g[k] = t.w[(7 * k + 3) % COUNT];
    share(COUNT / LK_LANES, step, &t);
  }
  look_at(t.w, COUNT);
  for (int i = 0; i < 3; i++)
    if (t.slot[i]) look_at(t.slot[i], COUNT);
  end_case();
}

void look_at_optimizers(void) {
  for (int rule = 0; rule < 3; rule++)
    for (int variant = 0; variant < 8; variant++)
      for (fill fill = SMALL; fill <= SPECIAL; fill++) look_at_optimizer(rule, variant, fill);
}

typedef struct {
  lk_dropout dropout;
  lk_panels mask, x, y;
  size_t panels;
} dropping;

static void drop(void *context, size_t row, size_t end) {
  dropping *d = context;
  for (size_t r = row; r < end; r++)
    kernels->draw_mask(&d->dropout, (uint32_t)(7 * r), (uint32_t)r, d->mask, d->panels, r);
  kernels->multiply_rows(d->x, row, d->mask, row, d->y, row, d->panels, end - row);
}

void look_at_dropout(void) {
  for (size_t panels = 1; panels <= 9; panels += 2)
    for (fill fill = SMALL; fill <= SPECIAL; fill += 2) {
      size_t rows = 29, columns = panels * LK_LANES;
      begin_case("dropout, %zu panels, numbers %d", panels, fill);
      dropping d = {
          {{(uint32_t)bits(0), (uint32_t)bits(1)}, 0x40000000, 4.0f / 3},
          matrix(rows, columns, ZEROS), matrix(rows, columns, fill), matrix(rows, columns, ZEROS),
          panels};
      share(rows, drop, &d);
      look_at_matrix(d.mask, rows, columns);
      look_at_matrix(d.y, rows, columns);
      end_case();
    }
}
