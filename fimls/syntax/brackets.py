"""Brackets that a piece of code in some grammar leaves open."""

from __future__ import annotations

from fimls.text.brackets import balance
from fimls.text.languages import language_of_grammar


def closers_of(code: str, grammar: str) -> str:
    """The closers of the brackets that are open at the end of some code, innermost first."""
    return balance(code, language_of_grammar(grammar)).closers
