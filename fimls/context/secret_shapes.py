"""What secrets look like in text.

Each shape is looked for where one of its anchors stands (a plain search, which is what makes this
quick), and then matched by an expression from there.  Marked secrets (`ghp_…`) are known by their
own form; the others by the name they are assigned to, and only as literals: `token = next_token()`
and `password: str` hold none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Span = tuple[int, int]
    Look = Callable[[str, int], Span | None]


class _Shape(NamedTuple):
    """Where to look (lower case), and the span of the secret there, if there is one."""

    anchors: tuple[str, ...]
    look: Look


def spans(text: str) -> Iterator[Span]:
    """The spans of all secrets in a text, in order; none touches or overlaps the next."""
    # Lower case of the same length: of all characters only this one becomes two.
    low = text.replace("İ", "i").lower()
    found = sorted(
        span
        for shape in _SHAPES
        for anchor in shape.anchors
        for at in _places(low, anchor)
        if (span := shape.look(text, at))
    )
    yield from _merged(found)


def _places(low: str, anchor: str) -> Iterator[int]:
    at = low.find(anchor)
    while at >= 0:
        yield at
        at = low.find(anchor, at + 1)


def _merged(found: list[Span]) -> Iterator[Span]:
    start, stop = -1, -1
    for each_start, each_stop in found:
        if each_start <= stop:
            stop = max(stop, each_stop)
            continue
        if stop >= 0:
            yield start, stop
        start, stop = each_start, each_stop
    if stop >= 0:
        yield start, stop


def _marked(expression: str) -> Look:
    """Looks for the expression at the anchor; its group `value`, or all of it, is the secret."""
    pattern = re.compile(expression, re.ASCII | re.DOTALL)
    group: str | int = "value" if "value" in pattern.groupindex else 0

    def look(text: str, at: int) -> Span | None:
        match = pattern.match(text, at)
        return match.span(group) if match else None

    return look


# A marker that is a whole string by itself, as code compares with, begins no block; one that is
# followed by another string does.  A block without an end goes on to the end of the text.
_PEM = r"""-----BEGIN\ [A-Z0-9 ]+-----
    (?! ["'`] (?! [\s+,.&\\]* ["'`] ) )
    .*? (?: -----END\ [A-Z0-9 ]+----- | \Z )"""

# A password in a URL, with its user; not `{user}:{password}`, `$USER:$PASSWORD` or `%s:%s`.
_URL = r"""://(?P<value> [^\s/"'`<>@:{$%]* : (?! (?: \$?\{[^}\s]*\} | \$\w+ | %\w | %\(\w+\)s )@ )
    [^\s/"'`<>]+ )@"""

# The secret beside an AWS key id has no mark of its own: forty characters of three kinds.
_AWS_SECRET = r""".{0,200}? (?<![\w/+=-]) (?P<value>
    (?=[A-Za-z0-9/+]{0,39}[a-z]) (?=[A-Za-z0-9/+]{0,39}[A-Z]) (?=[A-Za-z0-9/+]{0,39}[0-9])
    [A-Za-z0-9/+]{40} ) (?![\w/+=-])"""

# Class names such as `sk-fading-circle-wrapper` are no keys: those have digits or capitals.
_SK = r"(?<![A-Za-z0-9])sk-(?:[A-Za-z0-9]{20,}|(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{20,})[A-Za-z0-9_-]*"

# --- values assigned to names ---------------------------------------------------------------

_NAME_END = r"""(?i:pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|key)
    (?i:[_-]?(?:key|base|value|str|string|text|prod|dev|test|default|[0-9]+))*
    (?![A-Za-z0-9_-])"""

_ASSIGNS = r"(?: => | := | \?= | \|\|= | ={1,3} | !==? | : (?!:) )"

# Quoted: the value of a literal, closed or (at the cursor) not; a long string may have lines.
_QUOTED = re.compile(
    rf"""{_NAME_END} \\?["'`]?\]? [ \t]*
    (?: {_ASSIGNS} | :[^=\n"]{{1,40}}= ) [ \t]* (?: \(\s* )? [A-Za-z@$]{{0,2}}
    (?: \"\"\" (?P<a> .*? ) (?: \"\"\" | \Z )
      | ''' (?P<b> .*? ) (?: ''' | \Z )
      | " (?P<c> (?: \\. | [^"\\\n] )* )
      | ' (?P<d> (?: \\. | [^'\\\n] )* )
      | ` (?P<e> (?: \\. | [^`\\] )* )
      | \\["'] (?P<f> [^"'\\\n]* )
    )""",
    re.VERBOSE | re.DOTALL,
)

# Bare: the rest of a line of an environment file, YAML, INI, or a part of a URL or command line.
_BARE = re.compile(
    rf"""{_NAME_END} ["']?
    (?: = (?P<tight> [^\s"'`<>][^\n]* ) | :[ ]+ (?P<yaml> [^\n]+ ) | [ \t]+=[ \t]+ (?P<ini> [^\n]+ )
      | > (?P<xml> [^<>\n{{$]+ ) </ )""",
    re.VERBOSE,
)
