import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { closure, required } from "../scripts/lock.mjs";

const LOCK = `anyio==4.16.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via httpx
httpx==0.28.1 ; python_version >= '3.11' \\
    --hash=sha256:cc
    # via ollama, fimls (pyproject.toml)
idna==3.20 \\
    --hash=sha256:dd
    # via anyio, httpx
pytest==9.0.0 \\
    --hash=sha256:ee
    # via fimls (pyproject.toml:dev)
`;

test("what is needed is taken with its hashes, and what only tests need is not", () => {
  const needed = closure(LOCK, ["httpx"]);
  assert.deepEqual([...needed.keys()], ["anyio", "httpx", "idna"]);
  assert.equal(
    [...needed.values()][0],
    "anyio==4.16.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n",
  );
});

test("requirements come from the wheel's metadata", () => {
  const metadata = [
    "Name: fimls",
    "Requires-Dist: httpx>=0.28",
    "Requires-Dist: Tree_Sitter>=0.25",
    "Requires-Dist: xllamacpp>=2026.10; (platform_machine != 'ARM64') and extra == 'embedded'",
    "",
  ].join("\n");
  assert.deepEqual(required(metadata), {
    always: ["httpx", "tree-sitter"],
    embedded: ["xllamacpp"],
  });
});

test("the repository's lock is understood", () => {
  const needed = closure(readFileSync("../../constraints.txt", "utf8"), ["pygls", "httpx"]);
  for (const [name, lines] of needed) {
    assert.match(lines, /--hash=sha256:/, name);
  }
  assert.ok(needed.has("lsprotocol"));
  assert.ok(!needed.has("pytest"));
});
