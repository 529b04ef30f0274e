"""The state of the model as the user sees it, and what each kind of failure makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from fimls.errors import (
    HostRefused,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelMissing,
    ModelRefused,
    StreamBroken,
    Unreachable,
)
from fimls.models.hosts import outside_hint

if TYPE_CHECKING:
    from collections.abc import Mapping


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


@dataclass(frozen=True, slots=True)
class Status:
    """The notification `fimls/status` (contract §2).

    `message` says what is the case, `fix` what the user can do about it, `command` does that where
    a command can.  `host` is the base URL that text is sent to, `local` whether that is this
    machine.  `uri` is set where it is about one document.
    """

    state: State
    backend: str = ""
    model: str = ""
    host: str = ""
    local: bool = True
    message: str = ""
    fix: str | None = None
    command: Command | None = None
    uri: str | None = None


def as_json(status: Status) -> dict[str, object]:
    """The parameters of the notification, in the shape of the contract."""
    return {
        "state": status.state.value,
        "backend": status.backend,
        "model": status.model,
        "host": status.host,
        "local": status.local,
        "message": status.message,
        "fix": status.fix,
        "command": None if status.command is None else _command_as_json(status.command),
        "uri": status.uri,
    }


def _command_as_json(command: Command) -> dict[str, object]:
    plain: dict[str, object] = {"title": command.title, "command": command.command}
    return plain | ({"arguments": list(command.arguments)} if command.arguments else {})


@dataclass(frozen=True, slots=True)
class Fault:
    """What a kind of failure means: the state, the fix, and whether the model is given up.

    In `fix` and `command`, `{model}` and `{host}` stand for the names.  A model that is given up
    is looked for anew; one that is not may well answer the next request.
    """

    state: State
    fix: str | None
    gives_up: bool = True
    command: Command | None = None


_RESTART = Command("Restart the model", "fimls.restartModel")

_FAULTS: Mapping[type[ModelError], Fault] = {
    HostRefused: Fault(
        State.OFF, "set `allowRemote` to true in your own settings if your code may go there"
    ),
    Unreachable: Fault(State.OFFLINE, "start it with `ollama serve`, or set `host`"),
    ModelMissing: Fault(
        State.OFFLINE,
        "run `ollama pull {model}`",
        command=Command("Pull {model}", "fimls.pull", ("{model}",)),
    ),
    ModelRefused: Fault(
        State.ERROR, "see the settings `host`, `model`, `family` and `headers`", gives_up=False
    ),
    ModelBusy: Fault(State.ERROR, "it is asked again in a moment"),
    ModelFailed: Fault(State.ERROR, "restart it, or set a smaller `model`", command=_RESTART),
    StreamBroken: Fault(State.ERROR, "it is asked again with the next completion", gives_up=False),
}
"""From the kind of error to what it means; a kind that is not here is a `ModelFailed`."""

# Where the model is not Ollama's, its fixes would mislead.
_OTHER_FIXES: Mapping[tuple[str, type[ModelError]], Fault] = {
    ("openai", Unreachable): Fault(State.OFFLINE, "start the server at {host}, or set `host`"),
    ("openai", ModelMissing): Fault(
        State.OFFLINE, "set `model` to one of those that the server has: `fimls model list`"
    ),
    ("embedded", Unreachable): Fault(State.ERROR, "restart it", command=_RESTART),
    ("embedded", ModelMissing): Fault(
        State.OFFLINE,
        "run `fimls model get {model}`",
        command=Command("Get {model}", "fimls.pull", ("{model}",)),
    ),
    ("embedded", ModelFailed): Fault(
        State.ERROR, "restart it, or fetch it anew: `fimls model get`", command=_RESTART
    ),
}


def fault_of(error: ModelError, backend: str) -> Fault:
    """What an error of a model of that backend means."""
    for kind in type(error).__mro__:
        if (fault := _OTHER_FIXES.get((backend, kind)) or _FAULTS.get(kind)) is not None:
            return fault
    return _FAULTS[ModelFailed]


def status_of(error: ModelError, *, about: Status) -> Status:
    """The status after a failure; `about` tells which model of which host it was."""
    fault = fault_of(error, about.backend)
    names = {"model": about.model, "host": about.host}
    fix = None if fault.fix is None else fault.fix.format(**names)
    if isinstance(error, Unreachable) and about.backend == "ollama" and (hint := outside_hint()):
        fix = f"{fix}; {hint}"
    command = None if fault.command is None else _filled(fault.command, names)
    return replace(about, state=fault.state, message=str(error), fix=fix, command=command)


def _filled(command: Command, names: Mapping[str, str]) -> Command:
    arguments = tuple(argument.format(**names) for argument in command.arguments)
    return replace(command, title=command.title.format(**names), arguments=arguments)
