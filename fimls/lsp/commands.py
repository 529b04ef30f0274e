"""The commands of `workspace/executeCommand`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from fimls.errors import FimlsError
from fimls.lsp.configuration import put_in_force
from fimls.lsp.progress import shown
from fimls.settings import Effect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fimls.lsp.language_server import FimlsServer

_log = logging.getLogger(__name__)

ACCEPTED = "fimls.accepted"
"""The command that every item carries: editors run it when the item is accepted as a whole."""


def accepted_command(ident: int) -> types.Command:
    """The command of an item: it tells which one it was."""
    return types.Command("Accepted", ACCEPTED, arguments=[ident])


async def accepted(ls: FimlsServer, arguments: Sequence[object]) -> None:
    """Notes that an item was accepted; for statistics only."""
    _log.info("accepted: item %s", *arguments[:1] or ["unknown"])


async def toggle(ls: FimlsServer, _arguments: Sequence[object]) -> dict[str, bool]:
    """Switches completion off or on for this session."""
    enabled = ls.configuration.toggle()
    await put_in_force(ls)
    return {"enabled": enabled}


async def restart_model(ls: FimlsServer, _arguments: Sequence[object]) -> None:
    """Gives up the models and whatever they are doing, and looks for one anew."""
    engine = await ls.engine.ready()
    everything = frozenset({Effect.DROP_RUNS, Effect.RESTART_MODEL})
    await engine.completer.configure(ls.configuration.settings, everything)
    await ls.actions.close()
    await engine.session.restart()


async def models(ls: FimlsServer, _arguments: Sequence[object]) -> dict[str, object]:
    """What can be used here, in the form of `fimls model list --json`."""
    from fimls.models.catalogue import as_json, usable

    return as_json(await usable(ls.configuration.settings, ls.configuration.environ))


async def pull(ls: FimlsServer, arguments: Sequence[object]) -> dict[str, str] | None:
    """Fetches the model of that name, or the embedded default; it is used if it is preferred.

    What goes wrong is told to the user, and the result is null.
    """
    from fimls.models.catalogue import fix_of, get

    name = arguments[0] if arguments else None
    if name is not None and not isinstance(name, str):
        raise JsonRpcInvalidParams("expected the name of a model")
    settings, environ = ls.configuration.settings, ls.configuration.environ
    try:
        async with shown(ls, f"Fetching {name or 'the model'}", measured=True) as report:
            got = await get(name, settings, environ, report)
    except FimlsError as error:
        words = ": ".join(filter(None, (str(error), fix_of(error, name, settings))))
        message = types.ShowMessageParams(types.MessageType.Error, f"fimls: {words}")
        ls.window_show_message(message)
        return None
    (await ls.engine.ready()).session.look()
    return {"model": str(got)}


def action(name: str) -> Callable[[FimlsServer, Sequence[object]], Awaitable[object]]:
    """The command of an action on code, `fimls.‹name›`."""

    async def run(ls: FimlsServer, arguments: Sequence[object]) -> dict[str, object] | None:
        return await ls.actions.run(name, arguments)

    return run
