-- What the gates and states of recurrent layers were, for samples of the training data.

-- The gates and states that one time step stores, in order.
CREATE TABLE activation (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  layer TEXT NOT NULL CHECK (layer <> ''),
  gate TEXT NOT NULL CHECK (gate <> ''),
  units INTEGER NOT NULL CHECK (units > 0),
  first_vector INTEGER NOT NULL CHECK (first_vector >= 0),  -- counted from the step's first
  step_vectors INTEGER NOT NULL CHECK (step_vectors > first_vector),  -- of all rows together
  PRIMARY KEY (run_id, position),
  UNIQUE (run_id, layer, gate)
) STRICT, WITHOUT ROWID;

CREATE VIEW activations AS
-- One row a unit of a gate or state at a time step of a recorded sample.
SELECT
  s.run_id AS run_id,
  s.epoch AS epoch,
  CAST(s.name AS INTEGER) AS sample,  -- of the training data, from 0
  t.n AS step,                      -- from 0
  a.layer AS layer,
  -- The gates as in weights, then cell_state (an LSTM's) and hidden_state; a two-way layer's with
  -- their direction, forward/forget.
  a.gate AS gate,
  u.n AS unit,                      -- from 0
  -- The float32, exactly, with this epoch's weights; NULL: not a number.
  CASE
    WHEN f.exponent = 255 AND (((b2.value & 127) << 16) | (b1.value << 8) | b0.value) <> 0
      THEN NULL
    ELSE (1.0 - 2.0 * (b3.value >> 7)) * f.scale
      * (f.leading + (((b2.value & 127) << 16) | (b1.value << 8) | b0.value))
  END AS value
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
