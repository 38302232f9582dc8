-- The public views that decode float32 values, with the direction as a column.

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
  CASE
    WHEN f.exponent = 255 AND (((b2.value & 127) << 16) | (b1.value << 8) | b0.value) <> 0
      THEN NULL
    ELSE (1.0 - 2.0 * (b3.value >> 7)) * f.scale
      * (f.leading + (((b2.value & 127) << 16) | (b1.value << 8) | b0.value))
  END AS value,                     -- the float32, exactly; NULL: not a number
  t.direction AS direction          -- forward or backward in a bidirectional layer, else NULL
FROM recording AS s
CROSS JOIN tensor AS t ON t.run_id = s.run_id
CROSS JOIN number AS r ON r.n < t.rows
CROSS JOIN number AS c ON c.n < t.cols
CROSS JOIN vector AS v
  ON v.id = s.first_vector + t.first_vector + r.n * t.pieces + c.n / t.piece_cols
CROSS JOIN byte AS b3 ON b3.data = substr(v.data, 4 * (c.n % t.piece_cols) + 4, 1)
CROSS JOIN byte AS b2 ON b2.data = substr(v.data, 4 * (c.n % t.piece_cols) + 3, 1)
CROSS JOIN byte AS b1 ON b1.data = substr(v.data, 4 * (c.n % t.piece_cols) + 2, 1)
CROSS JOIN byte AS b0 ON b0.data = substr(v.data, 4 * (c.n % t.piece_cols) + 1, 1)
CROSS JOIN float_scale AS f ON f.exponent = (((b3.value & 127) << 1) | (b2.value >> 7))
WHERE s.part = 'weights' AND s.name = '';

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
