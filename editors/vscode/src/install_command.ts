/** The command “Install the server”, with all that the user sees of it. */

import * as vscode from "vscode";
import { change } from "./configuration";
import type { Server } from "./discovery";
import { InstallationFailed, install, isFrom, type Parcel, parcelIn } from "./installation";
import { selectedInterpreter } from "./interpreter";
import { findPython, LEAST, type Python, pythons } from "./python";

const DOWNLOADS = "https://www.python.org/downloads/";

const VERSION = LEAST.join(".");

/** The line in which pip names a package. */
const COLLECTING = /^Collecting ([\w.-]+)/;

/** Offers to install a server where none was found, and where ours is not the one carried here. */
export async function offerInstallation(
  context: vscode.ExtensionContext,
  server: Server | undefined,
): Promise<void> {
  const parcel = parcelIn(context.extensionPath);
  if (server && (server.origin !== "extension" || !parcel || isFrom(parcel, server.command))) {
    return;
  }
  const install = server ? "Update" : "Install";
  const words = server
    ? "fimls: the extension carries another version of the server than the one installed."
    : "fimls: no server was found. Install it for this extension?";
  const answer = await vscode.window.showInformationMessage(words, install);
  if (answer === install) {
    await vscode.commands.executeCommand("fimls.installServer");
  }
}

/** Installs the server that the package carries; what goes wrong is told. */
export async function installServer(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const parcel = parcelIn(context.extensionPath);
  if (!parcel) {
    void vscode.window.showErrorMessage("fimls: this build of the extension carries no server.");
    return;
  }
  const python = await wantedPython();
  if (python) {
    await installWith(python, parcel, context, log);
  }
}

async function wantedPython(): Promise<Python | undefined> {
  const selected = (await selectedInterpreter())?.program;
  const python = await findPython(pythons([selected]));
  return python ?? askForPython();
}

async function askForPython(): Promise<Python | undefined> {
  const choose = "Choose a Python…";
  const get = "Get Python";
  const words = `fimls: no Python ${VERSION} or later was found; the server needs one.`;
  const answer = await vscode.window.showErrorMessage(words, choose, get);
  if (answer === get) {
    await vscode.env.openExternal(vscode.Uri.parse(DOWNLOADS));
  }
  if (answer !== choose) {
    return undefined;
  }
  const files = await vscode.window.showOpenDialog({ title: `A Python ${VERSION} or later` });
  const file = files?.[0]?.fsPath;
  const python = file && (await findPython([[file]]));
  if (file && !python) {
    void vscode.window.showErrorMessage(`fimls: ${file} is no Python ${VERSION} or later.`);
  }
  if (python) {
    await change("interpreter", file);
  }
  return python || undefined;
}

async function installWith(
  python: Python,
  parcel: Parcel,
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const title = "fimls: installing the server";
  const shown = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(shown, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const onLine = (line: string) => {
      log.info(line);
      progress.report({ message: COLLECTING.exec(line)?.[1] ?? "" });
    };
    const running = { signal: stop.signal, onLine, env: withProxy() };
    try {
      await install(parcel, python, context.globalStorageUri.fsPath, running);
    } catch (error) {
      if (!token.isCancellationRequested) {
        void tell(error, log);
      }
    }
  });
}

/** pip goes through the proxy that the editor goes through. */
function withProxy(): NodeJS.ProcessEnv {
  const proxy = vscode.workspace.getConfiguration("http").get<string>("proxy");
  return proxy ? { ...process.env, PIP_PROXY: proxy } : process.env;
}

async function tell(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  log.error(error instanceof InstallationFailed ? reason : String(error));
  const logs = "Show Logs";
  const words = `fimls: the server was not installed: ${reason}`;
  if ((await vscode.window.showErrorMessage(words, logs)) === logs) {
    log.show();
  }
}
