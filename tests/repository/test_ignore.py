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
        # A folder that is lifted lifts nothing of what is in it, whoever lifts it.
        ({".gitignore": "a.py\n", "x/.gitignore": "!y/\n"}, {"x/y/a.py": False}),
        ({".gitignore": "!*/\n", ".git/info/exclude": "*.py\n"}, {"x/a.py": False}),
        # All that is in a folder is left out, and not the folder itself.
        ({".gitignore": "x/**\n!x/a.py\n"}, {"x/a.py": True, "x/b.py": False}),
        # Written by an editor of Windows.
        ({".gitignore": "\ufeffa.py\r\nx/\r\n"}, {"a.py": False, "x/a.py": False}),
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
        ({".gitignore": "!\n/\n\\\n[z-a]\nb.py\n"}, {"a.py": True, "b.py": False}),
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


@pytest.mark.parametrize(
    ("rules", "left_out"),
    [
        # The folder itself, one that it is in; a nearer rule lifts that.
        ({".gitignore": "app/\n"}, True),
        ({".gitignore": "/packages\n"}, True),
        ({".git/info/exclude": "app\n"}, True),
        ({".gitignore": "app/\n", "packages/.gitignore": "!app\n"}, False),
        ({".gitignore": "*.py\n", "packages/.gitignore": "!app\n"}, False),
    ],
)
def test_a_folder_that_its_repository_leaves_out(
    tmp_path: Path, rules: dict[str, str], left_out: bool
) -> None:
    made(tmp_path, {".git/": "", "packages/app/a.ts": "", **rules})
    sieve = Sieve(str(tmp_path / "packages" / "app"))
    assert sieve.admits("a.ts") is sieve.enters("") is not left_out


@pytest.mark.parametrize(
    ("home", "left_out"),
    [
        # Git's own place for it, and the one that the user has named, which may be a link.
        ({".config/git/ignore": "mine.py\n"}, True),
        ({".gitconfig": "[core]\n\texcludesFile = ~/rules\n", "rules": "mine.py\n"}, True),
        (
            {
                ".config/git/config": '[core] excludesfile = "~/rules" # mine\n',
                "rules": "mine.py\n",
            },
            True,
        ),
        ({".gitconfig": "[Core]\nexcludesfile=~/link\n", "linked": "mine.py\n"}, True),
        # The one that is named last, in the file that Git reads last.
        (
            {
                ".config/git/config": "[core]\nexcludesfile = ~/rules\n",
                ".gitconfig": "[core]\nexcludesfile = ~/other\n",
                "rules": "mine.py\n",
                "other": "",
            },
            False,
        ),
        # The file of a user whom there is not.
        ({".gitconfig": "[core]\nexcludesfile = ~nobody.here/rules\n"}, False),
        # Another setting, a section of the same name for something, a file that is not there.
        (
            {".gitconfig": '[core "x"]\nexcludesfile = ~/rules\n[a]\nexcludesfile = ~/rules\n'},
            False,
        ),
        ({".gitconfig": "[core]\nexcludesfile = ~/nowhere\n"}, False),
        # A path without a folder to begin from means nothing.
        ({".gitconfig": "[core]\nexcludesfile = rules\n", "rules": "mine.py\n"}, False),
        # What the repository says counts more.
        ({".config/git/ignore": "mine.py\nlifted.py\n"}, True),
    ],
)
def test_what_the_user_has_git_leave_out_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: dict[str, str], left_out: bool
) -> None:
    made(tmp_path / "home", home)
    (tmp_path / "home" / "link").symlink_to(tmp_path / "home" / "linked")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    rules = {".git/": "", ".gitignore": "!lifted.py\n"}
    check_admitted(tmp_path / "project", rules, {"mine.py": not left_out, "lifted.py": True})
    # Outside a repository Git has no say.
    check_admitted(tmp_path / "other", {}, {"mine.py": True})


def test_a_worktree_has_the_rules_of_its_repository(tmp_path: Path) -> None:
    git = made(tmp_path / "main" / ".git", {"info/exclude": "mine.py\n"})
    made(git / "worktrees" / "tree", {"commondir": "../..\n"})
    tree = made(tmp_path / "tree", {".git": f"gitdir: {git}/worktrees/tree\n"})
    check_admitted(tree, {}, {"mine.py": False, "a.py": True})


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
