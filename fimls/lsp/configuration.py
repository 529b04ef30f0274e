"""Settings: from all their sources, anew whenever the client says that they have changed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from fimls.lsp.agreeing import AGREES_WITHIN_S, agrees
from fimls.settings import from_initialization, from_workspace, resolve, user_sources

if TYPE_CHECKING:
    from fimls.lsp.language_server import FimlsServer
    from fimls.settings import Resolved, Settings, Source

_log = logging.getLogger(__name__)

_SECTION = "fimls"


class Configuration:
    """The settings in force, and what is wrong with what was given for them.

    `assignments` are those of the command line.  What a client gives may be empty in any form:
    editors whose language has one kind of table send `[]` or "" for settings not made.
    """

    def __init__(self, assignments: Source, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self._assignments = assignments
        self._options: object = None
        self._section: object = None
        self._switched: bool | None = None
        self._resolved: Resolved | None = None
        self._told: set[str] = set()

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        settings = self._resolve().settings
        return settings if self._switched is None else replace(settings, enabled=self._switched)

    def initialize(self, options: object) -> None:
        """Takes the client's `initializationOptions`."""
        self._options = options or None
        self._resolved = None

    def workspace(self, section: object) -> None:
        """Takes what the client has under `fimls` in its settings."""
        self._section = section or None
        self._resolved = None

    def reread(self) -> None:
        """Reads the user's file and the environment again when settings are next asked for."""
        self._resolved = None

    def toggle(self) -> bool:
        """Switches completion off or on for this session, whatever the sources say."""
        self._switched = not self.settings.enabled
        return self._switched

    def news(self) -> list[str]:
        """The problems that have not been told yet."""
        new = [problem for problem in self._resolve().problems if problem not in self._told]
        self._told.update(new)
        return new

    def _resolve(self) -> Resolved:
        """The sources as they are; files are read when it is first asked for after a change."""
        if self._resolved is None:
            self._resolved = resolve(
                [
                    *user_sources(self.environ),
                    from_initialization(self._options),
                    from_workspace(self._section),
                    self._assignments,
                ]
            )
        return self._resolved


async def pull(ls: FimlsServer) -> None:
    """Asks the client for its settings, where it can be asked, and puts them in force."""
    if ls.client is not None and ls.client.gives_settings:
        item = types.ConfigurationItem(section=_SECTION)
        params = types.ConfigurationParams(items=[item])
        unanswered = ls.spawn(_do_without(ls))
        try:
            sections = await ls.workspace_configuration_async(params)
        except JsonRpcException as error:
            _log.warning("the client gives no settings: %s", error.message)
        else:
            ls.configuration.workspace(_first(sections))
        finally:
            unanswered.cancel()
    await put_in_force(ls)


async def _do_without(ls: FimlsServer) -> None:
    """Puts the settings of all others in force, for a client that leaves the question lying."""
    await ls.clock.sleep(AGREES_WITHIN_S)
    # As work of its own: an answer that comes now ends nothing half-way.
    ls.spawn(put_in_force(ls))


async def did_change_configuration(
    ls: FimlsServer, params: types.DidChangeConfigurationParams
) -> None:
    """Settings have changed; they are in the notification only for clients that cannot be asked."""
    ls.configuration.reread()
    gives = ls.client is not None and ls.client.gives_settings
    if not gives and isinstance(params.settings, Mapping):
        ls.configuration.workspace(params.settings.get(_SECTION))
    await pull(ls)


async def watch(ls: FimlsServer) -> None:
    """Asks the client to tell when settings change, where it wants to be asked for that."""
    if ls.client is None or not ls.client.registers_settings:
        return
    method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
    options = types.DidChangeConfigurationRegistrationOptions(section=_SECTION)
    wish = types.Registration(id=method, method=method, register_options=options)
    registering = ls.client_register_capability_async(types.RegistrationParams([wish]))
    await agrees(ls.clock, registering, "tell when settings change")


async def put_in_force(ls: FimlsServer) -> None:
    """Tells the user what is wrong with the settings, once, and works with them from now on."""
    for problem in ls.configuration.news():
        _log.warning("settings: %s", problem)
        shown = types.ShowMessageParams(types.MessageType.Warning, f"fimls: {problem}")
        ls.window_show_message(shown)
    ls.indexing.follow_folders()
    await ls.engine.configure(ls.configuration.settings)


def _first(sections: object) -> object:
    return sections[0] if isinstance(sections, Sequence) and sections else None
