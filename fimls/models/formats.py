"""How prefix and suffix are set between the markers of a format, and other files before them.

Pure.  The pitfalls are in `ollama.md` §2 and §3.  No format adds a blank or a line end next to a
marker, as some templates that models carry do: the models were trained without, and would repeat
it in the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from fimls.text.lines import to_lf

if TYPE_CHECKING:
    from fimls.text.cleared import Cleared


@dataclass(frozen=True, slots=True)
class Preface:
    """Text about other files, as a family names them, ready for its format.

    `before` stands before the first marker, `inside` at the beginning of the prefix.
    """

    before: str = ""
    inside: str = ""


NOTHING: Final = Preface()


class Render(Protocol):
    """Makes a prompt of prefix and suffix: line ends are LF, markers in the text are broken up."""

    def __call__(self, prefix: Cleared, suffix: Cleared, preface: Preface = ..., /) -> str:
        """The prompt."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is nothing but text between its parts.

    `markers` are spellings that may occur only where the format has them.  `head` opens the
    prompt and `tail` closes it, where the format stands in a turn of a chat; `lead` stands right
    before the first marker.
    """

    prefix: str
    suffix: str
    middle: str
    markers: tuple[str, ...]
    head: str = ""
    lead: str = ""
    tail: str = ""

    @property
    def fim_markers(self) -> tuple[str, ...]:
        """The markers that the format is made of, as a vocabulary spells them."""
        return tuple(filter(None, (self.prefix, self.suffix, self.middle)))

    def psm(self, prefix: Cleared, suffix: Cleared, preface: Preface = NOTHING, /) -> str:
        """Prefix, suffix, middle."""
        before, after = self._parts(prefix, suffix, preface)
        return self._framed(f"{before}{after}{self.middle}", preface)

    def spm(self, prefix: Cleared, suffix: Cleared, preface: Preface = NOTHING, /) -> str:
        """Suffix, prefix, middle."""
        before, after = self._parts(prefix, suffix, preface)
        return self._framed(f"{after}{before}{self.middle}", preface)

    def nested(self, prefix: Cleared, suffix: Cleared, preface: Preface = NOTHING, /) -> str:
        """Suffix first as StarCoder was trained: its prefix marker stands alone before it.

        Variant 2 of "Efficient Training of Language Models to Fill in the Middle" (2207.14255,
        appendix D): the prefix follows the middle's marker, and the middle joins it.
        """
        after = self.suffix + broken(suffix, self.markers)
        before = preface.inside + broken(prefix, self.markers)
        return self._framed(f"{self.prefix}{after}{self.middle}{before}", preface)

    def _parts(self, prefix: Cleared, suffix: Cleared, preface: Preface) -> tuple[str, str]:
        before = self.prefix + preface.inside + broken(prefix, self.markers)
        return before, self.suffix + broken(suffix, self.markers)

    def _framed(self, text: str, preface: Preface) -> str:
        return f"{self.head}{preface.before}{self.lead}{text}{self.tail}"


def broken(text: str, markers: tuple[str, ...]) -> str:
    """The text with LF line ends, and a blank after the first character of each marker in it.

    No tokenizer reads the marker then, and to the model it still looks like what it was.
    """
    return _spelling(markers).sub(lambda found: f"{found[0][0]} {found[0][1:]}", to_lf(text))


@cache
def _spelling(markers: tuple[str, ...]) -> re.Pattern[str]:
    # Compiled when a family is first used, since a session uses one of them.
    return re.compile("|".join(map(re.escape, sorted(markers, key=len, reverse=True))))


# Code Llama.  Its markers are tokens whose first character is SentencePiece's blank (U+2581).

# With these at its start a suffix swallows the `>` of ` <SUF>`: `>)`, `>,` and the like are tokens
# of the vocabulary, and the marker falls apart (measured, `ollama.md` §2).
_MERGES_AFTER_MARKER: Final = frozenset("<>()[{,.:;=&/\\\"'`\r")

_WHOLE_SUF: Final = " <SUF>"

# Spelled with U+2581 it is a token of its own for Ollama from 0.6.6 on, whatever follows.
_ARMOURED_SUF: Final = "\u2581<SUF>"


@dataclass(frozen=True, slots=True)
class CodeLlamaFormat:
    """Code Llama's format, whose suffix marker is spelled after what follows it."""

    markers: tuple[str, ...]

    @property
    def fim_markers(self) -> tuple[str, ...]:
        """The markers that the format is made of, as a vocabulary spells them."""
        return ("\u2581<PRE>", "\u2581<SUF>", "\u2581<MID>")

    def psm(self, prefix: Cleared, suffix: Cleared, preface: Preface = NOTHING, /) -> str:
        """Prefix, suffix, middle."""
        before = preface.inside + broken(prefix, self.markers)
        return f"{preface.before}<PRE> {before}{self._suffix(suffix)} <MID>"

    def spm(self, prefix: Cleared, suffix: Cleared, preface: Preface = NOTHING, /) -> str:
        """Suffix, prefix, middle."""
        before = preface.inside + broken(prefix, self.markers)
        return f"{preface.before}<PRE>{self._suffix(suffix)} <MID> {before}"

    def _suffix(self, suffix: Cleared) -> str:
        text = broken(suffix, self.markers)
        marker = _ARMOURED_SUF if text[:1] in _MERGES_AFTER_MARKER else _WHOLE_SUF
        return marker + text


# Other files.


_UNNAMED: Final = "untitled"


class Place(Enum):
    """Where the text of other files stands."""

    BEFORE = auto()
    INSIDE = auto()


@dataclass(frozen=True, slots=True)
class FileNames:
    """How a family names the repository, other files, and the file with the hole.

    The templates may have `{name}` (of the repository), `{path}` and `{comment}` (what begins a
    comment in the language).  `end` follows each other file's last line.  `hole` is the head of
    the file with the hole, at the end of all that; `hole_inside` is what of it stands in the
    prefix, where the rest does not.
    """

    place: Place
    file: str
    end: str = "\n"
    repository: str = ""
    hole: str = ""
    hole_inside: str = ""


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A file that the model is shown besides the one with the hole: all of it, or some lines."""

    path: str
    text: Cleared


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What there is to say about the place of a hole: paths are relative to the repository.

    An empty `repository` is not mentioned; an empty `path` is a text without a name.
    """

    files: tuple[OtherFile, ...] = ()
    path: str = ""
    repository: str = ""
    comment: str = "#"


def preface(names: FileNames, around: Surroundings, markers: tuple[str, ...]) -> Preface:
    """The surroundings as a family is told of them; markers in paths and texts are broken up."""
    if around == Surroundings(comment=around.comment):
        return NOTHING
    given = {"name": around.repository, "comment": around.comment}

    def filled(template: str, path: str) -> str:
        texts = {**given, "path": path or _UNNAMED}
        return template.format(**{key: broken(text, markers) for key, text in texts.items()})

    files = [filled(names.file, each.path) + _text(each, names, markers) for each in around.files]
    repository = filled(names.repository, "") if around.repository else ""
    text = repository + "".join(files) + filled(names.hole, around.path)
    inside = filled(names.hole_inside, around.path)
    if names.place is Place.INSIDE:
        return Preface(inside=text + inside)
    return Preface(before=text, inside=inside)


def _text(file: OtherFile, names: FileNames, markers: tuple[str, ...]) -> str:
    return broken(file.text, markers).removesuffix("\n") + names.end
