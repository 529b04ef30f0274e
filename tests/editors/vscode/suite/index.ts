/** What VS Code calls to run the tests of this folder beside its extensions. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";
import * as vscode from "vscode";
import { until } from "../../fake_ollama.ts";
import { tell } from "./report.ts";

export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = tell;
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, color: false });
  mocha.rootHooks({ beforeAll: serverRuns });
  for (const name of readdirSync(import.meta.dirname).sort()) {
    if (name.endsWith(".test.ts")) mocha.addFile(join(import.meta.dirname, name));
  }
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures) throw new Error(`${failures} failed`);
}

/** The server's commands are there when it has greeted. */
async function serverRuns(): Promise<void> {
  await until("the server runs", async () =>
    (await vscode.commands.getCommands()).includes("fimls.restartModel"),
  );
}
