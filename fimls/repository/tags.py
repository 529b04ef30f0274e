"""What a text defines, uses, imports and derives from, by walking its syntax tree with a table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from fimls.repository.facts import Definition, FileFacts, Kind
from fimls.repository.identifiers import references_of
from fimls.repository.outlines import OUTLINES
from fimls.repository.ways import first, is_function_declared, led_to
from fimls.repository.wording import (
    doc_of_comment,
    doc_of_string,
    header,
    type_in,
    types_in,
    variable,
)
from fimls.syntax.effort import Effort
from fimls.syntax.tree import parse

if TYPE_CHECKING:
    from tree_sitter import Node

    from fimls.repository.rules import Outline, Rule
    from fimls.syntax.tree import Tree
    from fimls.text.language import Language

# What a file of half a megabyte takes that is in order; one that takes more has lost its way.
_MOST_CALLS: Final = 8_000

# Comments and decorators that are kept for what comes below them.
_MOST_ABOVE: Final = 50

# Text in order takes one call for about 120 characters.  Where the parser looks for its way out of
# one fault after the other it takes over a minute for 15 kB (C++), for an outline worth nothing.
_FIRST_CALLS: Final = 300
_CHARS_A_CALL: Final = 20

# Deeper than people nest classes, and far from where Python's own stack ends.
_DEEPEST: Final = 24

_TYPES: Final = frozenset({Kind.CLASS, Kind.TYPE})
_VARIABLES: Final = frozenset({Kind.CONSTANT, Kind.FIELD})
_FUNCTIONS: Final = frozenset({Kind.FUNCTION, Kind.METHOD})

# What declares variables and functions alike, in C.
_DECLARATIONS: Final = frozenset({"declaration", "field_declaration"})
_MODIFIERS: Final = "modifiers"

_SEPARATORS: Final = re.compile(r"::|->|\.|:|\\")
_NAME: Final = re.compile(r"[^\W\d][\w-]*[?!]?")
_BODY: Final = re.compile(r"[:{][ \t]*\n")
_SIGILS: Final = "$@#&*\"'`"

# `module.exports` and `Foo.prototype` are ways to say where a function of JavaScript belongs.
_EXPORTS: Final = frozenset({"exports", "module"})
_PROTOTYPE: Final = "prototype"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: its facts, and the lines at which statements begin, for cutting it up."""

    facts: FileFacts
    statements: tuple[int, ...]


def facts_of(text: str, path: str, language: Language) -> FileFacts:
    """What a text defines and uses; nothing where its language is not read, or it cannot be."""
    return read(text, path, language).facts


def is_read(language: Language) -> bool:
    """Whether definitions are found in texts of a language."""
    return language.grammar in OUTLINES


def read(text: str, path: str, language: Language) -> Reading:
    """The facts of a text, and where its statements begin."""
    outline = OUTLINES.get(language.grammar or "")
    effort = Effort(min(_MOST_CALLS, _FIRST_CALLS + len(text) // _CHARS_A_CALL))
    tree = None if outline is None else parse(text, language.grammar, None, effort)
    if tree is None or outline is None:
        return Reading(FileFacts(path, language.id), ())
    walk = _Walk(tree, outline, path)
    walk.below(tree.root, _Place())
    facts = FileFacts(
        path,
        language.id,
        definitions=tuple(sorted(walk.definitions, key=lambda each: each.line)),
        references=references_of(tree, outline, walk.definitions),
        imports=tuple(dict.fromkeys(walk.imports)),
        bases={name: tuple(dict.fromkeys(bases)) for name, bases in walk.bases.items()},
    )
    return Reading(facts, tuple(sorted(set(walk.statements))))


class _Place(NamedTuple):
    """Where the walk is: in which definition, behind which words, below which comments.

    `row` is the line that the definition begins at with those words, `above` what stands there.
    """

    container: str = ""
    kind: Kind = Kind.MODULE
    lead: str = ""
    above: tuple[Node, ...] = ()
    row: int = 0
    depth: int = 0


class _Head(NamedTuple):
    """What is found once for all the names that a node defines."""

    node: Node
    rule: Rule
    body: Node | None
    is_function: bool


@dataclass(slots=True)
class _Walk:
    tree: Tree
    outline: Outline
    path: str
    definitions: list[Definition] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    bases: dict[str, list[str]] = field(default_factory=dict)
    statements: list[int] = field(default_factory=list)

    def below(self, node: Node, place: _Place) -> None:
        """Looks at the children of a node."""
        if place.depth > _DEEPEST:
            return
        above = list(place.above)
        for child in node.named_children:
            if child.type in self.outline.asides:
                above.append(child)
                del above[:-_MOST_ABOVE]
                continue
            begin = child.start_point.row
            self.statements.append(above[0].start_point.row if above else begin)
            row = place.row if place.lead and above == list(place.above) else begin
            so_far = tuple(above)
            here = _Place(place.container, place.kind, place.lead, so_far, row, place.depth + 1)
            if self._at(child, here):
                above.clear()

    def _at(self, node: Node, place: _Place) -> bool:
        """Looks at one node; whether it may be what comments before it are about."""
        kind = node.type
        pattern = self.outline.imports.get(kind)
        imported = pattern.findall(self._text(node)) if pattern is not None else []
        self.imports += imported
        if imported:
            return True
        rule = self.outline.rules.get(kind)
        if rule is not None:
            self._define(node, rule, place)
            return True
        if kind not in self.outline.through and kind != "ERROR":
            return False
        if kind in self.outline.lead:
            place = place._replace(lead=f"{place.lead} {self._lead(node)}".strip())
        self.below(node, place)
        return True

    def _define(self, node: Node, rule: Rule, place: _Place) -> None:
        body = first(node, rule.body)
        if body is None and node.type.endswith("_specifier"):
            # A type that is only mentioned.
            return
        names = led_to(node, rule.name)
        if not names and rule.embeds:
            self.bases.setdefault(place.container, []).extend(types_in(self._text(node)))
        owner = first(node, rule.owner)
        if owner is not None:
            place = place._replace(container=type_in(self._text(owner)), kind=Kind.CLASS)
        head = self._head(node, rule, body)
        made = [self._definition(name, head, place) for name in names]
        self.definitions += [each for each in made if each is not None]
        inside = place
        if names and rule.opens:
            inside = place._replace(container=self._whole_name(names[0]), kind=rule.kind)
        self._note_bases(node, rule, inside.container)
        if rule.opens:
            self._open(first(node, rule.inside) if rule.inside else body, inside)
        elif made and made[0] is not None:
            self._within(made[0], head.body, place)

    def _head(self, node: Node, rule: Rule, body: Node | None) -> _Head:
        value = _value(node) if self.outline.functions else None
        is_function = value is not None and value.type in self.outline.functions
        if body is None and value is not None and is_function:
            body = value.child_by_field_name("body")
        is_function = is_function or (node.type in _DECLARATIONS and is_function_declared(node))
        return _Head(node, rule, body, is_function)

    def _note_bases(self, node: Node, rule: Rule, name: str) -> None:
        for each in rule.bases:
            for found in led_to(node, each):
                self.bases.setdefault(name, []).extend(types_in(self._text(found)))

    def _open(self, body: Node | None, place: _Place) -> None:
        if body is not None:
            self.below(body, place._replace(lead="", above=()))

    def _within(self, made: Definition, body: Node | None, place: _Place) -> None:
        """Fields that a constructor makes, and where the statements of a function begin."""
        if body is None or made.kind not in _FUNCTIONS:
            return
        statements = body.named_children
        self.statements += [each.start_point.row for each in statements]
        if self.outline.own is None or made.name not in self.outline.constructors:
            return
        known = {each.name for each in self.definitions if each.container == place.container}
        for each in statements:
            text = self._text(each)
            found = self.outline.own.match(text)
            if found is None or found[1] in known or not re.match(r"\s*[=:]", text[found.end() :]):
                continue
            known.add(found[1])
            line, signature = each.start_point.row, variable(text)
            self.definitions.append(
                Definition(found[1], Kind.FIELD, self.path, line, signature, "", place.container)
            )

    def _definition(self, name: Node, head: _Head, place: _Place) -> Definition | None:
        node, rule, _, is_function = head
        *way, plain = _SEPARATORS.split(self._whole_name(name))
        if not _NAME.fullmatch(plain) or plain in _EXPORTS:
            return None
        if not is_function and node.type in self.outline.if_function:
            return None
        if way and rule.kind in _VARIABLES and not (is_function or self.outline.dotted):
            return None
        container = place.container
        if way and rule.kind is not Kind.MODULE:
            container = next((part for part in reversed(way) if _is_type(part)), container)
        # A name that says where it belongs is as good as one that stands there.
        kind = Kind.CLASS if container != place.container else place.kind
        return Definition(
            plain,
            _kind(Kind.FUNCTION if is_function else rule.kind, kind),
            self.path,
            name.start_point.row,
            self._signature(plain, head, place),
            self._doc(head, place),
            container,
        )

    def _signature(self, name: str, head: _Head, place: _Place) -> str:
        node, rule, body, _ = head
        end = node.end_byte if body is None else body.start_byte
        text = f"{place.lead} {self._slice(self._begin(node), end)}"
        if body is None:
            # What is being typed may have a body that is none yet.
            text = _BODY.split(text, maxsplit=1)[0]
        is_variable = rule.kind in _VARIABLES and body is None
        signature = variable(text) if is_variable else header(text)
        return signature if name in signature else f"{signature} {name}".strip()

    def _doc(self, head: _Head, place: _Place) -> str:
        if self.outline.docstrings and head.body is not None:
            opening = _opening(head.body)
            said = None if opening is None else _opening(opening)
            if said is not None and said.type == "string":
                return doc_of_string(self._text(said))
        return doc_of_comment("\n".join(self._comments(place))) if place.above else ""

    def _comments(self, place: _Place) -> list[str]:
        """The comments right above a definition, in their order."""
        found: list[str] = []
        row = place.row
        for each in reversed(place.above):
            if row - each.end_point.row > 1:
                break
            row = each.start_point.row
            if "comment" in each.type:
                found.insert(0, self._text(each))
        return found

    def _lead(self, node: Node) -> str:
        """What stands before the first definition in a node: `export const`."""
        known = self.outline.rules.keys() | self.outline.through
        inner = next((child for child in node.named_children if child.type in known), None)
        if inner is None:
            return ""
        return header(self._slice(self._begin(node), inner.start_byte))

    def _begin(self, node: Node) -> int:
        """The byte at which a header begins, behind what stands before it."""
        for child in node.children if self._is_led(node) else ():
            if child.type in self.outline.asides:
                continue
            if child.type != _MODIFIERS:
                return child.start_byte
            kept = [each for each in child.children if each.type not in self.outline.asides]
            if kept:
                return kept[0].start_byte
        return node.start_byte

    def _is_led(self, node: Node) -> bool:
        """Whether something stands before a header that is in the same node."""
        kind = node.child(0).type if node.child_count else ""
        return kind == _MODIFIERS or kind in self.outline.asides

    def _whole_name(self, node: Node) -> str:
        text = self._text(node).strip(_SIGILS)
        # `type Alias[T] = …` names a type with what it is made with.
        return text.partition("[")[0].partition("<")[0].strip()

    def _text(self, node: Node) -> str:
        return self._slice(node.start_byte, node.end_byte)

    def _slice(self, start: int, end: int) -> str:
        return self.tree.source[start:end].decode(errors="replace")


def _kind(kind: Kind, around: Kind) -> Kind:
    """What a definition is where it stands."""
    if around in _TYPES:
        return {Kind.FUNCTION: Kind.METHOD, Kind.CONSTANT: Kind.FIELD}.get(kind, kind)
    return Kind.FUNCTION if kind is Kind.METHOD else kind


def _is_type(part: str) -> bool:
    return bool(part) and part not in _EXPORTS and part != _PROTOTYPE


def _opening(node: Node) -> Node | None:
    return node.named_child(0) if node.named_child_count else None


def _value(node: Node) -> Node | None:
    return (
        node.child_by_field_name("value")
        or node.child_by_field_name("right")
        or first(node, "expression_list/value")
    )
