import assert from "node:assert/strict";
import { homedir } from "node:os";
import test from "node:test";
import { findServer, type Places } from "../src/discovery";

const NOWHERE: Places = {
  setting: undefined,
  environment: undefined,
  searchPath: undefined,
  installed: undefined,
};

const EVERYWHERE: Places = {
  setting: undefined,
  environment: "/env/bin",
  searchPath: "/usr/local/bin:/usr/bin",
  installed: "/storage/server-0.1.0/bin",
};

interface Row {
  readonly why: string;
  readonly places: Places;
  readonly files: readonly string[];
  readonly found: string | undefined;
  readonly platform?: NodeJS.Platform;
}

const ROWS: readonly Row[] = [
  { why: "nothing to look in", places: NOWHERE, files: ["/usr/bin/fimls"], found: undefined },
  {
    why: "the project's environment has the version that the project wants",
    places: EVERYWHERE,
    files: ["/env/bin/fimls", "/usr/bin/fimls", "/storage/server-0.1.0/bin/fimls"],
    found: "/env/bin/fimls environment",
  },
  {
    why: "PATH is searched in its order",
    places: EVERYWHERE,
    files: ["/usr/bin/fimls", "/usr/local/bin/fimls"],
    found: "/usr/local/bin/fimls path",
  },
  {
    why: "our own is what is left",
    places: EVERYWHERE,
    files: ["/storage/server-0.1.0/bin/fimls"],
    found: "/storage/server-0.1.0/bin/fimls extension",
  },
  {
    why: "whoever names a server does not want another one",
    places: { ...EVERYWHERE, setting: "/opt/fimls" },
    files: ["/env/bin/fimls", "/usr/bin/fimls"],
    found: undefined,
  },
  {
    why: "a setting may be a name",
    places: { ...EVERYWHERE, setting: "fimls" },
    files: ["/env/bin/fimls", "/usr/bin/fimls"],
    found: "/usr/bin/fimls setting",
  },
  {
    why: "a setting may begin with the home folder",
    places: { ...EVERYWHERE, setting: "~/bin/fimls" },
    files: [`${homedir()}/bin/fimls`],
    found: `${homedir()}/bin/fimls setting`,
  },
  {
    why: "a relative folder of PATH would be one of the workspace",
    places: { ...NOWHERE, searchPath: ".:bin::/usr/bin" },
    files: ["bin/fimls", "fimls", "./fimls"],
    found: undefined,
  },
  {
    why: "Windows has other names and other separators",
    places: { ...NOWHERE, searchPath: "C:\\Windows;C:\\Python311\\Scripts" },
    files: ["C:\\Python311\\Scripts\\fimls.exe"],
    found: "C:\\Python311\\Scripts\\fimls.exe path",
    platform: "win32",
  },
  {
    why: "a name with its ending is not given a second one",
    places: { ...NOWHERE, setting: "fimls.exe", searchPath: "C:\\Tools" },
    files: ["C:\\Tools\\fimls.exe"],
    found: "C:\\Tools\\fimls.exe setting",
    platform: "win32",
  },
];

for (const { why, places, files, found, platform } of ROWS) {
  test(`finding the server: ${why}`, () => {
    const isFile = (file: string) => files.includes(file);
    const server = findServer(places, isFile, platform ?? "linux");
    assert.equal(server && `${server.command} ${server.origin}`, found);
  });
}
