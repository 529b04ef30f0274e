"""What a row of the tables of outlines says: how a definition of one language is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fimls.repository.facts import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rule:
    """How one type of node defines names.

    Ways to other nodes are fields or types of children with "/" between them, "|" between ways of
    which the first that leads somewhere holds, "." for the node itself and "" for none; the step
    `declarator` goes down to the innermost one, as C nests them.  `name` leads to the names,
    `body` to what is below the header, `inside` (where it is not the body) to what is looked into
    when it `opens`: functions there are methods, and constants are fields.  `bases` are the fields
    or children that name its bases; `owner` leads to the name of the type that it belongs to.
    One that `embeds` and has no name makes what it mentions a base of the type around it.
    """

    kind: Kind
    name: str = "name"
    body: str = "body"
    opens: bool = False
    inside: str = ""
    bases: tuple[str, ...] = ()
    owner: str = ""
    embeds: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """How the definitions of one grammar are found.

    `rules` are by type of node.  `through` are the types that are looked into as if they were not
    there; what stands at the begin of those that `lead` belongs to each header in them.
    `imports` has by type of node the pattern of what is imported in its text.  `asides` stand
    before a definition and are no part of its header; `texts` hold text and no names.
    `functions` are types of values that make a variable a function, and `if_function` the nodes
    that define something only then.  A variable with dots in its name is none, unless `dotted`.
    What `constructors` assign to `own`, whose group is the name, is a field.
    """

    rules: Mapping[str, Rule]
    through: frozenset[str] = frozenset()
    lead: frozenset[str] = frozenset()
    imports: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    asides: frozenset[str] = frozenset({"comment"})
    texts: tuple[str, ...] = ("comment",)
    functions: frozenset[str] = frozenset()
    if_function: frozenset[str] = frozenset()
    dotted: bool = False
    constructors: frozenset[str] = frozenset()
    own: re.Pattern[str] | None = None
    docstrings: bool = False


FUNCTION: Final = Rule(Kind.FUNCTION)
METHOD: Final = Rule(Kind.METHOD)
FIELD: Final = Rule(Kind.FIELD)
TYPE: Final = Rule(Kind.TYPE, body="")
CONSTANT: Final = Rule(Kind.CONSTANT, body="")
MODULE: Final = Rule(Kind.MODULE, opens=True)
EMBEDDED: Final = Rule(Kind.FIELD, body="", embeds=True)


def within(kind: Kind, *bases: str, body: str = "body", name: str = "name") -> Rule:
    """The rule of what holds other definitions, and names its bases."""
    return Rule(kind, name, body, opens=True, bases=bases)


QUOTED: Final = re.compile(r"""["'<]([^"'<>\n]+)["'>]""")
"""What is imported by a file's name in quotes or angles."""
