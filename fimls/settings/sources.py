"""Where settings come from: file, environment, editor, command line, each made a `Source`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from fimls.errors import SettingError
from fimls.settings.folders import FOLDER_VARIABLES, config_file
from fimls.settings.values import KEYS

if TYPE_CHECKING:
    from pathlib import Path


class Origin(StrEnum):
    """Who said it; the value is how the user is told, and the order is that of precedence."""

    FILE = "config.toml"
    ENVIRONMENT = "the environment"
    INITIALIZATION = "initializationOptions"
    WORKSPACE = "the workspace's configuration"
    COMMAND_LINE = "--set"


@dataclass(frozen=True, slots=True)
class Source:
    """What one place says about settings, unchecked.

    `data` has camelCase keys, nested or dotted; values from the environment and the command line
    are texts.  It is never printed, since headers may hold keys.  `problems` are sentences about
    the source as a whole, such as a broken file.
    """

    origin: Origin
    data: Mapping[str, object] = field(default_factory=dict, repr=False)
    problems: tuple[str, ...] = ()


_BY_ENVIRONMENT = {key.environment: key.name for key in KEYS.values()}
_PREFIX = "FIMLS_"

# Variables with our prefix that are no settings: the folders, and what a child process is told.
_OTHER_VARIABLES = frozenset({*FOLDER_VARIABLES, "FIMLS_PARENT_PID"})
_SECTION = "fimls"


def from_file(path: Path) -> Source:
    """The user's `config.toml`; a file that is not there says nothing."""
    import tomllib

    try:
        return Source(Origin.FILE, tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        return Source(Origin.FILE)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return Source(Origin.FILE, problems=(f"{path} cannot be read: {error}.",))


def from_environment(environ: Mapping[str, str]) -> Source:
    """`FIMLS_…` variables, and `OLLAMA_HOST` below `FIMLS_HOST`; empty ones count as unset."""
    data: dict[str, object] = {}
    if host := environ.get("OLLAMA_HOST"):
        data["host"] = host
    for variable in sorted(environ):
        if not environ[variable] or variable in _OTHER_VARIABLES:
            continue
        if variable.startswith(_PREFIX):
            # An unknown variable stays under its own name, and is reported as an unknown key.
            data[_BY_ENVIRONMENT.get(variable, variable)] = environ[variable]
    return Source(Origin.ENVIRONMENT, data)


def from_initialization(options: object) -> Source:
    """The client's `initializationOptions`: the settings themselves, or under a key `fimls`."""
    return _from_client(Origin.INITIALIZATION, options)


def from_workspace(section: object) -> Source:
    """The answer to `workspace/configuration`, or `settings` of a `didChangeConfiguration`."""
    return _from_client(Origin.WORKSPACE, section)


def from_assignments(assignments: Iterable[str]) -> Source:
    """Assignments `a.b=c` of the command line; the last one of a key counts.

    Raises SettingError where one is no assignment at all.
    """
    data: dict[str, object] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name.strip():
            # Not repeated, because it may be a header with a key in it.
            raise SettingError("--set takes key=value, such as completion.maxTokens=64.")
        data[name.strip()] = value
    return Source(Origin.COMMAND_LINE, data)


def user_sources(environ: Mapping[str, str]) -> tuple[Source, Source]:
    """What the user has set for all editors: the file and the environment, in this order."""
    return from_file(config_file(environ)), from_environment(environ)


def _from_client(origin: Origin, given: object) -> Source:
    if given is None:
        return Source(origin)
    if not isinstance(given, Mapping):
        return Source(origin, problems=(f"{origin} should be an object of settings.",))
    # Nothing under the key is no settings, in whatever form an editor has that.
    if inner := given.get(_SECTION):
        return _from_client(origin, inner)
    return Source(origin, {name: value for name, value in given.items() if name != _SECTION})
