/** The playhead, and the in and out points: the same for all views of a widget. */

import type { Model } from "./channel";

const SEND_MS = 100;
const ECHO_MS = 3_000;

/** The in and out points in seconds; undefined where none is set. */
export interface InOut {
  readonly inS?: number | undefined;
  readonly outS?: number | undefined;
}

export class Playhead {
  #model: Model;
  #seconds: number;
  // What was sent of late, which may still be echoed.
  #sent: { readonly seconds: number; readonly atMs: number }[] = [];
  #isSending = false;
  #timer = 0;
  #listeners = new Set<(seconds: number) => void>();
  #range: InOut = {};
  #rangeListeners = new Set<() => void>();

  constructor(model: Model) {
    this.#model = model;
    this.#seconds = Number(model.get("playhead"));
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
    const atMs = performance.now();
    const recent = this.#sent.filter((one) => atMs - one.atMs < ECHO_MS);
    this.#sent = [...recent, { seconds: this.#seconds, atMs }];
    this.#isSending = true;
    this.#model.set("playhead", this.#seconds);
    this.#isSending = false;
    this.#model.save_changes();
  };

  #onChange = (): void => {
    if (this.#isSending) return;
    const seconds = Number(this.#model.get("playhead"));
    // The kernel echoes what was sent, late if it is busy: the playhead has gone on.
    const sinceMs = performance.now() - ECHO_MS;
    const isOwn = (one: { readonly seconds: number; readonly atMs: number }) =>
      one.seconds === seconds && one.atMs > sinceMs;
    const echo = this.#sent.findIndex(isOwn);
    if (echo >= 0) {
      this.#sent.splice(0, echo + 1);
      return;
    }
    this.#sent = [];
    this.#seconds = seconds;
    for (const listener of this.#listeners) listener(seconds);
  };
}
