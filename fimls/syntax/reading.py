"""A parse that is watched: what the parser spends, also on reading far ahead, ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.syntax.parts import Parts

if TYPE_CHECKING:
    from tree_sitter import Parser
    from tree_sitter import Tree as ParsedTree

    from fimls.syntax.effort import Effort

# What the parser reads between two callbacks without there being anything to it: it jumps over what
# it knows (to 4 parts at the most, in real sources).
_FREE_BYTES: Final = 16_384

# What is more costs a call for so much: it takes 13 to 30 µs to look at each character of it.
_BYTES_A_CALL: Final = 2048

# With this much between two callbacks the parser is lost: it has looked for the end of a string or
# a comment for 4 to 9 ms.
_MOST_BYTES: Final = 600_000


class Reading:
    """Reads a source for a parser and stops it when the effort is spent.

    Progress is reported every hundred steps, but a single step may read the whole text in search of
    the end of a string or comment: Lua's scanner does so wherever a fault makes it think of one (up
    to 50 ms between two callbacks, measured in 20,000 lines).  Such a parser is told that the text
    ends here, and what it makes of that is thrown away (`is_astray`).
    """

    def __init__(
        self,
        source: bytes,
        effort: Effort,
        *,
        may_go_on: bool = False,
        ends_at_fault: bool = False,
    ) -> None:
        self._parts = Parts(source)
        self._effort = effort
        self._may_go_on = may_go_on
        self._ends_at_fault = ends_at_fault
        # What was read since the last callback.
        self._bytes = 0
        self.is_astray = False
        self.has_fault = False

    def parse(self, parser: Parser, old: ParsedTree | None) -> ParsedTree | None:
        """What the parser makes of the source; None where it was stopped.

        It goes on from there when it is asked again with the same source, unless it is astray.
        """
        try:
            if old is None:
                parsed = parser.parse(self._read, progress_callback=self._is_over)
            else:
                parsed = parser.parse(self._read, old, progress_callback=self._is_over)
        except ValueError:
            parsed = None
        finally:
            self._parts.let_go()
        return None if self.is_astray else parsed

    def _is_over(self, _byte: int, has_fault: bool) -> bool:
        # The parser says so once it has lost all its ways but those through a fault.
        self.has_fault = has_fault and not self.is_astray
        self._bytes = 0
        ends = self._effort.is_spent_by_one_more() or self.is_astray
        return ends or (self.has_fault and self._ends_at_fault)

    def _read(self, byte: int, point: object) -> bytes:
        if self.is_astray:
            return b""
        part = self._parts.read(byte, point)
        self._bytes += len(part)
        if self._bytes > _FREE_BYTES:
            self._effort.spend(len(part) // _BYTES_A_CALL)
            is_over = self._effort.is_spent and not self._may_go_on
            self.is_astray = is_over or self._bytes > _MOST_BYTES
        return part
