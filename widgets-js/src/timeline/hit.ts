/** What lies at a point of the timeline's canvas. Pure. */

import {
  BAR_PX,
  keysOf,
  MARK_UP_PX,
  MIN_CURVE_ROW_PX,
  markX,
  parameterOf,
  valueAt,
  yOf,
} from "./curves";
import type { Hit, Tool, Zone } from "./dragState";
import { RULER_PX, rowAt, rowHeight, type Scale, toPx, toSeconds } from "./geometry";
import { CLIP, type Timeline, type Track } from "./model";

export type { Hit, Zone } from "./dragState";

export interface HitOptions {
  readonly tool?: Tool;
  /** The items whose fades and lines can be taken. */
  readonly open?: ReadonlySet<string>;
}

const EDGE_PX = 7;
const BRIDGE_EDGE_PX = 6;
const HANDLE_PX = 7;
const LINE_PX = 4;
const MARK_REACH_PX = 6;
/** Clips narrower than this have no handles for fades. */
export const MIN_FADE_CLIP_PX = 56;
/** A handle of a fade of no length lies so far from the clip's edge. */
export const FADE_INSET_PX = 11;
/** So far below a clip's top: its name stays free. */
export const FADE_TOP_PX = BAR_PX + 4;
// Under this share of a row's height, an edge under a transition is taken.
const LOW_SHARE = 0.7;

/** What lies at a point of the canvas. */
export function hit(
  timeline: Timeline,
  scale: Scale,
  tops: readonly number[],
  scrollPx: number,
  x: number,
  y: number,
  { tool = "select", open = new Set() }: HitOptions = {},
): Hit {
  const seconds = toSeconds(scale, x);
  if (y < RULER_PX) return { zone: "ruler", row: -1, item: -1, seconds };
  const rowY = y - RULER_PX + scrollPx;
  const row = rowAt(tops, rowY);
  const track = timeline.tracks[row];
  if (!track) return { zone: "empty", row, item: -1, seconds };
  const bandY = rowY - (tops[row] ?? 0);
  if (bandY > rowHeight(track)) return { zone: "empty", row, item: -1, seconds };
  const reach = Math.min(EDGE_PX / scale.pxPerS, 1);
  const item = nearest(track, seconds, reach);
  if (item < 0) return { zone: "empty", row, item, seconds };
  const isLow = bandY > rowHeight(track) * LOW_SHARE;
  if (tool === "select") {
    const isOpen = open.has(track.ids[item] ?? "");
    const own = isOpen ? onClip(track, item, scale, x, bandY) : undefined;
    const bridge = isLow ? undefined : onTransition(track, seconds, scale);
    // A transition covers lines and fades, but not the keyframes drawn on it.
    if (own && (own.zone.startsWith("key") || !bridge))
      return { ...own, row, item, seconds };
    if (bridge) return { ...bridge, row, seconds };
  }
  const wide = (track.end(item) - track.start(item)) * scale.pxPerS;
  // Narrow clips keep a body between their edges.
  const edge = Math.min(EDGE_PX, wide / 4) / scale.pxPerS;
  if (seconds < track.start(item) + edge) return { zone: "head", row, item, seconds };
  if (seconds > track.end(item) - edge) return { zone: "tail", row, item, seconds };
  return { zone: "body", row, item, seconds };
}

function onTransition(
  track: Track,
  seconds: number,
  scale: Scale,
): { readonly zone: Zone; readonly item: number } | undefined {
  const reach = BRIDGE_EDGE_PX / 2 / scale.pxPerS;
  let item = track.transitionAt(seconds);
  if (item < 0) item = track.transitionAt(seconds - reach);
  if (item < 0) item = track.transitionAt(seconds + reach);
  if (item < 0) return undefined;
  const [start, end] = [track.start(item), track.end(item)];
  const wide = (end - start) * scale.pxPerS;
  const edge = Math.min(BRIDGE_EDGE_PX, wide / 4) / scale.pxPerS;
  if (seconds < start + edge) return { zone: "transitionHead", item };
  if (seconds > end - edge) return { zone: "transitionTail", item };
  return { zone: "transition", item };
}

/** A handle of a fade, a keyframe, or the value line of a clip. */
function onClip(
  track: Track,
  item: number,
  scale: Scale,
  x: number,
  bandY: number,
): { readonly zone: Zone; readonly key?: number } | undefined {
  const height = rowHeight(track);
  if (track.kind(item) !== CLIP || height < MIN_CURVE_ROW_PX) return undefined;
  const [left, right] = [toPx(scale, track.start(item)), toPx(scale, track.end(item))];
  if (Math.abs(bandY - height + MARK_UP_PX) <= MARK_REACH_PX) {
    const key = markAt(track, item, scale, x);
    if (key >= 0) return { zone: "keyMark", key };
  }
  if (right - left >= MIN_FADE_CLIP_PX && Math.abs(bandY - FADE_TOP_PX) <= HANDLE_PX) {
    const [inX, outX] = fadeHandles(track, item, scale);
    if (Math.abs(x - inX) <= HANDLE_PX) return { zone: "fadeIn" };
    if (Math.abs(x - outX) <= HANDLE_PX) return { zone: "fadeOut" };
  }
  const parameter = parameterOf(track);
  if (!parameter || x < left || x > right) return undefined;
  const keys = keysOf(track.curve(item, parameter));
  const band = { top: 0, height };
  for (const [key, { atS, value }] of keys.entries()) {
    const isInside = atS > track.start(item) - 1e-6 && atS < track.end(item) + 1e-6;
    const near =
      Math.abs(toPx(scale, atS) - x) <= HANDLE_PX &&
      Math.abs(yOf(parameter, value, band) - bandY) <= HANDLE_PX;
    if (isInside && near) return { zone: "keyframe", key };
  }
  const value = keys.length
    ? valueAt(keys, toSeconds(scale, x))
    : track.value(item, parameter);
  const isOnLine = Math.abs(yOf(parameter, value, band) - bandY) <= LINE_PX;
  return isOnLine && x > left + EDGE_PX && x < right - EDGE_PX
    ? { zone: "curve" }
    : undefined;
}

/** The nearest mark of a clip's keyframes that is seen within reach, or -1. */
function markAt(track: Track, item: number, scale: Scale, x: number): number {
  const [start, end] = [track.start(item), track.end(item)];
  const [left, right] = [toPx(scale, start), toPx(scale, end)];
  if (right - left < BAR_PX) return -1;
  let [found, leastPx] = [-1, MARK_REACH_PX + 1e-6];
  for (const [key, atS] of track.marks(item).entries()) {
    const awayPx = Math.abs(markX(toPx(scale, atS), left, right) - x);
    const isInside = atS > start - 1e-6 && atS < end + 1e-6;
    if (isInside && awayPx < leastPx) [found, leastPx] = [key, awayPx];
  }
  return found;
}

/** Where the handles of a clip's fades lie, in pixels. */
export function fadeHandles(
  track: Track,
  item: number,
  scale: Scale,
): readonly [number, number] {
  const fadeInPx = track.fadeIn(item) * scale.pxPerS;
  const fadeOutPx = track.fadeOut(item) * scale.pxPerS;
  return [
    toPx(scale, track.start(item)) + Math.max(FADE_INSET_PX, fadeInPx),
    toPx(scale, track.end(item)) - Math.max(FADE_INSET_PX, fadeOutPx),
  ];
}

/** The item at a time, or else one whose edge is within reach, or -1. */
function nearest(track: Track, seconds: number, reach: number): number {
  const inside = track.itemAt(seconds);
  if (inside >= 0) return inside;
  const before = track.itemAt(seconds - reach / 2);
  return before >= 0 ? before : track.itemAt(seconds + reach / 2);
}
