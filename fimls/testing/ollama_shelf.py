"""Models of Ollama's library as the fake has them, by name.

Sources: `ollama.md` §2 and §3, where the templates that are wrong are wrong in the library too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fimls.testing.ollama_models import (
    CODE_LLAMA_TEMPLATE,
    PLAIN_TEMPLATE,
    FakeModel,
    full_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def model_named(name: str) -> FakeModel:
    """A model as Ollama's library has it, or one that only completes where it is not known."""
    full = full_name(name)
    known = next((row for start, row in _KNOWN.items() if full.startswith(start)), {})
    return FakeModel(full, **known)


def filling(spelling: str, otherwise: str = PLAIN_TEMPLATE) -> str:
    """A template with a spelling for what is to be filled in, and another for all else."""
    return "{{- if .Suffix }}" + spelling + "\n{{- else }}" + otherwise + "\n{{- end }}"


INSTRUCT_TEMPLATE: Final = "[INST] {{ .Prompt }} [/INST]\n"
_CHATML: Final = "<|im_start|>user\n{{ .Prompt }}<|im_end|>\n<|im_start|>assistant"
_BARRED_TEMPLATE: Final = "<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>"

_INSERTS: Final = ("completion", "insert")

_FIM: Final = ("<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<fim_pad>", "<|endoftext|>")
_BARRED: Final = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")
_CHATML_TOKENS: Final = ("<|im_start|>", "<|im_end|>")
_QWEN_TOKENS: Final = (
    *("<|endoftext|>", *_BARRED, "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"),
    *_CHATML_TOKENS,
)

_CODE_LLAMA: Final[Mapping[str, Any]] = {
    "end_marker": " <EOT>",
    "markers": ("▁<PRE>", "▁<SUF>", "▁<MID>", " <PRE>", " <SUF>", " <MID>"),
    "control_tokens": ("<s>", "</s>", "▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"),
}

_QWEN: Final[Mapping[str, Any]] = {
    "capabilities": ("completion", "tools", "insert"),
    "template": filling(_BARRED_TEMPLATE, _CHATML),
    "family": "qwen2",
    "context_length": 32_768,
    "parameter_size": "1.5B",
    "size": 986_062_089,
    "control_tokens": _QWEN_TOKENS,
}

_DEEPSEEK_TOKENS: Final = (
    *("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"),
    *("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
)

# Models by the beginning of their names; the first that fits is meant.
_KNOWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "codellama:7b-code": {
        **_CODE_LLAMA,
        "capabilities": _INSERTS,
        "template": CODE_LLAMA_TEMPLATE,
    },
    "codellama:13b-code": {
        **_CODE_LLAMA,
        "capabilities": _INSERTS,
        "template": CODE_LLAMA_TEMPLATE,
        "parameter_size": "13B",
        "size": 7_365_834_624,
    },
    "codellama": {**_CODE_LLAMA, "template": INSTRUCT_TEMPLATE},
    "qwen2.5-coder:1.5b-base": {**_QWEN, "capabilities": _INSERTS, "template": PLAIN_TEMPLATE},
    "qwen2.5-coder": _QWEN,
    "deepseek-coder-v2": {
        "capabilities": _INSERTS,
        "template": filling("<｜fim▁begin｜>{{ .Prompt }}<｜fim▁hole｜>{{ .Suffix }}<｜fim▁end｜>"),
        "family": "deepseek2",
        "parameter_size": "15.7B",
        "size": 8_905_126_121,
        "control_tokens": _DEEPSEEK_TOKENS,
    },
    "deepseek-coder": {
        "parameter_size": "1B",
        "size": 776_080_839,
        "control_tokens": _DEEPSEEK_TOKENS,
    },
    "starcoder2": {
        "capabilities": _INSERTS,
        # A marker too many before it, a line end within, and text after the middle.
        "template": filling(
            "<file_sep><fim_prefix>\n{{ .Prompt }}<fim_suffix>{{ .Suffix }}<fim_middle>"
            "<|end_of_text|>"
        ),
        "family": "starcoder2",
        "parameter_size": "3B",
        "size": 1_709_937_186,
        "control_tokens": (*_FIM, "<repo_name>", "<file_sep>"),
    },
    "codegemma:7b": {
        "family": "gemma",
        "parameter_size": "9B",
        "size": 5_011_853_225,
        "control_tokens": (*_BARRED, "<|file_separator|>", "<start_of_turn>", "<end_of_turn>"),
    },
    "codegemma": {
        "capabilities": _INSERTS,
        "template": filling(_BARRED_TEMPLATE),
        "family": "gemma",
        "parameter_size": "3B",
        "size": 1_551_114_000,
        "control_tokens": (*_BARRED, "<|file_separator|>", "<start_of_turn>", "<end_of_turn>"),
    },
    "codestral": {
        "capabilities": _INSERTS,
        # A blank where the prefix begins.
        "template": filling("[SUFFIX]{{ .Suffix }}[PREFIX] {{ .Prompt }}", INSTRUCT_TEMPLATE),
        "parameter_size": "22.2B",
        "size": 12_569_170_041,
        "control_tokens": ("[INST]", "[/INST]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]"),
    },
    "granite-code": {
        "capabilities": _INSERTS,
        # Blanks after the markers.
        "template": filling("<fim_prefix> {{ .Prompt }}<fim_suffix> {{ .Suffix }}<fim_middle>"),
        "parameter_size": "3B",
        "size": 1_998_000_000,
        "control_tokens": (*_FIM, "<reponame>", "<filename>", "<gh_stars>"),
    },
    "llama3.2": {
        "capabilities": ("completion", "tools"),
        "template": "<|start_header_id|>user<|end_header_id|>\n\n{{ .Prompt }}<|eot_id|>",
        "parameter_size": "3.2B",
        "size": 2_019_393_189,
        "control_tokens": ("<|begin_of_text|>", "<|start_header_id|>", "<|eot_id|>"),
    },
    # Its card lists markers that it was not trained on.
    "yi-coder": {
        "template": _CHATML,
        "parameter_size": "8.8B",
        "size": 5_035_000_000,
        "control_tokens": (*_FIM, *_CHATML_TOKENS),
    },
    "llava": {
        "capabilities": ("completion", "vision"),
        "parameter_size": "7B",
        "size": 4_733_363_377,
    },
    # It only tells what is in a picture.
    "clip": {"capabilities": ("vision",), "family": "clip", "size": 624_451_168},
    "nomic-embed-text": {
        "capabilities": ("embedding",),
        "family": "nomic-bert",
        "parameter_size": "137M",
        "size": 274_302_450,
    },
    "gpt-oss:120b-cloud": {
        "capabilities": ("completion", "tools", "thinking"),
        "family": "gptoss",
        "parameter_size": "116.8B",
        "size": 384,
        "remote_host": "https://ollama.com:443",
    },
}
