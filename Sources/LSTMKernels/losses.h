// Softmax and the losses, one row (a sample, or one time step of one) at a time. The formulas are
// Keras's with its TensorFlow backend; sums over the outputs run in index order.

// The columns of a panel that exist: all bits set where 16·panel + lane < outputs.
ALWAYS i16 lanes_in_use(size_t panel, size_t outputs) {
  const i16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return lane < (int32_t)(outputs - panel * LK_LANES);
}

ALWAYS float *lane(lk_panels m, size_t row, size_t column) {
  return m.base + column / LK_LANES * m.stride + row * LK_LANES + column % LK_LANES;
}

ALWAYS float row_sum(lk_panels m, size_t row, size_t columns) {
  float sum = 0.0f;
  for (size_t j = 0; j < columns; j++) sum = sum + *lane(m, row, j);
  return sum;
}

ALWAYS float row_max(lk_panels m, size_t row, size_t columns) {
  float greatest = *lane(m, row, 0);
  for (size_t j = 1; j < columns; j++)
    if (!(*lane(m, row, j) <= greatest)) greatest = *lane(m, row, j);  // a NaN wins
  return greatest;
}

ALWAYS float log_of(float x) { return log16(splat(x))[0]; }

// y = e^(z − max z), the numerators of softmax; their sum is returned.
ALWAYS float softmax_numerators(lk_panels z, lk_panels y, size_t outputs, size_t row) {
  float greatest = row_max(z, row, outputs);
  for (size_t p = 0; p * LK_LANES < outputs; p++) {
    v16 e = exp16(load(panel_row(z, p, row)) - greatest);
    store(panel_row(y, p, row), pick(lanes_in_use(p, outputs), e, splat(0.0f)));
  }
  return row_sum(y, row, outputs);
}

static void LK_NAME(softmax)(lk_panels z, lk_panels y, size_t outputs, size_t row, size_t row_end) {
  for (; row < row_end; row++) {
    float sum = softmax_numerators(z, y, outputs, row);
    for (size_t p = 0; p * LK_LANES < outputs; p++)
      store(panel_row(y, p, row), load(panel_row(y, p, row)) / sum);
  }
}

// dz = y ⊙ (dy − Σ dy ⊙ y), in place of dy.
static void LK_NAME(softmax_backward)(
    lk_panels y, lk_panels dy, size_t outputs, size_t row, size_t row_end) {
  for (; row < row_end; row++) {
    float dot = 0.0f;
    for (size_t j = 0; j < outputs; j++) dot = dot + *lane(dy, row, j) * *lane(y, row, j);
    for (size_t p = 0; p * LK_LANES < outputs; p++)
      store(panel_row(dy, p, row), load(panel_row(y, p, row)) * (load(panel_row(dy, p, row)) - dot));
  }
}

ALWAYS v16 clipped(v16 p) {
  const v16 low = splat(1e-7f), high = splat((float)(1.0 - 1e-7));
  return pick(p < low, low, pick(p > high, high, p));
}

// 1 where clipped() left p as it is, else 0.
ALWAYS v16 clip_slope(v16 p) {
  return pick((p >= 1e-7f) & (p <= (float)(1.0 - 1e-7)), splat(1.0f), splat(0.0f));
}

// ln(1 + e) for e in [0, 1], accurate where e is small (Kahan).
ALWAYS v16 log_one_plus(v16 e) {
  v16 u = e + 1.0f;
  return pick(u == 1.0f, e, log16(u) * (e / (u - 1.0f)));
}

// The losses that are a mean over outputs of one formula an output: the value, and its derivative in *d.
ALWAYS v16 elementwise_loss(lk_loss_kind kind, int on_logits, v16 x, v16 t, v16 *d) {
  v16 e = x - t, a = absolute(e);
  v16 sign = pick(e == 0.0f, splat(0.0f), with_sign_of(splat(1.0f), e));
  switch (kind) {
    case LK_BINARY_CROSSENTROPY:
      if (on_logits) {  // max(z, 0) − z t + ln(1 + e^−|z|)
        *d = sigmoid16(x) - t;
        v16 positive = pick(x < 0.0f, splat(0.0f), x);
        return (positive - x * t) + log_one_plus(exp16(-absolute(x)));
      } else {  // −(t ln q + (1 − t) ln(1 − q))
        v16 q = clipped(x);
        *d = ((q - t) / (q * (1.0f - q))) * clip_slope(x);
        return -fma16(t, log16(q), (1.0f - t) * log16(1.0f - q));
      }
    case LK_MEAN_ABSOLUTE_ERROR: *d = pick(e != e, e, sign); return a;
    case LK_HUBER:
      *d = pick(a <= 1.0f, e, sign);
      return pick(a <= 1.0f, (e * e) * 0.5f, a - 0.5f);
    default: *d = e + e; return e * e;
  }
}

ALWAYS void elementwise_row(const lk_loss *s, lk_loss_kind kind, size_t row) {
  float scale = s->scale / (float)s->outputs, sum = 0.0f;
  for (size_t p = 0; p * LK_LANES < s->outputs; p++) {
    v16 d, x = load(panel_row(s->x, p, row));
    v16 value = elementwise_loss(kind, s->on_logits, x, load(panel_row(s->target, p, row)), &d);
    store(panel_row(s->dx, p, row), pick(lanes_in_use(p, s->outputs), d * scale, splat(0.0f)));
    for (size_t j = 0; j < smaller(LK_LANES, s->outputs - p * LK_LANES); j++) sum = sum + value[j];
  }
  s->loss[row] = sum / (float)s->outputs;
}

// Σ t (ln Σ e^z − z), with dz = softmax(z) Σt − t.
ALWAYS void softmax_crossentropy_row(const lk_loss *s, size_t row) {
  float greatest = row_max(s->x, row, s->outputs), loss = 0.0f;
  float sum = softmax_numerators(s->x, s->dx, s->outputs, row), log_sum = log_of(sum);
  float targets = row_sum(s->target, row, s->outputs);
  for (size_t j = 0; j < s->outputs; j++) {
    float t = *lane(s->target, row, j);
    loss = loss + t * (log_sum - (*lane(s->x, row, j) - greatest));
  }
  for (size_t p = 0; p * LK_LANES < s->outputs; p++) {
    v16 y = load(panel_row(s->dx, p, row)) / sum;
    store(panel_row(s->dx, p, row), (y * targets - load(panel_row(s->target, p, row))) * s->scale);
  }
  s->loss[row] = loss;
}

// Categorical: q = clip(p / Σp), −Σ t ln q. Sparse: q = clip(p), ln Σq − Σ t ln q.
ALWAYS void probability_crossentropy_row(const lk_loss *s, int sparse, size_t row) {
  float total = sparse ? 1.0f : row_sum(s->x, row, s->outputs), loss = 0.0f, dot = 0.0f, sum = 0.0f;
  for (size_t p = 0; p * LK_LANES < s->outputs; p++) {
    v16 r = load(panel_row(s->x, p, row)) / total, q = clipped(r), d;
    v16 t = load(panel_row(s->target, p, row));
    v16 value = -(t * log16(q));
    store(panel_row(s->dx, p, row), d = -(t / q) * clip_slope(r));
    for (size_t j = 0; j < smaller(LK_LANES, s->outputs - p * LK_LANES); j++) {
      loss = loss + value[j];
      dot = dot + d[j] * r[j];
      sum = sum + q[j];
    }
  }
  for (size_t p = 0; p * LK_LANES < s->outputs; p++) {
    v16 d = load(panel_row(s->dx, p, row));
    d = sparse ? d + clip_slope(load(panel_row(s->x, p, row))) / sum : (d - dot) / total;
    store(panel_row(s->dx, p, row),
          pick(lanes_in_use(p, s->outputs), d * s->scale, splat(0.0f)));
  }
  s->loss[row] = sparse ? loss + log_of(sum) : loss;
}

static void LK_NAME(loss)(const lk_loss *s, size_t row, size_t row_end) {
  for (; row < row_end; row++) switch (s->kind) {
      case LK_CATEGORICAL_CROSSENTROPY:
      case LK_SPARSE_CATEGORICAL_CROSSENTROPY:
        if (s->on_logits)
          softmax_crossentropy_row(s, row);
        else
          probability_crossentropy_row(s, s->kind == LK_SPARSE_CATEGORICAL_CROSSENTROPY, row);
        break;
      default: elementwise_row(s, s->kind, row);
    }
}
