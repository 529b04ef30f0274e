// Reads constraints.txt as `make lock` writes it: for each package a line with its version, the
// hashes of its files, and a comment with the packages that it is there for.

const PACKAGE = /^([\w.-]+)==.*(?:\n[ \t]+.*)*\n/gm;
const VIA = /# via (.*)/;
const REQUIRES = /^Requires-Dist: ([\w.-]+)(.*)$/gm;

/** The names that a wheel's metadata requires: always, and for the extra of the embedded model. */
export function required(metadata) {
  const all = [...metadata.matchAll(REQUIRES)].map(([, name, rest]) => [normal(name), rest]);
  const named = (wanted) => all.filter(([, rest]) => rest.includes("extra ==") === wanted);
  return {
    always: named(false).map(([name]) => name),
    embedded: named(true).map(([name]) => name),
  };
}

/** The locked lines of those packages and of all that they need, by name. */
export function closure(lock, roots) {
  const packages = [...lock.matchAll(PACKAGE)].map(([lines, name]) => ({
    name: normal(name),
    lines: lines.replace(/^[ \t]+# .*\n/gm, ""),
    via: (VIA.exec(lines)?.[1] ?? "").split(", ").map(normal),
  }));
  const found = new Set(roots);
  let size = 0;
  while (size < found.size) {
    size = found.size;
    for (const { name, via } of packages) {
      if (via.some((each) => found.has(each))) {
        found.add(name);
      }
    }
  }
  return new Map(
    packages.filter(({ name }) => found.has(name)).map((each) => [each.name, each.lines]),
  );
}

function normal(name) {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
