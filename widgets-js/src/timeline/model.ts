/** The timeline in the browser: columns of each track, found by binary search. Pure. */

import { doublesOf } from "../buffers";
import {
  type ClipMarkerView,
  type CurveView,
  ITEM_KIND,
  ITEM_LAYOUT,
  type MarkerView,
  type MediaView,
  type TimelineView,
  type TrackView,
} from "../protocol";
import type { Rate } from "../time";
import { RampMap } from "./rampMap";
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
const LINK = placeOfColumn("link");
const RATE = placeOfColumn("rate");
const RAMPS = placeOfColumn("ramps");
const HEAD_ROOM = placeOfColumn("headRoomS");
const TAIL_ROOM = placeOfColumn("tailRoomS");
const OPACITY = placeOfColumn("opacity");
const GAIN = placeOfColumn("gainDb");

export type Parameter = CurveView["parameter"];

// Times that are nearer than this are the same.
const HAIR_S = 1e-6;

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
  /** What those of its clips show whose speed changes, by their ids. */
  rampMaps: ReadonlyMap<string, RampMap> = new Map();
  /** Timeline seconds of keyframes that no line on a clip shows, by its id. */
  keyMarks: ReadonlyMap<string, readonly number[]> = new Map();
  constructor(
    readonly name: string,
    readonly type: "video" | "audio" | "subtitle",
    readonly enabled: boolean,
    readonly locked: boolean,
    readonly gainDb: number,
    readonly columns: Float64Array,
    readonly ids: readonly string[],
    readonly names: readonly string[],
    readonly curves: readonly CurveView[] = [],
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
  /** The number of its link, or 0: see `linkedTo`. */
  link = (item: number): number => this.columns[item * STRIDE + LINK] ?? 0;
  /** Media seconds a second, on average: negative runs backwards, 0 is frozen. */
  rate = (item: number): number => this.columns[item * STRIDE + RATE] ?? 1;
  ramps = (item: number): boolean => this.columns[item * STRIDE + RAMPS] === 1;
  /** How much earlier an item can begin, and later end, for its media. */
  headRoom = (item: number): number => this.columns[item * STRIDE + HEAD_ROOM] ?? 0;
  tailRoom = (item: number): number => this.columns[item * STRIDE + TAIL_ROOM] ?? 0;

  /** A parameter's value where it has no keyframes. */
  value(item: number, parameter: Parameter): number {
    const column = parameter === "opacity" ? OPACITY : GAIN;
    return this.columns[item * STRIDE + column] ?? 0;
  }

  curve(item: number, parameter: Parameter): CurveView | undefined {
    if (!this.curves.length) return undefined;
    const id = this.ids[item];
    return this.curves.find((one) => one.item === id && one.parameter === parameter);
  }

  /** The seconds at which an item has keyframes that no line on it shows. */
  marks = (item: number): readonly number[] =>
    this.keyMarks.get(this.ids[item] ?? "") ?? [];

  /** The media second that is shown at a timeline second of an item. */
  mediaAt(item: number, seconds: number): number {
    const ownS = seconds - this.start(item);
    const ramp = this.ramp(item);
    if (ramp) return ramp.at(ownS / (this.end(item) - this.start(item)));
    return this.mediaStart(item) + ownS * this.rate(item);
  }

  /** What an item shows, if its speed changes. */
  ramp(item: number): RampMap | undefined {
    return this.ramps(item) ? this.rampMaps.get(this.ids[item] ?? "") : undefined;
  }

  /** The clip that touches an item's start (-1) or end (1), or -1. */
  neighbor(item: number, side: -1 | 1): number {
    let other = item + side;
    while (this.kind(other) === TRANSITION && other >= 0 && other < this.count)
      other += side;
    if (other < 0 || other >= this.count) return -1;
    const gapS =
      side < 0
        ? this.start(item) - this.end(other)
        : this.start(other) - this.end(item);
    return Math.abs(gapS) < HAIR_S ? other : -1;
  }

  /** The end of what lies before an item, and the start of what lies after it. */
  room(item: number): readonly [number, number] {
    let [before, after] = [item - 1, item + 1];
    while (before >= 0 && this.kind(before) === TRANSITION) before--;
    while (after < this.count && this.kind(after) === TRANSITION) after++;
    return [
      before >= 0 ? this.end(before) : 0,
      after < this.count ? this.start(after) : Number.POSITIVE_INFINITY,
    ];
  }

  /** The clips that a transition joins. */
  joined(transition: number): readonly [number, number] {
    return [transition - 1, transition + 1];
  }

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
  /** The names of the timelines from the edit's to this one. */
  readonly path: readonly string[];
  readonly rate: Rate;
  readonly durationS: number;
  readonly tracks: readonly Track[];
  readonly markers: readonly MarkerView[];
  readonly media: readonly MediaView[];
}

export const EMPTY: Timeline = {
  name: "",
  path: [],
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
    path: view.path,
    rate: { num: view.rateNum, den: view.rateDen },
    durationS: view.durationS,
    markers: view.markers,
    media: view.media,
    tracks: view.tracks.map((trackView) => {
      const before = known.get(trackView.name);
      const data = buffers[trackView.buffer];
      const kept = trackView.buffer < 0 ? before : undefined;
      const { head, tail, ids, names } = trackView;
      // What is there of it: a view may hear of changes before it has the whole.
      const end = Math.max(head, (before?.count ?? 0) - tail);
      const around = (old: readonly string[] = [], now: readonly string[]) =>
        head || tail ? [...old.slice(0, head), ...now, ...old.slice(end)] : now;
      const track = new Track(
        trackView.name,
        trackView.type,
        trackView.enabled,
        trackView.locked,
        trackView.gainDb,
        kept?.columns ??
          columnsAround(
            before?.columns ?? columnsOf(undefined),
            columnsOf(data),
            head,
            end,
          ),
        kept?.ids ?? around(before?.ids, ids),
        kept?.names ?? around(before?.names, names),
        kept?.curves ?? trackView.curves,
      );
      track.syncLock = trackView.syncLock;
      track.markers = kept?.markers ?? trackView.markers;
      track.keyMarks =
        kept?.keyMarks ??
        new Map(trackView.keyMarks.map((one) => [one.item, one.timesS]));
      track.rampMaps =
        kept?.rampMaps ??
        new Map(trackView.ramps.map((one) => [one.item, new RampMap(one.mediaS)]));
      return track;
    }),
  };
}

function columnsAround(
  old: Float64Array,
  now: Float64Array,
  head: number,
  end: number,
): Float64Array {
  const before = old.subarray(0, head * STRIDE);
  const after = old.subarray(end * STRIDE);
  const all = new Float64Array(before.length + now.length + after.length);
  all.set(before);
  all.set(now, before.length);
  all.set(after, before.length + now.length);
  return all;
}

function columnsOf(data: DataView | undefined): Float64Array {
  return data ? doublesOf(data) : new Float64Array();
}

/** The media second from which on an item's file holds nothing any more. */
export function lostFrom({ media }: Timeline, track: Track, item: number): number {
  const own = media[track.media(item)];
  const endS = track.type === "video" ? own?.pictureEndS : own?.soundEndS;
  return endS ?? Number.POSITIVE_INFINITY;
}

/** Whether a clip's file is not there, or holds less than it shows at an edge. */
export function lackOf(
  timeline: Timeline,
  track: Track,
  item: number,
): "offline" | "short" | undefined {
  if (timeline.media[track.media(item)]?.isOnline === false) return "offline";
  const [start, end] = [track.start(item), track.end(item)];
  const lastS = Math.max(start, end - HAIR_S);
  const shownS = Math.max(track.mediaAt(item, start), track.mediaAt(item, lastS));
  return shownS >= lostFrom(timeline, track, item) ? "short" : undefined;
}

export interface Place {
  readonly row: number;
  readonly item: number;
}

/** The numbers of a track's items by their ids: an update keeps the lists it can. */
const numbersOf = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** Where an item lies, by its id. */
export function placeOf(timeline: Timeline, id: string): Place | undefined {
  for (const [row, { ids }] of timeline.tracks.entries()) {
    let numbers = numbersOf.get(ids);
    if (!numbers) {
      // The first of several with one id counts: transitions have none.
      numbers = new Map([...ids.entries()].reverse().map(([n, own]) => [own, n]));
      numbersOf.set(ids, numbers);
    }
    const item = numbers.get(id);
    if (item !== undefined) return { row, item };
  }
  return undefined;
}

/** The ids of the items that are linked to one: not its own. */
export function linkedTo(timeline: Timeline, { row, item }: Place): string[] {
  const own = timeline.tracks[row];
  const link = own?.link(item);
  if (!link) return [];
  return timeline.tracks.flatMap((track) =>
    track.ids.filter(
      (_, other) => track.link(other) === link && (track !== own || other !== item),
    ),
  );
}
