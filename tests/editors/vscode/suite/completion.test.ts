/** Ghost text: what is taken is what the model has said, whole or in parts. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { draw, ollama, picture, take } from "./desk.ts";

const PARTS = {
  word: "editor.action.inlineSuggest.acceptNextWord",
  line: "editor.action.inlineSuggest.acceptNextLine",
};

describe("an inline completion", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  // The words of each row say what is special about the place.
  for (const [what, before, said, after] of [
    ["the end of a line", "def price(net, vat):\n    return █\n", "net + vat", "net + vat█\n"],
    ["the middle of a call", "total = max(█)\n", "prices", "total = max(prices█)\n"],
    ["behind an astral character", "icon = '😀' + █\n", "suffix", "icon = '😀' + suffix█\n"],
    ["the document's own line ends", "if ready:\r\n    go(█\r\n", "now)", "    go(now)█\r\n"],
  ] as const) {
    it(`is taken as it is: ${what}`, async () => {
      await ollama.answer(`${said} <EOT>`);
      const editor = await draw(before);
      await take(editor);
      assert.ok(picture(editor).endsWith(after), picture(editor));
    });
  }

  it("is taken word by word, and then the rest", async () => {
    await ollama.answer("net + vat <EOT>");
    const editor = await draw("def price(net, vat):\n    return █\n");
    await take(editor, PARTS.word);
    assert.equal(picture(editor), "def price(net, vat):\n    return net█\n");
    await take(editor);
    assert.equal(picture(editor), "def price(net, vat):\n    return net + vat█\n");
  });

  it("is taken line by line, and is undone in one step", async () => {
    await ollama.answer("    gross = net + vat\n    return gross\n <EOT>");
    const start = "def price(net, vat):\n█\n";
    const editor = await draw(start);
    await take(editor, PARTS.line);
    assert.equal(picture(editor), "def price(net, vat):\n    gross = net + vat\n█\n");
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), start.replace("█", ""));
  });
});
