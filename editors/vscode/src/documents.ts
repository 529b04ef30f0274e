/** The documents that the server is asked about. */

import * as vscode from "vscode";

/** Files and unsaved texts of every language, and the cells of notebooks. */
export const SELECTOR = ["file", "untitled", "vscode-remote", "vscode-notebook-cell"].map(
  (scheme) => ({ scheme }),
);

/** The editor before the user: not a log, and where a preview has the focus, the one beside it. */
export function currentEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return [activeTextEditor, ...visibleTextEditors].find(
    (editor) => editor && vscode.languages.match(SELECTOR, editor.document) > 0,
  );
}
