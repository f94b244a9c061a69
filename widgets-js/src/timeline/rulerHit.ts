/** What lies at a point of the ruler. Pure. */

import { CLOCKS_PX, type Scale, toPx } from "./geometry";

export type RulerZone = "scrub" | "in" | "out" | "range" | "marker" | "markerEnd";

export interface RulerHit {
  readonly zone: RulerZone;
  /** The marker's place in the list, or -1. */
  readonly marker: number;
}

/** Where a marker lies, with the name beside its flag. */
export interface MarkerSpan {
  readonly startS: number;
  readonly durationS: number;
  readonly name: string;
}

export const FLAG_HALF_PX = 5;
const EDGE_PX = 5;
/** The strip above the timecode by which in and out are moved together. */
export const RANGE_STRIP_PX = 6;
const NAME_PX = 7.2;
const MOST_NAME_PX = 150;

/** Where a marker's name ends: before the next marker's flag. */
export function nameEndPx(
  markers: readonly MarkerSpan[],
  marker: number,
  scale: Scale,
): number {
  const own = markers[marker];
  if (!own) return 0;
  const x = toPx(scale, own.startS);
  const long = x + FLAG_HALF_PX + 6 + Math.min(MOST_NAME_PX, own.name.length * NAME_PX);
  let end = long;
  for (const other of markers) {
    if (other === own || other.startS < own.startS) continue;
    const next = toPx(scale, other.startS) - FLAG_HALF_PX;
    if (next > x) end = Math.min(end, next);
  }
  return end;
}

/** The marker at a point of the markers' lane, or -1; the later of two lies above. */
function markerAt(markers: readonly MarkerSpan[], scale: Scale, x: number): number {
  let onName = -1;
  let onFlag = -1;
  for (const [place, marker] of markers.entries()) {
    const start = toPx(scale, marker.startS);
    const end = Math.max(
      toPx(scale, marker.startS + marker.durationS),
      nameEndPx(markers, place, scale),
    );
    if (Math.abs(start - x) <= FLAG_HALF_PX + 1) onFlag = place;
    if (x >= start && x <= end) onName = place;
  }
  return onFlag >= 0 ? onFlag : onName;
}

export function rulerHit(
  markers: readonly MarkerSpan[],
  range: { readonly inS?: number | undefined; readonly outS?: number | undefined },
  scale: Scale,
  x: number,
  y: number,
): RulerHit {
  if (y >= CLOCKS_PX) {
    const marker = markerAt(markers, scale, x);
    const own = markers[marker];
    if (!own) return { zone: "scrub", marker: -1 };
    const end = toPx(scale, own.startS + own.durationS);
    const isRange = own.durationS * scale.pxPerS > 2 * EDGE_PX;
    if (isRange && Math.abs(end - x) <= EDGE_PX) return { zone: "markerEnd", marker };
    return { zone: "marker", marker };
  }
  const near = (seconds: number | undefined) =>
    seconds !== undefined && Math.abs(toPx(scale, seconds) - x) <= EDGE_PX;
  if (near(range.outS)) return { zone: "out", marker: -1 };
  if (near(range.inS)) return { zone: "in", marker: -1 };
  const { inS, outS } = range;
  const isWithin =
    inS !== undefined &&
    outS !== undefined &&
    x > toPx(scale, inS) &&
    x < toPx(scale, outS);
  return { zone: isWithin && y < RANGE_STRIP_PX ? "range" : "scrub", marker: -1 };
}
