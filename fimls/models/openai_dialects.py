"""The servers that speak OpenAI's protocol, one row a kind: how each is recognised and asked.

What is said of each, with its source, is in `docs/openai.md`; llama-server was measured here, the
others are as their documents and sources say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fimls.models.gbnf import beginning_with

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fimls.models.openai_server import Served

# OpenAI's own limit, which TGI has taken over (`--max-stop-sequences`); where nobody says that
# there is none, it is kept to.
_FEW_STOPS: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server tells a number: the field of what a route of its own answers.

    In `route`, `{name}` stands for the model's name.
    """

    route: str
    field: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of server is recognised, and what is different with it.

    `owners` are the values of `owned_by` in its list of models (`{name}` stands for the model's own
    name), `servers` the beginnings of its header `Server`.  `most_stops` is how many stop strings
    it takes, None for any number.  `raw_fields` go with each raw prompt, `chat_fields` with each
    chat.  `forcing` makes the fields that let the answer begin with a given text, and then with one
    of several, where that is known to work.  `context` is where it tells the size of its context,
    if not in the list of models.  `saves_prompts` is as in `Capabilities`.  `tells_tokens`: it has
    llama.cpp's `/props` and `/tokenize`.
    `closes_streams`: it closes the connection after each streamed answer without saying so.
    `refusal` says why it cannot be used at all.
    """

    name: str
    title: str
    owners: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    most_stops: int | None = _FEW_STOPS
    raw_fields: Mapping[str, object] = field(default_factory=dict)
    chat_fields: Mapping[str, object] = field(default_factory=dict)
    forcing: Callable[[str, Sequence[str]], Mapping[str, object]] | None = None
    context: Place | None = None
    saves_prompts: bool = False
    tells_tokens: bool = False
    closes_streams: bool = False
    refusal: str = ""

    def is_of(self, served: Served) -> bool:
        """Whether a model that is listed in this way is served by this kind."""
        owners = {each.format(name=served.name) for each in self.owners}
        is_owner = bool(served.owner) and served.owner in owners
        return is_owner or served.server.startswith(self.servers)

    def fields(self, force: str = "", starts: Sequence[str] = ()) -> Mapping[str, object]:
        """The fields that go with a raw prompt besides OpenAI's.

        The answer begins with `force`, and then with one of the starts.
        """
        forced = self.forcing(force, starts) if self.forcing and (force or starts) else {}
        return {**self.raw_fields, **forced}

    def stops(self, given: Sequence[str]) -> Mapping[str, object]:
        """The field of the stop strings, as many as it takes; the first are the important ones."""
        return {"stop": list(given[: self.most_stops])} if given else {}


# For the templates of models that can think, and would do so before each answer; others do not ask
# for it.  Qwen's name for it has become that of the others (vLLM's and llama-server's documents).
_NO_THOUGHTS: Final[Mapping[str, object]] = {"chat_template_kwargs": {"enable_thinking": False}}


def _by_grammar(text: str, starts: Sequence[str]) -> Mapping[str, object]:
    return {"grammar": beginning_with(text, starts)}


LLAMA_SERVER: Final = Dialect(
    "llama-server",
    "llama.cpp's llama-server (llamafile, xllamacpp)",
    owners=("llamacpp",),
    servers=("llama.cpp", "llamafile"),
    most_stops=None,
    # It is the default of late; llamafile's older copies have it off.
    raw_fields={"cache_prompt": True},
    chat_fields=_NO_THOUGHTS,
    forcing=_by_grammar,
    saves_prompts=True,
    tells_tokens=True,
    # Measured: after 400 of 400 streams (`docs/openai.md`).
    closes_streams=True,
)

VLLM: Final = Dialect(
    "vllm",
    "vLLM",
    owners=("vllm",),
    most_stops=None,
    # Stop strings are looked for in the text, and by default that is without markers: Code Llama's
    # <EOT> is none of its end tokens, and would never stop it (issue 2123 of vllm).
    raw_fields={"skip_special_tokens": False},
    chat_fields=_NO_THOUGHTS,
    saves_prompts=True,
)

SGLANG: Final = Dialect(
    "sglang",
    "SGLang",
    owners=("sglang",),
    most_stops=None,
    # As with vLLM.
    raw_fields={"skip_special_tokens": False},
    chat_fields=_NO_THOUGHTS,
    saves_prompts=True,
)

LM_STUDIO: Final = Dialect(
    "lm-studio",
    "LM Studio",
    owners=("organization_owner",),
    # A prompt beyond the context gets an empty answer instead of an error (issue 2339 of
    # lmstudio-bug-tracker), so that its size must be known.
    context=Place("api/v0/models/{name}", "loaded_context_length"),
)

TGI: Final = Dialect(
    "tgi",
    "Text Generation Inference",
    owners=("{name}",),
    context=Place("info", "max_total_tokens"),
)

KOBOLDCPP: Final = Dialect(
    "koboldcpp",
    "KoboldCpp",
    owners=("koboldcpp",),
    context=Place("api/extra/true_max_context_length", "value"),
)

OLLAMA: Final = Dialect(
    "ollama",
    "Ollama",
    refusal="its OpenAI routes put every prompt through a chat template, so that nothing can be "
    'filled in: set `backend` to "ollama"',
)

OTHER: Final = Dialect("other", "a server with OpenAI's routes")
"""What nobody knows better: only what OpenAI itself documents is used."""

DIALECTS: Final = (LLAMA_SERVER, VLLM, SGLANG, LM_STUDIO, KOBOLDCPP, TGI, OLLAMA, OTHER)
"""All kinds; the first that fits counts.  Ollama is recognised by its front page alone, because its
models belong to whoever has uploaded them."""


def dialect_of(served: Served) -> Dialect:
    """The kind of server that lists a model like this; `OTHER` where that does not tell."""
    return next((each for each in DIALECTS if each.is_of(served)), OTHER)
