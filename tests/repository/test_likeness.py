"""Code like the code at the cursor is found by the names that both use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from fimls.repository.facts import Chunk
from fimls.repository.identifiers import counted
from fimls.repository.likeness import best
from tests.repository.folders import indexed, seen
from tests.repository.test_ignore import made

if TYPE_CHECKING:
    from pathlib import Path


async def test_similar(tmp_path: Path) -> None:
    plain = "def noise_{0}():\n    return common({0})\n"
    files = {f"noise_{number}.py": plain.format(number) for number in range(60)}
    files["best.py"] = "import os\n\n\ndef near(rare, seldom):\n    return common(rare, seldom)\n"
    files["second.py"] = "def far(rare):\n    return common(rare)\n"
    root = made(tmp_path / "project", files)
    async with indexed(root, tmp_path / "cache") as index:
        view = seen(index)
        asked = {"rare": 1.0, "seldom": 1.0, "common": 1.0, "unheard": 1.0}
        found = view.similar(asked, 2)
        assert [piece.path for piece in found] == ["best.py", "second.py"]
        assert found[0].text == files["best.py"].rstrip()
        # `import`, `os`, `def`, `near`, `return`, `common`, and two names twice each.
        assert found[0].length == 10
        # What is in most files finds nothing; the same question has the same answer.
        assert view.similar({"common": 1.0}, 5) == ()
        assert view.similar(asked, 2) == found
        # Weights count.
        weighed = view.similar({"seldom": 0.1, "far": 0.1, "rare": 1.0}, 5)
        assert {piece.path for piece in weighed} == {"best.py", "second.py"}


async def test_a_common_name_is_looked_up_in_some_files(tmp_path: Path) -> None:
    files = {f"m{number:03}.py": "def main(): pass\nmain()\n" for number in range(80)}
    root = made(tmp_path / "project", files)
    async with indexed(root, tmp_path / "cache") as index:
        view = seen(index)
        assert [each.path for each in view.defining("main")] == sorted(files)[:64]
        assert view.defining_count("main") == 80
        users = view.referring("main")
        assert (len(users), list(users), "m000.py" in users) == (80, sorted(files), True)


WORDS = st.lists(st.sampled_from(["aa", "ab", "aab", "baa", "b_", "cc"]), max_size=12)


@given(st.lists(WORDS, max_size=12), st.integers(1, 4))
def test_no_better_piece_is_passed_over(texts: list[list[str]], limit: int) -> None:
    """The letters of a name may stand in other names; only whole ones count."""
    pieces = [
        Chunk(f"{number}.py", 0, " ".join(words), len(words)) for number, words in enumerate(texts)
    ]
    asked, counts = {"aa": 1.0, "ab": 0.5, "b_": 0.25}, {"aa": 3, "ab": 2, "b_": 1}
    found = best(asked, counts, 100, pieces, limit)
    every = best(asked, counts, 100, pieces, len(pieces))
    assert found == every[:limit]
    sharing = {piece.path for piece in pieces if counted(piece.text).keys() & asked.keys()}
    assert {piece.path for piece in every} == sharing
