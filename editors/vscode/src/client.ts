/** The language client: what it announces, and where it does otherwise than the library. */

import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  DidChangeConfigurationNotification,
  LanguageClient,
  type Middleware,
  type StaticFeature,
} from "vscode-languageclient/node";
import { runCommand } from "./actions";
import type { Answers } from "./answers";
import type { Configuration } from "./configuration";
import type { Server } from "./discovery";
import { SELECTOR } from "./documents";
import type { Asking } from "./more";

/** What a client makes use of. */
export interface Parts {
  readonly log: vscode.LogOutputChannel;
  readonly configuration: Configuration;
  readonly asking: Asking;
  readonly answers: Answers;
  /** Called at each question for a completion. */
  readonly onQuestion: () => void;
}

/** The parameters of `fimls/input`. */
interface InputParams {
  readonly prompt: string;
  readonly value?: string;
}

/** A client of that server, not yet started. */
export function makeClient(server: Server, parts: Parts): LanguageClient {
  const client: LanguageClient = new LanguageClient(
    "fimls",
    "fimls",
    {
      command: server.command,
      args: ["serve", "--log-level", levelOf(parts.log.logLevel)],
      // A workspace has no part in what is started: neither does its folder.
      options: { cwd: homedir() },
    },
    {
      documentSelector: SELECTOR,
      outputChannel: parts.log,
      initializationOptions: () => parts.configuration.forStart(),
      middleware: middleware(() => client, parts),
    },
  );
  client.registerFeature(EXPERIMENTAL);
  client.onRequest("fimls/input", async ({ prompt, value }: InputParams) => {
    const given = await vscode.window.showInputBox({
      prompt,
      ignoreFocusOut: true,
      ...(value === undefined ? {} : { value }),
    });
    return { value: given ?? null };
  });
  parts.asking.listen(client);
  parts.answers.listen(client);
  return client;
}

const EXPERIMENTAL: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = {
      ...capabilities.experimental,
      fimls: { more: true, input: true, actionText: true },
    };
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};

function middleware(client: () => LanguageClient, parts: Parts): Middleware {
  return {
    provideInlineCompletionItems: (document, position, context, token, next) => {
      parts.onQuestion();
      return next(document, position, parts.asking.note(document, position, context), token);
    },
    executeCommand: (command, args) => {
      if (command === "fimls.explain") {
        parts.answers.begin();
      }
      return runCommand(client(), command, args);
    },
    workspace: {
      configuration: (params, token, next) =>
        params.items.every(({ section }) => section === "fimls")
          ? params.items.map(() => parts.configuration.forAsking())
          : next(params, token),
      // The server asks for what it wants to know; what VS Code would send are not the user's own.
      didChangeConfiguration: () =>
        client().sendNotification(DidChangeConfigurationNotification.type, { settings: null }),
    },
  };
}

function levelOf(level: vscode.LogLevel): string {
  return level === vscode.LogLevel.Trace || level === vscode.LogLevel.Debug ? "debug" : "info";
}
