import assert from "node:assert/strict";
import test from "node:test";
import manifest from "../package.json";
import { isRestarting, type Made, setBy } from "../src/settings";

const DECLARED = manifest.contributes.configuration.properties;

interface Row {
  readonly why: string;
  readonly made: Record<string, Made>;
  readonly forStart: Record<string, unknown>;
  readonly forAsking: Record<string, unknown>;
}

const ROWS: readonly Row[] = [
  {
    why: "nothing that VS Code makes up is sent",
    made: { "fimls.enabled": { defaultValue: false } as Made },
    forStart: {},
    forAsking: {},
  },
  {
    why: "what decides where code goes is sent when the server starts, and at no other time",
    made: {
      "fimls.host": { globalValue: "http://gpu:11434" },
      "fimls.model": { globalValue: "starcoder2:3b" },
    },
    forStart: { host: "http://gpu:11434" },
    forAsking: { model: "starcoder2:3b" },
  },
  {
    why: "the extension's own settings are nothing to the server",
    made: { "fimls.path": { globalValue: "/opt/fimls" } },
    forStart: {},
    forAsking: {},
  },
  {
    why: "a workspace counts before the user",
    made: { "fimls.completion.maxTokens": { globalValue: 64, workspaceValue: 32 } },
    forStart: {},
    forAsking: { "completion.maxTokens": 32 },
  },
  {
    why: "the settings editor leaves null and the empty text behind",
    made: { "fimls.enabled": { globalValue: null }, "fimls.host": { globalValue: "" } },
    forStart: {},
    forAsking: {},
  },
  {
    why: "false and 0 are values",
    made: {
      "fimls.context.repoMap": { globalValue: false },
      "fimls.completion.debounceMs": { globalValue: 0 },
    },
    forStart: {},
    forAsking: { "context.repoMap": false, "completion.debounceMs": 0 },
  },
];

for (const { why, made, forStart, forAsking } of ROWS) {
  test(`settings that are sent: ${why}`, () => {
    const inspect = (key: string) => made[key];
    assert.deepEqual(setBy(DECLARED, "machine", inspect), forStart);
    assert.deepEqual(setBy(DECLARED, "window", inspect), forAsking);
  });
}

test("the server is started anew for what it takes only when it starts", () => {
  assert.equal(
    isRestarting(DECLARED, (key) => key === "fimls.host"),
    true,
  );
  assert.equal(
    isRestarting(DECLARED, (key) => key === "fimls.path"),
    true,
  );
  assert.equal(
    isRestarting(DECLARED, (key) => key === "fimls.model"),
    false,
  );
});
