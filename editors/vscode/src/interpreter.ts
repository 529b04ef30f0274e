/** The Python interpreter that the user has selected, as far as there is one. */

import path from "node:path";
import * as vscode from "vscode";
import { executablesOf, expanded } from "./discovery";

/** What is used of the Python extension's API. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      environment: { readonly path: string } | string,
    ): Promise<{ readonly executable: Executable } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

interface Executable {
  readonly uri: vscode.Uri | undefined;
  readonly sysPrefix: string;
}

export interface Interpreter {
  readonly program: string;
  /** The folder of its environment's executables. */
  readonly folder: string;
}

/**
 * The interpreter of the setting, else the one selected in the Python extension, else the one of
 * that extension's setting.  In a workspace that is not trusted only the first counts: such a
 * workspace may bring an environment along, and the Python extension would select it.
 */
export async function selectedInterpreter(): Promise<Interpreter | undefined> {
  const own = vscode.workspace.getConfiguration("fimls").get<string>("interpreter");
  if (own) {
    return beside(expanded(own));
  }
  if (!vscode.workspace.isTrusted) {
    return undefined;
  }
  const active = await activeEnvironment();
  if (active?.uri) {
    return { program: active.uri.fsPath, folder: executablesOf(active.sysPrefix) };
  }
  const named = vscode.workspace.getConfiguration("python").get<string>("defaultInterpreterPath");
  // The default is a name that is looked for on PATH, and PATH is searched in any case.
  return named && path.isAbsolute(named) ? beside(named) : undefined;
}

/** Calls back when another interpreter is selected. */
export async function onDidSelectInterpreter(listener: () => void): Promise<void> {
  (await pythonApi())?.environments.onDidChangeActiveEnvironmentPath(listener);
}

async function activeEnvironment(): Promise<Executable | undefined> {
  const environments = (await pythonApi())?.environments;
  if (!environments) {
    return undefined;
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const active = environments.getActiveEnvironmentPath(folder);
  return (await environments.resolveEnvironment(active))?.executable;
}

async function pythonApi(): Promise<PythonApi | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  try {
    return await extension?.activate();
  } catch {
    // A Python extension that does not start has no interpreter to offer.
    return undefined;
  }
}

function beside(program: string): Interpreter {
  return { program, folder: path.dirname(program) };
}
