/** The documents that the server is asked about. */

import * as vscode from "vscode";

/** Files and unsaved texts of every language, and the cells of notebooks. */
export const SELECTOR = [
  { scheme: "file" },
  { scheme: "untitled" },
  { scheme: "vscode-remote" },
  { scheme: "vscode-notebook-cell" },
];

/** The editor before the user: not a log, and where a preview has the focus, the one beside it. */
export function currentEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return [activeTextEditor, ...visibleTextEditors].find(
    (editor) => editor && vscode.languages.match(SELECTOR, editor.document) > 0,
  );
}
