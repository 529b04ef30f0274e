/** Finding a Python that the server can be installed with. */

import { run } from "./programs";

/** The oldest Python that the server runs on. */
export const LEAST = [3, 11] as const;

/** Those that a program on PATH may be named for, the newest first. */
const MINORS = [14, 13, 12, LEAST[1]];

/** Prints the version on a line of its own, whatever else an interpreter may say. */
const PROBE = ["-I", "-c", "import sys; print('fimls', *sys.version_info[:2])"];

/** A program with the arguments that make it run Python. */
export type Python = readonly [program: string, ...args: string[]];

/** The programs to try: the interpreters that the user has selected first, then those of PATH. */
export function pythons(
  selected: readonly (string | undefined)[],
  platform: NodeJS.Platform = process.platform,
): Python[] {
  const chosen = selected.flatMap((program): Python[] => (program ? [[program]] : []));
  const onPath: Python[] =
    platform === "win32"
      ? [["py", "-3"], ["python"]]
      : [["python3"], ...MINORS.map((minor): Python => [`python3.${minor}`]), ["python"]];
  return [...chosen, ...onPath];
}

/** The first of the programs that is a Python new enough. */
export async function findPython(
  tried: readonly Python[],
  probe: (python: Python) => Promise<string> = versionOf,
): Promise<Python | undefined> {
  for (const python of tried) {
    if (isNewEnough(await probe(python))) {
      return python;
    }
  }
  return undefined;
}

/** Whether what a Python has printed tells of a version that the server runs on. */
export function isNewEnough(output: string): boolean {
  const [, major, minor] = /^fimls (\d+) (\d+)\s*$/m.exec(output) ?? [];
  return Number(major) === LEAST[0] && Number(minor) >= LEAST[1];
}

async function versionOf([program, ...args]: Python): Promise<string> {
  return (await run(program, [...args, ...PROBE])).output;
}
