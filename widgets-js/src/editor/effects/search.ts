/** Which kinds the browser shows: categories, words, favorites. Pure. */

import type { KindView } from "../../protocol";

/** What a category takes. */
export const CATEGORIES = [
  "all",
  "favorites",
  "picture",
  "transition",
  "sound",
  "title",
  "preset",
] as const;
export type Category = (typeof CATEGORIES)[number];

const MEDIA: Readonly<Record<string, readonly string[]>> = {
  picture: ["picture", "time"],
  transition: ["transition"],
  sound: ["sound", "crossfade"],
  title: ["generator", "template"],
};

/** A kind's name among favorites and samples. */
export function nameOf({ medium, kind }: Pick<KindView, "medium" | "kind">): string {
  return `${medium}:${kind}`;
}

const plain = (text: string) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** How well a kind fits words; 0 if it lacks one of them. */
export function score(words: readonly string[], label: string, about: string): number {
  let sum = 0;
  for (const word of words) {
    if (label.startsWith(word)) sum += 8;
    else if (label.split(/\s+/).some((own) => own.startsWith(word))) sum += 6;
    else if (label.includes(word)) sum += 4;
    else if (about.includes(word)) sum += 1;
    else return 0;
  }
  return sum;
}

export interface Query {
  readonly category: Category;
  readonly text: string;
  readonly favorites: ReadonlySet<string>;
  /** The label as the reader sees it. */
  translate(label: string): string;
}

/** The kinds of a query: in the catalog's order, or the best first if words are given. */
export function found(kinds: readonly KindView[], query: Query): KindView[] {
  const { category, favorites, translate } = query;
  const within = kinds.filter((kind) => {
    if (category === "all") return true;
    if (category === "favorites") return favorites.has(nameOf(kind));
    return MEDIA[category]?.includes(kind.medium) ?? false;
  });
  const words = plain(query.text).split(/\s+/).filter(Boolean);
  if (!words.length) return within;
  return within
    .map((kind) => {
      const label = `${plain(translate(kind.label))} ${plain(kind.label)}`;
      const about = `${plain(kind.words)} ${plain(translate(kind.groupLabel))} ${plain(kind.groupLabel)}`;
      return [score(words, label, about), kind] as const;
    })
    .filter(([points]) => points > 0)
    .sort(([a], [b]) => b - a)
    .map(([, kind]) => kind);
}
