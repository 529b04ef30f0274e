"""Shape: whether a completion at a hole is wanted at all, and whether as a line or as a block.

Pure, and decided before the model is asked, from the syntax tree and the lines around the cursor.
"""

from __future__ import annotations

from fimls.completion.shape.deciding import BLOCK, LINE, decide

__all__ = ["BLOCK", "LINE", "decide"]
