/** What a drag asks the kernel for. Pure. */

import type { StageLayer } from "../protocol";
import type { StageChange } from "./drafts";
import type { Change } from "./drag";
import { STILL } from "./geometry";

export function requestOf(
  layer: StageLayer,
  frame: number,
  change: Change,
): StageChange {
  const { item } = layer;
  const where = { item, frame, draftPx: 0, draft: 0 };
  if (change.kind === "crop") {
    const [left, top, right, bottom] = change.crop;
    return { kind: "cropOnPicture", ...where, left, top, right, bottom };
  }
  if (change.kind === "pin") {
    const [leftTop, rightTop, rightBottom, leftBottom] = change.pin;
    const corners = { leftTop, rightTop, rightBottom, leftBottom };
    return { kind: "pinOnPicture", ...where, ...corners };
  }
  const { dx, dy, factor, turnDeg, about } = change.by;
  const [aboutX, aboutY] = about;
  return {
    kind: "placeOnPicture",
    ...where,
    dx,
    dy,
    factor,
    turnDeg,
    aboutX,
    aboutY,
  };
}

/** A step by the arrow keys. */
export function nudge(dx: number, dy: number): Change {
  return { kind: "place", by: { ...STILL, dx, dy } };
}
