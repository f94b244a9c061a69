/** The playhead, and the in and out points: the same for all views of a widget. */

import type { Model } from "./channel";

const SEND_MS = 100;
const ECHO_MS = 3_000;
const CHANGES = ["change:playhead", "change:_playhead_turn"];

/** The in and out points in seconds; undefined where none is set. */
export interface InOut {
  readonly inS?: number | undefined;
  readonly outS?: number | undefined;
}

export class Playhead {
  #model: Model;
  #seconds: number;
  // How often the kernel has moved it, as far as this page has heard.
  #turn: number;
  #moves = 0;
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
    this.#turn = turnOf(model);
    for (const name of CHANGES) model.on(name, this.#onChange);
  }

  get seconds(): number {
    return this.#seconds;
  }

  /** Move it: views are called at once, the kernel within `SEND_MS`. */
  move(seconds: number, frame?: number): void {
    const stays = frame === undefined || frame === this.#model.get("frame");
    if (seconds === this.#seconds && stays) return;
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
    for (const name of CHANGES) this.#model.off(name, this.#onChange);
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
    // In time for this turn: the kernel drops it if a cell has moved it meanwhile.
    this.#moves += 1;
    this.#model.set("_page_move", [this.#turn, this.#moves]);
    this.#isSending = false;
    this.#model.save_changes();
  };

  #onChange = (): void => {
    if (this.#isSending) return;
    const seconds = Number(this.#model.get("playhead"));
    const turn = turnOf(this.#model);
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#follow(seconds);
      return;
    }
    // The kernel echoes what was sent, late if it is busy: the playhead has gone on.
    const sinceMs = performance.now() - ECHO_MS;
    const isOwn = (one: { readonly seconds: number; readonly atMs: number }) =>
      one.seconds === seconds && one.atMs > sinceMs;
    const echo = this.#sent.findIndex(isOwn);
    if (echo >= 0) {
      this.#sent.splice(0, echo + 1);
      return;
    }
    this.#follow(seconds);
  };

  #follow(seconds: number): void {
    this.#sent = [];
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    if (seconds === this.#seconds) return;
    this.#seconds = seconds;
    for (const listener of this.#listeners) listener(seconds);
  }
}

function turnOf(model: Model): number {
  return Number(model.get("_playhead_turn") ?? 0);
}
