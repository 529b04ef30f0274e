// Builds what the extension installs for its user into server/: the wheel of fimls, and the locked
// versions and hashes of all that it needs.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { closure, required } from "./lock.mjs";

const REPOSITORY = resolve("../..");
const CLONE = join(REPOSITORY, ".venv", "bin", "python");
const TARGET = resolve("server");
const METADATA = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
print(next(wheel.read(name).decode() for name in wheel.namelist() if name.endswith("/METADATA")))
`;

const python = process.env.PYTHON ?? (existsSync(CLONE) ? CLONE : "python3");
const run = (...args) => execFileSync(python, args, { encoding: "utf8" });

rmSync(TARGET, { recursive: true, force: true });
mkdirSync(TARGET);
const pip = ["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"];
run(...pip, "--no-build-isolation", "--wheel-dir", TARGET, REPOSITORY);
const [wheel] = readdirSync(TARGET);

const lock = readFileSync(join(REPOSITORY, "constraints.txt"), "utf8");
const { always, embedded } = required(run("-c", METADATA, join(TARGET, wheel)));
const needed = closure(lock, always);
const alone = [...closure(lock, embedded)].filter(([name]) => !needed.has(name));
writeFileSync(join(TARGET, "constraints.txt"), [...needed.values()].join(""));
writeFileSync(join(TARGET, "embedded.txt"), alone.map(([, locked]) => locked).join(""));
console.log(`server/: ${wheel}, ${needed.size} packages, ${alone.length} for the embedded model`);
