"""A view of some texts in memory, and the same view with one line of one file hidden."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fimls.repository.facts import Chunk, FileFacts, RepoView
from fimls.repository.fitness import fit_text
from fimls.repository.identifiers import identifiers_in
from fimls.repository.likeness import best, candidates
from fimls.repository.pieces import cut, pieces_of
from fimls.repository.tags import is_read, read
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from fimls.repository.facts import Definition

# Folders of a package that are not its sources.
_LEFT_OUT = {".git", "node_modules", "__pycache__", ".venv", "testdata", "dist"}


class MemoryView:
    """A `RepoView` of texts by their paths; nothing is read from disk."""

    version = 1

    def __init__(self, folder: str, texts: Mapping[str, str]) -> None:
        self.folder = folder
        self.texts = texts
        self._facts: dict[str, FileFacts] = {}
        self._statements: dict[str, tuple[int, ...]] = {}
        for path in sorted(texts):
            reading = read(texts[path], path, language_of("", path))
            self._facts[path] = reading.facts
            self._statements[path] = reading.statements
        self._defining: dict[str, list[Definition]] = {}
        self._using: dict[str, list[str]] = {}
        for facts in self._facts.values():
            for definition in facts.definitions:
                self._defining.setdefault(definition.name, []).append(definition)
            for name in facts.references:
                self._using.setdefault(name, []).append(facts.path)

    def files(self) -> Collection[str]:
        """The paths, sorted."""
        return tuple(self._facts)

    def facts(self, path: str) -> FileFacts | None:
        """What is known of a file."""
        return self._facts.get(path)

    def defining(self, name: str) -> tuple[Definition, ...]:
        """The definitions of a name, sorted by path and line."""
        return tuple(self._defining.get(name, ()))

    def defining_count(self, name: str) -> int:
        """How many files define a name."""
        return len({each.path for each in self._defining.get(name, ())})

    def referring(self, name: str) -> Collection[str]:
        """The paths of the files that use a name, sorted."""
        return self._using.get(name, ())

    def chunks(self, path: str) -> tuple[Chunk, ...]:
        """The pieces that a file was cut into."""
        text = self.texts.get(path, "")
        starts = cut(text.count("\n") + 1, self._statements.get(path, ()))
        pieces = zip(starts, pieces_of(text, starts), strict=True)
        return tuple(
            Chunk(path, start, piece, len(identifiers_in(piece)))
            for start, piece in pieces
            if piece
        )

    def similar(self, identifiers: Mapping[str, float], limit: int) -> tuple[Chunk, ...]:
        """The pieces that share most with weighted identifiers, as the index finds them."""
        using = {name: self.referring(name) for name in identifiers}
        counts = {name: len(paths) for name, paths in using.items()}
        near = candidates(identifiers, using, len(self._facts))
        pieces = [piece for path in near for piece in self.chunks(path)]
        return best(identifiers, counts, len(self._facts), pieces, limit)


class Masked:
    """A view in which one file has other facts: those of its text without a line."""

    def __init__(self, view: RepoView, facts: FileFacts) -> None:
        self._view = view
        self._own = facts
        self._known: dict[str, tuple[Definition, ...]] = {}

    folder = property(lambda self: str(self._view.folder))
    version = property(lambda self: int(self._view.version))

    def files(self) -> Collection[str]:
        """The paths, sorted."""
        return self._view.files()

    def facts(self, path: str) -> FileFacts | None:
        """What is known of a file, without the line."""
        return self._own if path == self._own.path else self._view.facts(path)

    def defining(self, name: str) -> tuple[Definition, ...]:
        """The definitions of a name without those of the line."""
        if name not in self._known:
            others = [each for each in self._view.defining(name) if each.path != self._own.path]
            found = [*others, *self._by_name.get(name, ())]
            self._known[name] = tuple(sorted(found, key=lambda each: (each.path, each.line)))
        return self._known[name]

    def defining_count(self, name: str) -> int:
        """How many files define a name without the line."""
        return len({each.path for each in self.defining(name)})

    def referring(self, name: str) -> Collection[str]:
        """The files that use a name, the own one only where it does without the line."""
        others = [path for path in self._view.referring(name) if path != self._own.path]
        return sorted([*others, *([self._own.path] if name in self._own.references else [])])

    def chunks(self, path: str) -> tuple[Chunk, ...]:
        """The pieces of another file; those of the own one have the line."""
        return () if path == self._own.path else self._view.chunks(path)

    def similar(self, identifiers: Mapping[str, float], limit: int) -> tuple[Chunk, ...]:
        """The pieces of other files that share most with weighted identifiers."""
        found = self._view.similar(identifiers, limit * 2)
        return tuple(each for each in found if each.path != self._own.path)[:limit]

    @cached_property
    def _by_name(self) -> dict[str, list[Definition]]:
        found: dict[str, list[Definition]] = {}
        for each in self._own.definitions:
            found.setdefault(each.name, []).append(each)
        return found


def view_of(
    folder: Path, most_files: int, progress: Callable[[int], None] = lambda _done: None
) -> MemoryView:
    """The view of a folder's sources, the first by path; those that no index takes are left out."""
    texts: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if _LEFT_OUT & set(relative.parts) or not is_read(language_of("", path.name)):
            continue
        if len(texts) >= most_files or not path.is_file() or path.is_symlink():
            continue
        text = fit_text(path.read_bytes())
        if text is not None:
            texts[f"{folder.name}/{relative.as_posix()}"] = text
            progress(len(texts))
    return MemoryView(str(folder), texts)
