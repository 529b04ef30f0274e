"""Imports: which ones some code lacks, and where they go, by the rule of its language.

Nothing is guessed: a name is imported only where it is one that everybody knows, and where neither
the document nor the code says what else it may be.
"""

from fimls.actions.imports.lifting import imported_names, is_imports_only, lifted
from fimls.actions.imports.missing import missing_imports
from fimls.actions.imports.placing import import_edits
from fimls.actions.imports.rule import Import

__all__ = [
    "Import",
    "import_edits",
    "imported_names",
    "is_imports_only",
    "lifted",
    "missing_imports",
]
