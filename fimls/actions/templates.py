"""Templates of prompts: plain text that a user may replace, and how values are put in.

A template has parts, each below a line `[system]`, `[user]` or `[completion]`.  The first two are
a chat; the last one is for models that only go on with a text.  `{{name}}` is a value, and
`{{#name}}…{{/name}}` is left out where that value is empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.errors import PromptError
from fimls.models.protocol import Message
from fimls.text.lines import to_lf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.text.cleared import Cleared

_PART: Final = re.compile(r"^\[(\w+)\][ \t]*$", re.MULTILINE)
_ROLES: Final = ("system", "user", "assistant")
_COMPLETION: Final = "completion"

_OPTIONAL: Final = re.compile(r"\{\{#(\w+)\}\}(.*?)\{\{/\1\}\}", re.DOTALL)
_VALUE: Final = re.compile(r"\{\{([#/]?)\s*([^{}\n]*?)\s*\}\}")

# What leaving a part out leaves behind.
_BLANK_LINES: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read: `parts` are the texts by role, in their order."""

    name: str
    parts: Mapping[str, str]

    @property
    def can_complete(self) -> bool:
        """Whether it has a text for models that cannot chat."""
        return _COMPLETION in self.parts


def read_template(name: str, text: str) -> Template:
    """Reads a template.

    Raises:
        PromptError: it has no part, one of an unknown name, or one twice.
    """
    pieces = _PART.split(to_lf(text).lstrip("\ufeff"))
    if len(pieces) == 1:
        raise PromptError(f"the prompt `{name}` has no part: begin with a line `[user]`")
    parts: dict[str, str] = {}
    for role, part in zip(pieces[1::2], pieces[2::2], strict=True):
        if role not in (*_ROLES, _COMPLETION):
            known = ", ".join(f"[{each}]" for each in (*_ROLES, _COMPLETION))
            raise PromptError(f"the prompt `{name}` has a part [{role}]; there are only {known}")
        if role in parts:
            raise PromptError(f"the prompt `{name}` has [{role}] twice")
        parts[role] = part.strip("\n")
    return Template(name, MappingProxyType(parts))


def render(template: Template, values: Mapping[str, Cleared]) -> tuple[Message, ...]:
    """The chat that a template makes of values.

    Raises:
        PromptError: it asks for a value that is not there, or has no part for a chat.
    """
    chat = tuple(
        Message(role, _filled(template, role, values))
        for role in template.parts
        if role != _COMPLETION
    )
    if not chat:
        raise PromptError(f"the prompt `{template.name}` has no [user] part, and so no chat")
    return tuple(message for message in chat if message.content.strip())


def render_completion(template: Template, values: Mapping[str, Cleared]) -> str:
    """The text that a model which cannot chat goes on with.

    Raises:
        PromptError: it asks for a value that is not there, or has no part for such models.
    """
    if not template.can_complete:
        raise PromptError(f"the prompt `{template.name}` has no [completion] part")
    return _filled(template, _COMPLETION, values)


def _filled(template: Template, role: str, values: Mapping[str, Cleared]) -> str:
    text = template.parts[role]
    for kind, name in _VALUE.findall(text):
        if name not in values:
            there = ", ".join(sorted(values)) or "none"
            raise PromptError(
                f"the prompt `{template.name}` asks for {{{{{kind}{name}}}}}, which this action"
                f" does not have; it has: {there}"
            )

    def optional(found: re.Match[str]) -> str:
        return found[2] if values[found[1]].strip() else ""

    # Values are put in last and at once, so that marks within them mean nothing.
    kept = _BLANK_LINES.sub("\n\n", _OPTIONAL.sub(optional, text))
    unpaired = next((found for found in _VALUE.finditer(kept) if found[1]), None)
    if unpaired is not None:
        raise PromptError(f"the prompt `{template.name}` has {unpaired[0]} without its other end")
    return _VALUE.sub(lambda found: values[found[2]], kept)
