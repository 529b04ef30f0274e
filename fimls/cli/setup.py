"""What most commands begin with: the settings in force, and a session with the model."""

from __future__ import annotations

import os
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fimls.settings import from_assignments, resolve, user_sources

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import AsyncIterator, Callable

    from fimls.completion.completer import Completer
    from fimls.context.place import Place
    from fimls.models.status import Status
    from fimls.settings import Settings


def _ignore(_status: Status) -> None:
    return None


def _nowhere(_uri: str) -> None:
    return None


def settings_for(arguments: Namespace) -> Settings:
    """The settings in force for a command; what is wrong with them is said on stderr."""
    resolved = resolve([*user_sources(os.environ), from_assignments(arguments.assignments)])
    for problem in resolved.problems:
        print(f"fimls: {problem}", file=sys.stderr)
    return resolved.settings


@asynccontextmanager
async def completer_for(
    settings: Settings,
    on_status: Callable[[Status], None] = _ignore,
    look: Callable[[str], Place | None] = _nowhere,
) -> AsyncIterator[Completer]:
    """A completer with the model that these settings choose; closed at the end.

    `on_status` is told where the model stands, as an editor is; `look` tells where a document lies.
    """
    from fimls.clock import SystemClock
    from fimls.completion.completer import Completer
    from fimls.completion.maps import here
    from fimls.models.session import Session

    clock = SystemClock()
    session = Session(settings, clock, os.environ, on_status)
    completer = Completer(settings, session, clock, look=look, apart=here)
    try:
        # Nobody types here: a look for a model may take as long as it needs.
        await session.settled()
        yield completer
    finally:
        await completer.close()
        await session.close()
