/** What a drag asks the kernel for. Pure. */

import type { StageLayer } from "../protocol";
import type { StageChange } from "./drafts";
import type { Change } from "./drag";
import { each, type Matrix, mapped, moved, type Point, STILL } from "./geometry";
import { cropped, pinned } from "./handles";

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

/** The layer as a change makes it, until the kernel tells it: the next drag begins there. */
export function changedLayer(layer: StageLayer, change: Change): StageLayer {
  if (change.kind === "crop") {
    return { ...layer, crop: change.crop, corners: cropped(layer, change.crop) };
  }
  if (change.kind === "pin") {
    const next = { ...layer, pin: change.pin };
    return { ...next, corners: pinned(next) };
  }
  const { by } = change;
  const move = (point: Point) => moved(by, point);
  return {
    ...layer,
    matrix: movedMatrix(layer.matrix, move),
    corners: each(layer.corners, move),
    place: move(layer.place),
    scale: layer.scale * by.factor,
    rotationDeg: layer.rotationDeg + by.turnDeg,
  };
}

/** A matrix followed by a similarity, from where it takes three points. */
function movedMatrix(matrix: Matrix, move: (point: Point) => Point): Matrix {
  const [x, y] = move(mapped(matrix, [0, 0]));
  const [x1, y1] = move(mapped(matrix, [1, 0]));
  const [x2, y2] = move(mapped(matrix, [0, 1]));
  return [x1 - x, x2 - x, x, y1 - y, y2 - y, y];
}
