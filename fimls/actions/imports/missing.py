"""Which imports some code lacks: names that it uses and that nothing brings in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.actions.imports.rules import RULES
from fimls.actions.imports.statements import statements
from fimls.syntax.kinds import COMMENTS
from fimls.syntax.tree import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from fimls.actions.imports.rule import Import, Rule
    from fimls.syntax.tree import Tree
    from fimls.text.language import Language

# Identifiers that name a part of something else.
_PARTS: Final = frozenset({"property_identifier", "field_identifier", "shorthand_field_identifier"})

_MEMBER: Final = re.compile(rb"\s*(?:\?\.|\.|::)\s*(\w+)")


@dataclass(frozen=True, slots=True)
class _Use:
    """A name that is used; `member` is what of it, "" where it stands alone."""

    name: str
    member: str


def missing_imports(code: str, text: str, language: Language) -> tuple[Import, ...]:
    """The imports that code needs and neither it nor the text around it has, in order of use.

    Only names that everybody knows are told; a name that is bound to anything is left alone.
    """
    rule = RULES.get(language.id)
    tree = None if rule is None else parse(code, language.grammar)
    if rule is None or tree is None:
        return ()
    wanted: dict[str, Import] = {}
    for use in dict.fromkeys(_uses(tree)):
        found = _known(use, rule)
        if found is not None and use.name not in wanted:
            wanted[use.name] = found
    # What stands anywhere is read once, and only where there is something to ask.
    around = _without_remarks(f"{text}\n{code}", language) if wanted else ""
    have = _brought_in(text, rule) | _brought_in(code, rule) if wanted else set()
    return tuple(
        each
        for name, each in wanted.items()
        if name not in have and f"{each.module} *" not in have and not _is_bound(name, around, rule)
    )


def _known(use: _Use, rule: Rule) -> Import | None:
    known = rule.known
    if use.member:
        special = known.members.get((use.name, use.member)) or known.modules.get(use.name)
        if special is not None:
            return special
    return known.names.get(use.name)


def _uses(tree: Tree) -> Iterator[_Use]:
    waiting = [tree.root]
    while waiting:
        node = waiting.pop()
        if node.type in COMMENTS:
            continue
        if node.child_count:
            waiting += reversed(node.children)
        elif node.type.endswith("identifier") and node.type not in _PARTS and _is_use(node, tree):
            member = _MEMBER.match(tree.source, node.end_byte)
            name = tree.source[node.start_byte : node.end_byte].decode(errors="replace")
            yield _Use(name, member[1].decode(errors="replace") if member else "")


def _is_use(node: Node, tree: Tree) -> bool:
    before = tree.source[: node.start_byte].rstrip()[-2:]
    is_member = before == b"::" or (before[-1:] == b"." and before != b"..")
    parent = node.parent
    is_keyword = (
        parent is not None
        and parent.type == "keyword_argument"
        and parent.start_byte == node.start_byte
    )
    return not is_member and not is_keyword


def _brought_in(text: str, rule: Rule) -> set[str]:
    """The names that imports of a text bring in; `m *` for all that `m` has."""
    # Those within a function bring names in as well.
    lines = [line.lstrip() for line in text.split("\n")]
    found = [each for statement in statements(lines, rule) for each in statement.imports]
    return {rule.bound(each) for each in found} | {
        f"{each.module} *" for each in found if each.item == "*"
    }


def _is_bound(name: str, text: str, rule: Rule) -> bool:
    """Whether a text says what a name is: defines it, assigns to it or takes it as a parameter."""
    # Each of these is told from one line; most lines do not have the name.
    lines = "\n".join(line for line in text.split("\n") if name in line)
    word = rf"(?<![\w.$]){re.escape(name)}(?![\w$])"
    patterns = [
        (
            r"\b(?:class|struct|enum|trait|interface|type|def|func|fn|function|record|const|let|var|val"
            rf"|static|mod|mut|as|lambda|except|catch|for)\b[ \t(]*{word}"
        ),
        rf"^[ \t]*(?:[\w*, \t]*,[ \t]*)?{word}[ \t]*(?:,[^=\n()]*|:[^=\n]*)?(?::=|=(?![=>]))",
        rf"\bfor\b[^\n:;{{]*,[ \t]*{word}",
    ]
    if name in rule.known.modules:
        # A class may well be an argument; a module that is one is a variable called like it.
        patterns += [rf"[(,|][ \t]*{word}[ \t]*[,):|]", rf"[(,][ \t]*[\w<>\[\]*&]+[ \t]+{word}"]
    return any(re.search(pattern, lines, re.MULTILINE) for pattern in patterns)


def _without_remarks(text: str, language: Language) -> str:
    """A text without its comments and strings, as far as lines tell."""
    mark = re.escape(language.line_comment or "\0")
    begin, end = (re.escape(each) for each in language.block_comment or ("\0", "\0"))
    remark = (
        rf"{begin}.*?{end}|\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n]){{2,}}'"
        rf"|{mark}[^\n]*"
    )
    return re.sub(remark, '""', text, flags=re.DOTALL)
