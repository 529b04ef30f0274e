/** Runs other programs to their end. */

import { spawn } from "node:child_process";

/** How a program ended: its exit status, null where it was killed, and all that it printed. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

export interface Running {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal;
  /** Told each line as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program without a shell; one that cannot be started has the status null. */
export function run(
  program: string,
  args: readonly string[],
  running: Running = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    let output = "";
    let line = "";
    const child = spawn(program, args, {
      cwd: running.cwd,
      env: running.env ?? process.env,
      signal: running.signal,
      windowsHide: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const take = (chunk: string) => {
      output += chunk;
      const lines = (line + chunk).split(/\r?\n/);
      line = lines.pop() ?? "";
      lines.forEach((each) => {
        running.onLine?.(each);
      });
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", (error) => {
      // One that is being ended may still write: it is over when it is closed.
      if (child.pid === undefined) {
        resolve({ status: null, output: error.message });
      }
    });
    child.on("close", (status) => resolve({ status, output }));
  });
}
