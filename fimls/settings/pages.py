"""What the table of settings says to machines and to people: JSON schema and reference page."""

from __future__ import annotations

import json
from typing import Any

from fimls.settings.kinds import Headers
from fimls.settings.values import GROUPS, KEYS, Key

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_INTRODUCTION = """\
# Settings

<!-- Written by `fimls settings --markdown` (`make docs`); the words are in fimls/settings/. -->

fimls works without any settings. Where you do set something, later places win:

1. the defaults below;
2. your own `config.toml`, in the folder `fimls` where your system keeps settings
   (`~/.config` on Linux, `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on Windows);
3. the environment: `FIMLS_…` as named below, and `OLLAMA_HOST`;
4. your editor's `initializationOptions`, the settings themselves or under a key `fimls`;
5. your editor's configuration, section `fimls` (`workspace/configuration`);
6. `--set key=value` on the command line.

Names can be nested or dotted: in `config.toml`, `completion.maxTokens = 64` and a table
`[completion]` with `maxTokens = 64` are the same. In the environment and with `--set`, lists and
headers are written as JSON; a list may also be written with commas. A value that cannot be used
leaves the setting as it was, and you are told once, as you are of a name that fimls does not know.

**Settings marked § decide where your code goes and what is started. They are never taken from a
workspace**, neither from its files nor from place 5, into which editors mix the settings that a
repository brings along. Set them in any of the other places.
"""

_HEADINGS = {
    "": "Server and model",
    "completion": "Completion",
    "context": "Context from the repository",
}

_TABLE_HEAD = """\
| setting | default | values | meaning | environment |
|---|---|---|---|---|
"""

_FOLDERS = """\
## Folders

These are environment variables only.

| variable | moves |
|---|---|
| `FIMLS_CONFIG_DIR` | the folder of `config.toml` |
| `FIMLS_DATA_DIR` | the folder of models |
| `FIMLS_CACHE_DIR` | the folder of what can be made again: the index, explanations |
"""


def schema() -> dict[str, object]:
    """The JSON schema (draft 2020-12) of the settings as one object with nested groups.

    `x-machine-scope` marks the keys that no workspace may set, `x-environment` names the variable
    that sets a key, `x-unit` its unit.
    """
    properties: dict[str, Any] = {}
    for key in KEYS.values():
        *group, leaf = key.name.split(".")
        place = properties
        if group:
            place = properties.setdefault(group[0], {"type": "object", "properties": {}})
            place = place["properties"]
        place[leaf] = _schema_of(key)
    return {"$schema": _DIALECT, "title": "fimls", "type": "object", "properties": properties}


def markdown() -> str:
    """The reference page `docs/settings.md`."""
    parts = [_INTRODUCTION]
    for group in ("", *GROUPS):
        rows = (_row(key) for key in KEYS.values() if key.name.rpartition(".")[0] == group)
        parts.append(f"## {_HEADINGS[group]}\n\n{_TABLE_HEAD}" + "".join(rows))
    return "\n".join([*parts, _FOLDERS])


def _schema_of(key: Key) -> dict[str, object]:
    entry = {**key.kind.schema, "default": _plain(key.default), "description": key.meaning}
    entry["x-environment"] = key.environment
    if key.unit:
        entry["x-unit"] = key.unit
    if key.machine:
        entry["x-machine-scope"] = True
    return entry


def _row(key: Key) -> str:
    mark = " §" if key.machine else ""
    default = json.dumps(_plain(key.default))
    values = f"{key.kind.expected}, in {key.unit}" if key.unit else key.kind.expected
    return (
        f"| `{key.name}`{mark} | `{default}` | {values} | {key.meaning} | `{key.environment}` |\n"
    )


def _plain(value: object) -> object:
    """The value as JSON has it; the values of headers stay hidden."""
    if isinstance(value, Headers):
        return dict.fromkeys(value, "***")
    return list(value) if isinstance(value, tuple) else value
