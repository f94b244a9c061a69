/** What stands in the bin's list: headings of bins and folders, and media under them. */

import { jpegOf } from "../buffers";
import type { BinItem } from "../protocol";
import type { Section } from "./list";

export interface MediumRow {
  readonly item: BinItem;
  /** The address of its picture, if it has one. */
  readonly picture: string | undefined;
  readonly uses: number;
  readonly inBin: boolean;
}

export type BinRow =
  | { readonly bin: string; readonly isClosed: boolean; readonly count: number }
  | { readonly folder: string }
  | MediumRow;

/** The rows of a section. */
export function rowsOf(
  { bin, folder, items }: Section,
  isClosed: boolean,
  rowOf: (item: BinItem) => Omit<MediumRow, "inBin">,
): BinRow[] {
  const rows: BinRow[] = [];
  if (bin) rows.push({ bin, isClosed, count: items.length });
  else if (folder) rows.push({ folder });
  if (isClosed) return rows;
  return [...rows, ...items.map((item) => ({ ...rowOf(item), inBin: bin !== "" }))];
}

/** What a row shows; the number of a picture in its message is no part of it. */
export function keyOf(row: BinRow): string {
  return JSON.stringify(row, (name, value) => (name === "buffer" ? undefined : value));
}

/** The media's pictures: one that has not changed keeps its address. */
export class Pictures {
  #known = new Map<string, { readonly state: string; readonly url: string }>();

  /** Take those of a message; returns what frees the ones that are not shown now. */
  take(items: readonly BinItem[], buffers: readonly DataView[]): () => void {
    const old = this.#known;
    this.#known = new Map();
    for (const { path, fingerprint, buffer } of items) {
      const data = buffers[buffer];
      if (!data) continue;
      const state = `${fingerprint} ${data.byteLength}`;
      const known = old.get(path);
      const isSame = known?.state === state;
      const url = isSame ? known.url : URL.createObjectURL(jpegOf(data));
      this.#known.set(path, { state, url });
      if (isSame) old.delete(path);
    }
    return () => free(old.values());
  }

  of(path: string): string | undefined {
    return this.#known.get(path)?.url;
  }

  close(): void {
    free(this.#known.values());
  }
}

function free(pictures: Iterable<{ readonly url: string }>): void {
  for (const { url } of pictures) URL.revokeObjectURL(url);
}
