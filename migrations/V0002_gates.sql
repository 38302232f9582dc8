-- Norms and gates: the direction of a bidirectional layer is a column, and a gate is its bare name.
-- Data: features from categories, numbers to predict, and how many values were missing.

CREATE TEMP TABLE old_gate_stat AS SELECT * FROM gate_stat;
DROP TABLE gate_stat;

-- Norms of each gate's weights, gradients and updates.
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

INSERT INTO gate_stat (
  run_id, epoch, position, layer, direction, gate, weight_norm, update_norm, gradient_norm)
SELECT
  run_id, epoch, position, layer,
  CASE
    WHEN gate = 'forward' OR gate GLOB 'forward/*' THEN 'forward'
    WHEN gate = 'backward' OR gate GLOB 'backward/*' THEN 'backward'
  END,
  CASE
    WHEN gate GLOB 'forward/*' THEN substr(gate, 9)
    WHEN gate GLOB 'backward/*' THEN substr(gate, 10)
    WHEN gate NOT IN ('forward', 'backward') THEN gate
  END,
  weight_norm, update_norm, gradient_norm
FROM old_gate_stat ORDER BY run_id, epoch, position;
DROP TABLE old_gate_stat;

CREATE TEMP TABLE old_activation AS SELECT * FROM activation;
DROP TABLE activation;

-- The gates and states that one time step stores, in order.
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

INSERT INTO activation (
  run_id, position, layer, direction, gate, units, first_vector, step_vectors)
SELECT
  run_id, position, layer,
  CASE
    WHEN gate GLOB 'forward/*' THEN 'forward' WHEN gate GLOB 'backward/*' THEN 'backward'
  END,
  CASE
    WHEN gate GLOB 'forward/*' THEN substr(gate, 9)
    WHEN gate GLOB 'backward/*' THEN substr(gate, 10)
    ELSE gate
  END,
  units, first_vector, step_vectors
FROM old_activation ORDER BY run_id, position;
DROP TABLE old_activation;

CREATE UNIQUE INDEX activation_name ON activation(run_id, layer, coalesce(direction, ''), gate);

CREATE TEMP TABLE old_data_part AS SELECT * FROM data_part;
DROP TABLE data_part;

-- The parts that a run's data have, each with its fingerprint.
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

INSERT INTO data_part (run_id, position, part, hash)
SELECT run_id, position, part, hash FROM old_data_part ORDER BY run_id, position;
DROP TABLE old_data_part;

CREATE TEMP TABLE old_feature AS SELECT * FROM feature;
DROP TABLE feature;

-- The features, where they have names or are scaled.
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

INSERT INTO feature (run_id, feature, name, shift, scale)
SELECT run_id, feature, name, shift, scale FROM old_feature ORDER BY run_id, feature;
DROP TABLE old_feature;

-- The numbers to predict, where they have names or are scaled.
CREATE TABLE target (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  output INTEGER NOT NULL CHECK (output >= 0),
  name TEXT,
  shift REAL NOT NULL,
  scale REAL NOT NULL CHECK (scale > 0),
  PRIMARY KEY (run_id, output)
) STRICT, WITHOUT ROWID;
