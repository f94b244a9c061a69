/** What a timeline view shows, and what is selected in it. */

import type { Model } from "../channel";
import type { MarkerView, SessionView } from "../protocol";
import type { Drag, Drop, Tool } from "./dragState";
import type { Follow } from "./follow";
import { followDrag } from "./followDrag";
import { markerIn } from "./followMarkers";
import { fitted, pan, RULER_PX, rowTops, type Scale } from "./geometry";
import { EMPTY, placeOf, type Timeline, type Track } from "./model";
import { HEIGHTS } from "./rows";

export const NO_SESSION: SessionView = {
  kind: "session",
  id: 0,
  view: "",
  undo: null,
  redo: null,
  canPaste: false,
  steps: 0,
};

/** How a track is shown, kept by the widget: no step of the history. */
export interface TrackLook {
  readonly heightPx?: number;
  readonly waveZoom?: number;
  /** Whether media is put here; see `State.targetOf`. */
  readonly target?: boolean;
}

/** A marker where it is being dragged to. */
export interface MarkerDrag {
  readonly marker: number;
  readonly startS: number;
  readonly durationS: number;
}

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
  /** Whether what is linked is selected and edited together. */
  linkedSelection = true;
  follow: Follow = "page";
  /** A pressed pointer holds the view: the playhead is not followed. */
  holdsView = false;
  /** The chosen marker's place, or -1. */
  marker = -1;
  markerDrag: MarkerDrag | undefined;
  hover = "";
  drag: Drag | undefined;
  drop: Drop | undefined;
  bladeS: number | undefined;
  marquee: readonly [number, number, number, number] | undefined;
  /** A selection that was made of clips alone, with linked selection on. */
  #alone: readonly string[] = [];
  #model: Model;
  #fitsAll = true;

  constructor(model: Model) {
    this.#model = model;
  }

  get selection(): readonly string[] {
    return this.#model.get("selection") as readonly string[];
  }

  /** Select items; with `alone`, what is linked to them is not edited with them. */
  select(ids: readonly string[], alone = false): void {
    this.#alone = alone ? ids : [];
    if (isSame(this.selection, ids)) return;
    this.#model.set("selection", [...ids]);
    this.#model.save_changes();
  }

  /** Whether edits leave alone what is linked to the selected items. */
  get alone(): boolean {
    return !this.linkedSelection || this.#isChosenAlone;
  }

  get #isChosenAlone(): boolean {
    return this.#alone.length > 0 && isSame(this.#alone, this.selection);
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

  get trackLooks(): Readonly<Record<string, TrackLook>> {
    return (
      (this.#model.get("track_looks") as Record<string, TrackLook> | undefined) ?? {}
    );
  }

  /** Show tracks in another way; `save` false while it is still being dragged. */
  setTrackLooks(changes: Readonly<Record<string, TrackLook>>, save = true): void {
    const looks = { ...this.trackLooks };
    for (const [name, look] of Object.entries(changes)) {
      looks[name] = { ...looks[name], ...look };
    }
    this.#model.set("track_looks", looks);
    if (save) this.#model.save_changes();
    this.layOut();
  }

  /** Keep the look of a track under its new name. */
  renameTrackLook(before: string, after: string): void {
    const { [before]: look, ...others } = this.trackLooks;
    if (!look) return;
    this.#model.set("track_looks", { ...others, [after]: look });
    this.#model.save_changes();
  }

  /** The track that media is put on: the chosen one, else the first of its type. */
  targetOf(type: Track["type"]): string | undefined {
    const looks = this.trackLooks;
    const tracks = this.timeline.tracks.filter((track) => track.type === type);
    const chosen = tracks.filter((track) => looks[track.name]?.target !== undefined);
    if (chosen.length) return chosen.find((track) => looks[track.name]?.target)?.name;
    return (type === "audio" ? tracks[0] : tracks.at(-1))?.name;
  }

  /** The markers, with the one that is being dragged where the pointer is. */
  get markers(): readonly MarkerView[] {
    const { markerDrag, timeline } = this;
    if (!markerDrag) return timeline.markers;
    const { marker, startS, durationS } = markerDrag;
    return timeline.markers.map((own, place) =>
      place === marker ? { ...own, startS, durationS } : own,
    );
  }

  get targets(): ReadonlySet<string> {
    const names = (["video", "audio"] as const).map((type) => this.targetOf(type));
    return new Set(names.filter((name) => name !== undefined));
  }

  /** Give the rows their heights. */
  layOut(): void {
    const looks = this.trackLooks;
    for (const track of this.timeline.tracks) {
      const { heightPx, waveZoom } = looks[track.name] ?? {};
      track.heightPx = heightPx ?? HEIGHTS.medium[track.type];
      track.waveZoom = waveZoom ?? 1;
    }
    this.tops = rowTops(this.timeline.tracks);
    this.scroll(0);
  }

  /** Take a timeline, and deselect what is gone. */
  setTimeline(timeline: Timeline): void {
    this.#follow(timeline);
    this.timeline = timeline;
    this.layOut();
    const kept = this.selection.filter((id) => placeOf(timeline, id));
    this.select(kept, this.#isChosenAlone);
    if (this.#fitsAll) this.fit();
  }

  /** Have what is dragged, and the chosen marker, be the same ones in a timeline. */
  #follow(next: Timeline): void {
    const { drag, markerDrag, timeline } = this;
    this.drag = drag && followDrag(drag, timeline, next);
    const markerOf = (place: number) => markerIn(place, timeline.markers, next.markers);
    this.marker = markerOf(this.marker);
    const marker = markerDrag ? markerOf(markerDrag.marker) : -1;
    this.markerDrag = markerDrag && marker >= 0 ? { ...markerDrag, marker } : undefined;
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

  /** Whether the whole timeline is shown. */
  get fitsAll(): boolean {
    return this.#fitsAll;
  }

  /** Show the lowest pictures over the first sound, where there are many rows. */
  showMiddle(): void {
    const divider = this.timeline.tracks.findIndex(({ type }) => type === "audio");
    if (divider < 0) return;
    const viewPx = this.height - RULER_PX;
    this.scrollPx = 0;
    this.scroll((this.tops[divider] ?? 0) - viewPx / 2);
  }

  /** Scroll the rows, from the first to the last. */
  scroll(byPx: number, viewPx = this.height - RULER_PX): void {
    const max = Math.max(0, (this.tops.at(-1) ?? 0) - viewPx);
    this.scrollPx = Math.min(max, Math.max(0, this.scrollPx + byPx));
  }

  /** Scroll through time and rows; returns whether there was anywhere to go. */
  scrollBy(timePx: number, rowsPx: number): boolean {
    const before = this.scrollPx;
    this.scroll(rowsPx);
    const scale = pan(this.scale, timePx, this.timeline.durationS, this.width);
    const hasMoved = scale.originS !== this.scale.originS;
    if (hasMoved) this.setScale(scale);
    return hasMoved || this.scrollPx !== before;
  }

  /** Bring a span of time and a row into view. */
  reveal(startS: number, endS: number, row: number): void {
    const { scale, width } = this;
    const [left, right] = [startS, endS].map((s) => (s - scale.originS) * scale.pxPerS);
    if ((right ?? 0) < 0 || (left ?? 0) > width) {
      this.scrollBy((left ?? 0) - width * 0.1, 0);
    }
    const viewPx = this.height - RULER_PX;
    const [top, bottom] = [this.tops[row] ?? 0, this.tops[row + 1] ?? 0];
    if (top < this.scrollPx) this.scroll(top - this.scrollPx);
    else if (bottom > this.scrollPx + viewPx) {
      this.scroll(bottom - viewPx - this.scrollPx);
    }
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, n) => id === other[n]);
}
