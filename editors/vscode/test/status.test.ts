import assert from "node:assert/strict";
import test from "node:test";
import {
  face,
  NO_SERVER,
  notThere,
  STARTING,
  STOPPED,
  type Status,
  shortened,
} from "../src/status";

const READY: Status = {
  ...STARTING,
  state: "ready",
  backend: "ollama",
  model: "codellama:7b-code",
  host: "http://127.0.0.1:11434",
};

const FACES: readonly (readonly [why: string, status: Status, words: string, icon: string])[] = [
  [
    "the model, and where the code goes",
    READY,
    "codellama:7b-code | ollama on this machine",
    "sparkle",
  ],
  [
    "another machine is named and has its own icon",
    { ...READY, local: false, host: "http://gpu:11434" },
    "codellama:7b-code | ollama on http://gpu:11434",
    "globe",
  ],
  [
    "while a request is under way the words stay",
    { ...READY, state: "busy" },
    "codellama:7b-code | ollama on this machine",
    "loading~spin",
  ],
  [
    "what is the matter, and what to do",
    { ...READY, state: "offline", message: "nothing answers", fix: "start it with `ollama serve`" },
    "Nothing answers | Start it with `ollama serve`",
    "warning",
  ],
  [
    "an address at the beginning stays as it is",
    { ...READY, state: "error", message: "http://gpu did not answer", fix: "restart it" },
    "http://gpu did not answer | Restart it",
    "error",
  ],
  [
    "so does the name of a model",
    { ...READY, state: "error", message: "codellama:7b-code is not here", fix: null },
    "codellama:7b-code is not here | ",
    "error",
  ],
  ["nothing is said yet", STARTING, "Starting | ", "loading~spin"],
  [
    "no server",
    NO_SERVER,
    "No fimls server was found | Install it, or set fimls.path to where it is",
    "warning",
  ],
];

for (const [why, status, words, icon] of FACES) {
  test(`the status as it is shown: ${why}`, () => {
    const shown = face(status);
    assert.equal(`${shown.text} | ${shown.detail}`, words);
    assert.equal(shown.icon, icon);
    assert.equal(shown.isBusy, icon === "loading~spin");
  });
}

test("what the extension itself has to say comes with a command that helps", () => {
  for (const status of [NO_SERVER, notThere("/opt/fimls"), STOPPED]) {
    assert.ok(status.command);
  }
  assert.match(face(notThere("/opt/fimls")).text, /\/opt\/fimls/);
});

test("a long text is cut where a button stands beside it", () => {
  assert.equal(shortened("Off"), "Off");
  assert.equal(shortened("x".repeat(99)).length, 40);
});
