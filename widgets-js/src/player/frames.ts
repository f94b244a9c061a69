/** Keep decoded frames, and request those ahead of the playhead. */

import { integersOf, jpegOf } from "../buffers";
import { type Channel, textOf } from "../channel";
import { ProxyFiles } from "./proxyFiles";
import type { PlayerSource } from "./source";

// A draft has 640 by 360 pixels of 4 bytes: about 100 of them.
const MAX_BYTES = 96_000_000;
const AHEAD = 14;
const BEHIND = 2;
// Request again once so few of the frames ahead are here or on their way.
const REFILL_BELOW = 8;
// After a jump of more frames, its neighbors are requested once it rests.
const JUMP_FRAMES = 30;

export class FrameCache {
  #channel: Channel;
  #source: PlayerSource;
  #onReady: (number: number) => void;
  #onError: (problem: string) => void;
  #bitmaps = new Map<number, ImageBitmap>();
  #bytes = 0;
  #requested = new Set<number>();
  #current = 0;
  #step = 1;
  #exact: { number: number; bitmap: ImageBitmap } | undefined;
  #closed = false;
  #proxies: ProxyFiles;

  constructor(
    channel: Channel,
    source: PlayerSource,
    onReady: (number: number) => void,
    onError: (problem: string) => void,
  ) {
    this.#channel = channel;
    this.#source = source;
    this.#onReady = onReady;
    this.#onError = onError;
    this.#proxies = new ProxyFiles(
      (number, jpeg) => {
        this.#requested.delete(number);
        if (this.#bitmaps.has(number)) return;
        this.#store(number, false, jpeg).catch((problem) =>
          this.#onError(String(problem)),
        );
      },
      () => {
        this.#requested.clear();
        this.requestAhead();
      },
    );
    channel.on("proxyFile", (answer, [offsets]) => {
      if (answer.version !== this.#source.view.version || !offsets) return;
      this.#proxies.add(answer, integersOf(offsets));
    });
    channel.on("frame", (answer, buffers) => {
      if (answer.version !== this.#source.view.version) return;
      const data = buffers[0];
      if (!answer.widthPx) this.#requested.delete(answer.number);
      if (answer.problem) this.#onError(textOf(answer.problem));
      else if (data) {
        this.#store(answer.number, answer.widthPx > 0, data).catch((problem) =>
          this.#onError(String(problem)),
        );
      }
    });
  }

  /** The base URL of the server that gives small pictures; empty where none does. */
  set base(base: string) {
    this.#proxies.base = base;
  }

  get source(): PlayerSource {
    return this.#source;
  }

  /** Take another source, and drop the frames of the old. */
  setSource(source: PlayerSource): void {
    this.#source = source;
    this.#clear();
  }

  /** The best picture of a frame, undefined until one is here. */
  get(number: number): ImageBitmap | undefined {
    return this.#exact?.number === number
      ? this.#exact.bitmap
      : this.#bitmaps.get(number);
  }

  has(number: number): boolean {
    return this.#bitmaps.has(number) || this.#exact?.number === number;
  }

  /** Request a frame, and those that follow in a direction. */
  request(number: number, direction: number): void {
    const isFar = Math.abs(number - this.#current) > JUMP_FRAMES;
    this.#current = number;
    this.#step = direction || 1;
    if (!isFar && this.#bitmaps.size) this.requestAhead();
    // The target of a jump, or of an edit, comes soonest if it is requested alone.
    else if (!this.#bitmaps.has(number) && !this.#requested.has(number))
      this.#request([number], 0, 0);
  }

  /** Request a frame made of the sources themselves, at a size, and those around it. */
  requestExact(
    number: number,
    widthPx: number,
    heightPx: number,
    isAlone: boolean,
  ): void {
    if (this.#exact?.number === number && this.#exact.bitmap.width >= widthPx) {
      if (!isAlone) this.requestAhead();
      return;
    }
    const around = isAlone ? [] : this.#missing().filter((n) => n !== number);
    this.#request([number, ...around], Math.round(widthPx), Math.round(heightPx));
  }

  /** Request what is missing around the frame that was requested last. */
  requestAhead(): void {
    const number = this.#current;
    const wanted = this.#missing();
    if (!wanted.length) return;
    const pending = wanted.filter((n) => this.#requested.has(n)).length;
    const isUrgent = wanted[0] === number && !this.#requested.has(number);
    if (!isUrgent && AHEAD + BEHIND + 1 - wanted.length + pending > REFILL_BELOW)
      return;
    this.#request(wanted, 0, 0);
  }

  /** The missing frames around the playhead, the next to be shown first. */
  #missing(): number[] {
    const wanted = [this.#current];
    for (let n = 1; n <= AHEAD; n++) wanted.push(this.#current + n * this.#step);
    for (let n = 1; n <= BEHIND; n++) wanted.push(this.#current - n * this.#step);
    return wanted.filter((n) => n >= 0 && n <= this.#source.last && !this.has(n));
  }

  close(): void {
    this.#closed = true;
    this.#clear();
  }

  /** Send a request; it replaces the last one in the kernel, and so it does here. */
  #request(numbers: number[], widthPx: number, heightPx: number): void {
    const drafts = widthPx ? numbers.slice(1) : numbers;
    this.#requested = new Set(drafts);
    this.#proxies.fetch(drafts.filter((number) => this.#proxies.has(number)));
    const rest = drafts.filter((number) => !this.#proxies.has(number));
    const asked = widthPx ? [...numbers.slice(0, 1), ...rest] : rest;
    if (!asked.length) return;
    const version = this.#source.view.version;
    this.#channel.send({
      kind: "askFrames",
      version,
      numbers: asked,
      widthPx,
      heightPx,
    });
  }

  async #store(number: number, isExact: boolean, data: DataView): Promise<void> {
    const source = this.#source;
    const bitmap = await createImageBitmap(jpegOf(data));
    if (this.#closed || source !== this.#source) {
      bitmap.close();
      return;
    }
    if (isExact) {
      this.#exact?.bitmap.close();
      this.#exact = { number, bitmap };
    } else {
      this.#remove(number);
      this.#bitmaps.set(number, bitmap);
      this.#bytes += bitmap.width * bitmap.height * 4;
      this.#evict();
    }
    this.#onReady(number);
  }

  /** Drop the frames farthest from the playhead. */
  #evict(): void {
    if (this.#bytes <= MAX_BYTES) return;
    const distance = (n: number) => Math.abs(n - this.#current);
    const farthest = [...this.#bitmaps.keys()].sort(
      (a, b) => distance(b) - distance(a),
    );
    for (const number of farthest) {
      if (this.#bytes <= MAX_BYTES * 0.9) break;
      this.#remove(number);
    }
  }

  #remove(number: number): void {
    const bitmap = this.#bitmaps.get(number);
    if (!bitmap) return;
    this.#bytes -= bitmap.width * bitmap.height * 4;
    bitmap.close();
    this.#bitmaps.delete(number);
  }

  #clear(): void {
    for (const number of [...this.#bitmaps.keys()]) this.#remove(number);
    this.#exact?.bitmap.close();
    this.#exact = undefined;
    this.#requested.clear();
    this.#proxies.clear();
  }
}
