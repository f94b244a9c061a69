/** What a timeline view shows, and what is selected in it. */

import type { Model } from "../channel";
import type { SessionView } from "../protocol";
import type { Drag, Tool } from "./drag";
import { fitted, rowTops, type Scale } from "./geometry";
import { EMPTY, placeOf, type Timeline } from "./model";

export const NO_SESSION: SessionView = {
  kind: "session",
  id: 0,
  view: "",
  undo: null,
  redo: null,
  canPaste: false,
  steps: 0,
};

export class State {
  timeline: Timeline = EMPTY;
  session: SessionView = NO_SESSION;
  scale: Scale = fitted(0, 1);
  tops: readonly number[] = [0];
  scrollPx = 0;
  width = 1;
  height = 1;
  tool: Tool = "select";
  snaps = true;
  hover = "";
  drag: Drag | undefined;
  bladeS: number | undefined;
  marquee: readonly [number, number, number, number] | undefined;
  #model: Model;
  #fitsAll = true;

  constructor(model: Model) {
    this.#model = model;
  }

  get selection(): readonly string[] {
    return this.#model.get("selection") as readonly string[];
  }

  select(ids: readonly string[]): void {
    const current = this.selection;
    if (current.length === ids.length && current.every((id, n) => id === ids[n]))
      return;
    this.#model.set("selection", [...ids]);
    this.#model.save_changes();
  }

  get solo(): readonly string[] {
    return (this.#model.get("solo") as readonly string[] | undefined) ?? [];
  }

  get hasSolo(): boolean {
    return this.#model.get("solo") !== undefined;
  }

  setSolo(names: readonly string[]): void {
    this.#model.set("solo", [...names]);
    this.#model.save_changes();
  }

  /** Take a timeline, and deselect what is gone. */
  setTimeline(timeline: Timeline): void {
    this.timeline = timeline;
    this.tops = rowTops(timeline.tracks);
    this.select(this.selection.filter((id) => placeOf(timeline, id)));
    if (this.#fitsAll) this.fit();
  }

  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    if (this.#fitsAll) this.fit();
  }

  /** Show the whole timeline, until someone zooms. */
  fit(): void {
    this.#fitsAll = true;
    this.scale = fitted(this.timeline.durationS, this.width);
  }

  setScale(scale: Scale): void {
    this.#fitsAll = false;
    this.scale = scale;
  }

  /** Scroll the rows, from the first to the last. */
  scroll(byPx: number, viewPx: number): void {
    const max = Math.max(0, (this.tops.at(-1) ?? 0) - viewPx);
    this.scrollPx = Math.min(max, Math.max(0, this.scrollPx + byPx));
  }
}
