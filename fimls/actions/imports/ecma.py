"""How JavaScript and TypeScript import: as modules do, or as Node did before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fimls.actions.imports.names import ECMA
from fimls.actions.imports.rule import Import, Rule, below_comments

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODULE: Final = re.compile(r"from\s*['\"]([^'\"]+)['\"]|import\s*['\"]([^'\"]+)['\"]")
_REQUIRED: Final = re.compile(
    r"(?:const|let|var)\s+(.+?)\s*=\s*require\(\s*['\"]([^'\"]+)['\"]", re.DOTALL
)
_CLAUSE: Final = re.compile(r"import\s+(?:type\s+)?(.*?)\s*from\b", re.DOTALL)
_ITEM: Final = re.compile(r"((?:type\s+)?[\w$]+)(?:\s+as\s+|\s*:\s*)?([\w$]*)")
_SPACE: Final = re.compile(r"\*\s+as\s+([\w$]+)")

_DIRECTIVE: Final = re.compile(r"#!|['\"]use \w+['\"];?\s*$|//\s*@ts-|/\*\s*eslint")

_WITH_REQUIRE: Final = re.compile(r"^(?:const|let|var)\s.*=\s*require\(", re.MULTILINE)
_WITH_IMPORT: Final = re.compile(r"^(?:import|export)\s", re.MULTILINE)
_STATEMENT: Final = re.compile(r"^(?:import|export|const|let|var|return)\b.*$", re.MULTILINE)

_SHORT: Final = re.compile(
    r"['\"](?:fs|path|os|http|https|url|util|events|crypto|child_process)['\"]"
)

# Packages, and what is the project's own.
_PACKAGE, _OWN = range(2)


def read(statement: str) -> list[Import]:
    """The imports of a statement."""
    if found := _REQUIRED.match(statement):
        return list(_clause(found[1], found[2], is_required=True))
    named = _MODULE.search(statement)
    if named is None:
        return []
    module = named[1] or named[2]
    clause = _CLAUSE.match(statement)
    imports = list(_clause(clause[1], module)) if clause else [Import(module)]
    if not statement.startswith("import type"):
        return imports
    names = ("", "*", "default")
    return [each if each.item in names else _as_type(each) for each in imports]


def _clause(clause: str, module: str, *, is_required: bool = False) -> list[Import]:
    outside, brace, inside = clause.partition("{")
    found = [Import(module, "*", name) for name in _SPACE.findall(outside)]
    plain = _SPACE.sub("", outside).strip(" ,\n")
    if plain:
        found.append(Import(module, "*" if is_required else "default", plain))
    items = _ITEM.findall(inside.partition("}")[0]) if brace else []
    return found + [Import(module, item, alias) for item, alias in items]


def _as_type(each: Import) -> Import:
    return Import(each.module, f"type {each.item}", each.alias)


def write(imports: Sequence[Import], like: str) -> str:
    """A statement for imports from one module, in the document's way to quote and to end lines."""
    module = _in_style(imports[0].module, like)
    quote = "'" if like.count("'") > like.count('"') else '"'
    end = _end(like)
    items = ", ".join(_item(each) for each in imports if each.item not in ("", "*", "default"))
    names = [each.alias for each in imports if each.item == "default"]
    spaces = [each.alias for each in imports if each.item == "*"]
    if _WITH_REQUIRE.search(like) and not _WITH_IMPORT.search(like):
        targets = [*names, *spaces, *([f"{{ {items} }}".replace(" as ", ": ")] if items else [])]
        required = f"require({quote}{module}{quote}){end}"
        return "\n".join(f"const {target} = {required}" for target in targets) or required
    named = [*names, *(f"* as {name}" for name in spaces), *([f"{{ {items} }}"] if items else [])]
    clause = f"{', '.join(named)} from " if named else ""
    return f"import {clause}{quote}{module}{quote}{end}"


def _in_style(module: str, like: str) -> str:
    """A module of Node's own, called as the document calls these."""
    is_short = "node:" not in like and _SHORT.search(like) is not None
    return module.removeprefix("node:") if is_short else module


def _item(each: Import) -> str:
    return f"{each.item} as {each.alias}" if each.alias else each.item


def _end(like: str) -> str:
    lines: list[str] = _STATEMENT.findall(like)
    ended = sum(line.rstrip().endswith(";") for line in lines)
    return ";" if not lines or ended * 2 >= len(lines) else ""


def order(each: Import) -> tuple[int, str]:
    """Packages stand before the project's own modules."""
    is_own = each.module.startswith((".", "@/", "~/", "/"))
    return _OWN if is_own else _PACKAGE, each.module.lower()


def top(lines: Sequence[str]) -> int:
    """Below the shebang, directives and a license."""
    at = _past_directives(lines, 0)
    return _past_directives(lines, below_comments(_with_line_comments(lines, at), at, ("//",)))


def _with_line_comments(lines: Sequence[str], at: int) -> list[str]:
    """The lines, with those of a block comment that begins at a line marked as line comments."""
    if at == len(lines) or not lines[at].startswith("/*"):
        return list(lines)
    last = next((end for end in range(at, len(lines)) if "*/" in lines[end]), len(lines))
    marked = (f"//{line}" for line in lines[at : last + 1])
    return [*lines[:at], *marked, *lines[last + 1 :]]


def _past_directives(lines: Sequence[str], at: int) -> int:
    end = at
    while end < len(lines) and (_DIRECTIVE.match(lines[end]) or not lines[end].strip()):
        end += 1
        if lines[end - 1].strip():
            at = end
    return at


def bound(each: Import) -> str:
    """The name that is brought in."""
    return each.alias or each.item.removeprefix("type ")


RULE: Final = Rule(
    begins=re.compile(
        r"import\s(?!\()|import[{'\"*]|(?:const|let|var)\s+[\w{}\s,:$]+=\s*require\(\s*['\"]"
    ),
    read=read,
    write=write,
    order=order,
    top=top,
    bound=bound,
    known=ECMA,
    merges=True,
)
"""The rule of both."""
