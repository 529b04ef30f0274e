// Writes the settings of `fimls settings --schema` into package.json; --check only compares.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { contributed, restricted } from "./schema.mjs";

const FILE = "package.json";
const CLONE = "../../.venv/bin/fimls";

const server = process.env.FIMLS ?? (existsSync(CLONE) ? CLONE : "fimls");
const schema = JSON.parse(execFileSync(server, ["settings", "--schema"], { encoding: "utf8" }));
const before = readFileSync(FILE, "utf8");
const manifest = JSON.parse(before);
manifest.contributes.configuration.properties = contributed(schema);
manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = restricted(schema);
const after = `${JSON.stringify(manifest, null, 2)}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(FILE, after);
} else if (JSON.stringify(JSON.parse(after)) !== JSON.stringify(JSON.parse(before))) {
  console.error("package.json does not hold the server's settings: run `npm run settings`");
  process.exitCode = 1;
}
