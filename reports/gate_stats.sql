-- Norms of each gate of some runs, epoch by epoch, in the order of layers and gates.
--   :runs  a JSON array of run ids, '[1,2,5]'; unbound: every run
SELECT run_id, epoch, layer, gate, weight_norm, update_norm, gradient_norm
FROM gate_stats
WHERE :runs IS NULL OR run_id IN (SELECT value FROM json_each(:runs));
