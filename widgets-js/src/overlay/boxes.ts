/** The boxes of each frame, fetched some frames at a time, a little ahead. */

import type { Channel } from "../channel";
import type { Film } from "../player/film";

const CHUNK = 64;
const MOST_CHUNKS = 64;
const VALUES = 8;

export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly score: number;
  readonly label: number;
  readonly track: number;
  readonly row: number;
}

export class Boxes {
  #channel: Channel;
  #film: Film | undefined;
  #chunks = new Map<number, Map<number, Box[]>>();
  #asked = new Set<number>();

  constructor(channel: Channel, ready: () => void) {
    this.#channel = channel;
    channel.on("boxes", (told, [values, rows]) => {
      if (told.version !== this.#film?.view.version || !values || !rows) return;
      const chunk = Math.floor(told.first / CHUNK);
      this.#asked.delete(chunk);
      this.#chunks.set(chunk, read(values, rows, told.first));
      for (const oldest of this.#chunks.keys()) {
        if (this.#chunks.size <= MOST_CHUNKS) break;
        this.#chunks.delete(oldest);
      }
      ready();
    });
  }

  /** Show another film, or other tables: nothing of the old is kept. */
  show(film: Film): void {
    this.#film = film;
    this.#chunks.clear();
    this.#asked.clear();
  }

  /** The boxes of a frame; undefined until they are known. Asks for what follows. */
  of(frame: number): readonly Box[] | undefined {
    const chunk = Math.floor(frame / CHUNK);
    this.#want(chunk);
    if (frame % CHUNK > CHUNK / 2) this.#want(chunk + 1);
    const known = this.#chunks.get(chunk);
    return known && (known.get(frame) ?? []);
  }

  #want(chunk: number): void {
    const film = this.#film;
    const first = chunk * CHUNK;
    if (!film || first > film.last) return;
    if (this.#chunks.has(chunk) || this.#asked.has(chunk)) return;
    this.#asked.add(chunk);
    const { version } = film.view;
    this.#channel.tell({ kind: "askBoxes", version, first, last: first + CHUNK });
  }
}

function read(values: DataView, rows: DataView, first: number): Map<number, Box[]> {
  const found = new Map<number, Box[]>();
  const count = rows.byteLength / 4;
  for (let n = 0; n < count; n++) {
    const value = (column: number) =>
      values.getFloat32((n * VALUES + column) * 4, true);
    const frame = first + Math.round(value(0));
    const boxes = found.get(frame) ?? [];
    boxes.push({
      x1: value(1),
      y1: value(2),
      x2: value(3),
      y2: value(4),
      score: value(5),
      label: Math.round(value(6)),
      track: Math.round(value(7)),
      row: rows.getInt32(n * 4, true),
    });
    found.set(frame, boxes);
  }
  return found;
}
