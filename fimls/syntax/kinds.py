"""What the grammars call comments and strings, and the marks by which a text shows them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMENTS: Final = frozenset({"comment", "line_comment", "block_comment", "marginalia"})
"""Comments, in all grammars alike (`marginalia` is what SQL's calls those in `/*` and `*/`)."""

STRINGS: Final = frozenset(
    {
        "ansi_c_string",
        "block_scalar",
        "char_literal",
        "character_literal",
        "double_quote_scalar",
        "encapsed_string",
        "heredoc",
        "heredoc_body",
        "interpolated_string_expression",
        "interpreted_string_literal",
        "literal",
        "nowdoc",
        "quoted_attribute_value",
        "raw_string",
        "raw_string_literal",
        "regex",
        "rune_literal",
        "single_quote_scalar",
        "string",
        "string_array",
        "string_literal",
        "string_value",
        "subshell",
        "symbol_array",
        "system_lib_string",
        "template_string",
        "verbatim_string_literal",
    }
)
"""Strings of all grammars.

The same name means something else in two of them: SQL's `literal` may be a number, and bash's
`subshell` is code.
"""

NOT_STRINGS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"bash": frozenset({"subshell"})}
)
"""By grammar, what is no string there, although it is called like one of another grammar."""

INTERPOLATIONS: Final = frozenset(
    {"interpolation", "template_substitution", "command_substitution"}
)
"""What is code again within a string."""

BLOCK_COMMENTS: Final = (("/*", "*/"), ("<!--", "-->"), ("--[", "]"), ("=begin", "=end"))
"""How comments begin and end that do not end with their line."""

LINE_COMMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("python", "ruby", "bash", "yaml", "toml", "php"), "#"),
        **dict.fromkeys(("lua", "sql"), "--"),
        **dict.fromkeys(("javascript", "typescript", "tsx", "go", "rust", "java"), "//"),
        **dict.fromkeys(("c", "cpp", "c_sharp"), "//"),
    }
)
"""How comments begin that end with their line, by grammar."""

LONG_QUOTES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **dict.fromkeys(("python", "toml"), ('"""', "'''")),
        **dict.fromkeys(("java", "c_sharp"), ('"""',)),
        **dict.fromkeys(("javascript", "typescript", "tsx", "go"), ("`",)),
    }
)
"""Quotes of strings that may go over several lines, by grammar."""

NO_APOSTROPHES: Final = frozenset({"rust", "html"})
"""Grammars in which an apostrophe is not always a quote."""
