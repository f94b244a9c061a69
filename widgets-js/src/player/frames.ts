/** Frames that came, and those asked for: ahead along the way the playhead goes. */

import { jpegOf } from "../buffers";
import type { Channel } from "../channel";
import type { Film } from "./film";

// A draft has 640 by 360 pixels of 4 bytes: some 100 of them.
const MOST_BYTES = 96_000_000;
const AHEAD = 14;
const BEHIND = 2;
// Asked anew once so few of those ahead are here.
const REFILL = 8;
// A step of more frames is a jump: what lies around it is asked for this much later.
const FAR = 30;
const LATER_MS = 60;

export class Frames {
  #channel: Channel;
  #film: Film;
  #ready: (number: number) => void;
  #failed: (problem: string) => void;
  #kept = new Map<number, ImageBitmap>();
  #bytes = 0;
  #asked = new Set<number>();
  #now = 0;
  #step = 1;
  #later = 0;
  #exact: { number: number; bitmap: ImageBitmap } | undefined;
  #closed = false;

  constructor(
    channel: Channel,
    film: Film,
    ready: (number: number) => void,
    failed: (problem: string) => void,
  ) {
    this.#channel = channel;
    this.#film = film;
    this.#ready = ready;
    this.#failed = failed;
    channel.on("frame", (told, buffers) => {
      if (told.version !== this.#film.view.version) return;
      const data = buffers[0];
      if (!told.widthPx) this.#asked.delete(told.number);
      if (told.problem) this.#failed(told.problem);
      else if (data) void this.#keep(told.number, told.widthPx > 0, data);
    });
  }

  get film(): Film {
    return this.#film;
  }

  /** Show another film: nothing of the old is kept. */
  show(film: Film): void {
    this.#film = film;
    this.#drop();
  }

  /** The best picture of a frame that is here. */
  get(number: number): ImageBitmap | undefined {
    return this.#exact?.number === number ? this.#exact.bitmap : this.#kept.get(number);
  }

  has(number: number): boolean {
    return this.#kept.has(number) || this.#exact?.number === number;
  }

  /** Want a frame, and those that follow the way it goes. */
  want(number: number, direction: number): void {
    const isFar = Math.abs(number - this.#now) > FAR;
    this.#now = number;
    this.#step = direction || 1;
    window.clearTimeout(this.#later);
    if (isFar) {
      // Where a jump leads is wanted soonest alone; what lies around it can wait.
      if (!this.#kept.has(number)) this.#ask([number], 0, 0);
      this.#later = window.setTimeout(() => this.#ahead(), LATER_MS);
    } else {
      this.#ahead();
    }
  }

  /** Want a frame as its sources show it, at a size. */
  wantExact(number: number, widthPx: number, heightPx: number): void {
    if (this.#exact?.number === number && this.#exact.bitmap.width >= widthPx) return;
    window.clearTimeout(this.#later);
    const around = this.#missing().filter((n) => n !== number);
    this.#ask([number, ...around], Math.round(widthPx), Math.round(heightPx));
  }

  #ahead(): void {
    const number = this.#now;
    const wanted = this.#missing();
    if (!wanted.length) return;
    const coming = wanted.filter((n) => this.#asked.has(n)).length;
    const isUrgent = wanted[0] === number && !this.#asked.has(number);
    if (!isUrgent && AHEAD + BEHIND + 1 - wanted.length + coming > REFILL) return;
    this.#ask(wanted, 0, 0);
  }

  /** What is not here of the frames around the playhead, the next to be shown first. */
  #missing(): number[] {
    const wanted = [this.#now];
    for (let n = 1; n <= AHEAD; n++) wanted.push(this.#now + n * this.#step);
    for (let n = 1; n <= BEHIND; n++) wanted.push(this.#now - n * this.#step);
    return wanted.filter((n) => n >= 0 && n <= this.#film.last && !this.#kept.has(n));
  }

  close(): void {
    this.#closed = true;
    window.clearTimeout(this.#later);
    this.#drop();
  }

  /** Ask; the kernel forgets what was asked before, and so does this. */
  #ask(numbers: number[], widthPx: number, heightPx: number): void {
    this.#asked = new Set(widthPx ? numbers.slice(1) : numbers);
    const version = this.#film.view.version;
    this.#channel.tell({ kind: "askFrames", version, numbers, widthPx, heightPx });
  }

  async #keep(number: number, isExact: boolean, data: DataView): Promise<void> {
    const film = this.#film;
    const bitmap = await createImageBitmap(jpegOf(data));
    if (this.#closed || film !== this.#film) {
      bitmap.close();
      return;
    }
    if (isExact) {
      this.#exact?.bitmap.close();
      this.#exact = { number, bitmap };
    } else {
      this.#forget(number);
      this.#kept.set(number, bitmap);
      this.#bytes += bitmap.width * bitmap.height * 4;
      this.#shrink();
    }
    this.#ready(number);
  }

  /** Let the frames go that are farthest from the playhead. */
  #shrink(): void {
    if (this.#bytes <= MOST_BYTES) return;
    const distance = (n: number) => Math.abs(n - this.#now);
    const far = [...this.#kept.keys()].sort((a, b) => distance(b) - distance(a));
    for (const number of far) {
      if (this.#bytes <= MOST_BYTES * 0.9) break;
      this.#forget(number);
    }
  }

  #forget(number: number): void {
    const bitmap = this.#kept.get(number);
    if (!bitmap) return;
    this.#bytes -= bitmap.width * bitmap.height * 4;
    bitmap.close();
    this.#kept.delete(number);
  }

  #drop(): void {
    for (const number of [...this.#kept.keys()]) this.#forget(number);
    this.#exact?.bitmap.close();
    this.#exact = undefined;
    this.#asked.clear();
  }
}
