/** `fimls/more`: asks again where more can be shown than was given, and nothing has happened since. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

/** The parameters of the notification. */
interface MoreParams {
  readonly uri: string;
  readonly version: number;
}

/** A question for an inline completion: about which place of which text, and who wants to know. */
interface Question {
  readonly place: string;
  readonly triggerKind: vscode.InlineCompletionTriggerKind;
}

/** Remembers the last question, and puts it again in the same way. */
export class Asking {
  #last: Question | undefined;
  #again: Question | undefined;

  /** Listens to a server that is about to be started. */
  listen(client: LanguageClient): void {
    client.onNotification("fimls/more", (params: MoreParams) => this.#askAgain(params));
  }

  /**
   * The context of a question as the server is to see it.  The command that asks again always does
   * so as if a key had been pressed for it, and the server answers that with less hesitation.
   */
  note(
    document: vscode.TextDocument,
    position: vscode.Position,
    context: vscode.InlineCompletionContext,
  ): vscode.InlineCompletionContext {
    const place = placeOf(document, position);
    const { triggerKind } = this.#again?.place === place ? this.#again : context;
    this.#last = { place, triggerKind };
    return { ...context, triggerKind };
  }

  async #askAgain({ uri, version }: MoreParams): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const isThat = editor?.document.uri.toString() === uri && editor.document.version === version;
    if (!isThat || this.#last?.place !== placeOf(editor.document, editor.selection.active)) {
      return;
    }
    this.#again = this.#last;
    await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
    this.#again = undefined;
  }
}

/** A place in one version of a text. */
function placeOf({ uri, version }: vscode.TextDocument, position: vscode.Position): string {
  return `${uri} ${version} ${position.line}:${position.character}`;
}
