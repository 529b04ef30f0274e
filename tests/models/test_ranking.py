"""Which of several models is taken."""

from __future__ import annotations

import pytest

from fimls.models import ranking
from fimls.models.families import FAMILIES
from fimls.models.ranking import Offer, is_code_llama_instruct, pick, pick_by_prefix, pick_chat

GB = 1_000_000_000

CODE_7B = Offer("codellama:7b-code", 3_800_000_000, "codellama")
CODE_13B = Offer("codellama:13b-code", 7_400_000_000, "codellama")
LOADED_13B = Offer("codellama:13b-code", 7_400_000_000, "codellama", loaded=True)
INSTRUCT = Offer("codellama:7b-instruct", 3_800_000_001, "codellama")
QWEN_SMALL = Offer("qwen2.5-coder:1.5b", 986_000_000, "qwen2.5-coder")
QWEN_BASE = Offer("qwen2.5-coder:1.5b-base", 986_000_100, "qwen2.5-coder")
QWEN_INSTRUCT = Offer("qwen2.5-coder:1.5b-instruct", 986_000_000, "qwen2.5-coder")
QWEN_7B = Offer("qwen2.5-coder:7b-base", 4_700_000_000, "qwen2.5-coder")
QWEN_32B = Offer("qwen2.5-coder:32b-base", 20 * GB, "qwen2.5-coder")
STARCODER = Offer("starcoder2:3b", 1_700_000_000, "starcoder2")
CODEGEMMA = Offer("codegemma:2b-code", 1_600_000_000, "codegemma")
GRANITE = Offer("granite-code:3b", 2 * GB, "granite-code")
MELLUM = Offer("mellum-4b", 2 * GB, "mellum")
STABLE = Offer("stable-code:3b", 1_600_000_000, "stable-code")
CHAT = Offer("llama3:8b", 4_700_000_000, loaded=True)


@pytest.mark.parametrize(
    ("offers", "expected"),
    [
        # The preferred one wins over what is loaded, and over what is smaller.
        ([LOADED_13B, CODE_7B, QWEN_SMALL], CODE_7B),
        # What is loaded costs no load.
        ([QWEN_SMALL, INSTRUCT, LOADED_13B], LOADED_13B),
        # Code Llama's own code models first, whatever their size.
        ([QWEN_SMALL, CODE_13B], CODE_13B),
        # Its instruct models fill in the middle too, but others do it better.
        ([INSTRUCT, GRANITE, QWEN_7B], QWEN_7B),
        ([INSTRUCT, GRANITE], GRANITE),
        ([INSTRUCT, MELLUM], INSTRUCT),
        # The order of families is no order of sizes.
        ([CODEGEMMA, STARCODER], STARCODER),
        # Those without a place in it follow, the smaller first.
        ([MELLUM, STABLE, CODEGEMMA], CODEGEMMA),
        ([MELLUM, STABLE], STABLE),
        # Within a family the smaller, as it runs on a processor.
        ([QWEN_7B, QWEN_SMALL, QWEN_32B], QWEN_SMALL),
        # Of two sizes that differ by a template only, the one that was not taught to chat.
        ([QWEN_INSTRUCT, QWEN_BASE], QWEN_BASE),
        # What cannot fill in the middle is not taken here, loaded or not.
        ([CHAT], None),
        ([CHAT, CODE_13B], CODE_13B),
        ([], None),
    ],
)
def test_pick(offers: list[Offer], expected: Offer | None) -> None:
    assert pick(offers) == expected
    assert pick(reversed(offers)) == expected


@pytest.mark.parametrize(
    ("fits_gb", "expected"),
    [
        # A processor: the smallest.
        (0, QWEN_SMALL),
        # A graphics card that holds a model of 8 GB: the largest up to that.
        (8, QWEN_7B),
        (24, QWEN_32B),
        # One that was seen to hold less than any of them.
        (0.5, QWEN_SMALL),
    ],
)
def test_a_graphics_card_takes_the_larger(fits_gb: float, expected: Offer) -> None:
    offers = [QWEN_32B, QWEN_SMALL, QWEN_7B]
    assert pick(offers, fits_bytes=int(fits_gb * GB)) == expected


def test_without_the_middle_the_smallest() -> None:
    small, large = Offer("smollm2:135m", 270_000_000), Offer("llama3:8b", 4_700_000_000)
    assert pick_by_prefix([large, small]) == small
    # One that was made to look at pictures only where there is nothing else.
    moon = Offer("moondream:1.8b", 170_000_000, sees=True)
    assert pick_by_prefix([moon, large, small]) == small
    assert pick_by_prefix([moon]) == moon
    assert pick_by_prefix([]) is None


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        # What is loaded, then the smaller.
        (["codellama:7b-instruct", "*codellama:13b-instruct"], "*codellama:13b-instruct"),
        (["codellama:13b-instruct", "codellama:7b-instruct"], "codellama:7b-instruct"),
        # Another model is not taken, however well it chats.
        (["llama3:8b", "codellama:7b-code"], None),
        ([], None),
    ],
)
def test_pick_chat(names: list[str], expected: str | None) -> None:
    offers = [
        Offer(name.lstrip("*"), (13 if "13b" in name else 7) * GB, loaded=name.startswith("*"))
        for name in names
    ]
    found = pick_chat(offers)
    assert (found and found.name) == (expected and expected.lstrip("*"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("codellama:7b-instruct", True),
        ("codellama:34b-instruct-q4_K_M", True),
        ("hf.co/TheBloke/CodeLlama-7B-Instruct-GGUF:Q4_K_M", True),
        ("code-llama-13b-instruct", True),
        # In Ollama's library a bare size means the instruct model.
        ("codellama", True),
        ("codellama:latest", True),
        ("codellama:13B", True),
        ("library/codellama:7b", True),
        # Elsewhere it means the base model.
        ("CodeLlama-7B-GGUF", False),
        ("codellama:7b-code", False),
        ("codellama:7b-python", False),
        ("llama3:8b-instruct", False),
    ],
)
def test_is_code_llama_instruct(name: str, expected: bool) -> None:
    assert is_code_llama_instruct(name) is expected


def test_the_preferred_families_are_known() -> None:
    assert set(ranking._PREFERENCE) - {"codellama instruct"} <= set(FAMILIES)
