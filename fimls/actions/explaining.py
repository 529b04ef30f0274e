"""Explains a selection in Markdown; one that is too long is first read part by part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from fimls.actions.asking import ask
from fimls.actions.collect import selected
from fimls.actions.cutting import parts_of
from fimls.actions.loops import without_loop
from fimls.actions.prompt_files import load
from fimls.actions.prompting import (
    Filling,
    TooLong,
    counter_of,
    fitted_text,
    fitted_turns,
    room_for,
)
from fimls.actions.refusing import too_long
from fimls.actions.request import Explanation, Refusal, Why
from fimls.actions.roles import without_role
from fimls.actions.sites import site_of_selection
from fimls.actions.templates import render, render_completion
from fimls.actions.thoughts import without_thoughts
from fimls.models.protocol import Chat, Generation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fimls.actions.asking import Said, Source
    from fimls.actions.cutting import Part
    from fimls.actions.watching import Watcher
    from fimls.models.protocol import Model
    from fimls.models.slot import Slot
    from fimls.syntax.tree import Tree

# Three short sections; a small model that says more repeats itself.
_ANSWER_TOKENS: Final = 800

# Two or three sentences about a part.
_SUMMARY_TOKENS: Final = 120

# Each part is a request: with more of them nobody waits for the explanation.
_MOST_PARTS: Final = 16

# Above this a prompt cannot fit into any part, and is not even counted.
_CHARS_PER_TOKEN: Final = 16

# A model that follows no instructions goes on with a page; this begins the next one.
_NEXT_PAGE: Final = ("\n# ",)

_TOO_LONG: Final = "\n\n*(The answer was broken off here: it had become too long.)*"
_AGAIN: Final = "\n\n*(The model began to repeat itself here.)*"


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked; the explanation begins with `lead`, which the prompt ends with."""

    source: Source
    lead: str = ""


@dataclass(slots=True)
class Explaining:
    """Explains code; `prompts` is the user's folder of these.

    `lines_heard` is how many lines of the present answer have come.
    """

    model: Model
    slot: Slot
    filling: Filling
    tree: Tree | None
    prompts: Path | None
    watcher: Watcher
    lines_heard: int = 0

    async def whole(self) -> Explanation | Refusal:
        """The explanation of the selection."""
        made = self._fitted("explain", self.filling, _ANSWER_TOKENS)
        if isinstance(made, TooLong):
            return await self._by_parts(made)
        self.watcher.asks(1)
        return await self._explained(made)

    async def _by_parts(self, found: TooLong) -> Explanation | Refusal:
        material = self.filling.material
        parts = self._parts()
        if not 1 < len(parts) <= _MOST_PARTS:
            return too_long(found, material.selection, self.model)
        told: list[str] = []
        for number, part in enumerate(parts, 1):
            self.watcher.on_progress(f"Reading part {number} of {len(parts)}")
            made = self._fitted("summary", self._filling_of(part), _SUMMARY_TOKENS)
            if isinstance(made, TooLong):
                return too_long(found, material.selection, self.model)
            said = await ask(made.source, self.slot, _never_enough)
            told.append(self._told(part, _sentences(said)))
            self.watcher.on_text("\n".join((*told, "")))
        beside = {**self.filling.beside, "parts": "\n".join(told)}
        made = self._fitted("overview", replace(self.filling, beside=beside), _ANSWER_TOKENS)
        if isinstance(made, TooLong):
            return too_long(found, material.selection, self.model)
        return await self._explained(made)

    async def _explained(self, question: _Question) -> Explanation | Refusal:
        lead = question.lead
        said = await ask(question.source, self.slot, partial(self._heard, lead))
        answer = _answer(said.text)
        whole = without_loop(answer)
        markdown = f"{lead}{answer if whole is None else whole}".strip()
        if markdown == lead.strip():
            return Refusal(
                Why.ANSWER, f"{self.model.name} has said nothing", "try again, or another model"
            )
        more = _TOO_LONG if said.is_cut else ""
        more = more if whole is None else _AGAIN
        return Explanation(f"{markdown}{more}\n", self.model.name)

    def _heard(self, lead: str, said: str) -> bool:
        answer = _answer(said)
        lines = answer.count("\n")
        whole = without_loop(answer) if lines > self.lines_heard else None
        self.lines_heard = lines
        self.watcher.hears(f"{lead}{answer if whole is None else whole}".lstrip())
        return whole is not None

    def _parts(self) -> Sequence[Part]:
        """The parts of the selection, each short enough to be read with its question."""
        material, capabilities = self.filling.material, self.model.capabilities
        room = room_for(_SUMMARY_TOKENS, capabilities).prompt
        if len(material.selection.text) > room * _MOST_PARTS * _CHARS_PER_TOKEN:
            return ()
        # Of the room a third is for the question itself, and for what the part stands in.
        count = counter_of(capabilities)
        return parts_of(material.text, material.selection, self.tree, room * 2 // 3, count)

    def _filling_of(self, part: Part) -> Filling:
        material = self.filling.material
        own = replace(material, selection=selected(material.text, part.start, part.end))
        return Filling(own, site_of_selection(own))

    def _told(self, part: Part, said: str) -> str:
        """What is told of a part in the last prompt, and shown until then."""
        found = selected(self.filling.material.text, part.start, part.end)
        names = ", ".join(f"`{name}`" for name in part.names)
        where = f"lines {found.first_line} to {found.last_line}{f', {names}' if names else ''}"
        return f"- {where}: {said}"

    def _fitted(self, name: str, filling: Filling, tokens: int) -> _Question | TooLong:
        """The question of a prompt's name, or why it cannot be asked."""
        capabilities = self.model.capabilities
        template = load(name, self.prompts)
        if capabilities.can_chat or not template.can_complete:
            chat = fitted_turns(partial(render, template), filling, tokens, capabilities)
            if isinstance(chat, TooLong):
                return chat
            return _Question(partial(self.model.chat, Chat(chat.prompt, chat.answer_tokens)))
        page = fitted_text(partial(render_completion, template), filling, tokens, capabilities)
        if isinstance(page, TooLong):
            return page
        request = Generation(page.prompt, page.answer_tokens, stop=_NEXT_PAGE)
        lead = page.prompt[page.prompt.rfind("\n## ") + 1 :]
        return _Question(partial(self.model.generate, request), lead)


def _answer(said: str) -> str:
    """What is said to the user."""
    return without_role(without_thoughts(said))


def _never_enough(_said: str) -> bool:
    return False


def _sentences(said: Said) -> str:
    """A summary in one line, without the half of a sentence at its end."""
    words = " ".join(_answer(said.text).split())
    if said.is_cut and ". " in words:
        words = words[: words.rindex(". ") + 1]
    return words
