"""Mends: what would have to follow a text for the thing that it has begun to be whole.

A text may well leave open what the line before it had opened (`foo(` and `a, b`); whether it is
right so far shows when that is closed.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.syntax.brackets import closers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BODIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "python": (":",),
        "ruby": ("\nend",),
        "lua": ("\nend", " do\nend", " then\nend"),
        "bash": ("\nfi", "\ndone", "; then\n:\nfi", "; do\n:\ndone"),
        "html": (),
        "json": (": 0}",),
        "yaml": (),
        "toml": (),
        "sql": (),
        "css": (";}", " {}", ";"),
        "go": (" {}",),
        "rust": (" {}", ";"),
    }
)
"""How the body is made that something begun may lack, by grammar."""

# What stands for an expression that is still to come.
_OPERAND: Final = " x"

# The languages whose blocks have braces and whose statements end with a semicolon.
_BRACED: Final = (" {}", ";")


def mends(begun: str, grammar: str) -> Iterator[str]:
    """What may be missing from a text, most likely first; `begun` is its line, and it, so far."""
    closers = closers_of(begun, grammar)
    bodies = _BODIES.get(grammar, _BRACED)
    for operand in ("", _OPERAND):
        if operand or closers:
            yield operand + closers
        for body in bodies:
            yield operand + closers + body
