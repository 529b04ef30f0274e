"""What the server has read already: how much of a prompt it keeps, and how much it reads anew.

A server keeps the last prompt with its answer, and reads of the next one what differs from that on
(`ollama.md` §1.8); one that saves prompts finds earlier ones again.  It does not tell, so this is
reckoned.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.text.sharing import shared

if TYPE_CHECKING:
    from fimls.models.protocol import Capabilities

# Prompts of a session are alike but for a few places in a few files; more are not looked through.
_PROMPTS: Final = 16


@dataclass(frozen=True, slots=True)
class Share:
    """The characters of a prompt that the server has kept, and those that it has to read."""

    kept: int
    reread: int


class Reading:
    """The prompts that the server has read."""

    def __init__(self) -> None:
        self._prompts: deque[str] = deque(maxlen=_PROMPTS)

    def share(self, prompt: str, capabilities: Capabilities) -> Share:
        """How much of a prompt would have to be read now."""
        known = list(self._prompts) if capabilities.saves_prompts else list(self._prompts)[-1:]
        kept = max((shared(prompt, each) for each in known), default=0)
        return Share(kept, len(prompt) - kept)

    def asked(self, prompt: str, capabilities: Capabilities) -> Share:
        """As `share`; from now on the prompt is one of those that have been read."""
        share = self.share(prompt, capabilities)
        if prompt in self._prompts:
            self._prompts.remove(prompt)
        self._prompts.append(prompt)
        return share
