import assert from "node:assert/strict";
import test from "node:test";
import manifest from "../package.json";
import { entries } from "../src/menu";
import { NO_SERVER, STARTING } from "../src/status";

const RUNNING = {
  status: { ...STARTING, model: "codellama:7b-code" },
  isRunning: true,
  language: "python",
  isLanguageOn: true,
};

const commandsOf = (situation: Parameters<typeof entries>[0]) =>
  entries(situation).map((entry) => entry.command);

test("what is to be done stands first", () => {
  const [first] = entries({ ...RUNNING, status: NO_SERVER, isRunning: false });
  assert.equal(first?.label, "$(wrench) Install the server");
  assert.equal(first?.command, "fimls.installServer");
});

test("without a server the menu has nothing that needs one", () => {
  const offered = commandsOf({ ...RUNNING, isRunning: false });
  assert.deepEqual(offered.slice(0, 2), ["fimls.showLogs", "fimls.restart"]);
});

test("a language is turned the other way than it is", () => {
  const labels = (isLanguageOn: boolean) =>
    entries({ ...RUNNING, isLanguageOn }).map((entry) => entry.label);
  assert.ok(labels(true).includes("$(code) Turn completions off for python"));
  assert.ok(labels(false).includes("$(code) Turn completions on for python"));
  assert.ok(!commandsOf({ ...RUNNING, language: undefined }).includes("fimls.toggleLanguage"));
});

test("all commands of our own are declared", () => {
  const declared = manifest.contributes.commands.map(({ command }) => command);
  const own = commandsOf(RUNNING).filter((command) => command.startsWith("fimls."));
  assert.deepEqual(
    own.filter((command) => !declared.includes(command)),
    [],
  );
});
