"""Code asked for in a chat: the prompt of the action, then its repair with what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from fimls.actions.asking import Said, ask
from fimls.actions.extract import Form, extract
from fimls.actions.loops import IN_CODE, without_loop
from fimls.actions.prompting import TooLong, fitted_turns
from fimls.actions.refusing import too_long
from fimls.actions.repairing import MOST_ATTEMPTS
from fimls.actions.templates import render
from fimls.context.secrets import clear
from fimls.models.protocol import Chat, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.actions.prompting import Filling, Turns
    from fimls.actions.repairing import Failed
    from fimls.actions.request import Refusal
    from fimls.actions.templates import Template
    from fimls.actions.watching import Watcher
    from fimls.models.protocol import Model
    from fimls.models.slot import Slot
    from fimls.text.cleared import Cleared

# A model that says the same in spite of the errors is asked less strictly the last time.
_LAST_TEMPERATURE: Final = 0.4


@dataclass(slots=True)
class Chatting:
    """Asks for code in a chat; `tokens` are the most of an answer.

    `lines_heard` is how many lines of the present one have come.
    """

    model: Model
    slot: Slot
    template: Template
    repair: Template
    filling: Filling
    tokens: int
    watcher: Watcher
    lines_heard: int = 0

    async def __call__(self, number: int, failed: Failed | None) -> Said | Refusal:
        """The answer to the prompt, or to what was wrong with the last answer."""
        make = partial(self._turns, failed)
        made = fitted_turns(make, self.filling, self.tokens, self.model.capabilities)
        if isinstance(made, TooLong):
            return too_long(made, self.filling.material.selection, self.model)
        temperature = _LAST_TEMPERATURE if number == MOST_ATTEMPTS else 0.0
        chat = Chat(made.prompt, made.answer_tokens, temperature=temperature)
        self.watcher.asks(number)
        said = await ask(partial(self.model.chat, chat), self.slot, self._heard)
        return Said(said.text, said.is_cut or without_loop(said.text, IN_CODE) is not None)

    def _turns(self, failed: Failed | None, values: Mapping[str, Cleared]) -> Turns:
        turns = render(self.template, values)
        if failed is None:
            return turns
        errors = clear("\n".join(f"- {error}" for error in failed.errors))
        again = render(self.repair, {**values, "errors": errors})
        return (*turns, Message("assistant", clear(failed.answer)), *again)

    def _heard(self, said: str) -> bool:
        lines = said.count("\n")
        if lines == self.lines_heard:
            # A line that is being said does not count.
            return False
        self.lines_heard = lines
        found = extract(said, self.filling.site.language, done=False)
        self.watcher.hears(found.text if found.form is not Form.NOTHING else "")
        return without_loop(said, IN_CODE) is not None
