/** Translate the interface: messages are English, the kernel sends other languages. */

/** The texts of a language, by their English. */
export interface Translations {
  readonly language: string;
  readonly isRightToLeft: boolean;
  readonly texts: Readonly<Record<string, string>>;
  /** The forms of counted messages by their English plural, each by its category. */
  readonly plurals: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Values = Readonly<Record<string, string | number>>;

export const ENGLISH: Translations = {
  language: "en",
  isRightToLeft: false,
  texts: {},
  plurals: {},
};

let current = ENGLISH;
let categories = new Intl.PluralRules("en");

/** Use these texts from now on. */
export function useTranslations(found: Translations): void {
  current = found;
  categories = new Intl.PluralRules(found.language);
}

/** The language of the texts, as a tag. */
export function language(): string {
  return current.language;
}

/** The direction of the texts. */
export function direction(): "ltr" | "rtl" {
  return current.isRightToLeft ? "rtl" : "ltr";
}

/** The message in the reader's language, with `{names}` filled in. */
export function t(message: string, values: Values = {}): string {
  return filled(current.texts[message] ?? message, values);
}

/** The message for a count, with `{count}` and other names filled in. */
export function tn(
  one: string,
  many: string,
  count: number,
  values: Values = {},
): string {
  const forms = current.plurals[many] ?? { one, other: many };
  const text = forms[categories.select(count)] ?? forms.other ?? many;
  return filled(text, { count, ...values });
}

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : isolated(String(value));
  });
}

/** A text that runs from left to right in every language: keys, a number with a unit. */
export function leftToRight(text: string): string {
  return current.isRightToLeft ? `\u2066${text}\u2069` : text;
}

/** A message that runs in the direction of its language where all else does not. */
export function inOwnDirection(text: string): string {
  return current.isRightToLeft ? `\u2067${text}\u2069` : text;
}

/**
 * A value that keeps its own direction in a text from right to left: a file's name, a
 * timecode or a path between Arabic words would else be torn apart (UAX #9, FSI).
 */
function isolated(value: string): string {
  return current.isRightToLeft && value ? `\u2068${value}\u2069` : value;
}
