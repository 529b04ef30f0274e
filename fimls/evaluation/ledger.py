"""A ledger: what a long run has found so far, a line a task, so that it can be taken up again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from fimls.errors import InputError
from fimls.evaluation.infill import Filled, Way

if TYPE_CHECKING:
    from pathlib import Path


class Ledger:
    """What is known of each task, in memory and in a file of JSON lines where there is one.

    The last line about a task counts.  Raises `InputError` for a file that is none.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: dict[tuple[Way, str], Filled] = {}
        if path is not None and path.exists():
            for filled in _read(path):
                self._known[filled.way, filled.task] = filled

    def find(self, way: Way, task: str) -> Filled | None:
        """What came of a task that was asked for in this way before."""
        return self._known.get((way, task))

    def add(self, filled: Filled) -> None:
        """Notes what came of a task, in the file at once.

        Raises `InputError` where the file is about another model, or cannot be written.
        """
        others = {each.model for each in self._known.values() if each.model}
        if filled.model and others - {filled.model}:
            (other,) = sorted(others)[:1]
            raise InputError(f"{self._path} is about {other}, and this is {filled.model}")
        self._known[filled.way, filled.task] = filled
        if self._path is None:
            return
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(filled)) + "\n")
        except OSError as error:
            raise InputError(f"{self._path} cannot be written: {error}") from None


def _read(path: Path) -> list[Filled]:
    """The lines of a file; one without its end was being written when the run was ended."""
    try:
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            path.write_bytes(whole)
        rows = [json.loads(line) for line in whole.decode().splitlines()]
        return [Filled(**{**row, "way": Way(row["way"])}) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no list of answers: {error}") from None
