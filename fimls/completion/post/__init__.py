"""What is made of a model's raw text before anybody sees it: filters, then the syntax gate.

Pure, and applied anew on every use of a text.
"""

from __future__ import annotations

from fimls.completion.post.fitting import fit
from fimls.completion.post.hearing import is_over
from fimls.completion.post.order import FILTERS
from fimls.completion.post.site import Site

__all__ = ["FILTERS", "Site", "fit", "is_over"]
