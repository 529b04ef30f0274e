"""Imports: which ones are lacking, and where they go, in each language's way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fimls.actions.imports import Import, import_edits, is_imports_only, lifted, missing_imports
from fimls.text.edits import apply
from fimls.text.languages import language_of


def check_imports(text: str, code: str, after: str, language: str) -> None:
    """Checks what a document becomes by the imports that some code needs, and that it has them."""
    known = language_of(language)
    imports, rest = lifted(code, known)
    wanted = (*imports, *missing_imports(rest, text, known))
    result = apply(text, import_edits(wanted, text, known))

    assert result == after
    # Not twice.
    assert import_edits(wanted, result, known) == ()
    assert missing_imports(rest, result, known) == ()


@pytest.mark.parametrize(
    ("text", "code", "after"),
    [
        # An empty file, a comment that the code is for, and code.
        ("", "json.dumps(1)", "import json\n"),
        ("# dump it\n", "json.dumps(1)", "import json\n\n# dump it\n"),
        ("x = 1\n", "json.dumps(x)", "import json\n\nx = 1\n"),
        ("def f():\n    pass\n", "json.dumps(x)", "import json\n\n\ndef f():\n    pass\n"),
        # What has to stay on top: shebang, coding, license, docstring, `__future__`.
        ("#!/usr/bin/python\n\nx = 1\n", "os.sep", "#!/usr/bin/python\n\nimport os\n\nx = 1\n"),
        ("# -*- coding: utf-8 -*-\nx = 1\n", "os.sep", None),
        (
            "# Copyright 2024 A. Person\n# All rights reserved.\n\nx = 1\n",
            "os.sep",
            "# Copyright 2024 A. Person\n# All rights reserved.\n\nimport os\n\nx = 1\n",
        ),
        ('"""A file."""\n\nx = 1\n', "os.sep", '"""A file."""\n\nimport os\n\nx = 1\n'),
        (
            '"""A file\n\nof two parts."""\nx = 1\n',
            "os.sep",
            '"""A file\n\nof two parts."""\n\nimport os\n\nx = 1\n',
        ),
        (
            "from __future__ import annotations\n\nx = 1\n",
            "os.sep",
            "from __future__ import annotations\n\nimport os\n\nx = 1\n",
        ),
        # A text that only begins with a string has no docstring.
        ('"a".join(x)\n', "os.sep", 'import os\n\n"a".join(x)\n'),
        # Next to what is there, in its group, sorted as it is.
        (
            "import os\nimport sys\n\nx = 1\n",
            "re.compile",
            "import os\nimport re\nimport sys\n\nx = 1\n",
        ),
        ("import sys\nimport os\n", "re.compile", "import sys\nimport os\nimport re\n"),
        ("import numpy\n\nx = 1\n", "re.compile", "import re\n\nimport numpy\n\nx = 1\n"),
        ("import os\n\nx = 1\n", "np.array(x)", "import os\n\nimport numpy as np\n\nx = 1\n"),
        ("import os\nfrom a import b\n", "re.compile", "import os\nimport re\nfrom a import b\n"),
        ("from . import a\n", "re.compile", "import re\n\nfrom . import a\n"),
        # A name goes into the statement of its module, if that is on one line.
        (
            "from collections import Counter\n",
            "defaultdict(list)",
            "from collections import Counter, defaultdict\n",
        ),
        (
            "from collections import (\n    Counter,\n)\n",
            "deque()",
            "from collections import (\n    Counter,\n)\nfrom collections import deque\n",
        ),
        # What the code brings with it, also in several lines, and under other names.
        ("x = 1\n", "import json\njson.dumps(1)", "import json\n\nx = 1\n"),
        ("x = 1\n", "from a import (\n    b,\n    c,\n)\nb(c)", "from a import b, c\n\nx = 1\n"),
        ("x = 1\n", "import a.b as c, d\nc(d)", "import a.b as c\nimport d\n\nx = 1\n"),
        # Which of two things a name is, what follows it tells.
        ("x = 1\n", "datetime.now()", "from datetime import datetime\n\nx = 1\n"),
        ("x = 1\n", "datetime.date(1, 1, 1)", "import datetime\n\nx = 1\n"),
        # In an f-string it is code.
        ("x = 1\n", 'f"{json.dumps(x)}"', "import json\n\nx = 1\n"),
    ],
)
def test_python(text: str, code: str, after: str | None) -> None:
    wanted = "# -*- coding: utf-8 -*-\n\nimport os\n\nx = 1\n" if after is None else after
    check_imports(text, code, wanted, "python")


@pytest.mark.parametrize(
    ("language", "text", "code", "after"),
    [
        # Go: the package clause, one statement, brackets, and groups in them.
        ("go", "package a\n", 'fmt.Println("a")', 'package a\n\nimport "fmt"\n'),
        (
            "go",
            "// Package a does it.\npackage a\n\nfunc f() {}\n",
            'fmt.Println(os.Args, strings.ToUpper("a"))',
            (
                "// Package a does it.\npackage a\n\n"
                'import (\n\t"fmt"\n\t"os"\n\t"strings"\n)\n\nfunc f() {}\n'
            ),
        ),
        (
            "go",
            'package a\n\nimport "os"\n',
            "fmt.Println(os.Args)",
            'package a\n\nimport (\n\t"fmt"\n\t"os"\n)\n',
        ),
        (
            "go",
            'package a\n\nimport (\n\t"os"\n\n\t"github.com/a/b"\n)\n',
            "b.F(json.Marshal(os.Args))",
            'package a\n\nimport (\n\t"encoding/json"\n\t"os"\n\n\t"github.com/a/b"\n)\n',
        ),
        ("go", "package a\n", "rand.Intn(3)", 'package a\n\nimport "math/rand"\n'),
        ("go", 'package a\n\nimport j "encoding/json"\n', "j.Marshal(1)", None),
        # Rust: attributes and docs of the file, and names in braces.
        ("rust", "fn f() {}\n", "HashMap::new()", "use std::collections::HashMap;\n\nfn f() {}\n"),
        (
            "rust",
            "#![allow(unused)]\n//! Doc.\n\nuse std::fs;\n",
            "let m: HashMap<Rc<str>, PathBuf>;",
            (
                "#![allow(unused)]\n//! Doc.\n\n"
                "use std::collections::HashMap;\nuse std::fs;\n"
                "use std::path::PathBuf;\nuse std::rc::Rc;\n"
            ),
        ),
        ("rust", "use std::collections::{BTreeMap, HashMap};\n", "HashMap::new()", None),
        ("rust", "use std::collections::*;\n", "HashMap::new()", None),
        ("rust", "", "std::collections::HashMap::new()", None),
        ("rust", "struct Path;\n", "Path::new()", None),
        # Java: the package clause, and all names of a package.
        (
            "java",
            "package a;\n\nclass A {}\n",
            "List<String> x = new ArrayList<>();",
            "package a;\n\nimport java.util.ArrayList;\nimport java.util.List;\n\nclass A {}\n",
        ),
        ("java", "import java.util.*;\n\nclass A {}\n", "List<String> x;", None),
        (
            "java",
            "import static java.lang.Math.max;\n",
            "List<String> x;",
            "import java.util.List;\n\nimport static java.lang.Math.max;\n",
        ),
        # TypeScript and JavaScript: quotes, semicolons, and the way to name Node's own modules.
        (
            "typescript",
            "import { a } from './a'\n",
            "path.join(a)",
            "import * as path from 'node:path'\n\nimport { a } from './a'\n",
        ),
        (
            "typescript",
            'import fs from "fs";\n',
            "fs.readFileSync(path.join(a))",
            'import fs from "fs";\nimport * as path from "path";\n',
        ),
        (
            "typescript",
            'import { useState } from "react";\n',
            "useEffect(() => {}, []);",
            'import { useState, useEffect } from "react";\n',
        ),
        (
            "typescript",
            "x();\n",
            'import type { A } from "./a";\nimport b, { c as d } from "./b";\nlet x: A = b(d);',
            'import { type A } from "./a";\nimport b, { c as d } from "./b";\n\nx();\n',
        ),
        (
            "javascript",
            "#!/usr/bin/env node\n'use strict'\n\nlet x\n",
            "fs.readFileSync(x)",
            "#!/usr/bin/env node\n'use strict'\n\nimport * as fs from 'node:fs'\n\nlet x\n",
        ),
        (
            "javascript",
            "const os = require('os')\n",
            "const { join } = require('path')\njoin(os.tmpdir())",
            "const os = require('os')\nconst { join } = require('path')\n",
        ),
        ("javascript", "function f(path) {\n}\n", "path.join(a)", None),
        # A statement that is not finished.
        (
            "typescript",
            "import a\n",
            "fs.readFileSync(a);",
            'import * as fs from "node:fs"\n\nimport a\n',
        ),
    ],
)
def test_other_languages(language: str, text: str, code: str, after: str | None) -> None:
    check_imports(text, code, text if after is None else after, language)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # The name is something else here.
        ("def f(json):\n    pass\n", "json.dumps(1)"),
        ("json = load()\n", "json.dumps(1)"),
        ("json: Any = load()\n", "json.dumps(1)"),
        ("for json in x:\n    pass\n", "json.dumps(1)"),
        ("for a, json in x:\n    pass\n", "json.dumps(1)"),
        ("a, json = x\n", "json.dumps(1)"),
        ("with x as json:\n    pass\n", "json.dumps(1)"),
        ("", "json = 1\njson.dumps(1)"),
        ("", "lambda json: json.dumps(1)"),
        ("import simplejson as json\n", "json.dumps(1)"),
        ("from a import json\n", "json.dumps(1)"),
        ("class Path:\n    pass\n", "Path('a')"),
        # It is imported, if only where it is used.
        ("def f():\n    import json\n", "json.dumps(1)"),
        ("try:\n    import json\nexcept ImportError:\n    pass\n", "json.dumps(1)"),
        ("from pathlib import *\n", "Path('a')"),
        # It is a part of something else.
        ("", "self.json.dumps(1)"),
        ("", "x = dict(json=1)"),
        ("", "# json.dumps(1)"),
        ("", "'json.dumps(1)'"),
        # Nobody knows it.
        ("", "frobnicate.all()"),
    ],
)
def test_a_name_that_may_be_something_else_is_left_alone(text: str, code: str) -> None:
    assert missing_imports(code, text, language_of("python")) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # Remarks about it, and arguments called like it, bind nothing.
        ("# json = 1\n", "json.dumps(1)"),
        ('"""json = 1"""\n', "json.dumps(1)"),
        ("x = 'def json'\n", "json.dumps(1)"),
        ("post(url, json=1)\n", "json.dumps(1)"),
        ("jsonify = 1\n", "json.dumps(1)"),
        ("self.json = 1\n", "json.dumps(1)"),
    ],
)
def test_a_name_that_is_only_mentioned_is_imported(text: str, code: str) -> None:
    assert missing_imports(code, text, language_of("python")) == (Import("json"),)


@pytest.mark.parametrize(
    ("language", "code", "is_so"),
    [
        ("python", "import a\nfrom b import (\n    c,\n)\n# d\n", True),
        ("python", "import a\n\na()", False),
        ("python", "# a", False),
        ("go", 'import (\n\t"fmt"\n)', True),
        ("sql", "select 1", False),
    ],
)
def test_imports_alone_are_told_from_code(language: str, code: str, is_so: bool) -> None:
    assert is_imports_only(code, language_of(language)) is is_so


@pytest.mark.parametrize("language", ["sql", "shellscript", "plaintext"])
def test_a_language_without_a_rule_has_no_imports(language: str) -> None:
    known = language_of(language)

    assert missing_imports("json.dumps(1)", "", known) == ()
    assert import_edits([Import("json")], "", known) == ()
    assert lifted("import json", known) == ((), "import json")


LINES = st.sampled_from(
    [
        *(
            "import os",
            "import sys",
            "from a import b",
            "",
            "x = 1",
            '"""Doc."""',
            "# c",
            "def f():",
        ),
        *(
            "from __future__ import annotations",
            "    import re",
            "try:",
            "import numpy as np",
            "#!x",
        ),
    ]
)
WANTED = st.sampled_from(
    [Import("json"), Import("os"), Import("a", "c"), Import("numpy", "", "np"), Import(".", "z")]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=10).map("\n".join), st.lists(WANTED, max_size=4))
def test_imports_are_there_once_and_all_lines_stay(text: str, wanted: list[Import]) -> None:
    known = language_of("python")
    result = apply(text, import_edits(wanted, text, known))

    assert import_edits(wanted, result, known) == ()
    left = result.split("\n")
    for line in text.split("\n"):
        if line.startswith("from a import"):
            assert any(each.startswith("from a import b") for each in left)
        else:
            assert line in left


@pytest.mark.parametrize(
    ("text", "code", "after"),
    [
        # At the top, and below what makes a header be read once.
        (
            "int main(void) { return 0; }\n",
            "#include <stdio.h>\nputs(a);",
            "#include <stdio.h>\n\nint main(void) { return 0; }\n",
        ),
        (
            "#ifndef A_H\n#define A_H\n\nint a;\n#endif\n",
            "#include <stdio.h>\nint b;",
            "#ifndef A_H\n#define A_H\n\n#include <stdio.h>\n\nint a;\n#endif\n",
        ),
        # Sorted among those of its kind, and not twice.
        (
            '#include <stdio.h>\n#include <string.h>\n\n#include "a.h"\n\nint a;\n',
            '#include <stdlib.h>\n#include "a.h"\nint b;',
            (
                "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
                '\n#include "a.h"\n\nint a;\n'
            ),
        ),
        # What is defined stays with the code.
        ("int a;\n", "#define SIZE 3\nint b[SIZE];", "int a;\n"),
    ],
)
def test_headers_go_to_the_top(text: str, code: str, after: str) -> None:
    check_imports(text, code, after, "c")
