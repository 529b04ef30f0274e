"""What models say of themselves before they come to the matter: nobody has asked for it."""

from __future__ import annotations

import re
from typing import Final

# Some were taught to say what they are for before they speak of a shell or a database.
_ROLE: Final = re.compile(
    r"\b(?:as an?|I(?:['’]m| am)(?: just)?(?: an?)?)\s+(?:\w+\s+)?"
    r"(?:AI|artificial intelligence|language model|programming assistant|coding assistant)\b",
    re.IGNORECASE,
)

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[ \t]+")

_FENCE: Final = "```"


def without_role(text: str) -> str:
    """The text (Markdown) without the sentences in which the model speaks of itself."""
    if _ROLE.search(text) is None:
        return text
    kept: list[str] = []
    is_code = False
    for line in text.split("\n"):
        is_code ^= line.lstrip().startswith(_FENCE)
        said = line if is_code else _without_sentences(line)
        if said or not line:
            kept.append(said)
    return "\n".join(kept).lstrip("\n")


def _without_sentences(line: str) -> str:
    if _ROLE.search(line) is None:
        return line
    return " ".join(each for each in _SENTENCE_END.split(line) if not _ROLE.search(each))
