/** The names of what takes its time on the server, and the words for it while it does. */

/** The actions on code. */
export const ACTIONS: Readonly<Record<string, string>> = {
  "fimls.explain": "Explaining the selection",
  "fimls.generate": "Turning the comment into code",
  "fimls.edit": "Editing the selection",
  "fimls.fix": "Fixing the problem",
  "fimls.document": "Writing documentation",
  "fimls.tests": "Writing tests",
};

const PULL = "fimls.pull";

/** Whether a command takes so long that the user must be able to stop it. */
export function isLong(command: string): boolean {
  return command in ACTIONS || command === PULL;
}

/** What a long command is doing. */
export function titleOf(command: string, args: readonly unknown[]): string {
  const name = typeof args[0] === "string" ? args[0] : "the embedded model";
  return `fimls: ${command === PULL ? `Fetching ${name}` : ACTIONS[command]}`;
}
