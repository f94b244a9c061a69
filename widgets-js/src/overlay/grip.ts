/** Taking hold of a box by its inside, an edge or a corner: geometry alone. */

import type { Box } from "./boxes";

export type Point = readonly [number, number];

export interface Rect {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** A box that is held: by which sides, from where, and where it is by now. */
export interface Grip {
  readonly row: number;
  readonly from: Point;
  readonly start: Rect;
  readonly sides: ReadonlySet<keyof Rect>;
  readonly box: Rect;
  readonly changed: boolean;
}

const LEAST = 2;

/** The corners of a box that lie across from each other. */
export function diagonal(box: Rect): [Point, Point] {
  return [
    [box.x1, box.y1],
    [box.x2, box.y2],
  ];
}

/** The smallest box that a point is in, or nearer to than `reach`. */
export function boxNear(
  boxes: readonly Box[],
  [x, y]: Point,
  reach: number,
): Box | undefined {
  const area = (box: Box) => (box.x2 - box.x1) * (box.y2 - box.y1);
  return boxes
    .filter(
      (box) =>
        box.x1 - reach <= x &&
        x <= box.x2 + reach &&
        box.y1 - reach <= y &&
        y <= box.y2 + reach,
    )
    .sort((a, b) => area(a) - area(b))[0];
}

/** Hold a box at a point: by the edges nearer than `reach`, or else as a whole. */
export function gripOn(box: Box, from: Point, reach: number): Grip {
  const [x, y] = from;
  const sides = new Set<keyof Rect>();
  if (Math.abs(x - box.x1) <= reach) sides.add("x1");
  else if (Math.abs(x - box.x2) <= reach) sides.add("x2");
  if (Math.abs(y - box.y1) <= reach) sides.add("y1");
  else if (Math.abs(y - box.y2) <= reach) sides.add("y2");
  if (!sides.size)
    for (const side of ["x1", "y1", "x2", "y2"] as const) sides.add(side);
  const start = { x1: box.x1, y1: box.y1, x2: box.x2, y2: box.y2 };
  return { row: box.row, from, start, sides, box: start, changed: false };
}

/** Where the box is when its grip was moved to a point; never turned inside out. */
export function pulled(grip: Grip, [x, y]: Point): Rect {
  const { start, sides, from } = grip;
  const by = { x: x - from[0], y: y - from[1] };
  const at = (side: keyof Rect) =>
    start[side] + (sides.has(side) ? (side.startsWith("x") ? by.x : by.y) : 0);
  const [x1, y1, x2, y2] = [at("x1"), at("y1"), at("x2"), at("y2")];
  return {
    x1: sides.has("x1") && !sides.has("x2") ? Math.min(x1, x2 - LEAST) : x1,
    y1: sides.has("y1") && !sides.has("y2") ? Math.min(y1, y2 - LEAST) : y1,
    x2: sides.has("x2") && !sides.has("x1") ? Math.max(x2, x1 + LEAST) : x2,
    y2: sides.has("y2") && !sides.has("y1") ? Math.max(y2, y1 + LEAST) : y2,
  };
}

/** Points without those that lie where the one before does. */
export function withoutRepeats(points: readonly Point[]): Point[] {
  return points.filter((point, n) => {
    const before = points[n - 1];
    return !before || Math.hypot(point[0] - before[0], point[1] - before[1]) > 1;
  });
}
