-- Shows a database of version 1 as one of the latest, to a connection that may not change it.
--
-- What is temporary comes before what the file has of that name. The views of later versions are made
-- on top of this; what they say of settings the program fills in here as it does in a migration.

CREATE TEMP TABLE run_hash (
  run_id INTEGER PRIMARY KEY,
  settings_hash TEXT,
  initial_hash TEXT
);

CREATE TEMP VIEW run AS
SELECT
  r.*, h.settings_hash AS settings_hash, h.initial_hash AS initial_hash,
  CASE
    WHEN EXISTS (SELECT 1 FROM data_part AS d WHERE d.run_id = r.id AND d.part = 'normalization')
      THEN 'float32'
  END AS scaled_from,
  (SELECT p.uuid FROM main.run AS p WHERE p.id = r.parent_run_id) AS parent_uuid,
  NULL AS sweep, NULL AS sweep_point, NULL AS fold, NULL AS trainer, NULL AS native, 1 AS exact
FROM main.run AS r LEFT JOIN run_hash AS h ON h.run_id = r.id;

CREATE TEMP TRIGGER run_filled INSTEAD OF UPDATE OF settings_hash, initial_hash ON run BEGIN
  INSERT OR REPLACE INTO run_hash (run_id, settings_hash, initial_hash)
    VALUES (new.id, new.settings_hash, new.initial_hash);
END;

CREATE TEMP TABLE setting (
  run_id INTEGER,
  path TEXT,
  value ANY,
  PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;

CREATE TEMP TABLE frozen_layer (
  run_id INTEGER,
  layer TEXT,
  PRIMARY KEY (run_id, layer)
) WITHOUT ROWID;

CREATE TEMP VIEW tensor AS
SELECT
  t.*,
  CASE
    WHEN tensor GLOB 'forward/*' THEN 'forward' WHEN tensor GLOB 'backward/*' THEN 'backward'
  END AS direction,
  NOT EXISTS (SELECT 1 FROM frozen_layer AS f WHERE f.run_id = t.run_id AND f.layer = t.layer)
    AS trainable,
  NULL AS path, NULL AS shape, NULL AS dtype, NULL AS turned,
  1 AS piece_rows, 0 AS first_value
FROM main.tensor AS t;

CREATE TEMP TRIGGER tensor_filled INSTEAD OF UPDATE OF trainable ON tensor BEGIN
  INSERT OR REPLACE INTO frozen_layer (run_id, layer) VALUES (new.run_id, new.layer);
END;

CREATE TEMP VIEW gate_stat AS
SELECT
  run_id, epoch, position, layer,
  CASE
    WHEN gate = 'forward' OR gate GLOB 'forward/*' THEN 'forward'
    WHEN gate = 'backward' OR gate GLOB 'backward/*' THEN 'backward'
  END AS direction,
  CASE
    WHEN gate GLOB 'forward/*' THEN substr(gate, 9)
    WHEN gate GLOB 'backward/*' THEN substr(gate, 10)
    WHEN gate NOT IN ('forward', 'backward') THEN gate
  END AS gate,
  weight_norm, update_norm, gradient_norm
FROM main.gate_stat;

CREATE TEMP VIEW activation AS
SELECT
  run_id, position, layer,
  CASE
    WHEN gate GLOB 'forward/*' THEN 'forward' WHEN gate GLOB 'backward/*' THEN 'backward'
  END AS direction,
  CASE
    WHEN gate GLOB 'forward/*' THEN substr(gate, 9)
    WHEN gate GLOB 'backward/*' THEN substr(gate, 10)
    ELSE gate
  END AS gate,
  units, first_vector, step_vectors
FROM main.activation;

CREATE TEMP VIEW data_part AS
SELECT run_id, position, part, hash, NULL AS filled, NULL AS dropped FROM main.data_part;

CREATE TEMP VIEW feature AS
SELECT run_id, feature, name, NULL AS category, shift, scale, NULL AS fill FROM main.feature;

CREATE TEMP TABLE target (run_id INTEGER, output INTEGER, name TEXT, shift REAL, scale REAL);
CREATE TEMP TABLE slot (
  run_id INTEGER, name TEXT, position INTEGER, tensor_position INTEGER, shape TEXT
);
CREATE TEMP TABLE sweep (name TEXT, uuid TEXT, created_at TEXT, definition TEXT);

CREATE TEMP VIEW progress AS
SELECT
  id AS run_id, alive_until,
  last_epoch, last_loss, last_accuracy, last_val_loss, last_val_accuracy, best_epoch, best_loss,
  best_accuracy, best_val_loss, best_val_accuracy, seconds
FROM main.run;
