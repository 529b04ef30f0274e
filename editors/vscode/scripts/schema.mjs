// From the server's schema of its settings to what package.json contributes.
//
// No default is declared, and none is sent that the user has not set: it would hide the user's
// config.toml and environment.  VS Code makes up defaults of its own, `false` for a boolean and 0
// for a number; a type that begins with "null" has null instead, which the settings editor shows
// as not set.

/** Settings of the extension's own: what is started, so never a matter of the workspace. */
const OWN = {
  "fimls.path": {
    type: "string",
    scope: "machine",
    markdownDescription: "%setting.path%",
  },
  "fimls.interpreter": {
    type: "string",
    scope: "machine",
    markdownDescription: "%setting.interpreter%",
  },
};

/** The properties of the configuration, in the order of the schema. */
export function contributed(schema) {
  const settings = leaves(schema.properties, "fimls");
  return { ...OWN, ...Object.fromEntries(settings.map(([key, leaf]) => [key, property(leaf)])) };
}

/** The settings that a workspace which is not trusted has no say in. */
export function restricted(schema) {
  const own = leaves(schema.properties, "fimls").filter(([, leaf]) => leaf["x-machine-scope"]);
  return [...Object.keys(OWN), ...own.map(([key]) => key)];
}

function leaves(properties, section) {
  return Object.entries(properties).flatMap(([name, leaf]) =>
    leaf.properties
      ? leaves(leaf.properties, `${section}.${name}`)
      : [[`${section}.${name}`, leaf]],
  );
}

function property(leaf) {
  const unit = leaf["x-unit"] ? ` In ${leaf["x-unit"]}.` : "";
  const preset = ` Not set: ${shown(leaf.default)}.`;
  return {
    ...(leaf.anyOf ? { anyOf: leaf.anyOf } : typed(leaf)),
    scope: leaf["x-machine-scope"] ? "machine" : "window",
    markdownDescription: `${leaf.description}${unit}${preset}`,
  };
}

function shown(value) {
  return Array.isArray(value) || typeof value === "object" ? "empty" : `\`${value}\``;
}

function typed({ type, minLength: _, ...leaf }) {
  const kept = ["items", "additionalProperties", "minimum", "maximum"];
  const rest = Object.fromEntries(kept.filter((key) => key in leaf).map((key) => [key, leaf[key]]));
  const choices = type === "boolean" ? [true, false] : leaf.enum;
  if (choices) {
    const labels = ["not set", ...choices.map(String)];
    return { type: ["null", type], enum: [null, ...choices], enumItemLabels: labels };
  }
  return { type: type === "integer" ? ["null", type] : type, ...rest };
}
