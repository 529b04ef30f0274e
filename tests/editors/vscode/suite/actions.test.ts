/** Actions on code: what is offered where, and what they do to the document. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "../../fake_ollama.ts";
import { draw, ollama } from "./desk.ts";

const COMMENT = "# a function that █doubles a value\n";

async function offered(editor: vscode.TextEditor): Promise<vscode.CodeAction[]> {
  const { document, selection } = editor;
  return vscode.commands.executeCommand(
    "vscode.executeCodeActionProvider",
    document.uri,
    selection,
  );
}

describe("an action", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  for (const [what, picture, titles] of [
    ["a comment", COMMENT, ["Turn comment into code"]],
    ["a function", "def double(value):\n    return val█ue * 2\n", ["Explain selection"]],
  ] as const) {
    it(`is offered in ${what}`, async () => {
      const editor = await draw(picture);
      const found = await offered(editor);
      const ours = found.map(({ title }) => title);
      for (const title of titles) assert.ok(ours.includes(title), `${title}: ${ours}`);
    });
  }

  it("turns a comment into code, and is undone in one step", async () => {
    await ollama.answer("```python\ndef double(value):\n    return value * 2\n```\n");
    const editor = await draw(COMMENT);
    const before = editor.document.getText();
    const found = await offered(editor);
    const generate = found.find(({ title }) => title === "Turn comment into code");
    assert.ok(generate?.command);
    const { command, arguments: given } = generate.command;
    await vscode.commands.executeCommand(command, ...(given ?? []));
    const after = `${before}def double(value):\n    return value * 2\n`;
    assert.equal(editor.document.getText(), after);
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), before);
  });

  it("does the same from the palette, which says nothing of the place", async () => {
    await ollama.answer("```python\ndef double(value):\n    return value * 2\n```\n");
    const editor = await draw(COMMENT);
    await vscode.commands.executeCommand("fimls.generate");
    assert.match(editor.document.getText(), /doubles a value\ndef double\(value\):\n/);
  });

  it("explains in a preview that shows what the model says", async () => {
    const said = "**double** returns twice its `value`.";
    await ollama.answer(said);
    await draw("def dou█ble(value):\n    return value * 2\n");
    await vscode.commands.executeCommand("fimls.explain");
    const shown = await until("the explanation is there", () =>
      vscode.workspace.textDocuments.find(
        ({ uri, version }) => uri.scheme === "fimls-answer" && version > 0,
      ),
    );
    await until("it is whole", () => shown.getText().includes(said));
  });
});
