"""Grammars that llama.cpp holds a model to, in its own notation (GBNF)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# What cannot stand in a literal as it is.
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def beginning_with(text: str, starts: Sequence[str] = ()) -> str:
    """The grammar of all texts that begin with `text`, and then with one of the starts.

    It is open at its end: one that ends after the line makes each token four times dearer,
    because rejecting tokens tests the whole vocabulary (embedded.md §1.4).
    """
    then = f"({' | '.join(map(_literal, starts))}) " if starts else ""
    return f"root ::= {_literal(text)} {then}.*"


def _literal(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else _by_number(character)


def _by_number(character: str) -> str:
    number = ord(character)
    if number <= 0xFF:
        return f"\\x{number:02X}"
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"
