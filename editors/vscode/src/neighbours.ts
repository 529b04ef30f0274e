/** Other extensions that show inline completions: two of them take turns in showing grey text. */

import * as vscode from "vscode";
import KNOWN from "./neighbours.json";

const TOLD = "neighbours.told";

/** Looks for them once, when the user begins to type: by then they have been activated too. */
export function watchForNeighbours(context: vscode.ExtensionContext): () => void {
  let hasLooked = false;
  return () => {
    if (!hasLooked) {
      hasLooked = true;
      void tell(context);
    }
  };
}

/** Tells once of each such extension that is active. */
async function tell(context: vscode.ExtensionContext): Promise<void> {
  const told = context.globalState.get<string[]>(TOLD, []);
  const active = vscode.extensions.all.filter((each) => each.isActive);
  const known = active.filter((each) => KNOWN.includes(each.id.toLowerCase()));
  const news = known.filter((each) => !told.includes(each.id));
  if (news.length === 0) {
    return;
  }
  await context.globalState.update(TOLD, [...told, ...news.map((each) => each.id)]);
  const list = news.map((each) => each.packageJSON.displayName ?? each.id).join(", ");
  void vscode.window.showInformationMessage(
    `fimls: ${list} shows inline completions too, and the editor shows one at a time. ` +
      "Turn off one of them if you miss completions.",
  );
}
