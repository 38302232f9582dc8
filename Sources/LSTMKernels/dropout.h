// Dropout: masks from the counter-based generator Philox4x32-10 (Salmon and others, 2011), and rows
// multiplied by them. An element's number depends on the key, the sample, the step and the column
// alone: word w of the block with counter (16·g + l, step, sample, 0) belongs to lane l of panel 4g + w.

typedef uint32_t u16 __attribute__((vector_size(64)));
typedef uint64_t w16 __attribute__((vector_size(128)));

// Replaces a by the high half of a · b and returns the low half.
ALWAYS u16 multiply_wide(u16 *a, uint32_t b) {
  w16 product = __builtin_convertvector(*a, w16) * b;
  *a = __builtin_convertvector(product >> 32, u16);
  return __builtin_convertvector(product, u16);
}

static void LK_NAME(draw_mask)(
    const lk_dropout *s, uint32_t sample, uint32_t step, lk_panels mask, size_t panels, size_t row) {
  const u16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const u16 none = {0};
  for (size_t panel = 0; panel < panels; panel += 4) {
    u16 x[4] = {lane + (uint32_t)(4 * panel), none + step, none + sample, none};
    uint32_t k0 = s->key[0], k1 = s->key[1];
    ROLLED for (int round = 0; round < 10; round++) {
      u16 first = x[0], second = x[2];
      u16 first_low = multiply_wide(&first, 0xD2511F53u);
      u16 second_low = multiply_wide(&second, 0xCD9E8D57u);
      x[0] = second ^ x[1] ^ k0;
      x[1] = second_low;
      x[2] = first ^ x[3] ^ k1;
      x[3] = first_low;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    for (size_t w = 0; w < 4 && panel + w < panels; w++)
      store(
          panel_row(mask, panel + w, row),
          pick((i16)(x[w] < s->threshold), splat(0.0f), splat(s->scale)));
  }
}

static void LK_NAME(multiply_rows)(
    lk_panels a, size_t a_row, lk_panels b, size_t b_row, lk_panels y, size_t y_row, size_t panels,
    size_t rows) {
  for (size_t p = 0; p < panels; p++)
    for (size_t r = 0; r < rows; r++)
      store(
          panel_row(y, p, y_row + r),
          load(panel_row(a, p, a_row + r)) * load(panel_row(b, p, b_row + r)));
}
