"""Every setting with its default, unit, reason and the effect of a change.

This is the one table that settings come from: sources are checked against it, and the JSON
schema and `docs/settings.md` are written from it.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from fimls.settings.kinds import DURATION, HEADERS, TEXT, TEXTS, TRUTH, Headers, Kind, one_of, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Value = TypeVar("_Value")


class Effect(StrEnum):
    """What has to happen when a setting changes, besides reading it anew."""

    DROP_RUNS = "drop runs"
    RESTART_MODEL = "restart model"
    INDEX_ANEW = "index anew"


_NO_HEADERS = Headers()
_NEXT_REQUEST: frozenset[Effect] = frozenset()
_RUNS = frozenset({Effect.DROP_RUNS})
_MODEL = frozenset({Effect.DROP_RUNS, Effect.RESTART_MODEL})
_INDEX = frozenset({Effect.DROP_RUNS, Effect.INDEX_ANEW})


def _setting(
    default: _Value,
    kind: Kind,
    meaning: str,
    *,
    unit: str = "",
    effects: frozenset[Effect] = _NEXT_REQUEST,
    machine: bool = False,
) -> _Value:
    """A field with its notes.  `machine` marks the keys that no workspace may set."""
    notes = {"kind": kind, "meaning": meaning, "unit": unit, "effects": effects, "machine": machine}
    # To the type checker the field is its default, as `dataclasses.field` itself pretends.
    return field(default=default, metadata=notes)


@dataclass(frozen=True, slots=True)
class CompletionSettings:
    """How completions are made."""

    # A block of about twelve lines; more is seldom wanted and keeps the model from the next key.
    max_tokens: int = _setting(
        128,
        whole(1, 4096),
        "The longest completion that the model is asked for.",
        unit="tokens",
        effects=_RUNS,
    )
    multiline: Literal["auto", "always", "never"] = _setting(
        "auto",
        one_of("auto", "always", "never"),
        "Whether a completion may go on over several lines. `auto` decides from the code around "
        "the cursor. Even with `always` it ends with the scope it began in.",
        effects=_RUNS,
    )
    debounce_ms: int | Literal["auto"] = _setting(
        "auto",
        whole(0, 5_000, words=("auto",)),
        "The pause in typing after which the model is asked. `auto` adapts to how fast you type, "
        "and is none on a new line and at the end of what was shown.",
        unit="ms",
    )
    # More than one costs a request each, so it waits for a user who asks for it.
    candidates: int = _setting(
        1,
        whole(1, 4),
        "How many different completions an explicit request offers.",
        effects=_RUNS,
    )
    # A slow machine reads a long prompt in ten seconds; beyond that nobody is waiting any more.
    timeout_ms: int = _setting(
        15_000,
        whole(100, 600_000),
        "The longest that one completion may take once the model is loaded. What has come by "
        "then is shown if it can stand alone.",
        unit="ms",
    )
    speculate: Literal["auto", "on", "off"] = _setting(
        "auto",
        one_of("auto", "on", "off"),
        "Whether the model is asked ahead: for what follows a completion while you read that, and "
        "about a line that you had begun when you open its file. `auto` does so unless this "
        "machine runs on its battery or the model is slower than you read.",
    )
    popup: bool = _setting(
        False,
        TRUTH,
        "Serve `textDocument/completion` too, for editors without ghost text. Read when the "
        "editor connects.",
    )


@dataclass(frozen=True, slots=True)
class ContextSettings:
    """What the model sees of the repository besides the open file."""

    repo_map: bool = _setting(
        True,
        TRUTH,
        "Show the model the signatures of other files that matter at the cursor.",
        effects=_RUNS,
    )
    # Enough for some forty signatures; a larger map slows the first completion in each file.
    repo_map_tokens: int = _setting(
        512,
        whole(0, 16_384),
        "The most that those signatures may take of the prompt.",
        unit="tokens",
        effects=_RUNS,
    )
    # Two workers index ten thousand small files in about 3 s; this many stays under half a minute.
    max_files: int = _setting(
        50_000,
        whole(0, 1_000_000),
        "How many files of a workspace folder are indexed at the most.",
        unit="files",
        effects=_INDEX,
    )
    exclude: tuple[str, ...] = _setting(
        (),
        TEXTS,
        "Files to leave out of the index, as glob patterns, besides `.gitignore`, "
        "`.fimlsignore` and the built-in list.",
        effects=_INDEX,
    )


# The families of `fimls/models/families.py`, which the settings must not know; a test ties them.
_FAMILIES = (
    *("codellama", "qwen2.5-coder", "qwen3-coder", "codeqwen", "deepseek-coder"),
    *("deepseek-coder-v2", "santacoder", "starcoder", "starcoder2", "codegemma", "codestral"),
    *("granite-code", "granite4", "granite4-base", "stable-code", "seed-coder", "mellum", "glm"),
    *("codegeex", "falcon-h1-coder"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, resolved."""

    # What is being made when they are switched off shall not be shown any more.
    enabled: bool = _setting(True, TRUTH, "Whether completions are offered at all.", effects=_RUNS)
    backend: Literal["auto", "ollama", "openai", "embedded"] = _setting(
        "auto",
        one_of("auto", "ollama", "openai", "embedded"),
        "What runs the model: `ollama`, `openai` (any server with `/v1/completions`, such as "
        "vLLM, llama-server or LM Studio) or `embedded`. `auto` takes Ollama if it answers and "
        "has a usable model, else the embedded model if it is installed.",
        effects=_MODEL,
        machine=True,
    )
    # Where Ollama listens unless it is told otherwise.
    host: str = _setting(
        "http://127.0.0.1:11434",
        TEXT,
        "The base URL of the `ollama` or `openai` server. `OLLAMA_HOST` counts too, below "
        "`FIMLS_HOST`.",
        effects=_MODEL,
        machine=True,
    )
    headers: Headers = _setting(  # noqa: RUF009 - a value that nothing changes
        _NO_HEADERS,
        HEADERS,
        "Extra HTTP headers for that server, such as an API key. Their values are never printed.",
        effects=_MODEL,
        machine=True,
    )
    allow_remote: bool = _setting(
        False,
        TRUTH,
        "Allow a host that is not this machine, and Ollama's cloud models. Until this is true no "
        "connection to them is made.",
        effects=_MODEL,
        machine=True,
    )
    model: str = _setting(
        "auto",
        TEXT,
        "The model that completes. `auto` prefers `codellama:7b-code`, then what is loaded and "
        "can fill in the middle.",
        effects=_MODEL,
    )
    chat_model: str = _setting(
        "auto",
        TEXT,
        "The model of the actions. `auto` prefers an installed Code Llama instruct model, else "
        "the model that completes.",
        effects=_MODEL,
    )
    embedded_model: str = _setting(
        "smollm2-135m",
        TEXT,
        "The model that `embedded` runs: a name, or the path of a GGUF file.",
        effects=_MODEL,
        machine=True,
    )
    family: str = _setting(
        "auto",
        one_of("auto", *_FAMILIES),
        "The fill-in-the-middle format of the model, where its name does not tell. What each of "
        "them is, and which models it is for, stands in `docs/families.md`.",
        effects=_MODEL,
    )
    context_length: int | Literal["auto"] = _setting(
        "auto",
        whole(256, 1_048_576, words=("auto",)),
        "The size of the model's context. `auto` takes what suits the model. Every request "
        "carries the same, because Ollama reloads a model when it changes.",
        unit="tokens",
        effects=_MODEL,
    )
    # A coffee break: a model that has been unloaded takes seconds to come back.
    keep_alive: str | float = _setting(
        "30m",
        DURATION,
        "How long Ollama keeps the model in memory after the last request: seconds, or a "
        "duration such as `1h30m`; negative is for ever.",
        effects=_MODEL,
    )
    disabled_languages: tuple[str, ...] = _setting(
        (),
        TEXTS,
        "Languages without completions, by their LSP language ids.",
    )
    enabled_languages: tuple[str, ...] = _setting(
        (),
        TEXTS,
        "Prose that is completed all the same, by LSP language ids such as `markdown` or "
        "`git-commit`; code needs no mention.",
    )
    completion: CompletionSettings = field(default_factory=CompletionSettings)
    context: ContextSettings = field(default_factory=ContextSettings)


class Key(NamedTuple):
    """One setting as users know it.

    `name` is the dotted name on the wire, `fields` the way to it in `Settings`, `environment`
    the variable that sets it.  `machine` is the § of the contract: no workspace may set it.
    """

    name: str
    fields: tuple[str, ...]
    environment: str
    default: object
    kind: Kind
    meaning: str
    unit: str
    effects: frozenset[Effect]
    machine: bool

    def of(self, settings: Settings) -> object:
        """The key's value in those settings."""
        value: object = settings
        for name in self.fields:
            value = getattr(value, name)
        return value


GROUPS: Mapping[str, type[Any]] = MappingProxyType(
    {"completion": CompletionSettings, "context": ContextSettings}
)
"""The settings that hold others, by their name on the wire."""


def _keys(owner: type[Any], path: tuple[str, ...] = ()) -> Iterator[Key]:
    """The keys of a dataclass and of the groups in it, in the order they are written."""
    for each in fields(owner):
        if each.name in GROUPS:
            yield from _keys(GROUPS[each.name], (*path, each.name))
        else:
            yield _key(each, (*path, each.name))


def _key(of: Field[Any], path: tuple[str, ...]) -> Key:
    return Key(
        name=".".join(map(_camel, path)),
        fields=path,
        environment="FIMLS_" + "_".join(path).upper(),
        default=of.default,
        **of.metadata,
    )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


KEYS: Mapping[str, Key] = MappingProxyType({key.name: key for key in _keys(Settings)})
"""All keys by their dotted name on the wire."""
