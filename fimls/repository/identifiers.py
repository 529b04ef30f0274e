"""The identifiers of a text: what it uses, apart from comments, strings and keywords."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from fimls.syntax.grammars import parser_of
from fimls.text.finding import finder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Query

    from fimls.repository.facts import Definition
    from fimls.repository.rules import Outline
    from fimls.syntax.tree import Tree

# A name of one letter says nothing of where it comes from.
identifiers_in: Final = finder(r"[^\W\d]\w+")
"""The identifiers of a text, in their order."""

# Words with a meaning in some places of some languages, and names of functions all the same.
_ALSO_NAMES: Final = frozenset(
    {
        *("add", "any", "close", "data", "error", "exec", "first", "format"),
        *("get", "index", "init", "key", "last", "length", "load", "map", "match", "name", "next"),
        *("number", "object", "open", "order", "print", "record", "remove", "replace"),
        *("reset", "set", "start", "state", "status", "text", "time", "type", "update", "user"),
        *("value", "values", "version"),
    }
)

# Names that a file uses; a generated table may have a million, of which these tell enough.
_MOST_NAMES: Final = 4_000


def references_of(
    tree: Tree, outline: Outline, definitions: Iterable[Definition]
) -> Mapping[str, int]:
    """The identifiers that a text uses, and how often, in the order of their first use.

    The place where a name is defined is no use of it.
    """
    found, keywords = counted(_without_texts(tree, outline)), _keywords(tree.grammar)
    for each in definitions:
        if each.name in found:
            found[each.name] -= 1
    kept = (each for each in found.items() if each[1] > 0 and each[0] not in keywords)
    return dict(islice(kept, _MOST_NAMES))


def counted(text: str) -> Counter[str]:
    """The identifiers of a text, and how often each is in it."""
    return Counter(identifiers_in(text))


@cache
def _keywords(grammar: str) -> frozenset[str]:
    """The words that a grammar has of its own."""
    parser = parser_of(grammar)
    if parser is None or parser.language is None:
        return frozenset()
    language = parser.language
    words = (
        language.node_kind_for_id(each)
        for each in range(language.node_kind_count)
        if not language.node_kind_is_named(each)
    )
    # The words of SQL are named, after a prefix.
    named = (language.node_kind_for_id(each) for each in range(language.node_kind_count))
    prefixed = (word.removeprefix("keyword_") for word in named if word and "keyword_" in word)
    every = (word.lstrip("#") for word in (*words, *prefixed) if word)
    known = {word for word in every if word.isidentifier()}
    both = known | {word.upper() for word in known} if grammar == "sql" else known
    return frozenset(both - _ALSO_NAMES)


def _without_texts(tree: Tree, outline: Outline) -> str:
    """A text without its comments and strings; what is put into strings stays."""
    from tree_sitter import QueryCursor

    query = _query(tree.grammar, outline.texts)
    if query is None:
        return tree.text
    nodes = QueryCursor(query).captures(tree.root).get("text", [])
    source, parts, end = tree.source, [], 0
    for start, stop in sorted((node.start_byte, node.end_byte) for node in nodes):
        parts.append(source[end:start])
        end = max(end, stop)
    parts.append(source[end:])
    return b" ".join(parts).decode(errors="replace")


@cache
def _query(grammar: str, texts: tuple[str, ...]) -> Query | None:
    from tree_sitter import Query

    parser = parser_of(grammar)
    if parser is None or parser.language is None:
        return None
    return Query(parser.language, "[" + " ".join(f"({each})" for each in texts) + "] @text")
