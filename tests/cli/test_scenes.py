from __future__ import annotations

import pytest

from fimls.cli.scenes import SAMPLE, scene_of, scenes
from fimls.syntax.tree import parse
from fimls.text.languages import language_of


def test_every_scene_is_in_the_sample() -> None:
    for scene in scenes():
        assert scene.text == (SAMPLE / scene.path).read_text(encoding="utf-8")
        assert 0 < scene.start < scene.end
        assert scene.pauses
        assert list(scene.pauses) == sorted(set(scene.pauses))
        assert all(scene.start <= pause < scene.end for pause in scene.pauses)


def test_nothing_follows_a_pause_on_its_line() -> None:
    # The demo's editor counts on it: nothing is ever to be replaced.
    assert all(scene.text[scene.end] == "\n" for scene in scenes())


def test_there_is_enough_to_see() -> None:
    files = [scene.path for scene in scenes()]
    assert len(files) >= 8
    assert {language_of("", file).id for file in files} == {"python", "typescript"}
    # A document is opened once, so its scenes come one after the other.
    assert files == sorted(files, key=files.index)


@pytest.mark.parametrize("file", sorted(path.name for path in SAMPLE.iterdir()))
def test_the_sample_is_code(file: str) -> None:
    tree = parse((SAMPLE / file).read_text(encoding="utf-8"), language_of("", file).grammar)
    assert tree is not None
    assert not tree.root.has_error


@pytest.mark.parametrize(
    ("drawn", "start", "end", "pauses"),
    [
        # At the begin of what is missing, and inside of it.
        ("a = ├█b + █c┤", 4, 9, (4, 8)),
        # Over a line end.
        ("├a = █b + c\nx█ = y┤", 0, 15, (4, 11)),
        # A stop is not needed.
        ("├a┤ =", 0, 1, ()),
    ],
)
def test_scene(drawn: str, start: int, end: int, pauses: tuple[int, ...]) -> None:
    scene = scene_of("f.py", "a = b + c\nx = y\n", drawn)
    assert (scene.start, scene.end, scene.pauses) == (start, end, pauses)
    assert scene.without == scene.text[:start] + scene.text[end:]


@pytest.mark.parametrize(
    "drawn",
    [
        # Not there.
        "a = ├█d┤",
        # There twice.
        "├ = ┤",
    ],
)
def test_a_scene_is_there_once(drawn: str) -> None:
    with pytest.raises(ValueError, match=r"a part of f\.py that is there once"):
        scene_of("f.py", "a = b + c\nx = y\n", drawn)
