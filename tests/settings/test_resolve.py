"""From sources to settings: what wins, what is refused, what the user is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fimls.settings import (
    KEYS,
    CompletionSettings,
    ContextSettings,
    Effect,
    Headers,
    Origin,
    Settings,
    Source,
    effects,
    from_assignments,
    from_environment,
    from_initialization,
    from_workspace,
    resolve,
)


def check_problems(source: Source, *expected: str) -> None:
    """Exactly these problems, and nothing of the source is taken."""
    settings, problems = resolve([source])
    assert list(problems) == list(expected)
    assert settings == Settings()


def check_value(source: Source, expected: Settings) -> None:
    settings, problems = resolve([source])
    assert problems == ()
    assert settings == expected
    # Values are of the right type, where equality would not tell: 64 and 64.0, 1 and True.
    assert repr(settings) == repr(expected)


def test_nothing_said_means_the_defaults_of_the_contract() -> None:
    defaults = {name: key.of(resolve([]).settings) for name, key in KEYS.items()}
    assert defaults == {
        "enabled": True,
        "backend": "auto",
        "host": "http://127.0.0.1:11434",
        "headers": {},
        "allowRemote": False,
        "model": "auto",
        "chatModel": "auto",
        "embeddedModel": "smollm2-135m",
        "family": "auto",
        "contextLength": "auto",
        "keepAlive": "30m",
        "completion.maxTokens": 128,
        "completion.multiline": "auto",
        "completion.debounceMs": "auto",
        "completion.candidates": 1,
        "completion.timeoutMs": 15000,
        "completion.speculate": "auto",
        "completion.popup": False,
        "context.repoMap": True,
        "context.repoMapTokens": 512,
        "context.maxFiles": 50000,
        "context.exclude": (),
        "disabledLanguages": (),
        "enabledLanguages": (),
    }


def test_the_keys_that_decide_where_code_goes() -> None:
    marked = {name for name, key in KEYS.items() if key.machine}
    assert marked == {"backend", "host", "headers", "allowRemote", "embeddedModel"}


SIXTY_FOUR = Settings(completion=CompletionSettings(max_tokens=64))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # Nested and dotted names are the same.
        (from_workspace({"completion": {"maxTokens": 64}}), SIXTY_FOUR),
        (from_workspace({"completion.maxTokens": 64}), SIXTY_FOUR),
        # Some editors' JSON has only floating point.
        (from_workspace({"completion": {"maxTokens": 64.0}}), SIXTY_FOUR),
        # Editors send null for what is not set.
        (
            from_workspace({"model": None, "completion": None, "context": {"exclude": None}}),
            Settings(),
        ),
        # Texts of the environment and the command line stand for typed values.
        (from_environment({"FIMLS_COMPLETION_MAX_TOKENS": "64"}), SIXTY_FOUR),
        (from_assignments(["completion.maxTokens=64"]), SIXTY_FOUR),
        (from_assignments(["enabled=off"]), Settings(enabled=False)),
        (from_assignments(["allowRemote=TRUE"]), Settings(allow_remote=True)),
        # A text that looks like a number stays a text where a text is wanted.
        (from_assignments(["model=123"]), Settings(model="123")),
        # The value may have an equals sign.
        (
            from_assignments(["host=http://127.0.0.1:1/?a=b"]),
            Settings(host="http://127.0.0.1:1/?a=b"),
        ),
        (from_assignments(['disabledLanguages=["go"]']), Settings(disabled_languages=("go",))),
        (
            from_assignments(["disabledLanguages=go, rust"]),
            Settings(disabled_languages=("go", "rust")),
        ),
        (from_assignments(["context.exclude="]), Settings()),
        (from_assignments(['headers={"X-Key": "k"}']), Settings(headers=Headers({"X-Key": "k"}))),
        # Header names may have dots, and are not taken for groups.
        (from_initialization({"headers": {"X.Y": "k"}}), Settings(headers=Headers({"X.Y": "k"}))),
        # "auto or a number" takes both.
        (from_assignments(["contextLength=4096"]), Settings(context_length=4096)),
        (from_assignments(["contextLength=auto"]), Settings()),
        (
            from_assignments(["completion.debounceMs=0"]),
            Settings(completion=CompletionSettings(debounce_ms=0)),
        ),
        # Seconds or a Go duration; Ollama refuses texts without a unit, so numbers stay numbers.
        (from_assignments(["keepAlive=300"]), Settings(keep_alive=300)),
        (from_workspace({"keepAlive": "-1"}), Settings(keep_alive=-1)),
        (from_workspace({"keepAlive": 1.5}), Settings(keep_alive=1.5)),
        (from_workspace({"keepAlive": "1h30m"}), Settings(keep_alive="1h30m")),
        (
            from_workspace({"context": {"repoMap": False, "exclude": ["*.gen.py"]}}),
            Settings(context=ContextSettings(repo_map=False, exclude=("*.gen.py",))),
        ),
    ],
)
def test_values(source: Source, expected: Settings) -> None:
    check_value(source, expected)


UP_TO_4 = "a whole number from 1 to 4"
BACKENDS = 'one of "auto", "ollama", "openai", "embedded"'
DURATION = 'a number of seconds or a duration such as "30m"'
HEADERS = "an object of header names and texts"


@pytest.mark.parametrize(
    ("name", "given", "shown", "expected"),
    [
        # Out of bounds, on both sides.
        ("completion.candidates", 0, "0", UP_TO_4),
        ("completion.candidates", 5, "5", UP_TO_4),
        ("completion.maxTokens", 0, "0", "a whole number from 1 to 4096"),
        # No whole numbers.
        ("completion.candidates", 1.5, "1.5", UP_TO_4),
        ("completion.candidates", float("inf"), "Infinity", UP_TO_4),
        ("completion.candidates", float("nan"), "NaN", UP_TO_4),
        ("completion.candidates", True, "true", UP_TO_4),
        ("completion.candidates", "many", '"many"', UP_TO_4),
        ("contextLength", "big", '"big"', '"auto" or a whole number from 256 to 1048576'),
        # Numbers are no booleans.
        ("enabled", 1, "1", "true or false"),
        ("backend", "Olama", '"Olama"', BACKENDS),
        ("backend", ["ollama"], '["ollama"]', BACKENDS),
        ("host", " ", '" "', "a text that is not empty"),
        ("model", {"a": 1}, '{"a": 1}', "a text that is not empty"),
        ("context.exclude", [1], "[1]", "a list of texts"),
        ("context.exclude", "[1", '"[1"', "a list of texts"),
        ("keepAlive", "30 minutes", '"30 minutes"', DURATION),
        ("keepAlive", True, "true", DURATION),
        ("keepAlive", "inf", '"inf"', DURATION),
        # What was given for headers may be a key, and is never shown.
        ("headers", "Bearer k3y", "a masked value", HEADERS),
        ("headers", {"X": 1}, "a masked value", HEADERS),
        # A line end in a header would be a second header.
        ("headers", {"X": "a\nY: b"}, "a masked value", HEADERS),
        # Long values are cut.
        ("enabled", "x" * 99, '"' + "x" * 58 + "…", "true or false"),
    ],
)
def test_wrong_values(name: str, given: object, shown: str, expected: str) -> None:
    check_problems(
        Source(Origin.COMMAND_LINE, {name: given}),
        f"{name} in --set is {shown}, expected {expected}; it stays as it was.",
    )


@pytest.mark.parametrize(
    ("source", "near"),
    [
        # The nearest known name, whatever the spelling style and without its group.
        (from_workspace({"completion": {"maxToken": 1}}), "completion.maxTokens"),
        (from_workspace({"max_tokens": 1}), "completion.maxTokens"),
        (from_initialization({"keepalive": 1}), "keepAlive"),
        (from_initialization({"completions": {"popup": True}}), "completion"),
        # In the environment, the name of the variable.
        (from_environment({"FIMLS_MODLE": "x"}), "FIMLS_MODEL"),
    ],
)
def test_unknown_names_are_told_with_the_nearest(source: Source, near: str) -> None:
    settings, (problem,) = resolve([source])
    assert settings == Settings()
    assert f" in {source.origin} is no setting of fimls; did you mean {near}?" in problem


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        # Nothing near.
        (from_assignments(["zzzz=1"]), "zzzz in --set is no setting of fimls."),
        # A group is no setting.
        (
            from_initialization({"completion": 5}),
            "completion in initializationOptions should be an object of settings.",
        ),
        (from_initialization([1]), "initializationOptions should be an object of settings."),
    ],
)
def test_other_names(source: Source, problem: str) -> None:
    check_problems(source, problem)


def test_a_wrong_variable_is_called_by_its_name() -> None:
    check_problems(
        from_environment({"FIMLS_COMPLETION_CANDIDATES": "9"}),
        f'FIMLS_COMPLETION_CANDIDATES is "9", expected {UP_TO_4}; it stays as it was.',
    )


@pytest.mark.parametrize("name", [name for name, key in KEYS.items() if key.machine])
def test_the_workspace_does_not_decide_where_code_goes(name: str) -> None:
    given: dict[str, Any] = {
        "backend": "openai",
        "host": "http://evil.example",
        "headers": {"X": "k"},
        "allowRemote": True,
        "embeddedModel": "/tmp/evil.gguf",
    }
    settings, problems = resolve([from_workspace({name: given[name]})])
    assert settings == Settings()
    assert len(problems) == 1
    assert problems[0].startswith(f"{name} is not taken from the workspace's configuration")
    # It says where the setting belongs, and not what it was: headers hold keys.
    assert KEYS[name].environment in problems[0]
    assert "initializationOptions" in problems[0]
    assert "evil" not in problems[0]
    # From everywhere else it is taken.
    for origin in set(Origin) - {Origin.WORKSPACE}:
        elsewhere, problems = resolve([Source(origin, {name: given[name]})])
        assert problems == ()
        assert elsewhere != Settings()


def test_a_workspace_that_repeats_what_holds_is_not_told_off() -> None:
    # VS Code answers with the user's own settings merged into the workspace's.
    resolved = resolve(
        [from_initialization({"backend": "openai"}), from_workspace({"backend": "openai"})]
    )
    assert resolved == (Settings(backend="openai"), ())


def test_later_sources_win() -> None:
    everywhere = [
        Source(Origin.FILE, {"model": "a", "embeddedModel": "a", "chatModel": "a", "host": "a"}),
        from_environment({"FIMLS_MODEL": "b", "FIMLS_FAMILY": "b", "FIMLS_CHAT_MODEL": "b"}),
        from_initialization({"model": "c", "embeddedModel": "c"}),
        from_workspace({"model": "d"}),
    ]
    settings = resolve(everywhere).settings
    assert (settings.host, settings.chat_model, settings.embedded_model, settings.model) == tuple(
        "abcd"
    )
    assert resolve([*everywhere, from_assignments(["model=e"])]).settings.model == "e"


def test_a_wrong_value_leaves_what_earlier_sources_said() -> None:
    resolved = resolve([from_environment({"FIMLS_MODEL": "mine"}), from_workspace({"model": 5})])
    assert resolved.settings.model == "mine"
    assert len(resolved.problems) == 1


def test_problems_are_told_once_and_in_a_fixed_order() -> None:
    sources = [from_workspace({"zz": 1, "model": 5, "host": "x"}), from_workspace({"zz": 1})]
    problems = resolve(sources).problems
    assert [problem.split()[0] for problem in problems] == ["zz", "model", "host"]
    assert resolve(sources).problems == problems


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, set()),
        # Read anew with the next request, no more.
        # What is under way is for nobody then.
        ({"enabled": False}, {Effect.DROP_RUNS}),
        ({"disabled_languages": ("go",)}, set()),
        ({"completion": CompletionSettings(timeout_ms=500)}, set()),
        # What the model has said so far was said under another rule.
        ({"completion": CompletionSettings(max_tokens=64)}, {Effect.DROP_RUNS}),
        ({"model": "other"}, {Effect.DROP_RUNS, Effect.RESTART_MODEL}),
        ({"headers": Headers({"X": "k"})}, {Effect.DROP_RUNS, Effect.RESTART_MODEL}),
        ({"context": ContextSettings(exclude=("*.gen",))}, {Effect.DROP_RUNS, Effect.INDEX_ANEW}),
        (
            {"model": "other", "context": ContextSettings(max_files=5)},
            {Effect.DROP_RUNS, Effect.RESTART_MODEL, Effect.INDEX_ANEW},
        ),
    ],
)
def test_effects(change: dict[str, Any], expected: set[Effect]) -> None:
    old = Settings()
    assert effects(old, replace(old, **change)) == expected


def test_header_values_are_never_printed() -> None:
    source = from_initialization({"headers": {"Authorization": "k3y"}})
    settings = resolve([source]).settings
    assert settings.headers["Authorization"] == "k3y"
    assert "Authorization" in repr(settings)
    assert "k3y" not in f"{source!r} {settings!r} {settings.headers} {settings}"
    assert hash(settings) == hash(resolve([source]).settings)
