/** The commands of the extension itself; those of the server are registered by the client. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { alone } from "./alone";
import type { Answers } from "./answers";
import { change, settingOf } from "./configuration";
import { currentEditor } from "./documents";
import { installServer } from "./install_command";
import { isOn, type Languages, toggled } from "./languages";
import { entries } from "./menu";
import { chooseModel, pullModel } from "./models";
import type { Session } from "./session";
import { INSTALLING } from "./status";
import type { StatusItems } from "./status_items";
import { showWhy } from "./why";

/** What the commands make use of. */
export interface Tools {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly session: Session;
  readonly items: StatusItems;
  readonly answers: Answers;
}

/** Registers all of them. */
export function registerCommands(tools: Tools): vscode.Disposable[] {
  const table: Readonly<Record<string, (name?: string) => unknown>> = {
    "fimls.menu": () => showMenu(tools),
    "fimls.installServer": alone(() => installAndStart(tools)),
    "fimls.restart": () => tools.session.restart(),
    "fimls.showLogs": () => tools.log.show(),
    "fimls.chooseModel": () => withClient(tools, chooseModel),
    "fimls.pullModel": (name) => withClient(tools, () => pullModel(name)),
    "fimls.why": () => withClient(tools, (client) => showWhy(client, tools.answers)),
    "fimls.toggleLanguage": () => toggleLanguage(tools),
  };
  return Object.entries(table).map(([name, run]) => vscode.commands.registerCommand(name, run));
}

async function showMenu({ session, items }: Tools): Promise<void> {
  const language = currentEditor()?.document.languageId;
  const situation = {
    status: items.status,
    isRunning: session.client !== undefined,
    language,
    isLanguageOn: language !== undefined && isOn(languages(), language, isDocumentOff(items)),
  };
  const chosen = await vscode.window.showQuickPick(entries(situation), { title: "fimls" });
  if (chosen) {
    await vscode.commands.executeCommand(chosen.command, ...chosen.arguments);
  }
}

async function installAndStart({ context, log, session, items }: Tools): Promise<void> {
  // The files of a server that runs cannot be replaced everywhere.
  await session.stop();
  items.show(INSTALLING);
  await installServer(context, log);
  await session.restart();
}

async function withClient(
  { session }: Tools,
  work: (client: LanguageClient) => Promise<void>,
): Promise<void> {
  if (session.client) {
    await work(session.client);
  } else {
    void vscode.window.showInformationMessage("fimls: the server does not run.");
  }
}

async function toggleLanguage({ items }: Tools): Promise<void> {
  const language = currentEditor()?.document.languageId;
  if (!language) {
    return;
  }
  const after = toggled(languages(), language, isDocumentOff(items));
  await change("disabledLanguages", after.disabled);
  await change("enabledLanguages", after.enabled);
}

function languages(): Languages {
  return {
    disabled: settingOf<string[]>("disabledLanguages") ?? [],
    enabled: settingOf<string[]>("enabledLanguages") ?? [],
  };
}

function isDocumentOff({ status }: StatusItems): boolean {
  return status.uri !== null && status.state === "off";
}
