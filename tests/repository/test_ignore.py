"""What may be known of a folder: pictures of trees, one file a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from fimls.repository.ignore import Sieve


def made(root: Path, files: dict[str, str]) -> Path:
    """Writes files; a name that ends with a slash is a folder."""
    for name, text in files.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def check_admitted(
    root: Path, rules: dict[str, str], asked: dict[str, bool], exclude: tuple[str, ...] = ()
) -> None:
    made(root, rules)
    sieve = Sieve(str(root), exclude)
    assert {path: sieve.admits(path) for path in asked} == asked


@pytest.mark.parametrize(
    ("rules", "asked"),
    [
        # Nothing is left out without a reason.
        ({}, {"a.py": True, "deep/er/a.py": True}),
        # Anywhere, from the top, folders only, with stars.
        ({".gitignore": "gen.py\n"}, {"gen.py": False, "x/gen.py": False, "x/agen.py": True}),
        ({".gitignore": "/gen.py\n"}, {"gen.py": False, "x/gen.py": True}),
        ({".gitignore": "out/\n"}, {"out/a.py": False, "x/out/a.py": False, "out.py": True}),
        ({".gitignore": "a/**/z.py\n"}, {"a/z.py": False, "a/b/c/z.py": False, "z.py": True}),
        ({".gitignore": "x/*.py\n"}, {"x/a.py": False, "x/y/a.py": True}),
        # Comments, blank lines, blanks at the end, a backslash before what would mean something.
        (
            {".gitignore": "# a.py\n\nb.py  \n\\#c.py\n"},
            {"a.py": True, "b.py": False, "#c.py": False},
        ),
        # A later line lifts an earlier one, also in a folder below; the nearest says last.
        ({".gitignore": "*.py\n!keep.py\n"}, {"a.py": False, "keep.py": True}),
        ({".gitignore": "*.py\n", "x/.gitignore": "!*.py\n"}, {"a.py": False, "x/a.py": True}),
        ({"x/.gitignore": "/a.py\n"}, {"a.py": True, "x/a.py": False, "x/y/a.py": True}),
        # What is in a folder that is left out cannot be lifted, as Git has it.
        ({".gitignore": "out/\n!out/a.py\n"}, {"out/a.py": False}),
        ({".gitignore": "out/\n", "out/.gitignore": "!*\n"}, {"out/a.py": False}),
        # Our own file, with the same grammar; neither lifts what the other has said.
        ({".fimlsignore": "*.py\n!keep.py\n"}, {"a.py": False, "keep.py": True}),
        ({".gitignore": "a.py\n", ".fimlsignore": "!a.py\n"}, {"a.py": False}),
        ({".gitignore": "!a.py\n", ".fimlsignore": "a.py\n"}, {"a.py": False}),
        # What Git leaves out without saying so in the tree.
        ({".git/info/exclude": "mine.py\n"}, {"mine.py": False, "a.py": True}),
        # Rules that make no sense, or are made to take for ever, are passed over.
        ({".gitignore": "!\n/\n\\\nb.py\n"}, {"a.py": True, "b.py": False}),
        ({".gitignore": "*a" * 40 + "\nb.py\n"}, {"a" * 200 + ".py": True, "b.py": False}),
        ({".gitignore/": ""}, {"a.py": True}),
        # What tools keep, wherever it lies; a virtual environment of any name.
        ({}, {"node_modules/a.js": False, "x/.venv/a.py": False, ".git/hooks/a.py": False}),
        ({"env/pyvenv.cfg": ""}, {"env/lib/a.py": False, "environment/a.py": True}),
        # No way leads out of the folder.
        ({}, {"../a.py": False, "x/../../a.py": False, "./a.py": False}),
    ],
)
def test_ignore_files(tmp_path: Path, rules: dict[str, str], asked: dict[str, bool]) -> None:
    check_admitted(tmp_path, rules, asked)


@pytest.mark.parametrize(
    ("exclude", "asked"),
    [
        (("*.ts",), {"a.ts": False, "x/a.ts": False, "a.py": True}),
        (("legacy/",), {"legacy/a.py": False, "x/legacy/a.py": False}),
        (("/x/**/gen",), {"x/y/gen/a.py": False, "gen/a.py": True}),
        # It may lift what it has said itself, and nothing else.
        (("*.py", "!keep.py"), {"a.py": False, "keep.py": True}),
        (("!b.py", "!.env", "!id_rsa.py"), {"b.py": False, ".env": False}),
    ],
)
def test_exclude(tmp_path: Path, exclude: tuple[str, ...], asked: dict[str, bool]) -> None:
    check_admitted(tmp_path, {".gitignore": "b.py\n"}, asked, exclude)


@pytest.mark.parametrize(
    "path",
    [
        *(
            ".env",
            "x/.env.production",
            "server.pem",
            ".ssh/config.py",
            ".aws/a.py",
            "credentials.json",
        ),
        *("x/secrets.yaml", "terraform.tfstate", "id_rsa", ".kube/a.py"),
    ],
)
def test_nothing_in_a_workspace_lifts_the_built_in_list(tmp_path: Path, path: str) -> None:
    lifted = f"!{path}\n!*\n!**\n"
    rules = {".gitignore": lifted, ".fimlsignore": lifted, "x/.gitignore": "!*\n"}
    check_admitted(tmp_path, rules, {path: False}, (f"!{path}", "!*"))


def test_the_rules_of_the_repository_around_the_folder(tmp_path: Path) -> None:
    rules = {".git/": "", ".gitignore": "/app/gen.py\nany.py\n", "app/.gitignore": "!any.py\n"}
    made(tmp_path, {**rules, ".git/info/exclude": "/app/mine.py\n"})
    sieve = Sieve(str(tmp_path / "app"))
    asked = {"gen.py": False, "any.py": True, "mine.py": False, "a.py": True}
    assert {path: sieve.admits(path) for path in asked} == asked


def test_a_folder_in_a_secret_place_is_none(tmp_path: Path) -> None:
    assert not Sieve(str(tmp_path / ".ssh" / "project")).admits("a.py")


@pytest.mark.parametrize("whole", [Path.home(), Path(Path.cwd().anchor)])
def test_a_home_or_a_disk_is_no_project(whole: Path) -> None:
    assert not Sieve(str(whole)).enters("")


def test_rules_behind_a_link_count_for_nothing(tmp_path: Path) -> None:
    # As in Git: a link could lead anywhere.
    (tmp_path / "outside").write_text("a.py\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / ".gitignore").symlink_to(tmp_path / "outside")
    assert Sieve(str(project)).admits("a.py")
