"""The outlines of C and the languages that look like it."""

from __future__ import annotations

import re
from typing import Final

from fimls.repository.facts import Kind
from fimls.repository.rules import (
    CONSTANT,
    FIELD,
    FUNCTION,
    METHOD,
    MODULE,
    QUOTED,
    TYPE,
    Outline,
    Rule,
    within,
)

_PREPROCESSED: Final = frozenset(
    {
        *("preproc_ifdef", "preproc_if", "preproc_else", "preproc_elif", "preproc_elifdef"),
        *("linkage_specification", "declaration_list"),
    }
)

C: Final = Outline(
    rules={
        "function_definition": Rule(Kind.FUNCTION, "declarator"),
        "declaration": Rule(Kind.CONSTANT, "declarator", body=""),
        "type_definition": Rule(Kind.TYPE, "declarator", body="type/body", opens=True),
        "struct_specifier": within(Kind.CLASS),
        "union_specifier": within(Kind.CLASS),
        "enum_specifier": within(Kind.TYPE),
        "enumerator": CONSTANT,
        "field_declaration": Rule(Kind.FIELD, "declarator", body=""),
        "preproc_def": CONSTANT,
        "preproc_function_def": Rule(Kind.FUNCTION, body="value"),
    },
    through=_PREPROCESSED,
    imports={"preproc_include": QUOTED},
    texts=("comment", "string_content", "system_lib_string", "char_literal"),
)

CPP: Final = Outline(
    rules={
        **C.rules,
        "class_specifier": within(Kind.CLASS, "base_class_clause"),
        "struct_specifier": within(Kind.CLASS, "base_class_clause"),
        "namespace_definition": MODULE,
        "alias_declaration": TYPE,
        "concept_definition": TYPE,
    },
    through=_PREPROCESSED | {"template_declaration"},
    lead=frozenset({"template_declaration"}),
    imports=C.imports,
    texts=(*C.texts, "raw_string_content"),
)

JAVA: Final = Outline(
    rules={
        "class_declaration": within(Kind.CLASS, "superclass", "interfaces"),
        "record_declaration": within(Kind.CLASS, "interfaces"),
        "enum_declaration": within(Kind.TYPE, "interfaces"),
        "interface_declaration": within(Kind.TYPE, "extends_interfaces"),
        "annotation_type_declaration": within(Kind.TYPE),
        "method_declaration": METHOD,
        "constructor_declaration": METHOD,
        "annotation_type_element_declaration": METHOD,
        "field_declaration": Rule(Kind.FIELD, "declarator/name", body=""),
        "constant_declaration": Rule(Kind.FIELD, "declarator/name", body=""),
        "enum_constant": FIELD,
    },
    through=frozenset({"enum_body_declarations"}),
    imports={"import_declaration": re.compile(r"import\s+(?:static\s+)?(\w+(?:\.\w+)*(?:\.\*)?)")},
    asides=frozenset({"block_comment", "line_comment", "annotation", "marker_annotation"}),
    texts=("block_comment", "line_comment", "string_fragment", "character_literal"),
)

_CS_VARIABLE: Final = "variable_declaration/variable_declarator/name"

C_SHARP: Final = Outline(
    rules={
        "namespace_declaration": MODULE,
        "file_scoped_namespace_declaration": Rule(Kind.MODULE),
        "class_declaration": within(Kind.CLASS, "base_list"),
        "struct_declaration": within(Kind.CLASS, "base_list"),
        "record_declaration": within(Kind.CLASS, "base_list"),
        "interface_declaration": within(Kind.TYPE, "base_list"),
        "enum_declaration": within(Kind.TYPE),
        "enum_member_declaration": FIELD,
        "delegate_declaration": TYPE,
        "method_declaration": METHOD,
        "constructor_declaration": METHOD,
        "local_function_statement": FUNCTION,
        "property_declaration": Rule(Kind.FIELD, body="accessors"),
        "field_declaration": Rule(Kind.FIELD, _CS_VARIABLE, body=""),
        "event_field_declaration": Rule(Kind.FIELD, _CS_VARIABLE, body=""),
    },
    through=frozenset({"declaration_list", "global_statement"}),
    imports={"using_directive": re.compile(r"using\s+(?:static\s+)?(?:\w+\s*=\s*)?([\w.]+)")},
    asides=frozenset({"comment", "attribute_list"}),
    texts=("comment", "string_literal_content", "verbatim_string_literal", "character_literal"),
)
