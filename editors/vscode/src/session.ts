/** The server's life: found, started, started again when it has to be, and ended with the window. */

import { statSync } from "node:fs";
import * as vscode from "vscode";
import { type LanguageClient, State } from "vscode-languageclient/node";
import { makeClient, type Parts } from "./client";
import { settingOf } from "./configuration";
import { findServer, ORIGINS, type Server } from "./discovery";
import { installedIn, parcelIn, versionOf } from "./installation";
import { selectedInterpreter } from "./interpreter";
import { NO_SERVER, notThere, STARTING, STOPPED, type Status } from "./status";
import type { StatusItems } from "./status_items";

/** One server at a time; whatever is asked of it happens one after the other. */
export class Session {
  readonly #context: vscode.ExtensionContext;
  readonly #parts: Parts;
  readonly #items: StatusItems;
  #client: LanguageClient | undefined;
  #server: Server | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(context: vscode.ExtensionContext, parts: Parts, items: StatusItems) {
    this.#context = context;
    this.#parts = parts;
    this.#items = items;
  }

  /** The client of a server that runs. */
  get client(): LanguageClient | undefined {
    return this.#client?.isRunning() ? this.#client : undefined;
  }

  /** Looks for the server and starts it; returns the one that was found. */
  async restart(): Promise<Server | undefined> {
    await this.#inTurn(async () => this.#start(await this.#find()));
    return this.#server;
  }

  /** Starts another server where another one is found by now. */
  async follow(): Promise<void> {
    await this.#inTurn(async () => {
      const found = await this.#find();
      if (found?.command !== this.#server?.command) {
        await this.#start(found);
      }
    });
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    await this.#inTurn(() => this.#end());
  }

  /** What has failed for one is told, and does not keep the next from its turn. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch((error: unknown) => {
      this.#parts.log.error(String(error));
      this.#items.show(STOPPED);
    });
    return this.#turn;
  }

  async #find(): Promise<Server | undefined> {
    const parcel = parcelIn(this.#context.extensionPath);
    const version = parcel ? versionOf(parcel.wheel) : "";
    const places = {
      setting: settingOf<string>("path"),
      environment: (await selectedInterpreter())?.folder,
      searchPath: process.env.PATH,
      installed: installedIn(this.#context.globalStorageUri.fsPath, version),
    };
    return findServer(places, isFile);
  }

  async #start(server: Server | undefined): Promise<void> {
    await this.#end();
    this.#server = server;
    if (!server) {
      const path = settingOf<string>("path");
      this.#items.show(path ? notThere(path) : NO_SERVER);
      this.#parts.log.warn("no server was found");
      return;
    }
    const client = makeClient(server, this.#parts);
    this.#client = client;
    this.#listen(client);
    this.#parts.log.info(`starting ${server.command}, ${ORIGINS[server.origin]}`);
    await client.start();
    const { serverInfo, capabilities } = client.initializeResult ?? {};
    announce(capabilities?.executeCommandProvider?.commands ?? []);
    const words = `fimls ${serverInfo?.version ?? ""}, ${ORIGINS[server.origin]}: ${server.command}`;
    this.#parts.log.info(`running ${words}`);
    this.#items.runs(words);
  }

  #listen(client: LanguageClient): void {
    client.onNotification("fimls/status", (status: Status) => {
      this.#items.show(status);
      if (status.state === "ready") {
        void vscode.commands.executeCommand("setContext", "fimls.ready", true);
      }
    });
    client.onDidChangeState(({ newState }) => {
      const isRunning = newState === State.Running;
      if (newState === State.Starting) {
        this.#items.show(STARTING);
      }
      void vscode.commands.executeCommand("setContext", "fimls.running", isRunning);
      this.#items.forgetDocuments();
      if (newState === State.Stopped && client === this.#client) {
        this.#items.show(STOPPED);
      }
    });
  }

  async #end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // One that never ran has nothing to be stopped.
    if (client?.needsStop()) {
      const { serverProcess } = client;
      await client.dispose().catch((error: unknown) => {
        // One that stands still does not end by itself, nor does one that is only about to run.
        serverProcess?.kill("SIGKILL");
        this.#parts.log.warn(String(error));
      });
    }
  }
}

/** The palette and the menus hold those commands that this very server has: `fimls.can.explain`. */
function announce(names: readonly string[]): void {
  for (const name of names) {
    void vscode.commands.executeCommand("setContext", name.replace("fimls.", "fimls.can."), true);
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
