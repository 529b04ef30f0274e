/** Runs the tests of `suite/` where extensions run, with the extension from its source. */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { format } from "node:util";
import { named } from "./environment.ts";
import { Workbench } from "./workbench.ts";

const folder = join(homedir(), "shop");
mkdirSync(folder);
const workbench = await Workbench.start({ more: ["--enable-smoke-test-driver"] });
const ended = Promise.withResolvers<number>();
await workbench.open(
  {
    folder,
    payload: (authority) => [
      ["extensionDevelopmentPath", authority + named("EDITOR_TEST_EXTENSION")],
      ["extensionTestsPath", authority + join(import.meta.dirname, "suite", "index.ts")],
    ],
  },
  // By these two VS Code tells whoever has started it what is said, and how the tests ended.
  async (page) => {
    await page.exposeFunction("codeAutomationLog", (_kind: string, words: unknown[]) =>
      appendFileSync(join(named("EDITOR_TEST_LEFT"), "log.txt"), `${format(...words)}\n`),
    );
    await page.exposeFunction("codeAutomationExit", (code: number) => ended.resolve(code));
  },
);
process.exitCode = await ended.promise;
process.stdout.write(readFileSync(named("EDITOR_TEST_REPORT")));
await workbench.close();
