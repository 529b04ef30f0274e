import assert from "node:assert/strict";
import test from "node:test";
import { findPython, isNewEnough, pythons } from "../src/python";

const OUTPUTS: readonly (readonly [why: string, output: string, isEnough: boolean])[] = [
  ["the oldest that will do", "fimls 3 11\n", true],
  ["two figures", "fimls 3 14\r\n", true],
  ["too old", "fimls 3 9\n", false],
  ["another major version", "fimls 4 11\n", false],
  ["what a site's startup prints does not matter", "welcome\nfimls 3 12\n", true],
  ["the shop's stand-in on Windows", "Python was not found; run without arguments to …", false],
  ["no such program", "spawn python3 ENOENT", false],
];

for (const [why, output, isEnough] of OUTPUTS) {
  test(`a Python that is new enough: ${why}`, () => assert.equal(isNewEnough(output), isEnough));
}

test("the selected interpreter is tried first, and an old one is passed over", async () => {
  const tried = pythons(["/env/bin/python", undefined], "linux");
  assert.deepEqual(tried.slice(0, 2), [["/env/bin/python"], ["python3"]]);
  const versions: Record<string, string> = { "/env/bin/python": "3 9", "python3.12": "3 12" };
  const probe = async ([program]: readonly [string, ...string[]]) =>
    `fimls ${versions[program] ?? ""}`;
  assert.deepEqual(await findPython(tried, probe), ["python3.12"]);
});

test("Windows has a launcher", () => {
  assert.deepEqual(pythons([], "win32")[0], ["py", "-3"]);
});
