"""The code that is meant, out of the blocks of an answer."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.actions.imports import is_imports_only
from fimls.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fimls.actions.fences import Block
    from fimls.text.language import Language

_TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("py3", "pycon"), "python"),
        **dict.fromkeys(("golang",), "go"),
        **dict.fromkeys(("node", "nodejs", "es6"), "javascript"),
        **dict.fromkeys(("shell", "ksh"), "shellscript"),
        **dict.fromkeys(("sqlite", "sqlite3", "mysql", "postgresql", "psql"), "sql"),
        **dict.fromkeys(("plpgsql", "tsql", "mariadb"), "sql"),
        **dict.fromkeys(("c#",), "csharp"),
    }
)
"""What models call languages, besides their ids and the endings of their files."""

_KIN: Final = frozenset({"javascript", "javascriptreact", "typescript", "typescriptreact"})

# What is said before a block that shows something else than the code that was asked for.
_ASIDE: Final = re.compile(
    r"\b(?:outputs?|prints?|usage|use it|call it|run it|to run|to test|tests? it|for example|e\.g\."
    r"|install|original|instead of|before the change|you had)\b",
    re.IGNORECASE,
)

_NO_CODE: Final = frozenset({"text", "txt", "plaintext", "output", "console", "log", "markdown"})

# The first line that says what a block is about.
_TELLING: Final = re.compile(r"^(?![ \t]*(?:#|//|--|/?\*|@|import\b|from\b|use\b|package\b)).*\S")


def chosen(blocks: Sequence[Block], language: Language) -> Block | None:
    """The block that is meant, the imports that another one has put before it.

    It is the first one in the language that is not about how to use it, unless a later one is the
    same begun anew.
    """
    own = [block for block in blocks if block.text.strip() and is_of(block, language)]
    if not own:
        own = [each for each in blocks if each.text.strip() and each.tag not in _NO_CODE]
    plain = [block for block in own if not _ASIDE.search(block.said_before)] or own[:1]
    code = [block for block in plain if not is_imports_only(block.text, language)]
    if not code:
        return plain[0] if plain else None
    meant = _last_version(code)
    imports = [each.text for each in plain if each not in code and each.text not in meant.text]
    return _with_imports(meant, imports)


def is_of(block: Block, language: Language) -> bool:
    """Whether a block is in a language, or may be."""
    if not block.tag:
        return True
    spoken = _language_of(block.tag)
    return spoken == language.id or (spoken in _KIN and language.id in _KIN)


def _language_of(tag: str) -> str:
    return _TAGS.get(tag) or language_of(tag, f"x.{tag}").id


def _last_version(code: Sequence[Block]) -> Block:
    """The first block, or the last one that begins like it: a model may correct itself."""
    about = _about(code[0])
    return next((block for block in reversed(code) if _about(block) == about), code[0])


def _about(block: Block) -> str:
    return next((each.strip() for each in block.text.split("\n") if _TELLING.match(each)), "")


def _with_imports(block: Block, imports: Sequence[str]) -> Block:
    if not imports:
        return block
    return replace(block, text="\n".join((*(each.strip("\n") for each in imports), block.text)))
