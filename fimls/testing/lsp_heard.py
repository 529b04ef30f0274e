"""What a language server has told its client, in order: messages, documents shown, progress."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = Any


@dataclass
class Progress:
    """One piece of work that the server has shown; `reports` are its `$/progress` values between
    the begin and the end, `ended` is the message of the end ("" for none)."""

    title: str
    cancellable: bool = False
    reports: list[Json] = field(default_factory=list)
    ended: str | None = None


@dataclass
class Heard:
    """All notifications and requests of the server, with their methods."""

    log: list[tuple[str, Json]] = field(default_factory=list)

    @property
    def messages(self) -> list[str]:
        """The texts that the user was shown, with buttons or without."""
        methods = {"window/showMessage", "window/showMessageRequest"}
        return [params["message"] for method, params in self.log if method in methods]

    @property
    def buttons(self) -> list[str]:
        """The titles of the buttons that went with them."""
        asked = (params for method, params in self.log if method == "window/showMessageRequest")
        return [each["title"] for params in asked for each in params.get("actions") or ()]

    @property
    def shown(self) -> list[str]:
        """The URIs of the documents that the server wanted to be shown."""
        return [params["uri"] for method, params in self.log if method == "window/showDocument"]

    @property
    def edits(self) -> list[Json]:
        """The workspace edits that the server wanted to be made."""
        return [params["edit"] for method, params in self.log if method == "workspace/applyEdit"]

    @property
    def progress(self) -> dict[str | int, Progress]:
        """The work that was shown, by its token."""
        found: dict[str | int, Progress] = {}
        for method, params in self.log:
            if method != "$/progress":
                continue
            value = params["value"]
            if value["kind"] == "begin":
                begun = Progress(value["title"], bool(value.get("cancellable")))
                found[params["token"]] = begun
            elif params["token"] not in found:
                # It was begun before this log.
                continue
            elif value["kind"] == "end":
                found[params["token"]].ended = value.get("message") or ""
            else:
                found[params["token"]].reports.append(value)
        return found
