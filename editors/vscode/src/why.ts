/** The command “Why was nothing shown?”. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Answers } from "./answers";
import { currentEditor } from "./documents";
import { type Explanation, markdownOf } from "./explanation";

/** Shows why the last completion of the document before the user looked as it did. */
export async function showWhy(client: LanguageClient, answers: Answers): Promise<void> {
  const document = currentEditor()?.document;
  if (!document) {
    void vscode.window.showInformationMessage("fimls: open the file that it is about.");
    return;
  }
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  const last = await client.sendRequest<Explanation>("fimls/explainLast", {
    textDocument: { uri },
  });
  await answers.show("Why", markdownOf(last, hints(document)));
}

/** What keeps the editor itself from showing anything. */
function hints(document: vscode.TextDocument): string[] {
  const isOn = vscode.workspace.getConfiguration("editor", document).get("inlineSuggest.enabled");
  return isOn
    ? []
    : ["The setting `editor.inlineSuggest.enabled` is off: the editor shows no completions."];
}
