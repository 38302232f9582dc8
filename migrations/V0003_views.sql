-- The public views that have changed: with the same columns, from other tables, in less time.

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
