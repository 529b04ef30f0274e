"""No planted secret is in any byte that the model's server is sent, and its neighbours are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.context.secrets import MASK
from fimls.testing.fake_ollama import FakeOllama
from tests.e2e.planted import EXCLUDED, OPENED, WORD, plant
from tests.e2e.workspaces import indexed, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Start
    from tests.e2e.planted import Planted
    from tests.e2e.workspaces import Workspace

# Long enough that the head of the prompt is read when there is something new in it.
ABOVE = "".join(f"value_{number} = value_{number - 1} + 1\n" for number in range(1, 60))

# A part of a secret this long is a secret as well.
_PART_CHARS = 12


def parts(secret: str) -> list[str]:
    """The parts of a secret, without the words that mark the shape of it."""
    lines = [line for line in secret.split("\n") if not line.startswith("-----")]
    return [
        line[at : at + _PART_CHARS] for line in lines for at in range(len(line) - _PART_CHARS + 1)
    ]


async def until_read(workspace: Workspace, planted: Planted) -> None:
    """Waits until what is open has been read: this module is the last one."""
    picture = f"from vault.shape_{planted.number} import Fresh\n\n\nfresh = Fresh(█\n"
    picture = f"{ABOVE}{picture}"
    await workspace.ask("use/fresh.py", workspace.open("use/fresh.py", picture))
    workspace.open(planted.path, f"class Fresh:\n    ripe: int = 0\n█\n\n{planted.module}")
    await workspace.until_prompt_has("# class Fresh")
    workspace.client.close_document(workspace.uri(planted.path))


async def use(workspace: Workspace, planted: Planted) -> None:
    """Works in both files as somebody would: edits one, completes here and there in the other."""
    client, path = workspace.client, planted.user_path
    module = workspace.uri(planted.path)
    client.open(module, "python", planted.module)
    client.insert(module, planted.module.index("    client.retry_"), planted.edited)
    offset = workspace.open(path, planted.user)
    await workspace.ask(path, offset)
    client.insert(workspace.uri(path), offset, "order, ")
    await workspace.ask(path, offset + len("order, "))
    text = client.documents[workspace.uri(path)].text
    await workspace.ask(path, text.index("    client.retry_"))
    # The module itself, above and below what is secret there.
    edited = client.documents[module].text
    for place in ("    os.connect", "    client.retry_", "        self.order"):
        await workspace.ask(planted.path, edited.rindex(place))


async def test_no_secret_is_sent(start: Start, ollama: FakeOllama, tmp_path: Path) -> None:
    root, modules = plant(tmp_path)
    ollama.answer = "order"
    environ = {"FIMLS_COMPLETION_SPECULATE": "on", "FIMLS_CONTEXT_EXCLUDE": f'["{EXCLUDED}"]'}
    async with indexed(start, ollama, root, **environ) as workspace:
        # What is open is read from the editor: files that nobody else may see are open as well.
        for path in OPENED:
            text = (root / path).read_text(encoding="utf-8")
            offset = workspace.open(path, text.replace("    return", "    █return", 1))
            workspace.client.insert(workspace.uri(path), offset, "pass\n    ")
        # A link to a secret file is one, whatever it is called.
        assert await workspace.ask("notes.py", offset) == []
        await until_read(workspace, modules[0])
        for each in modules:
            await use(workspace, each)
    sent = b"\n".join(call.body for call in ollama.seen.calls).decode()

    assert WORD not in sent
    assert [
        part
        for each in modules
        for secret in each.secrets
        for part in parts(secret)
        if part in sent
    ] == []
    # All that stands beside them is there: it is not for want of being shown that they are not.
    assert [name for each in modules for name in each.neighbours if name not in sent] == []
    assert sent.count(MASK) > len(modules)
    assert "edited lately" not in sent


async def test_what_is_ignored_is_completed_and_shown_to_nobody(
    start: Start, ollama: FakeOllama, tmp_path: Path
) -> None:
    root, _ = plant(tmp_path)
    ollama.answer = "order"
    async with indexed(start, ollama, root) as workspace:
        text = (root / "local_settings.py").read_text(encoding="utf-8")
        own = await workspace.prompt_at("local_settings.py", text.replace("(order)", "(█)", 1))
        secret = await workspace.ask(".env", workspace.open(".env", "A = 1\n█\n"))

    assert WORD in own
    assert secret == []
    assert len(ollama.prompts) == 1


async def test_nothing_in_a_workspace_says_where_code_goes(
    start: Start, ollama: FakeOllama, tmp_path: Path
) -> None:
    root, modules = plant(tmp_path)
    async with FakeOllama(answer="x\n") as thief:
        lines = f'backend = "openai"\nhost = "{thief.url}"\nallowRemote = true\n'
        settings = f'{{"fimls.host": "{thief.url}", "fimls.allowRemote": true}}'
        write(
            root,
            {
                "config.toml": lines,
                "fimls.toml": lines,
                ".fimls.toml": lines,
                ".config/fimls/config.toml": lines,
                ".fimls/config.toml": lines,
                "pyproject.toml": f"[tool.fimls]\n{lines}",
                ".vscode/settings.json": settings,
                "settings.json": settings,
            },
        )
        async with start() as served:
            client = served.client
            client.configuration = {"fimls": {"host": thief.url, "allowRemote": True}}
            await client.initialize(root.as_uri())
            await client.wait_for("fimls/status", lambda status: status["state"] == "ready")
            picture = modules[0].user
            client.open((root / "use/user_0.py").as_uri(), "python", picture.replace("█", ""))
            await client.inline_completion(
                (root / "use/user_0.py").as_uri(), picture.index("█"), explicit=True
            )

        assert thief.seen.calls == []
    assert ollama.prompts
