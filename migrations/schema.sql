CREATE TABLE vector (
  id INTEGER PRIMARY KEY,
  data BLOB NOT NULL CHECK (length(data) % 4 = 0)
) STRICT;
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
CREATE TABLE number (n INTEGER PRIMARY KEY) STRICT;
CREATE TABLE float_scale (
  exponent INTEGER PRIMARY KEY,
  leading INTEGER NOT NULL,         -- the mantissa's hidden bit; subnormal numbers have none
  scale REAL NOT NULL               -- infinity for exponent 255
) STRICT;
CREATE VIEW metrics AS
-- One row a metric: everything in epochs once more, by name, and every other metric.
SELECT
  run_id AS run_id,
  epoch AS epoch,
  'train' AS split,                 -- train, validation or test
  'loss' AS name,                   -- loss, accuracy, mean_absolute_error, …
  loss AS value                     -- NULL: not a number; loss and accuracy then have no row
FROM epoch WHERE loss IS NOT NULL
UNION ALL
SELECT run_id, epoch, 'train', 'accuracy', accuracy FROM epoch WHERE accuracy IS NOT NULL
UNION ALL
SELECT run_id, epoch, 'validation', 'loss', val_loss FROM epoch WHERE val_loss IS NOT NULL
UNION ALL
SELECT run_id, epoch, 'validation', 'accuracy', val_accuracy FROM epoch
WHERE val_accuracy IS NOT NULL
UNION ALL
SELECT run_id, epoch, split, name, value FROM metric;
CREATE VIEW predictions AS
-- One row an output of a sample in a recorded epoch. Outputs of time steps are counted on from step
-- to step; a sample that is shorter than others has fewer rows.
SELECT
  s.run_id AS run_id,
  s.epoch AS epoch,
  d.split AS split,                 -- train, validation or test
  i.n AS sample,                    -- from 0, in the order of the data
  o.n AS output,                    -- from 0
  -- What the output should be.
  (
    SELECT CASE
      WHEN f.exponent = 255 AND (((b2.value & 127) << 16) | (b1.value << 8) | b0.value) <> 0
        THEN NULL
      ELSE (1.0 - 2.0 * (b3.value >> 7)) * f.scale
        * (f.leading + (((b2.value & 127) << 16) | (b1.value << 8) | b0.value))
    END
    FROM vector AS v
    CROSS JOIN byte AS b3
      ON b3.data = substr(v.data, 4 * ((i.n * d.outputs + o.n) % 256) + 4, 1)
    CROSS JOIN byte AS b2
      ON b2.data = substr(v.data, 4 * ((i.n * d.outputs + o.n) % 256) + 3, 1)
    CROSS JOIN byte AS b1
      ON b1.data = substr(v.data, 4 * ((i.n * d.outputs + o.n) % 256) + 2, 1)
    CROSS JOIN byte AS b0
      ON b0.data = substr(v.data, 4 * ((i.n * d.outputs + o.n) % 256) + 1, 1)
    CROSS JOIN float_scale AS f ON f.exponent = (((b3.value & 127) << 1) | (b2.value >> 7))
    WHERE v.id = d.first_vector + (i.n * d.outputs + o.n) / 256
  ) AS target,
  -- What the model made of it.
  CASE
    WHEN f.exponent = 255 AND (((b2.value & 127) << 16) | (b1.value << 8) | b0.value) <> 0
      THEN NULL
    ELSE (1.0 - 2.0 * (b3.value >> 7)) * f.scale
      * (f.leading + (((b2.value & 127) << 16) | (b1.value << 8) | b0.value))
  END AS value
FROM recording AS s
CROSS JOIN split AS d ON d.run_id = s.run_id AND d.split = s.name
CROSS JOIN number AS i ON i.n < d.samples
CROSS JOIN number AS o ON o.n < d.outputs
CROSS JOIN vector AS v ON v.id = s.first_vector + (i.n * d.outputs + o.n) / 256
CROSS JOIN byte AS b3
  ON b3.data = substr(v.data, 4 * ((i.n * d.outputs + o.n) % 256) + 4, 1)
CROSS JOIN byte AS b2
  ON b2.data = substr(v.data, 4 * ((i.n * d.outputs + o.n) % 256) + 3, 1)
CROSS JOIN byte AS b1
  ON b1.data = substr(v.data, 4 * ((i.n * d.outputs + o.n) % 256) + 2, 1)
CROSS JOIN byte AS b0
  ON b0.data = substr(v.data, 4 * ((i.n * d.outputs + o.n) % 256) + 1, 1)
CROSS JOIN float_scale AS f ON f.exponent = (((b3.value & 127) << 1) | (b2.value >> 7))
WHERE s.part = 'predictions'
  -- Not a number: a time step that the sample has not.
  AND NOT (f.exponent = 255 AND (((b2.value & 127) << 16) | (b1.value << 8) | b0.value) <> 0);
CREATE TABLE class (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  class INTEGER NOT NULL CHECK (class >= 0),
  name TEXT NOT NULL,
  PRIMARY KEY (run_id, class)
) STRICT, WITHOUT ROWID;
CREATE VIEW classes AS
-- One row a class, where the data name them.
SELECT
  run_id AS run_id,
  class AS class,                   -- its number: the target, and the place among the outputs
  name AS name                      -- as the data write it
FROM class;
CREATE TABLE sweep (
  name TEXT PRIMARY KEY CHECK (name <> ''),
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
  created_at TEXT NOT NULL,
  definition TEXT NOT NULL CHECK (definition LIKE '{%}')  -- JSON: what is varied, and how
) STRICT, WITHOUT ROWID;
CREATE TABLE setting (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  path TEXT NOT NULL CHECK (path <> ''),
  value ANY,
  PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE slot (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (name <> ''),
  position INTEGER NOT NULL CHECK (position >= 0),  -- in the order of storing
  tensor_position INTEGER,                      -- the weights it belongs to; NULL: to none
  shape TEXT NOT NULL CHECK (shape LIKE '[%]'), -- JSON: the lengths of its axes
  PRIMARY KEY (run_id, name, position)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX epoch_resumable ON epoch(run_id) WHERE resumable = 1;
CREATE TABLE gate_stat (
  run_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position >= 0),  -- keeps the order of layers and gates
  layer TEXT NOT NULL CHECK (layer <> ''),
  direction TEXT CHECK (direction IN ('forward', 'backward')),
  gate TEXT,
  weight_norm REAL,
  update_norm REAL,                 -- NULL in a run's first state, which no training has led to
  gradient_norm REAL,               -- likewise
  PRIMARY KEY (run_id, epoch, position),
  FOREIGN KEY (run_id, epoch) REFERENCES epoch(run_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE activation (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  layer TEXT NOT NULL CHECK (layer <> ''),
  direction TEXT CHECK (direction IN ('forward', 'backward')),
  gate TEXT NOT NULL CHECK (gate <> ''),
  units INTEGER NOT NULL CHECK (units > 0),
  first_vector INTEGER NOT NULL CHECK (first_vector >= 0),  -- counted from the step's first
  step_vectors INTEGER NOT NULL CHECK (step_vectors > first_vector),  -- of all rows together
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX activation_name ON activation(run_id, layer, coalesce(direction, ''), gate);
CREATE TABLE data_part (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),  -- in the order of hashing
  part TEXT NOT NULL CHECK (part <> ''),
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  filled INTEGER CHECK (filled >= 0),    -- NULL: no samples, or a run of version 1
  dropped INTEGER CHECK (dropped >= 0),  -- likewise, and of y
  PRIMARY KEY (run_id, position),
  UNIQUE (run_id, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE feature (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  feature INTEGER NOT NULL CHECK (feature >= 0),
  name TEXT,
  category TEXT,                    -- of a column of texts: the one that this feature marks with 1
  shift REAL NOT NULL,
  scale REAL NOT NULL CHECK (scale > 0),
  fill REAL,                        -- what a missing value became; NULL: none was filled so
  PRIMARY KEY (run_id, feature)
) STRICT, WITHOUT ROWID;
CREATE TABLE target (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  output INTEGER NOT NULL CHECK (output >= 0),
  name TEXT,
  shift REAL NOT NULL,
  scale REAL NOT NULL CHECK (scale > 0),
  PRIMARY KEY (run_id, output)
) STRICT, WITHOUT ROWID;
CREATE VIEW epochs AS
-- One row an epoch. Epoch 0 is the state before training, epoch k the state after k epochs.
SELECT
  run_id AS run_id,
  epoch AS epoch,                   -- from 0
  loss AS loss,                     -- on the training data; NULL where it was not computed
  accuracy AS accuracy,             -- NULL where the metric was not asked for
  val_loss AS val_loss,             -- on the validation data; NULL without
  val_accuracy AS val_accuracy,     -- on the validation data
  -- Of the epoch's last step; in epoch 0 that of the first to come; NULL: not known.
  learning_rate AS learning_rate,
  seconds AS seconds,               -- that the epoch took
  recorded_at AS recorded_at,       -- UTC, ISO 8601
  lower(hex(hash)) AS weights_hash  -- SHA-256 over the hash before, weights and optimizer state
FROM epoch;
CREATE VIEW tensors AS
-- One row a weight tensor.
SELECT
  run_id AS run_id,
  layer AS layer,                   -- the name before the first slash: lstm, dense_1, …
  tensor AS tensor,                 -- the rest: kernel, recurrent_kernel, bias, forward/kernel, …
  rows AS rows,                     -- 1 for a vector
  cols AS cols,                     -- gates side by side: 4 · units for an LSTM
  direction AS direction,           -- forward or backward in a bidirectional layer, else NULL
  trainable AS trainable,           -- 1, or 0 of a tensor that training does not change
  path AS path,                     -- another program's name for it; NULL in a run of lstm-lab
  shape AS shape                    -- another program's shape of it, as JSON; else NULL
FROM tensor;
CREATE VIEW gate_stats AS
-- Norms of one gate's weights, gradients and updates in one epoch.
SELECT
  run_id AS run_id,
  epoch AS epoch,
  layer AS layer,
  gate AS gate,                     -- input, forget, cell, output, …; NULL for a layer without gates
  weight_norm AS weight_norm,       -- at the end of the epoch
  update_norm AS update_norm,       -- of the whole epoch's change; NULL in a run's first state
  -- Of the epoch's last batch, clipped as asked; NULL in a first state.
  gradient_norm AS gradient_norm,
  direction AS direction            -- forward or backward in a bidirectional layer, else NULL
FROM gate_stat;
CREATE VIEW settings AS
-- One row a setting: a leaf of the run's configuration, as it was when the run was created.
SELECT
  run_id AS run_id,
  path AS path,                     -- training.optimizer.learning_rate, model.layers.0.units, …
  -- A number, a text, 1 and 0 for true and false; an array as JSON, a long one by its hash.
  value AS value
FROM setting;
CREATE VIEW sweeps AS
-- One row a sweep.
SELECT
  name AS sweep,
  created_at AS created_at,         -- UTC, ISO 8601
  definition AS definition          -- JSON: what is varied, and how
FROM sweep;
CREATE VIEW data_parts AS
-- One row a part of a run's data.
SELECT
  run_id AS run_id,
  part AS part,                     -- train.x, train.y, validation.x, …, classes, normalization
  hash AS hash,                     -- SHA-256 of its numbers before scaling, or of its names
  -- Of x and y: how many values were missing and are filled in, of a series each once.
  filled AS filled,
  -- Of x: how many samples are left out because they, or their targets, miss a value.
  dropped AS dropped
FROM data_part;
CREATE VIEW features AS
-- One row a feature, where they have names or are scaled: the model reads (value - shift) / scale.
SELECT
  run_id AS run_id,
  feature AS feature,               -- from 0; x0, x1, … in the view weights
  name AS name,                     -- the column's in a .csv file, else NULL
  shift AS shift,             -- the training samples' mean or least value; 0 without scaling
  scale AS scale,                   -- their standard deviation or range; 1 without scaling
  category AS category,             -- of a column of texts: the text that this feature marks with 1
  fill AS fill                      -- what a missing value became; NULL: none was filled so
FROM feature;
CREATE VIEW targets AS
-- One row an output that predicts a number, where it has a name or is scaled: the model learns
-- (value - shift) / scale.
SELECT
  run_id AS run_id,
  output AS output,                 -- from 0
  name AS name,                     -- the column's in a .csv file, else NULL
  shift AS shift,                   -- the training samples' mean or least value; 0 without scaling
  scale AS scale                    -- their standard deviation or range; 1 without scaling
FROM target;
CREATE VIEW activations AS
-- One row a unit of a gate or state at a time step of a recorded sample.
SELECT
  s.run_id AS run_id,
  s.epoch AS epoch,
  CAST(s.name AS INTEGER) AS sample,  -- of the training data, from 0
  t.n AS step,                      -- from 0
  a.layer AS layer,
  -- The gates as in weights, then cell_state (an LSTM's) and hidden_state.
  a.gate AS gate,
  u.n AS unit,                      -- from 0
  -- The float32, exactly, with this epoch's weights; NULL: not a number.
  CASE
    WHEN f.exponent = 255 AND (((b2.value & 127) << 16) | (b1.value << 8) | b0.value) <> 0
      THEN NULL
    ELSE (1.0 - 2.0 * (b3.value >> 7)) * f.scale
      * (f.leading + (((b2.value & 127) << 16) | (b1.value << 8) | b0.value))
  END AS value,
  a.direction AS direction          -- forward or backward in a bidirectional layer, else NULL
FROM recording AS s
CROSS JOIN activation AS a ON a.run_id = s.run_id
CROSS JOIN number AS t ON t.n < s.vectors / a.step_vectors
CROSS JOIN number AS u ON u.n < a.units
CROSS JOIN vector AS v
  ON v.id = s.first_vector + t.n * a.step_vectors + a.first_vector + u.n / 256
CROSS JOIN byte AS b3 ON b3.data = substr(v.data, 4 * (u.n % 256) + 4, 1)
CROSS JOIN byte AS b2 ON b2.data = substr(v.data, 4 * (u.n % 256) + 3, 1)
CROSS JOIN byte AS b1 ON b1.data = substr(v.data, 4 * (u.n % 256) + 2, 1)
CROSS JOIN byte AS b0 ON b0.data = substr(v.data, 4 * (u.n % 256) + 1, 1)
CROSS JOIN float_scale AS f ON f.exponent = (((b3.value & 127) << 1) | (b2.value >> 7))
WHERE s.part = 'activations';
CREATE TABLE progress (
  run_id INTEGER PRIMARY KEY REFERENCES run(id) ON DELETE CASCADE,
  alive_until INTEGER,              -- lease of the training process, seconds since 1970
  -- Kept beside the epochs, so that listing ten thousand runs needs no look at them.
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
  seconds REAL NOT NULL DEFAULT 0   -- of all epochs
) STRICT;
CREATE TABLE run (
  id INTEGER PRIMARY KEY,           -- small number, in order of creation
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
  name TEXT NOT NULL CHECK (name <> ''),
  created_at TEXT NOT NULL,         -- UTC, ISO 8601 with milliseconds, like every time in this file
  finished_at TEXT,
  outcome TEXT CHECK (outcome IN ('completed', 'interrupted', 'diverged', 'failed')),
  message TEXT,                     -- why the run ended, when that needs saying
  -- Known when training is over.
  result_epoch INTEGER,             -- whose weights are the result; NULL: the last one's
  test_loss REAL,                   -- of the result
  test_accuracy REAL,
  parameters INTEGER NOT NULL CHECK (parameters >= 0),
  seed INTEGER,                     -- NULL: another program's, not known
  config TEXT NOT NULL CHECK (config LIKE '{%}'),  -- JSON
  config_hash TEXT NOT NULL,
  config_directory TEXT,            -- what relative paths in config start from
  data_hash TEXT,                   -- NULL: another program's data
  -- What the run was created with, kept when it is lengthened. Two runs have the same settings
  -- where these two and data_hash are equal.
  settings_hash TEXT CHECK (length(settings_hash) = 64),
  initial_hash TEXT CHECK (length(initial_hash) = 64),  -- NULL: the first weights are drawn
  scaled_from TEXT CHECK (scaled_from IN ('float32', 'float64')),  -- NULL: nothing is scaled
  parent_run_id INTEGER REFERENCES run(id) ON DELETE SET NULL,
  parent_uuid TEXT,                 -- stays when the parent is deleted
  parent_epoch INTEGER,             -- the parent's epoch that became this run's first
  sweep TEXT REFERENCES sweep(name) ON UPDATE CASCADE ON DELETE SET NULL,
  sweep_point INTEGER,              -- from 0
  fold INTEGER CHECK (fold >= 0),   -- from 0; NULL without cross-validation
  tags TEXT NOT NULL CHECK (tags LIKE '[%]'),      -- JSON array of strings
  notes TEXT,
  host TEXT NOT NULL,
  version TEXT NOT NULL,            -- of the program that created the run
  trainer TEXT,                     -- the program that trained it; NULL: this one
  native TEXT CHECK (native LIKE '{%}'),  -- JSON: another program's model as a configuration
  exact INTEGER NOT NULL DEFAULT 1 CHECK (exact IN (0, 1)),  -- 0: wider numbers were rounded
  CHECK (parent_run_id IS NULL OR parent_epoch IS NOT NULL)
) STRICT;
CREATE INDEX run_name ON run(name);
CREATE INDEX run_parent ON run(parent_run_id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX run_sweep ON run(sweep) WHERE sweep IS NOT NULL;
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
CREATE TRIGGER recording_deleted AFTER DELETE ON recording BEGIN
  DELETE FROM vector
    WHERE id >= old.first_vector AND id < old.first_vector + old.vectors;
  UPDATE epoch SET resumable = 0
    WHERE run_id = old.run_id AND epoch = old.epoch AND old.part IN ('weights', 'optimizer');
END;
CREATE TABLE metric (
  run_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  split TEXT NOT NULL CHECK (split = 'train' OR split = 'validation' OR split = 'test'),
  name TEXT NOT NULL CHECK (name <> ''),
  value REAL,                       -- NULL: not a number
  PRIMARY KEY (run_id, epoch, split, name),
  FOREIGN KEY (run_id, epoch) REFERENCES epoch(run_id, epoch) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE byte (
  data BLOB PRIMARY KEY,
  value INTEGER NOT NULL,
  scale REAL,                       -- as the highest byte: sign and power of two
  leading INTEGER NOT NULL,         -- as the second: its part of the mantissa, the hidden bit included
  factor INTEGER NOT NULL           -- likewise: 2 where its highest bit doubles the number, else 1
) STRICT, WITHOUT ROWID;
CREATE TABLE float_place (
  n INTEGER PRIMARY KEY,
  byte_0 INTEGER NOT NULL,          -- the lowest, which comes first
  byte_1 INTEGER NOT NULL,
  byte_2 INTEGER NOT NULL,
  byte_3 INTEGER NOT NULL
) STRICT;
CREATE VIEW runs AS
-- One row a run.
SELECT
  r.id AS run_id,                   -- small number, unique in this file
  r.uuid AS uuid,                   -- unique everywhere
  r.name AS name,                   -- from the configuration; need not be unique
  -- running, completed, interrupted, crashed, diverged or failed. A living process renews its
  -- lease all the time; one that is gone without a word has crashed.
  CASE
    WHEN r.outcome IS NOT NULL THEN r.outcome
    WHEN p.alive_until > unixepoch() THEN 'running'
    ELSE 'crashed'
  END AS status,
  r.created_at AS created_at,       -- UTC, ISO 8601
  r.finished_at AS finished_at,     -- UTC, ISO 8601; NULL while running and after a crash
  p.last_epoch AS epochs,           -- the last one stored
  r.parameters AS parameters,       -- number of weights
  r.seed AS seed,                   -- of every random number in the run; NULL: not known
  p.last_loss AS loss,              -- of the last epoch, on the training data
  p.last_accuracy AS accuracy,      -- of the last epoch; NULL where the metric was not asked for
  p.last_val_loss AS val_loss,      -- of the last epoch; NULL without validation data
  p.last_val_accuracy AS val_accuracy,  -- of the last epoch
  p.best_epoch AS best_epoch,       -- of the lowest val_loss, or loss without validation data
  p.seconds AS seconds,             -- spent in training up to the last epoch
  r.config AS config,               -- normalised JSON
  r.config_hash AS config_hash,     -- SHA-256 of config
  r.data_hash AS data_hash,         -- SHA-256 of the training data; NULL: not known
  r.parent_run_id AS parent_run_id, -- the run this one was forked from
  r.parent_epoch AS parent_epoch,   -- the parent's epoch that became this run's first
  r.tags AS tags,                   -- JSON array of strings
  r.notes AS notes,                 -- from the configuration
  r.host AS host,                   -- where the run was started
  r.version AS version,             -- of the program that started it
  -- Whose weights are the run's result: the last one, or the best that early stopping goes back to.
  coalesce(r.result_epoch, p.last_epoch) AS result_epoch,
  r.test_loss AS test_loss,         -- of the result, measured at the end; NULL without test data
  r.test_accuracy AS test_accuracy, -- likewise
  p.best_loss AS best_loss,         -- of the best epoch
  p.best_accuracy AS best_accuracy, -- of the best epoch; NULL as accuracy is
  p.best_val_loss AS best_val_loss, -- of the best epoch; NULL without validation data
  p.best_val_accuracy AS best_val_accuracy, -- of the best epoch
  -- SHA-256 of config as the run was created, without name, tags, notes, seed, fold, record and the
  -- texts of paths: runs have the same settings where this, data_hash and initial_hash are equal.
  r.settings_hash AS settings_hash,
  -- SHA-256 of the first weights' float32 values; NULL where they are drawn, or were not stored.
  r.initial_hash AS initial_hash,
  r.message AS message,             -- why the run ended, when that needs saying
  r.sweep AS sweep,                 -- the sweep it belongs to
  r.fold AS fold,                   -- of a cross-validation, from 0
  r.trainer AS trainer              -- the program that trained it; NULL: lstm-lab
FROM run AS r LEFT JOIN progress AS p ON p.run_id = r.id;
CREATE VIEW weights AS
-- One row a weight a recorded epoch.
SELECT
  s.run_id AS run_id,
  s.epoch AS epoch,
  t.layer AS layer,                 -- the name before the first slash: lstm, dense_1, …
  t.tensor AS tensor,               -- the rest: kernel, recurrent_kernel, bias, …
  r.n AS row,                       -- from 0; always 0 in a vector
  c.n AS col,                       -- from 0
  -- The gate whose block of columns this is; NULL in a layer without gates.
  CASE c.n / t.units
    WHEN 0 THEN t.gate_0 WHEN 1 THEN t.gate_1 WHEN 2 THEN t.gate_2 WHEN 3 THEN t.gate_3
  END AS gate,
  c.n % t.units AS unit,            -- the unit the weight leads to, from 0
  -- What the weight multiplies: x0, x1, … an input, h0, h1, … a unit of the step before, or bias. A
  -- GRU's bias has two rows: bias, and recurrent_bias in the product with the step before.
  CASE t.source
    WHEN 'bias' THEN CASE r.n WHEN 0 THEN 'bias' ELSE 'recurrent_bias' END
    ELSE t.source || r.n
  END AS source,
  coalesce(
    b3.scale * (b2.leading + b2.factor * (256 * b1.value + b0.value)),
    -- Zeros, subnormal numbers, infinities, what is not a number, and what lies beside them.
    (
      SELECT CASE
        WHEN f.exponent = 255 AND (((b2.value & 127) << 16) | (b1.value << 8) | b0.value) <> 0
          THEN NULL
        ELSE (1.0 - 2.0 * (b3.value >> 7)) * f.scale
          * (f.leading + (((b2.value & 127) << 16) | (b1.value << 8) | b0.value))
      END
      FROM float_scale AS f WHERE f.exponent = (((b3.value & 127) << 1) | (b2.value >> 7))
    )
  ) AS value,                     -- the float32, exactly; NULL: not a number
  t.direction AS direction          -- forward or backward in a bidirectional layer, else NULL
FROM recording AS s
CROSS JOIN tensor AS t ON t.run_id = s.run_id
CROSS JOIN number AS r ON r.n < t.rows
CROSS JOIN number AS p ON p.n < t.pieces
CROSS JOIN vector AS v
  ON v.id = s.first_vector + t.first_vector + r.n / t.piece_rows * t.pieces + p.n
CROSS JOIN number AS c
  ON c.n >= p.n * t.piece_cols AND c.n < min(t.cols, (p.n + 1) * t.piece_cols)
CROSS JOIN float_place AS a
  ON a.n = t.first_value + r.n % t.piece_rows * t.cols + c.n - p.n * t.piece_cols
CROSS JOIN byte AS b3 ON b3.data = substr(v.data, a.byte_3, 1)
CROSS JOIN byte AS b2 ON b2.data = substr(v.data, a.byte_2, 1)
CROSS JOIN byte AS b1 ON b1.data = substr(v.data, a.byte_1, 1)
CROSS JOIN byte AS b0 ON b0.data = substr(v.data, a.byte_0, 1)
WHERE s.part = 'weights' AND s.name = '';
