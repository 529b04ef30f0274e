"""Whatever happens to a folder, its index says in the end what a new one says."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from fimls.repository.store import store_file
from fimls.text.languages import LANGUAGES
from tests.repository.folders import indexed, names, seen
from tests.repository.test_ignore import made

if TYPE_CHECKING:
    from fimls.repository.folder import FolderIndex

_STEPS = 12
_NAMES = ("a.py", "b.ts", "x/c.py", "x/y/d.go", "z/e.rb", "x/f.sql", "z/g.cpp", "h.rs")

_TEXTS = (
    b"def one(two):\n    return three(two)\n",
    b"export class One extends Two { three() { return four(); } }\n",
    b"package a\nfunc One() { Two() }\n",
    # Broken, binary, of another encoding, with half a character, without an end.
    b"def half(a, (((\n",
    b"\0\1\2\3",
    "größe = 'ä'\n".encode("latin-1"),
    b"name = '\xed\xa0\x80'\n",
    b"\xff\xfed\0e\0f\0 \0f\0(\0)\0:\0",
    b"class A" * 5_000,
    b"(" * 20_000,
    b"",
)


class _Trouble:
    """Does something to a folder, by chance; returns the paths that a watcher would tell."""

    def __init__(self, root: Path, random: Random) -> None:
        self.root = root
        self.random = random

    def step(self) -> set[str]:
        deed = self.random.choice(
            [self.write, self.write, self.remove, self.move, self.link, self.ignore, self.close]
        )
        return deed(self.random.choice(_NAMES))

    def write(self, name: str) -> set[str]:
        path = self.root / name
        self._clear(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.random.choice(_TEXTS))
        return {name}

    def remove(self, name: str) -> set[str]:
        above = name.partition("/")[0]
        self._clear(self.root / above)
        return {above}

    def move(self, name: str) -> set[str]:
        above = name.partition("/")[0]
        if not (self.root / above).exists():
            return {above}
        fresh = f"moved_{self.random.randrange(3)}_{above}"
        self._clear(self.root / fresh)
        (self.root / above).rename(self.root / fresh)
        return {above, fresh}

    def link(self, name: str) -> set[str]:
        path = self.root / name
        self._clear(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        goal = self.random.choice([self.root, self.root.parent / "outside.py", path, Path("/")])
        path.symlink_to(goal)
        return {name}

    def ignore(self, name: str) -> set[str]:
        file = self.root / self.random.choice([".gitignore", ".fimlsignore"])
        file.write_text(f"{name}\n" if self.random.random() < 0.7 else "")
        return {file.name}

    def close(self, name: str) -> set[str]:
        path = self.root / name
        if path.is_file():
            path.chmod(self.random.choice([0, 0o600]))
        return {name}

    def _clear(self, path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def harm(index: FolderIndex, cache: Path, random: Random) -> None:
    """Now and then a worker is killed, or the store is cut off."""
    chance = random.random()
    if chance < 0.15:
        for child in index._workers._idle:
            os.kill(child.pid, signal.SIGKILL)
    elif chance < 0.3:
        file = store_file(cache, index.root)
        os.truncate(file, random.randrange(file.stat().st_size))


@pytest.mark.parametrize("seed", range(4))
async def test_any_trouble(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    made(tmp_path, {"outside.py": "def outside(): pass\n"})
    root = made(tmp_path / "project", dict.fromkeys(_NAMES, "one = two\n"))
    trouble = _Trouble(root, random)
    async with indexed(root, tmp_path / "cache") as index:
        for _ in range(_STEPS):
            told = trouble.step()
            harm(index, tmp_path / "cache", random)
            if random.random() < 0.3:
                name = random.choice(_NAMES)
                await index.typed(name, LANGUAGES["python"], "def typed(): pass\n")
                await index.closed(name)
            await index.told(told if random.random() < 0.7 else {""})
            assert seen(index).defining("outside") == ()
            names(seen(index))
        # Where the store has been damaged, it shows by now at the latest.
        await index.told({""})
        names(seen(index))
        await index.told({""})
        found = names(seen(index))
    async with indexed(root, tmp_path / "other") as fresh:
        assert found == names(seen(fresh))
