/** Settings: only what the user has set is sent, so that every other source counts. */
import assert from "node:assert/strict";
import { until } from "../../fake_ollama.ts";
import { configure, draw, ollama, take } from "./desk.ts";

/** How long the model is to stay loaded, as the last request has it. */
async function keepAlive(): Promise<unknown> {
  const { requests } = await ollama.seen();
  return requests.findLast(({ prompt }) => prompt)?.keep_alive;
}

async function ask(name: string): Promise<void> {
  await ollama.answer(`${name} <EOT>`);
  await take(await draw("answer = █\n"));
}

describe("a setting", () => {
  it("that VS Code does not have comes from elsewhere", async () => {
    await ask("environment");
    assert.equal(await keepAlive(), process.env.FIMLS_KEEP_ALIVE);
  });

  it("of the user's comes first, and counts at once", async () => {
    await configure("keepAlive", "11m");
    try {
      await until("the server has heard of it", async () => {
        await ask(`now_${Math.round(performance.now())}`);
        return (await keepAlive()) === "11m";
      });
    } finally {
      await configure("keepAlive", undefined);
    }
  });
});
