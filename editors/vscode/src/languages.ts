/** Turning completions off and on for a language. */

/** The two settings that decide, as far as they are made. */
export interface Languages {
  readonly disabled: readonly string[];
  readonly enabled: readonly string[];
}

/** Whether a language is completed; `isOff` says that the server does not complete the document. */
export function isOn(languages: Languages, language: string, isOff: boolean): boolean {
  return !languages.disabled.includes(language) && !isOff;
}

/**
 * The settings with the language turned the other way.  What is off without being disabled is
 * prose: it has to be enabled by name.
 */
export function toggled(languages: Languages, language: string, isOff: boolean): Languages {
  const { disabled, enabled } = languages;
  const without = (names: readonly string[]) => names.filter((name) => name !== language);
  if (isOn(languages, language, isOff)) {
    return { disabled: [...disabled, language], enabled: without(enabled) };
  }
  return disabled.includes(language)
    ? { disabled: without(disabled), enabled }
    : { disabled, enabled: [...without(enabled), language] };
}
