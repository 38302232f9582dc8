-- Where the numbers are: float32 vectors, numbered in the order of writing.

-- Little-endian float32 values. Rows are only ever appended, so that pages are filled whole even
-- when several processes record at once; who owns which numbers is said by recording and split.
CREATE TABLE vector (
  id INTEGER PRIMARY KEY,
  data BLOB NOT NULL CHECK (length(data) % 4 = 0)
) STRICT;

-- What an epoch stored: a block of consecutive vectors.
CREATE TABLE recording (
  run_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  part TEXT NOT NULL CHECK (
    part IN ('weights', 'optimizer', 'predictions', 'activations')
  ),
  name TEXT NOT NULL,               -- '' for weights, else the slot, the data's split, the sample
  first_vector INTEGER NOT NULL,
  vectors INTEGER NOT NULL CHECK (vectors > 0),
  PRIMARY KEY (run_id, epoch, part, name),
  FOREIGN KEY (run_id, epoch) REFERENCES epoch(run_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- weights:      for each tensor in canonical order each matrix row, in tensor.pieces vectors of
--               tensor.piece_cols columns (the last one may be shorter)
-- optimizer:    the slot's tensors in canonical order, end to end, in vectors of 500 values
-- predictions:  sample after sample, end to end, in vectors of 256 values
-- activations:  for each time step each row of the table activation, in vectors of 256 units

CREATE TRIGGER recording_deleted AFTER DELETE ON recording BEGIN
  DELETE FROM vector
    WHERE id >= old.first_vector AND id < old.first_vector + old.vectors;
  UPDATE epoch SET resumable = 0
    WHERE run_id = old.run_id AND epoch = old.epoch AND old.part IN ('weights', 'optimizer');
END;

-- A part of the data whose predictions are recorded, with its targets.
CREATE TABLE split (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  samples INTEGER NOT NULL CHECK (samples > 0),
  outputs INTEGER NOT NULL CHECK (outputs > 0),
  first_vector INTEGER NOT NULL,    -- the targets, stored as predictions are
  vectors INTEGER NOT NULL CHECK (vectors > 0),
  PRIMARY KEY (run_id, split)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER split_deleted AFTER DELETE ON split BEGIN
  DELETE FROM vector
    WHERE id >= old.first_vector AND id < old.first_vector + old.vectors;
END;

-- Look-up tables, with which plain SQL decodes a float32.

-- 0, 1, 2, …: as many as the longest side of any tensor or split needs.
CREATE TABLE number (n INTEGER PRIMARY KEY) STRICT;

-- Each byte and its value.
CREATE TABLE byte (
  data BLOB PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- value = ±(leading + mantissa) · scale, with scale = 2^(max(exponent, 1) − 150).
CREATE TABLE float_scale (
  exponent INTEGER PRIMARY KEY,
  leading INTEGER NOT NULL,         -- the mantissa's hidden bit; subnormal numbers have none
  scale REAL NOT NULL               -- infinity for exponent 255
) STRICT;

INSERT INTO number WITH RECURSIVE sequence(n) AS (
  SELECT 0 UNION ALL SELECT n + 1 FROM sequence WHERE n < 255
) SELECT n FROM sequence;

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
)
SELECT substr(data, n + 1, 1), first + n FROM octets JOIN number ON n < 32;

-- Halving and doubling are exact, unlike reading decimal fractions in some versions of SQLite.
INSERT INTO float_scale WITH RECURSIVE
  below(exponent, scale) AS (
    SELECT 150, 1.0 UNION ALL SELECT exponent - 1, scale / 2 FROM below WHERE exponent > 1
  ),
  above(exponent, scale) AS (
    SELECT 151, 2.0 UNION ALL SELECT exponent + 1, scale * 2 FROM above WHERE exponent < 254
  )
SELECT 0, 0, scale FROM below WHERE exponent = 1
UNION ALL SELECT exponent, 8388608, scale FROM below
UNION ALL SELECT exponent, 8388608, scale FROM above
UNION ALL SELECT 255, 8388608, 9e999;
