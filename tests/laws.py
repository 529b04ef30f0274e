"""The laws of the design, each a function from a source file to what it finds wrong there.

`LAWS` has them by the sentence that a finding is reported with.  A law reads one parsed file at a
time, so that `test_architecture.py` can show with a few lines of bad code that it bites.
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
from collections.abc import Callable, Iterator

from tests.source import Import, Source, dotted, length, room_of

LONGEST_FUNCTION_LINES = 60
MEDIAN_FUNCTION_LINES = 10
LONGEST_FILE_LINES = 400

Finding = tuple[int, str]
Law = Callable[[Source], Iterator[Finding]]


# --- who knows whom -------------------------------------------------------------------------

_ENGINE = {"text", "syntax", "documents", "context", "models", "settings", "errors", "clock"}
_SERVER = _ENGINE | {"repository", "completion", "actions", "processes"}

KNOWS: dict[str, set[str]] = {
    "errors": set(),
    "clock": set(),
    "lifeline": set(),
    "text": {"errors"},
    "settings": {"errors"},
    "syntax": {"text", "errors"},
    "documents": {"text", "syntax", "errors"},
    "processes": {"errors", "lifeline"},
    "repository": {"text", "syntax", "settings", "errors", "processes", "lifeline", "clock"},
    "context": {"text", "syntax", "repository", "errors"},
    "models": {"text", "settings", "errors", "processes", "lifeline", "clock"},
    "completion": _ENGINE,
    "actions": _ENGINE,
    "lsp": _SERVER,
    "cli": _SERVER | {"lsp", "evaluation", "testing"},
    "evaluation": _SERVER | {"lsp", "cli", "testing", "lifeline"},
    "testing": {"text"},
    "__main__": {"cli"},
}
"""What each room may import, besides itself and the version in `fimls`."""

# The bundled demonstration drives the server with the kit's client, in these files.
_DEMO = tuple(f"fimls.cli.{name}" for name in ("demo", "author", "editor", "scenes", "stage"))


def layering(source: Source) -> Iterator[Finding]:
    for each in _own_imports(source):
        known = KNOWS.get(source.room, set()) | {"", "__version__", source.room}
        if room_of(each.module) not in known:
            yield each.line, f"{source.room or 'fimls'} imports {each.module}"


_ENTRY = "fimls.lsp.server"


def only_the_entry(source: Source) -> Iterator[Finding]:
    for each in _own_imports(source):
        inside = each.module.startswith("fimls.lsp.") and not each.module.startswith(_ENTRY)
        if source.room not in {"lsp", "evaluation"} and inside:
            yield each.line, f"imports {each.module}"


def testing_only_for_show(source: Source) -> Iterator[Finding]:
    for each in _own_imports(source):
        allowed = source.room in {"testing", "evaluation"} or source.within(*_DEMO)
        if room_of(each.module) == "testing" and not allowed:
            yield each.line, f"imports {each.module}"


def testing_is_plain(source: Source) -> Iterator[Finding]:
    if source.room != "testing":
        return
    for each in source.imports:
        top = each.module.partition(".")[0]
        if top != "fimls" and top not in sys.stdlib_module_names:
            yield each.line, f"imports {each.module}"


# --- what only some rooms do ----------------------------------------------------------------


def _only(
    places: tuple[str, ...], *, modules: tuple[str, ...] = (), calls: tuple[str, ...] = ()
) -> Law:
    """Only those places import those modules or call those names (`.name`: any method)."""

    def law(source: Source) -> Iterator[Finding]:
        if source.within(*places):
            return
        for each in source.imports:
            if any(each.module == name or each.module.startswith(f"{name}.") for name in modules):
                yield each.line, f"imports {each.module}"
        for line, called in source.calls:
            if any(called == name or f".{called}".endswith(name) for name in calls):
                yield line, f"calls {called}()"

    return law


protocol = _only(("fimls.lsp",), modules=("pygls", "lsprotocol"))

outgoing = _only(
    ("fimls.models",),
    modules=(
        *("httpx", "ollama", "requests", "aiohttp", "websockets", "urllib.request", "http.client"),
        *("ftplib", "smtplib", "xmlrpc", "ssl"),
    ),
    calls=(".open_connection", ".open_unix_connection", ".create_connection", ".connect_ex"),
)

# The embedded model's own process listens too, from within its native server.
listening = _only(
    ("fimls.lsp", "fimls.testing"),
    modules=("socketserver", "http.server", "wsgiref"),
    calls=(
        *(".start_server", ".start_unix_server", ".create_server", ".create_unix_server"),
        *(".bind", ".start_tcp", ".start_ws"),
    ),
)

sockets = _only(("fimls.models", "fimls.lsp", "fimls.testing"), modules=("socket",))

# What a child does for itself is beside it.
processes = _only(
    ("fimls.processes", "fimls.lifeline"),
    modules=("subprocess", "multiprocessing", "pty", "concurrent.futures.process"),
    calls=(
        *(".create_subprocess_exec", ".create_subprocess_shell", ".subprocess_exec"),
        *(".fork", ".forkpty", ".posix_spawn", ".posix_spawnp", "os.system", "os.popen"),
        *("os.startfile", ".ProcessPoolExecutor"),
        *(f"os.{kind}{form}" for kind in ("exec", "spawn") for form in ("l", "le", "lp", "lpe")),
        *(f"os.{kind}{form}" for kind in ("exec", "spawn") for form in ("v", "ve", "vp", "vpe")),
    ),
)

# Besides the clock itself: measuring and animating is what these rooms are for.
clocks = _only(
    ("fimls.clock", "fimls.cli", "fimls.evaluation", "fimls.testing"),
    modules=("time", "datetime", "sched"),
    calls=("asyncio.sleep", "loop.time", ".call_later", ".call_at"),
)

# Specimens are texts of our own.
cleared = _only(("fimls.context.secrets", "fimls.models.specimens"), calls=(".Cleared",))

chats = _only(("fimls.actions",), calls=(".Chat", ".Message"))

PURE = (
    *("fimls.text", "fimls.syntax", "fimls.context", "fimls.models.families"),
    *("fimls.models.formats", "fimls.models.naming", "fimls.models.vocabularies"),
    *("fimls.models.detection", "fimls.models.templates", "fimls.models.specimens"),
    *("fimls.models.conditions", "fimls.models.trouble", "fimls.models.ranking"),
    "fimls.models.watchdog",
    *("fimls.completion.shape", "fimls.completion.prompt", "fimls.completion.post"),
    *("fimls.actions.extract", "fimls.actions.place", "fimls.actions.collect"),
    *("fimls.actions.imports", "fimls.actions.templates", "fimls.actions.proposal"),
    *("fimls.actions.filling", "fimls.actions.prompting", "fimls.actions.ending"),
    *("fimls.actions.loops", "fimls.actions.roles", "fimls.actions.cutting"),
    *("fimls.actions.offers", "fimls.actions.refusing", "fimls.actions.request"),
)

_IMPURE_MODULES = {
    *("asyncio", "datetime", "glob", "os", "random", "select", "selectors", "shutil", "signal"),
    *("socket", "sqlite3", "subprocess", "tempfile", "threading", "time"),
}
_IMPURE_CALLS = re.compile(
    r"open|input|print|exec|eval|.*\.(?:open|read_text|read_bytes|write_text|write_bytes|iterdir"
    r"|stat|unlink|mkdir|cwd|home)"
)
_WAITING = (ast.Await, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith)


def purity(source: Source) -> Iterator[Finding]:
    if not source.within(*PURE):
        return
    for node in source.nodes:
        if isinstance(node, _WAITING):
            yield node.lineno, "awaits"
    for each in source.imports:
        if each.module.partition(".")[0] in _IMPURE_MODULES or each.module == "pathlib.Path":
            yield each.line, f"imports {each.module}"
    for line, called in source.calls:
        if _IMPURE_CALLS.fullmatch(called):
            yield line, f"calls {called}()"


def prompts(source: Source) -> Iterator[Finding]:
    """A backend may warm up with a text of its own, which is a literal."""
    if source.within("fimls.completion.prompt", "fimls.actions"):
        return
    for node in source.nodes:
        if not isinstance(node, ast.Call) or not f".{dotted(node.func)}".endswith(".Generation"):
            continue
        if not (node.args and isinstance(node.args[0], ast.Constant)):
            yield node.lineno, "builds a prompt"


def cleared_by_cast(source: Source) -> Iterator[Finding]:
    """`cast(Cleared, …)` would make it without calling it."""
    for node in source.nodes:
        if not isinstance(node, ast.Call) or not dotted(node.func).endswith("cast"):
            continue
        if any("Cleared" in ast.unparse(argument) for argument in node.args[:1]):
            yield node.lineno, "casts to Cleared"


# --- how the code reads ---------------------------------------------------------------------

_EMPTY_NAMES = {
    *("util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc"),
}


def names(source: Source) -> Iterator[Finding]:
    for part in source.module.split("."):
        if _EMPTY_NAMES & set(part.split("_")):
            yield 1, f"is called {part}"
    for each in source.classes:
        words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", each.name)
        if _EMPTY_NAMES & {word.lower() for word in words}:
            yield each.lineno, f"has a class called {each.name}"


def sizes(source: Source) -> Iterator[Finding]:
    count = source.text.count("\n")
    if count > LONGEST_FILE_LINES:
        yield 1, f"has {count} lines"
    for function in source.functions:
        if (lines := length(function)) > LONGEST_FUNCTION_LINES:
            yield function.lineno, f"{function.name} has {lines} lines"


def docstrings(source: Source) -> Iterator[Finding]:
    if not ast.get_docstring(source.tree):
        yield 1, "has no docstring"


def annotated(source: Source) -> Iterator[Finding]:
    for function in source.functions:
        every = function.args
        given = [*every.posonlyargs, *every.args, *every.kwonlyargs]
        given += [each for each in (every.vararg, every.kwarg) if each]
        bare = [each.arg for each in given if not each.annotation and each.arg not in _OWNERS]
        if bare or not function.returns:
            yield function.lineno, f"{function.name} is not annotated"


_OWNERS = frozenset({"self", "cls", "mcs"})


def exceptions(source: Source) -> Iterator[Finding]:
    """The testing kit, which does not know fimls, has its own."""
    if source.module == "fimls.errors" or source.room == "testing":
        return
    for each in source.classes:
        bases = {dotted(base).rpartition(".")[2] for base in each.bases}
        if any(re.search(r"(Error|Exception|Interrupt|Exit)$", base) for base in bases):
            yield each.lineno, f"has an exception {each.name}"


_HEAVY = {
    *("httpx", "ollama", "pygls", "lsprotocol", "rich", "xllamacpp", "platformdirs", "tomllib"),
    "tree_sitter",
}

# What is made of one of these, as what draws in the terminal is of rich, is as heavy, and imported
# as late.
_AS_HEAVY = (
    *("fimls.cli.explanation", "fimls.cli.screen", "fimls.cli.diagnosis"),
    "fimls.models.plain_http",
)


def late_imports(source: Source) -> Iterator[Finding]:
    for each in source.imports:
        top = each.module.partition(".")[0]
        heavy = top in _HEAVY or top.startswith("tree_sitter_") or each.module.startswith(_AS_HEAVY)
        at_once = not each.late and not each.typing
        if heavy and at_once and source.room != "lsp" and not source.within(*_AS_HEAVY):
            yield each.line, f"imports {each.module} when it is imported itself"


def unfinished(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.Raise) and node.exc and "NotImplemented" in ast.unparse(node.exc):
            yield node.lineno, "raises NotImplementedError"
    for number, line in enumerate(source.text.splitlines(), 1):
        if re.search(r"#.*\b(TODO|XXX|HACK)\b", line):
            yield number, "has work left over in a comment"


LAWS: dict[str, Law] = {
    "a room knows only the rooms it is built on": layering,
    "lsp is entered by its server only": only_the_entry,
    "testing is imported by the demo, evaluation and tests only": testing_only_for_show,
    "testing imports the standard library and fimls.text only": testing_is_plain,
    "only lsp imports pygls and lsprotocol": protocol,
    "only models opens outgoing connections": outgoing,
    "only lsp and testing listen": listening,
    "only models, lsp and testing touch sockets": sockets,
    "only processes.py starts processes": processes,
    "time comes from the clock that is passed in": clocks,
    "pure rooms never await, read a file, open a socket or read a clock": purity,
    "only context.secrets makes Cleared text, by its name": cleared,
    "only context.secrets makes Cleared text, by a cast": cleared_by_cast,
    "only completion.prompt and actions build a raw prompt": prompts,
    "only actions build a chat": chats,
    "names say what a thing is for": names,
    "functions have at most 60 lines, files 400": sizes,
    "each file says what it is for": docstrings,
    "each function is annotated": annotated,
    "all exceptions are in errors.py": exceptions,
    "heavy libraries are imported late": late_imports,
    "nothing is left unfinished": unfinished,
}
"""The laws by what they say."""


# --- files of every kind --------------------------------------------------------------------

# The brackets keep this file from breaking the law itself.
_ADDRESSES = re.compile(
    r"files\.pythonhosted[.]org|pypi[.]org/simple|registry\.(?:npmjs|yarnpkg)\."
    r"|index-url[ =]+\S*://|static\.crates[.]io"
)


def addresses(text: str, machine: tuple[str, ...]) -> Iterator[Finding]:
    """Addresses of package registries, and paths of the machine that a text was made on."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := _ADDRESSES.search(line):
            yield number, f"has the registry address {found[0]}"
        for path in machine:
            if re.search(rf"(?<![\w./-]){re.escape(path)}(?![\w-])", line):
                yield number, f"has the machine's path {path}"


def median_length(sources: list[Source]) -> float:
    """The median length of all functions, in lines."""
    return statistics.median(length(each) for source in sources for each in source.functions)


def _own_imports(source: Source) -> Iterator[Import]:
    return (each for each in source.imports if each.module.partition(".")[0] == "fimls")
