/** A window of VS Code as its user sees it: what is on the screen, and the keys. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { until } from "../fake_ollama.ts";
import { named } from "./environment.ts";

const GHOST = ".monaco-editor .ghost-text-decoration, .monaco-editor .ghost-text";
const STATUS = '[id="fimls.fimls.fimls.status"]';

export class Window {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(60_000);
  }

  /** Waits until the item in the status bar says something like this, and returns all it says. */
  async status(words: RegExp, withinMs = 120_000): Promise<string> {
    const item = this.page.locator(`${STATUS} a`);
    let said = "";
    try {
      return await until(
        `the status says ${words}`,
        async () => {
          said = (await item.getAttribute("aria-label", { timeout: 1000 }).catch(() => "")) ?? "";
          return words.test(said) && said;
        },
        withinMs,
      );
    } catch {
      throw new Error(`the status does not say ${words}, but ${said}`);
    }
  }

  /** Points at the item in the status bar until what it has to say is shown. */
  async pointAtStatus(words: RegExp): Promise<void> {
    await this.page.locator(`${STATUS} a`).hover();
    await this.page.locator(".monaco-hover").getByText(words).first().waitFor();
  }

  /** Waits until a notification says something like this. */
  async told(words: RegExp): Promise<void> {
    await this.page.locator(".notifications-toasts").getByText(words).waitFor();
  }

  /** Presses a button of a notification. */
  async press(title: string): Promise<void> {
    await this.page.locator(".notifications-toasts").getByRole("button", { name: title }).click();
  }

  /** Opens the menu of the status bar, and takes its first entry, which does what is to be done. */
  async fix(title: RegExp): Promise<void> {
    await this.page.locator(`${STATUS} a`).click();
    const first = this.page.locator(".quick-input-list .monaco-list-row").first();
    await first.waitFor();
    assert.match((await first.textContent()) ?? "", title);
    await first.click();
  }

  /** Waits for ghost text, and returns it. */
  async ghost(withinMs = 30_000): Promise<string> {
    const ghost = this.page.locator(GHOST);
    await ghost.first().waitFor({ timeout: withinMs });
    return (await ghost.allTextContents()).join("").replaceAll("\u00a0", " ");
  }

  /** Goes to a place, counted from 1 as the status bar does. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press("Control+g");
    await this.page.locator(".quick-input-widget input").fill(`:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Opens the menu of actions where the cursor is. */
  async actions(): Promise<Locator> {
    const rows = this.page.locator(".action-widget .monaco-list-row.action");
    await until("the menu of actions is open", async () => {
      await this.page.keyboard.press("Control+.");
      return rows
        .first()
        .waitFor({ timeout: 3000 })
        .then(
          () => true,
          () => false,
        );
    });
    return rows;
  }

  /** Runs a command of the palette. */
  async run(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input").fill(`>${title}`);
    await this.page
      .locator(".quick-input-list .monaco-list-row", { hasText: title })
      .first()
      .click();
  }

  /** Waits until a preview of Markdown shows these words. */
  async preview(words: string): Promise<void> {
    const outer = this.page.frameLocator("iframe.webview.ready");
    await outer.frameLocator("iframe#active-frame").getByText(words).waitFor();
  }

  /** Saves, and waits until the file is so; what is on the screen is in no order. */
  async saved(file: string, text: string): Promise<void> {
    await this.page.keyboard.press("Control+s");
    let found = "";
    await until("the file is saved", () => {
      found = readFileSync(file, "utf8");
      return found === text;
    }).catch(() => assert.equal(found, text));
  }

  /** Keeps what a test that has failed has left on the screen. */
  async seen(test: unknown): Promise<void> {
    const { name, error } = test as { name: string; error?: unknown };
    if (error === undefined || error === null) return;
    const picture = `${name.replace(/\W+/g, "-")}.png`;
    await this.page.screenshot({ path: join(named("EDITOR_TEST_LEFT"), picture) });
  }

  /** Takes a picture of the window, for the documentation where it is to be renewed. */
  async picture(name: string): Promise<void> {
    const folder = process.env.EDITOR_TEST_IMAGES ?? named("EDITOR_TEST_LEFT");
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}
