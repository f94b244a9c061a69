/** Translate the interface: messages are English, the kernel sends other languages. */

let words: Readonly<Record<string, string>> = {};

/** Use these translations from now on, by English message. */
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
