"""Where settings come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from fimls.errors import SettingError
from fimls.settings import (
    Origin,
    Settings,
    Source,
    cache_dir,
    config_file,
    data_dir,
    from_assignments,
    from_environment,
    from_file,
    from_initialization,
    from_workspace,
    resolve,
    user_sources,
)


def check_file(folder: Path, content: bytes, expected: Settings) -> None:
    path = folder / "config.toml"
    path.write_bytes(content)
    assert resolve([from_file(path)]) == (expected, ())


@pytest.mark.parametrize(
    "content",
    [
        b'model = "m"\n',
        # Windows' editors put a mark before the text.
        b'\xef\xbb\xbfmodel = "m"\r\n',
        b'model = "m"\n[completion]\n',
    ],
)
def test_the_users_file(tmp_path: Path, content: bytes) -> None:
    check_file(tmp_path, content, Settings(model="m"))


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert from_file(tmp_path / "config.toml") == Source(Origin.FILE)


@pytest.mark.parametrize(
    "content",
    [
        # No TOML, no UTF-8.
        b"model = ",
        b'model = "\xff"',
        # Deeper than Python's own reader goes.
        b"model = " + b"[" * 10_000,
    ],
)
def test_a_broken_file_is_a_problem_and_no_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    settings, problems = resolve([from_file(path)])
    assert settings == Settings()
    assert len(problems) == 1
    assert problems[0].startswith(f"{path} cannot be read: ")


def test_a_folder_in_its_place_is_a_problem_too(tmp_path: Path) -> None:
    assert len(from_file(tmp_path).problems) == 1


@pytest.mark.parametrize(
    ("environ", "data"),
    [
        ({"PATH": "/bin", "FIMLS_MODEL": "m"}, {"model": "m"}),
        ({"FIMLS_COMPLETION_MAX_TOKENS": "5"}, {"completion.maxTokens": "5"}),
        ({"FIMLS_ALLOW_REMOTE": "1"}, {"allowRemote": "1"}),
        # Ollama's own variable counts, below ours.
        ({"OLLAMA_HOST": "0.0.0.0"}, {"host": "0.0.0.0"}),
        ({"OLLAMA_HOST": "a", "FIMLS_HOST": "b"}, {"host": "b"}),
        # Empty is how a shell unsets a variable for one command.
        ({"OLLAMA_HOST": "", "FIMLS_MODEL": ""}, {}),
        # Folders are no settings.
        ({"FIMLS_CONFIG_DIR": "/c", "FIMLS_DATA_DIR": "/d", "FIMLS_CACHE_DIR": "/e"}, {}),
        # Nor is what `processes.py` tells its children.
        ({"FIMLS_PARENT_PID": "7"}, {}),
    ],
)
def test_the_environment(environ: dict[str, str], data: dict[str, str]) -> None:
    assert from_environment(environ) == Source(Origin.ENVIRONMENT, data)


@pytest.mark.parametrize(
    ("options", "data"),
    [
        (None, {}),
        ({"model": "m"}, {"model": "m"}),
        # Clients with one object for several servers.
        ({"fimls": {"model": "m"}, "other": {"a": 1}}, {"model": "m"}),
        ({}, {}),
        # Nothing under the key, as a language with one kind of table has it.
        ({"fimls": []}, {}),
        ({"fimls": None, "model": "m"}, {"model": "m"}),
    ],
)
def test_initialization_options(options: object, data: dict[str, object]) -> None:
    assert from_initialization(options) == Source(Origin.INITIALIZATION, data)
    assert from_workspace(options) == Source(Origin.WORKSPACE, data)


def test_the_last_assignment_counts() -> None:
    source = from_assignments(["model=a", " model = b"])
    assert resolve([source]).settings.model == "b"


@pytest.mark.parametrize("assignment", ["model", "=x", "", "headers: k3y"])
def test_what_is_no_assignment_is_refused_without_repeating_it(assignment: str) -> None:
    with pytest.raises(SettingError, match=r"--set takes key=value") as caught:
        from_assignments([assignment])
    assert "k3y" not in str(caught.value)


def test_folders_can_be_moved(tmp_path: Path) -> None:
    moved = {f"FIMLS_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "CACHE")}
    assert config_file(moved) == tmp_path / "CONFIG" / "config.toml"
    assert data_dir(moved) == tmp_path / "DATA"
    assert cache_dir(moved) == tmp_path / "CACHE"


def test_folders_are_the_platforms_otherwise() -> None:
    assert config_file({}).name == "config.toml"
    assert "fimls" in config_file({}).parts
    assert data_dir({}).is_absolute()
    assert len({config_file({}).parent, data_dir({}), cache_dir({})}) > 1


@pytest.mark.parametrize(
    ("given", "folder"),
    [
        # A user whom nobody knows is no reason to fail.
        ({"FIMLS_CACHE_DIR": "~nobody-at-all/x"}, Path("~nobody-at-all/x")),
        ({"FIMLS_CACHE_DIR": "~/x"}, Path.home() / "x"),
    ],
)
def test_homes(given: dict[str, str], folder: Path) -> None:
    assert cache_dir(given) == folder


def test_without_a_home_no_repository_holds_the_users_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What `expanduser` gives where there is neither HOME nor a user of that number.
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: Path("~/.config/fimls"))
    assert config_file({}).is_absolute()


def test_user_sources_are_the_file_below_the_environment(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('model = "a"\nchatModel = "a"\n', encoding="utf-8")
    environ = {"FIMLS_CONFIG_DIR": str(tmp_path), "FIMLS_MODEL": "b"}
    settings = resolve(user_sources(environ)).settings
    assert (settings.model, settings.chat_model) == ("b", "a")
