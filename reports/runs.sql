-- Lists runs. Every parameter may be left unbound: then it filters nothing.
--   :status      running, completed, interrupted, crashed, diverged or failed
--   :name        a pattern as of GLOB: 'zero-*'
--   :tag         one tag
--   :sort        a column of the list; run_id unless given
--   :descending  1: the largest first
--   :limit       at most so many rows
WITH listed AS (
  SELECT
    run_id, name, status, epochs, loss, accuracy, val_loss, val_accuracy, best_epoch,
    parameters, seconds, created_at, parent_run_id, parent_epoch, tags, notes, uuid,
    finished_at, seed, config_hash, data_hash, host, version, result_epoch, test_loss,
    test_accuracy, best_loss, best_accuracy, best_val_loss, best_val_accuracy,
    settings_hash, initial_hash, message, sweep, fold, trainer,
    CASE coalesce(:sort, 'run_id')
      WHEN 'run_id' THEN run_id
      WHEN 'name' THEN name
      WHEN 'status' THEN status
      WHEN 'epochs' THEN epochs
      WHEN 'loss' THEN loss
      WHEN 'accuracy' THEN accuracy
      WHEN 'val_loss' THEN val_loss
      WHEN 'val_accuracy' THEN val_accuracy
      WHEN 'test_loss' THEN test_loss
      WHEN 'test_accuracy' THEN test_accuracy
      WHEN 'best_epoch' THEN best_epoch
      WHEN 'best_loss' THEN best_loss
      WHEN 'best_accuracy' THEN best_accuracy
      WHEN 'best_val_loss' THEN best_val_loss
      WHEN 'best_val_accuracy' THEN best_val_accuracy
      WHEN 'parameters' THEN parameters
      WHEN 'seconds' THEN seconds
      WHEN 'created_at' THEN created_at
    END AS sort_key
  FROM runs
)
SELECT
  run_id, name, status, epochs, loss, accuracy, val_loss, val_accuracy, best_epoch,
  parameters, seconds, created_at, parent_run_id, parent_epoch, tags, notes, uuid,
  finished_at, seed, config_hash, data_hash, host, version, result_epoch, test_loss,
  test_accuracy, best_loss, best_accuracy, best_val_loss, best_val_accuracy,
  settings_hash, initial_hash, message, sweep, fold, trainer
FROM listed
WHERE (:status IS NULL OR status = :status)
  AND (:name IS NULL OR name GLOB :name)
  AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag))
ORDER BY
  sort_key IS NULL,
  CASE WHEN :descending = 1 THEN NULL ELSE sort_key END,
  CASE WHEN :descending = 1 THEN sort_key END DESC,
  run_id
LIMIT coalesce(:limit, -1);
