/** Drag a box by its inside, an edge or a corner. Pure. */

import type { Box } from "./boxes";

export type Point = readonly [number, number];

export interface Rect {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** A drag of a box: which sides move, from where, and where the box is now. */
export interface BoxDrag {
  readonly row: number;
  readonly from: Point;
  readonly start: Rect;
  readonly sides: ReadonlySet<keyof Rect>;
  readonly box: Rect;
  readonly changed: boolean;
}

const MIN_SIDE_PX = 2;

/** The top left and the bottom right corner of a box. */
export function oppositeCorners(box: Rect): [Point, Point] {
  return [
    [box.x1, box.y1],
    [box.x2, box.y2],
  ];
}

/** The box that a press takes: the selected one, else the smallest that holds it. */
export function boxFor(
  boxes: readonly Box[],
  point: Point,
  reachPx: number,
  selected: ReadonlySet<number>,
): Box | undefined {
  const own = boxes.filter((box) => selected.has(box.row));
  return (
    smallest(own.filter((box) => isNear(box, point, reachPx))) ??
    smallest(boxes.filter((box) => isNear(box, point, 0))) ??
    smallest(boxes.filter((box) => isNear(box, point, reachPx)))
  );
}

function isNear(box: Rect, [x, y]: Point, reachPx: number): boolean {
  return (
    box.x1 - reachPx <= x &&
    x <= box.x2 + reachPx &&
    box.y1 - reachPx <= y &&
    y <= box.y2 + reachPx
  );
}

function smallest(boxes: readonly Box[]): Box | undefined {
  const area = (box: Box) => (box.x2 - box.x1) * (box.y2 - box.y1);
  return [...boxes].sort((a, b) => area(a) - area(b))[0];
}

/** Start to drag a box: by the edges nearer than `reachPx`, else as a whole. */
export function startBoxDrag(box: Box, from: Point, reachPx: number): BoxDrag {
  const [x, y] = from;
  // Within a small box there is room to take hold of the whole.
  const across = Math.min(reachPx, (box.x2 - box.x1) / 4);
  const down = Math.min(reachPx, (box.y2 - box.y1) / 4);
  const isAt = (place: number, edge: number, sign: number, inside: number) =>
    (place - edge) * sign <= reachPx && (edge - place) * sign <= inside;
  const sides = new Set<keyof Rect>();
  if (isAt(x, box.x1, -1, across)) sides.add("x1");
  else if (isAt(x, box.x2, 1, across)) sides.add("x2");
  if (isAt(y, box.y1, -1, down)) sides.add("y1");
  else if (isAt(y, box.y2, 1, down)) sides.add("y2");
  if (!sides.size)
    for (const side of ["x1", "y1", "x2", "y2"] as const) sides.add(side);
  const start = { x1: box.x1, y1: box.y1, x2: box.x2, y2: box.y2 };
  return { row: box.row, from, start, sides, box: start, changed: false };
}

/** The box after its drag moved to a point; sides never cross. */
export function draggedBox(drag: BoxDrag, [x, y]: Point): Rect {
  const { start, sides, from } = drag;
  const by = { x: x - from[0], y: y - from[1] };
  const at = (side: keyof Rect) =>
    start[side] + (sides.has(side) ? (side.startsWith("x") ? by.x : by.y) : 0);
  const [x1, y1, x2, y2] = [at("x1"), at("y1"), at("x2"), at("y2")];
  return {
    x1: sides.has("x1") && !sides.has("x2") ? Math.min(x1, x2 - MIN_SIDE_PX) : x1,
    y1: sides.has("y1") && !sides.has("y2") ? Math.min(y1, y2 - MIN_SIDE_PX) : y1,
    x2: sides.has("x2") && !sides.has("x1") ? Math.max(x2, x1 + MIN_SIDE_PX) : x2,
    y2: sides.has("y2") && !sides.has("y1") ? Math.max(y2, y1 + MIN_SIDE_PX) : y2,
  };
}

/** Points without those within a pixel of the one before. */
export function withoutDuplicates(points: readonly Point[]): Point[] {
  return points.filter((point, n) => {
    const before = points[n - 1];
    return !before || Math.hypot(point[0] - before[0], point[1] - before[1]) > 1;
  });
}
