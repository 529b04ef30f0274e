"""The type of text that may enter a prompt."""

from __future__ import annotations

from typing import NewType

Cleared = NewType("Cleared", str)
"""Text in which secrets have been replaced.

Only `fimls.context.secrets` makes it, and prompts take nothing else, so that no later code can
bypass the clearing; `tests/test_architecture.py` checks both.
"""
