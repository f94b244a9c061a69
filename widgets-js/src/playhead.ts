/** The playhead: one value for all that shows it, told to the kernel not too often. */

import type { Model } from "./channel";

const TELL_MS = 100;

export class Playhead {
  #model: Model;
  #seconds: number;
  #told: number;
  #timer = 0;
  #listeners = new Set<(seconds: number) => void>();

  constructor(model: Model) {
    this.#model = model;
    this.#seconds = Number(model.get("playhead"));
    this.#told = this.#seconds;
    model.on("change:playhead", this.#follow);
  }

  get seconds(): number {
    return this.#seconds;
  }

  /** Move it; everyone here knows at once, the kernel soon. */
  move(seconds: number, frame?: number): void {
    if (seconds === this.#seconds && frame === undefined) return;
    this.#seconds = seconds;
    for (const listener of this.#listeners) listener(seconds);
    if (frame !== undefined) this.#model.set("frame", frame);
    this.#timer ||= window.setTimeout(this.#tell, TELL_MS);
  }

  listen(listener: (seconds: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    window.clearTimeout(this.#timer);
    if (this.#timer) this.#tell();
    this.#model.off("change:playhead", this.#follow);
    this.#listeners.clear();
  }

  #tell = (): void => {
    this.#timer = 0;
    this.#told = this.#seconds;
    this.#model.set("playhead", this.#seconds);
    this.#model.save_changes();
  };

  #follow = (): void => {
    const seconds = Number(this.#model.get("playhead"));
    // Our own word, coming back; what moved since is told next.
    if (seconds === this.#told && (this.#timer || seconds === this.#seconds)) return;
    this.#told = seconds;
    this.#seconds = seconds;
    for (const listener of this.#listeners) listener(seconds);
  };
}
