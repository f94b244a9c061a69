/** Words of the interface, by key. English is complete; other tongues fall back to it. */

const ENGLISH = {
  "strip.label": "Timeline of {name}",
  "strip.empty": "Nothing on the timeline yet",
} as const;

export type MessageKey = keyof typeof ENGLISH;

/** The words for a key, with `{names}` filled in. */
export function t(
  key: MessageKey,
  values: Readonly<Record<string, string>> = {},
): string {
  return ENGLISH[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
