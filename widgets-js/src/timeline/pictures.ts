/** Thumbnails and waveforms of what is in view, asked for once the view rests. */

import { jpegOf } from "../buffers";
import type { Channel } from "../channel";

const REST_MS = 120;
const MOST_THUMBS = 800;
const THUMBS_ASKED = 60;

/** Peaks of a minute: pairs of least and greatest, 50 a second. */
export type Peaks = Int8Array;
export const PEAKS_HZ = 50;

export class Pictures {
  #channel: Channel;
  #ready: () => void;
  #thumbs = new Map<string, ImageBitmap>();
  #waves = new Map<string, Peaks>();
  #missing = new Map<number, Set<number>>();
  #askedWaves = new Set<string>();
  #timer = 0;
  #closed = false;

  constructor(channel: Channel, ready: () => void) {
    this.#channel = channel;
    this.#ready = ready;
    channel.on("thumbs", (told, buffers) => {
      for (const [number, time] of told.timesS.entries()) {
        const data = buffers[number];
        if (data) void this.#keep(key(told.media, time), data);
      }
    });
    channel.on("wave", (told, buffers) => {
      const data = buffers[0];
      if (!data) return;
      const peaks = new Int8Array(data.buffer, data.byteOffset, data.byteLength);
      this.#waves.set(key(told.media, told.minute), peaks.slice());
      ready();
    });
  }

  /** The picture of a medium at a time; undefined until it came. */
  thumb(media: number, seconds: number): ImageBitmap | undefined {
    const name = key(media, seconds);
    const found = this.#thumbs.get(name);
    if (found) {
      // What is drawn stays longest.
      this.#thumbs.delete(name);
      this.#thumbs.set(name, found);
    } else {
      const missing = this.#missing.get(media) ?? new Set();
      this.#missing.set(media, missing.add(seconds));
    }
    return found;
  }

  /** The peaks of a minute of a medium; undefined until they came. */
  wave(media: number, minute: number): Peaks | undefined {
    const name = key(media, minute);
    if (!this.#waves.has(name) && !this.#askedWaves.has(name)) {
      this.#askedWaves.add(name);
      this.#channel.tell({ kind: "askWave", media, minute });
    }
    return this.#waves.get(name);
  }

  /** A drawing is done: what it lacked is asked for, unless it moves on. */
  settle(): void {
    window.clearTimeout(this.#timer);
    if (!this.#missing.size) return;
    this.#timer = window.setTimeout(() => {
      for (const [media, times] of this.#missing) {
        const timesS = [...times].slice(0, THUMBS_ASKED);
        this.#channel.tell({ kind: "askThumbs", media, timesS });
      }
      this.#missing.clear();
    }, REST_MS);
  }

  /** Begin a drawing: only what it lacks is missing. */
  begin(): void {
    this.#missing.clear();
  }

  close(): void {
    this.#closed = true;
    window.clearTimeout(this.#timer);
    for (const bitmap of this.#thumbs.values()) bitmap.close();
    this.#thumbs.clear();
    this.#waves.clear();
  }

  async #keep(name: string, data: DataView): Promise<void> {
    const bitmap = await createImageBitmap(jpegOf(data));
    if (this.#closed) {
      bitmap.close();
      return;
    }
    this.#thumbs.get(name)?.close();
    this.#thumbs.set(name, bitmap);
    for (const [oldest, old] of this.#thumbs) {
      if (this.#thumbs.size <= MOST_THUMBS) break;
      old.close();
      this.#thumbs.delete(oldest);
    }
    this.#ready();
  }
}

function key(media: number, place: number): string {
  return `${media} ${place}`;
}
