/** The server's life: it begins with the window, and comes back. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "../../fake_ollama.ts";
import { draw, ollama, servers, take } from "./desk.ts";

const OWN = ["fimls.menu", "fimls.restart", "fimls.showLogs", "fimls.why"];
const OF_THE_SERVER = ["fimls.explain", "fimls.generate", "fimls.toggle", "fimls.restartModel"];

async function completes(): Promise<void> {
  await ollama.answer("net + vat <EOT>");
  const editor = await draw("def price(net, vat):\n    return █\n");
  await take(editor);
  assert.equal(editor.document.getText(), "def price(net, vat):\n    return net + vat\n");
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
}

/** How often each of these commands is there. */
async function registered(): Promise<number[]> {
  const all = await vscode.commands.getCommands(true);
  return [...OWN, ...OF_THE_SERVER].map((name) => all.filter((each) => each === name).length);
}

describe("the server", () => {
  it("is started by the window itself, once", async () => {
    const extension = vscode.extensions.getExtension("fimls.fimls");
    await until("the extension is active", () => extension?.isActive);
    await until("the server runs", () => servers().length === 1);
  });

  it("has its commands registered once", async () => {
    assert.deepEqual(new Set(await registered()), new Set([1]));
  });

  it("completes", completes);

  it("is another one after a restart, with its commands registered once", async () => {
    const before = servers();
    await vscode.commands.executeCommand("fimls.restart");
    const after = await until("another server runs alone", () => {
      const now = servers();
      return now.length === 1 && now[0] !== before[0] && now;
    });
    assert.notDeepEqual(after, before);
    assert.deepEqual(new Set(await registered()), new Set([1]));
    await completes();
  });

  it("is another one after a restart, also where it stood still", async () => {
    const [before] = servers();
    assert.ok(before);
    process.kill(before, "SIGSTOP");
    await vscode.commands.executeCommand("fimls.restart");
    await until("another server runs alone", () => {
      const now = servers();
      return now.length === 1 && now[0] !== before;
    });
    await completes();
  });

  it("comes back by itself when it is killed", async () => {
    const [before] = servers();
    assert.ok(before);
    process.kill(before, "SIGKILL");
    await until("another server runs", () => servers().some((pid) => pid !== before));
    await completes();
  });

  it("runs alone where it is restarted while it comes back by itself", async () => {
    const [before] = servers();
    assert.ok(before);
    process.kill(before, "SIGKILL");
    const coming = await until("another server begins", () =>
      servers().find((pid) => pid !== before),
    );
    await vscode.commands.executeCommand("fimls.restart");
    await until("a third server runs alone", () => {
      const now = servers();
      return now.length === 1 && now[0] !== coming;
    });
    assert.deepEqual(new Set(await registered()), new Set([1]));
    await completes();
  });
});
