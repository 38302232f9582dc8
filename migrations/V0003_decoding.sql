-- Tables with which plain SQL decodes a float32. Its bytes are b3 b2 b1 b0, the highest first, and
-- value = b3.scale * (b2.leading + b2.factor * (256 * b1.value + b0.value))
-- but for zeros, subnormal numbers, infinities and what is not a number: they have the scale NULL, or
-- share it with them.

CREATE TABLE byte (
  data BLOB PRIMARY KEY,
  value INTEGER NOT NULL,
  scale REAL,                       -- as the highest byte: sign and power of two
  leading INTEGER NOT NULL,         -- as the second: its part of the mantissa, the hidden bit included
  factor INTEGER NOT NULL           -- likewise: 2 where its highest bit doubles the number, else 1
) STRICT, WITHOUT ROWID;

-- Where the bytes of the n-th float32 of a BLOB are, counted from 1.
CREATE TABLE float_place (
  n INTEGER PRIMARY KEY,
  byte_0 INTEGER NOT NULL,          -- the lowest, which comes first
  byte_1 INTEGER NOT NULL,
  byte_2 INTEGER NOT NULL,
  byte_3 INTEGER NOT NULL
) STRICT;

-- SQLite builds no BLOB from a number, so the bytes are cut out of eight literals.
INSERT INTO byte WITH octets(first, data) AS (VALUES
  (0, x'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F'),
  (32, x'202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F'),
  (64, x'404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F'),
  (96, x'606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F'),
  (128, x'808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9F'),
  (160, x'A0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF'),
  (192, x'C0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF'),
  (224, x'E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF')
),
bytes(data, value) AS (
  SELECT substr(data, n + 1, 1), first + n FROM octets JOIN number ON n < 32
)
SELECT
  data, value,
  (
    SELECT (1 - 2 * (value >> 7)) * f.scale FROM float_scale AS f
    WHERE f.exponent = 2 * (value & 127) AND f.exponent NOT IN (0, 254)
  ),
  (1 + (value >> 7)) * ((128 | (value & 127)) << 16),
  1 + (value >> 7)
FROM bytes;

INSERT INTO float_place WITH RECURSIVE sequence(n) AS (
  SELECT 0 UNION ALL SELECT n + 1 FROM sequence WHERE n < 499
) SELECT n, 4 * n + 1, 4 * n + 2, 4 * n + 3, 4 * n + 4 FROM sequence;
