// exp, tanh, sigmoid and log of sixteen floats. The greatest errors over all floats, in units in the
// last place, are stated and tested in Tests/LSTMEngineTests/FunctionAccuracyTests.swift.
// The polynomials are minimax fits (Remez) on the reduced interval, rounded to float.

// eˣ = 2ⁿ · eʳ with n = round(x / ln 2), r = x − n ln 2 in two parts (Cody and Waite).
ALWAYS v16 exp16(v16 x) {
  const v16 magic = splat(0x1.8p23f);  // adding it rounds to an integer
  x = pick(x < -104.0f, splat(-104.0f), x);
  x = pick(x > 89.0f, splat(89.0f), x);
  v16 shifted = fma16(x, splat(0x1.715476p+0f), magic);
  v16 n = shifted - magic;
  v16 r = fma16(n, splat(-0x1.62e400p-1f), x);
  r = fma16(n, splat(-0x1.7f7d1cp-20f), r);
  v16 q = splat(0x1.6a2434p-10f);  // (eʳ − 1 − r) / r²
  q = fma16(q, r, splat(0x1.1239e2p-7f));
  q = fma16(q, r, splat(0x1.5558f2p-5f));
  q = fma16(q, r, splat(0x1.555492p-3f));
  q = fma16(q, r, splat(0x1.fffffcp-2f));
  v16 p = fma16(r * r, q, r) + 1.0f;
  // 2ⁿ in two factors, so that neither overflows and a subnormal result is rounded once.
  i16 power = (i16)shifted - 0x4b400000;
  i16 half = power >> 1;
  return (p * (v16)((half + 127) << 23)) * (v16)((power - half + 127) << 23);
}

// 1 / (1 + e⁻ˣ), from e^−|x| so that nothing overflows; never above 1.
ALWAYS v16 sigmoid16(v16 x) {
  v16 e = exp16(-absolute(x));
  return pick(x < 0.0f, e, splat(1.0f)) / (e + 1.0f);
}

// Below 0.625: x + x³ P(x²); above: 1 − 2 / (e^2|x| + 1). |tanh| never exceeds 1.
ALWAYS v16 tanh16(v16 x) {
  v16 a = absolute(x);
  v16 large = 1.0f - 2.0f / (exp16(a + a) + 1.0f);
  v16 y = x * x;
  v16 p = splat(-0x1.76ac1cp-8f);
  p = fma16(p, y, splat(0x1.5256d8p-6f));
  p = fma16(p, y, splat(-0x1.b84448p-5f));
  p = fma16(p, y, splat(0x1.110768p-3f));
  p = fma16(p, y, splat(-0x1.555534p-2f));
  v16 small = fma16(x * y, p, x);
  return pick(a < 0.625f, small, with_sign_of(large, x));
}

// ln x = e ln 2 + ln(1 + f), with x = 2ᵉ (1 + f) and 1 + f in [√½, √2).
ALWAYS v16 log16(v16 x) {
  i16 tiny = x < 0x1p-126f;  // subnormals are scaled up first
  v16 scaled = pick(tiny, x * 0x1p23f, x);
  i16 bits = (i16)scaled - 0x3f3504f3;  // the bits of √½
  i16 exponent = bits >> 23;
  v16 f = (v16)((i16)scaled - (exponent << 23)) - 1.0f;
  v16 e = __builtin_convertvector(exponent - (tiny & 23), v16);
  v16 p = splat(0x1.1457c4p-4f);  // (ln(1 + f) − f + f²/2) / f³
  p = fma16(p, f, splat(-0x1.de3c1cp-4f));
  p = fma16(p, f, splat(0x1.e6f062p-4f));
  p = fma16(p, f, splat(-0x1.fc2206p-4f));
  p = fma16(p, f, splat(0x1.233768p-3f));
  p = fma16(p, f, splat(-0x1.555c4ep-3f));
  p = fma16(p, f, splat(0x1.99a4b6p-3f));
  p = fma16(p, f, splat(-0x1.000006p-2f));
  p = fma16(p, f, splat(0x1.555548p-2f));
  v16 square = f * f;
  v16 low = fma16(e, splat(0x1.7f7d1cp-20f), fma16(square, splat(-0.5f), p * (square * f)));
  v16 y = fma16(e, splat(0x1.62e400p-1f), f + low);
  y = pick(x == 0.0f, splat(-__builtin_inff()), y);
  y = pick(x == __builtin_inff(), x, y);
  return pick((x < 0.0f) | (x != x), splat(__builtin_nanf("")), y);
}

ALWAYS v16 activate16(lk_activation kind, v16 z) {
  switch (kind) {
    case LK_SIGMOID: return sigmoid16(z);
    case LK_TANH: return tanh16(z);
    case LK_RELU: return pick(z < 0.0f, splat(0.0f), z);  // a NaN stays one
    default: return z;
  }
}

// The derivative of an activation, from its output y.
ALWAYS v16 slope16(lk_activation kind, v16 y) {
  switch (kind) {
    case LK_SIGMOID: return y * (1.0f - y);
    case LK_TANH: return fma16(-y, y, splat(1.0f));
    case LK_RELU: return pick(y > 0.0f, splat(1.0f), splat(0.0f));
    default: return splat(1.0f);
  }
}
