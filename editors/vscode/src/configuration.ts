/** The settings that the user has made, as they are sent to the server. */

import * as vscode from "vscode";
import { type Declared, isRestarting, type Made, madeValue, setBy } from "./settings";

const SECTION = "fimls";

/** The settings of this extension, as package.json declares them. */
export class Configuration {
  readonly #declared: Declared;

  constructor(context: vscode.ExtensionContext) {
    this.#declared = context.extension.packageJSON.contributes.configuration.properties;
  }

  /** Those that decide where code goes: the server takes them when it starts, and only then. */
  forStart(): Record<string, unknown> {
    return setBy(this.#declared, "machine", inspected);
  }

  /** All others, which the server asks for whenever something has changed. */
  forAsking(): Record<string, unknown> {
    return setBy(this.#declared, "window", inspected);
  }

  /** Whether a change is one that only a new server takes over. */
  needsRestart(change: vscode.ConfigurationChangeEvent): boolean {
    return isRestarting(this.#declared, (key) => change.affectsConfiguration(key));
  }
}

/** The value that the user has given a setting; undefined where it is not set. */
export function settingOf<Value>(key: string): Value | undefined {
  return madeValue(inspected(`${SECTION}.${key}`)) as Value | undefined;
}

/**
 * Sets a setting where it is set already, else in the user's own settings.  Undefined unsets it; so
 * does a list without elements, which would hide the one in the user's config.toml.
 */
export async function change(key: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const isOfWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
  const isEmpty = Array.isArray(value) && value.length === 0;
  await configuration.update(key, isEmpty ? undefined : value, !isOfWorkspace);
}

function inspected(key: string): Made | undefined {
  return vscode.workspace.getConfiguration().inspect(key);
}
