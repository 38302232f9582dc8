// Products, weight gradients, and rows that are moved.
#include "harness.h"

static void multiply(void *product, size_t row, size_t end) { kernels->product(product, row, end); }

static void look_at_product(size_t rows, size_t depth, size_t columns, lk_start start, fill fill) {
  begin_case("product %zu × %zu × %zu from %d, numbers %d", rows, depth, columns, start, fill);
  lk_panels a = matrix(rows, depth, fill), b = matrix(depth, columns, fill);
  lk_panels c = matrix(rows, columns, fill), bias = matrix(depth, columns, fill);
  lk_product product = {
      .a = a, .b = b, .c = c, .depth_panels = panels_of(depth), .tail_panels = 1,
      .tail_depth = depth - (panels_of(depth) - 1) * LK_LANES, .columns_panels = panels_of(columns),
      .bias = bias.base, .start = start};
  share(rows, multiply, &product);
  look_at_matrix(c, rows, columns);
  end_case();
}

// Depth in gates' panels, each with a tail, as a recurrent layer's gradient has it.
static void look_at_gates_product(size_t rows, size_t gates, size_t units, size_t columns) {
  begin_case("product of %zu gates of %zu units, %zu × %zu", gates, units, rows, columns);
  size_t blocks = panels_of(units), depth = gates * blocks * LK_LANES;
  lk_product product = {
      .a = matrix(rows, depth, SMALL), .b = matrix(depth, columns, SMALL),
      .c = matrix(rows, columns, SMALL), .depth_panels = gates * blocks, .tail_panels = gates,
      .tail_depth = units - (blocks - 1) * LK_LANES, .columns_panels = panels_of(columns),
      .start = LK_FROM_OUTPUT};
  share(rows, multiply, &product);
  look_at_matrix(product.c, rows, columns);
  end_case();
}

static void derive(void *gradient, size_t panel, size_t end) {
  kernels->gradient(gradient, panel, end);
}

// Two sources, the second a step behind, with steps of unequal size.
static void look_at_gradient(
    size_t rows, size_t inputs, size_t units, size_t columns, size_t biases, fill fill) {
  begin_case(
      "gradient of %zu + %zu features, %zu rows, %zu columns, %zu biases, numbers %d", inputs, units,
      rows, columns, biases, fill);
  const lk_run all = {0, 0};
  const lk_run later[] = {{rows / 3, rows / 3}, {rows / 3 * 2, rows / 4}};
  size_t features = inputs + units + biases;
  lk_panels d = matrix(rows, columns, fill);
  lk_gradient gradient = {
      .source =
          {{matrix(rows, inputs, fill), d, inputs, &all, 1},
           {matrix(rows, units ? units : 1, fill), matrix(rows, columns, fill), units, later,
            rows < 3 ? 0 : 2}},
      .sources = units ? 2 : 1, .g = matrix(features, columns, ZEROS), .rows = rows,
      .biases = biases};
  share(panels_of(columns), derive, &gradient);
  look_at_matrix(gradient.g, features, columns);
  end_case();
}

typedef struct {
  lk_panels from, to;
  size_t first, count;
} turning;

static void turn(void *context, size_t panel, size_t end) {
  turning *t = context;
  kernels->transpose(t->from, t->first, t->count, t->to, panel, end);
}

static void look_at_transpose(size_t first, size_t count, size_t columns) {
  begin_case("transpose of %zu rows from %zu, %zu columns", count, first, columns);
  size_t width = panels_of(columns) * LK_LANES;
  turning t = {matrix(first + count, columns, SPECIAL), matrix(width, count, ZEROS), first, count};
  share(panels_of(columns), turn, &t);
  look_at_matrix(t.to, width, count);
  end_case();
}

void look_at_products(void) {
  for (size_t rows = 1; rows <= 17; rows++)
    look_at_product(rows, 1 + rows * 5 % 37, 1 + rows * 7 % 50, (lk_start)(rows % 3), SMALL);
  for (size_t depth = 1; depth <= 33; depth++)
    look_at_product(7, depth, 33, (lk_start)(depth % 3), WIDE);
  for (size_t columns = 1; columns <= 49; columns += 3)
    look_at_product(13, 19, columns, (lk_start)(columns % 3), SPECIAL);
  for (size_t gates = 1; gates <= 4; gates++)
    for (size_t units = 1; units <= 33; units += 8) look_at_gates_product(9, gates, units, 18);
  for (size_t features = 1; features <= 19; features++)
    look_at_gradient(11, features, features * 3 % 20, 20, features % 3 < 2 ? 1 : 2, SMALL);
  look_at_gradient(1, 3, 0, 1, 0, SMALL);
  look_at_gradient(385, 5, 17, 33, 1, WIDE);
  look_at_gradient(800, 17, 4, 16, 2, SMALL);
  look_at_gradient(31, 9, 7, 48, 2, SPECIAL);
  for (size_t count = 1; count <= 35; count++) look_at_transpose(count % 5, count, count * 11 % 50 + 1);
}

typedef struct {
  lk_columns columns;
  const size_t *starts, *lengths;
  int reversed;
} moving;

static void move(void *context, size_t first, size_t end) {
  moving *m = context;
  if (m->starts)
    lk_move_steps(&m->columns, m->starts, m->lengths, m->reversed, first, end);
  else
    lk_move_rows(&m->columns, first, end);
}

static void look_at_moves(size_t from_column, size_t to_column, size_t columns, int add) {
  enum { SEQUENCES = 5, ROWS = 13 };
  static const size_t starts[] = {0, 5, 9, 11, 12, 13}, lengths[] = {5, 3, 2, 2, 1};
  for (int form = 0; form < 3; form++) {
    begin_case("%zu columns from %zu to %zu, %d %d", columns, from_column, to_column, add, form);
    lk_panels to = matrix(ROWS, to_column + columns, SPECIAL);
    moving m = {
        {matrix(ROWS, from_column + columns, SPECIAL), to, from_column, to_column, columns, add},
        form ? starts : NULL, lengths, form == 2};
    share(form ? SEQUENCES : ROWS, move, &m);
    look_at_matrix(to, ROWS, to_column + columns);
    end_case();
  }
}

typedef struct {
  lk_panels table, ids, rows, g;
  size_t count, panels;
} lookup;

static void look_up(void *context, size_t row, size_t end) {
  lookup *l = context;
  lk_look_up(l->table, l->ids, l->rows, l->panels, row, end);
}

static void gather(void *context, size_t panel, size_t end) {
  lookup *l = context;
  lk_gather_by_id(l->rows, l->ids, 41, l->g, l->count, panel, end);
}

static void look_at_table(size_t columns) {
  begin_case("a table of %zu columns", columns);
  lookup l = {
      matrix(9, columns, WIDE), matrix(41, 1, ZEROS), matrix(41, columns, ZEROS),
      matrix(9, columns, WIDE), 9, panels_of(columns)};
  for (size_t r = 0; r < 41; r++) l.ids.base[r * LK_LANES] = (float)(bits(r) % 9);
  share(41, look_up, &l);
  share(l.panels, gather, &l);
  look_at_matrix(l.rows, 41, columns);
  look_at_matrix(l.g, 9, columns);
  end_case();
}

static void look_at_spread(size_t columns) {
  static const size_t starts[] = {1, 4, 6}, from[] = {6, 0, 3, 3}, to[] = {2, 5, 0, 1};
  begin_case("rows of %zu columns", columns);
  lk_panels target = matrix(9, columns, ZEROS), copy = matrix(9, columns, ZEROS);
  lk_spread(numbers(3 * (columns + 2), SPECIAL), columns + 2, 3, columns, target, starts, 1);
  lk_copy_rows(target, from, copy, to, panels_of(columns), 0, 4);
  look_at_matrix(target, 9, columns);
  look_at_matrix(copy, 9, columns);
  end_case();
}

void look_at_rows(void) {
  for (size_t columns = 1; columns <= 36; columns += 5) {
    look_at_moves(columns % 7, columns % 19, columns, columns & 1);
    look_at_table(columns);
    look_at_spread(columns);
  }
}
