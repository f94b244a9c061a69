/** The timeline in the browser: columns of each track, found by binary search. Pure. */

import { doublesOf } from "../buffers";
import {
  type ClipMarkerView,
  ITEM_KIND,
  ITEM_LAYOUT,
  type MarkerView,
  type MediaView,
  type TimelineView,
  type TrackView,
} from "../protocol";
import type { Rate } from "../time";
import { HEIGHTS } from "./rows";

export const { CLIP, TRANSITION, SUBTITLE } = ITEM_KIND;

// The place of each column among the doubles of an item.
const DOUBLE_BYTES = 8;
const STRIDE = ITEM_LAYOUT.bytes / DOUBLE_BYTES;
const placeOfColumn = (name: keyof typeof ITEM_LAYOUT.columns): number =>
  ITEM_LAYOUT.columns[name].offset / DOUBLE_BYTES;
const START = placeOfColumn("startS");
const END = placeOfColumn("endS");
const KIND = placeOfColumn("kind");
const MEDIA = placeOfColumn("media");
const MEDIA_START = placeOfColumn("mediaStartS");
const FADE_IN = placeOfColumn("fadeInS");
const FADE_OUT = placeOfColumn("fadeOutS");
const LINKED = placeOfColumn("linked");

/** A track's items in order of time; transitions lie over the clips they join. */
export class Track {
  readonly count: number;
  /** How tall its row is, and by what its waveforms are magnified: set by the view. */
  heightPx: number;
  waveZoom = 1;
  /** How it goes along with ripple edits on other tracks. */
  syncLock: TrackView["syncLock"] = "auto";
  /** The markers of its clips, in timeline seconds. */
  markers: readonly ClipMarkerView[] = [];
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
    this.heightPx = HEIGHTS.medium[type];
  }

  start = (item: number): number => this.columns[item * STRIDE + START] ?? 0;
  end = (item: number): number => this.columns[item * STRIDE + END] ?? 0;
  kind = (item: number): number => this.columns[item * STRIDE + KIND] ?? 0;
  media = (item: number): number => this.columns[item * STRIDE + MEDIA] ?? -1;
  mediaStart = (item: number): number => this.columns[item * STRIDE + MEDIA_START] ?? 0;
  fadeIn = (item: number): number => this.columns[item * STRIDE + FADE_IN] ?? 0;
  fadeOut = (item: number): number => this.columns[item * STRIDE + FADE_OUT] ?? 0;
  linked = (item: number): boolean => this.columns[item * STRIDE + LINKED] === 1;

  /** The item before the first that ends after a time: it may be a transition. */
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

/** The timeline as the kernel sent it last. */
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

/** Apply an update: tracks without a buffer keep their items. */
export function mergeTimeline(
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
    tracks: view.tracks.map((trackView) => {
      const before = known.get(trackView.name);
      const data = buffers[trackView.buffer];
      const kept = trackView.buffer < 0 ? before : undefined;
      const track = new Track(
        trackView.name,
        trackView.type,
        trackView.enabled,
        trackView.locked,
        trackView.gainDb,
        kept?.columns ?? columnsOf(data),
        kept?.ids ?? trackView.ids,
        kept?.names ?? trackView.names,
      );
      track.syncLock = trackView.syncLock;
      track.markers = kept?.markers ?? trackView.markers;
      return track;
    }),
  };
}

function columnsOf(data: DataView | undefined): Float64Array {
  return data ? doublesOf(data) : new Float64Array();
}

/** Where an item lies, by its id. */
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
