// The activations of whole matrices, forward and backward.

static void LK_NAME(activate)(
    lk_activation kind, lk_panels z, lk_panels y, size_t panels, size_t row, size_t row_end) {
  for (size_t p = 0; p < panels; p++)
    for (size_t r = row; r < row_end; r++)
      store(
          y.base + p * y.stride + r * LK_LANES,
          activate16(kind, load(z.base + p * z.stride + r * LK_LANES)));
}

static void LK_NAME(activate_backward)(
    lk_activation kind, lk_panels y, lk_panels dy, size_t panels, size_t row, size_t row_end) {
  for (size_t p = 0; p < panels; p++)
    for (size_t r = row; r < row_end; r++) {
      float *at = dy.base + p * dy.stride + r * LK_LANES;
      store(at, load(at) * slope16(kind, load(y.base + p * y.stride + r * LK_LANES)));
    }
}
