"""What can be the matter with a model: the one table from a condition to what the user is told.

Backends raise errors that carry a condition; nothing else decides on state, words, fix and whether
the model is looked for anew.  The conditions of Ollama are those of `ollama.md` §1.4 and §5.6.
`docs/troubleshooting.md` shows the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.errors import (
    HostRefused,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelMissing,
    ModelRefused,
    PromptTooLong,
    StreamBroken,
    Unreachable,
)
from fimls.models.trouble import ASKED_SOON, NEVER, WITH_THE_NEXT, Command, Condition, Row, State

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NEVER", "TABLE", "Command", "Condition", "Row", "State", "condition_of", "row_of"]


def row_of(condition: Condition, backend: str) -> Row:
    """The row of a condition: the backend's own, where it has one."""
    own = _ROWS.get((condition, backend))
    return own if own is not None else _ROWS[condition, ""]


def condition_of(error: ModelError, backend: str) -> Row:
    """What an error of a model of that backend means."""
    if error.condition in _KNOWN:
        return row_of(Condition(error.condition), backend)
    kinds = [_OF_KIND[kind] for kind in type(error).__mro__ if kind in _OF_KIND]
    return row_of(kinds[0] if kinds else Condition.FAILED, backend)


_KNOWN: Final = frozenset(condition.value for condition in Condition)

_OF_KIND: Final[Mapping[type, Condition]] = {
    HostRefused: Condition.HOST_REFUSED,
    Unreachable: Condition.UNREACHABLE,
    ModelMissing: Condition.MODEL_MISSING,
    PromptTooLong: Condition.PROMPT_TOO_LONG,
    ModelRefused: Condition.REFUSED,
    ModelBusy: Condition.BUSY,
    ModelFailed: Condition.FAILED,
    StreamBroken: Condition.BROKEN_OFF,
}
"""What an error means that carries no condition."""

# What happens now and then to anybody is worth a word only when it goes on.
_WHEN_IT_GOES_ON: Final = 3
_THE_SECOND_TIME: Final = 2

_RESTART: Final = Command("Restart the model", "fimls.restartModel")
_PULL: Final = Command("Pull {model}", "fimls.pull", ("{model}",))
_GET: Final = Command("Get {model}", "fimls.pull", ("{model}",))


def _passing(condition: Condition, message: str, fix: str) -> Row:
    """A row for what happens to one request, and not to the next."""
    return Row(condition, message, fix, gives_up=False, tells=_WHEN_IT_GOES_ON)


TABLE: Final = (
    # The address, and who answers there.
    Row(
        Condition.HOST_REFUSED,
        "{host} is not this machine, and code goes nowhere else unless `allowRemote` is true",
        "set `allowRemote` to true in your own settings if your code may go there",
        state=State.OFF,
    ),
    Row(
        Condition.CLOUD_REFUSED,
        "{model} runs in the cloud, and code goes nowhere else unless `allowRemote` is true",
        "set `model` to one that runs here, or `allowRemote` to true in your own settings",
        state=State.OFF,
    ),
    Row(
        Condition.BAD_ADDRESS,
        "{host} is no address of a server",
        "set `host` to an address such as http://127.0.0.1:11434",
        state=State.OFFLINE,
    ),
    Row(
        Condition.UNREACHABLE,
        "nothing answers at {host}",
        "start it with `ollama serve`, or set `host` to where it runs",
        state=State.OFFLINE,
    ),
    Row(
        Condition.UNREACHABLE,
        "nothing answers at {host}",
        "start the server at {host}, or set `host` to where it runs",
        state=State.OFFLINE,
        backend="openai",
    ),
    Row(
        Condition.UNREACHABLE,
        "the process of the embedded model does not answer",
        "run `fimls.restartModel`",
        backend="embedded",
        command=_RESTART,
    ),
    Row(
        Condition.NO_ANSWER,
        "{host} did not answer in time",
        "restart what runs at {host}, or set `host` to another address",
        state=State.OFFLINE,
    ),
    Row(
        Condition.HOST_NAME_REJECTED,
        "Ollama at {host} rejects that host name",
        "set `host` to localhost, or `OLLAMA_HOST=0.0.0.0` where Ollama runs",
    ),
    Row(
        Condition.NOT_THE_SERVER,
        "what answers at {host} is not Ollama",
        "set `host` to Ollama's address, or `backend` to what answers there",
    ),
    Row(
        Condition.NOT_THE_SERVER,
        "what answers at {host} has no list of models",
        "set `host` to the address of a server that has /v1/models",
        backend="openai",
    ),
    Row(
        Condition.REDIRECTED,
        "{host} redirects to another address, which is not followed",
        "set `host` to the address that it redirects to",
    ),
    Row(
        Condition.BAD_HEADERS,
        "a value of `headers` holds characters that HTTP does not carry",
        "correct `headers` in your own settings",
    ),
    Row(
        Condition.WRONG_KEY,
        "{host} does not accept the key: set `Authorization` in `headers`",
        'put `Authorization = "Bearer KEY"` under `headers` in your own settings',
    ),
    Row(
        Condition.NO_ROUTE,
        "{host} has no /v1/completions",
        "set `host` to the base URL of a server that has it, or `backend` to ollama",
    ),
    # The model, and fetching it.
    Row(
        Condition.MODEL_MISSING,
        "{model} is not installed",
        "run `ollama pull {model}`",
        state=State.OFFLINE,
        command=_PULL,
    ),
    Row(
        Condition.MODEL_MISSING,
        "{host} has no model {model}",
        "set `model` to one of those that the server has: `fimls model list`",
        state=State.OFFLINE,
        backend="openai",
    ),
    Row(
        Condition.MODEL_MISSING,
        "the file of {model} is not here yet",
        "run `fimls model get {model}`",
        state=State.OFFLINE,
        backend="embedded",
        command=_GET,
    ),
    Row(
        Condition.NO_MODEL,
        "{host} has no model that can complete code",
        "run `ollama pull {model}`",
        state=State.OFFLINE,
        command=_PULL,
    ),
    Row(
        Condition.NO_MODEL,
        "{host} has no model",
        "load a model in the server at {host}; `fimls model list` shows what it has",
        state=State.OFFLINE,
        backend="openai",
    ),
    Row(Condition.BAD_NAME, "{model} is no name of a model", "set `model`: see `fimls model list`"),
    Row(
        Condition.NOT_FOR_COMPLETION,
        "{model} is no completion model",
        "set `model` to another: `fimls model list`",
    ),
    Row(
        Condition.NO_INSERT,
        "{model} has no template to fill in the middle",
        "set `family` to its format, or `model` to another one",
    ),
    Row(
        Condition.CLOUD_SIGN_IN,
        "{model} is a model of Ollama's cloud: sign in{at}",
        "run `ollama signin` where Ollama runs, or set `model` to one that runs there itself",
    ),
    Row(
        Condition.CLOUD_DISABLED,
        "Ollama does not ask its cloud for {model}: {said}",
        "allow that in Ollama's own settings, or set `model` to one that runs there itself",
    ),
    Row(
        Condition.CLOUD_UNREACHABLE,
        "Ollama's cloud cannot be reached",
        f"check the network of the machine that Ollama runs on; {ASKED_SOON}",
        state=State.OFFLINE,
    ),
    Row(
        Condition.NOTHING_TO_PULL,
        "there is no model {model} to pull",
        "correct the name of the model",
        state=State.OFFLINE,
    ),
    Row(
        Condition.PULL_REFUSED,
        "the registry does not give out {model}: {said}",
        "correct the name of the model, or sign in with `ollama signin`",
        state=State.OFFLINE,
    ),
    Row(
        Condition.PULL_FAILED,
        "fetching {model} failed: {said}",
        "pull it again: what has been fetched is kept",
        state=State.OFFLINE,
        command=_PULL,
    ),
    # Loading and running it.
    Row(
        Condition.OUT_OF_MEMORY,
        "Ollama could not load {model}: {said}",
        "free memory or set a smaller `model` or `contextLength`, then run `fimls.restartModel`",
        command=_RESTART,
    ),
    Row(
        Condition.OUT_OF_MEMORY,
        "{host} has too little memory for {model}: {said}",
        "start that server with a smaller model or context, then run `fimls.restartModel`",
        backend="openai",
        command=_RESTART,
    ),
    Row(
        Condition.LOAD_FAILED,
        "Ollama could not load {model}: {said}",
        "update Ollama or run `ollama pull {model}`; Ollama's log tells more",
        command=_RESTART,
    ),
    Row(
        Condition.NO_RUNNER,
        "Ollama could not load {model}: {said}",
        "install Ollama anew: the program that runs its models is not there",
    ),
    Row(
        Condition.RUNNER_DIED,
        "the process that ran {model} has stopped: {said}",
        "run `fimls.restartModel`; if it goes on, set a smaller `model` or `contextLength`",
        tells=_THE_SECOND_TIME,
        command=_RESTART,
    ),
    Row(
        Condition.SILENT,
        "{model} takes requests and says nothing",
        "it is loaded anew with the next completion; if that does not help, restart what runs at "
        "{host}",
        gives_up=False,
        command=_RESTART,
    ),
    Row(Condition.BUSY, "Ollama is busy", ASKED_SOON),
    Row(Condition.BUSY, "{host} is busy{after}", ASKED_SOON, backend="openai"),
    Row(
        Condition.TOO_MANY,
        "{host} has too many requests{after}",
        f"{ASKED_SOON}; a server of your own can be started with more slots",
    ),
    Row(Condition.LOADING, "{host} is busy loading its model{after}", ASKED_SOON),
    Row(
        Condition.FAILED,
        "{said}",
        "run `fimls.restartModel`, or set a smaller `model`",
        command=_RESTART,
    ),
    Row(
        Condition.FAILED,
        "{said}",
        "look at the log of the server at {host}, and restart it if this goes on",
        backend="openai",
        command=_RESTART,
    ),
    Row(
        Condition.FAILED,
        "{said}",
        "run `fimls.restartModel`, or fetch it anew: `fimls model get`",
        backend="embedded",
        command=_RESTART,
    ),
    # One request.
    # The first time it is asked anew with half the text.
    Row(
        Condition.PROMPT_TOO_LONG,
        "the prompt is too long for {model}",
        "set a larger `contextLength`, or a smaller `context.repoMapTokens`",
        gives_up=False,
        tells=_THE_SECOND_TIME,
    ),
    Row(
        Condition.PROMPT_TOO_LONG,
        "the prompt is too long for {model}",
        "set `contextLength` to what the server at {host} was started with",
        backend="openai",
        gives_up=False,
        tells=_THE_SECOND_TIME,
    ),
    Row(
        Condition.WRONG_OPTION,
        "Ollama does not take an option that it was sent: {said}",
        "correct the setting that it comes from; `num_ctx` is `contextLength`",
    ),
    Row(
        Condition.WRONG_KEEP_ALIVE,
        "Ollama cannot read `keepAlive`: {said}",
        "set `keepAlive` to a duration such as 30m",
    ),
    Row(
        Condition.REFUSED,
        "{said}",
        "see the settings `host`, `model`, `family` and `headers`",
        gives_up=False,
    ),
    _passing(
        Condition.STREAM_ERROR,
        "{model} broke off with an error: {said}",
        WITH_THE_NEXT,
    ),
    _passing(
        Condition.BROKEN_OFF,
        "the answer of {model} broke off",
        WITH_THE_NEXT,
    ),
    _passing(
        Condition.STALE_CONNECTION,
        "{host} closed the connection before it answered",
        WITH_THE_NEXT,
    ),
    _passing(
        Condition.UNREADABLE,
        "{host} sent what cannot be read",
        f"{WITH_THE_NEXT}; if this goes on, something between here and there changes answers",
    ),
    Row(
        Condition.CLIENT_GONE,
        "the request was cancelled",
        WITH_THE_NEXT,
        gives_up=False,
        tells=NEVER,
    ),
    # The embedded model.
    Row(
        Condition.RUNTIME_MISSING,
        "the runtime of the embedded model is not installed",
        "run `pip install 'fimls[embedded]'`",
        state=State.OFFLINE,
    ),
    Row(
        Condition.FILE_UNKNOWN,
        "`embeddedModel` is {model}, which is neither a known model nor a file",
        "set `embeddedModel` to the path of a GGUF file, or to smollm2-135m",
        state=State.OFFLINE,
    ),
    Row(
        Condition.NOT_STARTED,
        "{model} could not be started: {said}",
        "run `fimls.restartModel`, or fetch it anew: `fimls model get`",
        command=_RESTART,
    ),
    Row(
        Condition.KEEPS_DYING,
        "{model} keeps dying",
        "run `fimls.restartModel`, or set `embeddedModel` to another model",
        command=_RESTART,
    ),
)
"""All rows, in the order in which people are told of them."""

_ROWS: Final[Mapping[tuple[Condition, str], Row]] = {
    (row.condition, row.backend): row for row in TABLE
}
