/** What a timeline view is looking at, and what is chosen in it. */

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
  #fits = true;

  constructor(model: Model) {
    this.#model = model;
  }

  get selection(): readonly string[] {
    return this.#model.get("selection") as readonly string[];
  }

  select(ids: readonly string[]): void {
    const now = this.selection;
    if (now.length === ids.length && now.every((id, n) => id === ids[n])) return;
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

  /** Take over a timeline; what is gone is no longer selected. */
  show(timeline: Timeline): void {
    this.timeline = timeline;
    this.tops = rowTops(timeline.tracks);
    this.select(this.selection.filter((id) => placeOf(timeline, id)));
    if (this.#fits) this.fit();
  }

  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    if (this.#fits) this.fit();
  }

  /** The whole timeline in view, until one zooms. */
  fit(): void {
    this.#fits = true;
    this.scale = fitted(this.timeline.durationS, this.width);
  }

  look(scale: Scale): void {
    this.#fits = false;
    this.scale = scale;
  }

  /** How far the rows can be scrolled. */
  scroll(byPx: number, viewPx: number): void {
    const most = Math.max(0, (this.tops.at(-1) ?? 0) - viewPx);
    this.scrollPx = Math.min(most, Math.max(0, this.scrollPx + byPx));
  }
}
