/** The boxes of each frame, requested some frames at a time and a little ahead. */

import { rowsOf } from "../buffers";
import type { Channel } from "../channel";
import type { PlayerSource } from "../player/source";
import { BOX_LAYOUT } from "../protocol";

const CHUNK_FRAMES = 64;
const MAX_CHUNKS = 64;

/** A box in pixels of what the player shows, with its row of the table. */
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
  #source: PlayerSource | undefined;
  #chunks = new Map<number, Map<number, Box[]>>();
  #requested = new Set<number>();

  constructor(channel: Channel, onReady: () => void) {
    this.#channel = channel;
    channel.on("boxes", ({ version, first }, [data]) => {
      if (version !== this.#source?.view.version || !data) return;
      const chunk = Math.floor(first / CHUNK_FRAMES);
      this.#requested.delete(chunk);
      this.#chunks.set(chunk, boxesByFrame(data, first));
      for (const oldest of this.#chunks.keys()) {
        if (this.#chunks.size <= MAX_CHUNKS) break;
        this.#chunks.delete(oldest);
      }
      onReady();
    });
  }

  /** Take another source, or other tables, and drop the boxes of the old. */
  setSource(source: PlayerSource): void {
    this.#source = source;
    this.#chunks.clear();
    this.#requested.clear();
  }

  /** The boxes of a frame, undefined until they are here; requests what follows. */
  of(frame: number): readonly Box[] | undefined {
    const chunk = Math.floor(frame / CHUNK_FRAMES);
    this.#request(chunk);
    if (frame % CHUNK_FRAMES > CHUNK_FRAMES / 2) this.#request(chunk + 1);
    const known = this.#chunks.get(chunk);
    return known && (known.get(frame) ?? []);
  }

  #request(chunk: number): void {
    const source = this.#source;
    const first = chunk * CHUNK_FRAMES;
    if (!source || first > source.last) return;
    if (this.#chunks.has(chunk) || this.#requested.has(chunk)) return;
    this.#requested.add(chunk);
    const { version } = source.view;
    const last = first + CHUNK_FRAMES;
    this.#channel.send({ kind: "askBoxes", version, first, last });
  }
}

function boxesByFrame(data: DataView, first: number): Map<number, Box[]> {
  const found = new Map<number, Box[]>();
  for (const { frame, ...box } of rowsOf(data, BOX_LAYOUT)) {
    const boxes = found.get(first + frame) ?? [];
    boxes.push(box);
    found.set(first + frame, boxes);
  }
  return found;
}
