"""`LabCallback`: recording of a training by transformers' `Trainer`.

```python
Trainer(model, arguments, callbacks=[lstm_lab.hf.LabCallback(name="bert")])
```
"""

from __future__ import annotations

import time
from typing import Any

import transformers
from transformers import TrainerCallback

from lstm_lab.recording import never_raises
from lstm_lab.sending.warnings import Voice
from lstm_lab.torch.watch import Watch, watch

TOTALS = (
    "train_runtime",
    "train_samples_per_second",
    "train_steps_per_second",
    "total_flos",
    "epoch",
    "eval_runtime",
    "eval_samples_per_second",
    "eval_steps_per_second",
    "train_loss",
)


class LabCallback(TrainerCallback):  # type: ignore[misc]
    """Records every weight, the optimizer's state and the logged metrics of each epoch of `train`.

    It takes what `lstm_lab.watch` takes. The Trainer evaluates after an epoch's end: an epoch is
    stored when the next one begins, or at the end, as it was when it was over.
    """

    def __init__(self, name: str | None = None, **options: Any) -> None:
        """Describes a run; it begins with `train`."""
        self._name, self._options = name, options
        self._metrics: dict[str, Any] = {}
        self._seconds = 0.0
        self._is_over = False
        self._began = time.perf_counter()
        self.run: Watch | None = None
        self.voice = Voice()

    def give_up(self) -> None:
        """Records nothing more after an error of the package's own."""
        run, self.run = self.run, None
        if run is not None:
            run.give_up()

    @never_raises
    def on_train_begin(
        self, args: Any, state: Any, control: Any, model: Any = None, **others: Any
    ) -> None:
        """Begins to watch the model and its optimizer."""
        settings = {
            key: value
            for key, value in args.to_dict().items()
            if isinstance(value, (bool, int, float, str)) and "token" not in key
        }
        options = {
            **self._options,
            "config": {"training": settings, **self._options.get("config", {})},
            "name": self._name or type(model).__name__,
            "trainer": f"transformers {transformers.__version__}",
        }
        if "seed" not in self._options:
            options["seed"] = args.seed
        self.run = watch(model, others.get("optimizer"), **options)

    @never_raises
    def on_epoch_begin(self, args: Any, state: Any, control: Any, **others: Any) -> None:
        """Stores the epoch before, whose evaluation is over."""
        self._store()
        self._began = time.perf_counter()

    @never_raises
    def on_log(
        self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any
    ) -> None:
        """Keeps what is logged; the last value of an epoch is its."""
        for name, value in (logs or {}).items():
            if name not in TOTALS and name != "learning_rate":
                self._metrics[name] = value

    @never_raises
    def on_epoch_end(self, args: Any, state: Any, control: Any, **others: Any) -> None:
        """Keeps the state of an epoch that is over."""
        self._seconds = time.perf_counter() - self._began
        self._is_over = True
        if self.run is not None:
            self.run.hold()

    @never_raises
    def on_train_end(self, args: Any, state: Any, control: Any, **others: Any) -> None:
        """Ends the run; by then the best weights are put back, where that was asked for."""
        if self.run is None:
            return
        self._store()
        self.run.end()

    def _store(self) -> None:
        if self._is_over and self.run is not None:
            self.run.epoch(self._metrics, seconds=self._seconds)
            self._metrics, self._is_over = {}, False
