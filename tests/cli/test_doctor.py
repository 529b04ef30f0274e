"""`fimls doctor`: three situations as golden reports, and what becomes of each check otherwise.

With `FIMLS_UPDATE=1` in the environment the golden files are rewritten; the difference is the
review.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from dataclasses import replace
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from fimls import __version__
from fimls.cli.checks.finding import Finding, Grade, Group, Row, Table, counted, size
from fimls.cli.diagnosis import Diagnosis
from fimls.models import catalogue, embedded, embedded_choice, hosts
from fimls.testing.fake_ollama import FakeOllama
from fimls.testing.fake_openai import FakeOpenAI
from fimls.testing.faults import Fault
from fimls.testing.ollama_models import FakeModel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tests.cli.conftest import Ran

    Run = Callable[..., Awaitable[Ran]]

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("FIMLS_UPDATE"))

PACKAGES = ("pygls", "lsprotocol", "httpx", "ollama", "tree-sitter", "xllamacpp")

# One that is known by its name, one of another family, one that nobody knows, and two that
# complete nothing here.
FIVE = (
    FakeModel("gpt-oss:120b-cloud", remote_host="https://ollama.com"),
    "nomic-embed-text:latest",
    "mystery:7b",
    "qwen2.5-coder:1.5b-base",
    "codellama:7b-code",
)

NEOVIM = "echo 'NVIM v0.12.4'; echo 'Build type: Release'"
CODE = "echo 1.139.1; echo 0123456789abcdef; echo x64"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A user with an empty folder and no editors, on a machine that is not inside another."""
    place = tmp_path / "home"
    (place / "bin").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("PATH", str(place / "bin"))
    for name in (
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "NVIM_APPNAME",
        "FORCE_COLOR",
        "COLUMNS",
        "FIMLS_UPDATE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(hosts, "_is_inside_another_system", lambda: False)
    hosts.outside_hint.cache_clear()
    yield place
    hosts.outside_hint.cache_clear()


@pytest.fixture
def no_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runtime of the embedded model is not installed."""
    for place in (embedded, embedded_choice, catalogue):
        monkeypatch.setattr(place, "has_runtime", lambda: False)


@pytest.fixture
def with_embedded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, embedded_model: Path) -> None:
    """The embedded model is here, and nothing else is in its folder."""
    place = tmp_path / "FIMLS_DATA_DIR" / "models" / embedded_model.name
    place.parent.mkdir(parents=True)
    place.symlink_to(embedded_model)


def install(home: Path, command: str, script: str) -> None:
    """Puts an editor on PATH."""
    place = home / "bin" / command
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)


def write(place: Path, text: str = "") -> None:
    """Writes a file and makes its folders."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


# --- three situations -----------------------------------------------------------------------


@pytest.mark.usefixtures("no_runtime")
async def test_nothing(run: Run, tmp_path: Path) -> None:
    await check_golden(run, "nothing", {str(tmp_path): "‹tmp›"}, status=3)


@pytest.mark.usefixtures("with_embedded")
async def test_embedded_only(run: Run, tmp_path: Path) -> None:
    await check_golden(run, "embedded", {str(tmp_path): "‹tmp›"}, status=0)


async def test_ollama_with_five_models(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    install(home, "nvim", NEOVIM)
    install(home, "code", CODE)
    install(home, "hx", "echo 'helix 25.07.1 (0123abcd)'")
    write(home / ".vscode" / "extensions" / "someone.fimls-0.1.0" / "package.json")
    async with FakeOllama(models=FIVE, answer="a + b <EOT>") as fake:
        monkeypatch.setenv("FIMLS_HOST", fake.url)
        monkeypatch.setenv("FIMLS_HEADERS", '{"Authorization": "Bearer 123"}')
        await check_golden(
            run, "ollama", {str(tmp_path): "‹tmp›", fake.url: "http://‹ollama›"}, status=0
        )


async def check_golden(run: Run, name: str, places: dict[str, str], *, status: int) -> None:
    """The report is as in the golden files, but for what differs from machine to machine."""
    for words, ending in ((["--json"], "json"), ([], "txt")):
        ran = await run("doctor", *words)
        assert ran.status == status
        told = _readable(ran) if ending == "json" else ran.out
        _check_file(GOLDEN / f"doctor_{name}.{ending}", _anonymous(told, places))
        assert bool(ran.err) == bool(status)


def _readable(ran: Ran) -> str:
    return json.dumps(ran.json, indent=2, ensure_ascii=False) + "\n"


def _check_file(file: Path, told: str) -> None:
    if UPDATE:
        write(file, told)
    assert told == file.read_text(encoding="utf-8")


def _anonymous(told: str, places: dict[str, str]) -> str:
    """The report with a word in the place of all times, versions and paths of this machine."""
    for given, word in places.items():
        told = told.replace(given, word)
    told = told.replace(json.dumps(sys.executable), '"‹python›"')
    told = told.replace(f"{platform.system()} {platform.machine()}", "‹system›")
    told = told.replace(platform.python_version(), "‹version›")
    for package in PACKAGES:
        told = told.replace(f"{package} {version(package)}", f"{package} ‹version›")
        told = told.replace(f'"{package}": "{version(package)}"', f'"{package}": "‹version›"')
    told = told.replace(f'"version": "{version("xllamacpp")}"', '"version": "‹version›"')
    told = told.replace(f"{__version__} with", "‹version› with")
    told = told.replace(f'"fimls": "{__version__}"', '"fimls": "‹version›"')
    told = re.sub(r'("\w+_(?:ms|per_s)"): [\d.]+', r'\1: "‹number›"', told)
    return re.sub(r"[\d,.]+ (ms|tokens/s)", r"‹number› \1", told)


# --- what it ends with ----------------------------------------------------------------------


def rows_of(ran: Ran) -> dict[str, Any]:
    """The rows by their names."""
    return {row["name"]: row for row in ran.json["checks"]}


async def test_quick_asks_no_model(run: Run, ollama: FakeOllama) -> None:
    ran = await run("doctor", "--quick", "--json")
    assert (ran.status, ran.json["ok"], ollama.requests) == (0, True, [])
    assert "completion" not in rows_of(ran)
    assert rows_of(ran)["model"]["figures"]["model"] == "codellama:7b-code"


@pytest.mark.parametrize("words", [[], ["--quick"]])
async def test_no_model(run: Run, words: list[str]) -> None:
    ran = await run("doctor", "--json", *words)
    assert (ran.status, ran.json["ok"]) == (3, False)
    assert "no completion can be made: " in ran.err
    assert "fimls model get" in ran.json["fix"]


async def test_what_to_do_is_read_first_at_the_end(run: Run) -> None:
    ran = await run("doctor")
    assert ran.out.splitlines()[-1].startswith("Do this first: run `fimls model get")


async def test_a_model_whose_words_are_not_shown_works(run: Run, ollama: FakeOllama) -> None:
    ollama.answer = ""
    ran = await run("doctor", "--json")
    assert (ran.status, ran.json["ok"]) == (0, True)
    assert rows_of(ran)["completion"]["state"] == "warn"


async def test_a_model_that_fails(run: Run, ollama: FakeOllama) -> None:
    ollama.answer = Fault.OUT_OF_MEMORY
    ran = await run("doctor", "--json")
    assert (ran.status, ran.json["ok"]) == (3, False)
    assert rows_of(ran)["completion"]["state"] == "fail"
    assert ran.json["fix"] == rows_of(ran)["completion"]["fix"]


async def test_a_model_that_is_too_slow(run: Run, ollama: FakeOllama) -> None:
    ollama.answer = Fault.HANG
    ran = await run("doctor", "--json", "--set", "completion.timeoutMs=100")
    assert ran.status == 3
    assert "completion.timeoutMs" in ran.json["fix"]


async def test_a_model_that_is_never_loaded(
    run: Run, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fimls.cli.checks.trial._PATIENCE_S", 0.5)
    ollama.fail_next(Fault.HANG)
    ran = await run("doctor", "--json")
    assert ran.status == 3
    row = rows_of(ran)["completion"]
    assert "loading codellama:7b-code: not done in 0.5 s" in row["found"]
    assert "restart" in row["fix"]


async def test_no_python(run: Run, ollama: FakeOllama) -> None:
    # Who completes other languages only wants to know about the model all the same.
    assert (await run("doctor", "--set", "disabledLanguages=python")).status == 0


async def test_what_was_measured(run: Run, ollama: FakeOllama) -> None:
    ollama.answer = ["a", " +", " b", " *", " 2", " <EOT>"]
    figures = rows_of(await run("doctor", "--json"))["completion"]["figures"]
    assert (figures["said"], figures["tokens"]) == ("a + b * 2", 5)
    assert {"load_ms", "first_token_ms", "tokens_per_s", "total_ms"} <= figures.keys()


async def test_a_fault_of_our_own(
    run: Run, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_name: str) -> bool:
        raise KeyError("oops")

    monkeypatch.setattr("fimls.syntax.grammars.has_grammar", broken)
    ran = await run("doctor", "--json")
    # Whatever else is broken, completions work, and that is what was asked.
    assert ran.status == 0
    assert "KeyError: 'oops'" in rows_of(ran)["grammars"]["found"]


async def test_no_assignment(run: Run) -> None:
    assert (await run("doctor", "--set", "nonsense")).status == 2


# --- the checks -----------------------------------------------------------------------------


async def check_row(run: Run, name: str, state: str, found: str, *words: str) -> None:
    """A row stands so and tells that; whatever is not well has something to do."""
    row = rows_of(await run("doctor", "--quick", "--json", *words))[name]
    assert (row["state"], found in row["found"]) == (state, True), row
    assert row["why"]
    assert bool(row["fix"]) == (state != "ok")


@pytest.mark.parametrize(
    ("name", "state", "found", "words"),
    [
        ("Python", "ok", "3.", []),
        ("fimls", "ok", "pygls 2.", []),
        # The host of the tests is a setting, too.
        ("settings", "ok", "1 setting changed", []),
        # Wrong settings are told here, wherever they come from.
        ("settings", "warn", "completion.maxTokns", ["--set", "completion.maxTokns=3"]),
        ("models folder", "ok", "FIMLS_DATA_DIR", []),
        ("cache folder", "ok", "made when it is needed", []),
        ("workspace index", "ok", "made when an editor opens this folder", []),
        ("workspace index", "note", "switched off", ["--set", "context.repoMap=false"]),
        ("grammars", "ok", "all 20 load", []),
        ("host", "ok", "this machine; from FIMLS_HOST", []),
        ("host", "fail", "is not this machine", ["--set", "host=https://example.com"]),
        ("host", "fail", "is no address of a server", ["--set", "host=what ever"]),
        ("proxies", "ok", "none set", []),
        # Another backend could take its place, and is not here either.
        ("Ollama", "warn", "nothing answers", []),
        ("Ollama", "fail", "nothing answers", ["--set", "backend=ollama"]),
        ("Ollama", "ok", "not asked", ["--set", "backend=embedded"]),
        ("openai", "fail", "nothing answers", ["--set", "backend=openai"]),
        # No connection is made to find this out.
        ("Ollama", "warn", "is not this machine", ["--set", "host=https://example.com"]),
        ("models", "warn", "no models", []),
        ("model", "fail", "nothing answers", []),
        ("model", "fail", "switched off", ["--set", "enabled=false"]),
        ("embedded runtime", "ok", "xllamacpp 20", []),
        ("embedded model", "warn", "smollm2-135m is not here", []),
        ("embedded model", "fail", "smollm2-135m is not here", ["--set", "backend=embedded"]),
        ("editors", "note", "none on PATH", []),
    ],
)
async def test_rows(run: Run, name: str, state: str, found: str, words: list[str]) -> None:
    await check_row(run, name, state, found, *words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        # What the settings do not want is not told.
        ("openai", []),
        ("Ollama", ["--set", "backend=openai"]),
        ("embedded runtime", ["--set", "backend=ollama"]),
        ("embedded model", ["--set", "backend=openai"]),
        ("host", ["--set", "backend=embedded"]),
        ("Neovim", []),
        # There is no model at all, which is told already.
        ("chat model", []),
    ],
)
async def test_rows_that_are_not_there(run: Run, name: str, words: list[str]) -> None:
    assert name not in rows_of(await run("doctor", "--quick", "--json", *words))


async def test_a_proxy_of_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    await check_row(run, "proxies", "ok", "HTTPS_PROXY is set, and not used")


async def test_a_missing_grammar(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fimls.syntax.grammars.has_grammar", lambda name: name != "c_sharp")
    await check_row(run, "grammars", "warn", "19 of 20 load; not c_sharp")


@pytest.mark.usefixtures("no_runtime")
@pytest.mark.parametrize(
    ("words", "state"), [([], "warn"), (["--set", "backend=embedded"], "fail")]
)
async def test_a_missing_runtime(run: Run, words: list[str], state: str) -> None:
    await check_row(run, "embedded runtime", state, "not installed", *words)


async def test_a_folder_that_is_a_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "file")
    monkeypatch.setenv("FIMLS_CACHE_DIR", str(tmp_path / "file" / "cache"))
    await check_row(run, "cache folder", "warn", "cannot be written")


async def test_inside_a_container(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "_is_inside_another_system", lambda: True)
    hosts.outside_hint.cache_clear()
    await check_row(run, "host", "ok", "as seen from inside a container")
    row = rows_of(await run("doctor", "--quick", "--json"))["Ollama"]
    assert "host.docker.internal" in row["fix"]


@pytest.mark.parametrize(
    ("variable", "value", "origin"),
    [
        # As by default, in other words: who has set it wants to know that it arrived.
        ("OLLAMA_HOST", "127.0.0.1", "OLLAMA_HOST"),
        ("FIMLS_HOST", "localhost:9", "FIMLS_HOST"),
        ("", "", "the defaults"),
    ],
)
async def test_where_the_host_comes_from(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, origin: str
) -> None:
    monkeypatch.delenv("FIMLS_HOST")
    if variable:
        monkeypatch.setenv(variable, value)
    row = rows_of(await run("doctor", "--quick", "--json"))["host"]
    assert row["figures"]["origin"] == origin


async def test_settings_that_were_changed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path / "FIMLS_CONFIG_DIR" / "config.toml",
        'keepAlive = "1h"\nheaders = { Authorization = "Bearer 123" }\n[completion]\nmaxTokens = 3',
    )
    monkeypatch.setenv("FIMLS_HOST", "http://me:secret@127.0.0.1:9")
    words = ["--set", "completion.maxTokens=64", "--set", "context.exclude=a,b"]
    ran = await run("doctor", "--quick", "--json", *words)
    assert rows_of(ran)["settings"]["figures"]["changed"] == [
        {"key": "host", "value": "http://127.0.0.1:9", "origin": "FIMLS_HOST"},
        {"key": "headers", "value": "Authorization: ***", "origin": "config.toml"},
        {"key": "keepAlive", "value": "1h", "origin": "config.toml"},
        {"key": "completion.maxTokens", "value": "64", "origin": "--set"},
        {"key": "context.exclude", "value": '["a", "b"]', "origin": "--set"},
    ]
    assert "secret" not in ran.out


# --- models ---------------------------------------------------------------------------------


async def test_an_older_ollama(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeOllama(version="0.24") as fake:
        monkeypatch.setenv("FIMLS_HOST", fake.url)
        await check_row(run, "Ollama", "note", "0.24.0 at http://127.0.0.1")


async def test_a_model_that_is_loaded(run: Run, ollama: FakeOllama) -> None:
    ollama.answer = "a + b <EOT>"
    await run("doctor")
    await check_row(run, "Ollama", "ok", "loaded: codellama:7b-code (4,096 tokens, CPU)")


async def test_ollama_is_not_missed_where_the_embedded_model_is(
    run: Run, with_embedded: None
) -> None:
    await check_row(run, "Ollama", "note", "nothing answers")
    await check_row(run, "model", "note", "smollm2-135m on embedded, because no Ollama answers")


async def test_the_embedded_model_is_not_missed_where_ollama_is(
    run: Run, ollama: FakeOllama
) -> None:
    await check_row(run, "embedded model", "note", "is not here")


async def test_a_file_that_is_not_there(run: Run) -> None:
    # It cannot be fetched: nobody knows where from.
    ran = await run("doctor", "--quick", "--json", "--set", "embeddedModel=~nobody-here/x.gguf")
    assert "set `embeddedModel`" in rows_of(ran)["embedded model"]["fix"]


async def test_a_file_that_is_not_the_model(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "FIMLS_DATA_DIR" / "models" / "smollm2-135m.gguf", "GGUF")
    await check_row(run, "embedded model", "fail", "its checksum is wrong")


@pytest.mark.parametrize(("text", "state"), [("GGUF and so on", "ok"), ("something", "fail")])
async def test_a_file_of_the_users(run: Run, tmp_path: Path, text: str, state: str) -> None:
    write(tmp_path / "mine.gguf", text)
    words = ["--set", f"embeddedModel={tmp_path / 'mine.gguf'}"]
    await check_row(run, "embedded model", state, "mine.gguf", *words)


async def test_an_openai_server(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeOpenAI() as fake:
        monkeypatch.setenv("FIMLS_HOST", fake.url)
        await check_row(run, "openai", "ok", f"at {fake.url}, ", "--set", "backend=openai")


@pytest.mark.parametrize(
    ("models", "loaded", "words", "found"),
    [
        (["codellama:7b-code", "starcoder2:3b"], "", [], "codellama:7b-code on ollama, the pref"),
        # What is loaded comes before what would be the better family.
        (
            ["qwen2.5-coder:7b-base", "starcoder2:3b"],
            "starcoder2:3b",
            [],
            "starcoder2:3b on ollama, because it is loaded",
        ),
        (
            ["starcoder2:3b", "qwen2.5-coder:7b-base"],
            "",
            [],
            "qwen2.5-coder:7b-base on ollama, the best there by family and size",
        ),
        (["starcoder2:3b"], "", [], "starcoder2:3b on ollama, the only model there"),
        (
            ["codellama:7b-code", "starcoder2:3b"],
            "",
            ["model=starcoder2:3b"],
            "starcoder2:3b on ollama, because `model` names it",
        ),
        (
            ["codellama:7b-code"],
            "",
            ["model=starcoder2:3b"],
            "smollm2-135m on embedded, because Ollama does not have starcoder2:3b",
        ),
        (
            ["mistral:7b"],
            "",
            [],
            "smollm2-135m on embedded, because Ollama has no model that fills",
        ),
        (["mistral:7b", "llama3:8b"], "", ["backend=ollama"], "on ollama, the smallest there"),
        ([], "", ["backend=embedded"], "smollm2-135m on embedded, because `backend` is embedded"),
    ],
)
@pytest.mark.usefixtures("with_embedded")
async def test_why_it_is_this_model(
    run: Run,
    ollama: FakeOllama,
    models: list[str],
    loaded: str,
    words: list[str],
    found: str,
) -> None:
    ollama.remove("codellama:7b-code")
    for name in models:
        ollama.install(name)
    if loaded:
        await run("doctor", "--set", f"model={loaded}")
    settings = [word for each in words for word in ("--set", each)]
    row = rows_of(await run("doctor", "--quick", "--json", *settings))["model"]
    assert found in row["found"]
    assert (row["state"] == "ok") == bool(row["figures"]["family"])


# --- editors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "script", "name", "state", "found"),
    [
        ("nvim", NEOVIM, "Neovim", "note", "0.12.4; fimls is not set up in it"),
        ("nvim", "echo NVIM v0.10.4", "Neovim", "note", "0.10.4; too old to show completions"),
        ("code", CODE, "VS Code", "note", "1.139.1; fimls is not set up in it"),
        ("emacs", "echo GNU Emacs 30.1", "Emacs", "note", "30.1; fimls"),
        ("hx", "echo 'helix 25.07.1 (a1b2)'", "Helix", "note", "25.07.1; its language client"),
        ("zed", "echo 'Zed 0.199.4 – /usr/bin/zed'", "Zed", "note", "0.199.4; its language"),
        ("subl", "echo Sublime Text Build 4169", "Sublime Text", "note", "4169; its language"),
        ("kate", "echo kate 25.04.1", "Kate", "note", "25.04.1; fimls"),
        # Not what is meant by the name, or not able to start: it costs nothing.
        ("code", "echo no display >&2; exit 1", "VS Code", "note", "does not tell its version"),
        # It leaves behind what holds its output open.
        ("nvim", f"{NEOVIM}; /bin/sleep 9 &", "Neovim", "note", "0.12.4; fimls is not set up"),
        # It hangs, and so does what it has started.
        ("emacs", "/bin/sleep 60", "Emacs", "note", "does not tell its version"),
    ],
)
async def test_editors(
    run: Run, home: Path, command: str, script: str, name: str, state: str, found: str
) -> None:
    install(home, command, script)
    await check_row(run, name, state, found)


@pytest.mark.parametrize(
    ("command", "name", "file", "text", "shown"),
    [
        ("nvim", "Neovim", ".config/nvim/init.lua", "vim.lsp.enable('fimls')", "init.lua"),
        ("nvim", "Neovim", ".config/nvim/lsp/fimls.lua", "cmd = {'fimls'}", "lsp/fimls.lua"),
        ("nvim", "Neovim", ".config/nvim/lua/plugins/ai.lua", "'x/fimls.nvim'", "plugins/ai.lua"),
        ("nvim", "Neovim", ".local/share/nvim/lazy/fimls.nvim/a.lua", "", "lazy/fimls.nvim"),
        (
            "nvim",
            "Neovim",
            ".local/share/nvim/site/pack/x/start/fimls/a.lua",
            "",
            "pack/x/start/fimls",
        ),
        ("code", "VS Code", ".vscode/extensions/a.fimls-1.0.0/package.json", "", "a.fimls-1.0.0"),
        ("codium", "VSCodium", ".vscode-oss/extensions/a.fimls-1.0.0/x", "", "a.fimls-1.0.0"),
        ("emacs", "Emacs", ".emacs.d/init.el", ":server-id 'fimls", ".emacs.d/init.el"),
        ("hx", "Helix", ".config/helix/languages.toml", 'command = "fimls"', "languages.toml"),
    ],
)
async def test_an_editor_that_knows_fimls(
    run: Run, home: Path, command: str, name: str, file: str, text: str, shown: str
) -> None:
    install(home, command, "echo 1.0")
    write(home / file, text)
    row = rows_of(await run("doctor", "--quick", "--json"))[name]
    assert row["state"] == "ok"
    assert f"fimls is in ~/{file}".startswith(row["found"].partition("; ")[2])
    assert row["found"].endswith(shown)


# --- how it looks ---------------------------------------------------------------------------

LONG = Row(
    Group.MODELS,
    "models",
    "a reason",
    Finding(
        Grade.WARN,
        "something that takes more than the eighty columns of a terminal, and so is broken",
        "run `fimls model get`",
        table=Table(("model", "backend", "size"), [("a-long-name:7b", "ollama", "3.8 GB")]),
    ),
)


# As long as they come from other registries; it just fits.
LONG_CELLS = [("hf.co/somebody/model-GGUF:Q4_K_M", "3.8 GB")]


def drawn(width: int, row: Row = LONG, **how: Any) -> str:
    """What a terminal of that width is sent."""
    console = Console(file=StringIO(), force_terminal=True, width=width, **how)
    Diagnosis(console, len(row.name)).show([row])
    text = console.file
    assert isinstance(text, StringIO)
    return text.getvalue()


def test_in_a_terminal() -> None:
    lines = [line.rstrip() for line in drawn(60, color_system=None).splitlines()]
    assert lines == [
        "Models",
        "  ! models  something that takes more than the eighty",
        "            columns of a terminal, and so is broken",
        "            a reason",
        "            → run `fimls model get`",
        "    model           backend  size",
        "    a-long-name:7b  ollama   3.8 GB",
        "",
    ]


def test_a_table_without_room() -> None:
    row = replace(LONG, finding=replace(LONG.finding, table=Table(("model", "size"), LONG_CELLS)))
    lines = [line.rstrip() for line in drawn(40, row, color_system=None).splitlines()]
    assert lines[-3:] == [f"    {LONG_CELLS[0][0]}", "      size: 3.8 GB", ""]


def test_colours() -> None:
    assert "\x1b[1;33m" in drawn(80, color_system="standard")
    assert "33m" not in drawn(80, color_system="standard", no_color=True)


@pytest.mark.parametrize(
    ("number", "text"), [(5, "5 B"), (2_500, "2.5 kB"), (98_362_432, "98 MB"), (3.8e9, "3.8 GB")]
)
def test_sizes(number: int, text: str) -> None:
    assert size(number) == text


def test_counts() -> None:
    assert [counted(number, "model") for number in range(3)] == ["no models", "1 model", "2 models"]
