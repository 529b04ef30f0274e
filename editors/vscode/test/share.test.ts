import assert from "node:assert/strict";
import test from "node:test";
import { isLong, titleOf } from "../src/action_names";
import { wordsFor } from "../src/model_list";
import { Share } from "../src/share";

test("a notification is told the growth, and it never goes back", () => {
  const share = new Share();
  const steps = [{ percentage: 0 }, { percentage: 30 }, { percentage: 20 }, { percentage: 100 }];
  const told = steps.map((step) => share.of({ kind: "report", ...step }).increment);
  assert.deepEqual(told, [0, 30, 0, 70]);
});

test("the server's own words are shown, else the share", () => {
  const share = new Share();
  assert.equal(share.of({ kind: "report", message: "12 lines" }).message, "12 lines");
  assert.equal(share.of({ kind: "report", percentage: 5 }).message, "5 %");
  assert.deepEqual(share.of({ kind: "end" }), {});
});

test("what takes its time says what it is doing", () => {
  assert.equal(titleOf("fimls.generate", [{}]), "fimls: Turning the comment into code");
  assert.equal(titleOf("fimls.pull", ["codellama:7b-code"]), "fimls: Fetching codellama:7b-code");
  assert.equal(titleOf("fimls.pull", []), "fimls: Fetching the embedded model");
  assert.equal(isLong("fimls.accepted"), false);
});

test("a model in a list", () => {
  const model = {
    name: "codellama:7b-code",
    backend: "ollama",
    size_bytes: 3_825_910_662,
    fills: "yes",
    family: "codellama",
    loaded: true,
    path: null,
  };
  assert.deepEqual(wordsFor(model), {
    label: "codellama:7b-code",
    description: "ollama · 3.8 GB · loaded",
    detail: "Fills in the middle: yes (codellama)",
  });
  const unknown = wordsFor({ ...model, size_bytes: null, loaded: false, family: "", fills: "no" });
  assert.equal(`${unknown.description} ${unknown.detail}`, "ollama Fills in the middle: no");
});
