/** Which media a bin shows, in which order, and how they are described. */

import { t } from "../i18n";
import type { BinItem } from "../protocol";

export type SortKey = "added" | "name" | "duration" | "kind" | "uses" | "offline";

/** The fingerprints of the media in each bin. */
export type OwnBins = Readonly<Record<string, readonly string[]>>;

export interface ListOptions {
  readonly search: string;
  readonly sort: SortKey;
  readonly isDescending: boolean;
  /** Whether the folders of the files stand as headings over them. */
  readonly byFolder: boolean;
  readonly bins?: OwnBins;
  /** Bins that are shown though none of their media is here. */
  readonly kept?: ReadonlySet<string>;
}

export interface Section {
  /** The bin into which a person put the media; empty for the others. */
  readonly bin: string;
  /** The folder; empty without headings. */
  readonly folder: string;
  readonly items: readonly BinItem[];
}

export type Counts = Readonly<Record<string, number>>;

/** The media that a search leaves, sorted, in sections of one bin or folder each. */
export function sectionsOf(
  items: readonly BinItem[],
  counts: Counts,
  options: ListOptions,
): readonly Section[] {
  const found = items.filter((item) => matches(item, options.search));
  const sorted = sort(found, counts, options);
  const { bins = {}, kept = new Set() } = options;
  const known = new Set(items.map(({ fingerprint }) => fingerprint));
  const names = Object.keys(bins)
    .filter((name) => kept.has(name) || bins[name]?.some((one) => known.has(one)))
    .sort((one, other) => one.localeCompare(other, undefined, { numeric: true }));
  const sections: Section[] = names.map((bin) => {
    const own = new Set(bins[bin]);
    return { bin, folder: "", items: sorted.filter((i) => own.has(i.fingerprint)) };
  });
  const sortedIn = new Set(names.flatMap((name) => bins[name] ?? []));
  const others = sorted.filter(({ fingerprint }) => !sortedIn.has(fingerprint));
  // What is searched for is not hidden among empty bins.
  const shown = options.search ? sections.filter((one) => one.items.length) : sections;
  return [...shown, ...sectionsOfOthers(others, options.byFolder)];
}

function sectionsOfOthers(
  sorted: readonly BinItem[],
  byFolder: boolean,
): readonly Section[] {
  if (!byFolder) return sorted.length ? [{ bin: "", folder: "", items: sorted }] : [];
  const folders = new Map<string, BinItem[]>();
  for (const item of sorted) {
    const known = folders.get(item.folder);
    if (known) known.push(item);
    else folders.set(item.folder, [item]);
  }
  return [...folders]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([folder, own]) => ({ bin: "", folder, items: own }));
}

/** Each word has to be in the name, the folder or the kind, in any form of letters. */
function matches(item: BinItem, search: string): boolean {
  const { name, folder, kind, size, isOffline } = item;
  const state = isOffline ? `offline ${t("Offline")}` : "";
  const text = plain(`${name} ${folder} ${kind} ${size} ${state}`);
  return plain(search)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
}

function sort(
  items: readonly BinItem[],
  counts: Counts,
  { sort: key, isDescending }: ListOptions,
): readonly BinItem[] {
  const byName = (one: BinItem, other: BinItem) =>
    one.name.localeCompare(other.name, undefined, { numeric: true });
  const orders: Record<SortKey, (one: BinItem, other: BinItem) => number> = {
    added: () => 0,
    name: byName,
    duration: (one, other) => one.durationS - other.durationS,
    kind: (one, other) => one.kind.localeCompare(other.kind),
    offline: (one, other) => Number(other.isOffline) - Number(one.isOffline),
    uses: (one, other) => (counts[one.path] ?? 0) - (counts[other.path] ?? 0),
  };
  const order = orders[key];
  if (key === "added") return isDescending ? [...items].reverse() : items;
  const turn = isDescending ? -1 : 1;
  return [...items].sort(
    (one, other) => turn * order(one, other) || byName(one, other),
  );
}

/** The last part of a folder's path, as a heading. */
export function folderName(folder: string): string {
  return folder.split(/[\\/]/).filter(Boolean).at(-1) ?? folder;
}

/** A length as people read it: 0:07.5, 1:02:30. */
export function durationText(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const [hours, minutes] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60];
  const rest = (tenths % 600) / 10;
  const two = (value: number) => String(value).padStart(2, "0");
  if (hours) return `${hours}:${two(minutes)}:${two(Math.round(rest) % 60)}`;
  return `${minutes}:${rest < 10 ? "0" : ""}${rest.toFixed(1)}`;
}

/** What is told of a medium, its length first. */
export function details(item: BinItem): string {
  const parts = [
    item.isOffline ? t("Offline") : "",
    item.kind === "image" ? t("Still picture") : durationText(item.durationS),
    item.size,
    item.rate ? t("{rate} fps", { rate: item.rate }) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}
