/** A document before the user, drawn with `█` for the cursor, and what can be done to it. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as vscode from "vscode";
import { FakeOllama, until } from "../../fake_ollama.ts";
import { named } from "../environment.ts";

/** The model server that fimls finds. */
export const ollama = new FakeOllama(named("EDITOR_TEST_OLLAMA"));

let drawn = 0;

/** Opens a new file of the workspace with the text of a picture, and the cursor where it is. */
export async function draw(picture: string): Promise<vscode.TextEditor> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  const uri = vscode.Uri.joinPath(folder.uri, `drawn_${++drawn}.py`);
  const offset = picture.indexOf("█");
  await vscode.workspace.fs.writeFile(uri, Buffer.from(picture.replace("█", "")));
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  const at = document.positionAt(offset);
  editor.selection = new vscode.Selection(at, at);
  return editor;
}

/** The text of an editor, with its cursor drawn into it. */
export function picture({ document, selection }: vscode.TextEditor): string {
  const text = document.getText();
  const offset = document.offsetAt(selection.active);
  return `${text.slice(0, offset)}█${text.slice(offset)}`;
}

/** Asks for a completion by a key until there is one, and takes it, or the part that a command takes. */
export async function take(
  editor: vscode.TextEditor,
  command = "editor.action.inlineSuggest.commit",
): Promise<void> {
  const { version } = editor.document;
  await until("a completion is there to be taken", async () => {
    await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
    await vscode.commands.executeCommand(command);
    return editor.document.version !== version;
  });
}

/** The processes of `fimls serve` that the extensions of this window have started. */
export function servers(): number[] {
  const tasks = readdirSync("/proc/self/task");
  const children = tasks.flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" "),
  );
  return children
    .filter(Boolean)
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("fimls\0serve\0"));
}

/** Changes a setting of the user's; `undefined` takes it away. */
export async function configure(key: string, value: unknown): Promise<void> {
  const target = vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration("fimls").update(key, value, target);
}
