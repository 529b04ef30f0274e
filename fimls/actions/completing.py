"""Code from a model that follows no instructions: it completes what stands after the comment.

What is wrong with an answer cannot be told to it.  It is asked again all the same, less strictly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from fimls.actions.asking import Said, ask
from fimls.actions.ending import ended
from fimls.actions.filling import cleared_part
from fimls.actions.loops import IN_CODE, without_loop
from fimls.actions.prompting import TooLong, fitted_text
from fimls.actions.refusing import too_long
from fimls.actions.templates import render_completion
from fimls.context.secrets import clear
from fimls.models.protocol import Generation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.actions.prompting import Filling
    from fimls.actions.repairing import Failed
    from fimls.actions.request import Refusal
    from fimls.actions.templates import Template
    from fimls.actions.watching import Watcher
    from fimls.models.protocol import Model
    from fimls.models.slot import Slot
    from fimls.text.cleared import Cleared

# The likeliest answer first; if it cannot be used, others that are drawn by chance.
_TEMPERATURES: Final = (0.0, 0.3, 0.6)

# What follows matters less than what is above: a screen of it at the most.
_BELOW_CHARS: Final = 1500


@dataclass(slots=True)
class Completing:
    """Asks for what stands after a comment, or after what has been begun below it.

    A model with a format for filling in is shown what follows as well.  `tokens` are the most of
    an answer; `ends_heard` is how many lines and statements of the present one have come.
    """

    model: Model
    slot: Slot
    template: Template
    filling: Filling
    tokens: int
    watcher: Watcher
    ends_heard: int = 0

    async def __call__(self, number: int, _failed: Failed | None) -> Said | Refusal:
        """The code, from its first line to its end."""
        capabilities = self.model.capabilities
        made = fitted_text(self._prompt, self.filling, self.tokens, capabilities)
        if isinstance(made, TooLong):
            return too_long(made, self.filling.material.selection, self.model)
        family = capabilities.family
        request = Generation(
            made.prompt,
            made.answer_tokens,
            stop=() if family is None else family.stops,
            temperature=_TEMPERATURES[number - 1],
            seed=number,
        )
        self.watcher.asks(number)
        said = await ask(partial(self.model.generate, request), self.slot, self._heard)
        return self._answer(said)

    @property
    def _begun(self) -> str:
        """What has been begun below the comment, and is gone on with."""
        site = self.filling.site
        return "" if site.is_below else site.text[slice(*site.range)]

    def _prompt(self, values: Mapping[str, Cleared]) -> str:
        before = render_completion(self.template, values)
        if not self._begun:
            before = f"{before.rstrip()}\n"
        family = self.model.capabilities.family
        render = None if family is None else family.psm or family.spm
        if render is None:
            return before
        return render(clear(before), self._below())

    def _below(self) -> Cleared:
        """What follows, from the end of the line on."""
        site = self.filling.site
        end = site.range[1] if site.until is None else site.until
        end = end if self._begun else max(end, site.text.find("\n", end))
        part = site.text[end : end + _BELOW_CHARS]
        return cleared_part(site.text, end, part)

    def _heard(self, said: str) -> bool:
        ends = said.count("\n") + said.count(";")
        if ends == self.ends_heard:
            # Only a whole line, or a whole statement, can be the end.
            return False
        self.ends_heard = ends
        code = self._begun + said
        end = ended(code, self.filling.site.language, is_begun=bool(self._begun))
        self.watcher.hears(code if end is None else end)
        return end is not None or without_loop(said, IN_CODE) is not None

    def _answer(self, said: Said) -> Said:
        """The answer as a block of code, so that nothing in it is taken for words around it."""
        code = self._begun + said.text
        language = self.filling.site.language
        end = ended(f"{code}\n\n", language, is_begun=bool(self._begun))
        whole = code if end is None else end
        is_cut = said.is_cut or without_loop(said.text, IN_CODE) is not None
        if "```" in whole or (is_cut and end is None):
            return Said(whole, is_cut and end is None)
        return Said(f"```\n{whole}\n```")
