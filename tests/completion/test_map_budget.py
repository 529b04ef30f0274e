"""The budget of the map holds in the prompt, by the embedded model's own tokenizer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import fimls
from fimls.completion.maps import Maps, here
from fimls.completion.values import Ask
from fimls.context.place import Place
from fimls.context.recent import Edited
from fimls.documents.snapshot import Snapshot
from fimls.evaluation.context_view import MemoryView
from fimls.models.families import FAMILIES
from fimls.models.protocol import Capabilities
from fimls.settings import ContextSettings, Settings
from fimls.testing.clock import VirtualClock
from fimls.text.languages import language_of
from tests.context.tokenizer import tokenizer

if TYPE_CHECKING:
    from fimls.models.families import Family

CASES = 500

# Bare as for the embedded model itself, and in comments; the estimates of other families are those
# of their own tokenizers.
FAMILIES_SHOWN = (None, FAMILIES["codellama"])

_SOURCES = Path(fimls.__file__).parent
_ROOMS = ("completion", "context", "documents", "lsp", "models", "repository", "text")

# A text as people write it who do not write English, and one of few words.
_OTHERS = {
    "web/корзина.ts": (
        "/** Считает сумму. */\nexport class Корзина {\n  сумма: number = 0;\n"
        "  добавить(товар: Товар, количество: number = 1): void {}\n}\n"
        "export function 合計を計算する(値: number[], 税率 = 0.1): number { return 0 }\n"
    ),
    "web/app.js": "export const $ = (s, ...a) => q(s, a)\nexport function _0x1f(_a, _b) { }\n",
}


class Case(NamedTuple):
    """A place in a file, what there is room for, and what the model has been trained with."""

    path: str
    offset: int
    budget_tokens: int
    family: Family | None
    file_marker: str
    recent: tuple[Edited, ...]


@cache
def view() -> MemoryView:
    """The sources of fimls itself, and a few others."""
    files = [file for room in _ROOMS for file in sorted((_SOURCES / room).glob("*.py"))]
    texts = {f"fimls/{each.parent.name}/{each.name}": each.read_text("utf-8") for each in files}
    return MemoryView("/home/somebody/a project", texts | _OTHERS)


def case(number: int) -> Case:
    """The case of that number: the same each time."""
    chance = Random(number)
    paths = sorted(view().texts)
    path, other = chance.choices(paths, k=2)
    region = view().texts[other].split("\n")
    first = chance.randrange(len(region))
    edited = Edited(other, first, "\n".join(region[first : first + chance.randrange(9)]))
    return Case(
        path,
        chance.randrange(len(view().texts[path])),
        chance.choice((0, 5, 20, 64, 128, 256, 512, 512, 512, 1024, 4096)),
        chance.choice(FAMILIES_SHOWN),
        chance.choice(("", "<file_sep>")),
        (edited,) if chance.random() < 0.5 else (),
    )


async def shown(case: Case) -> str:
    """All that a prompt there has of other files."""
    known = Capabilities(case.family, 16_384, file_marker=case.file_marker)
    text = view().texts[case.path]
    language = language_of("", case.path)
    snap = Snapshot(f"file:///{case.path}", 1, language, case.path, text)
    maps = Maps(lambda _uri: Place(view(), case.path, case.recent), VirtualClock(), here)
    settings = Settings(context=ContextSettings(repo_map_tokens=case.budget_tokens))
    around = await maps.entered(Ask(snap, snap.hole_at(case.offset)), known, settings)
    return "" if around is None else around.preface.before + around.preface.inside


async def test_the_budget_holds(embedded_model: Path) -> None:
    over, used = [], 0
    async with tokenizer(embedded_model) as count:
        for number in range(CASES):
            each = case(number)
            tokens = await count(await shown(each))
            used += tokens
            if tokens > each.budget_tokens:
                over.append((number, tokens, each.budget_tokens, each.family and each.family.name))
    assert over == []
    # It holds although there is much to show.
    assert used > CASES * 100
