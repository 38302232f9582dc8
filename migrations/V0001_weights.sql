-- The public views that decode float32 values. Each value is exact, widened to a double:
-- infinities stay infinite, not-a-number is NULL. CROSS JOIN fixes the order of the look-ups:
-- from the run down to the byte, each by a primary key.

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
  END AS value                      -- the float32, exactly; NULL: not a number
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
