-- What a run reads: how to recognise its data and how to read their numbers.

-- The fingerprint of each part of the data, so that a resume can tell which one changed.
CREATE TABLE data_part (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),  -- in the order of hashing
  part TEXT NOT NULL CHECK (part <> ''),
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  PRIMARY KEY (run_id, position),
  UNIQUE (run_id, part)
) STRICT, WITHOUT ROWID;

-- The names of classes, where the targets have them.
CREATE TABLE class (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  class INTEGER NOT NULL CHECK (class >= 0),
  name TEXT NOT NULL,
  PRIMARY KEY (run_id, class)
) STRICT, WITHOUT ROWID;

-- The features, where they have names or are scaled.
CREATE TABLE feature (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  feature INTEGER NOT NULL CHECK (feature >= 0),
  name TEXT,
  shift REAL NOT NULL,
  scale REAL NOT NULL CHECK (scale > 0),
  PRIMARY KEY (run_id, feature)
) STRICT, WITHOUT ROWID;

CREATE VIEW data_parts AS
-- One row a part of a run's data.
SELECT
  run_id AS run_id,
  part AS part,                     -- train.x, train.y, validation.x, …, classes, normalization
  hash AS hash                      -- SHA-256 of its numbers before scaling, or of its names
FROM data_part;

CREATE VIEW classes AS
-- One row a class, where the data name them.
SELECT
  run_id AS run_id,
  class AS class,                   -- its number: the target, and the place among the outputs
  name AS name                      -- as the data write it
FROM class;

CREATE VIEW features AS
-- One row a feature, where they have names or are scaled: the model reads (value - shift) / scale.
SELECT
  run_id AS run_id,
  feature AS feature,               -- from 0; x0, x1, … in the view weights
  name AS name,                     -- the column's in a .csv file, else NULL
  shift AS shift,             -- the training samples' mean or least value; 0 without scaling
  scale AS scale                    -- their standard deviation or range; 1 without scaling
FROM feature;
