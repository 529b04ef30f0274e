/** Typing fast while completions arrive: nothing is lost, nothing doubled, and it costs little. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { configure, draw, ollama, take } from "./desk.ts";
import { tell } from "./report.ts";

/** A fast typist, who waits a moment at the end of a line for what may be offered. */
const LINE = "    price = ";
const LINES = 25;
const KEYS = LINES * LINE.length;
const EVERY_MS = 60;
const PATIENCE_MS = 2000;

/** The time of a processor that the extension host may take for a key, for everything in it. */
const MOST_MS = 5;

const SAID = "net + vat";

/** What VS Code itself would add to what is typed. */
const ADDITIONS = { autoClosingBrackets: "never", autoIndent: "none" };

/** The text that an editor must have by now, with the cursor at `offset`. */
class Expected {
  text: string;
  offset: number;

  constructor({ document, selection }: vscode.TextEditor) {
    this.text = document.getText();
    this.offset = document.offsetAt(selection.active);
  }

  insert(words: string): void {
    this.text = this.text.slice(0, this.offset) + words + this.text.slice(this.offset);
    this.offset += words.length;
  }
}

async function type(letter: string, expected: Expected): Promise<void> {
  await vscode.commands.executeCommand("type", { text: letter });
  expected.insert(letter);
}

/** Accepts what is offered within a moment; whether anything was. */
async function accept({ document }: vscode.TextEditor, expected: Expected): Promise<boolean> {
  const { length } = document.getText();
  const end = performance.now() + PATIENCE_MS;
  while (document.getText().length === length && performance.now() < end) {
    await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
    await setTimeout(EVERY_MS);
  }
  const count = document.getText().length - length;
  const words = document.getText().slice(expected.offset, expected.offset + count);
  assert.ok(SAID.includes(words), `${words} was accepted, which nobody has said`);
  expected.insert(words);
  return count > 0;
}

/** The processor's time that this thread, in which all extensions run, has taken so far. */
function spentMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

describe("typing", () => {
  const editing = vscode.workspace.getConfiguration("editor");

  async function adds(values: Partial<typeof ADDITIONS>): Promise<void> {
    for (const key of Object.keys(ADDITIONS) as (keyof typeof ADDITIONS)[]) {
      await editing.update(key, values[key], vscode.ConfigurationTarget.Global);
    }
  }

  before(async () => {
    await adds(ADDITIONS);
    // As many completions as can be, between one key and the next.
    await configure("completion.debounceMs", 0);
  });
  after(async () => {
    await adds({});
    await configure("completion.debounceMs", undefined);
  });

  it(`of ${KEYS} keys gives what was typed and accepted, and costs little`, async () => {
    await ollama.answer(`${SAID} <EOT>`);
    const editor = await draw("def bill(prices, rates):\n█\n    return total\n");
    const expected = new Expected(editor);
    let accepted = 0;
    let costMs = 0;
    for (let line = 0; line < LINES; line += 1) {
      const before = spentMs();
      for (const letter of LINE) {
        await type(letter, expected);
        await setTimeout(EVERY_MS);
      }
      costMs += (spentMs() - before) / KEYS;
      const isAccepted = await accept(editor, expected);
      accepted += Number(isAccepted);
      await type(isAccepted ? "\n" : "0\n", expected);
    }

    assert.equal(editor.document.getText(), expected.text);
    await editor.document.save();
    assert.equal(readFileSync(editor.document.uri.fsPath, "utf8"), expected.text);
    assert.ok(accepted > LINES / 2, `only ${accepted} completions came for ${LINES} lines`);
    assert.ok(costMs < MOST_MS, `${costMs} ms for a key`);
    tell(`      ${accepted} completions accepted, ${costMs.toFixed(2)} ms for a key`);
  }).slow(2 * KEYS * EVERY_MS);

  it("leaves the server with the same text", async () => {
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    const { start } = editor.document.lineAt(editor.selection.active.line).range;
    await take(editor);
    const above = editor.document.getText(new vscode.Range(new vscode.Position(0, 0), start));
    const prompt = (await ollama.seen()).requests.findLast((each) => each.prompt)?.prompt ?? "";
    assert.ok(prompt.includes(above), prompt);
  });
});
