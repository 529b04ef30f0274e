/** Work that there may be only one of at a time. */

/** The work as it is asked for: what is under way is waited for, and not begun a second time. */
export function alone<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let current: Promise<Result> | undefined;
  return () => {
    current ??= work().finally(() => {
      current = undefined;
    });
    return current;
  };
}
