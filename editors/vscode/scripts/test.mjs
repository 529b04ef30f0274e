// Runs the unit tests, which need no VS Code: each is bundled to JavaScript, and Node's runner runs it.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const tests = readdirSync("test").filter((name) => name.endsWith(".test.ts"));
rmSync("out", { recursive: true, force: true });
await build({
  entryPoints: tests.map((name) => join("test", name)),
  outdir: "out",
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: true,
  logLevel: "warning",
});
const files = tests.map((name) => join("out", name.replace(/\.ts$/, ".cjs")));
const run = spawnSync(
  process.execPath,
  ["--enable-source-maps", "--test", "--test-reporter=spec", ...files],
  {
    stdio: "inherit",
  },
);
process.exitCode = run.status ?? 1;
