"""What a GGUF file says of its model, also where it is broken."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fimls.models.gguf import Header, header_of

if TYPE_CHECKING:
    from pathlib import Path

STRING, ARRAY, UINT32, FLOAT64, BOOL = 8, 9, 4, 12, 7


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def pair(key: str, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def said(key: str, value: str) -> bytes:
    return pair(key, STRING, text(value))


def listed(key: str, kind: int, *values: bytes) -> bytes:
    return pair(key, ARRAY, struct.pack("<IQ", kind, len(values)) + b"".join(values))


def gguf(*pairs: bytes, version: int = 3, count: int | None = None) -> bytes:
    head = struct.pack("<IQQ", version, 291, len(pairs) if count is None else count)
    return b"GGUF" + head + b"".join(pairs)


NAMES = (
    said("general.architecture", "qwen2"),
    said("general.basename", "Qwen2.5-Coder"),
    said("general.size_label", "7B"),
    said("general.name", "My Coder"),
)
WHOLE = Header("Qwen2.5-Coder-7B", "My Coder", "qwen2")


@pytest.fixture(name="file")
def file_fixture(tmp_path: Path) -> Path:
    return tmp_path / "model.gguf"


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (gguf(*NAMES), WHOLE),
        (gguf(*NAMES, version=2), WHOLE),
        # Values of all kinds between them.
        (
            gguf(
                pair("general.file_type", UINT32, b"\2\0\0\0"),
                listed("general.tags", STRING, text("code"), text("chat")),
                listed("general.numbers", FLOAT64, bytes(8), bytes(8)),
                pair("general.flag", BOOL, b"\1"),
                *NAMES,
            ),
            WHOLE,
        ),
        # Older files have only a name.
        (gguf(said("general.name", "codellama")), Header(title="codellama")),
        # The vocabulary ends what is read: it has megabytes.
        (
            gguf(*NAMES[:3], listed("tokenizer.ggml.tokens", STRING, text("<s>")), NAMES[3]),
            Header("Qwen2.5-Coder-7B", "", "qwen2"),
        ),
        # Broken off within the last value, in which nothing of it counts.
        (gguf(*NAMES)[:-3], Header("Qwen2.5-Coder-7B", "", "qwen2")),
        # What came before a kind that there is not, or more than can be.
        (gguf(*NAMES[:2], pair("general.x", 77, b"")), Header("Qwen2.5-Coder", "", "qwen2")),
        (gguf(NAMES[0], pair("general.x", STRING, b"\xff" * 8)), Header(architecture="qwen2")),
        (
            gguf(NAMES[0], pair("x", ARRAY, struct.pack("<IQ", UINT32, 1 << 60))),
            Header(architecture="qwen2"),
        ),
        # Neither the first version, nor bytes the other way round, nor another format, nor nothing.
        (gguf(*NAMES, version=1), Header()),
        (gguf(*NAMES, version=3 << 24), Header()),
        (gguf(*NAMES, count=1 << 60), Header()),
        (b"GGML" + gguf(*NAMES)[4:], Header()),
        (b"", Header()),
        # Bytes that are no text.
        (
            gguf(pair("general.name", STRING, struct.pack("<Q", 2) + b"\xff\xfe")),
            Header(title="\ufffd\ufffd"),
        ),
    ],
)
def test_headers(content: bytes, header: Header, file: Path) -> None:
    file.write_bytes(content)
    assert header_of(file) == header


def test_a_file_that_is_not_there(file: Path) -> None:
    assert header_of(file) == Header()


@pytest.mark.parametrize("end", range(0, len(gguf(*NAMES)), 7))
def test_wherever_it_is_cut_off(end: int, file: Path) -> None:
    file.write_bytes(gguf(*NAMES)[:end])
    found = header_of(file)
    for field in ("basename", "title", "architecture"):
        assert getattr(WHOLE, field).startswith(getattr(found, field))


@given(content=st.binary(max_size=300))
def test_no_bytes_break_it(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("gguf") / "model.gguf"
    file.write_bytes(gguf(count=20) + content)
    header_of(file)


def test_the_embedded_model(embedded_model: Path) -> None:
    found = header_of(embedded_model)
    assert found.architecture == "llama"
    assert found.basename.startswith("smollm2")
