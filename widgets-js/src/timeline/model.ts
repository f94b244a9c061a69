/** The timeline as the browser holds it: columns a track, searched by halving. Pure. */

import { doublesOf } from "../buffers";
import type { MarkerView, MediaView, TimelineView } from "../protocol";
import type { Rate } from "../time";

export const CLIP = 0;
export const TRANSITION = 1;
export const SUBTITLE = 2;
const STRIDE = 8;

/** A track's items in order of time; transitions lie over the clips they join. */
export class Track {
  readonly count: number;
  constructor(
    readonly name: string,
    readonly type: "video" | "audio" | "subtitle",
    readonly enabled: boolean,
    readonly locked: boolean,
    readonly gainDb: number,
    readonly columns: Float64Array,
    readonly ids: readonly string[],
    readonly names: readonly string[],
  ) {
    this.count = ids.length;
  }

  start = (item: number): number => this.columns[item * STRIDE] ?? 0;
  end = (item: number): number => this.columns[item * STRIDE + 1] ?? 0;
  kind = (item: number): number => this.columns[item * STRIDE + 2] ?? 0;
  media = (item: number): number => this.columns[item * STRIDE + 3] ?? -1;
  mediaStart = (item: number): number => this.columns[item * STRIDE + 4] ?? 0;
  fadeIn = (item: number): number => this.columns[item * STRIDE + 5] ?? 0;
  fadeOut = (item: number): number => this.columns[item * STRIDE + 6] ?? 0;
  linked = (item: number): boolean => this.columns[item * STRIDE + 7] === 1;

  /** The first item that ends after a time; one less, for a transition may lie there. */
  firstAfter(seconds: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.end(middle) <= seconds) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** The clip or subtitle at a time, or -1. */
  itemAt(seconds: number): number {
    for (let item = this.firstAfter(seconds); item < this.count; item++) {
      if (this.kind(item) === TRANSITION) continue;
      if (this.start(item) > seconds) return -1;
      if (seconds < this.end(item)) return item;
    }
    return -1;
  }

  /** The transition at a time, or -1. */
  transitionAt(seconds: number): number {
    const first = Math.max(0, this.firstAfter(seconds) - 1);
    for (let item = first; item < Math.min(this.count, first + 4); item++) {
      if (this.kind(item) !== TRANSITION) continue;
      if (this.start(item) <= seconds && seconds < this.end(item)) return item;
    }
    return -1;
  }
}

/** The whole, as it was told last. */
export interface Timeline {
  readonly name: string;
  readonly rate: Rate;
  readonly durationS: number;
  readonly tracks: readonly Track[];
  readonly markers: readonly MarkerView[];
  readonly media: readonly MediaView[];
}

export const EMPTY: Timeline = {
  name: "",
  rate: { num: 25, den: 1 },
  durationS: 0,
  tracks: [],
  markers: [],
  media: [],
};

/** Take over what changed: tracks without a buffer keep the items told before. */
export function merged(
  old: Timeline,
  view: TimelineView,
  buffers: readonly DataView[],
): Timeline {
  const known = new Map(old.tracks.map((track) => [track.name, track]));
  return {
    name: view.name,
    rate: { num: view.rateNum, den: view.rateDen },
    durationS: view.durationS,
    markers: view.markers,
    media: view.media,
    tracks: view.tracks.map((told) => {
      const before = known.get(told.name);
      const data = buffers[told.buffer];
      const kept = told.buffer < 0 ? before : undefined;
      return new Track(
        told.name,
        told.type,
        told.enabled,
        told.locked,
        told.gainDb,
        kept?.columns ?? columnsOf(data),
        kept?.ids ?? told.ids,
        kept?.names ?? told.names,
      );
    }),
  };
}

function columnsOf(data: DataView | undefined): Float64Array {
  return data ? doublesOf(data) : new Float64Array();
}

/** Where an item is, by its id. */
export function placeOf(
  timeline: Timeline,
  id: string,
): { readonly row: number; readonly item: number } | undefined {
  for (const [row, track] of timeline.tracks.entries()) {
    const item = track.ids.indexOf(id);
    if (item >= 0) return { row, item };
  }
  return undefined;
}
