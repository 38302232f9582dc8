-- Norms of each gate of some runs, epoch by epoch, in the order of layers and gates.
--   :runs  a JSON array of run ids, '[1,2,5]'; unbound: every run
-- In a bidirectional layer a gate has its direction before it, 'forward/input'; a direction without
-- gates is told by its own name.
SELECT
  run_id, epoch, layer,
  CASE
    WHEN direction IS NULL THEN gate WHEN gate IS NULL THEN direction
    ELSE direction || '/' || gate
  END AS gate,
  weight_norm, update_norm, gradient_norm
FROM gate_stats
WHERE run_id IN (
  SELECT value FROM json_each(coalesce(:runs, (SELECT json_group_array(id) FROM run))));
