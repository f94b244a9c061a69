/** The handles of a layer, and which one is under the pointer. Pure. */

import type { StageLayer } from "../protocol";
import {
  type Corners,
  center,
  contains,
  distance,
  each,
  mapped,
  middleOf,
  type Point,
  projected,
  projectionTo,
} from "./geometry";

/** What the handles of a clip do; texts can always be placed. */
export type Mode = "none" | "transform" | "crop" | "pin";
export type Handle =
  | { readonly kind: "move" }
  | { readonly kind: "rotate" }
  | { readonly kind: "corner"; readonly number: 0 | 1 | 2 | 3 }
  | { readonly kind: "edge"; readonly number: 0 | 1 | 2 | 3 };

export interface PlacedHandle {
  readonly handle: Handle;
  readonly at: Point;
}

const ARM_PX = 26;
const NUMBERS = [0, 1, 2, 3] as const;

/** What the handles of a layer do in a mode: nothing for one that is locked. */
export function modeOf(layer: StageLayer, mode: Mode): Mode {
  if (layer.locked) return "none";
  if (mode === "none") return layer.type === "clip" ? "none" : "transform";
  return layer.takesEffects ? mode : "transform";
}

/** The corners of the whole picture of a layer, once they were pinned. */
export function pinned(layer: StageLayer): Corners {
  return each(layer.pin, (share) => mapped(layer.matrix, share));
}

/** The corners of what the effect `crop` leaves. */
export function cropped(
  layer: StageLayer,
  [left, top, right, bottom]: StageLayer["crop"] = layer.crop,
): Corners {
  const whole = projectionTo(pinned(layer));
  const shares: Corners = [
    [left, top],
    [1 - right, top],
    [1 - right, 1 - bottom],
    [left, 1 - bottom],
  ];
  return each(shares, (share) => projected(whole, share));
}

/** The corners that a mode shows and takes hold of. */
export function outline(layer: StageLayer, mode: Mode): Corners {
  if (mode === "pin") return pinned(layer);
  if (mode === "crop") return cropped(layer);
  return layer.corners;
}

/** The handles of a layer; `pxPerCss` is how many of its pixels one of the page has. */
export function handlesOf(
  layer: StageLayer,
  mode: Mode,
  pxPerCss: number,
  room: Point,
): readonly PlacedHandle[] {
  if (mode === "none") return [];
  const corners = outline(layer, mode);
  const found: PlacedHandle[] = corners.map((at, number) => ({
    handle: { kind: "corner", number: number as 0 | 1 | 2 | 3 },
    at,
  }));
  if (mode === "crop") {
    for (const number of NUMBERS) {
      const at = middleOf(
        corners[number],
        corners[((number + 1) % 4) as 0 | 1 | 2 | 3],
      );
      found.push({ handle: { kind: "edge", number }, at });
    }
  }
  if (mode === "transform") {
    found.push({ handle: { kind: "rotate" }, at: knob(corners, pxPerCss, room) });
  }
  return found;
}

/** The knob that turns a layer: above it, or below its top edge where there is no room. */
export function knob(
  corners: Corners,
  pxPerCss: number,
  [width, height]: Point,
): Point {
  const top = middleOf(corners[0], corners[1]);
  const middle = center(corners);
  const long = distance(middle, top) || 1;
  const arm = ARM_PX * pxPerCss;
  const at = (by: number): Point => [
    top[0] + ((top[0] - middle[0]) / long) * by,
    top[1] + ((top[1] - middle[1]) / long) * by,
  ];
  const outside = at(arm);
  const isSeen =
    outside[0] > 0 && outside[1] > 0 && outside[0] < width && outside[1] < height;
  return isSeen ? outside : at(-arm);
}

/** The handle within reach of a point, else the inside of the layer. */
export function handleAt(
  layer: StageLayer,
  mode: Mode,
  point: Point,
  pxPerCss: number,
  room: Point,
  reachCss = 9,
): Handle | undefined {
  const near = handlesOf(layer, mode, pxPerCss, room)
    .map(({ handle, at }) => ({ handle, away: distance(at, point) }))
    .filter(({ away }) => away <= reachCss * pxPerCss)
    .sort((a, b) => a.away - b.away)[0];
  if (near) return near.handle;
  const isInside = contains(outline(layer, mode), point);
  return isInside && mode !== "none" ? { kind: "move" } : undefined;
}
