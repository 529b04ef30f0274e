"""What is known of an embedded model before it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fimls.models import model_files
from fimls.models.detection import Detected, How
from fimls.models.embedded import Embedded
from fimls.models.embedded_choice import embedded_or_why_not
from fimls.models.families import FAMILIES
from fimls.models.remembered import Remembered
from fimls.settings import Settings, cache_dir
from tests.models.test_gguf import gguf, said

if TYPE_CHECKING:
    from pathlib import Path

QWEN_HEADER = gguf(said("general.basename", "Qwen2.5-Coder"), said("general.size_label", "1.5B"))


def chosen(name: str, content: bytes, folder: Path, setting: str = "auto") -> Embedded:
    """The embedded model whose file has that name and content."""
    file = folder / name
    file.write_bytes(content)
    environ = {"FIMLS_DATA_DIR": str(folder), "FIMLS_CACHE_DIR": str(folder / "cache")}
    settings = Settings(embedded_model=str(file), family=setting)
    found = embedded_or_why_not(settings, environ)
    assert isinstance(found, Embedded)
    return found


@pytest.mark.parametrize(
    ("name", "content", "setting", "family", "how"),
    [
        # The file's name, then what it says of itself.
        ("codellama-7b.Q4_K_M.gguf", QWEN_HEADER, "auto", "codellama", "name"),
        ("mine.gguf", QWEN_HEADER, "auto", "qwen2.5-coder", "details"),
        # Neither tells, which leaves it to the model itself.
        ("mine.gguf", gguf(), "auto", None, ""),
        ("mine.gguf", b"GGUF and rubbish", "auto", None, ""),
        # Known not to fill.
        ("llama-3.2-3b.gguf", gguf(), "auto", None, ""),
        # The user's word is before all.
        ("mine.gguf", QWEN_HEADER, "starcoder2", "starcoder2", "setting"),
    ],
)
def test_the_family_of_a_file(
    name: str, content: bytes, setting: str, family: str | None, how: str, tmp_path: Path
) -> None:
    found = chosen(name, content, tmp_path, setting).capabilities
    assert (found.family.name if found.family else None, found.found_by) == (family, how)
    assert found.can_force


def test_what_a_file_was_found_to_be_is_remembered(tmp_path: Path) -> None:
    first = chosen("mine.gguf", gguf(), tmp_path)
    assert first._unsettled is not None
    kept = Remembered(cache_dir({"FIMLS_CACHE_DIR": str(tmp_path / "cache")}))
    kept.put(first._unsettled.digest, Detected(FAMILIES["starcoder2"], How.PROBE))

    again = embedded_or_why_not(
        Settings(embedded_model=str(tmp_path / "mine.gguf")),
        {"FIMLS_CACHE_DIR": str(tmp_path / "cache")},
    )
    assert isinstance(again, Embedded)
    assert again.capabilities.found_by == How.PROBE
    # Another content is another model.
    assert chosen("mine.gguf", gguf(said("x", "y")), tmp_path).capabilities.family is None


def test_the_default_model_is_never_tried(tmp_path: Path) -> None:
    place = model_files.folder_of({"FIMLS_DATA_DIR": str(tmp_path)})
    place.mkdir()
    (place / "smollm2-135m.gguf").write_bytes(gguf())
    found = embedded_or_why_not(Settings(), {"FIMLS_DATA_DIR": str(tmp_path)})
    assert isinstance(found, Embedded)
    assert (found.capabilities.family, found._unsettled) == (None, None)
