/** Words of the interface. Messages are English text; the kernel sends other tongues. */

let words: Readonly<Record<string, string>> = {};

/** Use these words from now on: English text to the reader's. */
export function useWords(found: Readonly<Record<string, string>>): void {
  words = found;
}

/** The message in the reader's language, with `{names}` filled in. */
export function t(
  message: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const text = words[message] ?? message;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
}
