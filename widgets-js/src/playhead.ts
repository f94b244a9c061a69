/** The playhead, and the in and out points: the same for all views of a widget. */

import type { Model } from "./channel";

const SEND_MS = 100;

/** The in and out points in seconds; undefined where none is set. */
export interface InOut {
  readonly inS?: number | undefined;
  readonly outS?: number | undefined;
}

export class Playhead {
  #model: Model;
  #seconds: number;
  #sent: number;
  #timer = 0;
  #listeners = new Set<(seconds: number) => void>();
  #range: InOut = {};
  #rangeListeners = new Set<() => void>();

  constructor(model: Model) {
    this.#model = model;
    this.#seconds = Number(model.get("playhead"));
    this.#sent = this.#seconds;
    model.on("change:playhead", this.#onChange);
  }

  get seconds(): number {
    return this.#seconds;
  }

  /** Move it: views are called at once, the kernel within `SEND_MS`. */
  move(seconds: number, frame?: number): void {
    if (seconds === this.#seconds && frame === undefined) return;
    this.#seconds = seconds;
    for (const listener of this.#listeners) listener(seconds);
    if (frame !== undefined) this.#model.set("frame", frame);
    this.#timer ||= window.setTimeout(this.#send, SEND_MS);
  }

  onMove(listener: (seconds: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get range(): InOut {
    return this.#range;
  }

  setRange(range: InOut): void {
    this.#range = range;
    for (const listener of this.#rangeListeners) listener();
  }

  /** Call a listener when the in or out point changes. */
  onRange(listener: () => void): () => void {
    this.#rangeListeners.add(listener);
    return () => this.#rangeListeners.delete(listener);
  }

  close(): void {
    window.clearTimeout(this.#timer);
    if (this.#timer) this.#send();
    this.#model.off("change:playhead", this.#onChange);
    this.#listeners.clear();
    this.#rangeListeners.clear();
  }

  #send = (): void => {
    this.#timer = 0;
    this.#sent = this.#seconds;
    this.#model.set("playhead", this.#seconds);
    this.#model.save_changes();
  };

  #onChange = (): void => {
    const seconds = Number(this.#model.get("playhead"));
    // The kernel echoes what was sent; later moves are sent next.
    if (seconds === this.#sent && (this.#timer || seconds === this.#seconds)) return;
    this.#sent = seconds;
    this.#seconds = seconds;
    for (const listener of this.#listeners) listener(seconds);
  };
}
