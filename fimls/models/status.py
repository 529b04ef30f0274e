"""The state of the model as the user sees it, and what each kind of failure makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fimls.models.conditions import condition_of
from fimls.models.hosts import outside_hint
from fimls.models.trouble import Command, Condition, Row, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.errors import ModelError

__all__ = ["SWITCHED_OFF", "Command", "State", "Status", "as_json", "fault_of", "status_of"]


@dataclass(frozen=True, slots=True)
class Status:
    """The notification `fimls/status` (contract §2).

    `message` says what is the case, `fix` what the user can do about it, `command` does that where
    a command can.  `host` is the base URL that text is sent to, `local` whether that is this
    machine.  `uri` is set where it is about one document.  `condition` is the row of
    `conditions.py` that it comes from, "" for none; clients are not given it.
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
    condition: str = ""


SWITCHED_OFF: Final = Status(
    State.OFF,
    message="completion is switched off",
    fix="run `fimls.toggle`, or set `enabled` to true",
    command=Command("Switch on", "fimls.toggle"),
)
"""The user wants no completions, by a setting or for this session."""


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


def fault_of(error: ModelError, backend: str) -> Row:
    """What an error of a model of that backend means: the row of the table."""
    return condition_of(error, backend)


def status_of(error: ModelError, *, about: Status) -> Status:
    """The status after a failure; `about` tells which model of which host it was."""
    row = condition_of(error, about.backend)
    names = {"model": about.model or "the model", "host": about.host or "the server"}
    return replace(
        about,
        state=row.state,
        message=str(error),
        fix=_fix(row, about.backend, names),
        command=None if row.command is None else _filled(row.command, names),
        condition=row.condition.value,
    )


def _fix(row: Row, backend: str, names: Mapping[str, str]) -> str:
    fix = row.fix.format_map(names)
    is_away = row.condition is Condition.UNREACHABLE and backend == "ollama"
    return f"{fix}; {hint}" if is_away and (hint := outside_hint()) else fix


def _command_as_json(command: Command) -> dict[str, object]:
    plain: dict[str, object] = {"title": command.title, "command": command.command}
    return plain | ({"arguments": list(command.arguments)} if command.arguments else {})


def _filled(command: Command, names: Mapping[str, str]) -> Command:
    arguments = tuple(argument.format_map(names) for argument in command.arguments)
    return replace(command, title=command.title.format_map(names), arguments=arguments)
