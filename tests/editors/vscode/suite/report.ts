/** What whoever has started the tests is to read. */
import { appendFileSync } from "node:fs";
import { format } from "node:util";
import { named } from "../environment.ts";

/** Adds a line to the report; on the console it would be one among many of VS Code's own. */
export function tell(...words: unknown[]): void {
  appendFileSync(named("EDITOR_TEST_REPORT"), `${format(...words)}\n`);
}
