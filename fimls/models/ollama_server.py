"""An Ollama server and what it tells about itself and its models; models are fetched here too.

Questions go over plain HTTP, so that looking for a server does not wait for the `ollama` package;
that package drops fields which matter here, such as where a model really runs.
"""

from __future__ import annotations

import re
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelFailed, ModelRefused, StreamBroken
from fimls.models import http, questions
from fimls.models.detection import Evidence
from fimls.models.gguf import header_from
from fimls.models.hosts import is_cloud_name
from fimls.models.ollama_client import close_ollama, open_ollama, streamed
from fimls.models.ollama_faults import ollama_error
from fimls.models.trouble import Condition
from fimls.models.vocabulary import Vocabulary
from fimls.models.wire import items, mapping, parsed, text, whole

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

    from fimls.errors import ModelError
    from fimls.models.hosts import Host


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that the server has: `remote_host` is where it really runs, "" for there.

    `abilities` are Ollama's words, such as `completion`, `insert`, `embedding`; None before Ollama
    0.30, which does not tell them in its list.
    """

    name: str
    size_bytes: int
    digest: str
    remote_host: str = ""
    abilities: frozenset[str] | None = None

    @property
    def is_remote(self) -> bool:
        """Whether Ollama asks another machine for it."""
        return bool(self.remote_host) or is_cloud_name(self.name)

    @property
    def can_complete(self) -> bool:
        """Whether it goes on with a text, unlike one for embeddings; true where nobody tells."""
        return self.abilities is None or "completion" in self.abilities


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory: its context in tokens (0: not told), its size and how much is on a GPU."""

    name: str
    context_tokens: int
    size_bytes: int
    gpu_bytes: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the server knows about a model.

    `context_tokens` is the context that it was trained for (0: unknown).  `abilities` is empty
    before Ollama 0.6.4.  `basename`, `title` and `architecture` are what the model's file says of
    itself, as in `Evidence`.
    """

    abilities: frozenset[str]
    context_tokens: int
    template: str
    remote_host: str
    basename: str = ""
    title: str = ""
    architecture: str = ""

    def evidence(self, name: str, vocabulary: frozenset[str] = frozenset()) -> Evidence:
        """What there is to tell the family of the model by, which has this name there."""
        return Evidence(
            name=name,
            basename=self.basename,
            title=self.title,
            architecture=self.architecture,
            template=self.template,
            abilities=self.abilities,
            vocabulary=vocabulary,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pull is: bytes done and in all of one part (`digest`), 0 where not told."""

    status: str
    digest: str
    done_bytes: int
    total_bytes: int


class OllamaServer:
    """An Ollama server; nothing is sent before the first question.

    All methods raise only errors of the `ModelError` branch.
    """

    def __init__(self, host: Host, headers: Mapping[str, str]) -> None:
        self.host = host
        self.headers = headers
        self._client = http.client_for(host, headers)

    async def version(self) -> tuple[int, ...]:
        """Its version, such as (0, 33, 0); also tells whether it is there."""
        answer = await self._ask("GET", "/api/version")
        found = _VERSION.match(text(answer.get("version")))
        if found is None:
            raise self._not_ollama()
        return tuple(map(int, found.groups(default="0")))

    async def models(self) -> tuple[Installed, ...]:
        """The models that it has, the newest first."""
        answer = await self._ask("GET", "/api/tags")
        listed = (_installed(mapping(each)) for each in items(answer.get("models")))
        return tuple(each for each in listed if each.name)

    async def loaded(self) -> tuple[Loaded, ...]:
        """The models in its memory."""
        answer = await self._ask("GET", "/api/ps")
        return tuple(_loaded(mapping(each)) for each in items(answer.get("models")))

    async def show(self, name: str) -> Shown:
        """What it knows about a model; raises `ModelMissing` if that is not there."""
        return _shown(await self._ask("POST", "/api/show", {"model": name}, model=name))

    async def vocabulary(self, name: str) -> frozenset[str]:
        """The tokens of a model that look like markers; empty where the server does not tell.

        The answer has megabytes, and is read as it comes: parsed as a whole it would stop
        everything else for a tenth of a second.
        """
        client = await self._client.opened()
        body = {"model": name, "verbose": True}
        found = Vocabulary()
        with http.errors_of(self.host):
            async with client.stream("POST", "/api/show", json=body) as response:
                if response.is_error:
                    raise self._error(await questions.whole(response, self.host), model=name)
                async for block in response.aiter_bytes():
                    found.read(block)
        return found.markers

    async def unload(self, name: str) -> None:
        """Takes a model out of its memory."""
        body = {"model": name, "prompt": "", "keep_alive": 0}
        await self._ask("POST", "/api/generate", body, model=name)

    async def pull(self, name: str) -> AsyncGenerator[Progress, None]:
        """Fetches a model and tells how far it is; closing the generator stops the fetching.

        What has been fetched is kept for the next time.  Raises `ModelMissing` if there is no such
        model, `ModelFailed` if the end is not reached.
        """
        client = await open_ollama(self.host, self.headers, name)
        status = ""
        try:
            asked = client.pull(name, stream=True)
            async with aclosing(streamed(asked, self.host, name)) as answers:
                async for each in answers:
                    status = each.status or ""
                    yield Progress(status, each.digest or "", each.completed or 0, each.total or 0)
        except (StreamBroken, ModelFailed) as error:
            # In the rows of completions the fix would be to wait for the next one.
            raise ModelFailed(str(error), condition=Condition.PULL_FAILED) from error
        finally:
            await close_ollama(client)
        if status != "success":
            message = f"fetching {name} broke off"
            raise ModelFailed(message, condition=Condition.PULL_FAILED)

    async def close(self) -> None:
        """Closes all connections; nothing can be asked any more."""
        await self._client.close()

    async def _ask(
        self, method: str, path: str, body: Mapping[str, object] | None = None, *, model: str = ""
    ) -> Mapping[str, object]:
        client = await self._client.opened()
        answer = await questions.answered(client, self.host, method, path, body)
        if not model and answer.status in questions.NO_SUCH_ROUTE:
            # Where no model is spoken of, it is the route that is not there.
            raise self._not_ollama()
        if answer.is_error:
            raise self._error(answer, model=model)
        fields = parsed(answer.body)
        if not isinstance(fields, dict):
            raise self._not_ollama()
        return fields

    def _not_ollama(self) -> ModelError:
        message = f"what answers at {self.host.url} is not Ollama"
        return ModelRefused(message, condition=Condition.NOT_THE_SERVER)

    def _error(self, answer: questions.Answer, *, model: str) -> ModelError:
        return ollama_error(answer.status, answer.body, model=model, host=self.host.url)


def is_same_model(name: str, other: str) -> bool:
    """Whether two names are of one model: Ollama adds `:latest` and takes any case."""
    return _full_name(name) == _full_name(other)


def loaded_of(name: str, loaded: Iterable[Loaded]) -> Loaded | None:
    """The model of that name, where it is in memory."""
    return next((each for each in loaded if is_same_model(each.name, name)), None)


def _full_name(name: str) -> str:
    last = name.rpartition("/")[2]
    return name.lower() if ":" in last else f"{name.lower()}:latest"


_VERSION: Final = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?")


def _installed(model: Mapping[str, object]) -> Installed:
    abilities = model.get("capabilities")
    return Installed(
        name=text(model.get("model")) or text(model.get("name")),
        size_bytes=whole(model.get("size")),
        digest=text(model.get("digest")),
        remote_host=text(model.get("remote_host")),
        abilities=None if abilities is None else frozenset(map(text, items(abilities))),
    )


def _loaded(model: Mapping[str, object]) -> Loaded:
    return Loaded(
        name=text(model.get("model")) or text(model.get("name")),
        context_tokens=whole(model.get("context_length")),
        size_bytes=whole(model.get("size")),
        gpu_bytes=whole(model.get("size_vram")),
    )


def _shown(answer: Mapping[str, object]) -> Shown:
    info = mapping(answer.get("model_info"))
    # The key begins with the architecture: `llama.context_length`.
    lengths = [whole(value) for key, value in info.items() if key.endswith(".context_length")]
    header = header_from({key: text(value) for key, value in info.items()})
    return Shown(
        abilities=frozenset(map(text, items(answer.get("capabilities")))),
        context_tokens=max(lengths, default=0),
        template=text(answer.get("template")),
        remote_host=text(answer.get("remote_host")),
        basename=header.basename,
        title=header.title,
        architecture=header.architecture,
    )
