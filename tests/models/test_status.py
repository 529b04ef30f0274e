"""The status as clients get it, and what each kind of failure makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fimls.errors import (
    HostRefused,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelMissing,
    Unreachable,
)
from fimls.models.conditions import Condition
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


@pytest.mark.parametrize(
    ("condition", "backend", "state", "fix", "command", "gives_up"),
    [
        # What a row says, whatever the class of the error.
        (Condition.CLOUD_SIGN_IN, "ollama", State.ERROR, "ollama signin", None, True),
        (Condition.HOST_NAME_REJECTED, "ollama", State.ERROR, "OLLAMA_HOST=0.0.0.0", None, True),
        (Condition.OUT_OF_MEMORY, "ollama", State.ERROR, "smaller", "fimls.restartModel", True),
        (Condition.NO_MODEL, "ollama", State.OFFLINE, "pull codellama:7b-code", "fimls.pull", True),
        (Condition.STREAM_ERROR, "ollama", State.ERROR, "next completion", None, False),
        (Condition.WRONG_KEY, "openai", State.ERROR, "`headers`", None, True),
        (Condition.SILENT, "ollama", State.ERROR, "at http://127", "fimls.restartModel", False),
    ],
)
def test_a_condition_counts(
    condition: Condition,
    backend: str,
    state: State,
    fix: str,
    command: str | None,
    *,
    gives_up: bool,
) -> None:
    error = ModelFailed("no", condition=condition)
    status = status_of(error, about=replace(ABOUT, backend=backend))
    assert (status.state, status.condition) == (state, condition.value)
    assert fix in (status.fix or "")
    assert (status.command.command if status.command else None) == command
    assert fault_of(error, backend).gives_up is gives_up
    assert "condition" not in as_json(status)


def test_a_status_about_nothing_in_particular() -> None:
    status = status_of(ModelMissing("no"), about=Status(State.ERROR, "ollama"))
    assert status.fix == "run `ollama pull the model`"


@pytest.mark.parametrize(
    ("backend", "hinted"),
    [
        # From a container or from WSL, `localhost` is another machine than the user thinks.
        ("ollama", True),
        ("openai", False),
        ("embedded", False),
    ],
)
def test_what_is_outside(backend: str, *, hinted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.models.status.outside_hint", lambda: "it is outside")
    status = status_of(Unreachable("no"), about=replace(ABOUT, backend=backend))
    assert (status.fix or "").endswith("; it is outside") is hinted
