"""What asking models has found out about them, kept from one session to the next.

It can be found out again at any time, so whatever is wrong with the file is no error.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from fimls import __version__
from fimls.models.detection import Detected, How
from fimls.models.families import FAMILIES
from fimls.models.model_files import written
from fimls.models.wire import mapping, parsed, text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Far more models than anybody has tried; each takes about 100 bytes.
_MOST: Final = 200

_FILE: Final = "models.json"


class Remembered:
    """A small JSON file, which is read anew each time, as other sessions write it too.

    What another version of fimls has found out does not count: it may have known fewer families.
    """

    def __init__(self, folder: Path) -> None:
        self._place = folder / _FILE

    def get(self, digest: str) -> Detected | None:
        """What was found out about the model with this digest."""
        found = self._read().get(digest) if digest else None
        name = text(mapping(found).get("family"))
        if found is None or (name and name not in FAMILIES):
            return None
        return Detected(FAMILIES[name], How.PROBE) if name else Detected(None, How.NOTHING)

    def put(self, digest: str, detected: Detected) -> None:
        """Notes what was found out, where there is a digest; the oldest gives way."""
        if not digest:
            return
        name = "" if detected.family is None else detected.family.name
        models = {key: each for key, each in self._read().items() if key != digest}
        kept = [*models.items(), (digest, {"family": name})][-_MOST:]
        content = json.dumps({"version": __version__, "models": dict(kept)}, indent=1)
        with suppress(OSError), written(self._place) as file:
            file.write(content.encode())

    def _read(self) -> Mapping[str, object]:
        try:
            content = mapping(parsed(self._place.read_bytes()))
        except OSError:
            return {}
        return mapping(content.get("models")) if content.get("version") == __version__ else {}
