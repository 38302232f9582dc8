-- Every recorded weight of some runs.
--   :runs  a JSON array of run ids, '[1,2,5]'; unbound: every run
SELECT run_id, epoch, layer, tensor, "row", col, gate, unit, source, value
FROM weights
WHERE :runs IS NULL OR run_id IN (SELECT value FROM json_each(:runs));
