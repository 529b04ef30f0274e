/** The steps of the README, on a machine that has Python and nothing else: with the real model. */
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { named } from "./environment.ts";
import { Window } from "./window.ts";
import { Workbench } from "./workbench.ts";

const folder = join(homedir(), "shapes");
const file = join(folder, "areas.py");

const written = `"""The areas of shapes."""


def square(side: float) -> float:
    return side * side


`;
const typed = "def rectangle(width: float, height: float) -> float:\nreturn ";

let workbench: Workbench;
let window: Window;

before(async () => {
  mkdirSync(folder);
  writeFileSync(file, written);
  workbench = await Workbench.start({ vsix: named("EDITOR_TEST_VSIX") });
  window = new Window(await workbench.open({ folder, file, size: { width: 800, height: 400 } }));
});

afterEach((t) => window.seen(t));

after(() => workbench?.close());

test("1. the extension installs its server", async () => {
  await window.press("Install");
  await window.status(/smollm2/, 180_000);
});

test("2. the status bar offers the small model, and fetches it", async () => {
  await window.fix(/small model|smollm2|embedded/i);
  await window.status(/smollm2-135m – embedded on this machine/, 180_000);
});

test("3. a completion is shown and accepted", async () => {
  await window.run("View: Toggle Primary Side Bar Visibility");
  await window.run("Notifications: Clear All Notifications");
  await window.page.locator(".monaco-editor").first().click();
  await window.page.keyboard.press("Control+End");
  await window.page.keyboard.type(typed, { delay: 60 });
  const shown = await window.ghost();
  await window.picture("vscode-ghost-text");
  await window.page.keyboard.press("Tab");
  await window.saved(file, `${written}${typed.replace("\n", "\n    ")}${shown}`);
});

test("4. an action says why it does nothing, and what to do", async () => {
  await window.goTo(4, 6);
  await window.run("fimls: Explain Selection");
  await window.told(/too small for actions.*ollama pull/i);
});
