import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import manifest from "../package.json";
import texts from "../package.nls.json";

const REPOSITORY = path.resolve("../..");

/** Code lines that the extension may have, tests and comments aside. */
const MOST_LINES = 1500;

test("the extension has the version of the server that it carries", () => {
  const source = readFileSync(path.join(REPOSITORY, "fimls", "__init__.py"), "utf8");
  assert.equal(manifest.version, /__version__ = "(.+)"/.exec(source)?.[1]);
});

test("`fimls doctor` finds it by its name", () => {
  assert.equal(`${manifest.publisher}.${manifest.name}`, "fimls.fimls");
});

test("the settings are those of the server", () => {
  execFileSync(process.execPath, ["scripts/settings.mjs", "--check"], { stdio: "inherit" });
});

test("no setting has a default, and what decides where code goes is the machine's", () => {
  const properties: Record<string, { scope: string }> =
    manifest.contributes.configuration.properties;
  for (const [key, property] of Object.entries(properties)) {
    assert.ok(!("default" in property), key);
  }
  const machine = Object.keys(properties).filter((key) => properties[key]?.scope === "machine");
  assert.deepEqual(machine, manifest.capabilities.untrustedWorkspaces.restrictedConfigurations);
  for (const key of ["path", "interpreter", "backend", "host", "headers", "allowRemote"]) {
    assert.ok(machine.includes(`fimls.${key}`), key);
  }
});

test("each text is there and used", () => {
  const used = JSON.stringify(manifest).match(/(?<=%)[\w.]+(?=%)/g) ?? [];
  assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
});

test("the walkthrough has no command that only a server has", () => {
  const linked = JSON.stringify(texts).match(/(?<=command:)fimls\.\w+/g) ?? [];
  const ofServer = manifest.contributes.menus.commandPalette.map(({ command }) => command);
  const own = manifest.contributes.commands.map(({ command }) => command);
  for (const name of linked) {
    assert.ok(own.includes(name) && !ofServer.includes(name), name);
  }
});

test("what the manifest names is there", () => {
  const media = manifest.contributes.walkthroughs.flatMap(({ steps }) =>
    steps.map((step) => step.media.markdown),
  );
  for (const file of [manifest.icon, ...media]) {
    assert.ok(existsSync(file), file);
  }
});

test("the extension stays small", () => {
  const files = readdirSync("src").filter((name) => name.endsWith(".ts"));
  const lines = files.flatMap((name) => readFileSync(path.join("src", name), "utf8").split("\n"));
  const code = lines.filter((line) => line.trim() && !/^\s*(\/\/|\/\*|\*)/.test(line));
  assert.ok(code.length <= MOST_LINES, `${code.length} code lines`);
});
