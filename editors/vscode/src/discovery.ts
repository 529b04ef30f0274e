/** Where the server may be, in the order in which it is looked for. */

import { homedir } from "node:os";
import path from "node:path";

/** What led to a server: a setting, the Python environment, PATH, or our own installation. */
export type Origin = "setting" | "environment" | "path" | "extension";

export interface Server {
  readonly command: string;
  readonly origin: Origin;
}

/** The places to look in; what is empty or undefined is left out. */
export interface Places {
  /** The setting `fimls.path`: a file, or a name to be found on PATH. */
  readonly setting: string | undefined;
  /** The folder of the selected interpreter's executables. */
  readonly environment: string | undefined;
  readonly searchPath: string | undefined;
  /** The folder of the executables that this extension has installed. */
  readonly installed: string | undefined;
}

export const ORIGINS: Readonly<Record<Origin, string>> = {
  setting: "from the setting fimls.path",
  environment: "from the selected Python environment",
  path: "from PATH",
  extension: "installed by this extension",
};

/**
 * The first server that is there.  A setting counts alone: whoever names a server does not want
 * another one to run instead.
 */
export function findServer(
  places: Places,
  isFile: (file: string) => boolean,
  platform: NodeJS.Platform = process.platform,
): Server | undefined {
  return candidates(places, platform).find((server) => isFile(server.command));
}

/** The folder of a Python environment's executables. */
export function executablesOf(
  prefix: string,
  platform: NodeJS.Platform = process.platform,
): string {
  return pathsOf(platform).join(prefix, platform === "win32" ? "Scripts" : "bin");
}

/** The executable of that name in a folder. */
export function executable(
  folder: string,
  name: string,
  platform: NodeJS.Platform = process.platform,
): string {
  return pathsOf(platform).join(folder, platform === "win32" ? `${name}.exe` : name);
}

/** A path with `~` for the home folder written out. */
export function expanded(file: string): string {
  return file.replace(/^~(?=[/\\])/, homedir());
}

function candidates(places: Places, platform: NodeJS.Platform): Server[] {
  const onPath = (name: string, origin: Origin) =>
    searched(places.searchPath, platform).map((folder) => ({
      command: executable(folder, name, platform),
      origin,
    }));
  if (places.setting) {
    return pathsOf(platform).basename(places.setting) === places.setting
      ? onPath(places.setting.replace(/\.exe$/i, ""), "setting")
      : [{ command: expanded(places.setting), origin: "setting" }];
  }
  const inFolder = (folder: string | undefined, origin: Origin) =>
    folder ? [{ command: executable(folder, "fimls", platform), origin }] : [];
  return [
    ...inFolder(places.environment, "environment"),
    ...onPath("fimls", "path"),
    ...inFolder(places.installed, "extension"),
  ];
}

/** The folders of PATH; relative ones would find what a workspace brings along. */
function searched(searchPath: string | undefined, platform: NodeJS.Platform): string[] {
  const { delimiter, isAbsolute } = pathsOf(platform);
  return (searchPath ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
}

function pathsOf(platform: NodeJS.Platform): path.PlatformPath {
  return platform === "win32" ? path.win32 : path.posix;
}
