/** The models that the server lists, in words. */

/** An entry of what `fimls.models` answers: that of `fimls model list --json`. */
export interface Model {
  readonly name: string;
  readonly backend: string;
  readonly size_bytes: number | null;
  readonly fills: string;
  readonly family: string;
  readonly loaded: boolean;
  readonly path: string | null;
}

const BYTES_PER_GB = 1e9;

/** How a model is shown in a list. */
export function wordsFor(model: Model): { label: string; description: string; detail: string } {
  const size = model.size_bytes ? `${(model.size_bytes / BYTES_PER_GB).toFixed(1)} GB` : "";
  const loaded = model.loaded ? "loaded" : "";
  return {
    label: model.name,
    description: [model.backend, size, loaded].filter(Boolean).join(" · "),
    detail: `Fills in the middle: ${model.fills}${model.family ? ` (${model.family})` : ""}`,
  };
}
