// One step of an optimizer over a flat range of weights w with gradients g; the formulas are Keras's
// (keras/src/optimizers: sgd.py, adam.py, rmsprop.py), each line in the same order.

// AdamW and any optimizer with weight decay: w −= w · decay, before the step.
ALWAYS v16 decayed(const lk_optimizer *s, v16 w) { return w - w * s->decay; }

static void LK_NAME(sgd)(
    const lk_optimizer *s, size_t count, float *w, const float *g, float *m) {
  for (size_t k = 0; k < count; k += LK_LANES) {
    v16 step = load(g + k) * s->rate, x = decayed(s, load(w + k));
    if (m) {
      v16 momentum = load(m + k) * s->momentum - step;
      store(m + k, momentum);
      x = s->nesterov ? x + (momentum * s->momentum - step) : x + momentum;
    } else {
      x = x - step;
    }
    store(w + k, x);
  }
}

static void LK_NAME(adam)(
    const lk_optimizer *s, size_t count, float *w, const float *g, float *m, float *v,
    float *v_max) {
  for (size_t k = 0; k < count; k += LK_LANES) {
    v16 gradient = load(g + k), mean = load(m + k), square = load(v + k);
    mean = mean + (gradient - mean) * s->one_minus_beta_1;
    square = square + (gradient * gradient - square) * s->one_minus_beta_2;
    store(m + k, mean);
    store(v + k, square);
    if (s->amsgrad) {
      v16 greatest = load(v_max + k);
      square = pick(square < greatest, greatest, square);
      store(v_max + k, square);
    }
    store(w + k, decayed(s, load(w + k)) - (mean * s->rate) / (square_root(square) + s->epsilon));
  }
}

static void LK_NAME(rmsprop)(
    const lk_optimizer *s, size_t count, float *w, const float *g, float *v, float *m,
    float *mean) {
  for (size_t k = 0; k < count; k += LK_LANES) {
    v16 gradient = load(g + k);
    v16 velocity = load(v + k) * s->rho + (gradient * gradient) * s->one_minus_rho;
    store(v + k, velocity);
    v16 denominator = velocity + s->epsilon;
    if (s->centered) {
      v16 average = load(mean + k) * s->rho + gradient * s->one_minus_rho;
      store(mean + k, average);
      denominator = velocity - average * average + s->epsilon;
    }
    v16 step = (gradient * s->rate) / square_root(denominator), x = decayed(s, load(w + k));
    if (m) {
      step = load(m + k) * s->momentum + step;
      store(m + k, step);
    }
    store(w + k, x - step);
  }
}
