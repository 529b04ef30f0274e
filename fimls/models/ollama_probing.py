"""Ollama as a `Prober`: what its last event tells of a prompt, and short answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

Ask = Callable[[str, Mapping[str, object]], Awaitable[tuple[str, int | None]]]
"""Asks with a raw prompt and options: the answer, and how many tokens the prompt had."""

# None of these loads the model anew.
_GREEDY: Final = {"temperature": 0.0, "repeat_penalty": 1.0, "seed": 42}


class OllamaProber:
    """A loaded model behind Ollama that is asked through a function of its owner."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def prompt_tokens(self, prompt: str) -> int | None:
        """How many tokens the server reads a prompt as."""
        _said, tokens = await self._ask(prompt, {**_GREEDY, "num_predict": 1})
        return tokens

    async def said(self, prompt: str, stop: tuple[str, ...], max_tokens: int) -> str:
        """The likeliest answer to a prompt."""
        options = {**_GREEDY, "num_predict": max_tokens, "stop": list(stop)}
        said, _tokens = await self._ask(prompt, options)
        return said
