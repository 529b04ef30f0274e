/** Which settings have been made by the user, and which of them go to the server when. */

/** The properties of `contributes.configuration`, as far as they matter here. */
export type Declared = Readonly<Record<string, { readonly scope: string }>>;

/** What has been set for one setting, and where. */
export interface Made {
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

const PREFIX = "fimls.";

/** Settings of the extension itself, which the server does not know. */
const OWN = new Set(["fimls.path", "fimls.interpreter"]);

/**
 * The settings of a scope that have been made, by the server's names.  VS Code's effective values
 * cannot be used: they have a value for everything, and it would hide the user's other sources.
 */
export function setBy(
  declared: Declared,
  scope: string,
  inspect: (key: string) => Made | undefined,
): Record<string, unknown> {
  const keys = Object.keys(declared).filter(
    (key) => declared[key]?.scope === scope && !OWN.has(key),
  );
  const made = keys.map((key) => [key.slice(PREFIX.length), madeValue(inspect(key))] as const);
  return Object.fromEntries(made.filter(([, value]) => value !== undefined));
}

/** The value in force of those that have been set; the settings editor leaves null or "" behind. */
export function madeValue(made: Made | undefined): unknown {
  const values = [made?.workspaceFolderValue, made?.workspaceValue, made?.globalValue];
  const value = values.find((each) => each !== undefined);
  return value === null || value === "" ? undefined : value;
}

/** Whether a change touches what only a new server takes over. */
export function isRestarting(declared: Declared, affects: (key: string) => boolean): boolean {
  return Object.keys(declared).some((key) => declared[key]?.scope === "machine" && affects(key));
}
