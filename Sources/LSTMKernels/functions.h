// exp, tanh, sigmoid and log of sixteen floats. The greatest errors over all floats, in units in the
// last place: exp 1.009, tanh 2.606, sigmoid 2.402, log 0.850 (Benchmarks/accuracy measures them, a
// test holds them).
// The polynomials are minimax fits (Remez) on the reduced interval, rounded to float.

// eˣ = 2ⁿ · (1 + m) with n = round(x / ln 2), m = eʳ − 1, r = x − n ln 2 in two parts (Cody and Waite).
// Returns m; *n is the integer n in the low bits, below those of 1.5 · 2²³, which rounded it.
ALWAYS v16 reduced_exp16(v16 x, i16 *n) {
  const v16 magic = splat(0x1.8p23f);
  v16 shifted = fma16(x, splat(0x1.715476p+0f), magic), whole = shifted - magic;
  v16 r = fma16(whole, splat(-0x1.62e400p-1f), x);
  r = fma16(whole, splat(-0x1.7f7d1cp-20f), r);
  v16 q = splat(0x1.6a2434p-10f);  // (eʳ − 1 − r) / r²
  q = fma16(q, r, splat(0x1.1239e2p-7f));
  q = fma16(q, r, splat(0x1.5558f2p-5f));
  q = fma16(q, r, splat(0x1.555492p-3f));
  q = fma16(q, r, splat(0x1.fffffcp-2f));
  *n = (i16)shifted;
  return fma16(r * r, q, r);
}

// 2ⁿ⁺ᵇⁱᵃˢ, where that is a normal number; n as reduced_exp16 gives it.
ALWAYS v16 power_of_two(i16 n, int32_t bias) { return (v16)((n << 23) + ((127 + bias) << 23)); }

// eˣ, with 2ⁿ in two factors, so that neither overflows and a subnormal result is rounded once.
ALWAYS v16 exp16(v16 x) {
  i16 n;
  x = pick(x < -104.0f, splat(-104.0f), x);
  x = pick(x > 89.0f, splat(89.0f), x);
  v16 m = reduced_exp16(x, &n);
  i16 power = n - 0x4b400000, half = power >> 1;
  v16 s = power_of_two(half, 0);
  return fma16(s, m, s) * power_of_two(power - half, 0);
}

// eˣ / (eˣ + 1), with x cut where the result is 0 or 1; never above 1.
ALWAYS v16 sigmoid16(v16 x) {
  i16 n;
  x = pick(x < -104.0f, splat(-104.0f), x);
  x = pick(x > 20.0f, splat(20.0f), x);
  v16 m = reduced_exp16(x, &n), s = power_of_two(n, 24);
  v16 e = fma16(s, m, s);  // 2²⁴ eˣ, which is never subnormal
  return e / (e + 0x1p24f);
}

// E / (E + 2) with E = e^2|x| − 1 = 2ⁿ m + (2ⁿ − 1), which keeps small x accurate. |tanh| never
// exceeds 1; it is 1 from |x| = 20 on, where the argument is cut.
ALWAYS v16 tanh16(v16 x) {
  i16 n;
  v16 a = absolute(x);
  a = pick(a > 20.0f, splat(20.0f), a);
  v16 m = reduced_exp16(a + a, &n), two_n = power_of_two(n, 0);
  v16 e = fma16(two_n, m, two_n - 1.0f);
  return with_sign_of(e / (e + 2.0f), x);
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
