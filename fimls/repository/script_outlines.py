"""The outlines of scripting languages and of SQL."""

from __future__ import annotations

import re
from typing import Final

from fimls.repository.facts import Kind
from fimls.repository.rules import CONSTANT, FIELD, FUNCTION, METHOD, MODULE, Outline, Rule, within

RUBY: Final = Outline(
    rules={
        "module": MODULE,
        "class": within(Kind.CLASS, "superclass"),
        "method": FUNCTION,
        "singleton_method": FUNCTION,
        "assignment": Rule(Kind.CONSTANT, "left", body=""),
    },
    through=frozenset({"body_statement", "singleton_class", "if", "unless", "begin"}),
    imports={
        "call": re.compile(r"""^(?:require|require_relative|load)\s*\(?\s*["']([^"'\n]+)["']""")
    },
    texts=("comment", "string_content", "heredoc_content"),
    constructors=frozenset({"initialize"}),
    own=re.compile(r"@(\w+)"),
)

PHP: Final = Outline(
    rules={
        "namespace_definition": Rule(Kind.MODULE, opens=True),
        "class_declaration": within(Kind.CLASS, "base_clause", "class_interface_clause"),
        "interface_declaration": within(Kind.TYPE, "base_clause"),
        "trait_declaration": within(Kind.CLASS),
        "enum_declaration": within(Kind.TYPE, "class_interface_clause"),
        "enum_case": FIELD,
        "use_declaration": Rule(Kind.FIELD, "", embeds=True),
        "function_definition": FUNCTION,
        "method_declaration": METHOD,
        "property_declaration": Rule(Kind.FIELD, "property_element/name", body=""),
        "const_declaration": Rule(Kind.CONSTANT, "const_element/name", body=""),
    },
    through=frozenset({"expression_statement", "if_statement", "compound_statement"}),
    imports={
        "namespace_use_declaration": re.compile(
            r"(?:use|,)\s+(?:function\s+|const\s+)?\\?(\w+(?:\\\w+)*)"
        ),
        "require_once_expression": re.compile(r"""["']([^"'\n]+)["']"""),
        "require_expression": re.compile(r"""["']([^"'\n]+)["']"""),
        "include_once_expression": re.compile(r"""["']([^"'\n]+)["']"""),
        "include_expression": re.compile(r"""["']([^"'\n]+)["']"""),
    },
    asides=frozenset({"comment", "attribute_list"}),
    texts=("comment", "string_content", "heredoc_body", "nowdoc_body", "text"),
)

LUA: Final = Outline(
    rules={
        "function_declaration": FUNCTION,
        "assignment_statement": Rule(Kind.CONSTANT, "variable_list/name", body=""),
    },
    through=frozenset({"variable_declaration", "if_statement", "do_statement", "block"}),
    lead=frozenset({"variable_declaration"}),
    imports={
        "variable_declaration": re.compile(
            r"""^local\s[^=]*=\s*require\s*\(?\s*["']([^"'\n]+)["']"""
        ),
        "function_call": re.compile(r"""^require\s*\(?\s*["']([^"'\n]+)["']"""),
    },
    texts=("comment", "string_content"),
    functions=frozenset({"function_definition"}),
    dotted=True,
)

BASH: Final = Outline(
    rules={"function_definition": FUNCTION, "variable_assignment": CONSTANT},
    through=frozenset(
        {"declaration_command", "if_statement", "else_clause", "elif_clause", "list"}
    ),
    lead=frozenset({"declaration_command"}),
    imports={"command": re.compile(r"""^(?:source|\.)\s+["']?([^"'\s;]+)""")},
    texts=("comment", "raw_string", "heredoc_body"),
)

SQL: Final = Outline(
    rules={
        "create_table": Rule(
            Kind.TYPE, "object_reference/name", body="column_definitions", opens=True
        ),
        "create_view": Rule(Kind.TYPE, "object_reference/name", body="keyword_as"),
        "create_materialized_view": Rule(Kind.TYPE, "object_reference/name", body="keyword_as"),
        "create_function": Rule(Kind.FUNCTION, "object_reference/name", body="function_body"),
        "create_type": Rule(Kind.TYPE, "object_reference/name", body=""),
        "column_definition": Rule(Kind.FIELD, body=""),
        "alter_table": Rule(Kind.TYPE, "", body=".", opens=True, owner="object_reference/name"),
    },
    through=frozenset({"statement", "add_column"}),
    asides=frozenset({"comment", "marginalia"}),
    texts=("comment", "marginalia", "literal"),
)
