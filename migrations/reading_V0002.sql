-- Shows a database of version 2 as one of the latest, to a connection that may not change it.
--
-- What is temporary comes before what the file has of that name. The views of later versions are made
-- on top of this.

CREATE TEMP VIEW tensor AS SELECT *, 1 AS piece_rows, 0 AS first_value FROM main.tensor;

CREATE TEMP VIEW progress AS
SELECT
  id AS run_id, alive_until,
  last_epoch, last_loss, last_accuracy, last_val_loss, last_val_accuracy, best_epoch, best_loss,
  best_accuracy, best_val_loss, best_val_accuracy, seconds
FROM main.run;
