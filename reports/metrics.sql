-- Every loss and metric of some runs, epoch by epoch.
--   :runs  a JSON array of run ids, '[1,2,5]'; unbound: every run
SELECT run_id, epoch, split, name, value
FROM metrics
WHERE :runs IS NULL OR run_id IN (SELECT value FROM json_each(:runs))
ORDER BY
  run_id, epoch, CASE split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END,
  name <> 'loss', name;
