/** The server's commands, as they are run here: with what they are about, and with a way to stop. */

import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import {
  ExecuteCommandRequest,
  type LanguageClient,
  LSPErrorCodes,
  ResponseError,
  WorkDoneProgress,
} from "vscode-languageclient/node";
import { ACTIONS, isLong, titleOf } from "./action_names";
import { currentEditor } from "./documents";
import { Share } from "./share";

/** Runs a command of the server: the whole of `middleware.executeCommand`. */
export async function runCommand(
  client: LanguageClient,
  command: string,
  args: unknown[],
): Promise<unknown> {
  if (!isLong(command)) {
    return client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
  }
  const filled = command in ACTIONS && args.length === 0 ? here(client, command) : args;
  return filled && runShown(client, command, filled);
}

/** The argument of an action that comes from the palette: the selection before the user. */
function here(client: LanguageClient, command: string): unknown[] | undefined {
  const editor = currentEditor();
  if (!editor) {
    void vscode.window.showInformationMessage("fimls: open a file and select what it is about.");
    return undefined;
  }
  const { document, selection } = editor;
  const problem = vscode.languages
    .getDiagnostics(document.uri)
    .find((each) => each.range.intersection(selection) !== undefined);
  return [
    {
      uri: client.code2ProtocolConverter.asUri(document.uri),
      range: client.code2ProtocolConverter.asRange(selection),
      version: document.version,
      ...(problem && command === "fimls.fix"
        ? { diagnostic: client.code2ProtocolConverter.asDiagnostic(problem) }
        : {}),
    },
  ];
}

/** Runs a command in a notification that says how far it is, and that can be cancelled. */
async function runShown(
  client: LanguageClient,
  command: string,
  args: unknown[],
): Promise<unknown> {
  const title = titleOf(command, args);
  const shown = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(shown, async (progress, cancelled) => {
    const workDoneToken = randomUUID();
    const share = new Share();
    const listening = client.onProgress(WorkDoneProgress.type, workDoneToken, (step) => {
      progress.report(share.of(step));
    });
    try {
      const params = { command, arguments: args, workDoneToken };
      return await client.sendRequest(ExecuteCommandRequest.type, params, cancelled);
    } catch (error) {
      return tell(error);
    } finally {
      listening.dispose();
    }
  });
}

/** Says what went wrong; that the user has cancelled it, the user knows. */
function tell(error: unknown): undefined {
  const isCancelled =
    error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled;
  if (!isCancelled) {
    void vscode.window.showErrorMessage(`fimls: ${error instanceof Error ? error.message : error}`);
  }
  return undefined;
}
