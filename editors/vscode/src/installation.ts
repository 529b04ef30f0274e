/** The server that this extension has installed: where it lies, and how it gets there. */

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

/** Installs the parcel; returns the server.  Where that fails, an installation that was there stays. */
export async function install(
  parcel: Parcel,
  python: Python,
  storage: string,
  running: Running,
): Promise<string> {
  const folder = folderOf(storage, versionOf(parcel.wheel));
  // One of the same version waits there until the new one is complete.
  const former = path.join(storage, `former-${path.basename(folder)}`);
  mkdirSync(storage, { recursive: true });
  if (existsSync(mark(folder))) {
    rmSync(former, { recursive: true, force: true });
    renameSync(folder, former);
  }
  rmSync(folder, { recursive: true, force: true });
  try {
    await fill(folder, parcel, python, { ...running, cwd: storage });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (existsSync(former)) {
      renameSync(former, folder);
    }
    throw error;
  }
  writeFileSync(mark(folder), "");
  removeAll([former, ...installations(storage).filter((each) => each !== folder)]);
  return executable(executablesOf(folder), "fimls");
}

/**
 * Makes a virtual environment and installs the parcel into it.  Whatever is downloaded has to have
 * the hash that the parcel names, and nothing is built.
 */
async function fill(folder: string, parcel: Parcel, python: Python, there: Running): Promise<void> {
  await step(python, ["-I", "-m", "venv", folder], there);
  const own: Python = [executable(executablesOf(folder), "python")];
  const quiet = "--disable-pip-version-check --no-input --progress-bar off --retries 2";
  const pip = ["-I", "-m", "pip", "install", ...quiet.split(" ")];
  const hashed = [...pip, "--only-binary", ":all:", "--require-hashes", "-r"];
  await step(own, [...hashed, parcel.constraints], there);
  await step(own, [...pip, "--no-deps", "--no-index", parcel.wheel], there);
  await run(own[0], [...hashed, parcel.embedded], there);
  await step([executable(executablesOf(folder), "fimls")], ["--version"], there);
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

function removeAll(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // A server of another window may run from there; the next installation removes it.
    }
  }
}
