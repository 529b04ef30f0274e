"""What tests of several rooms share: the file of the embedded model."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

_REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Lets tests interrupt what they start: in a shell's background job that would be ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def embedded_model() -> Path:
    """The default embedded model's file, fetched into `.cache` where this machine has none.

    The folder two above it is a data folder: `FIMLS_DATA_DIR` may be set to it.
    """
    from fimls.models import download, model_files

    recipe = model_files.RECIPES[model_files.DEFAULT_MODEL]
    place = model_files.folder_of(os.environ) / recipe.file
    if model_files.is_whole(place, recipe):
        return place
    folder = _REPOSITORY / ".cache" / "models"
    return asyncio.run(
        download.fetch(model_files.DEFAULT_MODEL, folder, lambda _done, _total: None)
    )


@pytest.fixture(scope="session")
def embedded_data_dir(embedded_model: Path) -> Path:
    """A data folder that holds the embedded model."""
    return embedded_model.parent.parent
