"""The grammars: one wheel for each language, loaded when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Parser


@dataclass(frozen=True, slots=True)
class Grammar:
    """Where a grammar comes from: the module of its wheel, and the function in it."""

    module: str
    function: str = "language"


GRAMMARS: Final[Mapping[str, Grammar]] = MappingProxyType(
    {
        "python": Grammar("tree_sitter_python"),
        "javascript": Grammar("tree_sitter_javascript"),
        "typescript": Grammar("tree_sitter_typescript", "language_typescript"),
        "tsx": Grammar("tree_sitter_typescript", "language_tsx"),
        "go": Grammar("tree_sitter_go"),
        "rust": Grammar("tree_sitter_rust"),
        "java": Grammar("tree_sitter_java"),
        "c": Grammar("tree_sitter_c"),
        "cpp": Grammar("tree_sitter_cpp"),
        "c_sharp": Grammar("tree_sitter_c_sharp"),
        "ruby": Grammar("tree_sitter_ruby"),
        "php": Grammar("tree_sitter_php", "language_php"),
        "bash": Grammar("tree_sitter_bash"),
        "lua": Grammar("tree_sitter_lua"),
        "html": Grammar("tree_sitter_html"),
        "css": Grammar("tree_sitter_css"),
        "json": Grammar("tree_sitter_json"),
        "yaml": Grammar("tree_sitter_yaml"),
        "toml": Grammar("tree_sitter_toml"),
        "sql": Grammar("tree_sitter_sql"),
    }
)
"""The grammars by the names that `text/languages.py` uses."""


def has_grammar(name: str | None) -> bool:
    """Whether texts in this grammar can be parsed here; loads it when first asked."""
    return parser_of(name) is not None


@cache
def parser_of(name: str | None) -> Parser | None:
    """The one parser of a grammar; None where the name is unknown or its wheel is not installed.

    A parser is not to be used by two threads at a time; parsing is done in one.
    """
    grammar = GRAMMARS.get(name) if name is not None else None
    if grammar is None:
        return None
    try:
        from tree_sitter import Language, Parser

        module = import_module(grammar.module)
    except ImportError:
        return None
    return Parser(Language(getattr(module, grammar.function)()))


def new_parser(name: str | None) -> Parser | None:
    """Another parser of a grammar, for one's own use (0.5 µs); None where there is none."""
    known = parser_of(name)
    if known is None or known.language is None:
        return None
    from tree_sitter import Parser

    return Parser(known.language)
