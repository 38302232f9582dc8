-- Sets runs side by side: facts, last and best metrics, speed, size, configuration.
-- Every parameter may be left unbound: then it filters nothing.
--   :runs  a JSON array of run ids, '[1,2,5]'
--   :tag   one tag
--   :sweep  the name of the sweep that a run belongs to
--   :last  only so many runs, the newest ones
SELECT
  r.run_id, r.name, r.status, r.epochs, r.loss, r.accuracy, r.val_loss, r.val_accuracy,
  r.best_epoch, r.best_loss, r.best_accuracy, r.best_val_loss, r.best_val_accuracy,
  r.result_epoch, r.seconds,
  -- A fork counts from its parent's epoch.
  r.seconds / nullif(r.epochs - coalesce(r.parent_epoch, 0), 0) AS seconds_per_epoch,
  r.parameters, r.seed, r.parent_run_id, r.parent_epoch, r.tags, r.notes, r.created_at,
  r.finished_at, r.uuid, r.config_hash, r.data_hash, r.host, r.version,
  r.settings_hash, r.initial_hash, r.fold, r.config
FROM runs AS r
-- Not `:runs IS NULL OR …`: with that, SQLite looks at all runs for a few, too.
WHERE r.run_id IN (
    SELECT value FROM json_each(coalesce(:runs, (SELECT json_group_array(id) FROM run))))
  AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(r.tags) WHERE value = :tag))
  AND (:sweep IS NULL OR r.sweep = :sweep)
  AND (:last IS NULL OR r.run_id IN (SELECT run_id FROM runs ORDER BY run_id DESC LIMIT :last))
ORDER BY r.run_id;
