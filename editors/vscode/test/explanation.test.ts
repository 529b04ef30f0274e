import assert from "node:assert/strict";
import test from "node:test";
import { type Explanation, markdownOf } from "../src/explanation";

const NOTHING: Explanation = {
  text: "",
  skip: "the line holds a secret",
  backend: null,
  model: null,
  mode: null,
  stages_ms: {},
  prompt: null,
  raw: null,
  context: [],
  filters: [],
};

test("the reason stands first, and what there is not is left out", () => {
  assert.equal(markdownOf(NOTHING), "## Nothing was shown\n\nBecause the line holds a secret.\n");
});

test("what the editor itself hides is told", () => {
  assert.match(markdownOf(NOTHING, ["The editor shows none."]), /secret\.\n\nThe editor shows/);
});

test("a completion with all that led to it", () => {
  const text = markdownOf({
    ...NOTHING,
    text: "a + b",
    skip: null,
    backend: "ollama",
    model: "codellama:7b-code",
    mode: "psm",
    stages_ms: { prompt: 0.52, model: 180 },
    prompt: "<PRE> def add(a, b): return <SUF> <MID>",
    raw: "a + b\n\n",
    context: [{ path: "src/app.py", kind: "map", tokens: 120 }],
    filters: [
      { name: "blanks", before: "a + b\n\n", after: "a + b", reason: "" },
      { name: "echo", before: "a + b", after: "a + b", reason: "" },
    ],
  });
  for (const part of [
    "## A completion was shown\n\n```\na + b\n```",
    "Model: `codellama:7b-code` on ollama, mode `psm`",
    "- `blanks`: changed the text",
    "- `src/app.py` (map, 120 tokens)",
    "- model: 180.0 ms",
    "<PRE> def add",
  ]) {
    assert.ok(text.includes(part), part);
  }
  assert.ok(!text.includes("echo"), "a filter that has left the text as it was is not told of");
});

test("a text with fences stays within its own", () => {
  const text = markdownOf({ ...NOTHING, skip: null, text: "```python\nx\n```" });
  assert.ok(text.includes("````\n```python\nx\n```\n````"));
});
