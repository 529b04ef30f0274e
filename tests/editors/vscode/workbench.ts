/** VS Code: its server in a process of its own, and its workbench in a browser without a screen. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Browser, chromium, type Page } from "playwright-core";
import { named } from "./environment.ts";

/** What keeps the workbench quiet: nothing moves that the test has not moved. */
const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.reduceMotion": "on",
  "chat.disableAIFeatures": true,
  "files.hotExit": "off",
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "editor.cursorBlinking": "solid",
  "editor.quickSuggestions": { other: "off" },
  "editor.minimap.enabled": false,
  "breadcrumbs.enabled": false,
  "workbench.activityBar.location": "hidden",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.layoutControl.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "window.commandCenter": false,
};

type Payload = [key: string, value: string][];

/** How VS Code's own tests ask for things in the workbench's address. */
interface Opening {
  /** The folder that is opened. */
  folder: string;
  /** The file that is opened in it. */
  file?: string;
  payload?: (authority: string) => Payload;
  size?: { width: number; height: number };
}

interface Profile {
  /** Settings of the machine, which hold for every window. */
  settings?: Record<string, unknown>;
  /** An extension that is installed before the first window is opened. */
  vsix?: string;
  /** Further options of VS Code's server. */
  more?: string[];
}

export class Workbench {
  readonly #process: ChildProcess;
  readonly #origin: string;
  #browser: Browser | undefined;

  private constructor(process: ChildProcess, origin: string) {
    this.#process = process;
    this.#origin = origin;
  }

  /** Starts a server with a profile that nobody has used. */
  static async start({ settings, vsix, more = [] }: Profile): Promise<Workbench> {
    const home = mkdtempSync(join(homedir(), "vscode-"));
    const machine = join(home, "data", "Machine");
    mkdirSync(machine, { recursive: true });
    writeFileSync(join(machine, "settings.json"), JSON.stringify({ ...QUIET, ...settings }));
    const folders = ["--server-data-dir", home, "--extensions-dir", join(home, "extensions")];
    if (vsix) await finished([...folders, "--install-extension", vsix]);
    const server = vscode(
      ...["--host", "127.0.0.1", "--port", "0", "--without-connection-token"],
      ...["--accept-server-license-terms", "--telemetry-level", "off"],
      ...["--disable-workspace-trust", ...folders, ...more],
    );
    for await (const line of createInterface({ input: server.stdout })) {
      const port = /Extension host agent listening on (\d+)/.exec(line)?.[1];
      if (port) {
        server.stdout.resume();
        return new Workbench(server, `127.0.0.1:${port}`);
      }
    }
    throw new Error("the server of VS Code ended before it listened");
  }

  /** Opens a window, with callbacks that are there before its first line of code. */
  async open(opening: Opening, prepare?: (page: Page) => Promise<void>): Promise<Page> {
    this.#browser ??= await chromium.launch({
      executablePath: named("EDITOR_TEST_CHROMIUM"),
      args: ["--no-sandbox", "--disable-gpu"],
      env: { ...process.env, ...JSON.parse(named("EDITOR_TEST_CHROMIUM_ENVIRON")) },
    });
    const size = opening.size ?? { width: 1000, height: 640 };
    const page = await this.#browser.newPage({ viewport: size, deviceScaleFactor: 2 });
    await prepare?.(page);
    const address = new URL(`http://${this.#origin}/`);
    address.searchParams.set("folder", opening.folder);
    const authority = `vscode-remote://${this.#origin}`;
    const payload: Payload = [["skipWelcome", "true"], ...(opening.payload?.(authority) ?? [])];
    if (opening.file) payload.push(["openFile", authority + opening.file]);
    address.searchParams.set("payload", JSON.stringify(payload));
    await page.goto(address.href);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
  }
}

/** Runs a command of VS Code's server to its end. */
async function finished(given: string[]): Promise<void> {
  const command = vscode(...given);
  command.stdout.resume();
  const [code] = await once(command, "exit");
  if (code) throw new Error(`${given.join(" ")} ended with ${code}`);
}

/** Starts VS Code's server; what it has to complain of is kept. */
function vscode(...given: string[]): ChildProcessWithoutNullStreams {
  // Nobody is asked for extensions: everything that is spoken to is on this machine.
  const env = { ...process.env, EXTENSIONS_GALLERY: "{}" };
  const server = spawn("node", [named("EDITOR_TEST_VSCODE"), ...given], { env });
  const log = join(named("EDITOR_TEST_LEFT"), "log.txt");
  server.stderr.pipe(createWriteStream(log, { flags: "a" }));
  return server;
}
