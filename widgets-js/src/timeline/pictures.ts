/** Thumbnails and waveforms of what is in view, requested once the view rests. */

import { jpegOf } from "../buffers";
import type { Channel } from "../channel";
import type { MediaView } from "../protocol";

const REST_MS = 120;
const MAX_THUMBS = 800;
const MAX_THUMBS_REQUESTED = 60;

/** Peaks of a minute: pairs of least and greatest, 50 a second. */
export type Peaks = Int8Array;
export const PEAKS_HZ = 50;

export class Pictures {
  #channel: Channel;
  #onReady: () => void;
  #thumbs = new Map<string, ImageBitmap>();
  #waves = new Map<string, Peaks>();
  #versions: readonly number[] = [];
  #missing = new Map<number, Set<number>>();
  #requestedWaves = new Set<string>();
  #timer = 0;
  #closed = false;

  constructor(channel: Channel, onReady: () => void) {
    this.#channel = channel;
    this.#onReady = onReady;
    channel.on("thumbs", (answer, buffers) => {
      for (const [number, time] of answer.timesS.entries()) {
        const data = buffers[number];
        if (data) void this.#store(key(answer.media, time), data);
      }
    });
    channel.on("wave", (answer, buffers) => {
      const data = buffers[0];
      if (!data) return;
      const peaks = new Int8Array(data.buffer, data.byteOffset, data.byteLength);
      this.#waves.set(key(answer.media, answer.minute), peaks.slice());
      onReady();
    });
  }

  /** The picture of a media item at a time; undefined until it is here. */
  thumb(media: number, seconds: number): ImageBitmap | undefined {
    const name = key(media, seconds);
    const found = this.#thumbs.get(name);
    if (found) {
      // The map keeps the order of use: the first is dropped first.
      this.#thumbs.delete(name);
      this.#thumbs.set(name, found);
    } else {
      const missing = this.#missing.get(media) ?? new Set();
      this.#missing.set(media, missing.add(seconds));
    }
    return found;
  }

  /** The peaks of a minute of a media item; undefined until they are here. */
  wave(media: number, minute: number): Peaks | undefined {
    const name = key(media, minute);
    if (!this.#waves.has(name) && !this.#requestedWaves.has(name)) {
      this.#requestedWaves.add(name);
      this.#channel.send({ kind: "askWave", media, minute });
    }
    return this.#waves.get(name);
  }

  /** Forget the pictures and waves of files that have changed since they were drawn. */
  keep(media: readonly MediaView[]): void {
    for (const [number, { version }] of media.entries()) {
      if (version !== (this.#versions[number] ?? version)) this.#forget(number);
    }
    this.#versions = media.map(({ version }) => version);
  }

  #forget(media: number): void {
    const start = key(media, "");
    const drop = (names: Iterable<string>, remove: (name: string) => unknown) => {
      for (const name of [...names]) if (name.startsWith(start)) remove(name);
    };
    drop(this.#thumbs.keys(), (name) => {
      this.#thumbs.get(name)?.close();
      this.#thumbs.delete(name);
    });
    drop(this.#waves.keys(), (name) => this.#waves.delete(name));
    drop(this.#requestedWaves, (name) => this.#requestedWaves.delete(name));
  }

  /** End a drawing: request what it missed, unless another follows soon. */
  settle(): void {
    window.clearTimeout(this.#timer);
    if (!this.#missing.size) return;
    this.#timer = window.setTimeout(() => {
      for (const [media, times] of this.#missing) {
        const timesS = [...times].slice(0, MAX_THUMBS_REQUESTED);
        this.#channel.send({ kind: "askThumbs", media, timesS });
      }
      this.#missing.clear();
    }, REST_MS);
  }

  /** Begin a drawing, and forget what the last one missed. */
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

  async #store(name: string, data: DataView): Promise<void> {
    const bitmap = await createImageBitmap(jpegOf(data));
    if (this.#closed) {
      bitmap.close();
      return;
    }
    this.#thumbs.get(name)?.close();
    this.#thumbs.set(name, bitmap);
    for (const [oldest, old] of this.#thumbs) {
      if (this.#thumbs.size <= MAX_THUMBS) break;
      old.close();
      this.#thumbs.delete(oldest);
    }
    this.#onReady();
  }
}

function key(media: number, place: number | ""): string {
  return `${media} ${place}`;
}
