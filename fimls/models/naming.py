"""From the name of a model to its family, or to the knowledge that it does not fill in the middle.

Pure.  One table, read from the top: the first row that fits a name tells.  A name that no row
fits, or that a row calls unclear, tells nothing, so that the model is probed; nothing is guessed.
The sources of what the rows know are in `docs/families.md`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


def named_family(model_name: str) -> str | None:
    """The name of the family that a model's name tells, or None where it tells none.

    Takes names as users have them: with a registry, a user, a tag, a quantisation, a file ending.
    """
    verdict = _verdict(model_name)
    return None if verdict in (_NOT, _UNCLEAR) else verdict


def is_known_not_to_fill(model_name: str) -> bool:
    """Whether the name is of a model that was not trained to fill in the middle.

    Such a model is never probed: its vocabulary may have the markers all the same.
    """
    return _verdict(model_name) == _NOT


_NOT: Final = "not trained for it"
_UNCLEAR: Final = ""


# Each is asked for several times in a look for a better model, and again 10 s later.
@lru_cache(maxsize=1024)
def _verdict(model_name: str) -> str:
    name = _read(model_name)
    if not _EMBEDDING.isdisjoint(name.words):
        return _NOT
    for words in _without_makers(name.words):
        for row in _ROWS:
            if row.fits(words, name):
                return row.verdict
        if _is_general(words):
            return _NOT
    return _UNCLEAR


@dataclass(frozen=True, slots=True)
class _Name:
    """A model's name, taken apart: its last part is a stem and perhaps a tag.

    `words` are letters, or a number with the letters after it, and `sizes` are left out of them.
    `size_in_stem`: Ollama's own names have a size only in the tag, all others have it here.
    """

    words: tuple[str, ...]
    sizes: frozenset[str]
    is_tagged: bool
    size_in_stem: bool


# "qwen2.5-coder" is `qwen`, `2.5` and `coder`, and "6.7b-base-q4_0" ends in `q`, `4` and `0`.
_WORD: Final = re.compile(r"[a-z]+|\d+(?:\.\d+)?[a-z]*")
_SIZE: Final = re.compile(r"\d+(?:\.\d+)?[bm]")


def _read(model_name: str) -> _Name:
    path = model_name.lower().replace("\\", "/").rstrip("/")
    stem, colon, tag = path.rpartition("/")[2].partition(":")
    in_stem, in_tag = _WORD.findall(stem), _WORD.findall(tag)
    words = [*in_stem, *in_tag]
    return _Name(
        words=tuple(word for word in words if not _SIZE.fullmatch(word)),
        sizes=frozenset(word for word in words if _SIZE.fullmatch(word)),
        is_tagged=bool(colon),
        size_in_stem=any(_SIZE.fullmatch(word) for word in in_stem),
    )


# What uploaders put before a model's name: its maker or their own name.
_MAKERS: Final = frozenset(
    (
        *("ai", "bartowski", "bigcode", "bytedance", "codellama", "community", "deepseek", "ggml"),
        *("google", "granite", "hf", "ibm", "jetbrains", "lmstudio", "meta", "microsoft"),
        *("mistralai", "models", "org", "qwen", "seed", "stabilityai", "thebloke", "thudm"),
        *("tiiuae", "unsloth", "zai"),
    )
)


def _without_makers(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words, then without the first where that is a maker, and so on."""
    for start, word in enumerate(words):
        yield words[start:]
        if word not in _MAKERS:
            return


@dataclass(frozen=True, slots=True)
class _Row:
    """Names that begin with one of `stems`, and what they tell.

    `has`: one of these words follows.  `lacks`: none of these does.  `sizes`: it has one of
    these.  `only_sizes`: it has no other ones.  `size_in_stem` and `is_tagged` as in `_Name`,
    where they matter.
    """

    verdict: str
    stems: tuple[str, ...]
    has: str = ""
    lacks: str = ""
    sizes: str = ""
    only_sizes: str = ""
    size_in_stem: bool | None = None
    is_tagged: bool | None = None

    def fits(self, words: tuple[str, ...], name: _Name) -> bool:
        rest = next(
            (rest for stem in self.stems if (rest := _after(stem, words)) is not None), None
        )
        if rest is None:
            return False
        return (
            (not self.has or bool(rest.intersection(self.has.split())))
            and rest.isdisjoint(self.lacks.split())
            and (not self.sizes or bool(name.sizes.intersection(self.sizes.split())))
            and (not self.only_sizes or name.sizes.issubset(self.only_sizes.split()))
            and self.size_in_stem in (None, name.size_in_stem)
            and self.is_tagged in (None, name.is_tagged)
        )


def _after(stem: str, words: tuple[str, ...]) -> frozenset[str] | None:
    """The words after a stem, or None where they do not begin with it."""
    begun = tuple(stem.split())
    return frozenset(words[len(begun) :]) if words[: len(begun)] == begun else None


_CODE_LLAMA: Final = ("codellama", "code llama")
_DEEPSEEK: Final = ("deepseek coder", "deepseekcoder")
_DEEPSEEK_V2: Final = ("deepseek coder v 2",)
_STARCODER: Final = ("starcoder", "starcoderbase", "tiny starcoder", "star coder")

_ROWS: Final = (
    # "Pretrained infilling models are 7b, 13b, 7b-Instruct, 13b-Instruct" (its README).
    _Row(_NOT, _CODE_LLAMA, has="python"),
    _Row(_NOT, _CODE_LLAMA, sizes="34b 70b"),
    _Row("codellama", _CODE_LLAMA, only_sizes="7b 13b"),
    _Row(_NOT, ("phind", "wizardcoder", "opencodeinterpreter")),
    # The instruct variants too: Ollama's template for them fills in the middle.
    _Row("qwen2.5-coder", ("qwen 2.5 coder", "qwen 25 coder", "qwen 2.5 1 coder")),
    _Row("qwen3-coder", ("qwen 3 coder",)),
    # A bare tag at Ollama is the chat variant, which is told nowhere to fill in the middle.
    _Row(_UNCLEAR, ("codeqwen",), has="chat"),
    _Row("codeqwen", ("codeqwen",), has="code base"),
    _Row("codeqwen", ("codeqwen",), size_in_stem=True),
    # The large one was trained on the next token only; Ollama's small one is the default there.
    _Row(_NOT, _DEEPSEEK_V2, sizes="236b"),
    _Row("deepseek-coder-v2", _DEEPSEEK_V2, has="lite"),
    _Row("deepseek-coder-v2", _DEEPSEEK_V2, sizes="16b"),
    _Row(_NOT, _DEEPSEEK_V2, has="base instruct"),
    _Row("deepseek-coder-v2", _DEEPSEEK_V2, is_tagged=True),
    _Row(_UNCLEAR, _DEEPSEEK_V2),
    # Of the first, only the base models; a bare tag at Ollama is the instruct variant.
    _Row(_NOT, _DEEPSEEK, has="instruct 1.5"),
    _Row("deepseek-coder", _DEEPSEEK, has="base"),
    _Row(_NOT, _DEEPSEEK, is_tagged=True, size_in_stem=False),
    _Row("santacoder", ("santacoder",)),
    _Row(_UNCLEAR, _STARCODER, has="instruct chat plus"),
    _Row("starcoder2", ("starcoder 2",)),
    _Row("starcoder", _STARCODER),
    # "Code completion" is ticked for 2b and 7b, not for 7b-it (its model card).  At Ollama `2b`
    # is the base model and `7b` the instruct one.
    _Row(_NOT, ("codegemma",), has="it instruct"),
    _Row("codegemma", ("codegemma",), has="code pt base"),
    _Row("codegemma", ("codegemma",), sizes="2b"),
    _Row("codegemma", ("codegemma",), size_in_stem=True),
    # "Mamba Codestral does not support FIM, only Instruct" (its makers, at its model card).
    _Row(_NOT, ("codestral",), has="mamba"),
    _Row(_NOT, ("mamba codestral",)),
    _Row("codestral", ("codestral",)),
    _Row("granite-code", ("granite code",)),
    _Row(_UNCLEAR, ("granite 4", "granite 4.0"), has="preview vision speech guardian"),
    _Row("granite4-base", ("granite 4", "granite 4.0"), has="base"),
    _Row("granite4", ("granite 4", "granite 4.0")),
    # The spellings of Granite Code, here on; only the base model was tried (llama.cpp#12988).
    _Row("granite-code", ("granite 3.3",), has="base", lacks="vision speech guardian"),
    _Row(_UNCLEAR, ("stable code",), has="instruct"),
    _Row("stable-code", ("stable code",), has="code base"),
    _Row("stable-code", ("stable code",), size_in_stem=True),
    _Row("seed-coder", ("seed coder",), has="base", lacks="instruct reasoning"),
    # The second one came out with another tokenizer.
    _Row(_UNCLEAR, ("mellum 2",)),
    _Row("mellum", ("mellum",)),
    _Row("codegeex", ("codegeex 4",)),
    _Row("glm", ("glm 4.5",)),
    _Row("falcon-h1-coder", ("falcon h 1 tiny coder",)),
    # "Not trained to support suffix" (ollama/ollama#8320, after its authors).
    _Row(_NOT, ("yi coder",)),
    # They rewrite a region that is marked in the prompt.
    _Row(_NOT, ("zeta", "sweep next edit")),
)

_EMBEDDING: Final = frozenset(
    ("bge", "embed", "embedding", "embeddinggemma", "embeddings", "minilm", "rerank", "reranker")
)

# Models for chat, pictures and reasoning, by how their names begin.
_GENERAL: Final = (
    *("alpaca", "aya", "bakllava", "command", "deepseek llm", "deepseek r", "devstral", "dolphin"),
    *("exaone", "falcon", "gemma", "gpt", "granite 3", "granite 3.0", "granite 3.1", "hermes"),
    *("llama", "llava", "magistral", "mathstral", "minicpm", "ministral", "mistral", "mixtral"),
    *("moondream", "nemotron", "olmo", "openchat", "openhermes", "orca", "phi", "pixtral"),
    *("qwen 1.5", "qwen 2", "qwen 2.5", "qwen 2.5vl", "qwen 3", "qwq", "smollm", "solar"),
    *("starchat", "tinyllama", "vicuna", "wizardlm", "yi", "zephyr"),
)

# In the name of a variant that somebody has trained further for it.
_FOR_CODE: Final = ("cod", "fim", "infill", "complet")


def _is_general(words: tuple[str, ...]) -> bool:
    if any(part in word for word in words for part in _FOR_CODE):
        return False
    return any(_after(stem, words) is not None for stem in _GENERAL)
