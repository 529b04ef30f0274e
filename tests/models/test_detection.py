"""Which family evidence tells, in the order in which it counts."""

from __future__ import annotations

import pytest

from fimls.errors import ModelRefused
from fimls.models import detection
from fimls.models.detection import Evidence, How, among, detect
from fimls.models.families import FAMILIES
from fimls.testing.ollama_models import CODE_LLAMA_TEMPLATE
from fimls.testing.ollama_shelf import filling, model_named

BARRED = "<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>"
FIM = "<fim_prefix>{{ .Prompt }}<fim_suffix>{{ .Suffix }}<fim_middle>"
BARRED_TOKENS = frozenset({"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|endoftext|>"})
FIM_TOKENS = frozenset({"<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<|endoftext|>"})


def check_detected(evidence: Evidence, family: str | None, how: How, setting: str = "auto") -> None:
    found = detect(setting, evidence)
    assert (found.family.name if found.family else None, found.how) == (family, how)
    assert not found.is_open
    assert found.candidates == ()


@pytest.mark.parametrize(
    ("evidence", "family", "how"),
    [
        # The name, before whatever the file says.
        (Evidence("codellama:7b-code", basename="qwen2.5-coder"), "codellama", How.NAME),
        # Known not to fill, whatever its template says: the library's own has been wrong before.
        (Evidence("llama3.2", template=filling(BARRED)), None, How.NOTHING),
        # It has the markers, and was not trained on them.
        (Evidence("yi-coder:9b", vocabulary=FIM_TOKENS), None, How.NOTHING),
        # A name of the user's own, and what it was made from.
        (Evidence("mine", basename="Qwen2.5-Coder-7B-Instruct"), "qwen2.5-coder", How.DETAILS),
        (Evidence("mine", title="Starcoder2 3b"), "starcoder2", How.DETAILS),
        (Evidence("mine", "model", "Codestral 22B v0.1"), "codestral", How.DETAILS),
        # Made from what was not trained for it.
        (Evidence("mine", basename="CodeLlama-34B-Python"), None, How.NOTHING),
        (Evidence("mine", title="Meta Llama 3.1 8B Instruct"), None, How.NOTHING),
        # The template counts more than that: somebody has trained it, and says so.
        (
            Evidence("mine", title="Mistral 7B", template=filling(BARRED)),
            "qwen2.5-coder",
            How.TEMPLATE,
        ),
        # It makes vectors, and nothing else.
        (Evidence("mine", abilities=frozenset({"embedding"})), None, How.NOTHING),
        # The vocabulary has no family's markers.
        (Evidence("mine", vocabulary=frozenset({"<s>", "</s>"})), None, How.NOTHING),
    ],
)
def test_evidence(evidence: Evidence, family: str | None, how: How) -> None:
    check_detected(evidence, family, how)


@pytest.mark.parametrize(
    ("template", "family"),
    [
        (CODE_LLAMA_TEMPLATE, "codellama"),
        # The same markers in another order are another family's.
        (filling("<fim_suffix>{{ .Suffix }}<fim_prefix>{{ .Prompt }}<fim_middle>"), "mellum"),
        (
            filling("<[fim-suffix]>{{ .Suffix }}<[fim-prefix]>{{ .Prompt }}<[fim-middle]>"),
            "seed-coder",
        ),
        # In a turn of a chat the same markers are another family's too.
        (filling(BARRED), "qwen2.5-coder"),
        (
            filling(
                "<|im_start|>system\nYou are a code completion assistant.<|im_end|>\n"
                f"<|im_start|>user\n{BARRED}<|im_end|>\n<|im_start|>assistant\n"
            ),
            "qwen3-coder",
        ),
    ],
)
def test_templates_of_known_families(template: str, family: str) -> None:
    check_detected(Evidence("mine", template=template), family, How.TEMPLATE)


@pytest.mark.parametrize(
    ("evidence", "family"),
    [
        # What shares its markers is told apart by how it is built.
        (Evidence("mine", architecture="gemma", template=filling(BARRED)), "codegemma"),
        (Evidence("mine", architecture="granitehybrid", template=filling(BARRED)), "granite4-base"),
        (Evidence("mine", architecture="starcoder2", template=filling(FIM)), "starcoder2"),
        (Evidence("mine", architecture="stablelm", template=filling(FIM)), "stable-code"),
        # Or by the other control tokens.
        (
            Evidence(
                "mine",
                template=filling(BARRED),
                vocabulary=BARRED_TOKENS | {"<|file_separator|>", "<start_of_turn>"},
            ),
            "codegemma",
        ),
    ],
)
def test_families_with_the_same_markers(evidence: Evidence, family: str) -> None:
    check_detected(evidence, family, How.TEMPLATE)


@pytest.mark.parametrize(
    "name",
    # Line ends, blanks, text after the middle: the family's own format is the right one.
    ["starcoder2", "codestral", "granite-code", "deepseek-coder-v2", "codegemma", "qwen2.5-coder"],
)
def test_the_library_s_wrong_templates(name: str) -> None:
    model = model_named(name)
    evidence = Evidence("mine", architecture=model.family, template=model.template)
    check_detected(evidence, name, How.TEMPLATE)


def test_a_template_of_no_known_family_is_learned() -> None:
    template = filling("<a>{{ .Prompt }}<b>{{ .Suffix }}<c>")
    found = detect("auto", Evidence("mine", template=template))
    assert found.family is not None
    assert (found.family.name, found.how, found.family.markers) == (
        "template",
        How.TEMPLATE,
        ("<a>", "<b>", "<c>"),
    )
    assert found.family.name not in FAMILIES


@pytest.mark.parametrize("setting", FAMILIES)
def test_the_setting_is_before_all(setting: str) -> None:
    evidence = Evidence("codellama:7b-code", basename="llama3.2")
    check_detected(evidence, setting, How.SETTING, setting)


def test_a_setting_that_no_family_has() -> None:
    with pytest.raises(ModelRefused, match="codellama"):
        detect("cobol", Evidence("mine"))


# What is left open


def names(evidence: Evidence) -> list[str]:
    return [family.name for family in detect("auto", evidence).candidates]


@pytest.mark.parametrize(
    ("evidence", "candidates"),
    [
        # A vocabulary alone proves nothing.
        (
            Evidence("mine", architecture="qwen2", vocabulary=BARRED_TOKENS | {"<|im_start|>"}),
            ["qwen2.5-coder", "qwen3-coder", "granite4"],
        ),
        # The likeliest comes first; one for each format.
        (
            Evidence("mine", architecture="starcoder2", vocabulary=FIM_TOKENS),
            ["starcoder2", "mellum"],
        ),
        (Evidence("mine", vocabulary=frozenset({"▁<PRE>", "▁<SUF>", "▁<MID>"})), ["codellama"]),
    ],
)
def test_candidates(evidence: Evidence, candidates: list[str]) -> None:
    found = detect("auto", evidence)
    assert (found.family, found.how, found.is_open) == (None, How.NOTHING, True)
    assert names(evidence) == candidates


def test_without_a_vocabulary_it_is_open_and_any_may_be_tried() -> None:
    found = detect("auto", Evidence("mine", abilities=frozenset({"completion"})))
    assert (found.family, found.candidates, found.is_open) == (None, (), True)
    tried = among(Evidence("mine", architecture="gemma"))
    assert tried[0].name == "codegemma"
    assert {each.fim_markers for each in tried} == {each.fim_markers for each in FAMILIES.values()}


def test_each_family_of_a_known_build_is_in_the_table() -> None:
    assert set(detection._ARCHITECTURES) <= set(FAMILIES)
