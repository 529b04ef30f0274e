/** The entries of the menu behind the status item. */

import type { Status } from "./status";

export interface Entry {
  readonly label: string;
  readonly description: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/** How things stand when the menu is opened. */
export interface Situation {
  readonly status: Status;
  readonly isRunning: boolean;
  /** The language of the document before the user, if there is one, and whether it is completed. */
  readonly language: string | undefined;
  readonly isLanguageOn: boolean;
}

/** The entries: what is to be done first, what is used often next. */
export function entries(situation: Situation): Entry[] {
  return [
    ...fix(situation.status),
    ...(situation.isRunning ? whileRunning(situation) : []),
    entry("$(output) Show logs", "fimls.showLogs"),
    entry("$(debug-restart) Restart the server", "fimls.restart"),
    entry("$(gear) Settings", "workbench.action.openSettings", "@ext:fimls.fimls"),
    entry("$(book) Get started", "workbench.action.openWalkthrough", "fimls.fimls#start"),
  ];
}

function entry(label: string, command: string, ...args: unknown[]): Entry {
  return { label, description: "", command, arguments: args };
}

function fix({ command, message }: Status): Entry[] {
  if (!command) {
    return [];
  }
  const label = `$(wrench) ${command.title}`;
  return [{ ...entry(label, command.command, ...(command.arguments ?? [])), description: message }];
}

function whileRunning({ status, language, isLanguageOn }: Situation): Entry[] {
  const turn = `Turn completions ${isLanguageOn ? "off" : "on"} for ${language}`;
  return [
    { ...entry("$(server) Choose a model…", "fimls.chooseModel"), description: status.model },
    entry("$(cloud-download) Pull a model…", "fimls.pullModel"),
    entry("$(question) Why was nothing shown?", "fimls.why"),
    ...(language ? [entry(`$(code) ${turn}`, "fimls.toggleLanguage")] : []),
    entry("$(circle-slash) Turn completions off or on in this window", "fimls.toggle"),
    entry("$(refresh) Restart the model", "fimls.restartModel"),
  ];
}
