-- Small tensors share a BLOB, and rows that come by the hundred are checked without a table: for a list
-- of three or more SQLite builds one in memory, each time.

CREATE TEMP TABLE old_tensor AS SELECT * FROM tensor;
DROP TABLE tensor;

-- The weight tensors of a run in canonical order: the order of hashing, storing and loading.
CREATE TABLE tensor (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  layer TEXT NOT NULL CHECK (layer <> ''),
  tensor TEXT NOT NULL CHECK (tensor <> ''),
  direction TEXT CHECK (direction IN ('forward', 'backward')),  -- in a bidirectional layer
  rows INTEGER NOT NULL CHECK (rows > 0),       -- 1 for a vector
  cols INTEGER NOT NULL CHECK (cols > 0),
  units INTEGER NOT NULL CHECK (units > 0),     -- columns of one gate's block; cols without gates
  source TEXT CHECK (source IN ('x', 'h', 'bias')),  -- NULL: of a layer that is not known
  gate_0 TEXT,                                  -- gate of the first block of columns, and so on
  gate_1 TEXT,
  gate_2 TEXT,
  gate_3 TEXT,
  trainable INTEGER NOT NULL CHECK (trainable IN (0, 1)),
  -- As another program has it; NULL in a run of this one.
  path TEXT,                                    -- its name for the tensor
  shape TEXT CHECK (shape LIKE '[%]'),          -- JSON: the lengths of its axes
  dtype TEXT,                                   -- its type of number
  turned TEXT CHECK (turned LIKE '{%}'),        -- JSON: how its numbers were put into this order
  -- A BLOB has several rows whole, or a piece of one: see docs/decisions.
  piece_rows INTEGER NOT NULL CHECK (piece_rows > 0),       -- rows in one BLOB
  pieces INTEGER NOT NULL CHECK (pieces > 0),   -- BLOBs a matrix row is stored in
  piece_cols INTEGER NOT NULL CHECK (piece_cols > 0 AND pieces * piece_cols >= cols),
  first_vector INTEGER NOT NULL CHECK (first_vector >= 0),  -- counted from the epoch's first
  first_value INTEGER NOT NULL CHECK (first_value >= 0),    -- counted from that BLOB's first
  PRIMARY KEY (run_id, position),
  UNIQUE (run_id, layer, tensor),
  CHECK (cols % units = 0),
  CHECK (piece_rows = 1 OR pieces = 1)
) STRICT, WITHOUT ROWID;

INSERT INTO tensor (
  run_id, position, layer, tensor, direction, rows, cols, units, source, gate_0, gate_1, gate_2,
  gate_3, trainable, path, shape, dtype, turned, piece_rows, pieces, piece_cols, first_vector,
  first_value)
SELECT
  run_id, position, layer, tensor, direction, rows, cols, units, source, gate_0, gate_1, gate_2,
  gate_3, trainable, path, shape, dtype, turned, 1, pieces, piece_cols, first_vector, 0
FROM old_tensor ORDER BY run_id, position;
DROP TABLE old_tensor;

CREATE TEMP TABLE old_recording AS SELECT * FROM recording;
DROP TABLE recording;

-- Each thing that an epoch recorded, and the block of vectors that holds it.
CREATE TABLE recording (
  run_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  part TEXT NOT NULL CHECK (
    part = 'weights' OR part = 'optimizer' OR part = 'predictions' OR part = 'activations'
  ),
  name TEXT NOT NULL,               -- '' for weights, else the slot, the data's split, the sample
  first_vector INTEGER NOT NULL,
  vectors INTEGER NOT NULL CHECK (vectors > 0),
  PRIMARY KEY (run_id, epoch, part, name),
  FOREIGN KEY (run_id, epoch) REFERENCES epoch(run_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO recording SELECT * FROM old_recording ORDER BY run_id, epoch, part, name;
DROP TABLE old_recording;

CREATE TRIGGER recording_deleted AFTER DELETE ON recording BEGIN
  DELETE FROM vector
    WHERE id >= old.first_vector AND id < old.first_vector + old.vectors;
  UPDATE epoch SET resumable = 0
    WHERE run_id = old.run_id AND epoch = old.epoch AND old.part IN ('weights', 'optimizer');
END;

CREATE TEMP TABLE old_metric AS SELECT * FROM metric;
DROP TABLE metric;

-- Metrics that the table epoch has no column for.
CREATE TABLE metric (
  run_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  split TEXT NOT NULL CHECK (split = 'train' OR split = 'validation' OR split = 'test'),
  name TEXT NOT NULL CHECK (name <> ''),
  value REAL,                       -- NULL: not a number
  PRIMARY KEY (run_id, epoch, split, name),
  FOREIGN KEY (run_id, epoch) REFERENCES epoch(run_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO metric SELECT * FROM old_metric ORDER BY run_id, epoch, split, name;
DROP TABLE old_metric;

DROP TABLE byte;
