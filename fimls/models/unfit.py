"""Models that could not be loaded: for a while another one is taken, and the user is told why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.errors import ModelFailed
from fimls.models.standing import about
from fimls.models.status import Status, status_of

if TYPE_CHECKING:
    from fimls.clock import Clock
    from fimls.errors import ModelError
    from fimls.models.protocol import Model

UNFIT_FOR_S: Final = 300.0
"""After this long the memory that one needs may be free.

Each try takes the memory from the model in use, so it is not made with every look.
"""


class Unfit:
    """What a session knows of models that could not be loaded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: dict[str, float] = {}
        self._reason: Status | None = None

    @property
    def names(self) -> frozenset[str]:
        """The models that are not worth a try at present."""
        now = self._clock.now()
        return frozenset(name for name, since in self._since.items() if now - since < UNFIT_FOR_S)

    @property
    def reason(self) -> Status | None:
        """Why the last one could not be loaded; None where all could that were tried."""
        return self._reason

    def note(self, model: Model, error: ModelError) -> None:
        """A model could not be loaded; what else went wrong than that is no reason to tell of."""
        self._since[model.name] = self._clock.now()
        if isinstance(error, ModelFailed):
            self._reason = status_of(error, about=about(model))

    def pardon(self, model: Model) -> None:
        """A model has been loaded: if that had failed before, what stood in the way is gone."""
        if model.name in self._since:
            self.forget()

    def forget(self) -> None:
        """Somebody has done something about it."""
        self._since.clear()
        self._reason = None
