"""What most commands begin with: the settings in force, and a session with the model."""

from __future__ import annotations

import os
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fimls.settings import from_assignments, resolve, user_sources

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import AsyncIterator

    from fimls.completion.completer import Completer
    from fimls.settings import Settings


def settings_for(arguments: Namespace) -> Settings:
    """The settings in force for a command; what is wrong with them is said on stderr."""
    resolved = resolve([*user_sources(os.environ), from_assignments(arguments.assignments)])
    for problem in resolved.problems:
        print(f"fimls: {problem}", file=sys.stderr)
    return resolved.settings


@asynccontextmanager
async def completer_for(settings: Settings) -> AsyncIterator[Completer]:
    """A completer with the model that these settings choose; closed at the end."""
    from fimls.clock import SystemClock
    from fimls.completion.completer import Completer
    from fimls.models.session import Session

    clock = SystemClock()
    session = Session(settings, clock, os.environ, on_status=lambda _status: None)
    completer = Completer(settings, session, clock)
    try:
        # Nobody types here: a look for a model may take as long as it needs.
        await session.settled()
        yield completer
    finally:
        await completer.close()
        await session.close()
