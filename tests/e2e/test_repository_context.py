"""What other files define stands in the prompts, under their paths, and follows their changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.workspaces import Workspace, indexed, write

if TYPE_CHECKING:
    from pathlib import Path

    from fimls.testing.fake_ollama import FakeOllama
    from tests.e2e.conftest import Start

ORDERS = '''\
class Order:
    """What somebody has bought."""

    def add(self, item: str, count: int = 1) -> None:
        self.items[item] = count


def open_order(name: str) -> Order:
    return Order(name)
'''
FILES = {"shop/orders.py": ORDERS, "shop/app.py": "", "README.md": "A shop.\n"}

# Long enough that the head of the prompt is worth reading ahead.
ABOVE = "from shop.orders import open_order\n\n\n" + "".join(
    f"def step_{number}(value):\n    return value * {number} + {number}\n\n\n"
    for number in range(30)
)
APP = ABOVE + "def main():\n    order = open_order█\n"

SIGNATURE = "# def open_order(name: str) -> Order\n"
CHANGED = SIGNATURE.replace("name: str", "name: bytes")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write(folder, FILES)
    return folder


async def test_the_signature_stands_under_its_path(
    start: Start, ollama: FakeOllama, root: Path
) -> None:
    ollama.answer = "('a')\n"
    async with indexed(start, ollama, root) as workspace:
        prompt = await workspace.prompt_at("shop/app.py", APP)
        uri = workspace.uri("shop/app.py")
        explained = await workspace.client.request(
            "fimls/explainLast", {"textDocument": {"uri": uri}}
        )

    assert prompt.startswith("<PRE> # shop/orders.py\n# class Order\n#     def add(self, item: str")
    assert f"{SIGNATURE}# shop/app.py\n" in prompt
    assert explained["prompt"] == prompt
    (piece,) = [each for each in explained["context"] if each["kind"] == "map"]
    assert piece["path"] == "shop/orders.py"
    assert piece["tokens"] > 0
    assert piece["score"] > 0
    assert "imported here" in piece["reason"]


async def test_a_setting_switches_it_off(start: Start, ollama: FakeOllama, root: Path) -> None:
    async with start(FIMLS_CONTEXT_REPO_MAP="false") as served:
        await served.client.initialize(root.as_uri())
        workspace = Workspace(root, served.client, ollama)
        prompt = await workspace.prompt_at("shop/app.py", APP)

    assert prompt.startswith("<PRE> from shop.orders import open_order\n")


async def typed(workspace: Workspace) -> None:
    """The other file is open, and its text is changed there and not saved."""
    uri = workspace.uri("shop/orders.py")
    workspace.client.open(uri, "python", ORDERS)
    at = ORDERS.index("str) -> Order")
    workspace.client.replace(uri, at, at + 3, "bytes")


async def saved(workspace: Workspace) -> None:
    """The other file is changed and saved."""
    await typed(workspace)
    await written(workspace)
    workspace.client.save(workspace.uri("shop/orders.py"))


async def written(workspace: Workspace) -> None:
    """Somebody else writes the other file."""
    changed = ORDERS.replace("open_order(name: str)", "open_order(name: bytes)")
    write(workspace.root, {"shop/orders.py": changed})


@pytest.mark.parametrize("change", [typed, saved, written], ids=lambda each: each.__name__)
async def test_a_change_of_another_file_is_followed_when_nobody_types(
    start: Start, ollama: FakeOllama, root: Path, change: object
) -> None:
    assert callable(change)
    async with indexed(start, ollama, root, FIMLS_COMPLETION_SPECULATE="on") as workspace:
        offset = workspace.open("shop/app.py", APP)
        await workspace.ask("shop/app.py", offset)
        assert SIGNATURE in ollama.prompts[0]

        await change(workspace)

        # It is read ahead, and then it is what the next question is asked with.
        await workspace.until_prompt_has(CHANGED)
        asked = len(ollama.prompts)
        workspace.client.insert(workspace.uri("shop/app.py"), offset, "(")
        await workspace.ask("shop/app.py", offset + 1)
        assert CHANGED in ollama.prompts[asked]


async def test_what_was_edited_lately_is_shown_to_other_files(
    start: Start, ollama: FakeOllama, root: Path
) -> None:
    async with indexed(start, ollama, root) as workspace:
        uri = workspace.uri("shop/orders.py")
        workspace.client.open(uri, "python", ORDERS)
        at = ORDERS.index("        self.items")
        workspace.client.insert(uri, at, "        self.check(item, at_least=3)\n")

        prompt = await workspace.prompt_at("shop/app.py", APP)

    assert "#         self.check(item, at_least=3)\n" in prompt
