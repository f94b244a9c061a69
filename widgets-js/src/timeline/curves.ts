/** The value lines on clips: opacity on pictures, volume on sound. Pure. */

import type { CurveView } from "../protocol";
import type { Ghost } from "./dragState";
import type { Parameter, Track } from "./model";
import type { Rect } from "./scene";

/** The height of the name at the top of a clip. */
export const BAR_PX = 15;
/** So far above a clip's lower edge lie the marks of keyframes without a line. */
export const MARK_UP_PX = 7;
const MARK_IN_PX = 8;
/** Lower rows show no lines. */
export const MIN_CURVE_ROW_PX = 40;
const PAD_PX = 5;
const [LEAST_DB, MOST_DB] = [-48, 12];
// Control points of cubic Béziers from (0, 0) to (1, 1), as in CSS.
const EASINGS: Readonly<Record<string, readonly [number, number, number, number]>> = {
  ease: [0.25, 0.1, 0.25, 1],
  ease_in: [0.42, 0, 1, 1],
  ease_out: [0, 0, 0.58, 1],
  ease_in_out: [0.42, 0, 0.58, 1],
  bezier: [0.42, 0, 0.58, 1],
};

/** A keyframe as it is drawn. */
export interface Key {
  readonly atS: number;
  readonly value: number;
  readonly interpolation: string;
}

export function parameterOf(track: Track): Parameter | undefined {
  if (track.type === "subtitle") return undefined;
  return track.type === "audio" ? "gain_db" : "opacity";
}

export function keysOf(curve: CurveView | undefined): Key[] {
  return (curve?.timesS ?? []).map((atS, n) => ({
    atS,
    value: curve?.values[n] ?? 0,
    interpolation: curve?.interpolations[n] ?? "linear",
  }));
}

/** The keyframes of an item as they are, or as they are dragged. */
export function shownKeys(track: Track, ghost: Ghost, parameter: Parameter): Key[] {
  const keys = keysOf(track.curve(ghost.item, parameter));
  const shiftS = shiftOf(track, ghost);
  const own = ghost.keys ?? keys.map((key) => ({ ...key, atS: key.atS + shiftS }));
  return own.map((key, n) => ({
    ...key,
    interpolation: keys[n]?.interpolation ?? "linear",
  }));
}

/** The marks of an item's keyframes as they are, or as they are dragged. */
export function shownMarks(track: Track, ghost: Ghost): readonly number[] {
  const shiftS = shiftOf(track, ghost);
  return ghost.marks ?? track.marks(ghost.item).map((atS) => atS + shiftS);
}

/** Where a mark is drawn: one at an edge of its clip is seen whole beside the edge. */
export function markX(px: number, left: number, right: number): number {
  const inPx = Math.min(MARK_IN_PX, (right - left) / 2);
  return Math.min(right - inPx, Math.max(left + inPx, px));
}

/** How far keyframes move with a ghost: they stay on the media that it shows. */
function shiftOf(track: Track, { item, startS, mediaStartS }: Ghost): number {
  const ramp = track.ramp(item);
  const rate = track.rate(item);
  const lengthS = track.end(item) - track.start(item);
  const mediaByS = mediaStartS - track.mediaStart(item);
  const ownByS = ramp
    ? ramp.shareOf(mediaStartS) * lengthS
    : rate
      ? mediaByS / rate
      : 0;
  return startS - track.start(item) - ownByS;
}

/** How high a value lies: 0 at the bottom, 1 at the top. */
export function shareOf(parameter: Parameter, value: number): number {
  const share =
    parameter === "opacity" ? value : (value - LEAST_DB) / (MOST_DB - LEAST_DB);
  return Math.min(1, Math.max(0, share));
}

/** The value at a height, in steps of a percent or a tenth of a decibel. */
export function valueAtShare(parameter: Parameter, share: number): number {
  const inside = Math.min(1, Math.max(0, share));
  if (parameter === "opacity") return Math.round(inside * 100) / 100;
  const gain = Math.round((LEAST_DB + inside * (MOST_DB - LEAST_DB)) * 10) / 10;
  return Math.abs(gain) < 0.6 ? 0 : gain;
}

type Band = Pick<Rect, "top" | "height">;

export function yOf(
  parameter: Parameter,
  value: number,
  { top, height }: Band,
): number {
  const room = height - BAR_PX - 2 * PAD_PX;
  return top + BAR_PX + PAD_PX + room * (1 - shareOf(parameter, value));
}

export function valueAtY(parameter: Parameter, y: number, band: Band): number {
  const room = band.height - BAR_PX - 2 * PAD_PX;
  return valueAtShare(parameter, 1 - (y - band.top - BAR_PX - PAD_PX) / room);
}

/** The value between keyframes at a time. */
export function valueAt(keys: readonly Key[], seconds: number): number {
  const next = keys.findIndex((key) => key.atS > seconds);
  const left = keys[next < 0 ? keys.length - 1 : next - 1];
  const right = keys[next];
  if (!left) return keys[0]?.value ?? 0;
  if (!right || left.interpolation === "hold") return left.value;
  const share = (seconds - left.atS) / (right.atS - left.atS);
  return left.value + (right.value - left.value) * eased(share, left.interpolation);
}

function eased(share: number, interpolation: string): number {
  const handles = EASINGS[interpolation];
  if (!handles) return share;
  const [x1, y1, x2, y2] = handles;
  let [low, high] = [0, 1];
  for (let n = 0; n < 16; n++) {
    const middle = (low + high) / 2;
    if (bezier(middle, x1, x2) < share) low = middle;
    else high = middle;
  }
  return bezier(low, y1, y2);
}

function bezier(at: number, first: number, second: number): number {
  const left = 1 - at;
  return 3 * left * left * at * first + 3 * left * at * at * second + at ** 3;
}
