"""The models that a fake Ollama has installed, and the routes that list, show and pull them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fimls.testing.http_server import compact, tells
from fimls.testing.ollama_models import full_name
from fimls.testing.ollama_pull import NO_SUCH_MODEL, STEP_S, Pull
from fimls.testing.ollama_replies import NDJSON
from fimls.testing.ollama_shelf import model_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.testing.clock import Clock
    from fimls.testing.http_server import Exchange, Handler, HttpRequest
    from fimls.testing.ollama_models import FakeModel

# A vector for any text; nobody compares them.
_VECTOR: Final = (0.5, 0.5)


@dataclass
class Library:
    """Installed models by their full names, and downloads by the names they were asked for.

    `pullable`: what can be pulled, and the text it fails with ("" for one that does not fail).
    `lists_capabilities`, `shows_capabilities`: where they are told.
    """

    clock: Clock
    pullable: Mapping[str, str]
    lists_capabilities: bool
    shows_capabilities: bool = True
    _installed: dict[str, FakeModel] = field(default_factory=dict)
    _pulls: dict[str, Pull] = field(default_factory=dict)

    def get(self, name: str) -> FakeModel | None:
        """The model of that name, with or without its tag."""
        return self._installed.get(full_name(name))

    def install(self, model: str | FakeModel) -> None:
        """Adds a model."""
        made = model_named(model) if isinstance(model, str) else model
        self._installed[made.name] = made

    def remove(self, name: str) -> None:
        """Takes a model away."""
        self._installed.pop(full_name(name), None)

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """What it answers."""
        return {
            ("GET", "/api/tags"): tells(self._tags),
            ("POST", "/api/show"): self._show,
            ("POST", "/api/pull"): self._pull,
            ("POST", "/api/embed"): self._embed,
        }

    def _tags(self) -> dict[str, object]:
        # The newest is listed first.
        newest = reversed(self._installed.values())
        listed = [model.listed(with_capabilities=self.lists_capabilities) for model in newest]
        return {"models": listed}

    async def _show(self, http: HttpRequest, exchange: Exchange) -> None:
        name = _named(http)
        model = self.get(name)
        if not name:
            exchange.send_json(400, {"error": "model is required"})
        elif model is None:
            exchange.send_json(404, {"error": f"model '{full_name(name)}' not found"})
        else:
            verbose = bool(json.loads(http.body).get("verbose"))
            shown = model.shown(with_capabilities=self.shows_capabilities, with_arrays=verbose)
            exchange.send_json(200, shown)

    async def _embed(self, http: HttpRequest, exchange: Exchange) -> None:
        name, given = _named(http), json.loads(http.body).get("input", "")
        if self.get(name) is None:
            missing = f'model "{name}" not found, try pulling it first'
            exchange.send_json(404, {"error": missing})
            return
        texts = [given] if isinstance(given, str) else given
        exchange.send_json(200, {"model": name, "embeddings": [_VECTOR for _text in texts]})

    async def _pull(self, http: HttpRequest, exchange: Exchange) -> None:
        # The first line is out before anything can fail, so failures come with status 200.
        name = _named(http)
        exchange.start(NDJSON)
        if name not in self.pullable:
            pull = Pull(NO_SUCH_MODEL, is_known=False)
        else:
            pull = self._pulls.setdefault(name, Pull(self.pullable[name]))
        for line in pull.lines():
            if line.get("status") == "success":
                self.install(name)
            await exchange.write(compact(line) + b"\n")
            await self.clock.sleep(STEP_S)
        await exchange.finish()


def _named(http: HttpRequest) -> str:
    """The model that a request is about; older clients call it `name`."""
    body = json.loads(http.body or b"{}")
    return str(body.get("model") or body.get("name") or "")
