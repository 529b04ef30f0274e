"""Everything fimls raises on purpose, in one tree.

Results are values (`Completion | Skip | Overtaken`); exceptions are for the outside world.

    FimlsError
    ├── SettingError        a setting cannot be used as it is given
    │   └── PromptError     a prompt's text cannot be read, or asks for what is not there
    ├── InputError          a file, position or selection cannot be worked on
    ├── ProcessError        a child process did not start, or died before it was ready
    └── ModelError          the model gave no (whole) answer
        ├── HostRefused     a host that is not this machine, and `allowRemote` is false
        ├── Unreachable     nothing answers at the address
        ├── ModelMissing    the server is there, the model is not
        ├── ModelRefused    the server will not do this for us (wrong key, no ability)
        │   └── PromptTooLong   the prompt does not fit the model's context
        ├── ModelBusy       the server asks us to come back later
        ├── ModelFailed     the server tried and failed (out of memory, died, said an error mid-way)
        └── StreamBroken    the stream ended without saying that it was done, or could not be read
"""

from __future__ import annotations


class FimlsError(Exception):
    """The root of all errors that fimls raises on purpose; its text is meant for the user."""


class SettingError(FimlsError):
    """A setting cannot be used as it is given."""


class PromptError(SettingError):
    """The text of a prompt asks for what its action does not have, or cannot be read."""


class InputError(FimlsError):
    """A file, position or selection cannot be worked on."""


class ProcessError(FimlsError):
    """A child process did not start, or died before it was ready."""


class ModelError(FimlsError):
    """The model gave no, or no whole, answer.

    `condition` is the row of `models/conditions.py` that tells what it means and what to do; "" for
    the row of the class.  `after_s` is how long the server asked to be left alone, in seconds.
    """

    def __init__(self, message: str, *, condition: str = "", after_s: float | None = None) -> None:
        super().__init__(message)
        self.condition = condition
        self.after_s = after_s


class HostRefused(ModelError):
    """The host is not this machine and the user has not allowed that."""


class Unreachable(ModelError):
    """Nothing answers at the address."""


class ModelMissing(ModelError):
    """The server is there, the model is not."""


class ModelRefused(ModelError):
    """The server will not do this for us."""


class PromptTooLong(ModelRefused):
    """The prompt does not fit the model's context; a shorter one may."""


class ModelBusy(ModelError):
    """The server asks us to come back later."""


class ModelFailed(ModelError):
    """The server tried and failed."""


class StreamBroken(ModelError):
    """The stream ended without saying that it was done, or could not be read."""
