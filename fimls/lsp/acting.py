"""The actions as the server runs them: from a command to what the user sees of it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from fimls.lsp import buttons
from fimls.lsp.action_arguments import argument_of
from fimls.lsp.applying import applied
from fimls.lsp.conversions import offsets_of
from fimls.lsp.explanations import Reading
from fimls.lsp.progress import told
from fimls.lsp.protocol import TOKEN
from fimls.text.moving import moved
from fimls.text.positions import Range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fimls.actions.collect import Diagnostic
    from fimls.actions.request import Edits, Explanation, Name, Refusal, Request
    from fimls.documents.snapshot import Snapshot
    from fimls.lsp.action_arguments import Argument
    from fimls.lsp.engine import Engine
    from fimls.lsp.language_server import FimlsServer
    from fimls.models.chat_keeping import ChatKeeper
    from fimls.models.protocol import Model
    from fimls.models.status import Command, Status

_log = logging.getLogger(__name__)

_INPUT: Final = "fimls/input"

_AGAIN: Final = "Try again"
_AGAIN_WORDS: Final = (
    "The document has changed meanwhile, and nothing was done to it. Run the action again."
)

Answer = dict[str, object] | None
"""What a command answers: None where it was cancelled, or could not be done."""


class Actions:
    """Runs actions, one generation at a time, and keeps their model."""

    def __init__(self, ls: FimlsServer) -> None:
        self._ls = ls
        self._keeper: ChatKeeper | None = None

    async def run(self, name: str, arguments: Sequence[object]) -> Answer:
        """Runs the action of a command.  Cancelled, it answers None, and nothing is changed."""
        token = TOKEN.get()
        try:
            argument = argument_of(arguments)
            if isinstance(argument, str):
                buttons.say(self._ls, types.MessageType.Error, f"fimls.{name} {argument}")
                return None
            # Half of it is the grammars, which nothing has needed so far.
            await asyncio.to_thread(import_module, "fimls.actions.run")
            return await self._run(name, argument, token)
        except asyncio.CancelledError:
            _log.info("the action %s was cancelled", name)
            return None

    def why_not(self, name: str) -> str | None:
        """Why an action can do nothing at present, as far as that is known already."""
        return None if self._keeper is None else self._keeper.why_not(completes=name == "generate")

    async def close(self) -> None:
        """Closes the model of the actions."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            await keeper.close()

    # From the command to the document.

    async def _run(
        self, name: str, argument: Argument, token: types.ProgressToken | None = None
    ) -> Answer:
        from fimls.actions.request import Explanation, Name, Refusal

        snap = self._ls.documents.at(argument.uri)
        if snap is None:
            return self._refuse_unknown(argument.uri)
        if argument.version not in (None, snap.version):
            return self._offer_again(name, replace(argument, version=None))
        asked = await self._instructed(name, argument)
        if asked is None:
            return None
        request = self._request(Name(name), asked, snap)
        reading = Reading(self._ls, snap, request.start, request.end)
        result = None
        try:
            result = await self._done(request, reading, token)
        finally:
            if name == Name.EXPLAIN:
                reading.end(result.markdown if isinstance(result, Explanation) else None)
        if isinstance(result, Refusal):
            return self._refuse(result, request, asked)
        if isinstance(result, Explanation):
            return {"markdown": result.markdown, "uri": reading.uri}
        return await self._apply(request, asked, result)

    async def _done(
        self, request: Request, reading: Reading, token: types.ProgressToken | None
    ) -> Explanation | Edits | Refusal:
        from fimls.actions.offers import TITLES
        from fimls.actions.request import Name
        from fimls.actions.run import Env, prompts_folder, run
        from fimls.actions.watching import Watcher

        ls, settings = self._ls, self._ls.configuration.settings
        engine = await ls.engine.ready()
        keeper = self._kept(engine)
        await keeper.configure(settings)
        env = Env(
            settings,
            keeper,
            engine.completer.slot,
            ls.clock,
            ls.places.at(request.snap.uri),
            prompts_folder(ls.configuration.environ),
        )
        async with told(ls, TITLES[request.name], token) as say:
            if request.name is Name.EXPLAIN:
                return await run(request, env, Watcher(say, reading.grow))
            return await run(request, env, Watcher(say))

    def _kept(self, engine: Engine) -> ChatKeeper:
        from fimls.models.chat_keeping import ChatKeeper

        if self._keeper is None:
            settings, environ = self._ls.configuration.settings, self._ls.configuration.environ
            session = engine.session

            async def completion() -> Model | Status:
                return await session.settled()

            self._keeper = ChatKeeper(
                settings, self._ls.clock, environ, completion, on_failed=session.failed
            )
        return self._keeper

    async def _apply(self, request: Request, argument: Argument, found: Edits) -> Answer:
        from fimls.actions.offers import TITLES

        ls, snap = self._ls, request.snap
        if not ls.documents.is_current(snap):
            return self._offer_again(request.name, self._as_it_is(request, argument))
        title = TITLES[request.name].rstrip("…")
        why_not = await applied(ls, snap, found.edits, f"{title} (fimls)")
        if why_not is not None:
            if not ls.documents.is_current(snap):
                return self._offer_again(request.name, self._as_it_is(request, argument))
            buttons.say(ls, types.MessageType.Error, f"Nothing was changed: {why_not}.")
            return {"applied": False, "message": why_not}
        buttons.say(ls, types.MessageType.Info, f"{title}: {found.message}")
        return {"applied": True, "message": found.message}

    # What is asked with.

    async def _instructed(self, name: str, argument: Argument) -> Argument | None:
        """The argument with an instruction, for which the user is asked; None if they give none."""
        client = self._ls.client
        wants = name == "edit" and not argument.instruction.strip()
        if not wants or client is None or not client.gives_text:
            return argument
        try:
            answer = await self._ls.protocol.send_request_async(
                _INPUT, {"prompt": "How should the selected code be changed?"}
            )
        except JsonRpcException as error:
            _log.info("the client gives no text: %s", error.message)
            return argument
        value = answer.get("value") if isinstance(answer, dict) else None
        return replace(argument, instruction=value) if isinstance(value, str) and value else None

    def _request(self, name: Name, argument: Argument, snap: Snapshot) -> Request:
        from fimls.actions.request import Request

        start, end = offsets_of(snap, argument.range, self._ls.documents.encoding)
        found = self._diagnostic(argument, snap)
        return Request(name, snap, start, end, argument.instruction, found)

    def _diagnostic(self, argument: Argument, snap: Snapshot) -> tuple[Diagnostic, ...]:
        from fimls.actions.collect import Diagnostic

        told = argument.diagnostic
        if told is None or not told.message.strip():
            return ()
        span = told.range or argument.range
        start, end = offsets_of(snap, span, self._ls.documents.encoding)
        return (Diagnostic(start, end, told.message, told.source, told.code),)

    def _as_it_is(self, request: Request, argument: Argument) -> Argument:
        """The argument for the document as it is now."""
        old, new = request.snap, self._ls.documents.at(request.snap.uri)
        if new is None:
            return replace(argument, version=None)
        encoding = self._ls.documents.encoding
        start, end = (
            new.lines.position(moved(each, old.text, new.text), encoding)
            for each in (request.start, request.end)
        )
        about = argument.diagnostic
        about = about if about is None else replace(about, range=None)
        return replace(argument, range=Range(start, end), version=None, diagnostic=about)

    # What the user is told.

    def _offer_again(self, name: str, argument: Argument, words: str = _AGAIN_WORDS) -> Answer:
        async def again() -> Answer:
            return await self._run(name, argument)

        buttons.offer(self._ls, types.MessageType.Warning, words, _AGAIN, again)
        return {"applied": False, "message": words} if name != "explain" else None

    def _refuse(self, why: Refusal, request: Request, argument: Argument) -> Answer:
        from fimls.actions.request import Why

        if why.command is not None:
            self._offer_command(str(why), why.command)
        elif why.why in (Why.MODEL, Why.NO_MODEL):
            self._offer_again(request.name, self._as_it_is(request, argument), str(why))
        else:
            buttons.say(self._ls, types.MessageType.Warning, str(why))
        return None

    def _offer_command(self, words: str, command: Command) -> None:
        async def do() -> object:
            wanted = self._ls.protocol.fm.commands[command.command]
            return await wanted(list(command.arguments))

        buttons.offer(self._ls, types.MessageType.Warning, words, command.title, do)

    def _refuse_unknown(self, uri: str) -> Answer:
        words = f"{uri} is not open here. Open it, and run the action again."
        buttons.say(self._ls, types.MessageType.Warning, words)
        return None
