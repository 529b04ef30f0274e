"""A body of which only the documentation is there is not to be left behind."""

from __future__ import annotations

import pytest

from fimls.completion.post.bodies import leaves_empty
from fimls.testing.marks import marked
from tests.completion.post.checks import LINE, site_of


@pytest.mark.parametrize(
    ("raw", "columns", "is_empty"),
    [
        # Right below the docstring, with the body below the hole.
        ('def f():\n    """One."""\n█    return 1\n', 0, True),
        ('def f():\n    """One."""\n█    return 1\n', 4, False),
        # The docstring goes over lines, and so does the header; comments are no body either.
        ('def f(\n    x,\n):\n    """One.\n\n    Two.\n    """\n    # A\n█    return 1\n', 0, True),
        ('class A:\n    """One."""\n\n█\n    def f(self):\n', 0, True),
        # A method's body may not be left for another method.
        ('class A:\n    def f(self):\n        """One."""\n█        return 1\n', 4, True),
        # The body has begun, or does not go on, or what goes on is documentation.
        ('def f():\n    """One."""\n    x = 1\n█    return x\n', 0, False),
        ('def f():\n    """One."""\n█\n\ndef g():\n', 0, False),
        ('class A(E):\n    """One."""\n\n\n█    """Two."""\n', 0, False),
        # Nobody has defined anything here.
        ('"""One."""\n█\nx = 1\n', 0, False),
    ],
)
def test_leaves_empty(raw: str, columns: int, is_empty: bool) -> None:
    assert leaves_empty(columns, site_of(marked(raw), LINE, "python")) is is_empty
