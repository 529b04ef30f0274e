/** Texts of the model, as Markdown documents that nothing is saved to: previewed while they grow. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

const SCHEME = "fimls-answer";

/** The parameters of `fimls/actionText`: the whole text so far. */
interface ActionText {
  readonly uri: string;
  readonly text: string;
}

/** Shows texts in the preview of Markdown; a text of the same name replaces the former one. */
export class Answers implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changes = new vscode.EventEmitter<vscode.Uri>();
  readonly #texts = new Map<string, string>();
  readonly #growing = new Set<string>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  readonly onDidChange = this.#changes.event;

  /** Listens to a server that is about to be started. */
  listen(client: LanguageClient): void {
    client.onNotification("fimls/actionText", ({ uri, text }: ActionText) =>
      this.#grow(`Explanation of ${nameOf(uri)}`, text),
    );
  }

  /** From here on texts are new ones: the preview of a former one may have been closed. */
  begin(): void {
    this.#growing.clear();
  }

  /** Shows a text that is whole. */
  async show(name: string, text: string): Promise<void> {
    this.begin();
    await this.#grow(name, text);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? "";
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changes.dispose();
  }

  async #grow(name: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.md` });
    this.#texts.set(uri.path, text);
    this.#changes.fire(uri);
    if (!this.#growing.has(uri.path)) {
      this.#growing.add(uri.path);
      await preview(uri);
    }
  }
}

async function preview(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  } catch {
    // The extension that previews Markdown can be switched off; the text can be read without it.
    await vscode.window.showTextDocument(uri, { preview: true });
  }
}

/** The last part of a document's address; a notebook's cell is named for its notebook. */
function nameOf(uri: string): string {
  return vscode.Uri.parse(uri).path.split("/").pop() ?? "";
}
