-- Every epoch of some runs.
--   :runs  a JSON array of run ids, '[1,2,5]'; unbound: every run
SELECT
  run_id, epoch, loss, accuracy, val_loss, val_accuracy, learning_rate, seconds, recorded_at,
  weights_hash
FROM epochs
WHERE run_id IN (
  SELECT value FROM json_each(coalesce(:runs, (SELECT json_group_array(id) FROM run))))
ORDER BY run_id, epoch;
