"""What was gathered is kept, and replaced when it is wrong or much worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.context.gather import Gathered, gather
from fimls.context.keeping import settled
from tests.context.view import COUNT, hole_in, view_with, window_of

if TYPE_CHECKING:
    from fimls.evaluation.context_view import MemoryView

FILES = {
    "a.py": "def fetch_order(name: str): ...\n\ndef close_order(name: str): ...\n",
    "b.py": "def paint_wall(color: str): ...\n\ndef clean_wall(color: str): ...\n",
}
AT_ORDERS = "from a import fetch_order, close_order\n\nfetch█\n"
AT_WALLS = "from b import paint_wall, clean_wall\n\npaint█\n"


def at(picture: str, files: dict[str, str] | None = None, version: int = 1) -> Gathered:
    hole = hole_in("app.py", picture)
    view = seen(picture, files or FILES, version)
    return gather(view, hole, window_of(hole), 200, COUNT)


def seen(picture: str, files: dict[str, str], version: int = 1) -> MemoryView:
    view = view_with(files, hole_in("app.py", picture))
    view.version = version
    return view


def test_what_is_still_good_is_kept_byte_for_byte() -> None:
    kept = at(AT_ORDERS)
    fresh = at(AT_ORDERS.replace("fetch█", "fetch_order('x')\nclose█"))
    assert settled(kept, fresh, seen(AT_ORDERS, FILES)).snippets == kept.snippets


def test_what_is_much_worse_is_replaced() -> None:
    fresh = at(AT_WALLS)
    assert settled(at(AT_ORDERS), fresh, seen(AT_WALLS, FILES)) is fresh


def test_another_file_has_its_own() -> None:
    fresh = at(AT_ORDERS)
    kept = Gathered("other.py", 1, fresh.snippets, fresh.shown)
    assert settled(kept, fresh, seen(AT_ORDERS, FILES)) is fresh
    assert settled(None, fresh, seen(AT_ORDERS, FILES)) is fresh


def test_a_shown_signature_that_has_changed_replaces_it() -> None:
    changed = {**FILES, "a.py": FILES["a.py"].replace("name: str", "name: bytes")}
    fresh = at(AT_ORDERS, changed, version=2)
    assert settled(at(AT_ORDERS), fresh, seen(AT_ORDERS, changed, 2)) is fresh


def test_a_signature_that_has_only_moved_replaces_nothing() -> None:
    moved = {**FILES, "a.py": "# A comment.\n" + FILES["a.py"]}
    kept = at(AT_ORDERS)
    fresh = at(AT_ORDERS, moved, version=2)
    found = settled(kept, fresh, seen(AT_ORDERS, moved, 2))
    assert (found.snippets, found.version) == (kept.snippets, 2)


def test_what_the_file_named_before_it_was_there_replaces_it() -> None:
    # It is a small part of what is shown: by its share nothing would change.
    many = "".join(f"def use_{each}(order: str): ...\n\n" for each in range(12))
    picture = AT_ORDERS.replace("fetch█", "new_order(fetch█") + many.replace("def ", "# ")
    before = {**FILES, "c.py": many}
    after = {**before, "d.py": "def new_order(color: str): ...\n"}
    kept = at(picture, before)
    assert (
        settled(kept, at(picture, before, version=2), seen(picture, before, 2)).shown == kept.shown
    )

    fresh = at(picture, after, version=3)
    assert "new_order" in {each.definition.name for each in fresh.shown}
    found = settled(kept, fresh, seen(picture, after, 3))
    assert found is fresh


def test_what_was_named_only_now_replaces_nothing() -> None:
    after = {**FILES, "d.py": "def new_order(color: str): ...\n"}
    kept = at(AT_ORDERS)
    named = AT_ORDERS.replace("fetch█", "new_order(fetch█")
    fresh = at(named, after, version=2)
    found = settled(kept, fresh, seen(named, after, 2))
    assert found.snippets == kept.snippets
