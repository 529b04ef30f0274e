"""Finds out in which format a model fills in the middle, from what is known without asking it.

Pure.  The cheapest evidence first (`ollama.md` §5.3): the user's setting, the name, what the file
says of itself, its template, its vocabulary.  A vocabulary alone proves nothing, since models have
markers that they were never trained on; it only says what is worth trying live (`probing.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fimls.models.families import FAMILIES, family_for, family_of
from fimls.models.naming import is_known_not_to_fill
from fimls.models.specimens import HOLE, PREFIX_MARK, SUFFIX_MARK
from fimls.models.templates import learned_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fimls.models.families import Family
    from fimls.models.templates import Learned


class How(StrEnum):
    """What told the family; NOTHING where nothing did, or where it is known that there is none."""

    SETTING = "setting"
    NAME = "name"
    DETAILS = "details"
    TEMPLATE = "template"
    PROBE = "probe"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a server, or a file, tells of a model without generating; "" and empty: not told.

    `basename` and `title` are `general.basename` and `general.name` of the file, `architecture` is
    llama.cpp's word for how it is built.  `abilities` are Ollama's words.  Of the `vocabulary`,
    the tokens that look like markers are enough.
    """

    name: str
    basename: str = ""
    title: str = ""
    architecture: str = ""
    template: str = ""
    abilities: frozenset[str] = frozenset()
    vocabulary: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Detected:
    """The family that evidence tells.

    While it `is_open`, more can be learned: from the vocabulary, and then by trying live the
    `candidates`, families whose markers the vocabulary has.  Otherwise it is settled, also where
    there is no family.
    """

    family: Family | None
    how: How
    candidates: tuple[Family, ...] = ()
    is_open: bool = False


def detect(setting: str, evidence: Evidence) -> Detected:
    """The family of a model, by the setting `family` or else by what is known of the model.

    Raises `ModelRefused` for a setting that is not in the table.
    """
    if setting != "auto":
        return Detected(family_for(setting, evidence.name), How.SETTING)
    for look in (_by_name, _by_details, _by_template, _by_what_rules_out):
        if (found := look(evidence)) is not None:
            return found
    if not evidence.vocabulary:
        return Detected(None, How.NOTHING, is_open=True)
    candidates = among(evidence)
    return Detected(None, How.NOTHING, candidates, is_open=bool(candidates))


def among(evidence: Evidence) -> tuple[Family, ...]:
    """The families that are worth trying live, the likeliest first, one of each format.

    Those whose markers the vocabulary has; all of them where that is not told.
    """
    told = evidence.vocabulary
    able = [each for each in FAMILIES.values() if not told or told.issuperset(each.fim_markers)]
    formats: dict[str, Family] = {}
    for family in _by_likeness(able, evidence):
        formats.setdefault(HOLE.prompt(family), family)
    return tuple(formats.values())


_NONE: Final = Detected(None, How.NOTHING)


def _by_name(evidence: Evidence) -> Detected | None:
    if (family := family_of(evidence.name)) is not None:
        return Detected(family, How.NAME)
    return _NONE if is_known_not_to_fill(evidence.name) else None


def _by_details(evidence: Evidence) -> Detected | None:
    for name in (evidence.basename, evidence.title):
        if (family := family_of(name)) is not None:
            return Detected(family, How.DETAILS)
    return None


def _by_template(evidence: Evidence) -> Detected | None:
    learned = learned_from(evidence.template)
    if learned is None:
        return None
    known = [each for each in FAMILIES.values() if _is_format_of(learned, each)]
    likely = _by_likeness(known, evidence)
    # A format that is within a turn of a chat is another one than the same without.
    likely.sort(key=lambda family: _plain(learned.text) not in map(_plain, _own_formats(family)))
    return Detected(likely[0] if likely else learned.family, How.TEMPLATE)


def _by_what_rules_out(evidence: Evidence) -> Detected | None:
    """What a file was made from counts less than a template that fills in the middle."""
    if evidence.abilities and "completion" not in evidence.abilities:
        return _NONE
    known = (is_known_not_to_fill(name) for name in (evidence.basename, evidence.title) if name)
    return _NONE if any(known) else None


# Templates of known families.


def _is_format_of(learned: Learned, family: Family) -> bool:
    """Whether a template has a family's markers in its order, whatever else is between them.

    Templates of Ollama's library add blanks, line ends and more markers (`ollama.md` §3); the
    families' own formats are the right ones.
    """
    found = _skeleton(learned.text, family)
    return found in [_skeleton(own, family) for own in _own_formats(family)]


def _own_formats(family: Family) -> list[str]:
    renders = (family.psm, family.spm)
    return [render(HOLE.prefix, HOLE.suffix) for render in renders if render is not None]


def _skeleton(text: str, family: Family) -> list[str]:
    """A format's markers and parts in their order."""
    parts = [*map(_plain, family.fim_markers), PREFIX_MARK, SUFFIX_MARK]
    plain = _plain(text)
    places = sorted((plain.find(part), part) for part in parts)
    return [part for place, part in places if place >= 0]


def _plain(text: str) -> str:
    """Without blanks, which some vocabularies have as U+2581, and without a last line end."""
    return text.replace(" ", "").replace("\u2581", "").rstrip("\n")


# Families that share their markers.

_GRANITE: Final = frozenset({"granite", "granitemoe", "granitehybrid"})

# llama.cpp's names of how the models of a family are built (`general.architecture`).
_ARCHITECTURES: Final[Mapping[str, frozenset[str]]] = {
    "codellama": frozenset({"llama"}),
    "qwen2.5-coder": frozenset({"qwen2"}),
    "qwen3-coder": frozenset({"qwen3moe", "qwen3next", "qwen3"}),
    "codeqwen": frozenset({"qwen2"}),
    "deepseek-coder": frozenset({"llama"}),
    "deepseek-coder-v2": frozenset({"deepseek2"}),
    "starcoder": frozenset({"starcoder"}),
    "starcoder2": frozenset({"starcoder2"}),
    "codegemma": frozenset({"gemma"}),
    "codestral": frozenset({"llama"}),
    # Those with 20 and 34 thousand million weights are built as StarCoder is.
    "granite-code": frozenset({"llama", "starcoder"}),
    "granite4": _GRANITE,
    "granite4-base": _GRANITE,
    "stable-code": frozenset({"stablelm"}),
    "seed-coder": frozenset({"llama"}),
    "mellum": frozenset({"llama"}),
    "glm": frozenset({"glm4", "glm4moe", "deepseek2"}),
    "codegeex": frozenset({"chatglm"}),
    "falcon-h1-coder": frozenset({"falcon-h1"}),
}


def _by_likeness(families: Iterable[Family], evidence: Evidence) -> list[Family]:
    """Families by how much else of theirs a model has: its build, then their control tokens."""

    def unlike(family: Family) -> tuple[bool, float]:
        built = evidence.architecture in _ARCHITECTURES.get(family.name, ())
        there = evidence.vocabulary.intersection(family.markers)
        return not built, -len(there) / len(family.markers)

    return sorted(families, key=unlike)
