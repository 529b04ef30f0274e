/** What `python -m tests.editors.vscode` tells the tests. */

export function named(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable}: start these tests by python -m tests.editors.vscode`);
  return value;
}
