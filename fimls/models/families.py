"""The families of models that fill in the middle: one row each, and which model belongs to which.

Pure.  Formats are in `fimls/models/formats.py`, names in `naming.py`, and where each row is from,
with what is not supported, in `docs/families.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fimls.errors import ModelRefused
from fimls.models import vocabularies
from fimls.models.formats import CodeLlamaFormat, FileNames, Format, Place
from fimls.models.naming import is_known_not_to_fill, named_family
from fimls.text.tokens import (
    CODE_LLAMA,
    DEEPSEEK_CODER,
    DEEPSEEK_CODER_V2,
    FALCON_H1,
    GEMMA,
    GLM,
    GRANITE4,
    MISTRAL,
    QWEN,
    SEED_CODER,
    STARCODER,
    STARCODER2,
    Rate,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fimls.models.formats import Render

__all__ = ["FAMILIES", "Family", "family_for", "family_of", "is_known_not_to_fill"]


@dataclass(frozen=True, slots=True)
class Family:
    """How the models of a family are asked to fill in the middle.

    `title` is the name for people.  `psm` renders prefix and suffix with the prefix first, `spm`
    with the suffix first; at least one of them is there, and both bring line ends to LF and break
    up marker spellings in the user's text.  `stops` end an answer, the most important first,
    because some servers take only four.  `markers` are the spellings that may occur in a prompt
    only where the format has them, and `fim_markers` the ones that the format is made of, as a
    vocabulary spells them.  `names` tells how other files are named.

    `suffix_first_at_line_start`: the family is better at single lines with the suffix first, if
    the cursor stands at the start of one.
    """

    name: str
    title: str
    psm: Render | None
    spm: Render | None
    stops: tuple[str, ...]
    markers: tuple[str, ...]
    fim_markers: tuple[str, ...]
    rate: Rate
    names: FileNames
    suffix_first_at_line_start: bool = False


def family_of(model_name: str) -> Family | None:
    """The family that a model's name tells, or None where it tells none.

    Takes names as users have them: with a registry, a user, a tag, a quantisation, a file ending.
    """
    name = named_family(model_name)
    return None if name is None else FAMILIES[name]


def family_for(setting: str, model_name: str) -> Family | None:
    """The family that the setting `family` names, or with `auto` the one that the name tells.

    Raises `ModelRefused` for a name that is not in the table.
    """
    if setting == "auto":
        return family_of(model_name)
    if setting not in FAMILIES:
        known = ", ".join(["auto", *FAMILIES])
        raise ModelRefused(f"`family` is {setting}, and only these are known: {known}")
    return FAMILIES[setting]


# A family without tokens for it is told of other files by comments in the prefix.
_BY_COMMENTS: Final = FileNames(Place.INSIDE, file="{comment} {path}\n", hole="{comment} {path}\n")

_FIM: Final = ("<fim_prefix>", "<fim_suffix>", "<fim_middle>")
_BARRED: Final = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")
_WIDE: Final = ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>")
_CODE_MARKERS: Final = ("<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>")
_SQUARE: Final = ("<[fim-prefix]>", "<[fim-suffix]>", "<[fim-middle]>")
_HYPHENS: Final = ("<fim-prefix>", "<fim-suffix>", "<fim-middle>")
_PLAIN: Final = ("<|prefix|>", "<|suffix|>", "<|middle|>")
_BRACKETS: Final = ("[PREFIX]", "[SUFFIX]")

_CODE_LLAMA: Final = CodeLlamaFormat(vocabularies.CODE_LLAMA)
_QWEN: Final = Format(*_BARRED, vocabularies.QWEN)
_QWEN_TURN: Final = Format(
    *_BARRED,
    vocabularies.QWEN,
    head="<|im_start|>system\nYou are a code completion assistant.<|im_end|>\n<|im_start|>user\n",
    tail="<|im_end|>\n<|im_start|>assistant\n",
)
_CODEQWEN: Final = Format(*_FIM, vocabularies.CODEQWEN)
_DEEPSEEK: Final = Format(*_WIDE, vocabularies.DEEPSEEK_CODER)
_DEEPSEEK_V2: Final = Format(*_WIDE, vocabularies.DEEPSEEK_CODER_V2)
_SANTACODER: Final = Format(*_HYPHENS, vocabularies.SANTACODER)
_STARCODER: Final = Format(*_FIM, vocabularies.STARCODER)
_STARCODER2: Final = Format(*_FIM, vocabularies.STARCODER2)
_CODEGEMMA: Final = Format(*_BARRED, vocabularies.CODEGEMMA)
# The middle has a token too, which stands nowhere: it follows the prefix.
_CODESTRAL: Final = Format(*_BRACKETS, "", vocabularies.MISTRAL)
_GRANITE4: Final = Format(*_BARRED, vocabularies.GRANITE4)
_GRANITE4_TURN: Final = Format(
    *_BARRED,
    vocabularies.GRANITE4,
    head="<|start_of_role|>user<|end_of_role|>",
    tail="<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>",
)
_SEED_CODER: Final = Format(*_SQUARE, vocabularies.SEED_CODER)
_MELLUM: Final = Format(*_FIM, vocabularies.MELLUM)
_GLM: Final = Format(*_CODE_MARKERS, vocabularies.GLM)
# The language may be left empty, and a block is what the model does without being told.
_CODEGEEX: Final = Format(
    *_CODE_MARKERS,
    vocabularies.GLM,
    head="<|user|>\n",
    lead="###LANGUAGE:\n###MODE:BLOCK\n",
    tail="<|assistant|>\n",
)
_FALCON_H1: Final = Format(*_PLAIN, vocabularies.FALCON_H1)

# Qwen2.5-Coder's README; llama.cpp's `/infill` writes the same.
_QWEN_NAMES: Final = FileNames(
    Place.BEFORE,
    file="<|file_sep|>{path}\n",
    repository="<|repo_name|>{name}\n",
    hole="<|file_sep|>{path}\n",
)


def _row(
    name: str,
    title: str,
    form: Format | CodeLlamaFormat,
    *,
    stops: tuple[str, ...],
    rate: Rate,
    psm: Render | None = None,
    spm: Render | None = None,
    names: FileNames = _BY_COMMENTS,
    suffix_first_at_line_start: bool = False,
) -> Family:
    return Family(
        name=name,
        title=title,
        psm=psm,
        spm=spm,
        stops=stops,
        markers=form.markers,
        fim_markers=form.fim_markers,
        rate=rate,
        names=names,
        suffix_first_at_line_start=suffix_first_at_line_start,
    )


_ROWS: Final = (
    _row(
        "codellama",
        "Code Llama",
        _CODE_LLAMA,
        psm=_CODE_LLAMA.psm,
        spm=_CODE_LLAMA.spm,
        # llama.cpp does not know the token and spells it out; without the blank before it, the
        # answer would end in one.  The others are spelled out by Ollama up to 0.24.
        stops=(" <EOT>", "<EOT>", " <PRE>", " <SUF>", " <MID>"),
        rate=CODE_LLAMA,
        # 83.3 against 74.1 % of HumanEval's single lines (`evaluation.md` §2.1).
        suffix_first_at_line_start=True,
    ),
    _row(
        "qwen2.5-coder",
        "Qwen2.5-Coder",
        _QWEN,
        psm=_QWEN.psm,
        # Some conversions lack the first as an end; the second ends a middle too short for its
        # place in training; the last one is the instruct variants'.
        stops=("<|endoftext|>", "<|fim_pad|>", "<|file_sep|>", "<|im_end|>", *_BARRED),
        rate=QWEN,
        names=_QWEN_NAMES,
    ),
    _row(
        "qwen3-coder",
        "Qwen3-Coder",
        _QWEN_TURN,
        psm=_QWEN_TURN.psm,
        stops=("<|im_end|>", "<|endoftext|>", "<|fim_pad|>", "<|file_sep|>", *_BARRED),
        rate=QWEN,
        names=_QWEN_NAMES,
    ),
    _row(
        "codeqwen",
        "CodeQwen1.5",
        _CODEQWEN,
        psm=_CODEQWEN.psm,
        stops=("<|endoftext|>", "<fim_pad>", "<file_sep>", "<|im_end|>", *_FIM),
        rate=QWEN,
        names=FileNames(
            Place.BEFORE,
            file="<file_sep>{path}\n",
            repository="<reponame>{name}\n",
            hole="<file_sep>{path}\n",
        ),
    ),
    _row(
        "deepseek-coder",
        "DeepSeek-Coder",
        _DEEPSEEK,
        psm=_DEEPSEEK.psm,
        stops=("<｜end▁of▁sentence｜>", "<|EOT|>", *_WIDE),
        rate=DEEPSEEK_CODER,
        # Its README's example of several files, without a blank.
        names=FileNames(Place.INSIDE, file="{comment}{path}\n", hole="{comment}{path}\n"),
    ),
    _row(
        "deepseek-coder-v2",
        "DeepSeek-Coder-V2-Lite",
        _DEEPSEEK_V2,
        psm=_DEEPSEEK_V2.psm,
        stops=("<｜end▁of▁sentence｜>", "<｜User｜>", *_WIDE),
        rate=DEEPSEEK_CODER_V2,
        names=FileNames(Place.INSIDE, file="{comment}{path}\n", hole="{comment}{path}\n"),
    ),
    _row(
        "santacoder",
        "SantaCoder",
        _SANTACODER,
        psm=_SANTACODER.psm,
        spm=_SANTACODER.nested,
        stops=("<|endoftext|>", *_HYPHENS),
        rate=STARCODER,
    ),
    _row(
        "starcoder",
        "StarCoder",
        _STARCODER,
        psm=_STARCODER.psm,
        spm=_STARCODER.nested,
        stops=("<|endoftext|>", "<filename>", "<fim_pad>", *_FIM),
        rate=STARCODER,
    ),
    _row(
        "starcoder2",
        "StarCoder2",
        _STARCODER2,
        psm=_STARCODER2.psm,
        spm=_STARCODER2.nested,
        # It ends a file with the second and goes on with another one (bigcode's maintainers).
        stops=("<|endoftext|>", "<file_sep>", "<fim_pad>", *_FIM),
        rate=STARCODER2,
        # Its paper, §5.1: paths come right after the separator, and after the prefix's marker.
        names=FileNames(
            Place.BEFORE,
            file="<file_sep>{path}\n",
            end="",
            repository="<repo_name>{name}",
            hole="<file_sep>",
            hole_inside="{path}\n",
        ),
    ),
    _row(
        "codegemma",
        "CodeGemma",
        _CODEGEMMA,
        psm=_CODEGEMMA.psm,
        # Its model card's four; where they are not ends, it goes on until it is cut off.
        stops=("<|file_separator|>", *_BARRED, "<eos>", "<end_of_turn>"),
        rate=GEMMA,
    ),
    _row(
        "codestral",
        "Codestral",
        _CODESTRAL,
        spm=_CODESTRAL.spm,
        stops=("[SUFFIX]", "[PREFIX]", "[MIDDLE]", "</s>", "[INST]"),
        rate=MISTRAL,
        names=FileNames(Place.INSIDE, file="+++++ {path}\n", end="\n\n", hole="+++++ {path}\n"),
    ),
    _row(
        "granite-code",
        "Granite Code",
        _STARCODER,
        psm=_STARCODER.psm,
        spm=_STARCODER.nested,
        stops=("<|endoftext|>", "<fim_pad>", "<filename>", *_FIM),
        rate=STARCODER,
    ),
    _row(
        "granite4",
        "Granite 4",
        _GRANITE4_TURN,
        psm=_GRANITE4_TURN.psm,
        # Only the first is a control token; the others would be spelled out.
        stops=("<|end_of_text|>", "<|fim_pad|>", "<|filename|>", *_BARRED),
        rate=GRANITE4,
    ),
    _row(
        "granite4-base",
        "Granite 4, base",
        _GRANITE4,
        psm=_GRANITE4.psm,
        stops=("<|end_of_text|>", "<|fim_pad|>", "<|filename|>", *_BARRED),
        rate=GRANITE4,
    ),
    _row(
        "stable-code",
        "Stable Code",
        _STARCODER,
        psm=_STARCODER.psm,
        stops=("<|endoftext|>", "<fim_pad>", "<filename>", *_FIM),
        rate=STARCODER,
    ),
    _row(
        "seed-coder",
        "Seed-Coder",
        _SEED_CODER,
        spm=_SEED_CODER.spm,
        stops=("<[end▁of▁sentence]>", *_SQUARE),
        rate=SEED_CODER,
    ),
    _row(
        "mellum",
        "Mellum",
        _MELLUM,
        spm=_MELLUM.spm,
        stops=("<|endoftext|>", "<filename>", "<fim_suffix>", "<fim_prefix>", "<fim_middle>"),
        rate=STARCODER,
        # Its model card: the other files first, the hole's file last, all before the suffix.
        names=FileNames(Place.BEFORE, file="<filename>{path}\n", hole="<filename>{path}\n"),
    ),
    _row(
        "glm",
        "GLM-4.5",
        _GLM,
        psm=_GLM.psm,
        stops=("<|endoftext|>", "<|user|>", "<|assistant|>", "<|observation|>", *_CODE_MARKERS),
        rate=GLM,
    ),
    _row(
        "codegeex",
        "CodeGeeX4",
        _CODEGEEX,
        spm=_CODEGEEX.spm,
        stops=("<|endoftext|>", "<|user|>", "<|assistant|>", "<|observation|>", *_CODE_MARKERS),
        rate=GLM,
        names=FileNames(
            Place.BEFORE, file="###REFERENCE:\n###PATH:{path}\n", hole="###PATH:{path}\n"
        ),
    ),
    _row(
        "falcon-h1-coder",
        "Falcon-H1-Tiny-Coder",
        _FALCON_H1,
        psm=_FALCON_H1.psm,
        stops=("<|end_of_text|>", *_PLAIN),
        rate=FALCON_H1,
    ),
)

FAMILIES: Final[Mapping[str, Family]] = {row.name: row for row in _ROWS}
"""The families by the name that the setting `family` has for them."""
