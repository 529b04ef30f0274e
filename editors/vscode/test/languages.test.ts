import assert from "node:assert/strict";
import test from "node:test";
import { isOn, type Languages, toggled } from "../src/languages";

const ROWS: readonly (readonly [
  why: string,
  before: Languages,
  language: string,
  isOff: boolean,
  after: Languages,
])[] = [
  [
    "code is completed unless it is disabled",
    { disabled: [], enabled: [] },
    "python",
    false,
    { disabled: ["python"], enabled: [] },
  ],
  [
    "what was disabled is so no longer",
    { disabled: ["c", "python"], enabled: [] },
    "python",
    false,
    { disabled: ["c"], enabled: [] },
  ],
  [
    "prose is off without being disabled, and has to be named",
    { disabled: [], enabled: [] },
    "markdown",
    true,
    { disabled: [], enabled: ["markdown"] },
  ],
  [
    "prose that was enabled is disabled, and not enabled any longer",
    { disabled: [], enabled: ["markdown"] },
    "markdown",
    false,
    { disabled: ["markdown"], enabled: [] },
  ],
];

for (const [why, before, language, isOff, after] of ROWS) {
  test(`turning a language: ${why}`, () => {
    assert.deepEqual(toggled(before, language, isOff), after);
    assert.notEqual(isOn(after, language, false), isOn(before, language, isOff));
  });
}
