"""Secrets of which a part is cut off do not look like secrets, and are not shown either."""

from __future__ import annotations

import pytest

from fimls.context.gather import Source
from fimls.context.recent import edited
from fimls.context.secrets import MASK
from fimls.text.positions import LineIndex
from tests.context.view import gathered, hole_in, text_of

TOKEN = "ghp_" + "a1B2" * 9
BASE64 = "c2VjcmV0IG9mIG1hbnkgYml0cyB0aGF0IG9wZW5zIGV2ZXJ5dGhpbmcgaGVyZQ=="
PEM = "\n".join(
    ["-----BEGIN RSA PRIVATE KEY-----", *[BASE64] * 51, "-----END RSA PRIVATE KEY-----"]
)


@pytest.mark.parametrize(
    "text",
    [
        # The line is cut within the token, which has no comma before it to be cut at.
        f'def connect_to_shop(name_of_its_token_and_more: str = "{TOKEN}", port: int = 1): ...\n',
        # The index has cut the value, within the token.
        f'connect_to_shop = ["{"x " * 32}", "{TOKEN}"]\n',
        # The password ends behind the cut.
        f'connect_to_shop = "postgres://{"n" * 30}:{TOKEN.replace("_", "x") * 3}@db/shop"\n',
        # A key over many lines.
        f'connect_to_shop = """{PEM}"""\n',
    ],
)
def test_a_signature_is_cleared_before_it_is_cut(text: str) -> None:
    hole = hole_in("app.py", "from a import connect_to_shop\n\nconnect_to█\n")
    found = text_of(gathered({"a.py": text}, hole, sources=frozenset({Source.MAP})))
    assert "connect_to_shop" in found
    assert not [at for at in range(len(TOKEN) - 8) if TOKEN[at : at + 8].replace("_", "x") in found]
    assert BASE64[:8] not in found


@pytest.mark.parametrize(
    "key",
    [
        f'KEY = """{PEM}"""\n',
        # As strings that are put together, with the line ends in them.
        "KEY = (\n" + "".join(f'    "{line}\\n" +\n' for line in PEM.split("\n")) + "    '')\n",
    ],
)
def test_a_part_of_a_key_is_not_similar_to_anything(key: str) -> None:
    use = "def other(order, item):\n    order.add(item, count)\n    order.close(item)\n"
    # The index cuts the file in the midst of the key.
    files = {"key.py": key + use, "b.py": use}
    hole = hole_in("app.py", "def more(order, item):\n    order.add(item, count)\n    █\n")
    found = gathered(files, hole, sources=frozenset({Source.SIMILAR}))
    assert "order.close" in text_of(found)
    assert BASE64[:8] not in text_of(found)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # Within a key.
        (f'KEY = """{PEM}"""\n', 30),
        # Below the name that tells of it.
        ('password = """\nopen sesame\nand more\n"""\n', 2),
    ],
)
def test_an_edited_region_is_cleared_as_a_part_of_its_file(text: str, line: int) -> None:
    shown = edited("a.py", text, LineIndex(text), line, line).text
    assert BASE64[:8] not in shown
    assert "and more" not in shown


def test_an_edited_region_is_whole_lines_with_a_little_around() -> None:
    text = "".join(f"line_{number} = {number}\n" for number in range(20))
    found = edited("a.py", text, LineIndex(text), 10, 10)
    assert (found.first_line, found.text.split("\n")) == (
        8,
        [f"line_{n} = {n}" for n in range(8, 13)],
    )
    # A region that is not there any more, since its document is shorter now.
    assert edited("a.py", "x = 1\n", LineIndex("x = 1\n"), 10, 12).text == "x = 1\n"
    masked = edited("a.py", f'x = "{TOKEN}"\n', LineIndex(f'x = "{TOKEN}"\n'), 0, 0)
    assert masked.text == f'x = "{MASK}"\n'
