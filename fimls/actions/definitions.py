"""Definitions: the functions and classes of a text, found in its tree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.text.indentation import indentation
from fimls.text.line_bounds import line_end, line_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tree_sitter import Node

    from fimls.syntax.tree import Tree


class Sort(StrEnum):
    """What is defined."""

    FUNCTION = "function"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Definition:
    """A function or class: `start` and `end` are offsets, of all of it with what decorates it.

    `owner` is the class that it is in, as far as the tree tells, "" for none.  `header` is its text
    up to its body.
    """

    name: str
    sort: Sort
    start: int
    end: int
    header: str
    owner: str = ""


_FUNCTIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "python": frozenset({"function_definition"}),
        **dict.fromkeys(
            ("javascript", "typescript", "tsx"),
            frozenset(
                {
                    *("function_declaration", "generator_function_declaration"),
                    *("method_definition", "variable_declarator"),
                }
            ),
        ),
        "go": frozenset({"function_declaration", "method_declaration"}),
        "rust": frozenset({"function_item"}),
        "java": frozenset({"method_declaration", "constructor_declaration"}),
        **dict.fromkeys(("c", "cpp"), frozenset({"function_definition"})),
        "c_sharp": frozenset({"method_declaration", "constructor_declaration"}),
        "ruby": frozenset({"method", "singleton_method"}),
        "php": frozenset({"function_definition", "method_declaration"}),
        "bash": frozenset({"function_definition"}),
        "lua": frozenset({"function_declaration"}),
        "sql": frozenset({"create_function"}),
    }
)

_CLASSES: Final = frozenset(
    {
        *("class_definition", "class_declaration", "abstract_class_declaration"),
        *("interface_declaration", "enum_declaration", "record_declaration", "type_spec"),
        *("struct_item", "enum_item", "trait_item", "impl_item", "class_specifier"),
        *("struct_specifier", "class", "module", "create_table", "create_view"),
        *("trait_declaration", "struct_declaration", "type_alias_declaration"),
    }
)

# What a definition is part of, and goes with it.
_AROUND: Final = frozenset(
    {
        *("decorated_definition", "export_statement", "lexical_declaration"),
        *("variable_declaration", "type_declaration", "template_declaration"),
    }
)

# What a function may be called that is the value of a variable.
_VALUES: Final = frozenset({"arrow_function", "function_expression", "function"})

# Where definitions stand, besides the outermost level.
_HOLDERS: Final = frozenset(
    {
        *("block", "class_body", "declaration_list", "interface_body", "enum_body", "statement"),
        *("field_declaration_list", "body_statement", "namespace_declaration", "program"),
        *("mod_item", "namespace_definition", "if_statement", "try_statement", "internal_module"),
        *("enum_body_declarations", "preproc_ifdef", "preproc_if"),
    }
)

_NAME_FIELDS: Final = ("name", "declarator", "type")


def enclosing(tree: Tree, start: int, end: int) -> tuple[Definition, ...]:
    """The definitions that a range (offsets) lies in, the innermost first."""
    node = tree.root.descendant_for_byte_range(tree.byte(start), tree.byte(end))
    found: list[Definition] = []
    while node is not None:
        if node.type in _AROUND and not found:
            # On what decorates a definition one is in it.
            node = next((each for each in node.children if _sort_of(each, tree.grammar)), node)
        sort = _sort_of(node, tree.grammar)
        if sort is not None and not (found and found[-1].start == _whole(node, tree)[0]):
            found.append(_definition(node, sort, tree))
        node = node.parent
    return tuple(found)


def around(tree: Tree, offset: int) -> tuple[Definition, ...]:
    """The definitions that a cursor is in, the innermost first, as an author sees it.

    A comment at the end of a body is part of it, though no grammar counts it to that which ends by
    its indentation.
    """
    found = enclosing(tree, offset, offset)
    text = tree.text
    start = line_start(text, offset)
    blanks = indentation(text[start : line_end(text, start)])
    above = text[:start].rstrip()
    if found or not blanks or not above:
        return found
    within = enclosing(tree, len(above), len(above))
    return tuple(each for each in within if len(_indentation_at(text, each.start)) < len(blanks))


def _indentation_at(text: str, offset: int) -> str:
    return indentation(text[line_start(text, offset) : offset])


def definitions(tree: Tree, spans: Sequence[tuple[int, int]] | None = None) -> Iterator[Definition]:
    """The definitions at the outermost level and in classes, in the order of the text.

    With `spans` (offsets) only those that touch one of them.
    """
    within = None if spans is None else [tuple(map(tree.byte, span)) for span in spans]
    yield from _below(tree.root, tree, "", within)


_Bytes = tuple[int, ...]


def _below(
    node: Node, tree: Tree, owner: str, within: Sequence[_Bytes] | None
) -> Iterator[Definition]:
    for child in node.children:
        if within is not None and not any(_touches(child, span) for span in within):
            continue
        sort = _sort_of(child, tree.grammar)
        if sort is not None:
            found = _definition(child, sort, tree, owner)
            yield found
            if sort is Sort.CLASS:
                yield from _below(child, tree, found.name, within)
        elif child.type in _HOLDERS or child.type in _AROUND:
            yield from _below(child, tree, owner, within)


def _touches(node: Node, span: _Bytes) -> bool:
    return node.start_byte <= span[1] and node.end_byte >= span[0]


def _sort_of(node: Node, grammar: str) -> Sort | None:
    if node.type in _CLASSES and node.is_named:
        # The root of Python's tree has the name that Ruby's has for a module.
        return Sort.CLASS if node.parent is not None else None
    if node.type not in _FUNCTIONS.get(grammar, ()):
        return None
    if node.type == "variable_declarator":
        value = node.child_by_field_name("value")
        return Sort.FUNCTION if value is not None and value.type in _VALUES else None
    return Sort.FUNCTION


def _definition(node: Node, sort: Sort, tree: Tree, owner: str = "") -> Definition:
    start, end = _whole(node, tree)
    body = _body(node)
    header = tree.text[start : end if body is None else tree.offset(body.start_byte)]
    return Definition(_name_of(node, tree), sort, start, end, header.rstrip(" \t\n{:"), owner)


def _whole(node: Node, tree: Tree) -> tuple[int, int]:
    while node.parent is not None and node.parent.type in _AROUND:
        node = node.parent
    return tree.offset(node.start_byte), tree.offset(node.end_byte)


def _body(node: Node) -> Node | None:
    value = node.child_by_field_name("value")
    return (node if value is None else value).child_by_field_name("body")


def _name_of(node: Node, tree: Tree) -> str:
    """The name of a definition; in C it is deep within what is declared."""
    found: Node | None = node
    while found is not None and found.child_count:
        inner = next((each for each in map(found.child_by_field_name, _NAME_FIELDS) if each), None)
        if inner is None:
            inner = _first_name(found)
        found = inner
    if found is None:
        return ""
    return tree.source[found.start_byte : found.end_byte].decode(errors="replace")


def _first_name(node: Node) -> Node | None:
    kinds = ("identifier", "word", "object_reference", "constant", "name")
    return next((each for each in node.children if each.type.endswith(kinds)), None)
