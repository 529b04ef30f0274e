"""A text with the mask of a secret in it is dropped."""

from __future__ import annotations

import pytest

from fimls.completion.values import Extent, Reason
from fimls.context.secrets import MASK
from tests.completion.post.checks import BLOCK, LINE, check_filter, check_fit


@pytest.mark.parametrize(
    ("raw", "extent"),
    [
        # The model has seen the mask above, and takes it for a value.
        (f'url = "a"\n├name = "{MASK}"┤\n', LINE),
        # What leads to it is no use without it.
        (f'def f():\n    ├x = 1\n    y = "{MASK}"\n    return x┤\n', BLOCK),
    ],
)
def test_a_text_with_the_mask_is_dropped(raw: str, extent: Extent) -> None:
    check_fit(raw, Reason.MASK, extent=extent)


def test_a_mask_behind_the_end_does_not_count() -> None:
    check_fit(f'x = ├1\ny = "{MASK}"┤\n', "x = ├1┤\n", extent=LINE)


def test_clean_in_clean_out() -> None:
    clean = 'x = ├"redacted <text>"┤\n'
    check_filter("masks", clean, clean)
