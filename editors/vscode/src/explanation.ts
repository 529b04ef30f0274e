/** Why the last completion of a document looked as it did, in words for its user. */

/** The answer to `fimls/explainLast`: the form of `fimls complete --explain --json`. */
export interface Explanation {
  readonly text: string;
  readonly skip: string | null;
  readonly backend: string | null;
  readonly model: string | null;
  readonly mode: string | null;
  readonly stages_ms: Readonly<Record<string, number>>;
  readonly prompt: string | null;
  readonly raw: string | null;
  readonly context: readonly Shown[];
  readonly filters: readonly Filter[];
}

interface Shown {
  readonly path: string;
  readonly kind: string;
  readonly tokens: number;
}

interface Filter {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

/** The explanation as Markdown: the answer first, what it rests on below. */
export function markdownOf(last: Explanation, hints: readonly string[] = []): string {
  return [
    `## ${last.skip ? "Nothing was shown" : "A completion was shown"}`,
    last.skip ? `Because ${last.skip}.` : fenced(last.text),
    ...hints,
    model(last),
    section("What the filters did", last.filters.filter(hasActed).map(filterLine)),
    section("What else the model was shown", last.context.map(contextLine)),
    section("Time", Object.entries(last.stages_ms).map(stageLine)),
    last.raw === null ? "" : `### The model's own answer\n\n${fenced(last.raw)}`,
    last.prompt === null ? "" : `### The prompt\n\n${fenced(last.prompt)}`,
  ]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

function model({ model: name, backend, mode }: Explanation): string {
  return name ? `Model: \`${name}\` on ${backend}${mode ? `, mode \`${mode}\`` : ""}` : "";
}

function section(title: string, lines: readonly string[]): string {
  return lines.length > 0 ? `### ${title}\n\n${lines.join("\n")}` : "";
}

function hasActed({ before, after }: Filter): boolean {
  return before !== after;
}

function filterLine({ name, reason }: Filter): string {
  return `- \`${name}\`: ${reason || "changed the text"}`;
}

function contextLine({ path, kind, tokens }: Shown): string {
  return `- \`${path}\` (${kind}, ${tokens} tokens)`;
}

function stageLine([stage, ms]: [string, number]): string {
  return `- ${stage}: ${ms.toFixed(1)} ms`;
}

/** A fence that is longer than any in the text, or the text would end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
