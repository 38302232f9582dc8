-- Runs, their tensors, and one row for each epoch. All tables are private; the views are the API.
--
-- Every connection of the program distrusts the schema (trusted_schema = OFF), and SQLite 3.40
-- counts its JSON functions among the dangerous ones: no view, trigger or CHECK may call one.

CREATE TABLE run (
  id INTEGER PRIMARY KEY,           -- small number, in order of creation
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
  name TEXT NOT NULL CHECK (name <> ''),
  created_at TEXT NOT NULL,         -- UTC, ISO 8601 with milliseconds, like every time in this file
  finished_at TEXT,
  outcome TEXT CHECK (outcome IN ('completed', 'interrupted', 'diverged', 'failed')),
  message TEXT,                     -- why the run ended, when that needs saying
  alive_until INTEGER,              -- lease of the training process, seconds since 1970
  -- Kept by the trigger epoch_inserted, so that listing ten thousand runs needs no other table.
  last_epoch INTEGER,
  last_loss REAL,
  last_accuracy REAL,
  last_val_loss REAL,
  last_val_accuracy REAL,
  best_epoch INTEGER,
  best_loss REAL,                   -- of the best epoch, like the next three
  best_accuracy REAL,
  best_val_loss REAL,
  best_val_accuracy REAL,
  -- Known when training is over.
  result_epoch INTEGER,             -- whose weights are the result; NULL: the last one's
  test_loss REAL,                   -- of the result
  test_accuracy REAL,
  seconds REAL NOT NULL DEFAULT 0,  -- of all epochs
  parameters INTEGER NOT NULL CHECK (parameters >= 0),
  seed INTEGER NOT NULL,
  config TEXT NOT NULL CHECK (config LIKE '{%}'),  -- JSON
  config_hash TEXT NOT NULL,
  config_directory TEXT NOT NULL,   -- what relative paths in config start from
  data_hash TEXT NOT NULL,
  parent_run_id INTEGER REFERENCES run(id) ON DELETE SET NULL,
  parent_epoch INTEGER,             -- the parent's epoch that became this run's first
  tags TEXT NOT NULL CHECK (tags LIKE '[%]'),      -- JSON array of strings
  notes TEXT,
  host TEXT NOT NULL,
  version TEXT NOT NULL,            -- of the program that created the run
  CHECK (parent_run_id IS NULL OR parent_epoch IS NOT NULL)
) STRICT;

CREATE INDEX run_name ON run(name);
CREATE INDEX run_parent ON run(parent_run_id) WHERE parent_run_id IS NOT NULL;

-- The weight tensors of a run in canonical order: the order of hashing, storing and loading.
CREATE TABLE tensor (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  layer TEXT NOT NULL CHECK (layer <> ''),
  tensor TEXT NOT NULL CHECK (tensor <> ''),
  rows INTEGER NOT NULL CHECK (rows > 0),       -- 1 for a vector
  cols INTEGER NOT NULL CHECK (cols > 0),
  units INTEGER NOT NULL CHECK (units > 0),     -- columns of one gate's block; cols without gates
  source TEXT NOT NULL CHECK (source IN ('x', 'h', 'bias')),
  gate_0 TEXT,                                  -- gate of the first block of columns, and so on
  gate_1 TEXT,
  gate_2 TEXT,
  gate_3 TEXT,
  pieces INTEGER NOT NULL CHECK (pieces > 0),   -- BLOBs a matrix row is stored in
  piece_cols INTEGER NOT NULL CHECK (piece_cols > 0 AND pieces * piece_cols >= cols),
  first_vector INTEGER NOT NULL CHECK (first_vector >= 0),  -- counted from the epoch's first
  PRIMARY KEY (run_id, position),
  UNIQUE (run_id, layer, tensor),
  CHECK (cols % units = 0)
) STRICT, WITHOUT ROWID;

-- One row an epoch, stored whole with everything that belongs to it, or not at all.
CREATE TABLE epoch (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch >= 0),    -- 0 is the state before training
  recorded_at TEXT NOT NULL,
  seconds REAL NOT NULL CHECK (seconds >= 0),
  learning_rate REAL NOT NULL,
  loss REAL,
  accuracy REAL,
  val_loss REAL,
  val_accuracy REAL,
  hash BLOB NOT NULL CHECK (length(hash) = 32), -- SHA-256, chained to the epoch before
  resumable INTEGER NOT NULL CHECK (resumable IN (0, 1)),   -- weights and optimizer are stored
  state TEXT NOT NULL CHECK (state LIKE '{%}'),   -- JSON: what a resume needs besides
  PRIMARY KEY (run_id, epoch)
) STRICT, WITHOUT ROWID;

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

-- Metrics that have no column in epoch.
CREATE TABLE metric (
  run_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  name TEXT NOT NULL CHECK (name <> ''),
  value REAL,                       -- NULL: not a number
  PRIMARY KEY (run_id, epoch, split, name),
  FOREIGN KEY (run_id, epoch) REFERENCES epoch(run_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Norms of each gate's weights, gradients and updates.
CREATE TABLE gate_stat (
  run_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position >= 0),  -- keeps the order of layers and gates
  layer TEXT NOT NULL CHECK (layer <> ''),
  gate TEXT,
  weight_norm REAL,
  update_norm REAL,                 -- NULL in a run's first state, which no training has led to
  gradient_norm REAL,               -- likewise
  PRIMARY KEY (run_id, epoch, position),
  FOREIGN KEY (run_id, epoch) REFERENCES epoch(run_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
