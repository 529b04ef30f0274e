"""The table of languages: one row each, so that a new language is a new row and nothing else.

Ids are those of the language server protocol's table and, where it has none, those that VS Code
and its extensions use.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fimls.text.language import Language

if TYPE_CHECKING:
    from collections.abc import Mapping

_C_COMMENT: Final = ("/*", "*/")
_XML_COMMENT: Final = ("<!--", "-->")


def _slashes(
    ident: str,
    name: str,
    *extensions: str,
    filenames: tuple[str, ...] = (),
    grammar: str | None = None,
    by_indentation: bool = False,
    prose: bool = False,
) -> Language:
    """A language with the comments of C."""
    return Language(
        ident, name, extensions, filenames, grammar, "//", _C_COMMENT, by_indentation, prose
    )


def _hashes(
    ident: str,
    name: str,
    *extensions: str,
    filenames: tuple[str, ...] = (),
    grammar: str | None = None,
    by_indentation: bool = False,
    prose: bool = False,
) -> Language:
    """A language with the comments of the shell."""
    return Language(ident, name, extensions, filenames, grammar, "#", None, by_indentation, prose)


_CODE: Final = (
    _hashes(
        "python",
        "Python",
        ".py",
        ".pyi",
        ".pyw",
        filenames=("SConstruct", "SConscript", "wscript"),
        grammar="python",
        by_indentation=True,
    ),
    _slashes("javascript", "JavaScript", ".js", ".mjs", ".cjs", grammar="javascript"),
    _slashes("javascriptreact", "JavaScript JSX", ".jsx", grammar="javascript"),
    _slashes("typescript", "TypeScript", ".ts", ".mts", ".cts", grammar="typescript"),
    _slashes("typescriptreact", "TypeScript JSX", ".tsx", grammar="tsx"),
    _slashes("go", "Go", ".go", grammar="go"),
    _slashes("rust", "Rust", ".rs", grammar="rust"),
    _slashes("java", "Java", ".java", grammar="java"),
    _slashes("c", "C", ".c", ".h", grammar="c"),
    _slashes(
        "cpp",
        "C++",
        ".cpp",
        ".cc",
        ".cxx",
        ".c++",
        ".hpp",
        ".hh",
        ".hxx",
        ".h++",
        ".ipp",
        ".inl",
        grammar="cpp",
    ),
    _slashes("csharp", "C#", ".cs", ".csx", grammar="c_sharp"),
    Language(
        "ruby",
        "Ruby",
        (".rb", ".rake", ".gemspec", ".ru"),
        filenames=("Rakefile", "Gemfile", "Podfile", "Vagrantfile"),
        grammar="ruby",
        line_comment="#",
        block_comment=("=begin", "=end"),
    ),
    _slashes("php", "PHP", ".php", ".phtml", grammar="php"),
    _hashes(
        "shellscript",
        "Shell",
        ".sh",
        ".bash",
        ".zsh",
        ".ksh",
        filenames=(".bashrc", ".bash_profile", ".profile", ".zshrc", ".zprofile", "PKGBUILD"),
        grammar="bash",
    ),
    Language(
        "lua", "Lua", (".lua",), grammar="lua", line_comment="--", block_comment=("--[[", "]]")
    ),
    _slashes("kotlin", "Kotlin", ".kt", ".kts"),
    _slashes("swift", "Swift", ".swift"),
    _slashes("scala", "Scala", ".scala", ".sc", ".sbt"),
    _slashes("dart", "Dart", ".dart"),
    _slashes("groovy", "Groovy", ".groovy", ".gradle", filenames=("Jenkinsfile",)),
    _slashes("objective-c", "Objective-C", ".m"),
    _slashes("objective-cpp", "Objective-C++", ".mm"),
    _slashes("cuda-cpp", "CUDA C++", ".cu", ".cuh"),
    Language("zig", "Zig", (".zig", ".zon"), line_comment="//"),
    _slashes("d", "D", ".d"),
    _slashes("solidity", "Solidity", ".sol"),
    _hashes("r", "R", ".r", filenames=(".Rprofile",)),
    Language("julia", "Julia", (".jl",), line_comment="#", block_comment=("#=", "=#")),
    _hashes("perl", "Perl", ".pl", ".pm", ".t"),
    _hashes("raku", "Raku", ".raku", ".rakumod"),
    _hashes("tcl", "Tcl", ".tcl"),
    _hashes("elixir", "Elixir", ".ex", ".exs"),
    Language("erlang", "Erlang", (".erl", ".hrl"), line_comment="%"),
    Language(
        "haskell",
        "Haskell",
        (".hs",),
        line_comment="--",
        block_comment=("{-", "-}"),
        by_indentation=True,
    ),
    Language(
        "elm", "Elm", (".elm",), line_comment="--", block_comment=("{-", "-}"), by_indentation=True
    ),
    Language("ocaml", "OCaml", (".ml", ".mli"), block_comment=("(*", "*)")),
    Language(
        "fsharp",
        "F#",
        (".fs", ".fsi", ".fsx"),
        line_comment="//",
        block_comment=("(*", "*)"),
        by_indentation=True,
    ),
    Language(
        "nim",
        "Nim",
        (".nim", ".nims"),
        line_comment="#",
        block_comment=("#[", "]#"),
        by_indentation=True,
    ),
    Language("clojure", "Clojure", (".clj", ".cljs", ".cljc", ".edn"), line_comment=";"),
    Language("lisp", "Lisp", (".lisp", ".lsp", ".el", ".scm", ".rkt"), line_comment=";"),
    Language("pascal", "Pascal", (".pas",), line_comment="//", block_comment=("{", "}")),
    Language("ada", "Ada", (".adb", ".ads"), line_comment="--"),
    Language("fortran-modern", "Fortran", (".f90", ".f95", ".f03"), line_comment="!"),
    Language("vb", "Visual Basic", (".vb",), line_comment="'"),
    _slashes("verilog", "Verilog", ".v", ".vh"),
    _slashes("systemverilog", "SystemVerilog", ".sv", ".svh"),
    Language("vhdl", "VHDL", (".vhd", ".vhdl"), line_comment="--"),
    Language(
        "powershell",
        "PowerShell",
        (".ps1", ".psm1", ".psd1"),
        line_comment="#",
        block_comment=("<#", "#>"),
    ),
    Language("bat", "Batch", (".bat", ".cmd"), line_comment="rem"),
    _hashes("fish", "Fish", ".fish"),
    Language("vim", "Vim script", (".vim",), filenames=(".vimrc", "_vimrc"), line_comment='"'),
    _hashes("awk", "AWK", ".awk"),
    Language(
        "coffeescript",
        "CoffeeScript",
        (".coffee",),
        line_comment="#",
        block_comment=("###", "###"),
        by_indentation=True,
    ),
    _hashes("gdscript", "GDScript", ".gd", by_indentation=True),
    Language("sql", "SQL", (".sql",), grammar="sql", line_comment="--", block_comment=_C_COMMENT),
    _hashes("graphql", "GraphQL", ".graphql", ".gql"),
    _slashes("protobuf", "Protocol Buffers", ".proto"),
)

_MARKUP_AND_DATA: Final = (
    Language(
        "html", "HTML", (".html", ".htm", ".xhtml"), grammar="html", block_comment=_XML_COMMENT
    ),
    Language("vue", "Vue", (".vue",), block_comment=_XML_COMMENT),
    Language("svelte", "Svelte", (".svelte",), block_comment=_XML_COMMENT),
    Language("astro", "Astro", (".astro",), block_comment=_XML_COMMENT),
    Language(
        "xml",
        "XML",
        (".xml", ".xsd", ".svg", ".plist", ".csproj", ".props", ".targets"),
        block_comment=_XML_COMMENT,
    ),
    Language("xsl", "XSL", (".xsl", ".xslt"), block_comment=_XML_COMMENT),
    Language("handlebars", "Handlebars", (".hbs", ".handlebars"), block_comment=("{{!--", "--}}")),
    Language("razor", "Razor", (".cshtml", ".razor"), block_comment=("@*", "*@")),
    Language("jade", "Pug", (".pug", ".jade"), line_comment="//-", by_indentation=True),
    Language("haml", "Haml", (".haml",), line_comment="-#", by_indentation=True),
    Language("css", "CSS", (".css",), grammar="css", block_comment=_C_COMMENT),
    _slashes("scss", "SCSS", ".scss"),
    _slashes("sass", "Sass", ".sass", by_indentation=True),
    _slashes("less", "Less", ".less"),
    Language(
        "json",
        "JSON",
        (".json", ".webmanifest", ".geojson"),
        filenames=("composer.lock", "Pipfile.lock"),
        grammar="json",
    ),
    _slashes(
        "jsonc",
        "JSON with comments",
        ".jsonc",
        ".code-workspace",
        filenames=("tsconfig.json", "jsconfig.json", "devcontainer.json"),
        grammar="json",
    ),
    _hashes(
        "yaml",
        "YAML",
        ".yaml",
        ".yml",
        filenames=(".clang-format", ".clang-tidy"),
        grammar="yaml",
        by_indentation=True,
    ),
    _hashes(
        "toml",
        "TOML",
        ".toml",
        filenames=("Cargo.lock", "poetry.lock", "uv.lock", "Pipfile"),
        grammar="toml",
    ),
    Language(
        "ini",
        "INI",
        (".ini", ".cfg", ".conf"),
        filenames=(".editorconfig", ".gitconfig", ".npmrc"),
        line_comment=";",
    ),
    _hashes("properties", "Properties", ".properties"),
    _hashes("dockerfile", "Dockerfile", ".dockerfile", filenames=("Dockerfile", "Containerfile")),
    _hashes(
        "makefile",
        "Makefile",
        ".mk",
        ".mak",
        filenames=("Makefile", "makefile", "GNUmakefile"),
        by_indentation=True,
    ),
    Language(
        "cmake",
        "CMake",
        (".cmake",),
        filenames=("CMakeLists.txt",),
        line_comment="#",
        block_comment=("#[[", "]]"),
    ),
    _hashes(
        "starlark",
        "Starlark",
        ".bzl",
        ".star",
        filenames=("BUILD", "BUILD.bazel", "WORKSPACE", "WORKSPACE.bazel", "Tiltfile"),
        by_indentation=True,
    ),
    _hashes("terraform", "Terraform", ".tf", ".tfvars", ".hcl"),
    Language("nix", "Nix", (".nix",), line_comment="#", block_comment=_C_COMMENT),
    _hashes("ignore", "Ignore file", filenames=(".gitignore", ".dockerignore")),
    Language("diff", "Diff", (".diff", ".patch"), prose=True),
)

_PROSE: Final = (
    Language("plaintext", "Plain text", (".txt", ".text"), prose=True),
    Language(
        "markdown", "Markdown", (".md", ".markdown", ".mdx"), block_comment=_XML_COMMENT, prose=True
    ),
    Language(
        "restructuredtext",
        "reStructuredText",
        (".rst",),
        line_comment="..",
        by_indentation=True,
        prose=True,
    ),
    Language("asciidoc", "AsciiDoc", (".adoc", ".asciidoc"), line_comment="//", prose=True),
    _hashes("org", "Org", ".org", prose=True),
    Language("latex", "LaTeX", (".tex", ".sty", ".cls"), line_comment="%", prose=True),
    Language("bibtex", "BibTeX", (".bib",), line_comment="%", prose=True),
    _slashes("typst", "Typst", ".typ", prose=True),
    _hashes(
        "git-commit",
        "Git commit message",
        filenames=("COMMIT_EDITMSG", "MERGE_MSG", "TAG_EDITMSG"),
        prose=True,
    ),
    _hashes("git-rebase", "Git rebase", filenames=("git-rebase-todo",), prose=True),
)

ROWS: Final = (*_CODE, *_MARKUP_AND_DATA, *_PROSE)
"""All rows; no extension or file name is in two of them."""

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # File types of Vim and modes of Emacs that differ from the protocol's ids.
        "bash": "shellscript",
        "bib": "bibtex",
        "c++": "cpp",
        "coffee": "coffeescript",
        "cs": "csharp",
        "cuda": "cuda-cpp",
        "dosbatch": "bat",
        "emacs-lisp": "lisp",
        "fortran": "fortran-modern",
        "gitcommit": "git-commit",
        "gitignore": "ignore",
        "gitrebase": "git-rebase",
        "hcl": "terraform",
        "javascript.jsx": "javascriptreact",
        "js": "javascript",
        "jsx": "javascriptreact",
        "make": "makefile",
        "objc": "objective-c",
        "objcpp": "objective-cpp",
        "proto": "protobuf",
        "ps1": "powershell",
        "pug": "jade",
        "rst": "restructuredtext",
        "scheme": "lisp",
        "sh": "shellscript",
        "tex": "latex",
        "text": "plaintext",
        "ts": "typescript",
        "tsx": "typescriptreact",
        "typescript.tsx": "typescriptreact",
        "zsh": "shellscript",
        # Ids of VS Code extensions, some of an earlier day.
        "commonlisp": "lisp",
        "dockercompose": "yaml",
        "github-actions-workflow": "yaml",
        "jsonl": "json",
        "postgres": "sql",
        "python3": "python",
        "racket": "lisp",
        "sagemath": "python",
        "viml": "vim",
    }
)
"""Names that editors use in place of a language id, in lower case."""
