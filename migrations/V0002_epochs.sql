-- Epochs, tensors, slots, norms and gates: shapes of other programs, and directions as a column.

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
  pieces INTEGER NOT NULL CHECK (pieces > 0),   -- BLOBs a matrix row is stored in
  piece_cols INTEGER NOT NULL CHECK (piece_cols > 0 AND pieces * piece_cols >= cols),
  first_vector INTEGER NOT NULL CHECK (first_vector >= 0),  -- counted from the epoch's first
  PRIMARY KEY (run_id, position),
  UNIQUE (run_id, layer, tensor),
  CHECK (cols % units = 0)
) STRICT, WITHOUT ROWID;

INSERT INTO tensor (
  run_id, position, layer, tensor, direction, rows, cols, units, source, gate_0, gate_1, gate_2,
  gate_3, trainable, pieces, piece_cols, first_vector)
SELECT
  run_id, position, layer, tensor,
  CASE
    WHEN tensor GLOB 'forward/*' THEN 'forward' WHEN tensor GLOB 'backward/*' THEN 'backward'
  END,
  rows, cols, units, source, gate_0, gate_1, gate_2, gate_3, 1, pieces, piece_cols, first_vector
FROM old_tensor ORDER BY run_id, position;
DROP TABLE old_tensor;

-- Optimizer slots whose shapes are not those of the weights, as another program has them.
CREATE TABLE slot (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (name <> ''),
  position INTEGER NOT NULL CHECK (position >= 0),  -- in the order of storing
  tensor_position INTEGER,                      -- the weights it belongs to; NULL: to none
  shape TEXT NOT NULL CHECK (shape LIKE '[%]'), -- JSON: the lengths of its axes
  PRIMARY KEY (run_id, name, position)
) STRICT, WITHOUT ROWID;

CREATE TEMP TABLE old_epoch AS SELECT * FROM epoch;
DROP TABLE epoch;

-- One row an epoch, stored whole with everything that belongs to it, or not at all.
CREATE TABLE epoch (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch >= 0),    -- 0 is the state before training
  recorded_at TEXT NOT NULL,
  seconds REAL NOT NULL CHECK (seconds >= 0),
  learning_rate REAL,                           -- NULL: another program's, not known
  loss REAL,
  accuracy REAL,
  val_loss REAL,
  val_accuracy REAL,
  hash BLOB NOT NULL CHECK (length(hash) = 32), -- SHA-256, chained to the epoch before
  resumable INTEGER NOT NULL CHECK (resumable IN (0, 1)),   -- weights and optimizer are stored
  state TEXT NOT NULL CHECK (state LIKE '{%}'),   -- JSON: what a resume needs besides
  PRIMARY KEY (run_id, epoch)
) STRICT, WITHOUT ROWID;

INSERT INTO epoch (
  run_id, epoch, recorded_at, seconds, learning_rate, loss, accuracy, val_loss, val_accuracy, hash,
  resumable, state)
SELECT
  run_id, epoch, recorded_at, seconds, learning_rate, loss, accuracy, val_loss, val_accuracy, hash,
  resumable, state
FROM old_epoch ORDER BY run_id, epoch;
DROP TABLE old_epoch;

CREATE TRIGGER epoch_inserted AFTER INSERT ON epoch BEGIN
  UPDATE run SET
    last_epoch = new.epoch, last_loss = new.loss, last_accuracy = new.accuracy,
    last_val_loss = new.val_loss, last_val_accuracy = new.val_accuracy,
    seconds = seconds + new.seconds
  WHERE id = new.run_id;
  -- Only a lower loss makes a better epoch: of equals the earliest stays.
  UPDATE run SET
    best_epoch = new.epoch, best_loss = new.loss, best_accuracy = new.accuracy,
    best_val_loss = new.val_loss, best_val_accuracy = new.val_accuracy
  WHERE id = new.run_id AND new.epoch > 0
    AND coalesce(new.val_loss, new.loss) < coalesce(best_val_loss, best_loss, 9e999);
END;

-- Finds the epoch a resume starts from by one look-up.
CREATE INDEX epoch_resumable ON epoch(run_id) WHERE resumable = 1;
