"""Secrets known by the name they are assigned to: password, secret, token, api key and the like.

Only literals count: a quoted text, or what stands bare in environment files, YAML, INI, XML, URLs
and command lines.  `token = next_token()`, `password: str` and `secret = args.secret` hold none.
"""

from __future__ import annotations

import re

from fimls.text.line_bounds import line_start

# Whose key is a secret: "key" alone names entries of dictionaries far more often.
_KEY_OWNERS = (
    "access",
    "account",
    "api",
    "auth",
    "client",
    "deploy",
    "encryption",
    "master",
    "private",
    "secret",
    "service",
    "signing",
    "subscription",
)

_SHORTEST_CHARACTERS = 4  # Below this, words of code and of grammars outnumber passwords.
_SHORTEST_MIXED_CHARACTERS = 6  # Shorter words with a digit are mostly variables (`key2`, `pw1`).
_JUDGED_CHARACTERS = 200  # The head of a value tells what it is; a long one costs no more.
_LONGEST_NAME_CHARACTERS = 80  # How far back the rest of a name is looked for.

# From the anchor to the end of the name.
_NAME_END = r"""
    (?P<word> (?i: pass(?:word|wd|phrase|code)? | pwd | secret | token | credentials? | key ) )
    (?i: [_-]? (?: key | base | value | str | string | text | prod | dev | test | default | \d+ ) )*
    (?! [A-Za-z0-9_-] )
"""

# A literal, closed or (at the cursor) not yet; only the long strings of Python go over lines.
_QUOTED = re.compile(
    rf"""{_NAME_END} \\?["'`]?\]? [ \t]*
    (?: (?P<compares> ={{2,3}} | !==? ) | (?P<beside> , | (?<=[ \t]) )
      | => | := | \?= | \|\|= | = | :(?!:) | :[^=\n"]{{1,40}}= )
    [ \t]* (?: \( \s* )? [A-Za-z@$]{{0,2}}
    (?: \"\"\" (?P<long_double> .*? ) (?: \"\"\" | \Z )
      | \'\'\' (?P<long_single> .*? ) (?: \'\'\' | \Z )
      | " (?P<double> (?: \\. | [^"\\\n] )* )
      | ' (?P<single> (?: \\. | [^'\\\n] )* )
      | ` (?P<back> (?: \\. | [^`\\\n] )* )
      | \\["'] (?P<escaped> [^"'\\\n]* ) )
    """,
    re.VERBOSE | re.DOTALL,
)

# The rest of a line, or of a part of a URL, a command line or an XML element.  The bound keeps a
# minified file of one line from being copied once for each name in it.
_BARE = re.compile(
    rf"""{_NAME_END} ["']?
    (?: = (?P<tight> [^\s"'`<>=] [^\n]{{0,10000}} )
      | :\ + (?P<yaml> [^\s"'`<>=] [^\n]{{0,10000}} )
      | [ \t]+=[ \t]+ (?P<ini> [^\s"'`<>=] [^\n]{{0,10000}} )
      | > (?P<element> [^<>\s]+ ) </ )
    """,
    re.VERBOSE,
)

# What may stand before a name at the beginning of a line of settings, and within a line.
_LINE_HEAD = re.compile(
    r"""\s*(?:(?:export|set|setx|env|ENV|ARG|declare|local|readonly)\s+)?(?:-\s+)?["']?[\w./:@-]*"""
)
_INLINE_HEAD = re.compile(r"""(?:.*[?&;"'\s])?(?:(?<=[?&;"'])|--|-D)[\w.-]*""")
_INLINE_VALUE = re.compile(r"""[^\s&;,"'`<>()]+""")
_COMMENT = re.compile(r"\s(?:#|//)")

# Texts that stand for a secret without being one: placeholders, names of types, the name itself.
_HARMLESS = re.compile(
    r"""<.*> | [$\#]?\{.*\} | \$\(.*\) | \[.*\] | \$[A-Z_][A-Z0-9_]* | \$[0-9@*]
    | %[sdr] | %\(\w+\)s | %\w+% | [*•.xX\#_-]+
    | (?i: str | string | text | bool | boolean | int | integer | number | float | bytes? | char
        | object | any | unknown | null | none | nil | true | false | undefined | void | optional
        | required | hidden | self | this | default | const | var | env | auto )
    | [$:@]? (?i: (?: access | api | auth | bearer | client | csrf | id | private | refresh
        | secret )[_-]? )? (?i: pass(?:word|wd|phrase|code)? | pwd | secret | token | credential
        | key )s?
    """,
    re.VERBOSE | re.DOTALL,
)

# Bare values that are computed; and, further, that begin or end like a statement, or are members.
_COMPUTED = re.compile(r"[\w.]+[(\[].*[)\]][,;:)]*|\$[A-Za-z_]\w*", re.DOTALL)
_EXPRESSION = re.compile(
    rf""".*[,;({{\[:\\] | [|&!].* | {_COMPUTED.pattern}
      | [A-Za-z_]\w*(?:(?:\.|->|::|\?\.)[A-Za-z_]\w*)+""",
    re.VERBOSE | re.DOTALL,
)

# Names of types and variables.
_NAME = re.compile(
    r"[A-Z][A-Za-z]* | [A-Za-z]*_[A-Za-z_]* | [A-Za-z]*(?:8|16|32|64|128|256|512)", re.VERBOSE
)


def assigned(text: str, at: int) -> tuple[int, int] | None:
    """The span of the secret whose name has one of the anchors at `at`, if there is one."""
    quoted = _QUOTED.match(text, at)
    if quoted and _names_secret(text, at, quoted["word"].lower()):
        return _quoted_span(quoted)
    bare = _BARE.match(text, at)
    if bare and _names_secret(text, at, bare["word"].lower()):
        return _bare_span(text, at, bare)
    return None


def _names_secret(text: str, at: int, word: str) -> bool:
    """Whether the word is a name of secrets by itself, or by what stands before it."""
    if word == "key":
        before = text[max(0, at - _LONGEST_NAME_CHARACTERS) : at].rstrip("_-").lower()
        return before.endswith(_KEY_OWNERS)
    if word == "pass":
        # Not `compass` or `bypass`, but `DB_PASS` and `userPass`.
        before = text[max(0, at - 1) : at]
        return not before.isalpha() or (before.islower() and text[at].isupper())
    return True


def _quoted_span(match: re.Match[str]) -> tuple[int, int] | None:
    value = match[match.lastgroup or 0]
    if len(value) < _SHORTEST_CHARACTERS or _HARMLESS.fullmatch(value):
        return None
    # Parsers compare tokens with words.
    if match["compares"] and match["word"].lower() == "token" and value.isalpha():
        return None
    # `getenv("API_KEY", "3fa9c1")` has a secret, a list of field names has none.
    if match["beside"] and not _is_mixed(value):
        return None
    return match.span(match.lastgroup or 0)


def _bare_span(text: str, at: int, match: re.Match[str]) -> tuple[int, int] | None:
    """The span of a bare value, judged by the form that its line has."""
    form = match.lastgroup or ""
    start, value = match.start(form), match[form]
    if form == "element":
        return _span(start, value, rejects=_EXPRESSION)
    head = text[max(line_start(text, at), at - _LONGEST_NAME_CHARACTERS) : at]
    if form == "tight" and _INLINE_HEAD.fullmatch(head):
        part = _INLINE_VALUE.match(value)
        return _span(start, part[0], rejects=_EXPRESSION) if part else None
    if not _LINE_HEAD.fullmatch(head):
        return None
    value = _COMMENT.split(value, maxsplit=1)[0].rstrip()
    # Upper case without blanks is an environment file: what is not computed is a text.
    if form == "tight" and match["word"].isupper():
        return _span(start, value, rejects=_COMPUTED)
    if re.search(r"\s", value) or (form != "tight" and not _is_literal(value, match["word"], form)):
        return None
    return _span(start, value, rejects=_EXPRESSION)


def _span(start: int, value: str, *, rejects: re.Pattern[str]) -> tuple[int, int] | None:
    """The span of a bare value, if it is neither too short nor a placeholder nor code."""
    head = value[:_JUDGED_CHARACTERS]
    if len(head) < _SHORTEST_CHARACTERS or _HARMLESS.fullmatch(head) or rejects.fullmatch(head):
        return None
    return start, start + len(value)


def _is_literal(value: str, word: str, form: str) -> bool:
    """Whether a value after `: ` or ` = ` is a literal, where code would have a name or a type."""
    if _NAME.fullmatch(value):
        return False
    if form == "yaml" and word.lower().startswith(("pass", "pwd")):
        return True
    return _is_mixed(value)


def _is_mixed(value: str) -> bool:
    """Whether a value is long enough and has letters and digits, which few plain words do."""
    has_both = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return has_both and len(value) >= _SHORTEST_MIXED_CHARACTERS
