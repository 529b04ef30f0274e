"""What secrets look like in text.

Each shape is looked for where one of its anchors stands (a plain search, which is what makes this
quick), and then matched by an expression from there.  Marked secrets (`ghp_…`) are known by their
own form, the others by the name they are assigned to (`fimls.context.secret_values`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from fimls.context.secret_values import assigned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Span = tuple[int, int]
    Look = Callable[[str, int], Span | None]


# It is no more of a value than the mask is.
_DOT: Final = "•"


class _Shape(NamedTuple):
    """Where to look (lower case), and the span of the secret there, if there is one."""

    anchors: tuple[str, ...]
    look: Look


def spans(text: str) -> Iterator[Span]:
    """The spans of all secrets in a text, in order; none touches or overlaps the next."""
    # Lower case of the same length: of all characters only this one becomes two.
    low = text.replace("İ", "i").lower()
    marked = [*_merged(sorted(_all(text, low, _MARKED)))]
    # A value that has one of these in it is judged as it will be when that is masked.
    named = _all(_dotted(text, marked) if marked else text, low, _NAMED)
    yield from _merged(sorted([*marked, *named]))


def _all(text: str, low: str, shapes: Sequence[_Shape]) -> Iterator[Span]:
    for shape in shapes:
        for anchor in shape.anchors:
            # In most texts hardly any stands.
            if anchor in low:
                yield from _found(text, low, anchor, shape.look)


def _dotted(text: str, found: Iterable[Span]) -> str:
    """The text of the same length with dots in place of what was found, but for line ends."""
    parts: list[str] = []
    end = 0
    for start, stop in found:
        parts += text[end:start], re.sub(r"[^\n]", _DOT, text[start:stop])
        end = stop
    return "".join([*parts, text[end:]])


def _found(text: str, low: str, anchor: str, look: Look) -> Iterator[Span]:
    at = low.find(anchor)
    while at >= 0:
        span = look(text, at)
        if span:
            yield span
        # Going on behind what was found keeps a text full of beginnings from costing its square.
        at = low.find(anchor, max(at + 1, span[1] if span else 0))


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
# followed by another string does.
PEM_BEGIN: Final = (
    r"""-----BEGIN [A-Z0-9 ]+-----"""
    r"""(?!["'`](?!(?:[\s+,.&\\]|PHP_EOL|Environment\.NewLine|vb\w+|os\.linesep)*["'`]))"""
)
"""The expression of the line that begins a block with a key."""

# A block without an end goes on to the end of the text.
_PEM = rf"{PEM_BEGIN}.*?(?:-----END [A-Z0-9 ]+-----|\Z)"

# User and password in a URL; not `{user}:{password}`, `$USER:$PASSWORD` or `%s:%s`.
_URL = (
    r"""://(?P<value>[^\s/"'`<>@:]*:(?!(?:\$?\{[^}\s]*\}|\$\w+|%\w|%\(\w+\)s)@)"""
    r"""[^\s/"'`<>]+)@"""
)

# A token alone in place of them is longer than names of people are, and has digits.
_URL_USER = r"://(?P<value>(?=[^\W\d]*\d)(?=\d*[^\W\d])[\w-]{20,})@"

# User and password, written in base64; words of prose have no digit.
_BASIC = r"(?i:basic) (?P<value>(?=[A-Za-z+/]*[\d=])[A-Za-z\d+/]{8,}={0,2})(?![\w-])"

# Tokens of services that have a mark of their own.
_OF_SERVICES = (
    r"(?<![A-Za-z\d])(?:npm_[A-Za-z\d]{30,}|hf_[A-Za-z\d]{30,}|whsec_[A-Za-z\d+/]{20,}"
    r"|do[opr]_v1_[a-f\d]{40,}|pypi-[\w-]{40,}|GOCSPX-[\w-]{20,}|ya29\.[\w-]{20,}"
    r"|SG\.[\w-]{16,}\.[\w-]{16,}|AGE-SECRET-KEY-1[A-Z\d]{40,})"
)
_HOOK = r"hooks\.slack\.com/services/(?P<value>[\w/]{20,})"

# The secret beside an AWS key id has no mark of its own: forty characters of three kinds.
_BESIDE_AWS_ID = (
    r".{0,200}?(?<![\w/+=-])(?P<value>"
    r"(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[A-Z])(?=[A-Za-z0-9/+]{0,39}[0-9])"
    r"[A-Za-z0-9/+]{40})(?![\w/+=-])"
)

# Class names such as `sk-fading-circle-wrapper` are no keys: those have digits or capitals.
_SK = (
    r"(?<![A-Za-z0-9])sk-"
    r"(?:[A-Za-z0-9]{20}|(?=[a-z_-]{0,64}[A-Z0-9])[A-Za-z0-9_-]{20})[A-Za-z0-9_-]*"
)

_MARKED: Final = (
    _Shape(("akia", "asia", "abia", "acca"), _marked(r"A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16,}")),
    _Shape(("akia", "asia", "aws"), _marked(_BESIDE_AWS_ID)),
    _Shape(("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), _marked(r"gh[pousr]_[A-Za-z0-9]{20,}")),
    _Shape(("github_pat_",), _marked(r"github_pat_[A-Za-z0-9_]{20,}")),
    _Shape(("sk-",), _marked(_SK)),
    _Shape(("k_live_", "k_test_"), _marked(r"k_(?:live|test)_[A-Za-z0-9]{10,}")),
    _Shape(("xox",), _marked(r"xox[abeoprs]-[A-Za-z0-9-]{10,}")),
    _Shape(("glpat-",), _marked(r"glpat-[A-Za-z0-9_-]{20,}")),
    _Shape(("aiza",), _marked(r"AIza[A-Za-z0-9_-]{30,}")),
    _Shape(("bearer ",), _marked(r"(?i:bearer) (?=[^\s\d]*\d)(?P<value>[A-Za-z0-9._~+/-]{16,}=*)")),
    _Shape(("eyj",), _marked(r"eyJ[A-Za-z0-9_-]{8,999}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*")),
    _Shape(("-----begin ",), _marked(_PEM)),
    _Shape(("://",), _marked(_URL)),
    _Shape(("://",), _marked(_URL_USER)),
    _Shape(("basic ",), _marked(_BASIC)),
    _Shape(
        (
            "npm_",
            "hf_",
            "whsec_",
            "doo_v1_",
            "dop_v1_",
            "dor_v1_",
            "pypi-",
            "gocspx-",
            "ya29.",
            "sg.",
            "age-secret-",
        ),
        _marked(_OF_SERVICES),
    ),
    _Shape(("hooks.slack.com/",), _marked(_HOOK)),
)
_NAMED: Final = (_Shape(("pass", "pwd", "secret", "token", "credential", "key"), assigned),)
