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
_NAME_END = re.compile(
    r"""(?P<word> (?i: pass(?:word|wd|phrase|code)? | pwd | secret | token | credentials? | key ) )
    (?i: [_-]? (?: key | base | value | str | string | text | prod | dev | test | default | \d+ ) )*
    (?! [A-Za-z0-9_-] )""",
    re.VERBOSE,
)

# All that follows is matched from there on.  Blanks are bounded: of two runs that stand beside each
# other each place would be tried as their border.
_BLANKS = r"[ \t]{0,99}"
_SPACE = r"\s{0,99}"

# A literal, closed or (at the cursor) not yet; only the long strings of Python go over lines.
# Behind a sign and behind a name in quotes it may stand on the next line; behind a plain name and a
# colon a body does.
_QUOTED = re.compile(
    rf"""\\?(?P<named> ["'`] )?\]? (?: \[\d*\] )? {_BLANKS}
    (?: (?P<compares> ={{2,3}} | !==? ) | (?P<beside> , | (?<=[ \t]) )
      | (?P<sign> => | := | \?= | \|\|= | <- | = | :[^=\n"]{{1,40}}=
          | (?: [Aa]s[ ] )? [Ss]tring[ ]*= )
      | :(?!:) )
    {_BLANKS} (?(sign) \\?{_SPACE} | (?(named) {_SPACE} ) )
    (?P<opened> \( {_SPACE} )? [A-Za-z@$]{{0,2}} \#?
    (?: \"\"\" (?P<long_double> .*? ) (?: \"\"\" | \Z )
      | \'\'\' (?P<long_single> .*? ) (?: \'\'\' | \Z )
      | " (?P<double> (?: \\. | [^"\\\n] )* )
      | ' (?P<single> (?: \\. | [^'\\\n] )* )
      | ` (?P<back> (?: \\. | [^`\\\n] )* )
      | \\["'] (?P<escaped> [^"'\\\n]* ) )
    """,
    re.VERBOSE | re.DOTALL,
)

# A literal behind the one before it: with a sign between them, and in brackets without one.
_PIECE = r"""["'`]%s[A-Za-z@$]{0,2}(?:"(?:\\.|[^"\\\n])*(?=")|'(?:\\.|[^'\\\n])*(?='))"""
_PUT_TOGETHER = re.compile(_PIECE % rf"{_SPACE}(?:\+|\.{{1,2}}|&|\\(?=\n)){_SPACE}")
_IN_BRACKETS = re.compile(_PIECE % rf"{_SPACE}(?:\+|\.{{1,2}}|&)?{_SPACE}")

# A literal that is handed on by a call, or taken where something else is missing: `Text("…")`,
# `field(default="…")`, `environ.get("A", "…")`, `env.A || "…"`.
_HANDED_ON = re.compile(
    rf"""\\?["'`]?\]? {_BLANKS} (?: :[^=\n"]{{1,40}} )? (?: => | := | =(?!=) ) {_BLANKS}
    (?: [\w.:&<>\ ] | \[\] ){{1,60}}?
    (?: \( (?: ["'][^"'\n]{{0,60}}["'] (?: ,{_BLANKS} | \) ) )? (?: \w{{1,40}}[ ]?=[ ]? )? )?
    (?: {_BLANKS} (?: \bor\b | \|\| | \?\? ) {_BLANKS} )?
    (?P<mark> ["'`] ) (?P<handed> [\w+/=.~!@\#$%^&*-]+ ) (?P=mark)
    """,
    re.VERBOSE,
)

# What has a name and a value, each in words of its own: settings in XML and JSON, options of a
# command; and the same in YAML.
_VALUED = re.compile(
    rf"""(?: ["'] [\s,{{]{{0,99}} ["']? \b(?: value | default ) ["']? {_BLANKS}[:=]{_BLANKS} ["']
      | ["']? {_BLANKS}\n [ ]{{1,99}} value: [ ]{{1,9}} ["']? )
    (?P<valued> [^\s"'`<>,;(){{}}\[\]]+ )
    """,
    re.VERBOSE,
)

# What begins with a quote, or with what may stand before one, is a literal and has been judged.
_FIRST = r"""(?![A-Za-z@$]{0,2}\#?["'`])[^\s<>=]"""

# The rest of a line, or of a part of a URL, a command line or an XML element.  The bound keeps a
# minified file of one line from being copied once for each name in it.
_BARE = re.compile(
    rf"""["']?
    (?: :\ +[|>][-+\d]*[ ]* (?P<block> (?: \n (?: [ ]+ [^\n]* )? )+ )
      | = (?P<tight> {_FIRST} [^\n]{{0,10000}} )
      | :\ + (?: [&!][\w!/-]{{0,40}}\ + ){{0,2}} (?P<yaml> {_FIRST} [^\n]{{0,10000}} )
      | [ \t]{{1,99}}[:?]?=[ \t]{{1,99}} (?P<ini> {_FIRST} [^\n]{{0,10000}} )
      | \ + (?P<next> [^\s"'`<>=]+ )
      | >{_SPACE} (?P<element> [^<>\s]+ ) {_SPACE}</ )
    """,
    re.VERBOSE,
)

# What may stand before a name at the beginning of a line of settings, and within a line.
_LINE_HEAD = re.compile(
    r"""(?:(?:.*\s)?(?:\#+|//+|;+|--|/?\*+))?\s*
    (?:(?:export|set|setx|env|ENV|ARG|declare|local|readonly)\s+(?:\w+=\S*\s+)*)?
    (?:-\s+)?["']?[\w./:@-]*""",
    re.VERBOSE,
)
# And what may stand before one that only a blank parts from its value.
_WORDS_HEAD = re.compile(r"(?:.*\s)?--[\w-]*|\s*(?:ENV|setenv|set -\w+)\s+\w*|\s*|.*\slogin\s.*")
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

# What is handed on may be where a secret is found, as a file or a variable of the environment, what
# it is called there, or how it is written.
_NO_SECRET = re.compile(
    r"""[~.]*/.* | .*://.* | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*
      | .*(?i:pass|pwd|secret|token|credential|key|auth).*
      | (?i:ascii|cp|iso|latin|md|sha|utf)[\w-]*
    """,
    re.VERBOSE,
)

# Names of types and variables.
_NAME = re.compile(
    r"[A-Z][A-Za-z]* | [A-Za-z]*_[A-Za-z_]* | [A-Za-z]*(?:8|16|32|64|128|256|512)", re.VERBOSE
)


def assigned(text: str, at: int) -> tuple[int, int] | None:
    """The span of the secret whose name has one of the anchors at `at`, if there is one."""
    name = _NAME_END.match(text, at)
    if name is None or not _names_secret(text, at, name["word"].lower()):
        return None
    for pattern, span_of in _FORMS:
        match = pattern.match(text, name.end())
        span = span_of(match, name) if match else None
        if span is not None:
            return span
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


def _quoted_span(match: re.Match[str], name: re.Match[str]) -> tuple[int, int] | None:
    value = match[match.lastgroup or 0]
    if len(value) < _SHORTEST_CHARACTERS or _HARMLESS.fullmatch(value):
        return None
    # Parsers compare tokens with words.
    if match["compares"] and name["word"].lower() == "token" and value.isalpha():
        return None
    # `getenv("API_KEY", "3fa9c1")` has a secret, a list of field names has none.
    if match["beside"] and not _is_mixed(value):
        return None
    return match.start(match.lastgroup or 0), _end_of_pieces(match)


def _end_of_pieces(match: re.Match[str]) -> int:
    """Where the last of the literals ends that a value is put together from."""
    form = match.lastgroup or ""
    end = match.end(form)
    if form.startswith("long"):
        return end
    goes_on = _IN_BRACKETS if match["opened"] else _PUT_TOGETHER
    while piece := goes_on.match(match.string, end):
        end = piece.end()
    return end


def _handed_span(match: re.Match[str], _name: re.Match[str]) -> tuple[int, int] | None:
    """The span of an argument or of a default, where it is a secret itself."""
    value = match["handed"]
    # What is padded is base64.
    if _NO_SECRET.fullmatch(value) or not (_is_mixed(value) or value.endswith("=")):
        return None
    return match.span("handed")


def _valued_span(match: re.Match[str], _name: re.Match[str]) -> tuple[int, int] | None:
    return _span(match.start("valued"), match["valued"], rejects=_EXPRESSION)


def _bare_span(match: re.Match[str], name: re.Match[str]) -> tuple[int, int] | None:
    """The span of a bare value, judged by the form that its line has."""
    form = match.lastgroup or ""
    start, value = match.start(form), match[form]
    if form == "element":
        return _span(start, value, rejects=_EXPRESSION)
    text, at = match.string, name.start()
    head = text[max(line_start(text, at), at - _LONGEST_NAME_CHARACTERS) : at]
    if form == "tight" and _INLINE_HEAD.fullmatch(head):
        part = _INLINE_VALUE.match(value)
        return _span(start, part[0], rejects=_EXPRESSION) if part else None
    if form == "next":
        is_value = _WORDS_HEAD.fullmatch(head) and _is_literal(value, name["word"], form)
        return _span(start, value, rejects=_EXPRESSION) if is_value else None
    if not _LINE_HEAD.fullmatch(head):
        return None
    if form == "block":
        return _block_span(match, head)
    value = _COMMENT.split(value, maxsplit=1)[0].rstrip()
    # Upper case without blanks is an environment file: what is not computed is a text.
    if form == "tight" and name["word"].isupper():
        return _span(start, value, rejects=_COMPUTED)
    if re.search(r"\s", value) or (form != "tight" and not _is_literal(value, name["word"], form)):
        return None
    return _span(start, value, rejects=_EXPRESSION)


def _block_span(match: re.Match[str], head: str) -> tuple[int, int] | None:
    """The span of the lines below a key of YAML that stand further right than it does."""
    depth = len(head) - len(head.lstrip(" -"))
    lines = match["block"].split("\n")[1:]
    ends = (at for at, each in enumerate(lines) if each and len(each) - len(each.lstrip()) <= depth)
    inside = "\n".join(lines[: next(ends, len(lines))]).rstrip()
    start = match.start("block") + 1
    return (start, start + len(inside)) if inside else None


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
    if word.lower().startswith(("pass", "pwd")) and (form == "yaml" or value.isdigit()):
        return True
    return _is_mixed(value)


def _is_mixed(value: str) -> bool:
    """Whether a value is long enough and has letters and digits, which few plain words do."""
    has_both = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return has_both and len(value) >= _SHORTEST_MIXED_CHARACTERS


_FORMS = (
    (_QUOTED, _quoted_span),
    (_HANDED_ON, _handed_span),
    (_VALUED, _valued_span),
    (_BARE, _bare_span),
)
