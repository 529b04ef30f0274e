"""Reads what a GGUF file says of the model in it, as far as that tells its family.

The format is the one of ggml's `docs/gguf.md`: a head, then keys with values, then the weights.
The format's own library needs four others, one of them numpy; here only the first few keys count.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of its model, as in `detection.Evidence`; "" where it does not tell."""

    basename: str = ""
    title: str = ""
    architecture: str = ""


def header_of(file: Path) -> Header:
    """What is said before the vocabulary begins, which takes under a millisecond to read.

    What is broken off or wrong ends the reading, and what came before it counts: the server that
    is to load the file says what is wrong with it.
    """
    said: dict[str, str] = {}
    with suppress(OSError, EOFError, ValueError), file.open("rb") as stream:
        # What was read before an error is kept.
        said.update(_texts(_Reader(stream)))
    return header_from(said)


def header_from(said: Mapping[str, str]) -> Header:
    """The same from a file's values by their keys, as Ollama passes them on."""
    # Size and variant tell as much as the name before them.
    parts = [said.get(f"general.{part}", "") for part in _NAME_PARTS]
    return Header(
        basename="-".join(part for part in parts if part) if parts[0] else "",
        title=said.get("general.name", ""),
        architecture=said.get("general.architecture", ""),
    )


# In the order of a file's name (the format's naming convention).
_NAME_PARTS: Final = ("basename", "size_label", "finetune")


_MAGIC: Final = b"GGUF"

# Version 1 has other lengths, and has not been written since 2023.  In a file with its bytes the
# other way round the number is far larger.
_VERSIONS: Final = frozenset({2, 3})

# What is said of the model as a whole stands first.
_LAST: Final = "tokenizer."

_STRING: Final = 8
_ARRAY: Final = 9

# How many bytes a value of each kind takes; strings and arrays tell that themselves.
_SIZES: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

# Bounds on what a broken file can make us do: real ones have under 100 keys, and before the
# vocabulary nothing that is longer than a licence.
_MOST_KEYS: Final = 1000
_MOST_ITEMS: Final = 10_000
_LONGEST_BYTES: Final = 1_000_000


class _Reader:
    """Numbers and strings of a stream; raises `EOFError` where it ends too early."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def bytes(self, size: int) -> bytes:
        """So many bytes, and no fewer."""
        content = self._stream.read(size)
        if len(content) < size:
            raise EOFError
        return content

    def number(self, size: int) -> int:
        """A whole number without a sign."""
        return int.from_bytes(self.bytes(size), "little")

    def text(self) -> str:
        """A string after its length."""
        return self.bytes(_bounded(self.number(8), _LONGEST_BYTES)).decode("utf-8", "replace")


def _texts(reader: _Reader) -> Iterator[tuple[str, str]]:
    """The keys whose values are texts."""
    if reader.bytes(4) != _MAGIC or reader.number(4) not in _VERSIONS:
        return
    # How many tensors there are.
    reader.number(8)
    for _ in range(_bounded(reader.number(8), _MOST_KEYS)):
        key, kind = reader.text(), reader.number(4)
        if key.startswith(_LAST):
            return
        if kind == _STRING:
            yield key, reader.text()
        else:
            _pass_over(reader, kind)


def _pass_over(reader: _Reader, kind: int) -> None:
    if kind != _ARRAY:
        reader.bytes(_size(kind))
        return
    kind, count = reader.number(4), _bounded(reader.number(8), _MOST_ITEMS)
    if kind != _STRING:
        reader.bytes(_size(kind) * count)
        return
    for _ in range(count):
        reader.text()


def _size(kind: int) -> int:
    if kind not in _SIZES:
        raise ValueError(f"there is no kind {kind} of value")
    return _SIZES[kind]


def _bounded(number: int, most: int) -> int:
    if number > most:
        raise ValueError(f"{number} is more than any file has")
    return number
