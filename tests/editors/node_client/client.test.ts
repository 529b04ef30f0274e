/** fimls and the protocol library of VS Code, which knows nothing of it. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import {
  type ApplyWorkspaceEditParams,
  CancellationTokenSource,
  CodeActionRequest,
  CodeActionTriggerKind,
  type Command,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExecuteCommandRequest,
  type InitializeResult,
  type InlineCompletionParams,
  InlineCompletionRequest,
  InlineCompletionTriggerKind,
  LSPErrorCodes,
  Range,
  TextDocumentEdit,
} from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-types";
import { FakeOllama, until } from "../fake_ollama.ts";
import { Server } from "./server.ts";

const URI = "file:///project/prices.py";

let ollama: FakeOllama;

before(async () => {
  ollama = await FakeOllama.start(
    "--model",
    "codellama:7b-code",
    "--model",
    "codellama:7b-instruct",
  );
});
after(() => ollama.stop());

/** A server that has been greeted; at the end of the test it is said goodbye to. */
async function greeted(t: TestContext, host = ollama.url): Promise<[Server, InitializeResult]> {
  const server = new Server(host);
  t.after(() => server.stop());
  return [server, await server.initialize()];
}

async function open({ connection }: Server, text: string): Promise<void> {
  const textDocument = { uri: URI, languageId: "python", version: 1, text };
  await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
}

/** The question for what could stand at a place, asked by a key. */
function asked(line: number, character: number): InlineCompletionParams {
  return {
    textDocument: { uri: URI },
    position: { line, character },
    context: { triggerKind: InlineCompletionTriggerKind.Invoked },
  };
}

test("the handshake", async (t) => {
  const [, announced] = await greeted(t);

  assert.equal(announced.serverInfo?.name, "fimls");
  assert.equal(announced.capabilities.positionEncoding, "utf-16");
  assert.ok(announced.capabilities.inlineCompletionProvider);
  assert.ok(announced.capabilities.codeActionProvider);
  assert.ok(announced.capabilities.executeCommandProvider?.commands.includes("fimls.generate"));
});

test("an inline completion after changes of parts, counted in units of UTF-16", async (t) => {
  const [server] = await greeted(t);
  await ollama.answer("net + vat <EOT>");
  await open(server, 'icon = "😀"; vat = 1\ndef price(net):\n    retur\n');
  await server.connection.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri: URI, version: 2 },
    contentChanges: [
      // Behind the astral character, which is two units, and then where the cursor is.
      { range: Range.create(0, 19, 0, 20), text: "20" },
      { range: Range.create(2, 9, 2, 9), text: "n " },
    ],
  });

  const answer = await server.connection.sendRequest(InlineCompletionRequest.type, asked(2, 11));

  assert.ok(answer && !Array.isArray(answer));
  const [item] = answer.items;
  assert.equal(item?.insertText, "net + vat");
  assert.deepEqual(item.range, Range.create(2, 11, 2, 11));
  const prompt = (await ollama.seen()).requests.at(-1)?.prompt ?? "";
  assert.ok(prompt.includes('icon = "😀"; vat = 20\ndef price(net):\n    return'), prompt);
});

test("a request that is taken back", async (t) => {
  const slow = await FakeOllama.start("--answer", "net + vat", "--read-tokens-per-s", "1");
  t.after(() => slow.stop());
  const [server] = await greeted(t, slow.url);
  await open(server, "def price(net):\n    return \n");
  const source = new CancellationTokenSource();
  const pending = server.connection.sendRequest(
    InlineCompletionRequest.type,
    asked(1, 11),
    source.token,
  );
  await until("the model is asked", async () =>
    (await slow.seen()).requests.some((each) => each.prompt),
  );
  source.cancel();

  await assert.rejects(pending, { code: LSPErrorCodes.RequestCancelled });
  await until("the model is let go", async () =>
    (await slow.seen()).outcomes.includes("cancelled"),
  );
});

test("a comment becomes code by a code action", async (t) => {
  const [server] = await greeted(t);
  await ollama.answer("```python\ndef double(value):\n    return value * 2\n```\n");
  const document = TextDocument.create(URI, "python", 1, "# a function that doubles a value\n");
  await open(server, document.getText());
  const edits: ApplyWorkspaceEditParams[] = [];
  server.connection.onRequest("workspace/applyEdit", (params: ApplyWorkspaceEditParams) => {
    edits.push(params);
    return { applied: true };
  });

  const actions = await server.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: URI },
    range: Range.create(0, 3, 0, 3),
    context: { diagnostics: [], triggerKind: CodeActionTriggerKind.Invoked },
  });
  const generate = actions?.find((each) => each.title === "Turn comment into code");
  assert.ok(generate, JSON.stringify(actions));
  const { command, arguments: given } = generate.command as Command;
  await server.connection.sendRequest(ExecuteCommandRequest.type, {
    command,
    ...(given && { arguments: given }),
  });

  const [change] = edits[0]?.edit.documentChanges ?? [];
  assert.ok(TextDocumentEdit.is(change), JSON.stringify(edits));
  assert.deepEqual(change.textDocument, { uri: URI, version: 1 });
  assert.equal(
    TextDocument.applyEdits(document, change.edits as []),
    "# a function that doubles a value\ndef double(value):\n    return value * 2\n",
  );
});

test("the exit status tells whether goodbye was said", async () => {
  const polite = new Server(ollama.url);
  await polite.initialize();
  const gone = new Server(ollama.url);
  await gone.initialize();
  gone.hangUp();

  assert.deepEqual([await polite.stop(), await gone.ended()], [0, 1]);
});
