/** `fimls serve` in a process of its own, connected to the protocol library of VS Code. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  createProtocolConnection,
  type InitializeParams,
  type InitializeResult,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";

/** What this client says of itself; the library adds nothing. */
const CLIENT: InitializeParams = {
  processId: process.pid,
  clientInfo: { name: "vscode-languageserver-protocol" },
  rootUri: null,
  workspaceFolders: null,
  capabilities: {
    general: { positionEncodings: ["utf-16"] },
    textDocument: {
      inlineCompletion: {},
      codeAction: {
        codeActionLiteralSupport: { codeActionKind: { valueSet: ["refactor", "quickfix"] } },
      },
    },
    workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } },
  },
};

export class Server {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;

  /** Starts one that uses the model server at that address. */
  constructor(host: string) {
    const child = spawn("fimls", ["serve", "--log-level", "error"], {
      env: { ...process.env, FIMLS_HOST: host },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.process = child;
    this.connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.connection.listen();
  }

  async initialize(): Promise<InitializeResult> {
    const result: InitializeResult = await this.connection.sendRequest("initialize", CLIENT);
    await this.connection.sendNotification("initialized", {});
    return result;
  }

  /** Says goodbye; the status that the process ends with. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    return this.ended();
  }

  /** Closes its input, as an editor does that is killed. */
  hangUp(): void {
    this.connection.end();
    this.process.stdin?.end();
  }

  /** The status that the process ends with. */
  async ended(): Promise<number | null> {
    if (this.process.exitCode === null) {
      await new Promise((resolve) => this.process.once("exit", resolve));
    }
    return this.process.exitCode;
  }
}
