/** A morning with the extension, as its user sees it, from a profile that nobody has used. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { FakeOllama } from "../fake_ollama.ts";
import { named } from "./environment.ts";
import { Window } from "./window.ts";
import { Workbench } from "./workbench.ts";

const MODELS = ["--model", "codellama:7b-code", "--model", "codellama:7b-instruct"];

const TEXT = `"""What a shop sells, and for how much."""

from dataclasses import dataclass


@dataclass
class Item:
    net: float
    rate: float

    def price(self) -> float:
        █


# the price of several items together
`;
const MIDDLE = "self.net * (1 + self.rate)";
const CODE = `def total(items: list[Item]) -> float:
    return sum(item.price() for item in items)
`;
const EXPLANATION = `**\`Item\`** is a thing that is sold.

- \`net\` is its price before tax, and \`rate\` the rate of the tax: 0.19 for 19 %.
- \`price()\` is what a customer pays: the net price and the tax on it.
`;

const folder = join(homedir(), "shop");
const file = join(folder, "shop.py");
const withBody = TEXT.replace("█", `return ${MIDDLE}`);
const withCode = `${withBody}${CODE}`;

let ollama: FakeOllama;
let workbench: Workbench;
let window: Window;

before(async () => {
  mkdirSync(folder);
  writeFileSync(file, TEXT.replace("█", ""));
  ollama = await FakeOllama.start(...MODELS);
  workbench = await Workbench.start({
    settings: { "fimls.host": ollama.url },
    vsix: named("EDITOR_TEST_VSIX"),
  });
  window = new Window(await workbench.open({ folder, file, size: { width: 800, height: 400 } }));
});

afterEach((t) => window.seen(t));

after(async () => {
  await workbench?.close();
  await ollama?.stop();
});

test("the status bar says which model runs, and where", async () => {
  await window.status(/^fimls: codellama:7b-code – ollama on this machine$/);
  // The rest is about the text, and has the whole window.
  await window.run("View: Toggle Primary Side Bar Visibility");
});

test("ghost text is shown while the user types", async () => {
  await window.goTo(12, 9);
  await window.page.keyboard.type("return", { delay: 60 });
  await ollama.answer(`${MIDDLE} <EOT>`);
  await window.page.keyboard.type(" ");
  assert.equal(await window.ghost(), MIDDLE);
});

test("a word of it is accepted, and then the rest", async () => {
  await window.page.keyboard.press("Control+ArrowRight");
  assert.equal(await window.ghost(), MIDDLE.replace("self", ""));
  await window.page.keyboard.press("Tab");
  await window.saved(file, withBody);
});

test("the lightbulb turns a comment into code", async () => {
  await ollama.answer(`\`\`\`python\n${CODE}\`\`\`\n`);
  await window.goTo(15, 8);
  const rows = await window.actions();
  const generate = rows.filter({ hasText: "Turn comment into code" });
  await generate.waitFor();
  await window.picture("vscode-actions");
  await generate.click();
  await window.saved(file, withCode);
  await window.picture("vscode-comment-to-code");
});

test("a selection is explained beside the code", async () => {
  await ollama.answer(EXPLANATION);
  await window.run("Notifications: Clear All Notifications");
  await window.goTo(7, 1);
  await window.page.keyboard.press("Shift+ArrowDown");
  await window.page.keyboard.press("Shift+ArrowDown");
  const rows = await window.actions();
  await rows.filter({ hasText: "Explain selection" }).click();
  await window.preview("is a thing that is sold");
  await window.picture("vscode-explain");
});

test("when Ollama ends, the status says so and what to do", async () => {
  await ollama.stop();
  await window.run("View: Focus First Editor Group");
  await window.page.keyboard.press("Control+End");
  await window.page.keyboard.type("print(");
  await window.run("Trigger Inline Suggestion");
  const said = await window.status(/nothing answers/i);
  assert.match(said, /ollama serve/);
  await window.pointAtStatus(/ollama serve/);
});

test("the first completion appears by itself when its model is loaded, 20 s later", async () => {
  const { port } = new URL(ollama.url);
  const slow = ["--port", port, "--load-s", "20", "--answer", "total([]) <EOT>"];
  ollama = await FakeOllama.start(...MODELS, ...slow);
  await window.run("Trigger Inline Suggestion");
  await window.status(/loading|starting/i);
  assert.equal(await window.ghost(60_000), "total([])");
});
