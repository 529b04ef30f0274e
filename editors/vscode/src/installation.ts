/** The server that this extension has installed: where it lies, and how it gets there. */

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { executable, executablesOf } from "./discovery";
import { reasonOf } from "./pip";
import { type Running, run } from "./programs";
import type { Python } from "./python";

/** Written into an installation when it is complete: one that was broken off does not count. */
const COMPLETE = "complete";

const FOLDER = /^server-\d/;

/** What the package carries: the wheel of the server, and what it needs, with the hashes. */
export interface Parcel {
  readonly wheel: string;
  readonly constraints: string;
  /** What the embedded model needs besides; there are machines for which it does not exist. */
  readonly embedded: string;
}

/** An installation that has failed; the message is for the user. */
export class InstallationFailed extends Error {}

/** The parcel in the extension's folder; undefined where it has been built without one. */
export function parcelIn(extension: string): Parcel | undefined {
  const folder = path.join(extension, "server");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const wheel = names.find((name) => name.endsWith(".whl"));
  const file = (name: string) => path.join(folder, name);
  return wheel === undefined
    ? undefined
    : { wheel: file(wheel), constraints: file("constraints.txt"), embedded: file("embedded.txt") };
}

/** The version of the server that a wheel holds. */
export function versionOf(wheel: string): string {
  return path.basename(wheel).split("-")[1] ?? "";
}

/** Whether a server that we have installed is the one of that parcel. */
export function isFrom(parcel: Parcel, server: string): boolean {
  return server.split(path.sep).includes(path.basename(folderOf("", versionOf(parcel.wheel))));
}

/** The folder of an installation's executables: of that version if it is there, else of another. */
export function installedIn(storage: string, version: string): string | undefined {
  const complete = installations(storage).filter((folder) => existsSync(mark(folder)));
  const wanted = complete.find((folder) => folder === folderOf(storage, version));
  const found = wanted ?? complete.sort().pop();
  return found && executablesOf(found);
}

/**
 * Makes a virtual environment and installs the parcel into it; returns the server.  Whatever is
 * downloaded has to have the hash that the parcel names, and nothing is built.
 */
export async function install(
  parcel: Parcel,
  python: Python,
  storage: string,
  running: Running,
): Promise<string> {
  const folder = folderOf(storage, versionOf(parcel.wheel));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(storage, { recursive: true });
  const there = { ...running, cwd: storage };
  await step(python, ["-I", "-m", "venv", folder], there);
  const own: Python = [executable(executablesOf(folder), "python")];
  const quiet = [
    "--disable-pip-version-check",
    "--no-input",
    "--progress-bar",
    "off",
    "--retries",
    "2",
  ];
  const pip = ["-I", "-m", "pip", "install", ...quiet];
  const hashed = [...pip, "--only-binary", ":all:", "--require-hashes", "-r"];
  await step(own, [...hashed, parcel.constraints], there);
  await step(own, [...pip, "--no-deps", "--no-index", parcel.wheel], there);
  await run(own[0], [...hashed, parcel.embedded], there);
  const server = executable(executablesOf(folder), "fimls");
  await step([server], ["--version"], there);
  writeFileSync(mark(folder), "");
  removeOthers(storage, folder);
  return server;
}

async function step([program, ...before]: Python, args: string[], running: Running) {
  const { status, output } = await run(program, [...before, ...args], running);
  if (status !== 0) {
    throw new InstallationFailed(reasonOf(output));
  }
}

function installations(storage: string): string[] {
  const names = existsSync(storage) ? readdirSync(storage) : [];
  return names.filter((name) => FOLDER.test(name)).map((name) => path.join(storage, name));
}

function folderOf(storage: string, version: string): string {
  return path.join(storage, `server-${version}`);
}

function mark(folder: string): string {
  return path.join(folder, COMPLETE);
}

function removeOthers(storage: string, kept: string): void {
  for (const folder of installations(storage).filter((each) => each !== kept)) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // A server of another window may run from there; the next installation removes it.
    }
  }
}
