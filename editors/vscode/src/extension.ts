/** The extension's beginning and end. */

import * as vscode from "vscode";
import { Answers } from "./answers";
import { registerCommands } from "./commands";
import { Configuration } from "./configuration";
import { offerInstallation } from "./install_command";
import { onDidSelectInterpreter } from "./interpreter";
import { Asking } from "./more";
import { watchForNeighbours } from "./neighbours";
import { Session } from "./session";
import { StatusItems } from "./status_items";

let session: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("fimls", { log: true });
  const configuration = new Configuration(context);
  const items = new StatusItems();
  const answers = new Answers();
  const onQuestion = watchForNeighbours(context);
  const parts = { log, configuration, answers, onQuestion, asking: new Asking() };
  const started = new Session(context, parts, items);
  session = started;
  context.subscriptions.push(
    log,
    items,
    answers,
    ...registerCommands({ context, log, session: started, items, answers }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (configuration.needsRestart(change)) {
        void started.restart();
      } else if (change.affectsConfiguration("fimls")) {
        items.forgetDocuments();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => started.follow()),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => items.forget(uri.toString())),
    vscode.window.onDidChangeActiveTextEditor(() => items.refresh()),
  );
  const server = await started.restart();
  void onDidSelectInterpreter(() => started.follow());
  void offerInstallation(context, server);
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
