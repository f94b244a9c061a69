/** Which view of a widget plays: one at a time, or its sound would come twice. */

import type { Model } from "../channel";

export interface TurnCallbacks {
  readonly isPlaying: () => boolean;
  play(): void;
  pause(): void;
}

/**
 * Joins one view's playback to the trait `playing`, which all views share.
 *
 * The view that plays writes its name beside it. Where a cell sets the trait, the view
 * that hears of it first plays.
 */
export class PlayingTurn {
  #model: Model;
  #view: string;
  #callbacks: TurnCallbacks;
  #isTelling = false;

  constructor(model: Model, view: string, callbacks: TurnCallbacks) {
    this.#model = model;
    this.#view = view;
    this.#callbacks = callbacks;
    model.on("change:playing", this.#onChange);
    model.on("change:_playing_view", this.#onChange);
  }

  /** Tell the other views and the kernel whether this view plays. */
  tell(): void {
    const isPlaying = this.#callbacks.isPlaying();
    if (!isPlaying && this.#isOthers) return;
    const player = isPlaying ? this.#view : "";
    const isKnown = Boolean(this.#model.get("playing")) === isPlaying;
    if (isKnown && (this.#model.get("_playing_view") ?? "") === player) return;
    this.#isTelling = true;
    // In an order in which no other view finds that it may play.
    if (isPlaying) this.#model.set("_playing_view", player);
    this.#model.set("playing", isPlaying);
    if (!isPlaying) this.#model.set("_playing_view", player);
    this.#isTelling = false;
    this.#model.save_changes();
  }

  close(): void {
    this.#model.off("change:playing", this.#onChange);
    this.#model.off("change:_playing_view", this.#onChange);
  }

  get #isOthers(): boolean {
    const player = this.#model.get("_playing_view") ?? "";
    return player !== "" && player !== this.#view;
  }

  #onChange = (): void => {
    if (this.#isTelling) return;
    const wanted = Boolean(this.#model.get("playing")) && !this.#isOthers;
    if (wanted === this.#callbacks.isPlaying()) return;
    if (wanted) this.#callbacks.play();
    else this.#callbacks.pause();
  };
}
