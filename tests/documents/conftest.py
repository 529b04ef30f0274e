"""Languages and documents that the tests of this room share."""

from __future__ import annotations

import pytest

from fimls.documents.store import Documents


@pytest.fixture
def documents() -> Documents:
    """No document is open; positions are in UTF-16."""
    return Documents()
