"""Settings: every default in `values`, where they come from in `sources`, their pages in `pages`.

resolve([*user_sources(environ), from_initialization(options), from_workspace(section),
         from_assignments(["completion.maxTokens=64"])]) -> Resolved(settings, problems)
"""

from __future__ import annotations

from fimls.settings.folders import cache_dir, config_file, data_dir
from fimls.settings.kinds import Headers
from fimls.settings.pages import markdown, schema
from fimls.settings.resolve import Resolved, effects, resolve
from fimls.settings.sources import (
    Origin,
    Source,
    from_assignments,
    from_environment,
    from_file,
    from_initialization,
    from_workspace,
    user_sources,
)
from fimls.settings.values import (
    KEYS,
    CompletionSettings,
    ContextSettings,
    Effect,
    Key,
    Settings,
)

__all__ = [
    "KEYS",
    "CompletionSettings",
    "ContextSettings",
    "Effect",
    "Headers",
    "Key",
    "Origin",
    "Resolved",
    "Settings",
    "Source",
    "cache_dir",
    "config_file",
    "data_dir",
    "effects",
    "from_assignments",
    "from_environment",
    "from_file",
    "from_initialization",
    "from_workspace",
    "markdown",
    "resolve",
    "schema",
    "user_sources",
]
