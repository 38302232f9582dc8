"""`LabCallback`: recording of a Lightning training.

```python
Trainer(callbacks=[lstm_lab.lightning.LabCallback(name="walks")])
```
"""

from __future__ import annotations

import time
from typing import Any

from lstm_lab.recording import never_raises
from lstm_lab.sending import exits
from lstm_lab.sending.warnings import Voice
from lstm_lab.torch.watch import Watch, watch

try:
    from lightning.pytorch.callbacks import Callback
except ImportError:
    from pytorch_lightning.callbacks import Callback


class LabCallback(Callback):  # type: ignore[misc]
    """Records every weight, the optimizers' state and the logged metrics of each epoch of `fit`.

    A callback, since a logger gets the metrics of training and validation in two calls. It takes
    what `lstm_lab.watch` takes. What Lightning's sanity check measures is left out.
    """

    def __init__(self, name: str | None = None, **options: Any) -> None:
        """Describes a run; it begins with `fit`."""
        super().__init__()
        self._name, self._options = name, options
        self._began = time.perf_counter()
        self.run: Watch | None = None
        self.voice = Voice()

    def give_up(self) -> None:
        """Records nothing more after an error of the package's own."""
        run, self.run = self.run, None
        if run is not None:
            run.give_up()

    @never_raises
    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Begins to watch the module and its optimizers."""
        config = {**dict(pl_module.hparams), **self._options.get("config", {})}
        options = {
            **self._options,
            "config": config,
            "name": self._name or type(pl_module).__name__,
            "trainer": _trainer(),
        }
        self.run = watch(pl_module, trainer.optimizers, **options)
        self._began = time.perf_counter()

    @never_raises
    def on_train_epoch_start(self, trainer: Any, pl_module: Any) -> None:
        """Notes the time."""
        self._began = time.perf_counter()

    @never_raises
    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Records the epoch; its validation has been done by now."""
        if self.run is None or trainer.sanity_checking:
            return
        measured = {
            name: value
            for name, value in trainer.callback_metrics.items()
            if not name.endswith("_step")
        }
        self.run.epoch(measured, seconds=time.perf_counter() - self._began)

    @never_raises
    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        """Ends the run after all that comes at a training's end."""
        if self.run is not None:
            self.run.end()

    @never_raises
    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Ends the run as the training ended."""
        if self.run is not None:
            self.run.end(*exits.status_of(exception))


def _trainer() -> str:
    try:
        from lightning import __version__
    except ImportError:
        from pytorch_lightning import __version__
    return f"lightning {__version__}"
