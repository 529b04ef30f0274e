"""From sources to settings: later sources win, and whatever cannot be used is told, not raised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from fimls.settings.sources import Origin, Source
from fimls.settings.values import GROUPS, KEYS, Effect, Key, Settings

_TEXTUAL = frozenset({Origin.ENVIRONMENT, Origin.COMMAND_LINE})
_SHOWN_CHARACTERS = 60  # Enough to recognise a value by, and a message stays one line.
_NEAR_ENOUGH = 0.6  # difflib's own measure of "close"; below it a suggestion misleads.


class Resolved(NamedTuple):
    """Settings, and a sentence for each thing that could not be used, in a fixed order."""

    settings: Settings
    problems: tuple[str, ...] = ()


def resolve(sources: Iterable[Source]) -> Resolved:
    """Settings of all the sources; the later ones win, and unset keys have their defaults.

    Never raises: a wrong value leaves what earlier sources said, and is among the problems.
    """
    values: dict[str, object] = {}
    problems: list[str] = []
    withheld: list[tuple[Key, object]] = []
    for source in sources:
        problems.extend(source.problems)
        for name, given in _flat(source.data):
            key = KEYS.get(name)
            if key is None:
                problems.append(_unknown(name, source.origin))
            elif key.machine and source.origin is Origin.WORKSPACE:
                withheld.append((key, given))
            elif (value := _read(key, given, source.origin)) is None:
                problems.append(_wrong(key, given, source.origin))
            else:
                values[name] = value
    settings = _build(values)
    problems.extend(_misplaced(key) for key, given in withheld if _differs(key, given, settings))
    return Resolved(settings, tuple(dict.fromkeys(problems)))


def effects(old: Settings, new: Settings) -> frozenset[Effect]:
    """What has to happen when the settings change from old to new."""
    changed = (key.effects for key in KEYS.values() if key.of(old) != key.of(new))
    return frozenset().union(*changed)


def _flat(data: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    """Dotted names and what was given for them; null means not given, as in JSON of editors.

    So does an empty list for a group of settings: in Lua it is the same as an empty object.
    """
    for part, given in data.items():
        name = f"{path}{part}"
        if given is None or (given == [] and name in GROUPS):
            continue
        if isinstance(given, Mapping) and name not in KEYS and _is_group(name, given):
            yield from _flat(given, f"{name}.")
        else:
            yield name, given


def _is_group(name: str, given: Mapping[str, object]) -> bool:
    """Whether to look for settings inside; an unknown object is reported as one key."""
    return name in GROUPS and all(isinstance(part, str) for part in given)


def _read(key: Key, given: object, origin: Origin) -> object | None:
    if origin in _TEXTUAL and isinstance(given, str):
        given = key.kind.from_text(given)
    return key.kind.read(given)


def _build(values: Mapping[str, object]) -> Settings:
    """The defaults with those values in their places."""
    tops: dict[str, Any] = {}
    groups: dict[str, dict[str, Any]] = {name: {} for name in GROUPS}
    for name, value in values.items():
        *group, leaf = KEYS[name].fields
        (groups[group[0]] if group else tops)[leaf] = value
    defaults = Settings()
    return replace(
        defaults,
        **tops,
        completion=replace(defaults.completion, **groups["completion"]),
        context=replace(defaults.context, **groups["context"]),
    )


def _differs(key: Key, given: object, settings: Settings) -> bool:
    """False where the workspace only repeats what holds anyway.

    VS Code answers with the user's own settings merged into the workspace's.
    """
    return key.kind.read(given) != key.of(settings)


def _wrong(key: Key, given: object, origin: Origin) -> str:
    where = key.environment if origin is Origin.ENVIRONMENT else f"{key.name} in {origin}"
    return f"{where} is {_shown(key, given)}, expected {key.kind.expected}; it stays as it was."


def _misplaced(key: Key) -> str:
    return (
        f"{key.name} is not taken from {Origin.WORKSPACE}, because it decides where code goes "
        f"and what is started: set it in {Origin.FILE} of your own, as {key.environment} or in "
        f"{Origin.INITIALIZATION}."
    )


def _unknown(name: str, origin: Origin) -> str:
    if name in GROUPS:
        return f"{name} in {origin} should be an object of settings."
    near = _nearest(name, origin)
    hint = f"; did you mean {near}?" if near else "."
    return f"{name} in {origin} is no setting of fimls{hint}"


def _nearest(name: str, origin: Origin) -> str | None:
    """The known name that is most like it, by its last part too, whatever the spelling style."""
    import difflib

    known = {name: name for name in GROUPS}
    for key in KEYS.values():
        shown = key.environment if origin is Origin.ENVIRONMENT else key.name
        known.setdefault(_plain(key.name.rpartition(".")[2]), shown)
        known[_plain(shown)] = shown
    found = difflib.get_close_matches(_plain(name), known, n=1, cutoff=_NEAR_ENOUGH)
    return known[found[0]] if found else None


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "")


def _shown(key: Key, given: object) -> str:
    """What was given, short enough for a message; headers may hold keys and are masked."""
    if key.name == "headers":
        return "a masked value"
    import json

    text = json.dumps(given, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
