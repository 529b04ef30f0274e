/** The fake Ollama of `fimls.testing`, as a program beside a test. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** What it has seen: the bodies of the requests, what became of each, and how often it loaded. */
export interface Seen {
  requests: {
    prompt?: string;
    messages?: { content: string }[];
    keep_alive?: string | number;
  }[];
  outcomes: (string | null)[];
  loads: number;
}

export class FakeOllama {
  readonly url: string;
  readonly #process: ChildProcess | undefined;

  /** One that runs at that address, and is ended by whoever has started it. */
  constructor(url: string, process?: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  /** Starts one, with options of its command line. */
  static async start(...options: string[]): Promise<FakeOllama> {
    const command = ["-m", "fimls.testing.fake_ollama", ...options];
    const process = spawn(python(), command, { stdio: ["pipe", "pipe", "inherit"] });
    for await (const line of createInterface({ input: process.stdout })) {
      return new FakeOllama((JSON.parse(line) as { url: string }).url, process);
    }
    throw new Error("the fake Ollama ended before it said where it is");
  }

  /** From now on the model says this. */
  async answer(text: string): Promise<void> {
    await fetch(`${this.url}/fake/answer`, { method: "POST", body: JSON.stringify(text) });
  }

  async seen(): Promise<Seen> {
    const reply = await fetch(`${this.url}/fake/state`);
    return (await reply.json()) as Seen;
  }

  /** Ends it, by the end of its input. */
  async stop(): Promise<void> {
    const process = this.#process;
    if (!process || process.exitCode !== null) return;
    const ended = once(process, "exit");
    process.stdin?.end();
    await ended;
  }
}

/** The interpreter that the tests were started with. */
export function python(): string {
  const named = process.env.EDITOR_TEST_PYTHON;
  if (!named) throw new Error("start these tests by `python -m tests.editors.…`");
  return named;
}

/** Waits until something holds, and returns it; says what was waited for when it never does. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  withinMs = 20_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
