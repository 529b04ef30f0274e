/** The item in the status bar, and the one among the language's items. */

import * as vscode from "vscode";
import { settingOf } from "./configuration";
import { currentEditor, SELECTOR } from "./documents";
import { type Face, face, languageOff, STARTING, type Status, shortened } from "./status";

const MENU: vscode.Command = { title: "Menu", command: "fimls.menu" };

/** What each severity is among the language's items, and behind the one in the status bar. */
const LOOKS = {
  information: [vscode.LanguageStatusSeverity.Information, undefined],
  warning: [vscode.LanguageStatusSeverity.Warning, "statusBarItem.warningBackground"],
  error: [vscode.LanguageStatusSeverity.Error, "statusBarItem.errorBackground"],
} as const;

/** Shows how the server stands, for the document before the user. */
export class StatusItems implements vscode.Disposable {
  readonly #bar = vscode.window.createStatusBarItem(
    "fimls.status",
    vscode.StatusBarAlignment.Right,
    100,
  );
  readonly #language = vscode.languages.createLanguageStatusItem("fimls.status", SELECTOR);
  readonly #documents = new Map<string, Status>();
  #status: Status = STARTING;
  #server = "";

  constructor() {
    this.#bar.name = "fimls";
    this.#bar.command = MENU.command;
    this.#language.name = "fimls";
    this.refresh();
    this.#bar.show();
  }

  /** What is shown at present: of the document before the user, else of the model. */
  get status(): Status {
    const document = currentEditor()?.document;
    if (!document) {
      return this.#status;
    }
    const uri = document.uri.toString();
    if (settingOf<string[]>("disabledLanguages")?.includes(document.languageId)) {
      return languageOff(uri);
    }
    return this.#documents.get(uri) ?? this.#status;
  }

  /** Takes a new status: of the model, or of one document. */
  show(status: Status): void {
    if (status.uri === null) {
      this.#status = status;
    } else {
      this.#documents.set(status.uri, status);
    }
    this.refresh();
  }

  /** Tells which server runs. */
  runs(server: string): void {
    this.#server = server;
    this.refresh();
  }

  /** A document has been closed. */
  forget(uri: string): void {
    this.#documents.delete(uri);
  }

  /** What has been said of single documents need not hold any longer. */
  forgetDocuments(): void {
    this.#documents.clear();
    this.refresh();
  }

  /** Shows what holds now. */
  refresh(): void {
    const { status } = this;
    this.#fillLanguage(face(status), status);
    this.#fillBar(face(status), status);
  }

  dispose(): void {
    this.#bar.dispose();
    this.#language.dispose();
  }

  #fillLanguage(shown: Face, status: Status): void {
    this.#language.text = `fimls: ${shown.word}`;
    this.#language.detail = shortened(shown.text === shown.word ? shown.detail : shown.text);
    this.#language.severity = LOOKS[shown.severity][0];
    this.#language.busy = shown.isBusy;
    this.#language.command = status.command
      ? { ...status.command, arguments: [...(status.command.arguments ?? [])] }
      : MENU;
  }

  #fillBar(shown: Face, status: Status): void {
    this.#bar.text = `$(${shown.icon}) fimls`;
    const color = LOOKS[shown.severity][1];
    this.#bar.backgroundColor = color && new vscode.ThemeColor(color);
    const label = [shown.text, shown.detail].filter(Boolean).join(" – ");
    this.#bar.accessibilityInformation = { label: `fimls: ${label}` };
    this.#bar.tooltip = tooltip(shown, status, this.#server);
  }
}

function tooltip(shown: Face, status: Status, server: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.isTrusted = status.command ? { enabledCommands: [status.command.command] } : false;
  text.appendMarkdown(`fimls: ${plain(shown.text)}\n\n${plain(shown.detail)}\n\n`);
  if (status.command) {
    const wanted = encodeURIComponent(JSON.stringify(status.command.arguments ?? []));
    text.appendMarkdown(`[${status.command.title}](command:${status.command.command}?${wanted})`);
  }
  return text.appendMarkdown(`\n\n${plain(server)}`);
}

/** The server's words, in which names are set in backticks: no links, pictures or elements. */
function plain(words: string): string {
  return words.replace(/[[\]<!\\]/g, "\\$&");
}
