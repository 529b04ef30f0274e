"""The status as clients get it, and what each kind of failure makes of it."""

from __future__ import annotations

import pytest

from fimls import errors
from fimls.errors import (
    HostRefused,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelMissing,
    Unreachable,
)
from fimls.models.status import Command, State, Status, as_json, fault_of, status_of

ABOUT = Status(State.READY, "ollama", "codellama:7b-code", "http://127.0.0.1:11434")


def test_as_json() -> None:
    status = Status(
        State.OFFLINE,
        "ollama",
        "codellama:7b-code",
        "http://127.0.0.1:11434",
        message="it is not installed",
        fix="run `ollama pull codellama:7b-code`",
        command=Command("Pull it", "fimls.pull", ("codellama:7b-code",)),
    )
    assert as_json(status) == {
        "state": "offline",
        "backend": "ollama",
        "model": "codellama:7b-code",
        "host": "http://127.0.0.1:11434",
        "local": True,
        "message": "it is not installed",
        "fix": "run `ollama pull codellama:7b-code`",
        "command": {
            "title": "Pull it",
            "command": "fimls.pull",
            "arguments": ["codellama:7b-code"],
        },
        "uri": None,
    }


def test_as_json_without_command() -> None:
    assert as_json(ABOUT)["command"] is None
    restart = Status(State.ERROR, command=Command("Restart", "fimls.restartModel"))
    assert as_json(restart)["command"] == {"title": "Restart", "command": "fimls.restartModel"}


@pytest.mark.parametrize(
    ("error", "backend", "state", "fix", "command"),
    [
        (HostRefused("no"), "ollama", State.OFF, "allowRemote", None),
        (Unreachable("no"), "ollama", State.OFFLINE, "ollama serve", None),
        # Its fix would mislead where the server is another one.
        (Unreachable("no"), "openai", State.OFFLINE, "start the server at http://127", None),
        (Unreachable("no"), "embedded", State.ERROR, "restart", "fimls.restartModel"),
        (ModelMissing("no"), "ollama", State.OFFLINE, "ollama pull code", "fimls.pull"),
        (ModelMissing("no"), "openai", State.OFFLINE, "fimls model list", None),
        (ModelMissing("no"), "embedded", State.OFFLINE, "fimls model get", "fimls.pull"),
        (ModelFailed("no"), "ollama", State.ERROR, "smaller", "fimls.restartModel"),
        (ModelFailed("no"), "embedded", State.ERROR, "fimls model get", "fimls.restartModel"),
        (ModelBusy("no"), "ollama", State.ERROR, "again", None),
        # A kind without a row of its own is as bad as any failure.
        (ModelError("no"), "ollama", State.ERROR, "restart", "fimls.restartModel"),
    ],
)
def test_status_of(
    error: ModelError, backend: str, state: State, fix: str, command: str | None
) -> None:
    about = Status(State.READY, backend, ABOUT.model, ABOUT.host)
    status = status_of(error, about=about)
    assert (status.state, status.message, status.backend) == (state, "no", backend)
    assert fix in (status.fix or "")
    assert (status.command.command if status.command else None) == command
    assert "{" not in f"{status.fix}{status.command}"


def test_each_kind_of_failure_has_a_row() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    for kind in kinds:
        if issubclass(kind, ModelError) and kind is not ModelError:
            assert fault_of(kind("no"), "ollama").fix is not None
