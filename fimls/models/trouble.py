"""The vocabulary in which trouble with a model is told; `conditions.py` has the table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where things stand, in one word."""

    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    OFFLINE = "offline"
    ERROR = "error"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the server, as a client can put it on a button."""

    title: str
    command: str
    arguments: tuple[str, ...] = ()


class Condition(StrEnum):
    """What is the matter; the value is what an error carries as its `condition`."""

    # The address and who answers there.
    HOST_REFUSED = "host refused"
    CLOUD_REFUSED = "cloud refused"
    BAD_ADDRESS = "bad address"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no answer"
    HOST_NAME_REJECTED = "host name rejected"
    NOT_THE_SERVER = "not the server"
    REDIRECTED = "redirected"
    BAD_HEADERS = "bad headers"
    WRONG_KEY = "wrong key"
    NO_ROUTE = "no route"

    # The model.
    MODEL_MISSING = "model missing"
    NO_MODEL = "no model"
    BAD_NAME = "bad name"
    NOT_FOR_COMPLETION = "not for completion"
    NO_INSERT = "no insert"
    CLOUD_SIGN_IN = "cloud sign-in"
    CLOUD_DISABLED = "cloud disabled"
    CLOUD_UNREACHABLE = "cloud unreachable"

    # Fetching it.
    NOTHING_TO_PULL = "nothing to pull"
    PULL_REFUSED = "pull refused"
    PULL_FAILED = "pull failed"

    # Loading and running it.
    OUT_OF_MEMORY = "out of memory"
    LOAD_FAILED = "load failed"
    NO_RUNNER = "no runner"
    RUNNER_DIED = "runner died"
    SILENT = "silent"
    BUSY = "busy"
    TOO_MANY = "too many requests"
    LOADING = "still loading"
    FAILED = "failed"

    # One request.
    PROMPT_TOO_LONG = "prompt too long"
    WRONG_OPTION = "wrong option"
    WRONG_KEEP_ALIVE = "wrong keepAlive"
    REFUSED = "refused"
    STREAM_ERROR = "error in the stream"
    BROKEN_OFF = "broken off"
    STALE_CONNECTION = "stale connection"
    UNREADABLE = "unreadable"
    CLIENT_GONE = "client gone"

    # The embedded model.
    RUNTIME_MISSING = "runtime missing"
    FILE_UNKNOWN = "file unknown"
    NOT_STARTED = "not started"
    KEEPS_DYING = "keeps dying"


ASKED_SOON: Final = "it is asked again in a moment"
"""What to do about what is over soon, as completions see it: whoever asks once must ask again."""

WITH_THE_NEXT: Final = "it is asked again with the next completion"
"""The same for what happens to one request."""

NEVER: Final = 0
"""As `Row.tells`: the user is not told, however often it happens."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a condition means.

    In `message`, `fix` and `command`, `{model}` and `{host}` stand for the names; in `message` also
    `{said}` for what the server said.  A model that is given up is looked for anew; one that is
    not may well answer the next request.  `tells`: after how many times in a row the user is told
    in so many words, and not by the status alone; 1 for what lasts, `NEVER`.
    """

    condition: Condition
    message: str
    fix: str
    state: State = State.ERROR
    backend: str = ""
    gives_up: bool = True
    tells: int = 1
    command: Command | None = None
