"""The outlines by grammar: a new language is a new row and nothing else."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.repository.c_outlines import C_SHARP, CPP, JAVA, C
from fimls.repository.facts import Kind
from fimls.repository.rules import (
    CONSTANT,
    EMBEDDED,
    FIELD,
    FUNCTION,
    METHOD,
    TYPE,
    Outline,
    Rule,
    within,
)
from fimls.repository.script_outlines import BASH, LUA, PHP, RUBY, SQL

if TYPE_CHECKING:
    from collections.abc import Mapping

_PYTHON: Final = Outline(
    rules={
        "function_definition": FUNCTION,
        "class_definition": within(Kind.CLASS, "superclasses"),
        "assignment": Rule(Kind.CONSTANT, "left", body=""),
        "type_alias_statement": Rule(Kind.TYPE, "left", body=""),
    },
    through=frozenset(
        {
            *("if_statement", "elif_clause", "else_clause", "try_statement", "except_clause"),
            *("finally_clause", "with_statement", "block", "expression_statement"),
            *("decorated_definition",),
        }
    ),
    imports={
        "import_statement": re.compile(r"(?:import|,)\s*([\w.]+)"),
        "import_from_statement": re.compile(r"from\s+([\w.]+)"),
    },
    asides=frozenset({"comment", "decorator"}),
    texts=("comment", "string_content"),
    constructors=frozenset({"__init__", "__new__"}),
    own=re.compile(r"self\.(\w+)"),
    docstrings=True,
)

_CALLS: Final = frozenset({"arrow_function", "function_expression", "generator_function"})
# A variable that is what a module gives, and nothing else.
_REQUIRED: Final = re.compile(
    r"""^(?:const|let|var)\s[^=;]*=\s*require\s*\(\s*["']([^"'\n]+)["']"""
)

_JS_CLASS: Final = within(Kind.CLASS, "class_heritage")

_JAVASCRIPT: Final = Outline(
    rules={
        "function_declaration": FUNCTION,
        "generator_function_declaration": FUNCTION,
        "class_declaration": _JS_CLASS,
        "method_definition": METHOD,
        "field_definition": Rule(Kind.FIELD, "property", body=""),
        "variable_declarator": CONSTANT,
        "assignment_expression": Rule(Kind.CONSTANT, "left", body=""),
    },
    through=frozenset(
        {
            *("export_statement", "lexical_declaration", "variable_declaration"),
            *("expression_statement", "if_statement", "statement_block"),
        }
    ),
    lead=frozenset({"export_statement", "lexical_declaration", "variable_declaration"}),
    imports={
        "import_statement": re.compile(r"""(?:from|import)\s*["']([^"'\n]+)["']"""),
        "export_statement": re.compile(r"""^export\b[^;="'(]*\bfrom\s*["']([^"'\n]+)["']"""),
        "lexical_declaration": _REQUIRED,
        "variable_declaration": _REQUIRED,
    },
    asides=frozenset({"comment", "decorator"}),
    texts=("comment", "string_fragment", "regex_pattern", "jsx_text"),
    functions=_CALLS,
    if_function=frozenset({"assignment_expression"}),
    constructors=frozenset({"constructor"}),
    own=re.compile(r"this\.(\w+)"),
)

_TYPESCRIPT: Final = Outline(
    rules={
        **_JAVASCRIPT.rules,
        "abstract_class_declaration": _JS_CLASS,
        "public_field_definition": FIELD,
        "function_signature": FUNCTION,
        "method_signature": METHOD,
        "abstract_method_signature": METHOD,
        "property_signature": FIELD,
        "interface_declaration": within(Kind.TYPE, "extends_type_clause"),
        "enum_declaration": within(Kind.TYPE),
        "enum_assignment": FIELD,
        "property_identifier": Rule(Kind.FIELD, ".", body=""),
        "type_alias_declaration": TYPE,
        "internal_module": within(Kind.MODULE),
        "module": within(Kind.MODULE),
    },
    through=_JAVASCRIPT.through | {"ambient_declaration"},
    lead=_JAVASCRIPT.lead | {"ambient_declaration"},
    imports=_JAVASCRIPT.imports,
    asides=_JAVASCRIPT.asides,
    texts=("comment", "string_fragment", "regex_pattern"),
    functions=_CALLS,
    if_function=_JAVASCRIPT.if_function,
    constructors=_JAVASCRIPT.constructors,
    own=_JAVASCRIPT.own,
)

_GO: Final = Outline(
    rules={
        "function_declaration": FUNCTION,
        "method_declaration": Rule(Kind.METHOD, owner="receiver"),
        "type_spec": Rule(
            Kind.TYPE, body="type/field_declaration_list|type/{", opens=True, inside="type"
        ),
        "type_alias": TYPE,
        "const_spec": CONSTANT,
        "var_spec": CONSTANT,
        "field_declaration": EMBEDDED,
        "type_elem": Rule(Kind.FIELD, "", embeds=True),
        "method_elem": METHOD,
    },
    through=frozenset(
        {
            *("type_declaration", "const_declaration", "var_declaration", "var_spec_list"),
            "field_declaration_list",
        }
    ),
    lead=frozenset({"type_declaration", "const_declaration", "var_declaration"}),
    imports={"import_declaration": re.compile(r'"([^"\n]+)"')},
    texts=("comment", "interpreted_string_literal", "raw_string_literal", "rune_literal"),
)

_RUST: Final = Outline(
    rules={
        "function_item": FUNCTION,
        "function_signature_item": FUNCTION,
        "struct_item": within(Kind.CLASS),
        "union_item": within(Kind.CLASS),
        "enum_item": within(Kind.TYPE),
        "enum_variant": Rule(Kind.FIELD, body=""),
        "field_declaration": FIELD,
        "trait_item": within(Kind.TYPE, "bounds"),
        "impl_item": Rule(Kind.CLASS, "", opens=True, bases=("trait",), owner="type"),
        "const_item": CONSTANT,
        "static_item": CONSTANT,
        "type_item": TYPE,
        "associated_type": TYPE,
        "macro_definition": Rule(Kind.FUNCTION, body="macro_rule"),
        "mod_item": within(Kind.MODULE),
    },
    through=frozenset({"foreign_mod_item", "declaration_list"}),
    imports={"use_declaration": re.compile(r"use\s+([\w:]+?)(?=::\{|::\*|[\s;]|$)")},
    asides=frozenset({"line_comment", "block_comment", "attribute_item"}),
    texts=("line_comment", "block_comment", "string_content", "raw_string_literal", "char_literal"),
)

OUTLINES: Final[Mapping[str, Outline]] = MappingProxyType(
    {
        "python": _PYTHON,
        "javascript": _JAVASCRIPT,
        "typescript": _TYPESCRIPT,
        # The types of TypeScript's nodes, and the text that JSX has between its tags.
        "tsx": Outline(
            rules=_TYPESCRIPT.rules,
            through=_TYPESCRIPT.through,
            lead=_TYPESCRIPT.lead,
            imports=_TYPESCRIPT.imports,
            asides=_TYPESCRIPT.asides,
            texts=(*_TYPESCRIPT.texts, "jsx_text"),
            functions=_CALLS,
            if_function=_TYPESCRIPT.if_function,
            constructors=_TYPESCRIPT.constructors,
            own=_TYPESCRIPT.own,
        ),
        "go": _GO,
        "rust": _RUST,
        "java": JAVA,
        "c": C,
        "cpp": CPP,
        "c_sharp": C_SHARP,
        "ruby": RUBY,
        "php": PHP,
        "lua": LUA,
        "bash": BASH,
        "sql": SQL,
    }
)
"""How definitions are found, by the names of `syntax/grammars.py`."""
