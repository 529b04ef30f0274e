"""Formats of fill-in-the-middle prompts, one row a family, and which model belongs to which.

Pure.  The formats and their pitfalls are in `ollama.md` §2 and §3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelRefused
from fimls.text.lines import to_lf
from fimls.text.tokens import CODE_LLAMA, Rate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fimls.text.cleared import Cleared


@dataclass(frozen=True, slots=True)
class Family:
    """How the models of a family are asked to fill in the middle.

    `psm` renders prefix and suffix with the prefix first, `spm` with the suffix first where the
    family knows that order; both bring line ends to LF and break up marker spellings in the user's
    text.  `stops` end an answer, the most important first, because some servers take only four.
    `markers` are the spellings that may occur in a prompt only where the format has them.
    """

    name: str
    psm: Callable[[Cleared, Cleared], str]
    spm: Callable[[Cleared, Cleared], str] | None
    stops: tuple[str, ...]
    markers: tuple[str, ...]
    rate: Rate


def family_of(model_name: str) -> Family | None:
    """The family that a model's name tells, or None where it tells none.

    Takes names as users have them: with a registry, a user, a tag, a quantisation, a file ending.
    """
    words = _words(model_name)
    for naming in _NAMINGS:
        if naming.fits(words):
            return FAMILIES[naming.family]
    return None


def family_for(setting: str, model_name: str) -> Family | None:
    """The family that the setting `family` names, or with `auto` the one that the name tells.

    Raises `ModelRefused` for a name that is not in the table.
    """
    if setting == "auto":
        return family_of(model_name)
    if setting not in FAMILIES:
        known = ", ".join(["auto", *FAMILIES])
        raise ModelRefused(f"`family` is {setting}, and only these are known: {known}")
    return FAMILIES[setting]


def _breaker(markers: tuple[str, ...]) -> Callable[[str], str]:
    """A function that puts a blank after the first character of each marker in a text.

    No tokenizer reads the marker then, and to the model it still looks like what it was.
    """
    spelling = re.compile("|".join(map(re.escape, sorted(markers, key=len, reverse=True))))

    def broken(text: str) -> str:
        return spelling.sub(lambda found: f"{found[0][0]} {found[0][1:]}", to_lf(text))

    return broken


# Code Llama.  Its markers are tokens whose first character is SentencePiece's blank (U+2581).

_CODE_LLAMA_MARKERS: Final = (
    "<PRE>",
    "<SUF>",
    "<MID>",
    "<EOT>",
    # The tokens of its vocabulary that llama.cpp reads out of any text.
    "<s>",
    "</s>",
    "<unk>",
    # Plain text to the tokenizer, but the borders of a turn to the instruct variants.
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<</SYS>>",
)

# With these at its start a suffix swallows the `>` of ` <SUF>`: `>)`, `>,` and the like are tokens
# of the vocabulary, and the marker falls apart (measured, `ollama.md` §2).
_MERGES_AFTER_MARKER: Final = frozenset("<>()[{,.:;=&/\\\"'`\r")

_WHOLE_SUF: Final = " <SUF>"

# Spelled with U+2581 it is a token of its own for Ollama from 0.6.6 on, whatever follows.
_ARMOURED_SUF: Final = "\u2581<SUF>"

_code_llama_text: Final = _breaker(_CODE_LLAMA_MARKERS)


def _code_llama_suffix(suffix: Cleared) -> str:
    text = _code_llama_text(suffix)
    marker = _ARMOURED_SUF if text[:1] in _MERGES_AFTER_MARKER else _WHOLE_SUF
    return marker + text


def _code_llama_psm(prefix: Cleared, suffix: Cleared) -> str:
    return f"<PRE> {_code_llama_text(prefix)}{_code_llama_suffix(suffix)} <MID>"


def _code_llama_spm(prefix: Cleared, suffix: Cleared) -> str:
    return f"<PRE>{_code_llama_suffix(suffix)} <MID> {_code_llama_text(prefix)}"


FAMILIES: Final[Mapping[str, Family]] = {
    family.name: family
    for family in (
        Family(
            name="codellama",
            psm=_code_llama_psm,
            spm=_code_llama_spm,
            # llama.cpp does not know the token and spells it out; without the blank before it, the
            # answer would end in one.  The others are spelled out by Ollama up to 0.24.
            stops=(" <EOT>", "<EOT>", " <PRE>", " <SUF>", " <MID>"),
            markers=_CODE_LLAMA_MARKERS,
            rate=CODE_LLAMA,
        ),
    )
}
"""The families by the name that the setting `family` has for them."""


# Names.


@dataclass(frozen=True, slots=True)
class _Naming:
    """Which names belong to a family: how they begin, which sizes were trained, what rules out.

    A name without a size belongs to it too.
    """

    family: str
    beginnings: tuple[tuple[str, ...], ...]
    sizes: frozenset[str]
    not_with: frozenset[str]

    def fits(self, words: tuple[str, ...]) -> bool:
        named_sizes = {word for word in words if _SIZE.fullmatch(word)}
        return (
            any(words[: len(beginning)] == beginning for beginning in self.beginnings)
            and named_sizes <= self.sizes
            and not self.not_with.intersection(words)
        )


_SIZE: Final = re.compile(r"\d+(?:\.\d+)?[bm]")

_NAMINGS: Final = (
    # "Pretrained infilling models are 7b, 13b, 7b-Instruct, 13b-Instruct" (its README): neither
    # the Python variants nor 34b and 70b.
    _Naming(
        family="codellama",
        beginnings=(("codellama",), ("code", "llama")),
        sizes=frozenset({"7b", "13b"}),
        not_with=frozenset({"python"}),
    ),
)


def _words(model_name: str) -> tuple[str, ...]:
    """The words of the last part of a name, in lower case: letters, digits, points in numbers."""
    last = model_name.lower().rstrip("/").rpartition("/")[2]
    return tuple(re.findall(r"\d+\.\d+[a-z]*|[a-z0-9]+", last))
