/** Small pictures that the server beside the kernel gives, by ranges of files. */

import type { ProxyFileView } from "../protocol";

// Requests at once: one for what is shown, one for what follows.
const MOST_AT_ONCE = 2;
// Pictures so near to each other are fetched together, with those between them.
const TOGETHER = 24;

interface ProxyFile {
  readonly first: number;
  readonly url: string;
  /** The byte at which each picture begins, and where the last ends. */
  readonly offsets: Uint32Array;
}

/** Fetches pictures of files that the kernel has told of. */
export class ProxyFiles {
  /** The server's base URL; empty where there is none. */
  base = "";
  #files: ProxyFile[] = [];
  #wanted: number[] = [];
  #coming = new Set<number>();
  #count = 0;
  #abort = new AbortController();
  #onPicture: (number: number, jpeg: DataView) => void;
  #onFailed: () => void;

  /** `onFailed` is called once a file cannot be had: it is not asked for again. */
  constructor(
    onPicture: (number: number, jpeg: DataView) => void,
    onFailed: () => void,
  ) {
    this.#onPicture = onPicture;
    this.#onFailed = onFailed;
  }

  add(view: ProxyFileView, offsets: Uint32Array): void {
    const file = { first: view.first, url: view.file, offsets };
    this.#files = [...this.#files.filter((one) => one.first !== file.first), file];
  }

  has(number: number): boolean {
    return this.#fileOf(number) !== undefined;
  }

  /** Fetch pictures, the first one soonest; replaces what was not begun. */
  fetch(numbers: readonly number[]): void {
    this.#wanted = numbers.filter((number) => !this.#coming.has(number));
    this.#next();
  }

  clear(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#files = [];
    this.#wanted = [];
    this.#coming.clear();
  }

  #fileOf(number: number): ProxyFile | undefined {
    if (!this.base) return undefined;
    return this.#files.find(
      ({ first, offsets }) => first <= number && number < first + offsets.length - 1,
    );
  }

  #next(): void {
    const [number] = this.#wanted;
    if (number === undefined || this.#count >= MOST_AT_ONCE) return;
    const file = this.#fileOf(number);
    const isTogether = (one: number) =>
      this.#fileOf(one) === file && Math.abs(one - number) <= TOGETHER;
    const together = this.#wanted.filter(isTogether);
    this.#wanted = this.#wanted.filter((one) => !isTogether(one));
    if (file) void this.#fetchRange(file, together, this.#abort.signal);
    this.#next();
  }

  async #fetchRange(
    file: ProxyFile,
    numbers: readonly number[],
    signal: AbortSignal,
  ): Promise<void> {
    const begin = Math.min(...numbers);
    const end = Math.max(...numbers) + 1;
    for (const number of numbers) this.#coming.add(number);
    this.#count += 1;
    try {
      const data = await this.#bytes(file, begin, end, signal);
      const start = file.offsets[begin - file.first] ?? 0;
      for (let number = begin; number < end; number++) {
        const at = (file.offsets[number - file.first] ?? 0) - start;
        const to = (file.offsets[number - file.first + 1] ?? 0) - start;
        this.#onPicture(number, new DataView(data, at, to - at));
      }
      for (const number of numbers) this.#coming.delete(number);
    } catch {
      if (signal.aborted) return;
      for (const number of numbers) this.#coming.delete(number);
      // It was made anew, or the address is too old: the kernel has the pictures.
      this.#files = this.#files.filter((one) => one !== file);
      this.#onFailed();
    } finally {
      this.#count -= 1;
      this.#next();
    }
  }

  async #bytes(
    file: ProxyFile,
    begin: number,
    end: number,
    signal: AbortSignal,
  ): Promise<ArrayBuffer> {
    const first = file.offsets[begin - file.first] ?? 0;
    const last = (file.offsets[end - file.first] ?? 0) - 1;
    const headers = { Range: `bytes=${first}-${last}` };
    const answer = await fetch(this.base + file.url, { headers, signal });
    const data = answer.status === 206 ? await answer.arrayBuffer() : undefined;
    if (data?.byteLength !== last - first + 1) throw new Error("no such range");
    return data;
  }
}
