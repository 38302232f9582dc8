-- Version 3: what each epoch changes of a run stands apart from its configuration.
--
-- SQLite changes no CHECK and no column of a table that is there, so the tables are made anew, with
-- foreign keys off: dropping a table must not delete what refers to its rows.

DROP VIEW runs;
DROP VIEW weights;
DROP TRIGGER epoch_inserted;

-- How far a run is, one small row a run: each transaction that stores epochs rewrites it.
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

INSERT INTO progress (
  run_id, alive_until, last_epoch, last_loss, last_accuracy, last_val_loss, last_val_accuracy,
  best_epoch, best_loss, best_accuracy, best_val_loss, best_val_accuracy, seconds)
SELECT
  id, alive_until, last_epoch, last_loss, last_accuracy, last_val_loss, last_val_accuracy,
  best_epoch, best_loss, best_accuracy, best_val_loss, best_val_accuracy, seconds
FROM run ORDER BY id;

CREATE TEMP TABLE old_run AS SELECT * FROM run;
DROP TABLE run;

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

INSERT INTO run (
  id, uuid, name, created_at, finished_at, outcome, message, result_epoch, test_loss,
  test_accuracy, parameters, seed, config, config_hash, config_directory, data_hash,
  settings_hash, initial_hash, scaled_from, parent_run_id, parent_uuid, parent_epoch, sweep,
  sweep_point, fold, tags, notes, host, version, trainer, native, exact)
SELECT
  id, uuid, name, created_at, finished_at, outcome, message, result_epoch, test_loss,
  test_accuracy, parameters, seed, config, config_hash, config_directory, data_hash,
  settings_hash, initial_hash, scaled_from, parent_run_id, parent_uuid, parent_epoch, sweep,
  sweep_point, fold, tags, notes, host, version, trainer, native, exact
FROM old_run ORDER BY id;
DROP TABLE old_run;

CREATE INDEX run_name ON run(name);
CREATE INDEX run_parent ON run(parent_run_id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX run_sweep ON run(sweep) WHERE sweep IS NOT NULL;
