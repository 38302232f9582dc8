-- The public views that version 2 adds to, and its new ones. They only ever gain columns.

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
    WHEN r.alive_until > unixepoch() THEN 'running'
    ELSE 'crashed'
  END AS status,
  r.created_at AS created_at,       -- UTC, ISO 8601
  r.finished_at AS finished_at,     -- UTC, ISO 8601; NULL while running and after a crash
  r.last_epoch AS epochs,           -- the last one stored
  r.parameters AS parameters,       -- number of weights
  r.seed AS seed,                   -- of every random number in the run; NULL: not known
  r.last_loss AS loss,              -- of the last epoch, on the training data
  r.last_accuracy AS accuracy,      -- of the last epoch; NULL where the metric was not asked for
  r.last_val_loss AS val_loss,      -- of the last epoch; NULL without validation data
  r.last_val_accuracy AS val_accuracy,  -- of the last epoch
  r.best_epoch AS best_epoch,       -- of the lowest val_loss, or loss without validation data
  r.seconds AS seconds,             -- spent in training up to the last epoch
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
  coalesce(r.result_epoch, r.last_epoch) AS result_epoch,
  r.test_loss AS test_loss,         -- of the result, measured at the end; NULL without test data
  r.test_accuracy AS test_accuracy, -- likewise
  r.best_loss AS best_loss,         -- of the best epoch
  r.best_accuracy AS best_accuracy, -- of the best epoch; NULL as accuracy is
  r.best_val_loss AS best_val_loss, -- of the best epoch; NULL without validation data
  r.best_val_accuracy AS best_val_accuracy, -- of the best epoch
  -- SHA-256 of config as the run was created, without name, tags, notes, seed, fold, record and the
  -- texts of paths: runs have the same settings where this, data_hash and initial_hash are equal.
  r.settings_hash AS settings_hash,
  -- SHA-256 of the first weights' float32 values; NULL where they are drawn, or were not stored.
  r.initial_hash AS initial_hash,
  r.message AS message,             -- why the run ended, when that needs saying
  r.sweep AS sweep,                 -- the sweep it belongs to
  r.fold AS fold,                   -- of a cross-validation, from 0
  r.trainer AS trainer              -- the program that trained it; NULL: lstm-lab
FROM run AS r;

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
