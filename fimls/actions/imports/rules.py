"""The rules by language id."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.actions.imports import ecma, go, includes, java, python, rust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.actions.imports.rule import Rule

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "python": python.RULE,
        "javascript": ecma.RULE,
        "javascriptreact": ecma.RULE,
        "typescript": ecma.RULE,
        "typescriptreact": ecma.RULE,
        "go": go.RULE,
        "rust": rust.RULE,
        "java": java.RULE,
        "c": includes.RULE,
        "cpp": includes.RULE,
    }
)
"""The languages whose imports are known; all others have none here."""
