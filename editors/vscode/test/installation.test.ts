import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import {
  InstallationFailed,
  install,
  installedIn,
  type Parcel,
  parcelIn,
  versionOf,
} from "../src/installation";
import { reasonOf } from "../src/pip";
import { run } from "../src/programs";

/** A Python that notes what it is asked to do; `-m venv` puts a copy of itself into the folder. */
const PYTHON = `#!/bin/sh
echo "$@" >> "$NOTES"
case "$*" in
  *"-m venv"*) for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python"; cp "$0" "$last/bin/fimls" ;;
  *"$FAILS"*) echo "ERROR: $SAYS"; exit 1 ;;
esac
`;

interface Scene {
  readonly folder: string;
  readonly python: string;
  readonly parcel: Parcel;
  readonly storage: string;
  readonly env: Record<string, string | undefined>;
}

function scene(fails = "nothing that is asked", says = ""): Scene {
  const folder = mkdtempSync(path.join(tmpdir(), "fimls-"));
  const python = path.join(folder, "python");
  writeFileSync(python, PYTHON);
  chmodSync(python, 0o755);
  mkdirSync(path.join(folder, "server"));
  for (const name of ["fimls-0.2.0-py3-none-any.whl", "constraints.txt", "embedded.txt"]) {
    writeFileSync(path.join(folder, "server", name), "");
  }
  const parcel = parcelIn(folder);
  assert.ok(parcel);
  const env = { ...process.env, NOTES: path.join(folder, "notes"), FAILS: fails, SAYS: says };
  return { folder, python, parcel, storage: path.join(folder, "storage"), env };
}

test("everything that is downloaded has its hash, and nothing is built", async () => {
  const { python, parcel, storage, env, folder } = scene();
  const server = await install(parcel, [python], storage, { env });
  assert.equal(server, path.join(storage, "server-0.2.0", "bin", "fimls"));
  const notes = readFileSync(path.join(folder, "notes"), "utf8").trim().split("\n");
  const installs = notes.filter((line) => line.includes("pip install"));
  assert.equal(installs.length, 3);
  for (const line of installs) {
    assert.match(line, /--only-binary :all: --require-hashes -r |--no-deps --no-index /);
    assert.match(line, /^-I -m pip/);
  }
});

test("an installation that was broken off does not count", async () => {
  const { python, parcel, storage, env } = scene("--require-hashes", "No space left on device");
  await assert.rejects(install(parcel, [python], storage, { env }), InstallationFailed);
  assert.equal(installedIn(storage, "0.2.0"), undefined);
  mkdirSync(path.join(storage, "server-0.2.0"));
  assert.equal(installedIn(storage, "0.2.0"), undefined);
});

test("an installation that fails leaves the one that was there", async () => {
  const { python, parcel, storage, env } = scene();
  const server = await install(parcel, [python], storage, { env });
  const failing = { ...env, FAILS: "--require-hashes", SAYS: "No space left on device" };
  await assert.rejects(install(parcel, [python], storage, { env: failing }), InstallationFailed);
  assert.equal(installedIn(storage, "0.2.0"), path.dirname(server));
  assert.ok(existsSync(server));
  // One that succeeds leaves nothing else.
  await install(parcel, [python], storage, { env });
  assert.deepEqual(readdirSync(storage), ["server-0.2.0"]);
});

test("a program that is cancelled has ended when that is said", async () => {
  const stop = new AbortController();
  const script = "trap 'echo ended; exit 1' TERM; echo ready; while :; do sleep 0.01; done";
  const onLine = () => stop.abort();
  const { output } = await run("sh", ["-c", script], { signal: stop.signal, onLine });
  assert.equal(output, "ready\nended\n");
});

test("a program that is not there is said to be", async () => {
  const { status, output } = await run("/no/such/program", []);
  assert.equal(status, null);
  assert.match(output, /ENOENT/);
});

test("without a runtime of the embedded model the server works all the same", async () => {
  const { python, parcel, storage, env } = scene("embedded.txt", "No matching distribution");
  await install(parcel, [python], storage, { env });
  assert.equal(installedIn(storage, "0.2.0"), path.join(storage, "server-0.2.0", "bin"));
});

test("an older server serves until the new one is there, and goes then", async () => {
  const { python, parcel, storage, env } = scene();
  const old = path.join(storage, "server-0.1.0");
  mkdirSync(old, { recursive: true });
  writeFileSync(path.join(old, "complete"), "");
  assert.equal(installedIn(storage, "0.2.0"), path.join(old, "bin"));
  await install(parcel, [python], storage, { env });
  assert.equal(installedIn(storage, "0.2.0"), path.join(storage, "server-0.2.0", "bin"));
  assert.equal(existsSync(old), false);
});

test("what the user cancels ends at once", async () => {
  const { python, parcel, storage, env } = scene();
  const signal = AbortSignal.abort();
  await assert.rejects(install(parcel, [python], storage, { env, signal }));
  assert.equal(installedIn(storage, "0.2.0"), undefined);
});

test("a build without a server has no parcel", () => {
  assert.equal(parcelIn(mkdtempSync(path.join(tmpdir(), "fimls-"))), undefined);
  assert.equal(versionOf("/x/fimls-0.2.0-py3-none-any.whl"), "0.2.0");
});

const REASONS: readonly (readonly [why: string, output: string, reason: RegExp])[] = [
  [
    "no network: pip says so first, and that there is no package last",
    "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError'\n" +
      "ERROR: No matching distribution found for anyio==4.16.0",
    /cannot be reached\. Check the network/,
  ],
  [
    "Debian's Python without its venv",
    "The virtual environment was not created successfully because ensurepip is not available.",
    /python3-venv/,
  ],
  [
    "a package that is not the one expected",
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
    /not the one that was expected/,
  ],
  [
    "a machine without a wheel",
    "ERROR: No matching distribution found for tree-sitter==0.26.1",
    /no tree-sitter==0\.26\.1 for this Python/,
  ],
  ["anything else", "one\nERROR: something new\n", /^ERROR: something new$/],
  ["nothing at all", "", /without a word/],
];

for (const [why, output, reason] of REASONS) {
  test(`why an installation failed: ${why}`, () => assert.match(reasonOf(output), reason));
}
