"""The format that a template of Ollama's asks in."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.context.secrets import clear
from fimls.models.specimens import PREFIX_MARK, SUFFIX_MARK
from fimls.models.templates import learned_from
from fimls.testing.ollama_models import CODE_LLAMA_TEMPLATE
from fimls.testing.ollama_shelf import INSTRUCT_TEMPLATE, filling, model_named

INSIDE = "<a>{{ .Prompt }}<b>{{ .Suffix }}<c>"


def check_learned(template: str, format_: str | None) -> None:
    """`«` and `»` stand for prefix and suffix."""
    learned = learned_from(template)
    shown = None if learned is None else learned.text
    expected = None
    if format_ is not None:
        expected = format_.replace("«", PREFIX_MARK).replace("»", SUFFIX_MARK)
    assert shown == expected


@pytest.mark.parametrize(
    ("template", "format_"),
    [
        # The library's, with all their blanks.
        (filling("<a>{{ .Prompt }}<b>{{ .Suffix }}<c>"), "<a>«<b>»<c>"),
        (model_named("codestral").template, "[SUFFIX]»[PREFIX] «"),
        (filling("<x><a>\n{{ .Prompt }}<b>{{ .Suffix }}<c><|end|>"), "<x><a>\n«<b>»<c><|end|>"),
        # Blanks that a brace takes away.
        ("{{- if .Suffix -}}\n  <a>{{- .Prompt -}} \n<b>{{ .Suffix }}<c>{{ end }}", "<a>«<b>»<c>"),
        # Conditions in all their forms.
        ('{{ if ne .Suffix "" }}' + INSIDE + "{{ end }}", "<a>«<b>»<c>"),
        ("{{ if and .Suffix (not .Messages) }}" + INSIDE + "{{ end }}", "<a>«<b>»<c>"),
        ("{{ if or .System .Suffix }}" + INSIDE + "{{ end }}", "<a>«<b>»<c>"),
        ("{{ if .Messages }}{{ else if .Suffix }}" + INSIDE + "{{ else }}{{ end }}", "<a>«<b>»<c>"),
        ("{{ with .Suffix }}<a>{{ $.Prompt }}<b>{{ . }}<c>{{ end }}", "<a>«<b>»<c>"),
        # Nested, and what is not shown has branches of its own.
        (
            "{{ if .System }}{{ if .Suffix }}<x>{{ else }}<y>{{ end }}{{ else }}"
            + INSIDE
            + "{{ end }}",
            "<a>«<b>»<c>",
        ),
        # Messages are none; parts that are defined for elsewhere are not shown.
        ("{{ range .Messages }}{{ .Suffix }}{{ end }}" + INSIDE, "<a>«<b>»<c>"),
        ('{{ define "x" }}{{ .Suffix }}{{ end }}' + INSIDE, "<a>«<b>»<c>"),
        # Names, functions, pipes, texts, comments.
        ("{{ $p := .Prompt }}<a>{{ $p }}<b>{{ .Suffix | trim }}<c>", "<a>«<b>»<c>"),
        ('{{ print "<a>" .Prompt "<b>" }}{{ .Suffix }}{{ `<c>` }}', "<a>«<b>»<c>"),
        ('{{/* }} " .Suffix */}}' + INSIDE, "<a>«<b>»<c>"),
        # A line end after the last marker belongs to the template.
        (INSIDE + "\n\n", "<a>«<b>»<c>"),
        # And one after the head of a turn to the turn.
        (INSIDE + "<end>assistant\n", "<a>«<b>»<c><end>assistant\n"),
        # No markers, one marker, a part twice, a part that is missing.
        ("{{ .Prompt }}{{ .Suffix }}", None),
        ("{{ .Prompt }}<fill>{{ .Suffix }}", None),
        (INSIDE + "{{ .Suffix }}", None),
        ("<a><b>{{ .Suffix }}", None),
        # No filling in at all.
        (INSTRUCT_TEMPLATE, None),
        ("", None),
        # No templates, though they look like some.
        ("{{ .Suffix", None),
        ("{{ if .Suffix }}" * 500, None),
        ("{{ end }}{{ else }}{{ end }}" + INSIDE, None),
        # Words that are apart by more than a blank.
        ("{{\tif\n.Suffix\n}}" + INSIDE + "{{ end }}", "<a>«<b>»<c>"),
        # Longer than any.
        (INSIDE + "x" * 200_000, None),
    ],
)
def test_templates(template: str, format_: str | None) -> None:
    check_learned(template, format_)


def test_a_learned_family_renders_as_the_template_does() -> None:
    learned = learned_from(filling("<a> {{ .Prompt }} <b>{{ .Suffix }} <c>"))
    assert learned is not None
    assert learned.family.psm is not None
    assert learned.family.spm is None
    # What looks like one of the markers in the user's text is broken up.
    prefix, suffix = clear("x = '<b>'\r\n"), clear("y")
    assert learned.family.psm(prefix, suffix) == "<a> x = '< b>'\n <b>y <c>"


def test_a_learned_family_with_the_suffix_first() -> None:
    learned = learned_from("<s>{{ .Suffix }}<p>{{ .Prompt }}<m>")
    assert learned is not None
    assert learned.family.psm is None
    assert learned.family.spm is not None
    assert learned.family.spm(clear("1"), clear("2")) == "<s>2<p>1<m>"


@pytest.mark.parametrize(
    "piece", [" ", "\n", "{{", "/*", "{{/*", '"', "(", "{{ (", "<", "{{ if ", "-"]
)
@pytest.mark.parametrize("head", ["", "{{", "{{ if ", ".Suffix <a>"])
def test_no_text_takes_long(head: str, piece: str) -> None:
    began = time.process_time()
    learned_from((head + piece * 50_000)[:49_000] + ".Suffix")
    # A few hundredths of a second here.
    assert time.process_time() - began < 1.0


_BRACES = ["{{", "}}", "{{-", "-}}", "{", "}", "/*", "*/"]
_WORDS = ["if", "else", "end", "range", "with", "and", "eq", ":=", "$x", "<a>", ".Prompt"]
_PIECES = st.sampled_from([*_BRACES, *_WORDS, *'-|()$."` \n', ".Suffix"])


@given(st.lists(_PIECES, max_size=60))
def test_no_text_breaks_the_reading(pieces: list[str]) -> None:
    learned_from("".join(pieces) + ".Suffix")


def test_code_llama_is_learned_with_its_blanks() -> None:
    learned = learned_from(CODE_LLAMA_TEMPLATE)
    assert learned is not None
    assert (learned.before, learned.between, learned.after) == ("<PRE> ", " <SUF>", " <MID>")
