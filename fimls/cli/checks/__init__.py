"""What `fimls doctor` looks at, besides a real completion: one file for each kind of thing.

situation = survey(assignments, environ), then `await check.look(situation)` for each of `CHECKS`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fimls.cli.checks import choice, chosen, editors, index, inside, machine, servers
from fimls.cli.checks.finding import Check, Situation
from fimls.settings import from_assignments, resolve, user_sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHECKS: tuple[Check, ...] = (
    *machine.CHECKS,
    *index.CHECKS,
    *chosen.CHECKS,
    *servers.CHECKS,
    *inside.CHECKS,
    *choice.CHECKS,
    *editors.CHECKS,
)
"""All of them, in the order in which they are told."""


def survey(assignments: Sequence[str], environ: Mapping[str, str]) -> Situation:
    """The settings in force, and the questions that several checks need an answer to, under way.

    To be called in an event loop.  Raises `SettingError` for what is no assignment.
    """
    from fimls.models.catalogue import usable

    sources = [*user_sources(environ), from_assignments(assignments)]
    settings, problems = resolve(sources)
    server = asyncio.ensure_future(servers.ask(settings))
    return Situation(
        settings=settings,
        problems=problems,
        changed=chosen.changed(sources, environ),
        environ=environ,
        server=server,
        entries=asyncio.ensure_future(usable(settings, environ)),
        choice=asyncio.ensure_future(choice.choose(settings, environ, server)),
    )
