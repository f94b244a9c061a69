/** Small pictures of what kinds do, for the tiles in sight. */

import { jpegOf } from "../../buffers";
import type { Channel } from "../../channel";

const WAIT_MS = 120;
const MOST = 400;

export class Samples {
  #channel: Channel;
  #urls = new Map<string, string>();
  #wanted = new Map<string, (url: string) => void>();
  #item = "";
  #atS = 0;
  #version = 0;
  #timer = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.on("sample", ({ kindName, item, atS }, buffers) => {
      const data = buffers[0];
      if (!data || item !== this.#item || atS !== this.#atS) return;
      const url = URL.createObjectURL(jpegOf(data));
      this.#keep(this.#key(kindName), url);
      this.#wanted.get(kindName)?.(url);
    });
  }

  /** Draw samples of another clip or moment, or of the edit as it is now. */
  use(item: string, atS: number, isChanged = false): void {
    const rounded = item ? Number(atS.toFixed(3)) : 0;
    if (item === this.#item && rounded === this.#atS && !isChanged) return;
    this.#item = item;
    this.#atS = rounded;
    if (isChanged) this.#version++;
    this.#ask();
  }

  /** Ask for what is in sight, by name; each is called with its picture's address. */
  show(wanted: ReadonlyMap<string, (url: string) => void>): void {
    this.#wanted = new Map(wanted);
    this.#ask();
  }

  close(): void {
    window.clearTimeout(this.#timer);
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
    this.#wanted.clear();
  }

  #key(name: string): string {
    return `${this.#version} ${this.#item} ${this.#atS} ${name}`;
  }

  #keep(key: string, url: string): void {
    this.#urls.set(key, url);
    for (const [oldest, old] of this.#urls) {
      if (this.#urls.size <= MOST) break;
      URL.revokeObjectURL(old);
      this.#urls.delete(oldest);
    }
  }

  #ask(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const missing: string[] = [];
      for (const [name, show] of this.#wanted) {
        const url = this.#urls.get(this.#key(name));
        if (url) show(url);
        else missing.push(name);
      }
      this.#channel
        .request({
          kind: "askSamples",
          kinds: missing.slice(0, 200),
          item: this.#item,
          atS: this.#atS,
        })
        .catch(() => undefined);
    }, WAIT_MS);
  }
}
